// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// After bpf_skb_pull_data() loads the pointers again, but forgets to compare them again.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int drop_arp(struct __sk_buff *skb)
{
	struct ethhdr *eth;

	if (bpf_skb_pull_data(skb, sizeof(*eth)))
		return 0;
	eth = (void *)(long)skb->data;
	return eth->h_source[0] & 1 ? 2 : 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| pull_without_check.c:17:9: error: the packet is read through `eth` without a check against data_end [IOV-V023]
//|    17 |         return eth->h_source[0] & 1 ? 2 : 0;
//|       |                ^
//|   at:   drop_arp:insn 7
//|   why:  reading 1 byte at offset 6 needs 7 bytes; on this path 0 are known to exist
//|   path: 1. pull_without_check.c:14:6: `bpf_skb_pull_data(skb, sizeof(*eth))` is false: goes on at line 16
//|    14 |         if (bpf_skb_pull_data(skb, sizeof(*eth)))
//|       |             ^
//|   hint: before it, write: `if ((void *)(eth + 1) > data_end) return …;`
