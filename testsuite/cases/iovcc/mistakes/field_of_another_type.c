// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// A cgroup_skb program reads a field that only tc programs have.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("cgroup_skb/ingress")
int watch(struct __sk_buff *skb)
{
	return skb->tc_classid ? 1 : 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| field_of_another_type.c:12:14: error: programs of type cgroup_skb cannot read __sk_buff->tc_classid [IOV-V029]
//|    12 |         return skb->tc_classid ? 1 : 0;
//|       |                     ^
//|   at:   watch:insn 0
//|   why:  the struct is shared by several program types; this one has no `tc_classid`
//|   path: 1. there is no branch before it: every run comes here
//|   hint: use a field that this type has, or put the program into another section, such as SEC("tc")
