// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// What was taken out of a list is forgotten.
#include <objects.h>

struct item {
	long key;
	struct bpf_list_node node;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_list_head queue __contains(item, node);

/* The types hold no members of what is only pointed at. */
struct item *any_item;

SEC("tc")
int dequeue(struct __sk_buff *skb)
{
	struct bpf_list_node *node;
	struct item *item;
	long key;

	bpf_spin_lock(&lock);
	node = bpf_list_pop_front(&queue);
	bpf_spin_unlock(&lock);
	if (!node)
		return 0;
	item = container_of(node, struct item, node);
	key = item->key;
	return key == 5;
}
//= STDERR
//| popped_and_kept.c:32:13: error: `node`, which bpf_list_pop_front() returned, is not released on this path [IOV-V050]
//|    32 |         return key == 5;
//|       |                    ^
//|   at:   dequeue:insn 14
//|   why:  popped_and_kept.c:26:9: acquired by bpf_list_pop_front() at line 26; this path ends at line 33
//|    26 |         node = bpf_list_pop_front(&queue);
//|       |                ^
//|   path: 1. popped_and_kept.c:28:6: `!node` is false: goes on at line 31
//|    28 |         if (!node)
//|       |             ^
//|         2. popped_and_kept.c:32:13: goes on at line 33
//|    32 |         return key == 5;
//|       |                    ^
//|   hint: before this way out, write: `bpf_obj_drop(container_of(node, struct …, member));`
