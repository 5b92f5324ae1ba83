// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// A signed length is checked from above only: -1 passes.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int first_bytes(struct __sk_buff *skb)
{
	unsigned char buffer[64] = {};
	int length = skb->mark;

	if (length > (int)sizeof(buffer))
		return 0;
	if (bpf_skb_load_bytes(skb, 0, buffer, length))
		return 0;
	return buffer[0] & 1 ? 2 : 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| size_may_be_negative.c:17:6: error: the size given to bpf_skb_load_bytes() may be larger than the memory beside it [IOV-V045]
//|    17 |         if (bpf_skb_load_bytes(skb, 0, buffer, length))
//|       |             ^
//|   at:   first_bytes:insn 15
//|   why:  `length` may be 0..4294967295
//|         a signed number below 0 counts as one above 2147483647 here
//|   path: 1. size_may_be_negative.c:15:6: `length > (int)sizeof(buffer)` is false: goes on at line 17
//|    15 |         if (length > (int)sizeof(buffer))
//|       |             ^
//|   hint: bound it just before the call: `if (length == 0 || length > sizeof(buffer)) return …;`, with `length` unsigned
