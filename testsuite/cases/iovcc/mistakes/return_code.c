// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// A cgroup_skb program may return 0 to 3; this one returns the packet's length.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/egress")
int watch(struct __sk_buff *skb)
{
	return skb->len;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| return_code.c:12:2: error: the program may return 0..4294967295 [IOV-V060]
//|    12 |         return skb->len;
//|       |         ^
//|   at:   watch:insn 1
//|   why:  programs of type cgroup_skb return 0..3
//|   path: 1. there is no branch before it: every run comes here
//|   hint: return a constant, or check the number first: `if (result > 3) result = 3;`
