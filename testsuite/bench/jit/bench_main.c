/* SPDX-License-Identifier: Apache-2.0 */
/* Times each program in native code, in the JIT and in the interpreter, interleaved round by round; prints medians in
 * ns a run. Programs are not verified here: they take a plain address, and facts are not what is measured.
 *
 *   bench-jit OBJECT [rounds] */
#include "testsuite/bench/jit/programs.h"

#include "linker/object/object.h"
#include "runtime/jit/jit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NATIVE, JIT, BASELINE, INTERP, WAYS };
enum { ROUNDS = 41, BATCH_NS = 200000 };

static struct data data;
static volatile uint64_t keep;

struct way {
	uint64_t (*native)(const struct data *);
	struct iov_image *image;
	int which;
	uint64_t turns;
	double samples[201];
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Compiling takes milliseconds for a big program: CPU time leaves out what other processes take meanwhile. */
static double cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t run(const struct way *w, uint64_t turns)
{
	struct iov_env env = {.image = w->image};
	uint64_t sum = 0;

	if (w->which == NATIVE)
		while (turns--)
			sum += w->native(&data);
	else if (w->which == INTERP)
		while (turns--)
			sum += interp_run(w->image, &env, &data);
	else
		while (turns--)
			sum += jit_run(w->image, &env, &data);
	return sum;
}

static double sample(const struct way *w)
{
	double start = now();

	keep = run(w, w->turns);
	return (now() - start) / (double)w->turns;
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

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench-jit: %s\n", what);
	exit(1);
}

static struct iov_image *prepare(struct iov_prog *prog, struct iov_arena *arena, struct iov_sink *sink, int which)
{
	struct iov_image *image = arena_alloc(arena, sizeof(*image));
	struct jit_setup setup = jit_host();
	enum iov_status status;

	if (which == BASELINE)
		setup.features = 0;
	*image = (struct iov_image){.prog = prog, .insns = prog->insns, .count = prog->count};
	if (which == INTERP)
		status = interp_prepare(image, arena);
	else
		status = jit_compile_for(image, arena, sink, &setup);
	must(status == IOV_OK, "a program does not compile");
	return image;
}

/* ns an instruction to compile, the median of many. */
static double compile_time(struct iov_prog *prog, struct iov_sink *sink)
{
	struct iov_image image = {.prog = prog, .insns = prog->insns, .count = prog->count};
	struct iov_arena arena = {0};
	double v[101];

	for (int i = 0; i < 101; i++) {
		double start = cpu_now();

		must(jit_compile(&image, &arena, sink) == IOV_OK, "a program does not compile");
		v[i] = cpu_now() - start;
		jit_free(&image);
	}
	arena_free(&arena);
	return median(v, 101);
}

static void bench(const char *name, uint64_t (*native)(const struct data *), struct iov_prog *prog, int rounds,
		  struct iov_sink *sink, double ratio[WAYS])
{
	struct iov_arena arena = {0};
	static struct way ways[WAYS];
	double m[WAYS], compile = compile_time(prog, sink);

	for (int i = 0; i < WAYS; i++) {
		double once;

		ways[i] = (struct way){.native = native, .which = i, .turns = 100};
		if (i != NATIVE)
			ways[i].image = prepare(prog, &arena, sink, i);
		must(run(&ways[i], 1) == native(&data), "engines do not agree");
		once = sample(&ways[i]);
		ways[i].turns = (uint64_t)(BATCH_NS / once) + 1;
	}
	for (int r = 0; r < rounds; r++)
		for (int i = 0; i < WAYS; i++)
			ways[i].samples[r] = sample(&ways[i]);
	for (int i = 0; i < WAYS; i++) {
		m[i] = median(ways[i].samples, rounds);
		ratio[i] = m[i] / m[NATIVE];
	}
	printf("%-10s %8.1f %8.1f %6.2f %8.1f %9.0f %6.1f %6u %6.1f %6.1f\n", name, m[NATIVE], m[JIT], ratio[JIT],
	       m[BASELINE], m[INTERP], ratio[INTERP], prog->count, compile / 1000, compile / prog->count);
	for (int i = JIT; i <= BASELINE; i++)
		jit_free(ways[i].image);
	arena_free(&arena);
}

static struct iov_prog *find(const struct iov_object *obj, const char *name, struct iov_arena *arena,
			     struct iov_sink *sink)
{
	struct iov_prog *prog = NULL;

	for (uint32_t i = 0; i < obj->prog_count; i++)
		if (!strcmp(obj->progs[i].name, name))
			must(object_prog(obj, i, NULL, arena, sink, &prog) == IOV_OK, "cannot make a program");
	must(prog != NULL, "a program is missing");
	return prog;
}

/* Straight-line code of n instructions: compile time must grow with n, not faster. */
static void big(uint32_t n, struct iov_sink *sink)
{
	struct iov_insn *insns = calloc(n, sizeof(*insns));
	struct iov_subprog sub = {.count = n};
	struct iov_prog prog = {.insns = insns, .count = n, .subs = &sub, .sub_count = 1};
	struct iov_image image = {.prog = &prog, .insns = insns, .count = n};
	struct iov_arena arena = {0};
	double v[11];

	for (uint32_t i = 0; i < n; i++)
		if (i % 8 == 7 && i + 20 < n)
			insns[i] = (struct iov_insn){.code = 0x15, .dst = 1, .off = 16, .imm = (int32_t)i};
		else
			insns[i] = (struct iov_insn){.code = 0x0f, .dst = (uint8_t)(i % 6), .src = 1};
	insns[n - 1] = (struct iov_insn){.code = 0x95};
	for (int i = 0; i < 11; i++) {
		double start = cpu_now();

		must(jit_compile(&image, &arena, sink) == IOV_OK, "the big program does not compile");
		v[i] = cpu_now() - start;
		jit_free(&image);
	}
	printf("compile %7u instructions, one in eight a branch: %8.1f us of CPU, %5.1f ns each\n", n,
	       median(v, 11) / 1000, median(v, 11) / n);
	arena_free(&arena);
	free(insns);
}

static void *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	must(f != NULL && bytes != NULL, "cannot read the object");
	*len = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	return bytes;
}

static void fill(void)
{
	static const uint8_t frame[] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 50, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1,
		192, 168, 1, 9, 0x9c, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x10,
	};

	for (int i = 0; i < 8; i++)
		data.words[i] = 0x0123456789abcdefu * (unsigned)(i * 2 + 1);
	data.words[0] = 200;
	for (int i = 0; i < 1500; i++)
		data.packet[i] = (uint8_t)(i * 167 >> 3);
	memcpy(data.packet, frame, sizeof(frame));
}

int main(int argc, char **argv)
{
	struct iov_arena arena = {0};
	struct iov_object *obj;
	struct iov_sink sink;
	int rounds = argc > 2 ? atoi(argv[2]) : ROUNDS;
	double ratios[32][WAYS], product[WAYS] = {1, 1, 1, 1};
	size_t len;
	void *bytes;
	int n = 0;

	must(argc > 1 && rounds > 0 && rounds <= 201, "usage: bench-jit OBJECT [rounds, at most 201]");
	bytes = slurp(argv[1], &len);
	sink_init(&sink, NULL);
	must(object_read(bytes, len, argv[1], &arena, &sink, &obj) == IOV_OK, "cannot read the object");
	fill();
	printf("%-10s %8s %8s %6s %8s %9s %6s %6s %6s %6s\n", "ns a run", "native", "jit", "ratio", "no bmi2", "interp",
	       "ratio", "slots", "us", "ns/slot");
#define ROW(name) bench(#name, native_##name, find(obj, #name, &arena, &sink), rounds, &sink, ratios[n++]);
	PROGRAMS(ROW)
	for (int w = 0; w < WAYS; w++)
		for (int i = 0; i < n; i++)
			product[w] *= ratios[i][w];
	for (int w = 0; w < WAYS; w++)
		product[w] = __builtin_pow(product[w], 1.0 / n);
	printf("geometric mean ÷ native: jit %.2f, without BMI2 %.2f, interpreter %.1f\n", product[JIT],
	       product[BASELINE], product[INTERP]);
	big(1000, &sink);
	big(10000, &sink);
	big(100000, &sink);
	sink_free(&sink);
	arena_free(&arena);
	free(bytes);
	return 0;
}
