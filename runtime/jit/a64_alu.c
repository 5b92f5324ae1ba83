/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic of 64-bit ARM: RFC 9669 section 4.1 and 4.2. A 32-bit operation zeroes the upper half by itself. Division
 * is what the RFC asks for: by zero it gives 0, the least number by -1 gives itself, and the remainder follows. */
#include "runtime/jit/a64_ops.h"

void a64_add_imm(struct jit *j, int w, int rd, int rn, int64_t imm)
{
	struct jit_code *c = &j->code;

	if (imm == 0 && rd == rn && w == 64)
		return;
	if (a64_addsub_imm(c, A64_ADD, w, rd, rn, imm))
		return;
	if (imm > -(1 << 24) && imm < 1 << 24) {
		int64_t low = imm < 0 ? -(-imm & 0xfff) : imm & 0xfff;

		a64_addsub_imm(c, A64_ADD, w, rd, rn, imm - low);
		a64_addsub_imm(c, A64_ADD, w, rd, rd, low);
		return;
	}
	a64_mov_imm(c, A64_T1, w == 64 ? (uint64_t)imm : (uint32_t)imm);
	if (rn == A64_SP)
		a64_add_extended(c, rd, rn, A64_T1, 0);
	else
		a64_alu(c, A64_ADD, w, rd, rn, A64_T1);
}

void a64_op_addsub(struct jit *j, const struct jit_in *in)
{
	enum a64_alu op = (enum a64_alu)in->param;
	int rd = a64_dst(j, in);
	int64_t imm = in->insn->imm;

	if (in->k)
		a64_add_imm(j, in->width, rd, rd, op == A64_ADD ? imm : -imm);
	else
		a64_alu(&j->code, op, in->width, rd, rd, a64_src(j, in));
}

/* rd = rn op imm. T0 is scratch. */
static void logic_imm(struct jit *j, enum a64_alu op, int w, int rd, int rn, int32_t imm)
{
	struct jit_code *c = &j->code;

	if (a64_logic_imm(c, op, w, rd, rn, (uint64_t)(int64_t)imm))
		return;
	if (op == A64_EOR && imm == -1) {
		a64_alu(c, A64_ORN, w, rd, A64_ZR, rn);
		return;
	}
	a64_mov_imm(c, A64_T0, w == 64 ? (uint64_t)(int64_t)imm : (uint32_t)imm);
	a64_alu(c, op, w, rd, rn, A64_T0);
}

void a64_op_logic(struct jit *j, const struct jit_in *in)
{
	int rd = a64_dst(j, in);

	if (in->k)
		logic_imm(j, (enum a64_alu)in->param, in->width, rd, rd, in->insn->imm);
	else
		a64_alu(&j->code, (enum a64_alu)in->param, in->width, rd, rd, a64_src(j, in));
}

void a64_op_mul(struct jit *j, const struct jit_in *in)
{
	int rd = a64_dst(j, in), w = in->width;
	int32_t imm = in->insn->imm;

	if (in->k && imm > 0 && (imm & (imm - 1)) == 0) {
		a64_shift_imm(&j->code, A64_LSL, w, rd, rd, (unsigned)__builtin_ctz((unsigned)imm));
		return;
	}
	if (in->k && imm > 2 && ((imm - 1) & (imm - 2)) == 0) {
		a64_alu_shifted(&j->code, A64_ADD, w, rd, rd, rd, A64_LSL, (unsigned)__builtin_ctz((unsigned)imm - 1));
		return;
	}
	if (in->k)
		a64_mov_imm(&j->code, A64_T0, w == 64 ? (uint64_t)(int64_t)imm : (uint32_t)imm);
	a64_three(&j->code, A64_MADD, w, rd, rd, in->k ? A64_T0 : a64_src(j, in), A64_ZR);
}

void a64_op_shift(struct jit *j, const struct jit_in *in)
{
	static const enum a64_two by_register[] = {A64_LSLV, A64_LSRV, A64_ASRV};
	int rd = a64_dst(j, in), w = in->width;

	if (in->k)
		a64_shift_imm(&j->code, (enum a64_shift)in->param, w, rd, rd,
			      (unsigned)in->insn->imm & (unsigned)(w - 1));
	else
		a64_two(&j->code, by_register[in->param], w, rd, rd, a64_src(j, in));
}

void a64_op_neg(struct jit *j, const struct jit_in *in)
{
	a64_alu(&j->code, A64_SUB, in->width, a64_dst(j, in), A64_ZR, a64_dst(j, in));
}

void a64_op_mov(struct jit *j, const struct jit_in *in)
{
	int rd = a64_dst(j, in);

	if (in->insn->src == IOV_R10)
		a64_add_imm(j, 64, rd, A64_SP, a64_fp(j));
	if (in->insn->src != IOV_R10 || in->width == 32)
		a64_mov(&j->code, in->width, rd, in->insn->src == IOV_R10 ? rd : a64_src(j, in));
}

/* One address space: a cast keeps the pointer. */
void a64_op_cast(struct jit *j, const struct jit_in *in)
{
	a64_mov(&j->code, 64, a64_dst(j, in), a64_src(j, in));
}

void a64_op_movsx(struct jit *j, const struct jit_in *in)
{
	a64_extend(&j->code, true, in->width, a64_dst(j, in), a64_src(j, in), (unsigned)in->param);
}

void a64_op_to_le(struct jit *j, const struct jit_in *in)
{
	int rd = a64_dst(j, in);

	if (in->width < 64)
		a64_extend(&j->code, false, 32, rd, rd, (unsigned)in->width);
}

void a64_op_swap(struct jit *j, const struct jit_in *in)
{
	int rd = a64_dst(j, in);

	a64_rev(&j->code, in->width == 64 ? 64 : 32, rd, rd);
	if (in->width == 16)
		a64_shift_imm(&j->code, A64_LSR, 32, rd, rd, 16);
}

/* rd = the quotient in T0, or the remainder: rd minus T0 times the divisor in `by`. */
static void quotient_or_rest(struct jit *j, int w, int rd, int by, bool rest)
{
	if (rest)
		a64_three(&j->code, A64_MSUB, w, rd, A64_T0, by, rd);
	else
		a64_mov(&j->code, w, rd, A64_T0);
}

static void div_by_reg(struct jit *j, const struct jit_in *in, enum a64_two op)
{
	int rd = a64_dst(j, in), rs = a64_src(j, in), by = rs;

	if (!in->param) {
		a64_two(&j->code, op, in->width, rd, rd, rs);
		return;
	}
	if (rs == A64_T0) {
		by = A64_T1;
		a64_mov(&j->code, 64, by, rs);
	}
	a64_two(&j->code, op, in->width, A64_T0, rd, rs);
	quotient_or_rest(j, in->width, rd, by, true);
}

/* T0 = quotient (see divide.c). */
static void by_magic(struct jit *j, int w, int rd, const struct jit_div *p)
{
	struct jit_code *c = &j->code;

	if (w == 32) {
		a64_mov_imm(c, A64_T0, (uint32_t)p->magic);
		a64_mov(c, 32, A64_T1, rd);
		a64_three(c, A64_UMADDL, 64, A64_T0, A64_T0, A64_T1, A64_ZR);
		a64_alu_shifted(c, A64_ADD, 64, A64_T0, A64_T1, A64_T0, A64_LSR, 32);
		a64_shift_imm(c, A64_LSR, 64, A64_T0, A64_T0, p->shift);
		return;
	}
	a64_mov_imm(c, A64_T0, p->magic);
	a64_three(c, A64_UMULH, 64, A64_T0, rd, A64_T0, A64_ZR);
	a64_alu(c, A64_SUB, 64, A64_T1, rd, A64_T0);
	a64_alu_shifted(c, A64_ADD, 64, A64_T0, A64_T0, A64_T1, A64_LSR, 1);
	a64_shift_imm(c, A64_LSR, 64, A64_T0, A64_T0, p->shift - 1);
}

static void signed_by_magic(struct jit *j, int w, int rd, const struct jit_div *p)
{
	struct jit_code *c = &j->code;
	int x = rd;

	a64_mov_imm(c, A64_T0, p->magic);
	if (w == 32) {
		x = A64_T1;
		a64_extend(c, true, 64, x, rd, 32);
		a64_three(c, A64_MADD, 64, A64_T0, A64_T0, x, A64_ZR);
		a64_shift_imm(c, A64_ASR, 64, A64_T0, A64_T0, 32 + p->shift);
	} else {
		a64_three(c, A64_SMULH, 64, A64_T0, rd, A64_T0, A64_ZR);
		a64_alu(c, A64_ADD, 64, A64_T0, A64_T0, rd);
		a64_shift_imm(c, A64_ASR, 64, A64_T0, A64_T0, p->shift);
	}
	a64_alu_shifted(c, A64_ADD, 64, A64_T0, A64_T0, x, A64_LSR, 63);
}

/* Negative dividends are biased by 2^shift - 1, then shifted. */
static void signed_by_power(struct jit *j, int w, int rd, unsigned shift)
{
	struct jit_code *c = &j->code;

	a64_shift_imm(c, A64_ASR, w, A64_T0, rd, (unsigned)w - 1);
	a64_alu_shifted(c, A64_ADD, w, A64_T0, rd, A64_T0, A64_LSR, (unsigned)w - shift);
	a64_shift_imm(c, A64_ASR, w, A64_T0, A64_T0, shift);
}

static void by_power(struct jit *j, int w, int rd, unsigned shift, bool rest)
{
	if (rest)
		a64_logic_imm(&j->code, A64_AND, w, rd, rd, ((uint64_t)1 << shift) - 1);
	else
		a64_shift_imm(&j->code, A64_LSR, w, rd, rd, shift);
}

/* The quotient is 1 or 0. */
static void by_huge(struct jit *j, int rd, int32_t imm, bool rest)
{
	struct jit_code *c = &j->code;

	a64_mov_imm(c, A64_T0, (uint64_t)(int64_t)imm);
	a64_alu(c, A64_SUBS, 64, A64_T1, rd, A64_T0);
	if (rest)
		a64_csel(c, A64_HS, 64, rd, A64_T1, rd);
	else
		a64_cset(c, A64_HS, rd);
}

static uint64_t magnitude(int32_t imm, bool is_signed)
{
	return is_signed && imm < 0 ? 0 - (uint64_t)(int64_t)imm : (uint64_t)(int64_t)imm;
}

/* T0 = quotient; what is left to do with it. A remainder does not care for the divisor's sign. */
static void finish(struct jit *j, const struct jit_in *in, const struct jit_div *p, bool is_signed)
{
	struct jit_code *c = &j->code;
	int w = in->width, rd = a64_dst(j, in);

	if (in->param && p->kind == JIT_DIV_POWER) {
		a64_alu_shifted(c, A64_SUB, w, rd, rd, A64_T0, A64_LSL, p->shift);
		return;
	}
	if (in->param)
		a64_mov_imm(c, A64_T1, magnitude(in->insn->imm, is_signed));
	else if (p->negative)
		a64_alu(c, A64_SUB, w, A64_T0, A64_ZR, A64_T0);
	quotient_or_rest(j, w, rd, A64_T1, in->param);
}

static void div_by_const(struct jit *j, const struct jit_in *in, bool is_signed)
{
	int w = in->width, rd = a64_dst(j, in);
	struct jit_div p = jit_div_by(in->insn->imm, w, is_signed, in->param);

	switch (p.kind) {
	case JIT_DIV_ZERO:
		a64_mov_imm(&j->code, rd, 0);
		return;
	case JIT_DIV_SAME:
		a64_mov(&j->code, w, rd, rd);
		return;
	case JIT_DIV_NEG:
		a64_alu(&j->code, A64_SUB, w, rd, A64_ZR, rd);
		return;
	case JIT_DIV_HUGE:
		by_huge(j, rd, in->insn->imm, in->param);
		return;
	case JIT_DIV_POWER:
		if (!is_signed) {
			by_power(j, w, rd, p.shift, in->param);
			return;
		}
		signed_by_power(j, w, rd, p.shift);
		break;
	case JIT_DIV_MAGIC:
		if (is_signed)
			signed_by_magic(j, w, rd, &p);
		else
			by_magic(j, w, rd, &p);
		break;
	}
	finish(j, in, &p, is_signed);
}

void a64_op_div(struct jit *j, const struct jit_in *in)
{
	if (in->k)
		div_by_const(j, in, false);
	else
		div_by_reg(j, in, A64_UDIV);
}

void a64_op_sdiv(struct jit *j, const struct jit_in *in)
{
	if (in->k)
		div_by_const(j, in, true);
	else
		div_by_reg(j, in, A64_SDIV);
}
