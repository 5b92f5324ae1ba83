/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: reading untrusted bytes. Every read is checked; a read past the end returns zeros and makes the cursor `bad`
 * for good, so that a parser may read a whole record and ask once. */
#ifndef IOV_BASE_CURSOR_H
#define IOV_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** A reader over [base, end). Does not own the bytes. */
struct iov_cursor {
	const uint8_t *base, *p, *end;
	bool big_endian;
	bool bad; /**< a read went past the end, or a LEB128 did not fit in 64 bits */
};

void cursor_init(struct iov_cursor *c, const void *data, size_t len, bool big_endian);
void cursor_seek(struct iov_cursor *c, size_t offset);    /**< absolute; bad when past the end */

static inline size_t cursor_left(const struct iov_cursor *c)
{
	return (size_t)(c->end - c->p);
}
/** Offset from base. */
static inline size_t cursor_at(const struct iov_cursor *c)
{
	return (size_t)(c->p - c->base);
}
/** `len` bytes in place; NULL and bad when there are fewer. */
static inline const uint8_t *cursor_bytes(struct iov_cursor *c, size_t len)
{
	const uint8_t *p = c->p;

	if (__builtin_expect(c->bad || len > cursor_left(c), 0)) {
		c->bad = true;
		c->p = c->end;
		return NULL;
	}
	c->p += len;
	return p;
}
static inline void cursor_skip(struct iov_cursor *c, size_t len)
{
	(void)cursor_bytes(c, len);
}
static inline uint8_t cursor_u8(struct iov_cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 1);

	return p ? *p : 0;
}

/* An integer as it lies in memory, turned when that is not the cursor's order. */
#define CURSOR_INTEGER(type, name, turn)                                                                               \
	static inline type name(struct iov_cursor *c)                                                                  \
	{                                                                                                              \
		const uint8_t *p = cursor_bytes(c, sizeof(type));                                                      \
		type v;                                                                                                \
                                                                                                                       \
		if (!p)                                                                                                \
			return 0;                                                                                      \
		memcpy(&v, p, sizeof(v));                                                                              \
		return c->big_endian == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) ? v : turn(v);                        \
	}
CURSOR_INTEGER(uint16_t, cursor_u16, __builtin_bswap16)
CURSOR_INTEGER(uint32_t, cursor_u32, __builtin_bswap32)
CURSOR_INTEGER(uint64_t, cursor_u64, __builtin_bswap64)
#undef CURSOR_INTEGER

uint64_t cursor_uleb(struct iov_cursor *c);
int64_t cursor_sleb(struct iov_cursor *c);
/** A NUL-terminated string in place; NULL and bad when no NUL is left. */
const char *cursor_str(struct iov_cursor *c);
/** A cursor over the next `len` bytes, which are skipped here. */
struct iov_cursor cursor_sub(struct iov_cursor *c, size_t len);

#endif
