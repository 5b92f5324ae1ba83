/* SPDX-License-Identifier: Apache-2.0 */
/* Division by a constant without dividing: shifts, or a multiplication by the reciprocal (Warren, Hacker's Delight,
 * chapter 10). RFC 9669 section 4.1: by zero gives 0 (division) or the dividend (remainder); the least number by -1
 * gives itself, remainder 0. What is planned here a target emits, for w bits:
 *
 *  unsigned MAGIC  2^(w + shift) / d, rounded up, has w + 1 bits; its low w are `magic`. With t = high(x * magic) the
 *                  quotient is (x + t) >> shift, where the sum has w + 1 bits: (((x - t) >> 1) + t) >> (shift - 1)
 *  signed MAGIC    `magic` = 2^(w + shift) / |d| + 1 has w bits, 2^w too small when taken as signed: with t =
 *                  high(x * magic) + x (w 32: the upper part of the 64-bit product suffices) the quotient is
 *                  t >> shift, plus 1 when x is negative; then negated when `negative` */
#include "runtime/jit/jit.h"

static struct jit_div unsigned_by(uint64_t d, int w, bool rest)
{
	struct jit_div p = {.kind = JIT_DIV_MAGIC};
	unsigned __int128 top;

	if (d == 0)
		p.kind = rest ? JIT_DIV_SAME : JIT_DIV_ZERO;
	else if (d == 1)
		p.kind = rest ? JIT_DIV_ZERO : JIT_DIV_SAME;
	else if ((d & (d - 1)) == 0)
		p = (struct jit_div){.kind = JIT_DIV_POWER, .shift = (unsigned)__builtin_ctzll(d)};
	else if (d >> 63)
		p.kind = JIT_DIV_HUGE;
	if (p.kind != JIT_DIV_MAGIC)
		return p;
	p.shift = 64 - (unsigned)__builtin_clzll(d - 1);
	top = (unsigned __int128)1 << (w - 1) << p.shift;
	p.magic = (uint64_t)((top * 2 - ((unsigned __int128)d << w)) / d) + 1;
	return p;
}

static struct jit_div signed_by(int32_t d, int w, bool rest)
{
	struct jit_div p = {.kind = JIT_DIV_MAGIC, .negative = d < 0};
	uint32_t abs = d < 0 ? 0 - (uint32_t)d : (uint32_t)d;

	if (d == 0)
		p.kind = rest ? JIT_DIV_SAME : JIT_DIV_ZERO;
	else if (abs == 1)
		p.kind = rest ? JIT_DIV_ZERO : d > 0 ? JIT_DIV_SAME : JIT_DIV_NEG;
	else if ((abs & (abs - 1)) == 0)
		p.kind = JIT_DIV_POWER;
	if (p.kind < JIT_DIV_POWER)
		return p;
	p.shift = 31 - (unsigned)__builtin_clz(abs);
	p.magic = (uint64_t)(((unsigned __int128)1 << w << p.shift) / abs) + 1;
	return p;
}

struct jit_div jit_div_by(int32_t imm, int width, bool is_signed, bool rest)
{
	if (is_signed)
		return signed_by(imm, width, rest);
	return unsigned_by(width == 64 ? (uint64_t)(int64_t)imm : (uint32_t)imm, width, rest);
}
