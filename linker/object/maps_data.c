/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: maps that the compiler's sections of variables become (.data, .rodata, .bss, .kconfig: one-element arrays, as
 * in libbpf), the special fields of map values, and maps_read itself. */
#include "linker/object/maps.h"

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

/* The kernel's special structs by name; kptrs are pointers with a type tag (fields of arrays count from the first). */
static bool special(const struct iov_btf *btf, uint32_t id, enum iov_field_kind *kind)
{
	static const struct {
		const char *name;
		enum iov_field_kind kind;
	} structs[] = {
		{"bpf_spin_lock", IOV_FIELD_SPIN_LOCK}, {"bpf_res_spin_lock", IOV_FIELD_OTHER},
		{"bpf_timer", IOV_FIELD_TIMER}, {"bpf_list_head", IOV_FIELD_LIST}, {"bpf_list_node", IOV_FIELD_LIST},
		{"bpf_rb_root", IOV_FIELD_RBTREE}, {"bpf_rb_node", IOV_FIELD_RBTREE}, {"bpf_refcount", IOV_FIELD_OTHER},
		{"bpf_wq", IOV_FIELD_OTHER}, {"bpf_task_work", IOV_FIELD_OTHER}, {"bpf_dynptr", IOV_FIELD_OTHER},
	};
	const struct iov_btf_type *t = btf_type(btf, id);
	const char *tag;

	if (t->kind == BTF_KIND_STRUCT) {
		for (size_t i = 0; i < sizeof(structs) / sizeof(*structs); i++)
			if (!strcmp(t->name, structs[i].name)) {
				*kind = structs[i].kind;
				return true;
			}
		return false;
	}
	if (t->kind != BTF_KIND_PTR || btf_type(btf, t->type)->kind != KIND_TYPE_TAG)
		return false;
	tag = btf_type(btf, t->type)->name;
	*kind = !strcmp(tag, "kptr_untrusted") ? IOV_FIELD_KPTR_UNREF : !strcmp(tag, "kptr") ? IOV_FIELD_KPTR_REF :
								      IOV_FIELD_OTHER;
	return !strncmp(tag, "kptr", 4) || !strcmp(tag, "percpu_kptr") || !strcmp(tag, "uptr");
}

/* The kernel takes at most 11 special fields. Past that, or when a hostile type is too large to walk, the whole value
 * becomes one field that nobody models, which the verifier keeps programs away from. */
enum { MAX_FIELDS = 16, MAX_STEPS = 100000 };

struct finder {
	const struct iov_btf *btf;
	struct iov_map_field fields[MAX_FIELDS];
	uint32_t count, steps;
	bool full;
};

static void find_fields(struct finder *f, uint32_t id, uint64_t offset)
{
	const struct iov_btf_type *t = btf_type(f->btf, id = btf_strip(f->btf, id));
	enum iov_field_kind kind;

	if (f->full || f->steps++ > MAX_STEPS) {
		f->full = true;
		return;
	}
	if (special(f->btf, id, &kind)) {
		f->full = f->count == MAX_FIELDS - 1;
		f->fields[f->count++] = (struct iov_map_field){kind, (uint32_t)offset, (uint32_t)btf_size(f->btf, id)};
		return;
	}
	switch (t->kind) {
	case BTF_KIND_ARRAY:
		for (uint32_t i = 0, before = f->count; i < t->nelems; i++) {
			find_fields(f, t->type, offset + i * (uint64_t)btf_size(f->btf, t->type));
			if (f->count == before || f->full)
				break;
		}
		break;
	case BTF_KIND_VAR:
		find_fields(f, t->type, offset);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint32_t i = 0; i < t->count; i++)
			find_fields(f, t->members[i].type, offset + t->members[i].bit_offset / 8);
		break;
	case BTF_KIND_DATASEC:
		for (uint32_t i = 0; i < t->count; i++)
			find_fields(f, t->members[i].type, offset + t->members[i].offset);
		break;
	default:
		break;
	}
}

enum iov_status maps_read_fields(struct map_reader *r)
{
	for (uint32_t i = 0; i < r->obj->map_count; i++) {
		struct iov_map_def *map = r->obj->maps[i];
		struct finder f = {.btf = r->obj->btf};

		if (!map->value_btf)
			continue;
		find_fields(&f, map->value_btf, 0);
		if (f.full)
			f.fields[f.count++] = (struct iov_map_field){IOV_FIELD_OTHER, 0, map->value_size};
		if (!f.count)
			continue;
		map->fields = arena_copy(r->obj->arena, f.fields, f.count * sizeof(*f.fields));
		map->field_count = f.count;
		if (!map->fields)
			return IOV_NOMEM;
	}
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
	return status ? status : maps_read_fields(&r);
}
