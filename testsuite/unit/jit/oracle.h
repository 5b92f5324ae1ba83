/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a second opinion for tests of engines: RFC 9669 executed one instruction at a time, written for obviousness and
 * sharing no code with the interpreter or the JIT; and the hand-built images that tests run. */
#ifndef IOV_TEST_JIT_ORACLE_H
#define IOV_TEST_JIT_ORACLE_H

#include "runtime/jit/jit.h"

/** Same contract as interp_run() and jit_run(). Every slot must be valid; subprograms and callbacks recurse. */
uint64_t oracle_run(const struct iov_image *image, struct iov_env *env, void *ctx);

/** The same, and writes what this very run teaches to facts[slot] (zeroed by the caller): true of it, of no other.
 * `value` of memory accesses and calls: bit n: the nth eight bytes below r10 were reached, not whole or not by r10. */
uint64_t oracle_learn(const struct iov_image *image, struct iov_env *env, void *ctx, struct iov_insn_fact *facts);

/** The result of one ALU or END row on two operands (the second is the register or the immediate). */
uint64_t oracle_alu(const struct iov_isa_row *row, uint64_t a, uint64_t b);
/** Whether a JCC row jumps. */
bool oracle_jumps(const struct iov_isa_row *row, uint64_t a, uint64_t b);

enum { TEST_SLOTS = 4096, TEST_SUBS = 8 };

/** An image under construction; the program and its arrays live in it. Zero-initialise, then test_start(). */
struct test_image {
	struct iov_image image;
	struct iov_prog prog;
	struct iov_subprog subs[TEST_SUBS];
	struct iov_insn insns[TEST_SLOTS];
	iov_helper_fn *calls[TEST_SLOTS];
	struct iov_env env;
};

void test_start(struct test_image *t);
/** Append one instruction; returns its slot. */
uint32_t test_put(struct test_image *t, enum iov_isa isa, int dst, int src, int off, int32_t imm);
/** Append a two-slot instruction. */
uint32_t test_put64(struct test_image *t, enum iov_isa isa, int dst, uint64_t value);
/** Append a helper call. */
uint32_t test_call(struct test_image *t, iov_helper_fn *fn);
/** Close the function before and begin the next; returns its first slot. */
uint32_t test_sub(struct test_image *t);
/** Close the last function: counts are set, the image can be compiled. */
void test_end(struct test_image *t);

/** This machine, without what its CPU has beyond the baseline. */
struct jit_setup test_baseline(void);
/** Compile, run once with `ctx`, free. Aborts when it does not compile. */
uint64_t test_jit(struct test_image *t, struct jit_setup setup, void *ctx);

#endif
