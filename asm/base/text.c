/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: RFC 3629. Widths: the East Asian Wide and Fullwidth blocks and the combining blocks of Unicode 15, by block,
 * which is enough to put a caret under the right column. JSON strings: RFC 8259 section 7. */
#include "asm/base/text.h"

#include <string.h>

struct range {
	uint32_t first, last;
};

static bool in_ranges(const struct range *r, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= r[i].first && code <= r[i].last)
			return true;
	}
	return false;
}

#define IN(table, code) in_ranges(table, sizeof(table) / sizeof(*table), code)

/* Controls, bidirectional embeddings and overrides (CVE-2021-42574), line separators, invisible tags. */
static const struct range unsafe[] = {
	{0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},   {0x200e, 0x200f},   {0x2028, 0x202e},
	{0x2066, 0x2069}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};
static const struct range combining[] = {
	{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},     {0x1ab0, 0x1aff},
	{0x1dc0, 0x1dff}, {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};
static const struct range wide[] = {
	{0x1100, 0x115f}, {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97f},
	{0xac00, 0xd7a3}, {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
	{0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

/* Bytes that a lead byte announces and the least code point that needs so many; 0 for a byte that leads nothing. */
static unsigned announced(uint8_t lead, uint32_t *bits, uint32_t *least)
{
	if (lead < 0x80)
		return *bits = lead, *least = 0, 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return *bits = lead & 0x1f, *least = 0x80, 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return *bits = lead & 0x0f, *least = 0x800, 3;
	if (lead >= 0xf0 && lead < 0xf5)
		return *bits = lead & 0x07, *least = 0x10000, 4;
	return 0;
}

static bool decode(const uint8_t *p, size_t len, struct iov_char *c)
{
	uint32_t code, least;
	unsigned need = announced(p[0], &code, &least);

	if (!need || need > len)
		return false;
	for (unsigned i = 1; i < need; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return false;
	c->code = code;
	c->len = (uint8_t)need;
	return true;
}

struct iov_char text_char(const char *s, size_t len)
{
	struct iov_char c = {.code = (uint8_t)s[0], .len = 1, .width = 4}; /* <FF> */

	c.valid = decode((const uint8_t *)s, len, &c);
	c.printable = c.valid && !IN(unsafe, c.code);
	if (c.printable)
		c.width = IN(combining, c.code) ? 0 : IN(wide, c.code) ? 2 : 1;
	else if (c.valid)
		c.width = c.code > 0xffff ? 9 : 8; /* <U+10FFFF> at most has 10, but the unsafe ones end at U+E007F */
	return c;
}

void text_safe(struct iov_buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		struct iov_char c = text_char(s + i, len - i);

		if (c.printable)
			buf_put(out, s + i, c.len);
		else if (c.code == '\t' || c.code == '\n' || c.code == '\r')
			buf_putc(out, ' ');
		else
			buf_printf(out, c.valid ? "<U+%04X>" : "<%02X>", c.code);
		i += c.len;
	}
}

static void json_char(struct iov_buf *out, const char *s, struct iov_char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: character, letter after the backslash */

	for (size_t i = 0; c.valid && i + 1 < sizeof(letters); i += 2) {
		if (c.code == (uint8_t)letters[i]) {
			buf_putc(out, '\\');
			buf_putc(out, letters[i + 1]);
			return;
		}
	}
	if (!c.valid)
		buf_puts(out, "\\ufffd");
	else if (!c.printable && c.code <= 0xffff)
		buf_printf(out, "\\u%04x", c.code);
	else
		buf_put(out, s, c.len);
}

void text_lines(struct iov_buf *out, const char *s, size_t len)
{
	while (len) {
		const char *end = memchr(s, '\n', len);
		size_t part = end ? (size_t)(end - s) : len;

		text_safe(out, s, part);
		if (end)
			buf_putc(out, '\n');
		s += part + (end != NULL);
		len -= part + (end != NULL);
	}
}

void text_json(struct iov_buf *out, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	if (!s) {
		buf_puts(out, "null");
		return;
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < len;) {
		struct iov_char c = text_char(s + i, len - i);

		json_char(out, s + i, c);
		i += c.len;
	}
	buf_putc(out, '"');
}

void text_uri(struct iov_buf *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@";

	if (path[0] == '/')
		buf_puts(out, "file://");
	for (; *path; path++) {
		if (strchr(plain, *path))
			buf_putc(out, *path);
		else
			buf_printf(out, "%%%02X", (uint8_t)*path);
	}
}

enum { WORD = 32 };

unsigned text_distance(const char *a, const char *b, unsigned limit)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned row[WORD + 1];

	if (la > WORD || lb > WORD)
		return limit + 1;
	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned change = diagonal + (a[i - 1] != b[j - 1]);
			unsigned insert = row[j - 1] + 1, drop = row[j] + 1;

			diagonal = row[j];
			row[j] = change < insert ? change : insert;
			row[j] = drop < row[j] ? drop : row[j];
		}
	}
	return row[lb] <= limit ? row[lb] : limit + 1;
}
