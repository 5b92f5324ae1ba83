/* SPDX-License-Identifier: Apache-2.0 */
/* The numeric domain of one word. See domain_range.h. */
#include "backend/verify/domain_range.h"

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

struct bound bound_unknown(unsigned w)
{
	return (struct bound){{0, bound_mask(w)}, 0, bound_mask(w), bound_smin(w), bound_smax(w)};
}

struct bound bound_const(uint64_t value, unsigned w)
{
	int64_t s = bound_sext(value, w);

	value &= bound_mask(w);
	return (struct bound){tnum_const(value), value, value, s, s};
}

/* One round: bits -> unsigned -> signed -> unsigned -> bits. */
static bool tighten_once(struct bound *a, unsigned w)
{
	int64_t lo, hi;

	a->umin = MAX(a->umin, tnum_min(a->bits));
	a->umax = MIN(a->umax, tnum_max(a->bits));
	lo = bound_sext(a->umin, w);
	hi = bound_sext(a->umax, w);
	if (lo <= hi) { /* the unsigned range does not cross the sign boundary */
		a->smin = MAX(a->smin, lo);
		a->smax = MIN(a->smax, hi);
	}
	if ((a->smin < 0) == (a->smax < 0)) {
		a->umin = MAX(a->umin, (uint64_t)a->smin & bound_mask(w));
		a->umax = MIN(a->umax, (uint64_t)a->smax & bound_mask(w));
	} else if (a->smin < 0) { /* unsigned: [0, smax] or [smin, top] */
		uint64_t low_end = (uint64_t)a->smax, high_start = (uint64_t)a->smin & bound_mask(w);

		if (a->umin > low_end)
			a->umin = MAX(a->umin, high_start);
		if (a->umax < high_start)
			a->umax = MIN(a->umax, low_end);
	}
	if (a->umin > a->umax || a->smin > a->smax)
		return false;
	return tnum_meet(a->bits, tnum_range(a->umin, a->umax), &a->bits);
}

bool bound_tighten(struct bound *a, unsigned w)
{
	for (int i = 0; i < 3; i++) {
		struct bound before = *a;

		if (!tighten_once(a, w))
			return false;
		if (before.umin == a->umin && before.umax == a->umax && before.smin == a->smin &&
		    before.smax == a->smax && before.bits.mask == a->bits.mask)
			return true;
	}
	return true;
}

/* Signed results that fit in w bits are kept, others become unknown. */
static void set_signed(struct bound *r, __int128 lo, __int128 hi, unsigned w)
{
	if (lo >= bound_smin(w) && hi <= bound_smax(w)) {
		r->smin = (int64_t)lo;
		r->smax = (int64_t)hi;
	}
}

/* [lo, hi] modulo 2^w, when it does not straddle a multiple of 2^w. */
static void set_unsigned(struct bound *r, __int128 lo, __int128 hi, unsigned w)
{
	if (lo >> w == hi >> w) {
		r->umin = (uint64_t)lo & bound_mask(w);
		r->umax = (uint64_t)hi & bound_mask(w);
	}
}

/* The same for signed ranges: both ends wrapped by the same multiple. */
static void set_signed_wrapped(struct bound *r, __int128 lo, __int128 hi, unsigned w)
{
	__int128 half = (__int128)1 << (w - 1);

	if ((lo + half) >> w == (hi + half) >> w) {
		r->smin = bound_sext((uint64_t)lo, w);
		r->smax = bound_sext((uint64_t)hi, w);
	}
}

static void alu_add(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	r->bits = tnum_cut(tnum_add(a->bits, b->bits), w);
	set_unsigned(r, (__int128)a->umin + b->umin, (__int128)a->umax + b->umax, w);
	set_signed_wrapped(r, (__int128)a->smin + b->smin, (__int128)a->smax + b->smax, w);
}

static void alu_sub(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	r->bits = tnum_cut(tnum_sub(a->bits, b->bits), w);
	set_unsigned(r, (__int128)a->umin - b->umax, (__int128)a->umax - b->umin, w);
	set_signed_wrapped(r, (__int128)a->smin - b->smax, (__int128)a->smax - b->smin, w);
}

static void alu_mul(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	unsigned __int128 lo = (unsigned __int128)a->umin * b->umin, hi = (unsigned __int128)a->umax * b->umax;
	__int128 p[4] = {(__int128)a->smin * b->smin, (__int128)a->smin * b->smax, (__int128)a->smax * b->smin,
			 (__int128)a->smax * b->smax};
	__int128 smin = p[0], smax = p[0];

	r->bits = tnum_cut(tnum_mul(a->bits, b->bits), w);
	if (hi <= bound_mask(w)) {
		r->umin = (uint64_t)lo;
		r->umax = (uint64_t)hi;
	}
	for (int i = 1; i < 4; i++) {
		smin = MIN(smin, p[i]);
		smax = MAX(smax, p[i]);
	}
	set_signed(r, smin, smax, w);
}

static void alu_and(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	r->bits = tnum_and(a->bits, b->bits);
	r->umax = MIN(a->umax, b->umax);
	if (a->smin < 0 && b->smin < 0) { /* x & y clears no more than the lower power of two below both */
		uint64_t low = (uint64_t)MIN(a->smin, b->smin);
		unsigned keep = ~low ? 64 - (unsigned)__builtin_clzll(~low) : 0;

		r->smin = MAX(r->smin, keep >= 64 ? INT64_MIN : (int64_t)-(1ull << keep));
	} else {
		r->smin = 0;
	}
	if (a->smax < 0 || b->smax < 0 || (a->smin >= 0 && b->smin >= 0))
		r->smax = a->smax < 0 && b->smax < 0 ? MIN(a->smax, b->smax)
			  : a->smax < 0		     ? b->smax
			  : b->smax < 0		     ? a->smax
						     : MIN(a->smax, b->smax);
	(void)w;
}

static void alu_or(struct bound *r, const struct bound *a, const struct bound *b)
{
	r->bits = tnum_or(a->bits, b->bits);
	r->umin = MAX(a->umin, b->umin);
	if (a->smin >= 0 && b->smin >= 0)
		r->smin = MAX(a->smin, b->smin);
}

/* The amounts that a shift may have, after masking. */
static void shift_range(const struct bound *b, unsigned w, unsigned *lo, unsigned *hi)
{
	bool within = b->umax < w;

	*lo = within ? (unsigned)b->umin : 0;
	*hi = within ? (unsigned)b->umax : w - 1;
	if (bound_is_const(b))
		*lo = *hi = (unsigned)(b->umin & (w - 1));
}

static void alu_lsh(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	unsigned lo, hi;

	shift_range(b, w, &lo, &hi);
	if (lo == hi) {
		r->bits = tnum_cut(tnum_lsh(a->bits, lo), w);
	} else {
		uint64_t some = a->bits.value | a->bits.mask;
		unsigned zeros = some ? (unsigned)__builtin_ctzll(some) : 64;

		r->bits = zeros + lo >= w ? tnum_const(0)
					  : (struct tnum){0, bound_mask(w) & ~((1ull << (zeros + lo)) - 1)};
	}
	if (a->umax <= bound_mask(w) >> hi) {
		r->umin = a->umin << lo;
		r->umax = a->umax << hi;
	}
	set_signed(r, (__int128)a->smin * ((__int128)1 << (a->smin < 0 ? hi : lo)),
		   (__int128)a->smax * ((__int128)1 << (a->smax < 0 ? lo : hi)), w);
}

static void alu_rsh(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	unsigned lo, hi;

	shift_range(b, w, &lo, &hi);
	if (lo == hi)
		r->bits = tnum_rsh(a->bits, lo);
	r->umin = a->umin >> hi;
	r->umax = a->umax >> lo;
}

static void alu_arsh(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	unsigned lo, hi;

	shift_range(b, w, &lo, &hi);
	if (lo == hi)
		r->bits = tnum_arsh(a->bits, lo, w);
	r->smin = a->smin >> (a->smin < 0 ? lo : hi);
	r->smax = a->smax >> (a->smax < 0 ? hi : lo);
}

static void alu_div(struct bound *r, const struct bound *a, const struct bound *b)
{
	r->umin = b->umin ? a->umin / b->umax : 0;
	r->umax = a->umax / MAX(b->umin, 1);
}

static void alu_mod(struct bound *r, const struct bound *a, const struct bound *b)
{
	if (a->umax < b->umin || b->umax == 0) {
		*r = *a;
		return;
	}
	if (bound_is_const(b) && a->umin / b->umin == a->umax / b->umin) { /* the remainder grows with a */
		r->umin = a->umin % b->umin;
		r->umax = a->umax % b->umin;
		return;
	}
	r->umin = 0;
	r->umax = b->umin ? MIN(a->umax, b->umax - 1) : a->umax;
	if (bound_is_const(b) && !(b->umin & (b->umin - 1)))
		r->bits = tnum_and(a->bits, tnum_const(b->umin - 1));
}

static uint64_t magnitude(int64_t x) { return x < 0 ? -(uint64_t)x : (uint64_t)x; }

static void alu_sdiv(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	uint64_t big = MAX(magnitude(a->smin), magnitude(a->smax));

	if (b->smin == b->smax && b->smin != 0) {
		__int128 x = (__int128)a->smin / b->smin, y = (__int128)a->smax / b->smin;

		set_signed(r, MIN(x, y), MAX(x, y), w);
		return;
	}
	if (a->smin >= 0 && b->smin >= 0) {
		r->smin = 0;
		r->smax = a->smax / MAX(b->smin, 1);
		return;
	}
	set_signed(r, -(__int128)big, (__int128)big, w);
}

static void alu_smod(struct bound *r, const struct bound *a, const struct bound *b, unsigned w)
{
	bool may_be_zero = b->smin <= 0 && b->smax >= 0;
	uint64_t big = MAX(magnitude(b->smin), magnitude(b->smax));
	__int128 lo = MIN(a->smin, 0), hi = MAX(a->smax, 0), k = b->smin;

	if (k && k == b->smax && a->smin / k == a->smax / k) {
		lo = a->smin % k;
		hi = a->smax % k;
	} else if (!may_be_zero) {
		lo = MAX(lo, -(__int128)(big - 1));
		hi = MIN(hi, (__int128)(big - 1));
	}
	set_signed(r, lo, hi, w);
}

struct bound bound_alu(enum iov_isa_oper oper, const struct bound *a, const struct bound *b, unsigned w)
{
	struct bound r = bound_unknown(w), zero;

	switch (oper) {
	case ISA_O_ADD: alu_add(&r, a, b, w); break;
	case ISA_O_SUB: alu_sub(&r, a, b, w); break;
	case ISA_O_MUL: alu_mul(&r, a, b, w); break;
	case ISA_O_DIV: alu_div(&r, a, b); break;
	case ISA_O_MOD: alu_mod(&r, a, b); break;
	case ISA_O_SDIV: alu_sdiv(&r, a, b, w); break;
	case ISA_O_SMOD: alu_smod(&r, a, b, w); break;
	case ISA_O_AND: alu_and(&r, a, b, w); break;
	case ISA_O_OR: alu_or(&r, a, b); break;
	case ISA_O_XOR: r.bits = tnum_xor(a->bits, b->bits); break;
	case ISA_O_LSH: alu_lsh(&r, a, b, w); break;
	case ISA_O_RSH: alu_rsh(&r, a, b, w); break;
	case ISA_O_ARSH: alu_arsh(&r, a, b, w); break;
	case ISA_O_NEG:
		zero = bound_const(0, w);
		alu_sub(&r, &zero, a, w);
		break;
	default: break;
	}
	bound_tighten(&r, w);
	return r;
}

struct bound bound_sext_from(const struct bound *a, unsigned from, unsigned w)
{
	struct bound r = bound_unknown(w);

	r.bits = tnum_cut(tnum_sext(a->bits, from), w);
	r.smin = bound_smin(from);
	r.smax = bound_smax(from);
	if (a->smin >= r.smin && a->smax <= r.smax) { /* already within: nothing changes */
		r.smin = a->smin;
		r.smax = a->smax;
	} else if (a->umin >> from == a->umax >> from && from < 64) {
		int64_t lo = bound_sext(a->umin, from), hi = bound_sext(a->umax, from);

		if (lo <= hi) {
			r.smin = lo;
			r.smax = hi;
		}
	}
	bound_tighten(&r, w);
	return r;
}

bool bound_meet(struct bound *a, const struct bound *b, unsigned w)
{
	a->umin = MAX(a->umin, b->umin);
	a->umax = MIN(a->umax, b->umax);
	a->smin = MAX(a->smin, b->smin);
	a->smax = MIN(a->smax, b->smax);
	return tnum_meet(a->bits, b->bits, &a->bits) && bound_tighten(a, w);
}

struct bound bound_join(const struct bound *a, const struct bound *b, unsigned w)
{
	struct bound r = {
		.bits = tnum_join(a->bits, b->bits),
		.umin = MIN(a->umin, b->umin),
		.umax = MAX(a->umax, b->umax),
		.smin = MIN(a->smin, b->smin),
		.smax = MAX(a->smax, b->smax),
	};

	bound_tighten(&r, w);
	return r;
}

void limits_add(struct limits *l, uint64_t at)
{
	uint32_t i = l->count;

	while (i && l->at[i - 1] > at)
		i--;
	if (l->count == sizeof(l->at) / sizeof(l->at[0]) || (i && l->at[i - 1] == at))
		return;
	for (uint32_t k = l->count++; k > i; k--)
		l->at[k] = l->at[k - 1];
	l->at[i] = at;
}

/* The smallest limit from x on; the largest up to x. */
static uint64_t limit_above(const struct limits *l, uint64_t x, uint64_t largest)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (l->at[i] >= x)
			return MIN(l->at[i], largest);
	return largest;
}

static uint64_t limit_below(const struct limits *l, uint64_t x)
{
	for (uint32_t i = l->count; i--;)
		if (l->at[i] <= x)
			return l->at[i];
	return 0;
}

struct bound bound_widen(const struct bound *a, const struct bound *b, const struct limits *l, unsigned w)
{
	struct bound r = bound_join(a, b, w);
	uint64_t low = r.bits.mask & -r.bits.mask; /* below it all bits are known */

	if (bound_has(a, &r))
		return *a;
	if (r.umin < a->umin)
		r.umin = limit_below(l, r.umin);
	if (r.umax > a->umax)
		r.umax = limit_above(l, r.umax, bound_mask(w));
	if (r.smin < a->smin)
		r.smin = r.smin < 0 ? bound_smin(w) : (int64_t)limit_below(l, (uint64_t)r.smin);
	if (r.smax > a->smax)
		r.smax = r.smax < 0 ? -1 : (int64_t)limit_above(l, (uint64_t)r.smax, (uint64_t)bound_smax(w));
	if (!tnum_has(a->bits, r.bits))
		r.bits = (struct tnum){r.bits.value & (low - 1), bound_mask(w) & ~(low - 1)};
	bound_tighten(&r, w);
	return r;
}

bool bound_has(const struct bound *a, const struct bound *b)
{
	return a->umin <= b->umin && a->umax >= b->umax && a->smin <= b->smin && a->smax >= b->smax &&
	       tnum_has(a->bits, b->bits);
}

static bool refine_equal(struct bound *a, struct bound *b, unsigned w)
{
	if (!bound_meet(a, b, w))
		return false;
	*b = *a;
	return true;
}

/* `a` cannot be the constant c: it can only be cut off at an end. */
static bool exclude(struct bound *a, uint64_t c, unsigned w)
{
	int64_t s = bound_sext(c, w);

	if (a->umin == a->umax && a->umin == c)
		return false;
	if (a->umin == c)
		a->umin++;
	if (a->umax == c)
		a->umax--;
	if (a->smin == s && a->smin != a->smax)
		a->smin++;
	if (a->smax == s && a->smin != a->smax)
		a->smax--;
	return bound_tighten(a, w);
}

static bool refine_unequal(struct bound *a, struct bound *b, unsigned w)
{
	if (bound_is_const(b) && !exclude(a, b->umin, w))
		return false;
	return !bound_is_const(a) || exclude(b, a->umin, w);
}

/* a < b, or a <= b when `strict` is 0. */
static bool refine_below(struct bound *a, struct bound *b, unsigned strict, unsigned w)
{
	if (strict && (b->umax == 0 || a->umin == bound_mask(w)))
		return false;
	a->umax = MIN(a->umax, b->umax - strict);
	b->umin = MAX(b->umin, a->umin + strict);
	return bound_tighten(a, w) && bound_tighten(b, w);
}

static bool refine_sbelow(struct bound *a, struct bound *b, int strict, unsigned w)
{
	if (strict && (b->smax == bound_smin(w) || a->smin == bound_smax(w)))
		return false;
	a->smax = MIN(a->smax, b->smax - strict);
	b->smin = MAX(b->smin, a->smin + strict);
	return bound_tighten(a, w) && bound_tighten(b, w);
}

static bool refine_set(bool holds, struct bound *a, struct bound *b, unsigned w)
{
	struct tnum both = tnum_and(a->bits, b->bits);

	if (holds) {
		if (!tnum_max(both))
			return false;
		if (bound_is_const(b) && !(b->umin & (b->umin - 1))) /* one bit: it is set */
			return tnum_meet(a->bits, (struct tnum){b->umin, bound_mask(w) & ~b->umin}, &a->bits) &&
			       bound_tighten(a, w);
		return true;
	}
	if (both.value)
		return false;
	a->bits.mask &= ~b->bits.value;
	b->bits.mask &= ~a->bits.value;
	return bound_tighten(a, w) && bound_tighten(b, w);
}

bool bound_refine(enum iov_isa_oper oper, bool holds, struct bound *a, struct bound *b, unsigned w)
{
	switch (oper) {
	case ISA_O_JEQ: return holds ? refine_equal(a, b, w) : refine_unequal(a, b, w);
	case ISA_O_JNE: return holds ? refine_unequal(a, b, w) : refine_equal(a, b, w);
	case ISA_O_JLT: return holds ? refine_below(a, b, 1, w) : refine_below(b, a, 0, w);
	case ISA_O_JLE: return holds ? refine_below(a, b, 0, w) : refine_below(b, a, 1, w);
	case ISA_O_JGT: return holds ? refine_below(b, a, 1, w) : refine_below(a, b, 0, w);
	case ISA_O_JGE: return holds ? refine_below(b, a, 0, w) : refine_below(a, b, 1, w);
	case ISA_O_JSLT: return holds ? refine_sbelow(a, b, 1, w) : refine_sbelow(b, a, 0, w);
	case ISA_O_JSLE: return holds ? refine_sbelow(a, b, 0, w) : refine_sbelow(b, a, 1, w);
	case ISA_O_JSGT: return holds ? refine_sbelow(b, a, 1, w) : refine_sbelow(a, b, 0, w);
	case ISA_O_JSGE: return holds ? refine_sbelow(b, a, 0, w) : refine_sbelow(a, b, 1, w);
	case ISA_O_JSET: return refine_set(holds, a, b, w);
	default: return true;
	}
}
