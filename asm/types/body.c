/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what stands between the braces of structs, unions and enumerations, and attributes. */
#include "asm/types/part.h"

#include <stdlib.h>

struct def *def_new(struct types *t, uint8_t kind, const char *name, const char *at, size_t len)
{
	struct def *d = TYPES_NEW(t, struct def);

	d->kind = kind;
	d->name = name;
	d->at = at;
	d->len = len;
	d->flag = -1;
	return d;
}

/* __at(BYTES), __at(BYTES:BITS) */
static bool at_attribute(struct lexer *l, struct field *f)
{
	uint64_t bytes, bits = 0;

	if (!f) {
		lex_error(l, "__at belongs to a member");
		return false;
	}
	if (!lex_want_number(l, "an offset in bytes", UINT32_MAX / 8, &bytes))
		return false;
	if (lex_take(l, ':') && !lex_want_number(l, "an offset in bits", UINT32_MAX / 8, &bits))
		return false;
	f->has_at = true;
	f->at_bit = bytes * 8 + bits;
	return true;
}

static bool size_attribute(struct lexer *l, struct def *def, struct field *f)
{
	uint64_t size;

	if (!lex_want_number(l, "a size in bytes", UINT32_MAX, &size))
		return false;
	if (f) {
		f->has_size = true;
		f->size = (uint32_t)size;
	} else {
		def->has_size = true;
		def->size = size;
	}
	return true;
}

/* What stands between the double parentheses of __attribute__((…)). */
static bool gnu_attribute(struct lexer *l, struct def *def, struct field *f)
{
	uint64_t align = 16;

	if (lex_take_word(l, "packed") || lex_take_word(l, "__packed__")) {
		*(f ? &f->packed : &def->packed) = true;
	} else if (lex_take_word(l, "preserve_access_index") || lex_take_word(l, "unused")) {
		return true;
	} else if (lex_take_word(l, "aligned") || lex_take_word(l, "__aligned__")) {
		if (lex_take(l, '(') &&
		    (!lex_want_number(l, "an alignment", 4096, &align) || !lex_want(l, ')', "after the alignment")))
			return false;
		if (!align || align & (align - 1)) {
			lex_error(l, "an alignment is a power of two");
			return false;
		}
		*(f ? &f->align : &def->align) = align;
	} else {
		lex_error(l, "attributes are packed and aligned(N)");
		return false;
	}
	return true;
}

static bool gnu_attributes(struct lexer *l, struct def *def, struct field *f)
{
	if (!lex_want(l, '(', "twice after __attribute__"))
		return false;
	do
		if (!gnu_attribute(l, def, f))
			return false;
	while (lex_take(l, ','));
	return lex_want(l, ')', "after the attributes");
}

/* Those of a definition (field NULL) or of a member. */
bool attributes(struct lexer *l, struct def *def, struct field *f)
{
	while (!l->failed && lex_is_attribute(l)) {
		struct lexer at = *l;
		uint64_t flag;
		bool fine;

		lex_next(l);
		if ((lex_word(&at, "__signed") || lex_word(&at, "__unsigned")) && !f) {
			def->flag = lex_word(&at, "__signed");
			continue;
		}
		if (!lex_want(l, '(', "after the attribute"))
			return false;
		if (lex_word(&at, "__at")) {
			fine = at_attribute(l, f);
		} else if (lex_word(&at, "__size")) {
			fine = size_attribute(l, def, f);
		} else if (lex_word(&at, "__kind_flag") && !f) {
			fine = lex_want_number(l, "0 or 1", 1, &flag);
			def->flag = (int8_t)flag;
		} else if (!strncmp(at.token.name, "__attribute", 11)) {
			fine = gnu_attributes(l, def, f);
		} else {
			*l = at;
			lex_error(l, "%s does not belong here", at.token.name);
			return false;
		}
		if (!fine || !lex_want(l, ')', "after the attribute"))
			return false;
	}
	return !l->failed;
}

struct body {
	struct lexer *l;
	struct def *def;
	struct field **tail;
};

static struct field *field_add(struct body *b, const char *name, const char *at, size_t len)
{
	struct field *f = TYPES_NEW(b->l->t, struct field);

	f->name = name;
	f->at = at;
	f->len = len;
	TYPES_APPEND(b->l->t, b->tail, f);
	b->def->count++;
	return f;
}

static bool bit_width(struct lexer *l, struct field *f)
{
	uint64_t bits;

	if (!lex_take(l, ':'))
		return true;
	f->is_bits = true;
	if (!lex_want_number(l, "a width in bits", 255, &bits))
		return false;
	f->bits = (uint32_t)bits;
	return true;
}

/* One line of members: TYPE a, *b : 3; */
static bool members(struct body *b)
{
	struct lexer *l = b->l;
	struct declaration d = {0};
	const char *at = l->token.at;
	struct node *base = declare_base(l, NULL);

	if (!base)
		return false;
	do {
		struct field *f;

		if (!declare_one(l, base, &d))
			return false;
		f = field_add(b, d.name ? d.name : "", d.name ? d.at : at, d.name ? d.len : 0);
		f->type = d.type;
		if (!bit_width(l, f) || !attributes(l, b->def, f))
			return false;
	} while (lex_take(l, ','));
	return lex_want(l, ';', "after a member");
}

static bool enumerator(struct body *b, int64_t *next)
{
	struct lexer *l = b->l;
	struct token k = l->token;
	const char *name = lex_want_name(l, "an enumerator");
	struct field *f;

	if (!name)
		return false;
	f = field_add(b, name, k.at, k.len);
	f->value = *next;
	if (lex_take(l, '=') && !lex_constant(l, "a number after =", b->def->fields, &f->value))
		return false;
	*next = (int64_t)((uint64_t)f->value + 1);
	return true;
}

static bool enumerators(struct body *b)
{
	int64_t next = 0;

	while (!lex_is(b->l, '}')) {
		if (!enumerator(b, &next))
			return false;
		if (!lex_take(b->l, ','))
			break;
	}
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct field *x = *(const struct field *const *)a, *y = *(const struct field *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* Nothing forbids it in BTF, but C does, and whoever asks by name finds one of them. */
static void warn_of_twins(struct types *t, const struct def *def)
{
	const struct field **all = arena_array(t->arena, def->count, sizeof(*all));
	uint32_t n = 0;

	if (!all) {
		t->oom = true;
		return;
	}
	for (const struct field *f = def->fields; f; f = f->next)
		if (*f->name)
			all[n++] = f;
	qsort(all, n, sizeof(*all), by_name);
	for (uint32_t i = 1; i < n; i++)
		if (!strcmp(all[i]->name, all[i - 1]->name))
			diag_add(t->sink, DIAG_TYPES_TWINS, t->span(t->span_ud, all[i]->at, all[i]->len),
				 "there is another %s before this one", all[i]->name);
}

/* The body joins those of the statement being read. */
static void adopt(struct types *t, struct def *def)
{
	if (t->oom)
		return;
	*t->inner_tail = def;
	t->inner_tail = &def->sibling;
}

struct node *body_parse(struct lexer *l, uint8_t kind, const char *name, const char *label, const char *at)
{
	struct types *t = l->t;
	struct body b = {.l = l, .def = def_new(t, kind, name, at, 1)};
	struct node *n = TYPES_NEW(t, struct node);
	bool fine = true;

	if (t->depth++ > TYPES_MAX_DEPTH) {
		lex_error(l, "bodies are nested too deep");
		return NULL;
	}
	b.tail = &b.def->fields;
	adopt(t, b.def);
	if (label) {
		b.def->label = label;
		b.def->prev_label = t->labels;
		t->labels = b.def;
	}
	if (kind == BTF_KIND_ENUM || kind == KIND_ENUM64)
		fine = enumerators(&b);
	else
		while (fine && !lex_is(l, '}') && l->token.kind != TOKEN_END)
			fine = members(&b);
	t->depth--;
	if (!fine || !lex_want(l, '}', "at the end of the body") || !attributes(l, b.def, NULL))
		return NULL;
	warn_of_twins(t, b.def);
	n->kind = NODE_DEF;
	n->at = at;
	n->len = 1;
	n->def = b.def;
	return n;
}
