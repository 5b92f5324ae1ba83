/* SPDX-License-Identifier: Apache-2.0 */
/* See oracle.h. Registers of a generated function: r6 the context, r7 and r9 numbers, r8 counts loops; r0 to r5 are
 * used within one statement. */
#include "testsuite/diff/oracle/oracle.h"

#include <string.h>

enum { XDP = 6, SCHED_CLS = 3, SLOTS = 8 };

static const struct iov_map_def maps[GEN_MAPS] = {
	{.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4},
	{.name = "hash", .type = 1, .key_size = 8, .value_size = 16, .max_entries = 4},
	{.name = "ring", .type = 27, .max_entries = 4096},
	{.name = "lru", .type = 9, .key_size = 4, .value_size = 24, .max_entries = 8},
};
enum { FROM_SKB, FROM_XDP, SLICE, SLICE_RDWR, CLONE, ITER_NEW, ITER_NEXT, ITER_DESTROY, KFUNCS };
static const struct iov_extern kfuncs[KFUNCS] = {
	[FROM_SKB] = {.name = "bpf_dynptr_from_skb", .is_func = true},
	[FROM_XDP] = {.name = "bpf_dynptr_from_xdp", .is_func = true},
	[SLICE] = {.name = "bpf_dynptr_slice", .is_func = true},
	[SLICE_RDWR] = {.name = "bpf_dynptr_slice_rdwr", .is_func = true},
	[CLONE] = {.name = "bpf_dynptr_clone", .is_func = true},
	[ITER_NEW] = {.name = "bpf_iter_num_new", .is_func = true},
	[ITER_NEXT] = {.name = "bpf_iter_num_next", .is_func = true},
	[ITER_DESTROY] = {.name = "bpf_iter_num_destroy", .is_func = true},
};
static const struct iov_map_def *const map_list[GEN_MAPS] = {&maps[0], &maps[1], &maps[2], &maps[3]};

uint64_t oracle_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s * 0x2545f4914f6cdd1du;
}

static uint32_t below(struct gen *g, uint32_t n) { return oracle_below(g->state, n); }

static void put(struct gen *g, uint8_t code, int dst, int src, int off, int32_t imm)
{
	if (g->count < GEN_MAX)
		g->insns[g->count++] = (struct iov_insn){code, (uint8_t)dst, (uint8_t)src, 0, (int16_t)off, imm};
}

static int32_t edge(struct gen *g)
{
	static const int32_t edges[] = {0, 1, -1, 2, 3, 5, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 0xffff,
					0x10000, INT32_MAX, INT32_MIN, -2, -8, -128, 0x7fff, -0x8000, 1 << 30};

	return below(g, 3) ? edges[below(g, sizeof(edges) / sizeof(*edges))] : (int32_t)oracle_random(g->state);
}

static int num(struct gen *g) { return below(g, 2) ? IOV_R7 : IOV_R9; }

/* Any ALU row on numbers. */
static void alu(struct gen *g)
{
	static const uint8_t opers[] = {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0};
	uint8_t class = below(g, 2) ? 7 : 4, oper = opers[below(g, 12)];
	int dst = num(g), src = num(g), off = 0;
	int32_t imm = edge(g);

	switch (below(g, 10)) {
	case 0: put(g, class | 0x80, dst, 0, 0, 0); return;                       /* neg */
	case 1: put(g, below(g, 2) ? 0xdc : 0xd4, dst, 0, 0, 16 << below(g, 3)); return;
	case 2: put(g, 0xd7, dst, 0, 0, 16 << below(g, 3)); return;
	case 3: put(g, class | 0xb8, dst, src, 8 << below(g, class == 7 ? 3 : 2), 0); return;
	case 4: put(g, class | 0xb8, dst, src, 0, 0); return;
	default: break;
	}
	if (oper == 0x30 || oper == 0x90)
		off = below(g, 2);
	if (below(g, 3) == 0) { /* an operand of a small range */
		put(g, 0xbf, IOV_R2, src, 0, 0);
		put(g, below(g, 2) ? 0x57 : 0x54, IOV_R2, 0, 0, (2 << below(g, 7)) - 1);
		if (below(g, 2))
			put(g, 0x07, IOV_R2, 0, 0, (int32_t)below(g, 40) - 8);
		put(g, class | oper | 8, dst, IOV_R2, off, 0);
		return;
	}
	if (below(g, 2)) {
		put(g, class | oper | 8, dst, src, off, 0);
		return;
	}
	if (oper == 0x60 || oper == 0x70 || oper == 0xc0)
		imm &= class == 7 ? 63 : 31;
	if (off >= 0 && (oper == 0x30 || oper == 0x90) && !imm)
		imm = 7;
	put(g, class | oper, dst, 0, off, imm);
}

static const uint8_t jumps[] = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0};

static void statements(struct gen *g, uint32_t n);

/* A branch over a few statements: what is refined inside is used inside. */
static void branch(struct gen *g)
{
	uint8_t class = below(g, 2) ? 5 : 6, oper = jumps[below(g, sizeof(jumps))];
	uint32_t at = g->count;

	if (below(g, 2))
		put(g, class | oper | 8, num(g), num(g), 0, 0);
	else
		put(g, class | oper, num(g), 0, 0, edge(g));
	statements(g, 1 + below(g, 2));
	g->insns[at].off = (int16_t)(g->count - at - 1);
	if (below(g, 2)) {
		uint32_t over = g->count;

		put(g, 0x05, 0, 0, 0, 0);
		g->insns[at].off++;
		statements(g, 1);
		g->insns[over].off = (int16_t)(g->count - over - 1);
	}
}

static void loop(struct gen *g)
{
	uint32_t head, turns = 1 + below(g, 6), step = 1 + below(g, 2);

	if (g->depth)
		return;
	g->depth++;
	put(g, 0xb7, IOV_R8, 0, 0, (int32_t)below(g, 3));
	head = g->count;
	statements(g, 1 + below(g, 2));
	if (below(g, 3) == 0)
		put(g, 0x0f, below(g, 2) ? IOV_R7 : IOV_R9, IOV_R8, 0, 0);
	put(g, 0x07, IOV_R8, 0, 0, (int32_t)step);
	put(g, below(g, 2) ? 0xa5 : below(g, 2) ? 0xb5 : 0xc5, IOV_R8, 0, (int)head - (int)g->count - 1,
	    (int32_t)turns);
	g->depth--;
}

/* r1 = a number of r7/r9 below `limit`, one way or another; off by one now and then. The result, when it is not 0, is
 * the slot + 1 of a jump to fill() in. */
static uint32_t bounded(struct gen *g, uint32_t limit)
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

static void fill(struct gen *g, uint32_t hole)
{
	if (hole)
		g->insns[hole - 1].off = (int16_t)(g->count - hole);
}

static const uint8_t loads[] = {0x71, 0x69, 0x61, 0x79, 0x91, 0x89, 0x81}, widths[] = {1, 2, 4, 8, 1, 2, 4};

/* Load, store or change something at r[p] + off. */
static void access(struct gen *g, int p, int off)
{
	uint32_t w = below(g, 7);

	switch (below(g, 9)) {
	case 0: case 1: case 2: put(g, loads[w], num(g), p, off, 0); break;
	case 3: put(g, (uint8_t)(loads[w % 4] + 1), p, 0, off, edge(g)); break;
	case 4: put(g, (uint8_t)(loads[w % 4] + 2), p, num(g), off, 0); break;
	case 5:
		put(g, w & 1 ? 0xdb : 0xc3, p, num(g), off & ~7,
		    (int32_t[]){0, 1, 0x40, 0x41, 0x50, 0xa1, 0xe1, 0xa0, 0x51}[below(g, 9)]);
		break;
	case 6:
		put(g, 0xbf, IOV_R0, num(g), 0, 0);
		put(g, 0xdb, p, num(g), off & ~7, 0xf1);
		put(g, 0xbf, num(g), IOV_R0, 0, 0);
		break;
	case 7: /* load-acquire, store-release */
		w %= 4;
		off = off / widths[w] * widths[w];
		if (below(g, 2))
			put(g, (uint8_t[]){0xd3, 0xcb, 0xc3, 0xdb}[w], num(g), p, off, 0x100);
		else
			put(g, (uint8_t[]){0xd3, 0xcb, 0xc3, 0xdb}[w], p, num(g), off, 0x110);
		break;
	default: put(g, loads[w % 4], num(g), p, off, 0); break;
	}
}

/* BPF_ABS, BPF_IND: skb programs only. */
static void legacy(struct gen *g)
{
	if (g->type->id == XDP || g->subs[1].start)
		return;
	if (below(g, 2))
		put(g, (uint8_t[]){0x30, 0x28, 0x20}[below(g, 3)], 0, 0, 0, (int32_t)below(g, 40));
	else
		put(g, (uint8_t[]){0x50, 0x48, 0x40}[below(g, 3)], 0, num(g), 0, (int32_t)below(g, 20));
	put(g, 0xbf, num(g), IOV_R0, 0, 0);
}

static void packet(struct gen *g)
{
	uint32_t need = 1 + below(g, 40), hole = 0, at;
	bool variable = below(g, 2);
	int off;

	put(g, 0x61, IOV_R2, IOV_R6, g->type->id == XDP ? 0 : 76, 0);
	put(g, 0x61, IOV_R3, IOV_R6, g->type->id == XDP ? 4 : 80, 0);
	if (variable) {
		hole = bounded(g, 16 << below(g, 4));
		put(g, 0x0f, IOV_R2, IOV_R1, 0, 0);
	}
	put(g, 0xbf, IOV_R4, IOV_R2, 0, 0);
	put(g, 0x07, IOV_R4, 0, 0, (int32_t)need);
	at = g->count;
	if (below(g, 2))
		put(g, below(g, 4) ? 0x2d : 0x3d, IOV_R4, IOV_R3, 0, 0);
	else
		put(g, below(g, 4) ? 0xad : 0xbd, IOV_R3, IOV_R4, 0, 0);
	off = (int)below(g, need);
	off = off > (int)need - 8 && need >= 8 ? (int)need - 8 : need < 8 ? 0 : off;
	access(g, IOV_R2, off + (below(g, 12) ? 0 : 1));
	if (below(g, 8) == 0) { /* the packet may move: pointers die */
		put(g, 0x7b, IOV_R10, IOV_R2, -64, 0);
		put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
		put(g, 0xb7, IOV_R2, 0, 0, below(g, 2) ? -14 : 4);
		put(g, 0xb7, IOV_R3, 0, 0, 0);
		put(g, 0x85, 0, 0, 0, g->type->id == XDP ? 44 : 38);
		if (below(g, 20) == 0) {
			put(g, 0x79, IOV_R2, IOV_R10, -64, 0);
			access(g, IOV_R2, 0);
		}
		put(g, 0x7a, IOV_R10, 0, -64, 0);
	}
	g->insns[at].off = (int16_t)(g->count - at - 1);
	fill(g, hole);
}

static void load_map(struct gen *g, int reg, int map)
{
	put(g, 0x18, reg, 1, 0, map);
	put(g, 0, 0, 0, 0, 0);
}

static void lookup(struct gen *g)
{
	int map = below(g, 3) ? (int)below(g, 2) : 3;
	uint32_t size = maps[map].value_size, hole, at;

	if (below(g, 2))
		put(g, map == 1 ? 0x7a : 0x62, IOV_R10, 0, -8, below(g, 3) ? (int32_t)below(g, 5) : edge(g));
	else
		put(g, map == 1 ? 0x7b : 0x63, IOV_R10, num(g), -8, 0);
	load_map(g, IOV_R1, map);
	put(g, 0xbf, IOV_R2, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R2, 0, 0, -8);
	put(g, 0x85, 0, 0, 0, 1);
	at = g->count;
	if (below(g, 16))
		put(g, 0x15, IOV_R0, 0, 0, 0);
	else
		at = UINT32_MAX;
	hole = bounded(g, size - 7);
	put(g, 0x0f, IOV_R0, IOV_R1, 0, 0);
	put(g, 0xbf, IOV_R2, IOV_R0, 0, 0);
	access(g, IOV_R2, (int)below(g, 20) ? 0 : (int)below(g, size) - 2);
	fill(g, hole);
	if (at != UINT32_MAX)
		g->insns[at].off = (int16_t)(g->count - at - 1);
}

/* Spill, fill, part of it; variable places in an initialised area of 64 bytes. */
static void stack(struct gen *g)
{
	int slot = -8 * (1 + (int)below(g, SLOTS)), w = (int)below(g, 4);
	int part = slot + (int)below(g, 8u / widths[w]) * widths[w];
	uint32_t hole;

	switch (below(g, 6)) {
	case 0: put(g, 0x7b, IOV_R10, num(g), slot, 0); break;
	case 1: put(g, 0x79, num(g), IOV_R10, slot, 0); break;
	case 2: put(g, (uint8_t)(loads[w] + 2), IOV_R10, num(g), part, 0); break;
	case 3: put(g, loads[w], num(g), IOV_R10, part, 0); break;
	case 4:
		put(g, 0x7b, IOV_R10, num(g), slot, 0);
		put(g, (uint8_t)(0x05 | jumps[below(g, 11)]), num(g), 0, 1, edge(g));
		put(g, 0x79, num(g), IOV_R10, slot, 0);
		break;
	default:
		hole = bounded(g, 56);
		put(g, 0xbf, IOV_R2, IOV_R10, 0, 0);
		put(g, 0x07, IOV_R2, 0, 0, -64);
		put(g, 0x0f, IOV_R2, IOV_R1, 0, 0);
		put(g, below(g, 2) ? 0x71 : 0x73, below(g, 2) ? IOV_R2 : IOV_R2, IOV_R2, (int)below(g, 8), 0);
		if ((g->insns[g->count - 1].code & 7) == 1)
			g->insns[g->count - 1].dst = (uint8_t)num(g);
		else
			g->insns[g->count - 1].src = (uint8_t)num(g);
		fill(g, hole);
		break;
	}
}

static void ring(struct gen *g)
{
	uint32_t at;

	load_map(g, IOV_R1, 2);
	put(g, 0xb7, IOV_R2, 0, 0, 16);
	put(g, 0xb7, IOV_R3, 0, 0, 0);
	put(g, 0x85, 0, 0, 0, 131);
	at = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0x7b, IOV_R0, num(g), (int)(8 * below(g, 2)) + (below(g, 20) ? 0 : 8), 0);
	put(g, 0xbf, IOV_R1, IOV_R0, 0, 0);
	put(g, 0xb7, IOV_R2, 0, 0, 0);
	if (below(g, 20))
		put(g, 0x85, 0, 0, 0, 132 + (int32_t)below(g, 2));
	g->insns[at].off = (int16_t)(g->count - at - 1);
}

/* r1 to r4 for a dynptr: of an array's value, or of a record. The jump to mend, or UINT32_MAX. */
static uint32_t make_dynptr(struct gen *g, bool record, int at)
{
	uint32_t jump = UINT32_MAX;

	if (!record) {
		put(g, 0x62, IOV_R10, 0, -8, (int32_t)below(g, 4));
		load_map(g, IOV_R1, 0);
		put(g, 0xbf, IOV_R2, IOV_R10, 0, 0);
		put(g, 0x07, IOV_R2, 0, 0, -8);
		put(g, 0x85, 0, 0, 0, 1);
		jump = g->count;
		put(g, 0x15, IOV_R0, 0, 0, 0);
		put(g, 0xbf, IOV_R1, IOV_R0, 0, 0);
	} else {
		load_map(g, IOV_R1, 2);
	}
	put(g, 0xb7, IOV_R2, 0, 0, (int32_t)(1 + below(g, 64)));
	put(g, 0xb7, IOV_R3, 0, 0, 0);
	put(g, 0xbf, IOV_R4, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R4, 0, 0, at);
	put(g, 0x85, 0, 0, 0, record ? 198 : 197);
	return jump;
}

/* A slice of 8 bytes, tested, kept at fp-104 and used; sometimes after its dynptr has ended. */
static void slice(struct gen *g, int at)
{
	uint32_t jump;

	put(g, 0xbf, IOV_R1, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R1, 0, 0, at);
	put(g, 0xb7, IOV_R2, 0, 0, (int32_t)below(g, 8));
	put(g, 0xb7, IOV_R3, 0, 0, 8);
	put(g, 0x85, 0, 0, 0, 203);
	jump = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0x7b, IOV_R10, IOV_R0, -104, 0);
	if (below(g, 4) == 0)
		put(g, 0x7a, IOV_R10, 0, below(g, 2) ? at : at + 8, 0);
	if (below(g, 4) == 0)
		put(g, 0x79, IOV_R0, IOV_R10, -104, 0);
	access(g, IOV_R0, below(g, 12) ? 0 : 1);
	put(g, 0x7a, IOV_R10, 0, -104, 0);
	g->insns[jump].off = (int16_t)(g->count - jump - 1);
}

/* bpf_dynptr_read() into, or bpf_dynptr_write() from, the 64 bytes. */
static void copy_dynptr(struct gen *g, int at)
{
	bool write = below(g, 2);
	int ptr = write ? IOV_R1 : IOV_R3, mem = write ? IOV_R3 : IOV_R1, size = write ? IOV_R4 : IOV_R2;

	put(g, 0xbf, ptr, IOV_R10, 0, 0);
	put(g, 0x07, ptr, 0, 0, at);
	put(g, 0xbf, mem, IOV_R10, 0, 0);
	put(g, 0x07, mem, 0, 0, below(g, 20) ? -64 : -72);
	put(g, 0xb7, size, 0, 0, (int32_t)below(g, 65));
	put(g, 0xbf, write ? IOV_R2 : IOV_R4, num(g), 0, 0);
	put(g, 0xb7, IOV_R5, 0, 0, 0);
	put(g, 0x85, 0, 0, 0, write ? 202 : 201);
	put(g, 0xbf, num(g), IOV_R0, 0, 0);
}

/* A dynptr of the packet and a slice of it, which may lie in the buffer at fp-120; the packet or the buffer may change
 * before it is used. */
static void packet_dynptr(struct gen *g)
{
	uint32_t jump;
	int at = -80 - 8 * (int)below(g, 2);

	put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
	put(g, 0xb7, IOV_R2, 0, 0, 0);
	put(g, 0xbf, IOV_R3, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R3, 0, 0, at);
	put(g, 0x85, 0, 2, 0, g->type->id == XDP ? FROM_XDP : FROM_SKB);
	put(g, 0x7a, IOV_R10, 0, -120, 0);
	put(g, 0xbf, IOV_R1, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R1, 0, 0, at);
	put(g, 0xb7, IOV_R2, 0, 0, (int32_t)below(g, 20));
	put(g, 0xbf, IOV_R3, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R3, 0, 0, -120);
	if (below(g, 3) == 0)
		put(g, 0xb7, IOV_R3, 0, 0, 0);
	put(g, 0xb7, IOV_R4, 0, 0, 8);
	put(g, 0x85, 0, 2, 0, below(g, 3) ? SLICE_RDWR : SLICE);
	jump = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	if (below(g, 2))
		put(g, below(g, 2) ? 0x7a : 0x62, IOV_R10, 0, -120, (int32_t)below(g, 3));
	if (below(g, 6) == 0)
		put(g, 0x7b, IOV_R10, below(g, 2) ? IOV_R6 : IOV_R0, -120, 0);
	access(g, IOV_R0, below(g, 12) ? 0 : 1);
	put(g, 0x79, num(g), IOV_R10, -120, 0);
	if (below(g, 8) == 0) {
		put(g, 0x7b, IOV_R10, IOV_R0, -104, 0);
		put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
		put(g, 0xb7, IOV_R2, 0, 0, 4);
		put(g, 0xb7, IOV_R3, 0, 0, 0);
		put(g, 0x85, 0, 0, 0, g->type->id == XDP ? 44 : 38);
		put(g, 0x79, IOV_R0, IOV_R10, -104, 0);
		if (below(g, 3) == 0)
			access(g, IOV_R0, 0);
	}
	g->insns[jump].off = (int16_t)(g->count - jump - 1);
}

static void call_iter(struct gen *g, int which)
{
	put(g, 0xbf, IOV_R1, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R1, 0, 0, -136 - 8 * (int)g->depth);
	put(g, 0x85, 0, 2, 0, which);
}

/* A loop that an iterator ends; its body changes numbers, and may leave early. */
static void iterate(struct gen *g)
{
	uint32_t head, out, leave = 0;

	if (g->depth > 1)
		return;
	put(g, 0xb7, IOV_R2, 0, 0, 0);
	put(g, 0xbf, IOV_R3, num(g), 0, 0);
	call_iter(g, ITER_NEW);
	head = g->count;
	call_iter(g, ITER_NEXT);
	out = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	if (below(g, 2))
		put(g, 0x61, num(g), IOV_R0, 0, 0);
	g->depth++;
	statements(g, 1 + below(g, 2));
	g->depth--;
	if (below(g, 4) == 0) {
		leave = g->count + 1;
		put(g, 0x15, num(g), 0, 0, 7);
	}
	put(g, 0x05, 0, 0, (int)head - (int)g->count - 1, 0);
	g->insns[out].off = (int16_t)(g->count - out - 1);
	fill(g, leave);
	if (below(g, 20))
		call_iter(g, ITER_DESTROY);
}

static void dynptr(struct gen *g)
{
	bool record = below(g, 2);
	int at = -80 - 8 * (int)below(g, 2);
	uint32_t jump = make_dynptr(g, record, at);

	for (uint32_t n = below(g, 3); n; n--)
		below(g, 2) ? slice(g, at) : copy_dynptr(g, at);
	if (below(g, 8) == 0)
		put(g, 0x7b, IOV_R10, num(g), at + 8 * (int)below(g, 2), 0);
	if (record && below(g, 20)) {
		put(g, 0xbf, IOV_R1, IOV_R10, 0, 0);
		put(g, 0x07, IOV_R1, 0, 0, at);
		put(g, 0xb7, IOV_R2, 0, 0, 0);
		put(g, 0x85, 0, 0, 0, 199 + (int32_t)below(g, 2));
	}
	if (below(g, 8) == 0)
		put(g, 0x79, num(g), IOV_R10, at, 0);
	if (jump != UINT32_MAX)
		g->insns[jump].off = (int16_t)(g->count - jump - 1);
}

static void call_sub(struct gen *g)
{
	if (!g->prog.sub_count || g->call_count == 64 || g->count >= GEN_MAX)
		return;
	put(g, 0xbf, IOV_R1, num(g), 0, 0);
	put(g, 0xbf, IOV_R2, IOV_R10, 0, 0);
	put(g, 0x07, IOV_R2, 0, 0, -8 * (1 + (int)below(g, SLOTS)));
	put(g, 0xbf, IOV_R3, IOV_R6, 0, 0);
	g->calls[g->call_count++] = g->count;
	put(g, 0x85, 0, 1, 0, (int32_t)below(g, GEN_SUBS));
	put(g, 0xbf, num(g), IOV_R0, 0, 0);
}

/* One argument by prototype; memory is the stack's 64 bytes. False: cannot. */
static bool argument(struct gen *g, const struct iov_helper *h, int i, int *map)
{
	int r = 1 + i;

	switch (h->args[i]) {
	case IOV_ARG_NONE: return true;
	case IOV_ARG_ANY: put(g, 0xbf, r, num(g), 0, 0); return true;
	case IOV_ARG_CTX: case IOV_ARG_CTX_OR_NULL: put(g, 0xbf, r, IOV_R6, 0, 0); return true;
	case IOV_ARG_ZERO: put(g, 0xb7, r, 0, 0, 0); return true;
	case IOV_ARG_MAP: load_map(g, r, *map); return true;
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
		put(g, 0xbf, r, IOV_R10, 0, 0);
		put(g, 0x07, r, 0, 0, -64);
		return true;
	default: return false;
	}
}

static void helper(struct gen *g)
{
	const struct iov_helper *h = NULL;
	uint32_t start = g->count;
	int map;

	for (int tries = 0; tries < 20; tries++) {
		h = platform_helper(g->platform, 1 + below(g, 211));
		if (h && h->complete && platform_allows(g->platform, g->type, h) && !(h->flags & IOV_HF_ACQUIRES))
			break;
		h = NULL;
	}
	if (!h || h->ret == IOV_RET_NEVER)
		return;
	for (map = 0; map < GEN_MAPS - 1; map++)
		if (catalogue_map_takes(catalogue_map_type(maps[map].type), h))
			break;
	for (int i = 0; i < 5; i++)
		if (!argument(g, h, i, &map)) {
			g->count = start;
			return;
		}
	put(g, 0x85, 0, 0, 0, (int32_t)h->id);
	if (h->ret == IOV_RET_SCALAR)
		put(g, 0xbf, num(g), IOV_R0, 0, 0);
	if (h->ret == IOV_RET_MAP_VALUE_OR_NULL) {
		put(g, 0x15, IOV_R0, 0, 1, 0);
		put(g, 0x79, num(g), IOV_R0, 8, 0);
	}
}

static void statements(struct gen *g, uint32_t n)
{
	for (uint32_t i = 0; i < n && g->count < GEN_MAX - 200; i++)
		switch (below(g, 17)) {
		case 16: legacy(g); break;
		case 0: case 1: case 2: alu(g); break;
		case 3: case 4: branch(g); break;
		case 5: below(g, 3) ? loop(g) : iterate(g); break;
		case 6: case 7: packet(g); break;
		case 8: case 9: lookup(g); break;
		case 10: case 11: case 12: stack(g); break;
		case 13: below(g, 2) ? ring(g) : below(g, 2) ? dynptr(g) : packet_dynptr(g); break;
		case 14: call_sub(g); break;
		default: helper(g); break;
		}
}

/* r1 a number, r2 a pointer to 8 initialised bytes of the caller's stack, r3 the context. */
static void function(struct gen *g, uint32_t index)
{
	g->subs[index] = (struct iov_subprog){.name = index ? "sub" : "main", .start = g->count};
	if (!index) {
		put(g, 0xbf, IOV_R6, IOV_R1, 0, 0);
		put(g, 0x85, 0, 0, 0, 7);
		put(g, 0xbf, IOV_R7, IOV_R0, 0, 0);
		put(g, 0x61, IOV_R9, IOV_R6, g->type->id == XDP ? 12 : 8, 0);
	} else {
		put(g, 0xbf, IOV_R6, IOV_R3, 0, 0);
		put(g, 0xbf, IOV_R7, IOV_R1, 0, 0);
		put(g, 0x79, IOV_R9, IOV_R2, 0, 0);
		if (below(g, 2))
			put(g, 0x7b, IOV_R2, IOV_R7, 0, 0);
	}
	put(g, 0xb7, IOV_R8, 0, 0, 0);
	for (int k = 1; k <= SLOTS; k++)
		put(g, 0x7a, IOV_R10, 0, -8 * k, below(g, 2) ? 0 : (int32_t)below(g, 100));
	statements(g, index ? 1 + below(g, 2) : 2 + below(g, 7));
	if (index && below(g, 2))
		put(g, 0xbf, IOV_R0, IOV_R7, 0, 0);
	else
		put(g, 0xb7, IOV_R0, 0, 0, (int32_t)below(g, 3));
	put(g, 0x95, 0, 0, 0, 0);
	g->subs[index].count = g->count - g->subs[index].start;
}

void gen_program(struct gen *g)
{
	bool subs = below(g, 3) == 0;

	g->count = g->call_count = g->depth = 0;
	memset(g->subs, 0, sizeof(g->subs));
	g->type = platform_prog_type(g->platform, below(g, 3) ? XDP : SCHED_CLS);
	g->prog = (struct iov_prog){.name = "generated", .section = "x", .type = g->type->id, .license = "GPL",
				    .gpl = true, .insns = g->insns, .maps = (const struct iov_map_def **)map_list,
				    .map_count = GEN_MAPS, .subs = g->subs, .sub_count = subs, .externs = kfuncs,
				    .extern_count = KFUNCS};
	function(g, 0);
	g->prog.sub_count = 0;
	for (uint32_t i = 1; subs && i <= GEN_SUBS; i++)
		function(g, i);
	g->prog.sub_count = subs ? 1 + GEN_SUBS : 1;
	for (uint32_t i = 0; i < g->call_count; i++) {
		struct iov_insn *in = &g->insns[g->calls[i]];

		in->imm = (int32_t)(g->subs[1 + in->imm].start - g->calls[i] - 1);
	}
	g->prog.count = g->count;
}

void mutate(uint64_t *s, struct iov_insn *insns, uint32_t count, uint32_t map_count)
{
	for (uint32_t n = 1 + oracle_below(s, 2); n; n--) {
		uint32_t at = oracle_below(s, count), other = oracle_below(s, count);
		struct iov_insn *in = &insns[at];

		if (isa_is_wide(in) || (at && isa_is_wide(&insns[at - 1]))) {
			if (isa_is_wide(in) && in->src == 1 && map_count)
				in->imm = (int32_t)oracle_below(s, map_count);
			continue;
		}
		switch (oracle_below(s, 12)) {
		case 0: in->dst = (uint8_t)oracle_below(s, IOV_REGS); break;
		case 1: in->src = (uint8_t)oracle_below(s, IOV_REGS); break;
		case 2: in->off = (int16_t)(in->off + (int)oracle_below(s, 9) - 4); break;
		case 3: case 4: case 5: in->imm += (int32_t)oracle_below(s, 5) - 2; break;
		case 6: in->imm = (int32_t)oracle_random(s); break;
		case 7: in->code ^= (uint8_t)(1u << (4 + oracle_below(s, 4))); break;
		case 8: in->code ^= 3; break; /* 64 and 32 bits */
		case 9: *in = (struct iov_insn){.code = 0x05}; break;
		case 10:
			if (!isa_is_wide(&insns[other]) && (!other || !isa_is_wide(&insns[other - 1])))
				*in = insns[other];
			break;
		default: in->code ^= 0x08; break;
		}
	}
}
