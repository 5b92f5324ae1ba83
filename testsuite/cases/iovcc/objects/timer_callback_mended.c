// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -I %top/testsuite/diff/objects --platform=linux-6.18 -c %s -o %t.o
// A function that a timer calls returns a count, mended.
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
	++flow->idle;
	return 0;
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
