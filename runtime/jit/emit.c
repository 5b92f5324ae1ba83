/* SPDX-License-Identifier: Apache-2.0 */
/* The JIT emits: the slots of a subprogram, block after block as layout.c put them, to the target's handlers. What is
 * decided here holds for every machine: dead code, constants, known branches, fusions, hidden constants. */
#include "runtime/jit/jit.h"

#include <string.h>

enum { NOWHERE = UINT32_MAX };

uint64_t jit_random(struct jit *j)
{
	uint64_t z = j->random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void jit_branch(struct jit *j, enum jit_reloc_kind kind, uint32_t arg, uint32_t target)
{
	struct jit_reloc *r;

	j->bug |= j->reloc_count >= j->reloc_cap;
	r = &j->relocs[j->bug ? 0 : j->reloc_count++];
	*r = (struct jit_reloc){.at = code_at(&j->code), .kind = (uint8_t)kind, .target = target, .arg = arg,
				.longest = j->target->longest(j, kind)};
	memset(code_room(&j->code), 0, r->longest);
	j->code.next += r->longest;
}

void jit_branch_slot(struct jit *j, enum jit_reloc_kind kind, uint32_t arg, uint32_t slot)
{
	slot = jit_final(j, slot);
	j->bug |= slot >= j->sub->end || j->rows[slot] == JIT_NO_ROW;
	jit_branch(j, kind, arg, slot);
}

void jit_call_c(struct jit *j, const void *function)
{
	jit_branch(j, JIT_CALL_EXT, 0, 0);
	if (!j->bug)
		j->relocs[j->reloc_count - 1].addr = function;
}

bool jit_dead_after(const struct jit *j, const struct jit_in *in, int reg)
{
	return in->slot + 1 < j->sub->end && !(j->live[in->slot + 1] >> reg & 1);
}

/* Immediates that whoever wrote the program chose freely; a shift's few bits are none. */
static bool tells(const struct iov_isa_row *row)
{
	return row->src == ISA_SRC_K && (row->kind == ISA_K_ALU || row->kind == ISA_K_JCC || row->kind == ISA_K_ST) &&
	       row->oper != ISA_O_LSH && row->oper != ISA_O_RSH && row->oper != ISA_O_ARSH && row->oper != ISA_O_MOV;
}

/* The value that this instruction leaves in its register, whatever comes. */
static bool is_constant(const struct jit_in *in, const struct iov_isa_row *row, uint64_t *value)
{
	if (in->fact && in->fact->is_const && (row->kind == ISA_K_ALU || row->kind == ISA_K_END)) {
		*value = in->fact->value;
		return true;
	}
	if (row->kind == ISA_K_LDIMM64 && row->oper != ISA_O_FUNC)
		*value = isa_imm64(in->insn);
	else if (row->oper == ISA_O_MOV && in->k)
		*value = row->width == 64 ? (uint64_t)(int64_t)in->insn->imm : (uint32_t)in->insn->imm;
	else
		return false;
	return true;
}

void jit_op_constant(struct jit *j, const struct jit_in *in)
{
	(void)in;
	j->bug = true;
}

static void call_helper(struct jit *j, uint32_t slot)
{
	if (jit_is_tail_call(&j->image->insns[slot]))
		j->target->tail_call(j);
	else
		j->target->call(j, (const void *)(uintptr_t)j->image->calls[slot]);
}

void jit_op_call(struct jit *j, const struct jit_in *in) { call_helper(j, in->slot); }

void jit_op_subprog(struct jit *j, const struct jit_in *in)
{
	uint32_t callee = jit_callee(j, in);

	jit_branch(j, JIT_CALL, 0, callee);
	if (j->subs[callee].tails && j->target->take_result)
		j->target->take_result(j);
}

static struct jit_in look_at(const struct jit *j, uint32_t slot)
{
	const struct iov_isa_row *row = &isa_rows[j->rows[slot]];

	return (struct jit_in){.insn = &j->image->insns[slot], .fact = jit_fact(j, slot), .slot = slot,
			       .width = row->width, .k = row->src == ISA_SRC_K,
			       .param = j->target->ops[j->target->op_of_row[j->rows[slot]]].param};
}

static void handle(struct jit *j, struct jit_in *in)
{
	if (j->blind && tells(&isa_rows[j->rows[in->slot]])) {
		j->target->hide(j, (uint64_t)(int64_t)in->insn->imm);
		in->hidden = true;
		in->k = false;
	}
	j->target->ops[j->target->op_of_row[j->rows[in->slot]]].fn(j, in);
}

/* Its upper half is zero already, and that is all that would be done to it. */
static bool only_narrows(const struct jit *j, uint32_t slot)
{
	const struct iov_insn *insn = &j->image->insns[slot];

	return j->rows[slot] == ISA_MOV32_X && insn->dst == insn->src && jit_is_narrow(j, insn->dst);
}

/* Anything but the jump at a block's end. */
static void emit_row(struct jit *j, uint32_t slot)
{
	const struct iov_isa_row *row = &isa_rows[j->rows[slot]];
	struct jit_in in = look_at(j, slot);
	uint64_t value;

	if (row->kind == ISA_K_JCC || jit_useless(j, slot)) /* a jump that is never taken */
		return;
	if (is_constant(&in, row, &value))
		j->target->constant(j, in.insn->dst, value);
	else if (!only_narrows(j, slot))
		handle(j, &in);
}

/* Whether an instruction that makes a value leaves zeros in the upper half. */
static bool narrows(const struct jit *j, uint32_t slot)
{
	const struct iov_insn *insn = &j->image->insns[slot];
	const struct iov_insn_fact *fact;

	switch (j->rows[slot]) {
	case ISA_MOV64_X:
		return insn->src < IOV_R10 && jit_is_narrow(j, insn->src);
	case ISA_MOV64_K:
	case ISA_AND64_K:
		return insn->imm >= 0;
	case ISA_LD_IMM64:
		return insn[1].imm == 0;
	default:
		fact = jit_fact(j, slot);
		return fact && fact->is_const && fact->value <= UINT32_MAX;
	}
}

static void note_width(struct jit *j, uint32_t slot)
{
	unsigned traits, bit;

	if (j->rows[slot] == JIT_NO_ROW)
		return;
	traits = jit_traits[j->rows[slot]];
	bit = 1u << j->image->insns[slot].dst;
	if (traits & JIT_OTHER)
		j->narrow = 0;
	else if (traits & JIT_NARROWS || (traits & JIT_MAKES && narrows(j, slot)))
		j->narrow |= (uint16_t)bit;
	else if (traits & JIT_MAKES)
		j->narrow &= (uint16_t)~bit;
}

static bool has_row(const struct jit *j, uint32_t slot) { return slot < j->sub->end && j->rows[slot] != JIT_NO_ROW; }

static void branch_to(struct jit *j, uint32_t slot, uint32_t next);

/* Go on at `slot`, where code is emitted next or not. */
static void go(struct jit *j, uint32_t slot, uint32_t next)
{
	slot = jit_final(j, slot);
	if (!has_row(j, slot))
		j->target->trap(j);
	else if (slot != next)
		branch_to(j, slot, next);
}

/* The conditional jump that ends a block: `next` is not jumped to, if that can be, and a jump back is the conditional
 * one. */
static void emit_jcc(struct jit *j, uint32_t slot, uint32_t next)
{
	struct jit_in in = look_at(j, slot);
	uint32_t on = slot + 1;

	in.target = jit_final(j, jit_target_slot(in.insn, slot));
	if (in.target == jit_final(j, on)) {
		go(j, on, next);
		return;
	}
	if (has_row(j, on) && (in.target == next || (jit_final(j, on) < slot && jit_final(j, on) != next))) {
		on = in.target;
		in.target = slot + 1;
		in.param ^= 1;
	}
	handle(j, &in);
	go(j, on, next);
}

/* A loop's end as compilers write it once for all that come there: a step or two, and the decision to go on. Slot of
 * that when one starts at `slot`, to go on in front of it; else 0. */
static uint32_t latch_at(const struct jit *j, uint32_t slot)
{
	enum { STEPS_MOST = 2 };

	for (uint32_t i = slot; i <= slot + STEPS_MOST && i < j->sub->end && j->rows[i] != JIT_NO_ROW; i++) {
		const struct iov_isa_row *row = &isa_rows[j->rows[i]];
		const struct iov_insn_fact *fact = jit_fact(j, i);

		if (row->kind == ISA_K_JCC && !(fact && (fact->always || fact->never)))
			return i;
		if (row->kind != ISA_K_ALU || row->src != ISA_SRC_K)
			return 0;
	}
	return 0;
}

/* A jump back to a loop's end makes a copy of it instead: one jump less in each turn. */
static void branch_to(struct jit *j, uint32_t slot, uint32_t next)
{
	uint32_t end = slot < j->at ? latch_at(j, slot) : 0;

	if (!end) {
		jit_branch_slot(j, JIT_JMP, 0, slot);
		return;
	}
	for (; slot < end; slot++)
		emit_row(j, slot);
	j->at = 0; /* a copy of a copy might be one of itself */
	emit_jcc(j, end, next);
}

static void emit_end(struct jit *j, const struct jit_block *b, uint32_t next)
{
	struct jit_in in = look_at(j, b->last);

	j->at = b->last;
	if (b->target == NOWHERE && b->follows == NOWHERE)
		handle(j, &in);
	else if (b->target == NOWHERE)
		go(j, b->follows, next);
	else if (b->follows == NOWHERE)
		go(j, b->target, next);
	else if (isa_rows[j->rows[b->last]].kind == ISA_K_JCC)
		emit_jcc(j, b->last, next);
	else {
		handle(j, &in);
		go(j, b->follows, next);
	}
}

/* What follows an inlined lookup when it is nothing but the question whether it found something: the slot that a miss
 * goes to, and the one that it does not go to. Only constants and copies of the result lie between. */
static bool asks_for_null(const struct jit *j, const struct jit_block *b, uint32_t slot, uint32_t *missed,
			  uint32_t *found)
{
	const struct iov_insn *insn = &j->image->insns[b->last];
	bool equal = j->rows[b->last] == ISA_JEQ64_K;
	unsigned results = 1u << IOV_R0;
	uint64_t value;

	if ((!equal && j->rows[b->last] != ISA_JNE64_K) || insn->imm || jit_is_known(j, b->last))
		return false;
	for (; slot < b->last; slot += 1 + isa_is_wide(&j->image->insns[slot])) {
		struct jit_in in = look_at(j, slot);

		if (is_constant(&in, &isa_rows[j->rows[slot]], &value))
			results &= ~(1u << in.insn->dst);
		else if (j->rows[slot] == ISA_MOV64_X && results >> in.insn->src & 1)
			results |= 1u << in.insn->dst;
		else
			return false;
	}
	*missed = jit_final(j, equal ? b->target : b->follows);
	*found = equal ? b->follows : b->target;
	return results >> insn->dst & 1 && has_row(j, *missed);
}

/* What stands between a lookup and its question, on the way to `to`, where only some registers are read: constants, and
 * copies of the result, which is in r0, or 0. */
static void emit_between(struct jit *j, uint32_t slot, uint32_t end, uint32_t to, bool zero)
{
	unsigned live;

	to = jit_final(j, to);
	live = has_row(j, to) ? j->live[to] : 0;
	for (; slot < end; slot += 1 + isa_is_wide(&j->image->insns[slot])) {
		bool copy = j->rows[slot] == ISA_MOV64_X && !jit_is_known(j, slot);
		int dst = j->image->insns[slot].dst;

		if (copy && zero && live >> dst & 1)
			j->target->constant(j, dst, 0);
		else if (copy ? !zero : live >> dst & 1)
			emit_row(j, slot);
	}
}

static bool writes_r0(const struct jit *j, uint32_t slot, uint32_t end)
{
	for (; slot < end && j->image->insns[slot].dst != IOV_R0; slot += 1 + isa_is_wide(&j->image->insns[slot]))
		;
	return slot < end;
}

/* An array lookup without a call, and the question whether it found something as the very branch that it makes. The
 * slots that it took; all up to the block's end: that is behind us, too. */
static uint32_t emit_lookup(struct jit *j, const struct jit_block *b, uint32_t slot, uint32_t next)
{
	struct jit_lookup l = {.map = j->rows[slot] == ISA_CALL_HELPER ? jit_array_of(j, slot) : NULL,
			       .fact = jit_fact(j, slot), .key = -1, .base = IOV_R2};
	uint32_t slots = l.map ? 1 : jit_match_lookup(j, slot, &l), behind = slot + slots, missed, found;
	bool misses;

	if (!slots)
		return 0;
	l.missed = -1;
	l.zero = true;
	if (l.key >= 0)
		emit_row(j, slot);
	if (!asks_for_null(j, b, behind, &missed, &found)) {
		j->target->key(j, &l);
		j->target->lookup(j, &l);
		return slots;
	}
	j->narrow = 0;
	l.missed = missed;
	l.zero = j->live[missed] >> IOV_R0 & 1 && !writes_r0(j, behind, b->last);
	j->at = b->last;
	misses = l.fact->key_const && l.fact->key >= l.map->max_entries;
	j->target->key(j, &l);
	if (!l.fact->key_const)
		emit_between(j, behind, b->last, missed, true);
	j->target->lookup(j, &l);
	found = misses ? missed : found;
	emit_between(j, behind, b->last, found, misses);
	go(j, found, next);
	return b->end - slot;
}

static uint32_t emit_fused(struct jit *j, uint32_t slot)
{
	struct jit_fused f, rest;
	uint32_t slots = jit_match(j, slot, &f, &rest);
	bool before;

	if (!slots)
		return 0;
	if (f.kind == JIT_EXTEND && f.width == 32 && !f.is_signed && f.dst == f.src && jit_is_narrow(j, f.src))
		return slots;
	before = rest.dst >= 0 && rest.dst != f.src;
	if (before && !j->target->fused(j, &rest))
		return 0;
	if (!j->target->fused(j, &f))
		return 0;
	if (rest.dst >= 0 && !before)
		j->target->fused(j, &rest);
	return slots;
}

static void speed_up_loop(struct jit *j, uint32_t slot)
{
	struct jit_sum s;

	if (j->marks[slot] & JIT_MARK_TARGET && !j->blind && jit_match_sum(j, slot, &s))
		j->target->sum(j, &s);
}

/* The slots that it took. */
static uint32_t emit_some(struct jit *j, const struct jit_block *b, uint32_t slot, uint32_t next)
{
	uint32_t slots = 0;

	if (!jit_useless(j, slot)) {
		slots = emit_lookup(j, b, slot, next);
		if (!slots)
			slots = emit_fused(j, slot);
		if (!slots)
			emit_row(j, slot);
	}
	return slots ? slots : isa_is_wide(&j->image->insns[slot]) ? 2 : 1;
}

static void emit_block(struct jit *j, const struct jit_block *b, uint32_t next)
{
	bool jumps = b->target != NOWHERE || b->follows == NOWHERE;
	uint32_t end = jumps ? b->last : b->end, i = b->start, slots;

	if (j->marks[i] & JIT_MARK_TARGET || j->behind != i)
		j->narrow = 0;
	j->behind = b->end;
	j->offset[i] = code_at(&j->code);
	speed_up_loop(j, i);
	for (; i < end; i += slots) {
		slots = emit_some(j, b, i, next);
		for (uint32_t k = i; k < i + slots; k++) {
			note_width(j, k);
			if (k + 1 < b->end)
				j->offset[k + 1] = code_at(&j->code);
		}
	}
	if (i < b->end || !jumps)
		emit_end(j, b, next);
	j->offset[b->end - 1] = j->offset[b->last];
}

/* A goto is where it goes: it has code only where too long a chain of them ends. */
static bool has_code(const struct jit_block *b) { return !b->is_goto || b->needed; }

static void emit_blocks(struct jit *j)
{
	const uint32_t *order = &j->order[j->sub->first_block];
	const struct jit_block *blocks = &j->blocks[j->sub->first_block], *b;

	for (uint32_t n = 0, next; n < j->sub->block_count; n++) {
		b = &blocks[order[n]];
		for (next = n + 1; next < j->sub->block_count && !has_code(&blocks[order[next]]);)
			next++;
		if (has_code(b))
			emit_block(j, b, next < j->sub->block_count ? blocks[order[next]].start : NOWHERE);
		else
			j->offset[b->start] = code_at(&j->code);
	}
}

/* Dead code is not emitted. Where control would run into it all the same, it traps. */
void jit_function(struct jit *j)
{
	struct jit_sub *sub = j->sub;

	jit_live(j);
	j->code.failed |= !jit_layout(j);
	if (j->bug || j->code.failed)
		return;
	jit_settle(j);
	j->behind = NOWHERE;
	sub->entry = code_at(&j->code);
	j->target->prologue(j);
	emit_blocks(j);
	sub->thunk = sub->entry;
	j->target->thunk(j);
}
