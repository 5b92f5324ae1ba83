/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the result's sections, symbols and relocations. References by a name keep the name, and the distance from it
 * that the code carries; references by section are moved to where the piece stands now. */
#include "linker/internal.h"

#include <inttypes.h>
#include <stdlib.h>

static enum iov_status fill(struct linker *l, struct output *o)
{
	if (o->type == SHT_NOBITS || !o->size)
		return IOV_OK;
	o->data = arena_alloc(l->arena, o->size);
	if (!o->data)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < o->piece_count; i++) {
		const struct piece *p = o->pieces[i];
		const uint8_t *from = l->inputs[p->input].obj->sections[p->section].data;

		if (from)
			memcpy(o->data + p->at, from + p->offset, p->size);
	}
	return IOV_OK;
}

/* The section that was taken, whole: variables may stand behind the licence in it. NULL: joined licences are in
 * nobody's words. */
static const struct iov_section *license_section(const struct linker *l)
{
	return l->license_input == NONE ? NULL : object_section(l->inputs[l->license_input].obj, "license");
}

static enum iov_status make_sections(struct linker *l)
{
	struct iov_object *obj = l->result;
	bool license = *l->license;

	obj->section_count = l->output_count + 1 + license + (l->version != NULL);
	obj->sections = arena_array(l->arena, obj->section_count, sizeof(*obj->sections));
	if (!obj->sections)
		return IOV_NOMEM;
	obj->sections[0].name = "";
	for (uint32_t i = 0; i < l->output_count; i++) {
		struct output *o = l->outputs[i];
		enum iov_status status = fill(l, o);

		if (status)
			return status;
		obj->sections[o->index] = (struct iov_section){.name = o->name,
							       .index = o->index,
							       .type = o->type,
							       .flags = o->flags,
							       .size = o->size,
							       .align = o->align,
							       .entsize = o->entsize,
							       .data = o->data};
	}
	if (license) {
		const struct iov_section *taken = license_section(l);
		struct iov_section *s = &obj->sections[l->output_count + 1];

		*s = (struct iov_section){.name = "license",
					  .type = SHT_PROGBITS,
					  .flags = SHF_ALLOC | SHF_WRITE,
					  .size = strlen(l->license) + 1,
					  .align = 1,
					  .data = (const uint8_t *)l->license};
		if (taken)
			*s = *taken;
		s->index = l->output_count + 1;
		s->reloc_count = 0;
	}
	if (l->version) {
		struct iov_section *s = &obj->sections[obj->section_count - 1];

		*s = *l->version;
		s->index = obj->section_count - 1;
		s->reloc_count = 0;
	}
	return IOV_OK;
}

/* Symbols. */

struct entry {
	struct iov_symbol symbol;
	uint32_t input, index; /* whose; input NONE: made here */
};

static int by_place(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	bool gx = x->symbol.bind != STB_LOCAL, gy = y->symbol.bind != STB_LOCAL;
	int diff;

	if (gx != gy)
		return gx ? 1 : -1;
	if (gx)
		return strcmp(x->symbol.name, y->symbol.name);
	if ((x->symbol.type == STT_SECTION) != (y->symbol.type == STT_SECTION))
		return x->symbol.type == STT_SECTION ? -1 : 1;
	if (x->symbol.section != y->symbol.section)
		return x->symbol.section < y->symbol.section ? -1 : 1;
	if (x->symbol.value != y->symbol.value)
		return x->symbol.value < y->symbol.value ? -1 : 1;
	diff = strcmp(x->symbol.name, y->symbol.name);
	if (diff)
		return diff;
	return x->input != y->input ? x->input < y->input ? -1 : 1 : x->index < y->index ? -1 : x->index > y->index;
}

/* Local names of one place, which is what folding leaves. */
static bool same_place(const struct entry *a, const struct entry *b)
{
	return a->symbol.bind == STB_LOCAL && b->symbol.bind == STB_LOCAL && a->input != NONE && b->input != NONE &&
	       a->symbol.section == b->symbol.section && a->symbol.value == b->symbol.value &&
	       !strcmp(a->symbol.name, b->symbol.name);
}

/* Where a defined symbol stands in the result. */
static bool place_symbol(const struct linker *l, uint32_t input, const struct iov_symbol *s, struct iov_symbol *out)
{
	uint64_t within;
	const struct piece *p = piece_at(l, input, s->section, s->value, &within);

	if (!p || !p->out)
		return false;
	out->section = p->out->index;
	out->value = p->at + within;
	return true;
}

static bool place_global(const struct linker *l, const struct global *g, struct iov_symbol *out)
{
	const struct iov_symbol *s;

	if (!global_defined(g)) {
		const struct iov_symbol *use = &l->inputs[g->user].obj->symbols[g->user_symbol];

		*out = (struct iov_symbol){.name = g->name,
					   .bind = g->weak_use ? STB_WEAK : STB_GLOBAL,
					   .type = use->type,
					   .visibility = g->visibility};
		return true;
	}
	s = &l->inputs[g->input].obj->symbols[g->symbol];
	*out = *s;
	out->name = g->name;
	out->visibility = g->visibility;
	if (g->common) {
		out->section = g->common->out ? g->common->out->index : 0;
		out->value = g->common->at;
		out->size = g->common_size;
		out->type = STT_OBJECT;
		return g->common->out;
	}
	return s->section == SHN_ABS || place_symbol(l, g->input, s, out);
}

/* The symbols of the licence and the version that were taken, which libbpf looks for. */
static size_t collect_meta(const struct linker *l, uint32_t input, const char *section, struct entry *all, size_t n)
{
	const struct iov_object *obj = input == NONE ? NULL : l->inputs[input].obj;
	const struct iov_section *from = obj ? object_section(obj, section) : NULL;
	const struct iov_section *to = object_section(l->result, section);

	for (uint32_t i = 1; from && to && i < obj->symbol_count; i++)
		if (obj->symbols[i].section == from->index && *obj->symbols[i].name) {
			all[n] = (struct entry){obj->symbols[i], NONE, NONE};
			all[n++].symbol.section = to->index;
		}
	return n;
}

static size_t collect(struct linker *l, struct entry *all)
{
	size_t n = 0;

	for (uint32_t i = 0; i < l->output_count; i++)
		all[n++] = (struct entry){
			{.name = "", .section = l->outputs[i]->index, .type = STT_SECTION}, NONE, l->outputs[i]->index};
	for (uint32_t i = 0; i < l->input_count; i++) {
		const struct input *in = &l->inputs[i];

		for (uint32_t j = 1; j < in->obj->symbol_count; j++) {
			const struct iov_symbol *s = &in->obj->symbols[j];
			struct global *g = in->globals[j];
			struct entry e = {*s, i, j};
			bool mine = g && (global_defined(g) ? g->input == i && g->symbol == j
							    : g->used && g->user == i && g->user_symbol == j);

			if (g ? mine && place_global(l, g, &e.symbol)
			      : s->bind == STB_LOCAL && (s->type == STT_FUNC || s->type == STT_OBJECT) && *s->name &&
					    s->section && place_symbol(l, i, s, &e.symbol))
				all[n++] = e;
		}
	}
	n = collect_meta(l, l->license_input, "license", all, n);
	return collect_meta(l, l->version_input, "version", all, n);
}

static enum iov_status make_symbols(struct linker *l)
{
	struct iov_object *obj = l->result;
	size_t room = l->output_count + 1, count;
	struct entry *all;

	for (uint32_t i = 0; i < l->input_count; i++) {
		struct input *in = &l->inputs[i];

		room += in->obj->symbol_count;
		in->out_symbol = arena_array(l->arena, in->obj->symbol_count + 1, sizeof(*in->out_symbol));
		if (!in->out_symbol)
			return IOV_NOMEM;
	}
	all = arena_array(l->arena, room, sizeof(*all));
	if (!all)
		return IOV_NOMEM;
	count = collect(l, all);
	qsort(all, count, sizeof(*all), by_place);
	obj->symbols = arena_array(l->arena, count + 1, sizeof(*obj->symbols));
	if (!obj->symbols)
		return IOV_NOMEM;
	obj->symbols[0].name = "";
	obj->symbol_count = 1;
	for (size_t i = 0; i < count; i++) {
		const struct entry *e = &all[i];
		struct global *g = e->input == NONE ? NULL : l->inputs[e->input].globals[e->index];

		if (e->input == NONE && e->index != NONE)
			l->outputs[e->index - 1]->symbol = obj->symbol_count;
		else if (e->input == NONE)
			; /* nothing refers to it */
		else if (g)
			g->out = obj->symbol_count;
		else
			l->inputs[e->input].out_symbol[e->index] = obj->symbol_count - (i && same_place(e, e - 1));
		if (e->input == NONE || g || !i || !same_place(e, e - 1))
			obj->symbols[obj->symbol_count++] = e->symbol;
	}
	return IOV_OK;
}

/* Relocations. */

static void put_word(uint8_t *p, uint32_t v, bool big)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (big ? 24 - 8 * i : 8 * i));
}

/* Write the distance from the symbol into the place. False: it does not fit. */
static bool put_addend(struct output *o, uint64_t at, uint32_t type, uint64_t addend, bool big)
{
	uint8_t *p = o->data + at;

	switch (type) {
	case IOV_R_BPF_64_64:
		put_word(p + 4, (uint32_t)addend, big);
		put_word(p + 12, 0, big);
		return addend <= INT32_MAX;
	case IOV_R_BPF_64_32:
		put_word(p + 4, (uint32_t)(addend / 8 - 1), big);
		return !(addend % 8);
	case IOV_R_BPF_64_ABS64:
		put_word(p, (uint32_t)(big ? addend >> 32 : addend), big);
		put_word(p + 4, (uint32_t)(big ? addend : addend >> 32), big);
		return true;
	default:
		put_word(p, (uint32_t)addend, big);
		return addend <= INT32_MAX;
	}
}

static void lost(struct linker *l, const struct piece *p, const struct ref *r)
{
	const struct iov_object *obj = l->inputs[p->input].obj;

	diag_hint(
		LINK_DIAG(l, RELOC_BAD, span_of(obj->name),
			  "byte %" PRIu64 " of section %s refers to what does not come along", r->offset,
			  obj->sections[p->section].name),
		"iovdump -d shows the place; give what it refers to a name of its own, or link without --gc-sections");
}

/* The symbol of the result that a name goes by: after --defsym, that of the definition which it means. */
static uint32_t out_of(const struct linker *l, const struct global *g)
{
	const struct global *own = g->input == NONE ? NULL : l->inputs[g->input].globals[g->symbol];

	return own ? own->out : g->out;
}

/* One reference of a piece that stands in the result. */
static void emit_ref(struct linker *l, const struct piece *p, const struct ref *r)
{
	const struct input *in = &l->inputs[p->input];
	bool big = in->obj->big_endian, named;
	uint64_t at = p->at + (r->offset - p->offset), within;
	struct iov_reloc *out = &l->result->relocs[l->result->reloc_count];
	struct piece *to = ref_piece(l, r, &within);

	*out = (struct iov_reloc){.section = p->out->index, .offset = at, .type = r->type};
	if (r->symbol == NONE && to && to->out == p->out) {
		put_word(p->out->data + at + 4, (uint32_t)(((int64_t)(to->at + within) - (int64_t)at) / 8 - 1), big);
		return;
	}
	named = r->global || (r->symbol != NONE && in->out_symbol[r->symbol]);
	if (named) {
		out->symbol = r->global ? out_of(l, r->global) : in->out_symbol[r->symbol];
	} else if (to && to->out) {
		out->symbol = to->out->symbol;
		if (!put_addend(p->out, at, r->type, to->at + within, big))
			lost(l, p, r);
	}
	if (out->symbol)
		l->result->reloc_count++;
	else if (p->kind == PIECE_DEBUG)
		put_addend(p->out, at, r->type, 0, big); /* about a function that was left out */
	else
		lost(l, p, r);
}

/* Names that relocations of the result go by. */
static void note_used(struct linker *l)
{
	for (uint32_t i = 0; i < l->output_count; i++)
		for (uint32_t j = 0; j < l->outputs[i]->piece_count; j++)
			refs_use(l, l->outputs[i]->pieces[j]);
}

static enum iov_status emit_refs(struct linker *l)
{
	struct iov_object *obj = l->result;
	size_t room = 0;
	struct ref_walk w;
	struct ref r;

	for (uint32_t i = 0; i < l->output_count; i++) {
		struct iov_section *s = &obj->sections[l->outputs[i]->index];

		s->first_reloc = obj->reloc_count;
		for (uint32_t j = 0; j < l->outputs[i]->piece_count; j++)
			for (refs_begin(&w, l, l->outputs[i]->pieces[j]); refs_next(&w, &r);) {
				if (!arena_grow(l->arena, &obj->relocs, obj->reloc_count, &room, sizeof(*obj->relocs)))
					return IOV_NOMEM;
				emit_ref(l, l->outputs[i]->pieces[j], &r);
			}
		s->reloc_count = obj->reloc_count - s->first_reloc;
	}
	return IOV_OK;
}

enum iov_status layout_fill(struct linker *l)
{
	enum iov_status status;

	note_used(l);
	status = make_sections(l);
	if (!status)
		status = make_symbols(l);
	return status ? status : emit_refs(l);
}
