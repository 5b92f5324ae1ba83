/* SPDX-License-Identifier: Apache-2.0 */
/* Which registers the program may still read, by slot: what nobody reads need not be made, saved or kept, and what is
 * only read to make that neither. One pass from the end of a subprogram to its start: what lies further on is known
 * already, and of a jump back everything is assumed to be read. Where there are such jumps a second pass puts what the
 * first found for what was assumed: each pass takes too much rather than too little. */
#include "runtime/jit/jit.h"

#include <string.h>

enum { ARGUMENTS = 0x3e };

#define MOVES(oper)                                                                                                    \
	((oper) == ISA_O_MOV || (oper) == ISA_O_MOVSX8 || (oper) == ISA_O_MOVSX16 || (oper) == ISA_O_MOVSX32)
#define IS(kind, a, b, c) ((kind) == ISA_K_##a || (kind) == ISA_K_##b || (kind) == ISA_K_##c)
#define MAKES(kind) (IS(kind, ALU, END, CAST) || IS(kind, LDX, LDSX, LDIMM64))
#define TRAITS(kind, oper, width, src)                                                                                 \
	(MAKES(kind) * JIT_MAKES |                                                                                     \
	 ((IS(kind, ALU, END, END) && !MOVES(oper)) || IS(kind, ST, STX, JCC)) * JIT_READS_DST |                       \
	 ((src) == ISA_SRC_X) * JIT_READS_SRC | (IS(kind, JA, JCC, MAY_GOTO)) * JIT_JUMPS |                            \
	 (IS(kind, ATOMIC, CALL, EXIT) || IS(kind, LDABS, LDIND, LDIND)) * JIT_OTHER |                                 \
	 (IS(kind, ALU, END, LDX) && (width) <= 32) * JIT_NARROWS |                                                    \
	 ((kind) == ISA_K_ALU && (oper) >= ISA_O_DIV && (oper) <= ISA_O_SMOD) * JIT_DIVIDES)

const uint8_t jit_traits[ISA_COUNT] = {
#define ISA(name, code, sel, val, kind, oper, width, src, ...)                                                         \
	[ISA_##name] = TRAITS(ISA_K_##kind, ISA_O_##oper, width, ISA_SRC_##src),
#include "asm/isa/isa.def"
#undef ISA
};

/* What is read from an instruction on whose traits do not say it, where `on` is read behind it. A call leaves nothing
 * to be read in r1 to r5; a tail call that goes nowhere leaves all as it was. */
static unsigned other(const struct iov_insn *insn, const struct iov_isa_row *row, unsigned on)
{
	unsigned d = 1u << insn->dst, s = row->src == ISA_SRC_X ? 1u << insn->src : 0;

	switch (row->kind) {
	case ISA_K_CALL:
		if (jit_is_tail_call(insn))
			return on | ARGUMENTS;
		return (on & ~1u) | ARGUMENTS | (row->oper == ISA_O_INDIRECT ? d : 0);
	case ISA_K_EXIT:
		return 1u << IOV_R0;
	case ISA_K_ATOMIC:
		if (row->oper == ISA_O_LOAD_ACQ)
			return (on & ~d) | s;
		return on | d | s | (row->oper == ISA_O_CMPXCHG ? 1u << IOV_R0 : 0);
	default: /* legacy packet loads */
		return (on & ~(ARGUMENTS | 1u)) | s | 1u << IOV_R6;
	}
}

/* What is read behind the jump at `slot`, when `on` is where it is not taken. */
static unsigned after_jump(const struct jit *j, uint32_t slot, enum iov_isa_kind kind, unsigned on)
{
	const struct iov_insn_fact *fact = kind == ISA_K_JCC ? jit_fact(j, slot) : NULL;
	unsigned there;

	if (fact && fact->never)
		return on;
	there = j->live[jit_target_slot(&j->image->insns[slot], slot)];
	return kind == ISA_K_JA || (fact && fact->always) ? there : on | there;
}

static bool pass(struct jit *j)
{
	bool back = false;
	unsigned on = 0, used = 0, all = 0;

	for (uint32_t i = j->sub->end; i-- > j->sub->start;) {
		const struct iov_insn *insn = &j->image->insns[i];
		unsigned traits, reads, writes;

		if (j->rows[i] == JIT_NO_ROW)
			continue;
		traits = jit_traits[j->rows[i]];
		if (traits & JIT_JUMPS) {
			on = after_jump(j, i, isa_rows[j->rows[i]].kind, on);
			back |= jit_target_slot(insn, i) <= i;
		}
		reads = jit_is_known(j, i) ? 0 : (unsigned)!!(traits & JIT_READS_DST) << insn->dst |
						 (unsigned)!!(traits & JIT_READS_SRC) << insn->src;
		j->marks[i] &= (uint8_t)~JIT_MARK_USELESS;
		all |= traits;
		if (traits & JIT_OTHER) {
			on = other(insn, &isa_rows[j->rows[i]], on);
			if (j->rows[i] != ISA_EXIT)
				used |= ARGUMENTS | 1u << insn->dst | 1u << insn->src;
		} else if (traits & JIT_MAKES && !(on >> insn->dst & 1)) {
			j->marks[i] |= JIT_MARK_USELESS;
		} else {
			writes = (unsigned)!!(traits & JIT_MAKES) << insn->dst;
			on = (on & ~writes) | reads;
			used |= reads | writes;
		}
		j->live[i] = (uint16_t)on;
	}
	j->sub->used = (uint16_t)used;
	j->sub->divides = all & JIT_DIVIDES;
	return back;
}

void jit_live(struct jit *j)
{
	memset(j->live + j->sub->start, 0xff, (j->sub->end - j->sub->start) * sizeof(*j->live));
	if (pass(j))
		pass(j);
}
