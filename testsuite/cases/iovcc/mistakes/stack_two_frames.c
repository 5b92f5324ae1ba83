// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Two functions, each with a buffer that fits on its own; together they do not.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int sum_payload(struct xdp_md *ctx)
{
	unsigned char payload[304];
	int sum = 0;

	if (bpf_xdp_load_bytes(ctx, 304, payload, sizeof(payload)))
		return 0;
	for (int i = 0; i < sizeof(payload); i++)
		sum += payload[i];
	return sum;
}

SEC("xdp")
int checksum(struct xdp_md *ctx)
{
	unsigned char header[304];
	int sum;

	if (bpf_xdp_load_bytes(ctx, 0, header, sizeof(header)))
		return XDP_PASS;
	sum = sum_payload(ctx);
	for (int i = 0; i < sizeof(header); i++)
		sum += header[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
