/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/buf.h"

#include <stdio.h>

void buf_init(struct iov_buf *b, const struct iov_alloc *alloc)
{
	*b = (struct iov_buf){.alloc = alloc};
}

void buf_free(struct iov_buf *b)
{
	alloc_free(b->alloc, b->data, b->cap);
	buf_init(b, b->alloc);
}

static bool reserve_cap(struct iov_buf *b, size_t len, bool more)
{
	size_t need, cap;
	uint8_t *data;

	if (b->failed || __builtin_add_overflow(b->len, len, &need) || need > SIZE_MAX / 4) {
		b->failed = true;
		return false;
	}
	if (need <= b->cap)
		return true;
	cap = !more ? need : b->cap ? b->cap : 64;
	while (cap < need)
		cap *= 2;
	data = alloc_resize(b->alloc, b->data, b->cap, cap);
	if (!data) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->cap = cap;
	return true;
}

static bool reserve(struct iov_buf *b, size_t len)
{
	return reserve_cap(b, len, true);
}

void buf_reserve(struct iov_buf *b, size_t len)
{
	if (len)
		reserve_cap(b, len, false);
}

void *buf_grow_more(struct iov_buf *b, size_t len)
{
	void *p;

	if (!reserve(b, len ? len : 1))
		return NULL;
	p = b->data + b->len;
	b->len += len;
	return p;
}

void buf_puts(struct iov_buf *b, const char *s) { buf_put(b, s, strlen(s)); }
void buf_putc(struct iov_buf *b, char c) { buf_put(b, &c, 1); }

void buf_vprintf(struct iov_buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len >= 0 && reserve(b, (size_t)len + 1)) {
		vsnprintf((char *)b->data + b->len, (size_t)len + 1, fmt, ap);
		b->len += (size_t)len;
	}
}

void buf_printf(struct iov_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void buf_align(struct iov_buf *b, size_t align)
{
	size_t pad = -b->len & (align - 1);
	void *p = buf_grow(b, pad);

	if (p && pad)
		memset(p, 0, pad);
}

const char *buf_cstr(struct iov_buf *b)
{
	if (!reserve(b, 1))
		return NULL;
	b->data[b->len] = 0;
	return (const char *)b->data;
}
