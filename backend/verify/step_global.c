/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of functions that are taken at their prototype's word: global ones, which are verified once from it, and those
 * that another object will define. */
#include "backend/verify/internal.h"

/* Whether the platform knows the tag that the parameter's kind comes from. */
static bool tag_is_known(const struct verifier *v, const struct iov_param *p)
{
	const char *release = v->platform->kernel;

	return !p->since || !release || catalogue_release_cmp(release, p->since) >= 0;
}

bool global_nullable(const struct verifier *v, const struct iov_param *p)
{
	return p->kind == IOV_PARAM_KERNEL ? p->nullable : p->kind == IOV_PARAM_MEM || !tag_is_known(v, p);
}

/* A kernel object that stays, as it is or as what begins it. */
static bool is_trusted(struct verifier *v, const struct iov_param *p, const struct vreg *r)
{
	return r->kind == V_KERNEL && (r->ref || r->trust & T_TRUSTED) && !(r->trust & T_PERCPU) &&
	       object_is(v, r, p->object) && (p->nullable || !r->maybe_null);
}

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
	case IOV_PARAM_KERNEL:
		ok = is_trusted(v, p, r) || (p->nullable && r->kind == V_SCALAR && num_is(&r->n, 0));
		if (r->kind == V_SCALAR)
			flow_reg(v, FLOW_PRECISE, a.reg, 0);
		else if (!ok && r->maybe_null && !p->nullable)
			return explain_null(v, a.reg, r);
		break;
	case IOV_PARAM_MEM: case IOV_PARAM_MEM_NONNULL:
		if (global_nullable(v, p) && r->kind == V_SCALAR && num_is(&r->n, 0)) {
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
		may_be_null = r->maybe_null && global_nullable(v, p) && !r->off && num_is(&r->n, 0);
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

		if (p->kind == IOV_PARAM_KERNEL)
			diag_why(d, IOV_NOWHERE,
				 "%s wants a struct %s that stays while it runs: a reference, or one from the context",
				 p->tag, p->object);
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

static void tagged_parameter(struct verifier *v, const struct iov_subprog *sub, const char *name, const char *wrong)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_GLOBAL_ARG, v->pc, "the tags of the parameter `%s` of the global "
					 "function `%s` cannot be followed", name, sub->name);

	diag_why(d, IOV_NOWHERE, "%s", wrong ? wrong : "?");
	diag_hint(d, "take the tag away, or declare `%s` static: then it is verified with what its callers know",
		  sub->name);
}

static void vague_parameter(struct verifier *v, const struct iov_subprog *sub, const char *name)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_GLOBAL_ARG, v->pc,
					 "the parameter `%s` of the global function `%s` is neither a number nor a "
					 "pointer to a type with a size",
					 name, sub->name);

	diag_why(d, IOV_NOWHERE,
		 "a global function is verified from its prototype alone, whoever calls it");
	diag_hint(d,
		  "give it a type such as `struct NAME *%s`, or declare `%s` static: then it is verified with what its "
		  "callers know",
		  name, sub->name);
}

/* Why a parameter of that kind means nothing on the platform, or NULL. */
static const char *kernel_parameter(struct verifier *v, const struct iov_param *p)
{
	const struct iov_types *types = v->prog->types;

	if (!v->platform->kernel)
		return "structs of the kernel are there on Linux alone";
	if (!tag_is_known(v, p))
		return arena_printf(&v->work, "%s does not know %s: Linux %s does", v->platform->name, p->tag,
				    p->since);
	if (types && types->has_target && !types_named(v->prog->types, IOV_TYPES_TARGET, p->object))
		return arena_printf(&v->work, "the target's types have no struct %s", p->object);
	return NULL;
}

enum step global_parameter(struct verifier *v, const struct iov_subprog *sub, const struct iov_param *p, struct vreg *r)
{
	const char *name = p->name && *p->name ? p->name : "?";
	const char *wrong = p->kind == IOV_PARAM_KERNEL ? kernel_parameter(v, p) : p->wrong;

	*r = (struct vreg){.origin = sub->start, .n = num_const(0)};
	if (wrong) {
		tagged_parameter(v, sub, name, wrong);
		return STEP_ERROR;
	}
	switch (p->kind) {
	case IOV_PARAM_SCALAR: reg_scalar(r, num_unknown(), sub->start); return STEP_NEXT;
	case IOV_PARAM_CTX: r->kind = V_CTX; return STEP_NEXT;
	case IOV_PARAM_DYNPTR:
		r->kind = V_DYNPTR;
		r->range = IOV_DYNPTR_ANY;
		r->id = ++v->next_id;
		return STEP_NEXT;
	case IOV_PARAM_KERNEL:
		object_kernel(v, r, p->object, T_TRUSTED);
		r->maybe_null = p->nullable;
		r->id = p->nullable ? ++v->next_id : 0;
		return STEP_NEXT;
	case IOV_PARAM_MEM: case IOV_PARAM_MEM_NONNULL:
		r->kind = V_RECORD;
		r->range = p->size;
		r->maybe_null = global_nullable(v, p);
		r->id = ++v->next_id;
		return STEP_NEXT;
	default:
		vague_parameter(v, sub, name);
		return STEP_ERROR;
	}
}

/* Linux asks this of functions, static ones too, and not of the program itself. */
enum step global_ends_early(struct verifier *v, const char *what)
{
	uint32_t number = v->insns[v->pc].sub;
	const struct iov_subprog *sub = &v->prog->subs[number];
	const char *name = sub->name ? sub->name : "?";
	struct iov_diag *d;

	if (!v->platform->kernel || !number || (sub->has_proto && !sub->is_void && !sub->returns_other))
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_EARLY_RETURN, v->pc, "%s stands in `%s`, which %s", what, name,
			!sub->has_proto ? "has no type"
			: sub->is_void  ? "returns nothing"
					: "returns something else than a number");
	diag_why(d, IOV_NOWHERE, "it may end the function at once: %s allows that where the function is known to "
		 "return a number", v->platform->name);
	explain_path(v, d);
	diag_hint(d, sub->has_proto ? "let it return int, or do it in the program itself"
				    : "describe it (clang -g, .btf in assembly), or do it in the program itself");
	return STEP_ERROR;
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
