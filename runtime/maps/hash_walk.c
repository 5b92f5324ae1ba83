/* SPDX-License-Identifier: Apache-2.0 */
/* Walks over hash maps (hash.h): from bucket to bucket, in each by the hash, so that the place in a walk is a number
 * that the key alone says. An update gives a key another element and a deletion moves others about in their bucket;
 * neither changes what a walk still has before it. Keys whose hashes agree in all bits go in the order that they have
 * in their bucket. */
#include "runtime/maps/hash.h"

#include <errno.h>

enum { COPIED_KEY = 512 };
static const uint64_t END = UINT64_MAX;

/* The hash, turned so that the bits that choose the bucket are the first. */
static uint32_t turned(const struct htab *t, uint32_t hash)
{
	unsigned bits = (unsigned)__builtin_popcount(t->mask);

	return bits ? hash << (32 - bits) | hash >> bits : hash;
}

static uint32_t bucket_at(const struct htab *t, uint64_t at)
{
	unsigned bits = (unsigned)__builtin_popcount(t->mask);

	return bits ? (uint32_t)(at >> (64 - bits)) : 0;
}

static uint64_t behind(const struct htab *t, uint32_t bucket)
{
	unsigned bits = (unsigned)__builtin_popcount(t->mask);

	return bucket < t->mask ? (uint64_t)(bucket + 1) << (64 - bits) : END;
}

/* The elements of a locked bucket, one after the other. */
struct turn {
	uint32_t way, chained;
};

static struct elem *turn_next(const struct htab *t, const struct bucket *b, struct turn *turn)
{
	struct elem *e;

	for (; turn->way < WAYS; turn->way++)
		if (b->tags >> turn->way * 8 & 0xff)
			return elem_at(t, b->at[turn->way++]);
	if (turn->way++ == WAYS)
		turn->chained = b->chain;
	if (turn->chained == NONE)
		return NULL;
	e = elem_at(t, turn->chained);
	turn->chained = e->next;
	return e;
}

/* The first element of a locked bucket at place `at` or behind it, and its place; or NULL. A place is the turned hash,
 * and behind it how many with the same one stand before it in the bucket. */
static struct elem *first_from(const struct htab *t, const struct bucket *b, uint64_t at, uint64_t *place)
{
	struct elem *best = NULL, *e;
	uint32_t skip = (uint32_t)at, from = (uint32_t)(at >> 32), best_hash = UINT32_MAX;

	for (struct turn turn = {0}; (e = turn_next(t, b, &turn));) {
		uint32_t hash = turned(t, e->hash);

		if (hash < from || (best && hash >= best_hash))
			continue;
		if (hash == from && skip) {
			skip--;
			continue;
		}
		best = e;
		best_hash = hash;
	}
	*place = (uint64_t)best_hash << 32 | (best_hash == from ? (uint32_t)at : 0);
	return best;
}

/* The next element from *at on, which goes behind it, and copies of its key and value unless they are NULL; or NULL. */
static struct elem *walk(struct iov_map *map, uint64_t *at, void *key, void *value)
{
	struct htab *t = htab(map);

	while (*at != END) {
		uint32_t number = bucket_at(t, *at);
		struct bucket *b = &t->buckets[number];
		struct elem *e = NULL;
		uint64_t place;

		if (GET(b->tags) || GET(b->chain) != NONE || GET(b->seq) & 1) {
			bucket_lock(b);
			e = first_from(t, b, *at, &place);
			if (e && key)
				memcpy(key, e->words, map->key_size);
			if (e && value)
				hash_read_value(map, value, value_of(t, e));
			bucket_unlock(b);
		}
		*at = e ? place + 1 : behind(t, number);
		if (e)
			return e;
	}
	return NULL;
}

int64_t hash_next_at(struct iov_map *map, uint64_t *at, void *key, void *value)
{
	return walk(map, at, key, value) ? 0 : -ENOENT;
}

/* Behind a key's place; the start for one that is not there. */
static uint64_t behind_key(struct iov_map *map, const void *key)
{
	struct htab *t = htab(map);
	uint64_t at = 0, place = 0;
	struct bucket *b;
	struct elem *e;
	struct probe p;
	uint32_t *link;

	probe_sized(t, key, map->key_size, &p);
	b = bucket_of(t, p.hash);
	bucket_lock(b);
	link = bucket_find(t, b, &p);
	if (link) {
		at = (uint64_t)turned(t, p.hash) << 32;
		while ((e = first_from(t, b, at, &place)) && e != elem_at(t, *link))
			at = place + 1;
		at = place + 1;
	}
	bucket_unlock(b);
	return at;
}

int64_t hash_next_key(struct iov_map *map, const void *key, void *next)
{
	uint64_t at = key ? behind_key(map, key) : 0;

	return hash_next_at(map, &at, next, NULL);
}

int64_t hash_each(struct iov_map *map, iov_map_visit_fn *visit, void *ud, uint32_t cpu)
{
	struct htab *t = htab(map);
	uint64_t copy[COPIED_KEY / 8], at = 0;
	bool small = map->key_size <= COPIED_KEY;
	int64_t visited = 0;
	struct elem *e;

	while ((e = walk(map, &at, small ? copy : NULL, NULL))) {
		visited++;
		if (visit(ud, small ? copy : e->words,
			  value_of(t, e) + (map->ops->per_cpu ? (uint64_t)cpu * map->head.stride : 0)))
			break;
	}
	return visited;
}
