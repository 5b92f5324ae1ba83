/* SPDX-License-Identifier: Apache-2.0 */
/* Saying no: what, where, why, by which path, and what to write. Names come from the debug information where there is
 * some, else registers stand in their place. One cause is told once: a cause is a diagnostic's id and the slot where
 * the trouble began. */
#include "backend/verify/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PATH_AT_MOST = 8 };

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
	if (v->cause_count >= V_MAX_ERRORS)
		return &v->mute;
	v->causes[v->cause_count].id = id;
	v->causes[v->cause_count++].cause = cause;
	va_start(ap, fmt);
	d = add(v, v->pc, id, fmt, ap);
	va_end(ap);
	return d;
}

static uint32_t line_at(const struct verifier *v, uint32_t insn)
{
	const struct iov_line *l = prog_line(v->prog, insn);

	return l ? l->line : 0;
}

/* "`i < n` was false", when one branch decides one written condition. Which way is which follows from the lines: the
 * body of an `if` begins on the next line; a body without instructions of its own (`return X;`) is the farther way. */
static const char *what_happened(struct verifier *v, const struct vnode *n, uint32_t line)
{
	const char *cond = explain_condition(v, n->fork);
	uint32_t jump = (uint32_t)isa_target(v->insns[n->fork].row, &v->prog->insns[n->fork], n->fork);
	uint32_t here = line_at(v, n->insn), other = line_at(v, n->insn == jump ? n->fork + 1 : jump);
	bool truth;

	if (!cond || strstr(cond, "&&") || strstr(cond, "||") || here <= line || other <= line || here == other)
		return NULL;
	truth = here == line + 1 || (other != line + 1 && here > other);
	return arena_printf(&v->work, "`%s` is %s", cond, truth ? "true" : "false");
}

static void path_step(struct verifier *v, struct iov_diag *d, const struct vnode *n)
{
	const struct iov_line *l = prog_line(v->prog, n->fork);
	uint32_t to = line_at(v, n->insn);
	const char *what;

	if (!l) {
		diag_path(d, prog_span(v->prog, n->fork), "this branch is %s",
			  n->insn != n->fork + 1 ? "taken" : "not taken");
		return;
	}
	what = what_happened(v, n, l->line);
	diag_path(d, prog_span(v->prog, n->fork), "%s%s %u", what ? what : "", what ? ": goes on at line"
		  : n->insn <= n->fork ? "back to line" : "goes on at line", to);
}

/* Branches inside one source line, and a line that comes again right away, say nothing new. */
static bool tells(const struct verifier *v, const struct vnode *n, const struct vnode *after)
{
	uint32_t from = line_at(v, n->fork);

	return !from || (from != line_at(v, n->insn) && (!after || from != line_at(v, after->fork)));
}

uint32_t explain_last_fork(const struct verifier *v)
{
	for (const struct vnode *at = v->node; at; at = at->parent)
		if (at->fork != V_NO_INSN)
			return at->fork;
	return V_NO_INSN;
}

void explain_path(struct verifier *v, struct iov_diag *d)
{
	const struct vnode *step[PATH_AT_MOST];
	unsigned n = 0, left_out = 0;
	bool branches = false;

	if (d == &v->mute)
		return;
	for (const struct vnode *at = v->node; at; at = at->parent) {
		branches |= at->fork != V_NO_INSN;
		if (at->fork == V_NO_INSN || !tells(v, at, n ? step[n - 1] : NULL))
			continue;
		if (n < PATH_AT_MOST)
			step[n++] = at;
		else
			left_out++;
	}
	if (!branches)
		diag_path(d, IOV_NOWHERE, "there is no branch before it: every run comes here");
	if (left_out)
		diag_path(d, IOV_NOWHERE, "(%u earlier branches)", left_out);
	while (n--)
		path_step(v, d, step[n]);
}

const char *explain_reg(struct verifier *v, uint32_t insn, int reg)
{
	const struct iov_var *var = prog_reg_var(v->prog, insn, reg);
	const struct vreg *r = insn == v->pc && v->top ? &v->top->r[reg] : NULL;
	const char *name = var ? var->name : NULL, *s;

	if (!name && r && reg_is_pointer(r) && v->insns[r->origin].row && v->insns[r->origin].row->kind == ISA_K_CALL &&
	    r->kind != V_STALE)
		name = explain_result_var(v, r->origin);
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
	else if (f->umin == 0 && f->umax == UINT64_MAX && f->smin == INT64_MIN && f->smax == INT64_MAX)
		s = "any 64-bit number";
	else if (f->smin < 0)
		s = arena_printf(&v->work, "%" PRId64 "..%" PRId64, f->smin, f->smax);
	else
		s = arena_printf(&v->work, "%" PRIu64 "..%" PRIu64, f->umin, f->umax);
	return s ? s : "?";
}

const char *explain_at(struct verifier *v, uint32_t insn)
{
	const struct iov_line *l = prog_line(v->prog, insn);
	const char *s = l ? arena_printf(&v->work, "line %u", l->line) : arena_printf(&v->work, "instruction %u", insn);

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
		h = platform_helper(v->platform, (uint32_t)v->prog->insns[insn].imm);
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

enum step explain_null(struct verifier *v, int reg, const struct vreg *r)
{
	const char *name = explain_reg(v, v->pc, reg), *call = explain_helper_at(v, r->origin);
	const char *variable = *name == '`' ? name : "the result";
	struct iov_diag *d;

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

enum step explain_not_pointer(struct verifier *v, int reg, const struct vreg *r)
{
	const char *name = explain_reg(v, v->pc, reg);
	struct iov_diag *d;

	if (r->kind == V_STALE)
		return explain_stale(v, name, r);
	if (r->kind == V_FREED) {
		d = verify_diag(v, DIAG_V_USE_AFTER_RELEASE, r->origin, "%s was released by %s", name,
				explain_helper_at(v, r->origin));
		diag_why(d, prog_span(v->prog, r->origin), "%s at %s gave the memory back",
			 explain_helper_at(v, r->origin), explain_at(v, r->origin));
		explain_path(v, d);
		diag_hint(d, "finish with the memory before that call");
		return STEP_ERROR;
	}
	if (r->kind == V_SCALAR && num_is(&r->n, 0)) {
		d = verify_diag(v, DIAG_V_NULL_CHECK, r->origin, "%s is NULL on this path", name);
		explain_path(v, d);
		diag_hint(d, "use it only where the test has shown that it is not NULL");
		return STEP_ERROR;
	}
	d = verify_diag(v, DIAG_V_NOT_POINTER, v->pc, "%s is %s, not a pointer that can be followed", name,
			explain_kind(v, r));
	explain_path(v, d);
	return STEP_ERROR;
}
