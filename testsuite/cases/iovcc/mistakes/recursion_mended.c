// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

static __noinline int depth(struct xdp_md *ctx, int n)
{
	int result = 0;

	for (int i = 0; i < n && i < 4 && bpf_get_prandom_u32(); i++)
		result = 1 + result * 3;
	return result;
}

SEC("xdp")
int nested(struct xdp_md *ctx)
{
	return depth(ctx, ctx->rx_queue_index & 3) > 9 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
