// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// A helper for GPL programs in a program that states another licence.
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

char _license[] SEC("license") = "Proprietary";
//= STDERR
//| proprietary.c:14:2: error: bpf_trace_printk() is for programs with a GPL-compatible licence [IOV-V042]
//|    14 |         bpf_trace_printk(text, sizeof(text));
//|       |         ^
//|   at:   hello:insn 3
//|   why:  this object's licence is "Proprietary"
//|   path: 1. there is no branch before it: every run comes here
//|   hint: write: `char _license[] SEC("license") = "GPL";`
