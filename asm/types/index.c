/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: types by name and by structure, the first of each. The reader finds what an expression means with it, and the
 * printer asks it whether an expression would mean the type that it has to say: both follow the same rule. */
#include "asm/types/part.h"

int type_class(const struct iov_btf_type *t)
{
	switch (t->kind) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPEDEF:
		return CLASS_TYPE;
	case BTF_KIND_STRUCT:
		return *t->name ? CLASS_STRUCT : -1;
	case BTF_KIND_UNION:
		return *t->name ? CLASS_UNION : -1;
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		return *t->name ? CLASS_ENUM : -1;
	case BTF_KIND_FWD:
		return t->flag ? CLASS_FWD_UNION : CLASS_FWD_STRUCT;
	case BTF_KIND_FUNC:
		return CLASS_FUNC;
	case BTF_KIND_VAR:
		return CLASS_VAR;
	default:
		return -1;
	}
}

static bool is_derived(uint8_t kind)
{
	return kind == BTF_KIND_PTR || kind == BTF_KIND_ARRAY || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE ||
	       kind == BTF_KIND_RESTRICT || kind == KIND_TYPE_TAG || kind == BTF_KIND_FUNC_PROTO;
}

static bool same(const struct iov_btf_type *a, const struct iov_btf_type *b)
{
	int class = type_class(a);

	if (class >= 0 || type_class(b) >= 0)
		return class == type_class(b) && !strcmp(a->name, b->name);
	if (a->kind != b->kind || a->type != b->type || a->nelems != b->nelems || a->index_type != b->index_type ||
	    a->count != b->count || strcmp(a->name, b->name))
		return false;
	for (uint32_t i = 0; i < a->count; i++)
		if (a->members[i].type != b->members[i].type || strcmp(a->members[i].name, b->members[i].name))
			return false;
	return true;
}

static uint32_t mix(uint32_t h, uint32_t v)
{
	return (h ^ v) * 0x9e3779b1u ^ h >> 15;
}

static uint32_t mix_name(uint32_t h, const char *s)
{
	while (*s)
		h = (h ^ (uint8_t)*s++) * 0x01000193u;
	return h;
}

static uint32_t hash(const struct iov_btf_type *t)
{
	int class = type_class(t);
	uint32_t h = 0x811c9dc5u;

	if (class >= 0)
		return mix_name(mix(h, (uint32_t) class), t->name);
	h = mix(mix(mix(mix(h, t->kind + 100u), t->type), t->nelems), t->index_type);
	h = mix_name(h, t->name);
	for (uint32_t i = 0; i < t->count; i++)
		h = mix_name(mix(h, t->members[i].type), t->members[i].name);
	return h ^ h >> 16;
}

bool index_init(struct type_index *x, const struct iov_btf_type *types, uint32_t count, struct iov_arena *arena)
{
	*x = (struct type_index){.types = types, .arena = arena, .size = 64};
	while (x->size < count * 2ull)
		x->size *= 2;
	x->slots = arena_array(arena, x->size, sizeof(*x->slots));
	return x->slots;
}

uint32_t index_find(const struct type_index *x, const struct iov_btf_type *t)
{
	for (uint32_t at = hash(t) & (x->size - 1); x->slots[at]; at = (at + 1) & (x->size - 1))
		if (same(&x->types[x->slots[at]], t))
			return x->slots[at];
	return 0;
}

static bool grow(struct type_index *x)
{
	struct type_index more = *x;

	more.size *= 2;
	more.slots = arena_array(x->arena, more.size, sizeof(*more.slots));
	if (!more.slots)
		return false;
	for (uint32_t i = 0; i < x->size; i++) {
		uint32_t at;

		if (!x->slots[i])
			continue;
		at = hash(&x->types[x->slots[i]]) & (more.size - 1);
		while (more.slots[at])
			at = (at + 1) & (more.size - 1);
		more.slots[at] = x->slots[i];
	}
	*x = more;
	return true;
}

/* The first of equal types is kept: the one with the lowest id. */
bool index_add(struct type_index *x, uint32_t id)
{
	const struct iov_btf_type *t = &x->types[id];
	uint32_t at;

	if (type_class(t) < 0 && !is_derived(t->kind))
		return true;
	if (x->used * 2 >= x->size && !grow(x))
		return false;
	for (at = hash(t) & (x->size - 1); x->slots[at]; at = (at + 1) & (x->size - 1))
		if (same(&x->types[x->slots[at]], t)) {
			if (id < x->slots[at])
				x->slots[at] = id;
			return true;
		}
	x->slots[at] = id;
	x->used++;
	return true;
}
