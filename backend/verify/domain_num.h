/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what is known of a 64-bit register as a number: a bound on the whole word and one on its lower half, each
 * narrowing the other. Everything the steps do with scalars goes through here. Pure, as domain_range.h.
 *
 * The functions with a `w` work on words of w bits with halves of w / 2 bits, for the exhaustive tests; the verifier's
 * wrappers have w = 64. */
#ifndef IOV_VERIFY_DOMAIN_NUM_H
#define IOV_VERIFY_DOMAIN_NUM_H

#include "backend/verify/domain_range.h"

struct num {
	struct bound full, half;
};

struct num num_unknown_w(unsigned w);
struct num num_const_w(uint64_t value, unsigned w);
bool num_tighten_w(struct num *a, unsigned w);
struct num num_alu_w(enum iov_isa_oper oper, const struct num *a, const struct num *b, unsigned bits, unsigned w);
struct num num_zext_w(const struct num *a, unsigned w);
struct num num_sext_w(const struct num *a, unsigned from, unsigned bits, unsigned w);
bool num_refine_w(enum iov_isa_oper oper, bool holds, struct num *a, struct num *b, unsigned bits, unsigned w);
bool num_meet_w(struct num *a, const struct num *b, unsigned w);

static inline struct num num_unknown(void) { return num_unknown_w(64); }
static inline struct num num_const(uint64_t value) { return num_const_w(value, 64); }
static inline bool num_is_const(const struct num *a) { return bound_is_const(&a->full); }
static inline uint64_t num_value(const struct num *a) { return a->full.umin; }
static inline bool num_is(const struct num *a, uint64_t value) { return num_is_const(a) && a->full.umin == value; }

/** Every value from min to max, unsigned; signed. */
struct num num_between(uint64_t min, uint64_t max);
struct num num_sbetween(int64_t min, int64_t max);
/** Any number of `bits` bits, 8 to 64: what a load of that size gives. */
struct num num_bits(unsigned bits);
/** The result of an ALU operation of 64 or 32 bits (then zero-extended). Not for moves and byte swaps. */
static inline struct num num_alu(enum iov_isa_oper oper, const struct num *a, const struct num *b, unsigned bits)
{
	return num_alu_w(oper, a, b, bits, 64);
}
/** The lower 32 bits, zero-extended. */
static inline struct num num_zext(const struct num *a) { return num_zext_w(a, 64); }
/** The low `from` bits sign-extended to `bits`, then zero-extended. */
static inline struct num num_sext(const struct num *a, unsigned from, unsigned bits)
{
	return num_sext_w(a, from, bits, 64);
}
/** The low `from` bits, zero-extended. */
struct num num_cut(const struct num *a, unsigned from);
/** The low `bits` bits with their bytes reversed, zero-extended. */
struct num num_swap(const struct num *a, unsigned bits);
static inline bool num_refine(enum iov_isa_oper oper, bool holds, struct num *a, struct num *b, unsigned bits)
{
	return num_refine_w(oper, holds, a, b, bits, 64);
}
/** Narrow a to what b allows too. False: nothing is left. */
static inline bool num_meet(struct num *a, const struct num *b) { return num_meet_w(a, b, 64); }
/** Narrow the lower half of a to that of b. */
bool num_meet_low(struct num *a, const struct num *b);
struct num num_join(const struct num *a, const struct num *b);
struct num num_widen_w(const struct num *a, const struct num *b, const struct limits *l, unsigned w);
static inline struct num num_widen(const struct num *a, const struct num *b, const struct limits *l)
{
	return num_widen_w(a, b, l, 64);
}
static inline bool num_has(const struct num *a, const struct num *b)
{
	return bound_has(&a->full, &b->full) && bound_has(&a->half, &b->half);
}
static inline bool num_equal(const struct num *a, const struct num *b) { return num_has(a, b) && num_has(b, a); }

#endif
