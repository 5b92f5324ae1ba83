/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: random programs for engines, a pure function of a seed. They are what a verifier would accept, but for
 * arithmetic on addresses: every register and stack byte is written before it is read, loops end, accesses stay inside
 * the world or the frame. Every row of isa.def that needs no map occurs. */
#ifndef IOV_TEST_RANDOM_H
#define IOV_TEST_RANDOM_H

#include "testsuite/unit/jit/oracle.h"

enum { WORLD_WORDS = 64, WORLD_PACKET = 64 };

/** All memory that a program reaches beside its stack; its address is in the program. */
struct world {
	uint64_t memory[WORLD_WORDS];
	uint64_t regs[10];    /**< registers at the end */
	uint64_t helper_calls;
	uint8_t packet[WORLD_PACKET];
	struct iov_ctx ctx;
};

/** The program of a seed; `sub_stack[i]` is what subprogram i uses. */
void random_program(uint64_t seed, struct world *world, struct test_image *t, uint32_t sub_stack[TEST_SUBS]);
/** Contents that the program starts on, of the same seed. */
void random_world(uint64_t seed, struct world *world);

#endif
