/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the statements of a .btf block. Each becomes one type (a function two); bodies inside it hang on it. */
#include "asm/types/part.h"

#include <linux/bpf.h>

static void append(struct types *t, struct def *d) { TYPES_APPEND(t, t->tail, d); }

static void set_label(struct lexer *l, struct def *d, const char *label)
{
	struct types *t = l->t;

	if (!label || l->failed)
		return;
	d->label = label;
	d->prev_label = t->labels;
	t->labels = d;
}

static struct def *statement(struct lexer *l, uint8_t kind, const char *name, const struct token *k)
{
	struct def *d = def_new(l->t, kind, name, k->at, k->len);

	append(l->t, d);
	return d;
}

static void add_entry(struct lexer *l, struct def *d, struct field ***tail)
{
	struct field *f = TYPES_NEW(l->t, struct field);

	f->at = l->token.at;
	f->len = l->token.len;
	if (lex_take(l, '@'))
		f->label = lex_want_label(l);
	else
		f->name = lex_want_name(l, "a variable or function");
	if (!attributes(l, d, f) || !lex_want(l, ';', "after the variable"))
		return;
	TYPES_APPEND(l->t, *tail, f);
	d->count++;
}

/* __datasec("name") { variable; … } */
static struct def *datasec(struct lexer *l, const struct token *k)
{
	struct def *d = statement(l, BTF_KIND_DATASEC, "", k);
	struct field **tail = &d->fields;

	if (!lex_want(l, '(', "after __datasec") || !lex_read_name(l, "the name of a section", &d->name) ||
	    !lex_want(l, ')', "after the section") || !attributes(l, d, NULL) ||
	    !lex_want(l, '{', "before the variables"))
		return d;
	while (!l->failed && !lex_is(l, '}') && l->token.kind != TOKEN_END)
		add_entry(l, d, &tail);
	if (lex_want(l, '}', "after the variables"))
		attributes(l, d, NULL);
	return d;
}

static void tag_component(struct lexer *l, struct def *d)
{
	uint64_t index;

	d->component_index = -1;
	if (lex_take(l, '.')) {
		d->component = lex_want_name(l, "a member or parameter");
	} else if (lex_take(l, '[')) {
		lex_want_number(l, "the number of a member or parameter", INT32_MAX, &index);
		d->component_index = (int32_t)index;
		lex_want(l, ']', "after the number");
	}
}

/* __decl_tag("value", struct x.member) */
static struct def *decl_tag(struct lexer *l, const struct token *k)
{
	struct def *d = statement(l, KIND_DECL_TAG, "", k);

	if (!lex_want(l, '(', "after __decl_tag") || !lex_read_name(l, "the text of the tag", &d->name) ||
	    !lex_want(l, ',', "after the text"))
		return d;
	d->target = l->token;
	if (lex_word(l, "struct") || lex_word(l, "union") || lex_is(l, '@'))
		d->type = declare_base(l, NULL);
	else
		lex_want_name(l, "a type, function or variable");
	if (l->failed)
		return d;
	tag_component(l, d);
	lex_want(l, ')', "after the tag");
	return d;
}

static uint8_t encoding(struct lexer *l)
{
	static const struct {
		const char *name;
		uint8_t value;
	} known[] = {{"unsigned", 0}, {"signed", BTF_INT_SIGNED}, {"char", BTF_INT_CHAR}, {"bool", BTF_INT_BOOL}};
	uint64_t value;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (lex_take_word(l, known[i].name))
			return known[i].value;
	lex_want_number(l, "signed, unsigned, char, bool or a number", 15, &value);
	return (uint8_t)value;
}

/* __int(name, bytes, encoding, bits, offset) */
static struct def *int_type(struct lexer *l, const struct token *k)
{
	struct def *d = statement(l, BTF_KIND_INT, "", k);
	uint64_t size, bits, offset = 0;

	if (!lex_want(l, '(', "after __int") || !lex_read_name(l, "a name", &d->name) ||
	    !lex_want(l, ',', "after the name") || !lex_want_number(l, "a size in bytes", 16, &size))
		return d;
	bits = size * 8;
	d->size = size;
	if (lex_take(l, ','))
		d->int_encoding = encoding(l);
	if (lex_take(l, ',') && !lex_want_number(l, "a width in bits", 128, &bits))
		return d;
	if (lex_take(l, ',') && !lex_want_number(l, "an offset in bits", 255, &offset))
		return d;
	d->int_bits = (uint8_t)bits;
	d->int_offset = (uint8_t)offset;
	if (bits + offset > size * 8 || !size || size & (size - 1))
		lex_error(l, "an integer of %u bits at bit %u does not fit into %u bytes", (unsigned)bits,
			  (unsigned)offset, (unsigned)size);
	lex_want(l, ')', "after the integer");
	return d;
}

static struct def *float_type(struct lexer *l, const struct token *k)
{
	struct def *d = statement(l, BTF_KIND_FLOAT, "", k);

	if (lex_want(l, '(', "after __float") && lex_read_name(l, "a name", &d->name) &&
	    lex_want(l, ',', "after the name") && lex_want_number(l, "a size in bytes", 16, &d->size))
		lex_want(l, ')', "after the size");
	return d;
}

static void func_or_var(struct lexer *l, struct declaration *d, const struct token *k, const char *label)
{
	struct types *t = l->t;
	uint32_t linkage = d->is_static ? 0 : d->is_extern ? 2 : 1;
	struct def *def;

	if (d->type->kind == NODE_FUNC) {
		struct node *node = TYPES_NEW(t, struct node);
		struct def *proto = def_new(t, BTF_KIND_FUNC_PROTO, "", k->at, k->len);

		proto->type = d->type;
		*node = (struct node){.kind = NODE_DEF, .def = proto, .at = d->at, .len = d->len};
		/* LLVM makes the prototype first; our numbering puts it behind */
		if (t->form == FORM_LLVM)
			append(t, proto);
		def = statement(l, BTF_KIND_FUNC, d->name, k);
		def->type = node;
		if (t->form == FORM_IOV)
			append(t, proto);
	} else {
		def = statement(l, BTF_KIND_VAR, d->name, k); /* a FUNC when the type turns out to be a prototype */
		def->type = d->type;
	}
	def->at = d->at;
	def->len = d->len;
	def->linkage = linkage;
	set_label(l, def, label);
	attributes(l, def, NULL);
}

static uint8_t derived_kind(const struct node *n)
{
	switch (n->kind) {
	case NODE_PTR:
		return BTF_KIND_PTR;
	case NODE_ARRAY:
		return BTF_KIND_ARRAY;
	case NODE_FUNC:
		return BTF_KIND_FUNC_PROTO;
	case NODE_QUAL:
		return n->btf_kind;
	default:
		return 0;
	}
}

static struct def *known_int(struct lexer *l, const struct node *n, const struct token *k)
{
	const struct int_type *known = types_int(n->name);
	struct def *d;

	if (!known) {
		lex_error(l, "%s alone declares nothing: typedef TYPE %s; makes a name for a type", n->name, n->name);
		return NULL;
	}
	d = statement(l, known->kind, known->name, k);
	d->size = known->size;
	d->int_encoding = known->encoding;
	d->int_bits = (uint8_t)(known->size * 8);
	return d;
}

/* A type without a name in its declarator: that type itself. */
static void plain_type(struct lexer *l, struct node *n, const struct token *k, const char *label)
{
	struct def *d = NULL;
	uint8_t kind = derived_kind(n);

	if (kind) {
		d = statement(l, kind, n->kind == NODE_QUAL ? n->name : "", k);
		d->type = n;
	} else if (n->kind == NODE_DEF) {
		d = n->def;
		append(l->t, d);
		d->placed = true;
	} else if (n->kind == NODE_TAGGED) {
		d = statement(l,
			      n->btf_kind == BTF_KIND_ENUM || n->btf_kind == KIND_ENUM64 ? n->btf_kind : BTF_KIND_FWD,
			      n->name, k);
		d->flag = n->btf_kind == BTF_KIND_UNION;
		d->fwd = true;
	} else if (n->kind == NODE_INT || n->kind == NODE_NAME) {
		d = known_int(l, n, k);
	} else if (n->kind == NODE_LABEL && !label) {
		d = statement(l, 0, "", k);
		d->target = *k;
		d->label = n->name; /* not one of its own: a place */
	} else {
		lex_error(l, "this declares nothing");
	}
	if (d && d->kind) {
		set_label(l, d, label);
		attributes(l, d, NULL);
	}
}

static void declaration(struct lexer *l, const char *label)
{
	struct token k = l->token;
	struct declaration d = {0};
	struct node *base = declare_base(l, &d);

	if (!base)
		return;
	do {
		if (!declare_one(l, base, &d))
			return;
		if (d.is_typedef && d.name) {
			struct def *def = statement(l, BTF_KIND_TYPEDEF, d.name, &k);

			def->at = d.at;
			def->len = d.len;
			def->type = d.type;
			set_label(l, def, label);
		} else if (d.is_typedef) {
			lex_error(l, "a typedef needs a name");
		} else if (d.name) {
			func_or_var(l, &d, &k, label);
		} else if (d.is_static || d.is_extern) {
			lex_error(l, "a storage class needs a function or variable");
		} else {
			plain_type(l, d.type, &k, label);
		}
	} while (!l->failed && lex_take(l, ','));
}

/* "@label :" before a statement; *place: "@label ;" */
static const char *leading_label(struct lexer *l)
{
	struct lexer next = *l;
	const char *label;

	if (!lex_take(&next, '@'))
		return NULL;
	label = lex_label(&next);
	lex_next(&next);
	if (!label || !lex_take(&next, ':'))
		return NULL;
	*l = next;
	return label;
}

static void one_statement(struct lexer *l)
{
	const char *label = leading_label(l);
	struct token k = l->token;
	bool section = lex_take_word(l, "__datasec");

	if (section)
		set_label(l, datasec(l, &k), label);
	else if (lex_take_word(l, "__decl_tag"))
		set_label(l, decl_tag(l, &k), label);
	else if (lex_take_word(l, "__int"))
		set_label(l, int_type(l, &k), label);
	else if (lex_take_word(l, "__float"))
		set_label(l, float_type(l, &k), label);
	else
		declaration(l, label);
	if (section)
		lex_take(l, ';'); /* as after a function's body, none is needed */
	else
		lex_want(l, ';', "after the declaration");
}

/* The bodies in it follow the last type that it makes. */
static void read_statement(struct lexer *l)
{
	struct types *t = l->t;
	struct def **before = t->tail, *inner = NULL, *last;

	t->inner_tail = &inner;
	t->depth = 0;
	one_statement(l);
	last = *before;
	while (last && last->next)
		last = last->next;
	if (last)
		last->inner = inner;
}

/* From the beginning of a statement to the next: behind a semicolon outside all braces. */
static void recover(struct lexer *l)
{
	unsigned open = 0;

	for (l->failed = true; l->token.kind != TOKEN_END; lex_next(l)) {
		if (lex_is(l, ';') && !open)
			break;
		open += lex_is(l, '{');
		open -= lex_is(l, '}') && open;
	}
	l->failed = false;
}

enum iov_status types_block(struct types *t, const struct types_text *text)
{
	struct lexer l;

	lex_init(&l, t, text, false);
	while (l.token.kind != TOKEN_END && !t->oom) {
		struct lexer begin = l;

		if (lex_take(&l, ';'))
			continue;
		read_statement(&l);
		if (l.failed) {
			l = begin;
			recover(&l);
		}
	}
	return t->oom ? IOV_NOMEM : t->bad ? IOV_DIAGNOSED : IOV_OK;
}

struct types *types_open(struct iov_arena *arena, struct iov_sink *sink, types_span_fn *span, void *ud)
{
	struct types *t = ARENA_NEW(arena, struct types);

	if (!t)
		return NULL;
	t->arena = arena;
	t->sink = sink;
	t->span = span;
	t->span_ud = ud;
	t->tail = &t->defs;
	t->record_tail = &t->records;
	return t;
}

void types_places(const struct types *t, void (*each)(void *ud, struct types_at at, bool function), void *ud)
{
	for (const struct record *r = t->records; r; r = r->next)
		if (r->kind != RECORD_LINE)
			each(ud, r->place, r->kind == RECORD_FUNC);
}

void types_join_lines(struct types *t)
{
	t->join_lines = true;
}

bool types_declares(const struct types *t, const char *function)
{
	for (const struct def *d = t->defs; d; d = d->next)
		if (d->kind == BTF_KIND_FUNC && d->name && !strcmp(d->name, function))
			return true;
	return false;
}
