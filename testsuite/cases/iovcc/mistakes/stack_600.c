// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Copies the first 600 bytes of the packet to the stack.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int checksum(struct xdp_md *ctx)
{
	unsigned char scratch[600];
	unsigned int sum = 0;

	if (bpf_xdp_load_bytes(ctx, 0, scratch, sizeof(scratch)))
		return XDP_PASS;
	for (int i = 0; i < sizeof(scratch); i++)
		sum += scratch[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
