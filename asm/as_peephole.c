/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: -O. When all text was read, before layout, the instructions of each section are looked at until no rule finds
 * anything. What goes leaves a point of size 0, so that labels, records and the jumps of layout follow by themselves;
 * of two line records that then stand at one place the later is kept.
 *
 * Control enters where the section begins, at functions, global symbols and whatever a value of a loaded section names,
 * and where a jump leads. A label that only jumps know is no reason to keep code. Instructions with CO-RE or function
 * records, or at labels of .BTF.ext, stay; data between instructions is never touched. */
#include "asm/as_peephole.h"

#include "asm/types/types.h"

enum { ROUNDS = 64 };

uint32_t peep_live(const struct peep *p, uint32_t slot)
{
	while (slot < p->count && p->flags[slot] & PEEP_GONE)
		slot++;
	return slot;
}

uint32_t peep_next(const struct peep *p, uint32_t slot)
{
	return peep_live(p, slot + (p->x->data.data[slot * 8] == 0x18 ? 2 : 1));
}

void peep_load(const struct peep *p, uint32_t slot, struct iov_insn *out)
{
	isa_decode(p->x->data.data + slot * 8, p->s->big, out);
}

void peep_store(struct peep *p, uint32_t slot, const struct iov_insn *insn)
{
	isa_encode(insn, p->s->big, p->x->data.data + slot * 8);
	p->changed = true;
}

void peep_take_away(struct peep *p, uint32_t slot)
{
	uint8_t arrives = p->flags[slot] & (PEEP_TARGET | PEEP_ENTRY);
	uint32_t end = slot + (p->x->data.data[slot * 8] == 0x18 ? 2 : 1), next;

	for (; slot < end && slot < p->count; slot++)
		p->flags[slot] |= PEEP_GONE;
	next = peep_live(p, slot);
	if (next < p->count)
		p->flags[next] |= arrives;
	p->changed = true;
}

static uint32_t target_of(const struct peep *p, const struct as_jump *j)
{
	uint32_t flat;

	if (!as_jump_target(p->s, p->x, j, &flat) || flat % 8)
		return p->count;
	return peep_live(p, flat / 8);
}

uint32_t peep_target(const struct peep *p, uint32_t slot)
{
	return p->jumps[slot] ? target_of(p, &p->x->jumps[p->jumps[slot] - 1]) : p->count;
}

bool peep_retarget(struct peep *p, uint32_t slot, uint32_t other)
{
	struct as_jump *from = &p->x->jumps[p->jumps[slot] - 1];
	const struct as_jump *to = &p->x->jumps[p->jumps[other] - 1];
	int64_t distance;
	uint32_t flat;

	if (!as_jump_target(p->s, p->x, to, &flat))
		return false;
	distance = ((int64_t)flat - from->offset) / 8 - 1;
	if (!from->wide && (distance < INT16_MIN || distance > INT16_MAX))
		return false;
	from->symbol = to->symbol;
	from->addend = to->symbol ? to->addend : (int32_t)distance;
	p->changed = true;
	return true;
}

static const struct as_fixup *fixup_at(const struct peep *p, uint32_t slot)
{
	for (uint32_t low = 0, high = p->x->fixup_count; low < high;) {
		uint32_t middle = low + (high - low) / 2;
		const struct as_fixup *f = &p->x->fixups[middle];

		if (f->offset / 8 == slot)
			return f;
		if (f->offset / 8 < slot)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool peep_may_drop(struct peep *p, uint32_t slot)
{
	const struct as_fixup *f;
	uint32_t base;
	int64_t n;

	if (p->jumps[slot] && peep_target(p, slot) >= p->count)
		return false;
	if (!(p->flags[slot] & PEEP_FIXED))
		return true;
	f = fixup_at(p, slot);
	if (!f || as_evaluate(p->s, &f->value, true, &n, &base) == AS_UNKNOWN)
		return false;
	if (as_evaluate(p->s, &f->value, true, &n, &base) == AS_SYMBOLIC)
		return as_sym(p->s, base)->kind != AS_UNDEFINED || as_sym(p->s, base)->bind_set ||
		       (f->kind == AS_FIX_CALL && as_helper_call(p->s, base, f->at, &n));
	return true;
}

/* --- what is known of the code --- */

static void mark(struct peep *p, uint64_t flat, uint8_t flag)
{
	if (flat / 8 < p->count)
		p->flags[flat / 8] |= flag;
}

/* A value that names a place in the section is a way in. False: it may name any. */
static bool mark_symbol(struct peep *p, uint32_t id, int64_t n, uint8_t flag)
{
	const struct as_symbol *y = as_sym(p->s, id);

	if (!id)
		return true;
	if (y->kind == AS_SECTION && y->section == p->x->elf_index)
		return false;
	if (y->kind == AS_UNDEFINED && y->name && y->len == strlen(p->x->name) && !memcmp(y->name, p->x->name, y->len))
		return false;
	if (y->kind != AS_LABEL || y->section != p->x->elf_index)
		return true;
	mark(p, y->offset, flag);
	mark(p, (uint64_t)(y->offset + n), flag);
	return true;
}

static bool mark_value(struct peep *p, const struct as_value *v, uint8_t flag)
{
	if (v->expr && (!mark_value(p, &v->expr->a, flag) || !mark_value(p, &v->expr->b, flag)))
		return false;
	return mark_symbol(p, v->add, v->n, flag) && mark_symbol(p, v->sub, 0, flag);
}

/* What values of all sections name; debug information does not count, .BTF.ext keeps instructions. */
static bool mark_values(struct peep *p)
{
	for (uint32_t i = 1; i < p->s->section_count; i++) {
		const struct as_section *x = p->s->sections[i];
		bool records = !strcmp(x->name, ".BTF.ext");

		if (!(x->flags & SHF_ALLOC) && !records)
			continue;
		for (uint32_t f = 0; f < x->fixup_count; f++) {
			const struct as_fixup *fix = &x->fixups[f];

			if (!mark_value(p, &fix->value, records ? PEEP_KEEP : PEEP_ENTRY))
				return false;
			if (x == p->x)
				mark(p, fix->offset, fix->kind == AS_FIX_RELOC ? PEEP_KEEP : PEEP_FIXED);
		}
	}
	return true;
}

/* Functions, and symbols that the object shows and no jump explains. */
static void mark_symbols(struct peep *p)
{
	for (uint32_t id = 1; id < p->s->symbol_count; id++) {
		const struct as_symbol *y = as_sym(p->s, id);

		if (y->kind == AS_LABEL && y->section == p->x->elf_index &&
		    (y->type != STT_NOTYPE || y->fixed_order || (y->bind_set && y->bind != STB_LOCAL) ||
		     (!as_is_private(y) && !y->used)))
			mark(p, y->offset, PEEP_ENTRY);
		else if (y->kind == AS_EQUATE && y->bind_set)
			mark_value(p, &y->value, PEEP_ENTRY);
	}
}

static void mark_record(void *ud, struct types_at at, bool function)
{
	struct peep *p = ud;

	if (at.section == p->x->elf_index)
		mark(p, at.offset, function ? PEEP_ENTRY | PEEP_KEEP : PEEP_KEEP);
}

static void mark_jumps(struct peep *p)
{
	for (uint32_t i = 0; i < p->count; i++)
		p->flags[i] &= (uint8_t)~PEEP_TARGET;
	for (uint32_t i = 0; i < p->x->jump_count; i++) {
		uint32_t slot = p->x->jumps[i].offset / 8, to = target_of(p, &p->x->jumps[i]);
		uint8_t code = p->x->data.data[slot * 8];

		if (to < p->count && !(p->flags[slot] & PEEP_GONE))
			p->flags[to] |= code == 0x85 || code == 0x18 ? PEEP_ENTRY : PEEP_TARGET;
	}
}

static bool learn(struct peep *p)
{
	struct as_section *x = p->x;

	p->count = (uint32_t)(x->data.len / 8);
	p->flags = arena_array(p->s->arena, p->count + 1, 1);
	p->jumps = arena_array(p->s->arena, p->count + 1, sizeof(*p->jumps));
	if (!p->flags || !p->jumps)
		return as_oom(p->s);
	for (uint32_t i = 0; i < p->count && i < x->marks.len; i++)
		p->flags[i] = x->marks.data[i] ? PEEP_INSN : 0;
	for (uint32_t i = 0; i < x->point_count; i++)
		if (x->points[i].kind != AS_POINT_ALIGN)
			return false;
	for (uint32_t i = 0; i < x->jump_count; i++)
		p->jumps[x->jumps[i].offset / 8] = i + 1;
	p->flags[0] |= PEEP_ENTRY;
	if (!mark_values(p))
		return false;
	mark_symbols(p);
	if (p->s->types)
		types_places(as_types_of(p->s), mark_record, p);
	return true;
}

/* --- the end --- */

static void shrink(struct peep *p)
{
	struct as_section *x = p->x;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < x->jump_count; i++)
		if (!(p->flags[x->jumps[i].offset / 8] & PEEP_GONE))
			x->jumps[kept++] = x->jumps[i];
	x->jump_count = kept;
	kept = 0;
	for (uint32_t i = 0; i < x->fixup_count; i++)
		if (!(p->flags[x->fixups[i].offset / 8] & PEEP_GONE))
			x->fixups[kept++] = x->fixups[i];
	x->fixup_count = kept;
	for (uint32_t from = 0, to; from < p->count; from = to + 1) {
		struct as_point *point;

		to = peep_live(p, from);
		if (to == from)
			continue;
		memset(x->data.data + from * 8, 0, (to - from) * 8);
		if ((point = as_point(p->s, x, AS_POINT_GONE, from * 8, (to - from) * 8)))
			point->size = 0;
	}
	as_points_added(p->s, x);
	if (p->s->types)
		types_join_lines(as_types_of(p->s));
}

void as_peephole(struct as *s)
{
	for (uint32_t i = 1; i < s->section_count && !s->failed_memory && !s->errors; i++) {
		struct peep p = {.s = s, .x = s->sections[i], .changed = true};

		if (!p.x->marks.len || !learn(&p))
			continue;
		for (unsigned round = 0; round < ROUNDS && p.changed; round++) {
			p.changed = false;
			mark_jumps(&p);
			peep_rules(&p);
		}
		shrink(&p);
	}
}
