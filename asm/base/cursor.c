/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/cursor.h"

void cursor_init(struct iov_cursor *c, const void *data, size_t len, bool big_endian)
{
	static const uint8_t nothing[1]; /* offsets of a null pointer are undefined, even 0 */
	const uint8_t *base = len ? data : nothing;

	*c = (struct iov_cursor){.base = base, .p = base, .end = base + len, .big_endian = big_endian};
}

void cursor_seek(struct iov_cursor *c, size_t offset)
{
	if (offset > (size_t)(c->end - c->base)) {
		c->bad = true;
		c->p = c->end;
	} else {
		c->p = c->base + offset;
	}
}

uint64_t cursor_uleb(struct iov_cursor *c)
{
	uint64_t v = 0;

	for (unsigned shift = 0;; shift += 7) {
		uint8_t byte = cursor_u8(c);
		uint64_t part = byte & 0x7f;

		if (shift > 63 ? part != 0 : shift && part >> (64 - shift)) {
			c->bad = true;
			return 0;
		}
		if (shift < 64)
			v |= part << shift;
		if (!(byte & 0x80))
			return c->bad ? 0 : v;
	}
}

int64_t cursor_sleb(struct iov_cursor *c)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 70; shift += 7) {
		uint8_t byte = cursor_u8(c);

		v |= (uint64_t)(byte & 0x7f) << shift;
		if (shift == 63 && byte != 0 && byte != 0x7f)
			break; /* only the sign has room above bit 63 */
		if (byte & 0x80)
			continue;
		if (shift + 7 < 64 && byte & 0x40)
			v |= ~UINT64_C(0) << (shift + 7);
		return c->bad ? 0 : (int64_t)v;
	}
	c->bad = true;
	return 0;
}

const char *cursor_str(struct iov_cursor *c)
{
	const uint8_t *nul = c->bad ? NULL : memchr(c->p, 0, cursor_left(c));

	if (!nul) {
		c->bad = true;
		c->p = c->end;
		return NULL;
	}
	return (const char *)cursor_bytes(c, (size_t)(nul - c->p) + 1);
}

struct iov_cursor cursor_sub(struct iov_cursor *c, size_t len)
{
	struct iov_cursor sub = {.big_endian = c->big_endian};
	const uint8_t *p = cursor_bytes(c, len);

	if (p)
		cursor_init(&sub, p, len, c->big_endian);
	else
		sub.bad = true;
	return sub;
}
