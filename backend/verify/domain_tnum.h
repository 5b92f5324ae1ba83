/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: known bits. A tnum stands for the set { x : (x & ~mask) == value }; value and mask never overlap.
 * Pure functions on 64-bit words; narrower widths are words whose upper bits are known zero (tnum_cut).
 * Source: "Sound, precise and fast abstract interpretation with tristate numbers" (CGO 2022). */
#ifndef IOV_VERIFY_DOMAIN_TNUM_H
#define IOV_VERIFY_DOMAIN_TNUM_H

#include <stdbool.h>
#include <stdint.h>

struct tnum {
	uint64_t value, mask;
};

#define TNUM_UNKNOWN ((struct tnum){0, UINT64_MAX})

static inline struct tnum tnum_const(uint64_t value) { return (struct tnum){value, 0}; }
static inline bool tnum_is_const(struct tnum a) { return a.mask == 0; }
/** Smallest and largest member, unsigned. */
static inline uint64_t tnum_min(struct tnum a) { return a.value; }
static inline uint64_t tnum_max(struct tnum a) { return a.value | a.mask; }

/** The low `bits` bits; the rest is known zero. */
struct tnum tnum_cut(struct tnum a, unsigned bits);
/** The smallest tnum that holds every value from min to max. */
struct tnum tnum_range(uint64_t min, uint64_t max);
struct tnum tnum_add(struct tnum a, struct tnum b);
struct tnum tnum_sub(struct tnum a, struct tnum b);
struct tnum tnum_mul(struct tnum a, struct tnum b);
struct tnum tnum_and(struct tnum a, struct tnum b);
struct tnum tnum_or(struct tnum a, struct tnum b);
struct tnum tnum_xor(struct tnum a, struct tnum b);
struct tnum tnum_lsh(struct tnum a, unsigned n);
struct tnum tnum_rsh(struct tnum a, unsigned n);
/** Arithmetic shift of a `bits` wide word. */
struct tnum tnum_arsh(struct tnum a, unsigned n, unsigned bits);
/** The low `from` bits sign-extended to 64. */
struct tnum tnum_sext(struct tnum a, unsigned from);
/** Bytes of the low `bits` bits reversed; the rest is known zero. */
struct tnum tnum_swap(struct tnum a, unsigned bits);
/** Values in both; false when there are none. */
bool tnum_meet(struct tnum a, struct tnum b, struct tnum *out);
/** The smallest tnum with every value of both. */
struct tnum tnum_join(struct tnum a, struct tnum b);
/** Every value of b is in a. */
bool tnum_has(struct tnum a, struct tnum b);

#endif
