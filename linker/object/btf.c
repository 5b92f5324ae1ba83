/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: asking BTF: type by id, by name, through qualifiers, size. Relies on btf_check: references in range, values
 * nested at most BTF_MAX_NESTING deep. */
#include "linker/object/internal.h"

#include "asm/base/hash.h"

const struct iov_btf_type *btf_type(const struct iov_btf *btf, uint32_t id)
{
	return btf && id < btf->count ? &btf->types[id] : NULL;
}

size_t btf_essential(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = len; i-- > 4;)
		if (name[i - 1] == '_' && name[i - 2] == '_' && name[i - 3] == '_' && name[i] != '_' &&
		    name[i - 4] != '_')
			return i - 3;
	return len;
}

uint32_t btf_bucket(const struct iov_btf *btf, const char *name, size_t essential)
{
	return (uint32_t)hash_bytes(name, essential) & (btf->by_name_size - 1);
}

enum iov_status btf_index(struct iov_btf *btf, struct iov_arena *arena)
{
	uint32_t size = 16;

	while (size / 2 < btf->count)
		size *= 2;
	btf->by_name = arena_array(arena, size, sizeof(*btf->by_name));
	if (!btf->by_name)
		return IOV_NOMEM;
	btf->by_name_size = size;
	for (uint32_t id = 1; id < btf->count; id++) {
		const char *name = btf->types[id].name;
		uint32_t slot;

		if (!*name)
			continue;
		slot = btf_bucket(btf, name, btf_essential(name));
		while (btf->by_name[slot])
			slot = (slot + 1) & (size - 1);
		btf->by_name[slot] = id;
	}
	return IOV_OK;
}

uint32_t btf_find(const struct iov_btf *btf, const char *name, uint8_t kind)
{
	uint32_t slot, id;

	if (!btf || !btf->by_name_size || !*name)
		return 0;
	slot = btf_bucket(btf, name, btf_essential(name));
	for (; (id = btf->by_name[slot]); slot = (slot + 1) & (btf->by_name_size - 1))
		if ((!kind || btf->types[id].kind == kind) && !strcmp(btf->types[id].name, name))
			return id;
	return 0;
}

uint32_t btf_tail_words(uint8_t kind, uint32_t count)
{
	switch (kind) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case KIND_DECL_TAG:
		return 1;
	case BTF_KIND_ARRAY:
		return 3;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_DATASEC:
	case KIND_ENUM64:
		return 3 * count;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return 2 * count;
	default:
		return 0;
	}
}

uint32_t btf_strip(const struct iov_btf *btf, uint32_t id)
{
	for (;;) {
		const struct iov_btf_type *t = btf_type(btf, id);

		switch (t ? t->kind : 0) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case KIND_TYPE_TAG:
			id = t->type;
			break;
		default:
			return id;
		}
	}
}

const char *btf_tag_word(const struct iov_btf_type *t)
{
	switch (t->kind) {
	case BTF_KIND_STRUCT:
		return "struct ";
	case BTF_KIND_UNION:
		return "union ";
	case BTF_KIND_FWD:
		return t->flag ? "union " : "struct ";
	default:
		return "enum ";
	}
}

bool btf_is_const(const struct iov_btf *btf, uint32_t id)
{
	const struct iov_btf_type *t = btf_type(btf, id);

	while (t && (t->kind == BTF_KIND_ARRAY || t->kind == BTF_KIND_VOLATILE || t->kind == BTF_KIND_TYPEDEF))
		t = btf_type(btf, t->type);
	return t && t->kind == BTF_KIND_CONST;
}

int64_t btf_size(const struct iov_btf *btf, uint32_t id)
{
	uint64_t count = 1;

	for (;;) {
		const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, id));

		switch (t ? t->kind : 0) {
		case BTF_KIND_ARRAY:
			if (__builtin_mul_overflow(count, t->nelems, &count))
				return -1;
			id = t->type;
			break;
		case BTF_KIND_VAR:
			id = t->type;
			break;
		case BTF_KIND_PTR:
			return count > INT64_MAX / 8 ? -1 : (int64_t)(count * 8);
		case BTF_KIND_INT:
		case BTF_KIND_ENUM:
		case KIND_ENUM64:
		case BTF_KIND_FLOAT:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_DATASEC:
			if (__builtin_mul_overflow(count, t->size, &count) || count > INT64_MAX)
				return -1;
			return (int64_t)count;
		default:
			return -1;
		}
	}
}
