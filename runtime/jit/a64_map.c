/* SPDX-License-Identifier: Apache-2.0 */
/* Array lookups without a call: the map is known, so its place, size and stride are constants (struct iov_map_head).
 * T2 holds the key, zero-extended; r0 becomes the value's address; beyond the last entry a branch is taken, or r0
 * becomes 0 by data flow alone. */
#include "runtime/jit/a64_ops.h"

#include <stddef.h>

/* r0 = base + n * stride. T0 is scratch. */
static void scale(struct jit_code *c, int base, int n, uint64_t stride)
{
	if ((stride & (stride - 1)) == 0) {
		a64_alu_shifted(c, A64_ADD, 64, A64_R0, base, n, A64_LSL, (unsigned)__builtin_ctzll(stride));
		return;
	}
	a64_mov_imm(c, A64_T0, stride);
	a64_three(c, A64_MADD, 64, A64_R0, n, A64_T0, base);
}

/* r0 += this CPU's distance from slot 0. */
static void add_cpu(struct jit *j, uint64_t cpu_stride)
{
	a64_access_imm(&j->code, A64_LOAD, 2, A64_T1, a64_env(j), offsetof(struct iov_env, cpu));
	scale(&j->code, A64_R0, A64_T1, cpu_stride);
}

static void lookup_const(struct jit *j, const struct iov_map_head *map, uint32_t key)
{
	if (key >= map->max_entries) {
		a64_mov_imm(&j->code, A64_R0, 0);
		return;
	}
	a64_mov_imm(&j->code, A64_R0, (uint64_t)(uintptr_t)map->data + (uint64_t)key * map->stride);
	if (map->cpu_stride)
		add_cpu(j, map->cpu_stride);
}

void a64_key(struct jit *j, const struct jit_lookup *l)
{
	if (l->fact->key_const)
		return;
	if (l->key >= 0)
		a64_mov(&j->code, 32, A64_T2, a64_reg(j, l->key));
	else
		a64_access(j, A64_LOAD, 2, A64_T2, a64_mem_at(j, l->base, l->off));
}

/* flags = the key beside the number of entries. */
static void compare(struct jit_code *c, uint32_t entries)
{
	if (a64_addsub_imm(c, A64_SUBS, 32, A64_ZR, A64_T2, entries))
		return;
	a64_mov_imm(c, A64_T0, entries);
	a64_alu(c, A64_SUBS, 32, A64_ZR, A64_T2, A64_T0);
}

void a64_lookup(struct jit *j, const struct jit_lookup *l)
{
	const struct iov_map_head *map = l->map;
	struct jit_code *c = &j->code;

	if (l->fact->key_const) {
		lookup_const(j, map, l->fact->key);
		return;
	}
	compare(c, map->max_entries);
	if (l->missed >= 0 && l->zero)
		a64_mov_imm(c, A64_R0, 0);
	if (l->missed >= 0)
		jit_branch_slot(j, JIT_JCC, a64_bcc(A64_HS), (uint32_t)l->missed);
	a64_mov_imm(c, A64_T1, (uint64_t)(uintptr_t)map->data);
	scale(c, A64_T1, A64_T2, map->stride);
	if (map->cpu_stride)
		add_cpu(j, map->cpu_stride);
	if (l->missed < 0)
		a64_csel(c, A64_LO, 64, A64_R0, A64_R0, A64_ZR);
}
