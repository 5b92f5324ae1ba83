/* SPDX-License-Identifier: Apache-2.0 */
/* Random programs through every engine, against the oracle: r0, registers and memory must agree. A difference is
 * printed as the shortest program that still shows it, with its seed. A plain main, so that valgrind and sanitizers
 * see it all.
 *
 *   engines [--count N | --seconds N] [--seed S] [--dump] */
#include "testsuite/diff/engines/random.h"

#include "runtime/jit/jit.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct world world;

struct outcome {
	uint64_t r0;
	struct world world;
};

struct bench {
	struct test_image t;
	uint32_t sub_stack[TEST_SUBS];
	uint64_t sub_private[TEST_SUBS];
	struct iov_insn_fact insn_facts[TEST_SLOTS];
	struct iov_facts facts;
	uint64_t seed;
	struct outcome want;
};

enum engine { INTERP, JIT, JIT_BASELINE, JIT_FACTS, JIT_HARDENED, ENGINES };
static const char *const names[ENGINES] = {"interpreter", "JIT", "JIT, baseline CPU", "JIT, with facts",
					    "JIT, hardened"};

static void fresh(struct bench *b)
{
	random_world(b->seed, &world);
	b->t.env = (struct iov_env){.image = &b->t.image, .now_ud = &world};
}

/* A may_goto that never jumped in this run still may: a verifier would have gone both ways. */
static bool has_may_goto(const struct bench *b)
{
	for (uint32_t i = 0; i < b->t.image.count; i += 1 + isa_is_wide(&b->t.insns[i]))
		if (isa_find(&b->t.insns[i])->kind == ISA_K_MAY_GOTO)
			return true;
	return false;
}

/* Eight bytes of a frame that are only accessed whole, by r10: programs of random.c never pass its address on. */
static void find_private(struct bench *b)
{
	for (uint32_t sub = 0; sub < b->t.prog.sub_count; sub++) {
		const struct iov_insn *insn = &b->t.insns[b->t.subs[sub].start], *end = insn + b->t.subs[sub].count;

		b->sub_private[sub] = ~(uint64_t)0;
		for (; insn < end; insn += isa_is_wide(insn) ? 2 : 1) {
			const struct iov_isa_row *row = isa_find(insn);
			bool load = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ;
			bool access = load || row->kind == ISA_K_ST || row->kind == ISA_K_STX ||
				      row->kind == ISA_K_ATOMIC;

			if (access && (load ? insn->src : insn->dst) == IOV_R10 &&
			    (row->width != 64 || row->kind == ISA_K_ATOMIC))
				b->sub_private[sub] &= ~((uint64_t)1 << ((-insn->off - 1) / 8));
		}
	}
}

static void learn(struct bench *b)
{
	fresh(b);
	memset(b->insn_facts, 0, b->t.image.count * sizeof(*b->insn_facts));
	b->facts = (struct iov_facts){.accepted = true, .insns = b->insn_facts, .count = b->t.image.count,
				      .sub_stack = b->sub_stack, .sub_private = b->sub_private};
	find_private(b);
	b->want.r0 = oracle_learn(&b->t.image, &b->t.env, &world.ctx, b->insn_facts);
	b->want.world = world;
	for (uint32_t i = 0, open = has_may_goto(b); open && i < b->t.image.count; i++)
		b->insn_facts[i].reached = true, b->insn_facts[i].map = -1;
}

static uint64_t run_jit(struct bench *b, struct iov_arena *arena, struct jit_setup setup)
{
	struct iov_sink sink;
	enum iov_status status;
	uint64_t r0;

	sink_init(&sink, NULL);
	status = jit_compile_for(&b->t.image, arena, &sink, &setup);
	if (status != IOV_OK) {
		printf("FAIL engines: seed %lu does not compile: status %d\n", b->seed, status);
		exit(1);
	}
	r0 = jit_run(&b->t.image, &b->t.env, &world.ctx);
	jit_free(&b->t.image);
	sink_free(&sink);
	return r0;
}

static struct jit_setup setup_of(enum engine engine)
{
	struct jit_setup setup = engine == JIT_BASELINE ? test_baseline() : jit_host();

	if (engine == JIT_HARDENED)
		setup.hardening = IOV_HARDEN_CONSTANTS | IOV_HARDEN_BRANCHES;
	return setup;
}

static uint64_t run(struct bench *b, enum engine engine)
{
	struct iov_arena arena = {0};
	uint64_t r0 = 0;

	fresh(b);
	b->t.image.facts = engine == JIT_FACTS ? &b->facts : NULL;
	if (engine == INTERP && interp_prepare(&b->t.image, &arena) == IOV_OK)
		r0 = interp_run(&b->t.image, &b->t.env, &world.ctx);
	else if (engine != INTERP)
		r0 = run_jit(b, &arena, setup_of(engine));
	b->t.image.facts = NULL;
	arena_free(&arena);
	return r0;
}

static bool agrees(struct bench *b, enum engine engine)
{
	return run(b, engine) == b->want.r0 && memcmp(&world, &b->want.world, sizeof(world)) == 0;
}

static void print(const struct bench *b)
{
	for (uint32_t i = 0; i < b->t.image.count; i++) {
		const struct iov_insn *insn = &b->t.insns[i];

		if (insn->code == 0x05 && insn->off == 0)
			continue;
		printf("  %4u: %-20s dst r%d src %d off %d imm %d\n", i, isa_find(insn)->name, insn->dst, insn->src,
		       insn->off, insn->imm);
		i += isa_is_wide(insn);
	}
}

/* What keeps the program one that a verifier would take: first values, calls, exits, and what makes a loop end (the
 * four instructions up to the jump back). */
static bool needed(const struct bench *b, uint32_t slot)
{
	enum iov_isa isa = isa_index(isa_find(&b->t.insns[slot]));

	for (uint32_t i = slot; i < slot + 4 && i < b->t.image.count; i++)
		if (b->t.insns[i].code == isa_rows[ISA_JNE64_K].code && b->t.insns[i].off < 0)
			return true;
	return isa == ISA_ST64 || isa == ISA_MOV64_K || isa == ISA_MOV32_K || isa_rows[isa].kind == ISA_K_CALL ||
	       isa_rows[isa].kind == ISA_K_EXIT;
}

/* In a child: without an instruction a program may run wild, or for ever. */
static bool still_differs(struct bench *b, enum engine engine)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		alarm(2);
		learn(b);
		_exit(agrees(b, engine) ? 0 : 3);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 3;
}

/* Every other instruction that the difference does not need becomes `goto +0`. */
static void shrink(struct bench *b, enum engine engine)
{
	for (uint32_t i = 0; i < b->t.image.count; i++) {
		struct iov_insn kept = b->t.insns[i];

		if (isa_is_wide(&kept)) {
			i++;
			continue;
		}
		if (needed(b, i))
			continue;
		b->t.insns[i] = (struct iov_insn){.code = 0x05};
		if (!still_differs(b, engine))
			b->t.insns[i] = kept;
	}
	learn(b);
}

static void report(struct bench *b, enum engine engine)
{
	uint64_t r0;

	shrink(b, engine);
	r0 = run(b, engine);
	printf("FAIL engines: seed %lu, %s: r0 %#lx, oracle %#lx\n", b->seed, names[engine], r0, b->want.r0);
	for (int i = 0; i < 10; i++)
		if (world.regs[i] != b->want.world.regs[i])
			printf("  r%d %#lx, oracle %#lx\n", i, world.regs[i], b->want.world.regs[i]);
	for (int i = 0; i < WORLD_WORDS; i++)
		if (world.memory[i] != b->want.world.memory[i])
			printf("  memory %d %#lx, oracle %#lx\n", i, world.memory[i], b->want.world.memory[i]);
	print(b);
}

struct options {
	uint64_t count, seed, seconds;
	bool dump;
};

static volatile uint64_t running;

static void crashed(int signal)
{
	char line[96];
	int n = snprintf(line, sizeof(line), "FAIL engines: seed %lu: signal %d\n", running, signal);

	_exit(write(STDOUT_FILENO, line, (size_t)n) == n ? 1 : 70);
}

static struct options parse(int argc, char **argv)
{
	static const struct option options[] = {
		{"count", required_argument, NULL, 'c'}, {"seed", required_argument, NULL, 's'},
		{"seconds", required_argument, NULL, 't'}, {"dump", no_argument, NULL, 'd'}, {0},
	};
	struct options o = {.count = 1000, .seed = 1};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'c')
			o.count = strtoull(optarg, NULL, 0);
		else if (c == 's')
			o.seed = strtoull(optarg, NULL, 0);
		else if (c == 't')
			o.seconds = strtoull(optarg, NULL, 0);
		else if (c == 'd')
			o.dump = true;
		else
			exit(2);
	}
	return o;
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct options o = parse(argc, argv);
	uint64_t insns = 0, differences[ENGINES] = {0}, done;
	time_t start = time(NULL);

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGSEGV, crashed);
	signal(SIGILL, crashed);
	signal(SIGTRAP, crashed);
	for (done = 0; o.seconds ? (uint64_t)(time(NULL) - start) < o.seconds : done < o.count; done++) {
		b.seed = running = o.seed + done;
		random_program(b.seed, &world, &b.t, b.sub_stack);
		insns += b.t.image.count;
		if (o.dump)
			print(&b);
		learn(&b);
		for (int engine = 0; engine < ENGINES; engine++)
			if (!agrees(&b, engine) && differences[engine]++ < 3) {
				report(&b, engine);
				random_program(b.seed, &world, &b.t, b.sub_stack);
				learn(&b);
			}
	}
	for (int engine = 0; engine < ENGINES; engine++)
		printf("%s engines: %s, %lu programs of %lu slots from seed %lu, %lu differences\n",
		       differences[engine] ? "FAIL" : "PASS", names[engine], done, insns, o.seed, differences[engine]);
	for (int engine = 0; engine < ENGINES; engine++)
		if (differences[engine])
			return 1;
	return 0;
}
