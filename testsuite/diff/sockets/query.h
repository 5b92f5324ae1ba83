/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* One question to both sides, and what it gave. */
#ifndef QUERY_H
#define QUERY_H

enum { QUERIES = 3000 };

struct query {
	struct bpf_sock_tuple tuple;
	__u32 size;
	__s64 netns;
	__u64 flags;
	/* The answer. */
	__u32 found, family, type, protocol, state, bound_dev_if, src_ip4, dst_ip4, src_ip6[4], src_port, dst_port;
	__u32 full, tcp, listener, released;
	__u64 seen; /* how often this socket was found: its storage */
};

/* What a packet's socket is under: each slot of an array of control groups, one past its end, and each level. */
enum { GROUP_SLOTS = 6 };
struct group_answers {
	__u64 own, above[GROUP_SLOTS];
	__s64 under[GROUP_SLOTS];
};

#endif
