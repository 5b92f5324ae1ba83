/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: how a hash map lies in memory, its locks, and its inner steps. What maps do with them is hash.c's.
 *
 * Keys fall into buckets of one cache line: for each of up to eight elements a tag (7 bits of the hash) and its number
 * in the pool; those that find no place there are chained. A key is compared where tags agree, so a lookup of a key
 * that exists reads two lines, and its branches do not depend on which of the eight it is; one that does not exist
 * reads one.
 *
 * One pool of elements, allocated at creation, is the whole store; freed elements wait in several lists: an update
 * takes from that of its thread and leaves there what it replaces, which the thread's cache has; deletions, and the
 * host, go by the key's hash. A list that is empty takes elements that were never used, then those of its neighbours.
 *
 * Locks, in this order: `evict`, one bucket, one list (or `fresh_lock`). A bucket's sequence number is its lock: odd
 * while a writer is in it. Lookups take no lock: they do it again when the number has changed meanwhile; so tags,
 * numbers, chains, hashes and keys are read and written by atomics, and a lookup may see an element that has just gone
 * elsewhere, but never leaves the pool. */
#ifndef IOV_RUNTIME_MAPS_HASH_H
#define IOV_RUNTIME_MAPS_HASH_H

#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"

#include <string.h>

enum { HASH = 1, PERCPU_HASH = 5, LRU_HASH = 9, LRU_PERCPU_HASH = 10, HASH_OF_MAPS = 13, DEVMAP_HASH = 25 };
enum { NONE = UINT32_MAX, CACHE_LINE = 64, WAYS = 8, LISTS = 16 };

struct elem {
	uint32_t next, hash;
	uint8_t tag, live;   /**< live 1: in a bucket */
	uint32_t ref;        /**< LRU: looked up since the hand went by */
	uint64_t words[];    /**< key, padded to 8 with zeros, then the values */
};

struct bucket {
	uint32_t seq, chain; /**< chain: the first of those without a place, or NONE */
	uint64_t tags;       /**< 8 bits a way, 0: it is free */
	uint32_t at[WAYS];
	uint8_t apart[16];
};
_Static_assert(sizeof(struct bucket) == CACHE_LINE, "a bucket is one line");

struct free_list {
	uint32_t lock, head;
	uint8_t apart[56]; /**< a cache line each */
};

struct htab {
	struct bucket *buckets;
	uint8_t *elems;
	uint64_t elem_size, start, factor;    /**< start, factor: of the hash function */
	uint32_t pool, mask, key_words;
	uint16_t value_words;                 /**< plain values: updates need no look at the map; 0: they do */
	bool marks, per_cpu;                  /**< a lookup leaves its mark (LRU); a value for each CPU */
	uint8_t apart[64];                    /**< what follows changes often */
	struct free_list free[LISTS];
	uint32_t fresh_lock, fresh;           /**< elements from `fresh` on were never used */
	uint32_t count;                       /**< elements that hold a key */
	uint32_t evict, hand;
};

/* A key being looked for. */
struct probe {
	uint32_t hash, size;
	uint8_t tag;
	const uint8_t *key;
};

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define GET(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define SET(place, value) __atomic_store_n(&(place), value, __ATOMIC_RELEASE)

static inline struct htab *htab(const struct iov_map *map) { return map->state; }
static inline bool hash_is_lru(const struct iov_map *map)
{
	return map->head.type == LRU_HASH || map->head.type == LRU_PERCPU_HASH;
}

static inline struct elem *elem_at(const struct htab *t, uint32_t index)
{
	return (struct elem *)(void *)(t->elems + (uint64_t)index * t->elem_size);
}

static inline uint8_t *value_of(const struct htab *t, struct elem *e) { return (uint8_t *)(e->words + t->key_words); }

static inline struct bucket *bucket_of(const struct htab *t, uint32_t hash) { return &t->buckets[hash & t->mask]; }

ALWAYS_INLINE uint32_t half_of(const uint8_t *key)
{
	uint32_t half;

	memcpy(&half, key, 4);
	__asm__("" : "+r"(half)); /* two loads stay two */
	return half;
}

/* The next 8 bytes of a key, fewer with zeros behind. Keys have just been written, mostly in fields of 4 bytes: a load
 * that is wider than the store before it would wait until all that came before both is done. */
ALWAYS_INLINE uint64_t word_of(const uint8_t *key, uint32_t left)
{
	uint64_t w = 0;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) {
		memcpy(&w, key, left < 8 ? left : 8);
		return w;
	}
	if (left >= 8)
		return half_of(key) | (uint64_t)half_of(key + 4) << 32;
	if (left >= 4)
		return half_of(key) | (uint64_t)half_of(key + left - 4) << (left - 4) * 8;
	return key[0] | (uint64_t)key[left / 2] << left / 2 * 8 | (uint64_t)key[left - 1] << (left - 1) * 8;
}

/* Keyed multiply-and-fold over 8-byte words: unpredictable without the seed, so packets cannot aim at one bucket. */
ALWAYS_INLINE void probe_sized(const struct htab *t, const uint8_t *key, uint32_t size, struct probe *p)
{
	uint64_t h = t->start;

	for (uint32_t at = 0; at < size; at += 8) {
		unsigned __int128 product = (unsigned __int128)(h ^ word_of(key + at, size - at)) * t->factor;

		h = (uint64_t)product ^ (uint64_t)(product >> 64);
	}
	h *= 0x9fb21c651e98df25u;
	p->key = key;
	p->size = size;
	p->hash = (uint32_t)(h >> 32);
	p->tag = (uint8_t)(h >> 24 | 0x80);
}

/* The ways of a bucket whose tag is `tag`: bit 8 * w + 7 for way w. */
ALWAYS_INLINE uint64_t ways_of(const struct bucket *b, uint8_t tag)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7f;
	uint64_t x = GET(b->tags) ^ tag * 0x0101010101010101u;

	return ~(((x & low) + low) | x | low);
}

ALWAYS_INLINE uint32_t first_way(uint64_t ways) { return (uint32_t)__builtin_ctzll(ways) / 8; }

ALWAYS_INLINE bool same_key(struct elem *e, const struct probe *p)
{
	for (uint32_t at = 0; at < p->size; at += 8)
		if (GET(e->words[at / 8]) != word_of(p->key + at, p->size - at))
			return false;
	return true;
}

ALWAYS_INLINE void set_key(struct elem *e, const struct probe *p)
{
	SET(e->hash, p->hash);
	e->tag = p->tag;
	for (uint32_t at = 0; at < p->size; at += 8)
		SET(e->words[at / 8], word_of(p->key + at, p->size - at));
}

/** Lock it when another thread was faster. */
void bucket_wait(struct bucket *b);

static inline void bucket_lock(struct bucket *b)
{
	uint32_t seq = __atomic_load_n(&b->seq, __ATOMIC_RELAXED) & ~1u;

	if (!__atomic_compare_exchange_n(&b->seq, &seq, seq + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		bucket_wait(b);
}

static inline void bucket_unlock(struct bucket *b)
{
	__atomic_store_n(&b->seq, __atomic_load_n(&b->seq, __ATOMIC_RELAXED) + 1, __ATOMIC_RELEASE);
}

/* Where the number of a key's element stands among the ways of a locked bucket, or NULL. */
ALWAYS_INLINE uint32_t *way_find(const struct htab *t, struct bucket *b, const struct probe *p)
{
	for (uint64_t ways = ways_of(b, p->tag); ways; ways &= ways - 1) {
		uint32_t *at = &b->at[first_way(ways)];

		if (same_key(elem_at(t, *at), p))
			return at;
	}
	return NULL;
}

/** Whether an element of a chain is that of a key. */
bool chain_match(struct elem *e, const struct probe *p);
/** Where the number of a key's element stands in a locked bucket, or NULL; and of an element. */
uint32_t *bucket_find(const struct htab *t, struct bucket *b, const struct probe *p);
uint32_t *bucket_find_elem(const struct htab *t, struct bucket *b, uint32_t index);
/** Put an element in; take it out from where its number stands. */
void bucket_put(const struct htab *t, struct bucket *b, uint32_t index);
void bucket_take(const struct htab *t, struct bucket *b, uint32_t *link);

/** Copy a value for the host; what belongs to the kernel or to programs in it reads as zeros. */
void hash_read_value(const struct iov_map *map, void *to, const uint8_t *value);
/** Walks (hash_walk.c): struct iov_map_ops. */
int64_t hash_next_at(struct iov_map *map, uint64_t *at, void *key, void *value);
int64_t hash_next_key(struct iov_map *map, const void *key, void *next);
int64_t hash_each(struct iov_map *map, iov_map_visit_fn *visit, void *ud, uint32_t cpu);

/** Bytes of a map, and how it starts. */
uint64_t hash_bytes(const struct iov_map_def *def, uint32_t cpus);
void hash_init(struct iov_map *map);
/** Elements of the pool. */
uint32_t hash_elements(const struct iov_map_def *def, uint32_t cpus);

static inline struct free_list *list_of(struct htab *t, uint32_t hash, uint32_t next)
{
	return &t->free[((hash >> 28) + next) % LISTS]; /* not the bits that choose the bucket */
}

/** A free element, or NONE; and back. */
uint32_t pool_pop(struct htab *t, uint32_t hash);
void pool_push(struct htab *t, uint32_t index, uint32_t hash);
/** Free one element that was not used of late; false when other threads keep all of them busy. */
bool pool_evict(struct iov_map *map);
/** Take the element whose number stands at `link` out of its locked bucket, and free it. */
void pool_drop(struct iov_map *map, struct bucket *b, uint32_t *link);

#endif
