/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a conflict that only the joined types show. __contains(node_data, node) of a list head or tree root is a tag
 * with the struct's name in it, which the kernel looks up in the module's types: the first of that name is taken. Where
 * two files have structs of that name that differ, the tag of one of them would mean the other's. */
#include "linker/internal.h"

enum { KIND_DECL_TAG = 17 };
static const char tag_start[] = "contains:";

static uint32_t struct_of(const struct linker *l, uint32_t input, const char *name)
{
	struct iov_object *obj = l->inputs[input].obj;

	return obj->raw && !object_types(obj) ? btf_find(obj->btf, name, BTF_KIND_STRUCT) : 0;
}

/* Hardly ever: only then are the inputs' own types looked at. */
static bool several(const struct iov_btf *btf, const char *name)
{
	uint32_t count = 0;

	for (uint32_t i = 1; i < btf->count; i++)
		count += btf->types[i].kind == BTF_KIND_STRUCT && !strcmp(btf->types[i].name, name);
	return count > 1;
}

static void check_name(struct linker *l, const char *name)
{
	uint32_t first = NONE, type = 0;

	if (!several(l->result->btf, name))
		return;
	for (uint32_t i = 0; i < l->input_count; i++) {
		uint32_t id = struct_of(l, i, name);
		struct side a = {first, type, "one"}, b = {i, id, "the other"};
		struct iov_diag *d;

		if (!id)
			continue;
		if (first == NONE) {
			first = i;
			type = id;
			continue;
		}
		if (agree_types(l->inputs[first].obj->btf, type, l->inputs[i].obj->btf, id, NULL))
			continue;
		d = LINK_DIAG(l, LINK_CONTAINS, span_of(l->inputs[i].obj->name),
			      "__contains(%s, …) would mean one of two structs of that name", name);
		sides_show(l, d, &a, &b, "");
		diag_hint(d, "give one of them another name: struct %s_2", name);
		return;
	}
}

static bool is_tag(const struct iov_btf_type *t)
{
	return t->kind == KIND_DECL_TAG && !strncmp(t->name, tag_start, sizeof(tag_start) - 1);
}

enum iov_status contains_check(struct linker *l)
{
	const struct iov_btf *btf = l->result->btf;

	for (uint32_t i = 1; btf && i < btf->count; i++) {
		const char *name = btf->types[i].name + sizeof(tag_start) - 1;
		bool told = false;

		if (!is_tag(&btf->types[i]))
			continue;
		for (uint32_t j = 1; j < i && !told; j++)
			told = is_tag(&btf->types[j]) && !strcmp(btf->types[j].name, btf->types[i].name);
		name = told ? NULL : arena_copy(l->arena, name, strcspn(name, ":"));
		if (name)
			check_name(l, name);
		else if (!told)
			return IOV_NOMEM;
	}
	return IOV_OK;
}
