/* SPDX-License-Identifier: Apache-2.0 */
/* Control flow of x86-64: jumps, calls, tail calls, exit, legacy packet loads (RFC 9669 sections 4.3 and 5.6). */
#include "runtime/jit/x64_ops.h"

#include <stddef.h>

void x64_op_ja(struct jit *j, const struct jit_in *in)
{
	jit_branch_slot(j, JIT_JMP, 0, jit_target_slot(in->insn, in->slot));
}

/* What is compared: a register, or r10 computed into X64_T1. */
static int left(struct jit *j, const struct jit_in *in)
{
	if (in->insn->dst != IOV_R10)
		return x64_dst(in);
	x64_rm(&j->code, X64_LEA, 64, X64_T1, x64_mem_at(j, IOV_R10, 0));
	return X64_T1;
}

void x64_op_jcc(struct jit *j, const struct jit_in *in)
{
	int rd;

	rd = left(j, in);
	if (!in->k)
		x64_alu_rr(&j->code, X64_CMP, in->width, rd, x64_src(j, in));
	else if (in->insn->imm == 0)
		x64_rr(&j->code, X64_TEST, in->width, rd, rd);
	else
		x64_alu_ri(&j->code, X64_CMP, in->width, rd, in->insn->imm);
	jit_branch_slot(j, JIT_JCC, (uint32_t)in->param, in->target);
}

void x64_op_jset(struct jit *j, const struct jit_in *in)
{
	int rd;

	rd = left(j, in);
	if (in->k)
		x64_test_ri(&j->code, in->width, rd, in->insn->imm);
	else
		x64_rr(&j->code, X64_TEST, in->width, x64_src(j, in), rd);
	jit_branch_slot(j, JIT_JCC, (uint32_t)in->param, in->target);
}

void x64_op_may_goto(struct jit *j, const struct jit_in *in)
{
	struct x64_mem turns = X64_MEM(X64_RSP, x64_fp(j) - (int32_t)j->sub->stack - 8);

	x64_rm(&j->code, X64_MOV_LOAD, 64, X64_T0, turns);
	x64_alu_ri(&j->code, X64_SUB, 64, X64_T0, 1);
	jit_branch_slot(j, JIT_JCC, X64_CC_B, jit_target_slot(in->insn, in->slot));
	x64_rm(&j->code, X64_MOV_STORE, 64, X64_T0, turns);
}

void x64_op_exit(struct jit *j, const struct jit_in *in)
{
	(void)in;
	x64_epilogue(j);
	x64_byte(&j->code, 0xc3);
}

void x64_op_func(struct jit *j, const struct jit_in *in)
{
	jit_branch(j, JIT_THUNK, (uint32_t)x64_dst(in), jit_callee(j, in));
}

/* What both ends of the other wait for: the return address is replaced, and the CPU's guess of it spins. */
void x64_stub(struct jit *j)
{
	static const uint8_t stub[] = {
		0xe8, 7, 0, 0, 0,       /* call 1f */
		0xf3, 0x90,             /* 0: pause */
		0x0f, 0xae, 0xe8,       /* lfence */
		0xeb, 0xf9,             /* jmp 0b */
		0x4c, 0x89, 0x14, 0x24, /* 1: mov [rsp], r10 */
		0xc3,                   /* ret */
	};

	if (j->retpoline)
		x64_bytes(&j->code, stub, sizeof(stub));
}

void x64_jump_through(struct jit *j, int reg)
{
	if (!j->retpoline) {
		x64_jmp_reg(&j->code, reg);
		return;
	}
	x64_mov(&j->code, 64, X64_T1, reg);
	jit_branch(j, JIT_JMP_STUB, 0, 0);
}

void x64_call_through(struct jit *j, int reg)
{
	if (!j->retpoline) {
		x64_call_reg(&j->code, reg);
		return;
	}
	x64_mov(&j->code, 64, X64_T1, reg);
	jit_branch(j, JIT_CALL_STUB, 0, 0);
}

void x64_tail_call(struct jit *j)
{
	struct jit_code *c = &j->code;
	struct x64_mem used = X64_MEM(X64_ENV, offsetof(struct iov_env, tail_calls));
	uint32_t out[4];

	x64_mov(c, 32, X64_T0, X64_RDX);
	x64_rm(c, 0x3b, 32, X64_T0, X64_MEM(X64_RSI, offsetof(struct iov_map_head, max_entries)));
	out[0] = x64_jcc_short(c, X64_CC_AE);
	if (j->retpoline) { /* where this jump is mispredicted, the index is 0 */
		x64_rr(c, X64_SBB_RM, 64, X64_T1, X64_T1);
		x64_alu_rr(c, X64_AND, 64, X64_T0, X64_T1);
	}
	x64_alu_mi(c, X64_CMP, 32, used, IOV_MAX_TAIL_CALLS);
	out[1] = x64_jcc_short(c, X64_CC_AE);
	x64_rm(c, X64_MOV_LOAD, 64, X64_T1, X64_MEM(X64_RSI, offsetof(struct iov_map_head, data)));
	x64_rm(c, X64_MOV_LOAD, 64, X64_T0, X64_INDEXED(X64_T1, X64_T0, 3));
	x64_rr(c, X64_TEST, 64, X64_T0, X64_T0);
	out[2] = x64_jcc_short(c, X64_CC_E);
	x64_rm(c, X64_MOV_LOAD, 64, X64_T1, X64_MEM(X64_T0, offsetof(struct iov_image, code)));
	x64_rr(c, X64_TEST, 64, X64_T1, X64_T1);
	out[3] = x64_jcc_short(c, X64_CC_E);
	x64_alu_mi(c, X64_ADD, 32, used, 1);
	x64_rm(c, X64_MOV_STORE, 64, X64_T0, X64_MEM(X64_ENV, offsetof(struct iov_env, image)));
	x64_mov(c, 64, X64_RSI, X64_ENV);
	x64_epilogue(j);
	x64_jump_through(j, X64_T1);
	for (int i = 0; i < 4; i++)
		x64_bind(c, out[i]);
}

void x64_call(struct jit *j, const void *helper)
{
	x64_mov(&j->code, 64, X64_R9, X64_ENV);
	jit_call_c(j, helper);
}

/* The register holds a callback's address, as LD_FUNC gave it. */
void x64_op_callx(struct jit *j, const struct jit_in *in)
{
	x64_mov(&j->code, 64, X64_R9, X64_ENV);
	x64_call_through(j, x64_dst(in));
}

/* r6 holds the context. Outside the packet the function returns 0. */
void x64_op_legacy(struct jit *j, const struct jit_in *in)
{
	struct jit_code *c = &j->code;
	uint32_t inside;

	if (in->param && !j->blind) {
		x64_rm(c, X64_LEA, 32, X64_RSI, X64_MEM(x64_src(j, in), in->insn->imm));
	} else {
		x64_set(j, X64_T0, (uint32_t)in->insn->imm);
		if (in->param)
			x64_alu_rr(c, X64_ADD, 32, X64_T0, x64_regs[in->insn->src]);
		x64_mov(c, 32, X64_RSI, X64_T0);
	}
	x64_mov(c, 64, X64_RDI, X64_RBX);
	x64_mov_imm(c, X64_RDX, (unsigned)in->width / 8);
	jit_call_c(j, (const void *)(uintptr_t)&jit_load_legacy);
	x64_rr(c, X64_TEST, 64, X64_RAX, X64_RAX);
	inside = x64_jcc_short(c, X64_CC_NS);
	x64_mov_imm(c, X64_RAX, 0);
	x64_epilogue(j);
	x64_byte(c, 0xc3);
	x64_bind(c, inside);
}
