/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: bounds of what one run executes: instructions, and calls of each helper, as vectors that go up the tree of
 * paths.
 *
 * A cost has rows. Row COST_END counts up to the end of the program. The others count up to the point where a loop that
 * was proved without following every turn begins its next turn: COST_LOOP + d for the loop of depth d, COST_CALLBACK +
 * l for the callback that runs in frame l, COST_ITER + i for the iterator at the i-th place where one was seen. When
 * such a loop is settled, its row times its number of turns is added to the rows around it, and the row is dropped.
 * Sums saturate at UINT64_MAX: not bounded by a number. */
#ifndef IOV_VERIFY_COST_H
#define IOV_VERIFY_COST_H

#include "asm/isa/facts.h"
#include "backend/verify/state.h"

enum { COST_LOOPS = 6, COST_END = 0, COST_LOOP = 1, COST_CALLBACK = COST_LOOP + COST_LOOPS - 1,
       COST_ITER = COST_CALLBACK + V_MAX_FRAMES, COST_ITERS = 8, COST_ROWS = COST_ITER + COST_ITERS };

struct cost {
	uint32_t rows;   /**< room */
	uint32_t has;    /**< rows that a path reaches */
	uint64_t n[];    /**< [row * dims + dim]; dim 0: instructions */
};

struct verifier;
struct vnode;

/** Number the helpers and kernel functions that are called. */
enum iov_status cost_begin(struct verifier *v);
/** The instruction at v->pc goes into v->node's stretch. False here and below: out of memory. */
bool cost_insn(struct verifier *v);
/** A global function was called. */
bool cost_call(struct verifier *v, uint32_t sub);
/** *into = the larger of both, row by row. */
bool cost_join(struct verifier *v, struct cost **into, const struct cost *from);
/** A path ends here: nothing more up to the end that `row` names. */
bool cost_leaf(struct verifier *v, struct cost **into, unsigned row);
/** A path goes on in a loop whose turns nothing counts. */
bool cost_unbounded(struct verifier *v, struct cost **into);
/** n's stretch is before what n->cost counts so far. */
void cost_prepend(struct verifier *v, struct vnode *n);
/** c has counted up to the next turn that `row` counts. */
bool cost_open(const struct cost *c, unsigned row);
/** So many turns that `row` counts are before all else that c counts. */
void cost_add(struct verifier *v, struct cost *c, unsigned row, uint64_t turns);
/** The loop that `row` counts a turn of takes at most `turns` turns. */
void cost_settle(struct verifier *v, struct cost *c, unsigned row, uint64_t turns);
/** `c` was counted inside a loop that is settled now: reaching its next turn means going through `loop`. */
bool cost_inside(struct verifier *v, struct cost **c, unsigned row, const struct cost *loop);
void cost_free(struct verifier *v, struct cost **c);
/** v->root_cost up to the end, in v->work; NULL: out of memory. */
struct cost *cost_keep(struct verifier *v);
/** Into facts: worst_insns, calls, map_bytes. */
enum iov_status cost_publish(struct verifier *v);

#endif
