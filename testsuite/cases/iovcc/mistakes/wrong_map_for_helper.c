// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Sends a record to a hash map: the helper wants a ring buffer.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 ifindex;
	__u32 seen;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct event);
} events SEC(".maps");

SEC("xdp")
int report(struct xdp_md *ctx)
{
	struct event event = {.ifindex = ctx->ingress_ifindex};

	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| wrong_map_for_helper.c:26:2: error: bpf_ringbuf_output() does not take `events`, a map of type hash [IOV-V044]
//|    26 |         bpf_ringbuf_output(&events, &event, sizeof(event), 0);
//|       |         ^
//|   at:   report:insn 10
//|   why:  it takes maps of type ringbuf
//|   path: 1. there is no branch before it: every run comes here
//|   hint: declare `events` with `__uint(type, BPF_MAP_TYPE_RINGBUF);`, or use the helper for its type
