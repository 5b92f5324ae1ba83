/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: helpers and kernel functions by prototype. See gen.h. */
#include "testsuite/diff/oracle/gen.h"

/* r3 = a value of the array, or NULL where `null` allows it: else the function returns. r1 and r2 are made again. */
static void value_argument(struct gen *g, bool null)
{
	gen_find(g, M_ARRAY);
	if (!null) {
		put(g, 0x55, IOV_R0, 0, 2, 0);
		put(g, 0xb7, IOV_R0, 0, 0, 0);
		put(g, 0x95, 0, 0, 0, 0);
	}
	put(g, 0xbf, IOV_R3, IOV_R0, 0, 0);
	put(g, 0xbf, IOV_R1, num(g), 0, 0);
	put(g, 0xbf, IOV_R2, IOV_R6, 0, 0);
}

void gen_call_sub(struct gen *g)
{
	bool global = coin(g);
	uint32_t f = global ? F_GLOBAL + below(g, 2) : F_SUB + below(g, F_SUBS_END - F_SUB);

	if (g->function >= F_GLOBAL || (g->function && !global) || g->call_count + 2 >= GEN_CALLS ||
	    g->count >= GEN_MAX || !g->has_ctx)
		return;
	put(g, 0xbf, IOV_R1, num(g), 0, 0);
	if (global) {
		put(g, 0xbf, IOV_R2, IOV_R6, 0, 0);
		gen_stack_at(g, IOV_R3, -64 + 8 * (int)below(g, 7));
		if (below(g, 4) == 0)
			value_argument(g, f == F_GLOBAL_NULL || below(g, 8) == 0);
		if (f == F_GLOBAL_NULL && coin(g))
			put(g, 0xb7, IOV_R3, 0, 0, 0);
	} else {
		gen_stack_at(g, IOV_R2, -8 * (1 + (int)below(g, SLOTS)));
		put(g, 0xbf, IOV_R3, IOV_R6, 0, 0);
	}
	put(g, 0x85, 0, 1, 0, 0);
	gen_refer(g, f);
	put(g, 0xbf, num(g), IOV_R0, 0, 0);
}

/* One argument by prototype; memory is the stack's 64 bytes. False: cannot. */
static bool argument(struct gen *g, const struct iov_helper *h, int i, int *map)
{
	int r = 1 + i;

	switch (h->args[i]) {
	case IOV_ARG_NONE: return true;
	case IOV_ARG_ANY: case IOV_ARG_NUMBER: put(g, 0xbf, r, num(g), 0, 0); return true;
	case IOV_ARG_CTX: case IOV_ARG_CTX_OR_NULL:
		put(g, 0xbf, r, IOV_R6, 0, 0);
		return g->has_ctx;
	case IOV_ARG_CONST: put(g, 0xb7, r, 0, 0, (int32_t)below(g, 3)); return true;
	case IOV_ARG_DYNPTR_OR_NULL: case IOV_ARG_SLICE_BUFFER: put(g, 0xb7, r, 0, 0, 0); return true;
	case IOV_ARG_ZERO: put(g, 0xb7, r, 0, 0, 0); return true;
	case IOV_ARG_MAP: gen_load_map(g, r, *map); return true;
	case IOV_ARG_SIZE: case IOV_ARG_SIZE_OR_ZERO:
		put(g, 0xbf, r, num(g), 0, 0);
		if (below(g, 2)) {
			put(g, 0x57, r, 0, 0, 31);
			put(g, 0x07, r, 0, 0, 1);
		} else {
			put(g, 0xb7, r, 0, 0, (int32_t)(1 + below(g, 64)));
		}
		return true;
	case IOV_ARG_MAP_KEY: case IOV_ARG_MAP_VALUE: case IOV_ARG_MAP_VALUE_UNINIT: case IOV_ARG_MEM:
	case IOV_ARG_MEM_OR_NULL: case IOV_ARG_MEM_UNINIT: case IOV_ARG_MEM_RW: case IOV_ARG_MEM_FIXED:
	case IOV_ARG_MEM_FIXED_UNINIT: case IOV_ARG_LONG_PTR: case IOV_ARG_INT_PTR:
		gen_stack_at(g, r, -64);
		return true;
	default: return false;
	}
}

/* Arguments, or nothing when one cannot be had. */
static bool arguments(struct gen *g, const struct iov_helper *h)
{
	uint32_t start = g->count;
	int map;

	for (map = 0; map < M_LRU; map++)
		if (catalogue_map_takes(catalogue_map_type(gen_maps[map].type), h))
			break;
	for (int i = 0; i < 5; i++)
		if (!argument(g, h, i, &map)) {
			g->count = start;
			return false;
		}
	return true;
}

static void result(struct gen *g, const struct iov_helper *h)
{
	if (h->ret == IOV_RET_SCALAR)
		put(g, 0xbf, num(g), IOV_R0, 0, 0);
	if (h->ret == IOV_RET_MAP_VALUE_OR_NULL) {
		put(g, 0x15, IOV_R0, 0, 1, 0);
		put(g, 0x79, num(g), IOV_R0, 8, 0);
	}
}

void gen_helper(struct gen *g)
{
	const struct iov_helper *h = NULL;

	for (int tries = 0; tries < 20; tries++) {
		h = platform_helper(g->platform, 1 + below(g, 211));
		if (h && h->complete && platform_allows(g->platform, g->type, h) && !(h->flags & IOV_HF_ACQUIRES))
			break;
		h = NULL;
	}
	if (!h || h->ret == IOV_RET_NEVER || !arguments(g, h))
		return;
	helper(g, (int32_t)h->id);
	result(g, h);
}

/* Those that open, end or acquire something have statements of their own. */
void gen_any_kfunc(struct gen *g)
{
	const struct iov_helper *h = g->platform->kfunc_count ? g->platform->kfuncs[below(g, g->platform->kfunc_count)]
							       : NULL;

	if (!h || h->flags & (IOV_HF_ACQUIRES | IOV_HF_RELEASES) || h->ret == IOV_RET_BTF || h->ret == IOV_RET_CAST ||
	    h->kfunc & (IOV_KF_RCU_LOCK | IOV_KF_RCU_UNLOCK | IOV_KF_PREEMPT_OFF | IOV_KF_PREEMPT_ON | IOV_KF_THROWS) ||
	    !platform_allows(g->platform, g->type, h) || !arguments(g, h))
		return;
	gen_kfunc(g, h->name);
	result(g, h);
}

/* The socket goes, and then its other type is used. */
static void cast_after_release(struct gen *g)
{
	put(g, 0x7b, IOV_R10, IOV_R0, -112, 0);
	put(g, 0x79, IOV_R1, IOV_R10, -184, 0);
	helper(g, 86);
	put(g, 0x79, IOV_R1, IOV_R10, -112, 0);
	put(g, 0x61, IOV_R0, IOV_R1, 4, 0);
	put(g, 0xb7, IOV_R0, 0, 0, 0);
	put(g, 0x95, 0, 0, 0, 0);
}

/* A socket that is found, perhaps under another type, used, and given back; or not. */
void gen_socket(struct gen *g)
{
	static const int32_t finds[] = {84, 85, 99}, casts[] = {95, 96};
	uint32_t none, cast = 0;

	if (!g->has_ctx || (g->type->id != XDP && g->type->id != SCHED_CLS) || !platform_helper(g->platform, 86))
		return;
	put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
	gen_stack_at(g, IOV_R2, -64);
	put(g, 0xb7, IOV_R3, 0, 0, coin(g) ? 12 : 36);
	put(g, 0xb7, IOV_R4, 0, 0, -1);
	put(g, 0xb7, IOV_R5, 0, 0, 0);
	helper(g, finds[below(g, 3)]);
	none = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0x7b, IOV_R10, IOV_R0, -184, 0);
	put(g, 0x61, num(g), IOV_R0, (int[]){4, 16, 20, 72}[below(g, 4)], 0);
	if (below(g, 3) == 0) {
		put(g, 0xbf, IOV_R1, IOV_R0, 0, 0);
		helper(g, casts[below(g, 2)]);
		if (below(g, 16)) {
			cast = g->count + 1;
			put(g, 0x15, IOV_R0, 0, 0, 0);
		}
		put(g, 0x61, num(g), IOV_R0, 4 * (int)below(g, 8), 0);
		if (below(g, 12) == 0)
			cast_after_release(g);
		gen_fill(g, cast);
	}
	if (below(g, 4) == 0)
		gen_statements(g, 1);
	put(g, 0x79, IOV_R1, IOV_R10, -184, 0);
	if (below(g, 24))
		helper(g, 86);
	if (below(g, 24) == 0) {
		put(g, 0x79, IOV_R1, IOV_R10, -184, 0);
		put(g, 0x61, num(g), IOV_R1, 4, 0);
	}
	put(g, 0x7a, IOV_R10, 0, -184, 0);
	land(g, none);
}

/* Half of the time the next instructions are left out. */
static void one_way(struct gen *g, int16_t count)
{
	put_half(g);
	g->insns[g->count - 1].off = count;
}

/* The value at `at` is locked, used and unlocked. */
static void locked(struct gen *g, int at)
{
	put(g, 0x79, IOV_R1, IOV_R10, at, 0);
	if (below(g, 24) == 0)
		put(g, 0x07, IOV_R1, 0, 0, 4);
	helper(g, 93);
	put(g, 0x79, IOV_R2, IOV_R10, at, 0);
	gen_access(g, IOV_R2, below(g, 16) ? 8 * (1 + (int)below(g, 7)) : (int)below(g, 12));
	if (below(g, 3) == 0)
		gen_alu(g);
	if (below(g, 16) == 0)
		below(g, 2) ? gen_helper(g) : gen_call_sub(g);
	if (below(g, 16) == 0) /* on one way only */
		one_way(g, 2);
	put(g, 0x79, IOV_R1, IOV_R10, below(g, 16) ? at : -392 - at, 0);
	helper(g, below(g, 24) ? 94 : 93);
}

/* One value with a lock, or two. */
void gen_lock(struct gen *g)
{
	uint32_t none, none2;

	if (g->type->id == SOCKET_FILTER || g->function == F_SUB + 1)
		return;
	gen_find(g, M_LOCKED);
	none = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0x7b, IOV_R10, IOV_R0, -192, 0);
	put(g, 0x7b, IOV_R10, IOV_R0, -200, 0);
	if (coin(g)) {
		gen_find(g, M_LOCKED);
		none2 = g->count;
		put(g, 0x15, IOV_R0, 0, 0, 0);
		put(g, 0x7b, IOV_R10, IOV_R0, -200, 0);
		land(g, none2);
	}
	locked(g, -192);
	if (below(g, 3) == 0)
		locked(g, -200);
	put(g, 0x7a, IOV_R10, 0, -192, 0);
	put(g, 0x7a, IOV_R10, 0, -200, 0);
	land(g, none);
}

void gen_timer(struct gen *g)
{
	uint32_t none;

	if (g->call_count + 2 >= GEN_CALLS || g->function > F_MAIN || !platform_helper(g->platform, 169))
		return;
	gen_find(g, M_TIMERS);
	none = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0x7b, IOV_R10, IOV_R0, -192, 0);
	put(g, 0xbf, IOV_R1, IOV_R0, 0, 0);
	gen_load_map(g, IOV_R2, below(g, 16) ? M_TIMERS : M_ARRAY);
	put(g, 0xb7, IOV_R3, 0, 0, 1);
	helper(g, 169);
	put(g, 0x79, IOV_R1, IOV_R10, -192, 0);
	put(g, 0x18, IOV_R2, 4, 0, 0);
	gen_refer(g, F_TIMER);
	put(g, 0, 0, 0, 0, 0);
	helper(g, 170);
	put(g, 0x79, IOV_R1, IOV_R10, -192, 0);
	put(g, 0xbf, IOV_R2, num(g), 0, 0);
	put(g, 0xb7, IOV_R3, 0, 0, 0);
	helper(g, 171);
	put(g, 0x79, IOV_R2, IOV_R10, -192, 0);
	gen_access(g, IOV_R2, below(g, 12) ? 16 + (int)below(g, 40) : (int)below(g, 20));
	if (coin(g)) {
		put(g, 0x79, IOV_R1, IOV_R10, -192, 0);
		helper(g, 172);
	}
	put(g, 0x7a, IOV_R10, 0, -192, 0);
	land(g, none);
}

/* RCU, or preemption off, around statements. */
void gen_section(struct gen *g)
{
	bool rcu = coin(g);
	uint32_t skip = 0;

	if (g->function >= F_LOOP || g->depth)
		return;
	if (below(g, 8) == 0) {
		skip = g->count + 1;
		put_half(g);
	}
	gen_kfunc(g, rcu ? "rcu_read_lock" : "preempt_disable");
	gen_fill(g, coin(g) ? skip : 0);
	skip = skip && !g->insns[skip - 1].off ? skip : 0;
	gen_statements(g, 1 + below(g, 2));
	gen_fill(g, skip);
	if (below(g, 24))
		gen_kfunc(g, rcu ? "rcu_read_unlock" : "preempt_enable");
}

void gen_tail_call(struct gen *g)
{
	if (!g->has_ctx || g->function >= F_LOOP)
		return;
	put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
	gen_load_map(g, IOV_R2, M_PROGS);
	if (coin(g))
		put(g, 0xb7, IOV_R3, 0, 0, (int32_t)below(g, 5));
	else
		put(g, 0xbf, IOV_R3, num(g), 0, 0);
	helper(g, 12);
}
