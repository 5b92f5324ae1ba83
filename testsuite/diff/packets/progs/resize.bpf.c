// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_xdp_adjust_head and bpf_xdp_adjust_tail, both ways, with their limits: a frame's first byte says what to do.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

__u64 errors;

SEC("xdp")
int resize(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c);
	__u32 len = ctx->data_end - ctx->data;
	long error;

	if (!eth)
		return XDP_DROP;
	switch (len % 7) {
	case 0:
		error = bpf_xdp_adjust_head(ctx, 4);
		break;
	case 1:
		error = bpf_xdp_adjust_head(ctx, -64);
		break;
	case 2:
		error = bpf_xdp_adjust_tail(ctx, -5);
		break;
	case 3:
		error = bpf_xdp_adjust_tail(ctx, 33);
		break;
	case 4:
		error = bpf_xdp_adjust_head(ctx, 2000);
		break;
	case 5:
		error = bpf_xdp_adjust_tail(ctx, -2000);
		break;
	default:
		error = bpf_xdp_adjust_head(ctx, -1000);
	}
	if (error) {
		errors++;
		return XDP_DROP;
	}
	c = (struct iov_cursor)IOV_CURSOR(ctx);
	eth = iov_eth(&c);
	if (!eth)
		return XDP_ABORTED;
	for (int i = 0; i < ETH_ALEN; i++) {
		eth->h_dest[i] = 0xd0 + i;
		eth->h_source[i] = len >> i;
	}
	eth->h_proto = 0x88b5;
	return XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
