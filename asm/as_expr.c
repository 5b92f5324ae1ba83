/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: expressions, with C's operators and precedence over 64-bit numbers and symbols.
 *
 *   expression = unary { operator expression } | expression "?" expression ":" expression
 *   unary      = ("-" | "~" | "!" | "+") unary | "(" expression ")" | number | 'c' | symbol | "." | 1b | 1f
 *
 * Numbers fold at once; number + symbol - symbol is kept as it is, which covers nearly all; anything else becomes a
 * tree that is evaluated after layout. Division and shifts to the right are signed, comparisons give 1 or 0. */
#include "asm/as_part.h"

#include <inttypes.h>

enum { MAX_NESTING = 256 };

struct expr_parser {
	struct as *s;
	unsigned depth;
	int lowest; /* operators below this precedence end the expression */
};

struct op {
	uint8_t op, precedence, len;
};

static struct op operator_at(const char *p)
{
	char next = *p ? p[1] : 0;

	switch (*p) {
	case '*':
		return (struct op){AS_OP_MUL, 10, 1};
	case '/':
		return next == '/' || next == '*' ? (struct op){0} : (struct op){AS_OP_DIV, 10, 1};
	case '%':
		return (struct op){AS_OP_MOD, 10, 1};
	case '+':
		return (struct op){AS_OP_ADD, 9, 1};
	case '-':
		return (struct op){AS_OP_SUB, 9, 1};
	case '<':
		return next == '<'   ? (struct op){AS_OP_SHL, 8, 2}
		       : next == '=' ? (struct op){AS_OP_LE, 7, 2}
				     : (struct op){AS_OP_LT, 7, 1};
	case '>':
		return next == '>'   ? (struct op){AS_OP_SHR, 8, 2}
		       : next == '=' ? (struct op){AS_OP_GE, 7, 2}
				     : (struct op){AS_OP_GT, 7, 1};
	case '=':
		return next == '=' ? (struct op){AS_OP_EQ, 6, 2} : (struct op){0};
	case '!':
		return next == '=' ? (struct op){AS_OP_NE, 6, 2} : (struct op){0};
	case '&':
		return next == '&' ? (struct op){AS_OP_LAND, 2, 2} : (struct op){AS_OP_AND, 5, 1};
	case '^':
		return (struct op){AS_OP_XOR, 4, 1};
	case '|':
		return next == '|' ? (struct op){AS_OP_LOR, 1, 2} : (struct op){AS_OP_OR, 3, 1};
	default:
		return (struct op){0};
	}
}

/* False: division by zero. */
static bool compute(int op, int64_t a, int64_t b, int64_t *out)
{
	uint64_t x = (uint64_t)a, y = (uint64_t)b;

	switch (op) {
	case AS_OP_MUL:
		*out = (int64_t)(x * y);
		break;
	case AS_OP_DIV:
	case AS_OP_MOD:
		if (!b)
			return false;
		*out = b == -1 ? (op == AS_OP_DIV ? (int64_t)(0 - x) : 0) : op == AS_OP_DIV ? a / b : a % b;
		break;
	case AS_OP_ADD:
		*out = (int64_t)(x + y);
		break;
	case AS_OP_SUB:
		*out = (int64_t)(x - y);
		break;
	case AS_OP_SHL:
		*out = y > 63 ? 0 : (int64_t)(x << y);
		break;
	case AS_OP_SHR:
		*out = y > 63 ? (a < 0 ? -1 : 0) : a >> y;
		break;
	case AS_OP_LT:
		*out = a < b;
		break;
	case AS_OP_LE:
		*out = a <= b;
		break;
	case AS_OP_GT:
		*out = a > b;
		break;
	case AS_OP_GE:
		*out = a >= b;
		break;
	case AS_OP_EQ:
		*out = a == b;
		break;
	case AS_OP_NE:
		*out = a != b;
		break;
	case AS_OP_AND:
		*out = a & b;
		break;
	case AS_OP_XOR:
		*out = a ^ b;
		break;
	case AS_OP_OR:
		*out = a | b;
		break;
	case AS_OP_LAND:
		*out = a && b;
		break;
	case AS_OP_LOR:
		*out = a || b;
		break;
	case AS_OP_NEG:
		*out = (int64_t)(0 - x);
		break;
	case AS_OP_NOT:
		*out = ~a;
		break;
	default:
		*out = !a;
		break;
	}
	return true;
}

static bool make_tree(struct as *s, int op, struct as_value *a, const struct as_value *b)
{
	struct as_expr *tree = ARENA_NEW(s->arena, struct as_expr);

	if (!tree)
		return as_oom(s);
	*tree = (struct as_expr){op, *a, *b};
	*a = (struct as_value){.expr = tree};
	return true;
}

/* A value that is a difference of labels with nothing variable between them is a number already. */
static void fold(struct as *s, struct as_value *v)
{
	int64_t n;
	uint32_t symbol;

	if ((v->add || v->expr) && as_evaluate(s, v, false, &n, &symbol) == AS_KNOWN)
		*v = (struct as_value){.n = n};
}

static bool combine(struct as *s, int op, struct as_value *a, struct as_value *b, const char *at)
{
	if (op == AS_OP_ADD && !a->expr && !b->expr && !(a->add && b->add) && !(a->sub && b->sub)) {
		a->n = (int64_t)((uint64_t)a->n + (uint64_t)b->n);
		a->add |= b->add;
		a->sub |= b->sub;
		return true;
	}
	if (op == AS_OP_SUB && !a->expr && !b->expr && !(a->add && b->sub) && !(a->sub && b->add)) {
		a->n = (int64_t)((uint64_t)a->n - (uint64_t)b->n);
		a->add |= b->sub;
		a->sub |= b->add;
		return true;
	}
	fold(s, a);
	fold(s, b);
	if (!as_is_number(a) || !as_is_number(b))
		return make_tree(s, op, a, b);
	if (compute(op, a->n, b->n, &a->n))
		return true;
	as_error(s, at, 1, DIAG_ASM_RANGE, "this divides by zero");
	return false;
}

static bool expression(struct expr_parser *e, int lowest, struct as_value *out);

/* "1b", "1f" or a number. */
static bool number_or_label(struct expr_parser *e, struct as_value *out)
{
	struct as *s = e->s;
	const char *start = s->p, *p = start;
	uint64_t value;

	while (as_is(*p, AS_C_DIGIT))
		p++;
	if (p > start && (*p == 'b' || *p == 'f') && !as_is(p[1], AS_C_WORD)) {
		s->p = p + 1;
		out->add = as_numbered(s, start, (size_t)(p - start), *p == 'f');
		if (!out->add && !s->failed_memory)
			as_error(s, start, 0, DIAG_ASM_UNDEFINED, "no label %.*s stands before this line",
				 (int)(p - start > 20 ? 20 : p - start), start);
		return out->add;
	}
	if (!as_number(s, &value))
		return false;
	out->n = (int64_t)value;
	return true;
}

static bool symbol(struct expr_parser *e, struct as_value *out)
{
	struct as *s = e->s;
	const char *word;
	struct as_symbol *y;
	size_t len;

	if (*s->p == '%') /* %r1 is no value; say so below */
		s->p++;
	if (!as_word(s, &word, &len)) {
		struct iov_diag *d = s->bad ? NULL : as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "a value is expected here");

		if (d && *s->p == '&')
			diag_hint(d, "the address of a symbol needs no '&': r1 = NAME ll, or lddw r1, NAME");
		return false;
	}
	if (as_register(word, len) != -1) {
		as_error(s, word, len, DIAG_ASM_SYNTAX,
			 as_register(word, len) == -2
				 ? "there is no such register: they are r0 to r10, and w0 to w10 for 32 bits"
				 : "a number or symbol is expected here, not a register");
		return false;
	}
	if (len == 1 && *word == '.')
		return (out->add = as_here(s)) != 0;
	out->add = as_intern(s, word, len);
	if (!out->add)
		return false;
	y = as_sym(s, out->add);
	if (y->kind == AS_EQUATE && !y->value.add && !y->value.sub && !y->value.expr)
		*out = (struct as_value){.n = y->value.n};
	else if (y->kind == AS_EQUATE && y->redefinable)
		*out = y->value; /* what it is now, whatever it becomes later */
	return true;
}

static bool unary(struct expr_parser *e, struct as_value *out)
{
	struct as *s = e->s;
	struct as_value none = {0};
	const char *at;
	char c;

	as_blanks(s);
	at = s->p;
	c = *at;
	if (++e->depth > MAX_NESTING) {
		as_error(s, at, 0, DIAG_ASM_NESTING, "the expression is nested more than %d deep", MAX_NESTING);
		return false;
	}
	*out = none;
	if (c == '-' || c == '~' || c == '!' || c == '+') {
		s->p++;
		if (!unary(e, out))
			return false;
		fold(s, out);
		e->depth--;
		if (c == '+')
			return true;
		if (c == '-' && !out->expr) {
			*out = (struct as_value){(int64_t)(0 - (uint64_t)out->n), out->sub, out->add, NULL};
			return true;
		}
		if (!as_is_number(out))
			return make_tree(s, c == '-' ? AS_OP_NEG : c == '~' ? AS_OP_NOT : AS_OP_LNOT, out, &none);
		return compute(c == '-' ? AS_OP_NEG : c == '~' ? AS_OP_NOT : AS_OP_LNOT, out->n, 0, &out->n);
	}
	if (c == '(') {
		s->p++;
		if (!expression(e, 0, out))
			return false;
		as_blanks(s);
		if (*s->p != ')') {
			as_error(s, at, 1, DIAG_ASM_SYNTAX, "this parenthesis is not closed");
			return false;
		}
		s->p++;
		e->depth--;
		return true;
	}
	e->depth--;
	return as_is(c, AS_C_DIGIT) || c == '\'' ? number_or_label(e, out) : symbol(e, out);
}

/* a ? b : c, after "a ?". */
static bool ternary(struct expr_parser *e, struct as_value *a)
{
	struct as *s = e->s;
	struct as_value b, c;
	const char *at = s->p++;

	if (!expression(e, 0, &b))
		return false;
	as_blanks(s);
	if (*s->p != ':') {
		as_error(s, at, 1, DIAG_ASM_SYNTAX, "this '?' has no ':'");
		return false;
	}
	s->p++;
	if (!expression(e, 0, &c))
		return false;
	fold(s, a);
	if (as_is_number(a)) {
		*a = a->n ? b : c;
		return true;
	}
	return make_tree(s, AS_OP_ELSE, &b, &c) && make_tree(s, AS_OP_TERNARY, a, &b);
}

static bool expression(struct expr_parser *e, int lowest, struct as_value *out)
{
	struct as *s = e->s;

	if (!unary(e, out))
		return false;
	for (;;) {
		struct as_value right;
		const char *at;
		struct op op;

		as_blanks(s);
		at = s->p;
		if (*at == '?' && lowest == 0) {
			if (!ternary(e, out))
				return false;
			continue;
		}
		op = operator_at(at);
		if (!op.op || op.precedence <= lowest || op.precedence < e->lowest)
			return true;
		s->p += op.len;
		if (++e->depth > MAX_NESTING) {
			as_error(s, at, 0, DIAG_ASM_NESTING, "the expression is nested more than %d deep", MAX_NESTING);
			return false;
		}
		if (!expression(e, op.precedence, &right) || !combine(s, op.op, out, &right, at))
			return false;
		e->depth--;
	}
}

bool as_expr(struct as *s, struct as_value *out)
{
	struct expr_parser e = {.s = s};

	return !s->bad && expression(&e, 0, out);
}

bool as_expr_target(struct as *s, struct as_value *out)
{
	struct expr_parser e = {.s = s, .lowest = 8};

	return !s->bad && expression(&e, 0, out);
}

bool as_expr_now(struct as *s, int64_t *out)
{
	const char *at;
	struct as_value v;
	uint32_t symbol_id;

	as_blanks(s);
	at = s->p;
	if (!as_expr(s, &v))
		return false;
	if (as_evaluate(s, &v, false, out, &symbol_id) == AS_KNOWN)
		return true;
	as_error(s, at, 0, DIAG_ASM_SYNTAX, "a number that is known here is needed");
	return false;
}

/* What a symbol alone comes to. */
static enum as_result evaluate_symbol(struct as *s, uint32_t id, bool final, int64_t *n, uint32_t *base,
				      unsigned depth);

static enum as_result evaluate(struct as *s, const struct as_value *v, bool final, int64_t *n, uint32_t *base,
			       unsigned depth);

static enum as_result evaluate_tree(struct as *s, const struct as_expr *tree, bool final, int64_t *n, unsigned depth)
{
	const struct as_value *b = &tree->b;
	int64_t x, y = 0;
	uint32_t base;

	if (evaluate(s, &tree->a, final, &x, &base, depth) != AS_KNOWN)
		return AS_UNKNOWN;
	if (tree->op == AS_OP_TERNARY) {
		b = x ? &tree->b.expr->a : &tree->b.expr->b;
		return evaluate(s, b, final, n, &base, depth) == AS_KNOWN ? AS_KNOWN : AS_UNKNOWN;
	}
	if (evaluate(s, b, final, &y, &base, depth) != AS_KNOWN || !compute(tree->op, x, y, n))
		return AS_UNKNOWN;
	return AS_KNOWN;
}

/* add - sub, when both lie in one section. */
static enum as_result difference(struct as *s, uint32_t add, uint32_t sub, bool final, int64_t *n)
{
	const struct as_symbol *a = as_sym(s, add), *b = as_sym(s, sub);
	const struct as_section *x;

	if (add == sub) {
		*n = 0;
		return AS_KNOWN;
	}
	if (a->kind == AS_SECTION || b->kind == AS_SECTION || a->kind != AS_LABEL || b->kind != AS_LABEL ||
	    a->section != b->section)
		return AS_UNKNOWN;
	x = s->sections[a->section];
	if (!final && !as_is_fixed(x, a->offset, b->offset))
		return AS_UNKNOWN;
	*n = final ? (int64_t)(as_address(x, a->offset) - as_address(x, b->offset))
		   : (int64_t)a->offset - (int64_t)b->offset;
	return AS_KNOWN;
}

static enum as_result evaluate_symbol(struct as *s, uint32_t id, bool final, int64_t *n, uint32_t *base, unsigned depth)
{
	const struct as_symbol *y = as_sym(s, id);

	*n = 0;
	*base = id;
	if (y->kind != AS_EQUATE)
		return AS_SYMBOLIC;
	return evaluate(s, &y->value, final, n, base, depth);
}

static enum as_result evaluate(struct as *s, const struct as_value *v, bool final, int64_t *n, uint32_t *base,
			       unsigned depth)
{
	enum as_result a = AS_KNOWN, b = AS_KNOWN;
	int64_t x = 0, y = 0, z;
	uint32_t add = 0, sub = 0;

	*base = 0;
	if (depth > MAX_NESTING)
		return AS_UNKNOWN;
	if (v->expr) {
		a = evaluate_tree(s, v->expr, final, &x, depth + 1);
		*n = (int64_t)((uint64_t)x + (uint64_t)v->n);
		return a;
	}
	if (v->add)
		a = evaluate_symbol(s, v->add, final, &x, &add, depth + 1);
	if (v->sub)
		b = evaluate_symbol(s, v->sub, final, &y, &sub, depth + 1);
	if (a == AS_UNKNOWN || b == AS_UNKNOWN)
		return AS_UNKNOWN;
	*n = (int64_t)((uint64_t)v->n + (uint64_t)x - (uint64_t)y);
	if (a == AS_KNOWN && b == AS_KNOWN)
		return AS_KNOWN;
	if (b == AS_KNOWN) {
		*base = add;
		return AS_SYMBOLIC;
	}
	if (a == AS_KNOWN || difference(s, add, sub, final, &z) != AS_KNOWN)
		return AS_UNKNOWN;
	*n = (int64_t)((uint64_t)*n + (uint64_t)z);
	return AS_KNOWN;
}

enum as_result as_evaluate(struct as *s, const struct as_value *v, bool final, int64_t *n, uint32_t *symbol_id)
{
	return evaluate(s, v, final, n, symbol_id, 0);
}
