/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of x86-64: loads, stores and atomics (RFC 9669 section 5). No bounds are checked: the verifier proved them.
 * The machine orders loads and stores as acquire and release need, so those are plain moves. */
#include "runtime/jit/x64_ops.h"

void x64_load(struct jit *j, int bits, bool sign, int rd, struct x64_mem m)
{
	switch (bits) {
	case 8:
		x64_rm(&j->code, sign ? X64_MOVSX8 : X64_MOVZX8, sign ? 64 : 32, rd, m);
		break;
	case 16:
		x64_rm(&j->code, sign ? X64_MOVSX16 : X64_MOVZX16, sign ? 64 : 32, rd, m);
		break;
	case 32:
		x64_rm(&j->code, sign ? X64_MOVSXD : X64_MOV_LOAD, sign ? 64 : 32, rd, m);
		break;
	default:
		x64_rm(&j->code, X64_MOV_LOAD, 64, rd, m);
	}
}

void x64_op_load(struct jit *j, const struct jit_in *in)
{
	int home = jit_home(j, in->insn->src, in->insn->off);

	if (home >= 0)
		x64_mov(&j->code, 64, x64_dst(in), home);
	else
		x64_load(j, in->width, in->param, x64_dst(in), x64_mem_at(j, in->insn->src, in->insn->off));
}

void x64_op_store_imm(struct jit *j, const struct jit_in *in)
{
	int home = jit_home(j, in->insn->dst, in->insn->off);

	if (in->hidden)
		x64_op_store(j, in);
	else if (home >= 0)
		x64_mov_imm(&j->code, home, (uint64_t)(int64_t)in->insn->imm);
	else
		x64_store_imm(&j->code, in->width, x64_mem_at(j, in->insn->dst, in->insn->off), in->insn->imm);
}

void x64_op_store(struct jit *j, const struct jit_in *in)
{
	uint32_t op = in->width == 8 ? X64_MOV_STORE8 : in->width == 16 ? X64_MOV_STORE16 : X64_MOV_STORE;
	int rs = x64_src(j, in), home = jit_home(j, in->insn->dst, in->insn->off);

	if (home >= 0)
		x64_mov(&j->code, 64, home, rs);
	else
		x64_rm(&j->code, op, in->width, rs, x64_mem_at(j, in->insn->dst, in->insn->off));
}

void x64_op_atomic(struct jit *j, const struct jit_in *in)
{
	int rs = x64_src(j, in);

	x64_rm(&j->code, ((unsigned)in->param * 8 + 1) | X64_OP_LOCK, in->width, rs,
	       x64_mem_at(j, in->insn->dst, in->insn->off));
}

void x64_op_fetch_add(struct jit *j, const struct jit_in *in)
{
	x64_rm(&j->code, X64_XADD_LOCK, in->width, x64_src(j, in), x64_mem_at(j, in->insn->dst, in->insn->off));
}

void x64_op_xchg(struct jit *j, const struct jit_in *in)
{
	x64_rm(&j->code, X64_XCHG, in->width, x64_src(j, in), x64_mem_at(j, in->insn->dst, in->insn->off));
}

/* r0 is rax, which is what the machine compares with. On success it leaves eax alone, hence the move. */
void x64_op_cmpxchg(struct jit *j, const struct jit_in *in)
{
	x64_rm(&j->code, X64_CMPXCHG_LOCK, in->width, x64_src(j, in), x64_mem_at(j, in->insn->dst, in->insn->off));
	if (in->width == 32)
		x64_mov(&j->code, 32, X64_RAX, X64_RAX);
}

/* T1 keeps rax when it is neither the result; the operand is copied to T0 and the address to T2 when they are in rax.
 * */
void x64_op_fetch_loop(struct jit *j, const struct jit_in *in)
{
	struct jit_code *c = &j->code;
	struct x64_mem m = x64_mem_at(j, in->insn->dst, in->insn->off);
	int w = in->width, result = x64_regs[in->insn->src], operand = result;
	uint32_t again;

	if (result == X64_RAX) {
		x64_mov(c, 64, X64_T0, X64_RAX);
		operand = X64_T0;
	} else {
		x64_mov(c, 64, X64_T1, X64_RAX);
	}
	if (m.base == X64_RAX) {
		x64_mov(c, 64, result == X64_RAX ? X64_T1 : X64_T0, X64_RAX);
		m.base = result == X64_RAX ? X64_T1 : X64_T0;
	}
	x64_rm(c, X64_MOV_LOAD, w, X64_RAX, m);
	again = code_at(c);
	x64_mov(c, 64, X64_T2, X64_RAX);
	x64_alu_rr(c, (enum x64_alu)in->param, w, X64_T2, operand);
	x64_rm(c, X64_CMPXCHG_LOCK, w, X64_T2, m);
	x64_jcc_back(c, X64_CC_NE, again);
	if (result != X64_RAX) {
		x64_mov(c, w, result, X64_RAX);
		x64_mov(c, 64, X64_RAX, X64_T1);
	} else if (w == 32) {
		x64_mov(c, 32, X64_RAX, X64_RAX);
	}
}
