/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the order of work: read statements to the end of the text, lay out, resolve, write. */
#include "asm/as_form.h"

#include <stdlib.h>

/* "name:", "12:" at the start of a statement. True when one was there. */
static bool label(struct as *s)
{
	const char *start = s->p, *p = start, *name = start;
	size_t len;

	if (*p == '"') {
		if (!as_word(s, &name, &len))
			return true;
		p = s->p;
	} else {
		while (as_is(*p, AS_C_WORD))
			p++;
		len = (size_t)(p - start);
	}
	while (*p == ' ' || *p == '\t')
		p++;
	if (*p != ':' || !len) {
		s->p = start;
		if (*start == '"')
			as_error(s, start, 0, DIAG_ASM_SYNTAX, "a ':' is expected after the name of a label");
		return *start == '"';
	}
	s->p = p + 1;
	if (*start != '"' && as_register(name, len) != -1)
		as_error(s, start, len, DIAG_ASM_SYNTAX, "a register cannot be used as a label");
	else if (!as_is(*name, AS_C_DIGIT) || *start == '"')
		as_define_label(s, as_intern(s, name, len), name);
	else if (strspn(name, "0123456789") == len)
		as_define_numbered(s, name, len);
	else
		as_error(s, start, len, DIAG_ASM_SYNTAX, "a label is a name, or a number alone");
	return true;
}

/* "name = expression". */
static bool assignment(struct as *s, const char *name, size_t len)
{
	const char *p = name + len;
	struct as_value v;

	while (*p == ' ' || *p == '\t')
		p++;
	if (*p != '=' || p[1] == '=' || as_register(name, len) != -1)
		return false;
	s->p = p + 1;
	if (as_expr(s, &v))
		as_assign(s, as_intern(s, name, len), name, v, true);
	return true;
}

/* A statement that begins with a word and is no label. */
static void word_statement(struct as *s)
{
	const char *name = s->p;
	struct as_word *word;
	size_t len = 0;

	while (as_is(name[len], AS_C_WORD))
		len++;
	if (*name == '.') {
		if (!assignment(s, name, len))
			as_directive(s, name, len);
		return;
	}
	if (s->macro_count && (word = as_word_find(s, name, len)) && word->macro) {
		s->p += len;
		as_macro_call(s, word->macro, name);
		return;
	}
	if (!assignment(s, name, len))
		as_instruction(s);
}

/* One statement; labels before it are statements of their own. */
static void statement(struct as *s)
{
	struct as_frame *frame = s->frame;
	char c = *s->p;

	s->bad = false;
	s->statement = s->p;
	if ((c == 'r' || c == 'w') && as_is(s->p[1], AS_C_DIGIT) && (s->p[2] == ' ' || s->p[2] == '='))
		as_instruction(s);
	else if (as_is(c, AS_C_WORD) || c == '"') {
		if (label(s)) {
			if (s->bad)
				as_skip_statement(s);
			return;
		}
		word_statement(s);
	} else {
		as_instruction(s);
	}
	if (s->frame == frame && (s->bad || !as_end(s))) /* else another text comes first */
		as_skip_statement(s);
}

/* The end of a source: once more, or on with what it stood in. False: that was all. */
static bool pop(struct as *s)
{
	struct as_frame *frame = s->frame;

	if (frame->repeat) {
		frame->repeat--;
		s->expansions++;
		s->p = frame->source->text;
		return true;
	}
	as_flow_end(s, frame->if_depth);
	if (!frame->below)
		return false;
	s->frame = frame->below;
	s->p = s->frame->p;
	return true;
}

/* To the first character of a statement. False: the end of the source. */
static bool next_statement(struct as *s)
{
	for (;;) {
		const char *p = s->p;

		while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
			p++;
		s->p = p;
		switch (*p) {
		case 0:
			if (p >= s->frame->source->end)
				return false;
			as_error(s, p, 1, DIAG_ASM_SYNTAX, "the text holds the character 0");
			s->p++;
			break;
		case ';':
			if (p == s->frame->source->text || p[-1] == '\n')
				as_skip_line(s); /* "; source", as objdump writes it */
			else
				s->p++;
			break;
		case '#':
			if (p == s->frame->source->text || p[-1] == '\n')
				as_marker(s);
			as_skip_line(s);
			break;
		case '/':
			if (p[1] == '/') {
				as_skip_line(s);
				break;
			}
			/* fall through */
		default:
			as_blanks(s);
			if (s->p == p)
				return true;
		}
	}
}

static void read_all(struct as *s)
{
	while (!s->failed_memory) {
		if (!next_statement(s)) {
			if (!pop(s))
				return;
			continue;
		}
		if (as_is_skipping(s))
			as_skip_inactive(s);
		else
			statement(s);
	}
}

/* -D NAME=EXPRESSION, as lines before the first. */
static void define_all(struct as *s)
{
	for (size_t i = 0; i < s->options->defines.count; i++) {
		const char *text = s->options->defines.items[i];
		size_t name = strcspn(text, "="), len;
		char *line =
			arena_printf(s->arena, ".set %.*s, %s\n", (int)name, text, text[name] ? text + name + 1 : "1");
		struct as_source *source;

		if (!line) {
			as_oom(s);
			return;
		}
		len = strlen(line);
		source = as_source_add(s, "<command line>", line, line + len);
		if (source && as_push(s, source, 0))
			read_all(s);
		s->frame = NULL;
	}
}

/* Messages in the order of the text: some mistakes are known only at the end. */
struct ranked {
	struct iov_diag *d;
	uint32_t file, order;
};

static int by_place(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	const struct iov_span *p = &x->d->span, *q = &y->d->span;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	if (p->col != q->col)
		return p->col < q->col ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void sort_messages(struct as *s, struct iov_diag **first)
{
	struct ranked *all;
	uint32_t count = 0;

	for (struct iov_diag *d = *first; d; d = d->next)
		count++;
	all = count > 1 ? arena_array(s->arena, count, sizeof(*all)) : NULL;
	if (!all)
		return;
	count = 0;
	for (struct iov_diag *d = *first; d; d = d->next, count++) {
		all[count] = (struct ranked){d, count, count};
		for (uint32_t i = 0; i < count; i++)
			if (all[i].d->span.file && d->span.file && !strcmp(all[i].d->span.file, d->span.file)) {
				all[count].file = all[i].file;
				break;
			}
	}
	qsort(all, count, sizeof(*all), by_place);
	for (uint32_t i = 0; i < count; i++) {
		*first = all[i].d;
		first = &all[i].d->next;
	}
	*first = NULL;
	s->sink->tail = first;
}

static void clean_up(struct as *s)
{
	for (uint32_t i = 1; i < s->section_count; i++) {
		struct as_section *x = s->sections[i];

		buf_free(&x->data);
		buf_free(&x->marks);
		alloc_free(s->alloc, x->fixups, x->fixup_room * sizeof(*x->fixups));
		alloc_free(s->alloc, x->jumps, x->jump_room * sizeof(*x->jumps));
		alloc_free(s->alloc, x->points, x->point_room * sizeof(*x->points));
		alloc_free(s->alloc, x->relocs.rows, x->relocs.room * sizeof(*x->relocs.rows));
	}
	alloc_free(s->alloc, s->hash, s->hash_size * sizeof(*s->hash));
	as_types_free(s);
}

static enum iov_status assemble(struct as *s, const char *text, size_t len, struct iov_buf *out)
{
	struct as_source *source;

	s->trie = as_trie_make(s);
	if (!s->trie || !as_words_init(s) || !as_anonymous(s))
		return IOV_NOMEM;
	if (s->trie->overflow)
		return IOV_BUG;
	define_all(s);
	source = as_source_add(s, s->main_name, text, text + len);
	if (!source || !as_push(s, source, 0))
		return IOV_NOMEM;
	read_all(s);
	if (!s->failed_memory)
		as_finish(s);
	if (!s->failed_memory && s->options->optimize)
		as_peephole(s);
	if (!s->failed_memory)
		as_layout(s);
	if (!s->failed_memory)
		as_dwarf_finish(s);
	if (!s->failed_memory)
		as_resolve(s);
	if (s->failed_memory)
		return IOV_NOMEM;
	return as_object(s, out);
}

enum iov_status as_assemble(const char *text, size_t len, const char *name, const struct iov_as_options *options,
			    const struct iov_alloc *alloc, struct iov_sink *sink, struct iov_buf *out)
{
	struct iov_arena arena;
	struct as s = {.options = options,
		       .platform = options->platform,
		       .arena = &arena,
		       .alloc = alloc,
		       .sink = sink,
		       .big = options->big_endian,
		       .dialects = 3,
		       .main_name = name};
	struct iov_diag **before;
	enum iov_status status;

	s.cpu = options->cpu ? options->cpu : s.platform ? s.platform->cpu : 4;
	arena_init(&arena, alloc);
	if (len > UINT32_MAX / 2) {
		diag_add(sink, DIAG_FILE_READ, (struct iov_span){.file = name, .insn = -1},
			 "the text has more than 2 GiB");
		return IOV_DIAGNOSED;
	}
	before = sink->tail;
	status = assemble(&s, text, len, out);
	sort_messages(&s, before);
	clean_up(&s);
	arena_free(&arena);
	return status ? status : s.errors ? IOV_DIAGNOSED : IOV_OK;
}
