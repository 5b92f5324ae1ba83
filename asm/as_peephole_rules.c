/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what -O rewrites. Each rule keeps what every register and byte of memory holds wherever control can be seen;
 * iovas(1) names them. A rule about two instructions asks that nobody jumps between them. */
#include "asm/as_peephole.h"

/* An instruction and what stood before it, when control comes from nowhere else. */
struct view {
	uint32_t at, before; /* before: count when there is none */
	struct iov_insn insn, prev;
	const struct iov_isa_row *row, *prev_row;
};

static bool may_change(const struct peep *p, uint32_t slot)
{
	return slot < p->count && (p->flags[slot] & (PEEP_INSN | PEEP_FIXED | PEEP_KEEP | PEEP_GONE)) == PEEP_INSN;
}

static bool arrives(const struct peep *p, uint32_t slot)
{
	return p->flags[slot] & (PEEP_TARGET | PEEP_ENTRY);
}

/* Whether an operation with an immediate gives back what it took. */
static bool is_neutral(uint8_t oper, int32_t imm)
{
	switch (oper) {
	case ISA_O_ADD:
	case ISA_O_SUB:
	case ISA_O_OR:
	case ISA_O_XOR:
	case ISA_O_LSH:
	case ISA_O_RSH:
	case ISA_O_ARSH:
		return imm == 0;
	case ISA_O_MUL:
	case ISA_O_DIV:
	case ISA_O_SDIV:
		return imm == 1;
	case ISA_O_AND:
		return imm == -1;
	default:
		return false;
	}
}

/* r1 = r1, r1 += 0, r1 &= -1, r1 *= 1: 64 bits stay as they are. */
static bool rule_nothing(struct peep *p, const struct view *v)
{
	if (v->row->kind != ISA_K_ALU || v->row->width != 64)
		return false;
	if (v->row->src == ISA_SRC_K ? !is_neutral(v->row->oper, v->insn.imm)
				     : v->row->oper != ISA_O_MOV || v->insn.dst != v->insn.src)
		return false;
	peep_take_away(p, v->at);
	return true;
}

/* A jump to what follows anyway. */
static bool rule_next(struct peep *p, const struct view *v)
{
	uint32_t next = peep_next(p, v->at);

	if ((v->row->kind != ISA_K_JA && v->row->kind != ISA_K_JCC) || peep_target(p, v->at) != next ||
	    next >= p->count || p->flags[next] & PEEP_ENTRY)
		return false;
	peep_take_away(p, v->at);
	return true;
}

static const struct iov_isa_row *row_at(const struct peep *p, uint32_t slot, struct iov_insn *insn)
{
	if (slot >= p->count || !(p->flags[slot] & PEEP_INSN))
		return NULL;
	peep_load(p, slot, insn);
	return isa_find(insn);
}

/* A jump to a goto goes where the goto goes. */
static bool rule_thread(struct peep *p, const struct view *v)
{
	uint32_t to = peep_target(p, v->at);
	const struct iov_isa_row *row;
	struct iov_insn insn;

	if (v->row->kind != ISA_K_JA && v->row->kind != ISA_K_JCC)
		return false;
	row = row_at(p, to, &insn);
	if (!row || row->kind != ISA_K_JA || to == v->at || peep_target(p, to) >= p->count ||
	    peep_target(p, to) == to || peep_target(p, to) == v->at)
		return false;
	return peep_retarget(p, v->at, to);
}

/* if r1 == 5 goto over; goto out; over: — if r1 != 5 goto out. */
static bool rule_invert(struct peep *p, const struct view *v)
{
	uint32_t next = peep_next(p, v->at);
	const struct iov_isa_row *row;
	struct iov_insn insn = v->insn, other;

	if (v->row->kind != ISA_K_JCC || !as_inverse_jump(insn.code) || !may_change(p, next) || arrives(p, next))
		return false;
	row = row_at(p, next, &other);
	if (!row || row->kind != ISA_K_JA || peep_target(p, v->at) != peep_next(p, next) ||
	    peep_target(p, next) >= p->count || !peep_retarget(p, v->at, next))
		return false;
	insn.code = as_inverse_jump(insn.code);
	peep_store(p, v->at, &insn);
	peep_take_away(p, next);
	return true;
}

/* What follows an exit or goto and is no way in. */
static void rule_dead(struct peep *p, const struct view *v)
{
	while (v->row->kind == ISA_K_EXIT || v->row->kind == ISA_K_JA) {
		uint32_t next = peep_next(p, v->at);

		if (next >= p->count || !(p->flags[next] & PEEP_INSN) || p->flags[next] & PEEP_KEEP ||
		    arrives(p, next) || !peep_may_drop(p, next))
			return;
		peep_take_away(p, next);
	}
}

/* r1 = 5 ll: a move where it extends to the same 64 bits. */
static bool rule_constant(struct peep *p, const struct view *v)
{
	struct iov_insn insn[2] = {v->insn};
	uint64_t value;

	if (v->row->oper != ISA_O_IMM64)
		return false;
	peep_load(p, v->at + 1, &insn[1]);
	value = isa_imm64(insn);
	if (value > UINT32_MAX && value < (uint64_t)INT32_MIN)
		return false;
	insn[0].code = isa_rows[value == (uint64_t)(int64_t)(int32_t)value ? ISA_MOV64_K : ISA_MOV32_K].code;
	p->flags[v->at + 1] |= PEEP_GONE;
	peep_store(p, v->at, insn);
	return true;
}

/* How many low bits of register `reg` the instruction may have left set; 64: any. */
static unsigned low_bits(const struct iov_isa_row *row, const struct iov_insn *insn, uint8_t reg)
{
	if (insn->dst != reg)
		return 64;
	if (row->kind == ISA_K_LDX)
		return row->width;
	if (row->kind == ISA_K_ALU && row->width == 32)
		return 32;
	if (row->oper == ISA_O_MOV && row->src == ISA_SRC_K && insn->imm >= 0)
		return 32;
	return 64;
}

/* w1 = w1 and r1 &= 255 after what left no more bits. */
static bool rule_extension(struct peep *p, const struct view *v)
{
	unsigned bits = v->prev_row ? low_bits(v->prev_row, &v->prev, v->insn.dst) : 64;
	uint64_t mask = bits >= 64 ? 0 : (1ull << bits) - 1;
	bool moves = v->row == &isa_rows[ISA_MOV32_X] && v->insn.src == v->insn.dst;
	bool masks = v->row->oper == ISA_O_AND && v->row->src == ISA_SRC_K;

	if (!mask || !(moves || (masks && ((uint64_t)(int64_t)v->insn.imm & mask) == mask)))
		return false;
	peep_take_away(p, v->at);
	return true;
}

/* r1 <<= 32; r1 >>= 32 — w1 = w1; with s>>= and level v4, r1 = (s32)r1. */
static bool rule_shifts(struct peep *p, const struct view *v)
{
	bool is_signed = v->row == &isa_rows[ISA_ARSH64_K];
	const struct iov_isa_row *to = &isa_rows[is_signed ? ISA_MOVSX32_64 : ISA_MOV32_X];
	struct iov_insn insn = {.code = to->code, .dst = v->insn.dst, .src = v->insn.dst};

	if (v->prev_row != &isa_rows[ISA_LSH64_K] || v->prev.imm != 32 || v->prev.dst != v->insn.dst ||
	    v->insn.imm != 32 || (!is_signed && v->row != &isa_rows[ISA_RSH64_K]) || to->cpu > p->s->cpu ||
	    !may_change(p, v->before))
		return false;
	insn.off = (int16_t)(to->sel == ISA_SEL_OFF ? to->sel_value : 0);
	peep_store(p, v->before, &insn);
	peep_take_away(p, v->at);
	return true;
}

static bool sets(const struct iov_isa_row *row)
{
	return row->oper == ISA_O_MOV || row->oper == ISA_O_IMM64;
}

/* r1 = 5; r1 = r2: the first says nothing. */
static bool rule_overwritten(struct peep *p, const struct view *v)
{
	bool reads = v->insn.src == v->insn.dst;

	if (!v->prev_row || !sets(v->prev_row) || v->prev.dst != v->insn.dst || !may_change(p, v->before))
		return false;
	if (v->row->kind == ISA_K_LDX || v->row->kind == ISA_K_LDSX || (sets(v->row) && v->row->src == ISA_SRC_X)) {
		if (reads)
			return false;
	} else if (!sets(v->row)) {
		return false;
	}
	peep_take_away(p, v->before);
	return true;
}

typedef bool rule_fn(struct peep *p, const struct view *v);
static rule_fn *const rules[] = {rule_nothing,  rule_next,      rule_invert, rule_thread,
				 rule_constant, rule_extension, rule_shifts, rule_overwritten};

/* What runs before `at` in any case; count: nothing is known. */
static uint32_t straight_before(const struct peep *p, uint32_t at, uint32_t before)
{
	return before < p->count && peep_next(p, before) == at && !arrives(p, at) ? before : p->count;
}

void peep_rules(struct peep *p)
{
	uint32_t before = p->count;

	for (uint32_t at = peep_live(p, 0); at < p->count;) {
		struct view v = {.at = at, .before = straight_before(p, at, before)};
		bool changed = false;

		v.row = p->flags[at] & PEEP_INSN ? row_at(p, at, &v.insn) : NULL;
		if (!v.row) {
			before = p->count;
			at = peep_live(p, at + 1);
			continue;
		}
		v.prev_row = row_at(p, v.before, &v.prev);
		for (size_t i = 0; i < sizeof(rules) / sizeof(*rules) && !changed && may_change(p, at); i++)
			changed = rules[i](p, &v);
		if (!changed)
			rule_dead(p, &v);
		if (changed && p->flags[at] & PEEP_GONE) {
			at = peep_live(p, at);
			continue;
		}
		before = at;
		at = peep_next(p, at);
	}
}
