/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: whether the types of one name agree between files: functions and variables against their declarations, and maps
 * against each other. Structs behind pointers agree by name alone, as in libbpf; what is passed or stored by value has
 * to be equal to the last member. */
#include "linker/internal.h"

#include <linux/bpf.h>

enum { KIND_ENUM64 = 19, MAX_DEPTH = 64 };

struct pair {
	const struct iov_btf *a, *b;
	struct iov_buf *why;
	unsigned depth;
	uint32_t in_a, in_b; /* the innermost named types that differ */
};

static bool agree(struct pair *p, uint32_t x, uint32_t y, bool behind);

static bool differ(struct pair *p, const char *what, const char *name)
{
	if (p->why && !p->why->len)
		buf_printf(p->why, "%s%s%s", what, *name ? " " : "", name);
	return false;
}

static bool is_struct(uint8_t kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}
static bool is_enum(uint8_t kind)
{
	return kind == BTF_KIND_ENUM || kind == KIND_ENUM64;
}

static bool agree_members(struct pair *p, const struct iov_btf_type *s, const struct iov_btf_type *t)
{
	if (s->size != t->size)
		return differ(p, "sizes differ in", *s->name ? s->name : "a struct");
	for (uint32_t i = 0; i < s->count && i < t->count; i++) {
		const struct iov_btf_member *m = &s->members[i], *n = &t->members[i];

		if (strcmp(m->name, n->name) || m->bit_offset != n->bit_offset || m->bit_size != n->bit_size)
			return differ(p, "members differ from", *m->name ? m->name : "a member without a name");
		if (!agree(p, m->type, n->type, false))
			return differ(p, "types differ at member", m->name);
	}
	if (s->count != t->count)
		return differ(p, "one has more members:",
			      s->count > t->count ? s->members[t->count].name : t->members[s->count].name);
	return true;
}

static bool agree_enumerators(struct pair *p, const struct iov_btf_type *s, const struct iov_btf_type *t)
{
	if (s->size != t->size)
		return differ(p, "sizes differ in enum", s->name);
	/* __ulong(name, N) of maps is an enumerator of value N. */
	for (uint32_t i = 0; i < s->count && i < t->count; i++)
		if (s->members[i].value != t->members[i].value)
			return differ(p, "values differ of", s->members[i].name);
	return s->count == t->count || differ(p, "one has more enumerators:", s->name);
}

static bool agree_proto(struct pair *p, const struct iov_btf_type *s, const struct iov_btf_type *t)
{
	if (!agree(p, s->type, t->type, false))
		return differ(p, "the results differ", "");
	if (s->count != t->count)
		return differ(p, "the numbers of parameters differ", "");
	for (uint32_t i = 0; i < s->count; i++)
		if (!agree(p, s->members[i].type, t->members[i].type, false))
			return differ(p, "types differ of parameter",
				      *s->members[i].name ? s->members[i].name : t->members[i].name);
	return true;
}

static bool agree_kinds(struct pair *p, const struct iov_btf_type *s, const struct iov_btf_type *t, bool behind)
{
	bool forward = s->kind == BTF_KIND_FWD || t->kind == BTF_KIND_FWD;

	if (behind && (is_struct(s->kind) || s->kind == BTF_KIND_FWD) &&
	    (is_struct(t->kind) || t->kind == BTF_KIND_FWD) && *s->name)
		return (forward || s->kind == t->kind) &&
		       (!strcmp(s->name, t->name) || differ(p, "not the same:", s->name));
	if (is_enum(s->kind) && is_enum(t->kind))
		return agree_enumerators(p, s, t);
	if (s->kind != t->kind)
		return false;
	switch (s->kind) {
	case BTF_KIND_INT:
		return s->size == t->size && s->int_bits == t->int_bits &&
		       (s->int_encoding & ~BTF_INT_CHAR) == (t->int_encoding & ~BTF_INT_CHAR);
	case BTF_KIND_FLOAT:
		return s->size == t->size;
	case BTF_KIND_ARRAY:
		return s->nelems == t->nelems && agree(p, s->type, t->type, false);
	case BTF_KIND_PTR:
		return agree(p, s->type, t->type, true);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return strcmp(s->name, t->name) ? differ(p, "not the same:", s->name) : agree_members(p, s, t);
	case BTF_KIND_FUNC_PROTO:
		return agree_proto(p, s, t);
	default:
		return true;
	}
}

/* `behind`: behind a pointer, where a struct's name is enough. */
static bool agree(struct pair *p, uint32_t x, uint32_t y, bool behind)
{
	const struct iov_btf_type *s, *t;
	bool result;

	x = btf_strip(p->a, x);
	y = btf_strip(p->b, y);
	s = btf_type(p->a, x);
	t = btf_type(p->b, y);
	if (!s || !t || !x || !y)
		return !x == !y;
	if (p->depth == MAX_DEPTH)
		return true;
	p->depth++;
	result = agree_kinds(p, s, t, behind);
	p->depth--;
	if (!result && !p->in_a && *s->name && !strcmp(s->name, t->name) && (is_struct(s->kind) || is_enum(s->kind))) {
		p->in_a = x;
		p->in_b = y;
	}
	return result;
}

bool agree_types(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y, struct iov_buf *why)
{
	struct pair p = {.a = a, .b = b, .why = why};

	return agree(&p, x, y, false);
}

bool agree_inside(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y, uint32_t *in_a,
		  uint32_t *in_b)
{
	struct pair p = {.a = a, .b = b};

	agree(&p, x, y, false);
	*in_a = p.in_a;
	*in_b = p.in_b;
	return p.in_a != 0;
}

struct map_values map_values_of(const struct linker *l, uint32_t input, uint32_t symbol)
{
	const struct input *in = &l->inputs[input];
	const struct iov_symbol *s = &in->obj->symbols[symbol];
	const struct iov_section *section = &in->obj->sections[s->section];
	const struct iov_reloc *r = in->obj->relocs + section->first_reloc, *end = r + section->reloc_count;
	struct map_values out = {.obj = in->obj, .start = s->value};
	uint32_t id = symbol_btf(in, s->name);
	const struct iov_btf_type *t;

	while (r < end && r->offset < s->value)
		r++;
	for (out.first = r; r < end && r->offset - s->value < s->size; r++)
		out.count++;
	if (!out.count || !id || object_types(in->obj))
		return out;
	t = btf_type(in->obj->btf, btf_strip(in->obj->btf, in->obj->btf->types[id].type));
	if (t->kind == BTF_KIND_STRUCT && t->count)
		out.start += t->members[t->count - 1].bit_offset / 8;
	return out;
}

bool agree_values(const struct map_values *a, const struct map_values *b, struct iov_buf *why)
{
	for (uint32_t i = 0; i < a->count && i < b->count; i++) {
		const struct iov_reloc *r = &a->first[i], *q = &b->first[i];
		const struct iov_symbol *x = &a->obj->symbols[r->symbol], *y = &b->obj->symbols[q->symbol];
		uint64_t slot = (r->offset - a->start) / 8, other = (q->offset - b->start) / 8;

		if (slot != other)
			buf_printf(why, "only one of them fills slot %llu",
				   (unsigned long long)(slot < other ? slot : other));
		else if (x->bind == STB_LOCAL || y->bind == STB_LOCAL)
			buf_printf(why, "slot %llu holds a static function or map", (unsigned long long)slot);
		else if (strcmp(x->name, y->name))
			buf_printf(why, "slot %llu holds %s in one of them, %s in the other", (unsigned long long)slot,
				   x->name, y->name);
		else
			continue;
		return false;
	}
	if (a->count != b->count)
		buf_printf(why, "one of them fills %u slots, the other %u", a->count, b->count);
	return a->count == b->count;
}

/* An array that is declared without a length takes any. */
static bool open_array(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y)
{
	const struct iov_btf_type *s = btf_type(a, btf_strip(a, x)), *t = btf_type(b, btf_strip(b, y));

	return s->kind == BTF_KIND_ARRAY && t->kind == BTF_KIND_ARRAY && !s->nelems &&
	       agree_types(a, s->type, b, t->type, NULL);
}

/* A declaration of a map may leave members out; those that it has are the definition's. */
static bool agree_map(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y, struct iov_buf *why)
{
	const struct iov_btf_type *s = btf_type(a, btf_strip(a, x)), *t = btf_type(b, btf_strip(b, y));
	struct pair p = {.a = a, .b = b, .why = why};

	if (s->kind != BTF_KIND_STRUCT || t->kind != BTF_KIND_STRUCT)
		return false;
	for (uint32_t i = 0, j; i < s->count; i++) {
		for (j = 0; j < t->count && strcmp(s->members[i].name, t->members[j].name);)
			j++;
		if (j == t->count)
			return differ(&p, "the definition has no", s->members[i].name);
		if (!agree(&p, s->members[i].type, t->members[j].type, false))
			return differ(&p, "types differ at member", s->members[i].name);
	}
	return true;
}

static void say(struct linker *l, const struct global *g, uint32_t input, uint32_t symbol, const char *why)
{
	struct side declared = side_of(l, input, symbol, "declared"),
		    defined = side_of(l, g->input, g->symbol, "defined");
	struct iov_diag *d = LINK_DIAG(l, LINK_TYPE, symbol_span(l, g->input, g->symbol),
				       "%s is declared in %s otherwise than it is defined%s%s", g->name,
				       l->inputs[input].obj->name, *why ? ": " : "", why);

	sides_show(l, d, &declared, &defined, g->name);
	diag_hint(d, "declare %s in one header, and include it in both files", g->name);
}

static enum iov_status check_use(struct linker *l, struct global *g, uint32_t input, uint32_t symbol)
{
	uint32_t x = symbol_btf(&l->inputs[input], g->name), y = symbol_btf(&l->inputs[g->input], g->name);
	const struct iov_btf *a, *b;
	struct iov_buf why;

	if (!x || !y)
		return IOV_OK;
	if (object_types(l->inputs[input].obj) || object_types(l->inputs[g->input].obj))
		return IOV_NOMEM;
	a = l->inputs[input].obj->btf;
	b = l->inputs[g->input].obj->btf;
	buf_init(&why, l->arena->alloc);
	if (a->types[x].kind != b->types[y].kind)
		say(l, g, input, symbol, "one is a function, the other a variable");
	else if (symbol_is_map(l, g->input, g->symbol) ? !agree_map(a, a->types[x].type, b, b->types[y].type, &why)
			      : !agree_types(a, a->types[x].type, b, b->types[y].type, &why) &&
					!open_array(a, a->types[x].type, b, b->types[y].type))
		say(l, g, input, symbol, why.len && buf_cstr(&why) ? buf_cstr(&why) : "");
	else if (a->types[x].kind == BTF_KIND_VAR &&
		 btf_is_const(a, a->types[x].type) != btf_is_const(b, b->types[y].type))
		say(l, g, input, symbol, "one is const");
	buf_free(&why);
	return IOV_OK;
}

enum iov_status agree_check(struct linker *l)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 1; j < l->inputs[i].obj->symbol_count && !status; j++) {
			struct global *g = l->inputs[i].globals[j];

			if (g && global_defined(g) && g->input != i && !g->bad &&
			    l->inputs[i].obj->symbols[j].section == SHN_UNDEF)
				status = check_use(l, g, i, j);
		}
	return status;
}
