/* SPDX-License-Identifier: Apache-2.0 */
/* Nanoseconds of processor time for one operation on a map: a key in the cache, and random keys among 60,000. The best
 * of several rounds, since other work on the machine only ever adds. */
#include "runtime/maps/map.h"

#include <stdio.h>
#include <time.h>

enum { KEYS = 60000, TURNS = 200000, ROUNDS = 7 };

struct bench {
	const struct iov_map_def *def;
	struct iov_map *map;
	uint64_t sum;
};

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Key `i`: its index in arrays, a whole IPv4 address in tries, else 8 scattered bytes. */
static uint64_t key_of(const struct bench *b, uint32_t i)
{
	uint64_t scattered = (i + 1) * 0x9e3779b97f4a7c15u;

	if (b->def->type == 11)
		return (scattered & ~0xffffffffull) | 32;
	return b->def->key_size == 4 ? i : scattered;
}

static void lookup(struct bench *b, uint32_t i)
{
	uint64_t key = key_of(b, i);

	b->sum += (uintptr_t)b->map->ops->lookup(b->map, &key, 0);
}

static void update(struct bench *b, uint32_t i)
{
	uint64_t key = key_of(b, i), value = i;

	b->sum += (uint64_t)b->map->ops->update(b->map, &key, &value, 0, 0);
}

static double best(struct bench *b, void (*op)(struct bench *, uint32_t), bool random)
{
	double fastest = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		double start = cpu_ns(), ns;
		uint32_t at = 1;

		for (uint32_t i = 0; i < TURNS; i++) {
			at = at * 1664525 + 1013904223;
			op(b, random ? (uint32_t)((uint64_t)at * KEYS >> 32) : 7);
		}
		ns = (cpu_ns() - start) / TURNS;
		fastest = ns < fastest ? ns : fastest;
	}
	return fastest;
}

static void ring(void)
{
	static const struct iov_map_def def = {.name = "ringbuf", .type = 27, .max_entries = 1 << 22};
	struct iov_map *map;
	double fastest = 1e18;

	if (map_create(&def, &(struct iov_map_options){.cpus = 1}, NULL, NULL, &map))
		return;
	for (int round = 0; round < ROUNDS; round++) {
		double start = cpu_ns(), ns;

		for (int i = 0; i < 40000; i++)
			ring_commit(ring_reserve(map, 48, 0), 0, true);
		ns = (cpu_ns() - start) / 40000;
		fastest = ns < fastest ? ns : fastest;
		ring_consume(map, UINT64_MAX, NULL, NULL);
	}
	printf("%-14s %10.1f  reserve and commit of 48 bytes\n", "ringbuf", fastest);
	map_destroy(map);
}

int main(void)
{
	static const struct iov_map_def defs[] = {
		{.name = "array", .type = 2, .key_size = 4, .value_size = 8, .max_entries = KEYS},
		{.name = "hash", .type = 1, .key_size = 8, .value_size = 8, .max_entries = 65536},
		{.name = "lru_hash", .type = 9, .key_size = 8, .value_size = 8, .max_entries = 65536},
		{.name = "percpu_hash", .type = 5, .key_size = 8, .value_size = 8, .max_entries = 65536},
		{.name = "lpm_trie", .type = 11, .key_size = 8, .value_size = 8, .max_entries = 65536, .flags = 1},
	};

	printf("%-14s %10s %10s %10s %10s  ns of CPU an operation\n", "map", "hit", "lookup", "hit upd.", "update");
	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++) {
		struct bench b = {.def = &defs[i]};

		if (map_create(b.def, &(struct iov_map_options){.cpus = 1, .seed = 99}, NULL, NULL, &b.map))
			return 1;
		for (uint32_t k = 0; k < KEYS; k++)
			update(&b, k);
		printf("%-14s %10.1f %10.1f", b.def->name, best(&b, lookup, false), best(&b, lookup, true));
		printf(" %10.1f %10.1f\n", best(&b, update, false), best(&b, update, true));
		map_destroy(b.map);
	}
	ring();
	return 0;
}
