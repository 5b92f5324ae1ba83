// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// The first of a tree is dropped while it is in there, mended.
#include <objects.h>

struct leaf {
	long key;
	struct bpf_rb_node node;
	struct bpf_refcount refs;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_rb_root tree __contains(leaf, node);

/* The types hold no members of what is only pointed at. */
struct leaf *any_leaf;

SEC("tc")
int smallest(struct __sk_buff *skb)
{
	struct bpf_rb_node *node;

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	if (node)
		node = bpf_rbtree_remove(&tree, node);
	bpf_spin_unlock(&lock);
	if (node)
		bpf_obj_drop(container_of(node, struct leaf, node));
	return 0;
}
