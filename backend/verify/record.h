/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_claims, what a verification claimed at each instruction, for engines that hold it against runs.
 *
 * A claim is one state that was walked, restricted to what the finished walk from there demanded (demand.h): the rest
 * was never relied on, and a later arrival that was covered by it may hold anything there. So of every run, at every
 * instruction, the registers and the stack satisfy at least one claim of the slot; an instruction without a claim is
 * never reached. Registers: `used` ones are initialised; a used pointer is of the kind, region and offset claimed; a
 * number lies in its range, and agrees with those linked to it, when it is also `precise`.
 *
 * A slot keeps IOV_CLAIMS_KEPT claims; what comes then is joined into the last one (still sound, weaker). */
#ifndef IOV_VERIFY_RECORD_H
#define IOV_VERIFY_RECORD_H

#include "backend/verify/demand.h"

enum { IOV_CLAIMS_KEPT = 48 };

/** What a verification did of which tests want to know that it happens. */
enum iov_counted { IOV_COUNT_JOIN, IOV_COUNT_REGION, IOV_COUNT_LOOP, IOV_COUNT_TURN, IOV_COUNT_COVERED, IOV_COUNTED };

struct iov_claim_slot {
	uint8_t slot, bytes; /**< vframe slot; bytes demanded, as in frame_demand */
	bool precise;
	uint8_t tag[8];
	struct vreg reg;     /**< where a tag is S_SPILL */
};

struct iov_claim {
	struct iov_claim *next;
	uint32_t frames, callsite; /**< of the innermost frame; UINT32_MAX: entered from outside */
	uint32_t refs;             /**< references held at most */
	uint32_t joined;           /**< states that are joined in it, itself included */
	uint16_t used, precise;    /**< registers r0 to r9 */
	uint16_t reg_count, slot_count;
	struct vreg *regs;         /**< of the `used` ones, by number */
	struct iov_claim_slot *slots;
};

/** Zero-initialise with the arena that claims are to live in. */
struct iov_claims {
	struct iov_arena *arena;
	struct iov_claim **by_insn; /**< count lists */
	uint32_t *kept;             /**< lengths of the lists */
	uint32_t count;
	uint64_t walked;            /**< states seen */
	uint64_t counts[IOV_COUNTED]; /**< by enum iov_counted */
};

#endif
