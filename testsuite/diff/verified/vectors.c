/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of corner values: each row of isa.def that computes, compares, loads or stores, over pairs of values and
 * immediates. Every value goes through an exclusive or with what the packet starts with, which is zeros in the first
 * one: no verifier knows it, so no engine folds it. What comes out is mixed into r8, and goes into the packet. */
#include "testsuite/diff/verified/verified.h"

static const uint64_t values[] = {
	0, 1, 7, 33, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x123456789abcdef0, 0x7fffffffffffffff,
	0x8000000000000000, 0xffffffffffffffff,
};
static const int32_t imms[] = {0, 1, -1, 2, 7, 31, 63, -7, 1000, 0x12345678, INT32_MAX, INT32_MIN};
enum { VALUES = sizeof(values) / sizeof(values[0]), PARTS = 2, DATA = 9, MIX = 8, LOW = -8 };
_Static_assert(sizeof(imms) / sizeof(imms[0]) == VALUES, "a program takes one of each");

static void put(struct random *r, uint8_t code, int dst, int src, int16_t off, int32_t imm)
{
	r->insns[r->count++] = (struct iov_insn){.code = code, .dst = (uint8_t)dst, .src = (uint8_t)src, .off = off,
						 .imm = imm};
}

static void constant(struct random *r, int reg, uint64_t value)
{
	put(r, 0x18, reg, 0, 0, (int32_t)(uint32_t)value);
	put(r, 0, 0, 0, 0, (int32_t)(value >> 32));
	put(r, 0xaf, reg, DATA, 0, 0); /* reg ^= DATA */
}

static void mix(struct random *r, int reg)
{
	put(r, 0x27, MIX, 0, 0, 31);
	put(r, 0xaf, MIX, reg, 0, 0);
}

/* r7 is the packet, r9 its first eight bytes. */
static void begin(struct random *r)
{
	r->count = 0;
	put(r, 0x61, 7, 1, 0, 0);
	put(r, 0x61, 2, 1, 4, 0);
	put(r, 0xbf, 3, 7, 0, 0);
	put(r, 0x07, 3, 0, 0, 8);
	put(r, 0xb7, 0, 0, 0, 2);
	put(r, 0xbd, 3, 2, 1, 0); /* if r3 <= r2 goto +1 */
	put(r, 0x95, 0, 0, 0, 0);
	put(r, 0x79, DATA, 7, 0, 0);
	put(r, 0xb7, MIX, 0, 0, 0);
}

static void end(struct random *r)
{
	put(r, 0x7b, 7, MIX, 0, 0);
	put(r, 0xb7, 0, 0, 0, 2);
	put(r, 0x95, 0, 0, 0, 0);
}

/* What the kernel and we refuse to load, whoever writes it. */
static bool refused(const struct iov_isa_row *row, int32_t imm)
{
	bool divides = row->oper == ISA_O_DIV || row->oper == ISA_O_SDIV || row->oper == ISA_O_MOD ||
		       row->oper == ISA_O_SMOD;
	bool shifts = row->oper == ISA_O_LSH || row->oper == ISA_O_RSH || row->oper == ISA_O_ARSH;

	return row->src == ISA_SRC_K && ((divides && !imm) || (shifts && (uint32_t)imm >= row->width));
}

static struct iov_insn insn_of(const struct iov_isa_row *row, int32_t imm)
{
	uint8_t src = row->fields & ISA_F_S ? 2 : 0;

	return (struct iov_insn){.code = row->code,
				 .dst = row->fields & ISA_F_D ? 1 : 0,
				 .src = row->sel == ISA_SEL_SRC ? (uint8_t)row->sel_value : src,
				 .off = row->sel == ISA_SEL_OFF ? (int16_t)row->sel_value : 0,
				 .imm = row->sel == ISA_SEL_IMM ? row->sel_value : row->fields & ISA_F_I ? imm : 0};
}

/* The row once, on r1 = a and r2 = b, through the stack where it needs memory; r1 is what came of it. */
static void once(struct random *r, const struct iov_isa_row *row, uint64_t a, uint64_t b, int32_t imm)
{
	struct iov_insn insn = insn_of(row, imm);
	bool loads = row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ;
	bool memory = loads || row->kind == ISA_K_ST || row->kind == ISA_K_STX || row->kind == ISA_K_ATOMIC;

	constant(r, 1, a);
	constant(r, 2, b);
	if (memory) {
		put(r, 0x7b, IOV_R10, 1, LOW, 0);
		insn.dst = loads ? 1 : IOV_R10;
		insn.src = loads ? IOV_R10 : insn.src;
		insn.off = LOW;
	}
	if (row->oper == ISA_O_CMPXCHG)
		put(r, 0xbf, 0, b & 1 ? 1 : 2, 0, 0);
	if (row->kind == ISA_K_JCC)
		insn.off = 1;
	r->insns[r->count++] = insn;
	if (row->kind == ISA_K_JCC)
		put(r, 0x07, MIX, 0, 0, 1);
	if (row->oper == ISA_O_CMPXCHG)
		mix(r, 0);
	if (row->kind == ISA_K_ATOMIC)
		mix(r, 2);
	if (memory && !loads)
		put(r, 0x79, 1, IOV_R10, LOW, 0);
	mix(r, 1);
}

static bool wanted(const struct iov_isa_row *row)
{
	return row->kind == ISA_K_ALU || row->kind == ISA_K_END || row->kind == ISA_K_JCC || row->kind == ISA_K_LDX ||
	       row->kind == ISA_K_LDSX || row->kind == ISA_K_ST || row->kind == ISA_K_STX || row->kind == ISA_K_ATOMIC;
}

uint64_t vectors_count(void) { return (uint64_t)ISA_COUNT * VALUES * PARTS; }

bool vectors_program(uint64_t n, struct random *r)
{
	const struct iov_isa_row *row = &isa_rows[n / PARTS / VALUES];
	uint64_t a = values[n / PARTS % VALUES], part = n % PARTS;

	begin(r);
	for (uint64_t i = part * (VALUES / PARTS); i < (part + 1) * (VALUES / PARTS) && wanted(row); i++)
		if (!refused(row, imms[i]))
			once(r, row, a, values[i], imms[i]);
	end(r);
	return wanted(row);
}
