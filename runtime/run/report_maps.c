/* SPDX-License-Identifier: Apache-2.0 */
/* Contents of maps in their BTF types; without BTF as bytes. Arrays leave out elements that are all zero. */
#include "runtime/run/run.h"

#include <string.h>

struct dump {
	const struct run *run;
	struct iov_map *map;
	struct iov_buf *out;
	bool json;
	uint64_t entries, zero;
};

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

static void values(const struct dump *d, const uint8_t *bytes)
{
	const struct iov_map_def *def = d->map->def;

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

static void entry(struct dump *d, const uint8_t *key, const uint8_t *bytes)
{
	const struct iov_map_def *def = d->map->def;
	bool data = def->origin != IOV_MAP_USER;

	if (d->json) {
		buf_puts(d->out, d->entries ? ",\n        {" : "\n        {");
		if (!data) {
			buf_puts(d->out, "\"key\": ");
			value(d, def->key_btf, key, def->key_size);
			buf_puts(d->out, ", ");
		}
		buf_puts(d->out, "\"value\": ");
		values(d, bytes);
		buf_puts(d->out, "}");
	} else {
		buf_puts(d->out, "  ");
		if (!data) {
			value(d, def->key_btf, key, def->key_size);
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
		if (map_read(d->map, key, bytes))
			continue;
		if (array && all_zero(bytes, size))
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
		buf_printf(out, "%s\n    {\"name\": \"%s\", \"type\": \"%s\", \"max_entries\": %u, \"entries\": [",
			   first ? "" : ",", info.name, info.type, info.max_entries);
		entries(&d);
		buf_puts(out, d.entries ? "\n      ]}" : "]}");
		return;
	}
	buf_printf(out, "\nmap %s (%s, room for %u)\n", info.name, info.type, info.max_entries);
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
		if (!map->ops->read || !map->ops->next_key || map->def->origin == IOV_MAP_KCONFIG)
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
