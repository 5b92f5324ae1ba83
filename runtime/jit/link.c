/* SPDX-License-Identifier: Apache-2.0 */
/* Branch relaxation and linking. One linear pass: a distance between two places in the longest form bounds the distance
 * in any shorter one, so what fits a short branch there fits it in the end. */
#include "runtime/jit/jit.h"

#include <string.h>

static uint32_t place(const struct jit *j, const struct jit_reloc *r)
{
	switch (r->kind) {
	case JIT_CALL:
		return j->subs[r->target].entry;
	case JIT_THUNK:
		return j->subs[r->target].thunk;
	case JIT_JMP_STUB:
	case JIT_CALL_STUB:
		return j->stub;
	default:
		return j->offset[r->target];
	}
}

/* To a C function: the further of the distances from the code's start and from its end. */
static int64_t distance_of(const struct jit *j, const struct jit_reloc *r, const uint8_t *base)
{
	intptr_t from_start, from_end;

	if (r->kind != JIT_CALL_EXT)
		return (int64_t)place(j, r) - (int64_t)r->at;
	from_start = (intptr_t)r->addr - (intptr_t)base;
	from_end = from_start - (intptr_t)code_at(&j->code);
	return from_end < 0 && -from_end > from_start ? from_end : from_start;
}

/* Walks the relocations beside offsets that only grow: how far an offset moves down. */
struct cursor {
	const struct jit_reloc *next, *end;
	uint32_t shrink;
};

static uint32_t moved(struct cursor *c, uint32_t offset)
{
	for (; c->next < c->end && c->next->at < offset; c->next++)
		c->shrink += (uint32_t)(c->next->longest - c->next->size);
	return offset - c->shrink;
}

static void move_block(struct jit *j, struct cursor *c, const struct jit_block *b)
{
	for (uint32_t slot = b->start; slot < b->end; slot++)
		j->offset[slot] = moved(c, j->offset[slot]);
}

void jit_relax(struct jit *j, const uint8_t *base)
{
	struct cursor c = {.next = j->relocs, .end = j->relocs + j->reloc_count};

	for (uint32_t i = 0; i < j->reloc_count; i++)
		j->relocs[i].size = j->target->shortest(&j->relocs[i], distance_of(j, &j->relocs[i], base));
	for (struct jit_sub *sub = j->subs; sub < j->subs + j->sub_count; sub++) {
		bool separate = sub->thunk != sub->entry;

		sub->entry = moved(&c, sub->entry);
		for (uint32_t n = sub->first_block; n < sub->first_block + sub->block_count; n++)
			move_block(j, &c, &j->blocks[sub->first_block + j->order[n]]);
		sub->thunk = separate ? moved(&c, sub->thunk) : sub->entry;
	}
	j->stub = moved(&c, j->stub);
	for (struct jit_sub *sub = j->subs; sub < j->subs + j->sub_count; sub++)
		for (uint32_t slot = sub->start; slot < sub->end; slot++)
			if (j->offset[slot] == JIT_NO_CODE)
				j->offset[slot] = sub + 1 < j->subs + j->sub_count ? sub[1].entry : j->stub;
	j->offset[j->image->count] = moved(&c, code_at(&j->code));
}

void jit_link(struct jit *j, uint8_t *base, size_t size)
{
	const uint8_t *from = j->code.base;
	uint8_t *p = base;

	for (uint32_t i = 0; i < j->reloc_count; i++) {
		const struct jit_reloc *r = &j->relocs[i];
		size_t plain = (size_t)(j->code.base + r->at - from);

		memcpy(p, from, plain);
		p += plain;
		if (r->size)
			j->target->resolve(j, r, base, p, r->kind == JIT_CALL_EXT ? r->addr : base + place(j, r));
		p += r->size;
		from += plain + r->longest;
	}
	memcpy(p, from, (size_t)(j->code.next - from));
	p += j->code.next - from;
	j->target->fill(p, size - (size_t)(p - base));
}
