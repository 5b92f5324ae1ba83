/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that calls keep on the stack: dynptrs and iterators. Their bytes belong to the calls that know them: nothing
 * else reads them. A store over one ends it, and what was reached through it; one that holds a reference cannot be
 * ended in this way. An object covers whole slots, begins at an exact offset, and all of its slots say so, each with
 * its place: part of one never counts as the whole. */
#include "backend/verify/internal.h"

#include <string.h>

static const char *name_of(const struct vreg *object)
{
	return object->kind == V_DYNPTR ? "dynptr" : object->kind == V_ITER ? "iterator" : "object";
}

static const char *variable(struct verifier *v, int32_t off)
{
	const struct iov_var *var = prog_stack_var(v->prog, v->pc, off);
	const char *s = var && var->name ? arena_printf(&v->work, "`%s`", var->name)
					 : arena_printf(&v->work, "the stack at r10%d", off);

	return s ? s : "?";
}

/* A slot of the frame that is part of an object, or NULL. */
static struct vslot *slot_at(struct vframe *f, uint32_t k)
{
	return k < f->slots && slot_is_object(&f->s[k]) ? &f->s[k] : NULL;
}

static const struct vslot *peek(const struct vframe *f, uint32_t k)
{
	return k < f->slots && slot_is_object(&f->s[k]) ? &f->s[k] : NULL;
}

static void end_slice(struct vreg *r, void *ud)
{
	const uint32_t *w = ud; /* the object, the instruction that ended it */

	if (r->kind == V_RECORD && r->slice_of == w[0])
		*r = (struct vreg){.kind = V_FREED, .overwritten = true, .origin = w[1], .n = num_const(0)};
}

/* All slots of the object that slot k is part of become bytes that were never written. */
static void clear(struct vframe *f, uint32_t k)
{
	uint32_t id = f->s[k].reg.id, base = k + (uint32_t)f->s[k].reg.off / 8;

	for (uint32_t place = 0; place <= base; place++) {
		struct vslot *s = slot_at(f, base - place);

		if (!s || s->reg.id != id || (uint32_t)s->reg.off != 8 * place)
			break;
		memset(s->tag, S_UNINIT, 8);
	}
}

static enum step holds_reference(struct verifier *v, int32_t off, const struct vreg *object)
{
	const char *call = explain_helper_at(v, object->origin);
	struct iov_diag *d = verify_diag(v, DIAG_V_OBJECT_BYTES, v->pc,
					 "the %s in %s is overwritten while it holds what %s gave it", name_of(object),
					 variable(v, off), call);

	diag_why(d, prog_span(v->prog, object->origin), "made by %s at %s, and not given back since", call,
		 explain_at(v, object->origin));
	explain_path(v, d);
	diag_hint(d, "give it back first, with the call that ends it");
	return STEP_ERROR;
}

static enum step touched(struct verifier *v, int32_t off, const struct vreg *object, bool write)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_OBJECT_BYTES, v->pc, "bytes of the %s in %s would be %s",
					 name_of(object), variable(v, off), write ? "overwritten by a call" : "read");

	diag_why(d, prog_span(v->prog, object->origin), "%s made it at %s; only calls that take a %s know what its "
		 "bytes mean", explain_helper_at(v, object->origin), explain_at(v, object->origin), name_of(object));
	explain_path(v, d);
	diag_hint(d, "use another variable, or end the %s first", name_of(object));
	return STEP_ERROR;
}

enum step sobj_read(struct verifier *v, int32_t off, const struct vreg *object)
{
	return touched(v, off, object, false);
}

enum step sobj_overwrite(struct verifier *v, const struct access *a, uint32_t frame, int32_t first, int32_t end)
{
	for (uint32_t k = slot_of(end - 1); k <= slot_of(first); k++) {
		const struct vslot *s = peek(v->st->f[frame], k);
		int32_t off = -8 * (int32_t)(k + 1);
		uint32_t ended[2] = {0, v->pc};
		struct vframe *f;

		if (!s)
			continue;
		if (a && a->sized_by_helper)
			return touched(v, off, &s->reg, true);
		if (s->reg.ref)
			return holds_reference(v, off, &s->reg);
		ended[0] = s->reg.id;
		f = state_frame(&v->pool, v->st, frame, 0);
		if (!f)
			return STEP_NOMEM;
		clear(f, k);
		if (!state_each(&v->pool, v->st, end_slice, ended))
			return STEP_NOMEM;
		v->top = v->st->f[v->st->frames - 1];
	}
	return STEP_NEXT;
}

static enum step misplaced(struct verifier *v, uint8_t reg, const struct vreg *object, const char *why)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_OBJECT_WANTED, v->pc, "a %s cannot be made at %s", name_of(object),
					 explain_reg(v, v->pc, reg));

	diag_why(d, IOV_NOWHERE, "%s", why);
	explain_path(v, d);
	diag_hint(d, "declare it as a local variable and give its address: `struct bpf_%s %c; … &%c`",
		  object->kind == V_ITER ? "iter_num" : name_of(object), *name_of(object), *name_of(object));
	return STEP_ERROR;
}

enum step sobj_make(struct verifier *v, uint8_t reg, uint32_t size, const struct vreg *object)
{
	struct access a = {.reg = reg, .size = size, .write = true, .sized_by_helper = true};
	struct vreg ptr = v->top->r[reg];
	int32_t first, last;
	struct vframe *f;
	enum step s;

	flow_reg(v, FLOW_USE, reg, 0);
	if (ptr.kind != V_STACK)
		return misplaced(v, reg, object, "it lives on the stack, and this points elsewhere");
	if (!num_is_const(&ptr.n) || (ptr.off + (int64_t)num_value(&ptr.n)) % 8)
		return misplaced(v, reg, object, "it lies at a constant offset that is a multiple of 8");
	s = stack_access(v, &a, &ptr, &first, &last);
	for (int32_t off = first; s == STEP_NEXT && v->st->shared && off < last + (int32_t)size; off++)
		if (stack_tag(v->st->f[ptr.frame], off) == S_SHARED)
			return misplaced(v, reg, object, "a slice of another dynptr may lie there");
	if (s == STEP_NEXT)
		s = sobj_overwrite(v, NULL, ptr.frame, first, first + (int32_t)size);
	if (s != STEP_NEXT)
		return s;
	f = state_frame(&v->pool, v->st, ptr.frame, slot_of(first) + 1);
	if (!f)
		return STEP_NOMEM;
	v->top = v->st->f[v->st->frames - 1];
	flow_log(v, FLOW_KILL, ptr.frame, 0, 0, first, size);
	for (uint32_t place = 0; place < size / 8; place++) {
		struct vslot *slot = &f->s[slot_of(first) - place];

		memset(slot->tag, S_OBJECT, 8);
		slot->reg = *object;
		slot->reg.off = 8 * (int32_t)place;
	}
	return STEP_NEXT;
}

const struct vreg *sobj_at(struct verifier *v, uint8_t reg, uint32_t size, enum vkind kind)
{
	const struct vreg *ptr = &v->top->r[reg];
	const struct vframe *f;
	int64_t off;

	flow_reg(v, FLOW_USE, reg, 0);
	if (ptr->kind != V_STACK || !num_is_const(&ptr->n))
		return NULL;
	off = ptr->off + (int64_t)num_value(&ptr->n);
	if (off % 8 || off < -V_STACK_BYTES || off + (int64_t)size > 0)
		return NULL;
	f = v->st->f[ptr->frame];
	flow_log(v, FLOW_READ_PRECISE, ptr->frame, 0, 0, (int32_t)off, size);
	for (uint32_t place = 0; place < size / 8; place++) {
		const struct vslot *s = peek(f, slot_of((int32_t)off) - place);

		if (!s || s->reg.kind != kind || (uint32_t)s->reg.off != 8 * place ||
		    s->reg.id != f->s[slot_of((int32_t)off)].reg.id)
			return NULL;
	}
	return &f->s[slot_of((int32_t)off)].reg;
}

bool sobj_release(struct verifier *v, uint32_t ref)
{
	for (uint32_t i = 0; i < v->st->frames; i++) {
		bool any = false;
		struct vframe *f = v->st->f[i];

		for (uint32_t k = 0; k < f->slots; k++)
			any |= slot_is_object(&f->s[k]) && f->s[k].reg.ref == ref;
		f = any ? state_frame(&v->pool, v->st, i, 0) : f;
		if (!f)
			return false;
		for (uint32_t k = 0; any && k < f->slots; k++)
			if (slot_is_object(&f->s[k]) && f->s[k].reg.ref == ref)
				memset(f->s[k].tag, S_UNINIT, 8);
	}
	return true;
}
