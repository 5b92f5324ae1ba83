// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
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
	if ((void *)(eth + 1) > (void *)(long)skb->data_end)
		return 0;
	return eth->h_source[0] & 1 ? 2 : 0;
}

char _license[] SEC("license") = "GPL";
