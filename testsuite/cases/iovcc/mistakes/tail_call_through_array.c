// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Tail calls through a plain array: only a program array holds programs.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

SEC("xdp")
int first(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| tail_call_through_array.c:19:2: error: bpf_tail_call() does not take `stages`, a map of type array [IOV-V044]
//|    19 |         bpf_tail_call(ctx, &stages, 1);
//|       |         ^
//|   at:   first:insn 3
//|   why:  it takes maps of type prog_array
//|   path: 1. there is no branch before it: every run comes here
//|   hint: declare `stages` with `__uint(type, BPF_MAP_TYPE_PROG_ARRAY);`, or use the helper for its type
