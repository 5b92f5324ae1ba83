/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: tables of references by number: program arrays (tail calls) and device maps (redirection: a port number, and a
 * second word that this runtime keeps and does not use). Kernel documents: bpf/map_devmap.rst, uapi linux/bpf.h. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"

#include <errno.h>
#include <string.h>

enum { PROG_ARRAY = 3, DEVMAP = 14 };

static const char *table_check(const struct iov_map_def *def)
{
	if (def->key_size != 4 || !def->max_entries)
		return "a table of programs or devices has keys of 4 bytes and max_entries above 0";
	if (def->type == PROG_ARRAY ? def->value_size != 4 : def->value_size != 4 && def->value_size != 8)
		return "a program array has values of 4 bytes, a devmap of 4 or 8";
	return NULL;
}

static uint64_t table_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	(void)cpus;
	return 8ull * def->max_entries;
}

static void table_init(struct iov_map *map)
{
	memset(map->state, 0, map->state_size);
	if (map->head.type == PROG_ARRAY)
		map->head.data = map->state;
}

static uint32_t index_of(const void *key)
{
	uint32_t index;

	memcpy(&index, key, sizeof(index));
	return index;
}

int64_t table_set_image(struct iov_map *map, uint32_t index, const struct iov_image *image)
{
	if (map->head.type != PROG_ARRAY)
		return -EINVAL;
	if (index >= map->head.max_entries)
		return -E2BIG;
	__atomic_store_n((const struct iov_image **)map->state + index, image, __ATOMIC_RELEASE);
	return 0;
}

static int64_t prog_erase(struct iov_map *map, const void *key)
{
	uint32_t index = index_of(key);

	if (index >= map->head.max_entries)
		return -E2BIG;
	return __atomic_exchange_n((void **)map->state + index, NULL, __ATOMIC_ACQ_REL) ? 0 : -ENOENT;
}

/* Device maps: the first word of an entry is the port number, 0 when the entry is empty. */
static uint64_t *dev_at(struct iov_map *map, const void *key)
{
	uint32_t index = index_of(key);

	return index < map->head.max_entries ? (uint64_t *)map->state + index : NULL;
}

static void *dev_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	uint64_t *entry = dev_at(map, key);

	(void)cpu;
	return entry && index_of(entry) ? entry : NULL;
}

static int64_t dev_read(struct iov_map *map, const void *key, void *value)
{
	void *entry = dev_lookup(map, key, 0);

	if (!entry)
		return -ENOENT;
	memcpy(value, entry, map->value_size);
	return 0;
}

static int64_t dev_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	uint64_t *entry = dev_at(map, key);

	if (flags > IOV_EXIST)
		return -EINVAL;
	if (!entry)
		return -E2BIG;
	if (flags == IOV_NOEXIST)
		return -EEXIST;
	memcpy(entry, value, map->value_size);
	return 0;
}

static int64_t dev_erase(struct iov_map *map, const void *key)
{
	uint64_t *entry = dev_at(map, key);

	if (!entry)
		return -EINVAL;
	*entry = 0;
	return 0;
}

static int64_t table_next_key(struct iov_map *map, const void *key, void *next)
{
	uint32_t index = key ? index_of(key) : UINT32_MAX;

	if (index == map->head.max_entries - 1)
		return -ENOENT;
	index = index >= map->head.max_entries ? 0 : index + 1;
	memcpy(next, &index, sizeof(index));
	return 0;
}

#define TABLE_OPS .check = table_check, .bytes = table_bytes, .init = table_init, .next_key = table_next_key

const struct iov_map_ops map_ops_prog_array = {.type = PROG_ARRAY, TABLE_OPS, .erase = prog_erase};
const struct iov_map_ops map_ops_devmap = {
	.type = DEVMAP, TABLE_OPS, .lookup = dev_lookup, .erase = dev_erase, .read = dev_read, .write = dev_write,
};
