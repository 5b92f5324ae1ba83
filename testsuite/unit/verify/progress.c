/* SPDX-License-Identifier: Apache-2.0 */
/* Loops that are proved without following their turns: what must be accepted, with its bound, and what must not. The
 * bound is held against runs by the oracle. */
#include "backend/verify/verify.h"
#include "testsuite/unit/verify/asm.h"
#include "testsuite/unit/verify/corpus.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PACKET "r2 = *(u32 *)(r1 + 4)\nr3 = *(u32 *)(r1 + 0)\n"
#define NUMBER "r7 = *(u32 *)(r1 + 12)\n"
#define END "out:\nr0 = 2\nexit\n"

struct loop {
	const char *name, *text;
	uint64_t least, most; /* instructions a run; most 0: must be rejected */
};

static const struct loop loops[] = {
	{"the whole packet", PACKET "again:\nr4 = r3\nr4 += 1\nif r4 > r2 goto out\nr0 = *(u8 *)(r3 + 0)\nr3 += 1\n"
	 "goto again\n" END, 6 << 16, 8 << 20},
	{"the packet backward", PACKET "again:\nr4 = r3\nr4 += 1\nif r4 > r2 goto out\nr3 += -1\ngoto again\n" END, 0,
	 0},
	{"one way does not move", PACKET NUMBER "again:\nr4 = r3\nr4 += 1\nif r4 > r2 goto out\n"
	 "if r7 == 5 goto again\nr3 += 1\ngoto again\n" END, 0, 0},
	{"up to an unknown number", NUMBER "r6 = 0\nagain:\nif r6 >= r7 goto out\nr6 += 1\ngoto again\n" END,
	 3ull << 31, 5ull << 32},
	{"up to it in 32 bits", NUMBER "w6 = 0\nagain:\nif w6 >= w7 goto out\nw6 += 1\ngoto again\n" END, 3ull << 31,
	 5ull << 32},
	{"past it in 32 bits", NUMBER "w6 = 0\nagain:\nif w6 >= w7 goto out\nw6 += 2\ngoto again\n" END, 0, 0},
	{"up to 100000", "r6 = 0\nagain:\nr6 += 1\nif r6 != 100000 goto again\n" END, 200000, 300000},
	{"past its end", "r6 = 0\nagain:\nr6 += 3\nif r6 != 100000 goto again\n" END, 0, 0},
	{"down from an unknown number", NUMBER "again:\nif r7 == 0 goto out\nr7 += -1\ngoto again\n" END, 3ull << 31,
	 5ull << 32},
	{"down by two", NUMBER "again:\nif r7 == 0 goto out\nr7 += -2\ngoto again\n" END, 0, 0},
	{"nested", "r6 = 0\nouter:\nr7 = 0\ninner:\nr7 += 1\nif r7 < 1000 goto inner\nr6 += 1\n"
	 "if r6 < 1000 goto outer\n" END, 2000000, 2100000},
	{"nested, the inner sets the outer back", NUMBER "r6 = 0\nouter:\nr8 = 0\ninner:\nr8 += 1\n"
	 "if r7 == 3 goto back\nif r8 < 1000 goto inner\nr6 += 1\nif r6 < 1000 goto outer\ngoto out\n"
	 "back:\nr6 = 0\nif r8 < 1000 goto inner\ngoto outer\n" END, 0, 0},
	{"the inner one passes 0, the outer one starts it anew", "w8 = 4\nouter:\nr2 = 0\ninner:\nw8 += -1\n"
	 "if w8 > 0 goto inner\nw8 += -1\nif w8 > 0 goto outer\n" END, 0, 0},
	{"the same from the top of 32 bits", "r8 = 0\nw8 += -1\nouter:\nr2 = 0\ninner:\nw8 += -1\n"
	 "if w8 > 0 goto inner\nw8 += -1\nif w8 > 0 goto outer\n" END, 0, 0},
	{"the same, outer is inner's", "r8 = 0\nw8 += -1\nouter:\ninner:\nw8 += -1\n"
	 "if w8 > 0 goto inner\nw8 += -1\nif w8 > 0 goto outer\n" END, 0, 0},
	{"a counter on the stack", "*(u64 *)(r10 - 8) = 0\nagain:\nr6 = *(u64 *)(r10 - 8)\nr6 += 1\n"
	 "*(u64 *)(r10 - 8) = r6\nif r6 < 100000 goto again\n" END, 400000, 500000},
	{"two counters, either of which moves", NUMBER "r6 = 0\nr8 = 0\nagain:\nif r7 == 3 goto other\nr6 += 1\n"
	 "if r6 < 100000 goto again\ngoto out\nother:\nr8 += 1\nif r8 < 100000 goto again\n" END, 0, 0},
	{"may_goto", NUMBER "r6 = 0\nagain:\nmay_goto out\nr6 += r7\ngoto again\n" END, 3 << 23, 4 << 23},
	{"may_goto on one way round", NUMBER "again:\nif r7 == 5 goto again\nmay_goto out\ngoto again\n" END, 0, 0},
	{"an index into the stack", "*(u64 *)(r10 - 8) = 0\nr6 = 0\nagain:\nr7 = r6\nr7 &= 7\nr8 = r10\nr8 += -8\n"
	 "r8 += r7\nr9 = *(u8 *)(r8 + 0)\nr6 += 1\nif r6 < 50000 goto again\n" END, 400000, 500000},
};

static enum iov_status prove(const struct iov_prog *p, struct iov_arena *arena, struct iov_sink *sink,
			     struct iov_facts *facts, bool eager)
{
	struct iov_verify_options how = {.budget = 20000, .eager = eager};
	struct iov_platform *platform = test_platform(arena);

	platform->rules &= ~(uint32_t)IOV_RULE_LINUX_LOOPS;
	return verify_prog(p, platform, &how, arena, sink, facts);
}

Test(progress, loops, .timeout = 60)
{
	for (size_t i = 0; i < 2 * sizeof(loops) / sizeof(*loops); i++) {
		const struct loop *l = &loops[i / 2];
		struct iov_arena arena = {0};
		struct iov_sink sink;
		struct iov_facts facts;
		const char *error = NULL;
		struct iov_prog *p = test_assemble(&arena, l->text, &error);
		enum iov_status st;

		cr_assert(p, "%s: %s", l->name, error);
		sink_init(&sink, NULL);
		st = prove(p, &arena, &sink, &facts, i % 2);
		cr_expect_eq(st == IOV_OK, l->most != 0, "%s: %s", l->name,
			     sink.first ? sink.first->message : "accepted");
		if (st == IOV_OK)
			cr_expect(facts.worst_insns >= l->least && facts.worst_insns <= l->most,
				  "%s: at most %" PRIu64 " instructions", l->name, facts.worst_insns);
		sink_free(&sink);
		arena_free(&arena);
	}
}

/* Loops that end after more turns than the budget allows, or that nothing ends; and many paths. */
static const char *const busy[] = {
	"r7 = 9\nagain:\nr7 += 1\nif r7 > 2 goto again\nr0 = 0\nexit\n",
	"r6 = 0\nagain:\nr6 += 1\nif r6 != 500000 goto again\nr0 = 0\nexit\n",
	NUMBER "r6 = 1\nr8 = 1\nagain:\nr6 *= 3\nif r7 & 1 goto odd\nr8 += 1\nodd:\nr7 = r6\nr7 += r8\n"
	"if r8 != 500000 goto again\n" END,
	PACKET NUMBER "again:\nr4 = r3\nr4 += 1\nif r4 > r2 goto out\nif r7 == 5 goto again\nr3 += 1\nr7 += 3\n"
	"goto again\n" END,
};

/* What regions that failed have spent counts, too. */
Test(progress, the_budget_is_never_exceeded, .timeout = 60)
{
	static const uint64_t budgets[] = {1, 100, 1000, 5000, 50000};

	for (size_t i = 0; i < 4 * 5 * sizeof(busy) / sizeof(*busy); i++) {
		uint64_t budget = budgets[i / 4 % 5];
		struct iov_verify_options how = {.budget = budget, .eager = i & 1};
		struct iov_arena arena = {0};
		struct iov_platform *platform = test_platform(&arena);
		const char *error = NULL;
		struct iov_prog *p = test_assemble(&arena, busy[i / 20], &error);
		struct iov_facts facts;
		struct iov_sink sink;

		cr_assert(p, "%s", error);
		if (i & 2)
			platform->rules &= ~(uint32_t)IOV_RULE_LINUX_LOOPS;
		sink_init(&sink, NULL);
		verify_prog(p, platform, &how, &arena, &sink, &facts);
		cr_expect(facts.processed <= budget, "program %zu: %" PRIu64 " instructions followed, not %" PRIu64,
			  i / 20, facts.processed, budget);
		sink_free(&sink);
		arena_free(&arena);
	}
}

/* What is wrong for another reason than a loop that is too long, or Linux's limit of offsets, stays wrong. */
static void still_wrong(void *ud, const struct corpus_case *c)
{
	bool loop = !strcmp(c->code, "IOV-V070") || !strcmp(c->code, "IOV-V072") || strstr(c->name, "beyond-65535");
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_facts facts;

	(void)ud;
	sink_init(&sink, NULL);
	cr_expect(prove(c->prog, &arena, &sink, &facts, true) != IOV_OK || c->accept || loop, "%s: %s", c->file,
		  c->name);
	sink_free(&sink);
	arena_free(&arena);
}

Test(progress, what_is_wrong_stays_wrong, .timeout = 60)
{
	DIR *d = opendir("testsuite/cases/verify");
	struct dirent *e;

	cr_assert(d);
	while ((e = readdir(d))) {
		struct iov_arena arena = {0};
		char path[512];
		const char *error;

		snprintf(path, sizeof(path), "testsuite/cases/verify/%s", e->d_name);
		if (strstr(e->d_name, ".txt"))
			cr_expect(corpus_read(&arena, path, still_wrong, NULL, &error), "%s", error);
		arena_free(&arena);
	}
	closedir(d);
}
