// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int spin(struct xdp_md *ctx)
{
	__u32 *count = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 turns, sum = 0;

	if ((void *)(count + 1) > data_end)
		return XDP_PASS;
	turns = *count;
	for (__u32 i = 0; i < turns && i < 64; i++)
		sum += bpf_get_prandom_u32();
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
