/* SPDX-License-Identifier: Apache-2.0 */
/* Open-coded iterators, kept on the stack (stack_object.c): made, asked for elements until they give NULL, ended. What
 * an iterator gives ends: so a loop that asks one and the same iterator on every turn needs no bound of its own. At
 * such a call a state that an earlier one of the same iterator (the same identity: one made anew is another) covers in
 * everything ends the path, and numbers that differ from the turn before are widened, as between turns of a callback.
 * One that has given NULL gives no more: it bounds nothing, and a loop that asks it still is as any other.
 * The iterator's variable part is how many elements it gives at most from there on, for the cost alone: one less after
 * the first, and the same after those that follow, so that states of turns still cover one another.
 * An element lies in the iterator: it is read-only, or the program could set the iterator back and never end, and it
 * dies with the iterator's end. */
#include "backend/verify/internal.h"

enum { ELEMENTS = 1 << 23 }; /* bpf_iter_num_new() refuses more */

static const struct vreg *find(const struct vstate *s)
{
	const struct vreg *ptr = &state_top(s)->r[IOV_R1];
	const struct vframe *f;
	int64_t off;

	if (ptr->kind != V_STACK || !num_is_const(&ptr->n))
		return NULL;
	f = s->f[ptr->frame];
	off = ptr->off + (int64_t)num_value(&ptr->n);
	if (off % 8 || off < -V_STACK_BYTES || off >= 0 || slot_of((int32_t)off) >= f->slots ||
	    !slot_is_object(&f->s[slot_of((int32_t)off)]))
		return NULL;
	return &f->s[slot_of((int32_t)off)].reg;
}

uint32_t iter_id(const struct vstate *s)
{
	const struct vreg *object = find(s);

	return object && object->kind == V_ITER && !object->range ? object->id : 0;
}

/* A place on the stack, of which states that cover each other have the same. */
uint8_t iter_row(struct verifier *v, const struct vstate *s)
{
	const struct vreg *ptr = &state_top(s)->r[IOV_R1];
	uint32_t place, i;

	if (!iter_id(s))
		return 0;
	place = ptr->frame * V_STACK_SLOTS + slot_of(ptr->off + (int32_t)num_value(&ptr->n));
	for (i = 0; i < v->iter_places && v->iter_place[i] != place; i++)
		;
	if (i == COST_ITERS)
		return 0;
	v->iter_place[i] = place;
	v->iter_places += i == v->iter_places;
	return (uint8_t)(COST_ITER + i);
}

bool iter_same(const struct vstate *a, const struct vstate *b)
{
	const struct vreg *x = a->frames == b->frames ? find(a) : NULL, *y = find(b);

	return x && y && x->kind == V_ITER && y->kind == V_ITER && !y->range && x->id == y->id;
}

enum step iter_argument(struct verifier *v, struct call *c, int i)
{
	const struct vreg *object = sobj_at(v, (uint8_t)(1 + i), IOV_ITER_BYTES, V_ITER);
	struct iov_diag *d;

	if (!object) {
		if (v->top->r[1 + i].kind != V_STACK)
			return arg_wrong(v, c, i);
		d = verify_diag(v, DIAG_V_OBJECT_WANTED, v->pc, "%s is no iterator here",
				explain_reg(v, v->pc, 1 + i));
		diag_why(d, IOV_NOWHERE, "bpf_%s() wants one that bpf_iter_num_new() has made on every path, and that "
			 "was neither destroyed nor overwritten since", c->helper->name);
		explain_path(v, d);
		diag_hint(d, "write the loop as bpf_for(i, 0, n) { … }: it makes and ends its iterator");
		return STEP_ERROR;
	}
	c->iter = *object;
	if (c->helper->release_arg == i + 1)
		c->release = object->ref;
	if (v->insns[v->pc].iter && !object->range) {
		v->node->row = iter_row(v, v->st);
		v->node->iter = v->node->row ? c->iter.id : 0;
		/* advance() takes one off after the first turn: where that is over, none of those that follow does */
		v->node->turns = c->iter.n.full.umax + (c->iter.turns != 0);
	}
	return STEP_NEXT;
}

/* That it gives, from and up to numbers of 32 bits with a sign. */
static uint64_t most_elements(const struct vreg *from, const struct vreg *to)
{
	int64_t most = to->n.half.smax - from->n.half.smin;

	return most < 0 ? 0 : most > ELEMENTS ? ELEMENTS : (uint64_t)most;
}

enum step iter_make(struct verifier *v, const struct call *c)
{
	uint64_t most = most_elements(&v->top->r[IOV_R2], &v->top->r[IOV_R3]);
	struct vreg object = {.kind = V_ITER, .id = ++v->next_id, .origin = v->pc, .n = num_between(0, most)};

	(void)c;
	if (most < ELEMENTS) {
		flow_reg(v, FLOW_PRECISE, IOV_R2, 0);
		flow_reg(v, FLOW_PRECISE, IOV_R3, 0);
	}
	object.ref = reference_acquire(v);
	return object.ref ? sobj_make(v, IOV_R1, IOV_ITER_BYTES, &object) : STEP_ERROR;
}


/* The iterator in the state `s` has given one more element, or NULL. */
static bool advance(struct verifier *v, struct vstate *s, uint32_t id, bool drained)
{
	for (uint32_t i = 0; i < s->frames; i++)
		for (uint32_t k = 0; k < s->f[i]->slots; k++) {
			struct vframe *f = s->f[i];

			if (!slot_is_object(&f->s[k]) || f->s[k].reg.kind != V_ITER || f->s[k].reg.id != id)
				continue;
			f = state_frame(&v->pool, s, i, 0);
			if (!f)
				return false;
			if (!drained && !f->s[k].reg.turns && f->s[k].reg.n.full.umax)
				f->s[k].reg.n = num_between(0, f->s[k].reg.n.full.umax - 1);
			f->s[k].reg.turns++;
			f->s[k].reg.range = drained;
		}
	return true;
}

enum step iter_next(struct verifier *v, const struct call *c)
{
	struct vreg element = {.kind = V_RECORD, .range = 4, .read_only = true, .slice_of = c->iter.id,
			       .ref = c->iter.ref, .origin = v->pc, .n = num_const(0)};
	uint32_t top = v->st->frames - 1;
	struct vframe *f;

	if (!c->iter.range) {
		v->other = state_copy(&v->pool, v->st);
		if (!v->other || !advance(v, v->other, c->iter.id, false))
			return STEP_NOMEM;
		f = state_frame(&v->pool, v->other, top, 0);
		if (!f)
			return STEP_NOMEM;
		f->r[IOV_R0] = element;
		v->other_next = v->next;
		if (!advance(v, v->st, c->iter.id, true))
			return STEP_NOMEM;
	}
	v->top = state_frame(&v->pool, v->st, top, 0);
	if (!v->top)
		return STEP_NOMEM;
	reg_scalar(&v->top->r[IOV_R0], num_const(0), v->pc);
	return c->iter.range ? STEP_NEXT : STEP_FORK;
}
