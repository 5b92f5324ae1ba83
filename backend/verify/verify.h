/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the verifier's one entry point. Takes a program and a platform, gives a verdict and facts, writes nothing. */
#ifndef IOV_VERIFY_VERIFY_H
#define IOV_VERIFY_VERIFY_H

#include "asm/isa/facts.h"
#include "asm/isa/platform.h"

struct iov_claims;
struct iov_why;

struct iov_verify_options {
	uint64_t budget;   /**< instructions to process at most; 0: the platform's max_processed */
	struct iov_buf *trace; /**< state at every instruction, as text or lines of JSON; NULL: none */
	bool trace_json;
	bool every_path;       /**< walk every path to its end: slow, for tests of what is left out otherwise */
	bool every_turn;       /**< numbers that differ between turns of a callback are not widened: for tests, too */
	struct iov_why *why;       /**< why.h: what is known at some instructions, and from where; NULL: not asked */
	bool eager;            /**< join and widen at the first chance: for tests of that */
	struct iov_claims *claims; /**< record.h: what is claimed at every instruction; NULL: not recorded */
};

/** Verify `prog` for `platform`. Facts and everything they point at live in `arena`; working memory is freed on return.
 * IOV_OK: facts->accepted is true. IOV_DIAGNOSED: the sink says what, where, why, by which path and what to do; the
 * counters in facts are valid, facts->insns is NULL. IOV_NOMEM: the allocator refused. Thread-safe: no globals. */
enum iov_status verify_prog(const struct iov_prog *prog, const struct iov_platform *platform,
			    const struct iov_verify_options *options, struct iov_arena *arena, struct iov_sink *sink,
			    struct iov_facts *facts);

#endif
