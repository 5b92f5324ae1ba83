// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int sum_up(struct xdp_md *ctx)
{
	unsigned int sums[4] = {};

	sums[ctx->rx_queue_index & 3] = 1;
	return sums[ctx->ingress_ifindex & 3] ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
