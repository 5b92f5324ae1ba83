// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Follows the options of a TCP-like list; an option of length 0 never moves on.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int skip_options(struct xdp_md *ctx)
{
	unsigned char *p = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	unsigned int offset = 0;
	unsigned int kind = 1;

	while (kind != 0) {
		if ((void *)(p + 2) > data_end)
			return XDP_PASS;
		kind = p[0];
		offset = p[1];
		if (offset > 40)
			return XDP_DROP;
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
