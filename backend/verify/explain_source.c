/* SPDX-License-Identifier: Apache-2.0 */
/* Names for messages out of debug information and the source line itself: LLVM moves variables about, but the line and
 * column of an instruction say what its author wrote. A guess is only made where the line leaves no choice. */
#include "backend/verify/internal.h"

#include <ctype.h>
#include <string.h>

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* The identifier that ends just before text[end], in v->work; NULL: none. */
static const char *word_before(struct verifier *v, const char *text, size_t end)
{
	size_t start = end;

	while (start && is_word(text[start - 1]))
		start--;
	return start < end && !isdigit((unsigned char)text[start])
		       ? arena_printf(&v->work, "%.*s", (int)(end - start), text + start)
		       : NULL;
}

/* The line of source of a slot, and the column as an index into it. */
static const char *source_at(const struct verifier *v, uint32_t insn, size_t *col)
{
	const struct iov_line *l = prog_line(v->prog, insn);

	if (!l || !l->text || !l->col || l->col > strlen(l->text))
		return NULL;
	*col = l->col - 1;
	return l->text;
}

/* The object of the only `object->` from `text` on; NULL: there is none, there are several, or an index beside it. */
static const char *only_object(struct verifier *v, const char *text)
{
	const char *name = NULL;

	if (strchr(text, '['))
		return NULL;
	for (const char *p = strstr(text, "->"); p; p = strstr(p + 2, "->")) {
		const char *word = word_before(v, text, (size_t)(p - text));

		if (!word || (name && strcmp(name, word)))
			return NULL;
		name = word;
	}
	return name;
}

/* The object through which the access at `insn` goes. In `eth->h_proto`, with the column at the member: "eth"; in
 * `eth->h_proto = 0`, with the column at the sign; in `f(vlan->tci)`; in `p[i]`. */
const char *explain_object(struct verifier *v, uint32_t insn)
{
	size_t col, end;
	const char *text = source_at(v, insn, &col);

	if (!text)
		return NULL;
	if (col >= 2 && !strncmp(text + col - 2, "->", 2))
		return word_before(v, text, col - 2);
	for (end = col; is_word(text[end]); end++)
		;
	if (end > col && text[end] == '[')
		return word_before(v, text, end);
	return text[col] == '=' || text[end] == '(' ? only_object(v, text) : NULL;
}

/* In `p[i]`, with the column at p and an index that is a variable: all of it. */
const char *explain_indexed(struct verifier *v, uint32_t insn)
{
	const char *index = explain_index(v, insn), *text;
	size_t col, end;

	text = index ? source_at(v, insn, &col) : NULL;
	for (end = text ? col : 0; text && is_word(text[end]); end++)
		;
	if (!text || end == col || text[end] != '[' || (col && (text[col - 1] == '>' || text[col - 1] == '.')))
		return NULL;
	return arena_printf(&v->work, "%.*s[%s]", (int)(end - col), text + col, index);
}

/* In `hits[i]++`, the only array of its line: "hits". */
const char *explain_array(struct verifier *v, uint32_t insn)
{
	size_t col;
	const char *text = source_at(v, insn, &col), *open = text ? strchr(text, '[') : NULL;

	return open && !strchr(open + 1, '[') ? word_before(v, text, (size_t)(open - text)) : NULL;
}

/* The variable that stands, alone or behind `&`, as argument i of the call at `insn`; NULL: none, or an expression. */
const char *explain_argument(struct verifier *v, uint32_t insn, int i)
{
	size_t col, end;
	const char *text = source_at(v, insn, &col), *p;

	for (p = text ? text + col : ""; is_word(*p); p++)
		;
	if (*p != '(')
		return NULL;
	for (int depth = 0; i && *++p;) {
		depth += *p == '(';
		depth -= *p == ')';
		if (depth < 0)
			return NULL;
		i -= *p == ',' && !depth;
	}
	for (p += !!*p; *p == ' ' || *p == '&'; p++)
		;
	for (end = 0; is_word(p[end]); end++)
		;
	return p[end] == ',' || p[end] == ')' ? word_before(v, p, end) : NULL;
}

/* In `t->slot[i]`, the index nearest before or at the column: "i". */
const char *explain_index(struct verifier *v, uint32_t insn)
{
	size_t col;
	const char *text = source_at(v, insn, &col), *open, *close = NULL;

	if (!text)
		return NULL;
	for (open = text + col; open > text && *open != '['; open--)
		;
	if (*open != '[')
		open = strchr(text + col, '[');
	close = open ? strchr(open, ']') : NULL;
	for (const char *p = open ? open + 1 : NULL; p && p < close; p++)
		if (!is_word(*p))
			return NULL;
	return close ? word_before(v, text, (size_t)(close - text)) : NULL;
}

/* The register that holds the variable `name` here, or -1. */
int explain_find_var(struct verifier *v, const char *name)
{
	for (int r = 0; r < IOV_R10; r++) {
		const struct iov_var *var = prog_reg_var(v->prog, v->pc, r);

		if (var && var->name && !strcmp(var->name, name))
			return r;
	}
	return -1;
}

/* In `sk = bpf_sk_lookup_tcp(`, with the column at the call: "sk". */
static const char *assigned(struct verifier *v, uint32_t insn)
{
	size_t col;
	const char *text = source_at(v, insn, &col);

	return text && col >= 3 && !strncmp(text + col - 3, " = ", 3) ? word_before(v, text, col - 3) : NULL;
}

/* The variable that took the result of the call at `insn`; NULL: unknown. */
const char *explain_result_var(struct verifier *v, uint32_t insn)
{
	for (uint32_t i = 0; i < v->prog->var_count; i++) {
		const struct iov_var *var = &v->prog->vars[i];

		if (var->place == IOV_VAR_REG && var->where == IOV_R0 && var->begin == insn + 1)
			return var->name;
	}
	return assigned(v, insn);
}

/* The largest local variable of a function, when debug information knows one. */
const struct iov_var *explain_largest_var(const struct verifier *v, uint32_t sub)
{
	const struct iov_subprog *s = &v->prog->subs[sub];
	const struct iov_var *best = NULL;

	for (uint32_t i = 0; i < v->prog->var_count; i++) {
		const struct iov_var *var = &v->prog->vars[i];

		if (var->place == IOV_VAR_STACK && var->begin >= s->start && var->begin < s->start + s->count &&
		    (!best || var->size > best->size))
			best = var;
	}
	return best && best->size && best->name ? best : NULL;
}

/* The end of the parenthesis that opens at text[0], or NULL. */
static const char *closing(const char *text)
{
	int depth = 0;

	for (; *text; text++) {
		depth += *text == '(';
		depth -= *text == ')';
		if (!depth)
			return text;
	}
	return NULL;
}

static const char *between(struct verifier *v, const char *from, const char *to)
{
	while (from && *from == ' ')
		from++;
	return from && to && to > from ? arena_printf(&v->work, "%.*s", (int)(to - from), from) : NULL;
}

/* The condition of the loop whose head is on the line of `insn`: of while (), or the middle of for (;;). */
const char *explain_loop(struct verifier *v, uint32_t insn)
{
	size_t col;
	const char *text = source_at(v, insn, &col), *open = text ? strstr(text, "for (") : NULL;

	if (open) {
		open = strchr(open, ';');
		return open ? between(v, open + 1, strchr(open + 1, ';')) : NULL;
	}
	open = text ? strstr(text, "while (") : NULL;
	return open ? between(v, strchr(open, '(') + 1, closing(strchr(open, '('))) : NULL;
}

/* The condition written on the line of a branch. */
const char *explain_condition(struct verifier *v, uint32_t insn)
{
	size_t col;
	const char *text = source_at(v, insn, &col), *open = text ? strstr(text, "if (") : NULL;

	return open ? between(v, strchr(open, '(') + 1, closing(strchr(open, '('))) : explain_loop(v, insn);
}
