/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: which definition each name means. A strong definition wins over weak ones and over COMMON; equal maps that
 * several files define are one; anything else that is defined twice is an error. Undefined names are errors, unless the
 * loader has them. */
#include "linker/internal.h"

#include "asm/base/hash.h"
#include "asm/base/text.h"

#include <inttypes.h>

static struct global **slot_of(const struct linker *l, const char *name)
{
	uint32_t i = (uint32_t)hash_name(name) & (l->table_size - 1);

	while (l->table[i] && strcmp(l->table[i]->name, name))
		i = (i + 1) & (l->table_size - 1);
	return &l->table[i];
}

struct global *global_find(const struct linker *l, const char *name)
{
	return *slot_of(l, name);
}

static bool is_global(const struct iov_symbol *s)
{
	return s->bind != STB_LOCAL && *s->name;
}

/* Symbols of sections that the result gets anew mean nothing in it. */
static bool is_meta(const struct iov_object *obj, const struct iov_symbol *s)
{
	const char *name = s->section && s->section < obj->section_count ? obj->sections[s->section].name : "";

	return !strcmp(name, "license") || !strcmp(name, "version");
}

static struct iov_span line_span(const struct iov_btf_line *line)
{
	struct iov_span span = span_of(line->file);

	span.line = line->line;
	span.col = line->col;
	span.text = line->text;
	return span;
}

struct iov_span symbol_span(const struct linker *l, uint32_t input, uint32_t symbol)
{
	const struct iov_object *obj = l->inputs[input].obj;
	const struct iov_symbol *s = &obj->symbols[symbol];
	struct iov_span span = span_of(obj->name);

	if (s->section >= obj->section_count || !obj->btf_ext)
		return span;
	for (uint32_t i = 0; i < obj->btf_ext->count; i++) {
		const struct iov_btf_ext_section *x = &obj->btf_ext->sections[i];

		if (strcmp(x->name, obj->sections[s->section].name))
			continue;
		for (uint32_t j = 0; j < x->line_count; j++) {
			struct iov_btf_line line = btf_run_line(x->runs, j);

			if (line.insn == s->value / 8)
				return line_span(&line);
		}
	}
	return span;
}

/* The type of a symbol's function or variable, and the input's types. False: there is none, or no memory. */
static bool type_of_symbol(const struct linker *l, uint32_t input, uint32_t symbol, uint32_t *type)
{
	const struct input *in = &l->inputs[input];
	uint32_t id = symbol_btf(in, in->obj->symbols[symbol].name);

	if (!id || object_types(in->obj))
		return false;
	*type = in->obj->btf->types[id].type;
	return true;
}

/* Both maps say the same. A definition that fills slots stands for one that leaves them empty. */
static bool same_map(const struct linker *l, struct global *g, uint32_t input, uint32_t symbol, struct iov_buf *why)
{
	const struct iov_object *a = l->inputs[g->input].obj, *b = l->inputs[input].obj;
	struct map_values first, again;
	uint32_t x, y;

	if (!type_of_symbol(l, g->input, g->symbol, &x) || !type_of_symbol(l, input, symbol, &y) ||
	    !agree_types(a->btf, x, b->btf, y, why))
		return false;
	first = map_values_of(l, g->input, g->symbol);
	again = map_values_of(l, input, symbol);
	if (first.count && again.count)
		return agree_values(&first, &again, why);
	if (again.count) {
		g->input = input;
		g->symbol = symbol;
	}
	return true;
}

bool symbol_is_map(const struct linker *l, uint32_t input, uint32_t symbol)
{
	const struct iov_object *obj = l->inputs[input].obj;
	uint32_t section = obj->symbols[symbol].section;

	return section && section < obj->section_count && !strcmp(obj->sections[section].name, ".maps");
}

static void defined_twice(struct linker *l, struct global *g, uint32_t input, uint32_t symbol)
{
	const struct iov_object *b = l->inputs[input].obj;
	bool maps = symbol_is_map(l, g->input, g->symbol) && symbol_is_map(l, input, symbol);
	struct side first, again;
	struct iov_buf why;
	struct iov_diag *d;

	buf_init(&why, l->arena->alloc);
	if (maps && same_map(l, g, input, symbol, &why)) {
		buf_free(&why);
		return;
	}
	if (maps)
		d = LINK_DIAG(l, LINK_MAP_DIFFERS, span_of(b->name), "map %s is defined twice, and not the same: %s",
			      g->name, why.len ? buf_cstr(&why) : "there are no types to compare");
	else
		d = LINK_DIAG(l, LINK_DUPLICATE, symbol_span(l, input, symbol), "%s is defined twice", g->name);
	first = side_of(l, g->input, g->symbol, "defined");
	again = side_of(l, input, symbol, "defined again");
	sides_show(l, d, &first, &again, g->name);
	diag_hint(d,
		  maps ? "put the definition of %s into a header that both files include"
		       : "make one of them static, or declare it extern in one of the files: %s",
		  g->name);
	g->bad = true;
	buf_free(&why);
}

static void take_definition(struct linker *l, struct global *g, uint32_t input, uint32_t symbol)
{
	const struct iov_symbol *s = &l->inputs[input].obj->symbols[symbol];
	const struct iov_symbol *old = global_defined(g) ? &l->inputs[g->input].obj->symbols[g->symbol] : NULL;
	bool common = s->section == SHN_COMMON;

	if (common) {
		g->common_size = s->size > g->common_size ? s->size : g->common_size;
		g->common_align = s->value > g->common_align ? s->value : g->common_align;
	}
	if (old && old->section != SHN_COMMON && (common || s->bind == STB_WEAK))
		return;
	if (old && old->bind != STB_WEAK && old->section != SHN_COMMON) {
		defined_twice(l, g, input, symbol);
		return;
	}
	if (old && old->section == SHN_COMMON && common)
		return;
	g->input = input;
	g->symbol = symbol;
}

static enum iov_status enter(struct linker *l, uint32_t input, uint32_t symbol)
{
	struct input *in = &l->inputs[input];
	const struct iov_symbol *s = &in->obj->symbols[symbol];
	struct global **slot = slot_of(l, s->name), *g = *slot;

	if (!g) {
		g = *slot = ARENA_NEW(l->arena, struct global);
		if (!g)
			return IOV_NOMEM;
		*g = (struct global){.name = s->name, .input = NONE, .user = NONE, .weak_use = true};
		l->global_count++;
	}
	in->globals[symbol] = g;
	if (s->visibility != STV_DEFAULT && (!g->visibility || s->visibility < g->visibility))
		g->visibility = s->visibility;
	if (s->section != SHN_UNDEF) {
		take_definition(l, g, input, symbol);
		return IOV_OK;
	}
	g->weak_use &= s->bind == STB_WEAK;
	if (g->user == NONE || (l->inputs[g->user].obj->symbols[g->user_symbol].bind == STB_WEAK && !g->weak_use)) {
		g->user = input;
		g->user_symbol = symbol;
	}
	return IOV_OK;
}

uint32_t symbol_btf(const struct input *in, const char *name)
{
	uint32_t id = btf_raw_find(in->obj->raw, name, BTF_KIND_FUNC);

	return id ? id : btf_raw_find(in->obj->raw, name, BTF_KIND_VAR);
}

uint32_t extern_btf(const struct input *in, const char *name, const char **section)
{
	static const char *const sections[] = {".ksyms", ".kconfig"};
	const struct iov_btf_raw *raw = in->obj->raw;

	for (size_t i = 0; i < 2; i++) {
		const struct iov_btf_type *t = btf_raw_section(raw, sections[i]);

		for (uint32_t j = 0; t && j < t->count; j++)
			if (!strcmp(raw_name(raw, btf_raw_type(raw, t->members[j].type)), name)) {
				*section = sections[i];
				return t->members[j].type;
			}
	}
	return 0;
}

/* The name among all that are defined that is closest to what was written. */
static const char *nearest(const struct linker *l, const char *name)
{
	const char *best = NULL;
	uint32_t distance = strlen(name) < 4 ? 2 : 3; /* farther than this is no misspelling */

	for (uint32_t i = 0; i < l->table_size; i++) {
		const struct global *g = l->table[i];
		uint32_t d = g && global_defined(g) ? text_distance(name, g->name, 2) : distance;

		if (d < distance || (best && d == distance && g && global_defined(g) && strcmp(g->name, best) < 0)) {
			distance = d;
			best = g->name;
		}
	}
	return best;
}

/* Where a symbol is used: the function and the line. */
static struct iov_span use_span(const struct linker *l, uint32_t input, uint32_t symbol)
{
	const struct iov_object *obj = l->inputs[input].obj;
	struct iov_span span = span_of(obj->name);

	for (uint32_t i = 0; i < obj->reloc_count; i++) {
		const struct iov_reloc *r = &obj->relocs[i];
		const struct iov_section *s = &obj->sections[r->section];

		if (r->symbol != symbol || !(s->flags & SHF_EXECINSTR))
			continue;
		for (uint32_t j = 0; obj->btf_ext && j < obj->btf_ext->count; j++) {
			const struct iov_btf_ext_section *x = &obj->btf_ext->sections[j];

			for (uint32_t k = 0; !strcmp(x->name, s->name) && k < x->line_count; k++) {
				struct iov_btf_line line = btf_run_line(x->runs, k);

				if (line.insn <= r->offset / 8)
					span = line_span(&line);
			}
		}
		break;
	}
	return span;
}

static void undefined(struct linker *l, struct global *g)
{
	struct iov_diag *d =
		LINK_DIAG(l, LINK_UNDEFINED, use_span(l, g->user, g->user_symbol),
			  "%s is used by %s, and no file defines it", g->name, l->inputs[g->user].obj->name);
	const char *near = nearest(l, g->name);

	if (near)
		diag_hint(d, "is it %s that is meant?", near);
	else
		diag_hint(d,
			  "name the object or archive that defines %s; if the kernel has it, declare it __ksym or "
			  "__kconfig",
			  g->name);
	g->bad = true;
}

static void lacking(struct linker *l, struct global *g, const char *section)
{
	for (size_t i = 0; i < l->options->platform_count; i++) {
		const struct iov_platform *p = l->options->platforms[i];

		if (!strcmp(section, ".ksyms") ? !platform_kfunc(p, g->name) : !p->kernel) {
			diag_hint(
				LINK_DIAG(l, LINK_UNDEFINED, use_span(l, g->user, g->user_symbol),
					  "%s is declared for the loader to provide, and platform %s does not have it",
					  g->name, p->name),
				"declare it __weak and test its address, or leave platform %s out", p->name);
			g->bad = true;
			return;
		}
	}
}

static void check_global(struct linker *l, struct global *g)
{
	const char *section;

	if (global_defined(g) || g->bad || l->options->relocatable)
		return;
	if (extern_btf(&l->inputs[g->user], g->name, &section)) {
		if (!g->weak_use)
			lacking(l, g, section);
		return;
	}
	if (!g->weak_use)
		undefined(l, g);
}

bool symbol_is_named(const struct linker *l, uint32_t input, uint32_t symbol, const char *name)
{
	const struct iov_symbol *s = &l->inputs[input].obj->symbols[symbol];
	const struct global *g = l->inputs[input].globals[symbol];

	return (g ? global_defined(g) : s->section != SHN_UNDEF && s->type != STT_FILE) && !strcmp(s->name, name);
}

static bool is_anywhere(const struct linker *l, const char *name)
{
	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 1; j < l->inputs[i].obj->symbol_count; j++)
			if (symbol_is_named(l, i, j, name))
				return true;
	return false;
}

/* `name`, of an option, is nothing that these files define. */
static void not_there(struct linker *l, struct iov_diag *d, const char *name)
{
	const char *near = nearest(l, name);

	if (near)
		diag_hint(d, "is it %s that is meant?", near);
	else
		diag_hint(d,
			  "correct it (`nm FILE` lists a file's names), or name the object or archive that has it too");
}

/* --export=NAME keeps what there is. */
static void check_exports(struct linker *l)
{
	for (size_t i = 0; i < l->options->export_count; i++) {
		const char *name = l->options->exports[i];

		if (!is_anywhere(l, name))
			not_there(l,
				  LINK_DIAG(l, LINK_UNDEFINED, IOV_NOWHERE, "--export=%s: no file defines %s", name,
					    name),
				  name);
	}
}

/* --defsym NAME=OTHER: NAME means what OTHER means. */
static enum iov_status define_symbols(struct linker *l)
{
	for (size_t i = 0; i < l->options->defsym_count; i++) {
		const struct iov_defsym *d = &l->options->defsyms[i];
		struct global *g = global_find(l, d->name), *other = global_find(l, d->value);

		if (!other || !global_defined(other)) {
			not_there(l,
				  LINK_DIAG(l, LINK_UNDEFINED, IOV_NOWHERE, "--defsym %s=%s: no file defines %s",
					    d->name, d->value, d->value),
				  d->value);
			continue;
		}
		if (!g)
			continue;
		if (global_defined(g)) {
			diag_hint(LINK_DIAG(l, LINK_DUPLICATE, IOV_NOWHERE, "--defsym %s=%s: %s is defined by %s",
					    d->name, d->value, d->name, l->inputs[g->input].obj->name),
				  "leave the option out, or link without the file that defines %s", d->name);
			continue;
		}
		g->input = other->input;
		g->symbol = other->symbol;
	}
	return IOV_OK;
}

enum iov_status symbols_resolve(struct linker *l)
{
	size_t names = 0;
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < l->input_count; i++)
		names += l->inputs[i].obj->symbol_count;
	for (l->table_size = 64; l->table_size < 2 * names;)
		l->table_size *= 2;
	l->table = arena_array(l->arena, l->table_size, sizeof(*l->table));
	if (!l->table)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < l->input_count && !status; i++) {
		struct input *in = &l->inputs[i];

		in->globals = arena_array(l->arena, in->obj->symbol_count + 1, sizeof(*in->globals));
		if (!in->globals)
			return IOV_NOMEM;
		for (uint32_t j = 1; j < in->obj->symbol_count && !status; j++)
			if (is_global(&in->obj->symbols[j]) && !is_meta(in->obj, &in->obj->symbols[j]))
				status = enter(l, i, j);
	}
	if (!status)
		status = define_symbols(l);
	if (!status)
		check_exports(l);
	for (uint32_t i = 0; i < l->input_count && !status; i++)
		for (uint32_t j = 1; j < l->inputs[i].obj->symbol_count; j++) {
			struct global *g = l->inputs[i].globals[j];

			if (g && g->user == i && g->user_symbol == j)
				check_global(l, g);
		}
	return status;
}
