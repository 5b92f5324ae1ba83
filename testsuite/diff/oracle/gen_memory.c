/* SPDX-License-Identifier: Apache-2.0 */
/* Memory: packets, map values, the stack. See gen.h. */
#include "testsuite/diff/oracle/gen.h"

/* r1 = a number of r7/r9 below `limit`, one way or another; off by one now and then. The result, when it is not 0, is
 * the slot + 1 of a jump to gen_fill() in. */
uint32_t gen_bounded(struct gen *g, uint32_t limit)
{
	int n = num(g);
	uint32_t hole = 0, slip = below(g, 20) == 0;

	put(g, below(g, 4) ? 0xbf : 0xbc, IOV_R1, n, 0, 0);
	switch (below(g, 6)) {
	case 0: case 1: {
		uint32_t mask = 1;

		while (2 * mask <= limit)
			mask *= 2;
		put(g, below(g, 2) ? 0x57 : 0x54, IOV_R1, 0, 0, (int32_t)(mask - 1 + (slip ? mask : 0)));
		break;
	}
	case 2: put(g, below(g, 2) ? 0x97 : 0x94, IOV_R1, 0, 0, (int32_t)(limit + slip)); break;
	case 3: put(g, 0x77, IOV_R1, 0, 0, 64 - (limit >= 16 ? 4 : limit >= 4 ? 2 : 1) - (int)slip); break;
	case 4: /* test the source, use the copy */
		hole = g->count + 1;
		put(g, below(g, 2) ? 0x35 : 0x36, n, 0, 0, (int32_t)(limit + slip));
		break;
	default:
		hole = g->count + 1;
		put(g, below(g, 3) ? 0x25 : 0x26, IOV_R1, 0, 0, (int32_t)(limit - 1 + slip));
		break;
	}
	return hole;
}

void gen_fill(struct gen *g, uint32_t hole)
{
	if (hole)
		g->insns[hole - 1].off = (int16_t)(g->count - hole);
}

const uint8_t gen_loads[7] = {0x71, 0x69, 0x61, 0x79, 0x91, 0x89, 0x81}, gen_widths[7] = {1, 2, 4, 8, 1, 2, 4};

/* Load, store or change something at r[p] + off. */
void gen_access(struct gen *g, int p, int off)
{
	uint32_t w = below(g, 7);

	switch (below(g, 12)) {
	case 0: case 1: case 2: put(g, 0x72 | (gen_loads[w % 4] & 0x18), p, 0, off, gen_edge(g)); break;
	case 3: case 4: put(g, 0x73 | (gen_loads[w % 4] & 0x18), p, num(g), off, 0); break;
	case 5: below(g, 6) ? gen_access(g, p, off) : gen_atomic(g, p, off); break;
	default: put(g, gen_loads[w], num(g), p, off, 0); break;
	}
}

void gen_atomic(struct gen *g, int p, int off)
{
	uint32_t w = below(g, 4);

	switch (below(g, 4)) {
	case 0:
		put(g, 0xbf, IOV_R0, num(g), 0, 0);
		put(g, coin(g) ? 0xdb : 0xc3, p, num(g), off & ~7, 0xf1);
		put(g, 0xbf, num(g), IOV_R0, 0, 0);
		break;
	case 1: /* load-acquire, store-release */
		off = off / gen_widths[w] * gen_widths[w];
		if (coin(g))
			put(g, (uint8_t[]){0xd3, 0xcb, 0xc3, 0xdb}[w], num(g), p, off, 0x100);
		else
			put(g, (uint8_t[]){0xd3, 0xcb, 0xc3, 0xdb}[w], p, num(g), off, 0x110);
		break;
	default:
		put(g, w & 1 ? 0xdb : 0xc3, p, num(g), off & ~7,
		    (int32_t[]){0, 1, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1}[below(g, 9)]);
	}
}

/* Where the place is known to be aligned. */
static void access_aligned(struct gen *g, int p, int off)
{
	if (below(g, 3))
		gen_access(g, p, off);
	else
		gen_atomic(g, p, off);
}

/* BPF_ABS, BPF_IND: skb programs only. */
void gen_legacy(struct gen *g)
{
	if (g->type->id == XDP || g->function != F_MAIN || !g->has_ctx)
		return;
	if (below(g, 2))
		put(g, (uint8_t[]){0x30, 0x28, 0x20}[below(g, 3)], 0, 0, 0, (int32_t)below(g, 40));
	else
		put(g, (uint8_t[]){0x50, 0x48, 0x40}[below(g, 3)], 0, num(g), 0, (int32_t)below(g, 20));
	put(g, 0xbf, num(g), IOV_R0, 0, 0);
}

/* The pointer moves by one constant on one way, by another on the other. */
static void pointer_arms(struct gen *g, int p)
{
	int32_t by = (int32_t)below(g, 12) - (below(g, 8) == 0);

	put(g, 5 | gen_jumps[below(g, 11)], num(g), 0, 2, gen_edge(g));
	put(g, 0x07, p, 0, 0, by);
	put(g, 0x05, 0, 0, 1, 0);
	put(g, 0x07, p, 0, 0, by + (int32_t)below(g, below(g, 8) ? 8 : 16));
}

/* The packet may move: pointers die. */
static void move_packet(struct gen *g)
{
	put(g, 0x7b, IOV_R10, IOV_R2, -64, 0);
	put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
	put(g, 0xb7, IOV_R2, 0, 0, coin(g) ? -14 : 4);
	put(g, 0xb7, IOV_R3, 0, 0, 0);
	helper(g, g->type->id == XDP ? 44 : 38);
	if (below(g, 20) == 0) {
		put(g, 0x79, IOV_R2, IOV_R10, -64, 0);
		gen_access(g, IOV_R2, 0);
	}
	put(g, 0x7a, IOV_R10, 0, -64, 0);
}

/* r5 = a copy of r2, some bytes on; it may be the one that is used. */
static int second(struct gen *g, int *off)
{
	int by = (int)below(g, 6);

	if (below(g, 3))
		return IOV_R2;
	put(g, 0xbf, IOV_R5, IOV_R2, 0, 0);
	put(g, 0x07, IOV_R5, 0, 0, by);
	if (below(g, 4) == 0)
		pointer_arms(g, IOV_R5);
	*off -= by;
	return IOV_R5;
}

/* r4 against the packet's end in r3: the slot that jumps when there is not enough. */
static uint32_t check_end(struct gen *g)
{
	static const struct { uint8_t away, here; bool end_first; } checks[] = {
		{0x2d, 0xbd, false}, {0x2d, 0xbd, false}, {0x3d, 0xad, false},
		{0xad, 0x3d, true}, {0xad, 0x3d, true}, {0xbd, 0x2d, true},
	};
	uint32_t which = below(g, 6);
	int dst = checks[which].end_first ? IOV_R3 : IOV_R4;
	bool here = below(g, 3) == 0, right = below(g, 16);

	put(g, here == right ? checks[which].here : checks[which].away, dst, IOV_R3 + IOV_R4 - dst, here, 0);
	if (here)
		put(g, 0x05, 0, 0, 0, 0);
	return g->count - 1;
}

void gen_packet(struct gen *g)
{
	uint32_t need = 1 + below(g, 40), hole = 0, at;
	int off = (int)below(g, need), used;

	if (!g->has_ctx || !g->packets)
		return;
	off = off > (int)need - 8 && need >= 8 ? (int)need - 8 : need < 8 ? 0 : off;
	put(g, 0x61, IOV_R2, IOV_R6, g->data, 0);
	put(g, 0x61, IOV_R3, IOV_R6, g->data_end, 0);
	if (coin(g)) {
		hole = gen_bounded(g, 16u << below(g, 4));
		put(g, 0x0f, IOV_R2, IOV_R1, 0, 0);
	}
	if (below(g, 5) == 0)
		pointer_arms(g, IOV_R2);
	used = second(g, &off);
	put(g, 0xbf, IOV_R4, IOV_R2, 0, 0);
	put(g, 0x07, IOV_R4, 0, 0, (int32_t)need);
	at = check_end(g);
	gen_access(g, used, off + (below(g, 12) ? 0 : 1));
	if (below(g, 8) == 0 && g->function == F_MAIN)
		move_packet(g);
	land(g, at);
	gen_fill(g, hole);
}

void gen_load_map(struct gen *g, int reg, int map)
{
	put(g, 0x18, reg, 1, 0, map);
	put(g, 0, 0, 0, 0, 0);
}

void gen_find(struct gen *g, int map)
{
	if (coin(g))
		put(g, map == M_HASH ? 0x7a : 0x62, IOV_R10, 0, -8, below(g, 3) ? (int32_t)below(g, 5) : gen_edge(g));
	else
		put(g, map == M_HASH ? 0x7b : 0x63, IOV_R10, num(g), -8, 0);
	gen_load_map(g, IOV_R1, map);
	gen_stack_at(g, IOV_R2, -8);
	helper(g, 1);
}

/* A value of one map or of another. */
static void find_either(struct gen *g, int a, int b)
{
	uint32_t half = g->count, over;

	put_half(g);
	gen_find(g, a);
	over = g->count;
	put(g, 0x05, 0, 0, 0, 0);
	land(g, half);
	gen_find(g, b);
	land(g, over);
}

void gen_lookup(struct gen *g)
{
	int map = below(g, 3) ? (int)below(g, 2) : M_LRU;
	uint32_t size = gen_maps[map].value_size, hole, at = 0;
	bool aligned;
	int off;

	if (below(g, 12) == 0)
		find_either(g, map, map == M_ARRAY ? M_LRU : M_ARRAY);
	else
		gen_find(g, map);
	if (below(g, 30)) {
		if (below(g, 24) == 0) { /* tested on one way only */
			put_half(g);
			g->insns[g->count - 1].off = 1;
		}
		at = g->count + 1;
		put(g, below(g, 50) ? 0x15 : 0x16, IOV_R0, 0, 0, 0);
	}
	hole = gen_bounded(g, size - 7);
	aligned = below(g, 3) == 0;
	if (aligned)
		put(g, 0x57, IOV_R1, 0, 0, -8);
	put(g, 0x0f, IOV_R0, IOV_R1, 0, 0);
	if (below(g, 8) == 0)
		pointer_arms(g, IOV_R0);
	put(g, 0xbf, IOV_R2, IOV_R0, 0, 0);
	off = below(g, 20) ? 0 : (int)below(g, size) - 2;
	aligned ? access_aligned(g, IOV_R2, off) : gen_access(g, IOV_R2, off);
	gen_fill(g, hole);
	gen_fill(g, at);
}

/* A map out of a map, and a value of that. */
void gen_inner(struct gen *g)
{
	uint32_t none, at;

	gen_find(g, M_OUTER);
	none = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0xbf, IOV_R1, IOV_R0, 0, 0);
	gen_stack_at(g, IOV_R2, -8);
	helper(g, 1);
	at = g->count;
	put(g, 0x15, IOV_R0, 0, below(g, 40) ? 0 : -1, 0);
	access_aligned(g, IOV_R0, (int)below(g, 57 + (below(g, 12) == 0)));
	if (g->insns[at].off)
		g->insns[at].off = 0;
	else
		land(g, at);
	land(g, none);
}

/* Spill, fill, part of it; variable places in an initialised area of 64 bytes. */
void gen_stack(struct gen *g)
{
	int slot = -8 * (1 + (int)below(g, SLOTS)), w = (int)below(g, 4);
	int part = slot + (int)below(g, 8u / gen_widths[w]) * gen_widths[w];
	uint32_t hole;

	switch (below(g, 8)) {
	case 0: put(g, 0x7b, IOV_R10, num(g), slot, 0); break;
	case 1: put(g, 0x79, num(g), IOV_R10, slot, 0); break;
	case 2: put(g, (uint8_t)(gen_loads[w] + 2), IOV_R10, num(g), part, 0); break;
	case 3: put(g, gen_loads[w], num(g), IOV_R10, part, 0); break;
	case 4:
		put(g, 0x7b, IOV_R10, num(g), slot, 0);
		put(g, (uint8_t)(0x05 | gen_jumps[below(g, 11)]), num(g), 0, 1, gen_edge(g));
		put(g, 0x79, num(g), IOV_R10, slot, 0);
		break;
	case 5: /* part of a number, tested before or after it comes back */
		put(g, (uint8_t)(gen_loads[w] + 2), IOV_R10, num(g), part, 0);
		put(g, (uint8_t)(5 + below(g, 2)) | gen_jumps[below(g, 11)], num(g), 0, 1, gen_edge(g));
		put(g, gen_loads[below(g, 4) ? w : (int)below(g, 4)], num(g), IOV_R10, part, 0);
		break;
	default:
		hole = gen_bounded(g, 56);
		gen_stack_at(g, IOV_R2, -64);
		put(g, 0x0f, IOV_R2, IOV_R1, 0, 0);
		if (below(g, 8) == 0)
			pointer_arms(g, IOV_R2);
		put(g, below(g, 2) ? 0x71 : 0x73, below(g, 2) ? IOV_R2 : IOV_R2, IOV_R2, (int)below(g, 8), 0);
		if ((g->insns[g->count - 1].code & 7) == 1)
			g->insns[g->count - 1].dst = (uint8_t)num(g);
		else
			g->insns[g->count - 1].src = (uint8_t)num(g);
		gen_fill(g, hole);
		break;
	}
}


/* r1 = x, or its half. The number that can be tested for the other, or 0: any. */
static int tie(struct gen *g, int x, uint8_t *class)
{
	switch (below(g, 8)) {
	case 0: case 1:
		put(g, 0xbc, IOV_R1, x, 0, 0);
		*class = 6;
		return x;
	case 2: /* by way of the stack */
		put(g, 0x7b, IOV_R10, x, -8, 0);
		put(g, 0x79, IOV_R1, IOV_R10, -8, 0);
		return 0;
	case 3:
		put(g, 0x63, IOV_R10, x, -8, 0);
		put(g, 0x61, IOV_R1, IOV_R10, -8, 0);
		*class = 6;
		return x;
	default: put(g, 0xbf, IOV_R1, x, 0, 0); return 0;
	}
}

/* r[dst] = a number of a range of its own. */
static void ranged(struct gen *g, int dst)
{
	put(g, below(g, 4) ? 0xbf : 0xbc, dst, num(g), 0, 0);
	if (below(g, 8))
		put(g, coin(g) ? 0x57 : 0x54, dst, 0, 0, coin(g) ? (2 << below(g, 8)) - 1 : gen_edge(g));
	if (below(g, 3) == 0)
		put(g, coin(g) ? 0x77 : 0xc7, dst, 0, 0, (int32_t)below(g, 64));
	if (coin(g))
		put(g, coin(g) ? 0x07 : 0x04, dst, 0, 0, (int32_t)below(g, 80) - (below(g, 3) ? 0 : 40));
	if (below(g, 3) == 0) { /* or of a branch */
		put(g, (uint8_t)(5 + below(g, 2)) | gen_jumps[below(g, 11)], dst, 0, 1, gen_edge(g));
		put(g, coin(g) ? 0xb7 : 0xb4, dst, 0, 0, (int32_t)below(g, 100));
	}
}

/* An operation on two ranges; what comes of it is used. */
void gen_ranges(struct gen *g)
{
	static const uint8_t opers[] = {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xc0};
	uint8_t oper = opers[below(g, sizeof(opers))], class = coin(g) ? 7 : 4, test = below(g, 4) ? 0x25 : 0x26;
	uint32_t hole;

	ranged(g, IOV_R1);
	ranged(g, IOV_R2);
	put(g, class | oper | 8, IOV_R1, IOV_R2, (oper == 0x30 || oper == 0x90) && below(g, 3) == 0, 0);
	if (below(g, 4) == 0)
		put(g, 0x07, IOV_R1, 0, 0, (int32_t)below(g, 40));
	hole = g->count + 1;
	if (below(g, 3) == 0)
		put(g, 0x57, IOV_R1, 0, 0, 31);
	else
		put(g, test, IOV_R1, 0, 0, 48);
	hole = (g->insns[hole - 1].code & 7) == 7 ? 0 : hole;
	if (test == 0x26)
		put(g, 0xbc, IOV_R1, IOV_R1, 0, 0);
	gen_stack_at(g, IOV_R2, -64);
	put(g, 0x0f, IOV_R2, IOV_R1, 0, 0);
	put(g, 0x71, num(g), IOV_R2, (int)below(g, 8), 0);
	gen_fill(g, hole);
}

/* Two numbers of which one is the other, or its half, some distance on; one is tested, the other used. */
void gen_tied(struct gen *g)
{
	enum { ROOM = 56 };
	int x = num(g), by = below(g, 3) ? (int)below(g, 20) : 0, tested, used;
	uint8_t class = 5;
	uint32_t hole, low = 0, how;

	tested = tie(g, x, &class);
	if (!tested || below(g, 8) == 0)
		tested = coin(g) ? IOV_R1 : x;
	used = below(g, 8) ? x + IOV_R1 - tested : tested;
	if (below(g, 8) == 0) { /* its lower bits, with their sign */
		put(g, 0xbf, IOV_R1, x, 8 << below(g, 3), 0);
		tested = used = IOV_R1;
	}
	if (below(g, 8) == 0)
		class = 11 - class;
	if (below(g, 4) == 0) /* one distance or another */
		pointer_arms(g, below(g, 3) ? used : tested);
	put(g, below(g, 8) ? 0x07 : 0x04, below(g, 3) ? used : tested, 0, 0, by);
	how = below(g, 8);
	if (how == 2 || below(g, 4) == 0) {
		low = g->count + 1;
		put(g, class | 0xa0, tested, 0, 0, by);
	}
	hole = g->count + 1;
	switch (how) {
	case 0: case 1: put(g, class | 0x30, tested, 0, 0, ROOM - by); break;
	case 2: put(g, class | 0x70, tested, 0, 0, ROOM - by); break;
	case 3: put(g, class | 0x50, tested, 0, 0, (int32_t)below(g, ROOM)); break;
	default: put(g, class | 0x20, tested, 0, 0, ROOM - by - 16); break;
	}
	gen_stack_at(g, IOV_R2, -64);
	put(g, 0x0f, IOV_R2, used, 0, 0);
	put(g, 0x71, IOV_R1, IOV_R2, (int)below(g, 8), 0);
	put(g, 0x0f, num(g), IOV_R1, 0, 0);
	gen_fill(g, hole);
	gen_fill(g, low);
}
