// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_strncmp with a constant string, both ways and equal.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const char word[16] = "eth";
__u64 compared;

SEC("xdp")
int strings(struct xdp_md *ctx)
{
	__u32 len = (void *)(long)ctx->data_end - (void *)(long)ctx->data;
	char buf[8] = {};
	long order;

	buf[0] = 'e';
	buf[1] = 't' + (len & 1);
	buf[2] = len % 3 ? 'h' : 'a';
	order = bpf_strncmp(buf, 8, word);
	compared += order < 0 ? 1 : order > 0 ? 1000 : 1000000;
	return order ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
