// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int last_byte(struct xdp_md *ctx)
{
	unsigned char *first = (void *)(long)ctx->data;
	unsigned char *end = (void *)(long)ctx->data_end;

	if (first + 1 > end)
		return XDP_PASS;
	return *first ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
