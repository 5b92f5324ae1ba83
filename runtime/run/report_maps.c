/* SPDX-License-Identifier: Apache-2.0 */
/* Contents of maps in their BTF types; without BTF as bytes. Arrays leave out elements that are all zero. */
#include "runtime/run/run.h"
#include "asm/base/text.h"

#include <string.h>

struct dump {
	const struct run *run;
	struct iov_map *map;
	struct iov_buf *out;
	bool json;
	const char *named;    /**< what the entry refers to, in maps of programs or maps */
	uint64_t entries, zero;
};

enum { PROG_ARRAY = 3, ARRAY_OF_MAPS = 12, HASH_OF_MAPS = 13 };

static bool refers(const struct iov_map *map)
{
	return map->head.type == PROG_ARRAY || map->head.type == ARRAY_OF_MAPS || map->head.type == HASH_OF_MAPS;
}

static void value(const struct dump *d, uint32_t type, const uint8_t *bytes, uint32_t size)
{
	const struct iov_btf *btf = d->run->module->object->btf;

	if (btf && type) {
		btf_print_value(btf, type, bytes, size, d->run->module->object->big_endian, d->json, d->out);
		return;
	}
	if (d->json)
		buf_putc(d->out, '"');
	for (uint32_t i = 0; i < size; i++)
		buf_printf(d->out, "%s%02x", i && !d->json ? " " : "", bytes[i]);
	if (d->json)
		buf_putc(d->out, '"');
}

/* The program or map in a slot, or NULL. */
static const char *reference(struct iov_map *map, const uint8_t *key)
{
	const struct iov_image *const *images = map->state;
	const struct iov_map *inner;
	uint32_t index;

	if (map->head.type == PROG_ARRAY) {
		memcpy(&index, key, sizeof(index));
		return images[index] ? images[index]->prog->name : NULL;
	}
	inner = map->ops->lookup(map, key, 0);
	return inner ? inner->def->name : NULL;
}

static void values(const struct dump *d, const uint8_t *bytes)
{
	const struct iov_map_def *def = d->map->def;

	if (d->named) {
		if (d->json)
			text_json(d->out, d->named);
		else
			text_safe(d->out, d->named, strlen(d->named));
		return;
	}
	if (d->map->cpus == 1) {
		value(d, def->value_btf, bytes, def->value_size);
		return;
	}
	buf_puts(d->out, "[");
	for (uint32_t cpu = 0; cpu < d->map->cpus; cpu++) {
		buf_puts(d->out, cpu ? ", " : "");
		value(d, def->value_btf, bytes + (size_t)cpu * d->map->head.stride, def->value_size);
	}
	buf_puts(d->out, "]");
}

/* A slot has a number, also where the module tells no type. */
static void put_key(const struct dump *d, const uint8_t *key)
{
	uint32_t index;

	if (d->named && d->map->head.type != HASH_OF_MAPS) {
		memcpy(&index, key, sizeof(index));
		buf_printf(d->out, "%u", index);
	} else {
		value(d, d->map->def->key_btf, key, d->map->key_size);
	}
}

static void entry(struct dump *d, const uint8_t *key, const uint8_t *bytes)
{
	const struct iov_map_def *def = d->map->def;
	bool data = def->origin != IOV_MAP_USER;

	if (d->json) {
		buf_puts(d->out, d->entries ? ",\n        {" : "\n        {");
		if (!data) {
			buf_puts(d->out, "\"key\": ");
			put_key(d, key);
			buf_puts(d->out, ", ");
		}
		buf_puts(d->out, "\"value\": ");
		values(d, bytes);
		buf_puts(d->out, "}");
	} else {
		buf_puts(d->out, "  ");
		if (!data) {
			put_key(d, key);
			buf_puts(d->out, ": ");
		}
		values(d, bytes);
		buf_putc(d->out, '\n');
	}
	d->entries++;
}

static bool all_zero(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

static void entries(struct dump *d)
{
	bool array = d->map->head.data && d->map->def->origin == IOV_MAP_USER;
	uint8_t *key = arena_alloc(d->run->arena, d->map->key_size),
		*next = arena_alloc(d->run->arena, d->map->key_size);
	size_t size = map_read_size(d->map);
	uint8_t *bytes = arena_alloc(d->run->arena, size), *swap;

	if (!key || !next || !bytes) {
		d->out->failed = true;
		return;
	}
	for (int64_t e = map_next_key(d->map, NULL, next); !e; e = map_next_key(d->map, key, next)) {
		swap = key;
		key = next;
		next = swap;
		d->named = refers(d->map) ? reference(d->map, key) : NULL;
		if (!d->named && (refers(d->map) || map_read(d->map, key, bytes)))
			continue;
		if (array && !d->named && all_zero(bytes, size))
			d->zero++;
		else
			entry(d, key, bytes);
	}
}

static void one(const struct run *run, struct iov_map *map, bool first, bool json, struct iov_buf *out)
{
	struct dump d = {.run = run, .map = map, .out = out, .json = json};
	struct iov_map_info info;

	iov_map_info(map, &info);
	if (json) {
		buf_printf(out, "%s\n    {\"name\": ", first ? "" : ",");
		text_json(out, info.name);
		buf_printf(out, ", \"type\": \"%s\", \"max_entries\": %u, \"entries\": [", info.type, info.max_entries);
		entries(&d);
		buf_puts(out, d.entries ? "\n      ]}" : "]}");
		return;
	}
	buf_puts(out, "\nmap ");
	text_safe(out, info.name, strlen(info.name));
	buf_printf(out, " (%s, room for %u)\n", info.type, info.max_entries);
	entries(&d);
	if (!d.entries && !d.zero)
		buf_puts(out, "  empty\n");
	else if (d.zero)
		buf_printf(out, "  %llu %selements are zero\n", (unsigned long long)d.zero, d.entries ? "other " : "");
}

static void all(const struct run *run, bool json, struct iov_buf *out)
{
	bool first = true;

	for (uint32_t i = 0; i < run->module->map_count; i++) {
		struct iov_map *map = run->module->maps[i];

		/* Settings are what the host gave; their places are not in BTF. */
		if ((!map->ops->read && !refers(map)) || !map->ops->next_key || map->def->origin == IOV_MAP_KCONFIG)
			continue;
		one(run, map, first, json, out);
		first = false;
	}
}

void report_maps(const struct run *run, struct iov_buf *out) { all(run, false, out); }

void report_maps_json(const struct run *run, struct iov_buf *out)
{
	buf_puts(out, ",\n  \"maps\": [");
	all(run, true, out);
	buf_puts(out, "\n  ]");
}
