/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the walk over IPv6 extension headers. Bounded: at most IOV_IP6_EXTS headers, so it ends and every verifier sees
 * that it does. Sources: RFC 8200 section 4, RFC 4302 (AH's length unit), RFC 5095 (routing type 0 is dead). */
#ifndef IOV_IP6EXT_H
#define IOV_IP6EXT_H

#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include <iov/cursor.h>
#include <iov/frag.h>

#define IOV_IP6_EXTS 6

#define IOV_NEXT_HOPOPTS  0
#define IOV_NEXT_ROUTING  43
#define IOV_NEXT_FRAGMENT 44
#define IOV_NEXT_AUTH     51
#define IOV_NEXT_NONE     59
#define IOV_NEXT_DSTOPTS  60

struct iov_ip6_ext {
	__u8 next;
	__u8 length;    /**< in 8-byte units without the first; AH: in 4-byte units without the first two */
	__u8 type;      /**< routing header: its type */
	__u8 rest[5];
};

struct iov_ip6_fragment {
	__u8 next, reserved;
	__be16 offset;  /**< 13 bits of offset in 8-byte units, 2 reserved, M */
	__be32 id;
};

enum iov_ip6_ext_error { IOV_EXT_OK, IOV_EXT_TRUNCATED, IOV_EXT_ORDER, IOV_EXT_ROUTING };

static __always_inline int iov_is_ip6_ext(__u32 next)
{
	return next == IOV_NEXT_HOPOPTS || next == IOV_NEXT_ROUTING || next == IOV_NEXT_FRAGMENT ||
	       next == IOV_NEXT_AUTH || next == IOV_NEXT_DSTOPTS;
}

/** One header: step over it, take its length from `payload`, note a fragment header in `frag`. */
static __always_inline enum iov_ip6_ext_error iov_ip6_ext_one(struct iov_cursor *c, __u32 *next, __u32 *payload,
							      struct iov_frag *frag)
{
	struct iov_ip6_ext *ext = iov_pull(c, sizeof(*ext));
	__u32 size;

	if (!ext)
		return IOV_EXT_TRUNCATED;
	if (*next == IOV_NEXT_FRAGMENT) {
		struct iov_ip6_fragment *f = (struct iov_ip6_fragment *)ext;

		frag->id = f->id;
		frag->field = bpf_ntohs(f->offset) & 0xfff9;
		size = sizeof(*ext);
	} else if (*next == IOV_NEXT_AUTH) {
		size = ((__u32)ext->length + 2) * 4;
		if (size < sizeof(*ext))
			return IOV_EXT_TRUNCATED;
	} else {
		if (*next == IOV_NEXT_ROUTING && ext->type == 0)
			return IOV_EXT_ROUTING;
		size = ((__u32)ext->length + 1) * 8;
	}
	if (size > *payload)
		return IOV_EXT_TRUNCATED;
	iov_skip(c, size - sizeof(*ext));
	*payload -= size;
	*next = ext->next;
	return IOV_EXT_OK;
}

/** Walk from the fixed header to the first header that is none of the extensions: its protocol in `next`, the bytes
 * left in `payload`. Stops behind a fragment header of a later fragment, since what follows is in the middle of data.
 * Hop-by-hop options anywhere but first, and more than IOV_IP6_EXTS headers, are an error of order. */
static __always_inline enum iov_ip6_ext_error iov_ip6_exts(struct iov_cursor *c, __u32 *next, __u32 *payload,
							   struct iov_frag *frag)
{
	for (int i = 0; i < IOV_IP6_EXTS; i++) {
		enum iov_ip6_ext_error error;

		if (!iov_is_ip6_ext(*next) || iov_frag_later(frag))
			return IOV_EXT_OK;
		if (*next == IOV_NEXT_HOPOPTS && i > 0)
			return IOV_EXT_ORDER;
		error = iov_ip6_ext_one(c, next, payload, frag);
		if (error)
			return error;
		iov_settle(c);
	}
	return iov_is_ip6_ext(*next) && !iov_frag_later(frag) ? IOV_EXT_ORDER : IOV_EXT_OK;
}

#endif
