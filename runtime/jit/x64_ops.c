/* SPDX-License-Identifier: Apache-2.0 */
/* From a row of isa.def to its handler, and the shell of a function: prologue, epilogue, callback thunk.
 *
 * Frame, from high to low addresses: return address, saved registers, r10 points here, the program's stack, the
 * may_goto counter, padding to 16 when something is called. A leaf that needs at most 128 bytes uses the red zone:
 * frame 0. */
#include "runtime/jit/x64_ops.h"

const uint8_t x64_regs[10] = X64_REG_MAP;

enum x64_op {
#define OP(kind, oper, fn, param) X64_O_##kind##_##oper,
#include "runtime/jit/x64_ops.def"
#undef OP
};

static const struct jit_op x64_ops[] = {
#define OP(kind, oper, fn, param) [X64_O_##kind##_##oper] = {fn, param},
#include "runtime/jit/x64_ops.def"
#undef OP
};

static const uint8_t op_of_row[ISA_COUNT] = {
#define ISA(name, code, sel, val, kind, oper, ...) [ISA_##name] = X64_O_##kind##_##oper,
#include "asm/isa/isa.def"
#undef ISA
};

int x64_src(struct jit *j, const struct jit_in *in)
{
	if (in->hidden)
		return X64_T0;
	if (in->insn->src != IOV_R10)
		return x64_regs[in->insn->src];
	x64_rm(&j->code, X64_LEA, 64, X64_T0, X64_MEM(X64_RSP, x64_fp(j)));
	return X64_T0;
}

struct x64_mem x64_mem_at(const struct jit *j, int reg, int32_t off)
{
	return reg == IOV_R10 ? X64_MEM(X64_RSP, x64_fp(j) + off) : X64_MEM(x64_regs[reg], off);
}

/* The entry is called with env in rsi; every other function finds it in r15. */
static bool loads_env(const struct jit *j)
{
	return j->sub == j->subs && j->env;
}

static void size_frame(const struct jit *j)
{
	struct jit_sub *sub = j->sub;
	uint32_t saved = (uint32_t)(__builtin_popcount(sub->saved) + __builtin_popcount(sub->homes_saved) +
				    loads_env(j));
	uint32_t need = sub->stack + (sub->may_goto ? 8 : 0);

	sub->frame = !sub->calls && need <= 128 ? 0 : need;
	if (sub->calls && (8 + 8 * saved + sub->frame) % 16)
		sub->frame += 8;
}

static uint32_t spare(const struct jit *j, bool saved)
{
	const struct jit_sub *sub = j->sub;
	uint32_t regs = 0;

	for (int r = saved ? IOV_R6 : IOV_R1; r <= (saved ? IOV_R9 : IOV_R5); r++)
		if (!(sub->used >> r & 1))
			regs |= 1u << x64_regs[r];
	if (saved)
		return regs | 1u << X64_R12 | (j->env ? 0 : 1u << X64_ENV);
	return sub->calls ? 0 : sub->divides ? regs & ~(1u << X64_RDX) : regs;
}

static void prologue(struct jit *j)
{
	struct jit_sub *sub = j->sub;

	size_frame(j);
	for (int i = 0; i < 4; i++)
		if (sub->saved & 1 << i)
			x64_push(&j->code, x64_regs[IOV_R6 + i]);
	for (int r = 0; r < 16; r++)
		if (sub->homes_saved >> r & 1)
			x64_push(&j->code, r);
	if (loads_env(j)) {
		x64_push(&j->code, X64_ENV);
		x64_mov(&j->code, 64, X64_ENV, X64_RSI);
	}
	if (sub->frame)
		x64_alu_ri(&j->code, X64_SUB, 64, X64_RSP, (int32_t)sub->frame);
	if (sub->may_goto)
		x64_store_imm(&j->code, 64, X64_MEM(X64_RSP, x64_fp(j) - (int32_t)sub->stack - 8), IOV_MAY_GOTO_LIMIT);
}

void x64_epilogue(struct jit *j)
{
	if (j->sub->frame)
		x64_alu_ri(&j->code, X64_ADD, 64, X64_RSP, (int32_t)j->sub->frame);
	if (loads_env(j))
		x64_pop(&j->code, X64_ENV);
	for (int r = 16; r-- > 0;)
		if (j->sub->homes_saved >> r & 1)
			x64_pop(&j->code, r);
	for (int i = 3; i >= 0; i--)
		if (j->sub->saved & 1 << i)
			x64_pop(&j->code, x64_regs[IOV_R6 + i]);
}

/* What a helper calls: a C function with env sixth. */
static void thunk(struct jit *j)
{
	struct jit_sub *sub = j->sub;

	if (!sub->callback || !j->env)
		return;
	sub->thunk = code_at(&j->code);
	x64_push(&j->code, X64_ENV);
	x64_mov(&j->code, 64, X64_ENV, X64_T2);
	jit_branch(j, JIT_CALL, 0, (uint32_t)(sub - j->subs));
	x64_pop(&j->code, X64_ENV);
	x64_byte(&j->code, 0xc3);
}

static void trap(struct jit *j)
{
	x64_bytes(&j->code, "\x0f\x0b", 2);
}

/* rd = value, which stands nowhere in the code: a sign-extended half in 32 random bits, or all of it in 64. */
void x64_hidden(struct jit *j, int rd, uint64_t value)
{
	uint64_t key = jit_random(j);

	if ((int64_t)value == (int32_t)value) {
		key = (uint64_t)(int64_t)(int32_t)key;
		x64_mov_imm(&j->code, rd, value ^ key);
		x64_alu_ri(&j->code, X64_XOR, 64, rd, (int32_t)key);
		return;
	}
	x64_movabs(&j->code, rd, value ^ key);
	x64_movabs(&j->code, X64_T1, key);
	x64_alu_rr(&j->code, X64_XOR, 64, rd, X64_T1);
}

void x64_set(struct jit *j, int rd, uint64_t value)
{
	if (j->blind)
		x64_hidden(j, rd, value);
	else
		x64_mov_imm(&j->code, rd, value);
}

static void constant(struct jit *j, int reg, uint64_t value)
{
	x64_set(j, x64_regs[reg], value);
}

static void hide(struct jit *j, uint64_t value)
{
	x64_hidden(j, X64_T0, value);
}

const struct jit_target jit_x64 = {
	.ops = x64_ops,
	.op_of_row = op_of_row,
	.reach = (uint64_t)1 << 31,
	.prologue = prologue,
	.thunk = thunk,
	.stub = x64_stub,
	.spare = spare,
	.trap = trap,
	.constant = constant,
	.hide = hide,
	.fused = x64_fused,
	.sum = x64_sum,
	.key = x64_key,
	.lookup = x64_lookup,
	.call = x64_call,
	.tail_call = x64_tail_call,
	.longest = x64_longest,
	.shortest = x64_shortest,
	.resolve = x64_resolve,
	.fill = x64_fill,
};
