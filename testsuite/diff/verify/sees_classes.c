/* SPDX-License-Identifier: Apache-2.0 */
/* The classes: what Linux makes of an instruction, and what it gives up on. Kinds of registers come from the claims of
 * the verification (backend/verify/record.h). */
#include "backend/verify/verify.h"
#include "testsuite/diff/verify/sees_rewrite.h"

#include <string.h>

enum { LINUX_WALKS = 1000000, UNLIKE_WALKS = 20000, PARTS_MOST = 2048 };

static void put(struct view *w, enum iov_isa row, int dst, int src, int off, int32_t imm)
{
	w->out[w->count++] = (struct iov_insn){
		.code = isa_rows[row].code, .dst = (uint8_t)dst, .src = (uint8_t)src, .off = (int16_t)off, .imm = imm};
}

void sees_keep(struct view *w, const struct iov_insn *in)
{
	w->kept = w->count;
	w->out[w->count++] = *in;
	if (isa_is_wide(in))
		w->out[w->count++] = in[1];
}

/* Any number: what Linux gives up on has 64 bits, even as the result of a 32-bit operation. */
static void put_unknown(struct view *w, int dst)
{
	put(w, ISA_MOV32_X, dst, 10, 0, 0);
	for (int i = 0; i < 2; i++)
		put(w, ISA_MUL64_X, dst, dst, 0, 0);
}

/* Both ways are possible, and nothing is learned. */
static void put_either_way(struct view *w, const struct iov_insn *in)
{
	w->kept = w->count;
	put(w, ISA_JGT64_X, 10, 10, in->off, 0);
}

/* What is claimed of the register at the slot, claim after claim. NULL: nothing relies on it. */
static const struct vreg *claimed(const struct iov_claim *c, int reg)
{
	unsigned n = 0;

	if (reg == IOV_R10 || !(c->used >> reg & 1))
		return NULL;
	for (int i = 0; i < reg; i++)
		n += c->used >> i & 1;
	return &c->regs[n];
}

static bool some_claim(const struct view *w, uint32_t i, int reg, bool (*test)(const struct vreg *r))
{
	for (const struct iov_claim *c = w->claims.by_insn[i]; c; c = c->next)
		if (claimed(c, reg) && test(claimed(c, reg)))
			return true;
	return false;
}

static bool is_packet(const struct vreg *r) { return reg_is_packet(r); }
static bool is_packet_or_end(const struct vreg *r) { return reg_is_packet(r) || r->kind == V_END; }
static bool is_end(const struct vreg *r) { return r->kind == V_END; }
static bool is_packet_start(const struct vreg *r) { return reg_is_packet(r) && !r->off; }
static bool is_nullable(const struct vreg *r) { return reg_is_pointer(r) && r->maybe_null; }
static bool is_variable(const struct vreg *r) { return r->kind == V_SCALAR && !num_is_const(&r->n); }
static bool is_constant(const struct vreg *r) { return r->kind == V_SCALAR && num_is_const(&r->n); }
static bool is_no_shift(const struct vreg *r)
{
	return is_variable(r) || r->kind != V_SCALAR || r->n.full.umax > 31;
}
static bool is_zero(const struct vreg *r) { return r->kind == V_SCALAR && num_is(&r->n, 0); }
static bool is_wide(const struct vreg *r) { return r->kind == V_SCALAR && r->n.full.umax > UINT32_MAX; }
static bool is_maybe_negative(const struct vreg *r) { return is_variable(r) && r->n.full.smin < 0; }
static bool is_bounded_pointer(const struct vreg *r)
{
	return r->kind == V_VALUE || r->kind == V_RECORD || r->kind == V_STACK;
}
static bool is_plain(const struct vreg *r)
{
	return r->kind == V_STACK || r->kind == V_CTX || is_packet_or_end(r) || r->kind == V_STALE ||
	       r->kind == V_FUNC;
}

static bool division(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	(void)i;
	if (row->oper != ISA_O_DIV && row->oper != ISA_O_MOD && row->oper != ISA_O_SDIV && row->oper != ISA_O_SMOD)
		return false;
	put_unknown(w, in->dst);
	return true;
}

static bool shift(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row->kind != ISA_K_ALU || row->src != ISA_SRC_X || !some_claim(w, i, in->src, is_no_shift) ||
	    (row->oper != ISA_O_LSH && row->oper != ISA_O_RSH && row->oper != ISA_O_ARSH))
		return false;
	put_unknown(w, in->dst);
	return true;
}

/* Eight bytes below those that the function uses. */
static bool spare_stack(const struct view *w, uint32_t i, int *off)
{
	const struct iov_subprog *sub = prog_sub_at(w->prog, i);

	*off = -8 - (int)((w->facts.sub_stack[sub - w->prog->subs] + 7) & ~7u);
	return *off >= -512;
}

static bool relied_on(const struct view *w, uint32_t i, int reg)
{
	bool used = false;

	for (const struct iov_claim *c = w->claims.by_insn[i]; c; c = c->next)
		used |= c->used >> reg & 1;
	return used;
}

static bool mentioned(const struct view *w, int reg)
{
	bool is = reg == IOV_R0;

	for (uint32_t k = 0; k < w->prog->count; k += isa_is_wide(&w->prog->insns[k]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&w->prog->insns[k]);

		is |= w->prog->insns[k].dst == reg || (row->src == ISA_SRC_X && w->prog->insns[k].src == reg) ||
		      (row->kind == ISA_K_CALL && reg <= IOV_R5);
	}
	return is;
}

/* A register for a moment: one that nobody uses, or one that can be kept on the stack meanwhile, or one whose value is
 * used no more. -1: there is none. */
static int spare_register(const struct view *w, uint32_t i, int not)
{
	int found = -1, dead = -1;

	for (int reg = IOV_R9; reg >= IOV_R0; reg--) {
		if (reg == not)
			continue;
		if (!mentioned(w, reg) || (found < 0 && relied_on(w, i, reg)))
			found = reg;
		else if (dead < 0 && !relied_on(w, i, reg))
			dead = reg;
	}
	return found < 0 ? dead : found;
}

/* The two operands become equal numbers that are not known to be equal. */
static bool with_itself(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	int off, other = spare_register(w, i, in->dst);

	if (row->kind != ISA_K_ALU || row->src != ISA_SRC_X || in->dst != in->src || other < 0 ||
	    (row->oper != ISA_O_XOR && row->oper != ISA_O_SUB) || !spare_stack(w, i, &off))
		return false;
	if (relied_on(w, i, other))
		put(w, ISA_STX64, 10, other, off, 0);
	put(w, ISA_MOV64_X, other, in->dst, 0, 0);
	put(w, ISA_MUL64_K, other, 0, 0, 1);
	sees_keep(w, in);
	w->out[w->kept].src = (uint8_t)other;
	if (relied_on(w, i, other))
		put(w, ISA_LDX64, other, 10, off, 0);
	return true;
}

/* Whether the register holds one address of the function's own stack; *off: from r10. */
static bool own_stack(const struct view *w, uint32_t i, int reg, int64_t *off)
{
	*off = 0;
	if (reg == IOV_R10)
		return true;
	for (const struct iov_claim *c = w->claims.by_insn[i]; c; c = c->next) {
		const struct vreg *r = claimed(c, reg);

		if (!r || r->kind != V_STACK || r->frame + 1u != c->frames || !num_is_const(&r->n) ||
		    (c != w->claims.by_insn[i] && *off != r->off))
			return false;
		*off = r->off;
	}
	return w->claims.by_insn[i] != NULL;
}

/* What Linux knows of a byte of stack: 0; part of a spilled 0, of another spilled number, of a spilled 0 that is no
 * more; anything else. */
enum part { PART_NONE, PART_ZERO, PART_SPILL, PART_NUMBER, PART_LOST, PART_OTHER };

/* A store of `size` bytes at byte `at` of eight, as Linux keeps it: at the first byte it is a spilled number, elsewhere
 * bytes of their own; either way the rest of a number that was spilled before is lost. */
static void store_part(enum part parts[8], unsigned at, unsigned size, bool zero)
{
	for (unsigned k = 0; k < 8; k++)
		parts[k] = parts[k] == PART_SPILL ? PART_LOST : parts[k] == PART_NUMBER ? PART_OTHER : parts[k];
	for (unsigned k = at; k < at + size && k < 8; k++)
		parts[k] = at ? (zero ? PART_ZERO : PART_OTHER) : (zero ? PART_SPILL : PART_NUMBER);
}

typedef bool parts_test(const enum part parts[8], const void *ud);

struct arrival {
	uint32_t insn;
	enum part parts[8];
};

/* The paths of one function, followed for eight bytes of its stack. */
struct parts_walk {
	struct arrival list[PARTS_MOST];
	unsigned count;
};

static void parts_arrive(struct parts_walk *p, int64_t insn, const enum part parts[8])
{
	for (unsigned k = 0; k < p->count; k++)
		if (p->list[k].insn == insn && !memcmp(p->list[k].parts, parts, sizeof(p->list[k].parts)))
			return;
	if (p->count == PARTS_MOST)
		return;
	p->list[p->count].insn = (uint32_t)insn;
	memcpy(p->list[p->count++].parts, parts, sizeof(p->list[0].parts));
}

/* What instruction k makes of the bytes at `off`. */
static void parts_step(const struct view *w, uint32_t k, int64_t off, enum part parts[8])
{
	const struct iov_insn *in = &w->prog->insns[k];
	const struct iov_isa_row *row = isa_find(in);
	int64_t at;

	if ((row->kind != ISA_K_ST && row->kind != ISA_K_STX) || !own_stack(w, k, in->dst, &at))
		return;
	at += in->off - off;
	if (at >= 0 && at < 8)
		store_part(parts, (unsigned)at, row->width / 8,
			   row->kind == ISA_K_ST ? !in->imm : some_claim(w, k, in->src, is_zero));
}

/* Whether, on some path to slot `i`, the eight bytes at `off` (a multiple of eight) of its function's stack are so. */
static bool parts_some(const struct view *w, uint32_t i, int64_t off, parts_test *test, const void *ud)
{
	struct parts_walk walk = {.count = 0};
	enum part none[8] = {PART_NONE};

	parts_arrive(&walk, prog_sub_at(w->prog, i)->start, none);
	for (unsigned n = 0; n < walk.count; n++) {
		struct arrival now = walk.list[n];
		const struct iov_insn *in = &w->prog->insns[now.insn];
		const struct iov_isa_row *row = isa_find(in);
		const struct iov_insn_fact *fact = &w->facts.insns[now.insn];
		bool jumps = row->kind == ISA_K_JA || row->kind == ISA_K_MAY_GOTO ||
			     (row->kind == ISA_K_JCC && !fact->never);

		if (now.insn == i && test(now.parts, ud))
			return true;
		parts_step(w, now.insn, off, now.parts);
		if (jumps)
			parts_arrive(&walk, isa_target(row, in, now.insn), now.parts);
		if (row->kind != ISA_K_EXIT && row->kind != ISA_K_JA && !(row->kind == ISA_K_JCC && fact->always))
			parts_arrive(&walk, now.insn + (isa_is_wide(in) ? 2 : 1), now.parts);
	}
	return false;
}

/* Linux does not know the four bytes from byte *ud on as a constant. */
static bool is_no_key(const enum part parts[8], const void *ud)
{
	unsigned at = *(const unsigned *)ud, zeros = at, spilled = at;

	while (zeros < 8 && parts[zeros] == PART_ZERO)
		zeros++;
	while (spilled < 8 && (parts[spilled] == PART_SPILL || parts[spilled] == PART_NUMBER))
		spilled++;
	return zeros < at + 4 && spilled != at + 4;
}

/* A constant key of an array: Linux knows it when it was stored as one number of four bytes, at a multiple of eight (0:
 * anywhere), and nothing was stored beside it afterwards. Else it is any key. */
static bool constant_key(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	const struct iov_claim *c = w->claims.by_insn[i];
	const struct vreg *key = c ? claimed(c, IOV_R2) : NULL;
	unsigned at = key ? (unsigned)key->off & 7 : 0;

	if (row != &isa_rows[ISA_CALL_HELPER] || !key || key->kind != V_STACK || w->facts.insns[i].map < 0 ||
	    strcmp(catalogue_map_type(w->prog->maps[w->facts.insns[i].map]->type)->name, "array") ||
	    in->imm != (int32_t)catalogue_helper_by_name("map_lookup_elem")->id || key->frame + 1u != c->frames ||
	    at % 4 || !parts_some(w, i, key->off & ~7LL, is_no_key, &at))
		return false;
	put_unknown(w, IOV_R3);
	put(w, ISA_STX32, 10, IOV_R3, key->off, 0);
	sees_keep(w, in);
	if (w->facts.insns[i].key_const)
		put(w, ISA_ST32, 10, 0, key->off, (int32_t)w->facts.insns[i].key);
	return true;
}

struct extent {
	unsigned at, size; /* bytes */
};

/* Zeros that were written in parts: Linux reads 0 where all of them are of one spilled number, or all are bytes. */
static bool is_in_parts(const enum part parts[8], const void *ud)
{
	const struct extent *x = ud;
	unsigned count[PART_OTHER + 1] = {0};

	for (unsigned k = x->at; k < x->at + x->size && k < 8; k++)
		count[parts[k]]++;
	return !count[PART_NONE] && !count[PART_NUMBER] && !count[PART_OTHER] && count[PART_ZERO] != x->size &&
	       count[PART_SPILL] != x->size;
}

static bool zero_in_parts(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	struct extent x = {.size = row->width / 8};
	int64_t off;

	if (row->kind != ISA_K_LDX || !own_stack(w, i, in->src, &off))
		return false;
	off += in->off;
	x.at = (unsigned)off & 7;
	if (!parts_some(w, i, off & ~7LL, is_in_parts, &x))
		return false;
	sees_keep(w, in);
	put_unknown(w, in->dst);
	if (x.size < 8)
		put(w, ISA_RSH64_K, in->dst, 0, 0, 64 - row->width);
	return true;
}

/* Any number of min..max. */
static void put_between(struct view *w, int dst, int32_t min, int32_t max)
{
	put_unknown(w, dst);
	put(w, ISA_JSLE64_K, dst, 0, 1, max);
	put(w, ISA_MOV64_K, dst, 0, 0, max);
	put(w, ISA_JSGE64_K, dst, 0, 1, min);
	put(w, ISA_MOV64_K, dst, 0, 0, min);
}

enum { FAR = 1 << 28 }; /* no offset is larger: any number of a range with this limit has none that helps */

/* The instruction with register `reg` holding another number of min..max (none fits: any), then what it held. False: no
 * room on the stack. */
static bool put_with_other(struct view *w, uint32_t i, const struct iov_insn *in, int reg, int64_t min, int64_t max)
{
	int off;

	if (!spare_stack(w, i, &off))
		return false;
	put(w, ISA_STX64, 10, reg, off, 0);
	if (min >= -FAR && max <= FAR)
		put_between(w, reg, (int32_t)min, (int32_t)max);
	else
		put_unknown(w, reg);
	sees_keep(w, in);
	if (reg != in->dst)
		put(w, ISA_LDX64, reg, 10, off, 0);
	return true;
}

static bool in_caller(const struct iov_claim *c, const struct vreg *r)
{
	return r && r->kind == V_STACK && r->frame + 1u < c->frames;
}

/* Linux takes every address of a stack for one of the function's own, which callers must not get. */
static bool caller_stack(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	const struct iov_claim *c = w->claims.by_insn[i];

	if (row != &isa_rows[ISA_STX64] || !c || !in_caller(c, claimed(c, in->dst)) ||
	    !in_caller(c, claimed(c, in->src)))
		return false;
	put(w, ISA_STX64, in->dst, 10, in->off, 0);
	return true;
}

/* Linux checks the access for reading, puts the result into the register, and checks it for writing. */
static bool atomic(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	int result = row->oper == ISA_O_CMPXCHG ? IOV_R0 : in->src;

	(void)i;
	if (row->kind != ISA_K_ATOMIC || row->oper < ISA_O_FETCH_ADD || in->dst != result)
		return false;
	put(w, row->width == 64 ? ISA_LDX64 : ISA_LDX32, result, in->dst, in->off, 0);
	put(w, row->width == 64 ? ISA_STX64 : ISA_STX32, in->dst, result, in->off, 0);
	return true;
}

static bool end_again(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row->kind != ISA_K_JCC || row->src != ISA_SRC_X ||
	    w->facts.insns[i].always == w->facts.insns[i].never || !some_claim(w, i, in->dst, is_packet_or_end) ||
	    !some_claim(w, i, in->src, is_packet_or_end))
		return false;
	put_either_way(w, in);
	return true;
}

static bool never_null(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row->kind != ISA_K_JCC || row->src == ISA_SRC_X || in->imm || row->width != 64 ||
	    (in->dst != IOV_R10 && !some_claim(w, i, in->dst, is_plain)))
		return false;
	put_either_way(w, in);
	return true;
}

static bool null_in_register(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if ((row->oper != ISA_O_JEQ && row->oper != ISA_O_JNE) || row->src != ISA_SRC_X || row->width != 64 ||
	    !some_claim(w, i, in->dst, is_nullable) || !some_claim(w, i, in->src, is_zero))
		return false;
	put_either_way(w, in);
	return true;
}

/* Of two variables Linux does not look at the bits. */
static bool bit_test(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row->kind != ISA_K_JCC || row->oper != ISA_O_JSET || row->src != ISA_SRC_X ||
	    !some_claim(w, i, in->dst, is_variable) || !some_claim(w, i, in->src, is_variable) ||
	    some_claim(w, i, in->dst, is_constant) || some_claim(w, i, in->src, is_constant))
		return false;
	put_either_way(w, in);
	return true;
}

/* That the end of the packet is just there says that what stands before it is there. */
static bool end_equal(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if ((row->oper != ISA_O_JEQ && row->oper != ISA_O_JNE) || row->src != ISA_SRC_X || row->width != 64 ||
	    !some_claim(w, i, in->dst, is_packet_or_end) || !some_claim(w, i, in->src, is_packet_or_end))
		return false;
	put_either_way(w, in);
	return true;
}

/* The smallest range that holds what the register may be. */
static bool range_of(const struct view *w, uint32_t i, int reg, int64_t *min, int64_t *max)
{
	*min = INT64_MAX;
	*max = INT64_MIN;
	for (const struct iov_claim *c = w->claims.by_insn[i]; c; c = c->next) {
		const struct vreg *r = claimed(c, reg);

		if (r && r->kind == V_SCALAR && r->n.full.smin < *min)
			*min = r->n.full.smin;
		if (r && r->kind == V_SCALAR && r->n.full.smax > *max)
			*max = r->n.full.smax;
	}
	return *min <= *max;
}

/* The range is kept where it fits, known bits are not. */
static bool sign_extension(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	int bits = row->oper == ISA_O_MOVSX8 ? 8 : row->oper == ISA_O_MOVSX16 ? 16 : 32;
	int64_t min, max, most = (1LL << (bits - 1)) - 1;

	if (row->oper < ISA_O_MOVSX8 || row->oper > ISA_O_MOVSX32 || !some_claim(w, i, in->src, is_variable) ||
	    !range_of(w, i, in->src, &min, &max) || row->width != 64)
		return false;
	if (min < -most - 1 || max > most) {
		put_unknown(w, in->dst);
		put(w, (enum iov_isa)(row - isa_rows), in->dst, in->dst, in->off, 0);
	} else {
		put_between(w, in->dst, (int32_t)min, (int32_t)max);
	}
	return true;
}

/* "start >= end", where nothing was added to the start: that one byte exists otherwise is not seen. */
static bool end_at_once(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row->kind != ISA_K_JCC || row->src != ISA_SRC_X || row->width != 64 ||
	    !((some_claim(w, i, in->dst, is_packet_start) && some_claim(w, i, in->src, is_end)) ||
	      (some_claim(w, i, in->src, is_packet_start) && some_claim(w, i, in->dst, is_end))))
		return false;
	put_either_way(w, in);
	return true;
}

/* Linux bounds a pointer from above by its largest unsigned offset alone: from below it knows what there is to know. */
static bool below_zero(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	int number = some_claim(w, i, in->dst, is_bounded_pointer) ? in->src : in->dst;
	bool minus = row->oper == ISA_O_SUB;
	int64_t min, max;

	if ((row->oper != ISA_O_ADD && row->oper != ISA_O_SUB) || row->src != ISA_SRC_X || row->width != 64 ||
	    !some_claim(w, i, number == in->src ? in->dst : in->src, is_bounded_pointer) ||
	    !some_claim(w, i, number, minus ? is_variable : is_maybe_negative) || !range_of(w, i, number, &min, &max))
		return false;
	return put_with_other(w, i, in, number, minus ? -FAR : min, minus ? max : FAR);
}

/* After a variable is added, a packet pointer has nothing that was checked. */
static bool packet_moved(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	int number;

	if (row->oper != ISA_O_ADD || row->src != ISA_SRC_X || row->width != 64)
		return false;
	if (some_claim(w, i, in->dst, is_packet) && some_claim(w, i, in->src, is_variable))
		number = in->src;
	else if (some_claim(w, i, in->src, is_packet) && some_claim(w, i, in->dst, is_variable))
		number = in->dst;
	else
		return false;
	return put_with_other(w, i, in, number, 0, 0xffff);
}

static bool lower_half(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row != &isa_rows[ISA_MOV32_X] || !some_claim(w, i, in->src, is_wide))
		return false;
	sees_keep(w, in);
	put(w, ISA_XOR32_K, in->dst, 0, 0, 0);
	return true;
}

/* A number whose bytes are put into an order is known still; of an address nothing is, not even that it is short. */
static bool swapped_pointer(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row->kind != ISA_K_END || (in->dst != IOV_R10 && !some_claim(w, i, in->dst, reg_is_pointer)))
		return false;
	put_unknown(w, in->dst);
	return true;
}

/* Unless what it came from has an upper half that is 0. */
static bool half_sum(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if ((row != &isa_rows[ISA_ADD32_K] && row != &isa_rows[ISA_SUB32_K]) || !some_claim(w, i, in->dst, is_wide))
		return false;
	sees_keep(w, in);
	put(w, ISA_XOR32_K, in->dst, 0, 0, 0);
	return true;
}

/* A callback that is named and never called: Linux follows no instruction of it, throws them away, and misses them. */
static bool unentered(struct view *w)
{
	const struct iov_prog *prog = w->prog;
	bool unentered = false;

	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1)
		unentered |= isa_find(&prog->insns[i]) == &isa_rows[ISA_LD_FUNC] && w->facts.insns[i].reached &&
			     !w->facts.insns[i + 1 + (uint32_t)prog->insns[i].imm].reached;
	return unentered;
}

/* The number that bpf_loop() gives its callback first. */
static bool loop_index(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	bool loops = false, named = false;

	(void)row;
	for (uint32_t k = 0; k < w->prog->count; k += isa_is_wide(&w->prog->insns[k]) ? 2 : 1) {
		const struct iov_insn *other = &w->prog->insns[k];

		loops |= isa_find(other) == &isa_rows[ISA_CALL_HELPER] &&
			 other->imm == (int32_t)catalogue_helper_by_name("loop")->id;
		named |= isa_find(other) == &isa_rows[ISA_LD_FUNC] && k + 1 + (uint32_t)other->imm == i;
	}
	if (!loops || !named)
		return false;
	put_unknown(w, IOV_R1);
	sees_keep(w, in);
	return true;
}

static bool turns_back(const struct iov_prog *prog)
{
	bool back = false;

	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1) {
		const struct iov_isa_row *row = isa_find(&prog->insns[i]);

		back |= (row->kind == ISA_K_JCC || row->kind == ISA_K_JA) &&
			isa_target(row, &prog->insns[i], i) <= (int64_t)i;
		back |= row == &isa_rows[ISA_LD_FUNC];
	}
	return back;
}

/* Every path walked to its end, without joined states: more than `most` instructions? */
static bool walk_exceeds(struct view *w, uint64_t most, bool every_turn)
{
	struct iov_verify_options how = {.budget = most, .every_path = true, .every_turn = every_turn};
	struct iov_arena arena = {0};
	struct iov_facts facts;
	struct iov_sink sink;
	bool exceeds;

	sink_init(&sink, NULL);
	exceeds = verify_prog(w->prog, w->platform, &how, &arena, &sink, &facts) == IOV_DIAGNOSED &&
		  facts.processed >= most;
	sink_free(&sink);
	arena_free(&arena);
	return exceeds;
}

/* The million is used up. Where something turns back, the walk has to end nevertheless, or one run be as long: else a
 * loop without an end would hide here. Turns of a callback that are never alike are followed until the last of them;
 * thousands without an end show it. */
static bool long_walk(struct view *w)
{
	bool long_run = w->facts.worst_insns > LINUX_WALKS;

	if (walk_exceeds(w, LINUX_WALKS, false))
		return !turns_back(w->prog) || long_run || !walk_exceeds(w, 32 * LINUX_WALKS, false);
	return long_run && !walk_exceeds(w, UNLIKE_WALKS, false) && walk_exceeds(w, UNLIKE_WALKS, true);
}

const struct sees_row sees_rows[] = {
	{{"division", "no range for division and remainder"}, .rewrite = division},
	{{"shift-by-register", "no range for shifts by a register"}, .rewrite = shift},
	{{"with-itself", "x ^ x and x - x are unknown"}, .rewrite = with_itself},
	{{"constant-key", "a constant array key is stored last, with 4 bytes, and at a multiple of 8 unless it is 0"},
	 .rewrite = constant_key},
	{{"zero-in-parts", "a 0 of several bytes was stored as one number, or as bytes, not as some of each"},
	 .rewrite = zero_in_parts},
	{{"caller-stack", "an address of the caller's stack cannot be put there"}, .rewrite = caller_stack},
	{{"atomic-on-itself", "an atomic operation whose result replaces its pointer is checked twice"},
	 .rewrite = atomic},
	{{"end-again", "the end of the packet compared again where the result is known"}, .rewrite = end_again},
	{{"never-null", "pointers to the stack, the context and the packet may be NULL in a comparison"},
	 .rewrite = never_null},
	{{"null-in-register", "a comparison with a register that holds 0 is no test for NULL"},
	 .rewrite = null_in_register},
	{{"bit-test", "bits of two variables are not tested against each other"}, .rewrite = bit_test},
	{{"end-equal", "that a pointer equals the end of the packet says nothing of what stands before"},
	 .rewrite = end_equal},
	{{"half-sum", "a 32-bit sum with a constant is not tied to what it came from"}, .rewrite = half_sum},
	{{"unentered", "a callback that is named and never called"}, .test = unentered},
	{{"sign-extension", "no known bits through sign extension"}, .rewrite = sign_extension},
	{{"end-at-once", "whether one byte is there is not learned from the packet's start and end alone"},
	 .rewrite = end_at_once},
	{{"below-zero", "no upper bound for an offset that may be below 0"}, .rewrite = below_zero},
	{{"packet-moved", "a packet pointer that is moved by a variable loses what was checked"},
	 .rewrite = packet_moved},
	{{"lower-half", "a copy of the lower half is not tied to the whole"}, .rewrite = lower_half},
	{{"swapped-pointer", "no range for an address whose bytes were put into an order"}, .rewrite = swapped_pointer},
	{{"loop-index", "no range for the index of bpf_loop()"}, .rewrite = loop_index},
	{{"long-walk", "a million instructions followed, most of them in loops"},
	 .test = long_walk, .gives_up = true},
};
const unsigned sees_row_count = sizeof(sees_rows) / sizeof(*sees_rows);
