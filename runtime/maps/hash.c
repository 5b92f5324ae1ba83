/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: hash maps: plain, per-CPU, LRU, LRU per-CPU, hashes of maps, and device maps keyed by anything. Kernel
 * document: bpf/map_hash.rst.
 *
 * One pool of elements, allocated at creation, is the whole store: buckets chain elements by number, freed elements
 * wait in a list. An update of a key that exists puts a fresh element in place of the old one, so a program that holds
 * the old value keeps it, detached, as in the kernel; per-CPU values are written in place. Walks go by number in the
 * pool, so their order depends on the history of updates and not on the hash.
 *
 * Free elements wait in several lists, by the hash of the key that is put in or taken out, so that threads at work on
 * different keys seldom meet; a list that is empty takes elements that were never used, then those of its neighbours.
 *
 * Locks, in this order: `evict`, one bucket, one list (or `fresh_lock`). A sequence number is the lock of the buckets
 * that share it (there are few, so heads alone fill the cache): odd while a writer is in one of them. Lookups take no
 * lock: they walk the chain and do it again when the number has changed meanwhile; so chains, hashes and keys are read
 * and written by atomics, and a lookup may see an element that has just gone elsewhere, but never leaves the pool.
 * Eviction is by second chance: lookups mark an element, the hand clears marks and takes the first unmarked one. */
#include "runtime/maps/map.h"
#include "runtime/maps/spin.h"
#include "runtime/maps/timers.h"

#include <errno.h>
#include <string.h>

enum { HASH = 1, PERCPU_HASH = 5, LRU_HASH = 9, LRU_PERCPU_HASH = 10, HASH_OF_MAPS = 13, DEVMAP_HASH = 25 };
enum { ALL_CPUS = UINT32_MAX, NONE = UINT32_MAX, SPARES = 8, EVICT_TRIES = 64, MAX_KEY = 512 };
enum { CACHE_LINE = 64, SEQS_MOST = 4096 };

struct elem {
	uint32_t next, hash;
	uint32_t live;       /**< 1: in a bucket */
	uint32_t ref;        /**< LRU: looked up since the hand went by */
	uint64_t words[];    /**< key, padded to 8 with zeros, then the values */
};

/* A chain's head, and the sequence number that it shares with others. */
struct bucket {
	uint32_t *seq, *head;
};

enum { LISTS = 16, BATCH = 8 };

struct free_list {
	uint32_t lock, head;
	uint8_t apart[56]; /**< a cache line each */
};

struct htab {
	uint64_t elem_size;
	uint8_t *elems;
	uint32_t *seqs;                       /**< behind the heads */
	uint32_t pool, mask, seq_mask, key_words;
	uint8_t apart[64];                    /**< what follows changes often */
	struct free_list free[LISTS];
	uint32_t fresh_lock, fresh;           /**< elements from `fresh` on were never used */
	uint32_t count;                       /**< elements that hold a key */
	uint32_t evict, hand;
	uint32_t heads[];
};

/* A key being looked for. */
struct probe {
	uint32_t hash;
	uint64_t words[MAX_KEY / 8];
};

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define GET(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define SET(place, value) __atomic_store_n(&(place), value, __ATOMIC_RELEASE)

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
	return (uint8_t *)(e->words + t->key_words);
}

/* Keyed multiply-and-fold over 8-byte words: unpredictable without the seed, so packets cannot aim at one bucket. */
ALWAYS_INLINE void probe_sized(const struct iov_map *map, const uint8_t *key, uint32_t size, struct probe *p)
{
	uint64_t h = map->seed ^ size, factor = (map->seed >> 1 | 1u) ^ 0xd6e8feb86659fd92u;
	uint32_t left = size;

	for (uint64_t *word = p->words; left; key += 8, left = left > 8 ? left - 8 : 0, word++) {
		unsigned __int128 product;

		*word = 0;
		memcpy(word, key, left < 8 ? left : 8);
		product = (unsigned __int128)(h ^ *word ^ 0x9e3779b97f4a7c15u) * factor;
		h = (uint64_t)product ^ (uint64_t)(product >> 64);
	}
	h ^= h >> 32;
	p->hash = (uint32_t)(h * 0x9fb21c651e98df25u >> 32);
}

static void probe_make(const struct iov_map *map, const uint8_t *key, struct probe *p)
{
	if (map->key_size == 4)
		probe_sized(map, key, 4, p);
	else
		probe_sized(map, key, map->key_size, p);
}

static void bucket_lock(struct bucket b)
{
	uint32_t turns = 0, seq = __atomic_load_n(b.seq, __ATOMIC_RELAXED);

	while (seq & 1 ||
	       !__atomic_compare_exchange_n(b.seq, &seq, seq + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		spin_wait(&turns);
		seq = __atomic_load_n(b.seq, __ATOMIC_RELAXED);
	}
}

static void bucket_unlock(struct bucket b)
{
	__atomic_store_n(b.seq, __atomic_load_n(b.seq, __ATOMIC_RELAXED) + 1, __ATOMIC_RELEASE);
}

static const char *hash_check(const struct iov_map_def *def)
{
	if (!def->key_size || !def->value_size || !def->max_entries)
		return "a hash map needs a key size, a value size and max_entries above 0";
	if (def->key_size > MAX_KEY)
		return "the key of a hash map has 512 bytes at most";
	if (def->max_entries > 1U << 30)
		return "a hash map has 1073741824 entries at most";
	if (def->flags & IOV_F_NO_COMMON_LRU && def->flags & IOV_F_NUMA_NODE)
		return "with BPF_F_NO_COMMON_LRU a map belongs to no NUMA node";
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

	/* A chain of one element and a sixth to a third on average: each element is another miss of the cache. */
	while (n < def->max_entries + (uint64_t)def->max_entries / 2)
		n <<= 1;
	return n;
}

static uint32_t seqs_of(const struct iov_map_def *def)
{
	uint32_t buckets = buckets_of(def);

	return buckets < SEQS_MOST ? buckets : SEQS_MOST;
}

static uint32_t pool_of(const struct iov_map_def *def, uint32_t cpus) { return def->max_entries + cpus + SPARES; }

static uint32_t hash_elements(const struct iov_map_def *def, uint32_t cpus) { return pool_of(def, cpus); }

static uint64_t elem_size_of(const struct iov_map_def *def, uint32_t cpus)
{
	bool per_cpu = def->type == PERCPU_HASH || def->type == LRU_PERCPU_HASH;

	return sizeof(struct elem) + map_round8(def->key_size) +
	       (uint64_t)map_round8(def->value_size) * (per_cpu ? cpus : 1);
}

static uint64_t hash_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	uint64_t elems = map_times(pool_of(def, cpus), elem_size_of(def, cpus));
	uint64_t rest = sizeof(struct htab) + ((uint64_t)buckets_of(def) + seqs_of(def)) * 4 + CACHE_LINE;

	return elems > UINT64_MAX - rest ? UINT64_MAX : elems + rest;
}

static void hash_init(struct iov_map *map)
{
	struct htab *t = htab(map);
	uint32_t buckets = buckets_of(map->def), seqs = seqs_of(map->def);

	*t = (struct htab){.pool = pool_of(map->def, map->slots), .mask = buckets - 1, .seq_mask = seqs - 1,
			   .key_words = map_round8(map->key_size) / 8,
			   .elem_size = elem_size_of(map->def, map->slots)};
	for (uint32_t i = 0; i < LISTS; i++)
		t->free[i].head = NONE;
	t->seqs = t->heads + buckets;
	t->elems = (uint8_t *)(t->seqs + seqs);
	t->elems += -(uintptr_t)t->elems % CACHE_LINE; /* a small element lies in one line and not on two */
	for (uint32_t i = 0; i < buckets; i++)
		t->heads[i] = NONE;
	memset(t->seqs, 0, seqs * sizeof(*t->seqs));
	for (uint32_t i = 0; map->timers && i < t->pool; i++)
		map_hide(map, value_of(t, elem_at(t, i)));
}

static struct bucket bucket_of(struct htab *t, uint32_t hash)
{
	return (struct bucket){&t->seqs[hash & t->mask & t->seq_mask], &t->heads[hash & t->mask]};
}

ALWAYS_INLINE bool same_words(struct elem *e, const struct probe *p, uint32_t words)
{
	for (uint32_t i = 0; i < words; i++)
		if (GET(e->words[i]) != p->words[i])
			return false;
	return true;
}

static bool same_key(const struct htab *t, struct elem *e, const struct probe *p)
{
	return same_words(e, p, t->key_words);
}

/* The element of a key in a locked bucket; `link` becomes where its number stands. */
static struct elem *find(const struct htab *t, struct bucket b, const struct probe *p, uint32_t **link)
{
	uint32_t *at = b.head;

	for (; *at != NONE; at = &elem_at(t, *at)->next) {
		struct elem *e = elem_at(t, *at);

		if (e->hash == p->hash && same_key(t, e, p)) {
			*link = at;
			return e;
		}
	}
	*link = at;
	return NULL;
}

/* The same without the lock. A chain that changes under us may lead anywhere in the pool: every few steps the sequence
 * number says whether to go on. */
ALWAYS_INLINE struct elem *find_shared(const struct htab *t, struct bucket b, const struct probe *p, uint32_t words)
{
	enum { CHECK_EVERY = 32 };
	uint32_t turns = 0;

	for (;; spin_wait(&turns)) {
		uint32_t seq = GET(*b.seq), steps = 0;
		struct elem *found = NULL;

		if (seq & 1)
			continue;
		for (uint32_t at = GET(*b.head); at != NONE && !found; at = GET(elem_at(t, at)->next)) {
			struct elem *e = elem_at(t, at);

			if (GET(e->hash) == p->hash && same_words(e, p, words))
				found = e;
			else if (++steps % CHECK_EVERY == 0 && GET(*b.seq) != seq)
				break;
		}
		if (__atomic_load_n(b.seq, __ATOMIC_RELAXED) == seq)
			return found;
	}
}

static struct free_list *list_of(struct htab *t, uint32_t hash, uint32_t next)
{
	return &t->free[(hash % 61 + next) % LISTS]; /* not the bits that choose the bucket */
}

static uint32_t pop_list(struct htab *t, struct free_list *list)
{
	uint32_t index;

	if (__atomic_load_n(&list->head, __ATOMIC_RELAXED) == NONE)
		return NONE;
	spin_lock(&list->lock);
	index = list->head;
	if (index != NONE)
		__atomic_store_n(&list->head, elem_at(t, index)->next, __ATOMIC_RELAXED);
	spin_unlock(&list->lock);
	return index;
}

static void push_free(struct htab *t, uint32_t index, uint32_t hash)
{
	struct free_list *list = list_of(t, hash, 0);

	spin_lock(&list->lock);
	SET(elem_at(t, index)->next, list->head);
	__atomic_store_n(&list->head, index, __ATOMIC_RELAXED);
	spin_unlock(&list->lock);
}

/* One that was never used; a few more go into the list. */
static uint32_t take_fresh(struct htab *t, uint32_t hash)
{
	uint32_t first, end;

	if (__atomic_load_n(&t->fresh, __ATOMIC_RELAXED) >= t->pool)
		return NONE;
	spin_lock(&t->fresh_lock);
	first = t->fresh;
	end = t->pool - first < BATCH ? t->pool : first + BATCH;
	for (uint32_t i = first; i < end; i++)
		elem_at(t, i)->live = 0;
	__atomic_store_n(&t->fresh, end, __ATOMIC_RELEASE);
	spin_unlock(&t->fresh_lock);
	for (uint32_t i = end; i > first + 1; i--)
		push_free(t, i - 1, hash);
	return first < end ? first : NONE;
}

static uint32_t pop_free(struct htab *t, uint32_t hash)
{
	uint32_t index = pop_list(t, list_of(t, hash, 0));

	if (index == NONE)
		index = take_fresh(t, hash);
	for (uint32_t next = 1; index == NONE && next < LISTS; next++)
		index = pop_list(t, list_of(t, hash, next));
	return index;
}

static void read_value(const struct iov_map *map, void *to, const uint8_t *value)
{
	if (!map->def->fields.count) {
		memcpy(to, value, map_read_size(map));
		return;
	}
	map_copy_value(map, to, value, 0);
	map_hide(map, to);
}

/* Take the element at `link` out of its locked bucket. */
static void unlink_elem(struct iov_map *map, uint32_t *link)
{
	struct htab *t = htab(map);
	uint32_t index = *link;
	struct elem *e = elem_at(t, index);

	SET(*link, e->next);
	__atomic_store_n(&e->live, 0, __ATOMIC_RELAXED);
	timers_drop(map, value_of(t, e));
	push_free(t, index, e->hash);
}

/* `size` is the map's key size: where it is a constant, hashing and comparing are a few instructions. */
ALWAYS_INLINE void *lookup_sized(struct iov_map *map, const void *key, uint32_t cpu, uint32_t size)
{
	struct htab *t = htab(map);
	struct probe p;
	struct elem *e;

	probe_sized(map, key, size, &p);
	e = find_shared(t, bucket_of(t, p.hash), &p, (size + 7) / 8);
	if (!e)
		return NULL;
	if (is_lru(map) && !__atomic_load_n(&e->ref, __ATOMIC_RELAXED))
		__atomic_store_n(&e->ref, 1, __ATOMIC_RELAXED);
	return (uint8_t *)(e->words + (size + 7) / 8) + (map->ops->per_cpu ? (uint64_t)cpu * map->head.stride : 0);
}

static void *hash_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	return lookup_sized(map, key, cpu, map->key_size);
}

/* bpf_map_lookup_elem for maps with keys of one size. */
#define LOOKUP_HELPER(size)                                                                                            \
	static uint64_t lookup_helper_##size(uint64_t map, uint64_t key, uint64_t r3, uint64_t r4, uint64_t r5,        \
					     struct iov_env *env)                                                      \
	{                                                                                                              \
		(void)r3, (void)r4, (void)r5;                                                                          \
		return (uintptr_t)lookup_sized((struct iov_map *)(uintptr_t)map, (const void *)(uintptr_t)key,         \
					       env->cpu, size);                                                        \
	}
LOOKUP_HELPER(4)
LOOKUP_HELPER(8)
LOOKUP_HELPER(12)
LOOKUP_HELPER(16)
LOOKUP_HELPER(40)

static iov_helper_fn *hash_lookup_helper(const struct iov_map *map)
{
	switch (map->key_size) {
	case 4: return lookup_helper_4;
	case 8: return lookup_helper_8;
	case 12: return lookup_helper_12;
	case 16: return lookup_helper_16;
	case 40: return lookup_helper_40;
	default: return NULL;
	}
}

void *map_value(struct iov_map *map, const void *key) { return hash_lookup(map, key, 0); }

static void *inner_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	void **place = hash_lookup(map, key, cpu);

	return place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : NULL;
}

/* Values of a new element: for one CPU the others start at zero. */
static void set_new(struct iov_map *map, uint8_t *to, const void *value, uint32_t cpu)
{
	if (!map->ops->per_cpu) {
		if (map->head.stride != map->value_size)
			memset(to + map->value_size, 0, map->head.stride - map->value_size);
		map_renew(map, to);
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

/* Put a new element where `link` says, in a locked bucket: in place of the one there, or (the head) before it. */
static void insert(struct iov_map *map, uint32_t *link, uint32_t next, uint32_t index, const struct probe *p,
		   const void *value, uint32_t cpu)
{
	const struct htab *t = htab(map);
	struct elem *e = elem_at(t, index);

	SET(e->hash, p->hash);
	__atomic_store_n(&e->ref, 0, __ATOMIC_RELAXED);
	for (uint32_t i = 0; i < t->key_words; i++)
		SET(e->words[i], p->words[i]);
	set_new(map, value_of(t, e), value, cpu);
	SET(e->next, next);
	SET(*link, index);
	SET(e->live, 1);
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
		struct bucket b;

		t->hand = index + 1 < __atomic_load_n(&t->fresh, __ATOMIC_ACQUIRE) ? index + 1 : 0;
		if (!__atomic_load_n(&e->live, __ATOMIC_ACQUIRE))
			continue;
		if (__atomic_exchange_n(&e->ref, 0, __ATOMIC_RELAXED))
			continue;
		b = bucket_of(t, GET(e->hash));
		bucket_lock(b);
		for (link = b.head; *link != NONE && *link != index;)
			link = &elem_at(t, *link)->next;
		if (*link == index) {
			unlink_elem(map, link);
			__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
			done = true;
		}
		bucket_unlock(b);
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

static int64_t replace(struct iov_map *map, uint32_t *link, const struct probe *p, const void *value, uint64_t flags,
		       uint32_t cpu)
{
	struct htab *t = htab(map);
	uint32_t old = *link, index = map->ops->per_cpu || flags & IOV_F_LOCK ? NONE : pop_free(t, p->hash);
	struct elem *e = elem_at(t, old);

	if (index == NONE) {
		set_in_place(map, value_of(t, e), value, cpu, flags);
		__atomic_store_n(&e->ref, 1, __ATOMIC_RELAXED);
		return 0;
	}
	insert(map, link, e->next, index, p, value, cpu);
	__atomic_store_n(&elem_at(t, index)->ref, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&e->live, 0, __ATOMIC_RELAXED);
	timers_drop(map, value_of(t, e));
	push_free(t, old, p->hash);
	return 0;
}

static int64_t add(struct iov_map *map, struct bucket b, const struct probe *p, const void *value, uint32_t cpu)
{
	uint32_t index;

	if (!reserve_place(map))
		return -E2BIG;
	index = pop_free(htab(map), p->hash);
	if (index == NONE) {
		__atomic_sub_fetch(&htab(map)->count, 1, __ATOMIC_RELAXED);
		return -EBUSY;
	}
	insert(map, b.head, *b.head, index, p, value, cpu);
	return 0;
}

static int64_t put_once(struct iov_map *map, const struct probe *p, const void *value, uint64_t flags, uint32_t cpu)
{
	struct bucket b = bucket_of(htab(map), p->hash);
	uint32_t *link;
	int64_t result;

	bucket_lock(b);
	if (find(htab(map), b, p, &link))
		result = flags & IOV_NOEXIST ? -EEXIST : replace(map, link, p, value, flags, cpu);
	else
		result = flags & IOV_EXIST && map->head.type != DEVMAP_HASH ? -ENOENT : add(map, b, p, value, cpu);
	bucket_unlock(b);
	return result;
}

static int64_t put(struct iov_map *map, const void *key, const void *value, uint64_t flags, uint32_t cpu)
{
	int64_t result = map_check_flags(flags);
	struct probe p;

	if (result || (flags & IOV_F_LOCK && map->lock_off == UINT32_MAX))
		return -EINVAL;
	probe_make(map, key, &p);
	for (int turn = 0; turn < EVICT_TRIES; turn++) {
		result = put_once(map, &p, value, flags, cpu);
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

/* What is done with the element of a key in its locked bucket. */
enum on_key { READ, ERASE, TAKE };

static int64_t on_key(struct iov_map *map, const void *key, void *value, enum on_key what)
{
	struct htab *t = htab(map);
	struct bucket b;
	struct probe p;
	struct elem *e;
	uint32_t *link;

	probe_make(map, key, &p);
	b = bucket_of(t, p.hash);
	bucket_lock(b);
	e = find(t, b, &p, &link);
	if (e && what != ERASE)
		read_value(map, value, value_of(t, e));
	if (e && what != READ) {
		unlink_elem(map, link);
		__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
	}
	bucket_unlock(b);
	return e ? 0 : -ENOENT;
}

static int64_t hash_erase(struct iov_map *map, const void *key) { return on_key(map, key, NULL, ERASE); }
static int64_t hash_read(struct iov_map *map, const void *key, void *value) { return on_key(map, key, value, READ); }
static int64_t hash_take(struct iov_map *map, const void *key, void *value) { return on_key(map, key, value, TAKE); }

/* Copy the key of element `index` if it is in use, and its value unless that is NULL. */
static bool elem_copy(struct iov_map *map, uint32_t index, void *key, void *value)
{
	struct htab *t = htab(map);
	struct elem *e = elem_at(t, index);
	struct bucket b;
	bool live;

	if (!GET(e->live))
		return false;
	b = bucket_of(t, GET(e->hash));
	bucket_lock(b);
	live = GET(e->live) && bucket_of(t, GET(e->hash)).head == b.head;
	if (live)
		memcpy(key, e->words, map->key_size);
	if (live && value)
		read_value(map, value, value_of(t, e));
	bucket_unlock(b);
	return live;
}

static uint32_t index_of_key(struct iov_map *map, const void *key)
{
	uint32_t *link, index = NONE;
	struct bucket b;
	struct probe p;

	probe_make(map, key, &p);
	b = bucket_of(htab(map), p.hash);
	bucket_lock(b);
	if (find(htab(map), b, &p, &link))
		index = *link;
	bucket_unlock(b);
	return index;
}

static int64_t hash_next_key(struct iov_map *map, const void *key, void *next)
{
	struct htab *t = htab(map);
	uint32_t index = key ? index_of_key(map, key) : NONE;

	for (index = index == NONE ? 0 : index + 1; index < __atomic_load_n(&t->fresh, __ATOMIC_ACQUIRE); index++)
		if (elem_copy(map, index, next, NULL))
			return 0;
	return -ENOENT;
}

static int64_t hash_next_at(struct iov_map *map, uint64_t *at, void *key, void *value)
{
	while (*at < __atomic_load_n(&htab(map)->fresh, __ATOMIC_ACQUIRE))
		if (elem_copy(map, (uint32_t)(*at)++, key, value))
			return 0;
	return -ENOENT;
}

static int64_t hash_each(struct iov_map *map, iov_map_visit_fn *visit, void *ud, uint32_t cpu)
{
	struct htab *t = htab(map);
	uint64_t key[MAX_KEY / 8];
	int64_t visited = 0;

	for (uint32_t i = 0; i < __atomic_load_n(&t->fresh, __ATOMIC_ACQUIRE); i++) {
		if (!elem_copy(map, i, key, NULL))
			continue;
		visited++;
		if (visit(ud, key,
			  value_of(t, elem_at(t, i)) + (map->ops->per_cpu ? (uint64_t)cpu * map->head.stride : 0)))
			break;
	}
	return visited;
}

static int64_t hash_count(const struct iov_map *map)
{
	return __atomic_load_n(&htab(map)->count, __ATOMIC_RELAXED);
}

enum {
	PERCPU_FLAGS = IOV_F_NO_PREALLOC | IOV_F_ACCESS | IOV_F_ZERO_SEED,
	HASH_FLAGS = PERCPU_FLAGS | IOV_F_NUMA_NODE,
	LRU_FLAGS = IOV_F_NO_COMMON_LRU | IOV_F_ACCESS | IOV_F_ZERO_SEED,
};

#define HASH_OPS                                                                                                       \
	.check = hash_check, .bytes = hash_bytes, .init = hash_init, .lookup = hash_lookup, .update = hash_update,     \
	.erase = hash_erase, .each = hash_each, .read = hash_read, .write = hash_write, .next_key = hash_next_key,     \
	.count = hash_count, .elements = hash_elements, .next_at = hash_next_at, .take = hash_take,                    \
	.lookup_helper = hash_lookup_helper

const struct iov_map_ops map_ops_hash = {.type = HASH, HASH_OPS, .flags = HASH_FLAGS};
const struct iov_map_ops map_ops_percpu_hash = {
	.type = PERCPU_HASH, .per_cpu = true, HASH_OPS, .flags = PERCPU_FLAGS,
};
const struct iov_map_ops map_ops_lru_hash = {.type = LRU_HASH, HASH_OPS, .flags = LRU_FLAGS | IOV_F_NUMA_NODE};
const struct iov_map_ops map_ops_lru_percpu_hash = {
	.type = LRU_PERCPU_HASH, .per_cpu = true, HASH_OPS, .flags = LRU_FLAGS,
};
const struct iov_map_ops map_ops_hash_of_maps = {
	.type = HASH_OF_MAPS, .check = hash_check, .bytes = hash_bytes, .init = hash_init, .lookup = inner_lookup,
	.update = hash_update, .erase = hash_erase, .next_key = hash_next_key, .flags = HASH_FLAGS,
};
const struct iov_map_ops map_ops_devmap_hash = {
	.type = DEVMAP_HASH, HASH_OPS, .flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY,
};
