/* SPDX-License-Identifier: Apache-2.0 */
/* Trees of objects, and what may be done while they compare. */
#include "objects.h"

struct leaf {
	long key;
	struct bpf_rb_node node;
	struct bpf_list_node list;
	struct bpf_refcount refs;
};
struct single {
	struct bpf_rb_node node;
	long key;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_rb_root tree __contains(leaf, node);
private(A) struct bpf_list_head list __contains(leaf, list);
private(B) struct bpf_spin_lock lock_b;
private(B) struct bpf_rb_root singles __contains(single, node);

static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct leaf, node)->key < container_of(b, struct leaf, node)->key;
}

static bool less_single(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct single, node)->key < container_of(b, struct single, node)->key;
}

static bool less_unlocks(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	bpf_spin_unlock(&lock);
	return less(a, b);
}

static bool less_removes(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	bpf_rbtree_remove(&tree, a);
	return less(a, b);
}

static bool less_writes_node(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	*(volatile __u64 *)a = 1;
	return less(a, b);
}

static bool less_wide(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return ((volatile struct leaf *)container_of(a, struct leaf, node))[1].key;
}

#define COMPARE(name, code, wrong)                                                                                     \
	TWIN(name, code,                                                                                               \
		struct leaf *l = bpf_obj_new(struct leaf);                                                             \
		if (!l)                                                                                                \
			return 0;                                                                                      \
		bpf_spin_lock(&lock);                                                                                  \
		if (bad)                                                                                               \
			bpf_rbtree_add(&tree, &l->node, wrong);                                                        \
		else                                                                                                   \
			bpf_rbtree_add(&tree, &l->node, less);                                                         \
		bpf_spin_unlock(&lock);                                                                                \
	)

COMPARE(compare_unlocks, IOV-V053, less_unlocks)
COMPARE(compare_removes, IOV-V053, less_removes)
COMPARE(compare_writes_node, IOV-V061, less_writes_node)
COMPARE(compare_outside, IOV-V062, less_wide)
COMPARE(compare_other_type, IOV-V061, less_single)

TWIN(add_unlocked, IOV-V064,
	struct leaf *l = bpf_obj_new(struct leaf);
	if (!l)
		return 0;
	if (!bad)
		bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &l->node, less);
	if (!bad)
		bpf_spin_unlock(&lock);
)

TWIN(add_wrong_tree, IOV-V064,
	struct leaf *l = bpf_obj_new(struct leaf);
	if (!l)
		return 0;
	if (bad) {
		bpf_spin_lock(&lock_b);
		bpf_rbtree_add(&singles, &l->node, less);
		bpf_spin_unlock(&lock_b);
		return 0;
	}
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &l->node, less);
	bpf_spin_unlock(&lock);
)

TWIN(first_is_borrowed, IOV-V051,
	struct bpf_rb_node *n;
	struct leaf *l;
	long key = 0;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&tree);
	if (!n) {
		bpf_spin_unlock(&lock);
		return 0;
	}
	l = container_of(n, struct leaf, node);
	if (!bad)
		key = l->key;
	bpf_spin_unlock(&lock);
	if (bad)
		key = l->key;
	return key & 1;
)

TWIN(first_null, IOV-V025,
	struct bpf_rb_node *n;
	long key = 0;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&tree);
	if (bad || n)
		key = container_of(n, struct leaf, node)->key;
	bpf_spin_unlock(&lock);
	return key & 1;
)

TWIN(drop_first, IOV-V063,
	struct bpf_rb_node *n;
	struct leaf *l;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&tree);
	if (!n) {
		bpf_spin_unlock(&lock);
		return 0;
	}
	if (bad) {
		bpf_list_push_front(&list, &container_of(n, struct leaf, node)->list);
		bpf_spin_unlock(&lock);
		return 0;
	}
	n = bpf_rbtree_remove(&tree, n);
	bpf_spin_unlock(&lock);
	if (!n)
		return 0;
	l = container_of(n, struct leaf, node);
	bpf_obj_drop(l);
)

TWIN(remove_null, IOV-V025,
	struct bpf_rb_node *n;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&tree);
	if (!n) {
		bpf_spin_unlock(&lock);
		return 0;
	}
	n = bpf_rbtree_remove(&tree, n);
	bpf_spin_unlock(&lock);
	if (bad || n)
		bpf_obj_drop(container_of(n, struct leaf, node));
)

TWIN(remove_leak, IOV-V050,
	struct bpf_rb_node *n;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&tree);
	if (n)
		n = bpf_rbtree_remove(&tree, n);
	bpf_spin_unlock(&lock);
	if (!bad && n)
		bpf_obj_drop(container_of(n, struct leaf, node));
)

TWIN(acquire_keeps, IOV-V051,
	struct bpf_rb_node *n;
	struct leaf *l;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&tree);
	if (!n) {
		bpf_spin_unlock(&lock);
		return 0;
	}
	l = container_of(n, struct leaf, node);
	if (!bad)
		l = bpf_refcount_acquire(l);
	bpf_spin_unlock(&lock);
	if (!l)
		return 0;
	l->key++;
	bpf_obj_drop(l);
)

TWIN(both, IOV-V063,
	struct leaf *l = bpf_obj_new(struct leaf);
	struct leaf *m;
	if (!l)
		return 0;
	m = bad ? l : bpf_refcount_acquire(l);
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &l->node, less);
	bpf_list_push_back(&list, &m->list);
	bpf_spin_unlock(&lock);
)

TWIN(left, IOV-V025,
	struct bpf_rb_node *n;
	long key = 0;
	bpf_spin_lock(&lock);
	n = bpf_rbtree_first(&tree);
	if (n) {
		n = bpf_rbtree_left(&tree, n);
		if (bad || n)
			key = container_of(n, struct leaf, node)->key;
	}
	bpf_spin_unlock(&lock);
	return key & 1;
)

TWIN(single, IOV-V063,
	struct single *s = bpf_obj_new(struct single);
	if (!s)
		return 0;
	bpf_spin_lock(&lock_b);
	bpf_rbtree_add(&singles, &s->node, less_single);
	if (bad)
		bpf_rbtree_add(&singles, &s->node, less_single);
	s->key = 1;
	bpf_spin_unlock(&lock_b);
)
