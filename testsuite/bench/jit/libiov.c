/* SPDX-License-Identifier: Apache-2.0 */
/* libiov's engines as ways: the object is loaded as any host would load it, verified; what is timed is the engine, from
 * a call of its entry to its return. (What iov_run() does around it is bench-burst's to measure.) */
#include "testsuite/bench/jit/bench.h"

#include "runtime/jit/jit.h"
#include "runtime/module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loaded {
	struct iov_module *module;
	struct iov_worker *worker;
	struct iov_image *images[P_COUNT];
	struct iov_sink *sink;
};

static double run(struct way *way, enum program p, uint64_t turns, uint32_t *result)
{
	const struct loaded *l = way->state;
	const struct iov_image *image = l->images[p];
	struct iov_env *env = &l->worker->env;
	struct iov_ctx *ctx = &l->worker->ctx;
	double start = bench_now();
	uint64_t last = 0;

	if (image->code)
		while (turns--)
			last = jit_run(image, env, ctx);
	else
		while (turns--)
			last = interp_run(image, env, ctx);
	*result = (uint32_t)last;
	return bench_now() - start;
}

static void fill(struct iov_module *module)
{
	struct iov_map *flows = iov_module_map(module, "flows");
	uint64_t value = 0;

	for (uint32_t i = 0; i < FLOWS; i++) {
		uint32_t key = flow_key((uint64_t)i << 48);

		iov_map_update(flows, &key, &value, 0);
	}
}

static bool load(struct loaded *l, const char *path, enum iov_engine_choice engine, const struct data *start)
{
	const struct iov_load_options options = {.engine = engine, .seed = 1};

	l->sink = iov_sink_new(NULL);
	if (iov_module_open_file(path, NULL, l->sink, &l->module) ||
	    iov_module_set_bytes(l->module, "data", start, sizeof(*start), l->sink) ||
	    iov_module_load(l->module, &options, l->sink))
		return false;
	fill(l->module);
	l->worker = iov_worker_new(l->module, 0);
	return l->worker != NULL;
}

void libiov_open(struct way *way, const char *path, const char *engine, struct data *start)
{
	static const char *const names[] = {
#define X(name) #name,
		PROGRAMS(X)
#undef X
	};
	struct loaded *l = calloc(1, sizeof(*l));
	bool jit = !strcmp(engine, "jit");
	char text[4000];

	snprintf(way->name, sizeof(way->name), "%s", engine);
	if (!load(l, path, jit ? IOV_ENGINE_MACHINE : IOV_ENGINE_INTERPRETER, start)) {
		iov_sink_render(l->sink, IOV_TEXT, text, sizeof(text));
		fprintf(stderr, "%s", text);
		exit(1);
	}
	for (int p = 0; p < P_COUNT; p++) {
		l->images[p] = iov_module_program(l->module, names[p])->image;
	}
	l->worker->env.ctx = &l->worker->ctx;
	l->worker->ctx.env = &l->worker->env;
	way->state = l;
	way->run = run;
	way->available = true;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), by_value);
	return v[n / 2];
}

double libiov_compile_ns(const struct way *way, double each[P_COUNT], uint32_t insns[P_COUNT])
{
	enum { TURNS = 101 };
	static double v[P_COUNT + 1][TURNS];
	const struct loaded *l = way->state;
	struct iov_arena arena = {0};
	size_t all = 0;

	for (int p = 0; p < P_COUNT; p++)
		all += insns[p] = l->images[p]->count;
	for (int i = 0; i < TURNS; i++) {
		double start = bench_now();
		struct jit_pool pool;

		jit_pool_open(&pool, all);
		for (int p = 0; p < P_COUNT; p++) {
			struct iov_image image = *l->images[p];
			double from = bench_now();

			image.pool = &pool;
			if (jit_compile(&image, &arena, NULL) != IOV_OK || !image.pool)
				abort();
			v[p][i] = bench_now() - from;
		}
		if (!jit_pool_seal(&pool))
			abort();
		v[P_COUNT][i] = bench_now() - start;
		jit_pool_close(&pool);
	}
	arena_free(&arena);
	for (int p = 0; p < P_COUNT; p++)
		each[p] = median(v[p], TURNS);
	return median(v[P_COUNT], TURNS);
}
