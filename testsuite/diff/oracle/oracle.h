/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: where the oracle's programs come from: structured random ones, and mutations of real ones. */
#ifndef IOV_TEST_DIFF_ORACLE_H
#define IOV_TEST_DIFF_ORACLE_H

#include "asm/isa/platform.h"
#include "asm/isa/prog.h"

enum { GEN_MAX = 1024, GEN_FUNCS = 12, GEN_CALLS = 64, GEN_EXTERNS = 256, PROG_MAX = 8192 };

uint64_t oracle_random(uint64_t *state);
static inline uint32_t oracle_below(uint64_t *state, uint32_t n) { return (uint32_t)(oracle_random(state) >> 33) % n; }

/** A slot that refers to a function: a call, or the load of its address. */
struct gen_call {
	uint32_t slot, function;
};

/** A generated program: packets, maps, stack, loops, calls, helpers by prototype; most are valid. */
struct gen {
	uint64_t *state;
	const struct iov_platform *platform;
	const struct iov_prog_type *type;
	struct iov_insn insns[GEN_MAX + 64];
	uint32_t count;
	struct iov_subprog subs[GEN_FUNCS];
	uint32_t number[GEN_FUNCS];   /**< of each function that is there, in subs */
	bool wanted[GEN_FUNCS];
	struct gen_call calls[GEN_CALLS];
	uint32_t call_count;
	uint32_t function;            /**< the one being made */
	uint32_t depth;               /**< loops around */
	bool has_ctx;                 /**< r6 is the context */
	bool packets;                 /**< programs of this type see packets */
	uint16_t data, data_end, number_field; /**< offsets in the context */
	struct iov_extern externs[GEN_EXTERNS];
	struct iov_prog prog;
};
void gen_program(struct gen *g);

/** Change a few of the `count` instructions. */
void mutate(uint64_t *state, struct iov_insn *insns, uint32_t count, uint32_t map_count);

#endif
