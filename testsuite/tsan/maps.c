/* SPDX-License-Identifier: Apache-2.0 */
/* Maps and the interpreter under ThreadSanitizer, as a plain main: threads update, delete, read, walk and evict in the
 * same maps, produce into and consume from a ring, and run one image. Values carry their key in every word, so that a
 * torn copy shows. Prints one result line a part; a race ends the process. */
#include "runtime/maps/timers.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 3, TURNS = 20000, KEYS = 60, WORDS = 6 };

struct job {
	struct iov_map *map;
	const struct iov_image *image;
	uint64_t *words;
	uint32_t number, wrong;
	uint64_t done;
};

static uint32_t rnd(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33) % below;
}

static bool torn(const uint64_t value[WORDS], uint32_t key)
{
	for (int i = 0; i < WORDS; i++)
		if ((uint32_t)value[i] != key || value[i] != value[0])
			return true;
	return false;
}

/* LPM keys: a 32-bit prefix that no other key covers. */
static void make_key(const struct iov_map *map, uint32_t number, uint32_t key[2])
{
	bool lpm = map->head.type == 11;

	key[0] = lpm ? 32 : number;
	key[1] = number;
}

/* A walk in batches while others write: keys are whole, and none is met twice that stays. */
static void walk_all(struct job *j)
{
	uint64_t values[KEYS * WORDS * THREADS], at = 0;
	uint32_t keys[KEYS * 2], count = KEYS;

	if (!j->map->ops->next_at)
		return;
	(void)map_read_batch(j->map, &at, keys, values, &count, 0, false);
	for (uint32_t i = 0; i < count; i++)
		j->wrong += (j->map->key_size == 8 ? keys[2 * i + 1] : keys[i]) >= KEYS;
}

static iov_helper_fn *helper(const struct job *j, uint32_t id)
{
	return j->map->ops->helper ? j->map->ops->helper(j->map, id) : NULL;
}

/* As programs do it: by the map's own helper where it has one, or not. */
static int64_t update(struct job *j, const void *key, const void *value, bool own)
{
	iov_helper_fn *fn = own ? helper(j, IOV_HELPER_MAP_UPDATE) : NULL;
	struct iov_env env = {.cpu = j->number};

	if (!fn)
		return j->map->ops->update(j->map, key, value, 0, j->number);
	return (int64_t)fn((uintptr_t)j->map, (uintptr_t)key, (uintptr_t)value, 0, 0, &env);
}

static void look_up(struct job *j, const void *key)
{
	iov_helper_fn *fn = helper(j, IOV_HELPER_MAP_LOOKUP);
	struct iov_env env = {.cpu = j->number};

	(void)j->map->ops->lookup(j->map, key, j->number);
	if (fn)
		(void)fn((uintptr_t)j->map, (uintptr_t)key, 0, 0, 0, &env);
}

static void *elements(void *ud)
{
	struct job *j = ud;
	uint64_t state = j->number * 77 + 1;

	for (uint32_t turn = 0; turn < TURNS; turn++) {
		uint32_t number = rnd(&state, KEYS), key[2], next[2];
		uint64_t value[WORDS], word = (uint64_t)turn << 32 | number;
		int64_t e;

		make_key(j->map, number, key);
		for (int i = 0; i < WORDS; i++)
			value[i] = word;
		switch (rnd(&state, 5)) {
		case 0:
		case 1:
			e = update(j, key, value, turn & 1);
			j->wrong += e && e != -E2BIG && e != -ENOSPC && e != -EBUSY;
			break;
		case 2:
			map_erase(j->map, key);
			break;
		case 3:
			if (!j->map->ops->per_cpu && !map_read(j->map, key, value))
				j->wrong += torn(value, number);
			look_up(j, key);
			break;
		case 4:
			if (rnd(&state, 8))
				(void)map_next_key(j->map, rnd(&state, 2) ? key : NULL, next);
			else
				walk_all(j);
			break;
		}
	}
	return NULL;
}

static void *producer(void *ud)
{
	struct job *j = ud;

	while (j->done < TURNS) {
		uint64_t *record = ring_reserve(j->map, 8 * (2 + j->done % 5), 0);

		if (!record)
			continue;
		record[0] = j->number;
		record[1] = j->done;
		ring_commit(record, 0, false);
		j->done++;
	}
	return NULL;
}

static uint64_t expected[THREADS];

static int consume(void *ud, const void *data, size_t len)
{
	struct job *j = ud;
	uint64_t record[2];

	memcpy(record, data, sizeof(record));
	j->wrong += record[0] >= THREADS || len != 8 * (2 + record[1] % 5);
	if (record[0] < THREADS)
		j->wrong += expected[record[0]]++ != record[1];
	return 0;
}

static void *runner(void *ud)
{
	struct job *j = ud;

	for (uint32_t turn = 0; turn < TURNS; turn++) {
		struct iov_env env = {.cpu = j->number};
		uint64_t ctx = 1;

		j->wrong += interp_run(j->image, &env, &ctx) != 7;
	}
	return NULL;
}

static uint32_t parallel(void *(*fn)(void *), const struct job *like)
{
	struct job jobs[THREADS];
	pthread_t threads[THREADS];
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < THREADS; i++) {
		jobs[i] = *like;
		jobs[i].number = i;
		pthread_create(&threads[i], NULL, fn, &jobs[i]);
	}
	if (fn == producer) {
		struct job consumer = *like;
		uint64_t got = 0;

		while (got < (uint64_t)THREADS * TURNS)
			got += ring_consume(like->map, UINT64_MAX, consume, &consumer);
		wrong += consumer.wrong;
	}
	for (uint32_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		wrong += jobs[i].wrong;
	}
	return wrong;
}

static bool part(const struct iov_map_def *def, void *(*fn)(void *))
{
	struct job job = {0};
	uint32_t wrong;

	if (map_create(def, &(struct iov_map_options){.cpus = THREADS, .seed = 1}, NULL, NULL, &job.map)) {
		printf("FAIL tsan %s: no map\n", def->name);
		return false;
	}
	wrong = parallel(fn, &job);
	printf(wrong ? "FAIL tsan %s: %u answers are wrong\n" : "PASS tsan %s\n", def->name, wrong);
	map_destroy(job.map);
	return !wrong;
}

static uint64_t tick(struct iov_env *env, uint64_t fn, const uint64_t args[5])
{
	(void)fn, (void)args;
	__atomic_add_fetch((uint64_t *)env->data, 1, __ATOMIC_RELAXED);
	return 0;
}

/* Threads arm, cancel and run timers of elements that others replace and erase. */
static void *timing(void *ud)
{
	struct job *j = ud;
	uint64_t ticks = 0, state = j->number * 31 + 1, value[3] = {0};
	struct iov_env env = {.cpu = j->number, .data = &ticks};
	const struct timer_call call = {.callback = tick, .fn = 1};

	for (uint32_t turn = 0; turn < TURNS; turn++) {
		uint32_t key = 1 + rnd(&state, KEYS / 2);
		uint64_t *slot = j->map->ops->lookup(j->map, &key, 0);
		int64_t e = 0;

		switch (rnd(&state, 6)) {
		case 0: e = j->map->ops->update(j->map, &key, value, 0, 0); break;
		case 1: (void)map_erase(j->map, &key); break;
		case 2: e = slot ? timers_cancel(slot, &env) : 0; break;
		case 3: (void)timers_run(j->map, &env, turn); break;
		default:
			if (!slot)
				break;
			(void)timers_new(j->map, slot);
			(void)timers_set(slot, &call);
			e = timers_start(slot, turn + rnd(&state, 50));
		}
		j->wrong += e < 0 && e != -EINVAL && e != -E2BIG && e != -EBUSY;
	}
	j->done = ticks;
	return NULL;
}

/* One image in all threads: it adds 1 to a shared word by an atomic, and uses its own stack. */
static bool image(void)
{
	uint64_t word = 0;
	struct iov_insn insns[] = {
		{.code = 0x18, .dst = 2, .imm = (int32_t)(uintptr_t)&word}, {.imm = (int32_t)((uintptr_t)&word >> 32)},
		{.code = 0x7a, .dst = 10, .off = -8, .imm = 7}, {.code = 0xb7, .dst = 3, .imm = 1},
		{.code = 0xdb, .dst = 2, .src = 3}, {.code = 0x79, .dst = 0, .src = 10, .off = -8}, {.code = 0x95},
	};
	struct iov_subprog sub = {.name = "f", .count = 7};
	struct iov_prog prog = {.insns = insns, .count = 7, .subs = &sub, .sub_count = 1};
	iov_helper_fn *calls[7] = {0};
	struct iov_image img = {.prog = &prog, .insns = insns, .count = 7, .calls = calls};
	struct iov_arena arena = {0};
	struct job job = {.image = &img};
	uint32_t wrong = interp_prepare(&img, &arena) != IOV_OK;

	wrong = wrong ? wrong : parallel(runner, &job);
	wrong += word != (uint64_t)THREADS * TURNS;
	printf(wrong ? "FAIL tsan image: %u answers are wrong\n" : "PASS tsan image\n", wrong);
	arena_free(&arena);
	return !wrong;
}

int main(void)
{
	static const struct iov_map_def defs[] = {
		{.name = "hash", .type = 1, .key_size = 4, .value_size = 48, .max_entries = 40},
		{.name = "percpu_hash", .type = 5, .key_size = 4, .value_size = 48, .max_entries = 40},
		{.name = "lru_hash", .type = 9, .key_size = 4, .value_size = 48, .max_entries = 40},
		{.name = "lru_percpu_hash", .type = 10, .key_size = 4, .value_size = 48, .max_entries = 40},
		{.name = "lpm_trie", .type = 11, .key_size = 8, .value_size = 48, .max_entries = 40, .flags = 1},
	};
	static const struct iov_map_def ring = {.name = "ringbuf", .type = 27, .max_entries = 4096};
	static const struct iov_field timer = {.kind = IOV_FIELD_TIMER, .size = 16};
	static const struct iov_map_def timers = {.name = "timers", .type = 1, .key_size = 4, .value_size = 24,
						  .max_entries = 20, .fields = {.all = &timer, .count = 1}};
	bool ok = true;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++)
		ok &= part(&defs[i], elements);
	ok &= part(&ring, producer);
	ok &= part(&timers, timing);
	return !(image() && ok);
}
