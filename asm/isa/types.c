/* SPDX-License-Identifier: Apache-2.0 */
/* Asking about structs: special fields, and which member lies where. */
#include "asm/isa/types.h"

#include <stddef.h>

enum { MAX_DEPTH = 64 };

const char *field_kind_name(enum iov_field_kind kind)
{
	switch (kind) {
	case IOV_FIELD_SPIN_LOCK: return "struct bpf_spin_lock";
	case IOV_FIELD_TIMER: return "struct bpf_timer";
	case IOV_FIELD_WORKQUEUE: return "struct bpf_wq";
	case IOV_FIELD_LIST_HEAD: return "struct bpf_list_head";
	case IOV_FIELD_LIST_NODE: return "struct bpf_list_node";
	case IOV_FIELD_RB_ROOT: return "struct bpf_rb_root";
	case IOV_FIELD_RB_NODE: return "struct bpf_rb_node";
	case IOV_FIELD_REFCOUNT: return "struct bpf_refcount";
	case IOV_FIELD_KPTR_UNREF: case IOV_FIELD_KPTR_REF: case IOV_FIELD_KPTR_PERCPU: return "a kernel pointer";
	default: return "a field of the kernel's";
	}
}

const struct iov_field *fields_at(const struct iov_fields *f, enum iov_field_kind kind, int64_t off)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (f->all[i].kind == kind && (int64_t)f->all[i].off == off)
			return &f->all[i];
	return NULL;
}

const struct iov_field *fields_of(const struct iov_fields *f, enum iov_field_kind kind)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (f->all[i].kind == kind)
			return &f->all[i];
	return NULL;
}

const struct iov_field *fields_touch(const struct iov_fields *f, int64_t first, int64_t last)
{
	for (uint32_t i = 0; i < f->count; i++) {
		int64_t start = f->all[i].off;

		if (first < start + f->all[i].size && last >= start)
			return &f->all[i];
	}
	return NULL;
}

const struct iov_type *types_find(struct iov_types *t, enum iov_type_space space, uint32_t id)
{
	return t && id ? t->find(t, space, id) : NULL;
}

const struct iov_type *types_named(struct iov_types *t, enum iov_type_space space, const char *name)
{
	return t && name && *name ? types_find(t, space, t->named(t, space, name)) : NULL;
}

/* Beyond the end of a struct there can only be the elements of a flexible array of structs, its last member. */
static const struct iov_member *flexible(const struct iov_type *type)
{
	const struct iov_member *last = type->member_count ? &type->members[type->member_count - 1] : NULL;

	return last && !type->is_union && !last->count && last->kind == IOV_MEMBER_STRUCT ? last : NULL;
}

static const struct iov_member *covering(const struct iov_type *type, uint32_t off, uint32_t size)
{
	const struct iov_member *m;

	if ((uint64_t)off + size > type->size) {
		m = flexible(type);
		return m && off >= m->off ? m : NULL;
	}
	for (uint32_t i = 0; i < type->member_count; i++) {
		m = &type->members[i];
		if (off >= m->off && (uint64_t)off + size <= (uint64_t)m->off + m->size)
			return m;
	}
	return NULL;
}

static uint32_t element_size(const struct iov_member *m, const struct iov_type *inner)
{
	if (inner)
		return inner->size;
	return m->count ? m->size / m->count : m->size;
}

bool types_member(struct iov_types *t, const struct iov_type *type, uint32_t off, uint32_t size,
		  struct iov_place *place)
{
	*place = (struct iov_place){0};
	for (unsigned depth = 0; type && depth < MAX_DEPTH; depth++) {
		const struct iov_member *m = covering(type, off, size);
		bool is_struct = m && m->kind == IOV_MEMBER_STRUCT;
		const struct iov_type *inner = is_struct ? types_find(t, type->space, m->type) : NULL;
		uint32_t element = m ? element_size(m, inner) : 0;

		if (!m || (is_struct && !inner) || (inner && !element))
			return false;
		place->member = m;
		place->holder = type;
		place->through_union |= type->is_union && type->member_count > 1;
		off -= m->off;
		place->off = element && m->count != 1 ? off % element : off;
		if (!inner)
			return true;
		off = place->off;
		type = inner;
	}
	return false;
}

bool types_has_at(struct iov_types *t, const struct iov_type *type, uint32_t off, const struct iov_type *want)
{
	for (unsigned depth = 0; type && depth < MAX_DEPTH; depth++) {
		const struct iov_member *m;

		if (type == want && !off)
			return true;
		if (want->size > UINT32_MAX - off)
			return false;
		m = covering(type, off, want->size ? want->size : 1);
		if (!m || m->kind != IOV_MEMBER_STRUCT || type->is_union)
			return false;
		off -= m->off;
		type = types_find(t, type->space, m->type);
		if (type && type->size && m->count != 1)
			off %= type->size;
	}
	return false;
}
