/* SPDX-License-Identifier: Apache-2.0 */
/* Calls and returns. Static functions are walked with what the caller knows; global ones are taken at their prototype's
 * word (step_global.c). Helpers by prototype: permission, arguments (args.c), effects, result. */
#include "backend/verify/internal.h"

#include <string.h>

enum { PROG_TYPES = 64 };

static void stale_one(struct vreg *r, void *ud)
{
	if (reg_is_packet(r) || r->kind == V_END || (r->kind == V_RECORD && r->of_packet))
		*r = (struct vreg){.kind = V_STALE, .range = r->maybe_null, .origin = *(uint32_t *)ud,
				   .n = num_const(0)};
}

bool packet_invalidate(struct verifier *v, struct vstate *s)
{
	uint32_t origin = v->pc;

	v->facts->changes_packet = true;
	return state_each(&v->pool, s, stale_one, &origin);
}

void call_clobber(struct verifier *v)
{
	for (uint8_t r = IOV_R0; r <= IOV_R5; r++) {
		flow_reg(v, FLOW_DEF, r, 0);
		v->top->r[r] = (struct vreg){.kind = V_UNINIT, .origin = v->pc, .n = num_const(0)};
	}
}

bool call_refresh(struct verifier *v)
{
	v->top = state_frame(&v->pool, v->st, v->st->frames - 1, 0);
	return v->top != NULL;
}

enum step call_lock_error(struct verifier *v, const char *what)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_LOCK, v->pc, "%s", what);

	if (v->st->lock.held)
		diag_why(d, prog_span(v->prog, v->st->lock.origin), "the lock of %s `%s` was taken at %s",
			 v->st->lock.map ? "a value of" : "an object of struct",
			 v->st->lock.map ? v->st->lock.map->name : v->st->lock.type->name,
			 explain_at(v, v->st->lock.origin));
	explain_path(v, d);
	diag_hint(d, "take one lock, do the work, and call bpf_spin_unlock() on every way out");
	return STEP_ERROR;
}

static enum step too_deep(struct verifier *v)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_CALL_DEPTH, v->pc, "calls nest %u deep; %s allows %u",
					 v->st->frames + 1, v->platform->name, v->platform->max_frames);

	explain_path(v, d);
	diag_hint(d, "mark a short function on the way __always_inline");
	return STEP_ERROR;
}

/* A static function goes on with what the caller holds. Linux follows since 6.9. */
static bool allowed_under_lock(const struct verifier *v, uint32_t callee)
{
	const char *release = v->platform->kernel;

	return !v->prog->subs[callee].global && (!release || catalogue_release_cmp(release, "6.9") >= 0);
}

enum step step_call_sub(struct verifier *v, const struct iov_insn *insn)
{
	uint32_t target = v->pc + 1 + (uint32_t)insn->imm, callee = v->insns[target].sub, level = v->st->frames;
	struct vframe *f;

	if (v->st->lock.held && !allowed_under_lock(v, callee))
		return call_lock_error(v, "a function is called while a lock is held");
	if (v->prog->subs[callee].global && callee)
		return call_global(v, callee);
	if (level >= V_MAX_FRAMES || (v->platform->max_frames && level >= v->platform->max_frames))
		return too_deep(v);
	if (!state_push(&v->pool, v->st, callee, v->pc))
		return STEP_NOMEM;
	f = v->st->f[level];
	memcpy(&f->r[IOV_R1], &v->top->r[IOV_R1], 5 * sizeof(f->r[0]));
	flow_log(v, FLOW_CALL, (uint8_t)level, 0, 0, 0, 0);
	for (int r = IOV_R0; r <= IOV_R5; r++)
		v->top->r[r] = (struct vreg){.kind = V_UNINIT, .origin = v->pc, .n = num_const(0)};
	if (v->st->frames > v->facts->frames)
		v->facts->frames = v->st->frames;
	v->next = target;
	return STEP_NEXT;
}

/* A closing brace says little; the branch that led there says which way out it is. */
static uint32_t way_out(const struct verifier *v)
{
	const struct iov_line *l = prog_line(v->prog, v->pc);
	uint32_t fork = explain_last_fork(v);

	return l && l->text && strchr(l->text, '}') && !strchr(l->text, ';') && fork != V_NO_INSN ? fork : v->pc;
}

/* The function that gives back what the call at `origin` acquired. */
static const char *releaser(const struct verifier *v, uint32_t origin)
{
	const struct iov_helper *from = cfg_helper(v, origin), *to;

	if (!from || !from->btf_type || (from->ret != IOV_RET_BTF && from->ret != IOV_RET_BTF_OR_NULL))
		return "sk_release";
	for (size_t i = 0; (to = catalogue_kfunc_at(i)); i++) {
		const char *type = to->release_arg ? to->arg_type[to->release_arg - 1] : NULL;

		type = type ? type : to->btf_type;
		if (to->flags & IOV_HF_RELEASES && type && !strcmp(type, from->btf_type))
			return to->name;
	}
	return "sk_release";
}

enum step call_leaked(struct verifier *v, const char *how)
{
	const struct vref *ref = &v->st->refs[0];
	const char *call = explain_helper_at(v, ref->origin), *var = explain_result_var(v, ref->origin);
	const char *what = var ? arena_printf(&v->work, "`%s`, which %s returned,", var, call)
			       : arena_printf(&v->work, "what %s returned", call);
	uint32_t here = v->pc;
	struct iov_diag *d;

	v->pc = way_out(v);
	d = verify_diag(v, DIAG_V_REF_LEAK, ref->origin, "%s is not released %s", what ? what : "?", how);
	v->pc = here;
	diag_why(d, prog_span(v->prog, ref->origin), "acquired by %s at %s; this path ends at %s", call,
		 explain_at(v, ref->origin), explain_at(v, v->pc));
	explain_path(v, d);
	if (v->insns[v->pc].row->kind == ISA_K_CALL)
		diag_hint(d, "give it back before this call, or make the call before it is acquired");
	else if (strstr(call, "dynptr"))
		diag_hint(d, "before this way out, write: `bpf_ringbuf_discard_dynptr(&ptr, 0);`, or submit it; also "
			     "when the reservation has failed");
	else if (strstr(call, "ringbuf"))
		diag_hint(d, "before this way out, write: `bpf_ringbuf_discard(%s, 0);`, or submit it",
			  var ? var : "rec");
	else if (strstr(call, "kptr_xchg"))
		diag_hint(d, "before this way out, release %s%s%s, or move it back with bpf_kptr_xchg()",
			  var ? "`" : "", var ? var : "it", var ? "`" : "");
	else if (strstr(call, "list_pop") || strstr(call, "rbtree"))
		diag_hint(d, "before this way out, write: `bpf_obj_drop(container_of(%s, struct …, member));`",
			  var ? var : "node");
	else if (strstr(call, "obj_new") || strstr(call, "refcount"))
		diag_hint(d, "before this way out, write: `bpf_obj_drop(%s);`, or push it into a list or tree",
			  var ? var : "object");
	else
		diag_hint(d, "before this way out, write: `bpf_%s(%s);`", releaser(v, ref->origin), var ? var : "sk");
	return STEP_ERROR;
}

static enum step return_to_caller(struct verifier *v)
{
	uint32_t level = v->st->frames - 1, site = v->top->callsite;
	struct vreg result = v->top->r[IOV_R0];

	if (result.kind == V_STACK && result.frame == level) {
		struct iov_diag *d = verify_diag(v, DIAG_V_POINTER_LEAK, v->pc,
						 "the function returns the address of a local variable");
		explain_path(v, d);
		return STEP_ERROR;
	}
	flow_log(v, FLOW_RETURN, (uint8_t)level, 0, 0, 0, 0);
	if (!dynptr_frame_ends(v, level))
		return STEP_NOMEM;
	if (result.kind == V_RECORD && result.frame == level + 1)
		result = (struct vreg){.kind = V_UNINIT, .origin = v->pc, .n = num_const(0)};
	state_pop(&v->pool, v->st);
	if (!call_refresh(v))
		return STEP_NOMEM;
	v->top->r[IOV_R0] = result;
	v->next = site + 1;
	return STEP_NEXT;
}

static enum step bad_return(struct verifier *v, const struct vreg *r, int64_t min, int64_t max)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_RETURN_RANGE, v->pc, "the %s may return %s",
					 sub_is_program(v, v->root_sub)              ? "program"
					 : v->root_sub == v->prog->exception_sub ? "exception callback"
										 : "function",
					 r->kind == V_SCALAR ? explain_num(v, &r->n) : explain_kind(v, r));

	if (v->async)
		diag_why(d, IOV_NOWHERE, "a function that a timer calls returns 0: nothing else has a meaning");
	else
		diag_why(d, IOV_NOWHERE, "programs of type %s return %lld..%lld", v->type->name, (long long)min,
			 (long long)max);
	explain_path(v, d);
	if (v->async)
		diag_hint(d, "keep what you count in the map value, and end with `return 0;`");
	else
		diag_hint(d, "return a constant, or check the number first: `if (result > %lld) result = %lld;`",
		  (long long)max, (long long)max);
	return STEP_ERROR;
}

enum step step_exit(struct verifier *v)
{
	const struct vreg *r0 = &v->top->r[IOV_R0];
	bool program = sub_is_program(v, v->root_sub);
	bool inner = !program && (!v->root_sub || v->root_sub != v->prog->exception_sub);
	bool is_void = !program && v->prog->subs[v->root_sub].is_void;
	int64_t min, max;

	if (v->st->frames > 1)
		return v->top->callback ? callback_return(v) : return_to_caller(v);
	if (v->st->lock.held)
		return call_lock_error(v, "the program ends while a lock is held");
	if (v->st->ref_count)
		return call_leaked(v, "on this path");
	if (v->st->rcu || v->st->preempt)
		return kfunc_section_error(v, program ? "the program ends" : "the function ends");
	if (is_void)
		return STEP_END;
	if (r0->kind == V_UNINIT)
		return explain_uninit(v, IOV_R0);
	flow_reg(v, FLOW_PRECISE, IOV_R0, 0);
	if (v->async)
		return r0->kind == V_SCALAR && num_is(&r0->n, 0) ? STEP_END : bad_return(v, r0, 0, 0);
	if (inner)
		return r0->kind == V_SCALAR ? STEP_END : bad_return(v, r0, INT32_MIN, INT32_MAX);
	if (r0->kind != V_SCALAR) {
		struct iov_diag *d =
			verify_diag(v, DIAG_V_POINTER_LEAK, v->pc, "the program returns %s", explain_kind(v, r0));
		explain_path(v, d);
		return STEP_ERROR;
	}
	if (!catalogue_ret_range(v->type, v->prog->attach_type, &min, &max))
		return STEP_END;
	if (r0->n.full.smin < min || r0->n.full.smax > max)
		return bad_return(v, r0, min, max);
	return STEP_END;
}

/* What does the same for this program type: bpf_xdp_load_bytes() for bpf_skb_load_bytes(), and the other way. */
static const struct iov_helper *twin(struct verifier *v, const struct iov_helper *h)
{
	bool xdp = !strcmp(v->type->name, "xdp");
	const char *own = xdp ? "xdp_" : "skb_", *other = xdp ? "skb_" : "xdp_";
	const char *name = strncmp(h->name, other, 4) ? NULL : arena_printf(&v->work, "%s%s", own, h->name + 4);
	const struct iov_helper *t = name ? catalogue_helper_by_name(name) : NULL;

	return t && platform_helper(v->platform, t->id) && catalogue_allows(v->type, t, v->platform->kernel) ? t : NULL;
}

static enum step wrong_type(struct verifier *v, const struct iov_helper *h)
{
	const struct iov_helper *same = twin(v, h);
	struct iov_buf types = {.alloc = v->alloc};
	struct iov_diag *d = verify_diag(v, DIAG_V_HELPER_TYPE, v->pc, "programs of type %s cannot call bpf_%s()",
					 v->type->name, h->name);

	for (uint32_t id = 0; id < PROG_TYPES; id++) {
		const struct iov_prog_type *t = catalogue_prog_type(id);

		if (t && catalogue_allows(t, h, v->platform->kernel))
			buf_printf(&types, "%s%s", types.len ? ", " : "", t->name);
	}
	if (types.len)
		diag_why(d, IOV_NOWHERE, "it is for programs of type %s", buf_cstr(&types));
	buf_free(&types);
	explain_path(v, d);
	if (same)
		diag_hint(d, "write bpf_%s() instead: it does this for programs of type %s", same->name,
			  v->type->name);
	else if (!strcmp(v->type->name, "xdp") && !strncmp(h->name, "skb_", 4))
		diag_hint(d, "XDP has no socket buffer: read and write through ctx->data after a check against "
			     "ctx->data_end, or "
			     "make it a tc program with SEC(\"tc\")");
	else
		diag_hint(d, "use another helper, or put the program into a section of one of those types");
	return STEP_ERROR;
}

/* What linker/object put in place of a field or type that the target's types lack. */
static enum step missing(struct verifier *v)
{
	const char *what = "a field or type";
	struct iov_diag *d;

	for (uint32_t i = 0; i < v->prog->poison_count; i++)
		if (v->prog->poisons[i].insn == v->pc)
			what = v->prog->poisons[i].what;
	d = verify_diag(v, DIAG_V_CORE_MISSING, v->pc, "%s does not exist on %s", what, v->platform->name);
	explain_path(v, d);
	diag_hint(d, "guard the access: if (bpf_core_field_exists(...)), or bpf_core_type_exists() for a type");
	return STEP_ERROR;
}

static enum step not_offered(struct verifier *v, int32_t id)
{
	const struct iov_helper *known = catalogue_helper((uint32_t)id);
	const struct iov_prog_type *type = catalogue_prog_type(v->prog->type);
	struct iov_diag *d;

	if (id == IOV_CORE_POISON)
		return missing(v);
	if (known && type && !catalogue_allows(type, known, NULL))
		return wrong_type(v, known);
	if (!known) {
		d = verify_diag(v, DIAG_V_HELPER_UNKNOWN, v->pc, "there is no helper number %d", id);
		diag_why(d, IOV_NOWHERE, "helpers are called by number; %s knows none of this one", v->platform->name);
	} else {
		d = verify_diag(v, DIAG_V_HELPER_UNKNOWN, v->pc, "%s does not offer bpf_%s()", v->platform->name,
				known->name);
		explain_lacking(v, d, known);
	}
	explain_path(v, d);
	if (!known)
		diag_hint(d, "declare helpers by `#include <bpf/bpf_helpers.h>`; a function of your own needs a body");
	else
		diag_hint(d, "do without it, or choose a platform that has it: --platform=linux-6.18");
	return STEP_ERROR;
}

/* May this program call it here at all? */
static enum step check_permission(struct verifier *v, const struct iov_helper *h)
{
	struct iov_diag *d;

	if (!platform_allows(v->platform, v->type, h) || catalogue_attach_lacks(v->type, v->prog->attach_type, h))
		return wrong_type(v, h);
	if ((h->flags & IOV_HF_GPL || h->kfunc) && !v->prog->gpl) {
		d = verify_diag(v, DIAG_V_HELPER_GPL, v->pc, "bpf_%s() is for programs with a GPL-compatible licence",
				h->name);
		explain_path(v, d);
		diag_why(d, IOV_NOWHERE, "this object's licence is \"%s\"", v->prog->license ? v->prog->license : "");
		diag_hint(d, "write: `char _license[] SEC(\"license\") = \"GPL\";`");
		return STEP_ERROR;
	}
	if (!h->complete)
		return explain_unsupported(v, h->kfunc ? "the kernel function bpf_%s()" : "bpf_%s()", h->name);
	if (h->flags & IOV_HF_CALLBACK && !(v->platform->rules & IOV_RULE_CALLBACKS)) {
		d = verify_diag(v, DIAG_V_HELPER_UNKNOWN, v->pc,
				"%s does not offer helpers that call back, as bpf_%s()", v->platform->name, h->name);
		explain_path(v, d);
		return STEP_ERROR;
	}
	return STEP_NEXT;
}

static enum step hold(struct verifier *v, uint32_t ref)
{
	struct vstate *s = v->st;

	if (s->ref_count == V_MAX_REFS)
		return explain_unsupported(v, "more than %d references at a time", V_MAX_REFS);
	s->refs[s->ref_count++] = (struct vref){ref, v->pc};
	return STEP_NEXT;
}

/* A reference is known by the id of the result that it came with, which a result cast from it does not have. */
static enum step acquire(struct verifier *v, struct vreg *r)
{
	r->ref = r->id ? r->id : ++v->next_id;
	return hold(v, r->ref);
}

uint32_t reference_acquire(struct verifier *v)
{
	uint32_t ref = ++v->next_id;

	return hold(v, ref) == STEP_NEXT ? ref : 0;
}

struct release {
	uint32_t ref, origin;
};

static void free_one(struct vreg *r, void *ud)
{
	const struct release *w = ud;

	if (reg_is_pointer(r) && r->ref == w->ref)
		*r = (struct vreg){.kind = V_FREED, .origin = w->origin, .n = num_const(0)};
}

bool reference_release(struct verifier *v, uint32_t ref)
{
	struct release w = {ref, v->pc};
	struct vstate *s = v->st;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->ref_count; i++)
		if (s->refs[i].id != ref)
			s->refs[kept++] = s->refs[i];
	s->ref_count = kept;
	return state_each(&v->pool, s, free_one, &w) && sobj_release(v, ref) && call_refresh(v);
}

/* An array has every index below its size, so that a lookup of a constant one cannot fail. Linux knows since 6.14. An
 * inner map may be another, smaller one. */
static bool elides_null_test(const struct verifier *v, const struct iov_map_def *map)
{
	bool own = false, template = false;

	if (!v->platform->kernel || catalogue_release_cmp(v->platform->kernel, "6.14") < 0)
		return false;
	for (uint32_t i = 0; i < v->prog->map_count; i++) {
		own |= v->prog->maps[i] == map;
		template |= v->prog->maps[i]->inner == map;
	}
	return own && !template;
}

/* What a successful lookup points at depends on the map. */
static enum step lookup_result(struct verifier *v, const struct call *c, struct vreg *r)
{
	r->map = c->map;
	r->maybe_null = c->helper->ret == IOV_RET_MAP_VALUE_OR_NULL;
	r->kind = V_VALUE;
	if (strcmp(c->helper->name, "map_lookup_elem"))
		return c->map && c->map->value_size ? STEP_NEXT
						    : explain_unsupported(v, "the result of bpf_%s()", c->helper->name);
	switch (c->map_type->lookup) {
	case IOV_LOOKUP_VALUE: case IOV_LOOKUP_VALUE_RDONLY:
		if (c->key_known && c->key < c->map->max_entries && elides_null_test(v, c->map)) {
			r->maybe_null = false;
			if (!c->map->fields.count)
				r->id = 0;
		}
		return STEP_NEXT;
	case IOV_LOOKUP_MAP:
		if (!c->map->inner)
			return explain_unsupported(v, "the map of maps `%s` without a template of its inner maps",
						   c->map->name);
		r->kind = V_MAP;
		r->map = c->map->inner;
		return STEP_NEXT;
	case IOV_LOOKUP_SOCKET:
		r->kind = V_SOCK;
		r->map = NULL;
		r->range = IOV_RET_SOCK_COMMON_OR_NULL;
		return acquire(v, r);
	case IOV_LOOKUP_XSK:
		r->kind = V_SOCK;
		r->map = NULL;
		r->range = IOV_RET_XDP_SOCK_OR_NULL;
		return STEP_NEXT;
	default: return explain_unsupported(v, "lookups in `%s`", c->map->name);
	}
}

/* A struct of the kernel's: what a kernel function vouches for, or a socket under its own type. */
static enum step kernel_result(struct verifier *v, const struct call *c, struct vreg *r)
{
	const struct iov_helper *h = c->helper;
	const char *name = h->kfunc & IOV_KF_CASTS_CTX ? catalogue_kernel_context(v->type) : h->btf_type;

	if (!name)
		return explain_unsupported(v, "the result of bpf_%s()", h->name);
	object_kernel(v, r, name, h->kfunc ? T_TRUSTED : h->flags & IOV_HF_CASTS ? T_SOCKET : 0);
	r->maybe_null = h->ret == IOV_RET_BTF_OR_NULL;
	r->id = ++v->next_id;
	r->ref = h->flags & IOV_HF_CASTS ? c->cast_of : 0;
	return STEP_NEXT;
}

static enum step set_result(struct verifier *v, const struct call *c)
{
	const struct iov_helper *h = c->helper;
	struct vreg r = {.origin = v->pc, .n = num_const(0)};
	enum step s = STEP_NEXT;

	switch (h->ret) {
	case IOV_RET_SCALAR:
		reg_scalar(&r,
			   h->ret_min == INT64_MIN && h->ret_max == INT64_MAX ? num_unknown()
									      : num_sbetween(h->ret_min, h->ret_max),
			   v->pc);
		break;
	case IOV_RET_VOID: case IOV_RET_NEVER: break;
	case IOV_RET_MAP_VALUE_OR_NULL: case IOV_RET_MAP_VALUE:
		r.id = ++v->next_id;
		s = lookup_result(v, c, &r);
		break;
	case IOV_RET_MEM_OR_NULL:
		r.kind = V_RECORD;
		r.range = c->alloc_size;
		r.maybe_null = true;
		r.id = ++v->next_id;
		if (c->dynptr.kind == V_DYNPTR)
			s = dynptr_slice(v, c, &r);
		break;
	case IOV_RET_SOCK_COMMON_OR_NULL: case IOV_RET_SOCKET_OR_NULL: case IOV_RET_TCP_SOCK_OR_NULL:
		r.kind = V_SOCK;
		r.range = h->ret;
		r.maybe_null = true;
		r.id = ++v->next_id;
		r.ref = h->flags & IOV_HF_CASTS ? c->cast_of : 0;
		break;
	case IOV_RET_OBJECT_OR_NULL: case IOV_RET_SAME_OBJECT: case IOV_RET_NODE_OR_NULL: graph_result(v, c, &r); break;
	case IOV_RET_KPTR_OR_NULL: kptr_result(v, c, &r); break;
	case IOV_RET_CAST: object_kernel(v, &r, c->type->name, T_UNTRUSTED); r.type = c->type; break;
	case IOV_RET_BTF: case IOV_RET_BTF_OR_NULL: s = kernel_result(v, c, &r); break;
	default: return explain_unsupported(v, "the result of bpf_%s()", h->name);
	}
	if (s == STEP_NEXT && h->flags & IOV_HF_ACQUIRES)
		s = acquire(v, &r);
	if (s == STEP_NEXT)
		v->top->r[IOV_R0] = r;
	return s;
}

/* The map of the call, when it is one of the program's and always the same. */
static void map_fact(struct verifier *v, const struct iov_map_def *map)
{
	struct iov_insn_fact *f = &v->fact[v->pc];
	int32_t index = -1;

	for (uint32_t i = 0; map && i < v->prog->map_count; i++)
		if (v->prog->maps[i] == map)
			index = (int32_t)i;
	if (!f->reached)
		f->map = index;
	else if (f->map != index)
		f->map = -1;
}

static enum step lock_effect(struct verifier *v, const struct call *c)
{
	struct vlock *lock = &v->st->lock;

	if (c->helper->flags & IOV_HF_LOCK) {
		*lock = c->lock;
		return STEP_NEXT;
	}
	if (!lock->held || lock->map != c->lock.map || lock->type != c->lock.type || lock->id != c->lock.id)
		return call_lock_error(v,
				  lock->held ? "another lock is held than the one that is dropped" : "no lock is held");
	*lock = (struct vlock){0};
	return graph_unlocked(v) && call_refresh(v) ? STEP_NEXT : STEP_NOMEM;
}

static enum step effects(struct verifier *v, const struct call *c)
{
	const struct iov_helper *h = c->helper;

	if (h->flags & (IOV_HF_LOCK | IOV_HF_UNLOCK))
		return lock_effect(v, c);
	if (h->flags & IOV_HF_TAIL_CALL) {
		if (!(v->platform->rules & IOV_RULE_TAIL_CALLS))
			return explain_unsupported(v, "tail calls on %s", v->platform->name);
		if (v->st->ref_count)
			return call_leaked(v, "before the tail call, which does not come back");
		if (v->st->rcu || v->st->preempt)
			return kfunc_section_error(v, "the tail call does not come back");
		if (global_ends_early(v, "a tail call") != STEP_NEXT)
			return STEP_ERROR;
		v->facts->uses_tail_calls = true;
	}
	if (c->callback && !(h->flags & IOV_HF_CALLBACK) && !async_note(v, c))
		return STEP_NOMEM;
	if (h->flags & IOV_HF_RELEASES && !c->release)
		return explain_unsupported(v, "what bpf_%s() releases", h->name);
	if (c->release && !reference_release(v, c->release))
		return STEP_NOMEM;
	if (dynptr_changes_packet(c) && (!packet_invalidate(v, v->st) || !call_refresh(v)))
		return STEP_NOMEM;
	return h->args[0] == IOV_ARG_ITER_UNINIT ? iter_make(v, c) : dynptr_make(v, c);
}

/* The other way: another program runs in place of this function, which may change the packet, and what it returns goes
 * to the caller. */
static enum step tail_call_returns(struct verifier *v)
{
	uint32_t level = v->st->frames - 1, site = v->top->callsite;
	struct vstate *here = v->st;
	struct vframe *f;

	v->other = v->st = state_copy(&v->pool, here);
	if (!v->st || !dynptr_frame_ends(v, level) || !packet_invalidate(v, v->st)) {
		v->st = here;
		return STEP_NOMEM;
	}
	v->st = here;
	state_pop(&v->pool, v->other);
	f = state_frame(&v->pool, v->other, level - 1, 0);
	if (!f)
		return STEP_NOMEM;
	reg_scalar(&f->r[IOV_R0], num_bits(64), v->pc);
	v->other_next = site + 1;
	return STEP_FORK;
}

enum step call_prototype(struct verifier *v, struct call *c)
{
	const struct iov_helper *h = c->helper;
	enum step s;

	v->next = v->pc + 1;
	if (v->st->lock.held && !(h->flags & IOV_HF_UNLOCK) && !(h->kfunc & IOV_KF_UNDER_LOCK))
		return call_lock_error(v, "a function is called while a lock is held");
	s = check_permission(v, h);
	if (s == STEP_NEXT)
		s = callback_forbids(v, h);
	for (int i = 0; i < 5 && s == STEP_NEXT; i++)
		s = arg_check(v, c, i);
	if (s == STEP_NEXT)
		s = effects(v, c);
	if (s == STEP_NEXT && h->kfunc)
		s = kfunc_effects(v, c);
	if (s != STEP_NEXT)
		return s;
	map_fact(v, c->map);
	if (h->flags & IOV_HF_CALLBACK)
		s = callback_call(v, c);
	if (h->flags & IOV_HF_TAIL_CALL && v->st->frames > 1)
		s = tail_call_returns(v);
	if (s != STEP_NEXT && s != STEP_FORK)
		return s;
	if ((c->inserts && !graph_insert(v, c->inserts)) || !call_refresh(v))
		return STEP_NOMEM;
	call_clobber(v);
	if (h->kfunc & IOV_KF_ITER_NEXT)
		return iter_next(v, c);
	return set_result(v, c) == STEP_NEXT ? s : STEP_ERROR;
}

enum step step_call_helper(struct verifier *v, const struct iov_insn *insn)
{
	struct call c = {.helper = catalogue_variant(platform_helper(v->platform, (uint32_t)insn->imm), v->type)};

	return c.helper ? call_prototype(v, &c) : not_offered(v, insn->imm);
}
