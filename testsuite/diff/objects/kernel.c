/* SPDX-License-Identifier: Apache-2.0 */
/* Structs of the kernel: sockets under their own type, the kernel's context, casts, and how far what is read from them
 * can be relied on. Layouts come from the target's types through CO-RE. */
#include "objects.h"

struct net_device {
	int ifindex;
	char name[16];
} __core;
struct cgroup {
	int level;
} __core;
struct sock_cgroup_data {
	struct cgroup *cgroup;
} __core;
struct sock {
	struct sock_cgroup_data sk_cgrp_data;
	unsigned short sk_protocol;
} __core;
struct tcp_sock {
	__u32 rcv_nxt;
	__u32 snd_cwnd;
} __core;
struct sk_buff {
	__u32 len;
	struct net_device *dev;
	struct sock *sk;
	unsigned char *head;
} __core;
struct skb_shared_info {
	unsigned char nr_frags;
	struct sk_buff *frag_list;
} __core;

/* The context's field, which the header's short struct lacks. */
#define SK(ctx) (*(void *volatile *)((char *)(ctx) + 168))

struct {
	__uint(type, 24);
	__uint(map_flags, 1);
	__type(key, int);
	__type(value, long);
} storage SEC(".maps");

static void *(*const bpf_sk_storage_get)(void *map, void *sk, void *value, __u64 flags) = (void *)107;

TWIN(cast_null, IOV-V025,
	void *sk = SK(ctx);
	struct tcp_sock *tp;
	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!bad && !tp)
		return 0;
	return tp->rcv_nxt & 1;
)

TWIN(cast_write, IOV-V062,
	void *sk = SK(ctx);
	struct tcp_sock *tp;
	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return 0;
	if (bad)
		tp->rcv_nxt = 0;
	return tp->rcv_nxt & 1;
)

TWIN(cast_is_a_socket, IOV-V043,
	void *sk = SK(ctx);
	struct tcp_sock *tp;
	long *value;
	if (!sk)
		return 0;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return 0;
	value = bpf_sk_storage_get(&storage, bad ? (void *)bpf_cast_to_kern_ctx(ctx) : (void *)tp, NULL, 0);
	if (value)
		*value = 1;
)

TWIN(walk, IOV-V062,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	struct net_device *dev = skb->dev;
	if (bad)
		*(volatile int *)dev = 1;
	return dev->ifindex & 1;
)

TWIN(across_members, IOV-V062,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	return *(volatile __u32 *)((char *)&skb->len + (bad ? 2 : 0)) & 1;
)

TWIN(half_a_pointer, IOV-V062,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	if (bad)
		return *(volatile __u32 *)&skb->dev & 1;
	return skb->len & 1;
)

TWIN(variable, IOV-V062,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	__u32 at = bad ? bpf_get_prandom_u32() & 7 : 0;
	return ((volatile char *)skb->dev->name)[at] & 1;
)

TWIN(cast_to_a_number, IOV-V043,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	struct skb_shared_info *info =
		bpf_rdonly_cast(skb->head, bad ? 1 : __builtin_btf_type_id(*(struct skb_shared_info *)0, 1));
	return info->nr_frags & 1;
)

TWIN(cast_is_not_trusted, IOV-V043,
	struct sock *sk = SK(ctx);
	struct sock *again;
	long *value;
	if (!sk)
		return 0;
	again = bpf_rdonly_cast(sk, __builtin_btf_type_id(*(struct sock *)0, 1));
	value = bpf_sk_storage_get(&storage, bad ? again : sk, NULL, 0);
	if (value)
		*value = 1;
)

TWIN(skb_socket_null, IOV-V025,
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	struct sock *sk = skb->sk;
	if (!bad && !sk)
		return 0;
	return sk->sk_protocol & 1;
)
