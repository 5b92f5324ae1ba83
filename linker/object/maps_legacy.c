/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: maps declared in sections "maps" and "maps/NAME" as struct bpf_map_def {type, key_size, value_size,
 * max_entries, map_flags}, each a u32. Older objects add members at the end; the distance between symbols says how many
 * there are. What lies beyond the five must be zero, as libbpf asked before its version 1.0 dropped the form. */
#include "linker/object/maps.h"

#include <stdlib.h>
#include <string.h>

enum { LEGACY_MIN = 16, LEGACY_FULL = 20 };

static int by_value(const void *a, const void *b)
{
	const struct iov_symbol *const *x = a, *const *y = b;

	if ((*x)->value != (*y)->value)
		return (*x)->value < (*y)->value ? -1 : 1;
	return strcmp((*x)->name, (*y)->name);
}

static enum iov_status foreign(struct map_reader *r, const struct iov_map_def *map, const struct iov_section *s)
{
	struct iov_diag *d;

	d = diag_add(r->sink, DIAG_MAP_FOREIGN, map->where,
		     "map %s in section %s is defined for another loader: members follow the %d bytes that are common",
		     map->name, s->name, LEGACY_FULL);
	diag_why(d, IOV_NOWHERE, "what they mean is that loader's to know, and so nothing of this object is verified");
	diag_hint(d, "a definition in SEC(\".maps\") is understood by all loaders of today");
	return IOV_DIAGNOSED;
}

static enum iov_status read_def(struct map_reader *r, const struct iov_section *s, const char *name, uint64_t offset,
				uint64_t size)
{
	struct iov_map_def *map = ARENA_NEW(r->obj->arena, struct iov_map_def);
	struct iov_cursor c;
	uint8_t rest = 0;

	if (!map)
		return IOV_NOMEM;
	map->name = name;
	map->where = span_file(r->obj->name);
	cursor_init(&c, s->data + offset, size, r->obj->big_endian);
	map->type = cursor_u32(&c);
	map->key_size = cursor_u32(&c);
	map->value_size = cursor_u32(&c);
	map->max_entries = cursor_u32(&c);
	if (size >= LEGACY_FULL)
		map->flags = cursor_u32(&c);
	while (cursor_left(&c))
		rest |= cursor_u8(&c);
	if (rest && !c.bad)
		return foreign(r, map, s);
	if (c.bad || !map->type) {
		diag_add(r->sink, DIAG_MAP_BAD, map->where,
			 c.bad ? "map %s in section %s has fewer than %d bytes"
			       : "map %s in section %s has no type (in its %d bytes)",
			 name, s->name, c.bad ? LEGACY_MIN : LEGACY_FULL);
		return IOV_DIAGNOSED;
	}
	return map_add(r, map, s->index, offset);
}

static enum iov_status read_section(struct map_reader *r, const struct iov_section *s)
{
	const struct iov_object *obj = r->obj;
	const struct iov_symbol **all = arena_array(obj->arena, obj->symbol_count, sizeof(*all));
	enum iov_status status = IOV_OK;
	uint32_t n = 0;

	if (!all)
		return IOV_NOMEM;
	for (uint32_t i = 1; i < obj->symbol_count; i++)
		if (obj->symbols[i].section == s->index && obj->symbols[i].type != STT_SECTION &&
		    obj->symbols[i].value < s->size)
			all[n++] = &obj->symbols[i];
	qsort(all, n, sizeof(*all), by_value);
	for (uint32_t i = 0; !status && i < n; i++) {
		uint64_t end = i + 1 < n ? all[i + 1]->value : s->size;

		if (end != all[i]->value)
			status = read_def(r, s, all[i]->name, all[i]->value, end - all[i]->value);
	}
	return status;
}

enum iov_status maps_read_legacy(struct map_reader *r)
{
	enum iov_status status = IOV_OK;

	for (uint32_t i = 1; !status && i < r->obj->section_count; i++) {
		const struct iov_section *s = &r->obj->sections[i];

		if (s->type == SHT_PROGBITS && s->data && (!strcmp(s->name, "maps") || !strncmp(s->name, "maps/", 5)))
			status = read_section(r, s);
	}
	return status;
}
