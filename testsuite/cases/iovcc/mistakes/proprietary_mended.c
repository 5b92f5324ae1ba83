// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int hello(struct xdp_md *ctx)
{
	static const char text[] = "frame\n";

	bpf_trace_printk(text, sizeof(text));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
