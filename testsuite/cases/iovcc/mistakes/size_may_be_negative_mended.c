// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int first_bytes(struct __sk_buff *skb)
{
	unsigned char buffer[64] = {};
	int length = skb->mark;

	if (length <= 0 || length > (int)sizeof(buffer))
		return 0;
	if (bpf_skb_load_bytes(skb, 0, buffer, length))
		return 0;
	return buffer[0] & 1 ? 2 : 0;
}

char _license[] SEC("license") = "GPL";
