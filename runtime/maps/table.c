/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: tables of references by number: program arrays (tail calls), arrays of maps, of control groups, and tables to
 * redirect through: devices, CPUs, XDP sockets. What stands in those is the host's: a number that it gets back with the
 * packet, 0 for nothing, and a second word that this runtime keeps and does not use; of a control group, its id.
 * Kernel documents: bpf/map_devmap.rst, map_cpumap.rst, map_xskmap.rst, map_of_maps.rst, uapi linux/bpf.h. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"

#include <errno.h>
#include <string.h>

enum { ARRAY = 2, PROG_ARRAY = 3, CGROUP_ARRAY = 8, ARRAY_OF_MAPS = 12, HASH_OF_MAPS = 13, DEVMAP = 14 };
enum { CPUMAP = 16, XSKMAP = 17, MOST_QUEUE = 16384 };

static const char *table_check(const struct iov_map_def *def)
{
	if (def->key_size != 4 || !def->max_entries)
		return "a table of programs or devices has keys of 4 bytes and max_entries above 0";
	if (def->value_size != 4 && (def->value_size != 8 || (def->type != DEVMAP && def->type != CPUMAP)))
		return "the values of these tables have 4 bytes, those of a devmap or cpumap 4 or 8";
	if (def->type == ARRAY_OF_MAPS && !def->inner)
		return "an array of maps needs a template of its inner maps (`__array(values, struct …)`)";
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

bool table_claim(struct iov_map *map, uint32_t prog_type)
{
	uint32_t owner = 0;

	return map->head.type != PROG_ARRAY ||
	       __atomic_compare_exchange_n(&map->owner_type, &owner, prog_type + 1, false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED) ||
	       owner == prog_type + 1;
}

int64_t table_set_image(struct iov_map *map, uint32_t index, const struct iov_image *image)
{
	if (map->head.type != PROG_ARRAY)
		return -EINVAL;
	if (index >= map->head.max_entries)
		return -E2BIG;
	if (image && !table_claim(map, image->prog->type))
		return -EINVAL;
	__atomic_store_n((const struct iov_image **)map->state + index, image, __ATOMIC_RELEASE);
	return 0;
}

/* What the verifier proved about the template holds for `inner`. As in Linux, what the host may do is not part of it,
 * and how many entries there are only in arrays that do not say otherwise. */
static bool like_template(const struct iov_map_def *t, const struct iov_map *inner)
{
	const struct iov_map_def *d = inner->def;

	return t->type == d->type && t->key_size == d->key_size && t->value_size == d->value_size &&
	       !((t->flags ^ d->flags) & ~(uint32_t)(IOV_F_RDONLY | IOV_F_WRONLY)) &&
	       (t->type != ARRAY || t->flags & IOV_F_INNER_MAP || t->max_entries == d->max_entries) &&
	       t->fields.count == d->fields.count &&
	       (!d->fields.count ||
		!memcmp(t->fields.all, d->fields.all, d->fields.count * sizeof(*d->fields.all)));
}

int64_t table_set_map(struct iov_map *map, const void *key, struct iov_map *inner)
{
	uint32_t index;

	if (map->head.type != ARRAY_OF_MAPS && map->head.type != HASH_OF_MAPS)
		return -EINVAL;
	index = map->head.type == ARRAY_OF_MAPS ? index_of(key) : 0;
	if (index >= map->head.max_entries)
		return -E2BIG;
	if (!like_template(map->def->inner, inner))
		return -EINVAL;
	if (map->head.type == HASH_OF_MAPS)
		return hash_set_inner(map, key, inner);
	__atomic_store_n((struct iov_map **)map->state + index, inner, __ATOMIC_RELEASE);
	return 0;
}

static void *inner_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	uint32_t index = index_of(key);

	(void)cpu;
	return index < map->head.max_entries ? __atomic_load_n((void **)map->state + index, __ATOMIC_ACQUIRE) : NULL;
}

/* What a full slot holds is no number that a host could use; Linux gives its id. */
static int64_t prog_read(struct iov_map *map, const void *key, void *value)
{
	uint32_t index = index_of(key);

	(void)value;
	return index < map->head.max_entries && ((void **)map->state)[index] ? -EOPNOTSUPP : -ENOENT;
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
	if (map->head.type == CPUMAP && index_of(value) > MOST_QUEUE)
		return -EOVERFLOW;
	memcpy(entry, value, map->value_size);
	return 0;
}

/* Sockets alone know whether one is there. */
static int64_t xsk_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	void *there = dev_lookup(map, key, 0);

	if (flags > IOV_EXIST)
		return -EINVAL;
	if (index_of(key) >= map->head.max_entries)
		return -E2BIG;
	if (flags && !there == (flags == IOV_EXIST))
		return there ? -EEXIST : -ENOENT;
	return dev_write(map, key, value, IOV_ANY);
}

static int64_t group_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	uint32_t index = index_of(key), id = index_of(value);

	if (flags)
		return -EINVAL;
	if (index >= map->head.max_entries)
		return -E2BIG;
	if (!id)
		return -EBADF;
	__atomic_store_n((uint64_t *)map->state + index, id, __ATOMIC_RELAXED);
	return 0;
}

uint64_t table_group(const struct iov_map *map, uint32_t index)
{
	return __atomic_load_n((uint64_t *)map->state + index, __ATOMIC_RELAXED);
}

static int64_t dev_erase(struct iov_map *map, const void *key)
{
	uint64_t *entry = dev_at(map, key);

	if (!entry)
		return -EINVAL;
	*entry = 0;
	return 0;
}

#define TABLE_OPS .check = table_check, .bytes = table_bytes, .init = table_init, .next_key = map_next_index

const struct iov_map_ops map_ops_prog_array = {
	.type = PROG_ARRAY, TABLE_OPS, .erase = prog_erase, .read = prog_read,
	.flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY,
};
const struct iov_map_ops map_ops_cgroup_array = {
	.type = CGROUP_ARRAY, TABLE_OPS, .erase = prog_erase, .write = group_write,
	.flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY,
};
const struct iov_map_ops map_ops_array_of_maps = {
	.type = ARRAY_OF_MAPS, TABLE_OPS, .lookup = inner_lookup, .erase = prog_erase, .read = prog_read,
	.flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY,
};
const struct iov_map_ops map_ops_devmap = {
	.type = DEVMAP, TABLE_OPS, .lookup = dev_lookup, .erase = dev_erase, .read = dev_read, .write = dev_write,
	.flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY,
};
const struct iov_map_ops map_ops_cpumap = {
	.type = CPUMAP, TABLE_OPS, .lookup = dev_lookup, .erase = dev_erase, .read = dev_read, .write = dev_write,
	.flags = IOV_F_NUMA_NODE,
};
const struct iov_map_ops map_ops_xskmap = {
	.type = XSKMAP, TABLE_OPS, .lookup = dev_lookup, .erase = dev_erase, .read = dev_read, .write = xsk_write,
	.flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY,
};
