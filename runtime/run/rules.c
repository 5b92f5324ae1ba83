/* SPDX-License-Identifier: Apache-2.0 */
/* Map contents from a YAML file:
 *
 *   parameters: {NAME: VALUE}
 *   maps: {MAP: [{key: KEY, value: VALUE}]}
 *
 * Keys and values are written in the map's own BTF types. A program array takes program names as values; queues take no
 * keys; every CPU of a per-CPU map gets the value. */
#include "runtime/run/run.h"
#include "asm/yaml/yaml.h"
#include "runtime/value.h"

#include <errno.h>
#include <string.h>

enum { PROG_ARRAY = 3 };

enum iov_status rules_read(struct run *run, const struct iov_yaml **root)
{
	static const char *const known[] = {"parameters", "maps", NULL};
	enum iov_status status;

	*root = NULL;
	if (!run->options->rules)
		return IOV_OK;
	status = yml_read_file(run->options->rules, run->arena, run->sink, root);
	if (status)
		return status;
	if (!yml_need_mapping(*root, "a rules file", run->sink) || !yml_only_keys(*root, known, run->sink))
		return IOV_DIAGNOSED;
	return IOV_OK;
}

enum iov_status rules_parameters(struct run *run, const struct iov_yaml *root)
{
	const struct iov_yaml *params = yml_get(root, "parameters");

	if (!params)
		return IOV_OK;
	if (!yml_need_mapping(params, "`parameters`", run->sink))
		return IOV_DIAGNOSED;
	for (uint32_t i = 0; i < params->count; i++) {
		const char *text = "";

		enum iov_status status;

		if (!params->items[i] || !yml_string(params->items[i], "a parameter", run->sink, &text))
			return IOV_DIAGNOSED;
		status = run_status(iov_module_set(run->module, params->keys[i]->text, text, run->sink));
		if (status)
			return status;
	}
	return IOV_OK;
}

struct entry_fill {
	struct fill fill;
	struct iov_module *module;
	struct iov_map *map;
	uint8_t *key, *value;
};

/* Without BTF only whole numbers of up to 8 bytes can be written. */
static bool part(const struct entry_fill *e, uint32_t type, const struct iov_yaml *node, uint8_t *to, uint32_t size)
{
	uint64_t number;

	memset(to, 0, size);
	if (type && e->fill.btf && btf_size(e->fill.btf, type) == (int64_t)size)
		return fill_value(&e->fill, type, node, to, size);
	if (size > 8 || node->kind != IOV_YAML_SCALAR) {
		diag_add(e->fill.sink, DIAG_RULE_VALUE, node->where,
			 "map `%s` has no BTF types, so only numbers can be written", e->map->def->name);
		return false;
	}
	if (!yml_uint(node, "a value", 0, size == 8 ? UINT64_MAX : (1ull << 8 * size) - 1, e->fill.sink, &number))
		return false;
	value_store(number, size, e->fill.big_endian, to);
	return true;
}

static bool put_program(const struct entry_fill *e, const struct iov_yaml *node)
{
	const char *name;
	const struct iov_program *p;
	uint32_t index;

	if (!yml_string(node, "a program's name", e->fill.sink, &name))
		return false;
	p = iov_module_program(e->module, name);
	memcpy(&index, e->key, sizeof(index));
	if (p && !iov_map_set_program(e->map, index, p))
		return true;
	diag_add(e->fill.sink, DIAG_RULE_REFUSED, node->where,
		 p ? "map `%s` has no slot for `%s`" : "map `%s`: no program `%s`", e->map->def->name, name);
	return false;
}

static bool put(const struct entry_fill *e, const struct iov_yaml *entry)
{
	const struct iov_map *map = e->map;
	int error;

	for (uint32_t cpu = 1; cpu < map->cpus; cpu++)
		memcpy(e->value + (size_t)cpu * map->head.stride, e->value, map->head.stride);
	error = iov_map_update(e->map, map->key_size ? e->key : NULL, e->value, 0);
	if (error)
		diag_add(e->fill.sink, DIAG_RULE_REFUSED, entry->where, "map `%s` refused the entry: %s",
			 map->def->name,
			 error == -E2BIG || error == -ENOSPC ? "it is full, or the index is too large"
							     : strerror(-error));
	return !error;
}

static bool one_entry(const struct entry_fill *e, const struct iov_yaml *entry)
{
	static const char *const known[] = {"key", "value", NULL};
	const struct iov_map_def *def = e->map->def;
	const struct iov_yaml *key, *value;

	if (!yml_need_mapping(entry, "an entry", e->fill.sink) || !yml_only_keys(entry, known, e->fill.sink))
		return false;
	key = def->key_size ? yml_require(entry, "key", e->fill.sink) : NULL;
	value = yml_require(entry, "value", e->fill.sink);
	if (!value || (def->key_size && (!key || !part(e, def->key_btf, key, e->key, def->key_size))))
		return false;
	if (def->type == PROG_ARRAY)
		return put_program(e, value);
	return part(e, def->value_btf, value, e->value, def->value_size) && put(e, entry);
}

static enum iov_status one_map(struct iov_module *m, const struct iov_yaml *name, const struct iov_yaml *entries,
			       struct iov_arena *arena, struct iov_sink *sink)
{
	struct entry_fill e = {.fill = {m->object->btf, m->object->big_endian, sink}, .module = m,
			       .map = iov_module_map(m, name->text)};
	bool ok = true;

	if (!e.map || !e.map->value_size) {
		diag_add(sink, DIAG_RULE_MAP, name->where, "the module has no map `%s` that entries can be put into",
			 name->text);
		return IOV_DIAGNOSED;
	}
	if (!entries)
		return IOV_OK;
	if (!yml_need_sequence(entries, "a map's contents", sink))
		return IOV_DIAGNOSED;
	e.key = arena_alloc(arena, e.map->key_size);
	e.value = arena_alloc(arena, (size_t)e.map->cpus * e.map->head.stride);
	if (!e.key || !e.value)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < entries->count; i++)
		ok &= entries->items[i] && one_entry(&e, entries->items[i]);
	return ok ? IOV_OK : IOV_DIAGNOSED;
}

enum iov_status rules_maps(struct iov_module *module, const struct iov_yaml *root, struct iov_arena *arena,
			   struct iov_sink *sink)
{
	const struct iov_yaml *maps = yml_get(root, "maps");
	enum iov_status status, first = IOV_OK;

	if (!maps)
		return IOV_OK;
	if (!yml_need_mapping(maps, "`maps`", sink))
		return IOV_DIAGNOSED;
	for (uint32_t i = 0; i < maps->count; i++) {
		status = one_map(module, maps->keys[i], maps->items[i], arena, sink);
		first = first ? first : status;
	}
	return first;
}
