/* SPDX-License-Identifier: Apache-2.0 */
/* Control flow of 64-bit ARM: jumps, calls, tail calls, exit, legacy packet loads (RFC 9669 sections 4.3 and 5.6).
 *
 * IOV_HARDEN_BRANCHES: indirect branches land on BTI only, what lies behind one and behind a return is not executed by
 * speculation, calls through registers go through one stub, and a tail call's index is bounded by data flow too. */
#include "runtime/jit/a64_ops.h"

#include <stddef.h>

void a64_op_ja(struct jit *j, const struct jit_in *in)
{
	jit_branch_slot(j, JIT_JMP, 0, jit_target_slot(in->insn, in->slot));
}

/* What is compared: a register, or r10 computed into T1. */
static int left(struct jit *j, const struct jit_in *in)
{
	if (in->insn->dst != IOV_R10)
		return a64_dst(j, in);
	a64_address(j, A64_T1, a64_mem_at(j, IOV_R10, 0));
	return A64_T1;
}

/* One instruction that compares with 0 and branches; 0: there is none. */
static uint32_t compare_with_zero(int cc, int w, int rd)
{
	switch (cc) {
	case A64_EQ:
	case A64_NE:
		return a64_cb(cc == A64_EQ, w, rd);
	case A64_LT:
	case A64_GE:
		return a64_tb(cc == A64_GE, rd, (unsigned)w - 1);
	default:
		return 0;
	}
}

void a64_op_jcc(struct jit *j, const struct jit_in *in)
{
	struct jit_code *c = &j->code;
	int rd, w = in->width;
	int32_t imm = in->insn->imm;
	uint32_t branch = a64_bcc((enum a64_cc)in->param);

	rd = left(j, in);
	if (!in->k) {
		a64_alu(c, A64_SUBS, w, A64_ZR, rd, a64_src(j, in));
	} else if (imm == 0 && compare_with_zero(in->param, w, rd)) {
		branch = compare_with_zero(in->param, w, rd);
	} else if (!a64_addsub_imm(c, A64_SUBS, w, A64_ZR, rd, imm)) {
		a64_mov_imm(c, A64_T0, w == 64 ? (uint64_t)(int64_t)imm : (uint32_t)imm);
		a64_alu(c, A64_SUBS, w, A64_ZR, rd, A64_T0);
	}
	jit_branch_slot(j, JIT_JCC, branch, in->target);
}

void a64_op_jset(struct jit *j, const struct jit_in *in)
{
	struct jit_code *c = &j->code;
	int rd, w = in->width;
	uint64_t mask = w == 64 ? (uint64_t)(int64_t)in->insn->imm : (uint32_t)in->insn->imm;
	uint32_t branch = a64_bcc((enum a64_cc)in->param);

	rd = left(j, in);
	if (!in->k) {
		a64_alu(c, A64_ANDS, w, A64_ZR, rd, a64_src(j, in));
	} else if (mask && (mask & (mask - 1)) == 0) {
		branch = a64_tb(in->param == A64_EQ, rd, (unsigned)__builtin_ctzll(mask));
	} else if (!a64_logic_imm(c, A64_ANDS, w, A64_ZR, rd, mask)) {
		a64_mov_imm(c, A64_T0, mask);
		a64_alu(c, A64_ANDS, w, A64_ZR, rd, A64_T0);
	}
	jit_branch_slot(j, JIT_JCC, branch, in->target);
}

void a64_op_may_goto(struct jit *j, const struct jit_in *in)
{
	struct a64_mem turns = a64_mem_at(j, IOV_R10, -(int32_t)j->sub->stack - 8);

	a64_access(j, A64_LOAD, 3, A64_T0, turns);
	a64_addsub_imm(&j->code, A64_SUBS, 64, A64_T0, A64_T0, 1);
	jit_branch_slot(j, JIT_JCC, a64_bcc(A64_LO), jit_target_slot(in->insn, in->slot));
	a64_access(j, A64_STORE, 3, A64_T0, turns);
}

void a64_op_exit(struct jit *j, const struct jit_in *in)
{
	(void)in;
	a64_return(j);
}

void a64_op_func(struct jit *j, const struct jit_in *in)
{
	jit_branch(j, JIT_THUNK, (uint32_t)a64_dst(j, in), jit_callee(j, in));
}

void a64_stub(struct jit *j)
{
	if (!j->retpoline)
		return;
	a64_br(&j->code, A64_T0);
	a64_barrier(j);
}

void a64_call_through(struct jit *j, int reg)
{
	if (!j->retpoline) {
		a64_blr(&j->code, reg);
		return;
	}
	a64_mov(&j->code, 64, A64_T0, reg);
	jit_branch(j, JIT_CALL_STUB, 0, 0);
}

void a64_tail_call(struct jit *j)
{
	struct jit_code *c = &j->code;
	int map = a64_reg(j, IOV_R2), index = a64_reg(j, IOV_R3), env = a64_env(j);
	struct a64_mem used = {.base = env, .index = -1, .disp = offsetof(struct iov_env, tail_calls)};
	uint32_t out[4];

	a64_access_imm(c, A64_LOAD, 2, A64_T0, map, offsetof(struct iov_map_head, max_entries));
	a64_alu(c, A64_SUBS, 32, A64_ZR, index, A64_T0);
	out[0] = a64_open(c, a64_bcc(A64_HS));
	a64_mov(c, 32, A64_T2, index);
	if (j->retpoline) {
		a64_csel(c, A64_LO, 32, A64_T2, index, A64_ZR);
		a64_word(c, (uint32_t)A64_CSDB);
	}
	a64_access(j, A64_LOAD, 2, A64_T0, used);
	a64_addsub_imm(c, A64_SUBS, 32, A64_ZR, A64_T0, IOV_MAX_TAIL_CALLS);
	out[1] = a64_open(c, a64_bcc(A64_HS));
	a64_access_imm(c, A64_LOAD, 3, A64_T1, map, offsetof(struct iov_map_head, data));
	a64_access_u32(c, A64_LOAD, 3, A64_T1, A64_T1, A64_T2);
	out[2] = a64_open(c, a64_cb(true, 64, A64_T1));
	a64_access_imm(c, A64_LOAD, 3, A64_T3, A64_T1, offsetof(struct iov_image, code));
	out[3] = a64_open(c, a64_cb(true, 64, A64_T3));
	a64_addsub_imm(c, A64_ADD, 32, A64_T0, A64_T0, 1);
	a64_access(j, A64_STORE, 2, A64_T0, used);
	a64_access_imm(c, A64_STORE, 3, A64_T1, env, offsetof(struct iov_env, image));
	a64_mov(c, 64, A64_X1, env);
	a64_epilogue(j);
	a64_br(c, A64_T3);
	a64_barrier(j);
	for (int i = 0; i < 4; i++)
		a64_bind(c, out[i]);
}

void a64_call(struct jit *j, const void *helper)
{
	a64_mov(&j->code, 64, A64_X5, a64_env(j));
	jit_call_c(j, helper);
	a64_mov(&j->code, 64, A64_R0, A64_X0);
}

/* The register holds a callback's address, as LD_FUNC gave it. */
void a64_op_callx(struct jit *j, const struct jit_in *in)
{
	a64_mov(&j->code, 64, A64_X5, a64_env(j));
	a64_call_through(j, a64_dst(j, in));
	a64_mov(&j->code, 64, A64_R0, A64_X0);
}

/* r6 holds the context. Outside the packet the function returns 0. The offset comes first: it may be in x0. */
void a64_op_legacy(struct jit *j, const struct jit_in *in)
{
	struct jit_code *c = &j->code;
	int32_t imm = in->insn->imm;
	uint32_t inside;

	if (!in->param) {
		a64_set(j, A64_X1, (uint32_t)imm);
	} else if (j->blind) {
		a64_hidden(j, A64_T0, (uint32_t)imm);
		a64_alu(c, A64_ADD, 32, A64_X1, a64_reg(j, in->insn->src), A64_T0);
	} else {
		a64_add_imm(j, 32, A64_X1, a64_reg(j, in->insn->src), imm);
	}
	a64_mov(c, 64, A64_X0, a64_reg(j, IOV_R6));
	a64_mov_imm(c, A64_X2, (unsigned)in->width / 8);
	jit_call_c(j, (const void *)(uintptr_t)&jit_load_legacy);
	a64_mov(c, 64, A64_R0, A64_X0);
	inside = a64_open(c, a64_tb(true, A64_X0, 63));
	a64_mov_imm(c, A64_R0, 0);
	a64_return(j);
	a64_bind(c, inside);
}
