/* SPDX-License-Identifier: Apache-2.0 */
/* Branch relaxation and linking for x86-64. One linear pass: a distance between two places in the longest form bounds
 * the distance in any shorter one, so what fits a short branch there fits it in the end. */
#include "runtime/jit/x64_ops.h"

#if defined(__x86_64__)

#include <string.h>

static uint32_t place(const struct jit *j, const struct jit_reloc *r)
{
	switch (r->kind) {
	case JIT_CALL:
		return j->subs[r->target].entry;
	case JIT_THUNK:
		return j->subs[r->target].thunk;
	default:
		return j->offset[r->target];
	}
}

static bool reaches(const uint8_t *base, size_t size, const void *function)
{
	intptr_t low = (intptr_t)function - (intptr_t)base, high = low - (intptr_t)size;

	return low < INT32_MAX && high > INT32_MIN;
}

static uint8_t short_size(const struct jit *j, const struct jit_reloc *r, const uint8_t *base)
{
	int64_t distance;

	if (r->kind == JIT_CALL_EXT)
		return reaches(base, code_at(&j->code), r->addr) ? 5 : r->longest;
	if (r->kind != JIT_JMP && r->kind != JIT_JCC)
		return r->longest;
	distance = (int64_t)place(j, r) - (int64_t)r->at;
	if (distance == r->longest)
		return 0;
	if (distance > 0)
		return distance - r->longest <= INT8_MAX ? 2 : r->longest;
	return distance - 2 >= INT8_MIN ? 2 : r->longest;
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

void target_relax(struct jit *j, const uint8_t *base)
{
	struct cursor c = {.next = j->relocs, .end = j->relocs + j->reloc_count};

	for (uint32_t i = 0; i < j->reloc_count; i++)
		j->relocs[i].size = short_size(j, &j->relocs[i], base);
	for (struct jit_sub *sub = j->subs; sub < j->subs + j->sub_count; sub++) {
		bool separate = sub->thunk != sub->entry;

		sub->entry = moved(&c, sub->entry);
		for (uint32_t slot = sub->start; slot < sub->end; slot++)
			j->offset[slot] = moved(&c, j->offset[slot]);
		sub->thunk = separate ? moved(&c, sub->thunk) : sub->entry;
	}
}

static uint8_t *put_rel(uint8_t *p, uint8_t *end, const uint8_t *to)
{
	int32_t distance = (int32_t)(to - end);

	memcpy(p, &distance, 4);
	return end;
}

/* One relocated instruction at p; its end. */
static uint8_t *resolve(const struct jit *j, const struct jit_reloc *r, uint8_t *base, uint8_t *p)
{
	const uint8_t *to = r->kind == JIT_CALL_EXT ? r->addr : base + place(j, r);

	if (r->size == 2) {
		p[0] = r->kind == JIT_JMP ? 0xeb : (uint8_t)(0x70 | r->arg);
		p[1] = (uint8_t)(to - (p + 2));
		return p + 2;
	}
	if (r->size == 13) {
		memcpy(p, "\x49\xba", 2); /* movabs r10; call *r10 */
		memcpy(p + 2, &to, 8);
		memcpy(p + 10, "\x41\xff\xd2", 3);
		return p + 13;
	}
	switch (r->size ? r->kind : JIT_RELOC_KINDS) {
	case JIT_JMP:
		*p = 0xe9;
		return put_rel(p + 1, p + 5, to);
	case JIT_JCC:
		p[0] = 0x0f;
		p[1] = (uint8_t)(0x80 | r->arg);
		return put_rel(p + 2, p + 6, to);
	case JIT_CALL:
	case JIT_CALL_EXT:
		*p = 0xe8;
		return put_rel(p + 1, p + 5, to);
	case JIT_THUNK:
		p[0] = (uint8_t)(0x48 | (r->arg >> 3) << 2);
		p[1] = X64_LEA;
		p[2] = (uint8_t)(5 | (r->arg & 7) << 3);
		return put_rel(p + 3, p + 7, to);
	default:
		return p;
	}
}

void target_link(struct jit *j, uint8_t *base, size_t size)
{
	const uint8_t *from = j->code.base;
	uint8_t *p = base;

	for (uint32_t i = 0; i < j->reloc_count; i++) {
		const struct jit_reloc *r = &j->relocs[i];
		size_t plain = (size_t)(j->code.base + r->at - from);

		memcpy(p, from, plain);
		p = resolve(j, r, base, p + plain);
		from += plain + r->longest;
	}
	memcpy(p, from, (size_t)(j->code.next - from));
	p += j->code.next - from;
	memset(p, 0xcc, size - (size_t)(p - base));
}

#endif
