/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the packet differential. Each object given goes over the frames of a recording in the live kernel
 * (BPF_PROG_TEST_RUN), in our interpreter and in our JIT; verdicts, output frames, and at the end all maps and
 * ring-buffer records have to be the same. Time fields (names in _ns) are masked, per-CPU values summed.
 *
 *     packets --pcap FILE [OBJECT[=RULES.yaml] | --mutate COUNT] …
 *     packets --pcap FILE [--config FILE] --programs OBJECT…
 *
 * --programs: of objects that were not made for this test, every program that BPF_PROG_TEST_RUN gives packets, each
 * loaded alone and in a process of its own. What the kernel does not load is a skip. --config: the running kernel's
 * configuration as text, for ours too.
 * --mutate: the objects that follow get COUNT frames made from the recorded ones by changing bytes and lengths instead.
 * The program that runs has the object's name up to an `@`. Frames that the kernel refuses (under 14 bytes) are left
 * out where it takes part and run by our engines alone. Without the kernel (no root) our engines are compared with each
 * other. Prints result lines (HACKING.md, "A suite"); what differs goes to standard error. */
#include "packets.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef uint32_t compare_fn(const struct job *job, const struct trial *want, const struct trial *got,
			    const char *names[2]);

static const struct {
	const char *what;
	compare_fn *compare;
} comparisons[] = {{"verdicts", compare_verdicts}, {"frames", compare_frames}, {"maps", compare_maps}};

/* "path/firewall@v4.o" → "firewall@v4", a build of the program firewall. */
static void short_name(const char *object, char *name, size_t size)
{
	const char *slash = strrchr(object, '/');

	snprintf(name, size, "%s", slash ? slash + 1 : object);
	name[strcspn(name, ".")] = 0;
}

static bool compare_runs(const struct job *job, const char *name, const struct trial *want, const struct trial *got,
			 const char *names[2])
{
	bool same = true;

	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
		uint32_t differ = comparisons[i].compare(job, want, got, names);

		same &= !differ;
		if (differ)
			printf("FAIL %s/%s-%s/%s: %u differ\n", name, names[0], names[1], comparisons[i].what, differ);
		else
			printf("PASS %s/%s-%s/%s\n", name, names[0], names[1], comparisons[i].what);
	}
	return same;
}

static struct frames kernel_frames(const struct job *job, const struct frames *all)
{
	struct frames some = {need(malloc(all->count * sizeof(*all->at))), 0, NULL};

	for (uint32_t i = 0; i < all->count; i++)
		if (kernel_takes(job, &all->at[i]))
			some.at[some.count++] = all->at[i];
	return some;
}

enum { INTERP, JIT, KERNEL, ENGINES };
static const char *const engine_names[ENGINES] = {"interp", "jit", "kernel"};

static void report_outcome(enum outcome outcome, const char *name, const char *engine, const char *why)
{
	if (outcome == FAILED)
		printf("FAIL %s/%s: %s\n", name, engine, why);
	else if (outcome == SKIPPED)
		printf("SKIP %s/%s: %s\n", name, engine, why);
}

/* For the log: how many frames got each of the first verdicts, how many entries the maps have. */
static void summarise(const struct job *job, const char *engine, const struct trial *run)
{
	uint32_t verdicts[8] = {0}, entries = 0;

	for (uint32_t i = 0; i < job->frames->count; i++)
		verdicts[run->results[i].verdict & 7]++;
	for (uint32_t m = 0; m < run->map_count; m++)
		entries += run->maps[m].count;
	fprintf(stderr, "  %-8s %u frames:", engine, job->frames->count);
	for (uint32_t v = 0; v < 8; v++)
		if (verdicts[v])
			fprintf(stderr, " %u of verdict %u,", verdicts[v], v);
	fprintf(stderr, " %u map entries\n", entries);
}

/* All frames through our engines, the short ones too, and with nothing behind them: a read too far is a crash. */
static void compare_own(struct job *job, const char *name)
{
	const char *names[2] = {"interp", "jit"};
	struct trial runs[2] = {0};
	char why[512] = "";
	bool ran = true;

	for (int e = 0; e < 2 && ran; e++)
		ran = own_run(job, names[e], &runs[e], why) == RAN;
	if (ran)
		compare_runs(job, name, &runs[0], &runs[1], names);
	for (int e = 0; e < 2; e++)
		trial_free(&runs[e], job->frames->count);
}

/* False: the kernel took no part. */
static bool compare_kernel(struct job *job, const char *name)
{
	struct trial runs[ENGINES] = {0};
	enum outcome outcomes[ENGINES];
	char why[ENGINES][512] = {{0}};

	for (int e = 0; e < ENGINES; e++)
		outcomes[e] = e == KERNEL ? kernel_run(job, &runs[e], why[e])
					  : own_run(job, engine_names[e], &runs[e], why[e]);
	for (int e = 0; e < ENGINES; e++) {
		/* What the kernel does not load need not be a program at all. */
		if (job->alone && outcomes[KERNEL] != RAN && outcomes[e] == FAILED)
			outcomes[e] = SKIPPED;
		report_outcome(outcomes[e], name, engine_names[e], why[e]);
		if (outcomes[e] == RAN)
			summarise(job, engine_names[e], &runs[e]);
	}
	for (int e = 0; e < KERNEL; e++) {
		const char *names[2] = {engine_names[KERNEL], engine_names[e]};

		if (outcomes[KERNEL] == RAN && outcomes[e] == RAN)
			compare_runs(job, name, &runs[KERNEL], &runs[e], names);
	}
	for (int e = 0; e < ENGINES; e++)
		trial_free(&runs[e], job->frames->count);
	return outcomes[KERNEL] == RAN;
}

static void run_job(struct job *job, const char *name, const struct frames *all)
{
	struct frames some = kernel_frames(job, all);

	fprintf(stderr, "%s:\n", name);
	job->frames = &some;
	if (compare_kernel(job, name) && some.count < all->count)
		printf("SKIP %s/kernel/short-frames: BPF_PROG_TEST_RUN refuses frames %s\n", name,
		       job->skb ? "without a whole Ethernet and IP header" : "under 14 bytes");
	job->frames = all;
	job->tight = true;
	compare_own(job, name);
	free(some.at);
}

static bool is_below_link(const struct bpf_program *prog)
{
	switch (bpf_program__type(prog)) {
	case BPF_PROG_TYPE_XDP: case BPF_PROG_TYPE_SCHED_CLS: case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_SOCKET_FILTER: return false;
	default: return true;
	}
}

/* OBJECT[=RULES] */
static void run_argument(char *argument, const struct frames *all, const char *suffix)
{
	char *rules = strchr(argument, '='), name[64], title[80];
	struct bpf_object *object;
	struct bpf_program *prog;
	struct job job = {.program = name};

	if (rules)
		*rules++ = 0;
	job.object = argument;
	job.rules = rules;
	short_name(argument, name, sizeof(name));
	snprintf(title, sizeof(title), "%s%s", name, suffix);
	name[strcspn(name, "@")] = 0;
	object = bpf_object__open(argument); /* its BTF, and not btf__parse's: offsets of variables are resolved */
	job.btf = object ? bpf_object__btf(object) : NULL;
	prog = object ? bpf_object__find_program_by_name(object, name) : NULL;
	job.bpf = object;
	if (job.btf && prog) {
		job.skb = bpf_program__type(prog) != BPF_PROG_TYPE_XDP;
		job.below_link = is_below_link(prog);
		run_job(&job, title, all);
	} else {
		printf("FAIL %s/object: libbpf finds no BTF, or no program of this name\n", title);
	}
	trial_free(&job.presets, 0);
	bpf_object__close(object);
}

static bool takes_packets(const struct bpf_program *prog)
{
	switch (bpf_program__type(prog)) {
	case BPF_PROG_TYPE_XDP: case BPF_PROG_TYPE_SCHED_CLS: case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_SOCKET_FILTER: case BPF_PROG_TYPE_CGROUP_SKB: case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT: case BPF_PROG_TYPE_LWT_XMIT: case BPF_PROG_TYPE_LWT_SEG6LOCAL: return true;
	default: return false;
	}
}

/* A crash or a hang of one is told, and the others go on. */
static void run_apart(struct job *job, const char *title, const struct frames *all)
{
	enum { SECONDS = 60 };
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (!child) {
		alarm(SECONDS);
		run_job(job, title, all);
		fflush(stdout);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		need(NULL);
	if (WIFSIGNALED(status))
		printf("FAIL %s/crash: %s\n", title, strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		printf("FAIL %s/exit: status %d\n", title, WEXITSTATUS(status));
}

/* What their loaders say of sections whose names do not: suricata's, rtc-testbench's. */
static void guess_type(struct bpf_program *prog)
{
	static const struct { const char *section; enum bpf_prog_type type; } known[] = {
		{"filter", BPF_PROG_TYPE_SOCKET_FILTER},
		{"loadbalancer", BPF_PROG_TYPE_SOCKET_FILTER},
		{"xdp_sock", BPF_PROG_TYPE_XDP},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (bpf_program__type(prog) == BPF_PROG_TYPE_UNSPEC &&
		    !strcmp(bpf_program__section_name(prog), known[i].section))
			bpf_program__set_type(prog, known[i].type);
}

static void run_programs(const char *path, const char *config, const struct frames *all)
{
	struct bpf_object *object = bpf_object__open(path);
	struct bpf_program *prog;
	char name[64], title[256];

	short_name(path, name, sizeof(name));
	if (!object) {
		printf("SKIP %s/object: libbpf does not open it\n", name);
		return;
	}
	bpf_object__for_each_program(prog, object)
	{
		struct job job = {.object = path, .program = bpf_program__name(prog), .alone = true, .bpf = object,
				  .btf = bpf_object__btf(object), .config = config};

		guess_type(prog);
		job.type = bpf_program__type(prog);
		job.skb = job.type != BPF_PROG_TYPE_XDP;
		job.below_link = is_below_link(prog);
		job.pulled = job.type == BPF_PROG_TYPE_SOCKET_FILTER ? 14 : 0;
		snprintf(title, sizeof(title), "%s.%s", name, job.program);
		if (takes_packets(prog))
			run_apart(&job, title, all);
	}
	bpf_object__close(object);
}

static void use_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

int main(int argc, char **argv)
{
	struct frames recorded, frames;
	const char *config = NULL;
	bool programs = false;

	if (argc < 4 || strcmp(argv[1], "--pcap")) {
		fputs("usage: packets --pcap FILE [OBJECT[=RULES.yaml] | --mutate COUNT | --programs] …\n", stderr);
		return 2;
	}
	use_one_cpu();
	if (!frames_read(argv[2], &recorded))
		return 1;
	frames = recorded;
	for (int i = 3; i < argc; i++) {
		bool mutate = !strcmp(argv[i], "--mutate") && i + 1 < argc;

		if (!strcmp(argv[i], "--programs"))
			programs = true;
		else if (!strcmp(argv[i], "--config") && i + 1 < argc)
			config = argv[++i];
		else if (programs)
			run_programs(argv[i], config, &frames);
		else if (mutate && frames.at == recorded.at)
			frames = frames_mutated(&recorded, (uint32_t)strtoul(argv[++i], NULL, 10));
		else
			run_argument(argv[i], &frames, frames.at == recorded.at ? "" : "-mutated");
	}
	if (frames.at != recorded.at)
		frames_free(&frames);
	frames_free(&recorded);
	return 0;
}
