// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// What helpers say to flags that they do not know and to lengths and numbers at their ends: tc.
#include "dice.h"

char bytes[64];

/* Below a power of two: Linux understands the mask. */
static __always_inline __u32 size(__u32 most) { return roll(1024) & (most - 1); }

static __always_inline __u64 corner(void)
{
	static const __u64 corners[] = {0, 1, 2, 3, 4, 5, 8, 16, 32, 63, 64, 255, 1 << 12, 0xfffe, 0xffff, 0x10000,
					0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x100000001, 1ull << 63,
					0xffffffffffffffff, 0xffffffff00000001, 6, 7, 9, 10, 12, 17, 24, 1000};

	return corners[size(32)];
}

/* Few are right by chance: half of them are 0. */
static __always_inline __u64 flags(void) { return roll(2) ? 0 : corner(); }
static __always_inline __u32 place(void) { return roll(2) ? roll(80) : corner(); }

static __always_inline void copies(struct __sk_buff *skb)
{
	result(0, bpf_skb_load_bytes(skb, place(), bytes, 1 + size(64)));
	result(1, bytes[0]);
	result(2, bpf_skb_load_bytes_relative(skb, place(), bytes, 1 + size(32), roll(2) ? roll(3) : corner()));
	result(3, bytes[1]);
	result(4, bpf_skb_store_bytes(skb, place(), bytes, 1 + size(32), flags()));
	result(5, bpf_l3_csum_replace(skb, place(), corner(), corner(), roll(2) ? size(8) : corner()));
	result(6, bpf_l4_csum_replace(skb, place(), corner(), corner(), roll(2) ? size(256) : corner()));
	result(7, bpf_skb_pull_data(skb, roll(2) ? roll(200) : corner()));
	result(8, bpf_csum_update(skb, corner()));
	result(9, bpf_csum_level(skb, roll(3) ? roll(4) : corner()));
}

static __always_inline void sizes(struct __sk_buff *skb)
{
	/* A packet that grows by more than its memory has, Linux gives more. */
	result(10, bpf_skb_change_tail(skb, roll(2) ? skb->len : size(32), flags()));
	result(11, bpf_skb_change_head(skb, roll(2) ? size(32) : -corner(), flags()));
	result(12, bpf_skb_change_proto(skb, bpf_htons(roll(2) ? 0x86dd : 0x800), flags()));
	result(13, bpf_skb_change_type(skb, roll(2) ? size(8) : corner()));
	result(14, bpf_skb_vlan_push(skb, corner(), corner()));
	result(15, bpf_skb_vlan_pop(skb));
	result(16, skb->len);
}

static __always_inline void rest(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = {};
	struct bpf_redir_neigh neigh = {.nh_family = 2};
	struct bpf_xfrm_state state;
	__u32 mtu = roll(2) ? 0 : corner();

	key.tunnel_id = corner();
	key.tunnel_label = roll(4) ? 0 : corner();
	result(20, bpf_skb_set_tunnel_key(skb, &key, sizeof(key) - (roll(4) ? 0 : 4), flags()));
	result(21, bpf_skb_get_tunnel_key(skb, &key, sizeof(key) - (roll(4) ? 0 : 4), flags()));
	result(22, key.tunnel_id ^ (__u64)key.tunnel_flags << 32);
	result(23, bpf_skb_set_tunnel_opt(skb, bytes, 1 + size(64)));
	result(24, bpf_skb_get_tunnel_opt(skb, bytes, 1 + size(64)));
	result(25, bpf_redirect(1, flags()));
	result(26, bpf_redirect_neigh(1, &neigh, roll(2) ? sizeof(neigh) : 4, flags()));
	result(30, bpf_redirect_neigh(1, 0, 0, flags()));
	result(27, bpf_redirect_peer(1, flags()));
	result(28, bpf_skb_get_xfrm_state(skb, corner(), &state, sizeof(state), flags()));
	result(29, bpf_skb_set_tstamp(skb, corner(), roll(2) ? roll(4) : corner()));
	result(31, bpf_check_mtu(skb, roll(3) ? 0 : 9999, &mtu, roll(2) ? 0 : (int)corner(), flags()));
	result(32, mtu);
	result(33, bpf_clone_redirect(skb, 77777, flags()));
	result(34, bpf_skb_ecn_set_ce(skb));
	bpf_set_hash(skb, corner());
	result(35, bpf_get_hash_recalc(skb) && 1);
}

SEC("tc")
int tc_edges(struct __sk_buff *skb)
{
	dice += skb->len;
	copies(skb);
	rest(skb);
	sizes(skb);
	return roll(2) ? TC_ACT_OK : TC_ACT_SHOT;
}
