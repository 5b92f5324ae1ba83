// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Keeps a packet pointer over a function that moves the packet.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

static __noinline int strip(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, 4);
}

SEC("xdp")
int strip_tag(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (strip(ctx))
		return XDP_DROP;
	eth->h_proto = 0;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| stale_after_function.c:25:15: error: `eth` points into the packet as it was before bpf_xdp_adjust_head() [IOV-V028]
//|    25 |         eth->h_proto = 0;
//|       |                      ^
//|   at:   strip_tag:insn 11
//|   why:  stale_after_function.c:11:9: bpf_xdp_adjust_head() at line 11 may move the packet: pointers loaded before it are no longer valid
//|    11 |         return bpf_xdp_adjust_head(ctx, 4);
//|       |                ^
//|   path: 1. stale_after_function.c:21:6: `(void *)(eth + 1) > data_end` is false: goes on at line 23
//|    21 |         if ((void *)(eth + 1) > data_end)
//|       |             ^
//|         2. stale_after_function.c:23:6: `strip(ctx)` is false: goes on at line 25
//|    23 |         if (strip(ctx))
//|       |             ^
//|   hint: load ctx->data and ctx->data_end again after the call and repeat the check against data_end
