/* SPDX-License-Identifier: Apache-2.0 */
/* The search: every path is walked, depth first, until it ends or is covered by what was verified before.
 *
 * Paths form a tree of nodes (stretches). At join points and loop headers the state is kept. A later arrival that
 * agrees with a kept state in everything that the finished walk from there demanded (demand.h) needs no walk of its
 * own. Only finished nodes can cover, so that coverage also proves the end of loops: a path that meets its own,
 * unfinished state again, unchanged, makes no progress and is an error.
 *
 * Of a branch, the way that leaves the innermost loop is walked first: then few states wait at any time. */
#include "backend/verify/internal.h"

#include <string.h>

enum {
	KEPT_BYTES = 24 << 20,
	KEEP_FREELY = 16, KEEP_TURNS = 48, KEEP_APART = 8,
	COMPARE_UNFINISHED = 8,
	MISSES = 32, TRIED = 4,
	REGION_REACH = 4, REGION_FIRST = 8, REGION_FREE = 512
};

enum arrival { ARRIVE_GO, ARRIVE_COVERED, ARRIVE_TURN, ARRIVE_STUCK, ARRIVE_PARKED, ARRIVE_NOMEM };

/* One more turn of a callback's loop brings nothing that the turns from `n` on do not allow. */
static bool turn_covered(const struct verifier *v, const struct vnode *n)
{
	struct demand all;

	demand_everything(&all, v->st->frames);
	return (n->kept->returned || v->insns[v->pc].iter) && state_covers(v, n->kept, &all, v->st);
}

/* The state is one turn after n's: of the loop in a helper, or of one that an iterator ends. */
static bool is_turn(const struct verifier *v, const struct vnode *n)
{
	if (v->region && n->serial < v->region->root->serial)
		return false; /* what the region is walked in place of will never be finished */
	if (v->returning && n != v->returning && n->around != v->returning)
		return false; /* of another call: what follows it is another call's to count */
	return v->insns[v->pc].iter ? iter_same(n->kept, v->st) : v->st->returned;
}

/* What follows v->node is verified when the turn is that began at the node numbered `serial`. */
static void lean(struct verifier *v, uint32_t serial)
{
	if (serial && (!v->node->leans || serial < v->node->leans))
		v->node->leans = serial;
}

/* The newest state of the same loop: the turn before. */
static const struct vstate *turn_before(const struct verifier *v)
{
	for (const struct vnode *n = v->kept[v->pc]; n; n = n->next)
		if (!n->done && n->kept->frames == v->st->frames && is_turn(v, n))
			return n->kept;
	return NULL;
}

/* Turns that n counted, and that are not settled, are turns of calls that the path is inside of or behind. */
static bool same_turns(struct verifier *v, const struct vnode *n)
{
	uint32_t open = n->cost ? n->cost->has >> COST_CALLBACK << COST_CALLBACK : 0;
	const struct vnode *h = node_home(v->node);

	if (!open)
		return true;
	if (v->insns[v->pc].iter && !v->returning && open >> iter_row(v, v->st) & 1)
		return false;
	for (; h != n->home; h = h->home)
		if (!h || open >> h->row & 1)
			return false;
	return true;
}

/* What was found inside a loop that is not settled counts inside that loop alone; what leans on a turn that the region
 * walks anew, nowhere in it. */
static bool may_cover(struct verifier *v, const struct vnode *n)
{
	const struct vregion *g = v->region;

	if ((v->options && v->options->every_path) || !same_turns(v, n) ||
	    (g && n->leans > g->from->serial && n->leans < g->root->serial))
		return false;
	for (const struct vloop *l = v->loop; n->scope && l; l = l->outer)
		if (l->node == n->scope)
			return true;
	return !n->scope;
}

/* The path has come to a point where states are compared. */
static enum arrival compare_kept(struct verifier *v, struct vnode **by)
{
	unsigned unfinished = 0;

	for (struct vnode *n = v->kept[v->pc], *next; n; n = next) {
		next = n->next;
		if (!n->done) {
			if (is_turn(v, n) && turn_covered(v, n)) {
				lean(v, n->serial);
				return ARRIVE_TURN;
			}
			if (!v->region && !v->st->returned && unfinished++ < COMPARE_UNFINISHED &&
			    state_same(v, n->kept, v->st)) {
				*by = n;
				return ARRIVE_STUCK;
			}
			continue;
		}
		if (may_cover(v, n) && state_covers(v, n->kept, n->start, v->st)) {
			n->hits++;
			lean(v, n->leans);
			*by = n;
			return ARRIVE_COVERED;
		}
		if (++n->misses > MISSES * (n->hits + 1u)) /* it costs more than it saves */
			node_free(v, n);
	}
	return ARRIVE_GO;
}

/* Registers that nothing reads from here on are forgotten: states become equal sooner. */
static bool forget_dead(struct verifier *v)
{
	struct vframe *f = state_frame(&v->pool, v->st, v->st->frames - 1, 0);

	if (!f)
		return false;
	for (int r = 0; r < IOV_R10; r++)
		if (!(v->insns[v->pc].live >> r & 1) && f->r[r].kind != V_UNINIT)
			f->r[r] = (struct vreg){.kind = V_UNINIT, .n = f->r[r].n};
	return state_drop_single_links(v, v->st);
}

static bool worth_keeping(const struct verifier *v)
{
	const struct vinsn *i = &v->insns[v->pc];

	if (v->pool.bytes > KEPT_BYTES && !i->callback)
		return i->header && !v->kept_count[v->pc];
	if (i->callback || v->kept_count[v->pc] < KEEP_FREELY)
		return true;
	return v->node->since + v->node->steps >= (i->header && v->kept_count[v->pc] < KEEP_TURNS ? 1 : KEEP_APART);
}

/* The path ends where a turn has ended. */
static bool turn_cost(struct verifier *v)
{
	return cost_leaf(v, &v->node->cost, v->returning->row);
}

static bool covered_cost(struct verifier *v, const struct vnode *by)
{
	if (!v->returning || !cost_open(by->cost, v->returning->row))
		return cost_join(v, &v->node->cost, by->cost);
	return cost_join(v, &v->returning->cost, by->cost) && turn_cost(v);
}

/* Nothing that is known has changed in a turn that began at `n`: something that is not known may have. */
static bool loop_worth_proving(struct verifier *v, struct vnode *n)
{
	bool first = !n->tried && v->insns[v->pc].tried < TRIED && region_affordable(v);

	n->tried = true;
	v->insns[v->pc].tried = (uint8_t)(v->insns[v->pc].tried + first);
	return first && (v->insns[v->pc].may_goto || !(v->platform->rules & IOV_RULE_LINUX_LOOPS)) &&
	       !(v->options && v->options->every_path);
}

/* A turn before allows all that the turns to come can do. */
static bool turn_ends(struct verifier *v)
{
	struct demand all;

	demand_everything(&all, v->st->frames);
	return node_demand(v, &v->node->end, &all) &&
	       (v->returning ? turn_cost(v) : cost_unbounded(v, &v->node->cost)) && node_finish(v, v->node);
}

/* The first call for an element of the iterator that is asked here; NULL: it is not, or has not been asked yet. */
static struct vnode *iter_call(const struct verifier *v)
{
	uint32_t id = v->insns[v->pc].iter ? iter_id(v->st) : 0;
	struct vnode *h = node_home(v->node);

	while (h && (!id || h->iter != id))
		h = h->home;
	return h;
}

static enum arrival arrive(struct verifier *v)
{
	const struct vstate *before;
	struct vnode *by = NULL, *child;
	enum arrival a;

	if (!forget_dead(v))
		return ARRIVE_NOMEM;
	if (!v->st->returned)
		v->returning = iter_call(v);
	before = v->st->returned || v->insns[v->pc].iter ? turn_before(v) : NULL;
	if (before && !(v->options && v->options->every_turn) && !callback_widen(v, v->st, before))
		return ARRIVE_NOMEM;
	a = compare_kept(v, &by);
	if (a == ARRIVE_COVERED || a == ARRIVE_TURN)
		record_count(v, a == ARRIVE_TURN ? IOV_COUNT_TURN : IOV_COUNT_COVERED);
	if (a == ARRIVE_COVERED) {
		if (!node_demand(v, &v->node->end, by->start) || !covered_cost(v, by))
			return ARRIVE_NOMEM;
		return node_finish(v, v->node) ? ARRIVE_COVERED : ARRIVE_NOMEM;
	}
	if (a == ARRIVE_TURN)
		return turn_ends(v) ? ARRIVE_COVERED : ARRIVE_NOMEM;
	if (a == ARRIVE_GO && v->region && !v->insns[v->pc].callback)
		return region_park(v) ? ARRIVE_PARKED : ARRIVE_NOMEM;
	if (a == ARRIVE_STUCK ? loop_worth_proving(v, by) : a == ARRIVE_GO && region_wanted(v)) {
		if (!region_begin(v, a == ARRIVE_STUCK ? by : NULL))
			return ARRIVE_NOMEM;
		if (v->region) {
			v->arrived = false; /* the walk is behind that already */
			return ARRIVE_GO;
		}
	}
	if (a != ARRIVE_GO || !worth_keeping(v))
		return a;
	child = node_new(v, v->node, v->pc, V_NO_INSN);
	if (!child)
		return ARRIVE_NOMEM;
	v->node = child;
	child->around = v->returning;
	return node_keep(v, child, v->st) ? ARRIVE_GO : ARRIVE_NOMEM;
}

/* Two ways on: walk the one that leaves loops, or else goes forward, and let the other wait. */
static bool take_fork(struct verifier *v)
{
	struct vnode *a = node_new(v, v->node, v->next, v->pc), *b = node_new(v, v->node, v->other_next, v->pc);
	bool enters = v->other->frames > v->st->frames; /* a callback's function */
	bool leaves = v->other->frames < v->st->frames; /* the function */
	uint8_t level = (uint8_t)((enters ? v->other : v->st)->frames - 1);
	const struct vinsn *x = &v->insns[v->next], *y = &v->insns[v->other_next];
	struct vstate *waits = v->other;
	bool swap = y->depth < x->depth || (y->depth == x->depth && v->next <= v->pc && v->other_next > v->pc);

	if (!a || !b) {
		node_abandon(v, a);
		node_abandon(v, b);
		return false;
	}
	if (enters || leaves) {
		struct vnode *parent = v->node;

		v->node = b;
		if ((leaves && !flow_log(v, FLOW_DEF, level, IOV_R0, 0, 0, 0)) ||
		    !flow_log(v, leaves ? FLOW_RETURN : FLOW_CALLBACK, level, 0, 0, 0, 0)) {
			v->node = parent;
			node_abandon(v, a);
			node_abandon(v, b);
			return false;
		}
	}
	if (swap) {
		struct vnode *n = a;

		a = b;
		b = n;
		waits = v->st;
		v->st = v->other;
	}
	v->node = a;
	v->other = NULL;
	v->pc = a->insn;
	return pending_push(v, b, waits);
}

/* Walk the current path to its end. STEP_END, STEP_ERROR: the node is to be finished by the caller. */
static enum step walk(struct verifier *v)
{
	for (;;) {
		struct iov_insn_fact before;
		uint32_t at;
		enum step s;

		if (v->arrived) {
			v->arrived = false;
		} else if (v->insns[v->pc].prune) {
			switch (arrive(v)) {
			case ARRIVE_GO: break;
			case ARRIVE_COVERED: trace_covered(v); return STEP_NEXT; /* finished already */
			case ARRIVE_STUCK: return endless_stuck(v);
			case ARRIVE_TURN: return STEP_NOMEM; /* arrive() settles it */
			case ARRIVE_PARKED: return STEP_PARK;
			case ARRIVE_NOMEM: return STEP_NOMEM;
			}
		}
		if (v->facts->processed >= v->budget || !memory_left(v) ||
		    (v->region ? region_spent(v) : v->node->forks > V_MAX_FORKS))
			return v->region ? STEP_STOP : endless_budget(v);
		v->facts->processed++;
		if (!cost_insn(v))
			return STEP_NOMEM;
		v->top = state_frame(&v->pool, v->st, v->st->frames - 1, 0);
		if (!v->top)
			return STEP_NOMEM;
		trace_insn(v);
		if (!record_insn(v))
			return STEP_NOMEM;
		why_insn(v);
		at = v->pc;
		memcpy(&before, &v->fact[at], sizeof(before));
		s = step_insn(v);
		if (v->region && memcmp(&before, &v->fact[at], sizeof(before)) && !region_note(v, at, &before))
			return STEP_NOMEM;
		if (v->nomem)
			return STEP_NOMEM;
		if (s == STEP_FORK && !take_fork(v))
			return STEP_NOMEM;
		if (s != STEP_FORK && v->other) { /* a second way was prepared before the step failed */
			state_drop(&v->pool, v->other);
			v->other = NULL;
		}
		v->from = at;
		if (s == STEP_NEXT) {
			v->from = v->insns[v->next].sub == v->insns[at].sub ? at : v->next - 1;
			v->pc = v->next;
		} else if (s != STEP_FORK) {
			return s;
		}
	}
}

/* The path has ended. */
static bool end_path(struct verifier *v)
{
	struct demand none = {.frames = v->st->frames};

	return node_demand(v, &v->node->end, &none) && cost_leaf(v, &v->node->cost, COST_END) &&
	       node_finish(v, v->node);
}

/* What is walked next. STEP_END: nothing is left. */
static enum step take_next(struct verifier *v)
{
	enum step s;

	while (v->region && v->pending_count == v->region->pending) {
		s = region_next(v);
		if (s == STEP_END)
			continue;
		return s;
	}
	if (!v->pending_count)
		return STEP_END;
	if (!pending_take(v))
		return STEP_NOMEM;
	v->pc = v->node->insn;
	v->from = v->node->fork;
	return STEP_NEXT;
}

static enum step search(struct verifier *v)
{
	for (;;) {
		enum step s = walk(v);

		if (s == STEP_NOMEM || (s == STEP_STOP && !v->region))
			return s;
		if (v->region && (s == STEP_ERROR || s == STEP_STOP)) {
			if (!region_failed(v))
				return STEP_NOMEM;
			continue;
		}
		if ((s == STEP_END || s == STEP_ERROR) && !end_path(v))
			return STEP_NOMEM;
		state_drop(&v->pool, v->st);
		v->st = NULL;
		v->node = NULL;
		if (s == STEP_ERROR && v->cause_count >= V_MAX_ERRORS)
			return STEP_STOP;
		s = take_next(v);
		if (s != STEP_NEXT)
			return s;
	}
}

/* Free what a search leaves: nodes, and, after an early stop, the path and what waits. */
static void clean_up(struct verifier *v)
{
	region_free(v);
	pending_free(v);
	while (v->newest)
		node_free(v, v->newest);
	v->node = NULL;
	state_drop(&v->pool, v->st);
	state_drop(&v->pool, v->other);
	v->st = v->other = NULL;
}

/* Registers of the entry: the context, or what a global function's prototype says. */
static enum iov_status enter(struct verifier *v, uint32_t sub)
{
	const struct iov_subprog *s = &v->prog->subs[sub];
	struct vframe *f;

	v->st = state_new(&v->pool);
	if (!v->st || !state_push(&v->pool, v->st, sub, V_NO_INSN))
		return IOV_NOMEM;
	v->node = node_new(v, NULL, s->start, V_NO_INSN);
	if (!v->node)
		return IOV_NOMEM;
	v->pc = s->start;
	v->root_sub = sub;
	f = v->st->f[0];
	if (sub_is_program(v, sub)) {
		f->r[IOV_R1] = (struct vreg){.kind = v->type->ctx_memory ? V_RECORD : V_CTX, .origin = s->start,
					     .range = v->type->ctx_memory ? v->type->ctx_size : 0, .n = num_const(0)};
		return IOV_OK;
	}
	if (v->async) {
		async_enter(v, f);
		return IOV_OK;
	}
	if (v->prog->is_function && !sub && global_prototype(v, s) != STEP_NEXT)
		return IOV_DIAGNOSED;
	for (uint32_t i = 0; i < s->param_count; i++)
		if (global_parameter(v, s, &s->params[i], &f->r[1 + i]) != STEP_NEXT)
			return IOV_DIAGNOSED;
	return IOV_OK;
}

enum iov_status explore_sub(struct verifier *v, uint32_t sub)
{
	enum iov_status st;
	enum step s;

	memset(v->kept, 0, v->prog->count * sizeof(*v->kept));
	memset(v->kept_count, 0, v->prog->count * sizeof(*v->kept_count));
	memory_search(v);
	v->region_reach = REGION_REACH;
	v->region_next = v->options && v->options->eager
				 ? 0 : v->facts->processed + REGION_FIRST * v->prog->count + REGION_FREE;
	st = enter(v, sub);
	s = st ? STEP_STOP : search(v);
	clean_up(v);
	v->subs[sub].cost = cost_keep(v);
	cost_free(v, &v->root_cost);
	if (!v->subs[sub].cost)
		return IOV_NOMEM;
	if (st == IOV_NOMEM || s == STEP_NOMEM || v->nomem)
		return IOV_NOMEM;
	return st || v->cause_count ? IOV_DIAGNOSED : IOV_OK;
}
