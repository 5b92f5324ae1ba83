/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel functions: found by name (asm/isa/kfuncs.def), then called by prototype like helpers (call_prototype). Here is
 * what they do that no helper does: sections in which RCU or preemption is held, and exceptions.
 *
 * bpf_throw() ends the program at once, from any depth: every frame is taken down, nothing in them runs again. So at
 * each throw nothing may be held, by no frame. The program then returns the cookie, or what the exception callback
 * makes of it, a global function of one number that is verified on its own. A global function that may throw counts as
 * a throw where it is called.
 *
 * A weak symbol may be missing where the program is loaded: its address is tested, and either way is walked. */
#include "backend/verify/internal.h"

#include <string.h>

enum {
	MOST_SECTIONS = 255,
	SECTIONS = IOV_KF_THROWS | IOV_KF_RCU_LOCK | IOV_KF_RCU_UNLOCK | IOV_KF_PREEMPT_OFF | IOV_KF_PREEMPT_ON,
};

enum step kfunc_missing(struct verifier *v, uint32_t at, const struct iov_extern *x)
{
	const struct iov_helper *known = catalogue_kfunc_by_name(x->name);
	struct iov_diag *d;

	if (!known && v->platform->kernel) {
		verify_diag_at(v, at, DIAG_V_UNSUPPORTED, "not supported yet: the kernel function %s()", x->name);
		return STEP_ERROR;
	}
	d = verify_diag_at(v, at, DIAG_V_HELPER_UNKNOWN, "%s does not offer the kernel function %s()",
			   v->platform->name, x->name);
	explain_lacking(v, d, known);
	if (v->platform->kernel)
		diag_hint(d, "declare it __weak and ask first: if (bpf_ksym_exists(%s)) …",
			  x->name);
	else
		diag_hint(d, "do without it: kernel functions are there on Linux alone, --platform=linux-6.18");
	return STEP_ERROR;
}

enum step step_call_kfunc(struct verifier *v, const struct iov_insn *insn)
{
	const struct iov_extern *x = &v->prog->externs[insn->imm];
	struct call c = {.helper = platform_kfunc(v->platform, x->name)};

	if (x->unlinked)
		return call_unlinked(v, x->unlinked);
	if (x->unknown)
		return call_unknown(v);
	return c.helper ? call_prototype(v, &c) : kfunc_missing(v, v->pc, x);
}

enum step step_extern(struct verifier *v, const struct iov_insn *insn)
{
	const struct iov_extern *x = &v->prog->externs[insn->imm];
	const struct iov_helper *known = catalogue_kfunc_by_name(x->name);
	struct vreg *dst = &v->top->r[insn->dst];
	struct iov_diag *d;

	if (x->unknown)
		return unlinked_end(v);
	if (x->unlinked_size) {
		*dst = (struct vreg){.kind = V_RECORD, .range = x->unlinked_size, .origin = v->pc, .n = num_const(0)};
		return STEP_NEXT;
	}
	if (!x->is_func) {
		d = verify_diag(v, DIAG_V_UNSUPPORTED, v->pc, "not supported yet: the kernel variable `%s`", x->name);
		diag_hint(d, "variables of the kernel's (`extern … __ksym`) cannot be reached; constants of its "
			     "configuration can: `extern int CONFIG_HZ __kconfig;`");
		return STEP_ERROR;
	}
	if (known && !platform_kfunc(v->platform, x->name)) { /* too new, or no Linux: surely not there */
		reg_scalar(dst, num_const(0), v->pc);
		return STEP_NEXT;
	}
	*dst = (struct vreg){.kind = V_RECORD, .read_only = true, .maybe_null = x->weak, .id = ++v->next_id,
			     .origin = v->pc, .n = num_const(0)};
	return STEP_NEXT;
}

enum step kfunc_section_error(struct verifier *v, const char *where)
{
	const struct vstate *s = v->st;
	const char *what = s->preempt ? "preemption is off" : "an RCU read section is open";
	struct iov_diag *d = verify_diag(v, DIAG_V_SECTION, s->section, "%s where %s", what, where);

	diag_why(d, prog_span(v->prog, s->section), "%s at %s was the last to change that",
		 explain_helper_at(v, s->section), explain_at(v, s->section));
	explain_path(v, d);
	diag_hint(d, "call bpf_%s() on every way out", s->preempt ? "preempt_enable" : "rcu_read_unlock");
	return STEP_ERROR;
}

enum step kfunc_no_section(struct verifier *v, const char *where)
{
	return v->st->rcu || v->st->preempt ? kfunc_section_error(v, where) : STEP_NEXT;
}

static enum step enter_section(struct verifier *v, uint8_t *depth, const char *what, bool nests)
{
	struct iov_diag *d;

	if (*depth && !nests) {
		d = verify_diag(v, DIAG_V_SECTION, v->pc, "%s is open already", what);
		diag_why(d, prog_span(v->prog, v->st->section), "it was opened at %s", explain_at(v, v->st->section));
		explain_path(v, d);
		return STEP_ERROR;
	}
	if (*depth == MOST_SECTIONS)
		return explain_unsupported(v, "more than %d nested sections", MOST_SECTIONS);
	++*depth;
	v->st->section = v->pc;
	return STEP_NEXT;
}

static enum step leave_section(struct verifier *v, uint8_t *depth, const char *what, const char *opened)
{
	struct iov_diag *d;

	if (*depth) {
		--*depth;
		v->st->section = v->pc;
		return STEP_NEXT;
	}
	d = verify_diag(v, DIAG_V_SECTION, v->pc, "%s is closed, and none is open", what);
	explain_path(v, d);
	diag_hint(d, "every call closes what one call of bpf_%s() has opened on the same path", opened);
	return STEP_ERROR;
}

/* Nothing may be held, by no frame, and no helper may wait for a callback to return. */
static enum step holds_nothing(struct verifier *v, const char *how)
{
	for (uint32_t i = 0; i < v->st->frames; i++)
		if (v->st->f[i]->callback) {
			struct iov_diag *d = verify_diag(v, DIAG_V_EXCEPTION, v->pc,
							 "a callback cannot throw: %s waits for it to return",
							 explain_helper_at(v, v->st->f[i]->callsite));

			explain_path(v, d);
			diag_hint(d, "return 1 from the callback, and throw after the loop");
			return STEP_ERROR;
		}
	if (v->async)
		return explain_unsupported(v, "exceptions in a function that a timer calls");
	if (v->st->lock.held)
		return call_lock_error(v, "an exception may be thrown while a lock is held");
	if (v->st->ref_count)
		return call_leaked(v, how);
	return kfunc_no_section(v, "an exception may be thrown");
}

/* The program returns the cookie itself. */
static enum step cookie_returned(struct verifier *v)
{
	const struct vreg *r1 = &v->top->r[IOV_R1];
	int64_t min, max;
	struct iov_diag *d;

	flow_reg(v, FLOW_PRECISE, IOV_R1, 0);
	if (!catalogue_ret_range(v->type, v->prog->attach_type, &min, &max) ||
	    (r1->n.full.smin >= min && r1->n.full.smax <= max))
		return STEP_END;
	d = verify_diag(v, DIAG_V_RETURN_RANGE, v->pc, "the program may return the cookie of bpf_throw(), %s",
			explain_num(v, &r1->n));
	diag_why(d, IOV_NOWHERE, "programs of type %s return %lld..%lld", v->type->name, (long long)min,
		 (long long)max);
	explain_path(v, d);
	diag_hint(d, "throw a number of that range, or name a function that makes one of it: "
		     "__exception_cb(function) in front of the program");
	return STEP_ERROR;
}

static enum step throw(struct verifier *v)
{
	enum step s = holds_nothing(v, "when the exception is thrown");

	if (s != STEP_NEXT)
		return s;
	if (!v->prog->exception_name)
		return cookie_returned(v);
	return cost_call(v, v->prog->exception_sub) ? STEP_END : STEP_NOMEM;
}

enum step kfunc_may_throw(struct verifier *v, const struct iov_subprog *sub)
{
	return holds_nothing(v, sub->name ? arena_printf(&v->work, "when `%s` throws an exception", sub->name)
					  : "when the function throws an exception");
}

/* It has nobody to throw to: no call in it may lead to a throw, taken or not, as Linux has it. */
bool kfunc_callback_throws(struct verifier *v)
{
	const struct iov_subprog *s = &v->prog->subs[v->prog->exception_sub];
	uint32_t callee;

	if (!v->prog->exception_sub || !v->subs[v->prog->exception_sub].throws)
		return false;
	for (uint32_t i = s->start; i < s->start + s->count; i++) {
		const struct iov_helper *h = cfg_helper(v, i);
		struct iov_diag *d;

		if (!(h && h->kfunc & IOV_KF_THROWS) && !(cfg_callee(v, i, &callee) && v->subs[callee].throws))
			continue;
		d = verify_diag_at(v, i, DIAG_V_EXCEPTION, "the exception callback `%s` may throw itself",
				   v->prog->exception_name);
		diag_hint(d, "return the number that the program is to return");
		return true;
	}
	return false;
}

/* The exception callback as the kernel wants it. */
bool kfunc_check_exception(struct verifier *v)
{
	const struct iov_prog *p = v->prog;
	const struct iov_subprog *s = &p->subs[p->exception_sub];
	const char *name = p->exception_name;
	uint32_t callee;

	if (!name)
		return true;
	if (!p->exception_sub || !s->global || !s->has_proto) {
		verify_diag_at(v, 0, DIAG_V_EXCEPTION, "there is no global function `%s`, the exception callback",
			       name);
		return false;
	}
	if (p->exception_tags > 1) {
		verify_diag_at(v, 0, DIAG_V_EXCEPTION, "the program names more than one exception callback, `%s` last",
			       name);
		return false;
	}
	if (s->param_count != 1 || s->params[0].kind != IOV_PARAM_SCALAR || s->is_void || s->returns_other) {
		verify_diag_at(v, s->start, DIAG_V_EXCEPTION,
			       "the exception callback `%s` must take one number and return one", name);
		return false;
	}
	for (uint32_t i = 0; i < p->count; i++)
		if (cfg_callee(v, i, &callee) && callee == p->exception_sub) {
			verify_diag_at(v, i, DIAG_V_EXCEPTION, "the exception callback `%s` cannot be called directly",
				       name);
			return false;
		}
	return true;
}

enum step kfunc_effects(struct verifier *v, const struct call *c)
{
	struct vstate *s = v->st;

	switch (c->helper->kfunc & SECTIONS) {
	case IOV_KF_THROWS: return throw(v);
	case IOV_KF_RCU_LOCK: return enter_section(v, &s->rcu, "an RCU read section", false);
	case IOV_KF_RCU_UNLOCK:
		if (s->rcu && !graph_rcu_ends(v))
			return STEP_NOMEM;
		return leave_section(v, &s->rcu, "an RCU read section", "rcu_read_lock");
	case IOV_KF_PREEMPT_OFF: return enter_section(v, &s->preempt, "a section without preemption", true);
	case IOV_KF_PREEMPT_ON: return leave_section(v, &s->preempt, "a section without preemption", "preempt_disable");
	default: return STEP_NEXT;
	}
}
