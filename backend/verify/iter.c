/* SPDX-License-Identifier: Apache-2.0 */
/* Open-coded iterators, kept on the stack (stack_object.c): made, asked for elements until they give NULL, ended. What
 * an iterator gives ends: so a loop that asks one and the same iterator on every turn needs no bound of its own. At
 * such a call a state that an earlier one of the same iterator (the same identity: one made anew is another) covers in
 * everything ends the path, and numbers that differ from the turn before are widened, as between turns of a callback.
 * One that has given NULL gives no more: it bounds nothing, and a loop that asks it still is as any other.
 * An element lies in the iterator: it is read-only, or the program could set the iterator back and never end, and it
 * dies with the iterator's end. */
#include "backend/verify/internal.h"

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
	return STEP_NEXT;
}

enum step iter_make(struct verifier *v, const struct call *c)
{
	struct vreg object = {.kind = V_ITER, .id = ++v->next_id, .origin = v->pc, .n = num_const(0)};

	(void)c;
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
