/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: constant expressions of declarations: sizes of arrays, values of enumerators. Source: ISO C17, 6.6; numbers of
 * 64 bits, the enumerators declared so far, C's arithmetic operators without conditions. */
#include "asm/types/part.h"

struct constant {
	struct lexer *l;
	const char *what;          /* for messages: "a number" */
	const struct field *known; /* enumerators of the body that is being read */
	unsigned depth;
};

static const struct field *enumerator(const struct constant *c, const char *name)
{
	for (const struct field *f = c->known; f; f = f->next)
		if (!strcmp(f->name, name))
			return f;
	for (const struct def *d = c->l->t->defs; d; d = d->next)
		if (d->kind == BTF_KIND_ENUM || d->kind == KIND_ENUM64)
			for (const struct field *f = d->fields; f; f = f->next)
				if (!strcmp(f->name, name))
					return f;
	return NULL;
}

static bool binary(struct constant *c, unsigned lowest, int64_t *out);

static bool unary(struct constant *c, int64_t *out)
{
	struct lexer *l = c->l;
	const struct field *f;
	uint64_t number;

	if (++c->depth > TYPES_MAX_DEPTH) {
		lex_error(l, "this is nested too deep");
		return false;
	}
	if (l->token.kind == TOKEN_NUMBER) {
		*out = (int64_t)(l->token.negative ? 0 - l->token.value : l->token.value);
		lex_next(l);
	} else if (l->token.kind == TOKEN_WORD && (f = enumerator(c, l->token.name))) {
		*out = f->value;
		lex_next(l);
	} else if (lex_take(l, '(')) {
		if (!binary(c, 0, out) || !lex_want(l, ')', "after the number"))
			return false;
	} else if (lex_take(l, '-') || lex_is(l, '~')) {
		bool flip = lex_take(l, '~');

		if (!unary(c, out))
			return false;
		*out = flip ? ~*out : (int64_t)(0 - (uint64_t)*out);
	} else {
		return lex_want_number(l, c->what, 0, &number); /* says what stands there instead */
	}
	c->depth--;
	return !l->failed;
}

/* The operator at the token, doubled for shifts; 0: none. */
static unsigned precedence(const struct lexer *l)
{
	if (l->token.kind == TOKEN_NUMBER && l->token.negative)
		return 5; /* "2 -1" */
	if (l->token.kind != TOKEN_PUNCT)
		return 0;
	switch (l->token.value) {
	case '|':
		return 1;
	case '^':
		return 2;
	case '&':
		return 3;
	case '<':
	case '>':
		return l->p < l->end && (uint8_t)*l->p == l->token.value ? 4 : 0;
	case '+':
	case '-':
		return 5;
	case '*':
	case '/':
	case '%':
		return 6;
	default:
		return 0;
	}
}

static bool compute(struct constant *c, uint64_t op, int64_t a, int64_t b, int64_t *out)
{
	uint64_t x = (uint64_t)a, y = (uint64_t)b;

	if ((op == '/' || op == '%') && (!b || (b == -1 && a == INT64_MIN))) {
		lex_error(c->l, b ? "this number does not fit in 64 bits" : "this divides by zero");
		return false;
	}
	*out = op == '|'   ? a | b
	       : op == '^' ? a ^ b
	       : op == '&' ? a & b
	       : op == '<' ? (y > 63 ? 0 : (int64_t)(x << y))
	       : op == '>' ? a >> (y > 63 ? 63 : y)
	       : op == '+' ? (int64_t)(x + y)
	       : op == '-' ? (int64_t)(x - y)
	       : op == '*' ? (int64_t)(x * y)
	       : op == '/' ? a / b
			   : a % b;
	return true;
}

static bool binary(struct constant *c, unsigned lowest, int64_t *out)
{
	struct lexer *l = c->l;

	if (!unary(c, out))
		return false;
	for (unsigned level; (level = precedence(l)) > lowest;) {
		uint64_t op = l->token.kind == TOKEN_NUMBER ? '+' : l->token.value;
		int64_t right;

		if (l->token.kind != TOKEN_NUMBER)
			lex_next(l);
		if (level == 4)
			lex_next(l);
		if (!binary(c, level, &right) || !compute(c, op, *out, right, out))
			return false;
	}
	return !l->failed;
}

bool lex_constant(struct lexer *l, const char *what, const struct field *known, int64_t *value)
{
	struct constant c = {l, what, known, 0};

	*value = 0;
	return binary(&c, 0, value);
}
