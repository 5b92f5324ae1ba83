/* SPDX-License-Identifier: Apache-2.0 */
/* threads MODULE.o [TURNS]: one module run by many threads through libiov, on each engine, while the host reads and
 * changes its maps, takes records, swaps the program that is tail-called, runs timers, and while another thread loads
 * and closes modules of its own. Prints one result line an engine. */
#include <iov/iov.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNNERS = 3, BURST = 8, KEYS = 80, PACKET = 64, HEADROOM = 64, HOST = RUNNERS };

struct guarded {
	uint32_t lock, writer;
	uint64_t one, two;
};

struct stage {
	const char *path;
	struct iov_module *module;
	enum iov_engine_choice engine;
	uint32_t turns, wrong, number;
	int *stop;
};

static uint32_t rnd(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

static uint64_t now(void *ud)
{
	(void)ud;
	return 1000;
}

/* What a packet asks for (threads.bpf.c). A program loads a kernel pointer with a plain load, as Linux wants it, while
 * others exchange it: a race by the rules of C alone, which ThreadSanitizer would see in the interpreter. */
static uint8_t order(uint64_t *state)
{
	enum { ORDERS = 10, SWAP = 7 };
	uint8_t what = (uint8_t)(rnd(state) % ORDERS);

#if defined(__SANITIZE_THREAD__)
	what += what == SWAP;
#endif
	return what;
}

static void *run_packets(void *ud)
{
	struct stage *s = ud;
	struct iov_worker *worker = iov_worker_new(s->module, s->number);
	uint8_t buffers[BURST][PACKET + HEADROOM] = {0};
	struct iov_packet packets[BURST];
	uint32_t verdicts[BURST];
	uint64_t state = s->number * 77 + 1;

	iov_worker_set_clock(worker, now, NULL);
	for (uint32_t turn = 0; turn < s->turns; turn++) {
		for (int i = 0; i < BURST; i++) {
			uint32_t key = rnd(&state) % KEYS;

			memcpy(buffers[i] + HEADROOM, &key, sizeof(key));
			buffers[i][HEADROOM + 4] = order(&state);
			packets[i] = (struct iov_packet){.buffer = buffers[i], .size = sizeof(buffers[i]),
							 .start = HEADROOM, .length = PACKET};
		}
		s->wrong += iov_run_burst(iov_module_program(s->module, "work"), worker, packets, BURST, verdicts) !=
			    IOV_R_OK;
		for (int i = 0; i < BURST; i++)
			s->wrong += verdicts[i] < 1 || verdicts[i] > 3;
		(void)iov_worker_run_timers(worker);
	}
	iov_worker_free(worker);
	return NULL;
}

static int consume(void *ud, const void *data, size_t size)
{
	struct stage *s = ud;
	uint64_t record[2];

	memcpy(record, data, sizeof(record));
	s->wrong += size != sizeof(record) || record[0] != ~record[1] || record[0] >= KEYS;
	return 0;
}

static void host_turn(struct stage *s, struct iov_worker *worker, uint64_t *state)
{
	struct iov_map *flows = iov_module_map(s->module, "flows"), *shared = iov_module_map(s->module, "shared");
	uint32_t key = rnd(state) % KEYS, after, zero = 0, keys[KEYS], count = KEYS;
	uint64_t value = key, at = 0, values[KEYS * 4];
	struct guarded g;
	int e;

	e = iov_map_update(flows, &key, &value, rnd(state) % 3);
	s->wrong += e && e != -E2BIG && e != -EEXIST && e != -ENOENT && e != -EBUSY;
	(void)iov_map_delete(iov_module_map(s->module, "recent"), &key);
	for (e = iov_map_next_key(flows, NULL, &after); !e && after % 5; e = iov_map_next_key(flows, &after, &after))
		s->wrong += after >= KEYS;
	e = iov_map_lookup_batch(flows, &at, keys, values, &count, 0);
	s->wrong += e && e != -ENOENT;
	count = 1;
	at = 0;
	e = iov_map_lookup_batch(shared, &at, &zero, &g, &count, 4);
	s->wrong += (e && e != -ENOENT) || g.one != g.two;
	(void)iov_map_set_program(iov_module_map(s->module, "next"), 0,
				  rnd(state) & 1 ? iov_module_program(s->module, "after") : NULL);
	(void)iov_ring_consume(iov_module_map(s->module, "events"), consume, s);
	(void)iov_worker_run_timers(worker);
	key &= 15;
	if (!(rnd(state) & 7))
		(void)iov_map_delete(iov_module_map(s->module, "alarms"), &key);
}

static void *host(void *ud)
{
	struct stage *s = ud;
	struct iov_worker *worker = iov_worker_new(s->module, HOST);
	uint64_t state = 5;

	iov_worker_set_clock(worker, now, NULL);
	while (!__atomic_load_n(s->stop, __ATOMIC_RELAXED))
		host_turn(s, worker, &state);
	iov_worker_free(worker);
	return NULL;
}

static struct iov_module *load(const char *path, enum iov_engine_choice engine)
{
	const struct iov_load_options options = {.engine = engine, .cpus = RUNNERS + 1, .seed = 3};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *module = NULL;
	static _Thread_local char text[8192];

	if (iov_module_open_file(path, NULL, sink, &module) || iov_module_load(module, &options, sink)) {
		iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
		fputs(text, stderr);
		iov_module_close(module);
		module = NULL;
	}
	iov_sink_free(sink);
	return module;
}

static void *load_others(void *ud)
{
	struct stage *s = ud;

	do {
		struct iov_module *module = load(s->path, s->engine);

		s->wrong += !module;
		iov_module_close(module);
	} while (!__atomic_load_n(s->stop, __ATOMIC_RELAXED));
	return NULL;
}

/* Every packet was counted, by the atomic and by the slots of the threads; no object was torn (the checking engine
 * makes objects up). */
static bool all_counted(const struct stage *s)
{
	uint64_t slots[RUNNERS + 1] = {0}, bss[4] = {0}, want = (uint64_t)RUNNERS * BURST * s->turns, sum = 0;
	uint32_t zero = 0;

	iov_map_lookup(iov_module_map(s->module, "counts"), &zero, slots);
	iov_map_lookup(iov_module_map(s->module, ".bss"), &zero, bss);
	for (int i = 0; i <= RUNNERS; i++)
		sum += slots[i];
	return sum == want && bss[0] == want && (!bss[1] || s->engine == IOV_ENGINE_CHECKING);
}

static bool play(const char *path, const char *name, enum iov_engine_choice engine, uint32_t turns)
{
	int stop = 0;
	struct stage stage = {.path = path, .engine = engine, .turns = turns, .stop = &stop,
			      .module = load(path, engine)};
	struct stage stages[RUNNERS + 2];
	pthread_t threads[RUNNERS + 2];
	uint32_t wrong = 0;

	if (!stage.module) {
		printf("FAIL threads: %s: the module is not loaded\n", name);
		return false;
	}
	for (uint32_t i = 0; i < RUNNERS + 2; i++) {
		stages[i] = stage;
		stages[i].number = i;
		pthread_create(&threads[i], NULL, i < RUNNERS ? run_packets : i == HOST ? host : load_others,
			       &stages[i]);
	}
	for (uint32_t i = 0; i < RUNNERS + 2; i++) {
		if (i == RUNNERS)
			__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
		pthread_join(threads[i], NULL);
		wrong += stages[i].wrong;
	}
	wrong += !all_counted(&stage);
	iov_module_close(stage.module);
	printf(wrong ? "FAIL threads: %s: %u answers are wrong\n" : "PASS threads: %s\n", name, wrong);
	return !wrong;
}

int main(int argc, char **argv)
{
	uint32_t turns = argc > 2 ? (uint32_t)atoi(argv[2]) : 2000;
	bool ok = true;

	if (argc < 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	ok &= play(argv[1], "interpreter", IOV_ENGINE_INTERPRETER, turns);
	ok &= play(argv[1], "machine code", IOV_ENGINE_AUTO, turns);
	ok &= play(argv[1], "checked", IOV_ENGINE_CHECKING, turns / 20 + 1);
	return !ok;
}
