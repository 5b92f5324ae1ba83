// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Calls helper number 300, which no kernel has.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

static long (*bpf_next_year)(void *ctx) = (void *)300;

SEC("xdp")
int future(struct xdp_md *ctx)
{
	return bpf_next_year(ctx) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| helper_unknown.c:14:9: error: there is no helper number 300 [IOV-V040]
//|    14 |         return bpf_next_year(ctx) ? XDP_DROP : XDP_PASS;
//|       |                ^
//|   at:   future:insn 0
//|   why:  helpers are called by number; linux-6.12 knows none of this one
//|   path: 1. there is no branch before it: every run comes here
//|   hint: declare helpers by `#include <bpf/bpf_helpers.h>`; a function of your own needs a body
