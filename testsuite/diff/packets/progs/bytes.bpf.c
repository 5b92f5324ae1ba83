// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Helpers that copy and sum packet bytes: bpf_xdp_load_bytes, bpf_xdp_store_bytes, bpf_csum_diff, bpf_xdp_get_buff_len.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

__u64 errors, lengths, sums;

SEC("xdp")
int bytes(struct xdp_md *ctx)
{
	__u32 buf[8] = {}, swapped[8];
	__u64 len = bpf_xdp_get_buff_len(ctx);

	lengths += len;
	if (bpf_xdp_load_bytes(ctx, len / 2, buf, sizeof(buf))) {
		errors++;
		return XDP_DROP;
	}
	for (int i = 0; i < 8; i++)
		swapped[7 - i] = buf[i] + i;
	sums += bpf_csum_diff(buf, sizeof(buf), swapped, sizeof(swapped), 0x1234);
	sums += bpf_csum_diff(0, 0, swapped, 16, 0);
	if (bpf_xdp_store_bytes(ctx, len / 3, swapped, sizeof(swapped)))
		errors += 1000;
	return sums & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
