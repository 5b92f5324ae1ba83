/* SPDX-License-Identifier: Apache-2.0 */
/* Several instructions of the program that may be one of a machine: what compilers write for want of a rotate, an
 * indexed address, a swapping load or a zero-extension. Each pattern is tried where its first instruction stands; no
 * instruction after the first may be a jump target, and every register that the program can still read gets its value.
 * What the verifier knows the result of is no part of any: what it would read may never have been made.
 *
 * Nothing is emitted here: a target takes a match or declines it. */
#include "runtime/jit/jit.h"

/* Instruction n of the pattern at `slot`, or NULL when it is not there for fusing. */
static const struct iov_insn *at(const struct jit *j, uint32_t slot, uint32_t n, enum iov_isa isa)
{
	uint32_t i = slot + n;

	if (i >= j->sub->end || j->rows[i] != isa || (n && j->marks[i] & JIT_MARK_TARGET) || jit_is_known(j, i))
		return NULL;
	return &j->image->insns[i];
}

/* Whether `reg` is written before it is read from `slot` on. */
static bool dead_from(const struct jit *j, uint32_t slot, int reg)
{
	return slot < j->sub->end && !(j->live[slot] >> reg & 1);
}

/* A rotation spelt out: t = x; t >>= k; then x <<= w - k; x |= t, or y = x; y <<= w - k; y |= t; with either shift
 * first and either register as the result. */
struct rotation {
	int w, from, to, left_over; /**< program registers; `left_over` holds one of the two shifted values */
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
	out->first = (unsigned)first->imm;
	out->second = (unsigned)second->imm;
	out->slots = n + 2;
	return true;
}

static uint32_t match_rotate(const struct jit *j, uint32_t slot, const struct rotate_rows *rows, struct jit_fused *f,
			     struct jit_fused *rest)
{
	struct rotation r;
	bool of_first;

	if (!match_rotation(j, slot, rows, &r))
		return 0;
	*f = (struct jit_fused){.kind = JIT_ROTATE, .dst = r.to, .src = r.from, .width = r.w,
				.count = r.first_right ? r.second : r.first};
	if (dead_from(j, slot + r.slots, r.left_over))
		return r.slots;
	/* It holds what the first shift left, or what the second did (perhaps in the source itself). */
	of_first = r.left_over == j->image->insns[slot].dst;
	*rest = (struct jit_fused){.kind = JIT_SHIFT, .dst = r.left_over, .src = r.from, .width = r.w,
				   .right = of_first == r.first_right, .count = of_first ? r.first : r.second};
	return r.slots;
}

/* A load into the very register that holds (part of) its address. */
static const struct iov_insn *load_at(const struct jit *j, uint32_t slot, uint32_t n, int reg)
{
	enum iov_isa isa = slot + n < j->sub->end ? j->rows[slot + n] : JIT_NO_ROW;
	const struct iov_insn *insn;

	if (isa != ISA_LDX8 && isa != ISA_LDX16 && isa != ISA_LDX32 && isa != ISA_LDX64)
		return NULL;
	insn = at(j, slot, n, isa);
	return insn && insn->src == reg && insn->dst == reg ? insn : NULL;
}

/* d = a; d <<= k; d += b, where any but the last may be missing, and a load from [d + off] may follow. */
static uint32_t match_address(const struct jit *j, uint32_t slot, struct jit_fused *f)
{
	const struct iov_insn *copy = at(j, slot, 0, ISA_MOV64_X), *shift, *add, *load;
	uint32_t n = copy != NULL;
	int d = j->image->insns[slot].dst, a = copy ? copy->src : d;

	*f = (struct jit_fused){.kind = JIT_ADDRESS, .dst = d, .src = a, .index = -1, .width = 64};
	shift = a == IOV_R10 ? NULL : at(j, slot, n, ISA_LSH64_K);
	if (shift && (shift->dst != d || shift->imm < 1 || shift->imm > 3))
		shift = NULL;
	n += shift != NULL;
	add = at(j, slot, n, ISA_ADD64_X);
	if (add && add->dst == d && add->src != d && add->src != IOV_R10) {
		f->index = shift ? a : add->src;
		f->src = shift ? add->src : a;
		f->scale = shift ? (unsigned)shift->imm : 0;
	} else {
		add = at(j, slot, n, ISA_ADD64_K);
		if (!copy || shift || !add || add->dst != d || j->blind)
			return 0;
		f->disp = add->imm;
	}
	n++;
	load = load_at(j, slot, n, d);
	if (!load)
		return n < 2 ? 0 : n;
	if (__builtin_add_overflow(f->disp, load->off, &f->disp))
		return 0;
	f->kind = JIT_LOAD;
	f->width = isa_rows[j->rows[slot + n]].width;
	return n + 1;
}

/* d <<= k; d >>= k (or s>>=): an extension, of d or of what was copied to d just before. */
static uint32_t match_extension(const struct jit *j, uint32_t slot, struct jit_fused *f)
{
	const struct iov_insn *copy = at(j, slot, 0, ISA_MOV64_X);
	uint32_t n = copy && copy->src != IOV_R10;
	const struct iov_insn *left = at(j, slot, n, ISA_LSH64_K), *right = at(j, slot, n + 1, ISA_RSH64_K);
	bool is_signed = !right;
	int d = j->image->insns[slot].dst;

	if (!right)
		right = at(j, slot, n + 1, ISA_ARSH64_K);
	if (!left || !right || left->dst != right->dst || left->dst != d || left->imm != right->imm ||
	    (left->imm != 32 && left->imm != 48 && left->imm != 56))
		return 0;
	*f = (struct jit_fused){.kind = JIT_EXTEND, .dst = d, .src = n ? copy->src : d, .is_signed = is_signed,
				.width = 64 - left->imm};
	return n + 2;
}

/* d = s; d &= 0xff or 0xffff. */
static uint32_t match_mask(const struct jit *j, uint32_t slot, struct jit_fused *f)
{
	const struct iov_insn *copy = &j->image->insns[slot], *and = at(j, slot, 1, ISA_AND64_K);

	if (!and)
		and = at(j, slot, 1, ISA_AND32_K);
	if (!and || and->dst != copy->dst || copy->src == IOV_R10 || (and->imm != 0xff && and->imm != 0xffff))
		return 0;
	*f = (struct jit_fused){.kind = JIT_EXTEND, .dst = copy->dst, .src = copy->src,
				.width = and->imm == 0xff ? 8 : 16};
	return 2;
}

/* A 16-bit load and a swap: the upper bits are zero already, so only the low 16 are turned. */
static uint32_t match_swapped_load(const struct jit *j, uint32_t slot, struct jit_fused *f)
{
	const struct iov_insn *load = at(j, slot, 0, ISA_LDX16), *swap = at(j, slot, 1, ISA_BE16);

	if (!swap)
		swap = at(j, slot, 1, ISA_BSWAP16);
	if (!swap || swap->dst != load->dst)
		return 0;
	*f = (struct jit_fused){.kind = JIT_LOAD_SWAPPED, .dst = load->dst, .src = load->src, .index = -1,
				.disp = load->off, .width = 16};
	return 2;
}

/* [store of the key at r10 + off]; r2 = r10; r2 += off; r1 = map; call. */
uint32_t jit_match_lookup(const struct jit *j, uint32_t slot, struct jit_lookup *l)
{
	const struct iov_insn *store = at(j, slot, 0, ISA_STX32);
	uint32_t n = store != NULL;
	const struct iov_insn *copy = at(j, slot, n, ISA_MOV64_X), *add = at(j, slot, n + 1, ISA_ADD64_K);
	const struct iov_insn *map = at(j, slot, n + 2, ISA_LD_IMM64);

	if (!copy || !add || !map || copy->dst != IOV_R2 || copy->src != IOV_R10 || add->dst != IOV_R2 ||
	    map->dst != IOV_R1 || !at(j, slot, n + 4, ISA_CALL_HELPER))
		return 0;
	if (store && (store->dst != IOV_R10 || store->off != add->imm || store->src == IOV_R10))
		return 0;
	l->map = jit_array_of(j, slot + n + 4);
	l->fact = jit_fact(j, slot + n + 4);
	l->key = store ? store->src : -1;
	l->base = IOV_R10;
	l->off = add->imm;
	return l->map ? n + 5 : 0;
}

uint32_t jit_match(const struct jit *j, uint32_t slot, struct jit_fused *f, struct jit_fused *rest)
{
	static const struct rotate_rows wide = {ISA_MOV64_X, ISA_LSH64_K, ISA_RSH64_K, ISA_OR64_X, 64};
	static const struct rotate_rows narrow = {ISA_MOV32_X, ISA_LSH32_K, ISA_RSH32_K, ISA_OR32_X, 32};
	uint32_t n = 0;

	rest->dst = -1;
	switch (j->rows[slot]) {
	case ISA_MOV64_X:
		n = match_rotate(j, slot, &wide, f, rest);
		n = n ? n : match_address(j, slot, f);
		n = n ? n : match_extension(j, slot, f);
		return n ? n : match_mask(j, slot, f);
	case ISA_MOV32_X:
		n = match_rotate(j, slot, &narrow, f, rest);
		return n ? n : match_mask(j, slot, f);
	case ISA_LSH64_K:
		n = match_extension(j, slot, f);
		return n ? n : match_address(j, slot, f);
	case ISA_ADD64_X:
		return match_address(j, slot, f);
	case ISA_LDX16:
		return match_swapped_load(j, slot, f);
	default:
		return 0;
	}
}
