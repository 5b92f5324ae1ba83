/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: where the oracle's programs come from: structured random ones, and mutations of real ones. */
#ifndef IOV_TEST_DIFF_ORACLE_H
#define IOV_TEST_DIFF_ORACLE_H

#include "asm/isa/platform.h"
#include "asm/isa/prog.h"

enum { GEN_MAX = 1024, GEN_SUBS = 4, GEN_MAPS = 4, PROG_MAX = 8192 };

uint64_t oracle_random(uint64_t *state);
static inline uint32_t oracle_below(uint64_t *state, uint32_t n) { return (uint32_t)(oracle_random(state) >> 33) % n; }

/** A generated program: packets, maps, stack, loops, calls, helpers by prototype; most are valid. */
struct gen {
	uint64_t *state;
	const struct iov_platform *platform;
	const struct iov_prog_type *type;
	struct iov_insn insns[GEN_MAX + 64];
	uint32_t count;
	struct iov_subprog subs[1 + GEN_SUBS];
	uint32_t calls[64], call_count; /**< slots of CALL_SUBPROG; imm: the number of the function */
	uint32_t depth;
	struct iov_prog prog;
};
void gen_program(struct gen *g);

/** Change a few of the `count` instructions. */
void mutate(uint64_t *state, struct iov_insn *insns, uint32_t count, uint32_t map_count);

#endif
