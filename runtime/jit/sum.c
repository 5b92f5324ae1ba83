/* SPDX-License-Identifier: Apache-2.0 */
/* Loops that add up what lies in memory: one addition waits for the one before, so a loop of this form takes a cycle a
 * turn whatever the machine could do. Addition of integers may be done in any order: a target adds several turns at
 * once into sums of their own, and leaves what remains, one turn at least, to the loop as it is written. So every
 * register has its value in the end, and no memory is read that would not have been.
 *
 * The form: from a jump target on, in a straight line to a jump back there,
 *     t = memory at base + counter + disp;  sum += t;  counter += step;  if counter != limit (or <) goto the first
 * where t's address may be put together in t, and nothing else is written. */
#include "runtime/jit/jit.h"

enum { BODY_MOST = 8 };

/* What t holds. */
enum held { NOTHING, ADDRESS, VALUE };

struct body {
	struct jit_sum *sum;
	int t;
	enum held held;
	bool counted;         /* counter += step is behind us */
	bool summed;
};

/* A register that the loop leaves alone, or the counter: which is which is checked in the end. */
static bool use_address(struct body *b, int reg)
{
	struct jit_sum *s = b->sum;

	if (s->counter < 0) {
		s->counter = reg;
	} else if (s->base < 0 && !s->base_known) {
		s->base = reg;
	} else {
		return false;
	}
	return true;
}

static bool load(struct body *b, const struct iov_insn *insn, int width)
{
	if (b->held == VALUE || b->summed || (b->held == ADDRESS && (insn->src != b->t || insn->dst != b->t)))
		return false;
	if (b->held == NOTHING && !use_address(b, insn->src))
		return false;
	b->t = insn->dst;
	b->held = VALUE;
	b->sum->width = width;
	b->sum->disp = insn->off;
	return true;
}

static bool start_address(struct body *b, const struct iov_insn *insn, bool known)
{
	if (b->held != NOTHING || (!known && !use_address(b, insn->src)))
		return false;
	b->t = insn->dst;
	b->held = ADDRESS;
	if (known) {
		b->sum->base_known = true;
		b->sum->address = isa_imm64(insn);
	}
	return true;
}

static bool add(struct body *b, const struct iov_insn *insn)
{
	if (b->held == ADDRESS && insn->dst == b->t && insn->src != b->t)
		return use_address(b, insn->src);
	if (b->held != VALUE || insn->src != b->t || insn->dst == b->t || b->summed)
		return false;
	b->sum->sum = insn->dst;
	b->summed = true;
	return true;
}

/* Which of the two registers of the address is the counter shows where one is stepped. */
static bool step(struct body *b, const struct iov_insn *insn)
{
	struct jit_sum *s = b->sum;

	if (b->counted || b->held != VALUE || insn->imm <= 0)
		return false;
	if (insn->dst == s->base) {
		s->base = s->counter;
		s->counter = insn->dst;
	}
	s->step = insn->imm;
	b->counted = true;
	return insn->dst == s->counter;
}

/* The jump back: at `slot`, on != or <; or over a goto, on the opposite. */
static bool closes(const struct jit *j, uint32_t slot, uint32_t head, struct jit_sum *s)
{
	const struct iov_insn *insn = &j->image->insns[slot];
	const struct iov_isa_row *row = &isa_rows[j->rows[slot]];
	const struct iov_insn_fact *fact = jit_fact(j, slot);
	uint32_t target = jit_target_slot(insn, slot), over = slot + 1;
	bool on = row->oper == ISA_O_JNE || row->oper == ISA_O_JLT;
	bool off = row->oper == ISA_O_JEQ || row->oper == ISA_O_JGE;

	if (row->width != 64 || insn->dst != s->counter || (fact && (fact->always || fact->never)))
		return false;
	if (off && target == over + 1 && over < j->sub->end && j->rows[over] != JIT_NO_ROW &&
	    isa_rows[j->rows[over]].kind == ISA_K_JA && !(j->marks[over] & JIT_MARK_TARGET))
		target = jit_target_slot(insn + 1, over);
	else if (!on)
		return false;
	s->limit_known = row->src == ISA_SRC_K;
	s->limit = insn->imm;
	s->limit_reg = insn->src;
	return target == head;
}

static bool one(const struct jit *j, struct body *b, uint32_t slot)
{
	const struct iov_insn *insn = &j->image->insns[slot];

	switch (j->rows[slot]) {
	case ISA_LD_IMM64:
		return start_address(b, insn, true);
	case ISA_MOV64_X:
		return start_address(b, insn, false);
	case ISA_ADD64_X:
		return add(b, insn);
	case ISA_ADD64_K:
		return step(b, insn);
	case ISA_LDX8:
	case ISA_LDX16:
	case ISA_LDX32:
	case ISA_LDX64:
		return load(b, insn, isa_rows[j->rows[slot]].width);
	default:
		return false;
	}
}

/* Registers that are to be different are: only t, the sum and the counter are written. */
static bool distinct(const struct jit_sum *s, int t)
{
	bool base = s->base_known || s->base < 0 || (s->base != t && s->base != s->sum && s->base != s->counter);
	bool limit = s->limit_known || (s->limit_reg != t && s->limit_reg != s->sum && s->limit_reg != s->counter);

	return base && limit && t != s->sum && t != s->counter && s->sum != s->counter && t < IOV_R10 &&
	       s->sum < IOV_R10 && s->counter < IOV_R10 && (s->limit_known || s->limit_reg < IOV_R10) &&
	       s->base < IOV_R10;
}

bool jit_match_sum(const struct jit *j, uint32_t head, struct jit_sum *s)
{
	struct body b = {.sum = s};

	*s = (struct jit_sum){.counter = -1, .base = -1};
	for (uint32_t i = head; i < head + BODY_MOST && i < j->sub->end; i++) {
		if (j->rows[i] == JIT_NO_ROW || (i != head && j->marks[i] & JIT_MARK_TARGET) || jit_is_known(j, i) ||
		    jit_useless(j, i))
			return false;
		if (isa_rows[j->rows[i]].kind == ISA_K_JCC) {
			s->scratch = b.t;
			return b.summed && b.counted && closes(j, i, head, s) && distinct(s, b.t);
		}
		if (!one(j, &b, i))
			return false;
		i += isa_is_wide(&j->image->insns[i]);
	}
	return false;
}
