/* SPDX-License-Identifier: Apache-2.0 */
/* Branches, calls and addresses of x86-64 in their long and short forms. */
#include "runtime/jit/x64_ops.h"

#include <string.h>

enum { CALL_FAR = 13, CALL_FAR_STUB = 15 };

uint8_t x64_longest(const struct jit *j, enum jit_reloc_kind kind)
{
	static const uint8_t longest[JIT_RELOC_KINDS] = {
		[JIT_JMP] = 5, [JIT_JCC] = 6, [JIT_CALL] = 5, [JIT_CALL_EXT] = CALL_FAR, [JIT_THUNK] = 7,
		[JIT_JMP_STUB] = 5, [JIT_CALL_STUB] = 5,
	};

	return kind == JIT_CALL_EXT && j->retpoline ? CALL_FAR_STUB : longest[kind];
}

uint8_t x64_shortest(const struct jit_reloc *r, int64_t distance)
{
	if (r->kind == JIT_CALL_EXT)
		return distance < INT32_MAX && distance > INT32_MIN ? 5 : r->longest;
	if (r->kind != JIT_JMP && r->kind != JIT_JCC)
		return r->longest;
	if (distance == r->longest)
		return 0;
	if (distance > 0)
		return distance - r->longest <= INT8_MAX ? 2 : r->longest;
	return distance - 2 >= INT8_MIN ? 2 : r->longest;
}

static void put_rel(uint8_t *p, const uint8_t *to)
{
	int32_t distance = (int32_t)(to - (p + 4));

	memcpy(p, &distance, 4);
}

/* movabs r10, to; then a call through r10, or of the stub that does it. */
static void call_far(const struct jit *j, uint8_t *p, const uint8_t *base, const uint8_t *to)
{
	memcpy(p, "\x49\xba", 2);
	memcpy(p + 2, &to, 8);
	if (!j->retpoline) {
		memcpy(p + 10, "\x41\xff\xd2", 3);
		return;
	}
	p[10] = 0xe8;
	put_rel(p + 11, base + j->stub);
}

void x64_resolve(const struct jit *j, const struct jit_reloc *r, uint8_t *base, uint8_t *p, const uint8_t *to)
{
	if (r->size == 2) {
		p[0] = r->kind == JIT_JMP ? 0xeb : (uint8_t)(0x70 | r->arg);
		p[1] = (uint8_t)(to - (p + 2));
		return;
	}
	if (r->size >= CALL_FAR) {
		call_far(j, p, base, to);
		return;
	}
	switch (r->kind) {
	case JIT_JMP:
	case JIT_JMP_STUB:
		*p = 0xe9;
		put_rel(p + 1, to);
		break;
	case JIT_JCC:
		p[0] = 0x0f;
		p[1] = (uint8_t)(0x80 | r->arg);
		put_rel(p + 2, to);
		break;
	case JIT_THUNK:
		p[0] = (uint8_t)(0x48 | (r->arg >> 3) << 2);
		p[1] = X64_LEA;
		p[2] = (uint8_t)(5 | (r->arg & 7) << 3);
		put_rel(p + 3, to);
		break;
	default:
		*p = 0xe8;
		put_rel(p + 1, to);
	}
}

void x64_fill(uint8_t *p, size_t size)
{
	memset(p, 0xcc, size);
}
