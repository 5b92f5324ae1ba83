/* SPDX-License-Identifier: Apache-2.0 */
/* Times each program of programs.c in every way there is (native code, libiov, DPDK, the live kernel), interleaved
 * round by round, each round beginning with another way, and prints medians in ns a run, what they are of native
 * code's, and each target beside what was reached. What the JIT takes of another way's time is the median over rounds
 * of what it took in the same round: what slows the machine down for a while slows both. (Of the kernel's, whose time
 * is a difference of two, it is what the medians are of each other.)
 *
 *   bench-jit OBJECT DPDK-OBJECT DPDK-PLUGIN PICTURE [rounds] */
#include "testsuite/bench/jit/bench.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NATIVE, JIT, INTERP, KERNEL, DPDK_JIT, DPDK_INTERP, DPDK_SHARED, WAYS, SHOWN = DPDK_SHARED };
/* A batch of `hash` is as long as it takes to find its table in the cache again, after the other ways' tables. */
enum { ROUNDS = 301, ROUNDS_MOST = 1001, BATCH_NS = 200000, KERNEL_BATCH_NS = 600000, HASH_BATCH_NS = 100000000 };

static const char *const names[] = {
#define X(name) #name,
	PROGRAMS(X)
#undef X
};
struct state native_state;
static struct way ways[WAYS];
static double medians[WAYS][P_COUNT];
static double beside[WAYS][P_COUNT]; /* the JIT's time of that way's */

#define X(name) uint32_t native_##name(void);
PROGRAMS(X)
#undef X

static double native_run(struct way *way, enum program p, uint64_t turns, uint32_t *result)
{
	static uint32_t (*const programs[])(void) = {
#define X(name) native_##name,
		PROGRAMS(X)
#undef X
	};
	uint32_t (*volatile program)(void) = programs[p];
	double start = bench_now();

	(void)way;
	while (turns--)
		*result = program();
	return bench_now() - start;
}

void dpdk_open(struct way dpdk[DPDK_WAYS], const char *plugin, const char *object, struct data *start)
{
	static const char *const called[] = {"DPDK JIT", "DPDK interp", "DPDK JIT, rte_hash"};
	void (*open)(struct way *, enum dpdk_way, const char *, const struct data *);
	void *library = dlopen(plugin, RTLD_NOW | RTLD_LOCAL), *symbol;

	for (int w = 0; w < DPDK_WAYS; w++)
		snprintf(dpdk[w].name, sizeof(dpdk[w].name), "%s", called[w]);
	symbol = library ? dlsym(library, "dpdk_plugin_open") : NULL;
	if (!symbol) {
		snprintf(dpdk->missing, sizeof(dpdk->missing), "libdpdk-dev is not installed");
		return;
	}
	memcpy(&open, &symbol, sizeof(open));
	for (int w = 0; w < DPDK_WAYS; w++)
		open(&dpdk[w], (enum dpdk_way)w, object, start);
}

static void fill(struct data *d)
{
	static const uint8_t frame[] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 50, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1,
		192, 168, 1, 9, 0x9c, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x10,
	};

	for (int i = 0; i < 8; i++)
		d->words[i] = 0x0123456789abcdefu * (unsigned)(i * 2 + 1);
	d->words[0] = 200;
	for (int i = 0; i < 1500; i++)
		d->packet[i] = (uint8_t)(i * 167 >> 3);
	memcpy(d->packet, frame, sizeof(frame));
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

static bool takes(const struct way *w, enum program p) { return w->available && !w->refused[p]; }

static double sample(struct way *w, enum program p, uint64_t turns)
{
	uint32_t result;
	double all = w->run(w, p, turns, &result);

	if (w->net && p != P_noop)
		all -= w->run(w, P_noop, turns, &result);
	return all / (double)turns;
}

/* Turns that take about a batch. */
static uint64_t calibrate(struct way *w, enum program p)
{
	double batch = p == P_hash ? HASH_BATCH_NS : w->net ? KERNEL_BATCH_NS : BATCH_NS;
	uint64_t turns = 100;
	uint32_t result;

	while (w->run(w, p, turns, &result) < batch && turns < 1u << 20)
		turns *= 2;
	return turns;
}

/* The first run of each way has one result; then each way's turns for one batch. */
static void prepare(enum program p, uint64_t *turns)
{
	uint32_t expected = 0, result;

	for (int w = 0; w < WAYS; w++) {
		if (!takes(&ways[w], p))
			continue;
		ways[w].run(&ways[w], p, 1, &result);
		if (w == NATIVE)
			expected = result;
		if (result != expected && !ways[w].refused[p]) {
			fprintf(stderr, "bench-jit: %s: %s gives %u, native code %u\n", names[p], ways[w].name, result,
				expected);
			exit(1);
		}
	}
	for (int w = 0; w < WAYS; w++)
		turns[w] = takes(&ways[w], p) ? calibrate(&ways[w], p) : 0;
}

static double samples[WAYS][ROUNDS_MOST];

static double ratio_of(int w, enum program p, int rounds)
{
	static double ratios[ROUNDS_MOST];

	if (ways[w].net)
		return medians[JIT][p] / medians[w][p];
	for (int r = 0; r < rounds; r++)
		ratios[r] = samples[JIT][r] / samples[w][r];
	return median(ratios, rounds);
}

static double median_of(int w, int rounds)
{
	static double sorted[ROUNDS_MOST];

	memcpy(sorted, samples[w], (size_t)rounds * sizeof(*sorted));
	return median(sorted, rounds);
}

static void measure(enum program p, int rounds)
{
	uint64_t turns[WAYS];

	prepare(p, turns);
	if (p == P_hash)
		rounds = (rounds + 29) / 30;
	for (int r = 0; r < rounds; r++)
		for (int i = 0; i < WAYS; i++) {
			int w = (r + i) % WAYS;

			if (takes(&ways[w], p))
				samples[w][r] = sample(&ways[w], p, turns[w]);
		}
	for (int w = 0; w < WAYS; w++)
		medians[w][p] = takes(&ways[w], p) ? median_of(w, rounds) : 0;
	for (int w = 0; w < WAYS; w++)
		beside[w][p] = takes(&ways[w], p) ? ratio_of(w, p, rounds) : 0;
}

static void heading(void)
{
	printf("%-10s", "ns of CPU");
	for (int w = 0; w < SHOWN; w++)
		if (ways[w].available)
			printf(w ? " %12s       " : " %8s", ways[w].name);
	printf("\n");
}

static void row(enum program p)
{
	printf("%-10s %8.1f", names[p], medians[NATIVE][p]);
	for (int w = JIT; w < SHOWN; w++) {
		if (takes(&ways[w], p))
			printf(" %12.1f %6.2f", medians[w][p], medians[w][p] / medians[NATIVE][p]);
		else if (ways[w].available)
			printf(" %12s %6s", "refused", "");
	}
	printf("\n");
}

/* Geometric mean of times, in way w, of what way `base` takes, over the programs without maps that both take. */
static double mean(int w, int base)
{
	double sum = 0;
	int n = 0;

	for (int p = 0; p < P_PLAIN; p++)
		if (takes(&ways[w], p) && takes(&ways[base], p) && medians[w][p] > 0 && !(ways[w].net && p == P_noop)) {
			sum += log(medians[w][p] / medians[base][p]);
			n++;
		}
	return n ? exp(sum / n) : 0;
}

/* By what is printed. */
static void target(const char *what, double is, double most, const char *unit)
{
	printf("%-62s %7.2f%s of %.2f  %s\n", what, is, unit, most, is < most + 0.005 ? "met" : "MISSED");
}

/* The program that fares worst beside way w. */
static void never_slower(int w, const char *what)
{
	char text[100];
	double worst = 0;
	int at = 0;

	if (!ways[w].available)
		return;
	for (int p = 0; p < P_COUNT; p++) {
		bool left_out = !takes(&ways[w], p) || p == P_hash || (ways[w].net && (p == P_noop || p == P_array));

		if (left_out || beside[w][p] <= worst)
			continue;
		worst = beside[w][p];
		at = p;
	}
	snprintf(text, sizeof(text), "slowest beside %s: %s", what, names[at]);
	target(text, worst, 1, " times");
}

static void targets(void)
{
	const double *native = medians[NATIVE], *jit = medians[JIT];

	target("geometric mean without maps, beside native code", mean(JIT, NATIVE), 1.25, " times");
	target("entry: noop beyond a native call", jit[P_noop] - native[P_noop], 3, " ns");
	target("array map, beside native code", beside[NATIVE][P_array], 1.2, " times");
	if (takes(&ways[KERNEL], P_hash))
		target("hash map of 65536 flows, beside the kernel", beside[KERNEL][P_hash], 0.5, " times");
	never_slower(KERNEL, "the kernel (not noop, array, hash)");
	never_slower(DPDK_JIT, "DPDK's JIT (not hash)");
	if (takes(&ways[DPDK_SHARED], P_hash))
		target("hash, beside DPDK's JIT and its table for threads, rte_hash", beside[DPDK_SHARED][P_hash], 1,
		       " times");
	if (takes(&ways[DPDK_JIT], P_hash))
		target("hash, beside DPDK's JIT and an unlocked table for one thread", beside[DPDK_JIT][P_hash], 1,
		       " times");
	if (ways[DPDK_INTERP].available)
		target("interpreter beside DPDK's, geometric mean", mean(INTERP, DPDK_INTERP), 0.5, " times");
}

static void compile_times(void)
{
	uint32_t insns[P_COUNT], insns_all = 0;
	double each[P_COUNT], all = libiov_compile_ns(&ways[JIT], each, insns);

	printf("\ncompile, us of CPU (ns an instruction):");
	for (int p = 0; p < P_COUNT; p++) {
		printf(" %s %.1f (%.0f)", names[p], each[p] / 1000, each[p] / insns[p]);
		insns_all += insns[p];
	}
	printf("\n");
	target("compile of all ten, with their pages", all / insns_all, 100, " ns an instruction");
}

int main(int argc, char **argv)
{
	int rounds = argc > 5 ? atoi(argv[5]) : ROUNDS;
	struct data start = {0};

	if (argc < 5 || rounds <= 0 || rounds > ROUNDS_MOST) {
		fprintf(stderr, "usage: bench-jit OBJECT DPDK-OBJECT DPDK-PLUGIN PICTURE [rounds, at most %d]\n",
			ROUNDS_MOST);
		return 2;
	}
	fill(&start);
	native_state.data = start;
	table_fill(&native_state.flows);
	ways[NATIVE] = (struct way){.name = "native", .available = true, .run = native_run};
	libiov_open(&ways[JIT], argv[1], "jit", &start);
	libiov_open(&ways[INTERP], argv[1], "interp", &start);
	kernel_open(&ways[KERNEL], argv[1], &start);
	dpdk_open(&ways[DPDK_JIT], argv[3], argv[2], &start);
	ways[INTERP].interpreter = ways[DPDK_INTERP].interpreter = true;
	heading();
	for (int p = 0; p < P_COUNT; p++) {
		measure((enum program)p, rounds);
		row((enum program)p);
	}
	for (int w = 0; w < WAYS; w++)
		if (!ways[w].available && *ways[w].missing)
			printf("left out: %s: %s\n", ways[w].name, ways[w].missing);
	printf("(kernel: net of its test loop, which is its noop; DPDK: csum unrolled, since it takes no loops.\n"
	       "Native code and DPDK have no maps: an unlocked table for one thread; rte_hash, for more: %.1f ns)\n\n",
	       medians[DPDK_SHARED][P_hash]);
	targets();
	compile_times();
	if (!svg_write(argv[4], ways, SHOWN, medians)) {
		fprintf(stderr, "bench-jit: cannot write %s\n", argv[4]);
		return 1;
	}
	printf("picture: %s\n", argv[4]);
	return 0;
}
