/* SPDX-License-Identifier: Apache-2.0 */
/* Both branches of every #if count, and a header that is not found does not: more words cost a little time, and what is
 * missing shows when Clang compiles. */
#include "frontend/prune.h"

#include "frontend/search.h"

#include <string.h>

enum { FILES_MAX = 2000, DEPTH_MAX = 100 };

struct scan {
	struct mentions *out;
	struct iovcc_files *files;
	struct iov_arena *arena;
	struct search search;
	struct iov_option_list seen;
	bool unknown;
};

static void scan_file(struct scan *s, const char *path, unsigned depth);

/* A header's path, or NULL. */
static const char *find(struct scan *s, const char *name, int len, bool quoted, const char *from)
{
	const char *slash = strrchr(from, '/'), *path;
	size_t quotes = s->search.quote.count;

	if (name[0] == '/')
		return arena_copy(s->arena, name, (size_t)len);
	if (quoted) {
		path = slash ? arena_printf(s->arena, "%.*s/%.*s", (int)(slash - from), from, len, name)
			     : arena_printf(s->arena, "%.*s", len, name);
		if (path && files_exist(s->files, path, s->arena))
			return path;
	}
	for (size_t i = quoted ? 0 : quotes; i < quotes + s->search.angled.count; i++) {
		const char *dir = i < quotes ? s->search.quote.items[i] : s->search.angled.items[i - quotes];

		path = arena_printf(s->arena, "%s/%.*s", dir, len, name);
		if (path && files_exist(s->files, path, s->arena))
			return path;
	}
	return NULL;
}

static void add_word(struct scan *s, const struct c_word *w, uint8_t flags)
{
	struct word_entry *e = words_add(&s->out->words, w->start, w->len);

	if (e)
		e->flags |= flags;
}

static void scan_text(struct scan *s, const char *path, const char *text, size_t len, unsigned depth);

/* #include, or the body of a #define. */
static void scan_directive(struct scan *s, const char *path, const struct c_word *line, unsigned depth)
{
	struct c_reader r;
	struct c_word w;

	c_reader_init(&r, line->start + 1, line->len - 1);
	r.line_start = false;
	w = c_next(&r);
	if (c_is(&w, "include") || c_is(&w, "include_next") || c_is(&w, "import")) {
		struct c_word name = c_next(&r);
		const char *close, *found;
		bool quoted = name.kind == '0' && *name.start == '"';

		close = name.kind == '<' ? memchr(name.start, '>', (size_t)(r.end - name.start))
			: quoted         ? name.start + name.len - 1
					 : NULL;
		if (!close || close == name.start) {
			s->unknown = true;
			return;
		}
		found = find(s, name.start + 1, (int)(close - name.start - 1), quoted, path);
		if (found)
			scan_file(s, found, depth + 1);
	} else if (c_is(&w, "define")) {
		scan_text(s, path, r.at, (size_t)(r.end - r.at), depth);
	}
}

static void scan_text(struct scan *s, const char *path, const char *text, size_t len, unsigned depth)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	uint8_t flags = strcmp(base, "bpf_helper_defs.h") ? WORD_NAMED : WORD_DECLARED;
	bool after_tag = false;
	struct c_reader r;

	c_reader_init(&r, text, len);
	for (struct c_word w = c_next(&r); w.kind && !s->unknown; w = c_next(&r)) {
		if (w.kind == '#' && w.len > 1)
			scan_directive(s, path, &w, depth);
		else if (w.kind == 'a')
			add_word(s, &w, (uint8_t)(flags | (after_tag && flags == WORD_NAMED ? WORD_TAG : 0)));
		after_tag = c_before_tag(&w);
	}
}

static bool is_seen(struct scan *s, const char *path)
{
	for (size_t i = 0; i < s->seen.count; i++)
		if (!strcmp(s->seen.items[i], path))
			return true;
	option_append(&s->seen, path, s->arena);
	return false;
}

static void scan_file(struct scan *s, const char *path, unsigned depth)
{
	const char *text; /* the words point into it; what Clang cannot read either, it reports */
	size_t len;

	if (depth > DEPTH_MAX || s->seen.count > FILES_MAX) {
		s->unknown = true;
		return;
	}
	if (is_seen(s, path))
		return;
	text = files_text(s->files, path, 64 << 20, s->arena, &len);
	if (text && !prune_is_vmlinux(text, len))
		scan_text(s, path, text, len, depth);
}

/* The files that Clang's arguments name, and the words of -D. */
static void read_arguments(struct scan *s, const struct iov_option_list *args, struct iov_option_list *included)
{
	static const char *const options[] = {"-D", "-include", "-imacros"};

	for (size_t i = 0; i < args->count; i++) {
		for (size_t j = 0; j < sizeof(options) / sizeof(options[0]); j++) {
			size_t len = strlen(options[j]);
			const char *value = args->items[i] + len;

			if (strncmp(args->items[i], options[j], len))
				continue;
			if (!*value)
				value = ++i < args->count ? args->items[i] : "";
			if (j)
				option_append(included, value, s->arena);
			else
				scan_text(s, "", value, strlen(value), 0);
			break;
		}
	}
}

bool mentions_collect(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_arena *arena,
		      struct mentions *out)
{
	struct scan s = {.out = out, .files = plan->files, .arena = arena};
	struct iov_option_list included = {0};

	*out = (struct mentions){.words = {.arena = arena}};
	search_read(&plan->clang, NULL, arena, &s.search);
	read_arguments(&s, &plan->clang, &included);
	for (size_t i = 0; i < included.count; i++) {
		const char *found = find(&s, included.items[i], (int)strlen(included.items[i]), true, "");

		if (found)
			scan_file(&s, found, 1);
	}
	scan_file(&s, step->input.path, 0);
	return !s.unknown && !out->words.failed;
}
