/* SPDX-License-Identifier: Apache-2.0 */
/* From a row of isa.def to its handler, and the shell of a function: prologue, epilogue, callback thunk.
 *
 * Frame, from high to low addresses: return address, saved registers, r10 points here, the program's stack, the
 * may_goto counter, padding to 16 when something is called. A leaf that needs at most 128 bytes uses the red zone:
 * frame 0. */
#include "runtime/jit/x64_ops.h"

#if defined(__x86_64__)

const uint8_t x64_regs[10] = X64_REG_MAP;

enum x64_op {
#define OP(kind, oper, fn, param) X64_O_##kind##_##oper,
#include "runtime/jit/x64_ops.def"
#undef OP
};

static const struct {
	x64_op_fn *fn;
	int param;
} x64_ops[] = {
#define OP(kind, oper, fn, param) [X64_O_##kind##_##oper] = {fn, param},
#include "runtime/jit/x64_ops.def"
#undef OP
};

static const uint8_t op_of_row[ISA_COUNT] = {
#define ISA(name, code, sel, val, kind, oper, ...) [ISA_##name] = X64_O_##kind##_##oper,
#include "asm/isa/isa.def"
#undef ISA
};

unsigned target_features(void)
{
	unsigned features = 0;

	__builtin_cpu_init();
	if (__builtin_cpu_supports("bmi2"))
		features |= X64_HAS_BMI2;
	return features;
}

int x64_src(struct jit *j, const struct x64_in *in)
{
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
	uint32_t saved = (uint32_t)__builtin_popcount(sub->saved) + loads_env(j);
	uint32_t need = sub->stack + (sub->may_goto ? 8 : 0);

	sub->frame = !sub->calls && need <= 128 ? 0 : need;
	if (sub->calls && (8 + 8 * saved + sub->frame) % 16)
		sub->frame += 8;
}

static void prologue(struct jit *j)
{
	struct jit_sub *sub = j->sub;

	size_frame(j);
	for (int i = 0; i < 4; i++)
		if (sub->saved & 1 << i)
			x64_push(&j->code, x64_regs[IOV_R6 + i]);
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
	for (int i = 3; i >= 0; i--)
		if (j->sub->saved & 1 << i)
			x64_pop(&j->code, x64_regs[IOV_R6 + i]);
}

/* What a helper calls: a C function with env sixth. */
static void thunk(struct jit *j)
{
	struct jit_sub *sub = j->sub;

	sub->thunk = sub->entry;
	if (!sub->callback || !j->env)
		return;
	sub->thunk = code_at(&j->code);
	x64_push(&j->code, X64_ENV);
	x64_mov(&j->code, 64, X64_ENV, X64_T2);
	x64_branch(j, JIT_CALL, 0, (uint32_t)(sub - j->subs));
	x64_pop(&j->code, X64_ENV);
	x64_byte(&j->code, 0xc3);
}

/* A conditional jump over a goto (what compilers write for a long or a backward jump) goes there on the opposite. */
static bool skips_goto(const struct jit *j, const struct x64_in *in)
{
	uint32_t over = in->slot + 1;

	return in->target == over + 1 && j->rows[over] != JIT_NO_ROW && isa_rows[j->rows[over]].kind == ISA_K_JA &&
	       !(j->marks[over] & JIT_MARK_TARGET) && !(in->fact && (in->fact->always || in->fact->never));
}

static uint32_t emit_jump(struct jit *j, struct x64_in *in, x64_op_fn *fn)
{
	bool skips;

	in->target = jit_target(in->insn, in->slot);
	skips = skips_goto(j, in);
	if (skips) {
		in->param ^= 1;
		in->target = jit_target(in->insn + 1, in->slot + 1);
	}
	fn(j, in);
	return skips ? 2 : 1;
}

/* The slots that it took. */
static uint32_t emit_row(struct jit *j, uint32_t slot)
{
	enum iov_isa isa = j->rows[slot];
	const struct iov_isa_row *row = &isa_rows[isa];
	struct x64_in in = {.insn = &j->image->insns[slot],
			    .fact = jit_fact(j, slot),
			    .slot = slot,
			    .width = row->width,
			    .k = row->src == ISA_SRC_K,
			    .param = x64_ops[op_of_row[isa]].param};

	if (row->kind == ISA_K_JCC)
		return emit_jump(j, &in, x64_ops[op_of_row[isa]].fn);
	if (in.fact && in.fact->is_const && (row->kind == ISA_K_ALU || row->kind == ISA_K_END))
		x64_mov_imm(&j->code, x64_dst(&in), in.fact->value);
	else
		x64_ops[op_of_row[isa]].fn(j, &in);
	return isa_is_wide(in.insn) ? 2 : 1;
}

/* Control does not come out of the end of these. */
static bool ends(const struct jit *j, uint32_t slot)
{
	const struct iov_insn_fact *fact = jit_fact(j, slot);
	enum iov_isa_kind kind = isa_rows[j->rows[slot]].kind;

	return kind == ISA_K_EXIT || kind == ISA_K_JA || (kind == ISA_K_JCC && fact && fact->always);
}

/* Dead code is not emitted. Where control would run into it all the same, it traps. */
void target_function(struct jit *j)
{
	struct jit_sub *sub = j->sub;
	bool open = true;
	uint32_t slots;

	sub->entry = code_at(&j->code);
	prologue(j);
	for (uint32_t i = sub->start; i < sub->end; i++) {
		j->offset[i] = code_at(&j->code);
		if (j->rows[i] == JIT_NO_ROW) {
			if (open)
				x64_bytes(&j->code, "\x0f\x0b", 2);
			open = false;
			continue;
		}
		slots = x64_fuse(j, i);
		if (!slots)
			slots = emit_row(j, i);
		open = !ends(j, i);
		while (--slots)
			j->offset[++i] = code_at(&j->code);
	}
	if (open)
		x64_bytes(&j->code, "\x0f\x0b", 2);
	thunk(j);
}

#endif
