/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the texts that are read, the stack of them, and the way from a pointer into a text to file, line and column.
 * Nothing is counted while statements are read; the first message about a source indexes its lines. */
#include "asm/as_part.h"

#include <stdarg.h>

enum { MAX_DEPTH = 64, MAX_ERRORS = 1000 };

void *as_oom(struct as *s)
{
	s->failed_memory = true;
	s->bad = true;
	return NULL;
}

struct as_source *as_source_add(struct as *s, const char *name, const char *text, const char *end)
{
	struct as_source *source = ARENA_NEW(s->arena, struct as_source);

	if (!source)
		return as_oom(s);
	*source = (struct as_source){.name = name, .text = text, .end = end, .next = s->sources};
	s->sources = source;
	return source;
}

struct as_source *as_source_of(const struct as *s, const char *at)
{
	for (struct as_source *source = s->sources; source; source = source->next)
		if (at >= source->text && at <= source->end)
			return source;
	return NULL;
}

static bool index_lines(struct as *s, struct as_source *source)
{
	uint32_t count = 1, n = 0;

	if (source->lines)
		return true;
	for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(source->end - p))); p++)
		count++;
	source->lines = arena_array(s->arena, count, sizeof(*source->lines));
	if (!source->lines)
		return as_oom(s);
	source->lines[n++] = 0;
	for (const char *p = source->text; (p = memchr(p, '\n', (size_t)(source->end - p))); p++)
		source->lines[n++] = (uint32_t)(p + 1 - source->text);
	source->line_count = n;
	return true;
}

/* Index of the line that holds byte `offset`. */
static uint32_t find_line(const struct as_source *source, uint32_t offset)
{
	uint32_t low = 0, high = source->line_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (source->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t as_line(struct as *s, const char *at, const char **file, uint32_t *col)
{
	struct as_source *source = as_source_of(s, at);
	uint32_t line, begin;

	*file = NULL;
	if (!source || !index_lines(s, source))
		return 0;
	line = find_line(source, (uint32_t)(at - source->text));
	begin = source->lines[line];
	if (col)
		*col = (uint32_t)(at - source->text) - begin + 1;
	*file = source->name;
	for (const struct as_marker *m = source->markers; m; m = m->next)
		if (m->at <= source->text + begin) {
			*file = m->file;
			return m->line + line - find_line(source, (uint32_t)(m->at - source->text));
		}
	return line + 1;
}

/* The text of a line of an expansion, which no file has. */
static const char *line_text(struct as *s, const struct as_source *source, const char *at)
{
	const char *begin = at, *end = at;

	while (begin > source->text && begin[-1] != '\n')
		begin--;
	while (end < source->end && *end != '\n')
		end++;
	return arena_copy(s->arena, begin, (size_t)(end - begin));
}

struct iov_span as_span(struct as *s, const char *at, size_t len)
{
	struct iov_span span = IOV_NOWHERE;
	struct as_source *source = as_source_of(s, at);

	if (!source)
		return span;
	span.line = as_line(s, at, &span.file, &span.col);
	span.len = (uint32_t)len;
	if (source->macro) {
		/* an expansion has lines of its own: its file is the one that it came from, its line the body's */
		const struct as_source *body = as_source_of(s, source->origin);
		uint32_t line = span.line;

		span.line = body ? as_line(s, source->origin, &span.file, NULL) + line - 1 : line;
	}
	span.text = line_text(s, source, at);
	if (!span.text)
		as_oom(s);
	return span;
}

/* Bytes of the word or character at `at`. */
static size_t width_at(const char *at)
{
	const char *p = at;

	while (as_is(*p, AS_C_WORD))
		p++;
	return p > at ? (size_t)(p - at) : as_is(*p, AS_C_END) || as_is(*p, AS_C_BLANK) ? 0 : 1;
}

static void note_expansions(struct as *s, struct iov_diag *d, const struct as_source *source)
{
	for (unsigned i = 0; source && source->from && i < 3; i++, source = source->from)
		diag_path(d, as_span(s, source->at, width_at(source->at)), source->macro ? "in %s%s" : "%s%s from here",
			  source->macro ? "the expansion of " : "included", source->macro ? source->macro : "");
}

static struct iov_diag *add(struct as *s, const char *at, size_t len, enum iov_diag_id id, const char *fmt, va_list ap)
{
	const char *text = arena_vprintf(s->arena, fmt, ap);
	struct iov_diag *d;

	if (!text)
		as_oom(s);
	d = diag_add(s->sink, id, as_span(s, at, len ? len : width_at(at)), "%s", text ? text : "");
	note_expansions(s, d, as_source_of(s, at));
	return d;
}

/* A repetition reads the same text again: a mistake in it is one mistake. */
static bool said_already(struct as *s, const char *at, enum iov_diag_id id)
{
	for (uint32_t i = 0; i < AS_RECENT; i++)
		if (s->recent[i].at == at && s->recent[i].id == id)
			return true;
	s->recent[s->errors % AS_RECENT].at = at;
	s->recent[s->errors % AS_RECENT].id = id;
	return false;
}

struct iov_diag *as_error(struct as *s, const char *at, size_t len, enum iov_diag_id id, const char *fmt, ...)
{
	struct iov_diag *d = &s->sink->scratch;
	va_list ap;

	s->bad = true;
	if (said_already(s, at, id))
		return d;
	if (s->errors < MAX_ERRORS && !s->failed_memory) {
		va_start(ap, fmt);
		d = add(s, at, len, id, fmt, ap);
		va_end(ap);
	}
	s->errors++;
	return d;
}

struct iov_diag *as_warn(struct as *s, const char *at, size_t len, enum iov_diag_id id, const char *fmt, ...)
{
	struct iov_diag *d;
	va_list ap;

	va_start(ap, fmt);
	d = add(s, at, len, id, fmt, ap);
	va_end(ap);
	return d;
}

bool as_push(struct as *s, struct as_source *source, uint64_t repeat)
{
	struct as_frame *frame = ARENA_NEW(s->arena, struct as_frame);

	if (!frame)
		return as_oom(s);
	source->depth = source->from ? source->from->depth + 1 : 0;
	if (source->depth > MAX_DEPTH) {
		as_error(s, source->at, 0, DIAG_ASM_NESTING,
			 source->macro ? "macros are expanded more than %d deep"
				       : "files are included more than %d deep",
			 MAX_DEPTH);
		return false;
	}
	if (s->frame)
		s->frame->p = s->p;
	*frame = (struct as_frame){.source = source, .repeat = repeat, .below = s->frame, .if_depth = s->if_depth};
	s->frame = frame;
	s->p = source->text;
	return true;
}

bool as_push_text(struct as *s, const char *what, const char *at, const char *origin, const char *text, size_t len,
		  uint64_t repeat)
{
	struct as_source *source = as_source_add(s, s->frame->source->name, text, text + len);

	if (!source)
		return false;
	source->from = s->frame->source;
	source->at = at;
	source->macro = what;
	source->origin = origin;
	return as_push(s, source, repeat);
}

/* `# 12 "file.c" 1 3`, from the C preprocessor: the next line is line 12 of that file. */
void as_marker(struct as *s)
{
	const char *p = s->p + 1;
	struct as_source *source = s->frame->source;
	struct as_marker *m;
	uint64_t line = 0;
	size_t len;

	while (*p == ' ')
		p++;
	if (!strncmp(p, "line ", 5))
		p += 5;
	if (!as_is(*p, AS_C_DIGIT))
		return;
	for (; as_is(*p, AS_C_DIGIT); p++)
		line = line > UINT32_MAX ? line : line * 10 + (uint64_t)(*p - '0');
	while (*p == ' ')
		p++;
	if (*p != '"')
		return;
	s->p = p;
	s->bad = false; /* of the statement before */
	m = ARENA_NEW(s->arena, struct as_marker);
	if (!m) {
		as_oom(s);
		return;
	}
	if (!as_string(s, &m->file, &len))
		return;
	as_skip_line(s);
	m->at = s->p + (*s->p == '\n');
	m->line = (uint32_t)line;
	m->next = source->markers;
	source->markers = m;
}
