/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the way back from mapped paths (compile.c) to files. Messages point at the file that the user's editor knows;
 * the lines of source in .BTF.ext, which LLVM reads by the mapped path and so misses, are filled in. Headers that exist
 * only in the tool are read from it. */
#include "frontend/driver.h"

#include "asm/base/output.h"
#include "linker/object/btf.h"

#include <string.h>
#include <unistd.h>

struct source {
	const char *file; /* as outputs name it */
	const char *text; /* NULL: not to be had */
	size_t len;
	struct source *next;
};

static bool embedded(const char *file, struct source *into)
{
	size_t count, root = strlen(IOV_VIRTUAL_ROOT) - 1;
	const struct iov_virtual_file *files = headers_files(&count);

	if (strncmp(file, IOV_VIRTUAL_ROOT + 1, root))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(file, files[i].path + 1)) {
			into->text = files[i].data;
			into->len = files[i].len;
		}
	}
	return true;
}

/* The file that a mapped path stands for, or NULL. */
static const char *real_path(const char *file, const char *input, struct iov_arena *arena)
{
	const char *slash = strrchr(input, '/'), *path;

	if (input[0] == '/') {
		path = arena_printf(arena, "%.*s/%s", (int)(slash - input), input, file);
		if (path && !access(path, R_OK))
			return path;
	}
	if (!access(file, R_OK))
		return file;
	path = arena_printf(arena, "/%s", file);
	return path && !access(path, R_OK) ? path : NULL;
}

static struct source *source_of(struct source **list, const char *file, const char *input, struct iov_arena *arena)
{
	struct iov_buf bytes = {0};
	struct source *s;
	const char *path;

	for (s = *list; s; s = s->next)
		if (!strcmp(s->file, file))
			return s;
	s = ARENA_NEW(arena, struct source);
	if (!s)
		return NULL;
	*s = (struct source){.file = file, .next = *list};
	*list = s;
	path = embedded(file, s) ? NULL : real_path(file, input, arena);
	if (path) {
		struct iov_sink unread; /* a file that cannot be read has no text; nothing to report */

		sink_init(&unread, NULL);
		if (input_read(path, 16 << 20, &bytes, &unread) == IOV_OK) {
			s->text = arena_copy(arena, bytes.data, bytes.len);
			s->len = bytes.len;
		}
		buf_free(&bytes);
		sink_free(&unread);
	}
	return s;
}

static const char *source_line(const struct source *s, uint32_t line, struct iov_arena *arena)
{
	const char *at = s ? s->text : NULL, *end, *stop;

	if (!at || !line)
		return NULL;
	end = at + s->len;
	while (--line) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (!at || ++at == end)
			return NULL;
	}
	stop = memchr(at, '\n', (size_t)(end - at));
	return arena_copy(arena, at, (size_t)((stop ? stop : end) - at));
}

void places_fill(struct iov_btf_ext *ext, const char *input, struct iov_arena *arena)
{
	struct source *sources = NULL;

	for (uint32_t i = 0; ext && i < ext->count; i++) {
		for (uint32_t j = 0; j < ext->sections[i].line_count; j++) {
			struct iov_btf_line *line = &ext->sections[i].lines[j];
			const char *text;

			if (line->text && *line->text)
				continue;
			text = source_line(source_of(&sources, line->file, input, arena), line->line, arena);
			line->text = text ? text : "";
		}
	}
}

static void resolve(struct iov_span *span, struct source **sources, const char *input, struct iov_arena *arena)
{
	const char *path;

	if (!span->file || span->file[0] == '/')
		return;
	if (span->file[0] == '<') {
		if (!span->text)
			span->text = source_line(source_of(sources, span->file, input, arena), span->line, arena);
		return;
	}
	path = real_path(span->file, input, arena);
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
static void find_column(struct iov_span *span, const char *text, struct source **sources, const char *input,
			struct iov_arena *arena)
{
	const char *line;

	if (span->col || !span->file || !span->line)
		return;
	line = source_line(source_of(sources, span->file, input, arena), span->line, arena);
	if (line)
		span->col = column_of(text, line);
}

void places_resolve(struct iov_sink *sink, const char *input)
{
	struct source *sources = NULL;

	for (struct iov_diag *d = sink->first; d; d = d->next) {
		find_column(&d->span, d->message, &sources, input, &sink->arena);
		for (struct iov_note *n = d->notes; n; n = n->next) {
			find_column(&n->span, n->text, &sources, input, &sink->arena);
			if (n->span.line == d->span.line)
				find_column(&d->span, n->text, &sources, input, &sink->arena);
		}
		resolve(&d->span, &sources, input, &sink->arena);
		for (struct iov_note *n = d->notes; n; n = n->next)
			resolve(&n->span, &sources, input, &sink->arena);
	}
}
