/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the numeric domain of one word of `w` bits: known bits with an unsigned and a signed range. Every operation of
 * the instruction set on it, branch refinement, meet, join, inclusion. Pure: no pointers to anything but results.
 *
 * A bound describes { x in [0, 2^w) : x in bits, umin <= x <= umax, smin <= sext(x) <= smax }. It may be imprecise,
 * never too small. `w` is 64 or 32 in the verifier; the tests run every function exhaustively at w = 1..8. The signed
 * bounds are sign-extended to int64_t, the unsigned ones and the bits are zero-extended. Semantics of the operations:
 * RFC 9669 section 4.1 (division by zero gives 0, modulo zero the dividend; shifts mask). */
#ifndef IOV_VERIFY_DOMAIN_RANGE_H
#define IOV_VERIFY_DOMAIN_RANGE_H

#include "asm/isa/isa.h"
#include "backend/verify/domain_tnum.h"

struct bound {
	struct tnum bits;
	uint64_t umin, umax;
	int64_t smin, smax;
};

static inline uint64_t bound_mask(unsigned w) { return w >= 64 ? UINT64_MAX : (1ull << w) - 1; }
static inline int64_t bound_smin(unsigned w) { return (int64_t)(UINT64_MAX << (w - 1)); }
static inline int64_t bound_smax(unsigned w) { return (int64_t)(bound_mask(w) >> 1); }
static inline int64_t bound_sext(uint64_t x, unsigned w) { return (int64_t)(x << (64 - w)) >> (64 - w); }

struct bound bound_unknown(unsigned w);
struct bound bound_const(uint64_t value, unsigned w);
static inline bool bound_is_const(const struct bound *a) { return a->umin == a->umax; }

/** Let each part narrow the others. False: no value is left. */
bool bound_tighten(struct bound *a, unsigned w);
/** dst = a OPER b for every ALU operation but moves (ISA_O_ADD … ISA_O_ARSH). The result is tightened. */
struct bound bound_alu(enum iov_isa_oper oper, const struct bound *a, const struct bound *b, unsigned w);
/** The low `from` bits of a `w` bit word, sign-extended to w. */
struct bound bound_sext_from(const struct bound *a, unsigned from, unsigned w);
/** Narrow a and b under "a OPER b" (ISA_O_JEQ … ISA_O_JSLE) being `holds`. False: it cannot be. */
bool bound_refine(enum iov_isa_oper oper, bool holds, struct bound *a, struct bound *b, unsigned w);
bool bound_meet(struct bound *a, const struct bound *b, unsigned w);
struct bound bound_join(const struct bound *a, const struct bound *b, unsigned w);
/** Steps that widening goes by: ascending. 0 and the largest word are always there. */
struct limits {
	uint64_t at[64];
	uint32_t count;
};
/** Add a limit; when there is no room it is left out. */
void limits_add(struct limits *l, uint64_t at);
/** Everything in a and b; what b adds at an end of a goes on to the next limit, so that a chain of widenings ends. */
struct bound bound_widen(const struct bound *a, const struct bound *b, const struct limits *l, unsigned w);
/** Every value that b allows is allowed by a. */
bool bound_has(const struct bound *a, const struct bound *b);

#endif
