/* SPDX-License-Identifier: Apache-2.0 */
/* From slots to the interpreter's operations: decode each slot; let one handler do several where it can; close the gaps
 * and link the jumps.
 *
 * One handler does what the JIT would make one instruction of (jit/match.c), and what only saves a dispatch: a copy and
 * an operation on it, a load and the swap of its bytes, a jump over a goto. Facts make constants and known jumps of
 * what always comes out the same. */
#include "runtime/interp.h"
#include "runtime/jit/jit.h"

enum { FRAME_ALIGN = INTERP_FRAME_ALIGN };

struct decoder {
	struct jit j;        /* what jit_match() reads of one: rows, jump targets, registers */
	struct jit_sub sub;
	uint8_t *take;       /* by slot: slots that the operation there stands for */
	uint32_t *place;     /* by slot: where its operation, or what comes before it, ends up */
	struct jit_sum **sums; /* by slot: of the loop that starts here, or NULL */
	const void *const *handlers;
	struct iov_op *ops;
};

static enum iov_status plan(struct decoder *d)
{
	struct jit *j = &d->j;
	const struct iov_image *image = j->image;

	j->rows = arena_alloc(&j->arena, image->count);
	j->marks = arena_alloc(&j->arena, image->count);
	j->live = arena_room(&j->arena, image->count, sizeof(*j->live));
	d->take = arena_alloc(&j->arena, image->count);
	d->place = arena_array(&j->arena, image->count, sizeof(*d->place));
	d->sums = arena_array(&j->arena, image->count, sizeof(*d->sums));
	d->ops = arena_array(&j->arena, image->count, sizeof(*d->ops));
	if (!j->rows || !j->marks || !j->live || !d->take || !d->place || !d->sums || !d->ops)
		return IOV_NOMEM;
	__builtin_memset(j->rows, JIT_NO_ROW, image->count);
	__builtin_memset(j->marks, 0, image->count);
	for (uint32_t slot = 0; slot < image->count; slot += isa_is_wide(&image->insns[slot]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&image->insns[slot]);
		const struct iov_insn_fact *fact = jit_fact(j, slot);

		if (!row)
			return IOV_BUG;
		if (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO) {
			int64_t target = isa_target(row, &image->insns[slot], slot);

			if (target < 0 || target >= image->count)
				return IOV_BUG;
			j->marks[target] |= JIT_MARK_TARGET;
		}
		if (!fact || fact->reached)
			j->rows[slot] = (uint8_t)isa_index(row);
	}
	jit_live(j);
	return IOV_OK;
}

static int by_width(int width, enum interp_handler first)
{
	return (int)first + (width == 8 ? 0 : width == 16 ? 1 : width == 32 ? 2 : 3);
}

static int handler_of(const struct jit_fused *f)
{
	switch (f->kind) {
	case JIT_ADDRESS:
		return f->index < 0 ? INTERP_lea : INTERP_lea_index;
	case JIT_LOAD:
		return by_width(f->width, f->index < 0 ? INTERP_load8 : INTERP_load8_index);
	case JIT_LOAD_SWAPPED:
		return f->width == 16 ? INTERP_load16_swapped : -1;
	case JIT_EXTEND:
		return by_width(f->width, f->is_signed ? INTERP_sext8 : INTERP_zext8);
	case JIT_ROTATE:
		return f->width == 32 ? INTERP_rotate32 : INTERP_rotate64;
	default:
		return -1;
	}
}

static uint32_t fuse_matched(const struct jit *j, uint32_t slot, const void *const *handlers, struct iov_op *op)
{
	struct jit_fused f, rest;
	uint32_t slots = jit_match(j, slot, &f, &rest);
	int handler = slots && rest.dst < 0 ? handler_of(&f) : -1;

	if (handler < 0)
		return 0;
	*op = (struct iov_op){.go = handlers[handler], .dst = (uint8_t)f.dst, .src = (uint8_t)f.src,
			      .k = f.kind == JIT_ROTATE ? f.count : (uint64_t)(int64_t)f.disp,
			      .off = (int16_t)((f.index < 0 ? 0 : f.index) | (int)f.scale << 8)};
	return slots;
}

/* Two rows on one register, of which the second reads nothing else. */
static uint32_t fuse_pair(const struct jit *j, uint32_t slot, const void *const *handlers, struct iov_op *op)
{
	static const struct {
		enum iov_isa first, second;
		enum interp_handler handler;
	} pairs[] = {
		{ISA_MOV64_X, ISA_AND64_K, INTERP_and3_64}, {ISA_MOV64_X, ISA_LSH64_K, INTERP_shl3_64},
		{ISA_MOV64_X, ISA_RSH64_K, INTERP_shr3_64}, {ISA_MOV32_X, ISA_AND32_K, INTERP_and3_32},
		{ISA_MOV32_X, ISA_LSH32_K, INTERP_shl3_32}, {ISA_MOV32_X, ISA_RSH32_K, INTERP_shr3_32},
		{ISA_LDX32, ISA_BE32, INTERP_load32_swapped}, {ISA_LDX32, ISA_BSWAP32, INTERP_load32_swapped},
		{ISA_LDX64, ISA_BE64, INTERP_load64_swapped}, {ISA_LDX64, ISA_BSWAP64, INTERP_load64_swapped},
	};
	const struct iov_insn *insn = &j->image->insns[slot];

	if (slot + 1 >= j->sub->end || j->marks[slot + 1] & JIT_MARK_TARGET || insn[1].dst != insn->dst)
		return 0;
	for (uint32_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		bool load = pairs[i].first == ISA_LDX32 || pairs[i].first == ISA_LDX64;

		if (j->rows[slot] != pairs[i].first || j->rows[slot + 1] != pairs[i].second)
			continue;
		op->go = handlers[pairs[i].handler];
		op->k = (uint64_t)(int64_t)(load ? insn->off : insn[1].imm);
		return 2;
	}
	return 0;
}

/* The opposite condition; rows that have none jump over the goto as they are written. */
static const struct iov_isa_row *opposite(struct iov_insn insn)
{
	enum { CONDITION = 0xf0 };
	static const uint8_t pairs[][2] = {{0x10, 0x50}, {0x20, 0xb0}, {0x30, 0xa0}, {0x60, 0xd0}, {0x70, 0xc0}};

	for (uint32_t i = 0; i < 2 * sizeof(pairs) / sizeof(pairs[0]); i++)
		if ((insn.code & CONDITION) == pairs[i / 2][i % 2]) {
			insn.code = (uint8_t)((insn.code & ~CONDITION) | pairs[i / 2][1 - i % 2]);
			return isa_find(&insn);
		}
	return NULL;
}

static uint32_t fuse_jump(const struct decoder *d, uint32_t slot)
{
	const struct jit *j = &d->j;
	const struct iov_insn_fact *fact = jit_fact(j, slot);
	struct iov_op *op = &d->ops[slot];
	uint32_t over = slot + 1;
	const struct iov_isa_row *row;

	if (fact && (fact->always || fact->never)) {
		op->go = d->handlers[ISA_JA];
		op->jump = fact->always ? op->jump : (int32_t)slot + 1;
		return 1;
	}
	if (op->jump != (int32_t)slot + 2 || over >= j->sub->end || j->rows[over] == JIT_NO_ROW ||
	    isa_rows[j->rows[over]].kind != ISA_K_JA || j->marks[over] & JIT_MARK_TARGET)
		return 1;
	row = opposite(j->image->insns[slot]);
	if (!row)
		return 1;
	op->go = d->handlers[isa_index(row)];
	op->jump = d->ops[over].jump;
	return 2;
}

static uint32_t fuse(const struct decoder *d, uint32_t slot)
{
	const struct jit *j = &d->j;
	const struct iov_insn_fact *fact = jit_fact(j, slot);
	enum iov_isa_kind kind = isa_rows[j->rows[slot]].kind;
	struct iov_op *op = &d->ops[slot];
	uint32_t slots = fuse_matched(j, slot, d->handlers, op);

	if (!slots)
		slots = fuse_pair(j, slot, d->handlers, op);
	if (slots)
		return slots;
	if (kind == ISA_K_JCC)
		return fuse_jump(d, slot);
	if (fact && fact->is_const && (kind == ISA_K_ALU || kind == ISA_K_END)) {
		op->go = d->handlers[ISA_MOV64_K];
		op->k = fact->value;
	}
	return isa_is_wide(&j->image->insns[slot]) ? 2 : 1;
}

static int32_t sub_stack_at(const struct iov_image *image, uint32_t slot)
{
	const struct iov_subprog *sub = prog_sub_at(image->prog, slot);
	uint32_t bytes = IOV_FRAME_STACK;

	if (sub && image->facts && image->facts->sub_stack)
		bytes = image->facts->sub_stack[sub - image->prog->subs];
	return (int32_t)((bytes + FRAME_ALIGN - 1) & ~(FRAME_ALIGN - 1U));
}

/* What an operation names of others is a slot, until it is linked. */
static void decode(const struct decoder *d, uint32_t slot)
{
	const struct iov_image *image = d->j.image;
	const struct iov_insn *insn = &image->insns[slot];
	const struct iov_isa_row *row = isa_find(insn);
	struct iov_op *op = &d->ops[slot];

	*op = (struct iov_op){.go = d->handlers[isa_index(row)], .k = (uint64_t)(int64_t)insn->imm, .dst = insn->dst,
			      .src = insn->src, .off = insn->off};
	if (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO)
		op->jump = (int32_t)isa_target(row, insn, slot);
	else if (row->kind == ISA_K_LDIMM64)
		op->k = isa_imm64(insn);
	else if (row->kind == ISA_K_CALL)
		op->jump = sub_stack_at(image, slot);
	if (row->oper == ISA_O_HELPER && insn->imm == IOV_HELPER_TAIL_CALL)
		op->go = d->handlers[INTERP_tail_call];
	else if (row->oper == ISA_O_HELPER || row->oper == ISA_O_KFUNC)
		op->k = (uintptr_t)image->calls[slot];
}

static enum iov_status find_sums(const struct decoder *d, struct iov_arena *arena)
{
	struct jit_sum sum;

	for (uint32_t slot = 0; slot < d->j.image->count; slot++) {
		if (!(d->j.marks[slot] & JIT_MARK_TARGET) || !jit_match_sum(&d->j, slot, &sum))
			continue;
		d->sums[slot] = arena_copy(arena, &sum, sizeof(sum));
		if (!d->sums[slot])
			return IOV_NOMEM;
	}
	return IOV_OK;
}

static enum iov_status link_ops(const struct decoder *d, struct iov_arena *arena, struct interp_code **out)
{
	struct iov_image *image = d->j.image;
	const struct iov_prog *prog = image->prog;
	struct iov_op *to;
	uint32_t count = 0;

	for (uint32_t slot = 0; slot < image->count; slot += d->take[slot]) {
		d->place[slot] = count;
		count += d->sums[slot] ? 2 : 1;
	}
	*out = arena_alloc(arena, sizeof(**out) + count * sizeof(*to));
	if (!*out)
		return IOV_NOMEM;
	to = (*out)->ops;
	for (uint32_t slot = 0; slot < image->count; slot += d->take[slot]) {
		const struct iov_insn *insn = &image->insns[slot];
		const struct iov_isa_row *row = isa_find(insn);
		struct iov_op op = d->ops[slot];

		if (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO)
			op.jump = (int32_t)((int64_t)d->place[op.jump] - (to - (*out)->ops)) * (int32_t)sizeof(op);
		if (row->oper == ISA_O_SUBPROG || row->oper == ISA_O_FUNC)
			op.k = (uintptr_t)&(*out)->ops[d->place[(int64_t)slot + 1 + insn->imm]];
		if (d->sums[slot])
			*to++ = (struct iov_op){.go = d->handlers[INTERP_sum], .k = (uintptr_t)d->sums[slot]};
		*to++ = op;
	}
	if (prog && prog->exception_sub)
		image->exception = (uintptr_t)&(*out)->ops[d->place[prog->subs[prog->exception_sub].start]];
	return IOV_OK;
}

static enum iov_status decode_all(struct decoder *d)
{
	const struct iov_image *image = d->j.image;
	enum iov_status status = plan(d);
	uint32_t slot;

	if (status)
		return status;
	for (slot = 0; slot < image->count; slot += isa_is_wide(&image->insns[slot]) ? 2 : 1)
		decode(d, slot);
	for (slot = 0; slot < image->count; slot += d->take[slot])
		if (d->j.rows[slot] != JIT_NO_ROW)
			d->take[slot] = (uint8_t)fuse(d, slot);
		else
			d->take[slot] = isa_is_wide(&image->insns[slot]) ? 2 : 1;
	return IOV_OK;
}

enum iov_status interp_decode(const struct iov_image *image, struct iov_arena *arena, const void *const *handlers,
			      struct interp_code **out)
{
	struct decoder d = {.sub = {.end = image->count}, .handlers = handlers};
	enum iov_status status;

	d.j.image = (struct iov_image *)(uintptr_t)image;
	d.j.sub = &d.sub;
	arena_init(&d.j.arena, arena->alloc);
	status = decode_all(&d);
	if (status == IOV_OK)
		status = find_sums(&d, arena);
	if (status == IOV_OK)
		status = link_ops(&d, arena, out);
	arena_free(&d.j.arena);
	return status;
}
