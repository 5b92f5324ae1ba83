/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: when two types may stand for each other. */
#include "linker/object/core.h"

#include <string.h>

bool core_names_match(const char *a, const char *b)
{
	size_t len = btf_essential(a);

	return len == btf_essential(b) && !strncmp(a, b, len);
}

static enum core_found verdict(bool yes) { return yes ? CORE_YES : CORE_NO; }

static bool is_plain_int(const struct iov_btf_type *t) { return !t->int_offset; }

bool core_fields_compatible(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y)
{
	for (;;) {
		const struct iov_btf_type *s = btf_type(a, btf_strip(a, x)), *t = btf_type(b, btf_strip(b, y));

		if (kind_is_composite(s->kind) && kind_is_composite(t->kind))
			return true;
		if (!kinds_agree(s->kind, t->kind))
			return false;
		switch (s->kind) {
		case BTF_KIND_PTR:
		case BTF_KIND_FLOAT:
			return true;
		case BTF_KIND_FWD:
		case BTF_KIND_ENUM:
		case KIND_ENUM64:
			return !btf_essential(s->name) || !btf_essential(t->name) || core_names_match(s->name, t->name);
		case BTF_KIND_INT:
			return is_plain_int(s) && is_plain_int(t);
		case BTF_KIND_ARRAY:
			x = s->type;
			y = t->type;
			break;
		default:
			return false;
		}
	}
}

enum core_found core_types_compatible(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y,
				      unsigned depth, uint32_t *budget)
{
	for (;; depth++) {
		const struct iov_btf_type *s = btf_type(a, x = btf_strip(a, x)), *t = btf_type(b, y = btf_strip(b, y));

		if (depth > CORE_MAX_TYPE_DEPTH || !*budget)
			return CORE_ERROR;
		--*budget;
		if (!kinds_agree(s->kind, t->kind))
			return CORE_NO;
		switch (s->kind) {
		case 0:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case KIND_ENUM64:
		case BTF_KIND_FWD:
			return CORE_YES;
		case BTF_KIND_INT:
			return is_plain_int(s) && is_plain_int(t) ? CORE_YES : CORE_NO;
		case BTF_KIND_FUNC_PROTO:
			if (s->count != t->count)
				return CORE_NO;
			for (uint32_t i = 0; i < s->count; i++) {
				enum core_found found = core_types_compatible(a, s->members[i].type, b,
									      t->members[i].type, depth + 1, budget);

				if (found != CORE_YES)
					return found;
			}
			break;
		case BTF_KIND_PTR:
		case BTF_KIND_ARRAY:
			break;
		default:
			return CORE_NO;
		}
		x = s->type;
		y = t->type;
	}
}

static bool enums_match(const struct iov_btf_type *s, const struct iov_btf_type *t)
{
	if (s->count > t->count)
		return false;
	for (uint32_t i = 0; i < s->count; i++) {
		uint32_t j = 0;

		while (j < t->count && !core_names_match(s->members[i].name, t->members[j].name))
			j++;
		if (j == t->count)
			return false;
	}
	return true;
}

static enum core_found composites_match(const struct iov_btf *a, const struct iov_btf_type *s, const struct iov_btf *b,
					const struct iov_btf_type *t, unsigned depth, uint32_t *budget)
{
	if (s->count > t->count)
		return CORE_NO;
	for (uint32_t i = 0; i < s->count; i++) {
		enum core_found found = CORE_NO;

		for (uint32_t j = 0; j < t->count && found == CORE_NO; j++)
			if (core_names_match(s->members[i].name, t->members[j].name))
				found = core_types_match(a, s->members[i].type, b, t->members[j].type, false, depth + 1,
							 budget);
		if (found != CORE_YES)
			return found;
	}
	return CORE_YES;
}

/* A declaration without a body matches what it declares, behind a pointer. */
static bool forward_matches(const struct iov_btf_type *fwd, const struct iov_btf_type *t, bool behind_ptr)
{
	if (t->kind == BTF_KIND_FWD)
		return fwd->flag == t->flag;
	return behind_ptr && t->kind == (fwd->flag ? BTF_KIND_UNION : BTF_KIND_STRUCT);
}

static enum core_found params_match(const struct iov_btf *a, const struct iov_btf_type *s, const struct iov_btf *b,
				    const struct iov_btf_type *t, unsigned depth, uint32_t *budget)
{
	enum core_found found = s->count == t->count ? CORE_YES : CORE_NO;

	for (uint32_t i = 0; found == CORE_YES && i < s->count; i++)
		found = core_types_match(a, s->members[i].type, b, t->members[i].type, false, depth + 1, budget);
	return found;
}

enum core_found core_types_match(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y,
				 bool behind_ptr, unsigned depth, uint32_t *budget)
{
	for (;; depth++) {
		const struct iov_btf_type *s = btf_type(a, x = btf_strip(a, x)), *t = btf_type(b, y = btf_strip(b, y));
		enum core_found found;

		if (depth > CORE_MAX_TYPE_DEPTH || !*budget)
			return CORE_ERROR;
		--*budget;
		if (!core_names_match(s->name, t->name))
			return CORE_NO;
		if (s->kind == BTF_KIND_FWD)
			return forward_matches(s, t, behind_ptr) ? CORE_YES : CORE_NO;
		if (kind_is_enum(s->kind))
			return kind_is_enum(t->kind) && enums_match(s, t) ? CORE_YES : CORE_NO;
		if (kind_is_composite(s->kind) && behind_ptr)
			return verdict(s->kind == t->kind || (t->kind == BTF_KIND_FWD && forward_matches(t, s, true)));
		if (s->kind != t->kind)
			return CORE_NO;
		switch (s->kind) {
		case 0:
			return CORE_YES;
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			return composites_match(a, s, b, t, depth, budget);
		case BTF_KIND_INT:
			return verdict(s->size == t->size && !((s->int_encoding ^ t->int_encoding) & BTF_INT_SIGNED));
		case BTF_KIND_PTR:
			behind_ptr = true;
			break;
		case BTF_KIND_ARRAY:
			if (s->nelems != t->nelems)
				return CORE_NO;
			break;
		case BTF_KIND_FUNC_PROTO:
			found = params_match(a, s, b, t, depth, budget);
			if (found != CORE_YES)
				return found;
			break;
		default:
			return CORE_NO;
		}
		x = s->type;
		y = t->type;
	}
}
