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
		buf_printf(r->out, "%s\n      {\"kind\": \"%s\", ", n == d->notes ? "" : ",", kinds[n->kind]);
		member(r, "text", n->text, "");
		buf_puts(r->out, ", ");
		put_location(r, &n->span);
		buf_putc(r->out, '}');
	}
	buf_puts(r->out, d->notes ? "\n    ]" : "]");
}

static void put_diag(struct renderer *r, const struct iov_diag *d)
{
	buf_printf(r->out, "    {\"code\": \"%s\", \"severity\": \"%s\", ", diag_code(d->id),
		   d->severity == IOV_FATAL ? "fatal" : render_severity(d->severity));
	member(r, "title", diag_title(d->id), "");
	member(r, "message", d->message, ",\n    ");
	buf_puts(r->out, ",\n    ");
	put_location(r, &d->span);
	buf_puts(r->out, ",\n    ");
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
