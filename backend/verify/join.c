/* SPDX-License-Identifier: Apache-2.0 */
/* One state for several: ranges and known bits become hulls, what only one of them knows is forgotten. A tie between
 * numbers stays when it holds in both; a constant counts as tied to a base of its own, so that ties between numbers
 * that began as constants are found. What cannot be told apart any more, such as pointers of different kinds, becomes
 * unreadable. The result is not trusted: state_join() ends with state_covers() on both. */
#include "backend/verify/internal.h"

#include <string.h>

enum { MAX_TIES = 96 };

/* Whose identity: of numbers, variable parts of packet pointers, results of calls (NULL tests, locks, references). */
enum tie_of { TIE_NUMBER, TIE_PACKET, TIE_RESULT };

static const uint32_t constant_base = UINT32_MAX;

struct joiner {
	struct verifier *v;
	struct {
		uint32_t a, b, id;
		int64_t delta;
		enum tie_of of;
	} ties[MAX_TIES];
	uint32_t count;
};

/* The identity that stands for a's `a` and b's `b`, where offsets from a are larger by `delta` than those from b. 0:
 * there is none. */
static uint32_t tie(struct joiner *j, enum tie_of of, uint32_t a, uint32_t b, int64_t delta)
{
	if (a == b && !delta)
		return a == constant_base ? 0 : a;
	for (uint32_t i = 0; i < j->count; i++)
		if (j->ties[i].of == of && j->ties[i].a == a && j->ties[i].b == b && j->ties[i].delta == delta)
			return j->ties[i].id;
	if (j->count == MAX_TIES)
		return 0;
	j->ties[j->count].of = of;
	j->ties[j->count].a = a;
	j->ties[j->count].b = b;
	j->ties[j->count].delta = delta;
	return j->ties[j->count++].id = ++j->v->next_id;
}

/* The number's base and distance from it. False: it is tied to nothing. */
static bool number_base(const struct vreg *r, uint32_t *base, int64_t *off)
{
	int64_t value = (int64_t)num_value(&r->n);

	*base = r->id;
	*off = r->off;
	if (r->id || !num_is_const(&r->n) || value < -V_MAX_OFFSET || value > V_MAX_OFFSET)
		return r->id;
	*base = constant_base;
	*off = value;
	return true;
}

static void join_number(struct joiner *j, struct vreg *a, const struct vreg *b)
{
	struct num n = num_join(&a->n, &b->n);
	uint32_t x, y, id = 0;
	int64_t xo = 0, yo = 0;

	if (a->low == b->low && number_base(a, &x, &xo) && number_base(b, &y, &yo))
		id = tie(j, TIE_NUMBER, x, y, xo - yo);
	a->n = n;
	a->id = id;
	if (!id)
		reg_unlink(a);
	else
		a->off = (int32_t)xo;
}

/* What joining does not look at one by one is the same. */
static bool same_rest(const struct vreg *a, const struct vreg *b)
{
	struct vreg x = *a, y = *b;

	x.maybe_null = y.maybe_null = false;
	x.turns = y.turns = 0;
	x.id = y.id = x.ref = y.ref = x.origin = y.origin = 0;
	if (reg_is_packet(a))
		x.range = y.range = x.beyond = y.beyond = 0;
	else if (a->kind == V_RECORD)
		x.slice_of = y.slice_of = 0;
	else if (a->kind == V_ITER)
		x.n = y.n = num_const(0);
	if (reg_is_movable(a)) {
		x.off = y.off = 0;
		x.n = y.n = num_const(0);
	}
	return !memcmp(&x, &y, sizeof(x));
}

static struct num moved_by(const struct num *n, int64_t by)
{
	struct num distance = num_const((uint64_t)by);

	return num_alu(ISA_O_ADD, n, &distance, 64);
}

/* `by` bytes of the pointer's offset go from the constant to the variable part. */
static void move_variable(struct vreg *a, int64_t by)
{
	a->n = moved_by(&a->n, by);
	a->off = (int32_t)(a->off - by);
	if (!reg_is_packet(a))
		return;
	a->range = reg_moved_range(a->range, by);
	a->beyond = reg_moved_beyond(a->beyond, by);
}

/* b's offset is larger by `by`; where that is negative, a has been moved. */
static void join_packet(struct joiner *j, struct vreg *a, const struct vreg *b, int64_t by)
{
	uint32_t range = by > 0 ? reg_moved_range(b->range, by) : b->range;
	uint32_t beyond = by > 0 ? reg_moved_beyond(b->beyond, by) : b->beyond;

	a->id = tie(j, TIE_PACKET, a->id, b->id, -by);
	if (!a->id && !num_is(&a->n, 0)) /* no room: a variable part of its own */
		a->id = ++j->v->next_id;
	a->range = a->range < range ? a->range : range;
	a->beyond = !a->beyond || !beyond ? 0 : a->beyond > beyond ? a->beyond : beyond;
}

/* False: nothing common is left. */
static bool join_pointer(struct joiner *j, struct vreg *a, const struct vreg *b)
{
	int64_t by = (int64_t)b->off - a->off;
	struct num moved;

	if (!same_rest(a, b) || !a->ref != !b->ref)
		return false;
	if (a->ref)
		a->ref = tie(j, TIE_RESULT, a->ref, b->ref, 0);
	if (a->kind == V_RECORD && !a->slice_of != !b->slice_of)
		return false;
	if (a->kind == V_RECORD && a->slice_of)
		a->slice_of = tie(j, TIE_RESULT, a->slice_of, b->slice_of, 0);
	if (a->kind == V_ITER)
		a->n = num_join(&a->n, &b->n);
	if (reg_is_movable(a)) {
		if (by < 0) /* the smaller constant stays, so that the variable part does not get negative */
			move_variable(a, -by);
		moved = by > 0 ? moved_by(&b->n, by) : b->n;
		a->n = num_join(&a->n, &moved);
		if (a->n.full.smin <= -V_MAX_OFFSET)
			return false;
	}
	if (reg_is_packet(a) && !a->maybe_null && !b->maybe_null) {
		join_packet(j, a, b, by);
		return true;
	}
	if (a->id || b->id)
		a->id = tie(j, TIE_RESULT, a->id, b->id, 0);
	a->maybe_null |= b->maybe_null;
	return a->id || (!a->maybe_null && !b->id);
}

static void join_reg(struct joiner *j, struct vreg *a, const struct vreg *b)
{
	if (a->kind == V_UNINIT)
		return;
	if (a->kind != b->kind || (a->kind != V_SCALAR && !join_pointer(j, a, b)))
		*a = (struct vreg){.kind = V_UNINIT, .origin = a->origin, .n = num_const(0)};
	else if (a->kind == V_SCALAR)
		join_number(j, a, b);
}

static bool same_spills(const struct vslot *a, const struct vslot *b)
{
	for (int i = 0; i < 8; i++)
		if ((a->tag[i] == S_SPILL) != (b->tag[i] == S_SPILL))
			return false;
	return true;
}

static bool plain(const struct vslot *s)
{
	for (int i = 0; i < 8; i++)
		if (s->tag[i] > S_SPILL)
			return false;
	return !slot_spills(s) || s->reg.kind == V_SCALAR;
}

static void join_slot(struct joiner *j, struct vslot *a, struct vslot b)
{
	struct vslot copy;

	if (!plain(a) || !plain(&b)) { /* a pointer, or something special: the same, or nothing */
		if (!memcmp(a->tag, b.tag, 8)) {
			join_reg(j, &a->reg, &b.reg);
			if (a->reg.kind != V_UNINIT)
				return;
		}
		memset(a->tag, S_UNINIT, 8);
		return;
	}
	*a = *slot_zeros_as_spill(a, &b, &copy);
	b = *slot_zeros_as_spill(&b, a, &copy);
	if (slot_spills(a) && same_spills(a, &b))
		join_number(j, &a->reg, &b.reg);
	else
		for (int i = 0; i < 8; i++) {
			a->tag[i] = a->tag[i] == S_SPILL ? S_MISC : a->tag[i];
			b.tag[i] = b.tag[i] == S_SPILL ? S_MISC : b.tag[i];
		}
	for (int i = 0; i < 8; i++)
		if (a->tag[i] != b.tag[i])
			a->tag[i] = a->tag[i] == S_UNINIT || b.tag[i] == S_UNINIT ? S_UNINIT : S_MISC;
}

static bool join_frame(struct joiner *j, struct vstate *s, uint32_t i, const struct vframe *b)
{
	struct vframe *a = state_frame(&j->v->pool, s, i, 0);

	if (!a)
		return false;
	a->gone = a->gone < b->gone ? a->gone : b->gone;
	for (int r = 0; r < IOV_R10; r++)
		join_reg(j, &a->r[r], &b->r[r]);
	if (a->slots > b->slots)
		a->slots = b->slots;
	for (uint32_t k = 0; k < a->slots; k++)
		join_slot(j, &a->s[k], b->s[k]);
	return true;
}

bool state_join(struct verifier *v, struct vstate *a, const struct vstate *b)
{
	struct joiner j;
	struct demand all;
	struct vstate *before;
	bool ok;

	j.v = v;
	j.count = 0;
	if (a->frames != b->frames || a->ref_count != b->ref_count || a->lock.held != b->lock.held)
		return false;
	before = state_copy(&v->pool, a);
	v->nomem |= !before;
	for (uint32_t i = 0; before && i < a->ref_count; i++)
		a->refs[i].id = tie(&j, TIE_RESULT, a->refs[i].id, b->refs[i].id, 0);
	if (a->lock.held)
		a->lock.id = tie(&j, TIE_RESULT, a->lock.id, b->lock.id, 0);
	for (uint32_t i = 0; !v->nomem && i < a->frames; i++)
		v->nomem |= !join_frame(&j, a, i, b->f[i]);
	v->nomem |= !state_drop_single_links(v, a);
	demand_everything(&all, a->frames);
	ok = !v->nomem && state_covers(v, a, &all, before) && state_covers(v, a, &all, b);
	state_drop(&v->pool, before);
	return ok;
}

static void widen_reg(struct vreg *a, const struct vreg *old, const struct limits *l)
{
	if (a->kind == old->kind && a->kind != V_UNINIT && !num_has(&old->n, &a->n))
		a->n = num_widen(&old->n, &a->n, l);
}

bool state_widen(struct verifier *v, struct vstate *a, const struct vstate *old, const struct limits *l)
{
	for (uint32_t i = 0; i < a->frames; i++) {
		struct vframe *f = state_frame(&v->pool, a, i, 0);

		if (!f)
			return false;
		for (int r = 0; r < IOV_R10; r++)
			widen_reg(&f->r[r], &old->f[i]->r[r], l);
		for (uint32_t k = 0; k < f->slots && k < old->f[i]->slots; k++)
			if (slot_spills(&f->s[k]) && slot_spills(&old->f[i]->s[k]))
				widen_reg(&f->s[k].reg, &old->f[i]->s[k].reg, l);
	}
	return true;
}
