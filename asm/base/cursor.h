/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: reading untrusted bytes. Every read is checked; a read past the end returns zeros and makes the cursor `bad`
 * for good, so that a parser may read a whole record and ask once. */
#ifndef IOV_BASE_CURSOR_H
#define IOV_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A reader over [base, end). Does not own the bytes. */
struct iov_cursor {
	const uint8_t *base, *p, *end;
	bool big_endian;
	bool bad; /**< a read went past the end, or a LEB128 did not fit in 64 bits */
};

void cursor_init(struct iov_cursor *c, const void *data, size_t len, bool big_endian);
size_t cursor_left(const struct iov_cursor *c);
size_t cursor_at(const struct iov_cursor *c);             /**< offset from base */
void cursor_seek(struct iov_cursor *c, size_t offset);    /**< absolute; bad when past the end */
void cursor_skip(struct iov_cursor *c, size_t len);
uint8_t cursor_u8(struct iov_cursor *c);
uint16_t cursor_u16(struct iov_cursor *c);
uint32_t cursor_u32(struct iov_cursor *c);
uint64_t cursor_u64(struct iov_cursor *c);
uint64_t cursor_uleb(struct iov_cursor *c);
int64_t cursor_sleb(struct iov_cursor *c);
/** `len` bytes in place; NULL and bad when there are fewer. */
const uint8_t *cursor_bytes(struct iov_cursor *c, size_t len);
/** A NUL-terminated string in place; NULL and bad when no NUL is left. */
const char *cursor_str(struct iov_cursor *c);
/** A cursor over the next `len` bytes, which are skipped here. */
struct iov_cursor cursor_sub(struct iov_cursor *c, size_t len);

#endif
