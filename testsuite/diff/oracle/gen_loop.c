/* SPDX-License-Identifier: Apache-2.0 */
/* Loops: counters in registers and on the stack, up and down, in 64 and 32 bits; pointers that move; may_goto,
 * iterators, helpers that call back. See gen.h. */
#include "testsuite/diff/oracle/gen.h"

enum { COUNTER = -152, LIMIT = -176, KEPT = -208 };

/* Where a loop counts. */
struct counter {
	bool slot, narrow; /* on the stack; 32 bits */
	bool down;
	int at;            /* offset from r10 */
	uint32_t turns, step;
};

static int load_counter(struct gen *g, const struct counter *c)
{
	if (!c->slot)
		return IOV_R8;
	put(g, c->narrow ? 0x61 : 0x79, IOV_R1, IOV_R10, c->at, 0);
	return IOV_R1;
}

static void store_counter(struct gen *g, const struct counter *c)
{
	if (c->slot)
		put(g, c->narrow ? 0x63 : 0x7b, IOV_R10, IOV_R1, c->at, 0);
}

static struct counter begin(struct gen *g)
{
	struct counter c = {.slot = g->depth || below(g, 3) == 0, .narrow = below(g, 3) == 0, .down = below(g, 4) == 0,
			    .at = COUNTER - 8 * (int)g->depth, .turns = 1 + below(g, below(g, 40) ? 6 : 200),
			    .step = below(g, 4) ? 1 : 1 + below(g, 3)};
	int32_t from = c.down ? (int32_t)(c.turns * c.step) : (int32_t)below(g, 2);

	if (c.slot)
		put(g, c.narrow ? 0x62 : 0x7a, IOV_R10, 0, c.at, from);
	else
		put(g, c.narrow ? 0xb4 : 0xb7, IOV_R8, 0, 0, from);
	return c;
}

/* The step, and the jump back to `head`. */
static void again(struct gen *g, const struct counter *c, uint32_t head, bool limit)
{
	static const uint8_t up[] = {0xa0, 0xa0, 0xb0, 0xc0, 0x50}, down[] = {0x50, 0x60, 0x20};
	uint8_t class = c->narrow ? 6 : 5, alu = c->narrow ? 4 : 7;
	int r = load_counter(g, c), back;
	int32_t step = c->down ? -(int32_t)c->step : (int32_t)c->step;

	put(g, alu, r, 0, 0, step);
	store_counter(g, c);
	if (limit) {
		put(g, 0x79, IOV_R2, IOV_R10, LIMIT, 0);
		back = (int)head - (int)g->count - 1;
		put(g, class | 0xa8, r, IOV_R2, back, 0);
		return;
	}
	back = (int)head - (int)g->count - 1;
	if (c->down)
		put(g, class | down[below(g, 3)], r, 0, back, 0);
	else
		put(g, class | up[below(g, 5)], r, 0, back, (int32_t)(c->turns * c->step));
}

void gen_loop(struct gen *g)
{
	struct counter c;
	uint32_t head, leave = 0;
	bool limit;

	if (g->depth > 2)
		return;
	c = begin(g);
	limit = !g->depth && !c.down && below(g, 5) == 0;
	if (limit) {
		put(g, 0xbf, IOV_R1, num(g), 0, 0);
		if (below(g, 4))
			put(g, 0x57, IOV_R1, 0, 0, 15);
		put(g, 0x7b, IOV_R10, IOV_R1, LIMIT, 0);
	}
	head = g->count;
	g->depth++;
	gen_statements(g, 1 + below(g, 2));
	if (below(g, 4) == 0) {
		int r = load_counter(g, &c);

		put(g, coin(g) ? 0x0f : 0x2f, num(g), r, 0, 0);
	}
	if (below(g, 4) == 0) { /* another way round, or out */
		leave = g->count + 1;
		put(g, (uint8_t)(5 | gen_jumps[below(g, 11)]), num(g), 0, 0, gen_edge(g));
		again(g, &c, head, false);
		gen_fill(g, coin(g) ? leave : 0);
		if (g->insns[leave - 1].off)
			leave = 0;
	}
	again(g, &c, head, limit);
	gen_fill(g, leave);
	g->depth--;
}

/* A counter that goes up on one way round and up, down or nowhere on the other. */
void gen_both_ways(struct gen *g)
{
	static const int32_t steps[] = {1, 2, -1, -2, 0};
	int32_t turns = 2 + (int32_t)below(g, 12), other = steps[below(g, 5)];
	uint8_t class = below(g, 3) ? 5 : 6, alu = class == 5 ? 7 : 4;
	uint32_t head, out, fork, out2 = 0;

	if (g->depth)
		return;
	put(g, 0xb7, IOV_R8, 0, 0, (int32_t)below(g, 2));
	head = g->count;
	out = g->count;
	put(g, class | 0x30, IOV_R8, 0, 0, turns);
	if (coin(g)) { /* one way and the other in turn */
		put(g, 0x07, IOV_R7, 0, 0, 1);
		fork = g->count;
		put(g, 0x45, IOV_R7, 0, 0, 1);
	} else {
		put(g, 0x07, num(g), 0, 0, 1 + (int32_t)below(g, 3));
		fork = g->count;
		put(g, 5 | gen_jumps[below(g, 11)], num(g), 0, 0, gen_edge(g));
	}
	if (other < 0 && below(g, 4)) {
		out2 = g->count + 1;
		put(g, class | 0xa0, IOV_R8, 0, 0, -other);
	}
	put(g, alu, IOV_R8, 0, 0, other);
	put(g, 0x05, 0, 0, (int)head - (int)g->count - 1, 0);
	land(g, fork);
	put(g, alu, IOV_R8, 0, 0, 1);
	put(g, 0x05, 0, 0, (int)head - (int)g->count - 1, 0);
	land(g, out);
	gen_fill(g, out2);
}

/* A pointer that moves through the packet, a value or the stack, until its end or a counter's. */
void gen_walk(struct gen *g)
{
	uint32_t head, ends[2] = {0, 0}, at = 0, step = 1 + below(g, 8), room = step + below(g, 3), where = below(g, 3);
	bool counted = where || coin(g);
	uint32_t turns = where ? 64 / step + (below(g, 12) == 0) : 1 + below(g, 12);

	if (g->depth || (!where && (!g->packets || !g->has_ctx)))
		return;
	if (!where) {
		put(g, 0x61, IOV_R2, IOV_R6, g->data, 0);
		put(g, 0x61, IOV_R3, IOV_R6, g->data_end, 0);
	} else if (where == 1) {
		gen_find(g, M_ARRAY);
		at = g->count + 1;
		put(g, 0x15, IOV_R0, 0, 0, 0);
		put(g, 0xbf, IOV_R2, IOV_R0, 0, 0);
	} else {
		gen_stack_at(g, IOV_R2, -64);
	}
	if (counted)
		put(g, 0xb7, IOV_R8, 0, 0, 0);
	head = g->count;
	if (!where) {
		put(g, 0xbf, IOV_R4, IOV_R2, 0, 0);
		put(g, 0x07, IOV_R4, 0, 0, (int32_t)room);
		ends[0] = g->count + 1;
		put(g, 0x2d, IOV_R4, IOV_R3, 0, 0);
	}
	put(g, 0x71, IOV_R0, IOV_R2, (int)below(g, where ? step : room) + (below(g, 16) == 0), 0);
	put(g, coin(g) ? 0x0f : 0xaf, num(g), IOV_R0, 0, 0);
	if (below(g, 4) == 0) { /* as far as the byte says */
		put(g, 0x57, IOV_R0, 0, 0, (int32_t)(step >= 4 ? 3 : step >= 2));
		put(g, 0x07, IOV_R0, 0, 0, 1);
		put(g, 0x0f, IOV_R2, IOV_R0, 0, 0);
	} else {
		put(g, 0x07, IOV_R2, 0, 0, (int32_t)step);
	}
	if (counted) {
		put(g, 0x07, IOV_R8, 0, 0, 1);
		ends[1] = g->count + 1;
		put(g, below(g, 4) ? 0x35 : 0x15, IOV_R8, 0, 0, (int32_t)turns);
	}
	put(g, 0x05, 0, 0, (int)head - (int)g->count - 1, 0);
	gen_fill(g, ends[0]);
	gen_fill(g, ends[1]);
	gen_fill(g, at);
}

void gen_may_goto(struct gen *g)
{
	uint32_t head, out, skip = 0;

	if (g->depth > 1)
		return;
	head = g->count;
	if (below(g, 8) == 0) { /* a way round that does not pass it */
		skip = g->count + 1;
		put(g, 0x15, num(g), 0, 0, 3);
	}
	out = g->count;
	put(g, 0xe5, 0, 0, 0, 0);
	g->depth++;
	gen_statements(g, 1 + below(g, 2));
	g->depth--;
	gen_fill(g, skip);
	put(g, 0x05, 0, 0, (int)head - (int)g->count - 1, 0);
	land(g, out);
}

static void call_iter(struct gen *g, const char *name)
{
	gen_stack_at(g, IOV_R1, -136 - 8 * (int)g->depth);
	gen_kfunc(g, name);
}

/* A loop that an iterator ends; its body changes numbers, and may leave early. */
void gen_iterate(struct gen *g)
{
	uint32_t head, out, leave = 0;
	bool keep;

	if (g->depth > 1)
		return;
	put(g, 0xb7, IOV_R2, 0, 0, 0);
	put(g, 0xbf, IOV_R3, num(g), 0, 0);
	call_iter(g, "iter_num_new");
	head = g->count;
	call_iter(g, "iter_num_next");
	out = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	if (coin(g))
		put(g, 0x61, num(g), IOV_R0, 0, 0);
	if (below(g, 12) == 0)
		gen_access(g, IOV_R0, 0);
	keep = below(g, 8) == 0;
	if (keep)
		put(g, 0x7b, IOV_R10, IOV_R0, KEPT, 0);
	g->depth++;
	gen_statements(g, 1 + below(g, 2));
	g->depth--;
	if (below(g, 12) == 0) { /* another in its place */
		call_iter(g, "iter_num_destroy");
		put(g, 0xb7, IOV_R2, 0, 0, 0);
		put(g, 0xb7, IOV_R3, 0, 0, 4);
		call_iter(g, "iter_num_new");
	}
	if (below(g, 4) == 0) {
		leave = g->count + 1;
		put_half(g);
		if (keep && coin(g)) { /* the element, after the iterator */
			call_iter(g, "iter_num_destroy");
			put(g, 0x79, IOV_R1, IOV_R10, KEPT, 0);
			put(g, 0x61, num(g), IOV_R1, 0, 0);
			put(g, 0xb7, IOV_R0, 0, 0, 0);
			put(g, 0x95, 0, 0, 0, 0);
		}
	}
	put(g, 0x05, 0, 0, (int)head - (int)g->count - 1, 0);
	land(g, out);
	gen_fill(g, leave);
	if (below(g, 20))
		call_iter(g, "iter_num_destroy");
}

static void function_address(struct gen *g, int reg, uint32_t function)
{
	uint32_t slot = g->count;

	put(g, 0x18, reg, 4, 0, 0);
	g->count = slot + 1; /* the first of the two slots refers */
	gen_refer(g, function);
	put(g, 0, 0, 0, 0, 0);
}

static bool may_call_back(const struct gen *g)
{
	return (g->function == F_MAIN || g->function == F_TIMER) && g->call_count + 2 < GEN_CALLS && g->depth < 2;
}

static void callback_context(struct gen *g, int reg, bool null)
{
	if (null)
		put(g, 0xb7, reg, 0, 0, 0);
	else
		gen_stack_at(g, reg, -64);
}

void gen_bpf_loop(struct gen *g)
{
	bool null = coin(g);

	if (!may_call_back(g))
		return;
	function_address(g, IOV_R2, null ? F_LOOP_NULL : F_LOOP);
	if (coin(g)) {
		put(g, 0xb7, IOV_R1, 0, 0, (int32_t)below(g, 9));
	} else {
		put(g, 0xbf, IOV_R1, num(g), 0, 0);
		if (below(g, 4))
			put(g, 0x57, IOV_R1, 0, 0, 7);
	}
	callback_context(g, IOV_R3, null);
	put(g, 0xb7, IOV_R4, 0, 0, 0);
	helper(g, 181);
	if (coin(g))
		put(g, 0xbf, num(g), IOV_R0, 0, 0);
}

void gen_for_each(struct gen *g)
{
	if (!may_call_back(g))
		return;
	gen_load_map(g, IOV_R1, coin(g) ? M_ARRAY : M_HASH);
	function_address(g, IOV_R2, F_EACH);
	callback_context(g, IOV_R3, false);
	put(g, 0xb7, IOV_R4, 0, 0, 0);
	helper(g, 164);
	if (coin(g))
		put(g, 0xbf, num(g), IOV_R0, 0, 0);
}
