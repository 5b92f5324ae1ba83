/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: inputs cut into pieces, and what pieces refer to. Code is cut between functions, .maps between maps; each other
 * section is one piece. Relocation semantics: bpf/llvm_reloc.rst. */
#include "linker/internal.h"

#include <stdlib.h>

enum { INSN_CALL = 0x85, CALL_SUBPROG = 1, INSN_BYTES = 8 };

static bool is_code(const struct iov_section *s)
{
	return s->type == SHT_PROGBITS && s->flags & SHF_EXECINSTR;
}
static bool is_debug(const struct iov_section *s)
{
	return !strncmp(s->name, ".debug_", 7);
}

/* Sections that the result gets anew, or that mean nothing in it. */
static bool is_remade(const struct iov_section *s)
{
	static const char *const names[] = {".BTF",     ".BTF.ext", ".llvm_addrsig", ".iov.manifest",
					    ".comment", "license",  "version"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(s->name, names[i]))
			return true;
	return s->type != SHT_PROGBITS && s->type != SHT_NOBITS;
}

static int compare_places(uint32_t s, uint64_t o, uint32_t t, uint64_t p)
{
	return s != t ? s < t ? -1 : 1 : o < p ? -1 : o > p;
}

/* The last piece that begins at or before a place. */
static struct piece *piece_before(const struct input *in, uint32_t section, uint64_t offset)
{
	uint32_t low = 0, high = in->piece_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct piece *p = &in->pieces[middle];

		if (compare_places(p->section, p->offset, section, offset) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low && in->pieces[low - 1].section == section ? &in->pieces[low - 1] : NULL;
}

struct piece *piece_at(const struct linker *l, uint32_t input, uint32_t section, uint64_t offset, uint64_t *within)
{
	struct piece *p = piece_before(&l->inputs[input], section, offset);

	if (!p || offset - p->offset > p->size)
		return NULL;
	*within = offset - p->offset;
	while (p->folded)
		p = p->folded;
	return p;
}

static struct piece *add_piece(struct linker *l, struct input *in, const struct iov_section *s, uint64_t offset)
{
	struct piece *p = &in->pieces[in->piece_count++];

	*p = (struct piece){.input = (uint32_t)(in - l->inputs),
			    .section = s->index,
			    .offset = offset,
			    .size = s->size - offset,
			    .live = true};
	p->kind = is_code(s) ? PIECE_CODE : is_debug(s) ? PIECE_DEBUG : PIECE_DATA;
	return p;
}

/* A piece begins here; the one before it ends here. */
static struct piece *cut_at(struct linker *l, struct input *in, const struct iov_section *s, uint64_t offset)
{
	struct piece *last = in->piece_count ? &in->pieces[in->piece_count - 1] : NULL;

	if (last && last->section == s->index)
		last->size = offset - last->offset;
	else if (offset)
		add_piece(l, in, s, 0)->size = offset;
	return add_piece(l, in, s, offset);
}

static void cut_code(struct linker *l, struct input *in, const struct iov_section *s, uint32_t *func)
{
	const struct iov_object *obj = in->obj;

	for (; *func < obj->func_count && obj->funcs[*func].section <= s->index; ++*func) {
		const struct iov_object_func *f = &obj->funcs[*func];
		struct piece *p;

		if (f->section != s->index)
			continue;
		p = cut_at(l, in, s, f->offset);
		p->symbol = f->symbol;
		p->btf = f->btf;
	}
}

static void cut_maps(struct linker *l, struct input *in, const struct iov_section *s)
{
	const struct iov_object *obj = in->obj;
	const struct iov_btf_type *t = btf_raw_section(obj->raw, s->name);
	uint64_t next = 0;

	for (uint32_t i = 0; t && i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		struct piece *p;

		if (raw_linkage(btf_raw_type(obj->raw, m->type)) == BTF_VAR_GLOBAL_EXTERN || m->offset < next)
			continue;
		p = cut_at(l, in, s, m->offset);
		p->kind = PIECE_MAP;
		p->btf = m->type;
		next = (uint64_t)m->offset + (m->size ? m->size : 1);
	}
	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *symbol = &obj->symbols[i];
		struct piece *p = symbol->section == s->index && symbol->type == STT_OBJECT
					  ? piece_before(in, s->index, symbol->value)
					  : NULL;

		if (p && p->offset == symbol->value && (!p->symbol || symbol->bind != STB_LOCAL))
			p->symbol = i;
	}
}

static enum iov_status cut_input(struct linker *l, struct input *in)
{
	const struct iov_object *obj = in->obj;
	const struct iov_btf_type *maps = btf_raw_section(obj->raw, ".maps");
	uint32_t func = 0;

	in->pieces = arena_array(l->arena, obj->section_count + 2 * (size_t)obj->func_count + (maps ? maps->count : 0),
				 sizeof(*in->pieces));
	if (!in->pieces)
		return IOV_NOMEM;
	for (uint32_t i = 1; i < obj->section_count; i++) {
		const struct iov_section *s = &obj->sections[i];
		uint32_t before = in->piece_count;

		if (is_remade(s) || (is_debug(s) && !l->options->keep_debug))
			continue;
		if (is_code(s))
			cut_code(l, in, s, &func);
		else if (!strcmp(s->name, ".maps"))
			cut_maps(l, in, s);
		if (in->piece_count == before && s->size)
			add_piece(l, in, s, 0);
	}
	return IOV_OK;
}

enum iov_status pieces_cut(struct linker *l)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < l->input_count && !status; i++)
		status = cut_input(l, &l->inputs[i]);
	return status;
}

/* The first relocation of the section at or after an offset. */
static uint32_t reloc_from(const struct iov_object *obj, const struct iov_section *s, uint64_t offset)
{
	uint32_t low = 0, high = s->reloc_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (obj->relocs[s->first_reloc + middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return s->first_reloc + low;
}

void refs_begin(struct ref_walk *w, const struct linker *l, const struct piece *p)
{
	const struct iov_object *obj = l->inputs[p->input].obj;

	*w = (struct ref_walk){l, p, p->offset, reloc_from(obj, &obj->sections[p->section], p->offset)};
}

static uint32_t word_at(const uint8_t *p, bool big)
{
	return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
		   : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* The distance from its symbol that the place of a relocation carries. */
static int64_t addend_of(const struct iov_object *obj, const struct iov_reloc *r)
{
	const uint8_t *p = obj->sections[r->section].data + r->offset;
	bool big = obj->big_endian;

	switch (r->type) {
	case IOV_R_BPF_64_64:
		return (int32_t)word_at(p + 4, big);
	case IOV_R_BPF_64_32:
		return ((int64_t)(int32_t)word_at(p + 4, big) + 1) * INSN_BYTES;
	case IOV_R_BPF_64_ABS64:
		return (int64_t)(big ? (uint64_t)word_at(p, big) << 32 | word_at(p + 4, big)
				     : (uint64_t)word_at(p + 4, big) << 32 | word_at(p, big));
	case IOV_R_BPF_64_ABS32:
	case IOV_R_BPF_64_NODYLD32:
		return (int32_t)word_at(p, big);
	default:
		return 0;
	}
}

static void resolve(const struct linker *l, uint32_t input, const struct iov_reloc *r, struct ref *out)
{
	const struct input *in = &l->inputs[input];
	const struct iov_symbol *s = &in->obj->symbols[r->symbol];
	struct global *g = in->globals ? in->globals[r->symbol] : NULL;

	*out = (struct ref){.offset = r->offset, .symbol = r->symbol, .type = r->type, .input = input, .global = g};
	if (g) {
		if (!global_defined(g))
			return;
		out->input = g->input;
		s = &l->inputs[g->input].obj->symbols[g->symbol];
	}
	if (s->section == SHN_UNDEF || s->section >= l->inputs[out->input].obj->section_count)
		return;
	out->section = s->section;
	out->target = s->value + (uint64_t)addend_of(in->obj, r);
}

static bool settled_call(const struct iov_object *obj, const struct iov_section *s, uint64_t at, uint64_t *target)
{
	const uint8_t *p = s->data + at;
	unsigned source = obj->big_endian ? p[1] & 15 : p[1] >> 4;

	if (p[0] != INSN_CALL || source != CALL_SUBPROG)
		return false;
	*target = at + INSN_BYTES + (uint64_t)((int64_t)(int32_t)word_at(p + 4, obj->big_endian) * INSN_BYTES);
	return true;
}

bool refs_next(struct ref_walk *w, struct ref *out)
{
	const struct piece *p = w->p;
	const struct iov_object *obj = w->l->inputs[p->input].obj;
	const struct iov_section *s = &obj->sections[p->section];
	uint64_t end = p->offset + p->size, target;
	uint32_t last = s->first_reloc + s->reloc_count;

	for (;;) {
		uint64_t reloc = w->reloc < last ? obj->relocs[w->reloc].offset : end;

		for (; p->kind == PIECE_CODE && w->at + INSN_BYTES <= end && w->at < reloc; w->at += INSN_BYTES)
			if (settled_call(obj, s, w->at, &target)) {
				*out = (struct ref){.offset = w->at,
						    .symbol = NONE,
						    .type = IOV_R_BPF_64_32,
						    .input = p->input,
						    .section = p->section,
						    .target = target};
				w->at += INSN_BYTES;
				return true;
			}
		if (reloc >= end)
			return false;
		w->at = reloc + INSN_BYTES;
		if (obj->relocs[w->reloc++].type == IOV_R_BPF_NONE)
			continue;
		resolve(w->l, p->input, &obj->relocs[w->reloc - 1], out);
		return true;
	}
}

void refs_use(const struct linker *l, const struct piece *p)
{
	const struct input *in = &l->inputs[p->input];
	const struct iov_section *s = &in->obj->sections[p->section];

	for (uint32_t i = reloc_from(in->obj, s, p->offset); i < s->first_reloc + s->reloc_count; i++) {
		const struct iov_reloc *r = &in->obj->relocs[i];
		struct global *g = in->globals[r->symbol];

		if (r->offset >= p->offset + p->size)
			break;
		if (g && r->type != IOV_R_BPF_NONE)
			g->used = true;
	}
}

struct piece *symbol_piece(const struct linker *l, uint32_t input, uint32_t symbol, uint64_t *within)
{
	const struct global *g = l->inputs[input].globals[symbol];
	const struct iov_symbol *s;

	*within = 0;
	if (g && !global_defined(g))
		return NULL;
	if (g) {
		input = g->input;
		symbol = g->symbol;
		g = l->inputs[input].globals[symbol];
	}
	if (g && g->common)
		return g->common;
	s = &l->inputs[input].obj->symbols[symbol];
	return s->section && s->section < l->inputs[input].obj->section_count
		       ? piece_at(l, input, s->section, s->value, within)
		       : NULL;
}

struct piece *ref_piece(const struct linker *l, const struct ref *ref, uint64_t *within)
{
	*within = 0;
	if (ref->global && ref->global->common)
		return ref->global->common;
	return ref->section ? piece_at(l, ref->input, ref->section, ref->target, within) : NULL;
}
