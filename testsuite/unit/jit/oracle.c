/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct machine {
	const struct iov_image *image;
	struct iov_env *env;
	struct iov_insn_fact *facts; /* NULL: not learning */
	uint64_t r[11];
};

static uint64_t alu64(int oper, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (oper) {
	case ISA_O_ADD: return a + b;
	case ISA_O_SUB: return a - b;
	case ISA_O_MUL: return a * b;
	case ISA_O_DIV: return b == 0 ? 0 : a / b;
	case ISA_O_MOD: return b == 0 ? a : a % b;
	case ISA_O_SDIV: return b == 0 ? 0 : sb == -1 ? -a : (uint64_t)(sa / sb);
	case ISA_O_SMOD: return b == 0 ? a : sb == -1 ? 0 : (uint64_t)(sa % sb);
	case ISA_O_OR: return a | b;
	case ISA_O_AND: return a & b;
	case ISA_O_XOR: return a ^ b;
	case ISA_O_LSH: return a << (b % 64);
	case ISA_O_RSH: return a >> (b % 64);
	case ISA_O_ARSH: return (uint64_t)(sa >> (b % 64));
	case ISA_O_NEG: return -a;
	case ISA_O_MOV: return b;
	case ISA_O_MOVSX8: return (uint64_t)(int64_t)(int8_t)b;
	case ISA_O_MOVSX16: return (uint64_t)(int64_t)(int16_t)b;
	case ISA_O_MOVSX32: return (uint64_t)(int64_t)(int32_t)b;
	default: abort();
	}
}

/* 32-bit operations that are not the 64-bit ones of zero-extended operands. */
static uint32_t alu32(int oper, uint32_t a, uint32_t b)
{
	int32_t sa = (int32_t)a, sb = (int32_t)b;

	switch (oper) {
	case ISA_O_SDIV: return b == 0 ? 0 : sb == -1 ? -a : (uint32_t)(sa / sb);
	case ISA_O_SMOD: return b == 0 ? a : sb == -1 ? 0 : (uint32_t)(sa % sb);
	case ISA_O_LSH: return a << (b % 32);
	case ISA_O_RSH: return a >> (b % 32);
	case ISA_O_ARSH: return (uint32_t)(sa >> (b % 32));
	default: return (uint32_t)alu64(oper, a, b);
	}
}

static uint64_t swap(int width, uint64_t v)
{
	uint64_t out = 0;

	for (int i = 0; i < width; i += 8)
		out = out << 8 | ((v >> i) & 255);
	return out;
}

uint64_t oracle_alu(const struct iov_isa_row *row, uint64_t a, uint64_t b)
{
	if (row->kind == ISA_K_CAST)
		return b;
	if (row->kind == ISA_K_END && row->oper == ISA_O_TO_LE)
		return row->width == 64 ? a : a & (((uint64_t)1 << row->width) - 1);
	if (row->kind == ISA_K_END)
		return swap(row->width, a);
	return row->width == 64 ? alu64(row->oper, a, b) : alu32(row->oper, (uint32_t)a, (uint32_t)b);
}

bool oracle_jumps(const struct iov_isa_row *row, uint64_t a, uint64_t b)
{
	int64_t sa, sb;

	if (row->width == 32) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	sa = row->width == 32 ? (int32_t)a : (int64_t)a;
	sb = row->width == 32 ? (int32_t)b : (int64_t)b;
	switch (row->oper) {
	case ISA_O_JEQ: return a == b;
	case ISA_O_JNE: return a != b;
	case ISA_O_JGT: return a > b;
	case ISA_O_JGE: return a >= b;
	case ISA_O_JLT: return a < b;
	case ISA_O_JLE: return a <= b;
	case ISA_O_JSET: return (a & b) != 0;
	case ISA_O_JSGT: return sa > sb;
	case ISA_O_JSGE: return sa >= sb;
	case ISA_O_JSLT: return sa < sb;
	case ISA_O_JSLE: return sa <= sb;
	default: abort();
	}
}

static uint64_t load(uint64_t at, int width)
{
	uint64_t v = 0;

	memcpy(&v, (const void *)at, (size_t)width / 8);
	return v;
}

static void store(uint64_t at, int width, uint64_t v)
{
	memcpy((void *)at, &v, (size_t)width / 8);
}

static void atomic(struct machine *m, const struct iov_isa_row *row, const struct iov_insn *insn)
{
	uint64_t mask = row->width == 64 ? UINT64_MAX : ((uint64_t)1 << row->width) - 1;
	uint64_t at = m->r[row->oper == ISA_O_LOAD_ACQ ? insn->src : insn->dst] + (uint64_t)insn->off;
	uint64_t old = load(at, row->width), s = m->r[insn->src] & mask;

	switch (row->oper) {
	case ISA_O_ADD: store(at, row->width, old + s); return;
	case ISA_O_OR: store(at, row->width, old | s); return;
	case ISA_O_AND: store(at, row->width, old & s); return;
	case ISA_O_XOR: store(at, row->width, old ^ s); return;
	case ISA_O_FETCH_ADD: store(at, row->width, old + s); break;
	case ISA_O_FETCH_OR: store(at, row->width, old | s); break;
	case ISA_O_FETCH_AND: store(at, row->width, old & s); break;
	case ISA_O_FETCH_XOR: store(at, row->width, old ^ s); break;
	case ISA_O_XCHG: store(at, row->width, s); break;
	case ISA_O_CMPXCHG:
		if (old == (m->r[0] & mask))
			store(at, row->width, s);
		m->r[0] = old;
		return;
	case ISA_O_LOAD_ACQ: m->r[insn->dst] = old; return;
	case ISA_O_STORE_REL: store(at, row->width, s); return;
	default: abort();
	}
	m->r[insn->src] = old;
}

static bool legacy(struct machine *m, const struct iov_isa_row *row, const struct iov_insn *insn)
{
	const struct iov_ctx *ctx = (const void *)m->r[6];
	int64_t at = row->kind == ISA_K_LDIND ? (int32_t)(uint32_t)(m->r[insn->src] + (uint64_t)insn->imm) : insn->imm;
	int64_t length = ctx->data_end - ctx->data;

	if (at < 0)
		at = at >= -0x100000 ? at + 0x100000 + 14 : at + 0x200000;
	if (at < 0 || at + row->width / 8 > length)
		return false;
	m->r[0] = swap(row->width, load((uint64_t)ctx->data + (uint64_t)at, row->width));
	return true;
}

static uint64_t run_at(struct machine *m, uint32_t slot);

static uint64_t call(struct machine *m, uint32_t slot)
{
	struct machine callee = *m;

	return run_at(&callee, slot);
}

static uint64_t callback(struct iov_env *env, uint64_t fn, const uint64_t args[5])
{
	struct machine m = {.image = env->image, .env = env, .facts = env->trace_ud};

	memcpy(&m.r[1], args, 5 * sizeof(*args));
	return run_at(&m, (uint32_t)(fn - 1));
}

static bool tail_call(struct machine *m)
{
	const struct iov_map_head *map = (const void *)m->r[2];
	const struct iov_image *to;

	if ((uint32_t)m->r[3] >= map->max_entries || m->env->tail_calls >= 33)
		return false;
	to = ((struct iov_image **)(void *)map->data)[(uint32_t)m->r[3]];
	if (!to)
		return false;
	m->env->tail_calls++;
	m->env->image = m->image = to;
	return true;
}

static void learn(struct iov_insn_fact *fact, const struct iov_isa_row *row, uint64_t result, uint64_t b, bool jumps)
{
	if (!fact->reached) {
		fact->is_const = row->kind == ISA_K_ALU || row->kind == ISA_K_END;
		fact->value = result;
		fact->divisor_nonzero = true;
		fact->always = fact->never = row->kind == ISA_K_JCC;
	}
	fact->reached = true;
	fact->is_const &= fact->value == result;
	fact->divisor_nonzero &= row->width == 32 ? (uint32_t)b != 0 : b != 0;
	fact->always &= jumps;
	fact->never &= !jumps;
}

/* A map lookup: which map, and which 4-byte key. */
static void learn_lookup(const struct machine *m, uint32_t slot, struct iov_insn_fact *fact)
{
	const struct iov_insn *insn = &m->image->insns[slot];
	uint32_t key;
	int32_t map = -1;

	if (!fact->reached)
		fact->map = -1;
	if (insn->code != 0x85 || insn->src || insn->imm != 1 || !m->image->map_count)
		return;
	key = (uint32_t)load(m->r[2], 32);
	for (uint32_t i = 0; i < m->image->map_count; i++)
		if (m->r[1] == (uint64_t)m->image->maps[i])
			map = (int32_t)i;
	fact->key_const = !fact->reached || (fact->key_const && fact->key == key);
	fact->map = !fact->reached || fact->map == map ? map : -1;
	fact->key = key;
}

/* Bit n: the instruction reaches the nth eight bytes of the frame, and not by a whole access through r10 itself. Of
 * what a call is given, the places that addresses are of. */
static uint64_t reaches(const struct machine *m, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	bool load = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ;
	int base = load ? insn->src : insn->dst, first = base, last = base;
	uint64_t bits = 0;

	if (row->kind == ISA_K_CALL) {
		first = 1;
		last = 5;
	} else if (!load && row->kind != ISA_K_ST && row->kind != ISA_K_STX && row->kind != ISA_K_ATOMIC) {
		return 0;
	} else if (base == 10 && row->width == 64 && row->kind != ISA_K_ATOMIC) {
		return 0;
	}
	for (int r = first; r <= last; r++) {
		uint64_t below = m->r[10] - (m->r[r] + (row->kind == ISA_K_CALL ? 0 : (uint64_t)insn->off));

		if (below >= 1 && below <= IOV_FRAME_STACK)
			bits |= (uint64_t)1 << (below - 1) / 8;
	}
	return bits;
}

static int64_t step(struct machine *m, uint32_t slot, uint32_t *turns);

static int64_t step_and_learn(struct machine *m, uint32_t slot, uint32_t *turns)
{
	const struct iov_insn *insn = &m->image->insns[slot];
	const struct iov_isa_row *row = isa_find(insn);
	uint64_t b = row->src == ISA_SRC_X ? m->r[insn->src] : (uint64_t)(int64_t)insn->imm;
	bool jumps = row->kind == ISA_K_JCC && oracle_jumps(row, m->r[insn->dst], b);
	uint64_t reached = 0;
	int64_t next;

	if (m->facts) {
		learn_lookup(m, slot, &m->facts[slot]);
		reached = reaches(m, insn, row) | (m->facts[slot].is_const ? 0 : m->facts[slot].value);
	}
	next = step(m, slot, turns);
	if (m->facts)
		learn(&m->facts[slot], row, m->r[insn->dst], b, jumps);
	if (m->facts && row->kind != ISA_K_ALU && row->kind != ISA_K_END)
		m->facts[slot].value = reached;
	return next;
}

/* One instruction; returns the next slot, or -1 to leave the function with r0. */
static int64_t step(struct machine *m, uint32_t slot, uint32_t *turns)
{
	const struct iov_insn *insn = &m->image->insns[slot];
	const struct iov_isa_row *row = isa_find(insn);
	uint64_t *d = &m->r[insn->dst], b = row->src == ISA_SRC_X ? m->r[insn->src] : (uint64_t)(int64_t)insn->imm;
	uint64_t off = (uint64_t)insn->off;

	switch (row->kind) {
	case ISA_K_ALU:
	case ISA_K_END:
	case ISA_K_CAST:
		*d = oracle_alu(row, *d, b);
		break;
	case ISA_K_JA:
		return isa_target(row, insn, slot);
	case ISA_K_JCC:
		return oracle_jumps(row, *d, b) ? isa_target(row, insn, slot) : (int64_t)slot + 1;
	case ISA_K_MAY_GOTO:
		if (*turns == 0)
			return isa_target(row, insn, slot);
		--*turns;
		break;
	case ISA_K_LDX:
		*d = load(b + off, row->width);
		break;
	case ISA_K_LDSX:
		*d = alu64(row->width == 8 ? ISA_O_MOVSX8 : row->width == 16 ? ISA_O_MOVSX16 : ISA_O_MOVSX32, 0,
			   load(b + off, row->width));
		break;
	case ISA_K_ST:
	case ISA_K_STX:
		store(*d + off, row->width, b);
		break;
	case ISA_K_ATOMIC:
		atomic(m, row, insn);
		break;
	case ISA_K_LDIMM64:
		*d = row->oper == ISA_O_FUNC ? slot + 1 + (uint64_t)insn->imm + 1 : isa_imm64(insn);
		return slot + 2;
	case ISA_K_LDABS:
	case ISA_K_LDIND:
		if (legacy(m, row, insn))
			break;
		m->r[0] = 0;
		return -1;
	case ISA_K_CALL:
		if (row->oper == ISA_O_SUBPROG)
			m->r[0] = call(m, (uint32_t)((int64_t)slot + 1 + insn->imm));
		else if (row->oper == ISA_O_INDIRECT)
			m->r[0] = call(m, (uint32_t)(*d - 1));
		else if (row->oper == ISA_O_HELPER && insn->imm == 12)
			return tail_call(m) ? 0 : slot + 1;
		else
			m->r[0] = m->image->calls[slot](m->r[1], m->r[2], m->r[3], m->r[4], m->r[5], m->env);
		break;
	case ISA_K_EXIT:
		return -1;
	default:
		abort();
	}
	return slot + 1;
}

static uint64_t run_at(struct machine *m, uint32_t slot)
{
	uint64_t stack[64];
	uint32_t turns = IOV_MAY_GOTO_LIMIT;
	const struct iov_image *image = m->image;
	int64_t at = slot;

	m->r[10] = (uint64_t)(stack + 64);
	while (at >= 0) {
		at = step_and_learn(m, (uint32_t)at, &turns);
		if (m->image != image)
			turns = IOV_MAY_GOTO_LIMIT;
		image = m->image;
	}
	return m->r[0];
}

uint64_t oracle_run(const struct iov_image *image, struct iov_env *env, void *ctx)
{
	return oracle_learn(image, env, ctx, NULL);
}

uint64_t oracle_learn(const struct iov_image *image, struct iov_env *env, void *ctx, struct iov_insn_fact *facts)
{
	struct machine m = {.image = image, .env = env, .facts = facts};
	uint64_t r0;

	env->callback = callback;
	env->image = image;
	env->trace_ud = facts;
	m.r[1] = (uint64_t)ctx;
	r0 = run_at(&m, 0);
	env->callback = NULL;
	return r0;
}

void test_start(struct test_image *t)
{
	t->prog = (struct iov_prog){.name = "test", .insns = t->insns, .subs = t->subs, .sub_count = 1};
	t->image = (struct iov_image){.prog = &t->prog, .insns = t->insns, .calls = t->calls};
	t->env = (struct iov_env){.image = &t->image};
	t->subs[0].start = 0;
	memset(t->calls, 0, sizeof(t->calls));
}

uint32_t test_put(struct test_image *t, enum iov_isa isa, int dst, int src, int off, int32_t imm)
{
	const struct iov_isa_row *row = &isa_rows[isa];
	struct iov_insn insn = {row->code, (uint8_t)dst, (uint8_t)src, 0, (int16_t)off, imm};

	if (t->image.count >= TEST_SLOTS - 2)
		abort();
	if (row->sel == ISA_SEL_SRC)
		insn.src = (uint8_t)row->sel_value;
	else if (row->sel == ISA_SEL_OFF)
		insn.off = (int16_t)row->sel_value;
	else if (row->sel == ISA_SEL_IMM)
		insn.imm = row->sel_value;
	t->insns[t->image.count] = insn;
	return t->image.count++;
}

uint32_t test_put64(struct test_image *t, enum iov_isa isa, int dst, uint64_t value)
{
	uint32_t slot = test_put(t, isa, dst, 0, 0, (int32_t)(uint32_t)value);

	t->insns[t->image.count++] = (struct iov_insn){.imm = (int32_t)(uint32_t)(value >> 32)};
	return slot;
}

uint32_t test_call(struct test_image *t, iov_helper_fn *fn)
{
	t->calls[t->image.count] = fn;
	return test_put(t, ISA_CALL_HELPER, 0, 0, 0, 1);
}

uint32_t test_sub(struct test_image *t)
{
	test_end(t);
	t->subs[t->prog.sub_count++].start = t->image.count;
	return t->image.count;
}

void test_end(struct test_image *t)
{
	struct iov_subprog *last = &t->subs[t->prog.sub_count - 1];

	last->count = t->image.count - last->start;
	t->prog.count = t->image.count;
}

struct jit_setup test_baseline(void)
{
	return (struct jit_setup){.target = jit_host().target};
}

uint64_t test_jit(struct test_image *t, struct jit_setup setup, void *ctx)
{
	struct iov_arena arena = {0};
	struct iov_sink sink;
	enum iov_status status;
	uint64_t r0;

	sink_init(&sink, NULL);
	status = jit_compile_for(&t->image, &arena, &sink, &setup);
	if (status != IOV_OK) {
		fprintf(stderr, "jit_compile: status %d, %s\n", status, sink.first ? sink.first->message : "");
		abort();
	}
	t->env.image = &t->image;
	r0 = jit_run(&t->image, &t->env, ctx);
	jit_free(&t->image);
	sink_free(&sink);
	arena_free(&arena);
	return r0;
}
