/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: what IPv4 and IPv6 fragments have in common. Sources: RFC 791, 8200 (4.5), 6946 (atomic fragments), 1858 and
 * 3128 (tiny and overlapping fragments). */
#ifndef IOV_FRAG_H
#define IOV_FRAG_H

#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>
#include <iov/ip4.h>

/** `field` is laid out as in the IPv6 fragment header: offset in bytes (a multiple of 8) with bit 0 for "more follow".
 * 0: not a fragment, or an atomic one. One word, since two would double the states that a verifier walks. */
struct iov_frag {
	__be32 id;      /**< IPv4: 16 bits of it */
	__u32 field;
};

static __always_inline void iov_frag_ip4(struct iov_frag *frag, const struct iphdr *ip)
{
	__u32 field = bpf_ntohs(ip->frag_off);

	frag->id = ip->id;
	frag->field = (field & IOV_IP4_OFFSET) << 3 | (field & IOV_IP4_MF) >> 13;
}

static __always_inline int iov_frag_present(const struct iov_frag *frag)
{
	return frag->field != 0;
}

/** The first fragment carries the transport header, later ones do not. */
static __always_inline int iov_frag_first(const struct iov_frag *frag)
{
	return frag->field == 1;
}

static __always_inline int iov_frag_later(const struct iov_frag *frag)
{
	return frag->field > 1;
}

/** Can `payload` bytes at this fragment's offset be part of an honest packet? Not when a fragment before the last is
 * no multiple of 8 bytes, when the whole would exceed 65535 bytes, or when an offset of 8 would overwrite TCP flags. */
static __always_inline int iov_frag_ok(const struct iov_frag *frag, __u32 payload, __u32 proto)
{
	__u32 offset = frag->field & 0xfff8;

	if (!frag->field)
		return 1;
	if (!payload || (frag->field & 1 && payload % 8))
		return 0;
	if (offset + payload > 65535)
		return 0;
	return !(proto == IPPROTO_TCP && offset == 8);
}

#endif
