// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Submits a record, and discards it as well.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 ifindex;
	__u32 seen;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int report(struct xdp_md *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return XDP_PASS;
	event->ifindex = ctx->ingress_ifindex;
	event->seen = 1;
	bpf_ringbuf_submit(event, 0);
	bpf_ringbuf_discard(event, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| double_submit.c:29:2: error: `event` was released by bpf_ringbuf_submit() [IOV-V051]
//|    29 |         bpf_ringbuf_discard(event, 0);
//|       |         ^
//|   at:   report:insn 17
//|   why:  double_submit.c:28:2: bpf_ringbuf_submit() at line 28 gave the memory back
//|    28 |         bpf_ringbuf_submit(event, 0);
//|       |         ^
//|   path: 1. double_submit.c:24:6: `!event` is false: goes on at line 26
//|    24 |         if (!event)
//|       |             ^
//|   hint: release it once: take one of the two calls out, or `return` after the first
