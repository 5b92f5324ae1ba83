/* SPDX-License-Identifier: Apache-2.0 */
/* ns a packet through iov.h, one by one and in bursts, over packets that are in the nearest cache and over ones that
 * are not: bench-burst OBJECT. Interleaved, medians, processor time. */
#include <iov/iov.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 2048, PACKETS_MOST = 4096, ROUNDS = 41, BURST = 32, ENGINES = 2, SETS = 2, WAYS = 2 };

static struct iov_packet packets[PACKETS_MOST];
static uint32_t verdicts[PACKETS_MOST];

struct side {
	struct iov_module *module;
	struct iov_worker *worker;
	const struct iov_program *program;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void fill(uint8_t *buffers)
{
	static const uint8_t frame[64] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 50, 0, 1, 0x40, 0, 64, 17,
		0, 0, 10, 0, 0, 1, 192, 168, 1, 9, 0x9c, 0x40, 0, 80, 0, 30,
	};

	for (int i = 0; i < PACKETS_MOST; i++) {
		packets[i] = (struct iov_packet){.buffer = buffers + (size_t)i * SIZE, .size = SIZE, .start = 256,
						 .length = sizeof(frame)};
		memcpy(packets[i].buffer + 256, frame, sizeof(frame));
	}
}

static bool open_side(struct side *s, const char *path, enum iov_engine_choice engine)
{
	const struct iov_load_options options = {.engine = engine};
	struct iov_sink *sink = iov_sink_new(NULL);
	char text[4096];

	if (iov_module_open_file(path, NULL, sink, &s->module) || iov_module_load(s->module, &options, sink)) {
		iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
		fprintf(stderr, "%s", text);
		return false;
	}
	iov_sink_free(sink);
	s->program = iov_module_program(s->module, NULL);
	s->worker = iov_worker_new(s->module, 0);
	return s->worker != NULL;
}

static double run(const struct side *s, size_t count, bool bursts)
{
	double start = now();

	for (int turn = 0; turn < (int)(PACKETS_MOST / count); turn++)
		for (size_t i = 0; i < count; i += bursts ? BURST : 1)
			if (bursts)
				iov_run_burst(s->program, s->worker, packets + i, BURST, verdicts + i);
			else
				iov_run(s->program, s->worker, packets + i, verdicts + i);
	return (now() - start) / PACKETS_MOST;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static const size_t counts[SETS] = {BURST, PACKETS_MOST};
	static double v[ENGINES][SETS][WAYS][ROUNDS];
	uint8_t *buffers = malloc((size_t)PACKETS_MOST * SIZE);
	struct side sides[ENGINES];

	if (argc != 2 || !buffers || !open_side(&sides[0], argv[1], IOV_ENGINE_AUTO) ||
	    !open_side(&sides[1], argv[1], IOV_ENGINE_INTERPRETER))
		return 1;
	fill(buffers);
	for (int r = 0; r < ROUNDS; r++)
		for (int e = 0; e < ENGINES; e++)
			for (int s = 0; s < SETS; s++)
				for (int w = 0; w < WAYS; w++)
					v[e][s][w][r] = run(&sides[e], counts[s], w);
	printf("%-24s %18s %18s\n", "ns a packet", "32 packets, hot", "4096 packets");
	for (int e = 0; e < ENGINES; e++)
		for (int w = 0; w < WAYS; w++) {
			printf("%-12s %-11s", e ? "interpreter" : "default", w ? "bursts" : "one by one");
			for (int s = 0; s < SETS; s++) {
				qsort(v[e][s][w], ROUNDS, sizeof(double), by_value);
				printf(" %18.1f", v[e][s][w][ROUNDS / 2]);
			}
			printf("\n");
		}
	free(buffers);
	return 0;
}
