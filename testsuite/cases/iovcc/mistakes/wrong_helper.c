// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Calls a helper of tc programs from an XDP program.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int peek(struct xdp_md *ctx)
{
	unsigned char first[14];

	if (bpf_skb_load_bytes(ctx, 0, first, sizeof(first)))
		return XDP_PASS;
	return first[0] & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| wrong_helper.c:13:6: error: programs of type xdp cannot call bpf_skb_load_bytes() [IOV-V041]
//|    13 |         if (bpf_skb_load_bytes(ctx, 0, first, sizeof(first)))
//|       |             ^
//|   at:   peek:insn 4
//|   why:  it is for programs of type socket_filter, sched_cls, sched_act, cgroup_skb, lwt_in, lwt_out, lwt_xmit, sk_skb, lwt_seg6local, sk_reuseport, flow_dissector
//|   path: 1. there is no branch before it: every run comes here
//|   hint: write bpf_xdp_load_bytes() instead: it does this for programs of type xdp
