// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Counts on the frame being long enough: reads the Ethernet type with no check against data_end.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("xdp")
int drop_arp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;

	if (eth->h_proto == bpf_htons(ETH_P_ARP))
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| no_data_end_check.c:16:11: error: the packet is read through `eth` without a check against data_end [IOV-V023]
//|    16 |         if (eth->h_proto == bpf_htons(ETH_P_ARP))
//|       |                  ^
//|   at:   drop_arp:insn 1
//|   why:  reading 1 byte at offset 12 needs 13 bytes; on this path 0 are known to exist
//|   path: 1. there is no branch before it: every run comes here
//|   hint: before it, write: `if ((void *)(eth + 1) > data_end) return …;`
