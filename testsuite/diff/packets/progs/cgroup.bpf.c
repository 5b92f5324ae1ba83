// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A cgroup's program: packets from the network layer on.
#include "dice.h"

SEC("cgroup_skb/ingress")
int cgroup(struct __sk_buff *skb)
{
	__u8 *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end, bytes[16] = {};

	dice += skb->len;
	result(0, skb->len);
	result(1, skb->protocol);
	result(2, skb->family);
	result(3, skb->remote_ip4 ^ skb->local_ip4 * 3);
	result(4, skb->remote_ip6[0] ^ skb->local_ip6[3]);
	result(5, data + 20 <= end ? data[0] + data[9] * 256 : -1);
	result(6, bpf_skb_load_bytes(skb, roll(50), bytes, 16));
	result(7, bytes[5]);
	result(8, bpf_skb_load_bytes_relative(skb, roll(50), bytes, 16, roll(3)));
	result(9, bytes[0] | bytes[15] << 8);
	result(10, bpf_skb_ecn_set_ce(skb));
	skb->mark = 7;
	return roll(2);
}
