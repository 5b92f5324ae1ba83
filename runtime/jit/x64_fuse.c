/* SPDX-License-Identifier: Apache-2.0 */
/* Several instructions of the program that are one of this machine: what compilers write for want of a rotate, an
 * indexed address, a swapping load, a zero-extension or a longer jump. Each pattern is tried where its first
 * instruction stands; no instruction after the first may be a jump target, and every register that the program can
 * still read gets its value. */
#include "runtime/jit/x64_ops.h"

#if defined(__x86_64__)

enum { LOOK_AHEAD = 24 };

/* Instruction n of the pattern at `slot`, or NULL when it is not there for fusing. */
static const struct iov_insn *at(const struct jit *j, uint32_t slot, uint32_t n, enum iov_isa isa)
{
	uint32_t i = slot + n;

	if (i >= j->sub->end || j->rows[i] != isa || (n && j->marks[i] & JIT_MARK_TARGET))
		return NULL;
	return &j->image->insns[i];
}

static bool reads(const struct iov_isa_row *row, const struct iov_insn *insn, int reg)
{
	bool dst_is_read = (row->kind == ISA_K_ALU && row->oper != ISA_O_MOV && row->oper != ISA_O_MOVSX8 &&
			    row->oper != ISA_O_MOVSX16 && row->oper != ISA_O_MOVSX32) ||
			   row->kind == ISA_K_END || row->kind == ISA_K_ST || row->kind == ISA_K_STX;

	return (dst_is_read && insn->dst == reg) || (row->src == ISA_SRC_X && insn->src == reg);
}

/* Whether `reg` is written before it is read from `slot` on. Straight lines only; in doubt it lives. */
static bool dead_from(const struct jit *j, uint32_t slot, int reg)
{
	for (uint32_t i = slot; i < slot + LOOK_AHEAD && i < j->sub->end; i++) {
		const struct iov_insn *insn = &j->image->insns[i];
		const struct iov_isa_row *row = &isa_rows[j->rows[i] == JIT_NO_ROW ? 0 : j->rows[i]];

		if (j->rows[i] == JIT_NO_ROW)
			return false;
		switch (row->kind) {
		case ISA_K_ALU:
		case ISA_K_END:
		case ISA_K_LDX:
		case ISA_K_LDSX:
		case ISA_K_ST:
		case ISA_K_STX:
		case ISA_K_LDIMM64:
			break;
		case ISA_K_EXIT:
			return reg != IOV_R0;
		default:
			return false;
		}
		if (reads(row, insn, reg))
			return false;
		if (insn->dst == reg)
			return true;
		i += isa_is_wide(insn);
	}
	return false;
}

/* A rotation spelt out: t = x; t >>= k; then x <<= w - k; x |= t, or y = x; y <<= w - k; y |= t; with either shift
 * first and either register as the result. */
struct rotation {
	int w, from, to, left_over; /**< program registers; `left_over` holds one of the two shifted values */
	bool in_place;              /**< no y: the second shift changed x itself */
	bool first_right;
	unsigned first, second;
	uint32_t slots;
};

struct rotate_rows {
	enum iov_isa mov, left, right, or;
	int w;
};

static const struct iov_insn *shift_at(const struct jit *j, uint32_t slot, uint32_t n, const struct rotate_rows *r,
				       bool right, int reg)
{
	const struct iov_insn *shift = at(j, slot, n, right ? r->right : r->left);

	return shift && shift->dst == reg && shift->imm > 0 && shift->imm < r->w ? shift : NULL;
}

static bool match_rotation(const struct jit *j, uint32_t slot, const struct rotate_rows *r, struct rotation *out)
{
	const struct iov_insn *copy = at(j, slot, 0, r->mov), *first, *again, *second, *or;
	uint32_t n = 2;
	int x, t, y;

	if (!copy || copy->src == IOV_R10 || copy->src == copy->dst)
		return false;
	x = y = copy->src;
	t = copy->dst;
	first = shift_at(j, slot, 1, r, true, t);
	out->first_right = first != NULL;
	if (!first)
		first = shift_at(j, slot, 1, r, false, t);
	again = at(j, slot, n, r->mov);
	if (again && again->src == x && again->dst != t && again->dst != x) {
		y = again->dst;
		n++;
	}
	second = shift_at(j, slot, n, r, !out->first_right, y);
	or = at(j, slot, n + 1, r->or);
	if (!first || !second || !or || first->imm + second->imm != r->w)
		return false;
	if (!(or->dst == t && or->src == y) && !(or->dst == y && or->src == t))
		return false;
	out->w = r->w;
	out->from = x;
	out->to = or->dst;
	out->left_over = or->src;
	out->in_place = y == x;
	out->first = (unsigned)first->imm;
	out->second = (unsigned)second->imm;
	out->slots = n + 2;
	return true;
}

static void rotate(struct jit *j, int w, int to, int from, unsigned left)
{
	if (to != from && j->features & X64_HAS_BMI2) {
		x64_rorx(&j->code, w, to, from, (unsigned)w - left);
		return;
	}
	if (to != from)
		x64_mov(&j->code, w, to, from);
	x64_shift_i(&j->code, X64_ROL, w, to, left);
}

static uint32_t fuse_rotation(struct jit *j, uint32_t slot, const struct rotate_rows *rows)
{
	struct rotation r;
	int to, from, rest;
	bool lives;

	if (!match_rotation(j, slot, rows, &r))
		return 0;
	to = x64_regs[r.to];
	from = x64_regs[r.from];
	rest = x64_regs[r.left_over];
	lives = !dead_from(j, slot + r.slots, r.left_over);
	/* The register left over is x itself (rotate first), or another: make it while x is whole. */
	if (lives && rest != from) {
		bool is_first = r.left_over == j->image->insns[slot].dst;

		x64_mov(&j->code, r.w, rest, from);
		x64_shift_i(&j->code, is_first == r.first_right ? X64_SHR : X64_SHL, r.w, rest,
			    is_first ? r.first : r.second);
	}
	rotate(j, r.w, to, from, r.first_right ? r.second : r.first);
	if (lives && rest == from)
		x64_shift_i(&j->code, r.first_right ? X64_SHL : X64_SHR, r.w, rest, r.second);
	return r.slots;
}

/* A load into the very register that holds (part of) its address: slot n, or NULL. */
static const struct iov_insn *load_at(const struct jit *j, uint32_t slot, uint32_t n, int reg, struct x64_in *in)
{
	enum iov_isa isa = slot + n < j->sub->end ? j->rows[slot + n] : JIT_NO_ROW;
	const struct iov_insn *insn;

	if (isa != ISA_LDX8 && isa != ISA_LDX16 && isa != ISA_LDX32 && isa != ISA_LDX64)
		return NULL;
	insn = at(j, slot, n, isa);
	if (!insn || insn->src != reg || insn->dst != reg)
		return NULL;
	*in = (struct x64_in){.insn = insn, .slot = slot + n, .width = isa_rows[isa].width};
	return insn;
}

static void load_from(struct jit *j, const struct x64_in *in, struct x64_mem m)
{
	m.disp += in->insn->off;
	x64_load(j, in->width, false, x64_dst(in), m);
}

/* d = a; d <<= k; d += b, where any but the last may be missing, and a load from [d + off] may follow. */
static uint32_t fuse_address(struct jit *j, uint32_t slot)
{
	const struct iov_insn *copy = at(j, slot, 0, ISA_MOV64_X), *shift, *add;
	uint32_t n = copy != NULL;
	int d = j->image->insns[slot].dst, a = copy ? copy->src : d;
	struct x64_mem m = x64_mem_at(j, a, 0);
	struct x64_in load;

	shift = a == IOV_R10 ? NULL : at(j, slot, n, ISA_LSH64_K);
	if (shift && shift->dst == d && shift->imm >= 1 && shift->imm <= 3)
		n++;
	else
		shift = NULL;
	add = at(j, slot, n, ISA_ADD64_X);
	if (add && add->dst == d && add->src != d && add->src != IOV_R10) {
		if (shift)
			m = X64_INDEXED(x64_regs[add->src], m.base, shift->imm);
		else
			m.index = (int8_t)x64_regs[add->src];
		n++;
	} else {
		add = at(j, slot, n, ISA_ADD64_K);
		if (!copy || shift || !add || add->dst != d)
			return 0;
		m.disp += add->imm;
		n++;
	}
	if (load_at(j, slot, n, d, &load)) {
		load_from(j, &load, m);
		return n + 1;
	}
	if (n < 2)
		return 0;
	x64_rm(&j->code, X64_LEA, 64, x64_regs[d], m);
	return n;
}

/* d <<= k; d >>= k (or s>>=): an extension, of d or of what was copied to d just before. */
static uint32_t fuse_extension(struct jit *j, uint32_t slot)
{
	const struct iov_insn *copy = at(j, slot, 0, ISA_MOV64_X);
	uint32_t n = copy && copy->src != IOV_R10;
	const struct iov_insn *left = at(j, slot, n, ISA_LSH64_K), *right = at(j, slot, n + 1, ISA_RSH64_K);
	bool is_signed = !right;
	int d = x64_regs[j->image->insns[slot].dst], s = n ? x64_regs[copy->src] : d;

	if (!right)
		right = at(j, slot, n + 1, ISA_ARSH64_K);
	if (!left || !right || left->dst != right->dst || x64_regs[left->dst] != d || left->imm != right->imm)
		return 0;
	if (left->imm == 32 && is_signed)
		x64_rr(&j->code, X64_MOVSXD, 64, d, s);
	else if (left->imm == 32)
		x64_mov(&j->code, 32, d, s);
	else if (left->imm == 48)
		x64_rr(&j->code, is_signed ? X64_MOVSX16 : X64_MOVZX16, is_signed ? 64 : 32, d, s);
	else if (left->imm == 56)
		x64_rr(&j->code, (is_signed ? X64_MOVSX8 : X64_MOVZX8) | X64_OP_BYTE_RM, is_signed ? 64 : 32, d, s);
	else
		return 0;
	return n + 2;
}

/* d = s; d &= 0xff or 0xffff. */
static uint32_t fuse_mask(struct jit *j, uint32_t slot)
{
	const struct iov_insn *copy = &j->image->insns[slot], *and = at(j, slot, 1, ISA_AND64_K);

	if (!and)
		and = at(j, slot, 1, ISA_AND32_K);
	if (!and || and->dst != copy->dst || copy->src == IOV_R10 || (and->imm != 0xff && and->imm != 0xffff))
		return 0;
	x64_rr(&j->code, and->imm == 0xff ? X64_MOVZX8 | X64_OP_BYTE_RM : X64_MOVZX16, 32, x64_regs[copy->dst],
	       x64_regs[copy->src]);
	return 2;
}

/* A 16-bit load and a swap: the upper bits are zero already, so only the low 16 are turned. */
static uint32_t fuse_swapped_load(struct jit *j, uint32_t slot)
{
	const struct iov_insn *load = at(j, slot, 0, ISA_LDX16), *swap = at(j, slot, 1, ISA_BE16);
	int d = x64_regs[load->dst];

	if (!swap)
		swap = at(j, slot, 1, ISA_BSWAP16);
	if (!swap || swap->dst != load->dst)
		return 0;
	x64_load(j, 16, false, d, x64_mem_at(j, load->src, load->off));
	x64_rr(&j->code, 0xc1 | X64_OP_16, 32, X64_ROL, d);
	x64_byte(&j->code, 8);
	return 2;
}

uint32_t x64_fuse(struct jit *j, uint32_t slot)
{
	static const struct rotate_rows wide = {ISA_MOV64_X, ISA_LSH64_K, ISA_RSH64_K, ISA_OR64_X, 64};
	static const struct rotate_rows narrow = {ISA_MOV32_X, ISA_LSH32_K, ISA_RSH32_K, ISA_OR32_X, 32};
	uint32_t n = 0;

	switch (j->rows[slot]) {
	case ISA_MOV64_X:
		n = fuse_rotation(j, slot, &wide);
		n = n ? n : fuse_address(j, slot);
		n = n ? n : fuse_extension(j, slot);
		return n ? n : fuse_mask(j, slot);
	case ISA_MOV32_X:
		n = fuse_rotation(j, slot, &narrow);
		return n ? n : fuse_mask(j, slot);
	case ISA_LSH64_K:
		n = fuse_extension(j, slot);
		return n ? n : fuse_address(j, slot);
	case ISA_ADD64_X:
		return fuse_address(j, slot);
	case ISA_LDX16:
		return fuse_swapped_load(j, slot);
	default:
		return 0;
	}
}

#endif
