/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: where pieces stand in the result: sections in order of their names (.text first, code before data), pieces in
 * order of the inputs. COMMON variables go to .bss. */
#include "linker/internal.h"

#include "asm/base/hash.h"

#include <inttypes.h>
#include <stdlib.h>

static bool is_code(const struct output *o)
{
	return o->type == SHT_PROGBITS && o->flags & SHF_EXECINSTR;
}

static struct output *output_find(const struct linker *l, const char *name)
{
	struct output *o = l->output_table[hash_name(name) % OUTPUT_BUCKETS];

	while (o && strcmp(o->name, name))
		o = o->next;
	return o;
}

static struct output *output_add(struct linker *l, const char *name, uint32_t type, uint64_t flags)
{
	struct output *o = ARENA_NEW(l->arena, struct output), **bucket;

	if (!o || !arena_grow(l->arena, &l->outputs, l->output_count, &l->output_room, sizeof(*l->outputs)))
		return NULL;
	*o = (struct output){.name = name, .type = type, .flags = flags, .align = 1};
	l->outputs[l->output_count++] = o;
	bucket = &l->output_table[hash_name(name) % OUTPUT_BUCKETS];
	o->next = *bucket;
	*bucket = o;
	return o;
}

static void mismatch(struct linker *l, const struct output *o, const struct iov_section *s, uint32_t input)
{
	struct iov_diag *d = LINK_DIAG(l, LINK_SECTION, span_of(l->inputs[input].obj->name),
				       "section %s is %s here and %s in %s", s->name,
				       s->flags & SHF_EXECINSTR ? "code"
				       : s->type == SHT_NOBITS  ? "without content"
								: "data",
				       is_code(o)              ? "code"
				       : o->type == SHT_NOBITS ? "without content"
							       : "data",
				       l->inputs[o->pieces[0]->input].obj->name);

	diag_hint(d, "give one of the two another name with SEC(\"…\")");
}

static enum iov_status place_piece(struct linker *l, struct piece *p, const char *name, const struct iov_section *s)
{
	struct output *o = output_find(l, name);

	if (!o && !(o = output_add(l, name, s->type, s->flags)))
		return IOV_NOMEM;
	if (!arena_grow(l->arena, &o->pieces, o->piece_count, &o->piece_room, sizeof(*o->pieces)))
		return IOV_NOMEM;
	if (o->piece_count && (s->type != o->type || (s->flags ^ o->flags) & SHF_EXECINSTR)) {
		mismatch(l, o, s, p->input);
		return IOV_OK;
	}
	o->flags |= s->flags;
	o->entsize = s->entsize;
	o->pieces[o->piece_count++] = p;
	p->out = o;
	return IOV_OK;
}

/* What an overridden definition leaves is not needed: weak functions, and maps that are defined twice. */
static bool is_overridden(const struct linker *l, const struct piece *p)
{
	const struct input *in = &l->inputs[p->input];
	const struct global *g = p->symbol ? in->globals[p->symbol] : NULL;
	const struct iov_symbol *s;

	if (!g || (g->input == p->input && g->symbol == p->symbol) || (p->kind != PIECE_CODE && p->kind != PIECE_MAP))
		return false;
	s = g->input == p->input ? &in->obj->symbols[g->symbol] : NULL; /* an alias at the same place */
	return !(s && s->section == p->section && s->value == p->offset);
}

/* Each global COMMON variable gets a piece of its own, in .bss. */
static enum iov_status place_commons(struct linker *l)
{
	static const struct iov_section bss = {.name = ".bss", .type = SHT_NOBITS, .flags = SHF_ALLOC | SHF_WRITE};

	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 1; j < l->inputs[i].obj->symbol_count; j++) {
			struct global *g = l->inputs[i].globals[j];
			enum iov_status status;

			if (!g || g->input != i || g->symbol != j || !g->common)
				continue;
			status = g->common->live ? place_piece(l, g->common, bss.name, &bss) : IOV_OK;
			if (status)
				return status;
		}
	return IOV_OK;
}

enum iov_status commons_make(struct linker *l)
{
	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 1; j < l->inputs[i].obj->symbol_count; j++) {
			struct global *g = l->inputs[i].globals[j];

			if (!g || g->input != i || g->symbol != j || l->inputs[i].obj->symbols[j].section != SHN_COMMON)
				continue;
			g->common = ARENA_NEW(l->arena, struct piece);
			if (!g->common)
				return IOV_NOMEM;
			*g->common = (struct piece){.input = i,
						    .symbol = j,
						    .size = g->common_size,
						    .kind = PIECE_DATA,
						    .live = !l->options->gc};
		}
	return IOV_OK;
}

static int by_rank(const void *a, const void *b)
{
	const struct output *x = *(struct output *const *)a, *y = *(struct output *const *)b;
	int text = !strcmp(y->name, ".text") - !strcmp(x->name, ".text");

	if (text)
		return text;
	if (is_code(x) != is_code(y))
		return is_code(x) ? -1 : 1;
	return strcmp(x->name, y->name);
}

static uint64_t align_of(const struct linker *l, const struct piece *p)
{
	const struct iov_object *obj = l->inputs[p->input].obj;
	const struct global *g = p->section ? NULL : l->inputs[p->input].globals[p->symbol];
	uint64_t align = g ? g->common_align : obj->sections[p->section].align;

	return align && !(align & (align - 1)) && align <= 4096 ? align : 1;
}

static enum iov_status lay_out(struct linker *l, struct output *o)
{
	for (uint32_t i = 0; i < o->piece_count; i++) {
		struct piece *p = o->pieces[i];
		uint64_t align = p->kind == PIECE_CODE ? 8 : align_of(l, p);

		if (align > o->align)
			o->align = align;
		p->at = (o->size + align - 1) & ~(align - 1);
		o->size = p->at + p->size;
		if (o->size > INT32_MAX) {
			diag_hint(LINK_DIAG(l, LINK_SECTION, span_of(l->inputs[p->input].obj->name),
					    "section %s has more than 2 GiB with this file", o->name),
				  "large tables belong into maps: BPF_MAP_TYPE_ARRAY");
			return IOV_DIAGNOSED;
		}
	}
	return IOV_OK;
}

enum iov_status layout_place(struct linker *l)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 0; i < l->input_count && !status; i++)
		for (uint32_t j = 0; j < l->inputs[i].piece_count && !status; j++) {
			struct piece *p = &l->inputs[i].pieces[j];
			const struct iov_section *s = &l->inputs[i].obj->sections[p->section];

			p->live &= !is_overridden(l, p);
			if (p->live && !p->folded)
				status = place_piece(l, p, s->name, s);
		}
	if (!status)
		status = place_commons(l);
	if (status)
		return status;
	if (l->output_count)
		qsort(l->outputs, l->output_count, sizeof(*l->outputs), by_rank);
	for (uint32_t i = 0; i < l->output_count && !status; i++) {
		l->outputs[i]->index = i + 1;
		status = lay_out(l, l->outputs[i]);
	}
	return status;
}
