/* SPDX-License-Identifier: Apache-2.0 */
/* From a row of isa.def to its handler, and the shell of a function: prologue, epilogue, callback thunk.
 *
 * Frame, from high to low addresses: saved registers in pairs, r10 points here, the program's stack, the may_goto
 * counter, padding to 16. A subprogram that calls nothing saves nothing. */
#include "runtime/jit/a64_ops.h"

enum a64_op {
#define OP(kind, oper, fn, param) A64_O_##kind##_##oper,
#include "runtime/jit/a64_ops.def"
#undef OP
};

static const struct jit_op a64_ops[] = {
#define OP(kind, oper, fn, param) [A64_O_##kind##_##oper] = {fn, param},
#include "runtime/jit/a64_ops.def"
#undef OP
};

static const uint8_t op_of_row[ISA_COUNT] = {
#define ISA(name, code, sel, val, kind, oper, ...) [ISA_##name] = A64_O_##kind##_##oper,
#include "asm/isa/isa.def"
#undef ISA
};

int a64_reg(const struct jit *j, int reg)
{
	static const uint8_t arguments[] = {A64_R0, A64_X0, A64_X1, A64_X2, A64_X3, A64_X4};

	if (reg < IOV_R6)
		return arguments[reg];
	return (j->sub->calls ? A64_X19 : A64_X10) + reg - IOV_R6;
}

int a64_dst(const struct jit *j, const struct jit_in *in)
{
	return a64_reg(j, in->insn->dst);
}

int a64_src(struct jit *j, const struct jit_in *in)
{
	if (in->hidden)
		return A64_T0;
	if (in->insn->src != IOV_R10)
		return a64_reg(j, in->insn->src);
	a64_add_imm(j, 64, A64_T0, A64_SP, a64_fp(j));
	return A64_T0;
}

int a64_env(const struct jit *j)
{
	return j->subs[0].calls ? A64_X23 : A64_X6;
}

int32_t a64_fp(const struct jit *j)
{
	return (int32_t)j->sub->frame;
}

struct a64_mem a64_mem_at(const struct jit *j, int reg, int32_t off)
{
	struct a64_mem m = {.base = A64_SP, .index = -1, .disp = off};

	if (reg == IOV_R10)
		m.disp += a64_fp(j);
	else
		m.base = a64_reg(j, reg);
	return m;
}

static bool is_entry(const struct jit *j)
{
	return j->sub == j->subs;
}

/* What the subprogram has to give back as it was. */
enum { SAVED_MOST = 16 };

static unsigned saved_registers(const struct jit *j, int regs[SAVED_MOST])
{
	unsigned count = 0;

	if (!j->sub->calls)
		return 0;
	regs[count++] = A64_LR;
	for (int i = 0; i < 4; i++)
		if (j->sub->saved & 1 << i)
			regs[count++] = A64_X19 + i;
	if (is_entry(j) && j->env)
		regs[count++] = A64_X23;
	for (int r = A64_X19; r <= A64_X28; r++)
		if (j->sub->homes_saved >> r & 1)
			regs[count++] = r;
	return count;
}

static uint32_t spare(const struct jit *j, bool saved)
{
	const struct jit_sub *sub = j->sub;
	uint32_t regs = 0;

	if (saved != sub->calls)
		return 0;
	for (int r = saved ? IOV_R6 : IOV_R1; r <= IOV_R9; r++)
		if (!(sub->used >> r & 1))
			regs |= 1u << a64_reg(j, r);
	if (saved)
		return regs | 0x1fu << A64_X24;
	return regs | 1u << A64_X5 | 1u << A64_X15 | (j->env && a64_env(j) == A64_X6 ? 0 : 1u << A64_X6);
}

static void prologue(struct jit *j)
{
	struct jit_sub *sub = j->sub;
	struct jit_code *c = &j->code;
	int regs[SAVED_MOST];
	unsigned count = saved_registers(j, regs), i;

	if (j->retpoline)
		a64_word(c, (uint32_t)A64_BTI_JC);
	for (i = 0; i + 1 < count; i += 2)
		a64_push2(c, regs[i], regs[i + 1]);
	if (i < count)
		a64_push1(c, regs[i]);
	if (is_entry(j) && j->env)
		a64_mov(c, 64, a64_env(j), A64_X1);
	sub->frame = (sub->stack + (sub->may_goto ? 8 : 0) + 15) & ~15u;
	if (sub->frame)
		a64_add_imm(j, 64, A64_SP, A64_SP, -(int64_t)sub->frame);
	if (!sub->may_goto)
		return;
	a64_mov_imm(c, A64_T0, IOV_MAY_GOTO_LIMIT);
	a64_access(j, A64_STORE, 3, A64_T0, a64_mem_at(j, IOV_R10, -(int32_t)sub->stack - 8));
}

void a64_epilogue(struct jit *j)
{
	int regs[SAVED_MOST];
	unsigned count = saved_registers(j, regs);

	if (j->sub->frame)
		a64_add_imm(j, 64, A64_SP, A64_SP, j->sub->frame);
	if (count & 1)
		a64_pop1(&j->code, regs[--count]);
	for (; count; count -= 2)
		a64_pop2(&j->code, regs[count - 2], regs[count - 1]);
}

void a64_barrier(struct jit *j)
{
	if (!j->retpoline)
		return;
	a64_word(&j->code, (uint32_t)A64_DSB_SY);
	a64_word(&j->code, (uint32_t)A64_ISB);
}

void a64_return(struct jit *j)
{
	a64_epilogue(j);
	if (is_entry(j) || j->sub->tails)
		a64_mov(&j->code, 64, A64_X0, A64_R0);
	a64_word(&j->code, (uint32_t)A64_RET);
	a64_barrier(j);
}

/* What a helper calls: a C function with env sixth. */
static void thunk(struct jit *j)
{
	struct jit_code *c = &j->code;

	if (!j->sub->callback)
		return;
	j->sub->thunk = code_at(c);
	if (j->retpoline)
		a64_word(c, (uint32_t)A64_BTI_JC);
	a64_push2(c, A64_LR, A64_X23);
	a64_mov(c, 64, A64_X23, A64_X5);
	jit_branch(j, JIT_CALL, 0, (uint32_t)(j->sub - j->subs));
	if (!j->sub->tails)
		a64_mov(c, 64, A64_X0, A64_R0);
	a64_pop2(c, A64_LR, A64_X23);
	a64_word(c, (uint32_t)A64_RET);
	a64_barrier(j);
}

static void take_result(struct jit *j) { a64_mov(&j->code, 64, A64_R0, A64_X0); }

static void trap(struct jit *j)
{
	a64_word(&j->code, (uint32_t)A64_BRK);
}

void a64_hidden(struct jit *j, int rd, uint64_t value)
{
	uint64_t key = jit_random(j);

	a64_mov_imm(&j->code, rd, value ^ key);
	a64_mov_imm(&j->code, A64_T1, key);
	a64_alu(&j->code, A64_EOR, 64, rd, rd, A64_T1);
}

void a64_set(struct jit *j, int rd, uint64_t value)
{
	if (j->blind)
		a64_hidden(j, rd, value);
	else
		a64_mov_imm(&j->code, rd, value);
}

static void constant(struct jit *j, int reg, uint64_t value)
{
	a64_set(j, a64_reg(j, reg), value);
}

static void hide(struct jit *j, uint64_t value)
{
	a64_hidden(j, A64_T0, value);
}

const struct jit_target jit_a64 = {
	.ops = a64_ops,
	.op_of_row = op_of_row,
	.reach = (uint64_t)1 << 27,
	.prologue = prologue,
	.thunk = thunk,
	.stub = a64_stub,
	.spare = spare,
	.trap = trap,
	.constant = constant,
	.hide = hide,
	.fused = a64_fused,
	.sum = a64_sum,
	.key = a64_key,
	.lookup = a64_lookup,
	.call = a64_call,
	.tail_call = a64_tail_call,
	.take_result = take_result,
	.longest = a64_longest,
	.shortest = a64_shortest,
	.resolve = a64_resolve,
	.fill = a64_fill,
};
