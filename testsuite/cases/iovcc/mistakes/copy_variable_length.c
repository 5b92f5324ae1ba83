// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Copies as many bytes as the packet says into a buffer of 64.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int first_bytes(struct __sk_buff *skb)
{
	unsigned char buffer[64];
	__u32 length = skb->len;

	if (bpf_skb_load_bytes(skb, 0, buffer, length))
		return 0;
	return buffer[0] & 1 ? 2 : 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| copy_variable_length.c:15:6: error: the size given to bpf_skb_load_bytes() may be larger than the memory beside it [IOV-V045]
//|    15 |         if (bpf_skb_load_bytes(skb, 0, buffer, length))
//|       |             ^
//|   at:   first_bytes:insn 4
//|   why:  `length` may be 0..4294967295
//|         a signed number below 0 counts as one above 2147483647 here
//|   path: 1. there is no branch before it: every run comes here
//|   hint: bound it just before the call: `if (length == 0 || length > sizeof(buffer)) return …;`, with `length` unsigned
