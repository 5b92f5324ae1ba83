/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads beside one: 90 % lookups, 10 % updates of random keys among 60,000, all on one map; and the bytes that
 * one entry takes, beside the live kernel's. Each thread has a processor of its own; rates are by the clock; rounds of
 * everything in turn, medians, one thread now on this processor and now on that.
 *
 * What the machine itself gives stands beside it: two threads that share nothing (a map each), two that only look up,
 * and the time that a cache line takes to the other processor and back: where that is long (the host of a virtual
 * machine may put its processors far apart, and move them), what one thread has written costs the other. Then what LRU
 * maps have of what is asked for. */
#include "runtime/maps/map.h"
#include "testsuite/bench/maps/zipf.h"

#include <linux/bpf.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 60000, ROOM = 65536, CHUNK = 2000, ROUNDS = 15, MOST_AGAIN = 150, THREADS = 2, PINGS = 20000 };
static const double ROUND_SECONDS = 0.02, WARM_SECONDS = 0.005, UNDISTURBED = 0.98;

struct job {
	struct iov_map *map;
	uint32_t cpu, updates; /**< updates: percent of the operations */
	uint64_t sum;
	double rate, had;      /**< operations a second; the share of the time in which it had the processor */
	pthread_barrier_t *start;
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void chunk(struct job *j, uint64_t *state)
{
	uint64_t s = *state, sum = 0;

	for (uint32_t i = 0; i < CHUNK; i++) {
		uint64_t key;

		s = s * 6364136223846793005u + 1442695040888963407u;
		key = ((s >> 33) % KEYS + 1) * 0x9e3779b97f4a7c15u;
		if ((s >> 20) % 100 >= j->updates)
			sum += (uintptr_t)j->map->ops->lookup(j->map, &key, j->cpu);
		else
			sum += (uint64_t)j->map->ops->update(j->map, &key, &s, 0, j->cpu);
	}
	j->sum += sum;
	*state = s;
}

static void pin(uint32_t cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
}

/* Operations for so long; sets the rate and the share. */
static void run_for(struct job *j, uint64_t *state, double seconds)
{
	double cpu = now(CLOCK_THREAD_CPUTIME_ID), start = now(CLOCK_MONOTONIC), end;
	uint64_t done = 0;

	do {
		chunk(j, state);
		done += CHUNK;
		end = now(CLOCK_MONOTONIC);
	} while (end - start < seconds);
	j->rate = (double)done / (end - start);
	j->had = (now(CLOCK_THREAD_CPUTIME_ID) - cpu) / (end - start);
}

static void *work(void *ud)
{
	struct job *j = ud;
	uint64_t state = j->cpu * 999 + 1;

	pin(j->cpu);
	pthread_barrier_wait(j->start);
	run_for(j, &state, WARM_SECONDS);
	pthread_barrier_wait(j->start);
	run_for(j, &state, ROUND_SECONDS);
	return NULL;
}

static void *answer(void *ud)
{
	uint32_t *ball = ud;

	pin(1);
	for (uint32_t i = 0; i < PINGS; i++) {
		while (__atomic_load_n(ball, __ATOMIC_ACQUIRE) != 2 * i + 1)
			;
		__atomic_store_n(ball, 2 * i + 2, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* Nanoseconds that a cache line takes to the other processor and back. */
static double there_and_back(void)
{
	static _Alignas(128) uint32_t ball;
	pthread_t other;
	double start;

	ball = 0;
	pin(0);
	pthread_create(&other, NULL, answer, &ball);
	start = now(CLOCK_MONOTONIC);
	for (uint32_t i = 0; i < PINGS; i++) {
		__atomic_store_n(&ball, 2 * i + 1, __ATOMIC_RELEASE);
		while (__atomic_load_n(&ball, __ATOMIC_ACQUIRE) != 2 * i + 2)
			;
	}
	start = now(CLOCK_MONOTONIC) - start;
	pthread_join(other, NULL);
	return start * 1e9 / PINGS;
}

/* Operations a second of `count` threads together, the first on processor `first`, each on the map of its processor. */
static double try_rate(struct iov_map *const *maps, unsigned first, unsigned count, uint32_t updates, double *had)
{
	pthread_t threads[THREADS];
	struct job jobs[THREADS];
	pthread_barrier_t start;
	double sum = 0;

	*had = 1;
	pthread_barrier_init(&start, NULL, count);
	for (unsigned i = 0; i < count; i++) {
		uint32_t cpu = (first + i) % THREADS;

		jobs[i] = (struct job){.map = maps[cpu], .cpu = cpu, .updates = updates, .start = &start};
		pthread_create(&threads[i], NULL, work, &jobs[i]);
	}
	for (unsigned i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		sum += jobs[i].rate;
		*had = jobs[i].had < *had ? jobs[i].had : *had;
	}
	pthread_barrier_destroy(&start);
	return sum;
}

/* Do it again, but not for ever, when a thread lost its processor to others meanwhile. */
static double rate(struct iov_map *const *maps, unsigned first, unsigned count, uint32_t updates, unsigned *again)
{
	double got, had;

	for (;; ++*again) {
		got = try_rate(maps, first, count, updates, &had);
		if (had >= UNDISTURBED || *again == MOST_AGAIN)
			return got;
	}
}

static int by_value(const void *a, const void *b)
{
	return *(const double *)a < *(const double *)b ? -1 : *(const double *)a > *(const double *)b;
}

static double median(double *all)
{
	qsort(all, ROUNDS, sizeof(*all), by_value);
	return all[ROUNDS / 2];
}

/* What the kernel charges for a map of this shape: `memlock` of its file; 0 when there is none. */
static unsigned long kernel_bytes(const struct iov_map_def *def)
{
	union bpf_attr attr = {.map_type = def->type, .key_size = def->key_size, .value_size = def->value_size,
			       .max_entries = def->max_entries, .map_flags = def->flags};
	int fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	unsigned long bytes = 0;
	char path[64], line[128];
	FILE *f;

	if (fd < 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "memlock: %lu", &bytes) == 1)
			break;
	if (f)
		fclose(f);
	close(fd);
	return bytes;
}

static struct iov_map *filled(const struct iov_map_def *def)
{
	struct iov_map *map;

	if (map_create(def, &(struct iov_map_options){.cpus = THREADS, .seed = 99}, NULL, NULL, &map))
		exit(1);
	for (uint64_t k = 1; k <= KEYS; k++)
		map->ops->update(map, &(uint64_t){k * 0x9e3779b97f4a7c15u}, &k, 0, 0);
	return map;
}

/* A line of the table; how many measurements had to be done again. */
static unsigned scale(const struct iov_map_def *def)
{
	static const uint32_t UPDATES = 10;
	double one[ROUNDS], two[ROUNDS], apart[ROUNDS], look_one[ROUNDS], look_two[ROUNDS], ratio[3][ROUNDS];
	double line[ROUNDS];
	struct iov_map *a = filled(def), *b = filled(def), *shared[] = {a, a}, *private[] = {a, b};
	unsigned again = 0;

	for (int round = 0; round < ROUNDS; round++) {
		one[round] = rate(shared, round % THREADS, 1, UPDATES, &again);
		two[round] = rate(shared, 0, THREADS, UPDATES, &again);
		apart[round] = rate(private, 0, THREADS, UPDATES, &again);
		look_one[round] = rate(shared, round % THREADS, 1, 0, &again);
		look_two[round] = rate(shared, 0, THREADS, 0, &again);
		line[round] = there_and_back();
		ratio[0][round] = two[round] / one[round];
		ratio[1][round] = apart[round] / one[round];
		ratio[2][round] = look_two[round] / look_one[round];
	}
	printf("%-16s %8.2f %8.2f %8.2f %10.2f %8.2f %8.0f %8.1f %8.1f\n", def->name, median(one) / 1e6,
	       median(two) / 1e6, median(ratio[0]), median(ratio[1]), median(ratio[2]), median(line),
	       (double)a->state_size / def->max_entries, (double)kernel_bytes(def) / def->max_entries);
	map_destroy(a);
	map_destroy(b);
	return again;
}

/* Hits of LRU maps, beside true LRU's: within 5 % is wanted. */
static void eviction(void)
{
	static const struct iov_map_def defs[] = {
		{.name = "lru_hash", .type = 9, .key_size = 4, .value_size = 8, .max_entries = ZIPF_ROOM},
		{.name = "lru_percpu_hash", .type = 10, .key_size = 4, .value_size = 8, .max_entries = ZIPF_ROOM},
	};

	printf("\nhits of %u on a Zipf trace, room for %u of %u keys\n%-16s %8s %8s %8s\n", ZIPF_TURNS, ZIPF_ROOM,
	       ZIPF_KEYS, "map", "here", "true LRU", "");
	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++) {
		struct zipf_hits hits;
		struct iov_map *map;

		if (map_create(&defs[i], &(struct iov_map_options){.cpus = 1, .seed = 7}, NULL, NULL, &map))
			continue;
		hits = zipf_run(map);
		printf("%-16s %8u %8u %7.1f%%\n", defs[i].name, hits.map, hits.true_lru,
		       100.0 * hits.map / hits.true_lru);
		map_destroy(map);
	}
}

int main(void)
{
	static const struct iov_map_def defs[] = {
		{.name = "hash", .type = 1, .key_size = 8, .value_size = 8, .max_entries = ROOM},
		{.name = "percpu_hash", .type = 5, .key_size = 8, .value_size = 8, .max_entries = ROOM},
		{.name = "lru_hash", .type = 9, .key_size = 8, .value_size = 8, .max_entries = ROOM},
		{.name = "lru_percpu_hash", .type = 10, .key_size = 8, .value_size = 8, .max_entries = ROOM},
	};

	unsigned again = 0;

	printf("90 %% lookups       M op/s, one map       2 ÷ 1      2 ÷ 1 where           ns a bytes an entry\n");
	printf("%-16s %8s %8s %8s %10s %8s %8s %8s %8s\n", "", "1 thread", "2", "one map", "a map each", "lookups",
	       "line", "here", "kernel");
	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++)
		again += scale(&defs[i]);
	printf("medians of %u rounds; %u measurements done again because a thread lost its processor to others\n",
	       (unsigned)ROUNDS, again);
	eviction();
	return 0;
}
