/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: queue and stack maps. Kernel document: bpf/map_queue_stack.rst. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"

#include <errno.h>
#include <string.h>

enum { QUEUE = 22, STACK = 23 };

struct queue {
	uint32_t lock, first, count;
	uint8_t values[] __attribute__((aligned(8)));
};

static struct queue *queue(struct iov_map *map) { return map->state; }

static const char *queue_check(const struct iov_map_def *def)
{
	if (def->key_size)
		return "a queue or stack has no key";
	if (!def->value_size || !def->max_entries || def->max_entries > 1U << 30)
		return "a queue or stack needs a value size above 0 and max_entries of 1 to 1073741824";
	return NULL;
}

static uint64_t queue_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	(void)cpus;
	return sizeof(struct queue) + (uint64_t)def->max_entries * def->value_size;
}

static void queue_init(struct iov_map *map) { *queue(map) = (struct queue){0}; }

static uint8_t *nth(struct iov_map *map, uint32_t n)
{
	uint64_t index = (uint64_t)queue(map)->first + n;

	return queue(map)->values + index % map->head.max_entries * map->value_size;
}

static int64_t queue_push(struct iov_map *map, const void *value, uint64_t flags)
{
	struct queue *q = queue(map);
	int64_t result = 0;

	if (flags & IOV_NOEXIST || flags > IOV_EXIST)
		return -EINVAL;
	spin_lock(&q->lock);
	if (q->count == map->head.max_entries && flags & IOV_EXIST) {
		q->first = (uint32_t)((q->first + 1ull) % map->head.max_entries);
		q->count--;
	}
	if (q->count == map->head.max_entries)
		result = -E2BIG;
	else
		memcpy(nth(map, q->count++), value, map->value_size);
	spin_unlock(&q->lock);
	return result;
}

static int64_t take(struct iov_map *map, void *value, bool remove)
{
	struct queue *q = queue(map);
	bool stack = map->head.type == STACK;
	int64_t result = 0;

	spin_lock(&q->lock);
	if (!q->count) {
		memset(value, 0, map->value_size);
		result = -ENOENT;
	} else {
		memcpy(value, nth(map, stack ? q->count - 1 : 0), map->value_size);
		if (remove) {
			q->count--;
			q->first = stack ? q->first : (uint32_t)((q->first + 1ull) % map->head.max_entries);
		}
	}
	spin_unlock(&q->lock);
	return result;
}

static int64_t queue_pop(struct iov_map *map, void *value) { return take(map, value, true); }
static int64_t queue_peek(struct iov_map *map, void *value) { return take(map, value, false); }

static int64_t queue_read(struct iov_map *map, const void *key, void *value)
{
	(void)key;
	return take(map, value, false);
}

static int64_t queue_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	(void)key;
	return queue_push(map, value, flags);
}

#define QUEUE_OPS                                                                                                      \
	.check = queue_check, .bytes = queue_bytes, .init = queue_init, .push = queue_push, .pop = queue_pop,          \
	.peek = queue_peek, .read = queue_read, .write = queue_write

const struct iov_map_ops map_ops_queue = {.type = QUEUE, QUEUE_OPS, .flags = IOV_F_NUMA_NODE | IOV_F_ACCESS};
const struct iov_map_ops map_ops_stack = {.type = STACK, QUEUE_OPS, .flags = IOV_F_NUMA_NODE | IOV_F_ACCESS};
