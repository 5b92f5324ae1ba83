/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: which functions an object holds, which of them are programs, and what it expects from its loader (externs).
 * Rules as libbpf's: a global function in a section other than .text is a program; its section's name gives the type.
 */
#include "linker/object/btf_raw.h"
#include "linker/object/internal.h"

#include "asm/isa/catalogue.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_func_symbol(const struct iov_object *obj, const struct iov_symbol *s, bool untyped)
{
	if (s->section >= obj->section_count || !section_is_code(&obj->sections[s->section]))
		return false;
	return s->type == STT_FUNC || (untyped && s->type == STT_NOTYPE && s->bind == STB_GLOBAL);
}

/* By place; at one place a global name before a local one, then by symbol. */
static int by_place(const void *a, const void *b)
{
	const struct iov_object_func *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->local != y->local)
		return x->local ? 1 : -1;
	return x->symbol < y->symbol ? -1 : x->symbol > y->symbol;
}

static const struct iov_btf_ext_section *ext_of(const struct iov_object *obj, const char *section)
{
	for (uint32_t i = 0; obj->btf_ext && i < obj->btf_ext->count; i++)
		if (!strcmp(obj->btf_ext->sections[i].name, section))
			return &obj->btf_ext->sections[i];
	return NULL;
}

static int by_insn(const void *key, const void *item)
{
	const struct iov_btf_func *f = item;
	uint64_t insn = *(const uint64_t *)key;

	return insn < f->insn ? -1 : insn > f->insn;
}

static uint32_t func_btf(const struct iov_object *obj, const struct iov_object_func *f)
{
	const struct iov_btf_ext_section *x = ext_of(obj, obj->sections[f->section].name);
	uint64_t insn = f->offset / 8;
	const struct iov_btf_func *found =
		x && x->func_count ? bsearch(&insn, x->funcs, x->func_count, sizeof(*x->funcs), by_insn) : NULL;

	return found ? found->type : btf_raw_find(obj->raw, f->name, BTF_KIND_FUNC);
}

/* Merge aliases, give functions without a size all bytes up to the next one, refuse overlaps. */
static enum iov_status settle(struct iov_object *obj, struct iov_sink *sink)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < obj->func_count; i++) {
		struct iov_object_func f = obj->funcs[i];
		struct iov_object_func *last = kept ? &obj->funcs[kept - 1] : NULL;
		uint64_t end = obj->sections[f.section].size;
		bool alias = last && last->section == f.section && last->offset == f.offset;

		if (f.symbol && !*f.name) {
			diag_hint(diag_add(sink, DIAG_FUNC_BAD, span_file(obj->name),
					   "the function at byte %" PRIu64 " of section %s has no name", f.offset,
					   obj->sections[f.section].name),
				  OBJECT_REMAKE);
			return IOV_DIAGNOSED;
		}
		if (alias && !f.size)
			f.size = last->size;
		for (uint32_t j = i + 1; !f.size && j < obj->func_count && obj->funcs[j].section == f.section; j++)
			if (obj->funcs[j].offset > f.offset) {
				end = obj->funcs[j].offset;
				break;
			}
		if (!f.size && f.offset < end)
			f.size = end - f.offset;
		if (alias && last->size == f.size)
			continue;
		if (!f.size || f.offset % 8 || f.size % 8 || f.offset > end || f.size > end - f.offset || alias ||
		    (last && last->section == f.section && f.offset < last->offset + last->size)) {
			diag_hint(diag_add(sink, DIAG_FUNC_BAD, span_file(obj->name),
					   "function %s covers bytes %" PRIu64 " to %" PRIu64
					   " of section %s, which are not its own whole instructions",
					   f.name, f.offset, f.offset + f.size, obj->sections[f.section].name),
				  "in assembly, .size or .endfunc ends each function before the next begins");
			return IOV_DIAGNOSED;
		}
		obj->funcs[kept++] = f;
	}
	obj->func_count = kept;
	for (uint32_t i = 0; i < kept; i++)
		obj->funcs[i].btf = func_btf(obj, &obj->funcs[i]);
	return IOV_OK;
}

static void collect(struct iov_object *obj, bool untyped)
{
	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *s = &obj->symbols[i];

		if (is_func_symbol(obj, s, untyped))
			obj->funcs[obj->func_count++] =
				(struct iov_object_func){.name = s->name,
							 .section = s->section,
							 .symbol = i,
							 .offset = s->value,
							 .size = s->size,
							 .local = s->bind == STB_LOCAL || s->visibility == STV_HIDDEN ||
								  s->visibility == STV_INTERNAL};
	}
}

/* Every section of code, with functions or without: a linker places the next object's code behind it. */
static enum iov_status check_sizes(const struct iov_object *obj, struct iov_sink *sink)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 1; i < obj->section_count; i++) {
		const struct iov_section *s = &obj->sections[i];

		if (!section_is_code(s) || s->size % 8 == 0)
			continue;
		diag_hint(diag_add(sink, DIAG_CODE_SIZE, span_file(obj->name),
				   "section %s is marked as code and has %" PRIu64
				   " bytes, which are not whole instructions of 8 bytes each",
				   s->name, s->size),
			  "put data into a section of its own that is not executable, such as .rodata");
		status = IOV_DIAGNOSED;
	}
	return status;
}

enum iov_status funcs_read(struct iov_object *obj, struct iov_sink *sink)
{
	bool whole;

	if (check_sizes(obj, sink))
		return IOV_DIAGNOSED;
	obj->funcs = arena_array(obj->arena, obj->symbol_count + obj->section_count, sizeof(*obj->funcs));
	if (!obj->funcs)
		return IOV_NOMEM;
	collect(obj, false);
	if (!obj->func_count)
		collect(obj, true);
	whole = !obj->func_count;
	for (uint32_t i = 1; whole && i < obj->section_count; i++) {
		const struct iov_section *s = &obj->sections[i];

		if (section_is_code(s) && s->size)
			obj->funcs[obj->func_count++] =
				(struct iov_object_func){.name = s->name, .section = i, .size = s->size};
	}
	qsort(obj->funcs, obj->func_count, sizeof(*obj->funcs), by_place);
	return settle(obj, sink);
}

static int find_place(const void *key, const void *item)
{
	const struct iov_object_func *k = key, *f = item;

	if (k->section != f->section)
		return k->section < f->section ? -1 : 1;
	return k->offset < f->offset ? -1 : k->offset > f->offset;
}

const struct iov_object_func *object_func_at(const struct iov_object *obj, uint32_t section, uint64_t offset)
{
	struct iov_object_func key = {.section = section, .offset = offset};

	return bsearch(&key, obj->funcs, obj->func_count, sizeof(*obj->funcs), find_place);
}

static void add_prog(struct iov_object *obj, uint32_t index)
{
	const struct iov_object_func *f = &obj->funcs[index];
	const char *section = obj->sections[f->section].name;
	const struct iov_section_name *known = catalogue_section(section);

	obj->progs[obj->prog_count++] = (struct iov_object_prog){
		.name = f->name, .section = section, .section_index = f->section, .symbol = f->symbol, .func = index,
		.offset = f->offset, .size = f->size, .type = known ? known->type : 0,
		.attach_type = known ? known->attach : 0, .autoload = *section != '?'};
}

/* Loaders take each function of a program's section for a program, hidden ones too (-fvisibility=hidden): other objects
 * cannot refer to them, and that is all. */
static bool is_program(const struct iov_object *obj, const struct iov_object_func *f)
{
	return (!f->symbol || obj->symbols[f->symbol].bind != STB_LOCAL) &&
	       strcmp(obj->sections[f->section].name, ".text") != 0;
}

enum iov_status progs_read(struct iov_object *obj)
{
	bool alone;

	obj->progs = arena_array(obj->arena, obj->func_count, sizeof(*obj->progs));
	if (!obj->progs)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < obj->func_count; i++)
		if (is_program(obj, &obj->funcs[i]))
			add_prog(obj, i);
	/* An object with nothing but .text, as other runtimes use them: each global function is a program of no type.
	 */
	alone = !obj->prog_count;
	for (uint32_t i = 0; alone && i < obj->func_count; i++)
		if (!obj->funcs[i].local)
			add_prog(obj, i);
	return IOV_OK;
}

static const struct iov_btf_member *in_datasec(const struct iov_btf *btf, const char *section, const char *name)
{
	const struct iov_btf_type *t = btf_type(btf, btf_find(btf, section, BTF_KIND_DATASEC));

	for (uint32_t i = 0; t && i < t->count; i++)
		if (!strcmp(btf->types[t->members[i].type].name, name))
			return &t->members[i];
	return NULL;
}

static void add_extern(struct iov_object *obj, uint32_t symbol)
{
	const struct iov_symbol *s = &obj->symbols[symbol];
	const struct iov_btf_member *m = in_datasec(obj->btf, ".kconfig", s->name);
	struct iov_object_extern x = {.name = s->name, .symbol = symbol, .weak = s->bind == STB_WEAK};

	if (m) {
		x.kind = IOV_EXTERN_KCONFIG;
		x.size = m->size;
	} else if ((m = in_datasec(obj->btf, ".ksyms", s->name))) {
		x.kind = obj->btf->types[m->type].kind == BTF_KIND_FUNC ? IOV_EXTERN_KFUNC : IOV_EXTERN_KSYM;
	} else {
		return; /* another object's: diagnosed where a program uses it */
	}
	x.type = m->type;
	obj->externs[obj->extern_count++] = x;
}

/* Settings are numbers, enumerators and strings; anything else is aligned as much as can be. */
static uint32_t type_align(const struct iov_btf *btf, uint32_t id)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));

	while (t->kind == BTF_KIND_ARRAY)
		t = btf_type(btf, btf_strip(btf, t->type));
	switch (t->kind) {
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		return t->size & (t->size - 1) || t->size > 8 || !t->size ? 8 : t->size;
	default:
		return 8;
	}
}

struct kconfig {
	struct iov_object_extern *x;
	uint32_t align;
};

/* libbpf's layout of .kconfig: by falling alignment, then rising size, then name. */
static int by_layout(const void *a, const void *b)
{
	const struct kconfig *x = a, *y = b;

	if (x->align != y->align)
		return x->align > y->align ? -1 : 1;
	if (x->x->size != y->x->size)
		return x->x->size < y->x->size ? -1 : 1;
	return strcmp(x->x->name, y->x->name);
}

static enum iov_status lay_out_kconfig(struct iov_object *obj, struct iov_sink *sink)
{
	struct kconfig *all = arena_array(obj->arena, obj->extern_count, sizeof(*all));
	uint64_t offset = 0;
	uint32_t n = 0;

	if (!all)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < obj->extern_count; i++)
		if (obj->externs[i].kind == IOV_EXTERN_KCONFIG)
			all[n++] = (struct kconfig){&obj->externs[i],
						    type_align(obj->btf, obj->btf->types[obj->externs[i].type].type)};
	qsort(all, n, sizeof(*all), by_layout);
	for (uint32_t i = 0; i < n; i++) {
		offset = (offset + all[i].align - 1) & ~(uint64_t)(all[i].align - 1);
		if (offset + all[i].x->size > INT32_MAX) {
			diag_hint(diag_add(sink, DIAG_BTF_BAD, span_file(obj->name),
					   "the .kconfig variables have more than 2 GiB"),
				  OBJECT_REMAKE);
			return IOV_DIAGNOSED;
		}
		all[i].x->offset = (uint32_t)offset;
		offset += all[i].x->size;
	}
	return IOV_OK;
}

enum iov_status externs_read(struct iov_object *obj, struct iov_sink *sink)
{
	obj->externs = arena_array(obj->arena, obj->symbol_count, sizeof(*obj->externs));
	if (!obj->externs)
		return IOV_NOMEM;
	for (uint32_t i = 1; obj->btf && i < obj->symbol_count; i++) {
		const struct iov_symbol *s = &obj->symbols[i];

		if (s->section == SHN_UNDEF && *s->name && s->type == STT_NOTYPE && s->bind != STB_LOCAL)
			add_extern(obj, i);
	}
	return lay_out_kconfig(obj, sink);
}
