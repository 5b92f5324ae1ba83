// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -mcpu=v4 --platform=linux-6.12 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int halve(struct xdp_md *ctx)
{
	int n = ctx->rx_queue_index - 8;

	return n / (int)ctx->ingress_ifindex > 5 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
