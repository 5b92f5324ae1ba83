/* SPDX-License-Identifier: Apache-2.0 */
/* See random.h. */
#include "testsuite/diff/verify/random.h"

#include <string.h>

enum kind { NOTHING, NUMBER, SMALL, CTX, PACKET, END, STACK, VALUE, VALUE_OR_NULL, RECORD, RECORD_OR_NULL };

uint64_t random_next(struct random *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return r->state * 0x2545f4914f6cdd1du;
}

static uint32_t below(struct random *r, uint32_t n) { return (uint32_t)((random_next(r) >> 33) % n); }

static void put(struct random *r, uint8_t code, uint8_t dst, uint8_t src, int16_t off, int32_t imm)
{
	if (r->count < RANDOM_MAX)
		r->insns[r->count++] = (struct iov_insn){.code = code, .dst = dst, .src = src, .off = off, .imm = imm};
}

static int32_t any_imm(struct random *r)
{
	static const int32_t edges[] = {0,  1,  -1,  2,   3,    4,     7,         8,         14, 15,  16,     31,    32,
					63, 64, 255, 256, 4095, 65535, INT32_MAX, INT32_MIN, -8, -64, 0x7fff, 0xff00};

	return below(r, 3) ? edges[below(r, sizeof(edges) / sizeof(*edges))] : (int32_t)random_next(r);
}

/* A register of one of two kinds, or any at all now and then; -1: none. */
static int pick(struct random *r, int a, int b)
{
	int found[IOV_REGS], n = 0;

	if (!below(r, 40))
		return (int)below(r, IOV_REGS);
	for (int i = 0; i < IOV_REGS; i++)
		if (r->kind[i] == a || r->kind[i] == b)
			found[n++] = i;
	return n ? found[below(r, (uint32_t)n)] : -1;
}

/* Registers that may be overwritten: not the context's. */
static uint8_t target(struct random *r)
{
	uint8_t t;

	do
		t = (uint8_t)below(r, 10);
	while (t == IOV_R6);
	return t;
}

static void set(struct random *r, int reg, enum kind kind)
{
	if (reg < IOV_R10)
		r->kind[reg] = kind;
}

static void number(struct random *r)
{
	static const uint8_t opers[] = {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xc0};
	int dst = pick(r, NUMBER, SMALL), src = pick(r, NUMBER, SMALL);
	uint8_t oper = opers[below(r, sizeof(opers))], class = below(r, 2) ? 0x07 : 0x04;
	int16_t off = (oper == 0x30 || oper == 0x90) && !below(r, 3) ? 1 : 0;
	int32_t imm = any_imm(r);

	if (dst < 0 || src < 0 || dst == IOV_R6)
		return;
	if (oper == 0x60 || oper == 0x70 || oper == 0xc0)
		imm &= class == 7 ? 63 : 31;
	if ((oper == 0x30 || oper == 0x90) && !imm)
		imm = 3;
	switch (below(r, 8)) {
	case 0: put(r, class | 0xb0, (uint8_t)dst, (uint8_t)src, 0, 0); break;              /* cppcheck-suppress all */
	case 1: put(r, 0x87 & (class == 7 ? 0xff : 0xfc), (uint8_t)dst, 0, 0, 0); break;    /* neg */
	case 2: put(r, below(r, 2) ? 0xdc : 0xd7, (uint8_t)dst, 0, 0, 16 << below(r, 3)); break;
	case 3:
		put(r, class | 0xb8, (uint8_t)dst, (uint8_t)src, (int16_t)(8 << below(r, class == 7 ? 3 : 2)), 0);
		break;
	case 4: case 5: put(r, class | oper, (uint8_t)dst, 0, off, imm); break;
	default: put(r, (uint8_t)(class | oper | 8), (uint8_t)dst, (uint8_t)src, off, 0); break;
	}
	if (r->insns[r->count - 1].code == (class | 0xb0))
		r->insns[r->count - 1].src = 0, r->insns[r->count - 1].imm = imm;
	set(r, dst, NUMBER);
}

static void small_number(struct random *r)
{
	int dst = pick(r, NUMBER, SMALL);

	if (dst < 0 || dst == IOV_R6)
		return;
	put(r, below(r, 2) ? 0x57 : 0x54, (uint8_t)dst, 0, 0, (1 << below(r, 7)) - 1);
	set(r, dst, SMALL);
}

static void constant(struct random *r)
{
	uint8_t t = target(r);

	put(r, below(r, 2) ? 0xb7 : 0xb4, t, 0, 0, any_imm(r));
	set(r, t, NUMBER);
}

static void copy(struct random *r)
{
	uint8_t t = target(r), s = (uint8_t)below(r, IOV_REGS);

	if (r->kind[s] == NOTHING)
		return;
	if (r->kind[s] <= SMALL && !below(r, 3))
		put(r, 0xbc, t, s, 0, 0);
	else
		put(r, 0xbf, t, s, 0, 0);
	set(r, t, (enum kind)r->kind[s]);
}

static void context(struct random *r)
{
	uint8_t t = target(r), u = target(r);

	switch (below(r, 3)) {
	case 0:
		put(r, 0x61, t, IOV_R6, (int16_t)(12 + 4 * below(r, 2)), 0);
		set(r, t, NUMBER);
		break;
	default:
		put(r, 0x61, t, IOV_R6, 0, 0);
		set(r, t, PACKET);
		put(r, 0x61, u, IOV_R6, 4, 0);
		set(r, u, END);
		break;
	}
}

static void packet_check(struct random *r)
{
	int p = pick(r, PACKET, PACKET), e = pick(r, END, END);
	uint8_t t = target(r);
	static const uint8_t opers[] = {0x2d, 0x3d, 0xad, 0xbd};
	uint8_t oper = opers[below(r, 4)];
	bool swap = below(r, 3) == 0;

	if (p < 0 || e < 0 || t == p || t == e)
		return;
	put(r, 0xbf, t, (uint8_t)p, 0, 0);
	put(r, 0x07, t, 0, 0, (int32_t)below(r, 40));
	put(r, oper, swap ? (uint8_t)e : t, swap ? t : (uint8_t)e, (int16_t)below(r, 4), 0);
	set(r, t, PACKET);
}

static void pointer_move(struct random *r)
{
	int p = below(r, 2) ? pick(r, PACKET, VALUE) : pick(r, STACK, RECORD),
	    n = pick(r, SMALL, below(r, 6) ? SMALL : NUMBER);

	if (p < 0 || p == IOV_R10 || p == IOV_R6)
		return;
	if (below(r, 2) || n < 0)
		put(r, below(r, 4) ? 0x07 : 0x17, (uint8_t)p, 0, 0, (int32_t)below(r, 20));
	else
		put(r, below(r, 5) ? 0x0f : 0x1f, (uint8_t)p, (uint8_t)n, 0, 0);
}

static void memory(struct random *r)
{
	static const uint8_t loads[] = {0x71, 0x69, 0x61, 0x79, 0x91, 0x89, 0x81}, widths[] = {1, 2, 4, 8, 1, 2, 4};
	uint32_t w = below(r, 7);
	int p = below(r, 2) ? pick(r, PACKET, VALUE) : pick(r, STACK, RECORD), s = pick(r, NUMBER, SMALL);
	uint8_t t = target(r);
	int32_t off = (int32_t)below(r, 24) / widths[w] * widths[w];

	if (p < 0)
		return;
	if (r->kind[p] == STACK)
		off = -(int32_t)(widths[w] * (1 + below(r, 64 / widths[w])));
	switch (below(r, 5)) {
	case 0: case 1:
		put(r, loads[w], t, (uint8_t)p, (int16_t)off, 0);
		set(r, t, NUMBER);
		break;
	case 2:
		put(r, (uint8_t)(loads[w % 4] + 1), (uint8_t)p, 0, (int16_t)(off / widths[w % 4] * widths[w % 4]),
		    any_imm(r));
		break;
	case 3:
		if (s >= 0)
			put(r, (uint8_t)(loads[w % 4] + 2), (uint8_t)p, (uint8_t)s,
			    (int16_t)(off / widths[w % 4] * widths[w % 4]), 0);
		break;
	default:
		if (s >= 0 && w >= 2)
			put(r, w & 1 ? 0xdb : 0xc3, (uint8_t)p, (uint8_t)s, (int16_t)(off & ~7),
			    (int32_t[]){0, 1, 0x40, 0x51, 0xa1, 0xe1, 0xf1}[below(r, 7)]);
		break;
	}
}

/* Spill and fill whole registers. */
static void spill(struct random *r)
{
	uint8_t s = (uint8_t)below(r, 10), t = target(r);
	uint32_t slot = below(r, 8);

	if (r->stack[slot] && below(r, 2)) {
		put(r, 0x79, t, IOV_R10, (int16_t)(-8 - 8 * (int)slot), 0);
		set(r, t, (enum kind)(r->stack[slot] - 1));
	} else if (r->kind[s] != NOTHING) {
		put(r, 0x7b, IOV_R10, s, (int16_t)(-8 - 8 * (int)slot), 0);
		r->stack[slot] = (uint8_t)(r->kind[s] + 1);
	}
}

static void after_call(struct random *r, enum kind result)
{
	for (int i = IOV_R1; i <= IOV_R5; i++)
		r->kind[i] = NOTHING;
	r->kind[IOV_R0] = (uint8_t)result;
}

static void load_map(struct random *r, uint8_t reg, int32_t map)
{
	put(r, 0x18, reg, 1, 0, map);
	put(r, 0, 0, 0, 0, 0);
}

static void call(struct random *r)
{
	int32_t map = (int32_t)below(r, 2);

	switch (below(r, 6)) {
	case 0: case 1: case 2: /* lookup, usually with a test */
		put(r, map && below(r, 8) ? 0x7a : 0x62, IOV_R10, 0, -8, below(r, 3) ? 0 : any_imm(r));
		load_map(r, IOV_R1, map);
		put(r, 0xbf, IOV_R2, IOV_R10, 0, 0);
		put(r, 0x07, IOV_R2, 0, 0, -8);
		put(r, 0x85, 0, 0, 0, 1);
		after_call(r, VALUE_OR_NULL);
		r->stack[0] = NUMBER + 1;
		if (below(r, 8)) {
			uint8_t keep = (uint8_t)(7 + below(r, 3));

			put(r, 0xbf, keep, IOV_R0, 0, 0);
			set(r, keep, VALUE_OR_NULL);
			put(r, below(r, 4) ? 0x15 : 0x55, below(r, 2) ? keep : IOV_R0, 0, (int16_t)(1 + below(r, 5)),
			    0);
			set(r, keep, VALUE);
			set(r, IOV_R0, VALUE);
		}
		break;
	case 3:
		put(r, 0x85, 0, 0, 0, below(r, 2) ? 7 : 5);
		after_call(r, NUMBER);
		break;
	case 4: /* adjust_head */
		if (below(r, 3))
			break;
		put(r, 0xbf, IOV_R1, IOV_R6, 0, 0);
		put(r, 0xb7, IOV_R2, 0, 0, -14);
		put(r, 0x85, 0, 0, 0, 44);
		after_call(r, NUMBER);
		break;
	default: /* ring buffer record, submitted at once or forgotten */
		load_map(r, IOV_R1, 2);
		put(r, 0xb7, IOV_R2, 0, 0, 16);
		put(r, 0xb7, IOV_R3, 0, 0, 0);
		put(r, 0x85, 0, 0, 0, 131);
		after_call(r, RECORD_OR_NULL);
		put(r, 0x15, IOV_R0, 0, 4, 0);
		put(r, 0x7a, IOV_R0, 0, (int16_t)(8 * below(r, 3)), 1);
		if (below(r, 10)) {
			put(r, 0xbf, IOV_R1, IOV_R0, 0, 0);
			put(r, 0xb7, IOV_R2, 0, 0, 0);
			put(r, 0x85, 0, 0, 0, 132);
			after_call(r, NOTHING);
		}
		break;
	}
}

static void branch(struct random *r)
{
	static const uint8_t opers[] = {0x15, 0x25, 0x35, 0x45, 0x55, 0x65, 0x75, 0xa5, 0xb5, 0xc5, 0xd5};
	int a = pick(r, NUMBER, SMALL), b = pick(r, NUMBER, SMALL);
	uint8_t code = (uint8_t)(opers[below(r, sizeof(opers))] + (below(r, 2) ? 1 : 0));
	bool two = below(r, 2);
	int16_t off = (int16_t)(below(r, 12) ? (int)below(r, 8) : -(int)below(r, 6));

	if (a >= 0 && b >= 0)
		put(r, (uint8_t)(code | (two ? 8 : 0)), (uint8_t)a, two ? (uint8_t)b : 0, off, two ? 0 : any_imm(r));
}

/* Two arms leave different numbers in a register or on the stack; then they move a pointer that is followed. */
static void diamond(struct random *r)
{
	int a = pick(r, NUMBER, SMALL), p = pick(r, below(r, 2) ? VALUE : PACKET, below(r, 2) ? STACK : VALUE);
	int16_t slot = (int16_t)(-8 - 8 * (int)below(r, 8));
	uint8_t t = target(r);
	bool by_register = below(r, 2), in_register = !below(r, 3);

	if (a < 0 || p < 0 || p == t || a == t || p == IOV_R10)
		return;
	put(r, 0x25, (uint8_t)a, 0, by_register && !in_register ? 3 : 2, any_imm(r));
	for (int arm = 0; arm < 2; arm++) {
		int32_t n = (int32_t)below(r, 90) - (r->kind[p] == STACK ? 90 : 10);

		if (in_register) {
			put(r, 0xb7, t, 0, 0, n);
		} else if (by_register) {
			put(r, 0xb7, t, 0, 0, n);
			put(r, 0x7b, IOV_R10, t, slot, 0);
		} else {
			put(r, 0x7a, IOV_R10, 0, slot, n);
		}
		if (!arm)
			put(r, 0x05, 0, 0, by_register && !in_register ? 2 : 1, 0);
	}
	if (in_register && below(r, 2)) {
		put(r, 0x7b, IOV_R10, t, slot, 0);
		put(r, 0xb7, t, 0, 0, 0);
		in_register = false;
	}
	if (!in_register)
		put(r, below(r, 4) ? 0x79 : 0x61, t, IOV_R10, slot, 0);
	put(r, 0x0f, (uint8_t)p, t, 0, 0);
	put(r, 0x71, t, (uint8_t)p, 0, 0);
	set(r, t, NUMBER);
}

/* Two slots of a constant stay together. */
static bool second_slot(const struct random *r, uint32_t at) { return at && r->insns[at - 1].code == 0x18; }

/* Jumps that leave the program end at its end. */
static void mend_jumps(struct random *r)
{
	for (uint32_t i = 0; i < r->count; i++) {
		struct iov_insn *in = &r->insns[i];
		uint8_t class = in->code & 7;
		int64_t to = (int64_t)i + 1 + in->off;

		if ((class != 5 && class != 6) || in->code == 0x85 || in->code == 0x95)
			continue;
		if (to > r->count - 2u || to < 0)
			to = r->count - 2u;
		while (second_slot(r, (uint32_t)to))
			to++;
		in->off = (int16_t)(to - i - 1);
	}
}

void random_program(struct random *r)
{
	uint32_t length = 4 + below(r, 24);

	r->count = 0;
	memset(r->kind, NOTHING, sizeof(r->kind));
	memset(r->stack, 0, sizeof(r->stack));
	r->kind[IOV_R10] = STACK;
	put(r, 0xbf, IOV_R6, IOV_R1, 0, 0);
	r->kind[IOV_R1] = r->kind[IOV_R6] = CTX;
	put(r, 0x85, 0, 0, 0, 7);
	after_call(r, NUMBER);
	put(r, 0xbf, IOV_R7, IOV_R0, 0, 0);
	set(r, IOV_R7, NUMBER);
	if (below(r, 2))
		context(r);
	for (uint32_t i = 0; i < length && r->count < RANDOM_MAX - 16; i++) {
		switch (below(r, 18)) {
		case 0: case 1: case 2: number(r); break;
		case 3: small_number(r); break;
		case 4: constant(r); break;
		case 5: copy(r); break;
		case 6: context(r); break;
		case 7: packet_check(r); break;
		case 8: pointer_move(r); break;
		case 9: case 10: memory(r); break;
		case 11: case 12: spill(r); break;
		case 13: call(r); break;
		case 14: case 15: diamond(r); break;
		default: branch(r); break;
		}
	}
	put(r, 0xb7, IOV_R0, 0, 0, (int32_t)below(r, 5));
	put(r, 0x95, 0, 0, 0, 0);
	mend_jumps(r);
}

void random_mutate(struct random *r)
{
	uint32_t at = below(r, r->count - 2);
	struct iov_insn *in = &r->insns[at];

	if (in->code == 0x18 || second_slot(r, at))
		return;
	switch (below(r, 6)) {
	case 0: in->dst = (uint8_t)below(r, 10); break;
	case 1:
		in->src = in->code & 8 || (in->code & 7) == 1 || (in->code & 7) == 3 ? (uint8_t)below(r, IOV_REGS)
										     : in->src;
		break;
	case 2: in->off = (int16_t)(in->off + (int)below(r, 9) - 4); break;
	case 3: in->imm = in->code == 0x85 ? in->imm : (int32_t)((uint32_t)in->imm + below(r, 5) - 2); break;
	case 4: in->code ^= 0x10; break;
	default: *in = (struct iov_insn){.code = 0x05}; break; /* goto +0 */
	}
	mend_jumps(r);
}
