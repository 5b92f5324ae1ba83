/* SPDX-License-Identifier: Apache-2.0 */
/* Our verifier beside the live kernel's on random programs. What we accept and the kernel rejects is either a known
 * kind of imprecision of the kernel (sees.h), or a failure. What only the kernel accepts is counted by our reason.
 * Needs root and a kernel whose bpf() works; else it says SKIP.
 *   diff-verify [--count N] [--seed N] [--show N] [--kernels] [--honest] [--classes FOLDER]
 *   diff-verify --alone …      ours only: for sanitizers
 *   diff-verify --tell FILE    programs as text: both verdicts, and what each class makes of them
 * show: programs to print; kernels: those that only the kernel takes, too; honest: what a class makes of a program that
 * both accept must be accepted by Linux; classes: test those, too */
#include "backend/verify/verify.h"
#include "testsuite/diff/rejects/rejects.h"
#include "testsuite/diff/verify/classes.h"
#include "testsuite/diff/verify/random.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CLASSES = 64 };

struct run {
	struct random random;
	const struct iov_platform *platform;
	struct iov_map_def maps[RANDOM_MAPS];
	unsigned both, neither, ours, kernels, unexplained, shown, show;
	bool alone, kernels_too, honest;
	const char *tell; /* file */
	unsigned by_code[DIAG_COUNT], by_class[MAX_CLASSES];
};

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
		print_program(prog);
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
		print_program(prog);
		printf("  with joins %s: %s\n\n", eager ? "accepted" : "rejected",
		       sink.first ? sink.first->message : "");
		run->unexplained++;
	}
	sink_free(&sink);
	arena_free(&arena);
}

static void only_ours(struct run *run, const struct iov_prog *prog, int error)
{
	const struct sees_class *class = sees_less(prog, run->platform, error);

	for (unsigned k = 0; class && k < MAX_CLASSES; k++)
		run->by_class[k] += sees_class(k) == class;
	if (class)
		return;
	run->unexplained++;
	if (run->shown++ >= run->show)
		return;
	print_program(prog);
	printf("  kernel: errno %d: %s\n\n", error, kernel_log(prog));
}

static void only_kernel(struct run *run, const struct iov_prog *prog, const struct iov_diag *why)
{
	run->by_code[why->id]++;
	if (!run->kernels_too || run->shown++ >= run->show)
		return;
	print_program(prog);
	printf("  ours: %s at %lld: %s\n\n", diag_code(why->id), (long long)why->span.insn, why->message);
}

/* A class that takes away what Linux does see would explain too much. */
static void too_much(struct run *run, const struct iov_prog *prog)
{
	const struct sees_class *class = classes_takes_too_much(prog, run->platform);

	if (!class)
		return;
	run->unexplained++;
	if (run->shown++ >= run->show)
		return;
	print_program(prog);
	printf("  Linux accepts it, and not what the class %s makes of it\n\n", class->key);
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
	int error = 0;

	sink_init(&sink, NULL);
	ours = verify_prog(&prog, run->platform, &how, &arena, &sink, &facts) == IOV_OK;
	if (!run->alone)
		error = kernel_load(&prog);
	kernel = run->alone ? ours : !error;
	if (run->alone && ours)
		compare_every_path(run, &prog);
	compare_eager(run, &prog, ours);
	run->both += ours && kernel;
	run->neither += !ours && !kernel;
	run->ours += ours && !kernel;
	run->kernels += !ours && kernel;
	if (ours && !kernel)
		only_ours(run, &prog, error);
	else if (ours && run->honest)
		too_much(run, &prog);
	else if (kernel && !ours)
		only_kernel(run, &prog, sink.first);
	sink_free(&sink);
	arena_free(&arena);
}

static bool options(struct run *run, int argc, char **argv, unsigned long *count, const char **classes)
{
	uint64_t seed = 1;

	run->show = 5;
	for (int i = 1; i < argc; i++) {
		bool value = i + 1 < argc;

		if (!strcmp(argv[i], "--alone"))
			run->alone = true;
		else if (!strcmp(argv[i], "--kernels"))
			run->kernels_too = true;
		else if (!strcmp(argv[i], "--honest"))
			run->honest = true;
		else if (!strcmp(argv[i], "--tell") && value)
			run->tell = argv[++i];
		else if (!strcmp(argv[i], "--classes") && value)
			*classes = argv[++i];
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
	return run->alone || kernel_open();
}

static void report(const struct run *run)
{
	printf("both accept %u, both reject %u, only we accept %u, only the kernel accepts %u\n", run->both,
	       run->neither, run->ours, run->kernels);
	for (int i = 0; i < DIAG_COUNT; i++)
		if (run->by_code[i])
			printf("  only the kernel accepts, ours says %s %s: %u\n", diag_code((enum iov_diag_id)i),
			       diag_title((enum iov_diag_id)i), run->by_code[i]);
	for (unsigned k = 0; sees_class(k); k++)
		if (run->by_class[k])
			printf("  only we accept, %s: %u\n", sees_class(k)->text, run->by_class[k]);
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
	const char *classes = NULL;
	unsigned failed = 0;

	if (!options(&run, argc, argv, &count, &classes)) {
		fprintf(stderr, "usage: diff-verify [--count N] [--seed N] [--show N] [--kernels] [--honest] [--alone] "
				"[--classes FOLDER]\n");
		return 2;
	}
	if (run.tell)
		return !kernel_open() || !classes_tell(run.tell, platform_shipped("linux-6.18"));
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
	if (classes)
		failed = classes_test(classes, run.platform);
	return run.unexplained || failed;
}
