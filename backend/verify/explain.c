/* SPDX-License-Identifier: Apache-2.0 */
/* Saying no: what, where, why, by which path, and what to write. Names come from the debug information where there is
 * some, else registers stand in their place. One cause is told once: a cause is a diagnostic's id and the slot where
 * the trouble began. */
#include "backend/verify/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct iov_diag *add(struct verifier *v, uint32_t insn, enum iov_diag_id id, const char *fmt, va_list ap)
{
	const char *text = arena_vprintf(&v->work, fmt, ap);

	if (!text) {
		v->nomem = true;
		return &v->mute;
	}
	return diag_add(v->sink, id, prog_span(v->prog, insn), "%s", text);
}

struct iov_diag *verify_diag_at(struct verifier *v, uint32_t insn, enum iov_diag_id id, const char *fmt, ...)
{
	struct iov_diag *d;
	va_list ap;

	if (v->region) /* a trial: the separate paths will tell */
		return &v->mute;
	if (v->cause_count < V_MAX_ERRORS)
		v->causes[v->cause_count].id = id, v->causes[v->cause_count++].cause = insn;
	va_start(ap, fmt);
	d = add(v, insn, id, fmt, ap);
	va_end(ap);
	return d;
}

struct iov_diag *verify_diag(struct verifier *v, enum iov_diag_id id, uint32_t cause, const char *fmt, ...)
{
	struct iov_diag *d;
	va_list ap;

	for (uint32_t i = 0; i < v->cause_count; i++)
		if (v->causes[i].id == id && v->causes[i].cause == cause)
			return &v->mute;
	if (v->cause_count >= V_MAX_ERRORS || v->region)
		return &v->mute;
	v->causes[v->cause_count].id = id;
	v->causes[v->cause_count++].cause = cause;
	va_start(ap, fmt);
	d = add(v, v->pc, id, fmt, ap);
	va_end(ap);
	return d;
}

/* The name that the source gives to a register that is an argument of the call, or the address of the access. */
static const char *written_name(struct verifier *v, uint32_t insn, int reg)
{
	const struct iov_isa_row *row = v->insns[insn].row;
	const struct iov_insn *i = &v->prog->insns[insn];

	switch (row ? row->kind : ISA_K_EXIT) {
	case ISA_K_CALL:
		return reg >= 1 && reg <= 5 ? explain_argument(v, insn, reg - 1) : NULL;
	case ISA_K_LDX:
	case ISA_K_LDSX:
		return reg == i->src ? explain_object(v, insn) : NULL;
	case ISA_K_ST:
	case ISA_K_STX:
	case ISA_K_ATOMIC:
		return reg == i->dst ? explain_object(v, insn) : NULL;
	default:
		return NULL;
	}
}

const char *explain_reg(struct verifier *v, uint32_t insn, int reg)
{
	const struct iov_var *var = prog_reg_var(v->prog, insn, reg);
	const struct vreg *r = insn == v->pc && v->top ? &v->top->r[reg] : NULL;
	const char *name = var ? var->name : NULL, *s;

	if (!name && r && reg_is_pointer(r) && v->insns[r->origin].row && v->insns[r->origin].row->kind == ISA_K_CALL &&
	    r->kind != V_STALE)
		name = explain_result_var(v, r->origin);
	if (!name)
		name = written_name(v, insn, reg);
	if (!name && r && r->kind == V_VALUE && r->map && r->map->origin != IOV_MAP_USER)
		name = explain_array(v, insn);
	s = name ? arena_printf(&v->work, "`%s`", name) : arena_printf(&v->work, "r%d", reg);
	return s ? s : "?";
}

const char *explain_kind(struct verifier *v, const struct vreg *r)
{
	const char *s = NULL;

	switch (r->kind) {
	case V_UNINIT: return "nothing (never set)";
	case V_SCALAR: s = arena_printf(&v->work, "a number (%s)", explain_num(v, &r->n)); break;
	case V_CTX: return "the context";
	case V_STACK: return "a pointer to the stack";
	case V_PACKET: return "a packet pointer";
	case V_META: return "a pointer to packet metadata";
	case V_END: return "the packet's end";
	case V_MAP: s = arena_printf(&v->work, "the map `%s` itself", r->map ? r->map->name : "?"); break;
	case V_VALUE:
		s = arena_printf(&v->work, "a pointer to a value of map `%s`%s", r->map ? r->map->name : "?",
				 r->maybe_null ? " or NULL" : "");
		break;
	case V_RECORD:
		s = arena_printf(&v->work, "a pointer to %u bytes%s", r->range, r->maybe_null ? " or NULL" : "");
		break;
	case V_FLOW_KEYS: return "a pointer to the flow keys";
	case V_SOCK: return r->maybe_null ? "a socket or NULL" : "a socket";
	case V_FUNC: return "a function";
	case V_STALE: return "a packet pointer that is no longer valid";
	case V_HALF: return "the lower half of a packet pointer";
	case V_FREED: return "memory that was released";
	case V_OBJECT:
		s = arena_printf(&v->work, "%s%s%s",
				 r->trust & T_BORROWED ? "a borrowed pointer to "
				 : r->trust & T_RCU    ? "a pointer that does not own "
						       : "an object, ",
				 explain_type(v, r->type), r->maybe_null ? " or NULL" : "");
		break;
	case V_KERNEL:
		s = arena_printf(&v->work, "a kernel object (struct %s)%s", r->object, r->maybe_null ? " or NULL" : "");
		break;
	case V_DYNPTR: return "a dynptr";
	case V_ITER: return "an iterator";
	}
	return s ? s : "?";
}

const char *explain_num(struct verifier *v, const struct num *n)
{
	const struct bound *f = &n->full;
	const char *s;

	if (f->umin == f->umax)
		s = arena_printf(&v->work,
				 (int64_t)f->umin < 0 && f->smin == f->smax ? "exactly %" PRId64 : "exactly %" PRIu64,
				 f->umin);
	else if (f->umin <= 1 && f->umax == UINT64_MAX && f->smin == INT64_MIN && f->smax == INT64_MAX)
		s = f->umin ? "any 64-bit number but 0" : "any 64-bit number";
	else if (f->smin < 0)
		s = arena_printf(&v->work, "%" PRId64 "..%" PRId64, f->smin, f->smax);
	else
		s = arena_printf(&v->work, "%" PRIu64 "..%" PRIu64, f->umin, f->umax);
	return s ? s : "?";
}

const char *explain_at(struct verifier *v, uint32_t insn)
{
	const struct iov_line *l = prog_line(v->prog, insn);
	const char *s = l ? arena_printf(&v->work, "line %u", l->line)
			  : arena_printf(&v->work, "instruction %lld", prog_number(v->prog, insn));

	return s ? s : "?";
}

const char *explain_helper_at(struct verifier *v, uint32_t insn)
{
	const struct iov_isa_row *row = v->insns[insn].row;
	const struct iov_helper *h;
	const struct iov_subprog *s;
	const char *text = NULL;

	if (!row || row->kind != ISA_K_CALL)
		return "an instruction";
	if (row->oper == ISA_O_SUBPROG) {
		s = prog_sub_at(v->prog, insn + 1 + (uint32_t)v->prog->insns[insn].imm);
		text = s && s->name ? arena_printf(&v->work, "%s()", s->name) : NULL;
	} else {
		h = cfg_helper(v, insn);
		text = h ? arena_printf(&v->work, "bpf_%s()", h->name) : NULL;
	}
	return text ? text : "a call";
}

enum step explain_uninit(struct verifier *v, int reg)
{
	const struct iov_isa_row *row = v->insns[v->pc].row;
	struct iov_diag *d;

	if (row->kind == ISA_K_EXIT)
		d = verify_diag(v, DIAG_V_UNINIT_REG, v->pc, "the function returns without a value on this path");
	else
		d = verify_diag(v, DIAG_V_UNINIT_REG, v->pc, "%s is used but was never set on this path",
				explain_reg(v, v->pc, reg));
	diag_why(d, IOV_NOWHERE, "r%d holds nothing here: nothing wrote it, or a call has used it up", reg);
	explain_path(v, d);
	diag_hint(d, "give the variable a value where it is declared, for example `= 0`");
	return STEP_ERROR;
}

/* What a global function was given, whatever its callers know. */
static bool is_parameter(const struct verifier *v, const struct vreg *r)
{
	return !sub_is_program(v, v->root_sub) && (r->kind == V_RECORD || r->kind == V_KERNEL) &&
	       r->origin == v->prog->subs[v->root_sub].start && v->insns[r->origin].row->kind != ISA_K_CALL;
}

/* How the prototype says that a parameter is not NULL. */
static const char *nonnull_parameter(struct verifier *v, const struct vreg *r)
{
	const struct iov_subprog *sub = &v->prog->subs[v->root_sub];
	const char *s;

	if (r->kind == V_KERNEL)
		return ", or take __arg_nullable away";
	for (uint32_t i = 0; i < sub->param_count; i++)
		if (sub->params[i].kind == IOV_PARAM_MEM_NONNULL && global_nullable(v, &sub->params[i])) {
			s = arena_printf(&v->work, ": %s does not know __arg_nonnull, Linux %s does", v->platform->name,
					 sub->params[i].since);
			return s ? s : "";
		}
	return ", or declare the parameter __arg_nonnull";
}

static enum step null_parameter(struct verifier *v, const char *name, const struct vreg *r)
{
	const char *function = v->prog->subs[v->root_sub].name;
	struct iov_diag *d = verify_diag(v, DIAG_V_NULL_CHECK, r->origin, "%s may be NULL", name);

	diag_why(d, IOV_NOWHERE,
		 "%s() is a global function: it is verified for whatever its prototype allows, and that allows NULL",
		 function);
	explain_path(v, d);
	if (*name == '`')
		diag_hint(d, "test it first: `if (!%.*s) return …;`%s", (int)strlen(name) - 2, name + 1,
			  nonnull_parameter(v, r));
	else
		diag_hint(d, "test the parameter first%s", nonnull_parameter(v, r));
	return STEP_ERROR;
}

enum step explain_null(struct verifier *v, int reg, const struct vreg *r)
{
	const char *name = explain_reg(v, v->pc, reg), *call = explain_helper_at(v, r->origin);
	const char *variable = *name == '`' ? name : "the result";
	struct iov_diag *d;

	if (is_parameter(v, r))
		return null_parameter(v, name, r);
	if (r->kind == V_VALUE && r->map)
		d = verify_diag(v, DIAG_V_NULL_CHECK, r->origin, "%s may be NULL: the lookup in map `%s` can fail",
				name, r->map->name);
	else
		d = verify_diag(v, DIAG_V_NULL_CHECK, r->origin, "%s may be NULL", name);
	diag_why(d, prog_span(v->prog, r->origin),
		 "%s at %s gives NULL when it fails, and nothing tests %s before this use", call,
		 explain_at(v, r->origin), variable);
	explain_path(v, d);
	if (*name == '`')
		diag_hint(d, "test it right after the call: `if (!%.*s) return …;`", (int)strlen(name) - 2, name + 1);
	else
		diag_hint(d, "test the result right after the call: `if (!result) return …;`");
	return STEP_ERROR;
}

void explain_lacking(const struct verifier *v, struct iov_diag *d, const struct iov_helper *known)
{
	const char *why = known ? platform_why_lacking(v->platform, known->name) : NULL;

	if (why)
		diag_why(d, IOV_NOWHERE, "%s", why);
	if (known && known->since)
		diag_why(d, IOV_NOWHERE, "Linux has it since %s", known->since);
}

enum step explain_unsupported(struct verifier *v, const char *fmt, ...)
{
	const char *what;
	va_list ap;

	va_start(ap, fmt);
	what = arena_vprintf(&v->work, fmt, ap);
	va_end(ap);
	verify_diag(v, DIAG_V_UNSUPPORTED, v->pc, "not supported yet: %s", what ? what : "?");
	return STEP_ERROR;
}

static enum step explain_stale(struct verifier *v, const char *name, const struct vreg *r)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_STALE_PACKET, r->origin,
					 "%s points into the packet as it was before %s", name,
					 explain_helper_at(v, r->origin));

	diag_why(d, prog_span(v->prog, r->origin),
		 "%s at %s may move the packet: pointers loaded before it are no longer valid",
		 explain_helper_at(v, r->origin), explain_at(v, r->origin));
	explain_path(v, d);
	diag_hint(d, "load ctx->data and ctx->data_end again after the call and repeat the check against data_end");
	return STEP_ERROR;
}

/* Memory of a dynptr whose bytes were overwritten. */
static enum step explain_ended(struct verifier *v, const char *name, const struct vreg *r)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_USE_AFTER_RELEASE, r->origin,
					 "%s is memory of a dynptr that is no more", name);

	diag_why(d, prog_span(v->prog, r->origin), "the dynptr was overwritten at %s", explain_at(v, r->origin));
	explain_path(v, d);
	diag_hint(d, "keep the dynptr as it is while its memory is in use");
	return STEP_ERROR;
}

static bool borrowed_until(const struct verifier *v, uint32_t insn)
{
	const struct iov_helper *h = cfg_helper(v, insn);

	return h && h->flags & IOV_HF_UNLOCK;
}

/* An object in a list or tree, after the lock was dropped. */
static enum step explain_loan(struct verifier *v, const char *name, const struct vreg *r)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_USE_AFTER_RELEASE, r->origin,
					 "%s was borrowed, and good until the lock was dropped", name);

	diag_why(d, prog_span(v->prog, r->origin), "after %s at %s another CPU may take it out of the list or tree and "
		 "free it", explain_helper_at(v, r->origin), explain_at(v, r->origin));
	explain_path(v, d);
	diag_hint(d, "use it before that line, or keep it with bpf_refcount_acquire() while the lock is held");
	return STEP_ERROR;
}

/* What a function of another object returned, of which there is no prototype: it may be a pointer. */
static bool is_unknown_result(const struct verifier *v, const struct vreg *r)
{
	const struct iov_isa_row *row = r->origin < v->prog->count ? v->insns[r->origin].row : NULL;

	return r->kind == V_SCALAR && row && row->oper == ISA_O_KFUNC && !num_is(&r->n, 0) &&
	       v->prog->externs[v->prog->insns[r->origin].imm].unknown;
}

enum step explain_not_pointer(struct verifier *v, int reg, const struct vreg *r)
{
	const char *name = explain_reg(v, v->pc, reg);
	struct iov_diag *d;

	if (r->kind == V_STALE)
		return explain_stale(v, name, r);
	if (r->kind == V_FREED && r->overwritten)
		return explain_ended(v, name, r);
	if (r->kind == V_FREED && borrowed_until(v, r->origin))
		return explain_loan(v, name, r);
	if (r->kind == V_FREED) {
		d = verify_diag(v, DIAG_V_USE_AFTER_RELEASE, r->origin, "%s was released by %s", name,
				explain_helper_at(v, r->origin));
		diag_why(d, prog_span(v->prog, r->origin), "%s at %s gave the memory back",
			 explain_helper_at(v, r->origin), explain_at(v, r->origin));
		explain_path(v, d);
		if (cfg_helper(v, v->pc) && cfg_helper(v, v->pc)->flags & IOV_HF_RELEASES)
			diag_hint(d, "release it once: take one of the two calls out, or `return` after the first");
		else
			diag_hint(d, "move this line before the call of %s", explain_helper_at(v, r->origin));
		return STEP_ERROR;
	}
	if (is_unknown_result(v, r))
		return unlinked_end(v);
	if (r->kind == V_SCALAR && num_is(&r->n, 0)) {
		d = verify_diag(v, DIAG_V_NULL_CHECK, r->origin, "%s is NULL on this path", name);
		explain_path(v, d);
		diag_hint(d, "use it only where the test has shown that it is not NULL");
		return STEP_ERROR;
	}
	d = verify_diag(v, DIAG_V_NOT_POINTER, v->pc, "%s is %s, not a pointer that can be followed", name,
			explain_kind(v, r));
	if (r->kind == V_END)
		diag_why(d, IOV_NOWHERE,
			 "it is the address behind the packet's last byte: there is nothing to read there");
	else if (r->kind == V_SCALAR)
		diag_why(d, IOV_NOWHERE, "%s has it from a calculation or a call that gives a number, not an address",
			 explain_at(v, r->origin));
	explain_path(v, d);
	if (r->kind == V_END)
		diag_hint(d, "only compare with it: `if (p + 1 > data_end) return …;`, then read through `p`");
	else if (r->kind == V_SCALAR)
		diag_hint(d, "take pointers from the context (ctx->data) or from a call that returns one, such as "
			     "bpf_map_lookup_elem()");
	else if (r->kind == V_MAP)
		diag_hint(d, "get a pointer to an entry first: `value = bpf_map_lookup_elem(&%s, &key);`",
			  r->map ? r->map->name : "map");
	return STEP_ERROR;
}
