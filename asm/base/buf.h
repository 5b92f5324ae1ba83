/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: growable byte buffers. A failed allocation is sticky: write on, and ask `failed` once at the end. */
#ifndef IOV_BASE_BUF_H
#define IOV_BASE_BUF_H

#include "asm/base/alloc.h"

#include <stdarg.h>

/** A growable buffer; zero-initialised is valid and empty. `data` is owned by the buffer. */
struct iov_buf {
	uint8_t *data;
	size_t len, cap; /**< bytes */
	bool failed;     /**< an allocation failed: contents are incomplete */
	const struct iov_alloc *alloc;
};

void buf_init(struct iov_buf *b, const struct iov_alloc *alloc);
void buf_free(struct iov_buf *b);

/** Append `len` uninitialised bytes and return where they start; NULL when refused. */
void *buf_grow(struct iov_buf *b, size_t len);
void buf_put(struct iov_buf *b, const void *data, size_t len);
void buf_puts(struct iov_buf *b, const char *s);
void buf_putc(struct iov_buf *b, char c);
void buf_printf(struct iov_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct iov_buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/** Integers in the byte order asked for. */
void buf_u16(struct iov_buf *b, uint16_t v, bool big_endian);
void buf_u32(struct iov_buf *b, uint32_t v, bool big_endian);
void buf_u64(struct iov_buf *b, uint64_t v, bool big_endian);

/** Zero bytes until the length is a multiple of `align` (a power of two). */
void buf_align(struct iov_buf *b, size_t align);

/** A NUL after the contents, not counted in len; the text, or NULL when an allocation failed. */
const char *buf_cstr(struct iov_buf *b);

#endif
