/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what rewritings work on: a program, what is claimed of it, and what it becomes. */
#ifndef IOV_TEST_DIFF_SEES_REWRITE_H
#define IOV_TEST_DIFF_SEES_REWRITE_H

#include "backend/verify/record.h"
#include "testsuite/diff/verify/sees.h"

struct view {
	const struct iov_prog *prog;
	const struct iov_platform *platform;
	struct iov_arena arena;
	struct iov_claims claims;
	struct iov_facts facts;
	/* The rewritten program. */
	struct iov_insn out[SEES_MAX];
	struct iov_subprog subs[SEES_SUBS];
	uint32_t at[SEES_MAX + 1]; /**< where a slot went */
	uint32_t count, kept; /**< kept: slot of the instruction itself */
	bool changed;
};

/** What an instruction becomes; false: it stays as it is. */
typedef bool rewriting(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row);
/** What is true of the whole program, where Linux gives up for its shape. */
typedef bool shape(struct view *w);

struct sees_row {
	struct sees_class class;
	rewriting *rewrite; /**< or */
	shape *test;
	bool gives_up; /**< Linux says E2BIG, and only then */
};
extern const struct sees_row sees_rows[];
extern const unsigned sees_row_count;

/** The instruction itself, into the rewritten program. */
void sees_keep(struct view *w, const struct iov_insn *in);

#endif
