/* SPDX-License-Identifier: Apache-2.0 */
/* Encoders for 64-bit ARM: every instruction is one little-endian word. */
#include "runtime/jit/a64_emit.h"

#include <string.h>

void a64_word(struct jit_code *c, uint32_t word)
{
	memcpy(code_room(c), &word, 4);
	c->next += 4;
}

static uint32_t sf(int w)
{
	return w == 64 ? 0x80000000 : 0;
}

/* Fields rd, rn, rm in their usual places. */
static void three(struct jit_code *c, uint32_t op, int rd, int rn, int rm)
{
	a64_word(c, op | (uint32_t)rm << 16 | (uint32_t)rn << 5 | (uint32_t)rd);
}

void a64_alu_shifted(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, int rm, enum a64_shift shift,
		     unsigned by)
{
	three(c, (uint32_t)op | sf(w) | (uint32_t)shift << 22 | by << 10, rd, rn, rm);
}

void a64_alu(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, int rm)
{
	a64_alu_shifted(c, op, w, rd, rn, rm, A64_LSL, 0);
}

bool a64_addsub_imm(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, int64_t imm)
{
	enum { OPPOSITE = 0x40000000, IMMEDIATE = 0x1a000000, SHIFTED = 1 << 22 };
	uint32_t word = (uint32_t)op ^ IMMEDIATE;

	if (imm < 0) {
		word ^= OPPOSITE;
		imm = imm == INT64_MIN ? imm : -imm;
	}
	if (imm >> 12 && !(imm & 0xfff)) {
		imm >>= 12;
		word |= SHIFTED;
	}
	if (imm < 0 || imm > 0xfff)
		return false;
	a64_word(c, word | sf(w) | (uint32_t)imm << 10 | (uint32_t)rn << 5 | (uint32_t)rd);
	return true;
}

static uint64_t low_ones(unsigned n)
{
	return n == 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

/* N, immr, imms (bits 22 to 10) of a bitmask immediate; false: there is none. The value is an element of 2 to 64 bits,
 * repeated; an element is a run of ones, rotated. */
static bool bitmask(uint64_t v, int w, uint32_t *fields)
{
	unsigned size = 64, ones, start;
	uint64_t element;

	if (w == 32)
		v = (uint32_t)v | v << 32;
	if (v == 0 || v == UINT64_MAX)
		return false;
	while (size > 2 && ((v >> size / 2 ^ v) & low_ones(size / 2)) == 0)
		size /= 2;
	element = v & low_ones(size);
	ones = (unsigned)__builtin_popcountll(element);
	start = (unsigned)__builtin_ctzll(element);
	if (start == 0) {
		/* The run may wrap: it begins where the zeros end. */
		uint64_t zeros = ~element & low_ones(size);

		start = (unsigned)(63 - __builtin_clzll(zeros) + 1) % size;
		if (zeros >> __builtin_ctzll(zeros) != low_ones(size - ones))
			return false;
	} else if (element >> start != low_ones(ones)) {
		return false;
	}
	*fields = (size == 64 ? 1u << 22 : 0) | ((size - start) % size) << 16 |
		  ((((0 - size) << 1) | (ones - 1)) & 0x3f) << 10;
	return true;
}

bool a64_logic_imm(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, uint64_t imm)
{
	enum { IMMEDIATE = 0x18000000 };
	uint32_t fields;

	if (!bitmask(imm, w, &fields))
		return false;
	a64_word(c, ((uint32_t)op ^ IMMEDIATE) | sf(w) | fields | (uint32_t)rn << 5 | (uint32_t)rd);
	return true;
}

void a64_add_extended(struct jit_code *c, int rd, int rn, int rm, unsigned by)
{
	three(c, 0x8b206000 | by << 10, rd, rn, rm);
}

void a64_mov(struct jit_code *c, int w, int rd, int rn)
{
	if (rd != rn || w == 32)
		a64_alu(c, A64_ORR, w, rd, A64_ZR, rn);
}

static unsigned quarters_that_are(uint64_t value, int w, uint16_t what)
{
	unsigned n = 0;

	for (int at = 0; at < w; at += 16)
		n += (uint16_t)(value >> at) == what;
	return n;
}

void a64_mov_imm(struct jit_code *c, int rd, uint64_t value)
{
	enum { MOVN = 0x12800000, MOVZ = 0x52800000, MOVK = 0x72800000 };
	int w = value <= UINT32_MAX ? 32 : 64;
	bool inverted = quarters_that_are(value, w, 0xffff) > quarters_that_are(value, w, 0);
	uint16_t rest = inverted ? 0xffff : 0;
	bool first = true, plain = quarters_that_are(value, w, rest) == (unsigned)w / 16;

	if (w - 16 * (int)quarters_that_are(value, w, rest) > 16 && a64_logic_imm(c, A64_ORR, w, rd, A64_ZR, value))
		return;
	for (int at = 0; at < w; at += 16) {
		uint32_t quarter = (uint16_t)(value >> at);

		if (quarter == rest && !(plain && first))
			continue;
		if (first && inverted)
			quarter ^= 0xffff;
		a64_word(c, (first ? inverted ? MOVN : MOVZ : MOVK) | sf(w) | (uint32_t)(at / 16) << 21 | quarter << 5 |
				    (uint32_t)rd);
		first = false;
	}
}

static void bitfield(struct jit_code *c, bool is_signed, int w, int rd, int rn, unsigned immr, unsigned imms)
{
	uint32_t op = (is_signed ? 0x13000000 : 0x53000000) | (w == 64 ? 0x80400000 : 0);

	a64_word(c, op | immr << 16 | imms << 10 | (uint32_t)rn << 5 | (uint32_t)rd);
}

void a64_shift_imm(struct jit_code *c, enum a64_shift op, int w, int rd, int rn, unsigned by)
{
	unsigned bits = (unsigned)w;

	if (op == A64_LSL)
		bitfield(c, false, w, rd, rn, (bits - by) % bits, bits - 1 - by);
	else
		bitfield(c, op == A64_ASR, w, rd, rn, by, bits - 1);
}

void a64_rotate_imm(struct jit_code *c, int w, int rd, int rn, unsigned right)
{
	three(c, (w == 64 ? 0x93c00000 : 0x13800000) | right << 10, rd, rn, rn);
}

void a64_extend(struct jit_code *c, bool is_signed, int w, int rd, int rn, unsigned bits)
{
	bitfield(c, is_signed, w, rd, rn, 0, bits - 1);
}

void a64_two(struct jit_code *c, enum a64_two op, int w, int rd, int rn, int rm)
{
	three(c, (uint32_t)op | sf(w), rd, rn, rm);
}

void a64_three(struct jit_code *c, enum a64_three op, int w, int rd, int rn, int rm, int ra)
{
	three(c, (uint32_t)op | sf(w) | (uint32_t)ra << 10, rd, rn, rm);
}

void a64_rev16(struct jit_code *c, int rd, int rn)
{
	three(c, 0x5ac00400, rd, rn, 0);
}

void a64_rev(struct jit_code *c, int w, int rd, int rn)
{
	three(c, w == 64 ? 0xdac00c00 : 0x5ac00800, rd, rn, 0);
}

void a64_csel(struct jit_code *c, enum a64_cc cc, int w, int rd, int rn, int rm)
{
	three(c, 0x1a800000 | sf(w) | (uint32_t)cc << 12, rd, rn, rm);
}

void a64_cset(struct jit_code *c, enum a64_cc cc, int rd)
{
	three(c, 0x1a800400 | (uint32_t)(cc ^ 1) << 12, rd, A64_ZR, A64_ZR);
}

bool a64_access_imm(struct jit_code *c, enum a64_access op, unsigned size, int rt, int rn, int32_t off)
{
	uint32_t word = size << 30 | (uint32_t)op << 22 | (uint32_t)rn << 5 | (uint32_t)rt;

	if (off >= 0 && off >> size <= 0xfff && !(off & ((1 << size) - 1)))
		a64_word(c, word | 0x39000000 | (uint32_t)(off >> size) << 10);
	else if (off >= -256 && off <= 255)
		a64_word(c, word | 0x38000000 | ((uint32_t)off & 0x1ff) << 12);
	else
		return false;
	return true;
}

void a64_access_reg(struct jit_code *c, enum a64_access op, unsigned size, int rt, int rn, int rm, unsigned by)
{
	three(c, 0x38206800 | size << 30 | (uint32_t)op << 22 | (by ? 1u << 12 : 0), rt, rn, rm);
}

void a64_access_u32(struct jit_code *c, enum a64_access op, unsigned size, int rt, int rn, int rm)
{
	three(c, 0x38205800 | size << 30 | (uint32_t)op << 22, rt, rn, rm);
}

void a64_push2(struct jit_code *c, int a, int b)
{
	three(c, 0xa9bf0000 | (uint32_t)b << 10, a, A64_SP, 0);
}

void a64_pop2(struct jit_code *c, int a, int b)
{
	three(c, 0xa8c10000 | (uint32_t)b << 10, a, A64_SP, 0);
}

void a64_push1(struct jit_code *c, int a)
{
	three(c, 0xf81f0c00, a, A64_SP, 0);
}

void a64_pop1(struct jit_code *c, int a)
{
	three(c, 0xf8410400, a, A64_SP, 0);
}

void a64_lse(struct jit_code *c, uint32_t op, unsigned size, int rs, int rt, int rn)
{
	three(c, op | size << 30, rt, rn, rs);
}

void a64_cas(struct jit_code *c, unsigned size, int rs, int rt, int rn)
{
	three(c, 0x08e0fc00 | size << 30, rt, rn, rs);
}

void a64_load_acquire(struct jit_code *c, unsigned size, int rt, int rn)
{
	three(c, 0x08c0fc00 | size << 30, rt, rn, A64_ZR);
}

void a64_store_release(struct jit_code *c, unsigned size, int rt, int rn)
{
	three(c, 0x0880fc00 | size << 30, rt, rn, A64_ZR);
}

void a64_load_exclusive(struct jit_code *c, unsigned size, int rt, int rn)
{
	three(c, 0x0840fc00 | size << 30, rt, rn, A64_ZR);
}

void a64_store_exclusive(struct jit_code *c, unsigned size, int status, int rt, int rn)
{
	three(c, 0x0800fc00 | size << 30, rt, rn, status);
}

void a64_br(struct jit_code *c, int rn)
{
	a64_word(c, 0xd61f0000 | (uint32_t)rn << 5);
}

void a64_blr(struct jit_code *c, int rn)
{
	a64_word(c, 0xd63f0000 | (uint32_t)rn << 5);
}

uint32_t a64_bcc(enum a64_cc cc)
{
	return A64_BCC | (uint32_t)cc;
}

uint32_t a64_cb(bool zero, int w, int rt)
{
	return (zero ? A64_CBZ : A64_CBNZ) | sf(w) | (uint32_t)rt;
}

uint32_t a64_tb(bool zero, int rt, unsigned bit)
{
	return (zero ? A64_TBZ : A64_TBNZ) | (bit >> 5) << 31 | (bit & 31) << 19 | (uint32_t)rt;
}

bool a64_is_tb(uint32_t branch)
{
	return (branch & 0x7e000000) == A64_TBZ;
}

static bool is_conditional(uint32_t branch)
{
	return (branch & 0xff000000) == A64_BCC;
}

uint32_t a64_with_distance(uint32_t branch, int64_t distance)
{
	uint32_t words = (uint32_t)(distance >> 2);

	if ((branch & 0x7c000000) == A64_B)
		return branch | (words & 0x3ffffff);
	return branch | (words & (a64_is_tb(branch) ? 0x3fff : 0x7ffff)) << 5;
}

uint32_t a64_opposite(uint32_t branch)
{
	return branch ^ (is_conditional(branch) ? 1 : 1 << 24);
}

static uint32_t adr_fields(int rd, int64_t imm)
{
	return ((uint32_t)imm & 3) << 29 | ((uint32_t)(imm >> 2) & 0x7ffff) << 5 | (uint32_t)rd;
}

uint32_t a64_adr(int rd, int64_t distance)
{
	return 0x10000000 | adr_fields(rd, distance);
}

uint32_t a64_adrp(int rd, uint64_t from, uint64_t to)
{
	return 0x90000000 | adr_fields(rd, (int64_t)((to >> 12) - (from >> 12)));
}

uint32_t a64_open(struct jit_code *c, uint32_t branch)
{
	uint32_t at = code_at(c);

	a64_word(c, branch);
	return at;
}

void a64_bind(struct jit_code *c, uint32_t at)
{
	uint32_t word;

	if (c->failed)
		return;
	memcpy(&word, c->base + at, 4);
	word = a64_with_distance(word, (int64_t)code_at(c) - at);
	memcpy(c->base + at, &word, 4);
}

void a64_back(struct jit_code *c, uint32_t branch, uint32_t to)
{
	a64_word(c, a64_with_distance(branch, (int64_t)to - code_at(c)));
}
