/* SPDX-License-Identifier: Apache-2.0 */
/* Array lookups without a call: the map is known, so its place, size and stride are constants (struct iov_map_head).
 * r2 points at the key; r0 becomes the value's address, or 0 beyond the last entry, by data flow alone. */
#include "runtime/jit/a64_ops.h"

#include <stddef.h>

/* r0 += this CPU's distance from slot 0. */
static void add_cpu(struct jit *j, uint64_t cpu_stride)
{
	struct jit_code *c = &j->code;

	a64_access_imm(c, A64_LOAD, 2, A64_T1, a64_env(j), offsetof(struct iov_env, cpu));
	a64_mov_imm(c, A64_T0, cpu_stride);
	a64_three(c, A64_MADD, 64, A64_R0, A64_T1, A64_T0, A64_R0);
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

/* The key is in r0. */
static void look_up(struct jit *j, const struct iov_map_head *map)
{
	struct jit_code *c = &j->code;

	a64_mov_imm(c, A64_T1, (uint64_t)(uintptr_t)map->data);
	if (!a64_addsub_imm(c, A64_SUBS, 32, A64_ZR, A64_R0, map->max_entries)) {
		a64_mov_imm(c, A64_T0, map->max_entries);
		a64_alu(c, A64_SUBS, 32, A64_ZR, A64_R0, A64_T0);
	}
	if ((map->stride & (map->stride - 1)) == 0) {
		a64_alu_shifted(c, A64_ADD, 64, A64_R0, A64_T1, A64_R0, A64_LSL, (unsigned)__builtin_ctz(map->stride));
	} else {
		a64_mov_imm(c, A64_T0, map->stride);
		a64_three(c, A64_MADD, 64, A64_R0, A64_R0, A64_T0, A64_T1);
	}
	if (map->cpu_stride)
		add_cpu(j, map->cpu_stride);
	a64_csel(c, A64_LO, 64, A64_R0, A64_R0, A64_ZR);
}

void a64_lookup(struct jit *j, const struct jit_lookup *l)
{
	if (l->fact->key_const) {
		lookup_const(j, l->map, l->fact->key);
		return;
	}
	if (l->key >= 0)
		a64_mov(&j->code, 32, A64_R0, a64_reg(j, l->key));
	else
		a64_access(j, A64_LOAD, 2, A64_R0, a64_mem_at(j, l->base, l->off));
	look_up(j, l->map);
}
