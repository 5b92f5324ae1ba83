/* SPDX-License-Identifier: Apache-2.0 */
/* Random programs for comparing verifiers: mostly sensible ones, built with a rough idea of what each register holds,
 * so that a good part is accepted, and then spoiled here and there. */
#ifndef IOV_TEST_DIFF_VERIFY_RANDOM_H
#define IOV_TEST_DIFF_VERIFY_RANDOM_H

#include "asm/isa/prog.h"

enum { RANDOM_MAX = 128, RANDOM_MAPS = 3 }; /* maps: 0 array 4 -> 64, 1 hash 8 -> 16, 2 ring buffer */

struct random {
	uint64_t state;
	struct iov_insn insns[RANDOM_MAX + 16];
	uint32_t count;
	uint8_t kind[IOV_REGS];
	uint8_t stack[8]; /* slots written: 0 no, 1 number, 2 pointer */
};

/** A new program, at most RANDOM_MAX slots. */
void random_program(struct random *r);
/** Change one instruction of the program. */
void random_mutate(struct random *r);
uint64_t random_next(struct random *r);

#endif
