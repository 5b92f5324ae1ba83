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

	for (int i = 0; i < MAX_OPTIONS; i++) {
		unsigned int length;

		if ((void *)(p + 2) > data_end)
			return XDP_PASS;
		if (p[0] == 0)
			break;
		length = p[1];
		if (length < 2 || length > 40)
			return XDP_DROP;
		p += length;
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
