/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/c_types.h"

#include "linker/object/internal.h"

#include <string.h>

enum iov_status c_types_init(struct c_types *c, const struct iov_btf *btf, struct iov_arena *arena, struct iov_buf *out)
{
	*c = (struct c_types){.btf = btf, .out = out, .done = arena_alloc(arena, btf ? btf->count : 1)};
	return c->done ? IOV_OK : IOV_NOMEM;
}

static const struct iov_btf_type *plain(const struct c_types *c, uint32_t *id)
{
	*id = btf_strip(c->btf, *id);
	return btf_type(c->btf, *id);
}

static bool is_composite(uint8_t kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}
static bool is_enum(uint8_t kind)
{
	return kind == BTF_KIND_ENUM || kind == KIND_ENUM64;
}

static const char *integer(uint32_t size, bool is_signed)
{
	static const char *const names[2][4] = {{"uint8_t", "uint16_t", "uint32_t", "uint64_t"},
						{"int8_t", "int16_t", "int32_t", "int64_t"}};

	return size == 1 || size == 2 || size == 4 || size == 8 ? names[is_signed][__builtin_ctz(size)] : NULL;
}

static void indent(const struct c_types *c, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		buf_putc(c->out, '\t');
}

static uint32_t align_of(const struct c_types *c, uint32_t id, unsigned depth)
{
	const struct iov_btf_type *t = plain(c, &id);
	uint32_t most = 1;

	switch (t && depth < BTF_MAX_NESTING ? t->kind : 0) {
	case BTF_KIND_ARRAY:
		return align_of(c, t->type, depth + 1);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint32_t i = 0; i < t->count; i++) {
			uint32_t a = align_of(c, t->members[i].type, depth + 1);

			/* Packed, or it would not stand there. */
			if (t->members[i].bit_offset % (8 * a) || t->size % a)
				return 1;
			most = a > most ? a : most;
		}
		return most;
	case BTF_KIND_PTR:
		return 8;
	default:
		return t && (t->size == 2 || t->size == 4 || t->size == 8 || t->size == 16) ? t->size : 1;
	}
}

/* Some member does not stand where C would align it. */
static bool is_packed(const struct c_types *c, const struct iov_btf_type *t)
{
	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t a = align_of(c, t->members[i].type, 0);

		if (!t->members[i].bit_size && (t->members[i].bit_offset % (8 * a) || t->size % a))
			return true;
	}
	return false;
}

static void pad(const struct c_types *c, uint64_t bytes, unsigned depth, uint32_t *pads)
{
	indent(c, depth);
	buf_printf(c->out, "uint8_t _pad%u[%llu];\n", (*pads)++, (unsigned long long)bytes);
}

static void members(const struct c_types *c, const struct iov_btf_type *t, unsigned depth)
{
	uint64_t at = 0; /* bits */
	uint32_t pads = 0;
	bool fields = false;

	for (uint32_t i = 0; i < t->count; i++)
		fields |= t->members[i].bit_size != 0;
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		int64_t size = btf_size(c->btf, m->type);
		uint32_t a = 8 * align_of(c, m->type, 0);

		if (t->kind == BTF_KIND_STRUCT && !fields && ((at + a - 1) / a * a) < m->bit_offset)
			pad(c, (m->bit_offset - at) / 8, depth, &pads);
		indent(c, depth);
		c_types_member(c, m->type, m->name, depth);
		if (m->bit_size)
			buf_printf(c->out, " : %u", m->bit_size);
		buf_puts(c->out, ";\n");
		at = m->bit_offset + (size > 0 ? 8 * (uint64_t)size : 0);
	}
	if (t->kind == BTF_KIND_STRUCT && !fields && at / 8 < t->size) {
		uint32_t a = 1;

		for (uint32_t i = 0; i < t->count; i++)
			a = align_of(c, t->members[i].type, 0) > a ? align_of(c, t->members[i].type, 0) : a;
		if (is_packed(c, t) || (at / 8 + a - 1) / a * a < t->size)
			pad(c, t->size - at / 8, depth, &pads);
	}
	if (!t->count && t->size)
		pad(c, t->size, depth, &pads);
}

static void body(const struct c_types *c, const struct iov_btf_type *t, unsigned depth)
{
	buf_puts(c->out, "{\n");
	members(c, t, depth + 1);
	indent(c, depth);
	buf_puts(c->out, is_packed(c, t) ? "} __attribute__((packed))" : "}");
}

static void dimensions(const struct c_types *c, uint32_t id)
{
	for (const struct iov_btf_type *t = plain(c, &id); t && t->kind == BTF_KIND_ARRAY; t = plain(c, &id)) {
		buf_printf(c->out, "[%u]", t->nelems);
		id = t->type;
	}
}

void c_types_member(const struct c_types *c, uint32_t type, const char *name, unsigned depth)
{
	uint32_t id = type;
	const struct iov_btf_type *t = plain(c, &id);
	const char *base = NULL;

	while (t && t->kind == BTF_KIND_ARRAY) {
		id = t->type;
		t = plain(c, &id);
	}
	if (!t || !id)
		base = "uint8_t";
	else if (t->kind == BTF_KIND_INT)
		base = t->int_encoding & BTF_INT_BOOL             ? "bool"
		       : t->size == 1 && !strcmp(t->name, "char") ? "char"
								  : integer(t->size, t->int_encoding & BTF_INT_SIGNED);
	else if (t->kind == BTF_KIND_PTR)
		base = "uint64_t";
	else if (t->kind == BTF_KIND_FLOAT)
		base = t->size == 4 ? "float" : "double";
	else if (is_enum(t->kind) && (!*t->name || t->size != 4))
		base = integer(t->size, t->flag);
	if (base)
		buf_puts(c->out, base);
	else if (is_enum(t->kind))
		buf_printf(c->out, "enum %s", t->name);
	else if (is_composite(t->kind))
		buf_puts(c->out, t->kind == BTF_KIND_STRUCT ? "struct " : "union ");
	else
		buf_puts(c->out, "uint8_t"); /* sixteen-byte integers and what has no size */
	if (t && is_composite(t->kind) && *t->name)
		buf_puts(c->out, t->name);
	else if (t && is_composite(t->kind))
		body(c, t, depth);
	if (*name)
		buf_printf(c->out, " %s", name);
	dimensions(c, type);
	if (t && t->kind == BTF_KIND_INT && !base)
		buf_printf(c->out, "[%u]", t->size);
}

static void define_enum(struct c_types *c, const struct iov_btf_type *t)
{
	buf_printf(c->out, "enum %s {\n", t->name);
	for (uint32_t i = 0; i < t->count; i++)
		buf_printf(c->out, "\t%s = %lld,\n", t->members[i].name, (long long)t->members[i].value);
	buf_puts(c->out, "};\n\n");
}

void c_types_define(struct c_types *c, uint32_t type)
{
	uint32_t id = type;
	const struct iov_btf_type *t = plain(c, &id);

	while (t && t->kind == BTF_KIND_ARRAY) {
		id = t->type;
		t = plain(c, &id);
	}
	if (!t || !id || c->done[id])
		return;
	c->done[id] = 1;
	if (is_enum(t->kind) && *t->name && t->size == 4 && t->count)
		define_enum(c, t);
	if (!is_composite(t->kind))
		return;
	for (uint32_t i = 0; i < t->count; i++)
		c_types_define(c, t->members[i].type);
	if (!*t->name)
		return;
	buf_printf(c->out, "%s %s ", t->kind == BTF_KIND_STRUCT ? "struct" : "union", t->name);
	body(c, t, 0);
	buf_printf(c->out, ";\n_Static_assert(sizeof(%s %s) == %u, \"%s\");\n\n",
		   t->kind == BTF_KIND_STRUCT ? "struct" : "union", t->name, t->size, t->name);
}
