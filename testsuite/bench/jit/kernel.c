/* SPDX-License-Identifier: Apache-2.0 */
/* The live kernel as a way: libbpf loads the object, BPF_PROG_TEST_RUN runs a program many times in one system call. */
#include "testsuite/bench/jit/bench.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct loaded {
	struct bpf_object *object;
	int fds[P_COUNT];
};

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

static double run(struct way *way, enum program p, uint64_t turns, uint32_t *result)
{
	static uint8_t frame[64];
	const struct loaded *l = way->state;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame), .repeat = (int)turns);
	double start = bench_now();

	if (bpf_prog_test_run_opts(l->fds[p], &opts))
		way->refused[p] = true;
	*result = opts.retval;
	return bench_now() - start;
}

static bool fill(struct bpf_object *object, const struct data *start)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".bss");
	struct bpf_map *flows = bpf_object__find_map_by_name(object, "flows");
	uint64_t value = 0;
	uint32_t zero = 0;

	if (!map || !flows || bpf_map__update_elem(map, &zero, 4, start, bpf_map__value_size(map), BPF_ANY))
		return false;
	for (uint32_t i = 0; i < FLOWS; i++) {
		uint32_t key = flow_key((uint64_t)i << 48);

		if (bpf_map__update_elem(flows, &key, 4, &value, 8, BPF_ANY))
			return false;
	}
	return true;
}

void kernel_open(struct way *way, const char *path, struct data *start)
{
	static const char *const names[] = {
#define X(name) #name,
		PROGRAMS(X)
#undef X
	};
	static struct loaded l;
	struct bpf_program *program;

	libbpf_set_print(silent);
	snprintf(way->name, sizeof(way->name), "kernel");
	l.object = bpf_object__open_file(path, NULL);
	if (!l.object || bpf_object__load(l.object) || !fill(l.object, start)) {
		snprintf(way->missing, sizeof(way->missing), "the kernel does not load the programs: %s",
			 strerror(errno));
		return;
	}
	for (int p = 0; p < P_COUNT; p++) {
		program = bpf_object__find_program_by_name(l.object, names[p]);
		l.fds[p] = program ? bpf_program__fd(program) : -1;
		way->refused[p] = l.fds[p] < 0;
	}
	way->state = &l;
	way->run = run;
	way->net = true;
	way->available = true;
}
