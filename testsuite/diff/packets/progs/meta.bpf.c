// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// XDP metadata: growing and shrinking it, writing and reading it back, moving the head under it; XDP context fields.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

__u64 errors, fields, kept;

SEC("xdp")
int meta(struct xdp_md *ctx)
{
	__u32 len = (void *)(long)ctx->data_end - (void *)(long)ctx->data;
	__u32 *mark, *end;

	fields += ctx->ingress_ifindex + ctx->rx_queue_index * 3;
	errors += bpf_xdp_adjust_meta(ctx, -(int)(len % 40)) != 0;
	errors += 100 * (bpf_xdp_adjust_meta(ctx, -8) != 0);
	mark = (void *)(long)ctx->data_meta;
	end = (void *)(long)ctx->data;
	if (mark + 2 > end)
		return XDP_DROP;
	mark[0] = len;
	mark[1] = 0xfeed;
	errors += 10000 * (bpf_xdp_adjust_head(ctx, len & 1 ? -16 : 2) != 0);
	mark = (void *)(long)ctx->data_meta;
	end = (void *)(long)ctx->data;
	if (mark + 2 > end)
		return XDP_ABORTED;
	kept += mark[0] + mark[1];
	errors += 1000000 * (bpf_xdp_adjust_meta(ctx, 4) != 0);
	kept += (void *)(long)ctx->data - (void *)(long)ctx->data_meta;
	return len & 2 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
