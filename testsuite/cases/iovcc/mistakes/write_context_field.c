// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Writes to a field of the context that can only be read.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int shorten(struct __sk_buff *skb)
{
	skb->len = 64;
	return 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| write_context_field.c:12:11: error: programs of type sched_cls cannot write __sk_buff->len [IOV-V030]
//|    12 |         skb->len = 64;
//|       |                  ^
//|   at:   shorten:insn 1
//|   why:  the field is read-only
//|   path: 1. there is no branch before it: every run comes here
//|   hint: keep the number in a variable of your own; helpers such as bpf_skb_change_tail() change packets
