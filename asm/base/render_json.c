/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON document: {"tool", "version", "diagnostics": [...]}. Members whose value is not known are left out, except
 * "location", which is null. Columns count bytes from 1, as compilers print them. */
#include "asm/base/render_part.h"

static void member(const struct renderer *r, const char *name, const char *value, const char *before)
{
	if (!value)
		return;
	buf_printf(r->out, "%s\"%s\": ", before, name);
	text_json(r->out, value);
}

/* A line end and what stands before the next member; a blank when all goes on one line. */
static void next_line(const struct renderer *r, const char *indent)
{
	buf_putc(r->out, r->one_line ? ' ' : '\n');
	if (!r->one_line)
		buf_puts(r->out, indent);
}

static void put_location(struct renderer *r, const struct iov_span *span)
{
	const char *comma = "";

	buf_puts(r->out, "\"location\": ");
	if (!span->file && span->insn < 0) {
		buf_puts(r->out, "null");
		return;
	}
	buf_putc(r->out, '{');
	if (span->file) {
		member(r, "file", span->file, "");
		if (span->line)
			buf_printf(r->out, ", \"line\": %u", span->line);
		if (span->line && span->col)
			buf_printf(r->out, ", \"column\": %u, \"length\": %u", span->col, span->len);
		comma = ", ";
	}
	if (span->insn >= 0) {
		buf_printf(r->out, "%s\"instruction\": %lld", comma, (long long)span->insn);
		comma = ", ";
	}
	member(r, "program", span->program, comma);
	member(r, "source", span->text, ", ");
	buf_putc(r->out, '}');
}

static void put_notes(struct renderer *r, const struct iov_diag *d)
{
	static const char *const kinds[] = {
		[IOV_NOTE_PLAIN] = "note", [IOV_NOTE_WHY] = "why", [IOV_NOTE_PATH] = "path", [IOV_NOTE_HINT] = "hint"};

	buf_puts(r->out, "\"notes\": [");
	for (const struct iov_note *n = d->notes; n; n = n->next) {
		if (n != d->notes)
			buf_putc(r->out, ',');
		if (n != d->notes || !r->one_line)
			next_line(r, "      ");
		buf_printf(r->out, "{\"kind\": \"%s\", ", kinds[n->kind]);
		member(r, "text", n->text, "");
		buf_puts(r->out, ", ");
		put_location(r, &n->span);
		buf_putc(r->out, '}');
	}
	if (d->notes && !r->one_line)
		next_line(r, "    ");
	buf_putc(r->out, ']');
}

static void put_diag(struct renderer *r, const struct iov_diag *d)
{
	buf_printf(r->out, "%s{\"code\": \"%s\", \"severity\": \"%s\", ", r->one_line ? "" : "    ", diag_code(d->id),
		   d->severity == IOV_FATAL ? "fatal" : render_severity(d->severity));
	member(r, "title", diag_title(d->id), "");
	buf_putc(r->out, ',');
	next_line(r, "    ");
	member(r, "message", d->message, "");
	buf_putc(r->out, ',');
	next_line(r, "    ");
	put_location(r, &d->span);
	buf_putc(r->out, ',');
	next_line(r, "    ");
	put_notes(r, d);
	buf_putc(r->out, '}');
}

void render_json(struct renderer *r)
{
	buf_puts(r->out, "{\n  ");
	member(r, "tool", r->how->tool, "");
	member(r, "version", r->how->version, ", ");
	buf_puts(r->out, ",\n  \"diagnostics\": [");
	for (const struct iov_diag *d = r->sink->first; d; d = d->next) {
		buf_puts(r->out, d == r->sink->first ? "\n" : ",\n");
		put_diag(r, d);
	}
	buf_puts(r->out, r->sink->first ? "\n  ]" : "]");
	if (r->sink->oom)
		buf_puts(r->out, ",\n  \"incomplete\": true");
	buf_puts(r->out, "\n}\n");
}

void diag_render_list(const struct iov_sink *sink, struct iov_buf *out)
{
	struct renderer r = {.sink = sink, .out = out, .one_line = true};

	buf_putc(out, '[');
	for (const struct iov_diag *d = sink->first; d; d = d->next) {
		buf_puts(out, d == sink->first ? "" : ", ");
		put_diag(&r, d);
	}
	buf_putc(out, ']');
}
