/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the TCP header and its flags. Source: RFC 9293. */
#ifndef IOV_TCP_H
#define IOV_TCP_H

#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>

#define IOV_TCP_FIN 0x01
#define IOV_TCP_SYN 0x02
#define IOV_TCP_RST 0x04
#define IOV_TCP_PSH 0x08
#define IOV_TCP_ACK 0x10
#define IOV_TCP_URG 0x20

/** The TCP header, and step over it and its options. NULL when it is truncated, its data offset points into itself or
 * behind the `payload` bytes there are, or a port is 0. */
static __always_inline struct tcphdr *iov_tcp(struct iov_cursor *c, __u32 payload)
{
	struct tcphdr *tcp = iov_pull(c, sizeof(*tcp));
	__u32 header;

	if (!tcp || tcp->doff < 5)
		return NULL;
	header = tcp->doff * 4;
	if (header > payload || !tcp->source || !tcp->dest)
		return NULL;
	iov_skip(c, header - sizeof(*tcp));
	return tcp;
}

static __always_inline __u8 iov_tcp_flags(const struct tcphdr *tcp)
{
	return ((const __u8 *)tcp)[13] & 0x3f;
}

/** Combinations that no TCP sends and scanners do: none at all, SYN with FIN or RST, FIN or URG without ACK. */
static __always_inline int iov_tcp_flags_ok(__u8 flags)
{
	if (flags & IOV_TCP_SYN)
		return !(flags & (IOV_TCP_FIN | IOV_TCP_RST));
	if (flags & IOV_TCP_RST)
		return !(flags & IOV_TCP_FIN);
	return !!(flags & IOV_TCP_ACK);
}

#endif
