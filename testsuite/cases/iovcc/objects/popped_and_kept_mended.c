// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// What was taken out of a list is forgotten, mended.
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
	bpf_obj_drop(item);
	return key == 5;
}
