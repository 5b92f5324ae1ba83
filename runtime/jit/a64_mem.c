/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of 64-bit ARM: loads, stores and atomics (RFC 9669 section 5). No bounds are checked: they are proved. Atomics
 * are one instruction where the CPU has LSE, else a loop of exclusive accesses. As in Linux, those that return
 * a value order everything around them, the others nothing. */
#include "runtime/jit/a64_ops.h"

unsigned a64_size(int bits)
{
	return (unsigned)__builtin_ctz((unsigned)bits / 8);
}

/* rd = base + (index << scale). */
static void add_index(struct jit *j, int rd, const struct a64_mem *m)
{
	if (m->base == A64_SP)
		a64_add_extended(&j->code, rd, A64_SP, m->index, m->scale);
	else
		a64_alu_shifted(&j->code, A64_ADD, 64, rd, m->base, m->index, A64_LSL, m->scale);
}

void a64_access(struct jit *j, enum a64_access op, unsigned size, int rt, struct a64_mem m)
{
	struct jit_code *c = &j->code;

	if (m.index >= 0 && m.disp == 0 && (m.scale == 0 || m.scale == size)) {
		a64_access_reg(c, op, size, rt, m.base, m.index, m.scale);
		return;
	}
	if (m.index >= 0) {
		add_index(j, A64_T2, &m);
		m.base = A64_T2;
	}
	if (a64_access_imm(c, op, size, rt, m.base, m.disp))
		return;
	a64_mov_imm(c, A64_T1, (uint64_t)(int64_t)m.disp);
	a64_access_reg(c, op, size, rt, m.base, A64_T1, 0);
}

void a64_address(struct jit *j, int rd, struct a64_mem m)
{
	if (m.index < 0) {
		if (m.disp == 0 && m.base != A64_SP)
			a64_mov(&j->code, 64, rd, m.base);
		else
			a64_add_imm(j, 64, rd, m.base, m.disp);
		return;
	}
	add_index(j, rd, &m);
	a64_add_imm(j, 64, rd, rd, m.disp);
}

void a64_op_load(struct jit *j, const struct jit_in *in)
{
	int home = jit_home(j, in->insn->src, in->insn->off);

	if (home >= 0)
		a64_mov(&j->code, 64, a64_dst(j, in), home);
	else
		a64_access(j, (enum a64_access)in->param, a64_size(in->width), a64_dst(j, in),
			   a64_mem_at(j, in->insn->src, in->insn->off));
}

void a64_op_store(struct jit *j, const struct jit_in *in)
{
	int rs = a64_src(j, in), home = jit_home(j, in->insn->dst, in->insn->off);

	if (home >= 0)
		a64_mov(&j->code, 64, home, rs);
	else
		a64_access(j, A64_STORE, a64_size(in->width), rs, a64_mem_at(j, in->insn->dst, in->insn->off));
}

void a64_op_store_imm(struct jit *j, const struct jit_in *in)
{
	int32_t imm = in->insn->imm;
	int rs = A64_T0, home = jit_home(j, in->insn->dst, in->insn->off);

	if (home >= 0 && in->k) {
		a64_mov_imm(&j->code, home, (uint64_t)(int64_t)imm);
		return;
	}
	if (home >= 0) {
		a64_mov(&j->code, 64, home, rs);
		return;
	}
	if (in->k && imm == 0)
		rs = A64_ZR;
	else if (in->k)
		a64_mov_imm(&j->code, rs, in->width == 64 ? (uint64_t)(int64_t)imm : (uint32_t)imm);
	a64_access(j, A64_STORE, a64_size(in->width), rs, a64_mem_at(j, in->insn->dst, in->insn->off));
}

/* Atomics take an address in a register: the program's own, or T3. */
static int address_of(struct jit *j, int reg, int32_t off)
{
	struct a64_mem m = a64_mem_at(j, reg, off);

	if (m.base != A64_SP && m.disp == 0)
		return m.base;
	a64_address(j, A64_T3, m);
	return A64_T3;
}

void a64_op_load_acquire(struct jit *j, const struct jit_in *in)
{
	a64_load_acquire(&j->code, a64_size(in->width), a64_dst(j, in), address_of(j, in->insn->src, in->insn->off));
}

void a64_op_store_release(struct jit *j, const struct jit_in *in)
{
	int rs = a64_src(j, in);

	a64_store_release(&j->code, a64_size(in->width), rs, address_of(j, in->insn->dst, in->insn->off));
}

/* [at] = [at] op rs; `result`, when the program asks for it, = what was there. T1 is scratch. */
static void by_lse(struct jit *j, int op, int w, int rs, int result, int at)
{
	static const uint32_t ops[] = {
		[A64_M_ADD] = A64_LDADD, [A64_M_OR] = A64_LDSET, [A64_M_AND] = A64_LDCLR, [A64_M_XOR] = A64_LDEOR,
	};

	if (op == A64_M_AND) {
		a64_alu(&j->code, A64_ORN, 64, A64_T1, A64_ZR, rs);
		rs = A64_T1;
	}
	a64_lse(&j->code, ops[op] | (result == A64_ZR ? 0 : A64_LSE_AL), a64_size(w), rs, result, at);
}

/* T2 is 0 when nobody came between load and store. */
static void by_exclusive(struct jit *j, int op, int w, int rs, int result, int at)
{
	static const enum a64_alu ops[] = {
		[A64_M_ADD] = A64_ADD, [A64_M_OR] = A64_ORR, [A64_M_AND] = A64_AND, [A64_M_XOR] = A64_EOR,
	};
	struct jit_code *c = &j->code;
	uint32_t again;
	int operand = rs;

	if (rs == A64_T0) {
		operand = A64_X14;
		a64_mov(c, 64, operand, rs);
	}
	again = code_at(c);
	a64_load_exclusive(c, a64_size(w), A64_T0, at);
	a64_alu(c, ops[op], w, A64_T1, A64_T0, operand);
	a64_store_exclusive(c, a64_size(w), A64_T2, A64_T1, at);
	a64_back(c, a64_cb(false, 32, A64_T2), again);
	if (result == A64_ZR)
		return;
	a64_word(c, (uint32_t)A64_DMB_ISH);
	a64_mov(c, w, result, A64_T0);
}

void a64_op_atomic(struct jit *j, const struct jit_in *in)
{
	int at = address_of(j, in->insn->dst, in->insn->off), rs = a64_src(j, in), op = in->param & ~A64_FETCH;
	int result = in->param & A64_FETCH ? rs : A64_ZR;

	if (j->features & A64_HAS_LSE)
		by_lse(j, op, in->width, rs, result, at);
	else
		by_exclusive(j, op, in->width, rs, result, at);
}

void a64_op_xchg(struct jit *j, const struct jit_in *in)
{
	int at = address_of(j, in->insn->dst, in->insn->off), rs = a64_src(j, in);
	struct jit_code *c = &j->code;
	unsigned size = a64_size(in->width);
	uint32_t again;

	if (j->features & A64_HAS_LSE) {
		a64_lse(c, A64_SWP | A64_LSE_AL, size, rs, rs, at);
		return;
	}
	again = code_at(c);
	a64_load_exclusive(c, size, A64_T0, at);
	a64_store_exclusive(c, size, A64_T2, rs, at);
	a64_back(c, a64_cb(false, 32, A64_T2), again);
	a64_word(c, (uint32_t)A64_DMB_ISH);
	a64_mov(c, in->width, rs, A64_T0);
}

/* r0 is compared with, and gets what was there. */
void a64_op_cmpxchg(struct jit *j, const struct jit_in *in)
{
	int at = address_of(j, in->insn->dst, in->insn->off), rs = a64_src(j, in), w = in->width;
	struct jit_code *c = &j->code;
	unsigned size = a64_size(w);
	uint32_t again, differs;

	if (j->features & A64_HAS_LSE) {
		a64_cas(c, size, A64_R0, rs, at);
		return;
	}
	if (rs == A64_T0) {
		rs = A64_T1;
		a64_mov(c, 64, rs, A64_T0);
	}
	again = code_at(c);
	a64_load_exclusive(c, size, A64_T0, at);
	a64_alu(c, A64_SUBS, w, A64_ZR, A64_T0, A64_R0);
	differs = a64_open(c, a64_bcc(A64_NE));
	a64_store_exclusive(c, size, A64_T2, rs, at);
	a64_back(c, a64_cb(false, 32, A64_T2), again);
	a64_bind(c, differs);
	a64_word(c, (uint32_t)A64_DMB_ISH);
	a64_mov(c, w, A64_R0, A64_T0);
}
