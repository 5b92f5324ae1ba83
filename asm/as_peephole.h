/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the halves of -O share: as_peephole.c (what is known of the code, and taking instructions away) and
 * as_peephole_rules.c (what may be rewritten). Everything is in slots of one section, before layout. */
#ifndef IOV_ASM_AS_PEEPHOLE_H
#define IOV_ASM_AS_PEEPHOLE_H

#include "asm/as_part.h"

enum {
	PEEP_INSN = 1,   /* an instruction begins here: not data, not the second half of a long constant */
	PEEP_TARGET = 2, /* a jump leads here */
	PEEP_ENTRY = 4,  /* control may come from elsewhere, or the object names this place */
	PEEP_FIXED = 8,  /* a value is known only at the end */
	PEEP_KEEP = 16,  /* a record or relocation speaks of it: it stays as it is */
	PEEP_GONE = 32,
};
struct peep {
	struct as *s;
	struct as_section *x;
	uint32_t count;
	uint8_t *flags;
	uint32_t *jumps; /* index + 1 into x->jumps, or 0 */
	bool changed;
};

/* First slot from `slot` on that is still there; count: none. */
uint32_t peep_live(const struct peep *p, uint32_t slot);
/* What control passes to after the instruction at `slot`. */
uint32_t peep_next(const struct peep *p, uint32_t slot);
void peep_load(const struct peep *p, uint32_t slot, struct iov_insn *out);
void peep_store(struct peep *p, uint32_t slot, const struct iov_insn *insn);
/* Jumps to it go to what follows. */
void peep_take_away(struct peep *p, uint32_t slot);
/* The slot that the jump at `slot` leads to; count: it is no jump to a place of the section. */
uint32_t peep_target(const struct peep *p, uint32_t slot);
/* The jump at `slot` goes where the one at `other` does. False: that would be out of its reach. */
bool peep_retarget(struct peep *p, uint32_t slot, uint32_t other);
/* Code that nobody reaches may hold names to be looked up: whether they are right, so that no mistake is hidden. */
bool peep_may_drop(struct peep *p, uint32_t slot);

/* One look at every instruction. */
void peep_rules(struct peep *p);

#endif
