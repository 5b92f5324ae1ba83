// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// An object is cleared as a whole, with the node in it.
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
	__builtin_memset(item, 0, sizeof(*item));
	item->key = skb->len;
	bpf_obj_drop(item);
	return 0;
}
//= STDERR
//| object_copied.c:22:2: error: programs cannot write `node`, struct bpf_list_node at offset 8 of struct item [IOV-V061]
//|    22 |         __builtin_memset(item, 0, sizeof(*item));
//|       |         ^
//|   at:   enqueue:insn 7
//|   why:  only the functions that are made for it may do that
//|   path: 1. object_copied.c:20:6: `!item` is false: goes on at line 22
//|    20 |         if (!item)
//|       |             ^
//|   hint: read and write the members beside it, one by one; to copy the struct as a whole copies it too
