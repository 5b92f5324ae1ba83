/* SPDX-License-Identifier: Apache-2.0 */
/* When one state stands for another.
 *
 * state_covers: every run that starts in `cur` behaves like one that was verified from `old`, as far as the verified
 * walk asked. Registers that it never read may hold anything; scalars whose number never mattered may hold any number.
 * Identities (links, results to be tested for NULL, references) need not be equal but must correspond one to one. */
#include "backend/verify/internal.h"

#include <string.h>

enum { MAX_PAIRS = 96, LINKS = 64 };

struct pairs {
	uint32_t old[MAX_PAIRS], cur[MAX_PAIRS];
	int64_t by[MAX_PAIRS];
	uint32_t count, fixed;
	bool unreadable; /* bytes that were never written cannot be read */
};

static bool pair_add(struct pairs *p, uint32_t a, uint32_t b, int64_t by)
{
	if (p->count == MAX_PAIRS)
		return false;
	p->old[p->count] = a;
	p->by[p->count] = by;
	p->cur[p->count++] = b;
	return true;
}

/* old's identity `a` corresponds to cur's `b`, and to no other. Those up to `fixed` stand for themselves: the progress
 * of a loop is measured from them. */
static bool pair_ids(struct pairs *p, uint32_t a, uint32_t b)
{
	if (!a || !b || a <= p->fixed || b <= p->fixed)
		return a == b;
	for (uint32_t i = 0; i < p->count; i++) {
		if (p->old[i] == a)
			return p->cur[i] == b;
		if (p->cur[i] == b)
			return false;
	}
	return pair_add(p, a, b, 0);
}

/* What is `by` less than old's base `a` is cur's base `b`, here as elsewhere; cur may tie more together than old. */
static bool pair_bases(struct pairs *p, uint32_t a, uint32_t b, int64_t by)
{
	if (a <= p->fixed || b <= p->fixed)
		return a == b && !by;
	for (uint32_t i = 0; i < p->count; i++)
		if (p->old[i] == a)
			return p->cur[i] == b && p->by[i] == by;
	return pair_add(p, a, b, by);
}

/* The tie of a scalar of old in cur: to copies, or, where all are constants, to their distance. */
static bool covers_tie(struct pairs *p, const struct vreg *old, const struct vreg *cur)
{
	if (cur->id)
		return old->low == cur->low && pair_bases(p, old->id, cur->id, (int64_t)old->off - cur->off);
	return !old->low && old->id > p->fixed && num_is_const(&cur->n) &&
	       pair_bases(p, old->id, UINT32_MAX, old->off - (int64_t)num_value(&cur->n));
}

static bool covers_scalar(struct pairs *p, const struct vreg *old, const struct vreg *cur, bool precise)
{
	if (cur->kind != V_SCALAR)
		return false;
	if (!precise)
		return true;
	if (old->n.full.umin > cur->n.full.umin || !num_has(&old->n, &cur->n))
		return false;
	return !old->id || covers_tie(p, old, cur);
}

/* The offset: a constant and a variable part. */
static bool covers_offset(const struct vreg *old, const struct vreg *cur)
{
	struct num by = num_const((uint64_t)((int64_t)cur->off - old->off)), moved;

	if (old->off == cur->off)
		return num_has(&old->n, &cur->n);
	if (!reg_is_movable(old) || num_is_const(&old->n))
		return false;
	moved = num_alu(ISA_O_ADD, &cur->n, &by, 64);
	return num_has(&old->n, &moved);
}

/* Of a packet pointer it can matter that it lies beyond the end, which decides later comparisons. */
static bool covers_packet(struct pairs *p, const struct vreg *old, const struct vreg *cur, bool precise)
{
	int64_t by = (int64_t)cur->off - old->off;
	uint32_t range = reg_moved_range(cur->range, by), beyond = reg_moved_beyond(cur->beyond, by);

	if (old->id ? !pair_bases(p, old->id, cur->id ? cur->id : UINT32_MAX, by) : cur->id || by)
		return false;
	if (precise && old->beyond && (!beyond || beyond > old->beyond))
		return false;
	return range >= old->range;
}

static bool covers_pointer(struct pairs *p, const struct vreg *old, const struct vreg *cur, bool precise)
{
	if (old->kind != cur->kind || old->maybe_null != cur->maybe_null || old->frame != cur->frame ||
	    old->map != cur->map || old->object != cur->object || old->read_only != cur->read_only ||
	    old->type != cur->type || old->trust != cur->trust ||
	    old->of_packet != cur->of_packet || !pair_ids(p, old->ref, cur->ref) || !covers_offset(old, cur))
		return false;
	if (reg_is_packet(old) && !old->maybe_null)
		return covers_packet(p, old, cur, precise);
	return pair_ids(p, old->id, cur->id) && cur->range == old->range &&
	       (reg_is_packet(old) || pair_ids(p, old->slice_of, cur->slice_of));
}

static bool covers_reg(struct pairs *p, const struct vreg *old, const struct vreg *cur, bool precise)
{
	switch (old->kind) {
	case V_UNINIT: return true; /* read by nobody, or the walk would have failed */
	case V_SCALAR: return covers_scalar(p, old, cur, precise);
	default: return covers_pointer(p, old, cur, precise);
	}
}

static bool spills_pointer(const struct vslot *s) { return slot_spills(s) && s->reg.kind != V_SCALAR; }

/* Same bytes are spilled in both. */
static bool same_spill_shape(const struct vslot *a, const struct vslot *b)
{
	for (int i = 0; i < 8; i++)
		if ((a->tag[i] == S_SPILL) != (b->tag[i] == S_SPILL))
			return false;
	return true;
}

static bool reads_as_number(uint8_t tag) { return tag != S_UNINIT && tag != S_OBJECT; }

/* Byte `i` of cur may stand for byte i of old, where the number does not matter or is not known. */
static bool covers_byte(const struct vslot *old, const struct vslot *cur, int i, bool precise)
{
	uint8_t tag = cur->tag[i];

	switch (old->tag[i]) {
	case S_UNINIT: return tag != S_OBJECT; /* where it can be read, an object's bytes cannot */
	case S_ZERO:
		if (!precise)
			return reads_as_number(tag);
		return tag == S_ZERO || (tag == S_SPILL && num_is(&cur->reg.n, 0));
	case S_MISC: return reads_as_number(tag);
	default: return !precise && reads_as_number(tag); /* a spilled scalar */
	}
}

/* No byte that is demanded was readable: the verified walk would have failed, had it read one. */
static bool reads_nothing(const struct vslot *old, const struct frame_demand *d, uint32_t k)
{
	for (int i = 0; i < 8; i++)
		if (old->tag[i] != S_UNINIT && demand_byte(d, k, (uint32_t)i))
			return false;
	return true;
}

const struct vslot *slot_zeros_as_spill(const struct vslot *s, const struct vslot *like, struct vslot *copy)
{
	if (slot_spills(s) || !slot_spills(like) || like->reg.kind != V_SCALAR)
		return s;
	for (int i = 0; i < 8; i++)
		if (like->tag[i] == S_SPILL && s->tag[i] != S_ZERO)
			return s;
	*copy = *s;
	for (int i = 0; i < 8; i++)
		if (like->tag[i] == S_SPILL)
			copy->tag[i] = S_SPILL;
	reg_scalar(&copy->reg, num_const(0), like->reg.origin);
	return copy;
}

static bool covers_slot(struct pairs *p, const struct vslot *old, const struct vslot *cur, const struct frame_demand *d,
			uint32_t k)
{
	bool precise = d->slot_precise >> k & 1;

	if (slot_is_object(old))
		return slot_is_object(cur) && covers_pointer(p, &old->reg, &cur->reg, true);
	if (p->unreadable && reads_nothing(old, d, k))
		return true;
	if (spills_pointer(old) || spills_pointer(cur))
		return same_spill_shape(old, cur) && covers_reg(p, &old->reg, &cur->reg, precise);
	if (precise && slot_spills(old)) {
		struct vslot zero;

		if (!slot_spills(cur)) /* bytes of zeros are the number 0 */
			cur = slot_zeros_as_spill(cur, old, &zero);
		if (!same_spill_shape(old, cur) || !covers_scalar(p, &old->reg, &cur->reg, true))
			return false;
		for (int i = 0; i < 8; i++)
			if (old->tag[i] != S_SPILL && demand_byte(d, k, (uint32_t)i) && !covers_byte(old, cur, i, true))
				return false;
		return true;
	}
	for (int i = 0; i < 8; i++)
		if (demand_byte(d, k, (uint32_t)i) && !covers_byte(old, cur, i, precise))
			return false;
	return true;
}

static bool none_of_eight(const uint8_t *bytes)
{
	uint64_t all;

	memcpy(&all, bytes, sizeof(all));
	return !all;
}

static bool covers_frame(struct pairs *p, const struct vframe *old, const struct vframe *cur,
			 const struct frame_demand *d)
{
	static const struct vslot empty;

	if (old->sub != cur->sub || old->callsite != cur->callsite || (p->fixed && cur->gone < old->gone))
		return false;
	for (int r = 0; r < IOV_R10; r++)
		if (d->used >> r & 1 && !covers_reg(p, &old->r[r], &cur->r[r], d->precise >> r & 1))
			return false;
	for (uint32_t k = 0; k < V_STACK_SLOTS; k++) {
		if (!(k & 7) && none_of_eight(d->bytes + k)) {
			k += 7;
			continue;
		}
		if (k >= old->slots && k >= cur->slots)
			break;
		if (d->bytes[k] && !covers_slot(p, k < old->slots ? &old->s[k] : &empty,
						k < cur->slots ? &cur->s[k] : &empty, d, k))
			return false;
	}
	return true;
}

/* What may change behind the program's back in cur did so in old, whether it was asked for or not. */
static bool covers_shared(const struct vstate *old, const struct vstate *cur)
{
	for (uint32_t i = 0; cur->shared && i < cur->frames; i++)
		for (int32_t off = -8 * (int32_t)cur->f[i]->slots; off < 0; off++)
			if (stack_tag(cur->f[i], off) == S_SHARED && stack_tag(old->f[i], off) != S_SHARED)
				return false;
	return true;
}

static bool covers_refs(struct pairs *p, const struct vstate *old, const struct vstate *cur)
{
	if (old->ref_count != cur->ref_count)
		return false;
	for (uint32_t i = 0; i < old->ref_count; i++)
		if (!pair_ids(p, old->refs[i].id, cur->refs[i].id))
			return false;
	return true;
}

static bool covers_lock(struct pairs *p, const struct vlock *old, const struct vlock *cur)
{
	return old->held == cur->held && (!old->held || (old->map == cur->map && old->type == cur->type &&
							 pair_ids(p, old->id, cur->id)));
}

bool state_covers(const struct verifier *v, const struct vstate *old, const struct demand *d, const struct vstate *cur)
{
	struct pairs p;

	p.count = 0;
	p.fixed = v->fixed_ids;
	p.unreadable = !(v->platform->rules & IOV_RULE_UNINIT_TO_MAPS);
	if (old->frames != cur->frames || old->returned != cur->returned || old->rcu != cur->rcu ||
	    old->preempt != cur->preempt || !covers_refs(&p, old, cur) ||
	    !covers_lock(&p, &old->lock, &cur->lock))
		return false;
	if (!covers_shared(old, cur))
		return false;
	for (uint32_t i = 0; i < old->frames; i++)
		if (!covers_frame(&p, old->f[i], cur->f[i], &d->f[i]))
			return false;
	return true;
}

/* A link that a single register has left ties nothing. */
struct link_count {
	uint32_t id[LINKS], seen[LINKS], count, fixed;
};

static void count_link(struct link_count *c, const struct vreg *r)
{
	uint32_t i;

	if (r->kind != V_SCALAR || r->id <= c->fixed)
		return;
	for (i = 0; i < c->count && c->id[i] != r->id; i++)
		;
	if (i == LINKS)
		return;
	if (i == c->count) {
		c->id[c->count] = r->id;
		c->seen[c->count++] = 0;
	}
	c->seen[i]++;
}

static void drop_link(struct vreg *r, void *ud)
{
	const struct link_count *c = ud;

	if (r->kind != V_SCALAR || r->id <= c->fixed)
		return;
	for (uint32_t i = 0; i < c->count; i++)
		if (c->id[i] == r->id && c->seen[i] == 1)
			reg_unlink(r);
}

bool state_drop_single_links(struct verifier *v, struct vstate *s)
{
	struct link_count c;
	bool any = false;

	c.count = 0;
	c.fixed = v->fixed_ids;
	for (uint32_t i = 0; i < s->frames; i++) {
		const struct vframe *f = s->f[i];

		for (int r = 0; r < IOV_R10; r++)
			count_link(&c, &f->r[r]);
		for (uint32_t k = 0; k < f->slots; k++)
			if (slot_spills(&f->s[k]))
				count_link(&c, &f->s[k].reg);
	}
	for (uint32_t i = 0; i < c.count; i++)
		any |= c.seen[i] == 1;
	return !any || state_each(&v->pool, s, drop_link, &c);
}

static bool same_reg(const struct vreg *a, const struct vreg *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == V_UNINIT || (a->maybe_null == b->maybe_null && a->off == b->off && a->frame == b->frame &&
				       a->map == b->map && a->object == b->object && a->range == b->range &&
				       a->turns == b->turns &&
				       (reg_is_packet(a) ? a->beyond == b->beyond : !a->beyond == !b->beyond) &&
				       a->type == b->type && a->trust == b->trust &&
				       !a->id == !b->id && !a->ref == !b->ref && num_equal(&a->n, &b->n));
}

static bool same_frame(const struct vframe *a, const struct vframe *b)
{
	if (a->sub != b->sub || a->callsite != b->callsite || a->turn != b->turn || a->slots != b->slots)
		return false;
	for (int r = 0; r < IOV_R10; r++)
		if (!same_reg(&a->r[r], &b->r[r]))
			return false;
	for (uint32_t k = 0; k < a->slots; k++)
		if (memcmp(a->s[k].tag, b->s[k].tag, 8) ||
		    ((slot_spills(&a->s[k]) || slot_is_object(&a->s[k])) && !same_reg(&a->s[k].reg, &b->s[k].reg)))
			return false;
	return true;
}

bool state_same(const struct verifier *v, const struct vstate *a, const struct vstate *b)
{
	(void)v;
	if (a->frames != b->frames || a->returned != b->returned || a->ref_count != b->ref_count ||
	    a->lock.held != b->lock.held || a->rcu != b->rcu || a->preempt != b->preempt)
		return false;
	for (uint32_t i = 0; i < a->frames; i++)
		if (!same_frame(a->f[i], b->f[i]))
			return false;
	return true;
}
