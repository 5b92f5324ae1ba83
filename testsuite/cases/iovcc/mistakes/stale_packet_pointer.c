// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Keeps using the Ethernet header after bpf_xdp_adjust_head() may have moved the packet.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int strip_tag(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (bpf_xdp_adjust_head(ctx, 4))
		return XDP_DROP;
	eth->h_proto = 0;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| stale_packet_pointer.c:20:15: error: `eth` points into the packet as it was before bpf_xdp_adjust_head() [IOV-V028]
//|    20 |         eth->h_proto = 0;
//|       |                      ^
//|   at:   strip_tag:insn 12
//|   why:  stale_packet_pointer.c:18:6: bpf_xdp_adjust_head() at line 18 may move the packet: pointers loaded before it are no longer valid
//|    18 |         if (bpf_xdp_adjust_head(ctx, 4))
//|       |             ^
//|   path: 1. stale_packet_pointer.c:16:6: `(void *)(eth + 1) > data_end` is false: goes on at line 18
//|    16 |         if ((void *)(eth + 1) > data_end)
//|       |             ^
//|         2. stale_packet_pointer.c:18:6: `bpf_xdp_adjust_head(ctx, 4)` is false: goes on at line 20
//|    18 |         if (bpf_xdp_adjust_head(ctx, 4))
//|       |             ^
//|   hint: load ctx->data and ctx->data_end again after the call and repeat the check against data_end
