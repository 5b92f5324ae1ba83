/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine's objects: what programs allocate, lists and trees as far as a program can see them, kernel
 * pointers in maps. Nothing is kept in lists: what is taken out is made up, what is put in is the program's no more,
 * and gone when the lock is dropped. Another reference to an object is another region at the same place. */
#include "runtime/checked.h"
#include "runtime/objects.h"

#include <string.h>

static bool coin(struct cmachine *m) { return checked_random(m) >> 40 & 1; }

static struct iov_types *types(const struct cmachine *m) { return m->image->prog->types; }

const struct iov_fields *checked_fields(const struct cregion *r)
{
	return r->kind == CR_VALUE && r->def ? &r->def->fields : r->kind == CR_OBJECT ? &r->type->fields : NULL;
}

/* The object that the register points into, or NULL after a violation. */
static struct cregion *object(struct cmachine *m, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	struct cregion *r = &m->regions[p->region];

	if (p->init && p->region && r->live && r->kind == CR_OBJECT)
		return r;
	checked_fail(m, reg, p->v, "is no object that is there");
	return NULL;
}

static bool owned_start(struct cmachine *m, int reg, const struct cregion *r)
{
	const struct cvalue *p = &checked_top(m)->r[reg];

	return (r->acquired && p->v == r->addr) ||
	       checked_fail(m, reg, p->v, "is not the start of an object that is owned");
}

static bool node(struct cmachine *m, const struct cobjects *o, int reg, struct cregion **out)
{
	*out = object(m, reg);
	if (!*out)
		return false;
	return ((*out)->type == o->type && checked_top(m)->r[reg].v == (*out)->addr + o->field->node_off) ||
	       checked_fail(m, reg, checked_top(m)->r[reg].v, "is no node that the list or tree holds");
}

/* The field of the kinds between `first` and `last` that the register points at. */
static bool field(struct cmachine *m, struct cobjects *o, int reg, enum iov_field_kind first, enum iov_field_kind last)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	const struct iov_fields *f = p->init && p->region && r->live ? checked_fields(r) : NULL;

	for (int kind = first; f && kind <= (int)last && !o->field; kind++)
		o->field = fields_at(f, (enum iov_field_kind)kind, (int64_t)(p->v - r->addr));
	if (!o->field)
		return checked_fail(m, reg, p->v, "is not the address of such a field");
	if (first != IOV_FIELD_KPTR_REF && (m->lock < r->addr || m->lock >= r->addr + r->size))
		return checked_fail(m, reg, m->lock, "is used without the lock beside it");
	o->type = types_find(types(m), IOV_TYPES_OWN, o->field->type);
	return o->type || checked_fail(m, reg, p->v, "holds things of no type");
}

bool checked_field_argument(struct cmachine *m, enum iov_field_kind kind, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	const struct iov_fields *f = p->init && p->region && r->live ? checked_fields(r) : NULL;

	return (f && fields_at(f, kind, (int64_t)(p->v - r->addr))) ||
	       checked_fail(m, reg, p->v, "is not the address of such a field");
}

bool checked_lock(struct cmachine *m, bool takes)
{
	uint64_t at = checked_top(m)->r[IOV_R1].v;

	if (takes ? m->lock != 0 : m->lock != at)
		return checked_fail(m, IOV_R1, at, "is the lock, and %#llx is held", (unsigned long long)m->lock);
	m->lock = takes ? at : 0;
	return true;
}

void checked_timer(struct cmachine *m)
{
	const struct cvalue *r = checked_top(m)->r;

	if (m->timer_count == CHECKED_TIMERS)
		return;
	m->timers[m->timer_count].map = m->regions[r[IOV_R1].region].def;
	m->timers[m->timer_count++].function = (uint32_t)r[IOV_R2].v;
}

/* What a kernel pointer points at may be the kernel's struct of that name. */
static const struct iov_type *pointee(struct cmachine *m, const struct iov_field *f)
{
	const struct iov_type *own = types_find(types(m), IOV_TYPES_OWN, f->type);
	const struct iov_type *kernel = own ? types_named(types(m), IOV_TYPES_TARGET, own->name) : NULL;

	return kernel ? kernel : own;
}

static bool moved(struct cmachine *m, struct cobjects *o, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	const struct cregion *r = &m->regions[p->region];
	const struct iov_type *t = pointee(m, o->field);

	if (p->init && !p->region && !p->v)
		return true;
	if (!p->init || !p->region || !r->live || !r->acquired || p->v != r->addr ||
	    (t->space == IOV_TYPES_OWN ? r->kind != CR_OBJECT || r->type != t
				       : r->kind != CR_KERNEL || strcmp(r->name, t->name)))
		return checked_fail(m, reg, p->v, "is not a reference that the field may hold");
	o->drops = p->region;
	return true;
}

bool checked_object_argument(struct cmachine *m, struct cobjects *o, uint8_t arg, int reg)
{
	const struct cvalue *p = &checked_top(m)->r[reg];
	struct cregion *r;

	switch (arg) {
	case IOV_ARG_LOCAL_TYPE:
		o->type = types_find(types(m), IOV_TYPES_OWN, (uint32_t)p->v);
		return (p->init && o->type) || checked_fail(m, reg, p->v, "is the number of no struct");
	case IOV_ARG_OBJECT:
		o->drops = p->region;
		return (r = object(m, reg)) && owned_start(m, reg, r);
	case IOV_ARG_COUNTED:
		if (!(r = object(m, reg)))
			return false;
		o->type = r->type;
		o->same = p->region;
		return (p->v == r->addr && fields_of(&r->type->fields, IOV_FIELD_REFCOUNT)) ||
		       checked_fail(m, reg, p->v, "is not the start of an object with a reference count");
	case IOV_ARG_LIST_HEAD: return field(m, o, reg, IOV_FIELD_LIST_HEAD, IOV_FIELD_LIST_HEAD);
	case IOV_ARG_RB_ROOT: return field(m, o, reg, IOV_FIELD_RB_ROOT, IOV_FIELD_RB_ROOT);
	case IOV_ARG_KPTR: return field(m, o, reg, IOV_FIELD_KPTR_REF, IOV_FIELD_KPTR_PERCPU);
	case IOV_ARG_KPTR_NEW: return moved(m, o, reg);
	case IOV_ARG_NODE:
		o->inserts = p->region;
		return node(m, o, reg, &r) && (r->acquired || checked_fail(m, reg, p->v, "is not owned"));
	case IOV_ARG_NODE_INSIDE: return node(m, o, reg, &r);
	default: return true;
	}
}

/* A new object; locks in it are free. */
static uint32_t made(struct cmachine *m, const struct iov_type *type)
{
	uint32_t region = checked_region(m, CR_OBJECT, 0, type->size);
	struct cregion *r = &m->regions[region];

	r->type = type;
	for (uint32_t i = 0; region && i < type->fields.count; i++)
		memset((void *)(uintptr_t)(r->addr + type->fields.all[i].off), 0, type->fields.all[i].size);
	return region;
}

static uint32_t any_of(struct cmachine *m, const struct iov_type *t)
{
	return t->space == IOV_TYPES_OWN ? made(m, t) : checked_kernel(m, t->name);
}

/* The same object, under a reference of its own. */
static uint32_t another(struct cmachine *m, uint32_t region)
{
	struct cregion old = m->regions[region];
	uint32_t copy = checked_region(m, CR_OBJECT, old.addr, old.size);

	m->regions[copy].type = old.type;
	return copy;
}

uint64_t checked_object_result(struct cmachine *m, const struct cobjects *o, const struct iov_helper *h,
			       uint32_t *region)
{
	bool large = o->type && o->type->size > OBJECTS_LARGEST;
	bool sure = h->ret == IOV_RET_SAME_OBJECT && m->regions[o->same].acquired;

	if (!sure && (coin(m) || (large && h->ret == IOV_RET_OBJECT_OR_NULL)))
		return 0;
	switch (h->ret) {
	case IOV_RET_OBJECT_OR_NULL: *region = made(m, o->type); break;
	case IOV_RET_SAME_OBJECT: *region = another(m, o->same); break;
	case IOV_RET_KPTR_OR_NULL: *region = any_of(m, pointee(m, o->field)); break;
	case IOV_RET_NODE_OR_NULL:
		*region = made(m, o->type);
		m->regions[*region].borrowed = !(h->flags & IOV_HF_ACQUIRES);
		return m->regions[*region].addr + o->field->node_off;
	default: return 0;
	}
	return m->regions[*region].addr;
}

void checked_object_effects(struct cmachine *m, const struct cobjects *o, const struct iov_helper *h)
{
	if (o->drops) {
		m->regions[o->drops].live = m->regions[o->drops].acquired = false;
		m->refs--;
	}
	if (o->inserts) {
		m->regions[o->inserts].acquired = false;
		m->regions[o->inserts].borrowed = true;
		m->refs--;
	}
	for (uint32_t i = 1; h->flags & IOV_HF_UNLOCK && i < m->region_count; i++)
		m->regions[i].live &= !m->regions[i].borrowed;
}

/* A kernel pointer in a map value: NULL, or something that is there for now. */
bool checked_kptr_load(struct cmachine *m, const struct iov_field *f, struct cvalue *out)
{
	const struct iov_type *t = pointee(m, f);

	*out = (struct cvalue){.init = true};
	if (!t || coin(m))
		return true;
	if (f->kind == IOV_FIELD_KPTR_REF)
		out->region = any_of(m, t);
	else
		out->region = checked_kernel(m, t->name);
	m->regions[out->region].borrowed = t->space == IOV_TYPES_OWN && (fields_of(&t->fields, IOV_FIELD_LIST_NODE) ||
									fields_of(&t->fields, IOV_FIELD_RB_NODE));
	out->v = m->regions[out->region].addr;
	return out->region != 0;
}
