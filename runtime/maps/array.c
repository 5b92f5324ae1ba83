/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: array and per-CPU array maps. All elements exist from the start, zeroed; none can be deleted. Kernel document:
 * bpf/map_array.rst. */
#include "runtime/maps/map.h"

#include <errno.h>
#include <string.h>

enum { ARRAY = 2, PERCPU_ARRAY = 6 };

static const char *array_check(const struct iov_map_def *def)
{
	if (def->key_size != 4)
		return "the key of an array has 4 bytes";
	if (!def->value_size || !def->max_entries)
		return "an array needs a value size and max_entries above 0";
	return NULL;
}

static uint64_t array_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	return map_times((uint64_t)map_round8(def->value_size) * def->max_entries,
			 def->type == PERCPU_ARRAY ? cpus : 1);
}

static void array_init(struct iov_map *map)
{
	memset(map->state, 0, map->state_size);
	map->head.data = map->state;
	map->head.cpu_stride = map->ops->per_cpu ? (uint64_t)map->head.max_entries * map->head.stride : 0;
	if (map->def->init)
		memcpy(map->state, map->def->init, map->def->value_size);
}

static uint8_t *slot(const struct iov_map *map, uint32_t index, uint32_t cpu)
{
	return map->head.data + cpu * map->head.cpu_stride + (uint64_t)index * map->head.stride;
}

static uint32_t index_of(const void *key)
{
	uint32_t index;

	memcpy(&index, key, sizeof(index));
	return index;
}

static void *array_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	uint32_t index = index_of(key);

	return index < map->head.max_entries ? slot(map, index, cpu) : NULL;
}

static int64_t update_error(const struct iov_map *map, uint32_t index, uint64_t flags)
{
	if (map_check_flags(flags))
		return -EINVAL;
	if (index >= map->head.max_entries)
		return -E2BIG;
	if (flags & IOV_NOEXIST)
		return -EEXIST;
	return flags & IOV_F_LOCK && map->lock_off == UINT32_MAX ? -EINVAL : 0;
}

/* A value that is set anew owns nothing any more. */
static void set(struct iov_map *map, uint8_t *to, const void *value, uint64_t flags)
{
	map_copy_value(map, to, value, flags);
	if (map->owns)
		map_release(map, to, 1);
}

static uint32_t array_elements(const struct iov_map_def *def, uint32_t cpus)
{
	(void)cpus;
	return def->max_entries;
}

static int64_t array_update(struct iov_map *map, const void *key, const void *value, uint64_t flags, uint32_t cpu)
{
	uint32_t index = index_of(key);
	int64_t error = update_error(map, index, flags);

	if (!error)
		set(map, slot(map, index, cpu), value, flags);
	return error;
}

static int64_t array_erase(struct iov_map *map, const void *key)
{
	(void)map, (void)key;
	return -EINVAL;
}

static int64_t array_each(struct iov_map *map, iov_map_visit_fn *visit, void *ud, uint32_t cpu)
{
	uint32_t index = 0;

	while (index < map->head.max_entries) {
		uint32_t key = index;

		if (visit(ud, &key, slot(map, index++, cpu)))
			break;
	}
	return index;
}

static int64_t array_read(struct iov_map *map, const void *key, void *value)
{
	uint32_t index = index_of(key);

	if (index >= map->head.max_entries)
		return -ENOENT;
	if (!map->ops->per_cpu)
		memcpy(value, slot(map, index, 0), map->value_size);
	for (uint32_t cpu = 0; map->ops->per_cpu && cpu < map->cpus; cpu++)
		memcpy((uint8_t *)value + (size_t)cpu * map->head.stride, slot(map, index, cpu), map->head.stride);
	map_hide(map, value);
	return 0;
}

static int64_t array_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	uint32_t index = index_of(key);
	int64_t error = update_error(map, index, flags);

	for (uint32_t cpu = 0; !error && cpu < map->cpus; cpu++)
		set(map, slot(map, index, cpu), (const uint8_t *)value + (size_t)cpu * map->head.stride, flags);
	return error;
}

static int64_t array_next_at(struct iov_map *map, uint64_t *at, void *key, void *value)
{
	uint32_t index = (uint32_t)*at;

	if (*at >= map->head.max_entries)
		return -ENOENT;
	memcpy(key, &index, sizeof(index));
	++*at;
	return value ? array_read(map, key, value) : 0;
}

static uint64_t array_room(const struct iov_map *map, uint64_t at)
{
	uint64_t off = at - (uintptr_t)map->state;

	return off < map->state_size ? map->state_size - off : 0;
}

#define ARRAY_OPS                                                                                                      \
	.check = array_check, .bytes = array_bytes, .init = array_init, .lookup = array_lookup,                        \
	.update = array_update, .erase = array_erase, .each = array_each, .read = array_read, .write = array_write,    \
	.next_key = map_next_index, .next_at = array_next_at, .elements = array_elements, .room = array_room

const struct iov_map_ops map_ops_array = {
	.type = ARRAY, ARRAY_OPS,
	.flags = IOV_F_NUMA_NODE | IOV_F_ACCESS | IOV_F_MMAPABLE | IOV_F_INNER_MAP,
};
const struct iov_map_ops map_ops_percpu_array = {
	.type = PERCPU_ARRAY, .per_cpu = true, ARRAY_OPS, .flags = IOV_F_ACCESS,
};
