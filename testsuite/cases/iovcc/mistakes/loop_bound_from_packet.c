// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Takes the number of turns from the packet: it may be four thousand million.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int spin(struct xdp_md *ctx)
{
	__u32 *count = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 turns, sum = 0;

	if ((void *)(count + 1) > data_end)
		return XDP_PASS;
	turns = *count;
	for (__u32 i = 0; i < turns; i++)
		sum += bpf_get_prandom_u32();
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| loop_bound_from_packet.c:19:2: error: this loop has no bound that can be proved [IOV-V070]
//|    19 |         for (__u32 i = 0; i < turns; i++)
//|       |         ^
//|   at:   spin:insn 14
//|   why:  it goes on as long as `i < turns`, and nothing limits how often that holds
//|         after 8356 turns (222147 instructions) no end is in sight
//|   hint: add a constant bound: `for (int i = 0; i < 64 && …; i++)`, or use bpf_loop()
