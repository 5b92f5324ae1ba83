// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int sum_part(struct xdp_md *ctx, unsigned int offset)
{
	unsigned char part[304];
	int sum = 0;

	if (bpf_xdp_load_bytes(ctx, offset, part, sizeof(part)))
		return 0;
	for (int i = 0; i < sizeof(part); i++)
		sum += part[i];
	return sum;
}

SEC("xdp")
int checksum(struct xdp_md *ctx)
{
	int sum = sum_part(ctx, 0) + sum_part(ctx, 304);

	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
