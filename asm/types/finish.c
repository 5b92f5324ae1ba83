/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the end of the work: syntax → struct iov_btf, records → struct iov_btf_ext, once sections and symbols have
 * their places. */
#include "asm/types/part.h"

#include <stdlib.h>

static void place_section(struct types *t, uint32_t id)
{
	struct iov_btf_type *type = &t->types[id];
	const struct def *d = t->by_id[id];
	const struct field *f = d->fields;

	type->size = d->has_size ? (uint32_t)d->size : datasec_size(t->obj, t->form, type->name);
	for (uint32_t i = 0; f && i < type->count; f = f->next, i++) {
		struct iov_btf_member *m = &type->members[i];
		const struct iov_btf_type *var = &t->types[m->type];
		struct entry entry;

		datasec_entry(t->obj, t->form, type->name, var, types_extent(&t->layouts, var->type).size, &entry);
		m->offset = f->has_at ? (uint32_t)(f->at_bit / 8) : entry.offset;
		m->size = f->has_size ? f->size : entry.size;
		m->value = i;
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct iov_btf_member *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value; /* as written */
}

/* Variables with a symbol in a section and in no written data section: by section. listed: by id. */
static bool collect_section(struct types *t, const struct iov_section *s, const bool *listed)
{
	struct iov_btf_type made = {.kind = BTF_KIND_DATASEC, .name = s->name};
	struct iov_btf_member *members = arena_array(t->arena, t->def_count, sizeof(*members));

	if (!members)
		return false;
	for (uint32_t id = 1; id < t->def_count; id++) {
		const struct iov_btf_type *var = &t->types[id];
		struct entry entry;

		if (var->kind != BTF_KIND_VAR || listed[id] ||
		    !datasec_entry(t->obj, t->form, s->name, var, types_extent(&t->layouts, var->type).size, &entry))
			continue;
		members[made.count++] =
			(struct iov_btf_member){.name = "", .type = id, .offset = entry.offset, .size = entry.size};
	}
	if (!made.count)
		return true;
	made.members = members;
	made.size = datasec_size(t->obj, t->form, s->name);
	if (t->count == t->room) {
		struct iov_btf_type *more = arena_array(t->arena, t->room * 2, sizeof(*more));

		if (!more)
			return false;
		memcpy(more, t->types, t->count * sizeof(*more));
		t->types = more;
		t->room *= 2;
		t->layouts.types = more;
	}
	t->types[t->count++] = made;
	return true;
}

static bool make_sections(struct types *t)
{
	bool *listed = arena_alloc(t->arena, t->count), any = false;

	if (!listed)
		return false;
	for (uint32_t id = 1; id < t->def_count; id++) {
		any |= t->types[id].kind == BTF_KIND_VAR;
		for (uint32_t i = 0; t->types[id].kind == BTF_KIND_DATASEC && i < t->types[id].count; i++)
			listed[t->types[id].members[i].type] = true;
	}
	for (uint32_t i = 1; any && !t->no_auto && i < t->obj->section_count; i++) {
		const struct iov_section *s = &t->obj->sections[i];

		if ((s->type == SHT_PROGBITS || s->type == SHT_NOBITS) && !collect_section(t, s, listed))
			return false;
	}
	return true;
}

static bool place_sections(struct types *t)
{
	for (uint32_t id = 1; id < t->def_count; id++)
		if (t->types[id].kind == BTF_KIND_DATASEC)
			place_section(t, id);
	if (!make_sections(t))
		return false;
	for (uint32_t id = 1; t->form == FORM_IOV && id < t->count; id++)
		if (t->types[id].kind == BTF_KIND_DATASEC)
			qsort(t->types[id].members, t->types[id].count, sizeof(*t->types[id].members), by_offset);
	return true;
}

/* Function records for symbols that have types, where none is written. */
static void make_funcs(struct types *t)
{
	for (uint32_t i = 1; !t->has_func && !t->no_auto && i < t->obj->symbol_count; i++) {
		const struct iov_symbol *s = &t->obj->symbols[i];
		struct record *r;

		if (s->type != STT_FUNC || !s->section || s->section >= t->obj->section_count ||
		    !types_lookup(t, BTF_KIND_FUNC, s->name))
			continue;
		r = TYPES_NEW(t, struct record);
		*r = (struct record){
			.kind = RECORD_FUNC, .name = s->name, .place = {s->section, s->value}, .final = true};
		TYPES_APPEND(t, t->record_tail, r);
	}
}

static void settle_func(struct types *t, struct record *r)
{
	const struct def *d = r->type && r->type->kind == NODE_LABEL ? find_label(t, r->type->name) : NULL;

	r->type_id = d ? d->id : r->name ? types_lookup(t, BTF_KIND_FUNC, r->name) : 0;
	if (!r->type_id || t->types[r->type_id].kind != BTF_KIND_FUNC)
		types_error(t, r->at, r->len, DIAG_TYPES_UNKNOWN, "%s is not a function of a .btf block",
			    r->name ? r->name : "this");
}

static void settle_core(struct types *t, struct record *r)
{
	struct iov_btf btf = {.types = t->types, .count = t->count};
	const char *bad = r->path;

	if (r->name)
		return;
	r->name = path_to_access(&btf, r->type_id, r->core_kind, r->path, r->path_len, t->arena, &bad);
	t->oom |= !bad;
	if (!r->name && bad)
		types_error(t, bad, (size_t)(r->path + r->path_len - bad), DIAG_TYPES_RECORD, "%s",
			    r->path_len ? "this does not lead to a member, element or enumerator of the type"
					: "a path is missing: .member or [number], or the name of an enumerator");
}

/* Types of records are resolved with the others, so that what they need is made before anything is laid out. */
static void resolve_records(struct types *t)
{
	for (struct record *r = t->records; r && !t->oom; r = r->next)
		if (r->kind == RECORD_CORE && r->type)
			r->type_id = resolve(t, r->type);
}

struct gather {
	struct types *t;
	types_address_fn *address;
	void *ud;
	struct record **all;
	uint32_t count;
	uint32_t *rank; /* by section: order of first mention, 0: not yet */
	uint32_t sections;
};

static int by_place(const void *a, const void *b)
{
	const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* Instructions were taken away: of the lines at one place, the last is that of what stands there now. */
static void join_lines(struct gather *g)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < g->count; i++) {
		const struct record *r = g->all[i], *next = i + 1 < g->count ? g->all[i + 1] : NULL;

		if (r->kind != RECORD_LINE || !next || next->kind != RECORD_LINE || next->rank != r->rank ||
		    next->slot != r->slot)
			g->all[kept++] = g->all[i];
	}
	g->count = kept;
}

static bool gather(struct gather *g)
{
	struct types *t = g->t;
	uint32_t n = 0;

	for (struct record *r = t->records; r; r = r->next)
		n++;
	g->all = arena_array(t->arena, n, sizeof(*g->all));
	g->rank = arena_array(t->arena, t->obj->section_count, sizeof(*g->rank));
	if (!g->all || !g->rank)
		return false;
	for (struct record *r = t->records; r; r = r->next) {
		uint64_t offset = r->final ? r->place.offset : g->address(g->ud, r->place);
		const struct iov_section *s;

		if (r->place.section >= t->obj->section_count)
			continue;
		s = &t->obj->sections[r->place.section];
		if (r->kind == RECORD_FUNC)
			settle_func(t, r);
		else if (r->kind == RECORD_CORE)
			settle_core(t, r);
		if (t->join_lines && r->kind == RECORD_LINE && offset == s->size)
			continue;
		if (offset % 8 || offset >= s->size)
			types_error(t, r->at, r->len, DIAG_TYPES_RECORD, "no instruction of section %s follows",
				    s->name);
		if (!g->rank[s->index])
			g->rank[s->index] = ++g->sections;
		r->slot = (uint32_t)(offset / 8);
		r->rank = g->rank[s->index];
		r->order = g->count;
		g->all[g->count++] = r;
	}
	qsort(g->all, g->count, sizeof(*g->all), by_place);
	if (t->join_lines)
		join_lines(g);
	return true;
}

static bool fill_section(struct gather *g, struct iov_btf_ext_section *x, struct record **all, uint32_t n)
{
	struct iov_arena *arena = g->t->arena;

	x->name = g->t->obj->sections[all[0]->place.section].name;
	x->funcs = arena_array(arena, n, sizeof(*x->funcs));
	x->lines = arena_array(arena, n, sizeof(*x->lines));
	x->cores = arena_array(arena, n, sizeof(*x->cores));
	if (!x->funcs || !x->lines || !x->cores)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const struct record *r = all[i];

		if (r->kind == RECORD_FUNC)
			x->funcs[x->func_count++] = (struct iov_btf_func){r->slot, r->type_id};
		else if (r->kind == RECORD_LINE)
			x->lines[x->line_count++] = (struct iov_btf_line){r->slot, r->line, r->col, r->name, r->text};
		else
			x->cores[x->core_count++] = (struct iov_btf_core){r->slot, r->type_id, r->core_kind, r->name};
	}
	return true;
}

static struct iov_btf_ext *make_ext(struct gather *g)
{
	struct iov_btf_ext *ext = ARENA_NEW(g->t->arena, struct iov_btf_ext);

	if (!gather(g) || !ext)
		return NULL;
	ext->sections = arena_array(g->t->arena, g->sections, sizeof(*ext->sections));
	if (!ext->sections)
		return NULL;
	for (uint32_t i = 0; i < g->count;) {
		uint32_t n = 1;

		while (i + n < g->count && g->all[i + n]->rank == g->all[i]->rank)
			n++;
		if (!fill_section(g, &ext->sections[ext->count++], &g->all[i], n))
			return NULL;
		i += n;
	}
	return ext;
}

/* Strings in the order of functions, as LLVM meets them; the types' follow by themselves. */
static bool order_strings(struct types *t, struct iov_btf *btf)
{
	uint32_t n = t->strings.count;
	const char **all;

	for (const struct record *r = t->records; r; r = r->next)
		n += 2;
	all = arena_array(t->arena, n, sizeof(*all));
	if (!all)
		return false;
	if (t->strings.count)
		memcpy(all, t->strings.items, t->strings.count * sizeof(*all));
	n = t->strings.count;
	for (const struct record *r = t->records; r && t->form == FORM_LLVM; r = r->next) {
		if (r->kind == RECORD_FUNC)
			all[n++] = t->obj->sections[r->place.section].name;
		else
			all[n++] = r->name;
		if (r->kind == RECORD_LINE)
			all[n++] = r->text;
	}
	btf->strings = all;
	btf->string_count = n;
	return true;
}

static bool make_types(struct types *t)
{
	if (!types_number(t) || !types_resolve(t))
		return false;
	if (!t->circular)
		resolve_records(t);
	if (!t->circular && !types_layout(t))
		return false;
	return t->circular || t->bad || place_sections(t);
}

enum iov_status types_finish(struct types *t, struct iov_object *obj, types_address_fn *address, void *ud)
{
	struct gather g = {.t = t, .address = address, .ud = ud};
	struct iov_btf *btf;
	struct iov_btf_ext *ext;
	bool wanted;

	if (!types_any(t) || t->oom)
		return t->oom ? IOV_NOMEM : IOV_OK;
	t->obj = obj;
	if (!make_types(t) || t->oom)
		return IOV_NOMEM;
	if (t->bad)
		return IOV_DIAGNOSED;
	make_funcs(t);
	ext = make_ext(&g);
	btf = ARENA_NEW(t->arena, struct iov_btf);
	if (!ext || !btf || t->oom)
		return IOV_NOMEM;
	if (t->bad)
		return IOV_DIAGNOSED;
	*btf = (struct iov_btf){.types = t->types, .count = t->count};
	wanted = ext->count || object_section(obj, ".BTF.ext");
	if (!order_strings(t, btf))
		return IOV_NOMEM;
	if (t->form == FORM_LLVM)
		return finish_llvm(t, obj, btf, wanted ? ext : NULL) ? IOV_OK : IOV_NOMEM;
	obj->raw_types = false;
	obj->btf = btf;
	obj->btf_ext = wanted ? ext : NULL;
	return IOV_OK;
}
