/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: conditionals and inclusion. Lines that are left out are only searched for the words that may end that. */
#include "asm/as_part.h"

struct as_cond {
	bool active; /* lines are read */
	bool taken;  /* some part was */
	bool outer;  /* whether lines around it are read */
	bool has_else;
	const char *at;
	struct as_cond *below;
};

bool as_is_skipping(const struct as *s)
{
	return s->cond && !s->cond->active;
}

static void open_cond(struct as *s, const char *at, bool outer, bool active)
{
	struct as_cond *c = ARENA_NEW(s->arena, struct as_cond);

	if (!c) {
		as_oom(s);
		return;
	}
	*c = (struct as_cond){.active = outer && active, .taken = active, .outer = outer, .at = at, .below = s->cond};
	s->cond = c;
	s->if_depth++;
}

static void close_cond(struct as *s)
{
	s->cond = s->cond->below;
	s->if_depth--;
}

void as_flow_end(struct as *s, uint32_t if_depth)
{
	while (s->if_depth > if_depth) {
		as_error(s, s->cond->at, 0, DIAG_ASM_BLOCK, "this has no .endif");
		close_cond(s);
	}
}

/* Within lines that are left out: a statement begins at s->p. */
void as_skip_inactive(struct as *s)
{
	const char *start = s->p, *p = start;

	s->bad = false;
	if (*p == '.') {
		while (as_is(*p, AS_C_WORD))
			p++;
		s->p = p;
		if (p - start >= 3 && start[1] == 'i' && start[2] == 'f')
			open_cond(s, start, false, true);
		else if (as_word_is(start, (size_t)(p - start), ".endif"))
			as_dir_endif(s, 0, start);
		else if (as_word_is(start, (size_t)(p - start), ".else"))
			as_dir_else(s, 0, start);
		else if (as_word_is(start, (size_t)(p - start), ".elseif")) {
			as_dir_elseif(s, 0, start);
			if (!s->bad && as_end(s))
				return;
		}
	}
	as_skip_statement(s);
}

void as_dir_if(struct as *s, int test, const char *at)
{
	int64_t n;
	bool yes;

	if (!as_expr_now(s, &n)) {
		open_cond(s, at, true, true); /* one message is enough: its .endif has to find it */
		return;
	}
	switch (test) {
	case 0:
		yes = n != 0;
		break;
	case 1:
		yes = n == 0;
		break;
	case 2:
		yes = n < 0;
		break;
	case 3:
		yes = n <= 0;
		break;
	case 4:
		yes = n > 0;
		break;
	default:
		yes = n >= 0;
		break;
	}
	open_cond(s, at, true, yes);
}

void as_dir_ifdef(struct as *s, int negate, const char *at)
{
	const char *word;
	uint32_t id;
	size_t len;

	if (!as_want_word(s, "a name", &word, &len)) {
		open_cond(s, at, true, true);
		return;
	}
	id = as_lookup(s, word, len);
	open_cond(s, at, true, (id && as_sym(s, id)->kind != AS_UNDEFINED) != (negate != 0));
}

/* Text up to `stop` or the end of the statement, without blanks around it. */
static size_t plain_text(struct as *s, char stop, const char **text)
{
	const char *p;

	as_blanks(s);
	*text = p = s->p;
	while (!as_is(*p, AS_C_END) && *p != stop)
		p++;
	s->p = p;
	while (p > *text && as_is(p[-1], AS_C_BLANK))
		p--;
	return (size_t)(p - *text);
}

void as_dir_ifb(struct as *s, int negate, const char *at)
{
	const char *text;

	open_cond(s, at, true, (plain_text(s, 0, &text) == 0) != (negate != 0));
}

void as_dir_ifc(struct as *s, int negate, const char *at)
{
	const char *a, *b;
	size_t a_len = plain_text(s, ',', &a), b_len;

	if (!as_want_comma(s))
		return;
	b_len = plain_text(s, 0, &b);
	open_cond(s, at, true, (a_len == b_len && !memcmp(a, b, a_len)) != (negate != 0));
}

static bool may_else(struct as *s, const char *at)
{
	if (s->cond && s->if_depth > s->frame->if_depth && !s->cond->has_else)
		return true;
	as_error(s, at, 0, DIAG_ASM_BLOCK,
		 s->cond && s->cond->has_else ? "this stands after .else" : "there is no .if");
	return false;
}

void as_dir_elseif(struct as *s, int arg, const char *at)
{
	struct as_cond *c = s->cond;
	int64_t n = 0;

	(void)arg;
	if (!may_else(s, at))
		return;
	if (c->taken || !c->outer) {
		c->active = false;
		as_skip_statement(s);
		return;
	}
	c->active = c->taken = as_expr_now(s, &n) && n;
}

void as_dir_else(struct as *s, int arg, const char *at)
{
	(void)arg;
	if (!may_else(s, at))
		return;
	s->cond->active = s->cond->outer && !s->cond->taken;
	s->cond->taken = s->cond->has_else = true;
}

void as_dir_endif(struct as *s, int arg, const char *at)
{
	(void)arg;
	if (s->cond && s->if_depth > s->frame->if_depth)
		close_cond(s);
	else
		as_error(s, at, 0, DIAG_ASM_BLOCK, ".endif without .if");
}

/* Leaves the expansion that is read, with the conditionals that it opened. */
void as_dir_exitm(struct as *s, int arg, const char *at)
{
	(void)arg;
	if (!s->frame->source->macro) {
		as_error(s, at, 0, DIAG_ASM_BLOCK, ".exitm outside of a macro");
		return;
	}
	while (s->if_depth > s->frame->if_depth)
		close_cond(s);
	s->frame->repeat = 0;
	s->p = s->frame->source->end;
}

void as_dir_include(struct as *s, int arg, const char *at)
{
	const char *name, *path, *name_at;
	struct as_source *source;
	struct iov_buf bytes;
	char *text = NULL;
	size_t len;

	(void)arg, (void)at;
	as_blanks(s);
	name_at = s->p;
	if (!as_string(s, &name, &len) || !as_end(s))
		return;
	buf_init(&bytes, s->alloc);
	if (as_read_file(s, name, name_at, &bytes, &path) && !(text = arena_copy(s->arena, bytes.data, bytes.len)))
		as_oom(s);
	len = bytes.len;
	buf_free(&bytes);
	if (!text || !as_may_expand(s, len, name_at))
		return;
	source = as_source_add(s, path, text, text + len);
	if (!source)
		return;
	source->from = s->frame->source;
	source->at = name_at;
	as_push(s, source, 0);
}
