/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: hash maps: plain, per-CPU, LRU, LRU per-CPU, hashes of maps, and device maps keyed by anything. Kernel
 * document: bpf/map_hash.rst.
 *
 * One pool of elements, allocated at creation, is the whole store: buckets chain elements by number, freed elements
 * wait in a list. An update of a key that exists puts a fresh element in place of the old one, so a program that holds
 * the old value keeps it, detached, as in the kernel; per-CPU values are written in place. Walks go by number in the
 * pool, so their order depends on the history of updates and not on the hash.
 *
 * Locks, in this order: `evict`, one bucket, `free_lock`. A bucket's lock guards its chain and its elements' keys.
 * Eviction is by second chance: lookups mark an element, the hand clears marks and takes the first unmarked one. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"

#include <errno.h>
#include <string.h>

enum { HASH = 1, PERCPU_HASH = 5, LRU_HASH = 9, LRU_PERCPU_HASH = 10, HASH_OF_MAPS = 13, DEVMAP_HASH = 25 };
enum { ALL_CPUS = UINT32_MAX, NONE = UINT32_MAX, SPARES = 8, EVICT_TRIES = 64, MAX_KEY = 512 };

struct elem {
	uint32_t next, hash; /**< hash: written with the bucket's lock held, read by walks without it */
	uint32_t live;       /**< 1: in a bucket */
	uint32_t ref;        /**< LRU: looked up since the hand went by */
	uint8_t data[] __attribute__((aligned(8))); /**< key, padded to 8, then the values */
};

struct bucket {
	uint32_t lock, head;
};

struct htab {
	uint32_t free_lock, free_head, fresh; /**< elements from `fresh` on were never used */
	uint32_t pool, mask, count;           /**< count: elements that hold a key */
	uint32_t evict, hand;
	uint32_t key_room;
	uint64_t elem_size;
	uint8_t *elems;
	struct bucket buckets[];
};

static struct htab *htab(const struct iov_map *map) { return map->state; }
static bool is_lru(const struct iov_map *map)
{
	return map->head.type == LRU_HASH || map->head.type == LRU_PERCPU_HASH;
}

static struct elem *elem_at(const struct htab *t, uint32_t index)
{
	return (struct elem *)(t->elems + (uint64_t)index * t->elem_size);
}

static uint8_t *value_of(const struct htab *t, struct elem *e)
{
	return e->data + t->key_room;
}

/* Keyed multiply-and-fold over 8-byte words: unpredictable without the seed: packets cannot aim at one bucket. */
static uint32_t hash_key(const struct iov_map *map, const uint8_t *key)
{
	uint64_t h = map->seed ^ map->key_size, word;
	uint32_t left = map->key_size;

	for (; left; key += 8, left = left > 8 ? left - 8 : 0) {
		unsigned __int128 product;

		word = 0;
		memcpy(&word, key, left < 8 ? left : 8);
		product = (unsigned __int128)(h ^ word ^ 0x9e3779b97f4a7c15u) *
			  ((map->seed >> 1 | 1u) ^ 0xd6e8feb86659fd92u);
		h = (uint64_t)product ^ (uint64_t)(product >> 64);
	}
	h ^= h >> 32;
	return (uint32_t)(h * 0x9fb21c651e98df25u >> 32);
}

static const char *hash_check(const struct iov_map_def *def)
{
	if (!def->key_size || !def->value_size || !def->max_entries)
		return "a hash map needs a key size, a value size and max_entries above 0";
	if (def->key_size > MAX_KEY)
		return "the key of a hash map has 512 bytes at most";
	if (def->max_entries > 1U << 30)
		return "a hash map has 1073741824 entries at most";
	if (def->type == HASH_OF_MAPS && (!def->inner || def->value_size != 4))
		return "a hash of maps has values of 4 bytes and a template of its inner maps (`__array(values, struct "
		       "…)`)";
	if (def->type == DEVMAP_HASH && (def->key_size != 4 || (def->value_size != 4 && def->value_size != 8)))
		return "a devmap_hash has keys of 4 bytes and values of 4 or 8";
	return NULL;
}

static uint32_t buckets_of(const struct iov_map_def *def)
{
	uint32_t n = 1;

	while (n < def->max_entries)
		n <<= 1;
	return n;
}

static uint32_t pool_of(const struct iov_map_def *def, uint32_t cpus) { return def->max_entries + cpus + SPARES; }

static uint64_t elem_size_of(const struct iov_map_def *def, uint32_t cpus)
{
	bool per_cpu = def->type == PERCPU_HASH || def->type == LRU_PERCPU_HASH;

	return sizeof(struct elem) + map_round8(def->key_size) +
	       (uint64_t)map_round8(def->value_size) * (per_cpu ? cpus : 1);
}

static uint64_t hash_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	uint64_t elems = map_times(pool_of(def, cpus), elem_size_of(def, cpus));
	uint64_t rest = sizeof(struct htab) + (uint64_t)buckets_of(def) * sizeof(struct bucket);

	return elems > UINT64_MAX - rest ? UINT64_MAX : elems + rest;
}

static void hash_init(struct iov_map *map)
{
	struct htab *t = htab(map);
	uint32_t buckets = buckets_of(map->def);

	*t = (struct htab){.free_head = NONE, .pool = pool_of(map->def, map->cpus), .mask = buckets - 1,
			   .key_room = map_round8(map->key_size),
			   .elem_size = elem_size_of(map->def, map->cpus)};
	t->elems = (uint8_t *)(t->buckets + buckets);
	for (uint32_t i = 0; i < buckets; i++)
		t->buckets[i] = (struct bucket){0, NONE};
}

static struct bucket *bucket_of(struct htab *t, uint32_t hash) { return &t->buckets[hash & t->mask]; }

/* The element of `key` in a locked bucket; `link` becomes where its number stands. */
static struct elem *find(const struct iov_map *map, struct bucket *b, uint32_t hash, const void *key, uint32_t **link)
{
	struct htab *t = htab(map);
	uint32_t *at = &b->head;

	for (; *at != NONE; at = &elem_at(t, *at)->next) {
		struct elem *e = elem_at(t, *at);

		if (e->hash == hash && !memcmp(e->data, key, map->key_size)) {
			*link = at;
			return e;
		}
	}
	*link = at;
	return NULL;
}

static uint32_t pop_free(struct htab *t)
{
	uint32_t index = NONE;

	spin_lock(&t->free_lock);
	if (t->free_head != NONE) {
		index = t->free_head;
		t->free_head = elem_at(t, index)->next;
	} else if (t->fresh < t->pool) {
		index = t->fresh;
		elem_at(t, index)->live = 0;
		__atomic_store_n(&t->fresh, index + 1, __ATOMIC_RELEASE);
	}
	spin_unlock(&t->free_lock);
	return index;
}

static void push_free(struct htab *t, uint32_t index)
{
	spin_lock(&t->free_lock);
	elem_at(t, index)->next = t->free_head;
	t->free_head = index;
	spin_unlock(&t->free_lock);
}

/* Take the element at `link` out of its locked bucket. */
static void unlink_elem(struct htab *t, uint32_t *link)
{
	uint32_t index = *link;

	*link = elem_at(t, index)->next;
	__atomic_store_n(&elem_at(t, index)->live, 0, __ATOMIC_RELAXED);
	push_free(t, index);
}

static void *hash_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	struct htab *t = htab(map);
	uint32_t hash = hash_key(map, key), *link;
	struct bucket *b = bucket_of(t, hash);
	struct elem *e;

	spin_lock(&b->lock);
	e = find(map, b, hash, key, &link);
	if (e && is_lru(map) && !__atomic_load_n(&e->ref, __ATOMIC_RELAXED))
		__atomic_store_n(&e->ref, 1, __ATOMIC_RELAXED);
	spin_unlock(&b->lock);
	return e ? value_of(t, e) + (map->ops->per_cpu ? (uint64_t)cpu * map->head.stride : 0) : NULL;
}

void *map_value(struct iov_map *map, const void *key) { return hash_lookup(map, key, 0); }

static void *inner_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	void **place = hash_lookup(map, key, cpu);

	return place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : NULL;
}

/* Values of a new element: for one CPU the others start at zero. */
static void set_new(const struct iov_map *map, uint8_t *to, const void *value, uint32_t cpu)
{
	if (!map->ops->per_cpu) {
		memset(to + map->value_size, 0, map->head.stride - map->value_size);
		if (map->lock_off != UINT32_MAX)
			memset(to + map->lock_off, 0, 4);
		map_copy_value(map, to, value, 0);
	} else if (cpu == ALL_CPUS) {
		memcpy(to, value, (size_t)map->cpus * map->head.stride);
	} else {
		memset(to, 0, (size_t)map->cpus * map->head.stride);
		memcpy(to + (size_t)cpu * map->head.stride, value, map->value_size);
	}
}

static void set_in_place(const struct iov_map *map, uint8_t *to, const void *value, uint32_t cpu, uint64_t flags)
{
	if (!map->ops->per_cpu)
		map_copy_value(map, to, value, flags);
	else if (cpu == ALL_CPUS)
		memcpy(to, value, (size_t)map->cpus * map->head.stride);
	else
		memcpy(to + (size_t)cpu * map->head.stride, value, map->value_size);
}

/* Put a new element in front of the bucket, which is locked. */
static void insert(struct iov_map *map, struct bucket *b, uint32_t index, uint32_t hash, const void *key,
		   const void *value, uint32_t cpu)
{
	struct elem *e = elem_at(htab(map), index);

	__atomic_store_n(&e->hash, hash, __ATOMIC_RELAXED);
	__atomic_store_n(&e->ref, 0, __ATOMIC_RELAXED);
	memcpy(e->data, key, map->key_size);
	set_new(map, value_of(htab(map), e), value, cpu);
	e->next = b->head;
	b->head = index;
	__atomic_store_n(&e->live, 1, __ATOMIC_RELEASE);
}

/* Free one element that was not used of late; false when other threads keep all of them busy. */
static bool evict(struct iov_map *map)
{
	struct htab *t = htab(map);
	bool done = false;

	spin_lock(&t->evict);
	for (uint64_t turn = 0; !done && turn < 2ull * t->pool + 1; turn++) {
		uint32_t index = t->hand, *link;
		struct elem *e = elem_at(t, index);
		struct bucket *b;

		t->hand = index + 1 < __atomic_load_n(&t->fresh, __ATOMIC_ACQUIRE) ? index + 1 : 0;
		if (!__atomic_load_n(&e->live, __ATOMIC_ACQUIRE))
			continue;
		if (__atomic_exchange_n(&e->ref, 0, __ATOMIC_RELAXED))
			continue;
		b = bucket_of(t, __atomic_load_n(&e->hash, __ATOMIC_RELAXED));
		spin_lock(&b->lock);
		for (link = &b->head; *link != NONE && *link != index;)
			link = &elem_at(t, *link)->next;
		if (*link == index) {
			unlink_elem(t, link);
			__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
			done = true;
		}
		spin_unlock(&b->lock);
	}
	spin_unlock(&t->evict);
	return done;
}

static bool reserve_place(struct iov_map *map)
{
	struct htab *t = htab(map);

	if (__atomic_add_fetch(&t->count, 1, __ATOMIC_RELAXED) <= map->head.max_entries)
		return true;
	__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
	return false;
}

static int64_t replace(struct iov_map *map, struct bucket *b, uint32_t *link, uint32_t hash, const void *key,
		       const void *value, uint64_t flags, uint32_t cpu)
{
	struct htab *t = htab(map);
	struct elem *old = elem_at(t, *link);
	uint32_t index = map->ops->per_cpu || flags & IOV_F_LOCK ? NONE : pop_free(t);

	if (index == NONE) {
		set_in_place(map, value_of(t, old), value, cpu, flags);
		__atomic_store_n(&old->ref, 1, __ATOMIC_RELAXED);
	} else {
		unlink_elem(t, link);
		insert(map, b, index, hash, key, value, cpu);
	}
	return 0;
}

static int64_t add(struct iov_map *map, struct bucket *b, uint32_t hash, const void *key, const void *value,
		   uint32_t cpu)
{
	uint32_t index;

	if (!reserve_place(map))
		return -E2BIG;
	index = pop_free(htab(map));
	if (index == NONE) {
		__atomic_sub_fetch(&htab(map)->count, 1, __ATOMIC_RELAXED);
		return -EBUSY;
	}
	insert(map, b, index, hash, key, value, cpu);
	return 0;
}

static int64_t put_once(struct iov_map *map, const void *key, const void *value, uint64_t flags, uint32_t cpu)
{
	uint32_t hash = hash_key(map, key), *link;
	struct bucket *b = bucket_of(htab(map), hash);
	int64_t result;

	spin_lock(&b->lock);
	if (find(map, b, hash, key, &link))
		result = flags & IOV_NOEXIST ? -EEXIST : replace(map, b, link, hash, key, value, flags, cpu);
	else
		result = flags & IOV_EXIST ? -ENOENT : add(map, b, hash, key, value, cpu);
	spin_unlock(&b->lock);
	return result;
}

static int64_t put(struct iov_map *map, const void *key, const void *value, uint64_t flags, uint32_t cpu)
{
	int64_t result = map_check_flags(map, flags);

	if (result || (flags & IOV_F_LOCK && map->lock_off == UINT32_MAX))
		return -EINVAL;
	for (int turn = 0; turn < EVICT_TRIES; turn++) {
		result = put_once(map, key, value, flags, cpu);
		if (result != -E2BIG || !is_lru(map))
			return result;
		if (!evict(map))
			break;
	}
	return -ENOMEM;
}

static int64_t hash_update(struct iov_map *map, const void *key, const void *value, uint64_t flags, uint32_t cpu)
{
	return put(map, key, value, flags, cpu);
}

static int64_t hash_write(struct iov_map *map, const void *key, const void *value, uint64_t flags)
{
	return put(map, key, value, flags, ALL_CPUS);
}

static int64_t hash_erase(struct iov_map *map, const void *key)
{
	struct htab *t = htab(map);
	uint32_t hash = hash_key(map, key), *link;
	struct bucket *b = bucket_of(t, hash);
	struct elem *e;

	spin_lock(&b->lock);
	e = find(map, b, hash, key, &link);
	if (e) {
		unlink_elem(t, link);
		__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
	}
	spin_unlock(&b->lock);
	return e ? 0 : -ENOENT;
}

static int64_t hash_read(struct iov_map *map, const void *key, void *value)
{
	struct htab *t = htab(map);
	uint32_t hash = hash_key(map, key), *link;
	struct bucket *b = bucket_of(t, hash);
	struct elem *e;

	spin_lock(&b->lock);
	e = find(map, b, hash, key, &link);
	if (e)
		memcpy(value, value_of(t, e), map_read_size(map));
	spin_unlock(&b->lock);
	return e ? 0 : -ENOENT;
}

/* Copy the key of element `index` if it is in use. */
static bool key_at(struct iov_map *map, uint32_t index, void *key)
{
	struct htab *t = htab(map);
	struct elem *e = elem_at(t, index);
	uint32_t hash;
	struct bucket *b;
	bool live;

	if (!__atomic_load_n(&e->live, __ATOMIC_ACQUIRE))
		return false;
	hash = __atomic_load_n(&e->hash, __ATOMIC_RELAXED);
	b = bucket_of(t, hash);
	spin_lock(&b->lock);
	live = __atomic_load_n(&e->live, __ATOMIC_RELAXED) &&
	       bucket_of(t, __atomic_load_n(&e->hash, __ATOMIC_RELAXED)) == b;
	if (live)
		memcpy(key, e->data, map->key_size);
	spin_unlock(&b->lock);
	return live;
}

static uint32_t index_of_key(struct iov_map *map, const void *key)
{
	uint32_t hash = hash_key(map, key), *link, index = NONE;
	struct bucket *b = bucket_of(htab(map), hash);

	spin_lock(&b->lock);
	if (find(map, b, hash, key, &link))
		index = *link;
	spin_unlock(&b->lock);
	return index;
}

static int64_t hash_next_key(struct iov_map *map, const void *key, void *next)
{
	struct htab *t = htab(map);
	uint32_t index = key ? index_of_key(map, key) : NONE;

	for (index = index == NONE ? 0 : index + 1; index < __atomic_load_n(&t->fresh, __ATOMIC_ACQUIRE); index++)
		if (key_at(map, index, next))
			return 0;
	return -ENOENT;
}

static int64_t hash_each(struct iov_map *map, iov_map_visit_fn *visit, void *ud, uint32_t cpu)
{
	struct htab *t = htab(map);
	uint64_t key[MAX_KEY / 8];
	int64_t visited = 0;

	for (uint32_t i = 0; i < __atomic_load_n(&t->fresh, __ATOMIC_ACQUIRE); i++) {
		if (!key_at(map, i, key))
			continue;
		visited++;
		if (visit(ud, key,
			  value_of(t, elem_at(t, i)) + (map->ops->per_cpu ? (uint64_t)cpu * map->head.stride : 0)))
			break;
	}
	return visited;
}

#define HASH_OPS                                                                                                       \
	.check = hash_check, .bytes = hash_bytes, .init = hash_init, .lookup = hash_lookup, .update = hash_update,     \
	.erase = hash_erase, .each = hash_each, .read = hash_read, .write = hash_write, .next_key = hash_next_key

const struct iov_map_ops map_ops_hash = {.type = HASH, HASH_OPS};
const struct iov_map_ops map_ops_percpu_hash = {.type = PERCPU_HASH, .per_cpu = true, HASH_OPS};
const struct iov_map_ops map_ops_lru_hash = {.type = LRU_HASH, HASH_OPS};
const struct iov_map_ops map_ops_lru_percpu_hash = {.type = LRU_PERCPU_HASH, .per_cpu = true, HASH_OPS};
const struct iov_map_ops map_ops_hash_of_maps = {
	.type = HASH_OF_MAPS, .check = hash_check, .bytes = hash_bytes, .init = hash_init, .lookup = inner_lookup,
	.update = hash_update, .erase = hash_erase, .next_key = hash_next_key,
};
const struct iov_map_ops map_ops_devmap_hash = {.type = DEVMAP_HASH, HASH_OPS};
