/* SPDX-License-Identifier: Apache-2.0 */
/* Every pair through our verifier and the live kernel's. One result line a rule; what is wrong is told one by one.
 *   rejects [--alone] [--show WORD] [--list] [--cases FOLDER]
 *   rejects --mutants COUNT [--seed N] [--of FILE] [--show N] [--cases FOLDER] */
#include "backend/verify/verify.h"
#include "testsuite/diff/rejects/rejects.h"
#include "testsuite/unit/verify/asm.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_RULES = 512, MAX_CLASSES = 64 };

struct rule {
	char name[64];
	unsigned pairs, wrong;
};

struct run {
	struct iov_arena arena; /* platforms */
	const struct iov_platform *strict, *linux_now;
	struct rule rules[MAX_RULES];
	struct rule classes[MAX_CLASSES];
	unsigned without_twin, rule_count, class_count, pairs, wrong_passes, wrong, kernel_wrong, kernel_asked;
	bool kernel, list;
	const char *show;
};

const struct iov_platform *run_platform(const struct run *run)
{
	return run->strict;
}

const struct iov_platform *linux_platform(const struct run *run)
{
	return run->linux_now;
}

static struct rule *find(struct rule *rules, unsigned *count, unsigned max, const char *name)
{
	for (unsigned i = 0; i < *count; i++)
		if (!strncmp(rules[i].name, name, sizeof(rules[i].name) - 1))
			return &rules[i];
	if (*count == max)
		return &rules[max - 1];
	snprintf(rules[*count].name, sizeof(rules[*count].name), "%s", name);
	return &rules[(*count)++];
}

struct verdict {
	bool accepted;
	unsigned errors;
	char code[16], message[256];
	int64_t at;
};

static struct verdict verify(const struct iov_prog *prog, const struct iov_platform *platform)
{
	struct iov_arena arena = {0};
	struct iov_verify_options how = {.budget = 200000};
	struct iov_sink sink;
	struct iov_facts facts;
	struct verdict v = {.at = -1};

	sink_init(&sink, NULL);
	v.accepted = verify_prog(prog, platform, &how, &arena, &sink, &facts) == IOV_OK;
	v.errors = sink.errors;
	if (sink.first) {
		snprintf(v.code, sizeof(v.code), "%s", diag_code(sink.first->id));
		snprintf(v.message, sizeof(v.message), "%s", sink.first->message);
		v.at = sink.first->span.insn;
	}
	sink_free(&sink);
	arena_free(&arena);
	return v;
}

bool accepted_for_linux(struct run *run, const struct iov_prog *prog)
{
	return verify(prog, run->linux_now).accepted;
}

/* Instructions of the one that are not in the other, in order: the length of what they share, by the usual table. */
unsigned pair_distance(const struct iov_prog *a, const struct iov_prog *b)
{
	static uint16_t table[2][4200];
	uint32_t longer = a->count > b->count ? a->count : b->count;

	memset(table, 0, sizeof(table));
	for (uint32_t i = 0; i < a->count; i++)
		for (uint32_t k = 0; k < b->count; k++) {
			struct iov_insn x = a->insns[i], y = b->insns[k];
			uint16_t up = table[i & 1][k + 1], left = table[(i + 1) & 1][k];

			if (isa_find(&x) && (isa_find(&x)->kind == ISA_K_JCC || isa_find(&x)->kind == ISA_K_JA) &&
			    a->count != b->count)
				x.off = y.off; /* distances change with what stands between */
			table[(i + 1) & 1][k + 1] = !memcmp(&x, &y, sizeof(x)) ? (uint16_t)(table[i & 1][k] + 1)
						    : up > left                ? up
									       : left;
		}
	return longer - table[a->count & 1][b->count];
}

static bool fail(struct run *run, const struct pair *p, const struct iov_prog *prog, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
static bool fail(struct run *run, const struct pair *p, const struct iov_prog *prog, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	printf("FAIL rejects %s: %s\n", p->name, text);
	if (run->show && strstr(p->name, run->show))
		print_program(prog);
	run->wrong++;
	return false;
}

static bool ours(struct run *run, const struct pair *p)
{
	struct verdict v = verify(p->bad, run->strict);

	if (v.accepted) {
		run->wrong_passes++;
		return fail(run, p, p->bad, "WRONG PASS: must be rejected with %s at %lld", p->code, (long long)p->at);
	}
	if (strcmp(v.code, p->code) || (p->at >= 0 && v.at != p->at) || v.errors != 1)
		return fail(run, p, p->bad, "%u errors, %s at %lld instead of %s at %lld: %s", v.errors, v.code,
			    (long long)v.at, p->code, (long long)p->at, v.message);
	if (!p->twin) {
		run->without_twin++;
		if (run->list)
			fprintf(stderr, "no twin: %s\n", p->name);
		return true;
	}
	v = verify(p->twin, run->strict);
	if (!v.accepted)
		return fail(run, p, p->twin, "the twin is rejected: %s at %lld: %s", v.code, (long long)v.at,
			    v.message);
	if (pair_distance(p->bad, p->twin) > PAIR_DISTANCE_MAX)
		return fail(run, p, p->twin, "the twin differs in %u instructions", pair_distance(p->bad, p->twin));
	return true;
}

/* Linux is held to what we say of it: the platform that describes it where its rules are laxer, else a named class. */
static bool kernels(struct run *run, const struct pair *p)
{
	bool bad = !kernel_load(p->bad), twin = !p->twin || !kernel_load(p->twin);
	const char *class = NULL;

	run->kernel_asked += 1 + !!p->twin;
	if (!bad && !kernel_sees_no_key(p) && verify(p->bad, run->linux_now).accepted) {
		run->wrong_passes++;
		return fail(run, p, p->bad, "WRONG PASS for linux-6.18: Linux refuses it");
	}
	if (!bad && twin)
		return true;
	if (bad && verify(p->bad, run->linux_now).accepted)
		class = !strcmp(p->code, "IOV-V021") ? "uninitialised stack bytes may be read by root"
						     : "pointers may leak to root";
	if (!class || !twin)
		class = kernel_difference(p, bad, twin);
	if (class) {
		find(run->classes, &run->class_count, MAX_CLASSES, class)->pairs++;
		return true;
	}
	run->kernel_wrong++;
	if (bad)
		return fail(run, p, p->bad, "Linux loads it");
	return fail(run, p, p->twin, "Linux refuses the twin: %s", kernel_log(p->twin));
}

void judge(struct run *run, const struct pair *p)
{
	struct rule *rule = find(run->rules, &run->rule_count, MAX_RULES, p->rule);

	run->pairs++;
	rule->pairs++;
	if (run->list)
		fprintf(stderr, "%s %s @ %lld\n", p->name, p->code, (long long)p->at);
	if (run->kernel && !kernel_can_be_asked(p->bad))
		printf("SKIP rejects kernel/%s: the kernel needs BTF for it, or a map that this test cannot create\n",
		       p->name);
	if (!ours(run, p) || (run->kernel && kernel_can_be_asked(p->bad) && !kernels(run, p)))
		rule->wrong++;
}

static struct iov_prog as_prog(const struct code *c, struct iov_subprog *sub)
{
	*sub = (struct iov_subprog){.name = "main", .count = c->count};
	return (struct iov_prog){.name = "test",
				 .section = "test",
				 .type = c->type,
				 .attach_type = usual_attach(c->type),
				 .license = c->proprietary ? "Proprietary" : "GPL",
				 .gpl = !c->proprietary,
				 .insns = (struct iov_insn *)c->insn,
				 .count = c->count,
				 .maps = (const struct iov_map_def **)c->maps,
				 .map_count = c->map_count,
				 .subs = sub,
				 .sub_count = 1};
}

void note(const struct run *run, const char *fmt, ...)
{
	va_list args;

	(void)run;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

void broken(struct run *run, const char *why)
{
	printf("FAIL rejects: %s\n", why);
	run->wrong++;
}

bool code_accepted(struct run *run, const struct code *code)
{
	struct iov_subprog sub;
	struct iov_prog prog = as_prog(code, &sub);

	return verify(&prog, run->strict).accepted;
}

void judge_code(struct run *run, const struct code *bad, const struct code *twin, const char *code, int64_t at,
		const char *rule, const char *what, ...)
{
	struct iov_subprog subs[2];
	struct iov_prog b = as_prog(bad, &subs[0]), t = as_prog(twin, &subs[1]);
	char name[160];
	int n = snprintf(name, sizeof(name), "%s/", rule);
	va_list args;

	va_start(args, what);
	vsnprintf(name + n, sizeof(name) - (size_t)n, what, args);
	va_end(args);
	judge(run, &(struct pair){.rule = rule, .name = name, .bad = &b, .twin = &t, .code = code, .at = at});
}

static void report(const struct run *run)
{
	for (unsigned i = 0; i < run->rule_count; i++)
		if (!run->rules[i].wrong)
			printf("PASS rejects %s (%u)\n", run->rules[i].name, run->rules[i].pairs);
	for (unsigned i = 0; i < run->class_count; i++)
		fprintf(stderr, "Linux differs: %s: %u\n", run->classes[i].name, run->classes[i].pairs);
	fprintf(stderr,
		"%u programs to reject, %u without a twin: %u wrong passes, %u wrong otherwise; Linux was asked %u "
		"times\n",
		run->pairs, run->without_twin, run->wrong_passes, run->wrong - run->wrong_passes, run->kernel_asked);
	if (!run->kernel)
		printf("SKIP rejects against the kernel: bpf() does not work here\n");
	else if (!run->kernel_wrong)
		printf("PASS rejects against the kernel (%u loads)\n", run->kernel_asked);
}

int main(int argc, char **argv)
{
	static struct run run;
	const char *folder = "testsuite/cases/verify", *only = NULL;
	unsigned long count = 0, seed = 1;

	run.kernel = true;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--alone"))
			run.kernel = false;
		else if (!strcmp(argv[i], "--list"))
			run.list = true;
		else if (!strcmp(argv[i], "--show") && i + 1 < argc)
			run.show = argv[++i];
		else if (!strcmp(argv[i], "--cases") && i + 1 < argc)
			folder = argv[++i];
		else if (!strcmp(argv[i], "--mutants") && i + 1 < argc)
			count = strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			seed = strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--of") && i + 1 < argc)
			only = argv[++i];
		else
			return fprintf(stderr, "usage: rejects [--alone] [--list] [--show WORD] [--cases FOLDER]\n"
					       "       rejects --mutants COUNT [--seed N] [--of FILE] "
					       "[--show N] [--cases FOLDER]\n"),
			       2;
	}
	run.strict = test_platform(&run.arena);
	run.linux_now = platform_shipped("linux-6.18");
	run.kernel = run.kernel && kernel_open();
	if (count) {
		bool wrong = mutants(&run, folder, only, run.show ? (unsigned)atoi(run.show) : 2, count, seed) != 0;

		arena_free(&run.arena);
		return wrong;
	}
	pairs_of_isa(&run);
	pairs_of_contexts(&run);
	pairs_of_helpers(&run);
	pairs_of_text(&run, folder);
	report(&run);
	arena_free(&run.arena);
	return run.wrong != 0;
}
