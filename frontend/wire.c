/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the form in which a child hands its result to the driver: status, diagnostics, output, make rule. Little-endian
 * lengths before every text; a length of UINT32_MAX is no text. */
#include "frontend/driver.h"

#include "asm/base/cursor.h"

#include <string.h>

enum { WIRE_MAGIC = 0x31564f49 };

static void put_u32(struct iov_buf *out, uint32_t v)
{
	buf_u32(out, v, false);
}

static void put_text(struct iov_buf *out, const char *text)
{
	put_u32(out, text ? (uint32_t)strlen(text) : UINT32_MAX);
	if (text)
		buf_put(out, text, strlen(text) + 1);
}

static void put_span(struct iov_buf *out, const struct iov_span *span)
{
	put_text(out, span->file);
	put_text(out, span->text);
	put_text(out, span->program);
	put_u32(out, span->line);
	put_u32(out, span->col);
	put_u32(out, span->len);
	buf_u64(out, (uint64_t)span->insn, false);
}

static void put_diag(struct iov_buf *out, const struct iov_diag *d)
{
	uint32_t notes = 0;

	put_u32(out, d->id);
	put_u32(out, d->severity);
	put_span(out, &d->span);
	put_text(out, d->message);
	for (const struct iov_note *n = d->notes; n; n = n->next)
		notes++;
	put_u32(out, notes);
	for (const struct iov_note *n = d->notes; n; n = n->next) {
		put_u32(out, n->kind);
		put_span(out, &n->span);
		put_text(out, n->text);
	}
}

static void put_bytes(struct iov_buf *out, const struct iov_buf *from)
{
	buf_u64(out, from->len, false);
	buf_put(out, from->data, from->len);
}

void wire_write(enum iov_status status, const struct iov_sink *sink, const struct iovcc_result *result,
		struct iov_buf *out)
{
	uint32_t count = 0;

	for (const struct iov_diag *d = sink->first; d; d = d->next)
		count++;
	put_u32(out, WIRE_MAGIC);
	put_u32(out, status);
	put_u32(out, result->loops_made);
	put_u32(out, count);
	for (const struct iov_diag *d = sink->first; d; d = d->next)
		put_diag(out, d);
	put_bytes(out, &result->out);
	put_bytes(out, &result->deps);
}

static const char *get_text(struct iov_cursor *c)
{
	uint32_t len = cursor_u32(c);
	const uint8_t *text;

	if (len == UINT32_MAX || c->bad)
		return NULL;
	text = cursor_bytes(c, (size_t)len + 1);
	if (text && text[len]) {
		c->bad = true;
		return NULL;
	}
	return (const char *)text;
}

static struct iov_span get_span(struct iov_cursor *c)
{
	struct iov_span span;

	span.file = get_text(c);
	span.text = get_text(c);
	span.program = get_text(c);
	span.line = cursor_u32(c);
	span.col = cursor_u32(c);
	span.len = cursor_u32(c);
	span.insn = (int64_t)cursor_u64(c);
	return span;
}

static void get_diag(struct iov_cursor *c, struct iov_sink *sink)
{
	uint32_t id = cursor_u32(c), severity = cursor_u32(c), notes;
	struct iov_span span = get_span(c);
	const char *message = get_text(c), *text;
	struct iov_diag *d;

	if (c->bad || id >= DIAG_COUNT || severity > IOV_FATAL) {
		c->bad = true;
		return;
	}
	d = diag_add(sink, id, span, "%s", message ? message : "");
	diag_grade(sink, d, severity);
	for (notes = cursor_u32(c); notes && !c->bad; notes--) {
		uint32_t kind = cursor_u32(c);

		span = get_span(c);
		text = get_text(c);
		if (!c->bad && kind <= IOV_NOTE_HINT)
			diag_note(d, kind, span, "%s", text ? text : "");
	}
}

static void get_bytes(struct iov_cursor *c, struct iov_buf *into)
{
	size_t len = cursor_u64(c);
	const uint8_t *bytes = cursor_bytes(c, len);

	if (bytes)
		buf_put(into, bytes, len);
}

bool wire_read(const struct iov_buf *in, enum iov_status *status, struct iov_sink *sink, struct iovcc_result *result)
{
	struct iov_cursor c;
	uint32_t count;

	cursor_init(&c, in->data, in->len, false);
	if (cursor_u32(&c) != WIRE_MAGIC)
		return false;
	*status = cursor_u32(&c);
	result->loops_made = cursor_u32(&c);
	for (count = cursor_u32(&c); count && !c.bad; count--)
		get_diag(&c, sink);
	get_bytes(&c, &result->out);
	get_bytes(&c, &result->deps);
	return !c.bad && *status <= IOV_BUG && !result->out.failed && !result->deps.failed;
}
