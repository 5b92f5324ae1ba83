// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Writes to a constant through a cast.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 limit = 64;

SEC("xdp")
int change(struct xdp_md *ctx)
{
	*(volatile __u32 *)&limit = ctx->rx_queue_index;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| write_rodata.c:14:28: error: programs cannot write `.rodata` [IOV-V031]
//|    14 |         *(volatile __u32 *)&limit = ctx->rx_queue_index;
//|       |                                   ^
//|   at:   change:insn 3
//|   why:  `.rodata` is where variables that are declared `const` lie
//|   path: 1. there is no branch before it: every run comes here
//|   hint: declare the variable without `const`
