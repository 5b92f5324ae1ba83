/* SPDX-License-Identifier: Apache-2.0 */
/* Text in clang's manner:
 *
 *   fw.c:12:9: error: the read may reach past the packet [IOV-V010]
 *      12 |         len = *(__u16 *)(data + off);
 *         |               ^~~~~~~~~~~~~~~~~~~~~
 *     at:   fw:insn 14
 *     why:  `off` may be 0..65535
 *     path: 1. fw.c:8:6: taken: `ip->version == 4`
 *         8 |         if (ip->version == 4)
 *           |             ^
 *     hint: write `if (data + off + 2 > data_end) return XDP_DROP;` before it
 */
#include "asm/base/render_part.h"

#include <string.h>

enum { TAB = 8, SHOWN = 110, BEFORE_CARET = 60, GUTTER = 5, BODY = 8 };

#define BOLD "\033[1m"
#define RESET "\033[0m"
#define GREEN "\033[1;32m"

static const char *const severity_colours[] = {[IOV_NOTE] = "\033[1;36m",
					       [IOV_WARNING] = "\033[1;35m",
					       [IOV_ERROR] = "\033[1;31m",
					       [IOV_FATAL] = "\033[1;31m"};

static void colour(const struct renderer *r, const char *sequence)
{
	if (r->how->colour)
		buf_puts(r->out, sequence);
}

static void safe(const struct renderer *r, const char *s) { text_safe(r->out, s, strlen(s)); }

static void spaces(const struct renderer *r, size_t count)
{
	while (count-- && !r->out->failed)
		buf_putc(r->out, ' ');
}

/* Text that may have several lines: the later ones start at `indent`, so that none can pass for a diagnostic. */
static void put_lines(const struct renderer *r, const char *s, size_t indent)
{
	for (;;) {
		size_t len = strcspn(s, "\n");

		text_safe(r->out, s, len);
		buf_putc(r->out, '\n');
		s += len;
		if (!*s || !*++s)
			return;
		spaces(r, indent);
	}
}

/* "file:line:col" as far as they are known; false when nothing is. */
static bool put_place(const struct renderer *r, const struct iov_span *span)
{
	if (span->file) {
		safe(r, span->file);
		if (span->line)
			buf_printf(r->out, ":%u", span->line);
		if (span->line && span->col)
			buf_printf(r->out, ":%u", span->col);
	} else if (span->insn >= 0) {
		safe(r, span->program ? span->program : "program");
		buf_printf(r->out, ":insn %lld", (long long)span->insn);
	} else {
		return false;
	}
	return true;
}

/* Columns that the character at `s` takes when it starts at `column`. */
static size_t columns(const char *s, struct iov_char c, size_t column)
{
	return *s == '\t' ? TAB - column % TAB : c.width;
}

/* The display column at which byte `at` of the line begins. */
static size_t column_of(struct source_line line, size_t at)
{
	size_t column = 0;

	for (size_t i = 0; i < line.len && i < at;) {
		struct iov_char c = text_char(line.text + i, line.len - i);

		column += columns(line.text + i, c, column);
		i += c.len;
	}
	return column + (at > line.len ? at - line.len : 0);
}

/* The part of the line whose columns lie in [from, from + SHOWN), with dots where something is cut. */
static void put_window(const struct renderer *r, struct source_line line, size_t from)
{
	size_t column = 0, i = 0;

	if (from)
		buf_puts(r->out, "...");
	while (i < line.len) {
		struct iov_char c = text_char(line.text + i, line.len - i);
		size_t width = columns(line.text + i, c, column);

		if (column + width > from + SHOWN)
			break;
		if (column >= from && line.text[i] == '\t')
			spaces(r, width);
		else if (column >= from)
			text_safe(r->out, line.text + i, c.len);
		else if (column + width > from)
			spaces(r, column + width - from); /* half of a wide character or tab */
		column += width;
		i += c.len;
	}
	buf_puts(r->out, i < line.len ? "...\n" : "\n");
}

static void put_marks(const struct renderer *r, size_t caret, size_t end, size_t from)
{
	size_t last = from + SHOWN;

	spaces(r, caret - from + (from ? 3 : 0));
	colour(r, GREEN);
	buf_putc(r->out, '^');
	for (size_t column = caret + 1; column < end && column < last; column++)
		buf_putc(r->out, '~');
	colour(r, RESET);
	buf_putc(r->out, '\n');
}

/* The source line and its marks; nothing when the line is not known. */
static void put_source(struct renderer *r, const struct iov_span *span)
{
	struct source_line line = render_source(r, span);
	size_t at = span->col ? span->col - 1 : 0, caret, end, from;

	if (!line.text)
		return;
	if (at > line.len)
		at = line.len;
	caret = column_of(line, at);
	end = column_of(line, span->len < line.len - at ? at + span->len : line.len);
	from = caret < SHOWN ? 0 : caret - BEFORE_CARET;
	if (span->line)
		buf_printf(r->out, "%*u | ", GUTTER, span->line);
	else
		buf_printf(r->out, "%*s | ", GUTTER, "");
	put_window(r, line, from);
	if (!span->col)
		return;
	buf_printf(r->out, "%*s | ", GUTTER, "");
	put_marks(r, caret, end, from);
}

static void put_message(const struct renderer *r, const struct iov_span *span, enum iov_severity severity,
			const char *message, const char *code)
{
	colour(r, BOLD);
	if (!put_place(r, span))
		buf_puts(r->out, r->how->tool);
	buf_puts(r->out, ": ");
	colour(r, severity_colours[severity]);
	buf_printf(r->out, "%s: ", render_severity(severity));
	colour(r, RESET);
	if (severity != IOV_NOTE)
		colour(r, BOLD);
	if (!code) {
		put_lines(r, message, BODY);
		return;
	}
	safe(r, message);
	colour(r, RESET);
	buf_printf(r->out, " [%s]\n", code);
}

/* "  why:  " before the first of a kind, as many spaces before the others. */
static void put_heading(const struct renderer *r, const char *heading, bool first)
{
	buf_puts(r->out, "  ");
	if (first)
		colour(r, BOLD);
	buf_printf(r->out, "%-5s", first ? heading : "");
	if (first)
		colour(r, RESET);
	buf_putc(r->out, ' ');
}

static void put_part(struct renderer *r, const struct iov_diag *d, enum iov_note_kind kind, const char *heading)
{
	unsigned step = 0;

	for (const struct iov_note *n = d->notes; n; n = n->next) {
		if (n->kind != kind)
			continue;
		put_heading(r, heading, !step++);
		if (kind == IOV_NOTE_PATH)
			buf_printf(r->out, "%u. ", step);
		if (put_place(r, &n->span))
			buf_puts(r->out, ": ");
		put_lines(r, n->text, BODY);
		put_source(r, &n->span);
	}
}

static void put_diag(struct renderer *r, const struct iov_diag *d)
{
	put_message(r, &d->span, d->severity, d->message, diag_code(d->id));
	put_source(r, &d->span);
	for (const struct iov_note *n = d->notes; n; n = n->next) {
		if (n->kind != IOV_NOTE_PLAIN)
			continue;
		put_message(r, &n->span, IOV_NOTE, n->text, NULL);
		put_source(r, &n->span);
	}
	if (d->span.file && d->span.insn >= 0) {
		put_heading(r, "at:", true);
		safe(r, d->span.program ? d->span.program : "program");
		buf_printf(r->out, ":insn %lld\n", (long long)d->span.insn);
	}
	put_part(r, d, IOV_NOTE_WHY, "why:");
	put_part(r, d, IOV_NOTE_PATH, "path:");
	put_part(r, d, IOV_NOTE_HINT, "hint:");
}

void render_text(struct renderer *r)
{
	for (const struct iov_diag *d = r->sink->first; d; d = d->next) {
		if (!d->told || !r->how->skip_told)
			put_diag(r, d);
	}
	if (r->sink->oom)
		buf_printf(r->out, "%s: error: out of memory: some diagnostics are missing\n", r->how->tool);
}
