/* SPDX-License-Identifier: Apache-2.0 */
/* Loops that add up memory, on 64-bit ARM (sum.c says which, and why this is the same): several turns at once, into
 * three sums, through a pointer to what the next turn reads. */
#include "runtime/jit/a64_ops.h"

enum { TURNS_MOST = 8, SUMS = 3, REACH = 255 };

struct fast {
	const struct jit_sum *s;
	int turns, counter;
	int pointer, bound;       /* scratch */
	int sums[SUMS];
};

/* Every turn's displacement is to fit in a load. */
static bool plan(const struct jit *j, const struct jit_sum *s, struct fast *f)
{
	int turns = (TURNS_MOST - 1) * s->step <= REACH ? TURNS_MOST : TURNS_MOST / 2;

	*f = (struct fast){.s = s, .turns = turns, .counter = a64_reg(j, s->counter), .pointer = A64_T0,
			   .bound = A64_T1, .sums = {a64_reg(j, s->sum), A64_T2, A64_T3}};
	return (turns - 1) * s->step <= REACH && !(s->limit_known && s->limit <= turns * s->step);
}

/* bound = limit - the turns made at once; returns the branch to be taken when that is below 0, or 0. */
static uint32_t set_bound(struct jit *j, const struct fast *f)
{
	struct jit_code *c = &j->code;
	int32_t ahead = f->turns * f->s->step;

	if (f->s->limit_known) {
		a64_mov_imm(c, f->bound, (uint64_t)(int64_t)(f->s->limit - ahead));
		return 0;
	}
	a64_addsub_imm(c, A64_SUBS, 64, f->bound, a64_reg(j, f->s->limit_reg), ahead);
	return a64_open(c, a64_bcc(A64_LO));
}

static void set_pointer(struct jit *j, const struct fast *f)
{
	const struct jit_sum *s = f->s;
	struct jit_code *c = &j->code;

	a64_mov_imm(c, f->pointer, (s->base_known ? s->address : 0) + (uint64_t)(int64_t)s->disp);
	a64_alu(c, A64_ADD, 64, f->pointer, f->pointer, f->counter);
	if (s->base >= 0)
		a64_alu(c, A64_ADD, 64, f->pointer, f->pointer, a64_reg(j, s->base));
}

void a64_sum(struct jit *j, const struct jit_sum *s)
{
	struct jit_code *c = &j->code;
	uint32_t below, done, again;
	int through = a64_reg(j, s->scratch);
	struct fast f;

	if (!plan(j, s, &f))
		return;
	below = set_bound(j, &f);
	a64_alu(c, A64_SUBS, 64, A64_ZR, f.counter, f.bound);
	done = a64_open(c, a64_bcc(A64_HS));
	set_pointer(j, &f);
	for (int i = 1; i < SUMS; i++)
		a64_mov_imm(c, f.sums[i], 0);
	again = code_at(c);
	for (int n = 0; n < f.turns; n++) {
		a64_access_imm(c, A64_LOAD, a64_size(s->width), through, f.pointer, n * s->step);
		a64_alu(c, A64_ADD, 64, f.sums[n % SUMS], f.sums[n % SUMS], through);
	}
	a64_addsub_imm(c, A64_ADD, 64, f.pointer, f.pointer, f.turns * s->step);
	a64_addsub_imm(c, A64_ADD, 64, f.counter, f.counter, f.turns * s->step);
	a64_alu(c, A64_SUBS, 64, A64_ZR, f.counter, f.bound);
	a64_back(c, a64_bcc(A64_LO), again);
	for (int i = 1; i < SUMS; i++)
		a64_alu(c, A64_ADD, 64, f.sums[0], f.sums[0], f.sums[i]);
	a64_bind(c, done);
	if (below)
		a64_bind(c, below);
}
