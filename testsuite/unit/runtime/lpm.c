/* SPDX-License-Identifier: Apache-2.0 */
/* Lookups in an LPM trie take no lock: while other threads put prefixes in and take them out, each lookup gives a
 * prefix of its key, and one that was there. */
#include "runtime/maps/map.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

enum { WRITERS = 2, LOOKUPS = 400000, PREFIXES = 12 };

struct prefix {
	uint32_t bits;
	uint8_t data[4];
};

static const struct iov_map_def def = {.name = "routes", .type = 11, .key_size = 8, .value_size = 8,
				       .max_entries = PREFIXES, .flags = 1};
static uint32_t done;

static uint32_t rnd(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33) % below;
}

/* Few different bytes, so that prefixes nest. */
static struct prefix any(uint64_t *state, uint32_t least, uint32_t most)
{
	struct prefix p = {.bits = least + rnd(state, most - least + 1)};

	for (uint32_t i = 0; i < p.bits; i++)
		if (rnd(state, 4) == 0)
			p.data[i / 8] |= (uint8_t)(0x80 >> i % 8);
	return p;
}

static void *write_prefixes(void *ud)
{
	struct iov_map *map = ud;
	uint64_t state = (uintptr_t)&state;

	while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) {
		struct prefix p = any(&state, 1, 5);

		if (rnd(&state, 2))
			(void)map->ops->update(map, &p, &p, 0, 0);
		else
			(void)map->ops->erase(map, &p);
	}
	return NULL;
}

/* As a program reads a value: without any order beside who writes a new one there, which is its own to mind. */
__attribute__((noinline, no_sanitize_thread)) static struct prefix read_value(const void *value)
{
	struct prefix p;

	for (size_t i = 0; i < sizeof(p); i++)
		((volatile uint8_t *)&p)[i] = ((const volatile uint8_t *)value)[i];
	return p;
}

static bool covers(const struct prefix *p, const struct prefix *key)
{
	for (uint32_t i = 0; i < p->bits; i++)
		if ((p->data[i / 8] ^ key->data[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return p->bits <= key->bits;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

Test(lpm, lookups_beside_changes_give_prefixes)
{
	const struct prefix all = {0}, kept = {.bits = 12, .data = {0x11, 0x20}};
	uint64_t state = 5, wrong = 0, none = 0, lost = 0;
	pthread_t writers[WRITERS];
	struct iov_map *map;

	cr_assert_eq(map_create(&def, &(struct iov_map_options){.cpus = 1}, NULL, NULL, &map), IOV_OK);
	cr_assert_eq(map_write(map, &all, &all, 0), 0);
	for (int i = 0; i < WRITERS; i++)
		cr_assert_eq(pthread_create(&writers[i], NULL, write_prefixes, map), 0);
	for (int i = 0; i < LOOKUPS; i++) {
		struct prefix key = any(&state, 32, 32), found;
		uint64_t start = now();
		const void *value = map->ops->lookup(map, &key, 0);

		none += !value;
		if (!value)
			continue;
		found = read_value(value);
		/* A thread that was stopped between lookup and copy finds what the memory has become. */
		wrong += !covers(&found, &key) && now() - start < 2000;
		if (i % 64)
			continue;
		(void)map_write(map, &kept, &kept, 0);
		value = map->ops->lookup(map, &(struct prefix){32, {0x11, 0x20, 1, 1}}, 0);
		lost += !value;
	}
	__atomic_store_n(&done, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(writers[i], NULL);
	cr_expect_eq(none, 0, "%llu lookups found nothing, and the empty prefix was always there",
		     (unsigned long long)none);
	cr_expect_eq(wrong, 0, "%llu lookups found what is no prefix of their key", (unsigned long long)wrong);
	cr_expect_eq(lost, 0);
	map_destroy(map);
}
