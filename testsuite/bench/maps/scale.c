/* SPDX-License-Identifier: Apache-2.0 */
/* Maps with two threads at work on one, beside one thread alone: 90 % lookups, 10 % updates of random keys among 60,000
 * (rounds of both in turn, medians); and the bytes that one entry takes, beside the live kernel's. Rates are by each
 * thread's own processor time, so that other work on the machine counts less; on a busy one the threads seldom run at
 * the same time, and the figure says little. Then what LRU maps have of what is asked for. */
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

enum { KEYS = 60000, ROOM = 65536, TURNS = 400000, ROUNDS = 9, THREADS = 2 };

struct job {
	struct iov_map *map;
	uint32_t cpu;
	uint64_t sum;
	double seconds;
	pthread_barrier_t *start;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *work(void *ud)
{
	struct job *j = ud;
	uint64_t state = j->cpu * 999 + 1;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(j->cpu, &one);
	pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
	pthread_barrier_wait(j->start);
	j->seconds = -now();
	for (uint32_t i = 0; i < TURNS; i++) {
		uint64_t key;

		state = state * 6364136223846793005u + 1442695040888963407u;
		key = ((state >> 33) % KEYS + 1) * 0x9e3779b97f4a7c15u;
		if ((state >> 20) % 10)
			j->sum += (uintptr_t)j->map->ops->lookup(j->map, &key, j->cpu);
		else
			j->sum += (uint64_t)j->map->ops->update(j->map, &key, &state, 0, j->cpu);
	}
	j->seconds += now();
	return NULL;
}

/* Operations a second of `count` threads together. */
static double rate(struct iov_map *map, unsigned count)
{
	pthread_t threads[THREADS];
	struct job jobs[THREADS];
	pthread_barrier_t start;
	double sum = 0;

	pthread_barrier_init(&start, NULL, count + 1);
	for (unsigned i = 0; i < count; i++) {
		jobs[i] = (struct job){.map = map, .cpu = i, .start = &start};
		pthread_create(&threads[i], NULL, work, &jobs[i]);
	}
	pthread_barrier_wait(&start);
	for (unsigned i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		sum += TURNS / jobs[i].seconds;
	}
	pthread_barrier_destroy(&start);
	return sum;
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

static void scale(const struct iov_map_def *def)
{
	double one[ROUNDS], two[ROUNDS], a, b;
	unsigned long kernel = kernel_bytes(def);
	struct iov_map *map;

	if (map_create(def, &(struct iov_map_options){.cpus = THREADS, .seed = 99}, NULL, NULL, &map))
		return;
	for (uint64_t k = 1; k <= KEYS; k++)
		map->ops->update(map, &(uint64_t){k * 0x9e3779b97f4a7c15u}, &k, 0, 0);
	for (int round = 0; round < ROUNDS; round++) {
		one[round] = rate(map, 1);
		two[round] = rate(map, THREADS);
	}
	a = median(one);
	b = median(two);
	printf("%-16s %8.2f %8.2f %8.2f %12.1f %12.1f\n", def->name, a / 1e6, b / 1e6, b / a,
	       (double)map->state_size / def->max_entries, (double)kernel / def->max_entries);
	map_destroy(map);
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

	printf("90 %% lookups      M op/s M op/s of   2 ÷ 1   bytes an entry, keys and values of 8\n");
	printf("%-16s %8s %8s %8s %12s %12s\n", "map", "1 thread", "2", "", "here", "kernel");
	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++)
		scale(&defs[i]);
	eviction();
	return 0;
}
