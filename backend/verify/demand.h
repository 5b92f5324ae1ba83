/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the rest of a path needs to know. While a path is walked forward, each step logs how values flow, a few
 * words an instruction. When every path from a point has ended, the log is run backward: of each register and stack
 * byte it says whether it was used, and whether its number mattered ("precise"). A later arrival at the same point is
 * covered by the earlier one when it agrees in what is demanded, whatever the rest holds.
 *
 * Soundness rests on the log alone: a step that reads a value must log a use, and one whose outcome depends on a
 * scalar's range (an address, a decided branch, a size) a precise use. */
#ifndef IOV_VERIFY_DEMAND_H
#define IOV_VERIFY_DEMAND_H

#include "backend/verify/state.h"

struct frame_demand {
	uint16_t used, precise;              /**< registers */
	uint64_t slot_precise;               /**< slots whose spilled or zero value mattered */
	uint8_t bytes[V_STACK_SLOTS]; /**< stack bytes used, one byte a slot: bit 7 is the slot's lowest address */
};

struct demand {
	uint32_t frames;
	struct frame_demand f[V_MAX_FRAMES];
};

enum flow_op {
	FLOW_DEF,         /**< a: written, the old value is gone */
	FLOW_USE,         /**< a */
	FLOW_PRECISE,     /**< a */
	FLOW_MOVE,        /**< a = b */
	FLOW_ALU,         /**< a = a OPER b (b == FLOW_NONE: a constant) */
	FLOW_STORE,       /**< stack range = a */
	FLOW_KILL,        /**< stack range overwritten for certain */
	FLOW_READ,        /**< stack range used */
	FLOW_READ_PRECISE,
	FLOW_LOAD,        /**< a = stack range */
	FLOW_CALL,        /**< frame pushed: a = number of arguments */
	FLOW_RETURN,      /**< frame popped */
	FLOW_CALLBACK,    /**< frame pushed by a helper; its registers come from the call's arguments, all demanded */
	FLOW_CALLBACK_RETURN,
	FLOW_TIE_REG,     /**< a: member of the tie that follows */
	FLOW_TIE_SLOT,    /**< slot a */
	FLOW_TIE,         /**< when one of the `range` members before is precise, all are */
};

enum { FLOW_NONE = 15 };

struct flow {
	uint8_t op, frame, a, b;
	int16_t off;     /**< stack range: from r10 */
	uint16_t len;    /**< bytes; FLOW_TIE: members */
};

/** Run `count` entries backward over d. */
void demand_backward(struct demand *d, const struct flow *log, size_t count);
/** All registers and bytes of that many frames, and their numbers. */
void demand_everything(struct demand *d, uint32_t frames);
/** into |= from. */
void demand_merge(struct demand *into, const struct demand *from);
static inline bool demand_byte(const struct frame_demand *f, uint32_t slot, uint32_t byte)
{
	return f->bytes[slot] >> (7 - byte) & 1;
}

#endif
