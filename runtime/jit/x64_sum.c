/* SPDX-License-Identifier: Apache-2.0 */
/* Loops that add up memory, on x86-64 (sum.c says which, and why this is the same): several turns at once, into up to
 * four sums, so that loads and not additions set the pace. */
#include "runtime/jit/x64_ops.h"

enum { TURNS_MOST = 8, SUMS_MOST = 4 };

struct fast {
	const struct jit_sum *s;
	int turns, counter;
	int base, bound;          /* registers or -1 */
	int32_t limit;            /* bound -1 */
	int sums[SUMS_MOST], sum_count;
};

/* Where a displacement is one byte eight turns are 127 bytes of code at most, as short jumps want it. */
static int turns_of(const struct jit_sum *s)
{
	return s->disp >= -128 && s->disp + TURNS_MOST * s->step <= 127 ? TURNS_MOST : TURNS_MOST / 2;
}

static bool plan(const struct jit_sum *s, struct fast *f)
{
	static const int scratch[] = {X64_T0, X64_T1, X64_T2};
	int used = 0;

	*f = (struct fast){.s = s, .turns = turns_of(s), .counter = x64_regs[s->counter], .base = -1, .bound = -1};
	if (s->step > 64 || (s->limit_known && s->limit <= f->turns * s->step))
		return false;
	if (s->base >= 0)
		f->base = x64_regs[s->base];
	else if (s->base_known)
		f->base = scratch[used++];
	if (s->limit_known)
		f->limit = s->limit - f->turns * s->step;
	else
		f->bound = scratch[used++];
	f->sums[f->sum_count++] = x64_regs[s->sum];
	while (used < 3)
		f->sums[f->sum_count++] = scratch[used++];
	return true;
}

/* Not below: the loop as it is written does the rest. */
static void compare(struct jit *j, const struct fast *f)
{
	if (f->bound < 0)
		x64_alu_ri(&j->code, X64_CMP, 64, f->counter, f->limit);
	else
		x64_alu_rr(&j->code, X64_CMP, 64, f->counter, f->bound);
}

static void turn(struct jit *j, const struct fast *f, int n)
{
	int to = f->sums[n % f->sum_count], through = x64_regs[f->s->scratch];
	struct x64_mem m = f->base < 0 ? X64_MEM(f->counter, 0) : X64_INDEXED(f->base, f->counter, 0);

	m.disp = f->s->disp + n * f->s->step;
	if (f->s->width == 64) {
		x64_rm(&j->code, X64_ADD * 8 + 3, 64, to, m);
		return;
	}
	x64_load(j, f->s->width, false, through, m);
	x64_alu_rr(&j->code, X64_ADD, 64, to, through);
}

void x64_sum(struct jit *j, const struct jit_sum *s)
{
	struct jit_code *c = &j->code;
	uint32_t below = 0, done, again;
	struct fast f;

	if (!plan(s, &f))
		return;
	if (f.bound >= 0) {
		x64_mov(c, 64, f.bound, x64_regs[s->limit_reg]);
		x64_alu_ri(c, X64_SUB, 64, f.bound, f.turns * s->step);
		below = x64_jcc_short(c, X64_CC_B);
	}
	compare(j, &f);
	done = x64_jcc_short(c, X64_CC_AE);
	if (s->base_known)
		x64_mov_imm(c, f.base, s->address);
	for (int i = 1; i < f.sum_count; i++)
		x64_mov_imm(c, f.sums[i], 0);
	again = code_at(c);
	for (int n = 0; n < f.turns; n++)
		turn(j, &f, n);
	x64_alu_ri(c, X64_ADD, 64, f.counter, f.turns * s->step);
	compare(j, &f);
	x64_jcc_back(c, X64_CC_B, again);
	for (int i = 1; i < f.sum_count; i++)
		x64_alu_rr(c, X64_ADD, 64, f.sums[0], f.sums[i]);
	x64_bind(c, done);
	if (below)
		x64_bind(c, below);
}
