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

#endif
