/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/diff/engines/random.h"

#include <string.h>

enum { STACK_WORDS = 8, LOOP_SLOTS = 16, MAX_LOOPS = 2 };

struct gen {
	uint64_t state;
	struct test_image *t;
	struct world *world;
	int sub, sub_count, loops, depth;
	int stack; /* lowest byte of this frame's scratch words, from r10 */
};

static uint64_t next(struct gen *g)
{
	uint64_t z = g->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint32_t below(struct gen *g, uint32_t n)
{
	return (uint32_t)(next(g) >> 32) % n;
}

static int reg(struct gen *g)
{
	return (int)below(g, 10);
}

static int32_t number(struct gen *g)
{
	static const int32_t corners[] = {
		0, 1, -1, 2, 3, 7, 8, 31, 32, 63, 64, 127, 128, -128, 255, 0xffff, INT32_MAX, INT32_MIN,
	};

	switch (below(g, 4)) {
	case 0:
		return (int32_t)next(g);
	case 1:
		return (int32_t)below(g, 200) - 100;
	case 2:
		return (int32_t)(1u << below(g, 32));
	default:
		return corners[below(g, sizeof(corners) / sizeof(*corners))];
	}
}

static void put(struct gen *g, enum iov_isa isa, int dst, int src, int off, int32_t imm)
{
	test_put(g->t, isa, dst, src, off, imm);
}

/* A register becomes something known. */
static void set(struct gen *g, int r)
{
	switch (below(g, 4)) {
	case 0:
		test_put64(g->t, ISA_LD_IMM64, r, next(g));
		break;
	case 1:
		put(g, ISA_MOV32_K, r, 0, 0, number(g));
		break;
	default:
		put(g, ISA_MOV64_K, r, 0, 0, number(g));
	}
}

static void alu(struct gen *g)
{
	const struct iov_isa_row *row;
	int32_t imm = number(g);
	unsigned shift;

	do
		row = &isa_rows[below(g, ISA_COUNT)];
	while (row->kind != ISA_K_ALU && row->kind != ISA_K_END && row->kind != ISA_K_CAST);
	shift = row->oper == ISA_O_LSH || row->oper == ISA_O_RSH || row->oper == ISA_O_ARSH ? row->width : 0;
	put(g, isa_index(row), reg(g), row->src == ISA_SRC_X ? reg(g) : 0, 0,
	    row->src != ISA_SRC_K ? 0 : shift ? (int32_t)((unsigned)imm % shift) : imm);
}

/* An access through `base` (holding an address) at an aligned place of `words` words from `off`. */
static void access(struct gen *g, int base, int off, uint32_t words, bool base_may_change)
{
	const struct iov_isa_row *row;
	int bytes, other = reg(g);
	bool load;

	do
		row = &isa_rows[below(g, ISA_COUNT)];
	while (row->kind != ISA_K_LDX && row->kind != ISA_K_LDSX && row->kind != ISA_K_ST && row->kind != ISA_K_STX &&
	       row->kind != ISA_K_ATOMIC);
	load = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ;
	if (!base_may_change && other == base)
		other = (other + 1) % 10;
	bytes = row->width / 8;
	off += (int)below(g, words * 8 / (unsigned)bytes) * bytes;
	put(g, isa_index(row), load ? other : base, load ? base : other, off, number(g));
}

/* A rotation by two shifts and an or: every order, in place or not; now and then one that is not a rotation. */
static void rotation(struct gen *g)
{
	bool wide = below(g, 2), right = below(g, 2);
	int w = wide ? 64 : 32, x = reg(g), t = reg(g), y = below(g, 2) ? x : reg(g);
	int k = 1 + (int)below(g, (uint32_t)w - 1);
	enum iov_isa mov = wide ? ISA_MOV64_X : ISA_MOV32_X, left_by = wide ? ISA_LSH64_K : ISA_LSH32_K;
	enum iov_isa right_by = wide ? ISA_RSH64_K : ISA_RSH32_K, or = wide ? ISA_OR64_X : ISA_OR32_X;

	put(g, mov, t, x, 0, 0);
	put(g, right ? right_by : left_by, t, 0, 0, k);
	if (y != x)
		put(g, mov, y, x, 0, 0);
	put(g, right ? left_by : right_by, y, 0, 0, below(g, 8) ? w - k : (int32_t)below(g, (uint32_t)w));
	if (below(g, 2))
		put(g, or, t, y, 0, 0);
	else
		put(g, or, y, t, 0, 0);
}

/* d = a; d <<= k; d += b or a constant: parts may be missing. With `load`, a holds an address and d is loaded from. */
static void address(struct gen *g, bool load)
{
	static const enum iov_isa loads[] = {ISA_LDX8, ISA_LDX16, ISA_LDX32, ISA_LDX64};
	int a = reg(g), b = (a + 1 + (int)below(g, 9)) % 10, d = below(g, 2) ? b : reg(g);

	if (load) {
		d = below(g, 2) ? a : d;
		test_put64(g->t, ISA_LD_IMM64, a, (uint64_t)&g->world->memory[16]);
		put(g, ISA_AND64_K, b, 0, 0, 7);
	}
	if (load && d == b) {
		if (below(g, 2))
			put(g, ISA_LSH64_K, d, 0, 0, 1 + (int)below(g, 3));
		put(g, ISA_ADD64_X, d, a, 0, 0);
	} else if (load) {
		if (d != a)
			put(g, ISA_MOV64_X, d, a, 0, 0);
		if (below(g, 2))
			put(g, ISA_ADD64_X, d, b, 0, 0);
		else if (d != a)
			put(g, ISA_ADD64_K, d, 0, 0, (int32_t)below(g, 100));
	} else {
		put(g, ISA_MOV64_X, d, a, 0, 0);
		if (below(g, 2))
			put(g, ISA_LSH64_K, d, 0, 0, (int)below(g, 5));
		if (below(g, 2))
			put(g, ISA_ADD64_X, d, reg(g), 0, 0);
		else
			put(g, ISA_ADD64_K, d, 0, 0, number(g));
	}
	if (load)
		put(g, loads[below(g, 4)], d, d, (int)below(g, 20) - 10, 0);
}

static void extension(struct gen *g)
{
	static const int counts[] = {32, 48, 56, 31, 0};
	int d = reg(g), k = counts[below(g, 5)];

	if (below(g, 2))
		put(g, ISA_MOV64_X, d, reg(g), 0, 0);
	if (below(g, 3) == 0) {
		put(g, below(g, 2) ? ISA_AND64_K : ISA_AND32_K, d, 0, 0, below(g, 2) ? 0xff : 0xffff);
		return;
	}
	put(g, ISA_LSH64_K, d, 0, 0, k);
	put(g, below(g, 2) ? ISA_RSH64_K : ISA_ARSH64_K, below(g, 8) ? d : reg(g), 0, 0, below(g, 8) ? k : 32);
}

static void swapped_load(struct gen *g)
{
	int d = reg(g);

	put(g, below(g, 2) ? ISA_LDX16 : ISA_LDX32, d, 10, g->stack + 2 * (int)below(g, 8), 0);
	put(g, below(g, 2) ? ISA_BE16 : ISA_BSWAP16, below(g, 8) ? d : reg(g), 0, 0, 0);
}

/* What compilers write for want of an instruction: what a JIT may fuse. Now and then something jumps into it. */
static void idiom(struct gen *g)
{
	uint32_t jump = g->t->image.count;
	uint32_t which = below(g, 5);
	bool entered = which != 2 && below(g, 4) == 0;

	if (entered)
		put(g, ISA_JGT64_X, reg(g), reg(g), 0, 0);
	switch (which) {
	case 0:
		rotation(g);
		break;
	case 1:
		address(g, false);
		break;
	case 2:
		address(g, true);
		break;
	case 3:
		extension(g);
		break;
	default:
		swapped_load(g);
	}
	if (entered)
		g->t->insns[jump].off = (int16_t)below(g, g->t->image.count - jump);
}

static void memory(struct gen *g)
{
	int base = 1 + (int)below(g, 9); /* cmpxchg writes r0 */

	test_put64(g->t, ISA_LD_IMM64, base, (uint64_t)&g->world->memory[16]);
	for (uint32_t n = below(g, 3); n; n--)
		access(g, base, -128, WORLD_WORDS, false);
	access(g, base, -128, WORLD_WORDS, true);
}

/* What a call leaves in r1..r5 nobody may read. */
static void after_call(struct gen *g)
{
	for (int r = 1; r <= 5; r++)
		if (below(g, 4) == 0)
			put(g, ISA_MOV64_X, r, below(g, 5) ? 6 + (int)below(g, 4) : 0, 0, 0);
		else
			set(g, r);
}

static uint64_t helper(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	struct world *world = env->now_ud;

	world->helper_calls++;
	world->memory[a % WORLD_WORDS] ^= b;
	return (a ^ b << 7) + c - (d ^ e >> 9);
}

static uint64_t call_back(uint64_t fn, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct iov_env *env)
{
	return env_callback(env, fn, b, c, d, e, b ^ c) + helper(b, c, d, e, 1, env);
}

/* Subprograms are called downwards only, so nothing recurses; their slots are patched when all are laid out. */
static void call(struct gen *g)
{
	int callee = g->sub + 1 + (int)below(g, 4);
	uint32_t slot;

	if (callee >= g->sub_count || g->loops || below(g, 3) == 0) {
		test_call(g->t, helper);
	} else if (below(g, 4) == 0) {
		test_put64(g->t, ISA_LD_FUNC, 1, (uint32_t)callee);
		test_call(g->t, call_back);
	} else if (below(g, 6) == 0) {
		slot = test_put64(g->t, ISA_LD_FUNC, 0, (uint32_t)callee);
		put(g, ISA_CALLX, 0, 0, 0, 0);
		(void)slot;
	} else {
		put(g, ISA_CALL_SUBPROG, 0, 1, 0, callee);
	}
	after_call(g);
}

static void legacy(struct gen *g)
{
	static const enum iov_isa rows[] = {
		ISA_LDABS8, ISA_LDABS16, ISA_LDABS32, ISA_LDIND8, ISA_LDIND16, ISA_LDIND32,
	};
	uint32_t which = below(g, 6);
	int src = which < 3 ? 0 : (int)below(g, 6);

	test_put64(g->t, ISA_LD_IMM64, 6, (uint64_t)&g->world->ctx);
	if (which >= 3)
		put(g, ISA_AND64_K, src, 0, 0, 31);
	put(g, rows[which], 0, src, 0, (int32_t)below(g, 36));
	after_call(g);
}

static void block(struct gen *g, uint32_t units);

static void patch(struct gen *g, uint32_t slot)
{
	struct iov_insn *insn = &g->t->insns[slot];
	int32_t distance = (int32_t)(g->t->image.count - slot - 1);

	if (insn->code == 0x06)
		insn->imm = distance;
	else
		insn->off = (int16_t)distance;
}

static void branch(struct gen *g)
{
	const struct iov_isa_row *row;
	uint32_t slot, other;

	do
		row = &isa_rows[below(g, ISA_COUNT)];
	while (row->kind != ISA_K_JCC && (row->kind != ISA_K_JA || below(g, 4)) && row->kind != ISA_K_MAY_GOTO);
	if (below(g, 8) == 0)
		put(g, ISA_JLT64_X, reg(g), reg(g), 1, 0); /* to the goto below, if it comes */
	slot = test_put(g->t, isa_index(row), row->kind == ISA_K_JCC ? reg(g) : 0,
			row->src == ISA_SRC_X ? reg(g) : 0, 0, row->src == ISA_SRC_K ? number(g) : 0);
	if (below(g, 4) == 0) {
		other = test_put(g->t, below(g, 2) ? ISA_JA : ISA_JA32, 0, 0, 0, 0);
		patch(g, slot);
		slot = other;
	}
	block(g, below(g, 5));
	if (below(g, 3) == 0) {
		other = test_put(g->t, ISA_JA, 0, 0, 0, 0);
		patch(g, slot);
		block(g, below(g, 4));
		slot = other;
	}
	patch(g, slot);
}

static void loop(struct gen *g)
{
	int counter = -8 - 8 * g->loops++, r = reg(g);
	uint32_t top;

	put(g, ISA_ST64, 10, 0, counter, 1 + (int32_t)below(g, 4));
	top = g->t->image.count;
	block(g, 1 + below(g, 6));
	put(g, ISA_LDX64, r, 10, counter, 0);
	put(g, ISA_ADD64_K, r, 0, 0, -1);
	put(g, ISA_STX64, 10, r, counter, 0);
	put(g, ISA_JNE64_K, r, 0, (int)top - (int)g->t->image.count - 1, 0);
	g->loops--;
}

static void unit(struct gen *g)
{
	uint32_t which = below(g, 100);

	if (g->t->image.count > TEST_SLOTS / 2)
		return;
	if (which < 50)
		alu(g);
	else if (which < 62)
		idiom(g);
	else if (which < 72)
		access(g, 10, g->stack, STACK_WORDS, true);
	else if (which < 82)
		memory(g);
	else if (which < 86)
		set(g, reg(g));
	else if (which < 93 && g->depth < 4)
		branch(g);
	else if (which < 95 && g->depth < 4 && g->loops < MAX_LOOPS)
		loop(g);
	else if (which < 98)
		call(g);
	else if (which < 99)
		legacy(g);
	else if (g->depth > 1)
		put(g, ISA_EXIT, 0, 0, 0, 0);
}

static void block(struct gen *g, uint32_t units)
{
	g->depth++;
	while (units--)
		unit(g);
	g->depth--;
}

/* Keeps every register in the world: r1 and r2 through the stack. */
static void keep_registers(struct gen *g)
{
	put(g, ISA_STX64, 10, 1, g->stack, 0);
	test_put64(g->t, ISA_LD_IMM64, 1, (uint64_t)g->world->regs);
	for (int r = 0; r < 10; r++)
		if (r != 1)
			put(g, ISA_STX64, 1, r, 8 * r, 0);
	put(g, ISA_LDX64, 2, 10, g->stack, 0);
	put(g, ISA_STX64, 1, 2, 8, 0);
}

static void function(struct gen *g, uint32_t *stack)
{
	static const int depths[] = {-LOOP_SLOTS - STACK_WORDS * 8, -128, -200, -IOV_FRAME_STACK};

	g->stack = depths[below(g, 4)];
	*stack = (uint32_t)-g->stack;
	for (int r = g->sub ? 6 : 1; r <= 9; r++)
		set(g, r);
	set(g, 0);
	for (int i = 0; i < STACK_WORDS; i++)
		put(g, ISA_ST64, 10, 0, g->stack + 8 * i, number(g));
	block(g, 4 + below(g, 40));
	if (!g->sub)
		keep_registers(g);
	put(g, ISA_EXIT, 0, 0, 0, 0);
}

/* Callee numbers become distances. */
static void link_calls(struct test_image *t)
{
	for (uint32_t i = 0; i < t->image.count; i++) {
		struct iov_insn *insn = &t->insns[i];

		if ((insn->code == 0x85 && insn->src == 1) || (insn->code == 0x18 && insn->src == 4))
			insn->imm = (int32_t)t->subs[insn->imm].start - (int32_t)i - 1;
		i += isa_is_wide(insn);
	}
}

void random_program(uint64_t seed, struct world *world, struct test_image *t, uint32_t sub_stack[TEST_SUBS])
{
	struct gen g = {.state = seed, .t = t, .world = world};

	g.sub_count = 1 + (int)below(&g, 4);
	test_start(t);
	for (g.sub = 0; g.sub < g.sub_count; g.sub++) {
		if (g.sub)
			test_sub(t);
		function(&g, &sub_stack[g.sub]);
	}
	test_end(t);
	link_calls(t);
}

void random_world(uint64_t seed, struct world *world)
{
	struct gen g = {.state = ~seed};

	memset(world, 0, sizeof(*world));
	for (int i = 0; i < WORLD_WORDS; i++)
		world->memory[i] = next(&g);
	for (int i = 0; i < WORLD_PACKET; i++)
		world->packet[i] = (uint8_t)next(&g);
	world->ctx.data = world->packet;
	world->ctx.data_end = world->packet + WORLD_PACKET;
}
