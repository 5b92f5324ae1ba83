// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A light-weight tunnel's program: IP headers pushed around the packet.
#include "dice.h"

SEC("lwt_in")
int lwt(struct __sk_buff *skb)
{
	__u8 header[64] = {};

	dice += skb->len;
	header[0] = roll(4) ? 0x45 : roll(2) ? 0x60 : roll(256) | 5;
	for (int i = 1; i < 64; i++)
		header[i] = roll(3) ? roll(256) : 0;
	if (roll(2))
		header[10] = header[11] = 0;
	result(0, bpf_lwt_push_encap(skb, roll(9) ? 2 : 7, header, roll(2) ? 20 : 1 + roll(64)));
	result(1, skb->len);
	result(2, skb->protocol);
	result(3, bpf_skb_load_bytes(skb, 0, header, 20));
	result(4, header[10] | header[11] << 8);
	return BPF_OK;
}
