/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic and constants: numbers through the domain, pointers plus bounded numbers, and the links between copies.
 * Source: RFC 9669 section 4.1, 4.2, 5.5. */
#include "backend/verify/internal.h"

static const struct vreg *operand(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row,
				  struct vreg *constant)
{
	if (row->src == ISA_SRC_X)
		return &v->top->r[insn->src];
	reg_scalar(constant, num_const(row->width == 32 ? (uint32_t)insn->imm : (uint64_t)(int64_t)insn->imm), v->pc);
	return constant;
}

/* Copies of a number share a link from the first copy on. Constants need none. */
static void ensure_link(struct verifier *v, struct vreg *r)
{
	if (r->kind == V_SCALAR && !r->id && !num_is_const(&r->n)) {
		r->id = ++v->next_id;
		r->off = 0;
		r->low = false;
	}
}

/* Clang subtracts in 32 bits when the difference of packet pointers goes into a __u32: the halves are then copied. */
static enum step mov_pointer_half(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	const struct vreg *src = &v->top->r[insn->src];
	struct num any = num_unknown();

	if (row->oper == ISA_O_MOV && reg_is_packet_like(src) && !(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS)) {
		flow_reg(v, FLOW_USE, insn->src, 0);
		flow_reg(v, FLOW_DEF, insn->dst, 0);
		v->top->r[insn->dst] = (struct vreg){.kind = V_HALF, .origin = v->pc, .n = num_const(0)};
		return STEP_NEXT;
	}
	if (!(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS)) {
		struct iov_diag *d =
			verify_diag(v, DIAG_V_POINTER_LEAK, v->pc, "half of the pointer %s is copied as a number",
				    explain_reg(v, v->pc, insn->src));
		explain_path(v, d);
		return STEP_ERROR;
	}
	flow_reg(v, FLOW_USE, insn->src, 0);
	flow_reg(v, FLOW_DEF, insn->dst, 0);
	reg_scalar(&v->top->r[insn->dst], row->width == 32 ? num_zext(&any) : any, v->pc); /* 64: sign-extended */
	return STEP_NEXT;
}

/* dst = zext32(src): a full copy when the upper half is known zero, else a copy of the lower half. */
static void mov_low(struct verifier *v, struct vreg *dst, struct vreg *src)
{
	struct vreg copy;

	ensure_link(v, src);
	copy = *src;
	copy.n = num_zext(&src->n);
	if (src->n.full.umax > UINT32_MAX && src->id)
		copy.low = true;
	copy.origin = v->pc;
	*dst = copy;
}

static enum step step_mov(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg *dst = &v->top->r[insn->dst], *src = &v->top->r[insn->src];

	if (row->src == ISA_SRC_K) {
		flow_reg(v, FLOW_DEF, insn->dst, 0);
		operand(v, insn, row, dst);
		return STEP_NEXT;
	}
	if (src->kind == V_UNINIT)
		return explain_uninit(v, insn->src);
	if (row->width == 32 && reg_is_pointer(src))
		return mov_pointer_half(v, insn, row);
	flow_reg(v, FLOW_MOVE, insn->dst, insn->src);
	if (row->width == 32) {
		mov_low(v, dst, src);
		return STEP_NEXT;
	}
	ensure_link(v, src);
	*dst = *src;
	return STEP_NEXT;
}

static enum step step_movsx(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg *src = &v->top->r[insn->src], *dst = &v->top->r[insn->dst];
	unsigned from = row->oper == ISA_O_MOVSX8 ? 8 : row->oper == ISA_O_MOVSX16 ? 16 : 32;
	struct num n;

	if (src->kind == V_UNINIT)
		return explain_uninit(v, insn->src);
	if (reg_is_pointer(src))
		return mov_pointer_half(v, insn, row);
	flow_reg(v, FLOW_MOVE, insn->dst, insn->src);
	n = num_sext(&src->n, from, row->width);
	if (row->width == 64 && src->n.full.smin >= bound_smin(from) && src->n.full.smax <= bound_smax(from)) {
		ensure_link(v, src); /* the number does not change */
		*dst = *src;
		return STEP_NEXT;
	}
	reg_scalar(dst, n, v->pc);
	return STEP_NEXT;
}

/* dst OPER= src has been computed into n; keep dst's link when a constant was added. */
static void relink_after_add(struct vreg *dst, const struct num *n, int64_t c, unsigned width)
{
	int64_t off = (int64_t)dst->off + c;
	bool stays = c >= -(1 << 28) && c <= 1 << 28 && off >= -(1 << 29) && off <= 1 << 29;

	if (width == 32) {
		dst->low = true;
	} else if (dst->low) { /* zext(base + off) + c: still of that form when it did not leave 32 bits */
		stays = stays &&
			(c >= 0 ? dst->n.full.umax + (uint64_t)c <= UINT32_MAX : dst->n.full.umin >= (uint64_t)-c);
	}
	if (!dst->id || !stays)
		reg_unlink(dst);
	else
		dst->off = (int32_t)off;
	(void)n;
}

static void alu_numbers(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row,
			const struct vreg *src)
{
	struct vreg *dst = &v->top->r[insn->dst];
	bool adds = row->oper == ISA_O_ADD || row->oper == ISA_O_SUB;
	struct num n = num_alu((enum iov_isa_oper)row->oper, &dst->n, &src->n, row->width);

	if (row->src == ISA_SRC_X && insn->dst == insn->src && (row->oper == ISA_O_SUB || row->oper == ISA_O_XOR))
		n = num_const(0);
	if (adds && num_is_const(&src->n) && !(row->src == ISA_SRC_X && insn->dst == insn->src)) {
		int64_t c = row->width == 32 ? (int32_t)num_value(&src->n) : (int64_t)num_value(&src->n);

		if (c == INT64_MIN)
			reg_unlink(dst);
		else
			relink_after_add(dst, &n, row->oper == ISA_O_SUB ? -c : c, row->width);
	} else {
		reg_unlink(dst);
	}
	dst->n = n;
	dst->origin = v->pc;
}

static enum step bad_arith(struct verifier *v, int reg, const struct vreg *ptr, const char *why)
{
	struct iov_diag *d = verify_diag(v, DIAG_V_POINTER_ARITH, v->pc, "arithmetic on %s (%s) is not allowed",
					 explain_reg(v, v->pc, reg), explain_kind(v, ptr));

	diag_why(d, IOV_NOWHERE, "%s", why);
	explain_path(v, d);
	return STEP_ERROR;
}

static enum step unbounded_offset(struct verifier *v, int ptr_reg, int num_reg, const struct num *n)
{
	const char *index = explain_index(v, v->pc);
	const char *name = index ? arena_printf(&v->work, "`%s`", index) : explain_reg(v, v->pc, num_reg);
	uint32_t from = v->top->r[num_reg].origin;
	bool negative = index && n->full.smin < 0;
	struct iov_diag *d = verify_diag(v, DIAG_V_POINTER_ARITH, v->pc, "%s may move too far: %s %s",
					 explain_reg(v, v->pc, ptr_reg), name ? name : "?",
					 negative ? "may be negative" : "has no useful bound");

	diag_why(d, IOV_NOWHERE, "%s may be %s; a pointer moves by less than 2^29 bytes",
		 index  ? "the offset made of it"
		 : name ? name
			: "?",
		 explain_num(v, n));
	if (v->insns[from].row && v->insns[from].row->kind == ISA_K_END && !(v->platform->rules & IOV_RULE_SWAP_BOUNDS))
		diag_why(d, prog_span(v->prog, from), "%s knows nothing of a number whose bytes were swapped",
			 v->platform->name);
	explain_path(v, d);
	if (negative)
		diag_hint(d,
			  "declare `%s` unsigned, or write before it: `if (%s < 0) return …;`, and bound it from above",
			  index, index);
	else
		diag_hint(d, "bound the number before it is added, with an unsigned comparison: "
			     "`if (len > 1500) return …;`");
	return STEP_ERROR;
}

/* Kinds that may be moved. */
static const char *cannot_move(const struct vreg *ptr)
{
	switch (ptr->kind) {
	case V_STACK:
	case V_PACKET:
	case V_META:
	case V_VALUE:
	case V_RECORD:
	case V_FLOW_KEYS:
	case V_STALE:
	case V_FREED:
	case V_OBJECT:
	case V_KERNEL:
		return NULL;
	case V_CTX: return "the context is used as it was given";
	case V_END: return "data_end is only compared with";
	default: return "this pointer is used as it was given";
	}
}

/* The variable part of a packet pointer changes: what was checked shrinks by the largest step, and is no one else's. */
static void move_packet(struct verifier *v, struct vreg *ptr, const struct num *by)
{
	int64_t left = ptr->range && by->full.smax < V_MAX_PACKET && by->full.smax > -V_MAX_PACKET
			       ? (int64_t)ptr->range - by->full.smax : 0;

	ptr->id = ++v->next_id;
	ptr->beyond = 0;
	ptr->range = left <= 0 ? 0 : left > V_MAX_PACKET ? V_MAX_PACKET : (uint32_t)left;
}

static enum step move_pointer(struct verifier *v, const struct iov_insn *insn, struct vreg ptr, int ptr_reg,
			      const struct num *num, bool minus)
{
	struct num zero = num_const(0), by = minus ? num_alu(ISA_O_SUB, &zero, num, 64) : *num;
	const char *why = cannot_move(&ptr);

	if (ptr.maybe_null)
		return explain_null(v, ptr_reg, &ptr);
	if ((ptr.kind == V_CTX || ptr.kind == V_MAP) && num_is(num, 0)) /* the first member of something */
		why = NULL;
	if (why)
		return bad_arith(v, ptr_reg, &ptr, why);
	if (minus && ptr.kind == V_STACK)
		return bad_arith(v, ptr_reg, &ptr, "nothing is subtracted from a stack pointer: add a negative number");
	if (ptr.kind == V_STALE || ptr.kind == V_FREED)
		ptr.range |= ptr.kind == V_STALE;
	else if (num_is_const(&by)) {
		int64_t c = (int64_t)num_value(&by), off = (int64_t)ptr.off + c;

		if (c <= -V_MAX_OFFSET || c >= V_MAX_OFFSET || off <= -V_MAX_OFFSET || off >= V_MAX_OFFSET)
			return unbounded_offset(v, ptr_reg, insn->dst == ptr_reg ? insn->src : insn->dst, num);
		ptr.off = (int32_t)off;
	} else {
		if (by.full.smin <= -V_MAX_OFFSET || by.full.smin >= V_MAX_OFFSET || ptr.kind == V_FLOW_KEYS)
			return unbounded_offset(v, ptr_reg, insn->dst == ptr_reg ? insn->src : insn->dst, num);
		ptr.n = num_alu(ISA_O_ADD, &ptr.n, &by, 64);
		if (ptr.n.full.smin <= -V_MAX_OFFSET)
			return unbounded_offset(v, ptr_reg, insn->dst == ptr_reg ? insn->src : insn->dst, num);
		if (reg_is_packet(&ptr))
			move_packet(v, &ptr, &by);
	}
	if (insn->dst != ptr_reg)
		flow_reg(v, FLOW_DEF, insn->dst, 0);
	v->top->r[insn->dst] = ptr;
	return STEP_NEXT;
}

/* Both operands are pointers: only a difference has a meaning, a number. */
static enum step pointer_difference(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg *dst = &v->top->r[insn->dst], *src = &v->top->r[insn->src];
	bool harmless = reg_is_packet_like(dst) && reg_is_packet_like(src);
	struct num n = num_unknown();

	if (row->oper != ISA_O_SUB || (!harmless && !(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS)))
		return bad_arith(v, insn->dst, dst, "two pointers can only be subtracted, and only packet pointers");
	flow_reg(v, FLOW_DEF, insn->dst, 0);
	reg_scalar(dst, row->width == 32 ? num_zext(&n) : n, v->pc);
	return STEP_NEXT;
}

static enum step alu_pointer(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row,
			     const struct vreg *src)
{
	const struct vreg *dst = &v->top->r[insn->dst];
	bool dst_is_ptr = reg_is_pointer(dst), src_is_ptr = reg_is_pointer(src);
	bool minus = row->oper == ISA_O_SUB;

	/* A pointer that moves stays the same pointer: what matters of it afterwards mattered before. */
	if (dst_is_ptr && !src_is_ptr)
		flow_reg(v, FLOW_ALU, insn->dst, FLOW_NONE);
	else
		flow_reg(v, FLOW_PRECISE, insn->dst, 0);
	if (row->src == ISA_SRC_X)
		flow_reg(v, FLOW_PRECISE, insn->src, 0);
	if (dst_is_ptr && src_is_ptr)
		return pointer_difference(v, insn, row);
	if (row->width == 32 && minus && v->platform->rules & IOV_RULE_POINTERS_IN_MAPS) {
		struct num any = num_unknown();

		flow_reg(v, FLOW_DEF, insn->dst, 0);
		reg_scalar(&v->top->r[insn->dst], num_zext(&any), v->pc);
		return STEP_NEXT;
	}
	if (row->width == 32)
		return bad_arith(v, dst_is_ptr ? insn->dst : insn->src, dst_is_ptr ? dst : src,
				 "pointers are 64 bits wide, and this operation has 32");
	if (row->oper != ISA_O_ADD && !(minus && dst_is_ptr))
		return bad_arith(v, dst_is_ptr ? insn->dst : insn->src, dst_is_ptr ? dst : src,
				 "only adding and subtracting a number keeps a pointer");
	if (dst_is_ptr)
		return move_pointer(v, insn, *dst, insn->dst, &src->n, minus);
	return move_pointer(v, insn, *src, insn->src, &dst->n, false);
}

/* Root's Linux lets pointers become meaningless numbers. */
static enum step pointer_to_number(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg *dst = &v->top->r[insn->dst];
	struct num any = num_unknown();

	if (!(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS))
		return bad_arith(v, insn->dst, dst, "only adding and subtracting a number keeps a pointer");
	flow_reg(v, FLOW_USE, insn->dst, 0);
	flow_reg(v, FLOW_DEF, insn->dst, 0);
	reg_scalar(dst, row->width < 64 ? num_cut(&any, row->width) : any, v->pc);
	return STEP_NEXT;
}

enum step step_alu(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg constant;
	const struct vreg *src;

	v->next = v->pc + 1;
	if (row->oper == ISA_O_MOV)
		return step_mov(v, insn, row);
	if (row->oper == ISA_O_MOVSX8 || row->oper == ISA_O_MOVSX16 || row->oper == ISA_O_MOVSX32)
		return step_movsx(v, insn, row);
	src = operand(v, insn, row, &constant);
	if (v->top->r[insn->dst].kind == V_UNINIT)
		return explain_uninit(v, insn->dst);
	if (src->kind == V_UNINIT)
		return explain_uninit(v, insn->src);
	if (row->oper == ISA_O_NEG && reg_is_pointer(&v->top->r[insn->dst]))
		return pointer_to_number(v, insn, row);
	if (reg_is_pointer(&v->top->r[insn->dst]) || reg_is_pointer(src))
		return alu_pointer(v, insn, row, src);
	flow_reg(v, FLOW_ALU, insn->dst, row->src == ISA_SRC_X ? insn->src : FLOW_NONE);
	alu_numbers(v, insn, row, src);
	if ((row->oper == ISA_O_DIV || row->oper == ISA_O_MOD || row->oper == ISA_O_SDIV || row->oper == ISA_O_SMOD) &&
	    row->src == ISA_SRC_K)
		v->fact[v->pc].divisor_nonzero = true;
	return STEP_NEXT;
}

enum step step_end(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg *dst = &v->top->r[insn->dst];
	bool swap = row->oper == ISA_O_BSWAP || (row->oper == ISA_O_TO_BE) != v->prog->big_endian;

	v->next = v->pc + 1;
	if (dst->kind == V_UNINIT)
		return explain_uninit(v, insn->dst);
	if (reg_is_pointer(dst))
		return pointer_to_number(v, insn, row);
	flow_reg(v, FLOW_ALU, insn->dst, FLOW_NONE);
	if (v->platform->rules & IOV_RULE_SWAP_BOUNDS)
		reg_scalar(dst, swap ? num_swap(&dst->n, row->width) : num_cut(&dst->n, row->width), v->pc);
	else
		reg_scalar(dst, num_unknown(), v->pc);
	return STEP_NEXT;
}

enum step step_ldimm64(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	struct vreg *dst = &v->top->r[insn->dst];

	v->next = v->pc + 2;
	flow_reg(v, FLOW_DEF, insn->dst, 0);
	switch (row->oper) {
	case ISA_O_IMM64: reg_scalar(dst, num_const(isa_imm64(insn)), v->pc); return STEP_NEXT;
	case ISA_O_MAP:
		*dst = (struct vreg){
			.kind = V_MAP, .map = v->prog->maps[insn->imm], .origin = v->pc, .n = num_const(0)};
		return STEP_NEXT;
	case ISA_O_MAP_VALUE:
		*dst = (struct vreg){.kind = V_VALUE,
				     .map = v->prog->maps[insn->imm],
				     .off = insn[1].imm,
				     .origin = v->pc,
				     .n = num_const(0)};
		return STEP_NEXT;
	case ISA_O_FUNC:
		*dst = (struct vreg){.kind = V_FUNC, .origin = v->pc, .n = num_const(0)};
		cfg_callee(v, v->pc, &dst->range);
		return STEP_NEXT;
	case ISA_O_BTF_ID: return step_extern(v, insn);
	default: return explain_unsupported(v, "references to maps by file descriptor index");
	}
}
