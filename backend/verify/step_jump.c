/* SPDX-License-Identifier: Apache-2.0 */
/* Branches. A number is narrowed on either side, and with it every copy that is linked to it; a comparison with the
 * packet's end extends what is known to exist; a test for NULL settles every copy of the result. A branch that can go
 * one way only makes the numbers that decided it precise (demand.h). Source: RFC 9669 section 4.3. */
#include "backend/verify/internal.h"

#include <string.h>

/* What `to` must be when `from`, linked to it, is narrowed to n. */
static void narrow_linked(struct vreg *to, const struct vreg *from, const struct num *n)
{
	struct num delta = num_const((uint64_t)((int64_t)to->off - from->off)),
		   moved = num_alu(ISA_O_ADD, n, &delta, 64);
	struct num before = to->n;
	bool possible;

	if (from->low && !to->low) {
		possible = num_meet_low(&to->n, &moved);
	} else {
		if (to->low)
			moved = num_zext(&moved);
		possible = num_meet(&to->n, &moved);
	}
	if (!possible) /* the path cannot happen; what was known stays true enough */
		to->n = before;
}

struct narrowing {
	struct vreg from; /**< as before the branch */
	struct num to;
};

static void narrow_one(struct vreg *r, void *ud)
{
	struct narrowing *w = ud;

	if (r->kind == V_SCALAR && r->id == w->from.id)
		narrow_linked(r, &w->from, &w->to);
}

/* Register `reg` of the innermost frame is `to`; copies follow. */
static bool narrow(struct verifier *v, struct vstate *s, uint8_t reg, const struct num *to)
{
	struct vframe *f = state_frame(&v->pool, s, s->frames - 1, 0);
	struct narrowing w;

	if (!f)
		return false;
	w = (struct narrowing){f->r[reg], *to};
	f->r[reg].n = *to;
	if (!w.from.id || num_equal(&w.from.n, to))
		return true;
	return state_each(&v->pool, s, narrow_one, &w);
}

/* Log every register and slot that is tied to the link `id`; returns how many. */
static uint32_t log_linked(struct verifier *v, uint32_t id)
{
	uint32_t count = 0;

	for (uint32_t i = 0; id && i < v->st->frames; i++) {
		const struct vframe *f = v->st->f[i];

		for (uint8_t r = 0; r < IOV_R10; r++)
			if (f->r[r].kind == V_SCALAR && f->r[r].id == id && ++count)
				flow_log(v, FLOW_TIE_REG, (uint8_t)i, r, 0, 0, 0);
		for (uint32_t k = 0; k < f->slots; k++)
			if (slot_spills(&f->s[k]) && f->s[k].reg.kind == V_SCALAR && f->s[k].reg.id == id &&
			    ++count)
				flow_log(v, FLOW_TIE_SLOT, (uint8_t)i, (uint8_t)k, 0, 0, 0);
	}
	return count;
}

/* What is learned of one side depends on the other and goes to all copies: when one matters, all do. */
static void log_tie(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	const struct vreg *dst = &v->top->r[insn->dst], *src = row->src == ISA_SRC_X ? &v->top->r[insn->src] : NULL;
	uint8_t frame = (uint8_t)(v->st->frames - 1);
	uint32_t count;

	flow_reg(v, FLOW_USE, insn->dst, 0);
	if (src)
		flow_reg(v, FLOW_USE, insn->src, 0);
	count = log_linked(v, dst->id);
	if (src && src->id != dst->id)
		count += log_linked(v, src->id);
	if (!dst->id && ++count)
		flow_log(v, FLOW_TIE_REG, frame, insn->dst, 0, 0, 0);
	if (src && !src->id && ++count)
		flow_log(v, FLOW_TIE_REG, frame, insn->src, 0, 0, 0);
	flow_log(v, FLOW_TIE, frame, 0, 0, 0, count);
}

static void decide(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row, bool taken)
{
	struct iov_insn_fact *f = &v->fact[v->pc];

	v->next = taken ? (uint32_t)isa_target(row, insn, v->pc) : v->pc + 1;
	if (taken)
		f->always = true;
	else
		f->never = true;
}

/* Both ways are possible: v->st falls through, v->other jumps. */
static enum step both_ways(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	v->fact[v->pc].always = v->fact[v->pc].never = true; /* both seen: neither holds (verify.c) */
	v->next = v->pc + 1;
	v->other_next = (uint32_t)isa_target(row, insn, v->pc);
	v->other = state_copy(&v->pool, v->st);
	return v->other ? STEP_FORK : STEP_NOMEM;
}

static enum step jcc_numbers(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	enum iov_isa_oper oper = (enum iov_isa_oper)row->oper;
	bool two = row->src == ISA_SRC_X, same = two && insn->src == insn->dst;
	struct num imm = num_const((uint64_t)(int64_t)insn->imm);
	struct num yes_a = v->top->r[insn->dst].n, yes_b = two ? v->top->r[insn->src].n : imm;
	struct num no_a = yes_a, no_b = yes_b;
	bool yes, no;
	enum step s;

	yes = num_refine(oper, true, &yes_a, &yes_b, row->width);
	no = num_refine(oper, false, &no_a, &no_b, row->width);

	if (yes != no) {
		flow_reg(v, FLOW_PRECISE, insn->dst, 0);
		if (two)
			flow_reg(v, FLOW_PRECISE, insn->src, 0);
		decide(v, insn, row, yes);
		return STEP_NEXT;
	}
	if (!(v->platform->rules & IOV_RULE_NOT_EQUAL_BOUNDS)) {
		if (oper == ISA_O_JEQ)
			no_a = v->top->r[insn->dst].n, no_b = two ? v->top->r[insn->src].n : imm;
		else if (oper == ISA_O_JNE)
			yes_a = v->top->r[insn->dst].n, yes_b = two ? v->top->r[insn->src].n : imm;
	}
	log_tie(v, insn, row);
	s = both_ways(v, insn, row);
	if (s != STEP_FORK || same || !yes)
		return s;
	if (!narrow(v, v->st, insn->dst, &no_a) || !narrow(v, v->other, insn->dst, &yes_a))
		return STEP_NOMEM;
	if (two && !num_is_const(&v->top->r[insn->src].n) &&
	    (!narrow(v, v->st, insn->src, &no_b) || !narrow(v, v->other, insn->src, &yes_b)))
		return STEP_NOMEM;
	return s;
}

static bool reg_has_lock(const struct vreg *r)
{
	return (r->map && r->map->fields.count) || (r->type && fields_of(&r->type->fields, IOV_FIELD_SPIN_LOCK));
}

/* Whether the pointer may be NULL all the same: what was freed, or read from memory that nobody vouches for. */
static bool may_be_anything(const struct vreg *r)
{
	return (r->kind == V_STALE && r->range) || r->kind == V_FREED ||
	       (r->kind == V_KERNEL && !r->ref && !(r->trust & (T_TRUSTED | T_RCU)));
}

struct null_test {
	uint32_t id, pc;
	bool is_null;
};

static void settle_null(struct vreg *r, void *ud)
{
	const struct null_test *t = ud;

	if (!reg_is_pointer(r) || !r->maybe_null || r->id != t->id)
		return;
	if (t->is_null) {
		reg_scalar(r, num_const(0), t->pc);
		return;
	}
	r->maybe_null = false;
	if (!reg_has_lock(r)) /* a lock is known by the value or object that holds it */
		r->id = 0;
}

/* A reference that turned out to be NULL needs no release. */
static void forget_ref(struct vstate *s, uint32_t id)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->ref_count; i++)
		if (s->refs[i].id != id)
			s->refs[kept++] = s->refs[i];
	s->ref_count = kept;
}

static enum step jcc_null(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	const struct vreg *r = &v->top->r[insn->dst];
	struct null_test null = {r->id, v->pc, true}, some = {r->id, v->pc, false};
	uint32_t ref = r->ref == r->id ? r->ref : 0; /* that a cast gives NULL does not end the reference */
	struct vstate *null_state;
	enum step s;

	flow_reg(v, FLOW_USE, insn->dst, 0);
	if (!r->maybe_null && !may_be_anything(r)) { /* a pointer to something is never NULL */
		decide(v, insn, row, row->oper == ISA_O_JNE);
		return STEP_NEXT;
	}
	s = both_ways(v, insn, row);
	if (s != STEP_FORK || !null.id)
		return s;
	null_state = row->oper == ISA_O_JEQ ? v->other : v->st;
	if (!state_each(&v->pool, null_state, settle_null, &null) ||
	    !state_each(&v->pool, null_state == v->st ? v->other : v->st, settle_null, &some))
		return STEP_NOMEM;
	if (ref)
		forget_ref(null_state, ref);
	return s;
}

struct extent {
	uint8_t kind;
	uint32_t id, range, beyond;
	uint64_t start; /**< the variable part is at least this */
	bool near;      /**< a pointer before the packet's end is near its start */
};

/* The packet, which is no larger than IOV_PACKET_MOST, has `range` bytes behind the variable part. */
static void come_near(struct vreg *r, uint32_t range)
{
	struct num near = num_between(0, range < IOV_PACKET_MOST ? IOV_PACKET_MOST - range : 0), n = r->n;

	if (num_meet(&n, &near)) /* else the path cannot happen */
		r->n = n;
}

static void extend_one(struct vreg *r, void *ud)
{
	const struct extent *e = ud;
	uint64_t from_start = e->start + e->range;

	if (r->kind != e->kind)
		return;
	if (r->id == e->id) {
		if (r->range < e->range)
			r->range = e->range;
		if (e->range && e->near)
			come_near(r, e->range);
		if (e->beyond && (!r->beyond || r->beyond > e->beyond))
			r->beyond = e->beyond;
	} else if (e->range && !r->id && num_is(&r->n, 0) && r->range < from_start) {
		/* the packet itself is at least that long */
		r->range = from_start > V_MAX_PACKET ? V_MAX_PACKET : (uint32_t)from_start;
	}
}

/* Whether the pointer is near enough for comparisons with the packet's end not to wrap. Linux wants it nearer. */
static bool comparable(const struct verifier *v, const struct vreg *p)
{
	uint64_t most = v->platform->rules & IOV_RULE_LINUX_LOOPS ? V_MAX_PACKET : V_MAX_OFFSET - 1;

	return p->off >= 0 && p->n.full.umax <= most && p->n.full.umax + (uint32_t)p->off <= most;
}

/* In state s, at least `range` bytes exist from p's variable part on, and, when `beyond` is set, fewer than that. */
static bool extend(struct verifier *v, struct vstate *s, const struct vreg *p, uint32_t range, uint32_t beyond)
{
	struct extent e = {p->kind, p->id, range, beyond, p->n.full.umin,
			   !(v->platform->rules & IOV_RULE_LINUX_LOOPS)};

	return !comparable(v, p) || state_each(&v->pool, s, extend_one, &e);
}

/* After an error, so that the path goes on to errors of its own. Only a path that nothing relies on may: the program is
 * refused already. Loops that only end when the checks are there are not told, and not followed for long. */
static bool may_suppose(struct verifier *v)
{
	enum { FOLLOWED = 1 << 16 };

	if (v->region || v->cause_count >= V_MAX_ERRORS)
		return false;
	if (!v->supposed && v->budget > v->facts->processed + FOLLOWED)
		v->budget = v->facts->processed + FOLLOWED;
	v->supposed = true;
	return true;
}

enum step suppose_present(struct verifier *v, const struct vreg *r)
{
	struct null_test some = {r->id, v->pc, false};

	if ((r->kind != V_VALUE && r->kind != V_RECORD) || !r->id || !may_suppose(v))
		return STEP_ERROR;
	return state_each(&v->pool, v->st, settle_null, &some) ? STEP_NEXT : STEP_NOMEM;
}

enum step suppose_checked(struct verifier *v, const struct vreg *r)
{
	struct extent e = {.kind = r->kind, .id = r->id, .range = V_MAX_PACKET};

	if (!may_suppose(v))
		return STEP_ERROR;
	return state_each(&v->pool, v->st, extend_one, &e) ? STEP_NEXT : STEP_NOMEM;
}

/* a is a pointer into memory that ends at b. */
static bool bounded_by(const struct vreg *a, const struct vreg *b)
{
	return (a->kind == V_PACKET && b->kind == V_END) ||
	       (a->kind == V_META && b->kind == V_PACKET && !b->off && !b->id && num_is(&b->n, 0));
}

/* Turn "a OPER b" into "b OPER' a". */
static enum iov_isa_oper mirrored(enum iov_isa_oper oper)
{
	switch (oper) {
	case ISA_O_JGT: return ISA_O_JLT;
	case ISA_O_JGE: return ISA_O_JLE;
	case ISA_O_JLT: return ISA_O_JGT;
	case ISA_O_JLE: return ISA_O_JGE;
	default: return oper;
	}
}

/* Whether p > end, or p >= end when `strict` is 0: 1 yes, 0 no, -1 unknown. */
static int past_end(const struct verifier *v, const struct vreg *p, uint32_t strict)
{
	uint32_t off = (uint32_t)p->off;

	if (!comparable(v, p))
		return -1;
	if (p->beyond && off + 1 - strict >= p->beyond)
		return 1;
	return p->range && off + 1 - strict <= p->range ? 0 : -1;
}

/* "p OPER end" as far as it is known. */
static int packet_decided(const struct verifier *v, const struct vreg *p, enum iov_isa_oper oper)
{
	int past;

	switch (oper) {
	case ISA_O_JGT: return past_end(v, p, 1);
	case ISA_O_JGE: return past_end(v, p, 0);
	case ISA_O_JLE:
		past = past_end(v, p, 1);
		return past < 0 ? past : !past;
	case ISA_O_JLT:
		past = past_end(v, p, 0);
		return past < 0 ? past : !past;
	default: return -1;
	}
}

static enum step jcc_packet(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	bool swapped = !bounded_by(&v->top->r[insn->dst], &v->top->r[insn->src]);
	struct vreg p = v->top->r[swapped ? insn->src : insn->dst];
	enum iov_isa_oper oper = swapped ? mirrored((enum iov_isa_oper)row->oper) : (enum iov_isa_oper)row->oper;
	int known = packet_decided(v, &p, oper);
	uint32_t off = (uint32_t)p.off;
	bool ok = true;
	enum step s;

	if (known >= 0) {
		flow_reg(v, FLOW_PRECISE, swapped ? insn->src : insn->dst, 0);
		decide(v, insn, row, known);
		return STEP_NEXT;
	}
	s = both_ways(v, insn, row);
	if (s != STEP_FORK)
		return s;
	switch (oper) {
	case ISA_O_JGT: ok = extend(v, v->st, &p, off, 0) && extend(v, v->other, &p, 0, off); break;
	case ISA_O_JLE: ok = extend(v, v->other, &p, off, 0) && extend(v, v->st, &p, 0, off); break;
	case ISA_O_JGE: ok = extend(v, v->st, &p, off + 1, 0) && extend(v, v->other, &p, 0, off + 1); break;
	case ISA_O_JLT: ok = extend(v, v->other, &p, off + 1, 0) && extend(v, v->st, &p, 0, off + 1); break;
	case ISA_O_JEQ: ok = extend(v, v->other, &p, off, 0); break;
	case ISA_O_JNE: ok = extend(v, v->st, &p, off, 0); break;
	default: break;
	}
	return ok ? s : STEP_NOMEM;
}

/* A pointer that is surely not NULL, of a kind that no address is made of. */
static bool is_something(const struct vreg *r)
{
	switch (r->kind) {
	case V_SOCK: case V_VALUE: case V_RECORD: case V_STACK: case V_CTX: return !r->maybe_null;
	default: return false;
	}
}

/* What equals something is not NULL. */
static enum step jcc_same(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	const struct vreg *dst = &v->top->r[insn->dst], *src = &v->top->r[insn->src];
	struct null_test some = {dst->maybe_null ? dst->id : src->id, v->pc, false};
	enum step s = both_ways(v, insn, row);

	if (s != STEP_FORK || !some.id)
		return s;
	return state_each(&v->pool, row->oper == ISA_O_JEQ ? v->other : v->st, settle_null, &some) ? s : STEP_NOMEM;
}

static enum step jcc_pointers(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	const struct vreg *dst = &v->top->r[insn->dst], *src = row->src == ISA_SRC_X ? &v->top->r[insn->src] : NULL;
	bool against_zero = src ? reg_is_const(src) && num_is(&src->n, 0) : !insn->imm;
	/* Clang tests the 32 bits that it believes ctx->data to have against NULL. */
	bool half_null = against_zero && reg_is_packet_like(dst) && (row->oper == ISA_O_JEQ || row->oper == ISA_O_JNE);
	bool equality = row->oper == ISA_O_JEQ || row->oper == ISA_O_JNE;
	bool harmless = half_null || (src && reg_is_packet_like(dst) && reg_is_packet_like(src)) ||
			(src && equality && dst->kind == V_SOCK && src->kind == V_SOCK);

	if (src && src->kind == V_SCALAR)
		flow_reg(v, FLOW_PRECISE, insn->src, 0);
	if (row->width == 64 && reg_is_pointer(dst) && against_zero &&
	    (row->oper == ISA_O_JEQ || row->oper == ISA_O_JNE))
		return jcc_null(v, insn, row);
	flow_reg(v, dst->kind == V_SCALAR ? FLOW_PRECISE : FLOW_USE, insn->dst, 0);
	if (src && src->kind != V_SCALAR)
		flow_reg(v, FLOW_USE, insn->src, 0);
	if (row->width == 64 && src && (bounded_by(dst, src) || bounded_by(src, dst)))
		return jcc_packet(v, insn, row);
	if (!harmless && !(v->platform->rules & IOV_RULE_POINTERS_IN_MAPS)) {
		struct iov_diag *d = verify_diag(v, DIAG_V_POINTER_COMPARE, v->pc, "%s is compared with %s",
						 explain_kind(v, dst), src ? explain_kind(v, src) : "a number");
		explain_path(v, d);
		return STEP_ERROR;
	}
	if (src && row->width == 64 && equality && (is_something(dst) || is_something(src)) &&
	    (dst->maybe_null || src->maybe_null))
		return jcc_same(v, insn, row);
	return both_ways(v, insn, row);
}

enum step step_jcc(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	if (v->top->r[insn->dst].kind == V_UNINIT)
		return explain_uninit(v, insn->dst);
	if (row->src == ISA_SRC_X && v->top->r[insn->src].kind == V_UNINIT)
		return explain_uninit(v, insn->src);
	if (reg_is_pointer(&v->top->r[insn->dst]) || (row->src == ISA_SRC_X && reg_is_pointer(&v->top->r[insn->src])))
		return jcc_pointers(v, insn, row);
	return jcc_numbers(v, insn, row);
}
