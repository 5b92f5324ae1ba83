/* SPDX-License-Identifier: Apache-2.0 */
/* The numeric domain against brute force: every abstract value that a set of 4-bit words can yield, every operation on
 * pairs of them; and random values at 64 bits against the interpreter's arithmetic. */
#include "backend/verify/domain_num.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { W = 4, WORDS = 1 << W, MAX_HULLS = 4096 };

struct hull {
	struct num n;
	uint32_t set; /* the words that n describes */
};

static const enum iov_isa_oper alu_opers[] = {
	ISA_O_ADD, ISA_O_SUB, ISA_O_MUL, ISA_O_DIV, ISA_O_SDIV, ISA_O_MOD, ISA_O_SMOD, ISA_O_OR,
	ISA_O_AND, ISA_O_XOR, ISA_O_LSH, ISA_O_RSH, ISA_O_ARSH, ISA_O_NEG,
};
static const enum iov_isa_oper jump_opers[] = {
	ISA_O_JEQ, ISA_O_JNE, ISA_O_JGT, ISA_O_JGE, ISA_O_JLT, ISA_O_JLE,
	ISA_O_JSET, ISA_O_JSGT, ISA_O_JSGE, ISA_O_JSLT, ISA_O_JSLE,
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint64_t concrete_alu(enum iov_isa_oper oper, uint64_t x, uint64_t y, unsigned w)
{
	uint64_t m = bound_mask(w);
	int64_t sx, sy;

	x &= m;
	y &= m;
	sx = bound_sext(x, w);
	sy = bound_sext(y, w);
	switch (oper) {
	case ISA_O_ADD: return (x + y) & m;
	case ISA_O_SUB: return (x - y) & m;
	case ISA_O_MUL: return (x * y) & m;
	case ISA_O_DIV: return y ? x / y : 0;
	case ISA_O_MOD: return y ? x % y : x;
	case ISA_O_SDIV: return !sy ? 0 : sy == -1 ? -x & m : (uint64_t)(sx / sy) & m;
	case ISA_O_SMOD: return !sy ? x : sy == -1 ? 0 : (uint64_t)(sx % sy) & m;
	case ISA_O_OR: return x | y;
	case ISA_O_AND: return x & y;
	case ISA_O_XOR: return x ^ y;
	case ISA_O_LSH: return (x << (y & (w - 1))) & m;
	case ISA_O_RSH: return x >> (y & (w - 1));
	case ISA_O_ARSH: return (uint64_t)(sx >> (y & (w - 1))) & m;
	case ISA_O_NEG: return -x & m;
	default: abort();
	}
}

static bool concrete_jump(enum iov_isa_oper oper, uint64_t x, uint64_t y, unsigned w)
{
	int64_t sx, sy;

	x &= bound_mask(w);
	y &= bound_mask(w);
	sx = bound_sext(x, w);
	sy = bound_sext(y, w);
	switch (oper) {
	case ISA_O_JEQ: return x == y;
	case ISA_O_JNE: return x != y;
	case ISA_O_JGT: return x > y;
	case ISA_O_JGE: return x >= y;
	case ISA_O_JLT: return x < y;
	case ISA_O_JLE: return x <= y;
	case ISA_O_JSET: return x & y;
	case ISA_O_JSGT: return sx > sy;
	case ISA_O_JSGE: return sx >= sy;
	case ISA_O_JSLT: return sx < sy;
	case ISA_O_JSLE: return sx <= sy;
	default: abort();
	}
}

static bool bound_holds(const struct bound *b, uint64_t x, unsigned w)
{
	int64_t s = bound_sext(x, w);

	x &= bound_mask(w);
	return x >= b->umin && x <= b->umax && s >= b->smin && s <= b->smax && (x & ~b->bits.mask) == b->bits.value;
}

static bool num_holds(const struct num *n, uint64_t x, unsigned w)
{
	return bound_holds(&n->full, x, w) && bound_holds(&n->half, x, w / 2);
}

static uint32_t describes(const struct num *n)
{
	uint32_t set = 0;

	for (uint32_t x = 0; x < WORDS; x++)
		set |= (uint32_t)num_holds(n, x, W) << x;
	return set;
}

static struct num hull_of(uint32_t set)
{
	struct num n = {0};
	bool first = true;

	for (uint32_t x = 0; x < WORDS; x++) {
		struct num c = num_const_w(x, W);

		if (!(set >> x & 1))
			continue;
		if (first)
			n = c;
		else
			n = (struct num){bound_join(&n.full, &c.full, W), bound_join(&n.half, &c.half, W / 2)};
		first = false;
	}
	cr_assert(num_tighten_w(&n, W));
	return n;
}

static struct hull hulls[MAX_HULLS];
static size_t hull_count;

/* Sets of 4-bit words number 65535; their hulls, once the doubles are dropped, a few thousand. */
static void make_hulls(void)
{
	if (hull_count)
		return;
	for (uint32_t set = 1; set < 1u << WORDS; set++) {
		struct num n = hull_of(set);
		bool known = false;

		cr_assert((describes(&n) & set) == set, "hull of %#x loses a value", set);
		for (size_t i = 0; i < hull_count && !known; i++)
			known = num_equal(&hulls[i].n, &n);
		if (known)
			continue;
		cr_assert(hull_count < MAX_HULLS);
		hulls[hull_count++] = (struct hull){n, describes(&n)};
	}
}

static void check_alu(const struct hull *a, const struct hull *b, unsigned bits)
{
	for (size_t o = 0; o < COUNT(alu_opers); o++) {
		struct num r = num_alu_w(alu_opers[o], &a->n, &b->n, bits, W);
		uint32_t got = describes(&r);

		for (uint32_t x = 0; x < WORDS; x++)
			for (uint32_t y = 0; y < WORDS; y++)
				if (a->set >> x & 1 && b->set >> y & 1)
					cr_assert(got >> concrete_alu(alu_opers[o], x, y, bits) & 1,
						  "oper %d bits %u: %u, %u", (int)alu_opers[o], bits, x, y);
	}
}

static void check_jump(const struct hull *a, const struct hull *b, unsigned bits)
{
	for (size_t o = 0; o < 2 * COUNT(jump_opers); o++) {
		enum iov_isa_oper oper = jump_opers[o / 2];
		struct num x = a->n, y = b->n;
		bool possible = num_refine_w(oper, o % 2, &x, &y, bits, W);
		uint32_t xs = possible ? describes(&x) : 0, ys = possible ? describes(&y) : 0;

		for (uint32_t i = 0; i < WORDS; i++)
			for (uint32_t k = 0; k < WORDS; k++)
				if (a->set >> i & 1 && b->set >> k & 1 && concrete_jump(oper, i, k, bits) == o % 2)
					cr_assert(xs >> i & 1 && ys >> k & 1, "oper %d %d bits %u: %u, %u", (int)oper,
						  (int)(o % 2), bits, i, k);
	}
}

/* Every hull meets a sample of the others, so that each operation sees each shape on either side. */
Test(domain, four_bits_against_brute_force, .timeout = 120)
{
	size_t step;

	make_hulls();
	cr_log_info("%zu abstract values", hull_count);
	step = hull_count / 31 + 1;
	for (size_t i = 0; i < hull_count; i++)
		for (size_t k = i % step; k < hull_count; k += step)
			for (unsigned bits = W / 2; bits <= W; bits += W / 2) {
				check_alu(&hulls[i], &hulls[k], bits);
				check_jump(&hulls[i], &hulls[k], bits);
			}
}

Test(domain, extension_meet_and_join, .timeout = 60)
{
	make_hulls();
	for (size_t i = 0; i < hull_count; i++) {
		struct num z = num_zext_w(&hulls[i].n, W);

		for (uint32_t x = 0; x < WORDS; x++)
			cr_assert(!(hulls[i].set >> x & 1) || num_holds(&z, x & bound_mask(W / 2), W));
		for (unsigned from = 1; from < W; from++) {
			struct num s = num_sext_w(&hulls[i].n, from, W, W);

			for (uint32_t x = 0; x < WORDS; x++)
				cr_assert(!(hulls[i].set >> x & 1) ||
					  num_holds(&s, (uint64_t)bound_sext(x, from) & bound_mask(W), W));
		}
		for (size_t k = i % 7; k < hull_count; k += 7) {
			struct num m = hulls[i].n;
			uint32_t both = hulls[i].set & hulls[k].set;

			if (num_meet_w(&m, &hulls[k].n, W))
				cr_assert((describes(&m) & both) == both);
			else
				cr_assert(!both);
		}
	}
}

/* Joins and widenings hold both sides, and a chain of widenings by anything ends. */
Test(domain, joins_and_widenings, .timeout = 60)
{
	struct limits l = {0};

	limits_add(&l, 5);
	limits_add(&l, 9);
	make_hulls();
	for (size_t i = 0; i < hull_count; i++) {
		struct num a = hulls[i].n;
		unsigned grew = 0;

		for (size_t k = i % 5; k < hull_count; k += 5) {
			struct num next = num_widen_w(&a, &hulls[k].n, &l, W);

			cr_assert(num_has(&next, &a) && num_has(&next, &hulls[k].n));
			cr_assert((describes(&next) & hulls[k].set) == hulls[k].set);
			grew += !num_equal(&next, &a);
			a = next;
		}
		cr_assert(grew <= 4 * W, "%u steps", grew);
	}
}

Test(domain, one_half_word_exact_for_addition)
{
	/* A precision floor: sums and differences of plain ranges stay exact. */
	struct num a = num_between(3, 9), b = num_between(100, 200), r = num_alu(ISA_O_ADD, &a, &b, 64);

	cr_assert(r.full.umin == 103 && r.full.umax == 209 && r.half.umax == 209);
	r = num_alu(ISA_O_SUB, &a, &b, 64);
	cr_assert(r.full.smin == -197 && r.full.smax == -91);
	r = num_alu(ISA_O_AND, &b, &(struct num){bound_const(15, 64), bound_const(15, 32)}, 64);
	cr_assert(r.full.umin == 0 && r.full.umax == 15);
}

Test(domain, remainders_of_known_numbers)
{
	struct num k = num_const(3), minus = num_const((uint64_t)-7), two = num_between(9, 11), r;

	r = num_alu(ISA_O_MOD, &two, &k, 64);
	cr_expect(r.full.umin == 0 && r.full.umax == 2);
	two = num_between(9, 10);
	r = num_alu(ISA_O_MOD, &two, &k, 64);
	cr_expect(r.full.umin == 0 && r.full.umax == 1, "9 and 10 have the same quotient");
	r = num_alu(ISA_O_SMOD, &minus, &k, 64);
	cr_expect(r.full.smin == -1 && r.full.smax == -1, "trial divisions are followed, not forked");
}

Test(domain, numbers_of_so_many_bits)
{
	for (unsigned bits = 8; bits <= 64; bits *= 2) {
		struct num a = num_bits(bits), b = num_between(0, bound_mask(bits));

		cr_assert(num_equal(&a, &b), "%u bits", bits);
	}
}

static uint64_t rng_state = 0x9e3779b97f4a7c15;

static uint64_t rng(void)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return rng_state;
}

/* Words near every boundary that matters. */
static uint64_t odd_word(void)
{
	static const uint64_t edge[] = {0, 1, 31, 32, 63, 64, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
					INT64_MAX, 0x8000000000000000, UINT64_MAX, UINT64_MAX - 0x80000000};

	switch (rng() % 4) {
	case 0: return edge[rng() % COUNT(edge)] + rng() % 5 - 2;
	case 1: return rng() >> (rng() % 64);
	case 2: return (uint64_t)((int64_t)rng() >> (rng() % 64));
	default: return rng();
	}
}

/* A random abstract value and a word in it. */
static struct num odd_num(uint64_t *word)
{
	uint64_t x = odd_word(), y = rng() % 2 ? odd_word() : x + rng() % 100;
	struct num a = num_const(x), b = num_const(y), n = num_join(&a, &b);

	*word = rng() % 2 ? x : y;
	if (rng() % 4 == 0) {
		struct num other = num_const(odd_word());

		n = num_join(&n, &other);
	}
	return n;
}

Test(domain, random_words_of_64_bits, .timeout = 120)
{
	for (int i = 0; i < 400000; i++) {
		uint64_t x, y;
		struct num a = odd_num(&x), b = odd_num(&y), r;
		enum iov_isa_oper alu = alu_opers[rng() % COUNT(alu_opers)];
		enum iov_isa_oper jump = jump_opers[rng() % COUNT(jump_opers)];
		unsigned bits = rng() % 2 ? 64 : 32, from = 8u << rng() % 3;

		cr_assert(num_holds(&a, x, 64) && num_holds(&b, y, 64));
		r = num_alu(alu, &a, &b, bits);
		cr_assert(num_holds(&r, concrete_alu(alu, x, y, bits), 64), "oper %d bits %u: %#lx, %#lx", (int)alu,
			  bits, x, y);
		r = num_sext(&a, from, 64);
		cr_assert(num_holds(&r, (uint64_t)bound_sext(x, from), 64));
		r = num_swap(&a, 64);
		cr_assert(num_holds(&r, __builtin_bswap64(x), 64));
		r = num_swap(&a, 16);
		cr_assert(num_holds(&r, __builtin_bswap16((uint16_t)x), 64));
		cr_assert(num_refine(jump, concrete_jump(jump, x, y, bits), &a, &b, bits));
		cr_assert(num_holds(&a, x, 64) && num_holds(&b, y, 64), "oper %d bits %u: %#lx, %#lx", (int)jump, bits,
			  x, y);
	}
}

Test(domain, tnum_operations, .timeout = 60)
{
	enum { B = 4, N = 1 << B };

	for (uint64_t av = 0; av < N; av++)
		for (uint64_t am = 0; am < N; am++)
			for (uint64_t bv = 0; bv < N; bv++)
				for (uint64_t bm = 0; bm < N; bm++) {
					struct tnum a = {av, am}, b = {bv, bm}, sum, product;

					if ((av & am) || (bv & bm))
						continue;
					sum = tnum_add(a, b);
					product = tnum_mul(a, b);
					for (uint64_t x = 0; x < N; x++)
						for (uint64_t y = 0; y < N; y++) {
							if ((x & ~am) != av || (y & ~bm) != bv)
								continue;
							cr_assert(((x + y) & ~sum.mask) == sum.value);
							cr_assert(((x * y) & ~product.mask) == product.value);
						}
				}
}
