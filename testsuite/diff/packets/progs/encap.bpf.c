// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Wraps an IPv4 packet into IPv4 (protocol 4), with a new Ethernet header and a checksum computed over the outer one.
#include <linux/bpf.h>
#include <linux/in.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>
#include <iov/ip4.h>

static __always_inline __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

SEC("xdp")
int encap(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c), old;
	struct iphdr *outer;
	__u32 inner, sum = 0;
	__u16 *word;

	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP) || !iov_ip4(&c, &inner))
		return XDP_PASS;
	old = *eth;
	inner = ctx->data_end - ctx->data - sizeof(*eth);
	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*outer)))
		return XDP_DROP;
	c = (struct iov_cursor)IOV_CURSOR(ctx);
	eth = iov_eth(&c);
	outer = iov_pull(&c, sizeof(*outer));
	if (!eth || !outer)
		return XDP_ABORTED;
	*eth = old;
	__builtin_memset(outer, 0, sizeof(*outer));
	outer->version = 4;
	outer->ihl = 5;
	outer->tot_len = bpf_htons(inner + sizeof(*outer));
	outer->ttl = 64;
	outer->protocol = IPPROTO_IPIP;
	outer->saddr = bpf_htonl(0xc0000201);
	outer->daddr = bpf_htonl(0xc6336402);
	word = (__u16 *)outer;
	for (int i = 0; i < 10; i++)
		sum += word[i];
	outer->check = fold(sum);
	return XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
