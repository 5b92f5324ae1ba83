/* SPDX-License-Identifier: Apache-2.0 */
/* Dynptrs: windows into memory whose size is known at run time, kept on the stack (stack_object.c) and used through
 * calls. A slice is plain memory that a dynptr gave out: it dies with the dynptr, with the reference that the dynptr
 * holds, and, where it lies in a packet, when that changes. Source: the kernel's Documentation/bpf/kfuncs.rst and
 * helper descriptions (uapi linux/bpf.h). */
#include "backend/verify/internal.h"

static const char *kind_of(uint32_t dynptr)
{
	static const char *const names[] = {
		[IOV_DYNPTR_ANY] = "of any kind", [IOV_DYNPTR_LOCAL] = "of a map value",
		[IOV_DYNPTR_RINGBUF] = "of a ring-buffer record", [IOV_DYNPTR_SKB] = "of an skb",
		[IOV_DYNPTR_XDP] = "of an XDP packet",
	};

	return names[dynptr];
}

/* The dynptr behind the register: of another function's caller, or on the stack. */
const struct vreg *dynptr_find(struct verifier *v, uint8_t reg)
{
	const struct vreg *r = &v->top->r[reg];

	if (r->kind != V_DYNPTR)
		return sobj_at(v, reg, IOV_DYNPTR_BYTES, V_DYNPTR);
	flow_reg(v, FLOW_USE, reg, 0);
	return r;
}

static enum step none(struct verifier *v, const struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	struct iov_diag *d;

	if (r->kind != V_STACK)
		return arg_wrong(v, c, i);
	d = verify_diag(v, DIAG_V_OBJECT_WANTED, v->pc, "%s is no dynptr here", explain_reg(v, v->pc, 1 + i));
	diag_why(d, IOV_NOWHERE,
		 "argument %d of bpf_%s() is the address of a dynptr that a call has made on every path, and that was "
		 "neither given back nor overwritten since",
		 i + 1, c->helper->name);
	explain_path(v, d);
	diag_hint(d, "make it first, with bpf_dynptr_from_mem(), bpf_dynptr_from_skb() or "
		     "bpf_ringbuf_reserve_dynptr()");
	return STEP_ERROR;
}

static enum step other_kind(struct verifier *v, const struct call *c, int i, const struct vreg *object)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_OBJECT_WANTED, v->pc, "bpf_%s() wants a dynptr %s, and %s is one %s",
					 c->helper->name, kind_of(c->helper->dynptr), explain_reg(v, v->pc, 1 + i),
					 kind_of(object->range));

	diag_why(d, prog_span(v->prog, object->origin), "made by %s at %s", explain_helper_at(v, object->origin),
		 explain_at(v, object->origin));
	explain_path(v, d);
	return STEP_ERROR;
}

enum step dynptr_argument(struct verifier *v, struct call *c, int i)
{
	const struct vreg *object = dynptr_find(v, (uint8_t)(1 + i));

	if (!object)
		return none(v, c, i);
	if (c->helper->dynptr && object->range != c->helper->dynptr)
		return other_kind(v, c, i, object);
	if (c->dynptr.kind != V_DYNPTR)
		c->dynptr = *object;
	if (c->helper->release_arg == i + 1)
		c->release = object->ref;
	return STEP_NEXT;
}

bool dynptr_changes_packet(const struct call *c)
{
	if (c->helper->flags & IOV_HF_WRITES_DYNPTR)
		return c->dynptr.range == IOV_DYNPTR_SKB || c->dynptr.range == IOV_DYNPTR_ANY;
	return c->helper->flags & IOV_HF_CHANGES_PACKET;
}

enum step dynptr_make(struct verifier *v, const struct call *c)
{
	struct vreg object = {.kind = V_DYNPTR, .range = c->helper->dynptr, .origin = v->pc, .n = num_const(0)};

	for (int i = 0; i < 5; i++) {
		if (c->helper->args[i] != IOV_ARG_DYNPTR_UNINIT)
			continue;
		object.id = ++v->next_id;
		if (c->dynptr.kind == V_DYNPTR) { /* a clone lives by the same reference */
			object.range = c->dynptr.range;
			object.ref = c->dynptr.ref;
		} else if (object.range == IOV_DYNPTR_RINGBUF) {
			object.ref = reference_acquire(v);
			if (!object.ref)
				return STEP_ERROR;
		}
		return sobj_make(v, (uint8_t)(1 + i), IOV_DYNPTR_BYTES, &object);
	}
	return STEP_NEXT;
}

/* A slice of a packet may be a copy in the buffer, when the packet is in pieces. So it lives as long as both, and what
 * is written through it may be found there. */
static enum step buffer_behind(struct verifier *v, const struct call *c, struct vreg *r)
{
	const struct vreg *b = &c->buffer;

	switch (b->kind) {
	case V_STACK:
		v->slices = true;
		r->frame = (uint8_t)(b->frame + 1);
		if (c->helper->kfunc & IOV_KF_SLICE_WRITES && !stack_share(v, b, c->alloc_size))
			return STEP_NOMEM;
		return STEP_NEXT;
	case V_PACKET: case V_META: r->of_packet = true; return STEP_NEXT;
	case V_RECORD:
		if ((b->ref && r->ref && b->ref != r->ref) || (b->slice_of && b->slice_of != r->slice_of) || b->frame)
			return explain_unsupported(v, "memory of one dynptr as buffer for another");
		r->ref = b->ref ? b->ref : r->ref;
		r->of_packet |= b->of_packet;
		return STEP_NEXT;
	default: return STEP_NEXT;
	}
}

static enum step not_writable(struct verifier *v, const struct call *c)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_PACKET_READONLY, v->pc,
					 "programs of type %s cannot call bpf_%s(): they do not write packets",
					 v->type->name, c->helper->name);

	explain_path(v, d);
	diag_hint(d, "write bpf_dynptr_slice() to read, and bpf_dynptr_write() to write into other memory");
	return STEP_ERROR;
}

enum step dynptr_slice(struct verifier *v, const struct call *c, struct vreg *r)
{
	const struct vreg *object = &c->dynptr;

	r->slice_of = object->id;
	r->ref = object->ref;
	if (!(c->helper->kfunc & IOV_KF_SLICE))
		return STEP_NEXT;
	r->read_only = !(c->helper->kfunc & IOV_KF_SLICE_WRITES);
	r->of_packet = object->range != IOV_DYNPTR_LOCAL && object->range != IOV_DYNPTR_RINGBUF;
	if (!r->read_only && !v->type->packet_write)
		return not_writable(v, c);
	return buffer_behind(v, c, r);
}

static void end_in_frame(struct vreg *r, void *ud)
{
	if (r->kind == V_RECORD && r->frame == *(const uint32_t *)ud + 1)
		*r = (struct vreg){.kind = V_UNINIT, .origin = r->origin, .n = num_const(0)};
}

bool dynptr_frame_ends(struct verifier *v, uint32_t frame)
{
	return !v->slices || state_each(&v->pool, v->st, end_in_frame, &frame);
}
