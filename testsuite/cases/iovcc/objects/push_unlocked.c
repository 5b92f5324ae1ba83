// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// A list is changed without the lock beside it.
#include <objects.h>

struct item {
	long key;
	struct bpf_list_node node;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_list_head queue __contains(item, node);

SEC("tc")
int enqueue(struct __sk_buff *skb)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	item->key = skb->len;
	bpf_list_push_back(&queue, &item->node);
	return 0;
}
//= STDERR
//| push_unlocked.c:23:2: error: `queue` is used without its lock [IOV-V064]
//|    23 |         bpf_list_push_back(&queue, &item->node);
//|       |         ^
//|   at:   enqueue:insn 14
//|   why:  no lock is held here; another CPU may be changing it
//|   path: 1. push_unlocked.c:20:6: `!item` is false: goes on at line 22
//|    20 |         if (!item)
//|       |             ^
//|   hint: call bpf_spin_lock() on the lock beside it before bpf_list_push_back(), and bpf_spin_unlock() after it
