// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
// A function that a timer calls returns a count.
#include <objects.h>

struct flow {
	struct bpf_timer timer;
	long idle;
};

struct {
	__uint(type, 1);
	__type(key, int);
	__type(value, struct flow);
	__uint(max_entries, 16);
} flows SEC(".maps");

static int expire(void *map, int *key, struct flow *flow)
{
	return ++flow->idle;
}

SEC("tc")
int arm(struct __sk_buff *skb)
{
	int key = skb->len;
	struct flow *flow = bpf_map_lookup_elem(&flows, &key);

	if (!flow)
		return 0;
	bpf_timer_init(&flow->timer, &flows, 1);
	bpf_timer_set_callback(&flow->timer, expire);
	bpf_timer_start(&flow->timer, 1000000, 0);
	return 0;
}
//= STDERR
//| timer_callback.c:21:2: error: the function may return any 64-bit number [IOV-V060]
//|    21 |         return ++flow->idle;
//|       |         ^
//|   at:   expire:insn 27
//|   why:  a function that a timer calls returns 0: nothing else has a meaning
//|   path: 1. there is no branch before it: every run comes here
//|   hint: keep what you count in the map value, and end with `return 0;`
