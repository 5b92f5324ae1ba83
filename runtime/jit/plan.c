/* SPDX-License-Identifier: Apache-2.0 */
/* The JIT's first pass: which row each slot is, where jumps land, and what each subprogram needs of a frame.
 *
 * The program is verified, so anything impossible here (an unknown instruction, a write to r10, a jump out of the
 * program) is a bug of this process: it sets j->bug, and nothing is compiled. */
#include "runtime/jit/jit.h"

uint32_t jit_target_slot(const struct iov_insn *insn, uint32_t slot)
{
	return (uint32_t)((int64_t)slot + 1 + (insn->code == 0x06 ? insn->imm : insn->off));
}

int64_t jit_sub_at(const struct jit *j, int64_t slot)
{
	uint32_t low = 0, high = j->sub_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (j->subs[mid].start < slot)
			low = mid + 1;
		else
			high = mid;
	}
	return low < j->sub_count && j->subs[low].start == slot ? (int64_t)low : -1;
}

uint32_t jit_callee(const struct jit *j, const struct jit_in *in)
{
	return (uint32_t)jit_sub_at(j, (int64_t)in->slot + 1 + in->insn->imm);
}

/* The register that an instruction writes, or -1. Calls write r0 to r5 only. */
static int written(const struct iov_isa_row *row, const struct iov_insn *insn)
{
	switch (row->kind) {
	case ISA_K_ALU:
	case ISA_K_END:
	case ISA_K_CAST:
	case ISA_K_LDX:
	case ISA_K_LDSX:
	case ISA_K_LDIMM64:
		return insn->dst;
	case ISA_K_ATOMIC:
		if (row->oper == ISA_O_LOAD_ACQ)
			return insn->dst;
		if ((row->oper >= ISA_O_FETCH_ADD && row->oper <= ISA_O_FETCH_XOR) || row->oper == ISA_O_XCHG)
			return insn->src;
		return row->oper == ISA_O_CMPXCHG ? IOV_R0 : -1;
	default:
		return -1;
	}
}

/* r10 may be a base or be compared; nothing else reads it as destination. */
static bool bad_registers(const struct iov_isa_row *row, const struct iov_insn *insn, int reg)
{
	bool base = row->kind == ISA_K_ST || row->kind == ISA_K_STX || row->kind == ISA_K_ATOMIC ||
		    row->kind == ISA_K_JCC;

	return insn->dst > (base ? IOV_R10 : IOV_R9) || (row->src == ISA_SRC_X && insn->src > IOV_R10) ||
	       reg == IOV_R10;
}

static enum iov_status unsupported(struct jit *j, uint32_t slot, const char *what, const char *hint)
{
	struct iov_diag *d = diag_add(j->sink, DIAG_JIT_UNSUPPORTED, prog_span(j->image->prog, slot),
				      "the JIT does not support %s", what);

	diag_hint(d, "%s", hint);
	return IOV_DIAGNOSED;
}

const struct iov_map_head *jit_array_of(const struct jit *j, uint32_t slot)
{
	enum { ARRAY = 2, PERCPU_ARRAY = 6 };
	const struct iov_insn *insn = &j->image->insns[slot];
	const struct iov_insn_fact *fact = jit_fact(j, slot);
	const struct iov_map_head *map;

	if (j->blind || !fact || fact->map < 0 || (uint32_t)fact->map >= j->image->map_count || insn->src ||
	    insn->imm != IOV_HELPER_MAP_LOOKUP)
		return NULL;
	map = (const struct iov_map_head *)(const void *)j->image->maps[fact->map];
	if (!map || !map->data || (map->type != ARRAY && map->type != PERCPU_ARRAY))
		return NULL;
	return map->stride && map->stride <= INT32_MAX && map->max_entries <= INT32_MAX ? map : NULL;
}

static enum iov_status plan_call(struct jit *j, uint32_t slot, const struct iov_insn *insn, int oper)
{
	const struct iov_map_head *array = oper == ISA_O_HELPER ? jit_array_of(j, slot) : NULL;
	int64_t callee;

	if (array) {
		j->sub->env |= array->cpu_stride != 0;
		return IOV_OK;
	}
	j->sub->calls = true;
	switch (oper) {
	case ISA_O_SUBPROG:
		callee = jit_sub_at(j, (int64_t)slot + 1 + insn->imm);
		j->bug |= callee < 0;
		return IOV_OK;
	case ISA_O_HELPER:
	case ISA_O_KFUNC:
		j->sub->env = true;
		if (!j->image->calls || !j->image->calls[slot])
			return unsupported(j, slot, "a call of a function that this runtime does not have",
					   "Name a platform that offers it, or register the helper before loading.");
		return IOV_OK;
	default:
		j->sub->env = true;
		return IOV_OK;
	}
}

bool jit_is_tail_call(const struct iov_insn *insn)
{
	return insn->code == 0x85 && insn->src == 0 && insn->imm == IOV_HELPER_TAIL_CALL;
}

/* A block ends here, and one starts there unless one did already; each may take a branch more to go on elsewhere, and a
 * jump back two (emit.c: branch_to()). */
static void plan_jump(struct jit *j, uint32_t target)
{
	if (target < j->sub->start || target >= j->sub->end) {
		j->bug = true;
		return;
	}
	j->block_cap += 2;
	j->reloc_cap += 4;
	j->marks[target] |= JIT_MARK_TARGET;
}

static enum iov_status plan_insn(struct jit *j, uint32_t slot, const struct iov_insn *insn,
				 const struct iov_isa_row *row)
{
	struct jit_sub *sub = j->sub;
	int reg = written(row, insn);

	j->bug |= bad_registers(row, insn, reg);
	if (reg >= IOV_R6 && reg <= IOV_R9)
		sub->saved |= (uint8_t)(1 << (reg - IOV_R6));
	sub->fp |= (row->src == ISA_SRC_X && insn->src == IOV_R10) || ((row->fields & ISA_F_D) && insn->dst == IOV_R10);
	switch (row->kind) {
	case ISA_K_MAY_GOTO:
		sub->may_goto = true;
		/* fall through */
	case ISA_K_JA:
	case ISA_K_JCC:
		plan_jump(j, jit_target_slot(insn, slot));
		return IOV_OK;
	case ISA_K_EXIT:
		j->block_cap++;
		return IOV_OK;
	case ISA_K_CALL:
		j->reloc_cap++;
		if (jit_is_tail_call(insn)) {
			sub->env = sub->tails = true;
			return IOV_OK;
		}
		return plan_call(j, slot, insn, row->oper);
	case ISA_K_LDABS:
	case ISA_K_LDIND:
		j->reloc_cap++;
		sub->calls = true;
		return IOV_OK;
	case ISA_K_LDIMM64:
		if (row->oper != ISA_O_FUNC)
			return IOV_OK;
		j->reloc_cap++;
		j->bug |= jit_sub_at(j, (int64_t)slot + 1 + insn->imm) < 0;
		if (!j->bug)
			j->subs[jit_sub_at(j, (int64_t)slot + 1 + insn->imm)].callback = true;
		return IOV_OK;
	default:
		return IOV_OK;
	}
}

static enum iov_status plan_sub(struct jit *j, uint32_t index)
{
	const struct iov_image *image = j->image;
	struct jit_sub *sub = j->sub = &j->subs[index];
	const struct iov_isa_row *row;
	enum iov_status status;

	for (uint32_t i = sub->start; i < sub->end && !j->bug; i++) {
		const struct iov_insn_fact *fact = jit_fact(j, i);
		bool wide = isa_is_wide(&image->insns[i]);

		if (wide && i + 1 >= sub->end) {
			j->bug = true;
		} else if (!fact || fact->reached) {
			row = isa_find(&image->insns[i]);
			if (!row) {
				j->bug = true;
				break;
			}
			j->rows[i] = (uint8_t)isa_index(row);
			status = plan_insn(j, i, &image->insns[i], row);
			if (status != IOV_OK)
				return status;
		}
		i += wide;
	}
	if (sub->fp)
		sub->stack = image->facts && image->facts->sub_stack ? image->facts->sub_stack[index] : IOV_FRAME_STACK;
	sub->stack = (sub->stack + 7) & ~7u;
	j->env |= sub->env;
	return IOV_OK;
}

static void plan_bounds(struct jit *j)
{
	const struct iov_prog *prog = j->image->prog;

	for (uint32_t i = 0; i < j->sub_count; i++) {
		struct jit_sub *sub = &j->subs[i];

		sub->start = prog->sub_count ? prog->subs[i].start : 0;
		sub->end = prog->sub_count ? sub->start + prog->subs[i].count : j->image->count;
		j->bug |= sub->end > j->image->count || sub->end < sub->start || (i && sub->start < j->subs[i - 1].end);
	}
	j->bug |= !j->image->count || j->subs[0].start != 0;
	if (!j->bug && prog->exception_sub)
		j->subs[prog->exception_sub].callback = true;
}

enum iov_status jit_plan(struct jit *j)
{
	uint32_t count = j->image->count;
	enum iov_status status = IOV_OK;

	j->sub_count = j->image->prog->sub_count ? j->image->prog->sub_count : 1;
	j->subs = arena_array(&j->arena, j->sub_count, sizeof(*j->subs));
	j->rows = arena_alloc(&j->arena, count);
	j->marks = arena_alloc(&j->arena, count);
	j->live = arena_room(&j->arena, count, sizeof(*j->live));
	j->offset = arena_array(&j->arena, (size_t)count + 1, sizeof(*j->offset));
	if (!j->subs || !j->rows || !j->marks || !j->live || !j->offset)
		return IOV_NOMEM;
	j->block_cap = j->sub_count;
	__builtin_memset(j->rows, JIT_NO_ROW, count);
	plan_bounds(j);
	for (uint32_t i = 0; i < j->sub_count && status == IOV_OK && !j->bug; i++)
		status = plan_sub(j, i);
	if (status == IOV_OK && j->bug)
		return IOV_BUG;
	j->reloc_cap += j->sub_count;
	j->relocs = arena_room(&j->arena, j->reloc_cap, sizeof(*j->relocs));
	j->blocks = arena_room(&j->arena, j->block_cap, sizeof(*j->blocks));
	j->order = arena_room(&j->arena, j->block_cap, sizeof(*j->order));
	return status == IOV_OK && (!j->relocs || !j->blocks || !j->order) ? IOV_NOMEM : status;
}
