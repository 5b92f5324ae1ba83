// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
// EXIT: 1
// Adds to a sum that was never set.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int sum_up(struct xdp_md *ctx)
{
	unsigned int sums[4];

	sums[ctx->rx_queue_index & 3] = 1;
	return sums[ctx->ingress_ifindex & 3] ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| uninitialised_variable.c:15:9: error: byte 0 of `sums` is read but was never written [IOV-V021]
//|    15 |         return sums[ctx->ingress_ifindex & 3] ? XDP_DROP : XDP_PASS;
//|       |                ^
//|   at:   sum_up:insn 13
//|   why:  the instruction reads the stack bytes -16..-1 from the frame pointer; byte -16 was not written on this path
//|   path: 1. there is no branch before it: every run comes here
//|   hint: initialise all of it, padding included: `__builtin_memset(&sums, 0, sizeof(sums));`
