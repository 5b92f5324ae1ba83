/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: growable byte buffers. A failed allocation is sticky: write on, and ask `failed` once at the end. */
#ifndef IOV_BASE_BUF_H
#define IOV_BASE_BUF_H

#include "asm/base/alloc.h"

#include <stdarg.h>
#include <string.h>

/** A growable buffer; zero-initialised is valid and empty. `data` is owned by the buffer. */
struct iov_buf {
	uint8_t *data;
	size_t len, cap; /**< bytes */
	bool failed;     /**< an allocation failed: contents are incomplete */
	const struct iov_alloc *alloc;
};

void buf_init(struct iov_buf *b, const struct iov_alloc *alloc);
void buf_free(struct iov_buf *b);

/** Room for `len` more bytes and no others: for who knows how much is to come. */
void buf_reserve(struct iov_buf *b, size_t len);

/** As buf_grow, where that has no room. */
void *buf_grow_more(struct iov_buf *b, size_t len);

/** Append `len` uninitialised bytes and return where they start; NULL when refused. */
static inline void *buf_grow(struct iov_buf *b, size_t len)
{
	void *p;

	if (__builtin_expect(b->failed || len > b->cap - b->len || !b->cap, 0))
		return buf_grow_more(b, len);
	p = b->data + b->len;
	b->len += len;
	return p;
}
static inline void buf_put(struct iov_buf *b, const void *data, size_t len)
{
	void *p = buf_grow(b, len);

	if (p && len)
		memcpy(p, data, len);
}
void buf_puts(struct iov_buf *b, const char *s);
void buf_putc(struct iov_buf *b, char c);
void buf_printf(struct iov_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct iov_buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/** Integers in the byte order asked for. */
#define BUF_INTEGER(name, type, turn)                                                                                  \
	static inline void name(struct iov_buf *b, type v, bool big_endian)                                            \
	{                                                                                                              \
		if (big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))                                            \
			v = turn(v);                                                                                   \
		buf_put(b, &v, sizeof(v));                                                                             \
	}
BUF_INTEGER(buf_u16, uint16_t, __builtin_bswap16)
BUF_INTEGER(buf_u32, uint32_t, __builtin_bswap32)
BUF_INTEGER(buf_u64, uint64_t, __builtin_bswap64)
#undef BUF_INTEGER

/** Write over four bytes that are there. */
static inline void buf_patch_u32(struct iov_buf *b, size_t at, uint32_t v, bool big_endian)
{
	if (big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		v = __builtin_bswap32(v);
	if (!b->failed)
		memcpy(b->data + at, &v, sizeof(v));
}

/** Zero bytes until the length is a multiple of `align` (a power of two). */
void buf_align(struct iov_buf *b, size_t align);

/** A NUL after the contents, not counted in len; the text, or NULL when an allocation failed. */
const char *buf_cstr(struct iov_buf *b);

#endif
