/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: macros and repetitions. An expansion is a text of its own that is read like a file; it stays as long as the
 * assembler, because messages at the end still point into it. */
#include "asm/as_part.h"

enum { MAX_PARAMS = 64, MAX_EXPANSION = 1 << 30 };

struct param {
	const char *name, *value; /* value: default, or the argument */
	size_t len, value_len;
	bool required, vararg, given;
};
struct as_macro {
	const char *name, *body, *at;
	size_t body_len;
	struct param *params;
	uint32_t count;
};

bool as_may_expand(struct as *s, uint64_t bytes, const char *at)
{
	uint64_t most = s->options->limit ? s->options->limit : MAX_EXPANSION;

	s->expanded += bytes;
	if (s->expanded <= most)
		return true;
	if (!s->expansion_reported)
		as_error(s, at, 0, DIAG_ASM_NESTING,
			 "macros, repetitions and included files come to more than %llu bytes",
			 (unsigned long long)most);
	s->expansion_reported = s->bad = true;
	s->p = s->frame->source->end; /* whatever made it so big would go on and on */
	for (struct as_frame *f = s->frame; f; f = f->below) {
		f->repeat = 0;
		f->p = f->source->end;
	}
	return false;
}

/* The lines up to the directive that closes a block, which is taken. False: diagnosed. */
static bool capture(struct as *s, const char *at, const char *const *opens, const char *const *closes,
		    const char **body, size_t *len)
{
	const char *end = s->frame->source->end;
	unsigned depth = 1;

	as_skip_line(s);
	s->p += s->p < end;
	*body = s->p;
	while (s->p < end) {
		const char *line = s->p, *p = line, *word;
		size_t n = 0;

		while (*p == ' ' || *p == '\t')
			p++;
		word = p;
		while (as_is(word[n], AS_C_WORD))
			n++;
		for (int i = 0; n && opens[i]; i++)
			depth += as_word_is(word, n, opens[i]);
		for (int i = 0; n && closes[i]; i++)
			if (as_word_is(word, n, closes[i]) && !--depth) {
				*len = (size_t)(line - *body);
				s->p = word + n;
				return true;
			}
		as_skip_line(s);
		s->p += s->p < end;
	}
	as_error(s, at, 0, DIAG_ASM_BLOCK, "this has no %s", closes[0]);
	return false;
}

/* One argument: up to a comma outside of brackets and strings; without blanks around it. */
static size_t argument(struct as *s, bool rest, const char **text)
{
	const char *p;
	int depth = 0;

	as_blanks(s);
	*text = p = s->p;
	while (!as_is(*p, AS_C_END) && !(p[0] == '/' && p[1] == '/') && (rest || depth > 0 || *p != ',')) {
		depth += (*p == '(' || *p == '[') - (*p == ')' || *p == ']');
		if (*p++ != '"')
			continue;
		while (*p && *p != '\n' && *p != '"')
			p += p[0] == '\\' && p[1] && p[1] != '\n' ? 2 : 1;
		p += *p == '"';
	}
	s->p = p;
	while (p > *text && as_is(p[-1], AS_C_BLANK))
		p--;
	return (size_t)(p - *text);
}

static bool parse_param(struct as *s, struct param *p)
{
	if (!as_want_word(s, "a parameter's name", &p->name, &p->len))
		return false;
	as_blanks(s);
	if (*s->p == ':') {
		const char *word;
		size_t len;

		s->p++;
		if (!as_want_word(s, "req or vararg", &word, &len))
			return false;
		p->required = as_word_is(word, len, "req");
		p->vararg = as_word_is(word, len, "vararg");
		if (!p->required && !p->vararg) {
			as_error(s, word, len, DIAG_ASM_SYNTAX, "a parameter is :req or :vararg");
			return false;
		}
		as_blanks(s);
	}
	if (*s->p == '=') {
		s->p++;
		p->value_len = argument(s, false, &p->value);
	}
	return true;
}

void as_dir_macro(struct as *s, int arg, const char *at)
{
	static const char *const opens[] = {".macro", NULL}, *const closes[] = {".endm", ".endmacro", NULL};
	struct as_macro *m = ARENA_NEW(s->arena, struct as_macro);
	struct param params[MAX_PARAMS] = {0};
	const struct as_word *old;
	bool known;
	size_t len;

	(void)arg;
	if (!m) {
		as_oom(s);
		return;
	}
	if (!as_want_word(s, "the macro's name", &m->name, &len))
		return;
	m->at = s->p - len;
	old = as_word_find(s, m->name, len);
	known = old && old->macro;
	for (as_comma(s); !as_at_end(s) && !s->bad; as_comma(s)) {
		if (m->count == MAX_PARAMS)
			as_error(s, s->p, 0, DIAG_ASM_NESTING, "a macro has at most %d parameters", MAX_PARAMS);
		else
			parse_param(s, &params[m->count++]);
	}
	if (known)
		as_error(s, m->at, 0, DIAG_ASM_DUPLICATE, "macro %.*s is defined twice", (int)(len > 60 ? 60 : len),
			 m->name);
	m->params = arena_copy(s->arena, params, m->count * sizeof(*params));
	if (!m->params) {
		as_oom(s);
		return;
	}
	known |= s->bad;
	s->bad = false;
	if (!capture(s, at, opens, closes, &m->body, &m->body_len) || known)
		return;
	s->macro_count++;
	as_word_add(s, m->name, len, NULL, m);
}

void as_dir_purgem(struct as *s, int arg, const char *at)
{
	const char *word;
	struct as_word *row;
	size_t len;

	(void)arg, (void)at;
	if (!as_want_word(s, "a macro's name", &word, &len))
		return;
	row = as_word_find(s, word, len);
	if (!row || !row->macro)
		as_error(s, word, len, DIAG_ASM_UNDEFINED, "there is no such macro");
	else
		row->macro = NULL;
}

static const struct param *find_param(const struct param *params, uint32_t count, const char *name, size_t len)
{
	for (uint32_t i = 0; i < count; i++)
		if (params[i].len == len && !memcmp(params[i].name, name, len))
			return &params[i];
	return NULL;
}

/* The body with \name, \@ and \() replaced, in `out`. */
static void substitute(struct as *s, const char *p, const char *end, const struct param *params, uint32_t count,
		       struct iov_buf *out)
{
	while (p < end) {
		const char *back = memchr(p, '\\', (size_t)(end - p)), *word;
		const struct param *param;
		size_t len = 0;

		buf_put(out, p, (size_t)((back ? back : end) - p));
		if (!back)
			return;
		word = back + 1;
		while (word + len < end && as_is(word[len], AS_C_WORD) && word[len] != '.')
			len++;
		param = len ? find_param(params, count, word, len) : NULL;
		if (param) {
			buf_put(out, param->value, param->value_len);
			p = word + len;
		} else if (word < end && *word == '@') {
			buf_printf(out, "%u", s->expansions);
			p = word + 1;
		} else if (word + 1 < end && word[0] == '(' && word[1] == ')') {
			p = word + 2;
		} else {
			buf_putc(out, '\\');
			p = word;
		}
	}
}

static void push_expansion(struct as *s, const char *what, const char *at, const char *origin, struct iov_buf *text,
			   struct as_source *from)
{
	struct as_source *source;
	char *copy = text->failed ? NULL : arena_copy(s->arena, text->data, text->len);

	if (!copy) {
		as_oom(s);
		return;
	}
	source = as_source_add(s, s->frame->source->name, copy, copy + text->len);
	if (!source)
		return;
	source->from = from;
	source->at = at;
	source->macro = what;
	source->origin = origin;
	as_push(s, source, 0);
}

/* Arguments in order, or by name. */
static bool take_arguments(struct as *s, const struct as_macro *m, struct param *params)
{
	uint32_t next = 0;

	while (!as_at_end(s)) {
		const char *start = s->p, *word, *text;
		struct param *p = NULL;
		size_t len = 0;

		if (as_is(*start, AS_C_START) && as_word(s, &word, &len)) {
			as_blanks(s);
			if (*s->p == '=' && s->p[1] != '=')
				p = (struct param *)find_param(params, m->count, word, len);
		}
		if (p)
			s->p++;
		else
			s->p = start;
		if (!p && next < m->count)
			p = &params[next++];
		if (!p) {
			as_error(s, start, 0, DIAG_ASM_SYNTAX, "macro %.*s takes %u argument%s",
				 (int)strcspn(m->name, " \t\n,"), m->name, m->count, m->count == 1 ? "" : "s");
			return false;
		}
		len = argument(s, p->vararg, &text);
		if (len || !p->value)
			p->value = text, p->value_len = len;
		p->given = true;
		if (!as_comma(s))
			break;
	}
	return as_end(s);
}

void as_macro_call(struct as *s, struct as_macro *m, const char *at)
{
	struct param params[MAX_PARAMS];
	struct iov_buf text;
	const char *name;
	size_t len = 0;

	memcpy(params, m->params, m->count * sizeof(*params));
	if (!take_arguments(s, m, params))
		return;
	while (as_is(at[len], AS_C_WORD))
		len++;
	for (uint32_t i = 0; i < m->count; i++)
		if (params[i].required && !params[i].given) {
			as_error(s, at, 0, DIAG_ASM_SYNTAX, "the argument %.*s is missing", (int)params[i].len,
				 params[i].name);
			return;
		}
	buf_init(&text, s->alloc);
	substitute(s, m->body, m->body + m->body_len, params, m->count, &text);
	s->expansions++;
	name = arena_copy(s->arena, at, len);
	if (!name)
		as_oom(s);
	else if (as_may_expand(s, text.len + 16, at))
		push_expansion(s, name, at, m->body, &text, s->frame->source);
	buf_free(&text);
}

static const char *const repeats[] = {".rept", ".irp", ".irpc", ".rep", NULL}, *const repeat_ends[] = {".endr", NULL};

void as_dir_rept(struct as *s, int arg, const char *at)
{
	const char *body, *text;
	int64_t count = 0;
	bool ok = as_expr_now(s, &count) && as_end(s);
	size_t len;

	(void)arg;
	if (ok && count < 0)
		as_error(s, at, 0, DIAG_ASM_RANGE, "a count cannot be negative");
	ok &= !s->bad;
	s->bad = false;
	if (!capture(s, at, repeats, repeat_ends, &body, &len) || !ok || !count || !as_end(s))
		return;
	if ((uint64_t)count > MAX_EXPANSION || !as_may_expand(s, (uint64_t)count * (len + 1), at))
		return;
	text = arena_copy(s->arena, body, len);
	if (!text)
		as_oom(s);
	else
		as_push_text(s, ".rept", at, body, text, len, (uint64_t)count - 1);
}

/* Frames are read from the top, so the last value is pushed first. */
void as_dir_irp(struct as *s, int by_character, const char *at)
{
	struct param param = {0}, *values = NULL;
	struct as_source *from = s->frame->source;
	uint32_t count = 0, room = 0;
	const char *body;
	size_t len;
	bool ok = as_want_word(s, "a name", &param.name, &param.len) && as_want_comma(s);

	while (ok && !as_at_end(s)) {
		if (count == room) {
			struct param *more = arena_array(s->arena, room = room ? room * 2 : 16, sizeof(*more));

			if (!more) {
				as_oom(s);
				return;
			}
			if (count)
				memcpy(more, values, count * sizeof(*more));
			values = more;
		}
		values[count] = param;
		if (by_character) {
			values[count].value = s->p++;
			values[count++].value_len = 1;
			continue;
		}
		values[count].value_len = argument(s, false, &values[count].value);
		count++;
		if (!as_comma(s))
			break;
	}
	ok &= as_end(s) && !s->bad;
	s->bad = false;
	if (!capture(s, at, repeats, repeat_ends, &body, &len) || !ok || !as_end(s))
		return;
	while (count-- > 0 && !s->bad) {
		struct iov_buf text;

		buf_init(&text, s->alloc);
		substitute(s, body, body + len, &values[count], 1, &text);
		s->expansions++;
		if (as_may_expand(s, text.len + 16, at))
			push_expansion(s, ".irp", at, body, &text, from);
		buf_free(&text);
	}
}

void as_dir_stray(struct as *s, int is_repeat, const char *at)
{
	as_error(s, at, 0, DIAG_ASM_BLOCK, is_repeat ? ".endr without .rept" : ".endm without .macro");
}
