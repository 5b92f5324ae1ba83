/* SPDX-License-Identifier: Apache-2.0 */
/* The buckets of hash maps: full ones that chain, places that come free again, and the helpers that programs call in
 * the stead of the general ones, beside those. */
#include "runtime/maps/hash.h"

#include <criterion/criterion.h>
#include <errno.h>

enum { ROOM = 640, KEYS = 2 * ROOM, VALUE = 16 };

static struct iov_env env;

static struct iov_map *make(const struct iov_map_def *def)
{
	struct iov_map *map = NULL;

	cr_assert_eq(map_create(def, &(struct iov_map_options){.cpus = 1, .seed = 5}, NULL, NULL, &map), IOV_OK);
	return map;
}

static void key_of(uint32_t number, uint32_t size, uint8_t *key)
{
	memset(key, 0, size);
	memcpy(key, &number, size < 4 ? size : 4);
	key[size - 1] ^= (uint8_t)(number * 7);
}

/* Both ways that a program's call may go. */
static void *look(struct iov_map *map, const uint8_t *key)
{
	iov_helper_fn *own = map->ops->helper(map, IOV_HELPER_MAP_LOOKUP);
	void *at = map->ops->lookup(map, key, 0);

	if (own)
		cr_assert_eq(own((uintptr_t)map, (uintptr_t)key, 0, 0, 0, &env), (uintptr_t)at);
	return at;
}

static int64_t put(struct iov_map *map, const uint8_t *key, const uint8_t *value, uint64_t flags, bool by_own)
{
	iov_helper_fn *own = map->ops->helper(map, IOV_HELPER_MAP_UPDATE);

	if (own && by_own)
		return (int64_t)own((uintptr_t)map, (uintptr_t)key, (uintptr_t)value, flags, 0, &env);
	return map->ops->update(map, key, value, flags, 0);
}

static uint32_t chained(const struct iov_map *map)
{
	const struct htab *t = htab(map);
	uint32_t n = 0;

	for (uint32_t i = 0; i <= t->mask; i++)
		for (uint32_t at = t->buckets[i].chain; at != NONE; at = elem_at(t, at)->next)
			n++;
	return n;
}

static void compare(struct iov_map *map, const uint8_t (*model)[VALUE], const bool *used)
{
	uint8_t key[64];

	for (uint32_t i = 0; i < KEYS; i++) {
		const uint8_t *at;

		key_of(i, map->key_size, key);
		at = look(map, key);
		cr_assert_eq(at != NULL, used[i], "key %u", i);
		if (at)
			cr_assert_arr_eq(at, model[i], map->value_size);
	}
}

static void history(const struct iov_map_def *def)
{
	static uint8_t model[KEYS][VALUE];
	static bool used[KEYS];
	struct iov_map *map = make(def);
	uint64_t state = def->key_size;
	uint32_t count = 0, most_chained = 0;

	memset(used, 0, sizeof(used));
	for (uint32_t turn = 0; turn < 20000; turn++) {
		uint32_t number;
		uint8_t key[64], value[VALUE];
		uint64_t flags;
		int64_t want;

		state = state * 6364136223846793005u + 1442695040888963407u;
		number = (uint32_t)(state >> 40) % KEYS;
		key_of(number, def->key_size, key);
		memset(value, (int)(state >> 33), sizeof(value));
		flags = state >> 58 < 6 ? state >> 58 : 0;
		if (turn % 5 == 4) {
			cr_assert_eq(map_erase(map, key), used[number] ? 0 : -ENOENT);
			count -= used[number];
			used[number] = false;
			continue;
		}
		if (flags > IOV_EXIST)
			want = -EINVAL;
		else if (used[number])
			want = flags == IOV_NOEXIST ? -EEXIST : 0;
		else
			want = flags == IOV_EXIST ? -ENOENT : count < ROOM ? 0 : -E2BIG;
		cr_assert_eq(put(map, key, value, flags, turn & 1), want);
		if (!want) {
			memcpy(model[number], value, VALUE);
			count += !used[number];
			used[number] = true;
		}
		most_chained = most_chained > chained(map) ? most_chained : chained(map);
		if (turn % 1000 == 0)
			compare(map, model, used);
	}
	compare(map, model, used);
	cr_expect_gt(most_chained, 0);
	cr_expect_eq(map->ops->count(map), count);
	map_destroy(map);
}

Test(hash, full_buckets_chain_and_give_places_back, .timeout = 60)
{
	static const struct {
		uint32_t key, value;
	} sizes[] = {{4, 8}, {8, 16}, {12, 8}, {16, 16}, {40, 8}, {7, 16}, {4, 12}, {2, 8}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const struct iov_map_def def = {.name = "h", .type = HASH, .key_size = sizes[i].key,
						.value_size = sizes[i].value, .max_entries = ROOM};

		history(&def);
	}
}

Test(hash, an_update_by_helper_leaves_the_old_value_to_those_who_hold_it)
{
	static const struct iov_map_def def = {.name = "h", .type = HASH, .key_size = 4, .value_size = 8,
					       .max_entries = 1};
	struct iov_map *map = make(&def);
	uint64_t one = 1, two = 2, *old, *new;
	uint8_t key[4] = {9};

	cr_assert_eq(put(map, key, (uint8_t *)&one, 0, true), 0);
	old = look(map, key);
	cr_assert_eq(put(map, key, (uint8_t *)&two, 0, true), 0);
	new = look(map, key);
	cr_expect_neq(old, new);
	cr_expect_eq(*old, 1);
	cr_expect_eq(*new, 2);
	map_destroy(map);
}

Test(hash, keys_in_order_spread_over_the_buckets)
{
	static const struct iov_map_def def = {.name = "h", .type = HASH, .key_size = 4, .value_size = 8,
					       .max_entries = 65536};
	struct iov_map *map = make(&def);
	uint64_t value = 0;

	for (uint32_t i = 0; i < 65536; i++) {
		uint32_t key = __builtin_bswap32(i);

		cr_assert_eq(map_write(map, &key, &value, 0), 0);
	}
	cr_expect_lt(chained(map), 65536 / 50); /* four a bucket: 0.8 % find no place among eight */
	map_destroy(map);
}

/* Walks while keys that stay are updated, which gives them other elements, and guests come and go in their buckets. */
enum { STAY = 400, GUESTS = 200 };

struct walk {
	struct iov_map *map;
	uint64_t state;
	uint32_t met[STAY + GUESTS];
};

static void disturb(struct walk *w, uint32_t spared)
{
	for (int i = 0; i < 4; i++) {
		uint32_t stays, guest;

		w->state = w->state * 6364136223846793005u + 1442695040888963407u;
		stays = (uint32_t)(w->state >> 40) % STAY;
		guest = STAY + (uint32_t)(w->state >> 20) % GUESTS;
		cr_assert_eq(w->map->ops->update(w->map, &stays, &w->state, 0, 0), 0);
		if (guest != spared && map_erase(w->map, &guest))
			cr_assert_eq(w->map->ops->update(w->map, &guest, &w->state, 0, 0), 0);
	}
}

static int64_t meet(void *ud, const void *key, void *value)
{
	struct walk *w = ud;
	uint32_t number;

	(void)value;
	memcpy(&number, key, 4);
	w->met[number]++;
	disturb(w, number);
	return 0;
}

static void met_once(const struct walk *w, const char *how)
{
	for (uint32_t i = 0; i < STAY; i++)
		cr_assert_eq(w->met[i], 1, "%s: key %u %u times", how, i, w->met[i]);
}

static void walks(const struct iov_map_def *def)
{
	struct walk w = {.map = make(def), .state = 7};
	uint32_t key, next, count;
	uint64_t at = 0, values[16];

	for (key = 0; key < STAY + GUESTS / 2; key++)
		cr_assert_eq(map_write(w.map, &key, values, 0), 0);
	cr_assert_gt(chained(w.map), 0);
	w.map->ops->each(w.map, meet, &w, 0);
	met_once(&w, "each");
	memset(w.met, 0, sizeof(w.met));
	for (count = 1; !map_read_batch(w.map, &at, &key, values, &count, 0, false); count = 1)
		meet(&w, &key, NULL);
	met_once(&w, "batch");
	memset(w.met, 0, sizeof(w.met));
	for (int64_t e = map_next_key(w.map, NULL, &next); !e; e = map_next_key(w.map, &key, &next)) {
		key = next;
		meet(&w, &key, NULL);
	}
	met_once(&w, "next_key");
	map_destroy(w.map);
}

Test(hash, walks_meet_each_key_that_stays_once)
{
	static const struct iov_map_def def = {.name = "h", .type = HASH, .key_size = 4, .value_size = 8,
					       .max_entries = ROOM};
	static const struct iov_map_def small = {.name = "h", .type = HASH, .key_size = 4, .value_size = 8,
						 .max_entries = STAY + GUESTS, .flags = IOV_F_ZERO_SEED};

	walks(&def);
	walks(&small);
}

/* A key of a hash of maps goes from one map to the other; there is no time without one. */
Test(hash, an_inner_map_takes_the_place_of_another)
{
	static const struct iov_map_def inner = {.name = "i", .type = 2, .key_size = 4, .value_size = 8,
						 .max_entries = 1};
	static const struct iov_map_def def = {.name = "h", .type = HASH_OF_MAPS, .key_size = 4, .value_size = 4,
					       .max_entries = 2, .inner = &inner};
	struct iov_map *map = make(&def), *a = make(&inner), *b = make(&inner);
	uint32_t key = 3, other = 4, third = 5;

	cr_expect_eq(hash_set_inner(map, &key, a), 0);
	cr_expect_eq(map->ops->lookup(map, &key, 0), a);
	cr_expect_eq(hash_set_inner(map, &key, b), 0);
	cr_expect_eq(map->ops->lookup(map, &key, 0), b);
	cr_expect_eq(hash_set_inner(map, &other, a), 0);
	cr_expect_eq(hash_set_inner(map, &third, a), -E2BIG);
	cr_expect_eq(map_erase(map, &key), 0);
	cr_expect_null(map->ops->lookup(map, &key, 0));
	map_destroy(map);
	map_destroy(a);
	map_destroy(b);
}
