/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel pointers in map values and objects (`__kptr`): plain loads and stores of the field, and bpf_kptr_xchg(), which
 * moves a reference in and takes the one that was there. Rules: kernel document bpf/kfuncs.rst and Linux's verifier. */
#include "backend/verify/internal.h"

#include <string.h>

static bool is_kptr(const struct iov_field *f)
{
	return f->kind == IOV_FIELD_KPTR_REF || f->kind == IOV_FIELD_KPTR_UNREF || f->kind == IOV_FIELD_KPTR_PERCPU;
}

/* The field that the pointer is at exactly. */
static const struct iov_field *kptr_field(const struct iov_fields *all, const struct vreg *ptr, int64_t off)
{
	off += ptr->off;
	if (!num_is_const(&ptr->n))
		return NULL;
	off += (int64_t)num_value(&ptr->n);
	for (uint32_t i = 0; i < all->count; i++)
		if (is_kptr(&all->all[i]) && (int64_t)all->all[i].off == off)
			return &all->all[i];
	return NULL;
}

bool kptr_at(const struct vreg *ptr, const struct access *a)
{
	return ptr->kind == V_VALUE && a->size == 8 && kptr_field(&ptr->map->fields, ptr, a->off);
}

const struct iov_type *kptr_type(struct verifier *v, const struct iov_field *field)
{
	const struct iov_type *own = types_find(v->prog->types, IOV_TYPES_OWN, field->type), *kernel;

	kernel = own ? types_named(v->prog->types, IOV_TYPES_TARGET, own->name) : NULL;
	return kernel ? kernel : own;
}

/* Without the target's types a struct is known to be the program's own by the nodes in it, which no kernel struct has.
 */
static bool may_be_kernels(const struct verifier *v, const struct iov_type *t)
{
	return t->space == IOV_TYPES_OWN && v->platform->kernel && !v->prog->types->has_target && !t->fields.count;
}

static enum step needs_target(struct verifier *v, const struct iov_type *t)
{
	return object_needs_target(v, arena_printf(&v->work, "whether %s is the kernel's", explain_type(v, t)),
				   "a kernel pointer points at the kernel's struct of that name, if there is one");
}

/* The pointer has no struct with members behind it. */
static enum step unknown(struct verifier *v, const struct vreg *r)
{
	const struct iov_fields *f = reg_fields(r);

	return f->wrong ? graph_wrong_layout(v, explain_kind(v, r), f) : STEP_NOMEM;
}

/* Kernel objects that stay readable until the end of the RCU section in which they were given up. */
static bool rcu_protected(const struct iov_type *t)
{
	static const char *const names[] = {"prog_test_ref_kfunc", "cgroup", "bpf_cpumask", "task_struct",
					    "bpf_crypto_ctx"};

	if (t->space == IOV_TYPES_OWN)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(t->name, names[i]))
			return true;
	return false;
}

static bool has_node(const struct iov_type *t)
{
	return fields_of(&t->fields, IOV_FIELD_LIST_NODE) || fields_of(&t->fields, IOV_FIELD_RB_NODE);
}

/* What a plain load of the field gives: something that another CPU may take out and release at any time. */
static void loaded(struct verifier *v, const struct iov_field *f, const struct iov_type *t, struct vreg *out)
{
	bool stays = f->kind == IOV_FIELD_KPTR_PERCPU || (f->kind == IOV_FIELD_KPTR_REF && rcu_protected(t));
	bool object = stays && t->space == IOV_TYPES_OWN && f->kind == IOV_FIELD_KPTR_REF;

	*out = (struct vreg){.kind = object ? V_OBJECT : V_KERNEL,
			     .type = t,
			     .object = t->name,
			     .maybe_null = true,
			     .id = ++v->next_id,
			     .origin = v->pc,
			     .n = num_const(0),
			     .trust = stays ? T_RCU : T_UNTRUSTED};
	if (f->kind == IOV_FIELD_KPTR_PERCPU)
		out->trust |= T_PERCPU;
	if (object && has_node(t))
		out->trust |= T_BORROWED;
}

enum step kptr_load(struct verifier *v, const struct vreg *ptr, const struct access *a, struct vreg *out)
{
	const struct iov_field *f = kptr_field(&ptr->map->fields, ptr, a->off);
	const struct iov_type *t = kptr_type(v, f);

	if (!t)
		return unknown(v, ptr);
	if (may_be_kernels(v, t))
		return needs_target(v, t);
	if (v->insns[v->pc].row->kind != ISA_K_LDX)
		return explain_field(v, a, f, ptr->map->name);
	loaded(v, f, t, out);
	return mem_fact(v, ptr, 0);
}

static enum step wrong_store(struct verifier *v, const struct iov_field *f, const struct iov_type *t, int src)
{
	struct iov_diag *d;

	if (f->kind != IOV_FIELD_KPTR_UNREF) {
		d = verify_diag(v, DIAG_V_FIELD, v->pc,
				"a kernel pointer that owns what it points at is not simply overwritten");
		diag_why(d, IOV_NOWHERE, "what it pointed at before would never be released");
		explain_path(v, d);
		diag_hint(d, "write: `old = bpf_kptr_xchg(&value->ptr, new);`, and release `old`");
		return STEP_ERROR;
	}
	d = verify_diag(v, DIAG_V_FIELD, v->pc, "%s is stored where only a pointer to %s or NULL may be",
			src >= 0 ? explain_kind(v, &v->top->r[src]) : "a number", explain_type(v, t));
	explain_path(v, d);
	return STEP_ERROR;
}

/* A kernel struct, or an embedded one at the start or inside of it. */
static bool points_at(struct verifier *v, const struct vreg *r, const struct iov_type *t)
{
	return r->off >= 0 && num_is(&r->n, 0) && types_has_at(v->prog->types, r->type, (uint32_t)r->off, t);
}

enum step kptr_store(struct verifier *v, const struct vreg *ptr, const struct access *a, int src, int64_t imm)
{
	const struct iov_field *f = kptr_field(&ptr->map->fields, ptr, a->off);
	const struct iov_type *t = kptr_type(v, f);
	const struct vreg *r = src >= 0 ? &v->top->r[src] : NULL;

	flow_reg(v, FLOW_USE, a->reg, 0);
	if (!t)
		return unknown(v, ptr);
	if (f->kind != IOV_FIELD_KPTR_UNREF || (!r && imm))
		return wrong_store(v, f, t, src);
	if (r) {
		flow_reg(v, FLOW_PRECISE, (uint8_t)src, 0);
		if (!(r->kind == V_SCALAR && num_is(&r->n, 0)) &&
		    (r->kind != V_KERNEL || r->trust & T_PERCPU || !points_at(v, r, t)))
			return wrong_store(v, f, t, src);
	}
	return mem_fact(v, ptr, 0);
}

/* The first argument of bpf_kptr_xchg(): the address of a field that owns. */
enum step kptr_argument(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	const struct iov_fields *fields = reg_fields(r);
	const struct iov_field *f = fields && !r->maybe_null ? kptr_field(fields, r, 0) : NULL;

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->maybe_null)
		return explain_null(v, 1 + i, r);
	if (fields && fields->wrong)
		return graph_wrong_layout(v, explain_kind(v, r), fields);
	if (!f || f->kind == IOV_FIELD_KPTR_UNREF)
		return arg_wrong(v, c, i);
	c->field = f;
	c->type = kptr_type(v, f);
	if (!c->type)
		return unknown(v, r);
	return may_be_kernels(v, c->type) ? needs_target(v, c->type) : graph_map_holds(v, r->map, f->kind);
}

/* The second one: a reference that moves into the field, or NULL. */
enum step kptr_moved(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	bool percpu = c->field->kind == IOV_FIELD_KPTR_PERCPU;
	uint8_t kind = c->type->space == IOV_TYPES_OWN ? V_OBJECT : V_KERNEL;

	if (r->kind == V_SCALAR && num_is(&r->n, 0)) {
		flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
		return STEP_NEXT;
	}
	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->kind != kind || r->type != c->type || percpu != !!(r->trust & T_PERCPU) || r->off || !num_is(&r->n, 0))
		return arg_wrong(v, c, i);
	if (!r->ref || r->trust & (T_BORROWED | T_UNTRUSTED))
		return graph_not_owned(v, 1 + i);
	c->release = r->ref;
	return STEP_NEXT;
}

/* What was in the field: a reference, or NULL. */
void kptr_result(struct verifier *v, const struct call *c, struct vreg *out)
{
	bool object = c->type->space == IOV_TYPES_OWN;

	out->kind = object ? V_OBJECT : V_KERNEL;
	out->type = c->type;
	out->object = c->type->name;
	out->maybe_null = true;
	out->id = ++v->next_id;
	out->trust = object ? 0 : T_TRUSTED;
	if (c->field->kind == IOV_FIELD_KPTR_PERCPU)
		out->trust |= T_PERCPU;
}
