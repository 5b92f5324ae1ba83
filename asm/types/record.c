/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the directives whose records belong to instructions, and those that say how .BTF is written. */
#include "asm/types/part.h"

static struct record *record_add(struct types *t, enum record_kind kind, const struct lexer *l, struct types_at at)
{
	struct record *r = TYPES_NEW(t, struct record);

	r->kind = kind;
	r->at = l->token.at;
	r->len = l->token.len;
	r->place = at;
	TYPES_APPEND(t, t->record_tail, r);
	return r;
}

/* .line ["file",] LINE[:COLUMN][, "text"] */
static void line(struct lexer *l, struct types_at at)
{
	struct types *t = l->t;
	struct record *r = record_add(t, RECORD_LINE, l, at);
	uint64_t line = 0, col = 0;

	t->has_line = true;
	if (l->token.kind == TOKEN_STRING) {
		t->file = l->token.name;
		lex_next(l);
		if (!lex_want(l, ',', "after the file"))
			return;
	}
	if (!t->file) {
		lex_error(l, "the first .line names its file: .line \"file.c\", 12:7");
		t->file = "";
	}
	if (!lex_want_number(l, "a line number", (1 << 22) - 1, &line) ||
	    (lex_take(l, ':') && !lex_want_number(l, "a column", 1023, &col)))
		return;
	r->name = t->file;
	r->line = (uint32_t)line;
	r->col = (uint32_t)col;
	r->text = "";
	if (lex_take(l, ','))
		r->text = lex_want_name(l, "the source line as a string");
}

static void func(struct lexer *l, struct types_at at)
{
	struct record *r = record_add(l->t, RECORD_FUNC, l, at);

	l->t->has_func = true;
	if (lex_is(l, '@'))
		r->type = declare_type(l);
	else
		r->name = lex_want_name(l, "a function of the .btf block");
}

static bool core_kind(struct lexer *l, uint32_t *kind)
{
	uint64_t n;

	if (l->token.kind == TOKEN_NUMBER) {
		bool fine = lex_want_number(l, "a kind", UINT32_MAX, &n);

		*kind = (uint32_t)n;
		return fine;
	}
	for (*kind = 0; core_kind_name(*kind); ++*kind)
		if (lex_take_word(l, core_kind_name(*kind)))
			return true;
	lex_error(l,
		  "kinds of CO-RE records are byte_off, byte_sz, field_exists, signed, lshift_u64, rshift_u64, "
		  "local_type_id, target_type_id, type_exists, type_size, enumval_exists, enumval_value, type_matches");
	return false;
}

/* .core KIND, TYPE[, PATH] */
static void core(struct lexer *l, struct types_at at)
{
	struct record *r = record_add(l->t, RECORD_CORE, l, at);

	if (!core_kind(l, &r->core_kind) || !lex_want(l, ',', "after the kind") || !(r->type = declare_type(l)))
		return;
	r->path = l->token.at;
	if (!lex_take(l, ','))
		return;
	r->path = l->token.at;
	if (l->token.kind == TOKEN_STRING) {
		r->name = l->token.name;
		lex_next(l);
		return;
	}
	for (; l->token.kind != TOKEN_END && !l->failed; lex_next(l))
		r->path_len = (size_t)(l->token.at + l->token.len - r->path);
}

static void add_string(struct lexer *l)
{
	struct string_list *s = &l->t->strings;

	do {
		const char *text = l->token.kind == TOKEN_STRING ? l->token.name : NULL;

		if (!text) {
			lex_error(l, "expected a string");
			return;
		}
		lex_next(l);
		if (s->count == s->room) {
			uint32_t room = s->room * 2 + 16;
			const char **more = arena_array(l->t->arena, room, sizeof(*more));

			if (!more) {
				l->t->oom = true;
				return;
			}
			if (s->count)
				memcpy(more, s->items, s->count * sizeof(*more));
			s->items = more;
			s->room = room;
		}
		s->items[s->count++] = text;
	} while (lex_take(l, ','));
}

static void form(struct lexer *l)
{
	if (lex_take_word(l, "llvm"))
		l->t->form = FORM_LLVM;
	else if (lex_take_word(l, "iov"))
		l->t->form = FORM_IOV;
	else
		lex_error(l, "expected iov or llvm");
}

static void automatic(struct lexer *l)
{
	if (lex_take_word(l, "off"))
		l->t->no_auto = true;
	else if (!lex_take_word(l, "on"))
		lex_error(l, "expected on or off");
}

enum iov_status types_directive(struct types *t, const char *name, const struct types_text *operands,
				struct types_at at)
{
	struct lexer l;

	lex_init(&l, t, operands, true);
	t->any = true;
	if (!strcmp(name, "line"))
		line(&l, at);
	else if (!strcmp(name, "core"))
		core(&l, at);
	else if (!strcmp(name, "btf_func"))
		func(&l, at);
	else if (!strcmp(name, "btf_string"))
		add_string(&l);
	else if (!strcmp(name, "btf_form"))
		form(&l);
	else if (!strcmp(name, "btf_auto"))
		automatic(&l);
	if (!l.failed && l.token.kind != TOKEN_END)
		lex_error(&l, "nothing is expected here");
	return t->oom ? IOV_NOMEM : l.failed ? IOV_DIAGNOSED : IOV_OK;
}

void types_source_line(struct types *t, struct types_at at, const char *file, uint32_t line, uint32_t col,
		       const char *text)
{
	struct record *r = TYPES_NEW(t, struct record);

	*r = (struct record){.kind = RECORD_LINE, .place = at, .name = file, .text = text, .line = line, .col = col};
	TYPES_APPEND(t, t->record_tail, r);
}

bool types_any(const struct types *t)
{
	return t->any || t->defs;
}
bool types_wants_lines(const struct types *t)
{
	return t->defs && !t->has_line && !t->no_auto;
}
