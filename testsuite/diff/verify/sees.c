/* SPDX-License-Identifier: Apache-2.0 */
/* See sees.h. A rewriting goes through the instructions; jumps, calls and functions are mended afterwards. Kinds of
 * registers come from the claims of the verification (backend/verify/record.h). */
#include "testsuite/diff/verify/sees.h"
#include "backend/verify/record.h"
#include "backend/verify/verify.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 8 }; /* slots that one instruction may become */

struct view {
	const struct iov_prog *prog;
	const struct iov_platform *platform;
	struct iov_arena arena;
	struct iov_claims claims;
	struct iov_facts facts;
	/* The rewritten program. */
	struct iov_insn out[SEES_MAX];
	uint32_t at[SEES_MAX + 1]; /**< where a slot went */
	uint32_t count, kept; /**< kept: slot of the instruction itself */
	bool changed;
};

/* What an instruction becomes; false: it stays as it is. */
typedef bool rewriting(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row);

static void put(struct view *w, enum iov_isa row, int dst, int src, int off, int32_t imm)
{
	w->out[w->count++] = (struct iov_insn){
		.code = isa_rows[row].code, .dst = (uint8_t)dst, .src = (uint8_t)src, .off = (int16_t)off, .imm = imm};
}

/* The instruction itself. */
static void keep(struct view *w, const struct iov_insn *in)
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
	return r->kind == V_STACK || r->kind == V_CTX || is_packet_or_end(r) || r->kind == V_STALE || r->kind == V_FUNC;
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

static bool with_itself(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	(void)i;
	if (row->kind != ISA_K_ALU || row->src != ISA_SRC_X || in->dst != in->src ||
	    (row->oper != ISA_O_XOR && row->oper != ISA_O_SUB))
		return false;
	put_unknown(w, in->dst);
	return true;
}

static bool swapped(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	(void)i;
	if (row->kind != ISA_K_END && row->oper != ISA_O_NEG)
		return false;
	put_unknown(w, in->dst);
	return true;
}

/* Linux knows a key that is stored as one number of 4 bytes: any at a multiple of 8, elsewhere only 0. */
static bool constant_key(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	(void)i;
	if (row->kind != ISA_K_ST || in->dst != IOV_R10 || !in->imm || row->width < 32 ||
	    (row->width == 32 && in->off % 8 == 0))
		return false;
	for (int k = 0; k < row->width / 16; k++)
		put(w, ISA_ST16, 10, 0, in->off + 2 * k, (int16_t)(k < 2 ? in->imm >> 16 * k : in->imm >> 31));
	return true;
}

/* Instructions with register `reg` holding another number, then what it held. False: no room on the stack. */
static bool put_with_other(struct view *w, uint32_t i, const struct iov_insn *in, int reg, uint32_t most)
{
	const struct iov_subprog *sub = prog_sub_at(w->prog, i);
	int off = -8 - (int)((w->facts.sub_stack[sub - w->prog->subs] + 7) & ~7u);

	if (off < -512)
		return false;
	put(w, ISA_STX64, 10, reg, off, 0);
	put_unknown(w, reg);
	if (most)
		put(w, ISA_AND64_K, reg, 0, 0, (int32_t)most);
	keep(w, in);
	if (reg != in->dst)
		put(w, ISA_LDX64, reg, 10, off, 0);
	return true;
}

/* A store into the other half of eight bytes makes Linux forget the number that was spilled into the first. */
static bool beside_spill(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	bool beside = false;

	if (row != &isa_rows[ISA_STX32] || in->dst != IOV_R10)
		return false;
	for (uint32_t k = 0; k < w->prog->count; k += isa_is_wide(&w->prog->insns[k]) ? 2 : 1) {
		const struct iov_insn *other = &w->prog->insns[k];
		const struct iov_isa_row *r = isa_find(other);

		beside |= (r->kind == ISA_K_ST || r->kind == ISA_K_STX) && other->dst == IOV_R10 && r->width <= 32 &&
			  (other->off & ~7) == (in->off & ~7) && (other->off & 4) != (in->off & 4);
	}
	return beside && put_with_other(w, i, in, in->src, 0);
}

/* What a function returns must not be the address of its stack, read or not. */
static bool result_unread(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	(void)i;
	if (row != &isa_rows[ISA_CALL_SUBPROG])
		return false;
	keep(w, in);
	put(w, ISA_MOV64_X, 0, 0, 0, 0);
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

/* A test of bits: what it rules out is not held against bounds, and two variables are not compared. */
static bool bit_test(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	(void)i;
	if (row->kind != ISA_K_JCC || row->oper != ISA_O_JSET)
		return false;
	put_either_way(w, in);
	return true;
}

static bool sign_extension(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row->oper < ISA_O_MOVSX8 || row->oper > ISA_O_MOVSX32 || !some_claim(w, i, in->src, is_variable))
		return false;
	put_unknown(w, in->dst);
	put(w, (enum iov_isa)(row - isa_rows), in->dst, in->dst, in->off, 0);
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

/* Linux bounds a pointer from above by its largest unsigned offset alone. */
static bool below_zero(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	int number = some_claim(w, i, in->dst, is_bounded_pointer) ? in->src : in->dst;

	if ((row->oper != ISA_O_ADD && row->oper != ISA_O_SUB) || row->src != ISA_SRC_X || row->width != 64 ||
	    !some_claim(w, i, number == in->src ? in->dst : in->src, is_bounded_pointer) ||
	    !some_claim(w, i, number, row->oper == ISA_O_SUB ? is_variable : is_maybe_negative))
		return false;
	return put_with_other(w, i, in, number, 0);
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
	return put_with_other(w, i, in, number, 0xffff);
}

static bool lower_half(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	if (row != &isa_rows[ISA_MOV32_X] || !some_claim(w, i, in->src, is_wide))
		return false;
	keep(w, in);
	put(w, ISA_XOR32_K, in->dst, 0, 0, 0);
	return true;
}

static bool half_sum(struct view *w, uint32_t i, const struct iov_insn *in, const struct iov_isa_row *row)
{
	(void)i;
	if (row != &isa_rows[ISA_ADD32_K] && row != &isa_rows[ISA_SUB32_K])
		return false;
	keep(w, in);
	put(w, ISA_XOR32_K, in->dst, 0, 0, 0);
	return true;
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
	keep(w, in);
	return true;
}

static const struct {
	const char *name;
	rewriting *rewrite;
} classes[] = {
	{"no range for division and remainder", division},
	{"no range for shifts by a register", shift},
	{"x ^ x and x - x are unknown", with_itself},
	{"no known bits through byte swaps and negation", swapped},
	{"a constant array key is stored with 4 bytes, and at a multiple of 8 unless it is 0", constant_key},
	{"a store beside a spilled number forgets it", beside_spill},
	{"what a function returns counts, also when nobody reads it", result_unread},
	{"an atomic operation whose result replaces its pointer is checked twice", atomic},
	{"the end of the packet compared again where the result is known", end_again},
	{"pointers to the stack, the context and the packet may be NULL in a comparison", never_null},
	{"a comparison with a register that holds 0 is no test for NULL", null_in_register},
	{"bits that a test rules out are not held against bounds", bit_test},
	{"no known bits through sign extension", sign_extension},
	{"whether one byte is there is not learned from the packet's start and end alone", end_at_once},
	{"no upper bound for an offset that may be below 0", below_zero},
	{"a packet pointer that is moved by a variable loses what was checked", packet_moved},
	{"a copy of the lower half is not tied to the whole", lower_half},
	{"a 32-bit sum with a constant is not tied to what it came from", half_sum},
	{"no range for the index of bpf_loop()", loop_index},
};
enum { CLASSES = sizeof(classes) / sizeof(*classes) };

const char *sees_class(unsigned number)
{
	return number < CLASSES ? classes[number].name : NULL;
}

/* Slot `to` of the old program, seen from the instruction at `i`, as a distance in the new one. */
static int32_t distance(const struct view *w, uint32_t place, int64_t to)
{
	return to < 0 || to > w->prog->count ? 0 : (int32_t)w->at[to] - (int32_t)place - 1;
}

/* The instruction that stood at i and calls where it did. */
static void mend(struct view *w, uint32_t i, uint32_t place)
{
	const struct iov_insn *in = &w->prog->insns[i];
	const struct iov_isa_row *row = isa_find(in);
	struct iov_insn *out = &w->out[place];

	if (row->kind == ISA_K_JCC)
		out->off = (int16_t)distance(w, place, isa_target(row, in, i));
	else if (row->kind == ISA_K_JA && row->width != 32 && out->code == in->code)
		out->off = (int16_t)distance(w, place, isa_target(row, in, i));
	else if (row == &isa_rows[ISA_JA32] || row == &isa_rows[ISA_CALL_SUBPROG])
		out->imm = distance(w, place, (int64_t)i + 1 + in->imm);
	else if (row == &isa_rows[ISA_LD_FUNC])
		out->imm = distance(w, place, (int64_t)i + 1 + in->imm);
}

/* The program after the rewriting (of every class when `only` is CLASSES) is refused by us too. */
static bool needed(struct view *w, unsigned only)
{
	const struct iov_prog *prog = w->prog;
	struct iov_prog seen = *prog;
	struct iov_subprog subs[32];
	uint32_t last[SEES_MAX];
	struct iov_verify_options how = {.budget = 200000};
	struct iov_arena arena = {0};
	struct iov_facts facts;
	struct iov_sink sink;
	bool refused;

	w->count = 0;
	w->changed = false;
	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1) {
		const struct iov_insn *in = &prog->insns[i];
		bool done = !w->facts.insns[i].reached;

		if (w->count + ROOM > SEES_MAX)
			return false;
		w->at[i] = w->kept = w->count;
		for (unsigned k = 0; k < CLASSES && !done; k++)
			if (only == k || only == CLASSES)
				w->changed |= done = classes[k].rewrite(w, i, in, isa_find(in));
		if (w->count == w->at[i]) {
			keep(w, in);
		}
		last[i] = w->kept;
	}
	w->at[prog->count] = w->count;
	if (!w->changed)
		return false;
	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1)
		mend(w, i, last[i]);
	for (uint32_t i = 0; i < prog->sub_count && i < 32; i++) {
		subs[i] = prog->subs[i];
		subs[i].start = w->at[prog->subs[i].start];
		subs[i].count = w->at[prog->subs[i].start + prog->subs[i].count] - subs[i].start;
	}
	seen.insns = w->out;
	seen.count = w->count;
	seen.subs = subs;
	sink_init(&sink, NULL);
	refused = verify_prog(&seen, w->platform, &how, &arena, &sink, &facts) == IOV_DIAGNOSED;
	sink_free(&sink);
	arena_free(&arena);
	return refused;
}

static bool look(struct view *w, const struct iov_prog *prog, const struct iov_platform *platform)
{
	struct iov_verify_options how = {.budget = 1000000, .claims = &w->claims};
	struct iov_sink sink;
	bool ok;

	memset(&w->arena, 0, sizeof(w->arena));
	w->prog = prog;
	w->platform = platform;
	w->claims = (struct iov_claims){.arena = &w->arena};
	sink_init(&sink, NULL);
	ok = prog->count <= SEES_MAX && prog->sub_count <= 32 &&
	     verify_prog(prog, platform, &how, &w->arena, &sink, &w->facts) == IOV_OK;
	sink_free(&sink);
	return ok;
}

const char *sees_less(const struct iov_prog *prog, const struct iov_platform *platform)
{
	static struct view w;
	const char *name = NULL;

	if (look(&w, prog, platform))
		for (unsigned k = 0; k <= CLASSES && !name; k++)
			if (needed(&w, k))
				name = k < CLASSES ? classes[k].name : "several of these at once";
	arena_free(&w.arena);
	return name;
}

bool sees_unentered(const struct iov_prog *prog, const struct iov_platform *platform)
{
	static struct view w;
	bool unentered = false, called[32] = {true};

	if (look(&w, prog, platform)) {
		for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1) {
			const struct iov_isa_row *row = isa_find(&prog->insns[i]);

			unentered |= row == &isa_rows[ISA_CALL_HELPER] &&
				     prog->insns[i].imm == (int32_t)catalogue_helper_by_name("loop")->id &&
				     some_claim(&w, i, IOV_R1, is_zero);
			for (uint32_t k = 0; k < prog->sub_count && w.facts.insns[i].reached; k++)
				called[k] |= (row == &isa_rows[ISA_CALL_SUBPROG] || row == &isa_rows[ISA_LD_FUNC]) &&
					     i + 1 + (uint32_t)prog->insns[i].imm == prog->subs[k].start;
		}
		for (uint32_t k = 0; k < prog->sub_count; k++)
			unentered |= !called[k] || !w.facts.insns[prog->subs[k].start].reached;
	}
	arena_free(&w.arena);
	return unentered;
}
