/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* A program that is rejected after some branches: the explanation takes memory, too. */
#include <linux/bpf.h>

#define SEC(name) __attribute__((section(name), used))

SEC("xdp")
int bad(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	if (data + 34 > end)
		return XDP_PASS;
	if (data[12] != 8 || data[13])
		return XDP_PASS;
	return data[14 + (data[14] & 15) * 4] == 22 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
