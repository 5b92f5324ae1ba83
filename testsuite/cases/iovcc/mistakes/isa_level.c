// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -mcpu=v4 --platform=linux-6.1 -c %s -o %t.o
// EXIT: 1
// Compiled for instruction set v4, which Linux 6.1 does not run.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int halve(struct xdp_md *ctx)
{
	int n = ctx->rx_queue_index - 8;

	return n / (int)ctx->ingress_ifindex > 5 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| isa_level.c:14:11: error: `w1 s/= w2` needs instruction set v4; linux-6.1 runs v3 [IOV-V009]
//|    14 |         return n / (int)ctx->ingress_ifindex > 5 ? XDP_DROP : XDP_PASS;
//|       |                  ^
//|   at:   halve:insn 3
//|   hint: compile with -mcpu=v3 or lower
