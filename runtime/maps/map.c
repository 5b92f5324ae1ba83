/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: making and destroying maps, the table of their types, and the host's access to them. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"
#include "runtime/maps/timers.h"
#include "runtime/objects.h"

#include <errno.h>
#include <string.h>

enum { ARRAY = 2, PROG_ARRAY = 3, CGROUP_STORAGE = 19, PERCPU_CGROUP_STORAGE = 21, BLOOM_FILTER = 30 };
enum { MOST_PERCPU = 32768, MOST_ELEMENT = 1 << 22 };

/* clang-format off */
#define MAP_OPS(X) \
	X(array) X(percpu_array) X(hash) X(percpu_hash) X(lru_hash) X(lru_percpu_hash) X(lpm_trie) X(ringbuf) \
	X(user_ringbuf) X(perf_event_array) X(queue) X(stack) X(bloom_filter) X(prog_array) X(cgroup_array) \
	X(array_of_maps) X(hash_of_maps) X(devmap) X(devmap_hash) X(cpumap) X(xskmap) X(sk_storage) X(cgroup_storage) \
	X(percpu_cgroup_storage)
/* clang-format on */

#define X(name) extern const struct iov_map_ops map_ops_##name;
MAP_OPS(X)
#undef X

const struct iov_map_ops *map_ops(uint32_t type)
{
	static const struct iov_map_ops *const all[] = {
#define X(name) &map_ops_##name,
		MAP_OPS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i]->type == type)
			return all[i];
	return NULL;
}

static uint32_t lock_offset(const struct iov_map_def *def)
{
	for (uint32_t i = 0; i < def->fields.count; i++)
		if (def->fields.all[i].kind == IOV_FIELD_SPIN_LOCK)
			return def->fields.all[i].off;
	return UINT32_MAX;
}

static bool owns(enum iov_field_kind kind) { return kind != IOV_FIELD_SPIN_LOCK && kind != IOV_FIELD_REFCOUNT; }

static bool has_owning_fields(const struct iov_map_def *def)
{
	bool owning = false;

	for (uint32_t i = 0; i < def->fields.count; i++)
		owning |= owns(def->fields.all[i].kind);
	return owning;
}

static bool both(uint32_t flags, uint32_t two) { return (flags & two) == two; }

/* Linux takes an element in one piece, with some words of its own; arrays have all of them in one. */
static bool too_large(const struct iov_map_def *def, const struct iov_map_ops *ops)
{
	uint64_t own = def->key_size ? 64 : 0;

	return (ops->per_cpu && def->value_size > MOST_PERCPU) ||
	       (def->type != ARRAY && own + def->key_size + def->value_size > MOST_ELEMENT);
}

static bool may_be_inner(const struct iov_map_def *def)
{
	return !def->inner && def->type != PROG_ARRAY && def->type != CGROUP_STORAGE &&
	       def->type != PERCPU_CGROUP_STORAGE;
}

static const char *check_def(const struct iov_map_def *def, const struct iov_map_ops *ops)
{
	if (def->value_size > INT32_MAX || def->key_size > INT32_MAX)
		return "a key or value has more than 2147483647 bytes";
	if (def->flags & ~ops->flags)
		return "its map_flags have a flag that this type does not take";
	if (both(def->flags, IOV_F_RDONLY | IOV_F_WRONLY) || both(def->flags, IOV_F_RDONLY_PROG | IOV_F_WRONLY_PROG))
		return "its map_flags make it read-only and write-only at once";
	if (def->extra && def->type != BLOOM_FILTER)
		return "map_extra is for bloom filters";
	if (too_large(def, ops))
		return "its key and value have more than 4 MiB, the most for both, or a per-CPU value more than 32 KiB";
	if (def->inner && !may_be_inner(def->inner))
		return "maps of maps cannot hold maps of this type";
	for (uint32_t i = 0; i < def->fields.count; i++)
		if (!catalogue_map_holds(def->type, def->fields.all[i].kind))
			return "values of maps of this type cannot hold locks, timers, lists, trees or kernel pointers";
	return ops->check(def);
}

static enum iov_status no_such_type(const struct iov_map_def *def, const struct iov_map_options *options,
				    struct iov_sink *sink)
{
	const struct iov_map_type *type = catalogue_map_type(def->type);
	const char *why = type && options->platform ? platform_why_lacking(options->platform, type->name) : NULL;
	struct iov_diag *d = diag_add(sink, DIAG_MAP_TYPE, def->where,
				      "map `%s` has a type that this runtime does not have: %s", def->name,
				      type ? type->name : "unknown");

	if (why)
		diag_why(d, IOV_NOWHERE, "%s", why);
	return IOV_DIAGNOSED;
}

enum iov_status map_create(const struct iov_map_def *def, const struct iov_map_options *options,
			   const struct iov_alloc *alloc, struct iov_sink *sink, struct iov_map **out)
{
	const struct iov_map_ops *ops = map_ops(def->type);
	const char *wrong = ops ? check_def(def, ops) : NULL;
	struct iov_map *map;
	uint64_t bytes, timers;

	if (!ops)
		return no_such_type(def, options, sink);
	if (wrong) {
		struct iov_diag *d = diag_add(sink, DIAG_MAP_DEFINITION, def->where, "map `%s`: %s", def->name, wrong);

		if (!def->max_entries)
			diag_hint(d, "the module leaves its size to the host: iovrun --entries=%s=N, or "
				     "iov_module_set_entries()", def->name);
		return IOV_DIAGNOSED;
	}
	timers = ops->elements ? timers_bytes(def, ops->elements(def, options->cpus)) : 0;
	bytes = ops->bytes(def, options->cpus);
	bytes = bytes > UINT64_MAX - timers ? UINT64_MAX : bytes + timers;
	if (bytes > (options->max_bytes ? options->max_bytes : PTRDIFF_MAX)) {
		struct iov_diag *d = diag_add(sink, DIAG_MAP_MEMORY, def->where,
					      "map `%s` needs %llu bytes, more than the %llu left", def->name,
					      (unsigned long long)bytes, (unsigned long long)options->max_bytes);

		diag_hint(d, "lower its max_entries, %u: all memory of a map is taken when it is loaded",
			  def->max_entries);
		return IOV_DIAGNOSED;
	}
	map = alloc_zeroed(alloc, 1, sizeof(*map));
	if (!map)
		return IOV_NOMEM;
	*map = (struct iov_map){
		.head = {.max_entries = def->max_entries, .stride = map_round8(def->value_size), .type = def->type},
		.ops = ops, .def = def, .alloc = alloc, .key_size = def->key_size, .value_size = def->value_size,
		.flags = def->flags, .cpus = ops->per_cpu ? options->cpus : 1, .slots = options->cpus,
		.lock_off = lock_offset(def), .owns = has_owning_fields(def),
		.seed = def->flags & IOV_F_ZERO_SEED ? 0 : options->seed,
		.state_size = bytes - timers, .timers_size = timers,
	};
	map->state = alloc_resize(alloc, NULL, 0, map->state_size);
	map->timers = map->state && timers ? alloc_resize(alloc, NULL, 0, timers) : NULL;
	if (!map->state || (timers && !map->timers)) {
		alloc_free(alloc, map->state, map->state_size);
		alloc_free(alloc, map, sizeof(*map));
		return IOV_NOMEM;
	}
	if (timers)
		timers_init(map, map->timers, ops->elements(def, options->cpus));
	ops->init(map);
	*out = map;
	return IOV_OK;
}

void map_destroy(struct iov_map *map)
{
	if (!map)
		return;
	alloc_free(map->alloc, map->timers, map->timers_size);
	alloc_free(map->alloc, map->state, map->state_size);
	alloc_free(map->alloc, map, sizeof(*map));
}

/* Zeros in the special fields of all copies, or in those of them that own nothing. */
static void zero_fields(const struct iov_map *map, void *value, bool all)
{
	const struct iov_fields *fields = &map->def->fields;

	for (uint32_t cpu = 0; cpu < map->cpus; cpu++)
		for (uint32_t i = 0; i < fields->count; i++)
			if (all || !owns(fields->all[i].kind))
				memset((uint8_t *)value + (size_t)cpu * map->head.stride + fields->all[i].off, 0,
				       fields->all[i].size);
}

void map_hide(const struct iov_map *map, void *value) { zero_fields(map, value, true); }

void map_release(struct iov_map *map, void *value, uint32_t copies)
{
	timers_drop(map, value);
	for (uint32_t i = 0; i < copies; i++)
		objects_clear(&map->def->fields, (uint8_t *)value + (size_t)i * map->head.stride);
}

void map_renew(struct iov_map *map, void *value)
{
	map_drop(map, value); /* zeros, which others may be looking at */
	if (map->def->fields.count)
		zero_fields(map, value, false);
}

/* All but the special fields, which are in order of their places. */
static void copy_plain(const struct iov_map *map, uint8_t *to, const uint8_t *from)
{
	const struct iov_fields *fields = &map->def->fields;
	uint32_t at = 0;

	for (uint32_t i = 0; i < fields->count; i++) {
		if (fields->all[i].off > at)
			memcpy(to + at, from + at, fields->all[i].off - at);
		at = fields->all[i].off + fields->all[i].size;
	}
	memcpy(to + at, from + at, map->value_size - at);
}

void map_copy_value(const struct iov_map *map, void *to, const void *from, uint64_t flags)
{
	uint32_t *lock = flags & IOV_F_LOCK && map->lock_off != UINT32_MAX
				 ? (uint32_t *)(void *)((uint8_t *)to + map->lock_off) : NULL;

	if (lock)
		spin_lock(lock);
	copy_plain(map, to, from);
	if (lock)
		spin_unlock(lock);
}

void map_copy_cpus(const struct iov_map *map, void *to, const void *from, uint32_t cpu)
{
	size_t stride = map->head.stride;

	if (!map->def->fields.count && cpu == MAP_ALL_CPUS)
		memcpy(to, from, map->cpus * stride);
	else if (cpu != MAP_ALL_CPUS)
		copy_plain(map, (uint8_t *)to + cpu * stride, from);
	else
		for (uint32_t i = 0; i < map->cpus; i++)
			copy_plain(map, (uint8_t *)to + i * stride, (const uint8_t *)from + i * stride);
}

void map_copy_locked(const struct iov_map *map, void *to, const void *from)
{
	uint32_t *lock = (uint32_t *)(uintptr_t)((const uint8_t *)from + map->lock_off);

	spin_lock(lock);
	copy_plain(map, to, from);
	spin_unlock(lock);
	map_hide(map, to);
}

int64_t map_check_flags(uint64_t flags)
{
	return (flags & ~(uint64_t)IOV_F_LOCK) > IOV_EXIST ? -EINVAL : 0;
}

size_t map_read_size(const struct iov_map *map)
{
	return map->ops->per_cpu ? (size_t)map->cpus * map->head.stride : map->value_size;
}

int64_t map_read(struct iov_map *map, const void *key, void *value)
{
	if (map->flags & IOV_F_WRONLY)
		return -EPERM;
	return map->ops->read ? map->ops->read(map, key, value) : -EOPNOTSUPP;
}

int64_t map_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	if (map->frozen || map->flags & IOV_F_RDONLY)
		return -EPERM;
	if (flags & IOV_F_LOCK && map->lock_off == UINT32_MAX)
		return -EINVAL;
	return map->ops->write ? map->ops->write(map, key, value, flags) : -EOPNOTSUPP;
}

int64_t map_erase(struct iov_map *map, const void *key)
{
	if (map->frozen || map->flags & IOV_F_RDONLY)
		return -EPERM;
	return map->ops->erase ? map->ops->erase(map, key) : -EOPNOTSUPP;
}

int64_t map_next_key(struct iov_map *map, const void *key, void *next)
{
	if (map->flags & IOV_F_WRONLY)
		return -EPERM;
	return map->ops->next_key ? map->ops->next_key(map, key, next) : -EOPNOTSUPP;
}

int64_t map_next_index(struct iov_map *map, const void *key, void *next)
{
	uint32_t index = UINT32_MAX;

	if (key)
		memcpy(&index, key, sizeof(index));
	if (index == map->head.max_entries - 1)
		return -ENOENT;
	index = index >= map->head.max_entries ? 0 : index + 1;
	memcpy(next, &index, sizeof(index));
	return 0;
}

int64_t map_take(struct iov_map *map, const void *key, void *value)
{
	if (map->frozen || map->flags & (IOV_F_RDONLY | IOV_F_WRONLY))
		return -EPERM;
	if (map->ops->pop)
		return map->ops->pop(map, value);
	return map->ops->take ? map->ops->take(map, key, value) : -EOPNOTSUPP;
}
