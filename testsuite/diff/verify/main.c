/* SPDX-License-Identifier: Apache-2.0 */
/* Our verifier beside the live kernel's on random programs. What we accept and the kernel rejects is either a known
 * kind of imprecision of the kernel (sees.h), or a failure. What only the kernel accepts
 * is counted by our reason. Needs root and a kernel whose bpf() works; else it says SKIP. diff-verify [--count N]
 * [--seed N] [--show N] [--kernels]   show: programs to print, those that only the kernel takes diff-verify --alone …
 * ours only: for sanitizers */
#include "backend/verify/verify.h"
#include "testsuite/diff/verify/random.h"
#include "testsuite/diff/verify/sees.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { LOG_SIZE = 1 << 20, TOP = 24 };

struct run {
	struct random random;
	const struct iov_platform *platform;
	struct iov_map_def maps[RANDOM_MAPS];
	int fds[RANDOM_MAPS];
	unsigned both, neither, ours, kernels, unexplained, shown, show;
	bool alone, kernels_too;
	unsigned by_code[DIAG_COUNT];
	char log[LOG_SIZE];
};

static int sys_bpf(int cmd, union bpf_attr *attr) { return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr)); }

static int make_map(const struct iov_map_def *m)
{
	union bpf_attr attr = {.map_type = m->type, .key_size = m->key_size, .value_size = m->value_size,
			       .max_entries = m->max_entries};

	return sys_bpf(BPF_MAP_CREATE, &attr);
}

static bool kernel_accepts(struct run *run, bool log)
{
	struct bpf_insn insns[RANDOM_MAX + 16];
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_XDP, .insn_cnt = run->random.count};
	int fd;

	for (uint32_t i = 0; i < run->random.count; i++) {
		const struct iov_insn *in = &run->random.insns[i];

		insns[i] = (struct bpf_insn){.code = in->code, .dst_reg = in->dst, .src_reg = in->src, .off = in->off,
					     .imm = in->code == 0x18 && in->src ? run->fds[in->imm] : in->imm};
	}
	attr.insns = (uintptr_t)insns;
	attr.license = (uintptr_t) "GPL";
	if (log) { /* a log costs more than the verification */
		attr.log_level = 1;
		attr.log_size = LOG_SIZE;
		attr.log_buf = (uintptr_t)run->log;
	}
	run->log[0] = 0;
	fd = sys_bpf(BPF_PROG_LOAD, &attr);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void print_program(const struct random *r)
{
	struct iov_buf text = {0};

	for (uint32_t i = 0; i < r->count; i += isa_is_wide(&r->insns[i]) ? 2 : 1) {
		buf_printf(&text, "    %3u: ", i);
		isa_print(&text, &r->insns[i], i, IOV_DIALECT_KERNEL, NULL);
		buf_putc(&text, '\n');
	}
	printf("%s", buf_cstr(&text));
	buf_free(&text);
}

/* The last lines of the kernel's log but for its statistics. */
static const char *last_words(char *log)
{
	char *end = strstr(log, "processed "), *p;

	if (end && end > log)
		end[-1] = 0;
	p = strrchr(log, '\n');
	return p ? p + 1 : log;
}

/* What is accepted because kept states cover later ones must be accepted when every path is walked. */
static void compare_every_path(struct run *run, const struct iov_prog *prog)
{
	struct iov_verify_options how = {.budget = 200000, .every_path = true};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;

	sink_init(&sink, NULL);
	if (verify_prog(prog, run->platform, &how, &arena, &sink, &facts) == IOV_DIAGNOSED &&
	    sink.first->id != DIAG_V_TOO_COMPLEX && sink.first->id != DIAG_V_LOOP_UNBOUNDED) {
		print_program(&run->random);
		printf("  every path: %s at %lld: %s\n\n", diag_code(sink.first->id), (long long)sink.first->span.insn,
		       sink.first->message);
		run->unexplained++;
	}
	sink_free(&sink);
	arena_free(&arena);
}

/* Joined states are a shorter way to the same verdict. */
static void compare_eager(struct run *run, const struct iov_prog *prog, bool accepted)
{
	struct iov_verify_options how = {.budget = 50000, .eager = true};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;
	bool eager;

	sink_init(&sink, NULL);
	eager = verify_prog(prog, run->platform, &how, &arena, &sink, &facts) == IOV_OK;
	if (eager != accepted && (eager || (sink.first->id != DIAG_V_TOO_COMPLEX &&
					    sink.first->id != DIAG_V_LOOP_UNBOUNDED))) {
		print_program(&run->random);
		printf("  with joins %s: %s\n\n", eager ? "accepted" : "rejected",
		       sink.first ? sink.first->message : "");
		run->unexplained++;
	}
	sink_free(&sink);
	arena_free(&arena);
}

static void compare(struct run *run)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;
	const struct iov_map_def *maps[RANDOM_MAPS] = {&run->maps[0], &run->maps[1], &run->maps[2]};
	struct iov_subprog sub = {.name = "main", .count = run->random.count};
	struct iov_prog prog = {.name = "random",
				.section = "xdp",
				.type = BPF_PROG_TYPE_XDP,
				.license = "GPL",
				.gpl = true,
				.insns = run->random.insns,
				.count = run->random.count,
				.maps = maps,
				.map_count = RANDOM_MAPS,
				.subs = &sub,
				.sub_count = 1};
	struct iov_verify_options how = {.budget = 20000}; /* random loops may well turn for ever */
	bool ours, kernel;
	const char *class = NULL;

	sink_init(&sink, NULL);
	ours = verify_prog(&prog, run->platform, &how, &arena, &sink, &facts) == IOV_OK;
	kernel = run->alone ? ours : kernel_accepts(run, false);
	if (run->alone && ours)
		compare_every_path(run, &prog);
	compare_eager(run, &prog, ours);
	if (ours && !kernel)
		class = sees_less(&prog, run->platform);
	run->both += ours && kernel;
	run->neither += !ours && !kernel;
	run->ours += ours && !kernel;
	run->unexplained += ours && !kernel && !class;
	run->kernels += !ours && kernel;
	if (!ours && kernel)
		run->by_code[sink.first->id]++;
	if ((ours != kernel) && run->shown < run->show && (ours ? !class : run->kernels_too)) {
		run->shown++;
		print_program(&run->random);
		if (ours && !kernel_accepts(run, true))
			printf("  kernel: %s\n\n", last_words(run->log));
		else
			printf("  ours: %s at %lld: %s\n\n", diag_code(sink.first->id),
			       (long long)sink.first->span.insn, sink.first->message);
	}
	sink_free(&sink);
	arena_free(&arena);
}

static bool options(struct run *run, int argc, char **argv, unsigned long *count)
{
	uint64_t seed = 1;

	run->show = 5;
	for (int i = 1; i < argc; i++) {
		bool value = i + 1 < argc;

		if (!strcmp(argv[i], "--alone"))
			run->alone = true;
		else if (!strcmp(argv[i], "--kernels"))
			run->kernels_too = true;
		else if (!strcmp(argv[i], "--count") && value)
			*count = strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--seed") && value)
			seed = strtoull(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--show") && value)
			run->show = (unsigned)atoi(argv[++i]);
		else
			return false;
	}
	run->random.state = seed * 0x9e3779b97f4a7c15u + 1;
	return true;
}

static bool set_up(struct run *run)
{
	run->platform = platform_shipped("linux-6.18");
	run->maps[0] =
		(struct iov_map_def){.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4};
	run->maps[1] =
		(struct iov_map_def){.name = "hash", .type = 1, .key_size = 8, .value_size = 16, .max_entries = 4};
	run->maps[2] = (struct iov_map_def){.name = "ring", .type = 27, .max_entries = 4096};
	for (int i = 0; i < RANDOM_MAPS && !run->alone; i++) {
		run->fds[i] = make_map(&run->maps[i]);
		if (run->fds[i] < 0)
			return false;
	}
	return true;
}

static void report(const struct run *run)
{
	printf("both accept %u, both reject %u, only we accept %u, only the kernel accepts %u\n", run->both,
	       run->neither, run->ours, run->kernels);
	for (int i = 0; i < DIAG_COUNT; i++)
		if (run->by_code[i])
			printf("  only the kernel accepts, ours says %s %s: %u\n", diag_code((enum iov_diag_id)i),
			       diag_title((enum iov_diag_id)i), run->by_code[i]);
	if (run->alone)
		printf(run->unexplained ? "FAIL verify, every path: %u programs\n" : "PASS verify, every path\n",
		       run->unexplained);
	else if (run->unexplained)
		printf("FAIL verify against the kernel: %u programs that only we accept, for no known reason\n",
		       run->unexplained);
	else
		printf("PASS verify against the kernel\n");
}

int main(int argc, char **argv)
{
	static struct run run;
	unsigned long count = 300;

	if (!options(&run, argc, argv, &count)) {
		fprintf(stderr, "usage: diff-verify [--count N] [--seed N] [--show N] [--kernels] [--alone]\n");
		return 2;
	}
	if (!set_up(&run)) {
		printf("SKIP verify against the kernel: bpf(): %s\n", strerror(errno));
		return 0;
	}
	for (unsigned long i = 0; i < count; i++) {
		random_program(&run.random);
		compare(&run);
		random_mutate(&run.random);
		compare(&run);
	}
	report(&run);
	return run.unexplained != 0;
}
