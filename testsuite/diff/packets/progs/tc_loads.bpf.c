// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// The packet loads of classic BPF (RFC 9669 section 5.6): each size, at constant and at variable offsets, from the
// link and from the network header, and beyond the packet, which ends the program with 0.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 load_byte(void *skb, __u64 off) asm("llvm.bpf.load.byte");
__u64 load_half(void *skb, __u64 off) asm("llvm.bpf.load.half");
__u64 load_word(void *skb, __u64 off) asm("llvm.bpf.load.word");

enum { NET = -0x100000, LINK = -0x200000 };

__u64 sums[8];

SEC("tc")
int tc_loads(struct __sk_buff *skb)
{
	__u32 at = skb->len & 31;

	sums[0] += load_byte(skb, 0) + load_half(skb, 12) + load_word(skb, 6);
	sums[1] += load_byte(skb, (__u64)at + 1);
	sums[2] += load_half(skb, (__u64)at + 2);
	sums[3] += load_word(skb, (__u64)at + 3);
	sums[4] += load_byte(skb, NET) + load_half(skb, LINK + 12);
	sums[5]++;
	sums[6] += load_word(skb, (__u64)skb->len - 4);
	if (skb->len % 3 == 0)
		sums[7] += load_half(skb, 60);
	else if (skb->len % 3 == 1)
		sums[7] += load_byte(skb, skb->len);
	sums[5] += 1000;
	return 2;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
