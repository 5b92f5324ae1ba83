/* SPDX-License-Identifier: Apache-2.0 */
/* Regions: where paths multiply, what follows a state is walked once more with joined states, in the order of the flow:
 * a path that comes to a join waits there until nothing is left that can still come, and then one state goes on for
 * all. Cost grows with the size of the program then, not with its paths. A region is a trial: when an error turns up in
 * it, nothing is said, everything is put back, and the separate paths are walked; so that neither a verdict nor a
 * message depends on it. When it ends well, the node that it began from is settled with all that follows.
 *
 * In a region loops are proved without following their turns (loop.c), unless the platform wants them followed.
 *
 * Invariants: there is one region at a time. All of its nodes are newer than its root. Its paths that were not walked
 * are in v->pending from region->pending on; those that wait are in region->parks. */
#include "backend/verify/internal.h"

#include <string.h>

enum { REACH = 4, SEEN = 64, RESTARTS = 6, WORK_FREE = 512, WORK_MOST = 1 << 15 };

/** What an instruction's facts were before the region. */
struct vundo {
	struct iov_insn_fact fact;
	uint32_t insn;
};

/* Whether a state's arrival comes from inside the loop that begins here. */
static bool goes_round(const struct verifier *v)
{
	const struct vinsn *at = &v->insns[v->pc], *from = &v->insns[v->from];

	return at->header && from->sub == at->sub && from->pos >= at->pos;
}

uint32_t region_back_key(const struct vinsn *header)
{
	return 2 * (header->last > header->pos ? header->last : header->pos) + 1;
}

static void make_key(const struct verifier *v, struct vpark *p, bool round)
{
	const struct vstate *s = v->st;

	p->len = s->frames;
	for (uint32_t i = 0; i + 1 < s->frames; i++)
		p->key[i] = 2 * v->insns[s->f[i + 1]->callsite].pos;
	p->key[p->len - 1] = round ? region_back_key(&v->insns[v->pc]) : 2 * v->insns[v->pc].pos;
}

int region_compare(const uint32_t *a, uint32_t a_len, const uint32_t *b, uint32_t b_len)
{
	for (uint32_t i = 0; i < a_len && i < b_len; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return a_len < b_len ? -1 : a_len > b_len;
}

bool region_park(struct verifier *v)
{
	struct vregion *g = v->region;

	if (g->park_count == g->park_cap) {
		uint32_t cap = g->park_cap ? 2 * g->park_cap : 16;
		struct vpark *grown = alloc_resize(v->alloc, g->parks, g->park_cap * sizeof(*grown),
						   cap * sizeof(*grown));

		if (!grown)
			return false;
		g->parks = grown;
		g->park_cap = cap;
	}
	g->parks[g->park_count] = (struct vpark){.node = v->node, .state = v->st, .insn = v->pc};
	make_key(v, &g->parks[g->park_count++], goes_round(v));
	v->node = NULL;
	v->st = NULL;
	return true;
}

void region_unpark(struct verifier *v, uint32_t i)
{
	state_drop(&v->pool, v->region->parks[i].state);
	v->region->parks[i] = v->region->parks[--v->region->park_count];
}

bool region_note(struct verifier *v, uint32_t insn, const struct iov_insn_fact *before)
{
	struct vregion *g = v->region;

	if (g->undo_count == g->undo_cap) {
		uint32_t cap = g->undo_cap ? 2 * g->undo_cap : 64;
		struct vundo *grown = alloc_resize(v->alloc, g->undo, g->undo_cap * sizeof(*grown),
						   cap * sizeof(*grown));

		if (!grown)
			return false;
		g->undo = grown;
		g->undo_cap = cap;
	}
	g->undo[g->undo_count].insn = insn;
	memcpy(&g->undo[g->undo_count++].fact, before, sizeof(*before));
	return true;
}

/* Everything newer than `serial` goes: nodes, and the paths that wait, also in the node with that number. */
void region_discard(struct verifier *v, uint32_t serial)
{
	struct vregion *g = v->region;

	while (v->pending_count > g->pending)
		pending_drop(v);
	for (uint32_t i = g->park_count; i--;)
		if (g->parks[i].node->serial >= serial)
			region_unpark(v, i);
	while (v->newest && v->newest->serial > serial)
		node_free(v, v->newest);
}

/* Walk on from `state`, which is handed over, at the start of `n`. */
static void go(struct verifier *v, struct vnode *n, struct vstate *state)
{
	v->node = n;
	v->st = state;
	v->pc = n->insn;
	v->arrived = true;
}

/* From which of the nodes above to begin: so many places up that states are compared at, all turns of a loop counting
 * as one. */
static struct vnode *begin_at(const struct verifier *v)
{
	uint32_t seen[SEEN], count = 0, i;
	struct vnode *best = NULL;

	for (struct vnode *n = v->node; n; n = n->parent) {
		if (!n->kept || n->kept->returned)
			continue;
		for (i = 0; i < count && seen[i] != n->insn; i++)
			;
		if (i == count) {
			if (count == SEEN || count == v->region_reach)
				break;
			seen[count++] = n->insn;
		}
		best = n;
	}
	return best;
}

static bool eager(const struct verifier *v) { return v->options && v->options->eager; }

bool region_affordable(const struct verifier *v) { return v->wasted <= v->budget / 8; }

bool region_wanted(const struct verifier *v)
{
	return !v->region && region_affordable(v) && v->facts->processed >= v->region_next &&
	       (v->node->forks || !(v->platform->rules & IOV_RULE_LINUX_LOOPS)) &&
	       v->kept_count[v->pc] >= (eager(v) ? 1 : 2) && !v->st->returned &&
	       !(v->options && v->options->every_path);
}

/* From the root, which may begin a loop. */
static bool begin_walk(struct verifier *v, struct vstate *state)
{
	struct vpark p = {0};

	go(v, v->region->root, state);
	make_key(v, &p, false);
	return !v->insns[v->pc].header || loop_begin(v, &p);
}

bool region_begin(struct verifier *v, struct vnode *from)
{
	struct vregion *g;
	struct vstate *start;

	from = from ? from : begin_at(v);
	if (!from)
		return true;
	g = alloc_zeroed(v->alloc, 1, sizeof(*g));
	if (!g)
		return false;
	v->region = g;
	g->from = from;
	g->node = v->node;
	g->state = v->st;
	g->pc = v->pc;
	v->st = NULL;
	g->pending = v->pending_count;
	g->began = v->facts->processed;
	g->facts = *v->facts;
	g->subs = alloc_zeroed(v->alloc, v->prog->sub_count, sizeof(*g->subs));
	g->root = node_new(v, NULL, from->insn, V_NO_INSN);
	start = state_copy(&v->pool, from->kept);
	if (!g->subs || !g->root || !start || !node_keep(v, g->root, start)) {
		state_drop(&v->pool, start);
		return false;
	}
	memcpy(g->subs, v->subs, v->prog->sub_count * sizeof(*g->subs));
	g->root->via = from;
	g->root->home = from->home;
	g->root->pinned = true;
	return begin_walk(v, start);
}

void region_free(struct verifier *v)
{
	struct vregion *g = v->region;

	if (!g)
		return;
	while (v->loop)
		loop_drop(v);
	while (g->park_count)
		region_unpark(v, g->park_count - 1);
	state_drop(&v->pool, g->state);
	alloc_free(v->alloc, g->parks, g->park_cap * sizeof(*g->parks));
	alloc_free(v->alloc, g->undo, g->undo_cap * sizeof(*g->undo));
	alloc_free(v->alloc, g->subs, g->subs ? v->prog->sub_count * sizeof(*g->subs) : 0);
	alloc_free(v->alloc, g, sizeof(*g));
	v->region = NULL;
}

static bool same_thing(const struct vreg *a, const struct vreg *b)
{
	return a->kind == b->kind && a->type == b->type && a->trust == b->trust;
}

/* Kinds of what is known: paths that differ in them stay apart. */
static bool same_shape(const struct vstate *a, const struct vstate *b)
{
	for (uint32_t i = 0; i < a->frames; i++) {
		const struct vframe *x = a->f[i], *y = b->f[i];

		for (int r = 0; r < IOV_R10; r++)
			if (!same_thing(&x->r[r], &y->r[r]) || x->r[r].maybe_null != y->r[r].maybe_null ||
			    x->r[r].map != y->r[r].map)
				return false;
		for (uint32_t k = 0; k < x->slots && k < y->slots; k++)
			if (slot_spills(&x->s[k]) && slot_spills(&y->s[k]) && !same_thing(&x->s[k].reg, &y->s[k].reg))
				return false;
	}
	return true;
}

/* The first in the order of the flow; in a loop's body, of those that have come from its header alone. */
static const struct vpark *first_park(const struct verifier *v)
{
	const struct vregion *g = v->region;
	const struct vpark *best = NULL;

	for (uint32_t i = 0; i < g->park_count; i++) {
		const struct vpark *p = &g->parks[i];

		if ((!v->loop || p->node->serial >= v->loop->node->serial) &&
		    (!best || region_compare(p->key, p->len, best->key, best->len) < 0))
			best = p;
	}
	return best;
}

static void wait_for(struct vnode *n, struct vnode *joined)
{
	n->open++;
	n->next_waiter = joined->waiters;
	joined->waiters = n;
	if (!joined->via || n->forks > joined->forks) {
		joined->via = n;
		joined->forks = n->forks;
	}
}

/* Those that wait where park `first` does and can be joined with it go on as one, in v->node and v->st. */
static bool join_parks(struct verifier *v, const struct vpark *first, struct vpark *out)
{
	struct vregion *g = v->region;
	struct vpark p = *first;
	struct vnode *joined = node_new(v, NULL, p.insn, V_NO_INSN);
	uint32_t oldest = v->loop ? v->loop->node->serial : 0;

	*out = p;
	if (!joined)
		return false;
	g->parks[first - g->parks] = g->parks[--g->park_count];
	joined->home = node_home(p.node);
	go(v, joined, p.state);
	wait_for(p.node, joined);
	for (uint32_t i = g->park_count; i--;) {
		struct vstate *both;

		if (g->parks[i].node->serial < oldest || node_home(g->parks[i].node) != joined->home ||
		    region_compare(g->parks[i].key, g->parks[i].len, p.key, p.len) ||
		    !same_shape(v->st, g->parks[i].state))
			continue;
		both = state_copy(&v->pool, v->st);
		if (!both)
			return false;
		if (!state_join(v, both, g->parks[i].state)) {
			state_drop(&v->pool, both);
			if (v->nomem)
				return false;
			continue;
		}
		state_drop(&v->pool, v->st);
		v->st = both;
		wait_for(g->parks[i].node, joined);
		region_unpark(v, i);
		record_count(v, IOV_COUNT_JOIN);
	}
	return node_keep(v, joined, v->st);
}

/* The region ended well: what follows the node that it began from is settled. */
static bool settle(struct verifier *v)
{
	struct vregion *g = v->region;
	struct vnode *from = g->from, *root = g->root, *n = root->older, *older;
	bool ok;

	record_count(v, IOV_COUNT_REGION);
	while (v->pending_count && v->pending[v->pending_count - 1].node->serial > from->serial)
		pending_drop(v);
	for (; n->serial > from->serial; n = older) {
		older = n->older;
		if (!n->done || n->leans > from->serial || (n->home && n->home->serial > from->serial))
			node_free(v, n); /* given up, or leaning on or counting turns of what is */
	}
	node_reset(v, from);
	from->leans = root->leans;
	root->pinned = false;
	v->region_reach = 2 * v->region_reach;
	v->region_next = v->facts->processed + (eager(v) ? 1 : v->prog->count / 2 + 64);
	region_free(v);
	v->node = NULL;
	ok = node_demand(v, &from->end, root->start) && cost_join(v, &from->cost, root->cost);
	if (!ok)
		v->node = from;
	return ok && node_finish(v, from);
}

/* As it was before. */
static void give_up(struct verifier *v)
{
	struct vregion *g = v->region;
	uint64_t spent = v->facts->processed - g->began;
	uint32_t states = v->facts->states, frames = g->facts.frames;

	state_drop(&v->pool, v->st);
	region_discard(v, g->root->serial - 1);
	while (g->undo_count--)
		memcpy(&v->fact[g->undo[g->undo_count].insn], &g->undo[g->undo_count].fact, sizeof(*v->fact));
	g->undo_count = 0;
	memcpy(v->subs, g->subs, v->prog->sub_count * sizeof(*v->subs));
	v->facts->frames = frames;
	v->facts->states = states;
	v->facts->changes_packet = g->facts.changes_packet;
	v->node = g->node;
	v->st = g->state;
	v->pc = g->pc;
	v->arrived = false;
	g->state = NULL;
	v->wasted += spent;
	v->region_next = v->facts->processed + (eager(v) ? v->wasted / 2 + 1 : v->facts->processed + v->prog->count);
	v->region_reach = v->region_reach > REACH ? v->region_reach / 2 : 2;
	region_free(v);
}

/* Once more from the start, with some loop walked turn by turn that was not before. */
static bool restart(struct verifier *v)
{
	struct vregion *g = v->region;
	struct vstate *start;

	while (v->loop)
		loop_drop(v);
	state_drop(&v->pool, v->st);
	v->st = NULL;
	region_discard(v, g->root->serial);
	node_reset(v, g->root);
	start = state_copy(&v->pool, g->root->kept);
	return start && begin_walk(v, start);
}

bool region_failed(struct verifier *v)
{
	struct vregion *g = v->region;

	state_drop(&v->pool, v->other);
	v->other = NULL;
	if (v->loop && g->restarts++ < RESTARTS && !region_spent(v)) {
		v->insns[v->loop->header].follow = true;
		return restart(v);
	}
	give_up(v);
	return true;
}

bool region_spent(const struct verifier *v)
{
	uint64_t spent = v->facts->processed - v->region->began, share = v->region->began / 4;

	return spent > (share < WORK_MOST ? share : WORK_MOST) + 2 * v->prog->count + WORK_FREE ||
	       v->wasted + spent > v->budget / 4;
}

enum step region_next(struct verifier *v)
{
	struct vpark p;

	for (;;) {
		const struct vpark *first = first_park(v);

		if (v->loop &&
		    (!first || region_compare(first->key, first->len, v->loop->key, v->loop->len) >= 0)) {
			switch (loop_round(v)) {
			case LOOP_PROVED: record_count(v, IOV_COUNT_LOOP); continue;
			case LOOP_AGAIN: return STEP_NEXT;
			case LOOP_FAILED: return region_failed(v) ? STEP_NEXT : STEP_NOMEM;
			default: return STEP_NOMEM;
			}
		}
		if (!first)
			return settle(v) ? STEP_END : STEP_NOMEM;
		if (!join_parks(v, first, &p))
			return STEP_NOMEM;
		if (v->insns[p.insn].header && p.key[p.len - 1] == 2 * v->insns[p.insn].pos && !loop_begin(v, &p))
			return STEP_NOMEM;
		return STEP_NEXT;
	}
}
