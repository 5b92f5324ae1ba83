// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAX_OPTIONS 10

SEC("xdp")
int skip_options(struct xdp_md *ctx)
{
	unsigned char *p = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	unsigned int offset = 0;
	unsigned int kind = 1;

	for (int i = 0; i < MAX_OPTIONS && kind != 0; i++) {
		if ((void *)(p + 2) > data_end)
			return XDP_PASS;
		kind = p[0];
		offset = p[1];
		if (offset > 40)
			return XDP_DROP;
		p += offset;
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
