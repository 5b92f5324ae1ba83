// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Checks the Ethernet header, then reads the IPv4 header behind it.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("xdp")
int drop_icmp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	if (ip->protocol == IPPROTO_ICMP)
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| check_too_short.c:24:10: error: the check against data_end is too short for `ip`: 14 bytes are checked, 24 are needed [IOV-V024]
//|    24 |         if (ip->protocol == IPPROTO_ICMP)
//|       |                 ^
//|   at:   drop_icmp:insn 11
//|   why:  reading 1 byte at offset 23 needs 24 bytes; on this path 14 are known to exist
//|   path: 1. check_too_short.c:20:6: `(void *)(eth + 1) > data_end` is false: goes on at line 22
//|    20 |         if ((void *)(eth + 1) > data_end)
//|       |             ^
//|         2. check_too_short.c:22:6: `eth->h_proto != bpf_htons(ETH_P_IP)` is false: goes on at line 24
//|    22 |         if (eth->h_proto != bpf_htons(ETH_P_IP))
//|       |             ^
//|   hint: before it, write: `if ((void *)(ip + 1) > data_end) return …;`
