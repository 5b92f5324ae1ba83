/* SPDX-License-Identifier: Apache-2.0 */
/* What match.c found to be one instruction, on 64-bit ARM. */
#include "runtime/jit/a64_ops.h"

static struct a64_mem memory(const struct jit *j, const struct jit_fused *f)
{
	struct a64_mem m = a64_mem_at(j, f->src, 0);

	m.disp += f->disp;
	if (f->index >= 0) {
		m.index = a64_reg(j, f->index);
		m.scale = f->scale;
	}
	return m;
}

bool a64_fused(struct jit *j, const struct jit_fused *f)
{
	struct jit_code *c = &j->code;
	int d = a64_reg(j, f->dst), w = f->width;

	switch (f->kind) {
	case JIT_ADDRESS:
		a64_address(j, d, memory(j, f));
		return true;
	case JIT_LOAD:
		a64_access(j, A64_LOAD, a64_size(w), d, memory(j, f));
		return true;
	case JIT_LOAD_SWAPPED:
		a64_access(j, A64_LOAD, 1, d, memory(j, f));
		a64_rev16(c, d, d);
		return true;
	default:
		break;
	}
	if (f->kind == JIT_EXTEND)
		a64_extend(c, f->is_signed, f->is_signed ? 64 : w == 32 ? 64 : 32, d, a64_reg(j, f->src), (unsigned)w);
	else if (f->kind == JIT_SHIFT)
		a64_shift_imm(c, f->right ? A64_LSR : A64_LSL, w, d, a64_reg(j, f->src), f->count);
	else
		a64_rotate_imm(c, w, d, a64_reg(j, f->src), (unsigned)w - f->count);
	return true;
}
