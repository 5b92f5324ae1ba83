/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

struct last {
	__u32 mark, length;
	struct last *never;
} last = {.mark = 7};
static const char label[] = "leaving %u";

SEC("tc") int leave(struct __sk_buff *skb)
{
	last.length = skb->len;
	bpf_trace_printk(label, sizeof(label), skb->len);
	count(skb->mark, 1);
	return allowed(skb->mark) ? 0 : 2;
}

char _license[] SEC("license") = "GPL";
