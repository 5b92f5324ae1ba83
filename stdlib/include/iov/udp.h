/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the UDP header. Source: RFC 768. */
#ifndef IOV_UDP_H
#define IOV_UDP_H

#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>

/** The UDP header, and step over it. NULL when it is truncated or its length is below 8. The length is compared with
 * the `payload` bytes there are unless `partial`: a first fragment announces the whole datagram. */
static __always_inline struct udphdr *iov_udp(struct iov_cursor *c, __u32 payload, int partial)
{
	struct udphdr *udp = iov_pull(c, sizeof(*udp));
	__u32 length;

	if (!udp || payload < sizeof(*udp))
		return NULL;
	length = bpf_ntohs(udp->len);
	if (length < sizeof(*udp) || (length > payload && !partial) || !udp->dest)
		return NULL;
	return udp;
}

#endif
