// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Writes to a ring-buffer record after it was submitted.
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
	bpf_ringbuf_submit(event, 0);
	event->seen = 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| use_after_submit.c:28:14: error: `event` was released by bpf_ringbuf_submit() [IOV-V051]
//|    28 |         event->seen = 1;
//|       |                     ^
//|   at:   report:insn 14
//|   why:  use_after_submit.c:27:2: bpf_ringbuf_submit() at line 27 gave the memory back
//|    27 |         bpf_ringbuf_submit(event, 0);
//|       |         ^
//|   path: 1. use_after_submit.c:24:6: `!event` is false: goes on at line 26
//|    24 |         if (!event)
//|       |             ^
//|   hint: move this line before the call of bpf_ringbuf_submit()
