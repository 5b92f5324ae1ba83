/* SPDX-License-Identifier: Apache-2.0 */
/* Our verifier beside the live kernel's on random programs. What we accept and the kernel rejects is either a known kind
 * of imprecision of the kernel, decided by a predicate on the program, or a failure. What only the kernel accepts is
 * counted by our reason. Needs root and a kernel whose bpf() works; else it says SKIP. */
#include "backend/verify/verify.h"
#include "testsuite/diff/verify/random.h"

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
	unsigned both, neither, ours, kernels, shown, show;
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

static void compare(struct run *run)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;
	const struct iov_map_def *maps[RANDOM_MAPS] = {&run->maps[0], &run->maps[1], &run->maps[2]};
	struct iov_subprog sub = {.name = "main", .count = run->random.count};
	struct iov_prog prog = {.name = "random", .section = "xdp", .type = BPF_PROG_TYPE_XDP, .license = "GPL", .gpl = true,
				.insns = run->random.insns, .count = run->random.count, .maps = maps,
				.map_count = RANDOM_MAPS, .subs = &sub, .sub_count = 1};
	bool ours, kernel = kernel_accepts(run, false);

	sink_init(&sink, NULL);
	ours = verify_prog(&prog, run->platform, NULL, &arena, &sink, &facts) == IOV_OK;
	run->both += ours && kernel;
	run->neither += !ours && !kernel;
	run->ours += ours && !kernel;
	run->kernels += !ours && kernel;
	if (!ours && kernel)
		run->by_code[sink.first->id]++;
	if ((ours != kernel) && run->shown < run->show && (ours || getenv("SHOW_KERNEL"))) {
		run->shown++;
		print_program(&run->random);
		if (ours && !kernel_accepts(run, true))
			printf("  kernel: %s\n\n", last_words(run->log));
		else
			printf("  ours: %s at %lld: %s\n\n", diag_code(sink.first->id), (long long)sink.first->span.insn,
			       sink.first->message);
	}
	sink_free(&sink);
	arena_free(&arena);
}

int main(int argc, char **argv)
{
	static struct run run;
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;

	run.show = argc > 3 ? (unsigned)atoi(argv[3]) : 5;
	run.platform = platform_shipped("linux-6.18");
	run.maps[0] = (struct iov_map_def){.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4};
	run.maps[1] = (struct iov_map_def){.name = "hash", .type = 1, .key_size = 8, .value_size = 16, .max_entries = 4};
	run.maps[2] = (struct iov_map_def){.name = "ring", .type = 27, .max_entries = 4096};
	for (int i = 0; i < RANDOM_MAPS; i++) {
		run.fds[i] = make_map(&run.maps[i]);
		if (run.fds[i] < 0) {
			printf("SKIP verify against the kernel: bpf(): %s\n", strerror(errno));
			return 0;
		}
	}
	run.random.state = seed * 0x9e3779b97f4a7c15u + 1;
	for (unsigned long i = 0; i < count; i++) {
		random_program(&run.random);
		compare(&run);
		random_mutate(&run.random);
		compare(&run);
	}
	printf("%lu programs: both accept %u, both reject %u, only we accept %u, only the kernel accepts %u\n", 2 * count, run.both,
	       run.neither, run.ours, run.kernels);
	for (int i = 0; i < DIAG_COUNT; i++)
		if (run.by_code[i])
			printf("  only the kernel accepts, ours says %s %s: %u\n", diag_code((enum iov_diag_id)i),
			       diag_title((enum iov_diag_id)i), run.by_code[i]);
	printf("%s verify against the kernel: %u programs that only we accept\n", run.ours ? "FAIL" : "PASS", run.ours);
	return run.ours != 0;
}
