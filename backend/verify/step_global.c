/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of functions that are taken at their prototype's word: global ones, which are verified once from it, and those
 * that another object will define. */
#include "backend/verify/internal.h"

/* An argument of a global function against its parameter. */
static enum step global_argument(struct verifier *v, const struct iov_subprog *sub, uint32_t i)
{
	const struct iov_param *p = &sub->params[i];
	struct vreg *r = &v->top->r[1 + i];
	struct access a = {.reg = (uint8_t)(1 + i), .size = p->size, .sized_by_helper = true};
	bool ok = false, may_be_null;
	enum step s;

	if (r->kind == V_UNINIT)
		return explain_uninit(v, (int)(1 + i));
	flow_reg(v, FLOW_USE, a.reg, 0);
	switch (p->kind) {
	case IOV_PARAM_SCALAR: ok = r->kind == V_SCALAR; break;
	case IOV_PARAM_DYNPTR: ok = dynptr_find(v, a.reg); break;
	case IOV_PARAM_CTX: ok = r->kind == V_CTX && !r->off && !r->maybe_null; break;
	case IOV_PARAM_MEM: case IOV_PARAM_MEM_NONNULL:
		if (p->kind == IOV_PARAM_MEM && r->kind == V_SCALAR && num_is(&r->n, 0)) {
			flow_reg(v, FLOW_PRECISE, a.reg, 0);
			return STEP_NEXT;
		}
		if (r->kind == V_STACK) {
			struct vreg ptr = *r;

			s = stack_read_range(v, &a, &ptr);
			return s == STEP_NEXT ? stack_write_range(v, &a, &ptr, true) : s;
		}
		if (r->kind != V_VALUE && r->kind != V_RECORD)
			break;
		may_be_null = r->maybe_null && p->kind == IOV_PARAM_MEM && !r->off && num_is(&r->n, 0);
		r->maybe_null &= !may_be_null; /* the callee takes NULL: only what is behind the pointer counts */
		s = mem_check(v, &a);
		a.write = !p->is_const;
		if (s == STEP_NEXT && a.write)
			s = mem_check(v, &a);
		r->maybe_null |= may_be_null;
		return s;
	default: break;
	}
	if (!ok) {
		const char *name = p->name && *p->name ? arena_printf(&v->work, " (`%s`)", p->name) : "";
		struct iov_diag *d = verify_diag(v, DIAG_V_GLOBAL_ARG, v->pc,
						 "argument %u%s of the global function `%s` is %s", i + 1,
						 name ? name : "", sub->name, explain_kind(v, r));

		explain_path(v, d);
		if (sub->count)
			diag_hint(d, "declare `%s` static, so that it is verified with what its callers know",
				  sub->name);
		else
			diag_hint(d, "give it the context, and let it load pointers into the packet itself");
		return STEP_ERROR;
	}
	return STEP_NEXT;
}

/* Linux takes only global functions that return a number. */
static enum step no_number(struct verifier *v, const struct iov_subprog *sub)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_GLOBAL_ARG, v->pc, "the global function `%s` returns %s", sub->name,
					 sub->is_void ? "nothing" : "something else than a number");

	diag_why(d, IOV_NOWHERE, "%s calls only global functions that return a number", v->platform->name);
	explain_path(v, d);
	diag_hint(d, "declare `%s` static, or let it return an int", sub->name);
	return STEP_ERROR;
}

void global_parameter(struct verifier *v, const struct iov_subprog *sub, const struct iov_param *p)
{
	const char *name = p->name && *p->name ? p->name : "?";
	struct iov_diag *d = verify_diag(v, DIAG_V_GLOBAL_ARG, v->pc,
					 "the type of the parameter `%s` of the global function `%s` does not say what "
					 "it points at",
					 name, sub->name);

	diag_why(d, IOV_NOWHERE,
		 "a global function is verified from its prototype: a parameter is a number, the context, or a pointer "
		 "to a type with a size");
	diag_hint(d,
		  "give it such a type, `struct NAME *%s`, or declare `%s` static: then it is verified with what its "
		  "callers know",
		  name, sub->name);
}

enum step global_prototype(struct verifier *v, const struct iov_subprog *sub)
{
	if (sub->returns_other || (sub->is_void && v->platform->kernel))
		return no_number(v, sub);
	if (!sub->has_proto || sub->param_count > 5)
		return explain_unsupported(v, "a global function without a prototype (`%s`)", sub->name);
	return STEP_NEXT;
}

static enum step global_arguments(struct verifier *v, const struct iov_subprog *sub)
{
	enum step s = global_prototype(v, sub);

	if (s != STEP_NEXT)
		return s;
	for (uint32_t i = 0; i < sub->param_count; i++) {
		enum step r = global_argument(v, sub, i);

		if (r != STEP_NEXT)
			return r;
	}
	return STEP_NEXT;
}

enum step call_unlinked(struct verifier *v, const struct iov_subprog *sub)
{
	enum step r = global_arguments(v, sub);

	if (r != STEP_NEXT)
		return r;
	call_clobber(v);
	if (!sub->is_void)
		reg_scalar(&v->top->r[IOV_R0], num_unknown(), v->pc);
	v->next = v->pc + 1;
	return STEP_NEXT;
}

enum step unlinked_end(struct verifier *v)
{
	v->fact[v->pc].unlinked = true;
	return STEP_END;
}

/* Through the argument, the function may change what is known of the state. */
static bool opens_state(const struct vreg *r)
{
	switch (r->kind) {
	case V_UNINIT: case V_SCALAR: case V_CTX: case V_PACKET: case V_META: case V_END: case V_MAP: case V_VALUE:
	case V_SOCK: case V_FLOW_KEYS: case V_STALE: case V_HALF: case V_FREED:
		return r->ref;
	default:
		return true;
	}
}

enum step call_unknown(struct verifier *v)
{
	for (uint8_t i = IOV_R1; i <= IOV_R5; i++) {
		if (v->top->r[i].kind != V_UNINIT)
			flow_reg(v, FLOW_USE, i, 0);
		if (opens_state(&v->top->r[i]))
			return unlinked_end(v);
	}
	call_clobber(v);
	reg_scalar(&v->top->r[IOV_R0], num_unknown(), v->pc);
	v->next = v->pc + 1;
	return STEP_NEXT;
}

enum step call_global(struct verifier *v, uint32_t callee)
{
	const struct iov_subprog *sub = &v->prog->subs[callee];
	struct vsub *s = &v->subs[callee];
	enum step checked = global_arguments(v, sub);

	if (checked != STEP_NEXT)
		return checked;
	if (s->throws) {
		enum step r = kfunc_may_throw(v, sub);

		if (r != STEP_NEXT)
			return r;
	}
	if (s->changes_packet && (!packet_invalidate(v, v->st) || !call_refresh(v)))
		return STEP_NOMEM;
	call_clobber(v);
	if (!sub->is_void)
		reg_scalar(&v->top->r[IOV_R0], num_unknown(), v->pc);
	if (!cost_call(v, callee))
		return STEP_NOMEM;
	v->next = v->pc + 1;
	return STEP_NEXT;
}
