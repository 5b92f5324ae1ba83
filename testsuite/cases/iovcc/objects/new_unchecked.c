// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// A new object is used without a test.
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

	item->key = skb->len;
	bpf_obj_drop(item);
	return 0;
}
//= STDERR
//| new_unchecked.c:20:12: error: `item` may be NULL [IOV-V025]
//|    20 |         item->key = skb->len;
//|       |                   ^
//|   at:   enqueue:insn 6
//|   why:  new_unchecked.c:18:22: bpf_obj_new() at line 18 gives NULL when it fails, and nothing tests `item` before this use
//|    18 |         struct item *item = bpf_obj_new(struct item);
//|       |                             ^
//|   path: 1. there is no branch before it: every run comes here
//|   hint: test it right after the call: `if (!item) return …;`
