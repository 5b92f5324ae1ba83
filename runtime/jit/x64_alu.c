/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic of x86-64: everything of RFC 9669 section 4.1 and 4.2 but division. A 32-bit operation zeroes the upper
 * half by itself, so none is ever extended. */
#include "runtime/jit/x64_ops.h"

/* rd op= imm where a shorter or cheaper form exists; false: use the general one. */
static bool binary_short(struct jit *j, enum x64_alu op, int w, int rd, int32_t imm)
{
	if (imm == 0 && op != X64_AND)
		x64_mov(&j->code, w, rd, rd);
	else if (op == X64_AND && imm == 0xff)
		x64_rr(&j->code, X64_MOVZX8 | X64_OP_BYTE_RM, 32, rd, rd);
	else if (op == X64_AND && imm == 0xffff)
		x64_rr(&j->code, X64_MOVZX16, 32, rd, rd);
	else if (op == X64_AND && imm >= 0)
		x64_alu_ri(&j->code, X64_AND, 32, rd, imm);
	else if (op == X64_XOR && imm == -1)
		x64_group3(&j->code, X64_NOT, w, rd);
	else if (op == X64_ADD && imm == 128)
		x64_alu_ri(&j->code, X64_SUB, w, rd, -128);
	else
		return false;
	return true;
}

void x64_op_binary(struct jit *j, const struct jit_in *in)
{
	enum x64_alu op = (enum x64_alu)in->param;

	if (!in->k)
		x64_alu_rr(&j->code, op, in->width, x64_dst(in), x64_src(j, in));
	else if (!binary_short(j, op, in->width, x64_dst(in), in->insn->imm))
		x64_alu_ri(&j->code, op, in->width, x64_dst(in), in->insn->imm);
}

static void mul_const(struct jit *j, int w, int rd, int32_t imm)
{
	if (imm == 0)
		x64_mov_imm(&j->code, rd, 0);
	else if (imm == 1)
		x64_mov(&j->code, w, rd, rd);
	else if (imm > 0 && (imm & (imm - 1)) == 0)
		x64_shift_i(&j->code, X64_SHL, w, rd, (unsigned)__builtin_ctz((unsigned)imm));
	else if (imm == 3 || imm == 5 || imm == 9)
		x64_rm(&j->code, X64_LEA, w, rd, X64_INDEXED(rd, rd, __builtin_ctz((unsigned)imm - 1)));
	else
		x64_imul_rri(&j->code, w, rd, rd, imm);
}

void x64_op_mul(struct jit *j, const struct jit_in *in)
{
	if (in->k)
		mul_const(j, in->width, x64_dst(in), in->insn->imm);
	else
		x64_rr(&j->code, X64_IMUL_RM, in->width, x64_dst(in), x64_src(j, in));
}

/* Without BMI2 the count must be in cl, which is r4's register. */
static void shift_by_cl(struct jit *j, enum x64_shift op, int w, int rd, int rs)
{
	struct jit_code *c = &j->code;

	if (rs == X64_RCX && rd != X64_RCX) {
		x64_shift_cl(c, op, w, rd);
		return;
	}
	x64_mov(c, 64, X64_T1, X64_RCX);
	if (rs != X64_RCX)
		x64_mov(c, 32, X64_RCX, rs);
	x64_shift_cl(c, op, w, rd == X64_RCX ? X64_T1 : rd);
	x64_mov(c, 64, X64_RCX, X64_T1);
}

void x64_op_shift(struct jit *j, const struct jit_in *in)
{
	enum x64_shift op = (enum x64_shift)in->param;
	int w = in->width, rd = x64_dst(in), rs;
	unsigned count = (unsigned)in->insn->imm & (unsigned)(w - 1);

	if (in->k && count == 0) {
		x64_mov(&j->code, w, rd, rd);
	} else if (in->k) {
		x64_shift_i(&j->code, op, w, rd, count);
	} else {
		rs = x64_src(j, in);
		if (j->features & X64_HAS_BMI2)
			x64_shiftx(&j->code, op, w, rd, rd, rs);
		else
			shift_by_cl(j, op, w, rd, rs);
	}
}

void x64_op_neg(struct jit *j, const struct jit_in *in)
{
	x64_group3(&j->code, X64_NEG, in->width, x64_dst(in));
}

void x64_op_mov(struct jit *j, const struct jit_in *in)
{
	if (in->insn->src == IOV_R10)
		x64_rm(&j->code, X64_LEA, in->width, x64_dst(in), x64_mem_at(j, IOV_R10, 0));
	else
		x64_mov(&j->code, in->width, x64_dst(in), x64_src(j, in));
}

/* One address space: a cast keeps the pointer. */
void x64_op_cast(struct jit *j, const struct jit_in *in)
{
	x64_mov(&j->code, 64, x64_dst(in), x64_src(j, in));
}

void x64_op_movsx(struct jit *j, const struct jit_in *in)
{
	x64_rr(&j->code, (uint32_t)in->param, in->width, x64_dst(in), x64_src(j, in));
}

void x64_op_to_le(struct jit *j, const struct jit_in *in)
{
	if (in->width == 16)
		x64_rr(&j->code, X64_MOVZX16, 32, x64_dst(in), x64_dst(in));
	else
		x64_mov(&j->code, in->width, x64_dst(in), x64_dst(in));
}

void x64_op_swap(struct jit *j, const struct jit_in *in)
{
	x64_bswap(&j->code, in->width == 64 ? 64 : 32, x64_dst(in));
	if (in->width == 16)
		x64_shift_i(&j->code, X64_SHR, 32, x64_dst(in), 16);
}
