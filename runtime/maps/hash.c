/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: hash maps: plain, per-CPU, LRU, LRU per-CPU, hashes of maps, and device maps keyed by anything. Kernel
 * document: bpf/map_hash.rst. How they lie in memory, and their locks: hash.h.
 *
 * An update of a key that exists puts a fresh element in place of the old one, so a program that holds the old value
 * keeps it, detached, as in the kernel; per-CPU values are written in place. Walks: hash_walk.c. */
#include "runtime/maps/hash.h"

#include <errno.h>

enum { ALL_CPUS = MAP_ALL_CPUS, EVICT_TRIES = 64 };

static void probe_make(const struct iov_map *map, const uint8_t *key, struct probe *p)
{
	probe_sized(htab(map), key, map->key_size, p);
}

static const char *hash_check(const struct iov_map_def *def)
{
	if (!def->key_size || !def->value_size || !def->max_entries)
		return "a hash map needs a key size, a value size and max_entries above 0";
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

/* The element of a key, without the lock. A chain that changes under us may lead anywhere in the pool: every few steps
 * the sequence number says whether to go on. */
static struct elem *find_in_chain(const struct htab *t, struct bucket *b, const struct probe *p, uint32_t seq)
{
	enum { CHECK_EVERY = 32 };
	uint32_t steps = 0;

	for (uint32_t at = GET(b->chain); at != NONE; at = GET(elem_at(t, at)->next)) {
		struct elem *e = elem_at(t, at);

		if (chain_match(e, p))
			return e;
		if (++steps % CHECK_EVERY == 0 && GET(b->seq) != seq)
			break;
	}
	return NULL;
}

/* The element of a key or NULL, without the lock; false: a writer was there, or a chain has to be walked. */
ALWAYS_INLINE bool find_quick(const struct htab *t, struct bucket *b, const struct probe *p, struct elem **out)
{
	uint32_t seq = GET(b->seq);
	struct elem *e = NULL;

	if (seq & 1)
		return false;
	for (uint64_t ways = ways_of(b, p->tag); ways; ways &= ways - 1) {
		e = elem_at(t, GET(b->at[first_way(ways)]));
		if (same_key(e, p))
			break;
		e = NULL;
	}
	*out = e;
	return (e || GET(b->chain) == NONE) && __atomic_load_n(&b->seq, __ATOMIC_RELAXED) == seq;
}

static struct elem *find_shared(const struct htab *t, struct bucket *b, const struct probe *p)
{
	uint32_t turns = 0;

	for (;; spin_wait(&turns)) {
		uint32_t seq = GET(b->seq);
		struct elem *e;

		if (find_quick(t, b, p, &e))
			return e;
		if (seq & 1)
			continue;
		e = find_in_chain(t, b, p, seq);
		if (__atomic_load_n(&b->seq, __ATOMIC_RELAXED) == seq)
			return e;
	}
}

void hash_read_value(const struct iov_map *map, void *to, const uint8_t *value)
{
	if (!map->def->fields.count) {
		memcpy(to, value, map_read_size(map));
		return;
	}
	if (map->ops->per_cpu)
		map_copy_cpus(map, to, value, ALL_CPUS);
	else
		map_copy_value(map, to, value, 0);
	map_hide(map, to);
}

static void *found(const struct iov_map *map, struct elem *e, uint32_t cpu)
{
	const struct htab *t = htab(map);

	if (!e)
		return NULL;
	if (t->marks && !__atomic_load_n(&e->ref, __ATOMIC_RELAXED))
		__atomic_store_n(&e->ref, 1, __ATOMIC_RELAXED);
	return value_of(t, e) + (t->per_cpu ? (uint64_t)cpu * map->head.stride : 0);
}

static __attribute__((noinline)) void *hash_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	struct htab *t = htab(map);
	struct probe p;

	probe_make(map, key, &p);
	return found(map, find_shared(t, bucket_of(t, p.hash), &p), cpu);
}

/* `size` is the map's key size: where it is a constant, hashing and comparing are a few instructions. The fewer they
 * are, the more lookups wait for memory at the same time. */
ALWAYS_INLINE uint64_t lookup_sized(uint64_t map, uint64_t key, const struct iov_env *env, uint32_t size)
{
	struct iov_map *m = (struct iov_map *)(uintptr_t)map;
	const void *k = (const void *)(uintptr_t)key;
	const struct htab *t = htab(m);
	struct elem *e;
	struct probe p;

	probe_sized(t, k, size, &p);
	if (!find_quick(t, bucket_of(t, p.hash), &p, &e))
		return (uintptr_t)hash_lookup(m, k, env->cpu);
	if (e && (t->marks || t->per_cpu))
		return (uintptr_t)found(m, e, env->cpu);
	return e ? (uintptr_t)(e->words + (size + 7) / 8) : 0;
}

/* bpf_map_lookup_elem for maps with keys of one size. */
#define LOOKUP_HELPER(size)                                                                                            \
	static uint64_t lookup_helper_##size(uint64_t map, uint64_t key, uint64_t r3, uint64_t r4, uint64_t r5,        \
					     struct iov_env *env)                                                      \
	{                                                                                                              \
		(void)r3, (void)r4, (void)r5;                                                                          \
		return lookup_sized(map, key, env, size);                                                              \
	}
LOOKUP_HELPER(4)
LOOKUP_HELPER(8)
LOOKUP_HELPER(12)
LOOKUP_HELPER(16)
LOOKUP_HELPER(40)

static void *inner_lookup(struct iov_map *map, const void *key, uint32_t cpu)
{
	void **place = hash_lookup(map, key, cpu);

	return place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : NULL;
}

/* Values of a new element: for one CPU the others start at zero. */
static void set_new(struct iov_map *map, uint8_t *to, const void *value, uint32_t cpu)
{
	map_renew(map, to);
	if (map->ops->per_cpu) {
		if (cpu != ALL_CPUS)
			memset(to, 0, (size_t)map->cpus * map->head.stride);
		map_copy_cpus(map, to, value, cpu);
		return;
	}
	if (map->head.stride != map->value_size)
		memset(to + map->value_size, 0, map->head.stride - map->value_size);
	map_copy_value(map, to, value, 0);
}

/* An element that holds this key and value, for a locked bucket. */
static void fill(struct iov_map *map, uint32_t index, const struct probe *p, const void *value, uint32_t cpu)
{
	const struct htab *t = htab(map);
	struct elem *e = elem_at(t, index);

	set_key(e, p);
	__atomic_store_n(&e->ref, 0, __ATOMIC_RELAXED);
	set_new(map, value_of(t, e), value, cpu);
}

static bool reserve_place(struct iov_map *map)
{
	struct htab *t = htab(map);

	if (__atomic_add_fetch(&t->count, 1, __ATOMIC_RELAXED) <= map->head.max_entries)
		return true;
	__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
	return false;
}

/* Which list of free elements: each thread's own, so that what it frees, which its cache has, is what it takes. The
 * host has none. */
ALWAYS_INLINE uint32_t home(const struct probe *p, uint32_t cpu) { return cpu == ALL_CPUS ? p->hash : cpu << 28; }

static int64_t replace(struct iov_map *map, uint32_t *link, const struct probe *p, const void *value, uint64_t flags,
		       uint32_t cpu)
{
	struct htab *t = htab(map);
	uint32_t old = *link, index = map->ops->per_cpu || flags & IOV_F_LOCK ? NONE : pool_pop(t, home(p, cpu));
	struct elem *e = elem_at(t, old);

	if (index == NONE) {
		if (map->ops->per_cpu)
			map_copy_cpus(map, value_of(t, e), value, cpu);
		else
			map_copy_value(map, value_of(t, e), value, flags);
		if (!(flags & IOV_F_LOCK))
			map_drop(map, value_of(t, e));
		__atomic_store_n(&e->ref, 1, __ATOMIC_RELAXED);
		return 0;
	}
	fill(map, index, p, value, cpu);
	__atomic_store_n(&elem_at(t, index)->ref, 1, __ATOMIC_RELAXED);
	SET(elem_at(t, index)->next, e->next);
	SET(*link, index);
	SET(elem_at(t, index)->live, 1);
	__atomic_store_n(&e->live, 0, __ATOMIC_RELAXED);
	map_drop(map, value_of(t, e));
	pool_push(t, old, home(p, cpu));
	return 0;
}

static int64_t add(struct iov_map *map, struct bucket *b, const struct probe *p, const void *value, uint32_t cpu)
{
	struct htab *t = htab(map);
	uint32_t index;

	if (!reserve_place(map))
		return -E2BIG;
	index = pool_pop(t, home(p, cpu));
	if (index == NONE) {
		__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
		return -EBUSY;
	}
	fill(map, index, p, value, cpu);
	bucket_put(t, b, index);
	SET(elem_at(t, index)->live, 1);
	return 0;
}

static int64_t put_once(struct iov_map *map, const struct probe *p, const void *value, uint64_t flags, uint32_t cpu)
{
	struct bucket *b = bucket_of(htab(map), p->hash);
	uint32_t *link;
	int64_t result;

	bucket_lock(b);
	link = bucket_find(htab(map), b, p);
	if (link)
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
		if (result != -E2BIG || !hash_is_lru(map))
			return result;
		if (!pool_evict(map))
			break;
	}
	return -ENOMEM;
}

int64_t hash_set_inner(struct iov_map *map, const void *key, struct iov_map *inner)
{
	struct htab *t = htab(map);
	uint64_t nothing = 0;
	uint32_t *link;
	struct bucket *b;
	struct probe p;
	int64_t error = 0;

	probe_make(map, key, &p);
	b = bucket_of(t, p.hash);
	bucket_lock(b);
	link = bucket_find(t, b, &p);
	if (!link)
		error = add(map, b, &p, &nothing, ALL_CPUS);
	if (!link && !error)
		link = bucket_find(t, b, &p);
	if (link)
		__atomic_store_n((struct iov_map **)(void *)value_of(t, elem_at(t, *link)), inner, __ATOMIC_RELEASE);
	bucket_unlock(b);
	return error;
}

/* A free element in exchange for one that stands in a locked bucket, and whose place it will take; or NONE. */
ALWAYS_INLINE uint32_t exchange(struct htab *t, uint32_t hash, uint32_t old)
{
	struct free_list *list = list_of(t, hash, 0);
	struct elem *e = elem_at(t, old), *f;
	uint32_t index;

	spin_lock(&list->lock);
	index = list->head;
	if (index != NONE) {
		f = elem_at(t, index);
		__atomic_store_n(&e->live, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&list->head, old, __ATOMIC_RELAXED);
		SET(e->next, f->next);
	}
	spin_unlock(&list->lock);
	return index;
}

/* An update where values are plain, of a key that is in one of its bucket's ways; false: it is to be done otherwise. */
ALWAYS_INLINE bool update_sized(const struct iov_map *map, const void *key, const uint8_t *value, uint64_t flags,
				uint32_t cpu, uint32_t size)
{
	struct htab *t = htab(map);
	uint32_t index = NONE, *link, words = (size + 7) / 8;
	struct bucket *b;
	struct elem *e;
	struct probe p;

	if (flags == IOV_NOEXIST || flags > IOV_EXIST || !t->value_words)
		return false;
	probe_sized(t, key, size, &p);
	b = bucket_of(t, p.hash);
	bucket_lock(b);
	link = way_find(t, b, &p);
	if (link)
		index = exchange(t, home(&p, cpu), *link);
	if (index != NONE) {
		e = elem_at(t, index);
		set_key(e, &p);
		for (uint32_t i = 0; i < t->value_words; i++)
			e->words[words + i] = word_of(value + i * 8, 8);
		SET(*link, index);
		SET(e->live, 1);
	}
	bucket_unlock(b);
	return index != NONE;
}

#define UPDATE_HELPER(size)                                                                                            \
	static uint64_t update_helper_##size(uint64_t map, uint64_t key, uint64_t value, uint64_t flags, uint64_t r5,  \
					     struct iov_env *env)                                                      \
	{                                                                                                              \
		struct iov_map *m = (struct iov_map *)(uintptr_t)map;                                                  \
		const void *k = (const void *)(uintptr_t)key, *v = (const void *)(uintptr_t)value;                     \
                                                                                                                       \
		(void)r5;                                                                                              \
		return update_sized(m, k, v, flags, env->cpu, size) ? 0 :                                              \
			       (uint64_t)put(m, k, v, flags, env->cpu);                                                \
	}
UPDATE_HELPER(4)
UPDATE_HELPER(8)
UPDATE_HELPER(16)

static iov_helper_fn *hash_helper(const struct iov_map *map, uint32_t id)
{
	static const struct {
		uint32_t key_size;
		iov_helper_fn *lookup, *update;
	} by_size[] = {
		{4, lookup_helper_4, update_helper_4},    {8, lookup_helper_8, update_helper_8},
		{12, lookup_helper_12, NULL},             {16, lookup_helper_16, update_helper_16},
		{40, lookup_helper_40, NULL},
	};

	for (size_t i = 0; i < sizeof(by_size) / sizeof(by_size[0]); i++)
		if (by_size[i].key_size == map->key_size)
			return id == IOV_HELPER_MAP_LOOKUP   ? by_size[i].lookup
			       : id == IOV_HELPER_MAP_UPDATE ? by_size[i].update
							     : NULL;
	return NULL;
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
	struct bucket *b;
	struct probe p;
	uint32_t *link;

	probe_make(map, key, &p);
	b = bucket_of(t, p.hash);
	bucket_lock(b);
	link = bucket_find(t, b, &p);
	if (link && what != ERASE)
		hash_read_value(map, value, value_of(t, elem_at(t, *link)));
	if (link && what != READ)
		pool_drop(map, b, link);
	bucket_unlock(b);
	return link ? 0 : -ENOENT;
}

static int64_t hash_erase(struct iov_map *map, const void *key) { return on_key(map, key, NULL, ERASE); }
static int64_t hash_read(struct iov_map *map, const void *key, void *value) { return on_key(map, key, value, READ); }
static int64_t hash_take(struct iov_map *map, const void *key, void *value) { return on_key(map, key, value, TAKE); }

static int64_t hash_count(const struct iov_map *map)
{
	return __atomic_load_n(&htab(map)->count, __ATOMIC_RELAXED);
}

static uint64_t hash_room(const struct iov_map *map, uint64_t at)
{
	const struct htab *t = htab(map);
	uint64_t off = at - (uintptr_t)t->elems, values = offsetof(struct elem, words) + 8ull * t->key_words;

	if (off >= t->pool * t->elem_size || off % t->elem_size < values)
		return 0;
	return t->elem_size - off % t->elem_size;
}

enum {
	PERCPU_FLAGS = IOV_F_NO_PREALLOC | IOV_F_ACCESS | IOV_F_ZERO_SEED,
	HASH_FLAGS = PERCPU_FLAGS | IOV_F_NUMA_NODE,
	LRU_FLAGS = IOV_F_NO_COMMON_LRU | IOV_F_ACCESS | IOV_F_ZERO_SEED,
};

#define HASH_OPS                                                                                                       \
	.check = hash_check, .bytes = hash_bytes, .init = hash_init, .lookup = hash_lookup, .update = hash_update,     \
	.erase = hash_erase, .each = hash_each, .read = hash_read, .write = hash_write, .next_key = hash_next_key,     \
	.count = hash_count, .elements = hash_elements, .helper = hash_helper, .room = hash_room
#define HASH_WALKS .next_at = hash_next_at, .take = hash_take

const struct iov_map_ops map_ops_hash = {.type = HASH, HASH_OPS, HASH_WALKS, .flags = HASH_FLAGS};
const struct iov_map_ops map_ops_percpu_hash = {
	.type = PERCPU_HASH, .per_cpu = true, HASH_OPS, HASH_WALKS, .flags = PERCPU_FLAGS,
};
const struct iov_map_ops map_ops_lru_hash = {
	.type = LRU_HASH, HASH_OPS, HASH_WALKS, .flags = LRU_FLAGS | IOV_F_NUMA_NODE,
};
const struct iov_map_ops map_ops_lru_percpu_hash = {
	.type = LRU_PERCPU_HASH, .per_cpu = true, HASH_OPS, HASH_WALKS, .flags = LRU_FLAGS,
};
const struct iov_map_ops map_ops_hash_of_maps = {
	.type = HASH_OF_MAPS, .check = hash_check, .bytes = hash_bytes, .init = hash_init, .lookup = inner_lookup,
	.erase = hash_erase, .next_key = hash_next_key, .flags = HASH_FLAGS,
};
const struct iov_map_ops map_ops_devmap_hash = {
	.type = DEVMAP_HASH, HASH_OPS, .flags = IOV_F_NUMA_NODE | IOV_F_RDONLY | IOV_F_WRONLY,
};
