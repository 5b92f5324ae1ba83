// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// A lock in the values of a hash, mended.
#include <objects.h>

struct count {
	struct bpf_spin_lock lock;
	int packets;
};

struct {
	__uint(type, 1);
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
