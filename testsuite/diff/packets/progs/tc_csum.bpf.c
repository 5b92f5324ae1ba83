// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A tc program that rewrites an address and a port and mends the checksums: bpf_l3_csum_replace, bpf_l4_csum_replace.
#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>
#include <iov/ip4.h>
#include <iov/udp.h>

#define IP_AT   sizeof(struct ethhdr)
#define CHECK   __builtin_offsetof(struct iphdr, check)
#define SOURCE  __builtin_offsetof(struct iphdr, saddr)

__u64 errors, mended;

SEC("tc")
int tc_csum(struct __sk_buff *skb)
{
	struct iov_cursor c = IOV_CURSOR(skb);
	struct ethhdr *eth = iov_eth(&c);
	__be32 from, to = bpf_htonl(0xcb007107);
	struct iphdr *ip;
	__u32 payload, at;

	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	ip = iov_ip4(&c, &payload);
	if (!ip || (ip->protocol != IPPROTO_UDP && ip->protocol != IPPROTO_TCP) || ip->ihl != 5)
		return TC_ACT_OK;
	from = ip->saddr;
	at = IP_AT + sizeof(*ip) + (ip->protocol == IPPROTO_UDP ? 6 : 16);
	errors += bpf_l4_csum_replace(skb, at, from, to, BPF_F_PSEUDO_HDR | sizeof(to)) != 0;
	errors += bpf_l3_csum_replace(skb, IP_AT + CHECK, from, to, sizeof(to)) != 0;
	errors += bpf_skb_store_bytes(skb, IP_AT + SOURCE, &to, sizeof(to), 0) != 0;
	mended++;
	return TC_ACT_SHOT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
