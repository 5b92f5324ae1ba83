/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: access strings ("0:1:2": element 0 of the root, member 1 of that, …) and finding the same path elsewhere. */
#include "linker/object/core.h"

#include <string.h>

enum { MATCH_BUDGET = 1 << 20 };

static bool parse_numbers(const char *s, uint32_t *numbers, uint32_t *count)
{
	for (*count = 0; *count < CORE_MAX_DEPTH; s++) {
		uint64_t value = 0;

		if (*s < '0' || *s > '9')
			return false;
		for (; *s >= '0' && *s <= '9'; s++) {
			value = value * 10 + (uint64_t)(*s - '0');
			if (value > UINT32_MAX)
				return false;
		}
		numbers[(*count)++] = (uint32_t)value;
		if (!*s)
			return true;
		if (*s != ':')
			return false;
	}
	return false;
}

/* The last member of a struct may be an array of no elements, and then has any number. */
static bool is_flexible(const struct core_spec *spec, const struct iov_btf_type *array)
{
	const struct core_step *last = spec->len ? &spec->steps[spec->len - 1] : NULL;

	return last && last->name && !array->nelems && last->index + 1 == btf_type(spec->btf, last->type)->count;
}

static bool add_step(struct core_spec *spec, uint32_t type, uint32_t index, const char *name)
{
	if (spec->len == CORE_MAX_DEPTH)
		return false;
	spec->steps[spec->len++] = (struct core_step){type, index, name};
	return true;
}

/* Element `index` of something whose elements have type `type`. */
static bool add_element(struct core_spec *spec, uint32_t type, uint32_t index)
{
	int64_t size = btf_size(spec->btf, type);
	uint64_t bits;

	if (size < 0 || __builtin_mul_overflow((uint64_t)size * 8, index, &bits) || bits > INT64_MAX / 4)
		return false;
	spec->bit_offset += bits;
	return spec->bit_offset <= INT64_MAX / 2 && add_step(spec, type, index, NULL);
}

static const char *parse_field(struct core_spec *spec, const uint32_t *numbers, uint32_t count)
{
	const struct iov_btf *btf = spec->btf;
	uint32_t id = btf_strip(btf, spec->root);

	if (!add_element(spec, id, numbers[0]))
		return "starts at a type that has no size";
	for (uint32_t i = 1; i < count; i++) {
		const struct iov_btf_type *t = btf_type(btf, id);

		if (kind_is_composite(t->kind)) {
			const struct iov_btf_member *m = numbers[i] < t->count ? &t->members[numbers[i]] : NULL;

			if (!m)
				return "names a member that does not exist";
			spec->bit_offset += m->bit_offset;
			if (*m->name && !add_step(spec, id, numbers[i], m->name))
				return "is too long";
			id = btf_strip(btf, m->type);
		} else if (t->kind == BTF_KIND_ARRAY) {
			if (numbers[i] >= t->nelems && !is_flexible(spec, t))
				return "names an array element that does not exist";
			id = btf_strip(btf, t->type);
			if (!add_element(spec, id, numbers[i]))
				return "leads through a type that has no size";
		} else {
			return "leads into a type that has no members";
		}
	}
	return NULL;
}

const char *core_parse(const struct iov_btf *btf, const struct iov_btf_core *record, struct core_spec *out)
{
	const struct iov_btf_type *t = btf_type(btf, btf_strip(btf, record->type));
	uint32_t numbers[CORE_MAX_DEPTH], count;

	*out = (struct core_spec){.btf = btf, .root = record->type};
	if (!parse_numbers(record->access, numbers, &count))
		return "is not a list of numbers";
	if (core_is_type(record->kind))
		return strcmp(record->access, "0") ? "is not \"0\", as it is for types" : NULL;
	if (!core_is_enum(record->kind))
		return parse_field(out, numbers, count);
	if (!kind_is_enum(t->kind) || count != 1 || numbers[0] >= t->count)
		return "does not name an enumerator";
	add_step(out, btf_strip(btf, record->type), numbers[0], t->members[numbers[0]].name);
	return NULL;
}

/* Find the member that `step` names in composite `id` or in its anonymous members; *next: its type. */
static enum core_found match_member(const struct core_spec *local, const struct core_step *step, struct core_spec *out,
				    uint32_t id, unsigned depth, uint32_t *next)
{
	const struct iov_btf_type *t = btf_type(out->btf, id = btf_strip(out->btf, id));
	uint32_t local_type = btf_type(local->btf, step->type)->members[step->index].type;

	if (depth > CORE_MAX_TYPE_DEPTH)
		return CORE_ERROR;
	for (uint32_t i = 0; kind_is_composite(t->kind) && i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];

		if (!*m->name) {
			enum core_found found;

			out->bit_offset += m->bit_offset;
			found = match_member(local, step, out, m->type, depth + 1, next);
			if (found != CORE_NO)
				return found;
			out->bit_offset -= m->bit_offset;
		} else if (!strcmp(m->name, step->name)) {
			if (!core_fields_compatible(local->btf, local_type, out->btf, m->type))
				return CORE_NO;
			out->bit_offset += m->bit_offset;
			*next = m->type;
			return add_step(out, id, i, m->name) ? CORE_YES : CORE_ERROR;
		}
	}
	return CORE_NO;
}

static enum core_found match_field(const struct core_spec *local, struct core_spec *out)
{
	uint32_t id = out->root;

	for (uint32_t i = 0; i < local->len; i++) {
		const struct core_step *step = &local->steps[i];
		const struct iov_btf_type *t = btf_type(out->btf, id = btf_strip(out->btf, id));

		if (step->name) {
			enum core_found found = match_member(local, step, out, id, 0, &id);

			if (found != CORE_YES)
				return found;
			continue;
		}
		if (i) {
			if (t->kind != BTF_KIND_ARRAY || (step->index >= t->nelems && !is_flexible(out, t)))
				return CORE_NO;
			id = btf_strip(out->btf, t->type);
		}
		if (!add_element(out, id, step->index))
			return CORE_ERROR;
	}
	return CORE_YES;
}

static enum core_found match_enumerator(const struct core_spec *local, struct core_spec *out)
{
	uint32_t id = btf_strip(out->btf, out->root);
	const struct iov_btf_type *t = btf_type(out->btf, id);

	for (uint32_t i = 0; kind_is_enum(t->kind) && i < t->count; i++)
		if (core_names_match(t->members[i].name, local->steps[0].name))
			return add_step(out, id, i, t->members[i].name) ? CORE_YES : CORE_ERROR;
	return CORE_NO;
}

enum core_found core_match(const struct core_spec *local, uint32_t kind, const struct iov_btf *target, uint32_t root,
			   struct core_spec *out)
{
	uint32_t budget = MATCH_BUDGET;

	*out = (struct core_spec){.btf = target, .root = root};
	if (kind == CORE_TYPE_MATCHES)
		return core_types_match(local->btf, local->root, target, root, false, 0, &budget);
	if (core_is_type(kind))
		return core_types_compatible(local->btf, local->root, target, root, 0, &budget);
	return core_is_enum(kind) ? match_enumerator(local, out) : match_field(local, out);
}
