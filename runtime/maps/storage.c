/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: storage: values that belong to sockets (BPF_MAP_TYPE_SK_STORAGE, by their cookie, 8 bytes) and to control
 * groups (CGROUP_STORAGE and its per-CPU form, by struct bpf_cgroup_storage_key, or by the group alone). Kernel
 * documents: bpf/map_sk_storage.rst, bpf/map_cgroup_storage.rst.
 *
 * A hash inside. Linux gives these no size, and takes memory when it needs it; here it is taken at creation, for
 * max_entries values, or so many as a host seldom needs more of. */
#include "runtime/maps/map.h"

#include <errno.h>
#include <string.h>

enum { CGROUP_STORAGE = 19, PERCPU_CGROUP_STORAGE = 21, SK_STORAGE = 24, HASH = 1, PERCPU_HASH = 5 };
enum { SOCKETS = 4096, GROUPS = 64, F_CLONE = 1 << 9, MOST_VALUE = 0xff7f };

struct storage {
	struct iov_map_def def;
	struct iov_map map;
	uint64_t words[];       /**< a value of zeros, the values of an element in no hash, the hash's own */
};

static struct storage *storage(const struct iov_map *map) { return map->state; }
static struct iov_map *inside(struct iov_map *map) { return &storage(map)->map; }

static const char *storage_check(const struct iov_map_def *def)
{
	bool socket = def->type == SK_STORAGE;

	if (socket ? def->key_size != 4 : def->key_size != 8 && def->key_size != 16)
		return socket ? "the key of socket storage is an int"
			      : "the key of a control group's storage is a __u64 or a struct bpf_cgroup_storage_key";
	if (!def->value_size || def->value_size > MOST_VALUE)
		return "storage needs a value of 1 to 65407 bytes";
	if (socket && !(def->flags & IOV_F_NO_PREALLOC))
		return "socket storage needs map_flags BPF_F_NO_PREALLOC";
	return NULL;
}

static struct iov_map_def inner_def(const struct iov_map_def *def)
{
	struct iov_map_def d = *def;

	d.type = def->type == PERCPU_CGROUP_STORAGE ? PERCPU_HASH : HASH;
	d.key_size = def->type == SK_STORAGE ? sizeof(uint64_t) : def->key_size;
	d.flags = 0;
	if (!d.max_entries)
		d.max_entries = def->type == SK_STORAGE ? SOCKETS : GROUPS;
	return d;
}

static uint64_t spare_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	return (uint64_t)map_round8(def->value_size) * (1 + (def->type == PERCPU_CGROUP_STORAGE ? cpus : 1));
}

static uint64_t storage_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	const struct iov_map_def inner = inner_def(def);
	uint64_t hash = map_ops(inner.type)->bytes(&inner, cpus), own = sizeof(struct storage) + spare_bytes(def, cpus);

	return hash > UINT64_MAX - own ? UINT64_MAX : hash + own;
}

static void storage_init(struct iov_map *map)
{
	struct storage *s = storage(map);
	uint64_t spare = spare_bytes(map->def, map->slots);

	memset(s, 0, sizeof(*s) + spare);
	s->def = inner_def(map->def);
	s->map = *map;
	s->map.def = &s->def;
	s->map.ops = map_ops(s->def.type);
	s->map.head.type = s->def.type;
	s->map.head.max_entries = s->def.max_entries;
	map->head.max_entries = s->def.max_entries;
	s->map.key_size = map->key_size = s->def.key_size;
	s->map.state = (uint8_t *)(s + 1) + spare;
	s->map.state_size = map->state_size - sizeof(*s) - spare;
	s->map.ops->init(&s->map);
}

void *storage_spare(struct iov_map *map, uint32_t cpu)
{
	return (uint8_t *)storage(map)->words + (1 + (map->ops->per_cpu ? (size_t)cpu : 0)) * map->head.stride;
}

static void *storage_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	return inside(map)->ops->lookup(inside(map), key, cpu);
}

static int64_t storage_update(struct iov_map *map, const void *key, const void *value, uint64_t flags, uint32_t cpu)
{
	return inside(map)->ops->update(inside(map), key, value ? value : storage(map)->words, flags, cpu);
}

static int64_t storage_erase(struct iov_map *map, const void *key) { return inside(map)->ops->erase(inside(map), key); }

static int64_t storage_read(struct iov_map *map, const void *key, void *value)
{
	return inside(map)->ops->read(inside(map), key, value);
}

static int64_t storage_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	return inside(map)->ops->write(inside(map), key, value, flags);
}

static int64_t storage_next_key(struct iov_map *map, const void *key, void *next)
{
	return inside(map)->ops->next_key(inside(map), key, next);
}

#define STORAGE(name, number, takes, each_cpu)                                                                         \
	const struct iov_map_ops map_ops_##name = {                                                                    \
		.type = number, .per_cpu = each_cpu, .flags = takes, .check = storage_check, .bytes = storage_bytes,   \
		.init = storage_init, .lookup = storage_lookup, .update = storage_update, .erase = storage_erase,      \
		.read = storage_read, .write = storage_write, .next_key = storage_next_key,                            \
	}
STORAGE(sk_storage, SK_STORAGE, IOV_F_NO_PREALLOC | F_CLONE, false);
STORAGE(cgroup_storage, CGROUP_STORAGE, IOV_F_NUMA_NODE | IOV_F_ACCESS, false);
STORAGE(percpu_cgroup_storage, PERCPU_CGROUP_STORAGE, IOV_F_NUMA_NODE | IOV_F_ACCESS, true);
