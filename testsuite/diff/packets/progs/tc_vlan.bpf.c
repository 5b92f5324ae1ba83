// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// VLAN tags pushed and popped, among bytes that look like tags.
#include "dice.h"

SEC("tc")
int tc_vlan(struct __sk_buff *skb)
{
	__u16 tag[2] = {bpf_htons(roll(2) ? 0x8100 : 0x88a8), bpf_htons(roll(4096))};

	dice += skb->len;
	for (int i = 0; i < 5; i++) {
		switch (roll(4)) {
		case 0:
			result(0, bpf_skb_vlan_push(skb, roll(4) ? tag[0] : bpf_htons(roll(65536)), roll(65536)));
			break;
		case 1:
		case 2:
			result(1, bpf_skb_vlan_pop(skb));
			break;
		default:
			result(2, bpf_skb_store_bytes(skb, roll(3) ? 12 : 14, tag, sizeof(tag), 0));
		}
		result(3, skb->len);
		result(4, skb->protocol);
		result(5, skb->vlan_present);
		result(6, skb->vlan_tci);
		if (skb->vlan_present)
			result(7, skb->vlan_proto);
	}
	return TC_ACT_OK;
}
