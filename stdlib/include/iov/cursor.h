/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* Owns: the cursor that walks a packet. Its invariant: what iov_pull returns lies between the packet's start and
 * `end`, so every verifier accepts loads from it. The other iov/ headers read packets through it and no other way. */
#ifndef IOV_CURSOR_H
#define IOV_CURSOR_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#ifndef __always_inline
#define __always_inline __inline__ __attribute__((always_inline))
#endif

#ifndef NULL
#define NULL ((void *)0)
#endif

struct iov_cursor {
	void *pos;     /**< the next byte */
	void *end;     /**< one past the packet's last byte */
	void *start;   /**< its first byte */
};

/** A cursor over the packet of any context with data and data_end (struct xdp_md, struct __sk_buff). */
#define IOV_CURSOR(ctx) { (void *)(long)(ctx)->data, (void *)(long)(ctx)->data_end, (void *)(long)(ctx)->data }

/** The next `size` bytes, and step over them; NULL when the packet ends before. `size` is a constant. */
static __always_inline void *iov_pull(struct iov_cursor *c, __u32 size)
{
	void *at = c->pos;

	if (at + size > c->end)
		return NULL;
	c->pos = at + size;
	return at;
}

/** The next `size` bytes without stepping; NULL when the packet ends before. */
static __always_inline void *iov_peek(const struct iov_cursor *c, __u32 size)
{
	return c->pos + size > c->end ? NULL : c->pos;
}

/** Bytes from the cursor to the packet's end. Compare lengths that a header claims with this, and never by adding them
 * to a pointer: up to 6.1 Linux takes no bounds from a byte swap, and refuses to add such a number. */
static __always_inline __u32 iov_left(const struct iov_cursor *c)
{
	return c->pos > c->end ? 0 : c->end - c->pos;
}

/** Step over `size` bytes, a number read from the packet and below 2048: what is above is cut off. The limit keeps a
 * long chain of headers within the 65535 bytes that a verifier follows a packet pointer (the longest header of all, an
 * IPv6 extension, has 2048 with its first 8). The bytes are not promised to exist; the next iov_pull finds that out. */
static __always_inline void iov_skip(struct iov_cursor *c, __u32 size)
{
	c->pos += size & 0x7ff;
}

/** Forget how the cursor got where it is: afterwards it stands at an offset from the packet's start of which a
 * verifier knows only that it is below 16384. Call it where paths meet (behind optional headers): their states become
 * one, and what follows is verified once instead of once for each path. */
static __always_inline void iov_settle(struct iov_cursor *c)
{
	__u64 offset = c->pos - c->start;

	barrier_var(offset);
	c->pos = c->start + (offset & 0x3fff);
}

#endif
