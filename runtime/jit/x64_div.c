/* SPDX-License-Identifier: Apache-2.0 */
/* Division on x86-64 (RFC 9669 section 4.1): a zero divisor gives 0 (division) or the dividend (remainder), and the
 * least number divided by -1 gives itself, remainder 0; the machine would trap on both.
 *
 * div and idiv work on rdx:rax, which are r3 and r0: what is not the result is kept in scratch registers, not pushed.
 * Constant divisors become shifts or a multiplication by the reciprocal (Warren, Hacker's Delight, chapter 10). */
#include "runtime/jit/x64_ops.h"

/* rd = the quotient or remainder of rd and `divisor`, which is neither rax nor rdx. Uses T1, T2 where r0, r3 live. */
static void divide(struct jit *j, const struct jit_in *in, int divisor, bool is_signed)
{
	struct jit_code *c = &j->code;
	bool rest = in->param;
	int w = in->width, rd = x64_dst(in), result = rest ? X64_RDX : X64_RAX;
	bool keep_rax = rd != X64_RAX && !jit_dead_after(j, in, IOV_R0);
	bool keep_rdx = rd != X64_RDX && !jit_dead_after(j, in, IOV_R3);

	if (keep_rax)
		x64_mov(c, 64, X64_T2, X64_RAX);
	if (keep_rdx)
		x64_mov(c, 64, X64_T1, X64_RDX);
	if (rd != X64_RAX)
		x64_mov(c, w, X64_RAX, rd);
	if (is_signed)
		x64_sign_rdx(c, w);
	else
		x64_alu_rr(c, X64_XOR, 32, X64_RDX, X64_RDX);
	x64_group3(c, is_signed ? X64_IDIV : X64_DIV, w, divisor);
	if (rd != result)
		x64_mov(c, w, rd, result);
	if (keep_rax)
		x64_mov(c, 64, X64_RAX, X64_T2);
	if (keep_rdx)
		x64_mov(c, 64, X64_RDX, X64_T1);
}

/* The divisor in a register that divide() takes. */
static int divisor_reg(struct jit *j, const struct jit_in *in)
{
	int rs = x64_src(j, in);

	if (rs != X64_RAX && rs != X64_RDX)
		return rs;
	x64_mov(&j->code, 64, X64_T0, rs);
	return X64_T0;
}

static void div_by_reg(struct jit *j, const struct jit_in *in)
{
	struct jit_code *c = &j->code;
	int w = in->width, rd = x64_dst(in), rs = divisor_reg(j, in);
	bool rest = in->param, sure = in->fact && in->fact->divisor_nonzero;
	uint32_t zero = 0, end;

	if (!sure) {
		if (rest && !jit_is_narrow(j, in->insn->dst)) /* what is left where the divisor is 0: as wide as that */
			x64_mov(c, w, rd, rd);
		x64_rr(c, X64_TEST, w, rs, rs);
		zero = x64_jcc_short(c, X64_CC_E);
	}
	divide(j, in, rs, false);
	if (sure)
		return;
	if (rest) {
		x64_bind(c, zero);
		return;
	}
	end = x64_jmp_short(c);
	x64_bind(c, zero);
	x64_mov_imm(c, rd, 0);
	x64_bind(c, end);
}

/* 0 and -1 share a path: the quotient is dividend times divisor (0, or the dividend negated). */
static void sdiv_by_reg(struct jit *j, const struct jit_in *in)
{
	struct jit_code *c = &j->code;
	int w = in->width, rd = x64_dst(in), rs = divisor_reg(j, in);
	bool rest = in->param;
	uint32_t special, end, zero;

	x64_rm(c, X64_LEA, w, X64_T1, X64_MEM(rs, 1));
	x64_alu_ri(c, X64_CMP, w, X64_T1, 1);
	special = x64_jcc_short(c, X64_CC_BE);
	divide(j, in, rs, true);
	end = x64_jmp_short(c);
	x64_bind(c, special);
	if (!rest) {
		x64_rr(c, X64_IMUL_RM, w, rd, rs);
	} else {
		if (w == 32)
			x64_mov(c, 32, rd, rd);
		x64_rr(c, X64_TEST, w, rs, rs);
		zero = x64_jcc_short(c, X64_CC_E);
		x64_mov_imm(c, rd, 0);
		x64_bind(c, zero);
	}
	x64_bind(c, end);
}

/* T0 = upper half of rd times T0, unsigned or signed; rd and everything that lives keep their values. */
static void multiply_high(struct jit *j, const struct jit_in *in, bool is_signed)
{
	struct jit_code *c = &j->code;
	int rd = x64_dst(in);
	bool keep_rax = rd == X64_RAX || !jit_dead_after(j, in, IOV_R0);
	bool keep_rdx = rd == X64_RDX || !jit_dead_after(j, in, IOV_R3);

	if (keep_rdx)
		x64_mov(c, 64, X64_T1, X64_RDX);
	if (keep_rax)
		x64_mov(c, 64, X64_T2, X64_RAX);
	if (rd == X64_RAX) {
		x64_group3(c, is_signed ? X64_IMUL : X64_MUL, 64, X64_T0);
	} else {
		x64_mov(c, 64, X64_RAX, X64_T0);
		x64_group3(c, is_signed ? X64_IMUL : X64_MUL, 64, rd);
	}
	x64_mov(c, 64, X64_T0, X64_RDX);
	if (keep_rax)
		x64_mov(c, 64, X64_RAX, X64_T2);
	if (keep_rdx)
		x64_mov(c, 64, X64_RDX, X64_T1);
}

/* rd = T0, or the remainder rd - T0 * divisor. */
static void quotient_or_rest(struct jit *j, int w, int rd, int32_t divisor, bool rest)
{
	struct jit_code *c = &j->code;

	if (!rest) {
		x64_mov(c, w, rd, X64_T0);
		return;
	}
	x64_imul_rri(c, w, X64_T0, X64_T0, divisor);
	x64_alu_rr(c, X64_SUB, w, rd, X64_T0);
}

static void div_by_magic(struct jit *j, const struct jit_in *in, const struct jit_div *p)
{
	struct jit_code *c = &j->code;
	int w = in->width, rd = x64_dst(in);

	if (w == 32) {
		/* 64-bit registers hold the 33-bit sum: q = (x + t) >> shift. */
		x64_mov(c, 32, X64_T1, rd);
		x64_mov_imm(c, X64_T0, (uint32_t)p->magic);
		x64_rr(c, X64_IMUL_RM, 64, X64_T0, X64_T1);
		x64_shift_i(c, X64_SHR, 64, X64_T0, 32);
		x64_alu_rr(c, X64_ADD, 64, X64_T0, X64_T1);
		x64_shift_i(c, X64_SHR, 64, X64_T0, p->shift);
	} else {
		x64_mov_imm(c, X64_T0, p->magic);
		multiply_high(j, in, false);
		x64_mov(c, 64, X64_T1, rd);
		x64_alu_rr(c, X64_SUB, 64, X64_T1, X64_T0);
		x64_shift_i(c, X64_SHR, 64, X64_T1, 1);
		x64_alu_rr(c, X64_ADD, 64, X64_T0, X64_T1);
		x64_shift_i(c, X64_SHR, 64, X64_T0, p->shift - 1);
	}
}

/* 64 bits and a negative immediate: the divisor is at least 2^63, so the quotient is 0 or 1. */
static void div_by_huge(struct jit *j, int rd, int32_t imm, bool rest)
{
	struct jit_code *c = &j->code;
	uint32_t below;

	if (!rest) {
		x64_alu_ri(c, X64_CMP, 64, rd, imm);
		x64_bytes(c, "\x41\x0f\x93\xc3", 4); /* setae r11b */
		x64_rr(c, X64_MOVZX8 | X64_OP_BYTE_RM, 32, rd, X64_T0);
		return;
	}
	x64_alu_ri(c, X64_CMP, 64, rd, imm);
	below = x64_jcc_short(c, X64_CC_B);
	x64_alu_ri(c, X64_SUB, 64, rd, imm);
	x64_bind(c, below);
}

static void div_by_power(struct jit *j, int w, int rd, unsigned shift, bool rest)
{
	struct jit_code *c = &j->code;

	if (!rest && shift)
		x64_shift_i(c, X64_SHR, w, rd, shift);
	else if (!rest)
		x64_mov(c, w, rd, rd);
	else if (shift == 0)
		x64_mov_imm(c, rd, 0);
	else if (shift < 32)
		x64_alu_ri(c, X64_AND, 32, rd, (int32_t)((1u << shift) - 1));
	else
		x64_mov(c, 32, rd, rd);
}

static void div_by_const(struct jit *j, const struct jit_in *in)
{
	int w = in->width, rd = x64_dst(in);
	struct jit_div p = jit_div_by(in->insn->imm, w, false, in->param);

	switch (p.kind) {
	case JIT_DIV_ZERO:
		x64_mov_imm(&j->code, rd, 0);
		break;
	case JIT_DIV_POWER:
		div_by_power(j, w, rd, p.shift, in->param);
		break;
	case JIT_DIV_HUGE:
		div_by_huge(j, rd, in->insn->imm, in->param);
		break;
	case JIT_DIV_MAGIC:
		div_by_magic(j, in, &p);
		quotient_or_rest(j, w, rd, in->insn->imm, in->param);
		break;
	default:
		x64_mov(&j->code, w, rd, rd);
	}
}

void x64_op_div(struct jit *j, const struct jit_in *in)
{
	if (in->k)
		div_by_const(j, in);
	else
		div_by_reg(j, in);
}

/* T0 = quotient, rounded to zero. */
static void sdiv_by_magic(struct jit *j, const struct jit_in *in, const struct jit_div *p)
{
	struct jit_code *c = &j->code;
	int w = in->width, rd = x64_dst(in);

	x64_mov_imm(c, X64_T0, p->magic);
	if (w == 32) {
		x64_rr(c, X64_MOVSXD, 64, X64_T1, rd);
		x64_rr(c, X64_IMUL_RM, 64, X64_T0, X64_T1);
		x64_shift_i(c, X64_SAR, 64, X64_T0, 32 + p->shift);
	} else {
		multiply_high(j, in, true);
		x64_alu_rr(c, X64_ADD, 64, X64_T0, rd);
		x64_shift_i(c, X64_SAR, 64, X64_T0, p->shift);
		x64_mov(c, 64, X64_T1, rd);
	}
	x64_shift_i(c, X64_SHR, 64, X64_T1, 63);
	x64_alu_rr(c, X64_ADD, w, X64_T0, X64_T1);
}

/* T0 = quotient. Negative dividends are biased by 2^shift - 1, then shifted. */
static void sdiv_by_power(struct jit *j, int w, int rd, unsigned shift)
{
	struct jit_code *c = &j->code;

	x64_mov(c, w, X64_T0, rd);
	x64_shift_i(c, X64_SAR, w, X64_T0, (unsigned)w - 1);
	x64_shift_i(c, X64_SHR, w, X64_T0, (unsigned)w - shift);
	x64_alu_rr(c, X64_ADD, w, X64_T0, rd);
	x64_shift_i(c, X64_SAR, w, X64_T0, shift);
}

static void sdiv_by_const(struct jit *j, const struct jit_in *in)
{
	int w = in->width, rd = x64_dst(in);
	struct jit_div p = jit_div_by(in->insn->imm, w, true, in->param);

	switch (p.kind) {
	case JIT_DIV_ZERO:
		x64_mov_imm(&j->code, rd, 0);
		return;
	case JIT_DIV_SAME:
		x64_mov(&j->code, w, rd, rd);
		return;
	case JIT_DIV_NEG:
		x64_group3(&j->code, X64_NEG, w, rd);
		return;
	case JIT_DIV_POWER:
		sdiv_by_power(j, w, rd, p.shift);
		break;
	default:
		sdiv_by_magic(j, in, &p);
	}
	if (p.negative)
		x64_group3(&j->code, X64_NEG, w, X64_T0);
	quotient_or_rest(j, w, rd, in->insn->imm, in->param);
}

void x64_op_sdiv(struct jit *j, const struct jit_in *in)
{
	if (in->k)
		sdiv_by_const(j, in);
	else
		sdiv_by_reg(j, in);
}
