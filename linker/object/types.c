/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_types over BTF: a struct is converted when it is first asked for, and kept. */
#include "linker/object/types.h"

#include <string.h>

enum { BUCKETS = 32 };

struct entry {
	struct entry *next;
	struct iov_type type;
};

struct table {
	struct iov_types types; /* first: what callers hold */
	const struct iov_btf *btf[2];
	struct iov_arena *arena;
	struct entry *buckets[BUCKETS];
};

static bool is_composite(const struct iov_btf_type *t)
{
	return t && (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION);
}

static uint8_t tag_of(const char *name)
{
	static const struct { const char *name; uint8_t tag; } tags[] = {
		{"kptr", IOV_TAG_KPTR}, {"kptr_untrusted", IOV_TAG_KPTR_UNTRUSTED},
		{"percpu_kptr", IOV_TAG_PERCPU_KPTR}, {"rcu", IOV_TAG_RCU}, {"user", IOV_TAG_USER},
		{"percpu", IOV_TAG_PERCPU},
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (!strcmp(name, tags[i].name))
			return tags[i].tag;
	return IOV_TAG_OTHER;
}

static void convert_pointer(const struct iov_btf *btf, const struct iov_btf_type *ptr, struct iov_member *out)
{
	const struct iov_btf_type *t = btf_type(btf, ptr->type);
	uint32_t to = btf_strip(btf, ptr->type);

	out->kind = IOV_MEMBER_POINTER;
	out->type = is_composite(btf_type(btf, to)) ? to : 0;
	for (; t->kind == KIND_TYPE_TAG; t = btf_type(btf, t->type))
		out->tags |= tag_of(t->name);
}

/* Through arrays of arrays to the element; false: a size that is none. */
static bool unwrap_array(const struct iov_btf *btf, uint32_t *id, struct iov_member *out)
{
	const struct iov_btf_type *t = btf_type(btf, *id = btf_strip(btf, *id));

	out->count = 1;
	while (t->kind == BTF_KIND_ARRAY) {
		if (__builtin_mul_overflow(out->count, t->nelems, &out->count))
			return false;
		t = btf_type(btf, *id = btf_strip(btf, t->type));
	}
	return true;
}

static void convert_member(const struct iov_btf *btf, const struct iov_btf_member *m, struct iov_member *out)
{
	int64_t size = btf_size(btf, m->type);
	const struct iov_btf_type *t;
	uint32_t id = m->type;

	*out = (struct iov_member){.name = m->name, .off = m->bit_offset / 8, .kind = IOV_MEMBER_NUMBER, .count = 1};
	if (m->bit_size) {
		out->size = (m->bit_offset % 8 + m->bit_size + 7) / 8;
		return;
	}
	if (!unwrap_array(btf, &id, out) || size < 0 || size > UINT32_MAX)
		return; /* of no size: nothing lies in it */
	out->size = (uint32_t)size;
	t = btf_type(btf, id);
	if (is_composite(t)) {
		out->kind = IOV_MEMBER_STRUCT;
		out->type = id;
	} else if (t->kind == BTF_KIND_PTR) {
		convert_pointer(btf, t, out);
	}
}

static bool convert(struct table *t, enum iov_type_space space, uint32_t id, struct iov_type *out)
{
	const struct iov_btf *btf = t->btf[space];
	const struct iov_btf_type *from = btf_type(btf, id);
	struct iov_member *members = arena_array(t->arena, from->count ? from->count : 1, sizeof(*members));

	*out = (struct iov_type){.name = from->name, .id = id, .size = from->size, .space = space,
				 .is_union = from->kind == BTF_KIND_UNION, .members = members,
				 .member_count = from->count};
	for (uint32_t i = 0; members && i < from->count; i++)
		convert_member(btf, &from->members[i], &members[i]);
	return members && (space != IOV_TYPES_OWN || out->is_union ||
			   !fields_find(btf, id, from->size, true, t->arena, &out->fields));
}

static const struct iov_type *find(struct iov_types *types, enum iov_type_space space, uint32_t id)
{
	struct table *t = (struct table *)types;
	const struct iov_btf *btf = t->btf[space];
	struct entry *e, **bucket;

	id = btf_strip(btf, id);
	if (!is_composite(btf_type(btf, id)))
		return NULL;
	bucket = &t->buckets[(id + (uint32_t)space) % BUCKETS];
	for (e = *bucket; e; e = e->next)
		if (e->type.id == id && e->type.space == space)
			return &e->type;
	e = ARENA_NEW(t->arena, struct entry);
	if (!e || !convert(t, space, id, &e->type)) {
		types->nomem = true;
		return NULL;
	}
	e->next = *bucket;
	*bucket = e;
	return &e->type;
}

static uint32_t named(struct iov_types *types, enum iov_type_space space, const char *name)
{
	return btf_find(((struct table *)types)->btf[space], name, BTF_KIND_STRUCT);
}

struct iov_types *types_new(const struct iov_btf *own, const struct iov_btf *target, struct iov_arena *arena)
{
	struct table *t = ARENA_NEW(arena, struct table);

	if (!t)
		return NULL;
	*t = (struct table){.types = {.find = find, .named = named, .has_target = target != NULL},
			    .btf = {own, target}, .arena = arena};
	return &t->types;
}
