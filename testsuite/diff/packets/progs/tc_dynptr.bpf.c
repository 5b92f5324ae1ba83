// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Dynptrs of a socket buffer: reads, writes, slices, windows, copies, and what each says at its limits.
#include "dice.h"
#include "dynptrs.h"

SEC("tc")
int tc_dynptr(struct __sk_buff *skb)
{
	struct bpf_dynptr packet;

	dice += skb->len;
	result(0, bpf_dynptr_from_skb(skb, !roll(9), &packet));
	use_dynptr(&packet, roll(5) ? 0 : roll(4));
	return TC_ACT_OK;
}
