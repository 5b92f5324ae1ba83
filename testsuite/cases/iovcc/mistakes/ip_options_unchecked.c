// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// An IPv4 header with options is longer than struct iphdr: the UDP header behind it was not checked.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("xdp")
int drop_dns(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP)
		return XDP_PASS;
	udp = (void *)ip + ip->ihl * 4;
	if (udp->dest == bpf_htons(53))
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| ip_options_unchecked.c:27:11: error: the packet is read through `udp` without a check against data_end [IOV-V023]
//|    27 |         if (udp->dest == bpf_htons(53))
//|       |                  ^
//|   at:   drop_dns:insn 18
//|   why:  the pointer was moved by a number in 0..60; what was checked before does not count for it
//|         reading 2 bytes at offset 16 needs 18 bytes; on this path 0 are known to exist
//|   path: 1. ip_options_unchecked.c:22:6: `(void *)(ip + 1) > data_end` is false: goes on at line 24
//|    22 |         if ((void *)(ip + 1) > data_end)
//|       |             ^
//|         2. ip_options_unchecked.c:24:6: goes on at line 26
//|    24 |         if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_UDP)
//|       |             ^
//|   hint: before it, write: `if ((void *)(udp + 1) > data_end) return …;`
