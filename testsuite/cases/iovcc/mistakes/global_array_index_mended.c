// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

__u64 hits[8];

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index;

	if (queue >= 8)
		return XDP_PASS;
	hits[queue]++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
