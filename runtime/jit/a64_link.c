/* SPDX-License-Identifier: Apache-2.0 */
/* Branches, calls and addresses of 64-bit ARM in their long and short forms. */
#include "runtime/jit/a64_ops.h"

#include <string.h>

enum { WORD = 4, JCC_FAR = 2 * WORD, THUNK_FAR = 2 * WORD, CALL_FAR = 5 * WORD, CALL_48 = 4 * WORD };

uint8_t a64_longest(const struct jit *j, enum jit_reloc_kind kind)
{
	(void)j;
	switch (kind) {
	case JIT_JCC:
		return JCC_FAR;
	case JIT_THUNK:
		return THUNK_FAR;
	case JIT_CALL_EXT:
		return CALL_FAR;
	default:
		return WORD;
	}
}

/* Words may come between the two ends only where the longest form stands, so a margin of one form is enough. */
static bool within(int64_t distance, int64_t reach)
{
	return distance < reach - CALL_FAR && distance > CALL_FAR - reach;
}

uint8_t a64_shortest(const struct jit_reloc *r, int64_t distance)
{
	switch (r->kind) {
	case JIT_JMP:
		return distance == r->longest ? 0 : WORD;
	case JIT_JCC:
		if (distance == r->longest)
			return 0;
		return within(distance, a64_is_tb(r->arg) ? 1 << 15 : 1 << 20) ? WORD : JCC_FAR;
	case JIT_THUNK:
		return within(distance, 1 << 20) ? WORD : THUNK_FAR;
	case JIT_CALL_EXT:
		if (within(distance, 1 << 27))
			return WORD;
		return (uint64_t)(uintptr_t)r->addr >> 48 ? CALL_FAR : CALL_48;
	default:
		return WORD;
	}
}

static uint8_t *put(uint8_t *p, uint32_t word)
{
	memcpy(p, &word, WORD);
	return p + WORD;
}

/* movz, movk into T0; then a call through T0, or of the stub that does it. */
static void call_far(const struct jit *j, unsigned words, uint8_t *p, const uint8_t *base, uint64_t to)
{
	enum { MOVZ = (int)0xd2800000, MOVK = (int)0xf2800000, BLR = (int)0xd63f0000 };

	for (unsigned i = 0; i + 1 < words; i++)
		p = put(p, (uint32_t)(i ? MOVK : MOVZ) | i << 21 | (uint32_t)(to >> 16 * i & 0xffff) << 5 | A64_T0);
	if (j->retpoline)
		put(p, a64_with_distance((uint32_t)A64_BL, base + j->stub - p));
	else
		put(p, (uint32_t)BLR | A64_T0 << 5);
}

static void thunk_address(const struct jit_reloc *r, uint8_t *p, const uint8_t *to)
{
	enum { ADD_IMM = (int)0x91000000 };
	uint32_t low = (uint32_t)(uintptr_t)to & 0xfff;

	if (r->size == WORD) {
		put(p, a64_adr((int)r->arg, to - p));
		return;
	}
	p = put(p, a64_adrp((int)r->arg, (uintptr_t)p, (uintptr_t)to));
	put(p, (uint32_t)ADD_IMM | low << 10 | r->arg << 5 | r->arg);
}

void a64_resolve(const struct jit *j, const struct jit_reloc *r, uint8_t *base, uint8_t *p, const uint8_t *to)
{
	switch (r->kind) {
	case JIT_JCC:
		if (r->size == WORD) {
			put(p, a64_with_distance(r->arg, to - p));
			break;
		}
		p = put(p, a64_with_distance(a64_opposite(r->arg), JCC_FAR));
		put(p, a64_with_distance(A64_B, to - p));
		break;
	case JIT_JMP:
	case JIT_JMP_STUB:
		put(p, a64_with_distance(A64_B, to - p));
		break;
	case JIT_THUNK:
		thunk_address(r, p, to);
		break;
	case JIT_CALL_EXT:
		if (r->size > WORD) {
			call_far(j, r->size / WORD, p, base, (uintptr_t)to);
			break;
		}
		/* fall through */
	default:
		put(p, a64_with_distance((uint32_t)A64_BL, to - p));
	}
}

void a64_fill(uint8_t *p, size_t size)
{
	for (; size >= WORD; size -= WORD)
		p = put(p, (uint32_t)A64_BRK);
}
