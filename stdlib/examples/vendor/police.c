/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Drops what is over its rate, which the router's meter knows: one for each source address. Compiled, and proved, for
 * the router:
 *
 *	iovcc --platform=acme.yaml -O2 -g -c police.c -o police.o */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>
#include <iov/ip4.h>

static __u32 (*const acme_meter)(const void *key, __u32 key_size, __u32 bytes) = (void *)0x1001;

SEC("xdp")
int police(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c);
	__u32 payload;
	struct iphdr *ip;
	__be32 source;

	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	ip = iov_ip4(&c, &payload);
	if (!ip)
		return XDP_PASS;
	source = ip->saddr;
	return acme_meter(&source, sizeof(source), payload) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
