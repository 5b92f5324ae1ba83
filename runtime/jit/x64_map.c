/* SPDX-License-Identifier: Apache-2.0 */
/* Array lookups without a call: the map is known, so its place, size and stride are constants (struct iov_map_head).
 * r2 points at the key; r0 becomes the value's address, or 0 beyond the last entry. */
#include "runtime/jit/x64_ops.h"

#include <stddef.h>

/* T1 *= stride; T0 is scratch where that is large. */
static void scale(struct jit_code *c, uint64_t stride)
{
	if ((stride & (stride - 1)) == 0) {
		x64_shift_i(c, X64_SHL, 64, X64_T1, (unsigned)__builtin_ctzll(stride));
	} else if (stride <= INT32_MAX) {
		x64_imul_rri(c, 64, X64_T1, X64_T1, (int32_t)stride);
	} else {
		x64_mov_imm(c, X64_T0, stride);
		x64_rr(c, X64_IMUL_RM, 64, X64_T1, X64_T0);
	}
}

/* rax += this CPU's distance from slot 0; T0, T1 are scratch. */
static void add_cpu(struct jit_code *c, uint64_t cpu_stride)
{
	x64_rm(c, X64_MOV_LOAD, 32, X64_T1, X64_MEM(X64_ENV, offsetof(struct iov_env, cpu)));
	scale(c, cpu_stride);
	x64_alu_rr(c, X64_ADD, 64, X64_RAX, X64_T1);
}

static void lookup_const(struct jit *j, const struct iov_map_head *map, uint32_t key)
{
	if (key >= map->max_entries) {
		x64_mov_imm(&j->code, X64_RAX, 0);
		return;
	}
	x64_mov_imm(&j->code, X64_RAX, (uint64_t)(uintptr_t)map->data + (uint64_t)key * map->stride);
	if (map->cpu_stride)
		add_cpu(&j->code, map->cpu_stride);
}

/* T1 = the key, zero-extended. It comes from its register and not from the stack, where it has just been written. */
void x64_key(struct jit *j, const struct jit_lookup *l)
{
	if (l->fact->key_const)
		return;
	if (l->key >= 0)
		x64_mov(&j->code, 32, X64_T1, x64_regs[l->key]);
	else
		x64_rm(&j->code, X64_MOV_LOAD, 32, X64_T1, x64_mem_at(j, l->base, l->off));
}

/* Found is straight on: no jump is taken. */
void x64_lookup(struct jit *j, const struct jit_lookup *l)
{
	const struct iov_map_head *map = l->map;
	struct jit_code *c = &j->code;
	uint32_t beyond = 0;

	if (l->fact->key_const) {
		lookup_const(j, map, l->fact->key);
		return;
	}
	if (l->zero)
		x64_mov_imm(c, X64_RAX, 0);
	x64_alu_ri(c, X64_CMP, 32, X64_T1, (int32_t)map->max_entries);
	if (l->missed >= 0)
		jit_branch_slot(j, JIT_JCC, X64_CC_AE, (uint32_t)l->missed);
	else
		beyond = x64_jcc_short(c, X64_CC_AE);
	scale(c, map->stride);
	x64_mov_imm(c, X64_RAX, (uint64_t)(uintptr_t)map->data);
	x64_alu_rr(c, X64_ADD, 64, X64_RAX, X64_T1);
	if (map->cpu_stride)
		add_cpu(c, map->cpu_stride);
	if (beyond)
		x64_bind(c, beyond);
}
