// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// The same for socket buffers, which know segments.
#include "dice.h"

SEC("tc")
int tc_mtu(struct __sk_buff *skb)
{
	dice += skb->len;
	for (int i = 0; i < 8; i++) {
		__u32 length = roll(3) ? roll(2) * (65400 + roll(300)) : roll(1 << 30);

		result(0, bpf_check_mtu(skb, roll(6) ? 0 : roll(2) ? 1 : 999999, &length,
					roll(2) ? roll(66000) : roll(3) ? 0 : -(int)roll(100), roll(3)));
		result(1, length);
		result(2, bpf_redirect_neigh(1, (void *)0, 0, roll(3)));
		result(3, bpf_redirect_peer(1, roll(3)));
		result(4, bpf_redirect(1, roll(4)));
	}
	return TC_ACT_OK;
}
