/* SPDX-License-Identifier: Apache-2.0 */
/* The JIT's second pass: the slots of a subprogram one after another, to the target's handlers. What is decided here
 * holds for every machine: dead code, constants, known branches, jumps over jumps, fusions, hidden constants. */
#include "runtime/jit/jit.h"

#include <string.h>

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
	j->bug |= j->rows[slot] == JIT_NO_ROW;
	jit_branch(j, kind, arg, slot);
}

void jit_call_c(struct jit *j, const void *function)
{
	jit_branch(j, JIT_CALL_EXT, 0, 0);
	if (!j->bug)
		j->relocs[j->reloc_count - 1].addr = function;
}

bool jit_folded(struct jit *j, const struct jit_in *in)
{
	if (in->fact && in->fact->always)
		jit_branch_slot(j, JIT_JMP, 0, in->target);
	return in->fact && (in->fact->always || in->fact->never);
}

/* A conditional jump over a goto (what compilers write for a long or a backward jump) goes there on the opposite. */
static bool skips_goto(const struct jit *j, const struct jit_in *in)
{
	uint32_t over = in->slot + 1;

	return in->target == over + 1 && j->rows[over] != JIT_NO_ROW && isa_rows[j->rows[over]].kind == ISA_K_JA &&
	       !(j->marks[over] & JIT_MARK_TARGET) && !(in->fact && (in->fact->always || in->fact->never));
}

static uint32_t emit_jump(struct jit *j, struct jit_in *in, jit_op_fn *fn)
{
	bool skips;

	in->target = jit_target_slot(in->insn, in->slot);
	skips = skips_goto(j, in);
	if (skips) {
		in->param ^= 1;
		in->target = jit_target_slot(in->insn + 1, in->slot + 1);
	}
	fn(j, in);
	return skips ? 2 : 1;
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

void jit_op_call(struct jit *j, const struct jit_in *in)
{
	struct jit_lookup l = {.map = jit_array_of(j, in->slot), .fact = in->fact, .key = -1, .base = IOV_R2};

	if (jit_is_tail_call(in->insn))
		j->target->tail_call(j);
	else if (l.map)
		j->target->lookup(j, &l);
	else
		j->target->call(j, (const void *)(uintptr_t)j->image->calls[in->slot]);
}

void jit_op_subprog(struct jit *j, const struct jit_in *in)
{
	uint32_t callee = jit_callee(j, in);

	jit_branch(j, JIT_CALL, 0, callee);
	if (j->subs[callee].tails && j->target->take_result)
		j->target->take_result(j);
}

/* The slots that it took. */
static uint32_t emit_row(struct jit *j, uint32_t slot)
{
	enum iov_isa isa = j->rows[slot];
	const struct iov_isa_row *row = &isa_rows[isa];
	const struct jit_op *op = &j->target->ops[j->target->op_of_row[isa]];
	struct jit_in in = {.insn = &j->image->insns[slot],
			    .fact = jit_fact(j, slot),
			    .slot = slot,
			    .width = row->width,
			    .k = row->src == ISA_SRC_K,
			    .param = op->param};
	uint64_t value;

	if (is_constant(&in, row, &value)) {
		j->target->constant(j, in.insn->dst, value);
		return isa_is_wide(in.insn) ? 2 : 1;
	}
	if (j->blind && tells(row) && !(row->kind == ISA_K_JCC && in.fact && (in.fact->always || in.fact->never))) {
		j->target->hide(j, (uint64_t)(int64_t)in.insn->imm);
		in.hidden = true;
		in.k = false;
	}
	if (row->kind == ISA_K_JCC)
		return emit_jump(j, &in, op->fn);
	op->fn(j, &in);
	return isa_is_wide(in.insn) ? 2 : 1;
}

static uint32_t emit_lookup(struct jit *j, uint32_t slot)
{
	struct jit_lookup l;
	uint32_t slots = jit_match_lookup(j, slot, &l);

	if (!slots)
		return 0;
	if (l.key >= 0)
		emit_row(j, slot);
	j->target->lookup(j, &l);
	return slots;
}

static uint32_t emit_fused(struct jit *j, uint32_t slot)
{
	struct jit_fused f, rest;
	uint32_t slots = jit_match(j, slot, &f, &rest);
	bool before;

	if (!slots)
		return 0;
	before = rest.dst >= 0 && rest.dst != f.src;
	if (before && !j->target->fused(j, &rest))
		return 0;
	if (!j->target->fused(j, &f))
		return 0;
	if (rest.dst >= 0 && !before)
		j->target->fused(j, &rest);
	return slots;
}

/* A loop's end as compilers write it once for all that come there: a step or two, and the decision to go on. Slot of
 * that when one starts at `slot`, to go on in front of `back`; else 0. */
static uint32_t latch_at(const struct jit *j, uint32_t slot, uint32_t back)
{
	enum { STEPS_MOST = 2 };

	for (uint32_t i = slot; i <= slot + STEPS_MOST && i < j->sub->end && j->rows[i] != JIT_NO_ROW; i++) {
		const struct iov_isa_row *row = &isa_rows[j->rows[i]];
		const struct iov_insn_fact *fact = jit_fact(j, i);

		if (row->kind == ISA_K_JCC && !(fact && (fact->always || fact->never)))
			return jit_target_slot(&j->image->insns[i], i) <= back ? i : 0;
		if (row->kind != ISA_K_ALU || row->src != ISA_SRC_K)
			return 0;
	}
	return 0;
}

/* A jump back to such an end makes a copy of it instead: one jump less in each turn. False: it is another jump. */
static bool emit_latch(struct jit *j, uint32_t slot)
{
	uint32_t from, end, i;

	if (isa_rows[j->rows[slot]].kind != ISA_K_JA)
		return false;
	from = jit_target_slot(&j->image->insns[slot], slot);
	end = from < slot ? latch_at(j, from, slot) : 0;
	if (!end || end + 1 >= j->sub->end || j->rows[end + 1] == JIT_NO_ROW)
		return false;
	for (i = from; i <= end;)
		i += emit_row(j, i); /* with a goto behind it the decision may be one jump */
	jit_branch_slot(j, JIT_JMP, 0, i);
	return true;
}

static void speed_up_loop(struct jit *j, uint32_t slot)
{
	struct jit_sum s;

	if (j->marks[slot] & JIT_MARK_TARGET && !j->blind && jit_match_sum(j, slot, &s))
		j->target->sum(j, &s);
}

/* Control does not come out of the end of these. */
static bool ends(const struct jit *j, uint32_t slot)
{
	const struct iov_insn_fact *fact = jit_fact(j, slot);
	enum iov_isa_kind kind = isa_rows[j->rows[slot]].kind;

	return kind == ISA_K_EXIT || kind == ISA_K_JA || (kind == ISA_K_JCC && fact && fact->always);
}

/* Dead code is not emitted. Where control would run into it all the same, it traps. */
void jit_function(struct jit *j)
{
	struct jit_sub *sub = j->sub;
	bool open = true;
	uint32_t slots;

	sub->entry = code_at(&j->code);
	j->target->prologue(j);
	for (uint32_t i = sub->start; i < sub->end; i++) {
		j->offset[i] = code_at(&j->code);
		if (j->rows[i] == JIT_NO_ROW) {
			if (open)
				j->target->trap(j);
			open = false;
			continue;
		}
		speed_up_loop(j, i);
		slots = emit_lookup(j, i);
		if (!slots)
			slots = emit_fused(j, i);
		if (!slots)
			slots = emit_latch(j, i) ? 1 : emit_row(j, i);
		open = !ends(j, i);
		while (--slots)
			j->offset[++i] = code_at(&j->code);
	}
	if (open)
		j->target->trap(j);
	sub->thunk = sub->entry;
	j->target->thunk(j);
}
