/* SPDX-License-Identifier: Apache-2.0 */
/* Types in a description. No ids: a type is said in full where it stands, and named structs and unions by name; each of
 * those is told once, under "types". Where two differ under one name, the second is written out like one without. */
#include "linker/describe_part.h"

#include "linker/object/internal.h"

#include <inttypes.h>
#include <string.h>

static bool is_composite(const struct iov_btf_type *t)
{
	return t && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION);
}

static bool is_enum(const struct iov_btf_type *t)
{
	return t && (t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64);
}

static const char *kind_word(const struct iov_btf_type *t)
{
	switch (t->kind) {
	case BTF_KIND_INT:
		return t->int_encoding & BTF_INT_BOOL ? "bool" : "int";
	case BTF_KIND_PTR:
		return "pointer";
	case BTF_KIND_ARRAY:
		return "array";
	case BTF_KIND_STRUCT:
		return "struct";
	case BTF_KIND_UNION:
		return "union";
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		return "enum";
	case BTF_KIND_FLOAT:
		return "float";
	case BTF_KIND_FWD:
		return "forward";
	case BTF_KIND_FUNC_PROTO:
		return "function";
	default:
		return "void";
	}
}

static void declaration(struct describe *d, const char *key, uint32_t type)
{
	struct iov_buf text;

	buf_init(&text, d->out->alloc);
	btf_declare(d->obj->btf, type, "", &text);
	json_text(d, key, buf_cstr(&text));
	d->out->failed |= text.failed;
	buf_free(&text);
}

static void shape(struct describe *d, uint32_t type, unsigned depth);

static void enumerators(struct describe *d, const struct iov_btf_type *t)
{
	json_open(d, "values", '{');
	for (uint32_t i = 0; i < t->count; i++) {
		json_word(d, t->members[i].name);
		buf_printf(d->out, t->flag ? ": %" PRId64 : ": %" PRIu64, t->members[i].value);
	}
	buf_putc(d->out, '}');
}

static void members(struct describe *d, const struct iov_btf_type *t, unsigned depth)
{
	json_open(d, "members", '[');
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		int64_t size = btf_size(d->obj->btf, m->type);

		d->budget -= d->budget > 0;
		json_begin(d);
		json_text(d, "name", *m->name ? m->name : NULL);
		json_number(d, "bit_offset", m->bit_offset);
		json_number(d, "bit_size", m->bit_size ? m->bit_size : size > 0 ? (uint64_t)size * 8 : 0);
		shape(d, m->type, depth + 1);
		buf_putc(d->out, '}');
	}
	buf_putc(d->out, ']');
}

/* The members that say what a type is. */
static void shape(struct describe *d, uint32_t type, unsigned depth)
{
	uint32_t id = btf_strip(d->obj->btf, type);
	const struct iov_btf_type *t = btf_type(d->obj->btf, id);
	int64_t size = btf_size(d->obj->btf, type);

	declaration(d, "type", type);
	json_text(d, "kind", t && id ? kind_word(t) : "void");
	json_number(d, "size", size > 0 ? (uint64_t)size : 0);
	if (!t || !id || depth > BTF_MAX_NESTING)
		return;
	if (t->kind == BTF_KIND_INT)
		json_flag(d, "signed", t->int_encoding & BTF_INT_SIGNED);
	if (is_enum(t))
		enumerators(d, t);
	if (is_composite(t) && *t->name && btf_find(d->obj->btf, t->name, t->kind) == id)
		d->named[id] |= 1;
	else if (is_composite(t) && d->budget)
		members(d, t, depth);
	if (t->kind == BTF_KIND_ARRAY) {
		json_number(d, "elements", t->nelems);
		json_open(d, "of", '{');
		shape(d, t->type, depth + 1);
		buf_putc(d->out, '}');
	}
}

void describe_type(struct describe *d, const char *key, uint32_t type)
{
	json_key(d, key);
	if (!type) {
		buf_puts(d->out, "null");
		return;
	}
	buf_putc(d->out, '{');
	shape(d, type, 0);
	buf_putc(d->out, '}');
}

/* "struct flow": { */
static void tagged(struct describe *d, const struct iov_btf_type *t)
{
	struct iov_buf text;

	buf_init(&text, d->out->alloc);
	buf_printf(&text, "%s %s", kind_word(t), t->name);
	text_json(d->out, buf_cstr(&text));
	buf_puts(d->out, ": {");
	d->out->failed |= text.failed;
	buf_free(&text);
}

/* Bit 0: asked for; bit 1: told. Telling one may ask for others. */
void describe_types(struct describe *d)
{
	bool more = true;

	json_part(d, "types", '{');
	while (more) {
		more = false;
		for (uint32_t id = 1; d->obj->btf && id < d->obj->btf->count; id++) {
			const struct iov_btf_type *t = &d->obj->btf->types[id];

			if (d->named[id] != 1)
				continue;
			d->named[id] = 3;
			more = true;
			json_line(d);
			tagged(d, t);
			json_text(d, "kind", kind_word(t));
			json_number(d, "size", t->size);
			members(d, t, 0);
			buf_putc(d->out, '}');
		}
	}
	buf_putc(d->out, '}');
}
