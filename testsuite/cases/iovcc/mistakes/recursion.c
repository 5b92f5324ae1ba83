// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// A function that calls itself.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

static __noinline int depth(struct xdp_md *ctx, int n)
{
	if (n <= 0 || !bpf_get_prandom_u32())
		return 0;
	return 1 + depth(ctx, n - 1) * 3;
}

SEC("xdp")
int nested(struct xdp_md *ctx)
{
	return depth(ctx, ctx->rx_queue_index & 3) > 9 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| recursion.c:13:13: error: recursion: `depth` calls itself [IOV-S006]
//|    13 |         return 1 + depth(ctx, n - 1) * 3;
//|       |                    ^
//|   why:  every call takes a part of the stack, and nothing bounds their number
//|   hint: write a loop with a constant bound: `for (int i = 0; i < 16; i++)`
