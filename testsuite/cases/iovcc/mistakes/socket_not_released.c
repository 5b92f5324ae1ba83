// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Looks a socket up and keeps the reference.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int known(struct __sk_buff *skb)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;

	tuple.ipv4.dport = skb->mark;
	sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), -1, 0);
	if (!sk)
		return 2;
	return 0;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| socket_not_released.c:16:7: error: `sk`, which bpf_sk_lookup_tcp() returned, is not released on this path [IOV-V050]
//|    16 |         sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), -1, 0);
//|       |              ^
//|   at:   known:insn 17
//|   why:  socket_not_released.c:16:7: acquired by bpf_sk_lookup_tcp() at line 16; this path ends at line 20
//|    16 |         sk = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), -1, 0);
//|       |              ^
//|   path: 1. the branches before it are the compiler's own: no written condition leads here
//|   hint: before this way out, write: `bpf_sk_release(sk);`
