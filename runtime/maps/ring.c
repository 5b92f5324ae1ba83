/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: ring buffers, with the kernel's record format and positions; arrays of perf events, which here are one ring of
 * a fixed size; user ring buffers, which the host fills and a program drains. Kernel document: bpf/ringbuf.rst.
 *
 * Positions count bytes for ever; a record is an 8-byte header (length with busy and discard bits, offset back to the
 * ring) and its data, padded to 8. Where the kernel maps its pages twice so that a record may run over the end, the
 * buffer here has twice the size: a record starts in the first half and may end in the second, and the part of the
 * first half that it shadows holds no other record at that time.
 * Producers take the lock to reserve; committing and consuming take none. One consumer at a time. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"

#include <errno.h>
#include <string.h>

enum { PERF_EVENT_ARRAY = 4, RINGBUF = 27, USER_RINGBUF = 31, HEADER = 8, PAGE = 4096, PERF_BYTES = 1 << 18 };
enum { NO_WAKEUP = 1, FORCE_WAKEUP = 2, AVAIL_DATA = 0, RING_SIZE = 1, CONS_POS = 2, PROD_POS = 3 };
#define BUSY 0x80000000u
#define DISCARD 0x40000000u

struct header {
	uint32_t len, back; /**< back: 8-byte units from the start of struct ring */
};

struct ring {
	uint64_t consumer;
	uint8_t apart[56]; /**< the consumer's cache line is not the producers' */
	uint64_t producer;
	uint64_t pending;  /**< oldest record that is not committed, or younger */
	uint64_t mask;
	uint32_t lock, busy; /**< busy: a program drains it */
	uint8_t data[] __attribute__((aligned(8)));
};

static struct ring *ring(struct iov_map *map) { return map->state; }
static uint64_t round_record(uint64_t size) { return (size + HEADER + 7) & ~7ull; }

/* The size that libbpf would ask the kernel for: a power of two of whole pages. */
static uint64_t ring_size(const struct iov_map_def *def)
{
	uint64_t size = PAGE;

	if (def->type == PERF_EVENT_ARRAY)
		return PERF_BYTES;
	while (size < def->max_entries)
		size <<= 1;
	return size;
}

static const char *ring_check(const struct iov_map_def *def)
{
	if (def->key_size || def->value_size)
		return "a ring buffer has neither key nor value size";
	if (!def->max_entries || def->max_entries > 1U << 30)
		return "a ring buffer has max_entries of 1 to 1073741824 bytes";
	return NULL;
}

static const char *perf_check(const struct iov_map_def *def)
{
	return def->key_size == 4 && def->value_size == 4 ? NULL
							  : "an array of perf events has keys and values of 4 bytes";
}

static uint64_t ring_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	(void)cpus;
	return sizeof(struct ring) + 2 * ring_size(def);
}

static void ring_init(struct iov_map *map)
{
	struct ring *r = ring(map);

	memset(map->state, 0, map->state_size); /* a program may leave bytes of a record as it found them */
	r->mask = ring_size(map->def) - 1;
	if (map->head.type != PERF_EVENT_ARRAY)
		map->head.max_entries = (uint32_t)(r->mask + 1);
}

static struct header *header_at(struct ring *r, uint64_t pos) { return (struct header *)(r->data + (pos & r->mask)); }

void *ring_reserve(struct iov_map *map, uint64_t size, uint64_t flags)
{
	struct ring *r = ring(map);
	uint64_t len = round_record(size), consumer, next;
	uint64_t most = r->mask + (map->head.type == USER_RINGBUF); /* the host fills one to the brim */
	struct header *h = NULL;

	if (flags || size > UINT32_MAX / 4 || len > r->mask + 1)
		return NULL;
	consumer = __atomic_load_n(&r->consumer, __ATOMIC_ACQUIRE);
	spin_lock(&r->lock);
	while (r->pending < r->producer) {
		uint32_t head = __atomic_load_n(&header_at(r, r->pending)->len, __ATOMIC_RELAXED);

		if (head & BUSY)
			break;
		r->pending += round_record(head & ~DISCARD);
	}
	next = r->producer + len;
	if (next - consumer <= most && next - r->pending <= most) {
		h = header_at(r, r->producer);
		__atomic_store_n(&h->len, (uint32_t)size | BUSY, __ATOMIC_RELAXED);
		h->back = (uint32_t)(((uint8_t *)h - (uint8_t *)r) / 8);
		__atomic_store_n(&r->producer, next, __ATOMIC_RELEASE);
	}
	spin_unlock(&r->lock);
	return h ? h + 1 : NULL;
}

void ring_commit(void *sample, uint64_t flags, bool discard)
{
	struct header *h = (struct header *)sample - 1;
	uint32_t len = __atomic_load_n(&h->len, __ATOMIC_RELAXED) & ~BUSY;

	(void)flags;
	__atomic_store_n(&h->len, len | (discard ? DISCARD : 0), __ATOMIC_RELEASE);
}

int64_t ring_output(struct iov_map *map, const void *data, uint64_t size, uint64_t flags)
{
	void *sample;

	if (flags & ~(uint64_t)(NO_WAKEUP | FORCE_WAKEUP))
		return -EINVAL;
	sample = ring_reserve(map, size, 0);
	if (!sample)
		return -EAGAIN;
	memcpy(sample, data, size);
	ring_commit(sample, flags, false);
	return 0;
}

uint64_t ring_query(struct iov_map *map, uint64_t flags)
{
	struct ring *r = ring(map);
	uint64_t consumer = __atomic_load_n(&r->consumer, __ATOMIC_ACQUIRE);
	uint64_t producer = __atomic_load_n(&r->producer, __ATOMIC_ACQUIRE);

	switch (flags) {
	case AVAIL_DATA:
		return producer - consumer;
	case RING_SIZE:
		return r->mask + 1;
	case CONS_POS:
		return consumer;
	case PROD_POS:
		return producer;
	}
	return 0;
}

uint64_t ring_consume(struct iov_map *map, uint64_t most, int (*visit)(void *ud, const void *data, size_t len),
		      void *ud)
{
	struct ring *r = ring(map);
	uint64_t pos = __atomic_load_n(&r->consumer, __ATOMIC_RELAXED), records = 0;
	int stop = 0;

	while (!stop && most-- && pos < __atomic_load_n(&r->producer, __ATOMIC_ACQUIRE)) {
		struct header *h = header_at(r, pos);
		uint32_t len = __atomic_load_n(&h->len, __ATOMIC_ACQUIRE);

		if (len & BUSY)
			break;
		pos += round_record(len & ~DISCARD);
		if (!(len & DISCARD)) {
			stop = visit(ud, h + 1, len);
			records++;
		}
		__atomic_store_n(&r->consumer, pos, __ATOMIC_RELEASE);
	}
	return records;
}

bool ring_claim(struct iov_map *map)
{
	return !__atomic_exchange_n(&ring(map)->busy, 1, __ATOMIC_ACQUIRE);
}

void ring_release(struct iov_map *map) { __atomic_store_n(&ring(map)->busy, 0, __ATOMIC_RELEASE); }

const struct iov_map_ops map_ops_user_ringbuf = {
	.type = USER_RINGBUF, .flags = IOV_F_NUMA_NODE, .check = ring_check, .bytes = ring_bytes, .init = ring_init,
};
const struct iov_map_ops map_ops_ringbuf = {
	.type = RINGBUF, .flags = IOV_F_NUMA_NODE, .check = ring_check, .bytes = ring_bytes, .init = ring_init,
};
/* Its slots are for files of the kernel's; there are none. */
static int64_t perf_erase(struct iov_map *map, const void *key)
{
	uint32_t index;

	memcpy(&index, key, sizeof(index));
	return index < map->head.max_entries ? -ENOENT : -E2BIG;
}

const struct iov_map_ops map_ops_perf_event_array = {
	.type = PERF_EVENT_ARRAY, .flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY | IOV_F_PRESERVE_ELEMS,
	.check = perf_check, .bytes = ring_bytes, .init = ring_init, .erase = perf_erase,
	.next_key = map_next_index,
};
