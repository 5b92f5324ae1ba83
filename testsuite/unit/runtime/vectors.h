/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: vectors for engines, made from the rows of isa.def with corner values, and what they must give by a reference
 * that shares nothing with any engine. One program a vector: r1 points at 8 words, which it may change. */
#ifndef IOV_UNIT_RUNTIME_VECTORS_H
#define IOV_UNIT_RUNTIME_VECTORS_H

#include "runtime/image.h"

struct vector {
	const char *name;
	struct iov_insn insns[24];
	uint32_t count;
	uint64_t in[8], out[8], r0;
};

typedef void vector_fn(void *ud, const struct vector *v);

/** Every vector of the rows of ALU, END, JCC, JA, LDX, LDSX, ST, STX, ATOMIC and LD_IMM64 kinds. */
void vectors_each(vector_fn *fn, void *ud);
/** True for the rows that vectors_each() covers. */
bool vectors_cover(const struct iov_isa_row *row);

/** An image around bare instructions, in the arena; one subprogram unless `subs` says more. */
struct iov_image *image_of(struct iov_arena *arena, const struct iov_insn *insns, uint32_t count,
			   const struct iov_subprog *subs, uint32_t sub_count);

#endif
