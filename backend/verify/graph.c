/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that programs allocate, and the lists and trees that hold them.
 *
 * An object has one owning reference when it is made; bpf_refcount_acquire() gives another. Who owns it may read and
 * write it, push it into a list or tree, move it into a kernel pointer, or drop it. Pushing gives ownership away: what
 * pointed at it only borrows it from then on, until the lock beside the head is dropped, since then another CPU may
 * take it out and free it. Heads are used under the lock of their own map value or object, which is known by its
 * identity (vreg.id); a list takes the one kind of node that it was declared with. Source: kernel document
 * bpf/graph_ds_impl.rst, and Linux's verifier. */
#include "backend/verify/internal.h"

#include <string.h>

enum { MAX_PERCPU_OBJECT = 512, MAX_DEPTH = 16 };

enum step graph_wrong_layout(struct verifier *v, const char *what, const struct iov_fields *f)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_LAYOUT, v->pc, "%s cannot be used: %s", what, f->wrong);

	explain_path(v, d);
	return STEP_ERROR;
}

enum step graph_map_holds(struct verifier *v, const struct iov_map_def *map, enum iov_field_kind kind)
{
	const struct iov_map_type *type = map ? catalogue_map_type(map->type) : NULL;
	struct iov_diag *d;

	if (!type || catalogue_map_holds(map->type, kind))
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_LAYOUT, v->pc, "values of `%s`, a map of type %s, cannot hold %s", map->name,
			type->name, field_kind_name(kind));
	explain_path(v, d);
	diag_hint(d, "keep it in a map of type hash or array");
	return STEP_ERROR;
}

/* Numbers only, in structs of numbers. */
static bool only_numbers(struct verifier *v, const struct iov_type *t, unsigned depth)
{
	for (uint32_t i = 0; t && i < t->member_count; i++) {
		const struct iov_member *m = &t->members[i];

		if (m->kind == IOV_MEMBER_POINTER)
			return false;
		if (m->kind == IOV_MEMBER_STRUCT &&
		    (!depth || !only_numbers(v, types_find(v->prog->types, t->space, m->type), depth - 1)))
			return false;
	}
	return t != NULL;
}

static enum step bad_percpu(struct verifier *v, const struct iov_type *t)
{
	struct iov_diag *d =
		verify_diag(v, DIAG_V_LAYOUT, v->pc, "%s cannot be allocated for each CPU", explain_type(v, t));

	diag_why(d, IOV_NOWHERE, "such an object has at most %d bytes, all of them numbers", MAX_PERCPU_OBJECT);
	explain_path(v, d);
	return STEP_ERROR;
}

/* Note it in the facts. */
static bool makes(struct verifier *v, const struct iov_type *t, bool per_cpu)
{
	struct iov_facts *f = v->facts;

	for (size_t i = 0; i < f->made_count; i++)
		if (f->made[i].type == t && f->made[i].per_cpu == per_cpu)
			return true;
	if (!arena_grow(v->out, &f->made, f->made_count, &f->made_room, sizeof(*f->made)))
		return false;
	f->made[f->made_count++] = (struct iov_made_type){t, per_cpu};
	return true;
}

/* What bpf_obj_new() is to make, by its type's number. */
static enum step local_type(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	const struct iov_type *t = NULL;

	flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
	if (reg_is_const(r) && num_value(&r->n) <= UINT32_MAX)
		t = types_find(v->prog->types, IOV_TYPES_OWN, (uint32_t)num_value(&r->n));
	if (v->prog->types && v->prog->types->nomem)
		return STEP_NOMEM;
	if (!t || t->is_union)
		return arg_wrong(v, c, i);
	if (t->fields.wrong)
		return graph_wrong_layout(v, explain_type(v, t), &t->fields);
	if (c->helper->kfunc & IOV_KF_PERCPU &&
	    (t->size > MAX_PERCPU_OBJECT || t->fields.count || !only_numbers(v, t, MAX_DEPTH)))
		return bad_percpu(v, t);
	c->type = t;
	return makes(v, t, c->helper->kfunc & IOV_KF_PERCPU) ? STEP_NEXT : STEP_NOMEM;
}

/* What bpf_rdonly_cast() takes a pointer for. */
static enum step target_type(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_PRECISE, (uint8_t)(1 + i), 0);
	if (!reg_is_const(r) || num_value(&r->n) > UINT32_MAX)
		return arg_wrong(v, c, i);
	if (!v->prog->types || !v->prog->types->has_target)
		return object_needs_target(v, "which struct this is a cast to", NULL);
	c->type = types_find(v->prog->types, IOV_TYPES_TARGET, (uint32_t)num_value(&r->n));
	if (v->prog->types->nomem)
		return STEP_NOMEM;
	return c->type ? STEP_NEXT : arg_wrong(v, c, i);
}

enum step graph_not_owned(struct verifier *v, int reg)
{
	const struct vreg *r = &v->top->r[reg];
	struct iov_diag *d = verify_diag(v, DIAG_V_OWNER, v->pc, "%s is not owned here", explain_reg(v, v->pc, reg));

	diag_why(d, IOV_NOWHERE, "it is %s", explain_kind(v, r));
	if (r->trust & T_BORROWED)
		diag_why(d, IOV_NOWHERE, "what is in a list or tree belongs to that list or tree");
	explain_path(v, d);
	if (fields_of(&r->type->fields, IOV_FIELD_REFCOUNT))
		diag_hint(d,
			  "acquire it first: `own = bpf_refcount_acquire(%s); if (!own) …`, or take it out of the tree "
			  "or list",
			  *explain_reg(v, v->pc, reg) == '`' ? "it" : "node");
	else
		diag_hint(
			d,
			"take it out first: bpf_list_pop_front() and bpf_rbtree_remove() give it back to the program");
	return STEP_ERROR;
}

/* Some pointer to an object that is there. */
static enum step object_pointer(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->maybe_null && r->kind != V_SCALAR)
		return explain_null(v, 1 + i, r);
	if (r->kind != V_OBJECT || !num_is(&r->n, 0))
		return arg_wrong(v, c, i);
	return STEP_NEXT;
}

static enum step moved(struct verifier *v, const struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	struct iov_diag *d =
		verify_diag(v, DIAG_V_BAD_RELEASE, v->pc, "bpf_%s() wants the start of the object", c->helper->name);

	diag_why(d, IOV_NOWHERE, "%s points %d bytes into %s", explain_reg(v, v->pc, 1 + i), r->off,
		 explain_type(v, r->type));
	explain_path(v, d);
	diag_hint(d, "turn a node into its object first: container_of(node, struct …, member)");
	return STEP_ERROR;
}

/* The whole object, which this call takes. */
static enum step dropped(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	enum step s = object_pointer(v, c, i);

	if (s != STEP_NEXT)
		return s;
	if (!(c->helper->kfunc & IOV_KF_PERCPU) != !(r->trust & T_PERCPU))
		return arg_wrong(v, c, i);
	if (!r->ref || r->trust & (T_BORROWED | T_RCU))
		return graph_not_owned(v, 1 + i);
	if (r->off)
		return moved(v, c, i);
	c->release = r->ref;
	return STEP_NEXT;
}

/* An object with a reference count. */
static enum step counted(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	enum step s = object_pointer(v, c, i);

	if (s != STEP_NEXT)
		return s;
	if (r->off)
		return moved(v, c, i);
	if (!fields_of(&r->type->fields, IOV_FIELD_REFCOUNT) || r->trust & T_PERCPU) {
		struct iov_diag *d =
			verify_diag(v, DIAG_V_OWNER, v->pc, "%s has no reference count", explain_type(v, r->type));

		diag_why(d, IOV_NOWHERE, "an object without one has one owner");
		explain_path(v, d);
		diag_hint(d, "add a member: `struct bpf_refcount refcount;`");
		return STEP_ERROR;
	}
	c->type = r->type;
	c->owned = r->ref != 0;
	return STEP_NEXT;
}

/* The lock of the same map value or object is held. */
static bool lock_is_held(const struct verifier *v, const struct vreg *r)
{
	const struct vlock *l = &v->st->lock;

	return l->held && l->map == r->map && l->type == r->type && l->id == r->id;
}

static enum step not_locked(struct verifier *v, const struct call *c, int i)
{
	const struct vlock *l = &v->st->lock;
	struct iov_diag *d =
		verify_diag(v, DIAG_V_GRAPH, v->pc, "%s is used without its lock", explain_reg(v, v->pc, 1 + i));

	if (l->held)
		diag_why(d, prog_span(v->prog, l->origin), "the lock that was taken at %s lies in another %s",
			 explain_at(v, l->origin), v->top->r[1 + i].kind == V_VALUE ? "map value" : "object");
	else
		diag_why(d, IOV_NOWHERE, "no lock is held here; another CPU may be changing it");
	explain_path(v, d);
	diag_hint(d, "call bpf_spin_lock() on the lock beside it before bpf_%s(), and bpf_spin_unlock() after it",
		  c->helper->name);
	return STEP_ERROR;
}

/* The head of a list, or the root of a tree: field of `kind`. */
static enum step root(struct verifier *v, struct call *c, int i, enum iov_field_kind kind)
{
	const struct vreg *r = &v->top->r[1 + i];
	const struct iov_fields *f = reg_fields(r);

	flow_reg(v, FLOW_USE, (uint8_t)(1 + i), 0);
	if (r->maybe_null && f)
		return explain_null(v, 1 + i, r);
	if (!f || !num_is_const(&r->n))
		return arg_wrong(v, c, i);
	if (f->wrong)
		return graph_wrong_layout(v, explain_kind(v, r), f);
	c->field = fields_at(f, kind, r->off + (int64_t)num_value(&r->n));
	if (!c->field)
		return arg_wrong(v, c, i);
	if (r->kind == V_OBJECT && (!r->ref || r->trust))
		return graph_not_owned(v, 1 + i);
	if (!lock_is_held(v, r))
		return not_locked(v, c, i);
	c->type = types_find(v->prog->types, IOV_TYPES_OWN, c->field->type);
	return c->type ? graph_map_holds(v, r->map, kind) : STEP_NOMEM;
}

static enum step wrong_node(struct verifier *v, const struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	struct iov_diag *d =
		verify_diag(v, DIAG_V_GRAPH, v->pc, "%s is no node that this %s holds", explain_reg(v, v->pc, 1 + i),
			    c->field->kind == IOV_FIELD_LIST_HEAD ? "list" : "tree");

	diag_why(d, IOV_NOWHERE, "it is declared to hold the node at offset %u of %s", c->field->node_off,
		 explain_type(v, c->type));
	diag_why(d, IOV_NOWHERE, "%s points at offset %d of %s", explain_reg(v, v->pc, 1 + i), r->off,
		 explain_type(v, r->type));
	explain_path(v, d);
	diag_hint(d, "pass the address of the member that __contains() names with the head");
	return STEP_ERROR;
}

static enum step node(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	enum step s = object_pointer(v, c, i);

	if (s != STEP_NEXT)
		return s;
	if (r->type != c->type || r->off < 0 || (uint32_t)r->off != c->field->node_off)
		return wrong_node(v, c, i);
	return STEP_NEXT;
}

/* A node that goes in: the object must be the program's. */
static enum step inserted(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	enum step s = node(v, c, i);

	if (s != STEP_NEXT)
		return s;
	if (!r->ref || r->trust)
		return graph_not_owned(v, 1 + i);
	c->inserts = r->ref;
	return STEP_NEXT;
}

static bool has_since(const struct verifier *v, const char *release)
{
	return !v->platform->kernel || catalogue_release_cmp(v->platform->kernel, release) >= 0;
}

/* A node that is in the tree, as far as the program knows; Linux takes owned ones since 6.16. */
static enum step inside(struct verifier *v, struct call *c, int i)
{
	const struct vreg *r = &v->top->r[1 + i];
	enum step s = node(v, c, i);
	struct iov_diag *d;

	if (s != STEP_NEXT)
		return s;
	if (r->trust & T_BORROWED || (r->ref && has_since(v, "6.16")))
		return STEP_NEXT;
	d = verify_diag(v, DIAG_V_OWNER, v->pc, "bpf_%s() wants a node that is in the tree", c->helper->name);
	diag_why(d, IOV_NOWHERE, "%s is %s", explain_reg(v, v->pc, 1 + i), explain_kind(v, r));
	explain_path(v, d);
	diag_hint(d, "pass what bpf_rbtree_first() gave, or a node that was added under this lock");
	return STEP_ERROR;
}

enum step graph_argument(struct verifier *v, struct call *c, int i)
{
	switch (c->helper->args[i]) {
	case IOV_ARG_LOCAL_TYPE:
		return local_type(v, c, i);
	case IOV_ARG_TARGET_TYPE:
		return target_type(v, c, i);
	case IOV_ARG_OBJECT:
		return dropped(v, c, i);
	case IOV_ARG_COUNTED:
		return counted(v, c, i);
	case IOV_ARG_LIST_HEAD:
		return root(v, c, i, IOV_FIELD_LIST_HEAD);
	case IOV_ARG_RB_ROOT:
		return root(v, c, i, IOV_FIELD_RB_ROOT);
	case IOV_ARG_NODE:
		return inserted(v, c, i);
	case IOV_ARG_NODE_INSIDE:
		return inside(v, c, i);
	default:
		return explain_unsupported(v, "argument %d of bpf_%s()", i + 1, c->helper->name);
	}
}

static uint8_t borrowed(const struct iov_type *t)
{
	return fields_of(&t->fields, IOV_FIELD_REFCOUNT) ? T_BORROWED | T_RCU : T_BORROWED;
}

/* A node in the tree or list of the call, as its functions give it. */
static struct vreg node_of(struct verifier *v, const struct call *c)
{
	return (struct vreg){.kind = V_OBJECT,
			     .type = c->type,
			     .off = (int32_t)c->field->node_off,
			     .origin = v->pc,
			     .trust = borrowed(c->type),
			     .n = num_const(0)};
}

void graph_result(struct verifier *v, const struct call *c, struct vreg *r)
{
	const struct iov_helper *h = c->helper;

	if (h->ret == IOV_RET_NODE_OR_NULL) {
		*r = node_of(v, c);
		r->trust = h->flags & IOV_HF_ACQUIRES ? 0 : r->trust;
	} else {
		r->kind = V_OBJECT;
		r->type = c->type;
		r->trust = h->kfunc & IOV_KF_PERCPU ? T_PERCPU : 0;
	}
	r->maybe_null = h->ret != IOV_RET_SAME_OBJECT || !c->owned;
	r->id = r->maybe_null || fields_of(&c->type->fields, IOV_FIELD_SPIN_LOCK) ? ++v->next_id : 0;
}

/* The two nodes that a tree compares. */
void graph_compared(struct verifier *v, const struct call *c, struct vframe *f)
{
	f->r[IOV_R1] = f->r[IOV_R2] = node_of(v, c);
}

static void lend_one(struct vreg *r, void *ud)
{
	const uint32_t *ref = ud;

	if (r->kind != V_OBJECT || r->ref != *ref)
		return;
	r->ref = 0;
	r->trust |= borrowed(r->type);
}

/* What the program owned is in the list or tree now: it borrows it. */
bool graph_insert(struct verifier *v, uint32_t ref)
{
	struct vstate *s = v->st;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->ref_count; i++)
		if (s->refs[i].id != ref)
			s->refs[kept++] = s->refs[i];
	s->ref_count = kept;
	return state_each(&v->pool, s, lend_one, &ref);
}

static void end_loan(struct vreg *r, void *ud)
{
	if (r->kind == V_OBJECT && r->trust & T_BORROWED)
		*r = (struct vreg){.kind = V_FREED, .origin = *(uint32_t *)ud, .n = num_const(0)};
}

bool graph_unlocked(struct verifier *v)
{
	uint32_t origin = v->pc;

	return state_each(&v->pool, v->st, end_loan, &origin);
}

static void end_rcu(struct vreg *r, void *ud)
{
	(void)ud;
	if ((r->kind != V_OBJECT && r->kind != V_KERNEL) || !(r->trust & T_RCU))
		return;
	r->kind = V_KERNEL;
	r->object = r->type ? r->type->name : r->object;
	r->trust = (r->trust & T_PERCPU) | T_UNTRUSTED;
	r->maybe_null = false;
	r->id = 0;
}

bool graph_rcu_ends(struct verifier *v)
{
	return state_each(&v->pool, v->st, end_rcu, NULL);
}
