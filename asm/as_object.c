/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the iov_object that is made of sections, symbols and relocations, and its bytes (object_write). */
#include "asm/as_part.h"

#include <stdlib.h>

bool as_reloc(struct as *s, struct as_section *x, uint64_t offset, uint32_t type, uint32_t symbol)
{
	struct as_relocs *r = &x->relocs;

	if (r->count == r->room) {
		uint32_t room = r->room ? r->room * 2 : 16;
		void *all = alloc_resize(s->alloc, r->rows, r->room * sizeof(*r->rows), room * sizeof(*r->rows));

		if (!all)
			return as_oom(s);
		r->rows = all;
		r->room = room;
	}
	r->rows[r->count] = (struct iov_reloc){x->elf_index, symbol, offset, type};
	r->unsorted |= r->count && r->rows[r->count - 1].offset > offset;
	r->count++;
	as_sym(s, symbol)->in_reloc = true;
	return true;
}

static int by_offset(const void *a, const void *b)
{
	const struct iov_reloc *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->symbol < y->symbol ? -1 : x->symbol > y->symbol;
}

static bool put_sections(struct as *s, struct iov_object *obj)
{
	uint32_t relocs = 0;

	obj->section_count = s->section_count ? s->section_count : 1;
	obj->sections = arena_array(s->arena, obj->section_count, sizeof(*obj->sections));
	for (uint32_t i = 1; i < s->section_count; i++)
		relocs += s->sections[i]->relocs.count;
	obj->relocs = arena_array(s->arena, relocs, sizeof(*obj->relocs));
	if (!obj->sections || !obj->relocs)
		return as_oom(s);
	obj->sections[0].name = "";
	for (uint32_t i = 1; i < s->section_count; i++) {
		struct as_section *x = s->sections[i];
		struct iov_section *to = &obj->sections[i];

		*to = (struct iov_section){.name = x->name,
					   .index = i,
					   .type = x->type,
					   .flags = x->flags,
					   .align = x->align,
					   .entsize = x->entsize,
					   .link = x->link,
					   .info = x->info,
					   .data = x->data.data,
					   .first_reloc = obj->reloc_count,
					   .reloc_count = x->relocs.count};
		to->size = x->type == SHT_NOBITS ? x->size : x->data.len;
		if (x->relocs.unsorted)
			qsort(x->relocs.rows, x->relocs.count, sizeof(*x->relocs.rows), by_offset);
		for (uint32_t r = 0; r < x->relocs.count; r++)
			obj->relocs[obj->reloc_count++] = x->relocs.rows[r];
	}
	return true;
}

/* Whether a symbol belongs into the object's table; those of .symbol do anyway. */
static bool is_wanted(const struct as_symbol *y)
{
	if (y->fixed_order)
		return false;
	switch (y->kind) {
	case AS_SECTION:
		return y->in_reloc;
	case AS_FILE:
		return true;
	case AS_UNDEFINED:
		return y->name && !as_is_private(y) && (y->in_reloc || y->bind_set);
	case AS_EQUATE:
		return y->bind_set && y->bind != STB_LOCAL;
	case AS_LABEL:
		return !as_is_private(y) || y->in_reloc;
	default:
		return true;
	}
}

static uint64_t symbol_size(struct as *s, const struct as_symbol *y)
{
	uint32_t base;
	int64_t n = 0;

	if (!y->size_at)
		return y->kind == AS_COMMON ? (uint64_t)y->value.n : 0;
	if (as_evaluate(s, &y->size, true, &n, &base) != AS_KNOWN)
		as_unknown(s, &y->size, y->size_at);
	return (uint64_t)n;
}

/* Section and value of a symbol that stands for an expression. */
static void put_equate(struct as *s, const struct as_symbol *y, struct iov_symbol *to)
{
	uint32_t base;
	int64_t n;
	enum as_result result = as_evaluate(s, &y->value, true, &n, &base);

	if (result == AS_KNOWN) {
		to->section = SHN_ABS;
		to->value = (uint64_t)n;
	} else if (result == AS_SYMBOLIC && as_sym(s, base)->kind == AS_LABEL) {
		const struct as_symbol *to_label = as_sym(s, base);

		to->section = to_label->section;
		to->value = as_address(s->sections[to->section], to_label->offset) + (uint64_t)n;
		if (to->type == STT_NOTYPE)
			to->type = to_label->type;
	} else {
		as_unknown(s, &y->value, y->at);
	}
}

/* libbpf refuses an object whose program has no size. Rows of .symbol are left alone: another tool made them so. */
static void check_function_size(struct as *s, uint32_t id, uint64_t size)
{
	const struct as_symbol *y = as_sym(s, id);

	if (y->kind != AS_LABEL || y->type != STT_FUNC || size || y->fixed_order)
		return;
	diag_hint(as_warn(s, y->at, y->len, DIAG_ASM_FUNCTION_SIZE, "function %s has no size", as_symbol_name(s, id)),
		  "write it as .func %s ... .endfunc, or end it with .size %s, .-%s", as_symbol_name(s, id),
		  as_symbol_name(s, id), as_symbol_name(s, id));
}

static void put_symbol(struct as *s, uint32_t id, struct iov_object *obj)
{
	struct as_symbol *y = as_sym(s, id);
	struct iov_symbol *to = &obj->symbols[obj->symbol_count];

	y->object_index = obj->symbol_count++;
	*to = (struct iov_symbol){.type = y->type, .bind = y->bind, .visibility = y->visibility};
	to->name = y->elf_name                        ? y->elf_name
		   : y->name && y->kind != AS_SECTION ? arena_copy(s->arena, y->name, y->len)
						      : "";
	if (!to->name)
		as_oom(s);
	to->size = symbol_size(s, y);
	check_function_size(s, id, to->size);
	switch (y->kind) {
	case AS_LABEL:
		to->section = y->section;
		to->value = as_address(s->sections[y->section], y->offset);
		break;
	case AS_SECTION:
		to->section = y->section;
		break;
	case AS_FILE:
		to->section = SHN_ABS;
		break;
	case AS_EQUATE:
		put_equate(s, y, to);
		break;
	case AS_COMMON:
		to->section = SHN_COMMON;
		to->value = y->offset;
		break;
	default:
		if (!y->bind_set || to->bind == STB_LOCAL)
			to->bind = STB_GLOBAL;
	}
}

static bool put_symbols(struct as *s, struct iov_object *obj)
{
	uint32_t count = 1 + s->order_count + (s->file_name != NULL);

	for (uint32_t id = 1; id < s->symbol_count; id++)
		count += is_wanted(as_sym(s, id));
	obj->symbols = arena_array(s->arena, count, sizeof(*obj->symbols));
	if (!obj->symbols)
		return as_oom(s);
	obj->symbols[0].name = "";
	obj->symbol_count = 1;
	if (s->file_name && !s->has_symbol_rows)
		obj->symbols[obj->symbol_count++] =
			(struct iov_symbol){.name = s->file_name, .section = SHN_ABS, .type = STT_FILE};
	for (uint32_t i = 0; i < s->order_count; i++)
		put_symbol(s, s->order[i], obj);
	for (uint32_t id = 1; id < s->symbol_count; id++)
		if (is_wanted(as_sym(s, id)))
			put_symbol(s, id, obj);
	for (uint32_t i = 0; i < obj->reloc_count; i++)
		obj->relocs[i].symbol = obj->relocs[i].symbol ? as_sym(s, obj->relocs[i].symbol)->object_index : 0;
	return !s->failed_memory;
}

enum iov_status as_object(struct as *s, struct iov_buf *out)
{
	struct iov_object obj = {.name = s->main_name,
				 .big_endian = s->big,
				 .machine = 247,
				 .arena = s->arena,
				 .license = "",
				 .raw_types = true};

	enum iov_status status;

	if (!put_sections(s, &obj) || !put_symbols(s, &obj))
		return IOV_NOMEM;
	status = as_types_finish(s, &obj);
	if (status)
		return status;
	if (s->errors)
		return IOV_DIAGNOSED;
	return object_write(&obj, out, s->sink);
}
