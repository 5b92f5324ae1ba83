// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// What was pushed is written after the lock was dropped.
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
	bpf_spin_lock(&lock);
	bpf_list_push_back(&queue, &item->node);
	bpf_spin_unlock(&lock);
	item->key++;
	return 0;
}
//= STDERR
//| used_after_unlock.c:26:11: error: r6 was borrowed, and good until the lock was dropped [IOV-V051]
//|    26 |         item->key++;
//|       |                  ^
//|   at:   enqueue:insn 22
//|   why:  used_after_unlock.c:25:2: after bpf_spin_unlock() at line 25 another CPU may take it out of the list or tree and free it
//|    25 |         bpf_spin_unlock(&lock);
//|       |         ^
//|   path: 1. used_after_unlock.c:20:6: `!item` is false: goes on at line 22
//|    20 |         if (!item)
//|       |             ^
//|   hint: use it before that line, or keep it with bpf_refcount_acquire() while the lock is held
