/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of hash maps: buckets, the pool of elements, eviction (hash.h). Eviction is by second chance: lookups mark
 * an element, the hand clears marks and takes the first unmarked one. */
#include "runtime/maps/hash.h"

enum { BATCH = 8, LOAD = 5, PLAIN_MOST = 256 };

/* Two and a half to five elements a bucket when the map is full: one in fifty of them finds no place then. */
static uint32_t buckets_of(const struct iov_map_def *def)
{
	uint32_t n = 1;

	while ((uint64_t)n * LOAD < def->max_entries)
		n <<= 1;
	return n;
}

/* Two for each list that threads replace elements from, or an update often finds its own empty. */
uint32_t hash_elements(const struct iov_map_def *def, uint32_t cpus) { return def->max_entries + cpus + 2 * LISTS; }

static uint64_t elem_size_of(const struct iov_map_def *def, uint32_t cpus)
{
	bool per_cpu = def->type == PERCPU_HASH || def->type == LRU_PERCPU_HASH;

	return sizeof(struct elem) + map_round8(def->key_size) +
	       (uint64_t)map_round8(def->value_size) * (per_cpu ? cpus : 1);
}

uint64_t hash_bytes(const struct iov_map_def *def, uint32_t cpus)
{
	uint64_t elems = map_times(hash_elements(def, cpus), elem_size_of(def, cpus));
	uint64_t rest = sizeof(struct htab) + (uint64_t)buckets_of(def) * sizeof(struct bucket) + CACHE_LINE;

	return elems > UINT64_MAX - rest ? UINT64_MAX : elems + rest;
}

void hash_init(struct iov_map *map)
{
	struct htab *t = htab(map);
	uint32_t buckets = buckets_of(map->def);
	uint8_t *behind = (uint8_t *)(t + 1);

	*t = (struct htab){.pool = hash_elements(map->def, map->slots), .mask = buckets - 1,
			   .key_words = map_round8(map->key_size) / 8,
			   .elem_size = elem_size_of(map->def, map->slots),
			   .start = map->seed ^ map->key_size ^ 0x9e3779b97f4a7c15u,
			   .factor = (map->seed >> 1 | 1u) ^ 0xd6e8feb86659fd92u,
			   .marks = hash_is_lru(map), .per_cpu = map->ops->per_cpu};
	if (map->head.type == HASH && !map->def->fields.count && map->value_size % 8 == 0)
		t->value_words = map->value_size <= PLAIN_MOST ? (uint16_t)(map->value_size / 8) : 0;
	for (uint32_t i = 0; i < LISTS; i++)
		t->free[i].head = NONE;
	t->buckets = (struct bucket *)(void *)(behind + -(uintptr_t)behind % CACHE_LINE);
	for (uint32_t i = 0; i < buckets; i++)
		t->buckets[i] = (struct bucket){.chain = NONE};
	t->elems = (uint8_t *)(t->buckets + buckets); /* in line: a small element lies in one line and not on two */
	for (uint32_t i = 0; map->owns && i < t->pool; i++)
		map_hide(map, value_of(t, elem_at(t, i)));
}

void bucket_wait(struct bucket *b)
{
	uint32_t turns = 0, seq = __atomic_load_n(&b->seq, __ATOMIC_RELAXED);

	while (seq & 1 ||
	       !__atomic_compare_exchange_n(&b->seq, &seq, seq + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		spin_wait(&turns);
		seq = __atomic_load_n(&b->seq, __ATOMIC_RELAXED);
	}
}

bool chain_match(struct elem *e, const struct probe *p) { return GET(e->hash) == p->hash && same_key(e, p); }

uint32_t *bucket_find(const struct htab *t, struct bucket *b, const struct probe *p)
{
	uint32_t *way = way_find(t, b, p);

	if (way)
		return way;
	for (uint32_t *at = &b->chain; *at != NONE; at = &elem_at(t, *at)->next)
		if (chain_match(elem_at(t, *at), p))
			return at;
	return NULL;
}

uint32_t *bucket_find_elem(const struct htab *t, struct bucket *b, uint32_t index)
{
	uint32_t *at = &b->chain;

	for (uint32_t way = 0; way < WAYS; way++)
		if (b->at[way] == index && b->tags >> way * 8 & 0xff)
			return &b->at[way];
	while (*at != NONE && *at != index)
		at = &elem_at(t, *at)->next;
	return *at == index ? at : NULL;
}

static void set_way(struct bucket *b, uint32_t way, uint32_t index, uint8_t tag)
{
	SET(b->at[way], index);
	SET(b->tags, (b->tags & ~(0xffull << way * 8)) | (uint64_t)tag << way * 8);
}

void bucket_put(const struct htab *t, struct bucket *b, uint32_t index)
{
	struct elem *e = elem_at(t, index);
	uint64_t room = ways_of(b, 0);

	if (room) {
		set_way(b, first_way(room), index, e->tag);
		return;
	}
	SET(e->next, b->chain);
	SET(b->chain, index);
}

/* A place that comes free is for the first of those that have none. */
void bucket_take(const struct htab *t, struct bucket *b, uint32_t *link)
{
	uint32_t way = (uint32_t)(link - b->at), first = b->chain;

	if (link < b->at || link >= b->at + WAYS) {
		SET(*link, elem_at(t, *link)->next);
	} else if (first == NONE) {
		set_way(b, way, 0, 0);
	} else {
		SET(b->chain, elem_at(t, first)->next);
		set_way(b, way, first, elem_at(t, first)->tag);
	}
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

void pool_push(struct htab *t, uint32_t index, uint32_t hash)
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
		pool_push(t, i - 1, hash);
	return first < end ? first : NONE;
}

uint32_t pool_pop(struct htab *t, uint32_t hash)
{
	uint32_t index = pop_list(t, list_of(t, hash, 0));

	if (index == NONE)
		index = take_fresh(t, hash);
	for (uint32_t next = 1; index == NONE && next < LISTS; next++)
		index = pop_list(t, list_of(t, hash, next));
	return index;
}

void pool_drop(struct iov_map *map, struct bucket *b, uint32_t *link)
{
	struct htab *t = htab(map);
	uint32_t index = *link;
	struct elem *e = elem_at(t, index);

	bucket_take(t, b, link);
	__atomic_store_n(&e->live, 0, __ATOMIC_RELAXED);
	map_drop(map, value_of(t, e));
	pool_push(t, index, e->hash);
	__atomic_sub_fetch(&t->count, 1, __ATOMIC_RELAXED);
}

/* Whether it was there to be taken. */
static bool evict_elem(struct iov_map *map, uint32_t index)
{
	struct htab *t = htab(map);
	struct bucket *b = bucket_of(t, GET(elem_at(t, index)->hash));
	uint32_t *link;

	bucket_lock(b);
	link = bucket_find_elem(t, b, index);
	if (link)
		pool_drop(map, b, link);
	bucket_unlock(b);
	return link != NULL;
}

bool pool_evict(struct iov_map *map)
{
	struct htab *t = htab(map);
	bool done = false;

	spin_lock(&t->evict);
	for (uint64_t turn = 0; !done && turn < 2ull * t->pool + 1; turn++) {
		uint32_t index = t->hand;
		struct elem *e = elem_at(t, index);

		t->hand = index + 1 < __atomic_load_n(&t->fresh, __ATOMIC_ACQUIRE) ? index + 1 : 0;
		if (GET(e->live) && !__atomic_exchange_n(&e->ref, 0, __ATOMIC_RELAXED))
			done = evict_elem(map, index);
	}
	spin_unlock(&t->evict);
	return done;
}
