/* SPDX-License-Identifier: Apache-2.0 */
/* Recording claims (record.h). While a stretch is walked the state before each instruction is kept beside its place in
 * the flow log; when the stretch is finished its log is run backward from place to place, which gives the demand that
 * each state is restricted to. The question why (why.c) reads the states along the path. Costs nothing without either.
 */
#include "backend/verify/internal.h"

#include <string.h>

bool record_begin(struct verifier *v)
{
	struct iov_claims *c = v->options ? v->options->claims : NULL;

	if (!c)
		return true;
	c->count = v->prog->count;
	c->walked = 0;
	c->by_insn = arena_array(c->arena, c->count ? c->count : 1, sizeof(struct iov_claim *));
	c->kept = arena_array(c->arena, c->count ? c->count : 1, sizeof(*c->kept));
	return c->by_insn && c->kept;
}

void record_count(const struct verifier *v, enum iov_counted what)
{
	if (v->options && v->options->claims)
		v->options->claims->counts[what]++;
}

bool record_insn(struct verifier *v)
{
	struct vnode *n = v->node;
	struct vsnap *grown;

	if (!v->options || (!v->options->claims && !v->options->why))
		return true;
	if (n->snap_count == n->snap_cap) {
		uint32_t cap = n->snap_cap ? 2 * n->snap_cap : 8;

		grown = alloc_resize(v->alloc, n->snaps, n->snap_cap * sizeof(*grown), cap * sizeof(*grown));
		if (!grown)
			return false;
		n->snaps = grown;
		n->snap_cap = cap;
	}
	n->snaps[n->snap_count] = (struct vsnap){state_copy(&v->pool, v->st), v->pc, n->log_len};
	if (!n->snaps[n->snap_count].state)
		return false;
	n->snap_count++;
	if (v->options->claims)
		v->options->claims->walked++;
	v->top = state_frame(&v->pool, v->st, v->st->frames - 1, 0);
	return v->top != NULL;
}

void record_drop(struct verifier *v, struct vnode *n)
{
	while (n->snap_count)
		state_drop(&v->pool, n->snaps[--n->snap_count].state);
	alloc_free(v->alloc, n->snaps, n->snap_cap * sizeof(*n->snaps));
	n->snaps = NULL;
	n->snap_cap = 0;
}

/* A claim under construction: room for all that a frame can have. */
struct draft {
	struct iov_claim claim;
	struct vreg regs[IOV_R10];
	struct iov_claim_slot slots[V_STACK_SLOTS];
};

static void draft_regs(struct draft *t, const struct vframe *f, const struct frame_demand *d)
{
	for (int r = 0; r < IOV_R10; r++) {
		if (!(d->used >> r & 1) || f->r[r].kind == V_UNINIT)
			continue;
		t->claim.used |= (uint16_t)(1u << r);
		t->claim.precise |= (uint16_t)(d->precise & 1u << r);
		t->regs[t->claim.reg_count++] = f->r[r];
	}
}

static void draft_slots(struct draft *t, const struct vframe *f, const struct frame_demand *d)
{
	for (uint32_t k = 0; k < f->slots; k++) {
		struct iov_claim_slot *s = &t->slots[t->claim.slot_count];

		if (!d->bytes[k])
			continue;
		*s = (struct iov_claim_slot){.slot = (uint8_t)k, .bytes = d->bytes[k],
					     .precise = d->slot_precise >> k & 1, .reg = f->s[k].reg};
		memcpy(s->tag, f->s[k].tag, 8);
		t->claim.slot_count++;
	}
}

static bool same_reg(const struct vreg *a, const struct vreg *b)
{
	return a->kind == b->kind && a->maybe_null == b->maybe_null && a->low == b->low && a->frame == b->frame &&
	       a->off == b->off && a->id == b->id && a->range == b->range && a->beyond == b->beyond &&
	       a->map == b->map && a->type == b->type && a->trust == b->trust && num_equal(&a->n, &b->n);
}

static bool same_claim(const struct iov_claim *a, const struct iov_claim *b)
{
	if (a->frames != b->frames || a->callsite != b->callsite || a->refs != b->refs || a->used != b->used ||
	    a->precise != b->precise || a->slot_count != b->slot_count)
		return false;
	for (uint32_t i = 0; i < a->reg_count; i++)
		if (!same_reg(&a->regs[i], &b->regs[i]))
			return false;
	for (uint32_t i = 0; i < a->slot_count; i++) {
		const struct iov_claim_slot *x = &a->slots[i], *y = &b->slots[i];

		if (x->slot != y->slot || x->bytes != y->bytes || x->precise != y->precise ||
		    memcmp(x->tag, y->tag, 8) ||
		    ((memchr(x->tag, S_SPILL, 8) || x->tag[0] == S_OBJECT) && !same_reg(&x->reg, &y->reg)))
			return false;
	}
	return true;
}

static bool claim_add(struct iov_claims *c, uint32_t insn, const struct iov_claim *draft)
{
	struct iov_claim *kept = ARENA_NEW(c->arena, struct iov_claim);

	if (!kept)
		return false;
	*kept = *draft;
	kept->regs = arena_copy(c->arena, draft->regs, draft->reg_count * sizeof(*draft->regs));
	kept->slots = arena_copy(c->arena, draft->slots, draft->slot_count * sizeof(*draft->slots));
	if (!kept->regs || !kept->slots)
		return false;
	kept->joined = 1;
	kept->next = c->by_insn[insn];
	c->by_insn[insn] = kept;
	c->kept[insn]++;
	return true;
}

/* Both scalars, or pointers that differ in the variable part alone. False: nothing common is left. */
static bool join_reg(struct vreg *a, const struct vreg *b)
{
	if (a->kind != b->kind || a->kind == V_UNINIT || a->map != b->map || a->frame != b->frame ||
	    a->type != b->type || a->trust != b->trust)
		return false;
	if (a->kind != V_SCALAR && a->off != b->off)
		return false;
	a->maybe_null |= b->maybe_null;
	a->range = a->range < b->range ? a->range : b->range;
	a->beyond = !a->beyond || !b->beyond ? 0 : a->beyond > b->beyond ? a->beyond : b->beyond;
	a->n = num_join(&a->n, &b->n);
	if (a->kind == V_SCALAR)
		reg_unlink(a);
	return true;
}

/* a |= b, for claims of the same frame. What they do not share is not claimed any more. */
static void claim_join(struct iov_claim *a, const struct iov_claim *b)
{
	uint32_t out = 0, i = 0, j = 0;

	for (int r = 0; r < IOV_R10; r++) {
		const struct vreg *x = a->used >> r & 1 ? &a->regs[i++] : NULL;
		const struct vreg *y = b->used >> r & 1 ? &b->regs[j++] : NULL;
		struct vreg joined;

		if (!x)
			continue;
		joined = *x;
		if (!y || !join_reg(&joined, y)) {
			a->used &= (uint16_t)~(1u << r);
			a->precise &= (uint16_t)~(1u << r);
			continue;
		}
		if (!(b->precise >> r & 1))
			a->precise &= (uint16_t)~(1u << r);
		a->regs[out++] = joined;
	}
	a->reg_count = (uint16_t)out;
	a->slot_count = 0;
	a->refs = a->refs > b->refs ? a->refs : b->refs;
	a->joined++;
}

static bool claim_note(struct verifier *v, uint32_t insn, const struct iov_claim *draft)
{
	struct iov_claims *c = v->options->claims;
	struct iov_claim *last = NULL;

	for (struct iov_claim *k = c->by_insn[insn]; k; k = k->next) {
		if (same_claim(k, draft))
			return true;
		if (k->frames == draft->frames && k->callsite == draft->callsite && (!last || k->joined > last->joined))
			last = k;
	}
	if (!last || c->kept[insn] < IOV_CLAIMS_KEPT)
		return claim_add(c, insn, draft);
	claim_join(last, draft);
	return true;
}

static bool record_state(struct verifier *v, const struct vsnap *s, const struct demand *d)
{
	const struct vframe *top = state_top(s->state);
	const struct frame_demand *fd = &d->f[s->state->frames - 1];
	struct draft t;

	t.claim = (struct iov_claim){.frames = s->state->frames, .callsite = top->callsite,
				     .refs = s->state->ref_count, .regs = t.regs, .slots = t.slots};
	draft_regs(&t, top, fd);
	draft_slots(&t, top, fd);
	return claim_note(v, s->insn, &t.claim);
}

/* The node's log from `begin` on; a node that logged nothing has none. */
static void backward(const struct vnode *n, struct demand *d, uint32_t begin, uint32_t end)
{
	if (begin < end)
		demand_backward(d, n->log + begin, end - begin);
}

/* Run the node's log backward over d, leaving a claim at each instruction on the way. */
bool record_backward(struct verifier *v, struct vnode *n, struct demand *d)
{
	uint32_t end = n->log_len;

	for (uint32_t i = n->snap_count; i--;) {
		backward(n, d, n->snaps[i].log_len, end);
		end = n->snaps[i].log_len;
		if (v->options->claims && !record_state(v, &n->snaps[i], d))
			return false;
	}
	backward(n, d, 0, end);
	record_drop(v, n);
	return true;
}
