// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// What goes with a packet: tunnel key and options, checksum level, type, time, ECN, bytes relative to headers.
#include "dice.h"

SEC("tc")
int tc_meta(struct __sk_buff *skb)
{
	union {
		struct bpf_tunnel_key key;
		__u8 bytes[64];
	} u = {};
	__u8 bytes[64] = {};
	static const __u8 sizes[8] = {43, 11, 23, 27, 7, 43, 42, 0};

	dice += skb->len;
	if (roll(4)) {
		u.key.tunnel_id = roll(1 << 30);
		u.key.remote_ipv4 = roll(1 << 30);
		u.key.local_ipv6[0] = roll(1 << 30);
		u.key.local_ipv6[3] = roll(1 << 30);
		u.key.tunnel_tos = roll(256);
		u.key.tunnel_ttl = roll(256);
		u.key.tunnel_label = roll(3) ? 0 : roll(1 << 30);
		result(0, bpf_skb_set_tunnel_key(skb, &u.key, 1 + (sizes[roll(9) & 7] & 63),
						 roll(3) ? roll(2) : roll(64)));
	}
	if (roll(2)) {
		bytes[3] = roll(256);
		result(1, bpf_skb_set_tunnel_opt(skb, bytes, roll(64) + 1));
	}
	result(2, bpf_skb_get_tunnel_key(skb, &u.key, roll(3) ? sizeof(u.key) : roll(64) + 1,
					 roll(3) ? roll(2) : roll(32)));
	result(3, u.key.tunnel_id);
	result(4, u.key.remote_ipv4);
	result(5, u.key.local_ipv4);
	result(6, u.key.remote_ipv6[1] ^ u.key.remote_ipv6[3] ^ u.key.local_ipv6[0] ^ u.key.local_ipv6[3]);
	result(7, u.key.tunnel_tos | u.key.tunnel_ttl << 8 | u.key.tunnel_ext << 16);
	result(8, u.key.tunnel_label);
	result(9, bpf_skb_get_tunnel_opt(skb, bytes, roll(64) + 1));
	result(10, bytes[3]);
	for (int i = 0; i < 4; i++)
		result(11, bpf_csum_level(skb, roll(5)));
	result(12, bpf_csum_update(skb, 7));
	result(13, bpf_skb_change_type(skb, roll(6)));
	result(14, bpf_skb_set_tstamp(skb, roll(3), roll(4)));
	result(15, bpf_skb_load_bytes_relative(skb, roll(100), bytes, roll(64) + 1, roll(3)));
	for (int i = 0; i < 64; i++)
		result(16, bytes[i]);
	result(17, bpf_skb_ecn_set_ce(skb));
	if (roll(2)) {
		bpf_skb_store_bytes(skb, 15, &bytes[roll(32)], 1, 0);
		result(18, bpf_skb_ecn_set_ce(skb));
	}
	return TC_ACT_OK;
}
