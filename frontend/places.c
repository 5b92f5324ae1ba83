/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the way back from mapped paths (compile.c) to files. Messages point at the file that the user's editor knows;
 * the lines of source in .BTF.ext, which LLVM reads by the mapped path and so misses, are filled in. Headers that exist
 * only in the tool are read from it. */
#include "frontend/driver.h"

#include "linker/object/btf.h"

#include <string.h>

struct source {
	const char *file; /* as outputs name it */
	const char *text; /* NULL: not to be had */
	size_t len;
	const char **lines; /* where each begins */
	uint32_t line_count;
	struct source *next;
};

/* Where messages and line information are looked up. */
struct lookup {
	struct iovcc_files *files, disk; /* disk: where there is no compile's own */
	const char *input;
	struct iov_arena *arena;
	struct source *sources;
};

/* The file that a mapped path stands for, or NULL. */
static const char *real_path(struct lookup *l, const char *file)
{
	const char *slash = strrchr(l->input, '/'), *path;

	if (!strncmp(file, IOV_VIRTUAL_ROOT + 1, sizeof(IOV_VIRTUAL_ROOT) - 2))
		return arena_printf(l->arena, "/%s", file);
	if (l->input[0] == '/') {
		path = arena_printf(l->arena, "%.*s/%s", (int)(slash - l->input), l->input, file);
		if (path && files_exist(l->files, path, l->arena))
			return path;
	}
	if (files_exist(l->files, file, l->arena))
		return file;
	path = arena_printf(l->arena, "/%s", file);
	return path && files_exist(l->files, path, l->arena) ? path : NULL;
}

static void start(struct lookup *l, const struct iovcc_plan *plan, const char *input, struct iov_arena *arena)
{
	*l = (struct lookup){.files = plan->files ? plan->files : &l->disk, .input = input, .arena = arena};
}

static void find_lines(struct source *s, struct iov_arena *arena)
{
	const char *at = s->text, *end = at + s->len;
	size_t room = 0;

	while (at && at < end && arena_grow(arena, &s->lines, s->line_count, &room, sizeof(*s->lines))) {
		s->lines[s->line_count++] = at;
		at = memchr(at, '\n', (size_t)(end - at));
		at += !!at;
	}
}

static struct source *source_of(struct lookup *l, const char *file)
{
	struct source *s;
	const char *path;

	for (s = l->sources; s; s = s->next)
		if (!strcmp(s->file, file))
			return s;
	s = ARENA_NEW(l->arena, struct source);
	if (!s)
		return NULL;
	*s = (struct source){.file = file, .next = l->sources};
	l->sources = s;
	path = real_path(l, file);
	if (path)
		s->text = files_text(l->files, path, 16 << 20, l->arena, &s->len);
	if (s->text)
		find_lines(s, l->arena);
	return s;
}

static const char *source_line(const struct source *s, uint32_t line, struct iov_arena *arena)
{
	const char *at, *end, *stop;

	if (!s || !line || line > s->line_count)
		return NULL;
	at = s->lines[line - 1];
	end = s->text + s->len;
	stop = memchr(at, '\n', (size_t)(end - at));
	return arena_copy(arena, at, (size_t)((stop ? stop : end) - at));
}

void places_fill(const struct iovcc_plan *plan, struct iov_btf_ext *ext, const char *input, struct iov_arena *arena)
{
	struct lookup l;

	start(&l, plan, input, arena);
	for (uint32_t i = 0; ext && i < ext->count; i++) {
		for (uint32_t j = 0; j < ext->sections[i].line_count; j++) {
			struct iov_btf_line *line = &ext->sections[i].lines[j];
			const char *text;

			if (line->text && *line->text)
				continue;
			text = source_line(source_of(&l, line->file), line->line, arena);
			line->text = text ? text : "";
		}
	}
}

static void resolve(struct lookup *l, struct iov_span *span)
{
	const char *path;

	if (!span->file || span->file[0] == '/')
		return;
	if (span->file[0] == '<') {
		if (!span->text)
			span->text = source_line(source_of(l, span->file), span->line, l->arena);
		return;
	}
	path = real_path(l, span->file);
	if (path)
		span->file = path;
}

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The column of the first word between backticks in `text` that stands in the line of source; 0: none does. */
static uint32_t column_of(const char *text, const char *line)
{
	for (const char *open = strchr(text, '`'), *close; open; open = strchr(close + 1, '`')) {
		size_t len = strcspn(open + 1, "`");

		close = open + 1 + len;
		for (const char *at = line; len && *close; at++) {
			at = memmem(at, strlen(at), open + 1, len);
			if (!at)
				break;
			if ((at == line || !is_word(at[-1])) && !is_word(at[len]))
				return (uint32_t)(at - line) + 1;
		}
		if (!*close)
			break;
	}
	return 0;
}

/* LLVM's remarks about variables and functions have lines without columns: what is named shows the place. */
static void find_column(struct lookup *l, struct iov_span *span, const char *text)
{
	const char *line;

	if (span->col || !span->file || !span->line)
		return;
	line = source_line(source_of(l, span->file), span->line, l->arena);
	if (line)
		span->col = column_of(text, line);
}

void places_resolve(const struct iovcc_plan *plan, struct iov_sink *sink, const char *input)
{
	struct lookup l;

	start(&l, plan, input, &sink->arena);
	for (struct iov_diag *d = sink->first; d; d = d->next) {
		find_column(&l, &d->span, d->message);
		for (struct iov_note *n = d->notes; n; n = n->next) {
			find_column(&l, &n->span, n->text);
			if (n->span.line == d->span.line)
				find_column(&l, &d->span, n->text);
		}
		resolve(&l, &d->span);
		for (struct iov_note *n = d->notes; n; n = n->next)
			resolve(&l, &n->span);
	}
}
