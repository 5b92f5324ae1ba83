// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// Linux makes no LRU map whose values hold a lock.
#include <objects.h>

struct count {
	struct bpf_spin_lock lock;
	int packets;
};

struct {
	__uint(type, 9);
	__type(key, int);
	__type(value, struct count);
	__uint(max_entries, 16);
} counts SEC(".maps");

SEC("tc")
int count(struct __sk_buff *skb)
{
	int key = skb->len;
	struct count *c = bpf_map_lookup_elem(&counts, &key);

	if (!c)
		return 0;
	bpf_spin_lock(&c->lock);
	c->packets++;
	bpf_spin_unlock(&c->lock);
	return 0;
}
//= STDERR
//| lock_in_lru.c:27:2: error: values of `counts`, a map of type lru_hash, cannot hold struct bpf_spin_lock [IOV-V066]
//|    27 |         bpf_spin_lock(&c->lock);
//|       |         ^
//|   at:   count:insn 10
//|   path: 1. lock_in_lru.c:25:6: `!c` is false: goes on at line 27
//|    25 |         if (!c)
//|       |             ^
//|   hint: keep it in a map of type hash or array
