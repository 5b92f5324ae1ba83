// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// The first of a tree is dropped while it is in there.
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
	struct leaf *leaf;

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	if (!node) {
		bpf_spin_unlock(&lock);
		return 0;
	}
	leaf = container_of(node, struct leaf, node);
	bpf_spin_unlock(&lock);
	bpf_obj_drop(leaf);
	return 0;
}
//= STDERR
//| first_dropped.c:33:2: error: `leaf` was borrowed, and good until the lock was dropped [IOV-V051]
//|    33 |         bpf_obj_drop(leaf);
//|       |         ^
//|   at:   smallest:insn 18
//|   why:  first_dropped.c:32:2: after bpf_spin_unlock() at line 32 another CPU may take it out of the list or tree and free it
//|    32 |         bpf_spin_unlock(&lock);
//|       |         ^
//|   path: 1. first_dropped.c:27:6: `!node` is false: goes on at line 32
//|    27 |         if (!node) {
//|       |             ^
//|   hint: use it before that line, or keep it with bpf_refcount_acquire() while the lock is held
