/* SPDX-License-Identifier: Apache-2.0 */
/* Objects, and lists that hold them: who owns, under which lock, which node. */
#include "objects.h"

struct item {
	long key;
	struct bpf_list_node node, second;
	int words[4];
};
struct other {
	long key;
	struct bpf_list_node node;
};
struct counted {
	struct bpf_list_node node;
	struct bpf_refcount refs;
	long key;
};
struct head {
	int before;
	struct bpf_spin_lock lock;
	struct bpf_list_head head __contains(item, node);
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_list_head items __contains(item, node);
private(A) struct bpf_list_head counts __contains(counted, node);
private(B) struct bpf_spin_lock lock_b;
private(B) struct bpf_list_head items_b __contains(item, node);

struct {
	__uint(type, 1);
	__type(key, int);
	__type(value, struct head);
	__uint(max_entries, 8);
} heads SEC(".maps");

static struct item *make(long key)
{
	struct item *i = bpf_obj_new(struct item);

	if (i)
		i->key = key;
	return i;
}

static int push(struct item *i)
{
	bpf_spin_lock(&lock);
	bpf_list_push_back(&items, &i->node);
	bpf_spin_unlock(&lock);
	return 0;
}

TWIN(leak, IOV-V050,
	struct item *i = make(1);
	if (!i)
		return 0;
	if (!bad)
		bpf_obj_drop(i);
)

TWIN(null, IOV-V025,
	struct item *i = bpf_obj_new(struct item);
	if (!bad && !i)
		return 0;
	i->key = 5;
	bpf_obj_drop(i);
)

TWIN(use_after_drop, IOV-V051,
	struct item *i = make(1);
	long key = 0;
	if (!i)
		return 0;
	if (!bad)
		key = i->key;
	bpf_obj_drop(i);
	if (bad)
		key = i->key;
	return key & 1;
)

TWIN(drop_twice, IOV-V051,
	struct item *i = make(1);
	if (!i)
		return 0;
	bpf_obj_drop(i);
	if (bad)
		bpf_obj_drop(i);
)

TWIN(drop_node, IOV-V052,
	struct item *i = make(1);
	if (!i)
		return 0;
	if (bad)
		bpf_obj_drop(&i->node);
	else
		bpf_obj_drop(i);
)

TWIN(push_unlocked, IOV-V064,
	struct item *i = make(1);
	if (!i)
		return 0;
	if (!bad)
		bpf_spin_lock(&lock);
	bpf_list_push_front(&items, &i->node);
	if (!bad)
		bpf_spin_unlock(&lock);
)

TWIN(push_other_lock, IOV-V064,
	struct item *i = make(1);
	struct bpf_spin_lock *l = bad ? &lock_b : &lock;
	if (!i)
		return 0;
	bpf_spin_lock(l);
	bpf_list_push_front(&items, &i->node);
	bpf_spin_unlock(l);
)

TWIN(push_other_node, IOV-V064,
	struct item *i = make(1);
	if (!i)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front(&items, bad ? &i->second : &i->node);
	bpf_spin_unlock(&lock);
)

TWIN(push_other_type, IOV-V064,
	struct item *i;
	struct other *o;
	if (!bad) {
		i = make(1);
		if (i)
			push(i);
		return 0;
	}
	o = bpf_obj_new(struct other);
	if (!o)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front(&items, &o->node);
	bpf_spin_unlock(&lock);
)

TWIN(push_twice, IOV-V063,
	struct item *i = make(1);
	if (!i)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front(&items, &i->node);
	if (bad)
		bpf_list_push_front(&items, &i->node);
	bpf_spin_unlock(&lock);
)

TWIN(borrowed_after_unlock, IOV-V051,
	struct item *i = make(1);
	if (!i)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front(&items, &i->node);
	if (!bad)
		i->key = 2;
	bpf_spin_unlock(&lock);
	if (bad)
		i->key = 2;
)

TWIN(drop_borrowed, IOV-V051,
	struct item *i = make(1);
	if (!i)
		return 0;
	if (bad)
		push(i);
	bpf_obj_drop(i);
)

TWIN(pop_leak, IOV-V050,
	struct bpf_list_node *n;
	bpf_spin_lock(&lock);
	n = bpf_list_pop_front(&items);
	bpf_spin_unlock(&lock);
	if (!n)
		return 0;
	if (!bad)
		bpf_obj_drop(container_of(n, struct item, node));
)

TWIN(pop_null, IOV-V025,
	struct bpf_list_node *n;
	bpf_spin_lock(&lock);
	n = bpf_list_pop_back(&items);
	bpf_spin_unlock(&lock);
	if (!bad && !n)
		return 0;
	bpf_obj_drop(container_of(n, struct item, node));
)

TWIN(pop_unlocked, IOV-V064,
	struct bpf_list_node *n;
	if (!bad)
		bpf_spin_lock(&lock);
	n = bpf_list_pop_back(&items);
	if (!bad)
		bpf_spin_unlock(&lock);
	if (n)
		bpf_obj_drop(container_of(n, struct item, node));
)

TWIN(write_node, IOV-V061,
	struct item *i = make(1);
	if (!i)
		return 0;
	if (bad)
		((volatile struct item *)i)->node.opaque[0] = 1;
	i->key = 1;
	bpf_obj_drop(i);
)

TWIN(read_node, IOV-V061,
	struct item *i = make(1);
	long key;
	if (!i)
		return 0;
	key = bad ? ((volatile struct item *)i)->node.opaque[1] : i->key;
	bpf_obj_drop(i);
	return key & 1;
)

TWIN(past_end, IOV-V062,
	struct item *i = make(1);
	int word;
	if (!i)
		return 0;
	word = *(volatile int *)((char *)i + (bad ? sizeof(*i) : sizeof(*i) - 4));
	bpf_obj_drop(i);
	return word & 1;
)

TWIN(variable_index, IOV-V062,
	struct item *i = make(1);
	__u32 at = bad ? bpf_get_prandom_u32() & 3 : 3;
	int word;
	if (!i)
		return 0;
	word = ((volatile int *)i->words)[at];
	bpf_obj_drop(i);
	return word & 1;
)

TWIN(across_members, IOV-V062,
	struct counted *c = bpf_obj_new(struct counted);
	if (!c)
		return 0;
	*(volatile int *)((char *)c + __builtin_offsetof(struct counted, key) + (bad ? 6 : 4)) = 1;
	bpf_obj_drop(c);
)

TWIN(map_value_lock, IOV-V064,
	int one = 1;
	int two = 2;
	struct head *h = bpf_map_lookup_elem(&heads, &one);
	struct head *g = bpf_map_lookup_elem(&heads, &two);
	struct item *i;
	if (!h || !g)
		return 0;
	i = make(1);
	if (!i)
		return 0;
	bpf_spin_lock(bad ? &g->lock : &h->lock);
	bpf_list_push_front(&h->head, &i->node);
	bpf_spin_unlock(bad ? &g->lock : &h->lock);
)

TWIN(write_head, IOV-V061,
	int one = 1;
	struct head *h = bpf_map_lookup_elem(&heads, &one);
	if (!h)
		return 0;
	if (bad)
		*(volatile __u64 *)&h->head = 0;
	h->before = 1;
)

TWIN(acquire_uncounted, IOV-V063,
	struct counted *c;
	struct item *i;
	void *again;
	if (bad) {
		i = make(1);
		if (!i)
			return 0;
		again = bpf_refcount_acquire(i);
		bpf_obj_drop(i);
		if (again)
			bpf_obj_drop(again);
		return 0;
	}
	c = bpf_obj_new(struct counted);
	if (!c)
		return 0;
	again = bpf_refcount_acquire(c);
	bpf_obj_drop(c);
	bpf_obj_drop(again);
)

TWIN(acquire_borrowed_null, IOV-V025,
	struct counted *c = bpf_obj_new(struct counted);
	struct counted *again;
	if (!c)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front(&counts, &c->node);
	again = bpf_refcount_acquire(c);
	bpf_spin_unlock(&lock);
	if (!bad && !again)
		return 0;
	again->key = 7;
	bpf_obj_drop(again);
)

TWIN(acquire_leak, IOV-V050,
	struct counted *c = bpf_obj_new(struct counted);
	struct counted *again;
	if (!c)
		return 0;
	again = bpf_refcount_acquire(c);
	again->key = 3;
	bpf_obj_drop(c);
	if (!bad)
		bpf_obj_drop(again);
)

TWIN(end_locked, IOV-V053,
	struct item *i = make(1);
	if (!i)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front(&items, &i->node);
	if (!bad || ctx->len)
		bpf_spin_unlock(&lock);
)

TWIN(drop_locked, IOV-V053,
	struct item *i = make(1);
	if (!i)
		return 0;
	bpf_spin_lock(&lock);
	if (bad)
		bpf_obj_drop(i);
	bpf_spin_unlock(&lock);
	if (!bad)
		bpf_obj_drop(i);
)

TWIN(two_locks, IOV-V053,
	bpf_spin_lock(&lock);
	if (bad)
		bpf_spin_lock(&lock_b);
	if (bad)
		bpf_spin_unlock(&lock_b);
	bpf_spin_unlock(&lock);
)

TWIN(no_such_type, IOV-V043,
	void *p = bpf_obj_new_impl(bad ? 0xfffff : __builtin_btf_type_id(*(struct item *)0, 0), NULL);
	if (p)
		bpf_obj_drop(p);
)

TWIN(in_a_loop, IOV-V050,
	struct item *i;
	struct bpf_list_node *n;
	for (int k = 0; k < 20; k++) {
		i = make(k);
		if (!i)
			return 0;
		push(i);
	}
	for (int k = 0; k < 20; k++) {
		bpf_spin_lock(&lock);
		n = bpf_list_pop_front(&items);
		bpf_spin_unlock(&lock);
		if (!n)
			break;
		i = container_of(n, struct item, node);
		if (bad && i->key == 19)
			break;
		bpf_obj_drop(i);
	}
)

TWIN(front_is_borrowed, IOV-V063,
	struct bpf_list_node *n;
	struct item *i;
	long key = 0;
	bpf_spin_lock(&lock);
	n = bpf_list_front(&items);
	if (n) {
		i = container_of(n, struct item, node);
		key = i->key;
		if (bad)
			bpf_list_push_front(&items, &i->node);
	}
	bpf_spin_unlock(&lock);
	return key & 1;
)

TWIN(percpu, IOV-V043,
	struct pair { __u64 a; __u64 b; };
	struct pair *p = bpf_percpu_obj_new(struct pair);
	if (!p)
		return 0;
	if (bad)
		bpf_obj_drop(p);
	else
		bpf_percpu_obj_drop(p);
)

TWIN(percpu_access, IOV-V062,
	struct pair { __u64 a; __u64 b; };
	struct pair *p = bpf_percpu_obj_new(struct pair);
	if (!p)
		return 0;
	if (bad)
		p->a = 1;
	barrier();
	bpf_percpu_obj_drop(p);
)

TWIN(percpu_pointer, IOV-V066,
	struct plain { __u64 a; __u64 b; };
	struct pointer { __u64 a; void *b; };
	void *p;
	if (bad)
		p = bpf_percpu_obj_new(struct pointer);
	else
		p = bpf_percpu_obj_new(struct plain);
	if (p)
		bpf_percpu_obj_drop(p);
)
