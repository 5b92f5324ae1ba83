/* SPDX-License-Identifier: Apache-2.0 */
#include "linker/c_types.h"

#include "linker/object/internal.h"

#include <string.h>

enum iov_status c_types_init(struct c_types *c, const struct iov_btf *btf, const char *prefix, struct iov_arena *arena,
			     struct iov_buf *out)
{
	*c = (struct c_types){.btf = btf, .out = out, .prefix = prefix, .budget = 1 << 20};
	c->done = arena_alloc(arena, btf ? btf->count : 1);
	c->align = arena_alloc(arena, btf ? btf->count : 1);
	return c->done && c->align ? IOV_OK : IOV_NOMEM;
}

void c_types_name(struct iov_buf *out, const char *name)
{
	static const char words[] =
		" alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t "
		"char8_t "
		"class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit "
		"continue decltype default delete do double dynamic_cast else enum explicit export extern false float "
		"for friend goto if inline int linux long mutable namespace new noexcept not not_eq nullptr operator "
		"or or_eq private protected public register reinterpret_cast requires restrict return short signed "
		"sizeof static static_assert static_cast struct switch template this thread_local throw true try "
		"typedef typeid typename typeof union unix unsigned using virtual void volatile wchar_t while xor "
		"xor_eq ";
	size_t len = strlen(name);

	if (!len || (*name >= '0' && *name <= '9'))
		buf_putc(out, '_');
	for (const char *p = name; *p; p++)
		buf_putc(out,
			 (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ? *p : '_');
	for (const char *at = strstr(words, name); len && at; at = strstr(at + 1, name))
		if (at[-1] == ' ' && at[len] == ' ') {
			buf_putc(out, '_');
			break;
		}
}

/* "struct module_flow"; a type that shares its name with an earlier one gets its number too. */
static void tag(const struct c_types *c, uint32_t id)
{
	const struct iov_btf_type *t = &c->btf->types[id];
	bool first = btf_find(c->btf, t->name, t->kind) == id;

	buf_printf(c->out, "%s %s_",
		   t->kind == BTF_KIND_STRUCT  ? "struct"
		   : t->kind == BTF_KIND_UNION ? "union"
					       : "enum",
		   c->prefix);
	c_types_name(c->out, t->name);
	if (!first)
		buf_printf(c->out, "_%u", id);
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

static uint32_t align_of(const struct c_types *c, uint32_t id, unsigned depth);

/* A member does not stand where C would put it. */
static bool misplaced(const struct c_types *c, const struct iov_btf_type *t, const struct iov_btf_member *m,
		      unsigned depth)
{
	uint32_t a = align_of(c, m->type, depth);
	uint64_t bits = 8 * (uint64_t)btf_size(c->btf, m->type);

	if (m->bit_size && bits && m->bit_offset % bits + m->bit_size > bits)
		return true;
	return (!m->bit_size && m->bit_offset % (8 * a)) || t->size % a;
}

static bool is_packed_at(const struct c_types *c, const struct iov_btf_type *t, unsigned depth)
{
	for (uint32_t i = 0; i < t->count; i++)
		if (misplaced(c, t, &t->members[i], depth))
			return true;
	return false;
}

static bool is_packed(const struct c_types *c, const struct iov_btf_type *t)
{
	return is_packed_at(c, t, 0);
}

static uint32_t align_of_composite(const struct c_types *c, const struct iov_btf_type *t, unsigned depth)
{
	uint32_t most = 1;

	for (uint32_t i = 0; i < t->count; i++) {
		uint32_t a = align_of(c, t->members[i].type, depth);

		most = a > most ? a : most;
	}
	return is_packed_at(c, t, depth) ? 1 : most;
}

/* In bytes; what nests too deep counts as packed. */
static uint32_t align_of(const struct c_types *c, uint32_t id, unsigned depth)
{
	const struct iov_btf_type *t = plain(c, &id);
	uint32_t size = t ? t->size : 0;

	if (!t || depth >= BTF_MAX_NESTING)
		return 1;
	if (c->align[id])
		return c->align[id];
	switch (t->kind) {
	case BTF_KIND_ARRAY:
		c->align[id] = align_of(c, t->type, depth + 1);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		c->align[id] = align_of_composite(c, t, depth + 1);
		break;
	case BTF_KIND_PTR:
		c->align[id] = 8;
		break;
	default:
		c->align[id] = size == 2 || size == 4 || size == 8 ? size : 1;
	}
	return c->align[id];
}

static void pad(const struct c_types *c, uint64_t bytes, unsigned depth, uint32_t *pads)
{
	indent(c, depth);
	buf_printf(c->out, "uint8_t _pad%u[%llu];\n", (*pads)++, (unsigned long long)bytes);
}

/* Bits of a struct that no member stands in, before a bit-field: to the next byte, whole bytes, and the rest. */
static void pad_bits(const struct c_types *c, uint64_t at, uint64_t to, unsigned depth, uint32_t *pads)
{
	uint64_t head = at % 8 ? 8 - at % 8 : 0;

	if (head > to - at)
		head = to - at;
	if (head) {
		indent(c, depth);
		buf_printf(c->out, "uint8_t : %u;\n", (unsigned)head);
	}
	at += head;
	if (to - at >= 8)
		pad(c, (to - at) / 8, depth, pads);
	if ((to - at) % 8) {
		indent(c, depth);
		buf_printf(c->out, "uint8_t : %u;\n", (unsigned)((to - at) % 8));
	}
}

/* Where C puts the next member, in bits from the struct's start. */
static uint64_t natural(const struct c_types *c, const struct iov_btf_member *m, uint64_t at, bool packed)
{
	uint64_t size = 8 * (uint64_t)btf_size(c->btf, m->type), align = packed ? 8 : 8 * align_of(c, m->type, 0);

	if (!m->bit_size)
		return (at + align - 1) / align * align;
	return packed || !size || at % size + m->bit_size <= size ? at : (at + size - 1) / size * size;
}

static void members(struct c_types *c, const struct iov_btf_type *t, unsigned depth)
{
	bool packed = is_packed(c, t);
	uint64_t at = 0; /* bits */
	uint32_t pads = 0, align = 1;

	for (uint32_t i = 0; i < t->count && c->budget; i++) {
		const struct iov_btf_member *m = &t->members[i];
		int64_t size = btf_size(c->btf, m->type);
		uint32_t a = packed ? 1 : align_of(c, m->type, 0);

		c->budget--;
		align = a > align ? a : align;
		if (t->kind == BTF_KIND_STRUCT && m->bit_offset > at && natural(c, m, at, packed) != m->bit_offset)
			pad_bits(c, at, m->bit_offset, depth, &pads);
		indent(c, depth);
		c_types_member(c, m->type, m->name, depth);
		if (m->bit_size)
			buf_printf(c->out, " : %u", m->bit_size);
		buf_puts(c->out, ";\n");
		at = m->bit_offset + (m->bit_size ? m->bit_size : size > 0 ? 8 * (uint64_t)size : 0);
	}
	at = (at + 7) / 8;
	if (t->kind == BTF_KIND_STRUCT && at < t->size && (at + align - 1) / align * align != t->size)
		pad(c, t->size - at, depth, &pads);
	else if (!t->count && t->size)
		pad(c, t->size, depth, &pads);
}

static void body(struct c_types *c, const struct iov_btf_type *t, unsigned depth)
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

void c_types_member(struct c_types *c, uint32_t type, const char *name, unsigned depth)
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
	else if (is_enum(t->kind) && (!*t->name || t->size != 4 || !t->count))
		base = integer(t->size, t->flag);
	if (base) {
		buf_puts(c->out, base);
	} else if ((is_enum(t->kind) || is_composite(t->kind)) && *t->name) {
		tag(c, id);
	} else if (is_composite(t->kind)) {
		buf_puts(c->out, t->kind == BTF_KIND_STRUCT ? "struct " : "union ");
		body(c, t, depth);
	} else {
		buf_puts(c->out, "uint8_t"); /* sixteen-byte integers and what has no size */
	}
	if (*name) {
		buf_putc(c->out, ' ');
		c_types_name(c->out, name);
	}
	dimensions(c, type);
	if (t && t->kind == BTF_KIND_INT && !base)
		buf_printf(c->out, "[%u]", t->size);
}

static void define_enum(struct c_types *c, uint32_t id)
{
	const struct iov_btf_type *t = &c->btf->types[id];

	tag(c, id);
	buf_puts(c->out, " {\n");
	for (uint32_t i = 0; i < t->count; i++) {
		buf_printf(c->out, "\t%s_", c->prefix);
		c_types_name(c->out, t->members[i].name);
		buf_printf(c->out, " = %lld,\n", (long long)t->members[i].value);
	}
	buf_puts(c->out, "};\n\n");
}

static void define_composite(struct c_types *c, uint32_t id)
{
	const struct iov_btf_type *t = &c->btf->types[id];

	tag(c, id);
	buf_putc(c->out, ' ');
	body(c, t, 0);
	buf_puts(c->out, ";\nstatic_assert(sizeof(");
	tag(c, id);
	buf_printf(c->out, ") == %u, \"size\");\n", t->size);
	for (uint32_t i = 0; i < t->count; i++) {
		if (!*t->members[i].name || t->members[i].bit_size)
			continue;
		buf_puts(c->out, "static_assert(offsetof(");
		tag(c, id);
		buf_puts(c->out, ", ");
		c_types_name(c->out, t->members[i].name);
		buf_printf(c->out, ") == %u, \"offset\");\n", t->members[i].bit_offset / 8);
	}
	buf_putc(c->out, '\n');
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
		define_enum(c, id);
	if (!is_composite(t->kind))
		return;
	for (uint32_t i = 0; i < t->count; i++)
		c_types_define(c, t->members[i].type);
	if (*t->name)
		define_composite(c, id);
}
