/* SPDX-License-Identifier: Apache-2.0 */
/* What match.c found to be one instruction, on x86-64. */
#include "runtime/jit/x64_ops.h"

static struct x64_mem address(const struct jit *j, const struct jit_fused *f)
{
	struct x64_mem m = x64_mem_at(j, f->src, 0);

	m.disp += f->disp;
	if (f->index >= 0) {
		m.index = (int8_t)x64_regs[f->index];
		m.scale = (uint8_t)f->scale;
	}
	return m;
}

static void rotate(struct jit *j, int w, int to, int from, unsigned left)
{
	if (to != from && j->features & X64_HAS_BMI2) {
		x64_rorx(&j->code, w, to, from, (unsigned)w - left);
		return;
	}
	if (to != from)
		x64_mov(&j->code, w, to, from);
	x64_shift_i(&j->code, X64_ROL, w, to, left);
}

static void extend(struct jit *j, int bits, bool is_signed, int d, int s)
{
	struct jit_code *c = &j->code;

	if (bits == 32 && is_signed)
		x64_rr(c, X64_MOVSXD, 64, d, s);
	else if (bits == 32)
		x64_mov(c, 32, d, s);
	else if (bits == 16)
		x64_rr(c, is_signed ? X64_MOVSX16 : X64_MOVZX16, is_signed ? 64 : 32, d, s);
	else
		x64_rr(c, (is_signed ? X64_MOVSX8 : X64_MOVZX8) | X64_OP_BYTE_RM, is_signed ? 64 : 32, d, s);
}

bool x64_fused(struct jit *j, const struct jit_fused *f)
{
	int d = x64_regs[f->dst];

	switch (f->kind) {
	case JIT_ADDRESS:
		x64_rm(&j->code, X64_LEA, 64, d, address(j, f));
		break;
	case JIT_LOAD:
		x64_load(j, f->width, false, d, address(j, f));
		break;
	case JIT_LOAD_SWAPPED:
		x64_load(j, 16, false, d, address(j, f));
		x64_rr(&j->code, 0xc1 | X64_OP_16, 32, X64_ROL, d);
		x64_byte(&j->code, 8);
		break;
	case JIT_EXTEND:
		extend(j, f->width, f->is_signed, d, x64_regs[f->src]);
		break;
	case JIT_SHIFT:
		x64_mov(&j->code, f->width, d, x64_regs[f->src]);
		x64_shift_i(&j->code, f->right ? X64_SHR : X64_SHL, f->width, d, f->count);
		break;
	case JIT_ROTATE:
		rotate(j, f->width, d, x64_regs[f->src], f->count);
		break;
	}
	return true;
}
