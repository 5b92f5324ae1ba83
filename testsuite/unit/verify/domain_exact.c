/* SPDX-License-Identifier: Apache-2.0 */
/* Each function of the domain's three layers, against brute force and at random. Beside domain.c, which does the same
 * for whole numbers of 4 bits through num_*_w.
 *
 *   tnum_add sub mul and or xor join meet has     every pair of the 81 tnums of 4 bits
 *   tnum_lsh rsh arsh sext cut range              every tnum, every distance; every range (the smallest tnum)
 *   tnum_swap                                     random
 *   bound_tighten                                 every combination of bits and ranges of 1 to 3 bits: loses no word
 *   bound_alu refine meet join has widen          every pair of hulls of sets of words of 1 to 3 bits
 *   bound_sext_from unknown const                 every hull, every width
 *   limits_add                                    ascending, without doubles, full
 *   num_zext sext cut swap meet meet_low join widen between sbetween bits   random words of 64 bits
 *   num_alu refine                                domain.c: 4 bits exhaustively, 64 bits at random */
#include "backend/verify/domain_num.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { B = 4, N = 1 << B };

static bool in(struct tnum t, uint64_t x) { return (x & ~t.mask) == t.value; }

static int64_t sext(uint64_t x, unsigned w) { return bound_sext(x & bound_mask(w), w); }

struct pair_oper {
	const char *name;
	struct tnum (*abstract)(struct tnum, struct tnum);
	uint64_t (*concrete)(uint64_t, uint64_t);
};

static uint64_t add(uint64_t x, uint64_t y) { return x + y; }
static uint64_t sub(uint64_t x, uint64_t y) { return x - y; }
static uint64_t mul(uint64_t x, uint64_t y) { return x * y; }
static uint64_t and(uint64_t x, uint64_t y) { return x & y; }
static uint64_t or(uint64_t x, uint64_t y) { return x | y; }
static uint64_t xor(uint64_t x, uint64_t y) { return x ^ y; }
static uint64_t first(uint64_t x, uint64_t y) { return (void)y, x; }
static uint64_t second(uint64_t x, uint64_t y) { return (void)x, y; }

static const struct pair_oper pair_opers[] = {
	{"add", tnum_add, add}, {"sub", tnum_sub, sub}, {"mul", tnum_mul, mul}, {"and", tnum_and, and},
	{"or", tnum_or, or}, {"xor", tnum_xor, xor}, {"join", tnum_join, first}, {"join", tnum_join, second},
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The tnums of B bits: every (value, mask) without overlap. */
static size_t all_tnums(struct tnum *out)
{
	size_t n = 0;

	for (uint64_t v = 0; v < N; v++)
		for (uint64_t m = 0; m < N; m++)
			if (!(v & m))
				out[n++] = (struct tnum){v, m};
	return n;
}

static void check_pair(struct tnum a, struct tnum b)
{
	struct tnum met = {0};
	bool meets = tnum_meet(a, b, &met), has = true;

	for (uint64_t x = 0; x < N; x++) {
		bool both = in(a, x) && in(b, x);

		cr_assert(both == (meets && in(met, x)), "meet");
		has &= !in(b, x) || in(a, x);
		for (uint64_t y = 0; y < N; y++)
			for (size_t o = 0; o < COUNT(pair_opers) && in(a, x) && in(b, y); o++)
				cr_assert(in(pair_opers[o].abstract(a, b), pair_opers[o].concrete(x, y)),
					  "%s of %lu, %lu", pair_opers[o].name, x, y);
	}
	cr_assert_eq(tnum_has(a, b), has);
}

Test(exact, tnum_pairs, .timeout = 60)
{
	struct tnum all[N * N];
	size_t n = all_tnums(all);

	cr_assert_eq(n, 81);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			check_pair(all[i], all[k]);
}

Test(exact, tnum_shifts_and_cuts)
{
	struct tnum all[N * N];
	size_t n = all_tnums(all);

	for (size_t i = 0; i < n; i++)
		for (uint64_t x = 0; x < N; x++)
			for (unsigned by = 0; in(all[i], x) && by < B; by++) {
				cr_assert(in(tnum_lsh(all[i], by), x << by));
				cr_assert(in(tnum_rsh(all[i], by), x >> by));
				cr_assert(in(tnum_arsh(all[i], by, B), (uint64_t)(sext(x, B) >> by) & (N - 1)));
				cr_assert(in(tnum_cut(all[i], by + 1), x & bound_mask(by + 1)));
				cr_assert(in(tnum_sext(all[i], by + 1), (uint64_t)sext(x, by + 1)));
			}
}

Test(exact, tnum_ranges_are_the_smallest)
{
	for (uint64_t min = 0; min < N; min++)
		for (uint64_t max = min; max < N; max++) {
			struct tnum t = tnum_range(min, max), all = tnum_const(min);

			for (uint64_t x = min; x <= max; x++) {
				cr_assert(in(t, x));
				all = tnum_join(all, tnum_const(x));
			}
			cr_assert(t.value == all.value && t.mask == all.mask, "%lu..%lu", min, max);
		}
}

static bool holds(const struct bound *b, uint64_t x, unsigned w)
{
	int64_t s = bound_sext(x, w);

	return in(b->bits, x) && x >= b->umin && x <= b->umax && s >= b->smin && s <= b->smax;
}

static uint32_t describes(const struct bound *b, unsigned w)
{
	uint32_t set = 0;

	for (uint32_t x = 0; x < 1u << w; x++)
		set |= (uint32_t)holds(b, x, w) << x;
	return set;
}

/* Every way to write a bound of w bits down, tight or not. */
static void check_tighten(unsigned w)
{
	int64_t lo = bound_smin(w), hi = bound_smax(w);
	uint64_t n = 1u << w;

	for (uint64_t v = 0; v < n; v++)
		for (uint64_t m = 0; m < n; m++)
			for (uint64_t umin = 0; !(v & m) && umin < n; umin++)
				for (uint64_t umax = umin; umax < n; umax++)
					for (int64_t smin = lo; smin <= hi; smin++)
						for (int64_t smax = smin; smax <= hi; smax++) {
							struct bound b = {{v, m}, umin, umax, smin, smax};
							uint32_t before = describes(&b, w);

							if (bound_tighten(&b, w))
								cr_assert_eq(describes(&b, w), before);
							else
								cr_assert_eq(before, 0);
						}
}

Test(exact, tighten_loses_nothing, .timeout = 60)
{
	for (unsigned w = 1; w <= 3; w++)
		check_tighten(w);
}

static struct bound hull(uint32_t set, unsigned w)
{
	struct bound b = {0};
	bool any = false;

	for (uint32_t x = 0; x < 1u << w; x++) {
		struct bound c = bound_const(x, w);

		if (set >> x & 1)
			b = any ? bound_join(&b, &c, w) : c;
		any |= set >> x & 1;
	}
	return b;
}

static uint64_t alu(enum iov_isa_oper oper, uint64_t x, uint64_t y, unsigned w)
{
	uint64_t m = bound_mask(w), r;
	int64_t sx = bound_sext(x, w), sy = bound_sext(y, w);

	switch (oper) {
	case ISA_O_ADD: r = x + y; break;
	case ISA_O_SUB: r = x - y; break;
	case ISA_O_MUL: r = x * y; break;
	case ISA_O_DIV: r = y ? x / y : 0; break;
	case ISA_O_MOD: r = y ? x % y : x; break;
	case ISA_O_SDIV: r = !sy ? 0 : (uint64_t)(sx / sy); break;
	case ISA_O_SMOD: r = !sy ? x : (uint64_t)(sx % sy); break;
	case ISA_O_OR: r = x | y; break;
	case ISA_O_AND: r = x & y; break;
	case ISA_O_XOR: r = x ^ y; break;
	case ISA_O_LSH: r = x << (y & (w - 1)); break;
	case ISA_O_RSH: r = x >> (y & (w - 1)); break;
	case ISA_O_ARSH: r = (uint64_t)(sx >> (y & (w - 1))); break;
	default: abort();
	}
	return r & m;
}

static bool jumps(enum iov_isa_oper oper, uint64_t x, uint64_t y, unsigned w)
{
	int64_t sx = bound_sext(x, w), sy = bound_sext(y, w);

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

static const enum iov_isa_oper alus[] = {ISA_O_ADD, ISA_O_SUB, ISA_O_MUL, ISA_O_DIV, ISA_O_MOD, ISA_O_SDIV, ISA_O_SMOD,
					 ISA_O_OR, ISA_O_AND, ISA_O_XOR, ISA_O_LSH, ISA_O_RSH, ISA_O_ARSH};
static const enum iov_isa_oper jccs[] = {ISA_O_JEQ, ISA_O_JNE, ISA_O_JGT, ISA_O_JGE, ISA_O_JLT, ISA_O_JLE, ISA_O_JSET,
					 ISA_O_JSGT, ISA_O_JSGE, ISA_O_JSLT, ISA_O_JSLE};

static void check_alu(const struct bound *a, const struct bound *b, uint32_t as, uint32_t bs, unsigned w)
{
	for (size_t o = 0; o < COUNT(alus); o++) {
		struct bound r;

		if (w & (w - 1) && alus[o] >= ISA_O_LSH && alus[o] <= ISA_O_ARSH)
			continue; /* the distance is masked by w - 1: widths that are powers of two */
		r = bound_alu(alus[o], a, b, w);
		for (uint32_t x = 0; x < 1u << w; x++)
			for (uint32_t y = 0; y < 1u << w; y++)
				cr_assert(!(as >> x & 1) || !(bs >> y & 1) || holds(&r, alu(alus[o], x, y, w), w),
					  "oper %d of %u bits: %u, %u", (int)alus[o], w, x, y);
	}
}

static void check_refine(const struct bound *a, const struct bound *b, uint32_t as, uint32_t bs, unsigned w)
{
	for (size_t o = 0; o < 2 * COUNT(jccs); o++) {
		struct bound p = *a, q = *b;
		bool can = bound_refine(jccs[o / 2], o % 2, &p, &q, w);

		for (uint32_t x = 0; x < 1u << w; x++)
			for (uint32_t y = 0; y < 1u << w; y++)
				if (as >> x & 1 && bs >> y & 1 && jumps(jccs[o / 2], x, y, w) == o % 2)
					cr_assert(can && holds(&p, x, w) && holds(&q, y, w),
						  "jump %d %zu of %u bits: %u, %u", (int)jccs[o / 2], o % 2, w, x, y);
	}
}

static void check_sets(const struct bound *a, const struct bound *b, uint32_t as, uint32_t bs, unsigned w)
{
	struct limits l = {.at = {1, 2}, .count = 2};
	struct bound met = *a, joined = bound_join(a, b, w), wide = bound_widen(a, b, &l, w);
	bool meets = bound_meet(&met, b, w);

	cr_assert_eq(meets ? describes(&met, w) & as & bs : 0, as & bs, "meet");
	cr_assert_eq(describes(&joined, w) & (as | bs), as | bs, "join");
	cr_assert_eq(describes(&wide, w) & (as | bs), as | bs, "widen");
	cr_assert(bound_has(&joined, a) && bound_has(&joined, b) && bound_has(&wide, a) && bound_has(&wide, b));
	cr_assert(!bound_has(a, b) || !(describes(b, w) & ~describes(a, w)), "has");
}

Test(exact, bounds_of_few_bits, .timeout = 120)
{
	for (unsigned w = 1; w <= 3; w++)
		for (uint32_t as = 1; as < 1u << (1u << w); as++)
			for (uint32_t bs = 1 + as % 3; bs < 1u << (1u << w); bs += w == 3 ? 3 : 1) {
				struct bound a = hull(as, w), b = hull(bs, w);

				check_alu(&a, &b, as, bs, w);
				check_refine(&a, &b, as, bs, w);
				check_sets(&a, &b, as, bs, w);
			}
}

Test(exact, bounds_one_by_one)
{
	for (unsigned w = 1; w <= 3; w++)
		for (uint32_t set = 1; set < 1u << (1u << w); set++)
			for (unsigned from = 1; from <= w; from++) {
				struct bound a = hull(set, w), s = bound_sext_from(&a, from, w), any = bound_unknown(w);

				for (uint32_t x = 0; x < 1u << w; x++) {
					cr_assert(holds(&any, x, w));
					cr_assert(!(set >> x & 1) ||
						  holds(&s, (uint64_t)sext(x, from) & bound_mask(w), w));
				}
			}
}

Test(exact, limits)
{
	static const uint64_t given[] = {5, 9, 5, 0, UINT64_MAX, 7, 1};
	struct limits l = {0};

	for (size_t i = 0; i < COUNT(given); i++)
		limits_add(&l, given[i]);
	for (uint64_t i = 0; i < 200; i++)
		limits_add(&l, 1000 - i);
	cr_assert_leq(l.count, COUNT(l.at));
	for (uint32_t i = 1; i < l.count; i++)
		cr_assert_lt(l.at[i - 1], l.at[i]);
}

static uint64_t state = 0x2545f4914f6cdd1d;

static uint64_t rng(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint64_t word(void)
{
	static const uint64_t edge[] = {0, 255, 65535, INT32_MAX, 1ull << 31, UINT32_MAX, 1ull << 32, INT64_MAX,
					1ull << 63};

	switch (rng() % 4) {
	case 0: return edge[rng() % COUNT(edge)] + rng() % 3 - 1;
	case 1: return rng() >> (rng() % 64);
	case 2: return (uint64_t)((int64_t)rng() >> (rng() % 64));
	default: return rng();
	}
}

static bool num_holds(const struct num *n, uint64_t x)
{
	return holds(&n->full, x, 64) && holds(&n->half, (uint32_t)x, 32);
}

/* A number that may be x or y. */
static struct num either(uint64_t x, uint64_t y)
{
	struct num a = num_const(x), b = num_const(y);

	return num_join(&a, &b);
}

static void check_words(uint64_t x, uint64_t y, uint64_t z)
{
	struct num a = either(x, y), b = either(x, z), r;
	struct limits l = {.at = {100, INT32_MAX}, .count = 2};
	unsigned from = 8u << rng() % 3, bits = from == 32 ? 64 : 32u << rng() % 2;
	uint64_t low = x & bound_mask(from), least = x < y ? x : y, most = x < y ? y : x;
	int64_t sx = (int64_t)x, sy = (int64_t)y;

	cr_assert(num_holds(&a, x) && num_holds(&a, y));
	r = num_zext(&a);
	cr_assert(num_holds(&r, (uint32_t)x));
	r = num_sext(&a, from, bits);
	cr_assert(num_holds(&r, (uint64_t)bound_sext(low, from) & bound_mask(bits)));
	r = num_cut(&a, from);
	cr_assert(num_holds(&r, low));
	r = num_swap(&a, 32);
	cr_assert(num_holds(&r, __builtin_bswap32((uint32_t)x)));
	r = num_widen(&a, &b, &l);
	cr_assert(num_holds(&r, x) && num_holds(&r, y) && num_holds(&r, z) && num_has(&r, &a) && num_has(&r, &b));
	r = a;
	cr_assert(num_meet(&r, &b) && num_holds(&r, x));
	r = a;
	b = either(x & UINT32_MAX, z & UINT32_MAX);
	cr_assert(num_meet_low(&r, &b) && num_holds(&r, x));
	r = num_between(least, most);
	cr_assert(num_holds(&r, x) && num_holds(&r, y) && num_holds(&r, least + (most - least) / 2));
	r = num_sbetween(sx < sy ? sx : sy, sx < sy ? sy : sx);
	cr_assert(num_holds(&r, x) && num_holds(&r, y));
	r = num_bits(from);
	cr_assert(num_holds(&r, low));
	cr_assert(in(tnum_swap((struct tnum){x & ~z, z}, 64), __builtin_bswap64((x & ~z) | (y & z))));
	cr_assert(in(tnum_swap((struct tnum){x & ~z, z}, 16), __builtin_bswap16((uint16_t)((x & ~z) | (y & z)))));
}

Test(exact, words_of_64_bits, .timeout = 60)
{
	for (int i = 0; i < 300000; i++)
		check_words(word(), rng() % 2 ? word() : word() + rng() % 64, word());
}
