// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_skb_adjust_room in all its modes, bpf_skb_change_proto, change_head, change_tail, one after another.
#include "dice.h"

static __always_inline __u64 encap(void)
{
	static const __u64 flags[] = {0, 1, 2, 4, 2 | 8, 4 | 16, 2 | 4, 8 | 16 | 2, 2 | 16 | 64 | 14ull << 56,
				      2 | 8 | 64 | 4ull << 56, 32, 1 << 7, 1 << 8, 1 << 9, 2 | 200ull << 56, 4 | 32};

	return flags[roll(16)];
}

SEC("tc")
int tc_room(struct __sk_buff *skb)
{
	__u32 len;

	dice += skb->len * 77;
	for (int i = 0; i < 4; i++) {
		/* Beyond the end of a shorter one, Linux moves what lies in memory there. */
		if (skb->len < 150 && bpf_skb_change_tail(skb, 180, 0))
			break;
		switch (roll(6)) {
		case 0:
		case 1:
			result(0, bpf_skb_adjust_room(skb, (int)roll(100), roll(3), encap()));
			break;
		case 2:
			result(1, bpf_skb_adjust_room(skb, -(int)roll(60), roll(2), roll(3) ? 0 : encap()));
			break;
		case 3:
			result(2, bpf_skb_change_proto(skb, bpf_htons(roll(2) ? 0x86dd : 0x0800), !roll(8)));
			break;
		case 4:
			result(3, bpf_skb_change_head(skb, roll(5) ? roll(25) : -1u, !roll(8)));
			break;
		default:
			len = i || roll(3) ? 180 + roll(80) : roll(14);
			result(4, bpf_skb_change_tail(skb, roll(2) ? skb->len + roll(40) : len, !roll(8)));
		}
		result(5, skb->len);
		result(6, skb->protocol);
	}
	return roll(2) ? TC_ACT_OK : TC_ACT_SHOT;
}
