// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Objects that programs allocate: kept in kernel pointers, lists and a tree, with several owners, and given up when
// their map element is deleted or set anew. Values that hold them are compared too: what they hold shows as zeros.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "graph.h"

struct iov_node {
	__u64 key, sum;
	struct bpf_list_node list;
	struct bpf_rb_node tree;
	struct bpf_refcount refs;
};

struct iov_pair {
	__u64 a, b;
	struct iov_node __kptr *node;
};

/* Names that no struct of the kernel has: a kernel pointer would be to that one. What is only pointed at has no
 * members in BTF. */
struct iov_pair whole_pair;

struct iov_held {
	__u64 before;
	struct iov_pair __kptr *pair;
	struct iov_node __kptr *node;
	struct bpf_spin_lock lock;
	struct bpf_list_head list __contains(iov_node, list);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct iov_held);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct iov_held);
} slots SEC(".maps");

struct iov_own {
	__u64 n;
	struct iov_pair __kptr *pair;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct iov_own);
} own_slots SEC(".maps");

private(tree) struct bpf_spin_lock lock;
private(tree) struct bpf_rb_root root __contains(iov_node, tree);

__u64 made, refused, freed, swapped, listed, treed, found, shared, together, order_sum;

static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct iov_node, tree)->key < container_of(b, struct iov_node, tree)->key;
}

static struct iov_pair *new_pair(__u64 a)
{
	struct iov_pair *p = bpf_obj_new(struct iov_pair);

	if (!p) {
		refused++;
		return 0;
	}
	made++;
	p->a = a;
	p->b = a * 3;
	return p;
}

/* A pair into the value; what was there comes out. */
static void swap(struct iov_pair __kptr **place, __u64 a)
{
	struct iov_pair *p = new_pair(a);

	if (!p)
		return;
	p = bpf_kptr_xchg(place, p);
	if (!p)
		return;
	swapped += p->a + p->b;
	freed++;
	bpf_obj_drop(p);
}

/* A node with two owners: one is the list, the other the pointer beside it. */
static void keep(struct iov_held *h, __u64 key)
{
	struct iov_node *n = bpf_obj_new(struct iov_node), *other;
	struct bpf_list_node *first;

	if (!n)
		return;
	n->key = key;
	other = bpf_refcount_acquire(n);
	if (!other) {
		bpf_obj_drop(n);
		return;
	}
	bpf_spin_lock(&h->lock);
	if (key & 1)
		bpf_list_push_front(&h->list, &n->list);
	else
		bpf_list_push_back(&h->list, &n->list);
	bpf_spin_unlock(&h->lock);
	other->sum = key * 7;
	other = bpf_kptr_xchg(&h->node, other);
	if (other) {
		together += other->sum + other->key;
		bpf_obj_drop(other);
	}
	if (key % 3)
		return;
	bpf_spin_lock(&h->lock);
	first = key & 4 ? bpf_list_pop_front(&h->list) : bpf_list_pop_back(&h->list);
	bpf_spin_unlock(&h->lock);
	if (!first)
		return;
	n = container_of(first, struct iov_node, list);
	listed = listed * 31 + n->key + n->sum;
	bpf_obj_drop(n);
}

static void grow_tree(__u64 key)
{
	struct iov_node *n = bpf_obj_new(struct iov_node);

	if (!n)
		return;
	n->key = key;
	bpf_spin_lock(&lock);
	treed += bpf_rbtree_add(&root, &n->tree, less) == 0;
	bpf_spin_unlock(&lock);
}

/* The smallest goes out. */
static void cut_tree(void)
{
	struct bpf_rb_node *first;
	struct iov_node *n;

	bpf_spin_lock(&lock);
	first = bpf_rbtree_first(&root);
	if (!first) {
		bpf_spin_unlock(&lock);
		return;
	}
	found += container_of(first, struct iov_node, tree)->key;
	first = bpf_rbtree_remove(&root, first);
	bpf_spin_unlock(&lock);
	if (!first)
		return;
	n = container_of(first, struct iov_node, tree);
	order_sum = order_sum * 31 + n->key;
	bpf_obj_drop(n);
}

/* Read where it lies: others may take it, but not free it meanwhile. */
static void peek(struct iov_held *h)
{
	struct iov_node *n;

	bpf_rcu_read_lock();
	n = h->node;
	if (n) {
		n = bpf_refcount_acquire(n);
		if (n) {
			shared += n->sum;
			bpf_obj_drop(n);
		}
	}
	bpf_rcu_read_unlock();
}

SEC("tc")
int objects(struct __sk_buff *ctx)
{
	__u32 len = ctx->len, key = len & 31, slot = len & 3, one = len & 1;
	struct iov_held none = { .before = len }, *h;
	struct iov_own *own;

	bpf_map_update_elem(&flows, &key, &none, (len & 7) ? BPF_NOEXIST : BPF_ANY);
	h = bpf_map_lookup_elem(&flows, &key);
	if (h) {
		swap(&h->pair, len);
		keep(h, len);
		peek(h);
	}
	if (len % 5 == 0) {
		__u32 gone = (len / 5) & 31;

		bpf_map_delete_elem(&flows, &gone);
		if (gone == key && h) /* the element is gone, its memory is not: what it held is */
			swapped += h->pair != 0;
	}
	h = bpf_map_lookup_elem(&slots, &slot);
	if (h)
		keep(h, len + 1);
	if (len % 7 == 0)
		bpf_map_update_elem(&slots, &slot, &none, BPF_ANY);
	grow_tree(len * 2654435761u >> 20);
	if (len & 6)
		cut_tree();
	if (len % 11 == 0)
		cut_tree();
	own = bpf_map_lookup_elem(&own_slots, &one);
	if (own) {
		own->n += len;
		swap(&own->pair, len + 2);
	}
	return 0;
}

char _license[] SEC("license") = "GPL";
