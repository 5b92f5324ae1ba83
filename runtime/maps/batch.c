/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the host's access to many elements with one call. A walk keeps its place as a number, not as a key, so that it
 * ends though others put in and take out. */
#include "runtime/maps/map.h"

#include <errno.h>

/* Why it may not be done, or 0. */
static int64_t refusal(const struct iov_map *map, bool reads, bool writes, bool offered, uint64_t flags)
{
	if ((reads && map->flags & IOV_F_WRONLY) || (writes && (map->frozen || map->flags & IOV_F_RDONLY)))
		return -EPERM;
	if (!offered || !map->ops->next_at)
		return -EOPNOTSUPP;
	return flags & ~(uint64_t)IOV_F_LOCK || (flags && map->lock_off == UINT32_MAX) ? -EINVAL : 0;
}

/* Under the value's lock: the element may be gone by then. */
static bool read_locked(struct iov_map *map, const void *key, void *value, bool take)
{
	const void *from = map->ops->lookup(map, key, 0);

	if (from)
		map_copy_locked(map, value, from);
	return from && !(take && map->ops->erase(map, key) == -ENOENT);
}

static int64_t next(struct iov_map *map, uint64_t *at, uint8_t *key, uint8_t *value, uint64_t flags, bool take)
{
	bool lock = flags & IOV_F_LOCK, have;
	int64_t error;

	do {
		error = map->ops->next_at(map, at, key, lock ? NULL : value);
		have = error || (lock ? read_locked(map, key, value, take)
				      : !take || map->ops->take(map, key, value) != -ENOENT);
	} while (!have);
	return error;
}

int64_t map_read_batch(struct iov_map *map, uint64_t *at, void *keys, void *values, uint32_t *count, uint64_t flags,
		       bool take)
{
	uint32_t want = *count;
	int64_t error = refusal(map, true, take, !take || map->ops->take, flags);

	*count = 0;
	while (!error && *count < want) {
		error = next(map, at, (uint8_t *)keys + (size_t)*count * map->key_size,
			     (uint8_t *)values + (size_t)*count * map_read_size(map), flags, take);
		*count += !error;
	}
	return error;
}

int64_t map_write_batch(struct iov_map *map, const void *keys, const void *values, uint32_t *count, uint64_t flags)
{
	uint32_t want = *count;
	int64_t error = refusal(map, false, true, true, flags);

	*count = 0;
	while (!error && *count < want) {
		error = map_write(map, (const uint8_t *)keys + (size_t)*count * map->key_size,
				  (const uint8_t *)values + (size_t)*count * map_read_size(map), flags);
		*count += !error;
	}
	return error;
}

int64_t map_erase_batch(struct iov_map *map, const void *keys, uint32_t *count, uint64_t flags)
{
	uint32_t want = *count;
	int64_t error = refusal(map, false, true, !map->head.data, flags); /* elements of arrays stay */

	*count = 0;
	while (!error && *count < want) {
		error = map_erase(map, (const uint8_t *)keys + (size_t)*count * map->key_size);
		*count += !error;
	}
	return error;
}
