/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: bloom filters: values are added and asked for, never taken out; what was added is always found, and of others a
 * few seem to be there. Kernel document: bpf/map_bloom_filter.rst (sizes: 7/5 bits a value and hash function, up to a
 * power of two). Bits are set by atomics: there is no lock. */
#include "runtime/maps/map.h"

#include <errno.h>
#include <string.h>

enum { BLOOM_FILTER = 30, HASHES = 5, HASH_MASK = 0xf };

static uint32_t hashes_of(const struct iov_map_def *def)
{
	return def->extra & HASH_MASK ? (uint32_t)(def->extra & HASH_MASK) : HASHES;
}

static uint64_t bits_of(const struct iov_map_def *def)
{
	uint64_t want = (uint64_t)def->max_entries * hashes_of(def) * 7 / 5, bits = 64;

	while (bits < want && bits < 1ull << 32)
		bits <<= 1;
	return bits;
}

static const char *bloom_check(const struct iov_map_def *def)
{
	if (def->key_size)
		return "a bloom filter has no key";
	if (!def->value_size || !def->max_entries)
		return "a bloom filter needs a value size and max_entries above 0";
	if (def->extra & ~(uint64_t)HASH_MASK)
		return "the map_extra of a bloom filter is the number of its hash functions, 15 at most";
	return NULL;
}

static uint64_t bloom_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	(void)cpus;
	return bits_of(def) / 8;
}

static void bloom_init(struct iov_map *map) { memset(map->state, 0, map->state_size); }

static uint64_t hash(const struct iov_map *map, const uint8_t *value)
{
	uint64_t h = map->seed ^ map->value_size, word;

	for (uint32_t left = map->value_size; left; value += 8, left = left > 8 ? left - 8 : 0) {
		unsigned __int128 product;

		word = 0;
		memcpy(&word, value, left < 8 ? left : 8);
		product = (unsigned __int128)(h ^ word ^ 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;
		h = (uint64_t)product ^ (uint64_t)(product >> 64);
	}
	return h;
}

/* Bit number n of a value: two halves of one hash, as Kirsch and Mitzenmacher (2006) show to be enough. */
static uint64_t bit_at(const struct iov_map *map, uint64_t h, uint32_t n)
{
	uint64_t at = (h + n * (h >> 32 | 1) * 0x9e3779b97f4a7c15u) ^ h >> 29;

	return at & (map->state_size * 8 - 1);
}

static int64_t bloom_push(struct iov_map *map, const void *value, uint64_t flags)
{
	uint64_t h = hash(map, value), *words = map->state;

	if (flags != IOV_ANY)
		return -EINVAL;
	for (uint32_t n = 0; n < hashes_of(map->def); n++) {
		uint64_t bit = bit_at(map, h, n);

		__atomic_fetch_or(&words[bit / 64], 1ull << bit % 64, __ATOMIC_RELAXED);
	}
	return 0;
}

static int64_t bloom_peek(struct iov_map *map, void *value)
{
	uint64_t h = hash(map, value);
	const uint64_t *words = map->state;

	for (uint32_t n = 0; n < hashes_of(map->def); n++) {
		uint64_t bit = bit_at(map, h, n);

		if (!(__atomic_load_n(&words[bit / 64], __ATOMIC_RELAXED) >> bit % 64 & 1))
			return -ENOENT;
	}
	return 0;
}

static int64_t bloom_read(struct iov_map *map, const void *key, void *value)
{
	(void)key;
	return bloom_peek(map, value);
}

static int64_t bloom_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	(void)key;
	return bloom_push(map, value, flags);
}

const struct iov_map_ops map_ops_bloom_filter = {
	.type = BLOOM_FILTER, .check = bloom_check, .bytes = bloom_bytes, .init = bloom_init, .push = bloom_push,
	.flags = IOV_F_NUMA_NODE | IOV_F_ZERO_SEED | IOV_F_ACCESS,
	.peek = bloom_peek, .read = bloom_read, .write = bloom_write,
};
