/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of isa.def with its corner values, in every pair of registers, against the oracle. After each instruction
 * all ten registers are compared, so that a clobbered one shows.
 *
 * Environment of a row's program: registers are loaded from regs[], the row runs, registers are stored to after[]. */
#include "oracle.h"

#include <criterion/criterion.h>
#include <string.h>

struct state {
	uint64_t regs[10], after[10];
	uint64_t memory[520];
};
enum { AFTER = 80, MIDDLE = 260 };

static const uint64_t values[] = {
	0, 1, 2, 3, 7, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
	0xffffffff, 0x100000000, 0x123456789abcdef0, 0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001,
	0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffff80000000, 0xffffffff7fffffff, 0xfffffffffffff000, 10,
	1000000007,
};
static const int32_t imms[] = {
	0, 1, -1, 2, -2, 3, 5, 6, 7, -7, 9, 10, 16, 31, 32, 33, 63, 100, 127, 128, 129, -128, -129, 255, 256, 641, 1000,
	-1000, 0x7fff, 0x8000, 0xffff, 0x10000, 1000000007, 0x40000000, INT32_MAX, INT32_MIN, INT32_MIN + 1,
};
enum { VALUES = sizeof(values) / sizeof(*values), IMMS = sizeof(imms) / sizeof(*imms) };

/* Loads r0..r9; r1, which holds the state's address, comes last. The address is kept at r10-8. */
static void load_registers(struct test_image *t)
{
	test_start(t);
	test_put(t, ISA_STX64, 10, 1, -8, 0);
	for (int i = 0; i < 10; i++)
		if (i != 1)
			test_put(t, ISA_LDX64, i, 1, i * 8, 0);
	test_put(t, ISA_LDX64, 1, 1, 8, 0);
}

static void store_registers(struct test_image *t)
{
	for (int i = 0; i < 10; i++)
		test_put(t, ISA_STX64, 10, i, -16 - 8 * i, 0);
	test_put(t, ISA_LDX64, 1, 10, -8, 0);
	for (int i = 0; i < 10; i++) {
		test_put(t, ISA_LDX64, 2, 10, -16 - 8 * i, 0);
		test_put(t, ISA_STX64, 1, 2, AFTER + i * 8, 0);
	}
	test_put(t, ISA_MOV64_K, 0, 0, 0, 0);
	test_put(t, ISA_EXIT, 0, 0, 0, 0);
	test_end(t);
}

struct compiled {
	struct test_image t;
	struct iov_arena arena;
	struct iov_sink sink;
};

static void compile(struct compiled *c, struct jit_setup setup)
{
	c->arena = (struct iov_arena){0};
	sink_init(&c->sink, NULL);
	cr_assert_eq(jit_compile_for(&c->t.image, &c->arena, &c->sink, &setup), IOV_OK);
}

static void release(struct compiled *c)
{
	jit_free(&c->t.image);
	sink_free(&c->sink);
	arena_free(&c->arena);
}

enum { ADDRESS = 0xadd7e55 }; /* a register that is to hold the address of memory[MIDDLE] */

static void place(struct state *s, const struct state *start)
{
	*s = *start;
	for (int i = 0; i < 10; i++)
		if (s->regs[i] == ADDRESS)
			s->regs[i] = (uint64_t)&s->memory[MIDDLE];
}

static void report(const struct compiled *c, const char *name, const struct state *want, const struct state *got)
{
	const struct iov_insn *insn = &c->t.insns[11];

	for (int i = 0; i < 10; i++)
		cr_assert(got->after[i] == want->after[i],
			  "%s: dst r%d src r%d off %d imm %d: r%d = %#lx, want %#lx (in %#lx, %#lx)", name, insn->dst,
			  insn->src, insn->off, insn->imm, i, got->after[i], want->after[i], want->regs[insn->dst % 10],
			  want->regs[insn->src % 10]);
	cr_assert_fail("%s: dst r%d src r%d off %d: memory differs", name, insn->dst, insn->src, insn->off);
}

/* Both run on the very same memory, so that addresses compare too. */
static void check_run(struct compiled *c, const char *name, const struct state *start)
{
	static struct state s, want;

	place(&s, start);
	oracle_run(&c->t.image, &c->t.env, &s);
	want = s;
	place(&s, start);
	jit_run(&c->t.image, &c->t.env, &s);
	if (memcmp(&s, &want, sizeof(s)) != 0)
		report(c, name, &want, &s);
}

static void fill(struct state *s, uint64_t seed)
{
	for (int i = 0; i < 10; i++)
		s->regs[i] = 0x1111111111111111u * (unsigned)(i + 1) + seed;
	for (int i = 0; i < 520; i++)
		s->memory[i] = 0x9e3779b97f4a7c15u * ((unsigned)i + seed + 1);
}

/* All pairs of values where the machine has its own mind about a register (rax, rdx, rcx); elsewhere every third. */
static void run_values(struct compiled *c, const struct iov_isa_row *row, int dst, int src)
{
	static const bool special[10] = {[0] = true, [3] = true, [4] = true};
	int step = special[dst] || special[src] ? 1 : 3, first = (dst + src) % step;
	static struct state s;

	fill(&s, 0);
	for (int i = 0; i < VALUES; i++)
		for (int k = first; k < (row->src == ISA_SRC_X && dst != src ? VALUES : first + 1); k += step) {
			if (row->src == ISA_SRC_X)
				s.regs[src] = values[k];
			s.regs[dst] = values[i];
			check_run(c, row->name, &s);
		}
}

/* Under an emulator a row's first combination of registers and immediates is taken, then one of so many. */
#ifndef VECTORS_THIN
#define VECTORS_THIN 1
#endif
static bool left_out(const struct iov_isa_row *row)
{
	static const struct iov_isa_row *last;
	static unsigned count;
	bool first = row != last;

	last = row;
	return count++ % VECTORS_THIN != 0 && !first;
}

static void one_row(const struct iov_isa_row *row, int dst, int src, int32_t imm, struct jit_setup setup)
{
	static struct compiled c;

	if (left_out(row))
		return;
	load_registers(&c.t);
	test_put(&c.t, isa_index(row), dst, src, 0, imm);
	store_registers(&c.t);
	compile(&c, setup);
	run_values(&c, row, dst, src);
	release(&c);
}

static void arithmetic(struct jit_setup setup)
{
	for (const struct iov_isa_row *row = isa_rows; row < isa_rows + ISA_COUNT; row++) {
		if (row->kind != ISA_K_ALU && row->kind != ISA_K_END && row->kind != ISA_K_CAST)
			continue;
		for (int dst = 0; dst < 10; dst++) {
			if (row->src == ISA_SRC_N)
				one_row(row, dst, 0, 0, setup);
			for (int src = 0; row->src == ISA_SRC_X && src < 10; src++)
				one_row(row, dst, src, 0, setup);
			for (int i = 0; row->src == ISA_SRC_K && i < IMMS; i++)
				one_row(row, dst, 0, imms[i], setup);
		}
	}
}

Test(vectors, arithmetic_with_what_this_cpu_has)
{
	arithmetic(jit_host());
}

Test(vectors, arithmetic_on_the_baseline)
{
	arithmetic(test_baseline());
}

/* r10 as a source: only its distance from what was stored can be compared. */
Test(vectors, frame_pointer_as_operand)
{
	static struct test_image t;

	test_start(&t);
	test_put(&t, ISA_MOV64_X, 6, 10, 0, 0);
	test_put(&t, ISA_MOV64_X, 2, 10, 0, 0);
	test_put(&t, ISA_ADD64_K, 2, 0, 0, -40);
	test_put(&t, ISA_ST64, 10, 0, -40, 77);
	test_put(&t, ISA_LDX64, 7, 2, 0, 0);
	test_put(&t, ISA_SUB64_X, 6, 10, 0, 0);
	test_put(&t, ISA_ADD64_X, 7, 6, 0, 0);
	test_put(&t, ISA_MOV64_X, 3, 10, 0, 0);
	test_put(&t, ISA_JNE64_X, 3, 10, 1, 0);
	test_put(&t, ISA_ADD64_K, 7, 0, 0, 1);
	test_put(&t, ISA_JLE64_X, 10, 2, 1, 0);
	test_put(&t, ISA_ADD64_K, 7, 0, 0, 2);
	test_put(&t, ISA_STX64, 10, 10, -8, 0);
	test_put(&t, ISA_LDX64, 4, 10, -8, 0);
	test_put(&t, ISA_SUB64_X, 4, 3, 0, 0);
	test_put(&t, ISA_ADD64_X, 7, 4, 0, 0);
	test_put(&t, ISA_MOV64_X, 0, 7, 0, 0);
	test_put(&t, ISA_EXIT, 0, 0, 0, 0);
	test_end(&t);
	cr_assert_eq(oracle_run(&t.image, &t.env, NULL), 80);
	cr_assert_eq(test_jit(&t, jit_host(), NULL), 80);
}

static void one_jump(const struct iov_isa_row *row, int dst, int src, int32_t imm)
{
	static struct compiled c;

	if (left_out(row))
		return;
	load_registers(&c.t);
	test_put(&c.t, isa_index(row), dst, src, 1, imm);
	test_put(&c.t, ISA_XOR64_K, 9, 0, 0, 0x55);
	store_registers(&c.t);
	compile(&c, test_baseline());
	run_values(&c, row, dst, src);
	release(&c);
}

Test(vectors, conditional_jumps)
{
	for (const struct iov_isa_row *row = isa_rows; row < isa_rows + ISA_COUNT; row++)
		for (int dst = 0; row->kind == ISA_K_JCC && dst < 10; dst++) {
			for (int src = 0; row->src == ISA_SRC_X && src < 10; src++)
				one_jump(row, dst, src, 0);
			for (int i = 0; row->src == ISA_SRC_K && i < IMMS; i++)
				one_jump(row, dst, 0, imms[i]);
		}
}

static bool is_access(const struct iov_isa_row *row)
{
	return row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->kind == ISA_K_ST || row->kind == ISA_K_STX ||
	       row->kind == ISA_K_ATOMIC;
}

static void one_access(const struct iov_isa_row *row, int dst, int src, int off)
{
	static const uint64_t patterns[] = {0, UINT64_MAX, 0x8000000080008080, 0x0123456789abcdef};
	static struct compiled c;
	static struct state s;
	bool from_src = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ;
	int base = from_src ? src : dst, other = from_src ? dst : src;

	if (left_out(row))
		return;
	load_registers(&c.t);
	test_put(&c.t, isa_index(row), dst, src, off, -2130706433);
	store_registers(&c.t);
	compile(&c, test_baseline());
	for (unsigned p = 0; p < sizeof(patterns) / sizeof(*patterns); p++) {
		fill(&s, p);
		s.memory[MIDDLE + off / 8] = patterns[p];
		s.regs[0] = p & 1 ? patterns[p] : 5;
		s.regs[other] = p & 1 ? patterns[p] : values[p * 7];
		s.regs[base] = ADDRESS;
		check_run(&c, row->name, &s);
	}
	release(&c);
}

Test(vectors, memory)
{
	static const int offs[] = {0, 8, -8, 120, 128, -128, -136, 2000, -2000};

	for (const struct iov_isa_row *row = isa_rows; row < isa_rows + ISA_COUNT; row++) {
		if (!is_access(row))
			continue;
		for (int dst = 0; dst < 10; dst++)
			for (int src = 0; src < (row->kind == ISA_K_ST ? 1 : 10); src++)
				for (unsigned o = 0; o < sizeof(offs) / sizeof(*offs); o++)
					one_access(row, dst, src, offs[o]);
	}
}

/* The same through r10: value in, row, value and memory out. */
static void one_stack_access(const struct iov_isa_row *row, int other)
{
	static struct compiled c;
	static struct state s;
	bool load = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ;

	if (VECTORS_THIN > 1 && (other + row->code) % 4)
		return;
	load_registers(&c.t);
	test_put(&c.t, ISA_STX64, 10, 3, -200, 0);
	test_put(&c.t, isa_index(row), load ? other : 10, load ? 10 : other, -200, 99);
	test_put(&c.t, ISA_LDX64, other == 5 ? 4 : 5, 10, -200, 0);
	store_registers(&c.t);
	compile(&c, test_baseline());
	for (int v = 0; v < VALUES; v++) {
		fill(&s, 0);
		s.regs[3] = values[v];
		s.regs[0] = v & 1 ? values[v] : 5;
		check_run(&c, row->name, &s);
	}
	release(&c);
}

Test(vectors, memory_on_the_stack)
{
	for (const struct iov_isa_row *row = isa_rows; row < isa_rows + ISA_COUNT; row++)
		for (int other = 0; other < 10; other++)
			if (is_access(row))
				one_stack_access(row, other);
}

Test(vectors, wide_immediates)
{
	static const enum iov_isa rows[] = {
		ISA_LD_IMM64, ISA_LD_MAP_FD, ISA_LD_MAP_VALUE, ISA_LD_BTF_ID, ISA_LD_MAP_IDX, ISA_LD_MAP_IDX_VALUE,
	};
	static struct compiled c;
	static struct state s;

	fill(&s, 0);
	for (unsigned row = 0; row < sizeof(rows) / sizeof(*rows); row++)
		for (int v = 0; v < VALUES; v++)
			for (int dst = 0; dst < 10; dst++) {
				load_registers(&c.t);
				test_put64(&c.t, rows[row], dst, values[v]);
				store_registers(&c.t);
				compile(&c, test_baseline());
				check_run(&c, isa_rows[rows[row]].name, &s);
				release(&c);
			}
}
