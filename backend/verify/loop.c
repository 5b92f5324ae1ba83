/* SPDX-License-Identifier: Apache-2.0 */
/* Loops that end because something moves: proved without following their turns, inside a region.
 *
 * The state at the header is widened until no way round the loop leads out of it (an invariant). Then every way round
 * must move one and the same number, or packet pointer, by a constant in the same direction: its tie to what it was at
 * the header says by how much. It lies in the invariant's range each time, and a range that is smaller than the word
 * less the largest step leaves no room to wrap, or its range at the end of the way round shows that it did not; so the
 * turns are at most the range's width divided by the smallest step.
 *
 * Or every way round passes a may_goto, of which a frame has so many.
 *
 * A way round is not walked on, it is covered by the invariant in everything (demand_everything). What is measured from
 * an outer loop's header must survive inner loops: identities that are older than the innermost loop's invariant stand
 * for themselves wherever states are compared or joined (v->fixed_ids). */
#include "backend/verify/internal.h"

#include <string.h>

enum { ATTEMPTS = 24 };

static void note_limit(struct limits *l, uint64_t at)
{
	limits_add(l, at ? at - 1 : 0);
	limits_add(l, at);
	limits_add(l, at + 1);
}

static void note_reg(struct vreg *r, void *ud)
{
	if (r->kind == V_SCALAR && r->n.full.umax <= UINT32_MAX)
		note_limit(ud, r->n.full.umax);
}

/* Where widening may stop: what the loop compares with, and the bounds of what is known when it is entered. */
static bool find_limits(struct verifier *v, struct vloop *l, struct vstate *entry)
{
	const struct vinsn *h = &v->insns[l->node->insn];
	static const uint64_t words[] = {0, 1, 0xff, V_MAX_PACKET, IOV_PACKET_MOST, INT32_MAX, UINT32_MAX - 1,
					 UINT32_MAX, INT64_MAX};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		limits_add(&l->limits, words[i]);
	for (uint32_t i = 0; i < v->prog->count; i++) {
		const struct vinsn *at = &v->insns[i];

		if (at->row && at->sub == h->sub && at->pos >= h->pos && at->pos <= h->last &&
		    at->row->kind == ISA_K_JCC && at->row->src == ISA_SRC_K && v->prog->insns[i].imm >= 0)
			note_limit(&l->limits, (uint64_t)v->prog->insns[i].imm);
	}
	return state_each(&v->pool, entry, note_reg, &l->limits);
}

static void tie_reg(struct vreg *r, void *ud)
{
	struct verifier *v = ud;
	bool moves = r->kind == V_SCALAR ? !num_is_const(&r->n) : reg_is_packet(r) && !num_is_const(&r->n);

	if (!moves || r->id)
		return;
	if (r->kind == V_SCALAR)
		reg_unlink(r);
	r->id = ++v->next_id;
}

/* Take l->inv for the invariant and walk the body from it. */
static bool attempt(struct verifier *v, struct vloop *l)
{
	if (!state_each(&v->pool, l->inv, tie_reg, v) || !node_keep(v, l->node, l->inv))
		return false;
	l->ids = v->fixed_ids = ++v->next_id; /* never 0, which stands for no loop */
	v->node = l->node;
	v->pc = l->node->insn;
	v->arrived = true;
	v->st = state_copy(&v->pool, l->inv);
	return v->st != NULL;
}

bool loop_begin(struct verifier *v, const struct vpark *at)
{
	const struct vinsn *h = &v->insns[v->pc];
	struct vloop *l;

	if (h->follow || h->last < h->pos || (v->platform->rules & IOV_RULE_LINUX_LOOPS && !h->may_goto) ||
	    (v->loop && v->loop->depth + 1 >= COST_LOOPS))
		return true;
	l = alloc_zeroed(v->alloc, 1, sizeof(*l));
	if (!l)
		return false;
	l->outer = v->loop;
	l->depth = v->loop ? v->loop->depth + 1 : 0;
	l->header = v->pc;
	l->node = v->node;
	l->len = at->len;
	memcpy(l->key, at->key, sizeof(l->key));
	l->key[l->len - 1] = region_back_key(h);
	l->inv = v->st;
	l->outer_ids = v->fixed_ids;
	v->st = NULL;
	v->loop = l;
	return find_limits(v, l, l->inv) && attempt(v, l);
}

void loop_drop(struct verifier *v)
{
	struct vloop *l = v->loop;

	v->loop = l->outer;
	v->fixed_ids = l->outer_ids;
	state_drop(&v->pool, l->inv);
	alloc_free(v->alloc, l, sizeof(*l));
}

/* How a place, a register or a slot, moves over the ways round the loop. */
struct progress {
	const struct vreg *from;
	uint64_t step, largest; /* the smallest and the largest */
	bool down, ok;
	bool wraps;     /* the numbers at the end of a way round do not show that it did not */
};

/* Whether `to`, which was reached by a step of `by`, may have passed an end of the word: it would lie next to it. */
static bool may_wrap(const struct vreg *to, bool down, uint64_t by, bool low)
{
	uint64_t largest = low ? UINT32_MAX : UINT64_MAX;

	return to->kind != V_SCALAR || (down ? to->n.full.umax > largest - by : to->n.full.umin < by);
}

/* One way round: the place holds `to` at its end. */
static void progress_add(struct progress *p, const struct vreg *to)
{
	int64_t by = (int64_t)to->off - p->from->off;
	bool same = to->kind == p->from->kind && to->id == p->from->id &&
		    (to->kind != V_SCALAR || to->low || !p->from->low);

	if (!same || !by || (p->step && p->down != (by < 0))) {
		p->ok = false;
		return;
	}
	p->down = by < 0;
	by = by < 0 ? -by : by;
	p->wraps |= may_wrap(to, p->down, (uint64_t)by, to->kind == V_SCALAR && to->low);
	if (!p->step || (uint64_t)by < p->step)
		p->step = (uint64_t)by;
	p->largest = (uint64_t)by > p->largest ? (uint64_t)by : p->largest;
}

/* Ways round at most, when the place moves so; UINT64_MAX: not limited. */
static uint64_t progress_turns(const struct progress *p, bool low)
{
	const struct bound *b = low ? &p->from->n.half : &p->from->n.full;
	uint64_t width = b->umax - b->umin, swidth = (uint64_t)b->smax - (uint64_t)b->smin;
	uint64_t room = low ? UINT32_MAX - p->largest : UINT64_MAX - p->largest;

	width = swidth < width ? swidth : width;
	if (!p->ok || !p->step || (p->wraps && width > room) || (low && p->from->n.full.umax > UINT32_MAX))
		return UINT64_MAX;
	return width / p->step;
}

/* The parks that have gone round the loop; next one from *i on. */
static bool next_round(const struct verifier *v, uint32_t *i)
{
	const struct vregion *g = v->region;

	for (; *i < g->park_count; ++*i)
		if (g->parks[*i].node->serial >= v->loop->node->serial &&
		    !region_compare(g->parks[*i].key, g->parks[*i].len, v->loop->key, v->loop->len))
			return true;
	return false;
}

/* Turns that one place allows. frame, reg, or slot when reg < 0. */
static uint64_t place_turns(const struct verifier *v, uint32_t frame, int reg, uint32_t slot)
{
	const struct vframe *f = v->loop->inv->f[frame];
	struct progress p = {.from = reg >= 0 ? &f->r[reg] : &f->s[slot].reg, .ok = true};
	bool low = p.from->kind == V_SCALAR && p.from->low;

	if ((p.from->kind != V_SCALAR && !reg_is_packet(p.from)) || p.from->id <= v->loop->outer_ids)
		return UINT64_MAX;
	for (uint32_t i = 0; p.ok && next_round(v, &i); i++) {
		const struct vframe *g = v->region->parks[i].state->f[frame];
		const struct vreg *to = reg >= 0 ? &g->r[reg] : &g->s[slot].reg;

		if (reg < 0 && (slot >= g->slots || memcmp(g->s[slot].tag, f->s[slot].tag, 8))) {
			p.ok = false;
			break;
		}
		low |= to->kind == V_SCALAR && to->low;
		progress_add(&p, to);
	}
	return progress_turns(&p, low);
}

/* Turns that a frame's may_gotos allow, when each way round passes one. */
static uint64_t may_goto_turns(const struct verifier *v, uint32_t frame)
{
	for (uint32_t i = 0; next_round(v, &i); i++)
		if (v->region->parks[i].state->f[frame]->gone <= v->loop->inv->f[frame]->gone)
			return UINT64_MAX;
	return IOV_MAY_GOTO_LIMIT;
}

static uint64_t most_turns(const struct verifier *v)
{
	const struct vstate *s = v->loop->inv;
	uint64_t best = UINT64_MAX, turns;

	for (uint32_t i = 0; i < s->frames; i++) {
		turns = may_goto_turns(v, i);
		best = turns < best ? turns : best;
	}

	for (uint32_t i = 0; i < s->frames; i++) {
		for (int r = 0; r < IOV_R10; r++) {
			turns = place_turns(v, i, r, 0);
			best = turns < best ? turns : best;
		}
		for (uint32_t k = 0; k < s->f[i]->slots; k++) {
			turns = slot_spills(&s->f[i]->s[k]) ? place_turns(v, i, -1, k) : UINT64_MAX;
			best = turns < best ? turns : best;
		}
	}
	return best;
}

/* What the ways round add to the invariant goes into *grown; NULL when nothing. False: they have nothing in common, or
 * v->nomem. */
static bool collect(struct verifier *v, const struct demand *all, struct vstate **grown)
{
	struct vloop *l = v->loop;
	struct vstate *plain = state_copy(&v->pool, l->inv);
	bool ok = plain && state_drop_single_links(v, plain);

	v->nomem |= !ok;
	for (uint32_t i = 0; ok && next_round(v, &i); i++) {
		struct vstate *both = state_copy(&v->pool, *grown ? *grown : l->inv);

		ok = both && state_join(v, both, v->region->parks[i].state);
		v->nomem |= !both;
		if (ok && (*grown || !state_covers(v, plain, all, both))) {
			state_drop(&v->pool, *grown);
			*grown = both;
		} else {
			state_drop(&v->pool, both);
		}
	}
	state_drop(&v->pool, plain);
	return ok;
}

/* The ways round are covered by the invariant: they are settled. */
static bool close_rounds(struct verifier *v, const struct demand *all)
{
	unsigned row = COST_LOOP + v->loop->depth;

	for (uint32_t i = 0; next_round(v, &i);) {
		struct vnode *n = v->region->parks[i].node;

		region_unpark(v, i);
		if (!node_demand(v, &n->end, all) || !cost_leaf(v, &n->cost, row) || !node_finish(v, n)) {
			v->node = NULL;
			return false;
		}
	}
	return true;
}

static enum loop_end widen(struct verifier *v, struct vstate *grown, const struct demand *all)
{
	struct vloop *l = v->loop;
	bool covers;

	if (++l->attempts > ATTEMPTS) {
		state_drop(&v->pool, grown);
		return LOOP_FAILED;
	}
	v->nomem |= !state_widen(v, grown, l->inv, &l->limits) || !state_drop_single_links(v, grown);
	covers = !v->nomem && state_covers(v, grown, all, l->inv);
	state_drop(&v->pool, l->inv);
	l->inv = grown;
	if (!covers)
		return v->nomem ? LOOP_NOMEM : LOOP_FAILED;
	region_discard(v, l->node->serial);
	node_reset(v, l->node);
	return attempt(v, l) ? LOOP_AGAIN : LOOP_NOMEM;
}

enum loop_end loop_round(struct verifier *v)
{
	struct vloop *l = v->loop;
	struct vstate *grown = NULL;
	struct demand all;
	uint64_t turns;
	uint32_t i = 0;
	bool ok;

	demand_everything(&all, l->inv->frames);
	turns = next_round(v, &i) ? most_turns(v) : 0;
	v->fixed_ids = l->outer_ids;
	ok = collect(v, &all, &grown);
	v->fixed_ids = l->ids;
	if (!ok) {
		state_drop(&v->pool, grown);
		return v->nomem ? LOOP_NOMEM : LOOP_FAILED;
	}
	v->fixed_ids = l->outer_ids;
	if (grown)
		return widen(v, grown, &all);
	v->fixed_ids = l->ids;
	if (turns > UINT32_MAX)
		return LOOP_FAILED;
	l->node->loop_row = COST_LOOP + l->depth;
	l->node->turns = turns;
	if (!close_rounds(v, &all))
		return LOOP_NOMEM;
	loop_drop(v);
	return LOOP_PROVED;
}
