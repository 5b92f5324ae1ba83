/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the fixed IPv6 header and address classes. Sources: RFC 8200, 4291. */
#ifndef IOV_IP6_H
#define IOV_IP6_H

#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>

/** The IPv6 header, and step over it. NULL when the version or the payload length cannot be true of this packet.
 * Jumbograms (RFC 2675, payload length 0) do not exist below 64 KiB frames and come back with a payload of 0. */
static __always_inline struct ipv6hdr *iov_ip6(struct iov_cursor *c, __u32 *payload)
{
	struct ipv6hdr *ip = iov_pull(c, sizeof(*ip));
	__u32 length;

	if (!ip || ip->version != 6)
		return NULL;
	length = bpf_ntohs(ip->payload_len);
	if (length > iov_left(c))
		return NULL;
	*payload = length;
	return ip;
}

/** Can no host have sent from this address: multicast (ff00::/8) or loopback (::1)? The unspecified one may (DAD). */
static __always_inline int iov_ip6_bad_source(const struct in6_addr *addr)
{
	const __u8 *b = (const __u8 *)addr;
	const __be32 *w = (const __be32 *)addr;

	if (b[0] == 0xff)
		return 1;
	return !w[0] && !w[1] && !w[2] && w[3] == bpf_htonl(1);
}

#endif
