/* SPDX-License-Identifier: Apache-2.0 */
/* A register as a number. See domain_num.h. */
#include "backend/verify/domain_num.h"

struct num num_unknown_w(unsigned w) { return (struct num){bound_unknown(w), bound_unknown(w / 2)}; }

struct num num_const_w(uint64_t value, unsigned w)
{
	return (struct num){bound_const(value, w), bound_const(value, w / 2)};
}

/* The smallest word >= x whose lower half lies in [lo, hi]; false when it would overflow. */
static bool round_up(uint64_t *x, uint64_t lo, uint64_t hi, unsigned w)
{
	uint64_t half = bound_mask(w / 2), low = *x & half, high = *x & ~half;

	if (low > hi) {
		if (high == (bound_mask(w) & ~half))
			return false;
		high += half + 1;
		low = lo;
	}
	*x = high | (low < lo ? lo : low);
	return true;
}

/* The largest word <= x whose lower half lies in [lo, hi]. */
static bool round_down(uint64_t *x, uint64_t lo, uint64_t hi, unsigned w)
{
	uint64_t half = bound_mask(w / 2), low = *x & half, high = *x & ~half;

	if (low < lo) {
		if (!high)
			return false;
		high -= half + 1;
		low = hi;
	}
	*x = high | (low > hi ? hi : low);
	return true;
}

/* What the whole word says about its lower half. */
static bool half_from_full(struct num *a, unsigned w)
{
	unsigned h = w / 2;
	uint64_t mask = bound_mask(h);
	struct bound low = bound_unknown(h);

	low.bits = tnum_cut(a->full.bits, h);
	if (a->full.umin >> h == a->full.umax >> h) {
		low.umin = a->full.umin & mask;
		low.umax = a->full.umax & mask;
	}
	if (a->full.smin >> h == a->full.smax >> h) {
		int64_t lo = bound_sext((uint64_t)a->full.smin, h), hi = bound_sext((uint64_t)a->full.smax, h);

		if (lo <= hi) {
			low.smin = lo;
			low.smax = hi;
		}
	}
	if (a->full.smin >= bound_smin(h) && a->full.smax <= bound_smax(h)) {
		low.smin = a->full.smin;
		low.smax = a->full.smax;
	}
	return bound_meet(&a->half, &low, h);
}

/* What the lower half says about the whole word: its bits, and which ends of the ranges can be reached. */
static bool full_from_half(struct num *a, unsigned w)
{
	unsigned h = w / 2;
	uint64_t flip = 1ull << (w - 1), lo, hi;
	struct tnum bits = {a->half.bits.value, a->half.bits.mask | (bound_mask(w) & ~bound_mask(h))};

	if (!tnum_meet(a->full.bits, bits, &a->full.bits))
		return false;
	if (!round_up(&a->full.umin, a->half.umin, a->half.umax, w) ||
	    !round_down(&a->full.umax, a->half.umin, a->half.umax, w))
		return false;
	lo = ((uint64_t)a->full.smin & bound_mask(w)) ^ flip; /* signed order as unsigned order */
	hi = ((uint64_t)a->full.smax & bound_mask(w)) ^ flip;
	if (h == w || !round_up(&lo, a->half.umin, a->half.umax, w) || !round_down(&hi, a->half.umin, a->half.umax, w))
		return false;
	a->full.smin = bound_sext(lo ^ flip, w);
	a->full.smax = bound_sext(hi ^ flip, w);
	return bound_tighten(&a->full, w);
}

static bool same_bound(const struct bound *a, const struct bound *b)
{
	return a->umin == b->umin && a->umax == b->umax && a->smin == b->smin && a->smax == b->smax &&
	       a->bits.mask == b->bits.mask;
}

/* A single value: nothing to narrow, but it may be none that the lower half allows. */
static bool tighten_const(struct num *a, unsigned w)
{
	uint64_t x = a->full.umin, low = x & bound_mask(w / 2);
	int64_t s = bound_sext(x, w), slow = bound_sext(low, w / 2);
	bool full = s >= a->full.smin && s <= a->full.smax && (x & ~a->full.bits.mask) == a->full.bits.value;
	bool half = low >= a->half.umin && low <= a->half.umax && slow >= a->half.smin && slow <= a->half.smax &&
		    (low & ~a->half.bits.mask) == a->half.bits.value;

	*a = num_const_w(x, w);
	return full && half;
}

bool num_tighten_w(struct num *a, unsigned w)
{
	if (a->full.umin == a->full.umax)
		return tighten_const(a, w);
	for (int i = 0; i < 3; i++) {
		struct num before = *a;

		if (!bound_tighten(&a->full, w) || !bound_tighten(&a->half, w / 2) || !half_from_full(a, w) ||
		    !full_from_half(a, w))
			return false;
		if (same_bound(&before.full, &a->full) && same_bound(&before.half, &a->half))
			return true;
	}
	return true;
}

struct num num_between(uint64_t min, uint64_t max)
{
	struct num r = num_unknown();

	r.full.umin = min;
	r.full.umax = max;
	num_tighten_w(&r, 64);
	return r;
}

struct num num_sbetween(int64_t min, int64_t max)
{
	struct num r = num_unknown();

	r.full.smin = min;
	r.full.smax = max;
	num_tighten_w(&r, 64);
	return r;
}

struct num num_bits(unsigned bits)
{
	struct num r = num_unknown();

	if (bits < 64) {
		r.full = (struct bound){{0, bound_mask(bits)}, 0, bound_mask(bits), 0, (int64_t)bound_mask(bits)};
		if (bits < 32)
			r.half = r.full;
	}
	return r;
}

struct num num_zext_w(const struct num *a, unsigned w)
{
	struct num r = num_unknown_w(w);

	r.half = a->half;
	r.full.bits = a->half.bits;
	r.full.umax = bound_mask(w / 2);
	num_tighten_w(&r, w);
	return r;
}

/* The low half of these depends on nothing but the low halves of the operands. */
static bool low_half_closed(enum iov_isa_oper oper)
{
	switch (oper) {
	case ISA_O_ADD: case ISA_O_SUB: case ISA_O_MUL: case ISA_O_AND: case ISA_O_OR: case ISA_O_XOR: case ISA_O_NEG:
		return true;
	default:
		return false;
	}
}

struct num num_alu_w(enum iov_isa_oper oper, const struct num *a, const struct num *b, unsigned bits, unsigned w)
{
	struct num r = num_unknown_w(w);
	bool shift = oper == ISA_O_LSH && bound_is_const(&b->full) && (b->full.umin & (w - 1)) < w / 2;

	if (bits < w) {
		r.half = bound_alu(oper, &a->half, &b->half, w / 2);
		return num_zext_w(&r, w);
	}
	r.full = bound_alu(oper, &a->full, &b->full, w);
	if (low_half_closed(oper)) {
		r.half = bound_alu(oper, &a->half, &b->half, w / 2);
	} else if (shift) {
		struct bound n = bound_const(b->full.umin & (w - 1), w / 2);

		r.half = bound_alu(oper, &a->half, &n, w / 2);
	}
	num_tighten_w(&r, w);
	return r;
}

struct num num_sext_w(const struct num *a, unsigned from, unsigned bits, unsigned w)
{
	struct num r = num_unknown_w(w);

	if (bits < w) {
		r.half = bound_sext_from(&a->half, from, w / 2);
		return num_zext_w(&r, w);
	}
	if (from == w / 2) {
		r.full.smin = a->half.smin;
		r.full.smax = a->half.smax;
		r.full.bits = tnum_cut(tnum_sext(a->half.bits, from), w);
		r.half = a->half;
	} else {
		r.full = bound_sext_from(&a->full, from, w);
		if (from < w / 2)
			r.half = bound_sext_from(&a->half, from, w / 2);
	}
	num_tighten_w(&r, w);
	return r;
}

struct num num_cut(const struct num *a, unsigned from)
{
	struct num mask = num_const(bound_mask(from));

	return num_alu(ISA_O_AND, a, &mask, 64);
}

struct num num_swap(const struct num *a, unsigned bits)
{
	struct num r = num_unknown();

	r.full.bits = tnum_swap(tnum_cut(a->full.bits, bits), bits);
	num_tighten_w(&r, 64);
	return r;
}

bool num_refine_w(enum iov_isa_oper oper, bool holds, struct num *a, struct num *b, unsigned bits, unsigned w)
{
	if (bits < w ? !bound_refine(oper, holds, &a->half, &b->half, w / 2)
		     : !bound_refine(oper, holds, &a->full, &b->full, w))
		return false;
	/* Equal words have equal halves; the rest follows from the narrowed bound. */
	if (bits == w && oper == (holds ? ISA_O_JEQ : ISA_O_JNE)) {
		if (!bound_meet(&a->half, &b->half, w / 2))
			return false;
		b->half = a->half;
	}
	return num_tighten_w(a, w) && num_tighten_w(b, w);
}

bool num_meet_w(struct num *a, const struct num *b, unsigned w)
{
	return bound_meet(&a->full, &b->full, w) && bound_meet(&a->half, &b->half, w / 2) && num_tighten_w(a, w);
}

bool num_meet_low(struct num *a, const struct num *b)
{
	return bound_meet(&a->half, &b->half, 32) && num_tighten_w(a, 64);
}

struct num num_join(const struct num *a, const struct num *b)
{
	struct num r = {bound_join(&a->full, &b->full, 64), bound_join(&a->half, &b->half, 32)};

	num_tighten_w(&r, 64);
	return r;
}

struct num num_widen_w(const struct num *a, const struct num *b, const struct limits *l, unsigned w)
{
	struct num r = {bound_widen(&a->full, &b->full, l, w), bound_widen(&a->half, &b->half, l, w / 2)};

	num_tighten_w(&r, w);
	return r;
}
