// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Each query of a map: the socket that it finds, what a program sees of it, and a count in its storage; and the control
// groups of a packet's socket.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "query.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, QUERIES);
	__type(key, __u32);
	__type(value, struct query);
} queries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} counts SEC(".maps");

__u32 next; /* each run takes one query */

static __always_inline void answer(struct query *q, struct bpf_sock *sk)
{
	q->found = 1;
	q->family = sk->family;
	q->state = sk->state;
	q->bound_dev_if = sk->bound_dev_if;
	q->src_port = sk->src_port;
	q->dst_port = sk->dst_port;
	q->src_ip4 = sk->src_ip4;
	q->dst_ip4 = sk->dst_ip4;
	q->src_ip6[0] = sk->src_ip6[0];
	q->src_ip6[3] = sk->src_ip6[3];
}

/* What tc programs may ask beyond that. */
static __always_inline void more(struct query *q, struct bpf_sock *sk)
{
	__u64 first = 100, *count;
	struct bpf_sock *other;

	other = bpf_sk_fullsock(sk);
	q->full = other != 0;
	if (!other)
		return;
	q->type = other->type;
	q->protocol = other->protocol;
	q->tcp = bpf_tcp_sock(other) != 0;
	q->listener = bpf_get_listener_sock(other) != 0;
	count = bpf_sk_storage_get(&counts, other, q->flags & 1 ? 0 : &first, BPF_SK_STORAGE_GET_F_CREATE);
	if (count)
		q->seen = ++*count;
	if (count && *count % 7 == 0)
		q->released = bpf_sk_storage_delete(&counts, other) + 1;
	if (!bpf_sk_storage_get(&counts, other, 0, 0))
		q->released |= 2;
}

#define ASK(name, section, context, look_up, more)                                                                     \
	SEC(section) int name(context *ctx)                                                                            \
	{                                                                                                              \
		__u32 i = next++;                                                                                      \
		struct query *q = bpf_map_lookup_elem(&queries, &i);                                                   \
		struct bpf_sock *sk;                                                                                   \
                                                                                                                       \
		if (!q)                                                                                                \
			return 0;                                                                                      \
		sk = look_up(ctx, &q->tuple,                                                                           \
			     q->size == sizeof(q->tuple.ipv4) ? sizeof(q->tuple.ipv4) :                                \
			     q->size == sizeof(q->tuple.ipv6) ? sizeof(q->tuple.ipv6) : 8, q->netns, q->flags);        \
		if (!sk)                                                                                               \
			return 0;                                                                                      \
		answer(q, sk);                                                                                         \
		more;                                                                                                  \
		bpf_sk_release(sk);                                                                                    \
		return 0;                                                                                              \
	}
ASK(xdp_tcp, "xdp", struct xdp_md, bpf_sk_lookup_tcp, (void)0)
ASK(xdp_skc, "xdp", struct xdp_md, bpf_skc_lookup_tcp, (void)0)
ASK(xdp_udp, "xdp", struct xdp_md, bpf_sk_lookup_udp, (void)0)
ASK(tc_tcp, "tc", struct __sk_buff, bpf_sk_lookup_tcp, more(q, sk))
ASK(tc_skc, "tc", struct __sk_buff, bpf_skc_lookup_tcp, more(q, sk))
ASK(tc_udp, "tc", struct __sk_buff, bpf_sk_lookup_udp, more(q, sk))

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, GROUP_SLOTS - 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} groups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct group_answers);
} answers SEC(".maps");

SEC("tc") int tc_groups(struct __sk_buff *skb)
{
	struct group_answers *a = bpf_map_lookup_elem(&answers, &(__u32){0});

	if (!a)
		return 0;
	a->own = bpf_skb_cgroup_id(skb);
	for (int i = 0; i < GROUP_SLOTS; i++) {
		a->above[i] = bpf_skb_ancestor_cgroup_id(skb, i - 1);
		a->under[i] = bpf_skb_under_cgroup(skb, &groups, i);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
