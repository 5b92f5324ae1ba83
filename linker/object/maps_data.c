/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: maps that the compiler's sections of variables become (.data, .rodata, .bss, .kconfig: one-element arrays, as
 * in libbpf), the special fields of map values, and maps_read itself. */
#include "linker/object/maps.h"
#include "linker/object/types.h"

#include <linux/bpf.h>
#include <string.h>

enum iov_status map_add(struct map_reader *r, struct iov_map_def *map, uint32_t section, uint64_t offset)
{
	struct iov_object *obj = r->obj;

	if (obj->map_count == r->room) {
		uint32_t room = r->room ? r->room * 2 : 16;
		struct iov_map_def **maps = arena_array(obj->arena, room, sizeof(*maps));
		uint32_t *sections = arena_array(obj->arena, room, sizeof(*sections));
		uint64_t *offsets = arena_array(obj->arena, room, sizeof(*offsets));

		if (!maps || !sections || !offsets)
			return IOV_NOMEM;
		if (obj->map_count) {
			memcpy(maps, obj->maps, obj->map_count * sizeof(*maps));
			memcpy(sections, obj->map_sections, obj->map_count * sizeof(*sections));
			memcpy(offsets, obj->map_offsets, obj->map_count * sizeof(*offsets));
		}
		obj->maps = maps;
		obj->map_sections = sections;
		obj->map_offsets = offsets;
		r->room = room;
	}
	obj->map_sections[obj->map_count] = section;
	obj->map_offsets[obj->map_count] = offset;
	obj->maps[obj->map_count++] = map;
	return IOV_OK;
}

/* A map of variables can be mapped into the loader's memory when one of them is visible outside its file. */
static bool has_global(const struct iov_object *obj, uint32_t datasec, uint32_t section)
{
	const struct iov_btf_type *t = btf_type(obj->btf, datasec);

	for (uint32_t i = 0; t && i < t->count; i++) {
		const struct iov_btf_type *var = &obj->btf->types[t->members[i].type];
		const struct iov_symbol *symbol = section ? variable_symbol(obj, var->name, section) : NULL;

		if (var->linkage != BTF_VAR_STATIC &&
		    !(symbol && (symbol->visibility == STV_HIDDEN || symbol->visibility == STV_INTERNAL)))
			return true;
	}
	return false;
}

static enum iov_status add_data(struct map_reader *r, const char *name, enum iov_map_origin origin, uint32_t size,
				const uint8_t *init, uint32_t section)
{
	struct iov_map_def *map = ARENA_NEW(r->obj->arena, struct iov_map_def);
	uint32_t datasec = btf_find(r->obj->btf, name, BTF_KIND_DATASEC);

	if (!map)
		return IOV_NOMEM;
	*map = (struct iov_map_def){.name = name, .type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = size,
				    .max_entries = 1, .origin = origin, .init = init, .where = span_file(r->obj->name)};
	map->value_btf = datasec;
	if (origin == IOV_MAP_RODATA || origin == IOV_MAP_KCONFIG)
		map->flags |= BPF_F_RDONLY_PROG;
	if (datasec && has_global(r->obj, datasec, section))
		map->flags |= BPF_F_MMAPABLE;
	return map_add(r, map, section, 0);
}

static enum iov_status add_section(struct map_reader *r, const struct iov_section *s)
{
	enum iov_map_origin origin = name_is(s->name, ".rodata") ? IOV_MAP_RODATA :
				     name_is(s->name, ".data") ? IOV_MAP_DATA : IOV_MAP_BSS;

	if (origin == IOV_MAP_BSS ? s->type != SHT_NOBITS || !name_is(s->name, ".bss") :
	    s->type != SHT_PROGBITS || s->flags & SHF_EXECINSTR)
		return IOV_OK;
	if (!s->size)
		return IOV_OK;
	if (s->size > INT32_MAX) {
		diag_add(r->sink, DIAG_MAP_BAD, span_file(r->obj->name), "section %s has more than 2 GiB", s->name);
		return IOV_DIAGNOSED;
	}
	return add_data(r, s->name, origin, (uint32_t)s->size, s->data, s->index);
}

static enum iov_status add_kconfig(struct map_reader *r)
{
	const struct iov_object *obj = r->obj;
	uint32_t size = 0;

	for (uint32_t i = 0; i < obj->extern_count; i++) {
		const struct iov_object_extern *x = &obj->externs[i];

		if (x->kind == IOV_EXTERN_KCONFIG && x->offset + x->size > size)
			size = x->offset + x->size;
	}
	return size ? add_data(r, ".kconfig", IOV_MAP_KCONFIG, size, NULL, 0) : IOV_OK;
}

enum iov_status maps_read_data(struct map_reader *r)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 1; !status && i < r->obj->section_count; i++)
		status = add_section(r, &r->obj->sections[i]);
	return status ? status : add_kconfig(r);
}

enum iov_status map_find_fields(const struct iov_btf *btf, struct iov_map_def *map, struct iov_arena *arena)
{
	for (; map; map = (struct iov_map_def *)map->inner)
		if (map->value_btf &&
		    fields_find(btf, map->value_btf, map->value_size, false, arena, &map->fields))
			return IOV_NOMEM;
	return IOV_OK;
}

enum iov_status maps_find_fields(struct iov_object *obj)
{
	for (uint32_t i = 0; i < obj->map_count; i++)
		if (map_find_fields(obj->btf, obj->maps[i], obj->arena))
			return IOV_NOMEM;
	return IOV_OK;
}

enum iov_status maps_read(struct iov_object *obj, struct iov_sink *sink)
{
	struct map_reader r = {.obj = obj, .sink = sink};
	enum iov_status status = maps_read_btf(&r);

	if (!status)
		status = maps_read_legacy(&r);
	if (!status)
		status = maps_read_data(&r);
	return status ? status : maps_find_fields(obj);
}
