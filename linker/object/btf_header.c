/* SPDX-License-Identifier: Apache-2.0 */
/* The order: types in the order of their ids, each after what it needs by value and after the names in its pointers.
 * What a pointer points to is declared (struct, union) or, where C has no such declaration (typedef, enum), defined. */
#include "linker/object/btf_header.h"

#include "asm/base/hash.h"
#include "linker/object/internal.h"

#include <ctype.h>

enum { MAX_NEEDS = 2000 };

/* SAID: the constants of an unnamed enumeration are defined. HELD: it is being defined, or another type holds it. OPEN:
 * its body is being written. */
enum header_state { DECLARED = 1, DEFINED = 2, SAID = 4, HELD = 8, OPEN = 16 };

/* Ordinary names and tags are counted apart. */
struct name_count {
	const char *name; /* NULL: free */
	uint32_t count;
	bool tag;
};

static void need(struct header *h, uint32_t id, bool whole);

uint32_t header_count(struct header *h, const char *name, bool tag)
{
	uint32_t mask = h->name_room - 1, i = (uint32_t)hash_bytes(name, strlen(name)) & mask;

	for (;; i = (i + 1) & mask) {
		struct name_count *n = &h->names[i];

		if (n->name && (n->tag != tag || strcmp(n->name, name) != 0))
			continue;
		n->name = name;
		n->tag = tag;
		return ++n->count;
	}
}

/* Nothing that is no identifier comes into the header. */
void header_name(struct header *h, const char *name, uint32_t number, struct iov_buf *out)
{
	(void)h;
	if (isdigit((uint8_t)*name))
		buf_putc(out, '_');
	for (; *name; name++)
		buf_putc(out, isalnum((uint8_t)*name) || *name == '_' ? *name : '_');
	if (number > 1)
		buf_printf(out, "___%u", number);
}

static bool is_enum(const struct iov_btf_type *t)
{
	return t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64;
}

static bool has_tag(const struct iov_btf_type *t)
{
	return is_enum(t) || t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION || t->kind == BTF_KIND_FWD;
}

/* Integers by their size, since the header is compiled for BPF whatever machine the BTF is of. */
static const char *integer(const struct iov_btf_type *t)
{
	bool is_signed = t->int_encoding & BTF_INT_SIGNED;
	static const struct {
		const char *name;
		uint32_t size;
	} names[] = {{"char", 1}, {"signed char", 1}, {"unsigned char", 1}, {"short", 2}, {"short int", 2},
		     {"short unsigned int", 2}, {"unsigned short", 2}, {"int", 4}, {"unsigned int", 4}, {"long int", 8},
		     {"long unsigned int", 8}, {"long", 8}, {"unsigned long", 8}, {"long long int", 8},
		     {"long long unsigned int", 8}, {"long long", 8}, {"unsigned long long", 8}, {"__int128", 16},
		     {"__int128 unsigned", 16}, {"unsigned __int128", 16}, {"_Bool", 1}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (t->size == names[i].size && !strcmp(t->name, names[i].name))
			return names[i].name;
	switch (t->size) {
	case 1:
		return is_signed ? "signed char" : "unsigned char";
	case 2:
		return is_signed ? "short" : "unsigned short";
	case 8:
		return is_signed ? "long long" : "unsigned long long";
	case 16:
		return is_signed ? "__int128" : "unsigned __int128";
	default:
		return is_signed ? "int" : "unsigned int";
	}
}

/* Where a declaration ends. Anonymous bodies stand in place; their text continues the line that `indent` belongs to. */
struct place {
	struct header *h;
	unsigned indent;
};

static void put_base(const struct declarator *d, uint32_t id, unsigned depth, struct iov_buf *out)
{
	const struct place *at = d->ud;
	struct header *h = at->h;
	const struct iov_btf_type *t = btf_type(h->btf, id);

	(void)depth;
	if (!id || !t) {
		buf_puts(out, "void");
	} else if (t->kind == BTF_KIND_INT) {
		buf_puts(out, integer(t));
	} else if (t->kind == BTF_KIND_FLOAT) {
		buf_puts(out, t->size == 4 ? "float" : t->size == 8 ? "double" : "unsigned __int128");
	} else if (!has_tag(t)) {
		header_name(h, *t->name ? t->name : "int", h->number[id], out);
	} else if (*t->name) {
		buf_puts(out, btf_tag_word(t));
		header_name(h, t->name, h->number[id], out);
	} else if (is_enum(t) && h->state[id] & SAID) { /* its constants are defined already */
		buf_puts(out, t->size == 8 ? "unsigned long long" : "unsigned int");
	} else {
		h->too_deep |= h->state[id] & OPEN;
		h->state[id] |= SAID | OPEN;
		buf_printf(out, "%.*s", (int)strlen(btf_tag_word(t)) - 1, btf_tag_word(t));
		if (!h->too_deep)
			header_body(h, id, at->indent, out);
		h->state[id] &= (uint8_t)~OPEN;
	}
}

void header_declare(struct header *h, uint32_t id, const char *name, unsigned indent, struct iov_buf *out)
{
	struct place at = {h, indent};
	struct declarator d = {.btf = h->btf, .put_base = put_base, .ud = &at, .bare = true};
	struct iov_buf clean;

	buf_init(&clean, out->alloc);
	header_name(h, name, 0, &clean);
	declarator_put(&d, id, buf_cstr(&clean), out);
	buf_free(&clean);
}

/* Definitions. */

static void define_tag(struct header *h, uint32_t id)
{
	const struct iov_btf_type *t = &h->btf->types[id];

	buf_puts(h->out, btf_tag_word(t));
	header_name(h, t->name, h->number[id], h->out);
	header_body(h, id, 0, h->out);
	buf_puts(h->out, ";\n\n");
}

static void define_typedef(struct header *h, uint32_t id)
{
	const struct iov_btf_type *t = &h->btf->types[id];
	struct iov_buf name;

	buf_init(&name, h->out->alloc);
	header_name(h, t->name, h->number[id], &name);
	buf_puts(h->out, "typedef ");
	header_declare(h, t->type, buf_cstr(&name), 0, h->out);
	buf_puts(h->out, ";\n\n");
	buf_free(&name);
}

static void need_members(struct header *h, const struct iov_btf_type *t)
{
	for (uint32_t i = 0; i < t->count; i++)
		need(h, t->members[i].type, true);
}

static void need_composite(struct header *h, uint32_t id, bool whole)
{
	const struct iov_btf_type *t = &h->btf->types[id];

	if (!*t->name && !(h->state[id] & DEFINED)) {
		h->state[id] |= DEFINED;
		need_members(h, t);
	} else if (!*t->name) {
		return;
	} else if (!whole && !(h->state[id] & (DECLARED | DEFINED))) {
		h->state[id] |= DECLARED;
		buf_puts(h->out, btf_tag_word(t));
		header_name(h, t->name, h->number[id], h->out);
		buf_puts(h->out, ";\n\n");
	} else if (whole && !(h->state[id] & (DEFINED | HELD))) {
		h->state[id] |= HELD;
		need_members(h, t);
		h->state[id] |= DEFINED;
		define_tag(h, id);
	}
}

static void need_typedef(struct header *h, uint32_t id, bool whole)
{
	const struct iov_btf_type *t = &h->btf->types[id], *of = btf_type(h->btf, btf_strip(h->btf, t->type));

	if (!(h->state[id] & (DEFINED | HELD))) {
		h->state[id] |= HELD;
		need(h, t->type, has_tag(of) && !*of->name);
		h->state[id] |= DEFINED;
		define_typedef(h, id);
	}
	if (whole)
		need(h, t->type, true);
}

static void need_enum(struct header *h, uint32_t id)
{
	const struct iov_btf_type *t = &h->btf->types[id];

	if (*t->name && t->count && !(h->state[id] & DEFINED)) {
		h->state[id] |= DEFINED;
		define_tag(h, id);
	}
}

static void need_prototype(struct header *h, const struct iov_btf_type *t)
{
	need(h, t->type, false);
	for (uint32_t i = 0; i < t->count; i++)
		need(h, t->members[i].type, false);
}

/* Everything that must stand before a declaration with this type; `whole`: its size is used. */
static void need(struct header *h, uint32_t id, bool whole)
{
	const struct iov_btf_type *t = btf_type(h->btf, id);

	if (!id || !t || h->too_deep)
		return;
	if (h->depth++ > MAX_NEEDS)
		h->too_deep = true;
	switch (t->kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_FWD:
		need_composite(h, id, whole && t->kind != BTF_KIND_FWD);
		break;
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		need_enum(h, id);
		break;
	case BTF_KIND_TYPEDEF:
		need_typedef(h, id, whole);
		break;
	case BTF_KIND_FUNC_PROTO:
		need_prototype(h, t);
		break;
	case BTF_KIND_PTR:
		need(h, t->type, false);
		break;
	case BTF_KIND_ARRAY:
		need(h, t->type, true);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case KIND_TYPE_TAG:
		need(h, t->type, whole);
		break;
	default:
		break;
	}
	h->depth--;
}

/* Names in the order of ids. A forward declaration of a struct that is there is that struct's. */
static void number_names(struct header *h)
{
	header_count(h, "__builtin_va_list", false); /* the compiler has one, which is its target's, not the kernel's */
	for (uint32_t id = 1; id < h->btf->count; id++) {
		const struct iov_btf_type *t = &h->btf->types[id];

		if (t->kind == BTF_KIND_FWD && !btf_find(h->btf, t->name, t->flag ? BTF_KIND_UNION : BTF_KIND_STRUCT))
			h->number[id] = 1;
	}
	for (uint32_t id = 1; id < h->btf->count; id++) {
		const struct iov_btf_type *t = &h->btf->types[id];

		if (*t->name && has_tag(t) && (t->kind != BTF_KIND_FWD || h->number[id]))
			h->number[id] = header_count(h, t->name, true);
		else if (*t->name && t->kind == BTF_KIND_TYPEDEF)
			h->number[id] = header_count(h, t->name, false);
	}
}

/* Anonymous enumerations that stand in no other type have constants all the same. */
static void mark_held(struct header *h)
{
	for (uint32_t id = 1; id < h->btf->count; id++) {
		const struct iov_btf_type *t = &h->btf->types[id];

		if (t->type < h->btf->count && t->kind != BTF_KIND_FUNC && t->kind != BTF_KIND_VAR)
			h->state[t->type] |= t->kind != KIND_DECL_TAG ? HELD : 0;
		for (uint32_t i = 0; i < t->count && (is_enum(t) == 0); i++)
			if (t->members[i].type < h->btf->count && t->kind != BTF_KIND_DATASEC)
				h->state[t->members[i].type] |= HELD;
	}
	for (uint32_t id = 1; id < h->btf->count; id++)
		if (!is_enum(&h->btf->types[id]) || *h->btf->types[id].name)
			h->state[id] = 0;
}

static void define_all(struct header *h)
{
	for (uint32_t id = 1; id < h->btf->count && !h->failed && !h->too_deep; id++) {
		const struct iov_btf_type *t = &h->btf->types[id];

		if (is_enum(t) && !*t->name && t->count && !(h->state[id] & HELD)) {
			header_declare(h, id, "", 0, h->out);
			buf_puts(h->out, ";\n\n");
		} else if ((has_tag(t) && *t->name) || t->kind == BTF_KIND_TYPEDEF) {
			need(h, id, t->kind != BTF_KIND_TYPEDEF);
		}
	}
}

static bool prepare(struct header *h)
{
	uint64_t names = 0;

	for (uint32_t id = 1; id < h->btf->count; id++)
		names += 1 + (is_enum(&h->btf->types[id]) ? h->btf->types[id].count : 0);
	for (h->name_room = 16; h->name_room < 2 * names && h->name_room < 1u << 31;)
		h->name_room *= 2;
	h->state = arena_array(h->arena, h->btf->count, sizeof(*h->state));
	h->number = arena_array(h->arena, h->btf->count, sizeof(*h->number));
	h->aligned = arena_array(h->arena, h->btf->count, sizeof(*h->aligned));
	h->names = arena_array(h->arena, h->name_room, sizeof(*h->names));
	return h->state && h->number && h->aligned && h->names;
}

enum iov_status btf_header(const struct iov_btf *btf, struct iov_arena *arena, struct iov_sink *sink,
			   struct iov_buf *out)
{
	struct header h = {.btf = btf, .arena = arena, .out = out};

	if (!prepare(&h))
		return IOV_NOMEM;
	mark_held(&h);
	number_names(&h);
	buf_puts(out, "#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n\n"
		      "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n"
		      "#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n"
		      "#endif\n\n");
	define_all(&h);
	buf_puts(out, "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop\n#endif\n\n"
		      "#endif /* __VMLINUX_H__ */\n");
	if (out->failed)
		return IOV_NOMEM;
	if (!h.failed && !h.too_deep)
		return IOV_OK;
	diag_add(sink, DIAG_BTF_HEADER, IOV_NOWHERE, h.too_deep ? "types depend on each other over too many steps"
								: "the header would be larger than any kernel's");
	return IOV_DIAGNOSED;
}
