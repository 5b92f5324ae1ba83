// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
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
	struct event event = {.ifindex = ctx->ingress_ifindex};

	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
