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

double libiov_compile_ns(const struct way *way, enum program p, uint32_t *insns)
{
	enum { TURNS = 101 };
	const struct loaded *l = way->state;
	struct iov_image image = *l->images[p];
	struct iov_arena arena = {0};
	double v[TURNS];

	for (int i = 0; i < TURNS; i++) {
		double start = bench_now();

		if (jit_compile(&image, &arena, NULL) != IOV_OK)
			abort();
		v[i] = bench_now() - start;
		jit_free(&image);
	}
	arena_free(&arena);
	qsort(v, TURNS, sizeof(v[0]), by_value);
	*insns = image.count;
	return v[TURNS / 2];
}
