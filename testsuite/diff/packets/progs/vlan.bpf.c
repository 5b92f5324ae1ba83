// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Takes one VLAN tag off a tagged frame and puts one on an untagged one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>
#include <iov/vlan.h>

static __always_inline int pop(struct xdp_md *ctx, struct ethhdr *eth)
{
	struct iov_cursor c;
	struct ethhdr old, *to;
	struct iov_vlan_tag *tag = (void *)(eth + 1);

	if ((void *)(tag + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	old = *eth;
	old.h_proto = tag->proto;
	if (bpf_xdp_adjust_head(ctx, sizeof(*tag)))
		return XDP_ABORTED;
	c = (struct iov_cursor)IOV_CURSOR(ctx);
	to = iov_eth(&c);
	if (!to)
		return XDP_ABORTED;
	*to = old;
	return XDP_PASS;
}

static __always_inline int push(struct xdp_md *ctx, struct ethhdr *eth, __u16 id)
{
	struct ethhdr old = *eth, *to;
	struct iov_vlan_tag *tag;
	struct iov_cursor c;

	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*tag)))
		return XDP_ABORTED;
	c = (struct iov_cursor)IOV_CURSOR(ctx);
	to = iov_eth(&c);
	tag = iov_pull(&c, sizeof(*tag));
	if (!to || !tag)
		return XDP_ABORTED;
	*to = old;
	to->h_proto = bpf_htons(ETH_P_8021Q);
	tag->tci = bpf_htons(id);
	tag->proto = old.h_proto;
	return XDP_PASS;
}

SEC("xdp")
int vlan(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c);

	if (!eth)
		return XDP_DROP;
	return iov_is_vlan(eth->h_proto) ? pop(ctx, eth) : push(ctx, eth, 42);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
