/* SPDX-License-Identifier: Apache-2.0 */
/* Maps against a model that is a list: long random histories of every operation, and each answer compared. Then what a
 * history cannot say: pointers to values that were replaced, eviction, rings, definitions that are refused. */
#include "runtime/maps/map.h"
#include "testsuite/bench/maps/zipf.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

enum {
	HASH = 1,
	ARRAY = 2,
	PROG_ARRAY = 3,
	PERCPU_HASH = 5,
	PERCPU_ARRAY = 6,
	LRU_HASH = 9,
	LRU_PERCPU_HASH = 10,
	LPM = 11,
	DEVMAP = 14,
	QUEUE = 22,
	STACK = 23,
	DEVMAP_HASH = 25,
	RINGBUF = 27
};
enum { MAX_KEY = 24, MAX_VALUE = 64, CPUS = 3, ROOM = 64 };

static uint64_t rng_state;
static uint32_t rnd(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(rng_state >> 33) % below;
}

static struct iov_map *make(const struct iov_map_def *def)
{
	struct iov_map *map = NULL;
	struct iov_sink sink;

	sink_init(&sink, NULL);
	cr_assert_eq(map_create(def, &(struct iov_map_options){.cpus = CPUS, .seed = 42}, NULL, &sink, &map), IOV_OK);
	sink_free(&sink);
	return map;
}

/* --- The model. -------------------------------------------------------------------------------------------------- */

struct model {
	const struct iov_map_def *def;
	bool used[ROOM];
	uint8_t key[ROOM][MAX_KEY], value[ROOM][CPUS * MAX_VALUE];
	unsigned count;
};

static bool per_cpu(const struct iov_map_def *def)
{
	return def->type == PERCPU_ARRAY || def->type == PERCPU_HASH || def->type == LRU_PERCPU_HASH;
}
static bool is_array(const struct iov_map_def *def) { return def->type == ARRAY || def->type == PERCPU_ARRAY; }
static uint32_t stride(const struct iov_map_def *def) { return (def->value_size + 7) / 8 * 8; }

/* Bits of an LPM key that count. */
static bool same_prefix(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
	for (uint32_t i = 0; i < bits; i++)
		if ((a[4 + i / 8] ^ b[4 + i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static uint32_t prefix(const uint8_t *key)
{
	uint32_t len;

	memcpy(&len, key, 4);
	return len;
}

static bool same_key(const struct model *m, const uint8_t *a, const uint8_t *b)
{
	if (m->def->type == LPM)
		return prefix(a) == prefix(b) && same_prefix(a, b, prefix(a));
	return !memcmp(a, b, m->def->key_size);
}

static int model_find(const struct model *m, const uint8_t *key)
{
	for (int i = 0; i < ROOM; i++)
		if (m->used[i] && same_key(m, m->key[i], key))
			return i;
	return -1;
}

static int model_lookup(const struct model *m, const uint8_t *key)
{
	int best = -1;

	if (m->def->type != LPM)
		return model_find(m, key);
	for (int i = 0; i < ROOM; i++)
		if (m->used[i] && prefix(m->key[i]) <= prefix(key) && same_prefix(m->key[i], key, prefix(m->key[i])) &&
		    (best < 0 || prefix(m->key[i]) > prefix(m->key[best])))
			best = i;
	return best;
}

static int64_t model_update(struct model *m, const uint8_t *key, const uint8_t *value, uint64_t flags, int cpu)
{
	int at = model_find(m, key);
	uint32_t index;

	memcpy(&index, key, 4);
	if (flags > 2)
		return -EINVAL;
	if (is_array(m->def) && index >= m->def->max_entries)
		return -E2BIG;
	if (at >= 0 && flags == 1)
		return -EEXIST;
	if (at < 0 && flags == 2)
		return -ENOENT;
	if (at < 0) {
		if (m->count == m->def->max_entries)
			return m->def->type == LPM ? -ENOSPC : -E2BIG;
		for (at = 0; m->used[at];)
			at++;
		m->used[at] = true;
		m->count++;
		memset(m->value[at], 0, sizeof(m->value[at]));
	}
	memcpy(m->key[at], key, m->def->key_size);
	memcpy(m->value[at] + (size_t)cpu * stride(m->def), value, m->def->value_size);
	return 0;
}

static int64_t model_erase(struct model *m, const uint8_t *key)
{
	int at = model_find(m, key);

	if (is_array(m->def))
		return -EINVAL;
	if (at < 0)
		return -ENOENT;
	m->used[at] = false;
	m->count--;
	return 0;
}

/* Keys close together, so that they collide, nest and come again. */
static void random_key(const struct iov_map_def *def, uint8_t *key)
{
	uint32_t v = rnd(def->max_entries + 4);

	memset(key, 0, MAX_KEY);
	if (def->type == LPM) {
		uint32_t bits = rnd((def->key_size - 4) * 8 + 1);

		memcpy(key, &bits, 4);
		for (uint32_t i = 4; i < def->key_size; i++)
			key[i] = (uint8_t)(rnd(2) ? 0 : rnd(2) ? 0x80 >> rnd(8) : 0xff);
	} else {
		memcpy(key, &v, def->key_size < 4 ? def->key_size : 4);
		key[def->key_size - 1] ^= is_array(def) ? 0 : (uint8_t)(v * 7);
	}
}

static void compare_all(struct iov_map *map, struct model *m)
{
	uint8_t key[MAX_KEY], next[MAX_KEY], value[CPUS * MAX_VALUE];
	size_t size = per_cpu(m->def) ? (size_t)CPUS * stride(m->def) : m->def->value_size;
	unsigned walked = 0;

	for (int64_t e = map_next_key(map, NULL, next); !e; e = map_next_key(map, key, next), walked++) {
		int at = model_find(m, next);

		cr_assert_geq(at, 0, "a walk gives a key that was never put in");
		cr_assert_eq(map_read(map, next, value), 0);
		if (m->def->type != LPM)
			cr_assert_arr_eq(value, m->value[at], size);
		memcpy(key, next, sizeof(key));
		cr_assert_leq(walked, ROOM);
	}
	cr_assert_eq(walked, m->count);
}

static void history(const struct iov_map_def *def, unsigned turns, uint64_t seed)
{
	struct iov_map *map = make(def);
	struct model m = {.def = def};

	rng_state = seed;
	for (uint32_t i = 0; is_array(def) && i < def->max_entries; i++) {
		memcpy(m.key[i], &i, 4);
		m.used[i] = true;
		m.count++;
	}
	for (unsigned turn = 0; turn < turns; turn++) {
		uint8_t key[MAX_KEY], value[MAX_VALUE];
		uint32_t cpu = per_cpu(def) ? rnd(CPUS) : 0;
		uint64_t flags = rnd(4) ? 0 : rnd(5);
		uint8_t *found;
		int at;

		random_key(def, key);
		for (uint32_t i = 0; i < def->value_size; i++)
			value[i] = (uint8_t)rnd(256);
		switch (rnd(4)) {
		case 0:
		case 1:
			flags = flags == 4 ? 8 : flags;
			cr_assert_eq(map->ops->update(map, key, value, flags, cpu),
				     model_update(&m, key, value, flags, (int)cpu));
			break;
		case 2:
			cr_assert_eq(map_erase(map, key), model_erase(&m, key));
			break;
		case 3:
			found = map->ops->lookup(map, key, cpu);
			at = model_lookup(&m, key);
			cr_assert_eq(found != NULL, at >= 0);
			if (found)
				cr_assert_arr_eq(found, m.value[at] + cpu * stride(def), def->value_size);
			break;
		}
		if (turn % 500 == 0)
			compare_all(map, &m);
	}
	compare_all(map, &m);
	map_destroy(map);
}

Test(maps, random_histories_match_the_model, .timeout = 60)
{
	static const struct iov_map_def defs[] = {
		{.name = "array", .type = ARRAY, .key_size = 4, .value_size = 12, .max_entries = 9},
		{.name = "array1", .type = ARRAY, .key_size = 4, .value_size = 1, .max_entries = 1},
		{.name = "percpu_array", .type = PERCPU_ARRAY, .key_size = 4, .value_size = 5, .max_entries = 4},
		{.name = "hash", .type = HASH, .key_size = 5, .value_size = 12, .max_entries = 13},
		{.name = "hash1", .type = HASH, .key_size = 1, .value_size = 3, .max_entries = 1},
		{.name = "hash24",
		 .type = HASH,
		 .key_size = 24,
		 .value_size = 64,
		 .max_entries = 40,
		 .flags = IOV_F_NO_PREALLOC},
		{.name = "percpu_hash", .type = PERCPU_HASH, .key_size = 16, .value_size = 20, .max_entries = 20},
		{.name = "lru", .type = LRU_HASH, .key_size = 8, .value_size = 8, .max_entries = 60},
		{.name = "lpm4",
		 .type = LPM,
		 .key_size = 8,
		 .value_size = 9,
		 .max_entries = 24,
		 .flags = IOV_F_NO_PREALLOC},
		{.name = "lpm16",
		 .type = LPM,
		 .key_size = 20,
		 .value_size = 8,
		 .max_entries = 60,
		 .flags = IOV_F_NO_PREALLOC},
		{.name = "lpm1",
		 .type = LPM,
		 .key_size = 5,
		 .value_size = 1,
		 .max_entries = 30,
		 .flags = IOV_F_NO_PREALLOC},
	};

	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++)
		for (uint64_t seed = 1; seed <= 8; seed++)
			history(&defs[i], defs[i].type == LRU_HASH ? 400 : 20000, seed * 77 + i);
}

/* --- What a history cannot say. ---------------------------------------------------------------------------------- */

Test(maps, an_update_leaves_the_old_value_to_those_who_hold_it)
{
	static const struct iov_map_def defs[] = {
		{.name = "h", .type = HASH, .key_size = 4, .value_size = 8, .max_entries = 1},
		{.name = "l",
		 .type = LPM,
		 .key_size = 8,
		 .value_size = 8,
		 .max_entries = 1,
		 .flags = IOV_F_NO_PREALLOC},
	};

	for (size_t i = 0; i < 2; i++) {
		struct iov_map *map = make(&defs[i]);
		uint8_t key[8] = {8, 0, 0, 0, 1};
		uint64_t one = 1, two = 2, *old, *new;

		cr_assert_eq(map_write(map, key, &one, 0), 0);
		old = map->ops->lookup(map, key, 0);
		cr_assert_eq(map_write(map, key, &two, 0), 0);
		new = map->ops->lookup(map, key, 0);
		cr_expect_neq(old, new);
		*old = 77;
		cr_expect_eq(*new, 2);
		cr_expect_eq(map_erase(map, key), 0);
		*new = 78;
		cr_expect_null(map->ops->lookup(map, key, 0));
		map_destroy(map);
	}
}

Test(maps, arrays_and_per_cpu_hashes_change_in_place)
{
	static const struct iov_map_def def = {
		.name = "p", .type = PERCPU_HASH, .key_size = 4, .value_size = 4, .max_entries = 2};
	struct iov_map *map = make(&def);
	uint32_t key = 3, value = 5, *at;
	uint64_t all[CPUS] = {0};

	cr_assert_eq(map->ops->update(map, &key, &value, 0, 1), 0);
	at = map->ops->lookup(map, &key, 1);
	value = 6;
	cr_assert_eq(map->ops->update(map, &key, &value, 0, 1), 0);
	cr_expect_eq(*at, 6);
	cr_expect_eq(map_read_size(map), sizeof(all));
	cr_assert_eq(map_read(map, &key, all), 0);
	cr_expect(all[0] == 0 && all[1] == 6 && all[2] == 0);
	map_destroy(map);
}

Test(maps, lru_evicts_what_nobody_looked_up)
{
	static const struct iov_map_def def = {
		.name = "l", .type = LRU_HASH, .key_size = 4, .value_size = 4, .max_entries = 100};
	struct iov_map *map = make(&def);
	unsigned kept = 0, live = 0;

	for (uint32_t i = 0; i < 100; i++)
		cr_assert_eq(map->ops->update(map, &i, &i, 0, 0), 0);
	for (uint32_t i = 0; i < 50; i++)
		cr_assert_not_null(map->ops->lookup(map, &i, 0));
	for (uint32_t i = 100; i < 150; i++)
		cr_assert_eq(map->ops->update(map, &i, &i, IOV_NOEXIST, 0), 0);
	for (uint32_t i = 0; i < 150; i++) {
		bool there = map->ops->lookup(map, &i, 0);

		live += there;
		kept += there && i < 50;
	}
	cr_expect_eq(kept, 50, "looked-up entries survive one round");
	cr_expect_eq(live, 100);
	map_destroy(map);
}

static int64_t count_and_erase(void *ud, const void *key, void *value)
{
	struct { struct iov_map *map; unsigned seen; } *w = ud;

	(void)value;
	w->seen++;
	return map_erase(w->map, key) ? 1 : 0;
}

Test(maps, lru_hits_nearly_as_often_as_true_lru)
{
	static const struct iov_map_def defs[] = {
		{.name = "lru", .type = LRU_HASH, .key_size = 4, .value_size = 8, .max_entries = ZIPF_ROOM},
		{.name = "percpu", .type = LRU_PERCPU_HASH, .key_size = 4, .value_size = 8, .max_entries = ZIPF_ROOM},
	};

	for (size_t i = 0; i < 2; i++) {
		struct iov_map *map = make(&defs[i]);
		struct zipf_hits hits = zipf_run(map);

		cr_expect_geq(hits.map, hits.true_lru * 0.95, "%s: %u hits, true LRU %u of %u", defs[i].name, hits.map,
			      hits.true_lru, ZIPF_TURNS);
		cr_expect_lt(hits.true_lru, ZIPF_TURNS * 9 / 10, "the trace is no test of eviction");
		cr_expect_eq(hits.refused, 0);
		map_destroy(map);
	}
}

Test(maps, a_walk_may_erase_where_it_stands)
{
	static const struct iov_map_def def = {
		.name = "h", .type = HASH, .key_size = 4, .value_size = 4, .max_entries = 64};
	struct iov_map *map = make(&def);
	struct { struct iov_map *map; unsigned seen; } w = {map, 0};
	uint32_t key;

	for (uint32_t i = 0; i < 64; i++)
		cr_assert_eq(map->ops->update(map, &i, &i, 0, 0), 0);
	cr_expect_eq(map->ops->each(map, count_and_erase, &w, 0), 64);
	cr_expect_eq(w.seen, 64);
	cr_expect_eq(map_next_key(map, NULL, &key), -ENOENT);
	map_destroy(map);
}

Test(maps, queues_and_stacks)
{
	static const struct iov_map_def defs[] = {{.name = "q", .type = QUEUE, .value_size = 4, .max_entries = 3},
						  {.name = "s", .type = STACK, .value_size = 4, .max_entries = 3}};

	for (int s = 0; s < 2; s++) {
		struct iov_map *map = make(&defs[s]);
		uint32_t v;

		for (uint32_t i = 1; i <= 3; i++)
			cr_assert_eq(map->ops->push(map, &i, 0), 0);
		v = 4;
		cr_expect_eq(map->ops->push(map, &v, 0), -E2BIG);
		cr_expect_eq(map->ops->push(map, &v, IOV_NOEXIST), -EINVAL);
		cr_expect_eq(map->ops->push(map, &v, IOV_EXIST), 0, "replaces the oldest");
		for (uint32_t i = 0; i < 3; i++) {
			cr_expect_eq(map->ops->peek(map, &v), 0);
			cr_expect_eq(v, s ? 4 - i : 2 + i);
			cr_expect_eq(map->ops->pop(map, &v), 0);
			cr_expect_eq(v, s ? 4 - i : 2 + i);
		}
		cr_expect_eq(map->ops->pop(map, &v), -ENOENT);
		cr_expect_eq(v, 0, "nothing is given as zeros");
		map_destroy(map);
	}
}

struct tape {
	uint32_t next, wrong, stop_after;
};

/* A record is its number and that many bytes of the number's low byte. */
static int play(void *ud, const void *data, size_t len)
{
	struct tape *t = ud;
	const uint8_t *bytes = data;
	uint32_t number;

	memcpy(&number, data, 4);
	t->wrong += number != t->next || len != 4 + number % 90;
	for (size_t i = 4; i < len; i++)
		t->wrong += bytes[i] != (uint8_t)number;
	t->next++;
	return --t->stop_after == 0;
}

Test(maps, ring_records_run_over_the_end)
{
	static const struct iov_map_def def = {.name = "r", .type = RINGBUF, .max_entries = 4096};
	struct iov_map *map = make(&def);
	struct tape tape = {.stop_after = UINT32_MAX};
	uint32_t number = 0;

	for (int round = 0; round < 500; round++) {
		for (int i = 0; i < 30; i++) {
			uint32_t len = 4 + number % 90;
			uint8_t *sample = ring_reserve(map, len, 0);

			if (!sample)
				break;
			memcpy(sample, &number, 4);
			memset(sample + 4, (uint8_t)number, len - 4);
			ring_commit(sample, 0, false);
			number++;
			sample = ring_reserve(map, 8, 0);
			if (sample)
				ring_commit(sample, 0, true);
		}
		cr_assert_eq(ring_query(map, 1), 4096);
		ring_consume(map, UINT64_MAX, play, &tape);
		cr_assert_eq(ring_query(map, 0), 0);
	}
	cr_expect_eq(tape.wrong, 0);
	cr_expect_eq(tape.next, number);
	cr_expect_gt(number, 5000);
	map_destroy(map);
}

Test(maps, ring_limits)
{
	static const struct iov_map_def def = {.name = "r", .type = RINGBUF, .max_entries = 4096};
	struct iov_map *map = make(&def);
	struct tape tape = {.stop_after = UINT32_MAX};
	uint8_t *first, *second, data[4] = {0};

	cr_expect_null(ring_reserve(map, 8, 1), "flags");
	cr_expect_null(ring_reserve(map, 4089, 0));
	cr_expect_null(ring_reserve(map, UINT64_MAX, 0));
	cr_expect_null(ring_reserve(map, 4088, 0), "one byte less than the ring must stay free");
	first = ring_reserve(map, 2000, 0);
	second = ring_reserve(map, 2000, 0);
	cr_assert(first && second);
	cr_expect_null(ring_reserve(map, 100, 0));
	cr_expect_eq(ring_output(map, data, 100, 0), -EAGAIN);
	cr_expect_eq(ring_output(map, data, 4, 8), -EINVAL);
	ring_commit(second, 0, true);
	cr_expect_eq(ring_consume(map, UINT64_MAX, play, &tape), 0, "the first is still busy");
	ring_commit(first, 0, true);
	cr_expect_eq(ring_consume(map, UINT64_MAX, play, &tape), 0);
	cr_expect_eq(ring_query(map, 2), 4016);
	cr_expect_eq(ring_output(map, data, 4, 1), 0);
	map_destroy(map);
}

Test(maps, device_maps)
{
	static const struct iov_map_def def = {
		.name = "d", .type = DEVMAP, .key_size = 4, .value_size = 4, .max_entries = 2};
	struct iov_map *map = make(&def);
	uint32_t key = 1, port = 7, big = 2, got;

	cr_expect_null(map->ops->lookup(map, &key, 0));
	cr_expect_eq(map_write(map, &key, &port, IOV_NOEXIST), -EEXIST);
	cr_expect_eq(map_write(map, &big, &port, 0), -E2BIG);
	cr_expect_eq(map_write(map, &key, &port, 0), 0);
	cr_expect_eq(*(uint32_t *)map->ops->lookup(map, &key, 0), 7);
	cr_expect_eq(map_read(map, &key, &got), 0);
	cr_expect_eq(map_erase(map, &key), 0);
	cr_expect_eq(map_read(map, &key, &got), -ENOENT);
	map_destroy(map);
}

Test(maps, maps_of_maps_take_maps_like_their_template)
{
	static const struct iov_map_def inner = {
		.name = "i", .type = HASH, .key_size = 4, .value_size = 8, .max_entries = 4};
	static const struct iov_map_def other = {
		.name = "o", .type = HASH, .key_size = 4, .value_size = 16, .max_entries = 4};
	static const struct iov_map_def outers[] = {
		{.name = "a", .type = 12, .key_size = 4, .value_size = 4, .max_entries = 2, .inner = &inner},
		{.name = "h", .type = 13, .key_size = 4, .value_size = 4, .max_entries = 2, .inner = &inner},
	};
	struct iov_map *fits = make(&inner), *differs = make(&other);

	for (size_t i = 0; i < 2; i++) {
		struct iov_map *map = make(&outers[i]);
		uint32_t keys[] = {1, 0, 7};

		cr_expect_null(map->ops->lookup(map, &keys[0], 0));
		cr_expect_eq(table_set_map(map, &keys[0], differs), -EINVAL);
		cr_expect_eq(table_set_map(map, &keys[0], fits), 0);
		cr_expect_eq(map->ops->lookup(map, &keys[0], 0), fits);
		cr_expect_null(map->ops->lookup(map, &keys[1], 0));
		cr_expect_eq(table_set_map(map, &keys[1], fits), 0);
		cr_expect_eq(table_set_map(map, &keys[2], fits), -E2BIG);
		cr_expect_eq(map_erase(map, &keys[0]), 0);
		cr_expect_null(map->ops->lookup(map, &keys[0], 0));
		cr_expect_eq(table_set_map(fits, &keys[0], fits), -EINVAL);
		map_destroy(map);
	}
	map_destroy(fits);
	map_destroy(differs);
}

Test(maps, initial_contents)
{
	static const uint8_t init[5] = {1, 2, 3, 4, 5};
	static const struct iov_map_def def = {
		.name = ".data", .type = ARRAY, .key_size = 4, .value_size = 5, .max_entries = 1, .init = init};
	struct iov_map *map = make(&def);

	cr_expect_arr_eq(map->head.data, init, 5);
	map_destroy(map);
}

Test(maps, bad_definitions_are_diagnosed)
{
	static const struct iov_map_def defs[] = {
		{.name = "m", .type = ARRAY, .key_size = 8, .value_size = 4, .max_entries = 1},
		{.name = "m", .type = ARRAY, .key_size = 4, .value_size = 0, .max_entries = 1},
		{.name = "m", .type = HASH, .key_size = 0, .value_size = 4, .max_entries = 1},
		{.name = "m", .type = HASH, .key_size = 4, .value_size = 4},
		{.name = "m", .type = HASH, .key_size = 1 << 22, .value_size = 4, .max_entries = 1},
		{.name = "m", .type = HASH, .key_size = 4, .value_size = 0x80000000, .max_entries = 1},
		{.name = "m", .type = LRU_HASH, .key_size = 4, .value_size = 4, .max_entries = UINT32_MAX},
		{.name = "m",
		 .type = LPM,
		 .key_size = 4,
		 .value_size = 4,
		 .max_entries = 1,
		 .flags = IOV_F_NO_PREALLOC},
		{.name = "m", .type = LPM, .key_size = 8, .value_size = 4, .max_entries = 1},
		{.name = "m",
		 .type = LPM,
		 .key_size = 261,
		 .value_size = 4,
		 .max_entries = 1,
		 .flags = IOV_F_NO_PREALLOC},
		{.name = "m", .type = RINGBUF, .key_size = 4, .max_entries = 4096},
		{.name = "m", .type = RINGBUF},
		{.name = "m", .type = QUEUE, .key_size = 4, .value_size = 4, .max_entries = 1},
		{.name = "m", .type = PROG_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1},
		{.name = "m", .type = 9999, .key_size = 4, .value_size = 8, .max_entries = 1},
		{.name = "m", .type = ARRAY, .key_size = 4, .value_size = 1 << 20, .max_entries = UINT32_MAX},
		{.name = "m", .type = PERCPU_ARRAY, .key_size = 4, .value_size = INT32_MAX, .max_entries = UINT32_MAX},
		{.name = "m", .type = PERCPU_HASH, .key_size = 4, .value_size = INT32_MAX, .max_entries = 1 << 30},
	};

	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++) {
		struct iov_map *map = NULL;
		struct iov_sink sink;

		sink_init(&sink, NULL);
		cr_expect_eq(map_create(&defs[i],
					&(struct iov_map_options){.cpus = 1024, .max_bytes = i % 2 ? 1 << 30 : 0}, NULL,
					&sink, &map),
			     IOV_DIAGNOSED, "definition %zu", i);
		cr_expect_eq(sink.errors, 1);
		cr_expect_null(map);
		sink_free(&sink);
	}
}
