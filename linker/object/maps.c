/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: maps declared in section .maps through BTF. The conventions are libbpf's (bpf_helpers.h): __uint(name, N) is a
 * pointer to an array of N ints, __type(name, T) a pointer to T, __array(name, T) an array without a size of pointers
 * to T, __ulong(name, N) an enumerator of value N. */
#include "linker/object/maps.h"

#include <inttypes.h>
#include <linux/bpf.h>
#include <string.h>

struct parser {
	const struct iov_object *obj;
	struct iov_arena *arena;
	struct iov_sink *sink;
	const struct iov_btf *btf;
	struct iov_map_def *map;
	const char *name; /* of the outermost map */
	bool inner;
	uint32_t values_offset; /* bytes in the definition; UINT32_MAX: no values */
	bool programs;          /* the values are programs */
};

#define BAD(p, ...) (diag_add((p)->sink, DIAG_MAP_BAD, (p)->map->where, __VA_ARGS__), IOV_DIAGNOSED)

static bool read_uint(const struct parser *p, const struct iov_btf_member *m, uint32_t *out)
{
	const struct iov_btf_type *t = btf_type(p->btf, btf_strip(p->btf, m->type));

	if (t->kind != BTF_KIND_PTR)
		return false;
	t = btf_type(p->btf, t->type);
	if (t->kind != BTF_KIND_ARRAY)
		return false;
	*out = t->nelems;
	return true;
}

static bool read_ulong(const struct parser *p, const struct iov_btf_member *m, uint64_t *out)
{
	const struct iov_btf_type *t = btf_type(p->btf, btf_strip(p->btf, m->type));
	uint32_t word;

	if (t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64) {
		if (t->count != 1)
			return false;
		*out = (uint64_t)t->members[0].value;
		return true;
	}
	if (!read_uint(p, m, &word))
		return false;
	*out = word;
	return true;
}

/* key_size and value_size, which a type of the same member group may have given already. */
static enum iov_status set_size(struct parser *p, const char *what, uint32_t *into, int64_t size)
{
	if (size < 0 || size > UINT32_MAX)
		return BAD(p, "the %s of map %s has no size", what, p->name);
	if (*into && *into != size)
		return BAD(p, "the %s of map %s has %u bytes by one member and %" PRId64 " by another", what, p->name,
			   *into, size);
	*into = (uint32_t)size;
	return IOV_OK;
}

static enum iov_status read_type(struct parser *p, const struct iov_btf_member *m, uint32_t *size, uint32_t *type)
{
	const struct iov_btf_type *t = btf_type(p->btf, m->type);

	if (t->kind != BTF_KIND_PTR)
		return BAD(p, "member %s of map %s is not written with __type", m->name, p->name);
	*type = t->type;
	return set_size(p, m->name, size, btf_size(p->btf, t->type));
}

static enum iov_status read_struct(struct parser *p, const struct iov_btf_type *t);

static enum iov_status read_inner(struct parser *p, const struct iov_btf_type *t)
{
	struct iov_map_def *inner = ARENA_NEW(p->arena, struct iov_map_def);
	struct parser q = *p;
	enum iov_status status;

	if (!inner || !(inner->name = arena_printf(p->arena, "%s.inner", p->name)))
		return IOV_NOMEM;
	inner->where = p->map->where;
	q.map = inner;
	q.inner = true;
	status = read_struct(&q, t);
	p->map->inner = inner;
	return status;
}

static bool of_maps(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static enum iov_status read_values(struct parser *p, const struct iov_btf_type *def, uint32_t member)
{
	const struct iov_btf_member *m = &def->members[member];
	const struct iov_btf_type *t = btf_type(p->btf, m->type);
	enum iov_status status;

	if (p->inner)
		return BAD(p, "the inner map of map %s has values: maps nest one deep", p->name);
	if (member + 1 != def->count)
		return BAD(p, "values is not the last member of map %s", p->name);
	if (!of_maps(p->map->type) && p->map->type != BPF_MAP_TYPE_PROG_ARRAY)
		return BAD(p, "map %s has values, but is neither a map of maps nor a program array", p->name);
	if (t->kind != BTF_KIND_ARRAY || t->nelems)
		return BAD(p, "values of map %s is not written with __array", p->name);
	status = set_size(p, "value", &p->map->value_size, 4);
	t = btf_type(p->btf, btf_strip(p->btf, t->type));
	if (status)
		return status;
	if (t->kind != BTF_KIND_PTR)
		return BAD(p, "values of map %s is not an array of pointers", p->name);
	t = btf_type(p->btf, btf_strip(p->btf, t->type));
	p->values_offset = m->bit_offset / 8;
	p->programs = p->map->type == BPF_MAP_TYPE_PROG_ARRAY;
	if (t->kind != (p->programs ? BTF_KIND_FUNC_PROTO : BTF_KIND_STRUCT))
		return BAD(p, "values of map %s is not an array of %s", p->name, p->programs ? "functions" : "maps");
	return p->programs ? IOV_OK : read_inner(p, t);
}

static enum iov_status read_number(struct parser *p, const struct iov_btf_member *m, bool *known)
{
	struct iov_map_def *map = p->map;
	uint32_t key = 0, value = 0;
	const struct {
		const char *name;
		uint32_t *into;
	} numbers[] = {
		{"type", &map->type}, {"max_entries", &map->max_entries}, {"map_flags", &map->flags},
		{"numa_node", &map->numa_node}, {"pinning", &map->pinning}, {"key_size", &key}, {"value_size", &value},
	};

	*known = true;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (strcmp(m->name, numbers[i].name))
			continue;
		if (!read_uint(p, m, numbers[i].into))
			return BAD(p, "member %s of map %s is not written with __uint", m->name, p->name);
		if (numbers[i].into == &key)
			return set_size(p, "key", &map->key_size, key);
		return numbers[i].into == &value ? set_size(p, "value", &map->value_size, value) : IOV_OK;
	}
	if (!strcmp(m->name, "map_extra"))
		return read_ulong(p, m, &map->extra) ? IOV_OK : BAD(p, "map_extra of map %s is not a number", p->name);
	*known = false;
	return IOV_OK;
}

static enum iov_status read_struct(struct parser *p, const struct iov_btf_type *t)
{
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		bool known;
		enum iov_status status = read_number(p, m, &known);

		if (!known) {
			if (!strcmp(m->name, "key"))
				status = read_type(p, m, &p->map->key_size, &p->map->key_btf);
			else if (!strcmp(m->name, "value"))
				status = read_type(p, m, &p->map->value_size, &p->map->value_btf);
			else if (!strcmp(m->name, "values"))
				status = read_values(p, t, i);
			else
				status = BAD(p, "map %s has a member %s, which maps do not have", p->name, m->name);
		}
		if (status)
			return status;
	}
	if (!p->map->type)
		return BAD(p, "map %s has no type", p->name);
	if (p->map->pinning > 1 || (p->inner && p->map->pinning))
		return BAD(p, "map %s has pinning %u, which is not allowed there", p->name, p->map->pinning);
	return IOV_OK;
}

/* Initial content: a relocation in .maps at each element of `values` names the map or program. */
static enum iov_status read_slots(struct parser *p, const struct iov_btf_member *var, uint32_t section)
{
	const struct iov_object *obj = p->obj;
	const struct iov_section *s = &obj->sections[section];
	uint64_t begin = (uint64_t)var->offset + p->values_offset, end = (uint64_t)var->offset + var->size;
	struct iov_map_slot *slots;
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->reloc_count; i++)
		n += obj->relocs[s->first_reloc + i].offset >= begin && obj->relocs[s->first_reloc + i].offset < end;
	slots = arena_array(p->arena, n, sizeof(*slots));
	if (!slots)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < s->reloc_count; i++) {
		const struct iov_reloc *rel = &obj->relocs[s->first_reloc + i];
		const struct iov_symbol *symbol = &obj->symbols[rel->symbol];
		bool fits = p->programs ? symbol->type == STT_FUNC : symbol->section == section && *symbol->name;

		if (rel->offset < begin || rel->offset >= end)
			continue;
		if (!fits || (rel->offset - begin) % 8)
			return BAD(p, "values of map %s holds %s, which is not a %s", p->name,
				   *symbol->name ? symbol->name : "a section", p->programs ? "program" : "map");
		slots[p->map->slot_count++] =
			(struct iov_map_slot){(uint32_t)((rel->offset - begin) / 8), symbol->name};
	}
	p->map->slots = slots;
	return IOV_OK;
}

/* The definition that a variable of section .maps has by its type; `size`: bytes of the variable. */
static enum iov_status read_def(struct parser *p, const struct iov_btf_type *var, uint32_t size)
{
	const struct iov_btf_type *def = btf_type(p->btf, btf_strip(p->btf, var->type));
	struct iov_map_def *map = p->map;
	enum iov_status status;

	map->name = p->name = var->name;
	map->where = span_file(p->obj->name);
	if (var->kind != BTF_KIND_VAR || def->kind != BTF_KIND_STRUCT || def->size > size)
		return BAD(p, "%s in section .maps is not a struct that describes a map", var->name);
	status = read_struct(p, def);
	if (!status && of_maps(map->type) && !map->inner && !map->value_size)
		map->value_size = 4;
	if (!status && of_maps(map->type) && !map->key_size)
		map->key_size = 4;
	return status;
}

static enum iov_status read_map(struct map_reader *r, const struct iov_btf_member *m)
{
	struct parser p = {.obj = r->obj, .arena = r->obj->arena, .sink = r->sink, .btf = r->obj->btf,
			   .map = ARENA_NEW(r->obj->arena, struct iov_map_def), .values_offset = UINT32_MAX};
	enum iov_status status = p.map ? read_def(&p, &p.btf->types[m->type], m->size) : IOV_NOMEM;

	if (!status && p.values_offset != UINT32_MAX)
		status = read_slots(&p, m, r->section);
	return status ? status : map_add(r, p.map, r->section, m->offset);
}

enum iov_status map_declared(const struct iov_object *obj, uint32_t var, struct iov_arena *arena, struct iov_sink *sink,
			     struct iov_map_def **out)
{
	struct parser p = {.obj = obj, .arena = arena, .sink = sink, .btf = obj->btf,
			   .map = ARENA_NEW(arena, struct iov_map_def), .values_offset = UINT32_MAX};
	enum iov_status status = p.map ? read_def(&p, &p.btf->types[var], UINT32_MAX) : IOV_NOMEM;

	*out = p.map;
	return status ? status : map_find_fields(obj->btf, p.map, arena);
}

enum iov_status maps_read_btf(struct map_reader *r)
{
	const struct iov_section *s = object_section(r->obj, ".maps");
	const struct iov_btf_type *t = btf_type(r->obj->btf, btf_find(r->obj->btf, ".maps", BTF_KIND_DATASEC));
	enum iov_status status = IOV_OK;

	if (!s || !s->size)
		return IOV_OK;
	if (!t) {
		struct iov_diag *d =
			diag_add(r->sink, DIAG_MAP_BAD, span_file(r->obj->name), "section .maps has no BTF types");

		diag_hint(d, "compile with -g: maps are described by their types");
		return IOV_DIAGNOSED;
	}
	r->section = s->index;
	for (uint32_t i = 0; !status && i < t->count; i++)
		if (r->obj->btf->types[t->members[i].type].linkage != BTF_VAR_GLOBAL_EXTERN)
			status = read_map(r, &t->members[i]);
	return status;
}
