/* SPDX-License-Identifier: Apache-2.0 */
/* Known bits. See domain_tnum.h. */
#include "backend/verify/domain_tnum.h"

static uint64_t low_mask(unsigned bits) { return bits >= 64 ? UINT64_MAX : (1ull << bits) - 1; }

struct tnum tnum_cut(struct tnum a, unsigned bits)
{
	return (struct tnum){a.value & low_mask(bits), a.mask & low_mask(bits)};
}

struct tnum tnum_range(uint64_t min, uint64_t max)
{
	uint64_t differ = min ^ max;
	uint64_t mask = differ ? low_mask(64 - (unsigned)__builtin_clzll(differ)) : 0;

	return (struct tnum){min & ~mask, mask};
}

/* The carries that can differ show in the sum of the extremes. */
struct tnum tnum_add(struct tnum a, struct tnum b)
{
	uint64_t low = a.value + b.value;
	uint64_t high = low + a.mask + b.mask;
	uint64_t mask = (low ^ high) | a.mask | b.mask;

	return (struct tnum){low & ~mask, mask};
}

struct tnum tnum_sub(struct tnum a, struct tnum b)
{
	uint64_t diff = a.value - b.value;
	uint64_t mask = ((diff + a.mask) ^ (diff - b.mask)) | a.mask | b.mask;

	return (struct tnum){diff & ~mask, mask};
}

/* Long multiplication: the known part multiplies exactly, each unknown bit of `a` adds an uncertain copy of b. */
struct tnum tnum_mul(struct tnum a, struct tnum b)
{
	struct tnum sum = tnum_const(a.value * b.value), doubt = tnum_const(0);

	for (; a.value | a.mask; a.value >>= 1, a.mask >>= 1, b.value <<= 1, b.mask <<= 1) {
		if (a.value & 1)
			doubt = tnum_add(doubt, (struct tnum){0, b.mask});
		else if (a.mask & 1)
			doubt = tnum_add(doubt, (struct tnum){0, b.value | b.mask});
	}
	return tnum_add(sum, doubt);
}

struct tnum tnum_and(struct tnum a, struct tnum b)
{
	uint64_t one = a.value & b.value;

	return (struct tnum){one, (a.value | a.mask) & (b.value | b.mask) & ~one};
}

struct tnum tnum_or(struct tnum a, struct tnum b)
{
	uint64_t one = a.value | b.value;

	return (struct tnum){one, (a.mask | b.mask) & ~one};
}

struct tnum tnum_xor(struct tnum a, struct tnum b)
{
	uint64_t mask = a.mask | b.mask;

	return (struct tnum){(a.value ^ b.value) & ~mask, mask};
}

struct tnum tnum_lsh(struct tnum a, unsigned n) { return (struct tnum){a.value << n, a.mask << n}; }

struct tnum tnum_rsh(struct tnum a, unsigned n) { return (struct tnum){a.value >> n, a.mask >> n}; }

/* An unknown sign bit spreads through the mask, a known one through the value: both are plain sign extensions. */
struct tnum tnum_arsh(struct tnum a, unsigned n, unsigned bits)
{
	struct tnum wide = tnum_sext(a, bits);

	return tnum_cut((struct tnum){(uint64_t)((int64_t)wide.value >> n), (uint64_t)((int64_t)wide.mask >> n)}, bits);
}

struct tnum tnum_sext(struct tnum a, unsigned from)
{
	unsigned n = 64 - from;

	return (struct tnum){(uint64_t)((int64_t)(a.value << n) >> n), (uint64_t)((int64_t)(a.mask << n) >> n)};
}

struct tnum tnum_swap(struct tnum a, unsigned bits)
{
	unsigned n = 64 - bits;

	return (struct tnum){__builtin_bswap64(a.value << n), __builtin_bswap64(a.mask << n)};
}

bool tnum_meet(struct tnum a, struct tnum b, struct tnum *out)
{
	uint64_t mask = a.mask & b.mask;

	if ((a.value ^ b.value) & ~a.mask & ~b.mask)
		return false;
	*out = (struct tnum){(a.value | b.value) & ~mask, mask};
	return true;
}

struct tnum tnum_join(struct tnum a, struct tnum b)
{
	uint64_t mask = a.mask | b.mask | (a.value ^ b.value);

	return (struct tnum){a.value & ~mask, mask};
}

bool tnum_has(struct tnum a, struct tnum b) { return !(b.mask & ~a.mask) && !((a.value ^ b.value) & ~a.mask); }
