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
	LINKS = 64, KEPT_BYTES = 48 << 20,
	KEEP_AT_MOST = 64,
	KEEP_FREELY = 16,
	COMPARE_UNFINISHED = 8,
	FORKS_AT_MOST = 16384,
	LOG_FIRST = 32, MISSES = 32,
	BUSY_TURNS = 64
};

static struct vnode *node_new(struct verifier *v, struct vnode *parent, uint32_t insn, uint32_t fork)
{
	struct vnode *n = alloc_zeroed(v->alloc, 1, sizeof(*n));

	if (!n)
		return NULL;
	n->parent = parent;
	n->insn = insn;
	n->fork = fork;
	if (parent) {
		parent->open++;
		n->forks = parent->forks + (fork != V_NO_INSN);
		n->since = fork == V_NO_INSN ? 0 : parent->since + parent->steps;
	}
	return n;
}

static size_t demand_bytes(uint32_t frames)
{
	return offsetof(struct demand, f) + frames * sizeof(struct frame_demand);
}

static void demand_free(struct verifier *v, struct demand **d)
{
	if (*d)
		alloc_free(v->alloc, *d, demand_bytes((*d)->frames));
	*d = NULL;
}

/* *into |= from, for a place with from's number of frames. */
static bool demand_add(struct verifier *v, struct demand **into, const struct demand *from)
{
	if (!*into) {
		*into = alloc_zeroed(v->alloc, 1, demand_bytes(from->frames));
		if (!*into)
			return false;
		(*into)->frames = from->frames;
	}
	demand_merge(*into, from);
	return true;
}

static void node_unlist(struct verifier *v, struct vnode *n)
{
	struct vnode **at = &v->kept[n->insn];

	while (*at && *at != n)
		at = &(*at)->next;
	if (*at) {
		*at = n->next;
		v->kept_count[n->insn]--;
	}
	state_drop(&v->pool, n->kept);
	n->kept = NULL;
	demand_free(v, &n->start);
}

static void node_free(struct verifier *v, struct vnode *n)
{
	if (n->kept)
		node_unlist(v, n);
	record_drop(v, n);
	alloc_free(v->alloc, n->log, n->log_cap * sizeof(*n->log));
	demand_free(v, &n->end);
	demand_free(v, &n->start);
	alloc_free(v->alloc, n, sizeof(*n));
}

bool flow_log(struct verifier *v, enum flow_op op, uint8_t frame, uint8_t a, uint8_t b, int32_t off, uint32_t len)
{
	struct vnode *n = v->node;

	if (n->log_len == n->log_cap) {
		uint32_t cap = n->log_cap ? 2 * n->log_cap : LOG_FIRST;
		struct flow *grown = alloc_resize(v->alloc, n->log, n->log_cap * sizeof(*grown), cap * sizeof(*grown));

		if (!grown) {
			v->nomem = true;
			return false;
		}
		n->log = grown;
		n->log_cap = cap;
	}
	n->log[n->log_len++] = (struct flow){.op = (uint8_t)op, .frame = frame, .a = a, .b = b, .off = (int16_t)off,
					     .len = (uint16_t)len};
	return true;
}

/* Give up a node that was never walked. */
static void node_abandon(struct verifier *v, struct vnode *n)
{
	if (n && n->parent)
		n->parent->open--;
	if (n)
		node_free(v, n);
}

/* Hand what the start of `n` demands to its list entry and its parent. On failure everything is as clean_up() wants it.
 */
static bool hand_up(struct verifier *v, struct vnode *n)
{
	struct demand d = {0};

	if (n->end)
		memcpy(&d, n->end, demand_bytes(n->end->frames));
	if (!record_backward(v, n, &d)) {
		v->node = n;
		return false;
	}
	n->worst = n->worst_end > UINT64_MAX - n->steps ? UINT64_MAX : n->worst_end + n->steps;
	if ((n->kept && !demand_add(v, &n->start, &d)) || (n->parent && !demand_add(v, &n->parent->end, &d))) {
		v->node = n;
		return false;
	}
	alloc_free(v->alloc, n->log, n->log_cap * sizeof(*n->log));
	n->log = NULL;
	n->log_len = n->log_cap = 0;
	demand_free(v, &n->end);
	return true;
}

/* What lies behind the node is verified: work out what its start demands, tell the parent, and go up. */
static bool node_finish(struct verifier *v, struct vnode *n)
{
	while (n) {
		struct vnode *parent = n->parent;

		if (!hand_up(v, n))
			return false;
		if (parent && n->worst > parent->worst_end)
			parent->worst_end = n->worst;
		if (parent)
			parent->open--;
		else
			v->subs[v->root_sub].worst = n->worst;
		n->done = true;
		n->parent = NULL;
		if (!n->kept)
			node_free(v, n);
		n = parent && !parent->open ? parent : NULL;
	}
	v->node = NULL;
	return true;
}

/* Make room in a slot's list: the entry that was compared most often in vain goes. */
static void evict(struct verifier *v, uint32_t insn)
{
	struct vnode *worst = v->kept[insn], *n;

	for (n = v->kept[insn]; n; n = n->next)
		if (n->misses >= worst->misses)
			worst = n;
	node_unlist(v, worst);
	if (worst->done)
		node_free(v, worst);
}

enum arrival { ARRIVE_GO, ARRIVE_COVERED, ARRIVE_TURN, ARRIVE_STUCK, ARRIVE_NOMEM };

/* One more turn of a callback's loop brings nothing that the turns from `n` on do not allow. */
static bool turn_covered(const struct verifier *v, const struct vnode *n)
{
	struct demand all;

	callback_demand_all(&all, v->st->frames);
	return n->kept->returned && state_covers(v, n->kept, &all, v->st);
}

/* The newest state of the same loop: the turn before. */
static const struct vstate *turn_before(const struct verifier *v)
{
	for (const struct vnode *n = v->kept[v->pc]; n; n = n->next)
		if (!n->done && n->kept->frames == v->st->frames)
			return n->kept;
	return NULL;
}

/* The path has come to a point where states are compared. */
static enum arrival compare_kept(struct verifier *v, const struct vnode **by)
{
	unsigned unfinished = 0;

	for (struct vnode *n = v->kept[v->pc], *next; n; n = next) {
		next = n->next;
		if (!n->done) {
			if (v->st->returned && turn_covered(v, n))
				return ARRIVE_TURN;
			if (!v->st->returned && unfinished++ < COMPARE_UNFINISHED && state_same(v, n->kept, v->st))
				return ARRIVE_STUCK;
			continue;
		}
		if (!(v->options && v->options->every_path) && state_covers(v, n->kept, n->start, v->st)) {
			n->hits++;
			*by = n;
			return ARRIVE_COVERED;
		}
		if (++n->misses > MISSES * (n->hits + 1u)) /* it costs more than it saves */
			node_free(v, n);
	}
	return ARRIVE_GO;
}

/* A link that a single register has left ties nothing. */
struct link_count {
	uint32_t id[LINKS], seen[LINKS], count;
};

static void count_link(struct link_count *c, const struct vreg *r)
{
	uint32_t i;

	if (r->kind != V_SCALAR || !r->id)
		return;
	for (i = 0; i < c->count && c->id[i] != r->id; i++)
		;
	if (i == LINKS)
		return;
	if (i == c->count) {
		c->id[c->count] = r->id;
		c->seen[c->count++] = 0;
	}
	c->seen[i]++;
}

static void drop_link(struct vreg *r, void *ud)
{
	const struct link_count *c = ud;

	if (r->kind != V_SCALAR || !r->id)
		return;
	for (uint32_t i = 0; i < c->count; i++)
		if (c->id[i] == r->id && c->seen[i] == 1)
			reg_unlink(r);
}

static bool drop_single_links(struct verifier *v)
{
	struct link_count c;
	bool any = false;

	c.count = 0;
	for (uint32_t i = 0; i < v->st->frames; i++) {
		const struct vframe *f = v->st->f[i];

		for (int r = 0; r < IOV_R10; r++)
			count_link(&c, &f->r[r]);
		for (uint32_t k = 0; k < f->slots; k++)
			if (slot_spills(&f->s[k]))
				count_link(&c, &f->s[k].reg);
	}
	for (uint32_t i = 0; i < c.count; i++)
		any |= c.seen[i] == 1;
	return !any || state_each(&v->pool, v->st, drop_link, &c);
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
	return drop_single_links(v);
}

static bool worth_keeping(const struct verifier *v)
{
	const struct vinsn *i = &v->insns[v->pc];

	if (v->pool.bytes > KEPT_BYTES && !i->callback)
		return i->header && !v->kept_count[v->pc];
	return i->header || i->callback || v->kept_count[v->pc] < KEEP_FREELY || v->node->since + v->node->steps >= 8;
}

static enum arrival arrive(struct verifier *v)
{
	const struct vnode *by = NULL;
	struct vnode *child;
	enum arrival a;

	if (!forget_dead(v))
		return ARRIVE_NOMEM;
	if (v->st->returned && turn_before(v) && !callback_widen(v, v->st, turn_before(v)))
		return ARRIVE_NOMEM;
	a = compare_kept(v, &by);
	if (a == ARRIVE_COVERED) {
		if (!demand_add(v, &v->node->end, by->start))
			return ARRIVE_NOMEM;
		v->node->worst_end = by->worst;
		return node_finish(v, v->node) ? ARRIVE_COVERED : ARRIVE_NOMEM;
	}
	if (a == ARRIVE_TURN) {
		struct demand all;

		callback_demand_all(&all, v->st->frames);
		return demand_add(v, &v->node->end, &all) && node_finish(v, v->node) ? ARRIVE_COVERED : ARRIVE_NOMEM;
	}
	if (a != ARRIVE_GO || !worth_keeping(v))
		return a;
	if (v->kept_count[v->pc] >= KEEP_AT_MOST)
		evict(v, v->pc);
	child = node_new(v, v->node, v->pc, V_NO_INSN);
	if (!child)
		return ARRIVE_NOMEM;
	v->node = child;
	child->kept = state_copy(&v->pool, v->st);
	if (!child->kept)
		return ARRIVE_NOMEM;
	child->next = v->kept[v->pc];
	v->kept[v->pc] = child;
	v->kept_count[v->pc]++;
	v->facts->states++;
	return ARRIVE_GO;
}

static bool push_pending(struct verifier *v, struct vnode *node, struct vstate *state)
{
	if (v->pending_count == v->pending_cap) {
		uint32_t cap = v->pending_cap ? 2 * v->pending_cap : 64;
		struct vpending *grown = alloc_resize(v->alloc, v->pending, v->pending_cap * sizeof(*grown),
						      cap * sizeof(*grown));

		if (!grown)
			return false;
		v->pending = grown;
		v->pending_cap = cap;
	}
	v->pending[v->pending_count++] = (struct vpending){node, state};
	return true;
}

/* Two ways on: walk the one that leaves loops, or else goes forward, and let the other wait. */
static bool take_fork(struct verifier *v)
{
	struct vnode *a = node_new(v, v->node, v->next, v->pc), *b = node_new(v, v->node, v->other_next, v->pc);
	struct vnode *entering = v->other->frames > v->st->frames ? b : NULL; /* a callback's function */
	const struct vinsn *x = &v->insns[v->next], *y = &v->insns[v->other_next];
	bool swap = y->depth < x->depth || (y->depth == x->depth && v->next <= v->pc && v->other_next > v->pc);

	if (!a || !b) {
		node_abandon(v, a);
		node_abandon(v, b);
		return false;
	}
	if (entering) {
		v->node = entering;
		if (!flow_log(v, FLOW_CALLBACK, (uint8_t)(v->other->frames - 1), 0, 0, 0, 0)) {
			v->node = entering->parent;
			node_abandon(v, a);
			node_abandon(v, b);
			return false;
		}
	}
	if (swap) {
		struct vnode *n = a;
		struct vstate *s = v->st;

		a = b;
		b = n;
		v->st = v->other;
		v->other = s;
	}
	v->node = a;
	if (!push_pending(v, b, v->other)) {
		node_abandon(v, b);
		return false;
	}
	v->other = NULL;
	v->pc = a->insn;
	return true;
}

/* The loop that does not end: of the loops around the end of the path, the outermost that was turned often. Going back
 * from the end, the first header met is the innermost; one of lesser depth is around it. */
static uint32_t busiest_header(struct verifier *v, uint32_t *turns)
{
	uint32_t *count = arena_array(&v->work, v->prog->count, sizeof(*count)), best = V_NO_INSN, depth = UINT32_MAX;

	*turns = 0;
	if (!count)
		return V_NO_INSN;
	for (const struct vnode *n = v->node; n; n = n->parent)
		if (n->fork == V_NO_INSN && v->insns[n->insn].header)
			count[n->insn]++;
	for (const struct vnode *n = v->node; n; n = n->parent) {
		const struct vinsn *i = &v->insns[n->insn];

		if (n->fork != V_NO_INSN || !i->header || i->depth >= depth)
			continue;
		depth = i->depth;
		if (count[n->insn] < BUSY_TURNS)
			continue;
		best = n->insn;
		*turns = count[best];
	}
	return best;
}

/* The last branch on the path that could have left the loop around `header`, or V_NO_INSN: the one that stands in the
 * loop's head, if there is one, since that is where the reader looks. */
static uint32_t exit_branch(struct verifier *v, uint32_t header)
{
	uint32_t last = V_NO_INSN;

	for (const struct vnode *n = v->node; n; n = n->parent) {
		uint32_t at = n->fork, jump;

		if (at == V_NO_INSN || v->insns[at].sub != v->insns[header].sub ||
		    v->insns[at].depth < v->insns[header].depth)
			continue;
		jump = (uint32_t)isa_target(v->insns[at].row, &v->prog->insns[at], at);
		if (v->insns[jump].depth >= v->insns[header].depth && v->insns[at + 1].depth >= v->insns[header].depth)
			continue;
		if (explain_loop(v, at))
			return at;
		if (last == V_NO_INSN)
			last = at;
	}
	return last;
}

static enum step unbounded(struct verifier *v, uint32_t header, uint32_t turns)
{
	uint32_t at = exit_branch(v, header);
	struct iov_diag *d = verify_diag_at(v, at == V_NO_INSN ? header : at, DIAG_V_LOOP_UNBOUNDED,
					    "this loop has no bound that can be proved");

	if (at != V_NO_INSN && explain_loop(v, at))
		diag_why(d, IOV_NOWHERE, "it goes on as long as `%s`, and nothing limits how often that holds",
			 explain_loop(v, at));
	else if (at != V_NO_INSN && v->insns[at].row->src == ISA_SRC_X)
		diag_why(d, IOV_NOWHERE, "%s and %s decide when it ends, and nothing limits them",
			 explain_reg(v, at, v->prog->insns[at].dst), explain_reg(v, at, v->prog->insns[at].src));
	else if (at != V_NO_INSN)
		diag_why(d, IOV_NOWHERE, "%s decides when it ends, and nothing limits it",
			 explain_reg(v, at, v->prog->insns[at].dst));
	diag_why(d, IOV_NOWHERE, "after %u turns (%llu instructions) no end is in sight", turns,
		 (unsigned long long)v->facts->processed);
	diag_hint(d, "add a constant bound: `for (int i = 0; i < 64 && …; i++)`, or use bpf_loop()");
	return STEP_STOP;
}

static enum step too_much(struct verifier *v)
{
	uint32_t turns, header = busiest_header(v, &turns);
	struct iov_diag *d;

	if (header != V_NO_INSN && exit_branch(v, header) != V_NO_INSN)
		return unbounded(v, header, turns);
	d = verify_diag_at(v, header == V_NO_INSN ? v->pc : header, DIAG_V_TOO_COMPLEX,
			   "verification takes more than %llu instructions",
			   (unsigned long long)v->facts->processed);
	if (header != V_NO_INSN)
		diag_why(d, IOV_NOWHERE, "the loop here was followed for %u turns, and has not ended", turns);
	diag_hint(d, "split the program into functions or tail calls, or simplify conditions in a row");
	return STEP_STOP;
}

static enum step stuck(struct verifier *v)
{
	uint32_t header = v->pc, at = exit_branch(v, header);
	struct iov_diag *d;

	v->pc = at == V_NO_INSN ? header : at; /* the path ends here: pc only says where the message points */
	d = verify_diag(v, DIAG_V_LOOP_FOREVER, header, "this loop makes no progress");
	if (at != V_NO_INSN && explain_loop(v, at))
		diag_why(d, IOV_NOWHERE, "it goes on as long as `%s`", explain_loop(v, at));
	diag_why(d, IOV_NOWHERE,
		 "after one turn everything that is known is the same as before, so it may run for ever");
	explain_path(v, d);
	diag_hint(d, "count the turns: `for (int i = 0; i < 64; i++) { … }`");
	return STEP_ERROR;
}

/* Walk the current path to its end. STEP_END, STEP_ERROR: the node is to be finished by the caller. */
static enum step walk(struct verifier *v)
{
	for (;;) {
		enum step s;

		if (v->insns[v->pc].prune) {
			switch (arrive(v)) {
			case ARRIVE_GO: break;
			case ARRIVE_COVERED: trace_covered(v); return STEP_NEXT; /* finished already */
			case ARRIVE_STUCK: return stuck(v);
			case ARRIVE_TURN: return STEP_NOMEM; /* arrive() settles it */
			case ARRIVE_NOMEM: return STEP_NOMEM;
			}
		}
		if (v->facts->processed >= v->budget || v->node->forks > FORKS_AT_MOST)
			return too_much(v);
		v->facts->processed++;
		v->node->steps++;
		v->top = state_frame(&v->pool, v->st, v->st->frames - 1, 0);
		if (!v->top)
			return STEP_NOMEM;
		trace_insn(v);
		if (!record_insn(v))
			return STEP_NOMEM;
		s = step_insn(v);
		if (v->nomem)
			return STEP_NOMEM;
		if (s == STEP_FORK && !take_fork(v))
			return STEP_NOMEM;
		if (s != STEP_FORK && v->other) { /* a second way was prepared before the step failed */
			state_drop(&v->pool, v->other);
			v->other = NULL;
		}
		if (s == STEP_NEXT)
			v->pc = v->next;
		else if (s != STEP_FORK)
			return s;
	}
}

static enum step search(struct verifier *v)
{
	for (;;) {
		enum step s = walk(v);

		if (s == STEP_NOMEM || s == STEP_STOP)
			return s;
		if (s != STEP_NEXT) {
			struct demand none = {.frames = v->st->frames};

			if (!demand_add(v, &v->node->end, &none) || !node_finish(v, v->node))
				return STEP_NOMEM;
		}
		state_drop(&v->pool, v->st);
		v->st = NULL;
		v->node = NULL;
		if (s == STEP_ERROR && v->cause_count >= V_MAX_ERRORS)
			return STEP_STOP;
		if (!v->pending_count)
			return STEP_END;
		v->pending_count--;
		v->node = v->pending[v->pending_count].node;
		v->st = v->pending[v->pending_count].state;
		v->pc = v->node->insn;
	}
}

/* Free what a search leaves: lists of kept states, and, after an early stop, the path and what waits. */
static void clean_up(struct verifier *v)
{
	for (uint32_t i = 0; i < v->prog->count; i++)
		for (struct vnode *n = v->kept[i], *next; n; n = next) {
			next = n->next;
			if (n->done)
				node_free(v, n);
			else
				node_unlist(v, n);
		}
	while (v->node || v->pending_count) {
		struct vnode *n = v->node;

		if (!n) {
			v->pending_count--;
			n = v->pending[v->pending_count].node;
			state_drop(&v->pool, v->pending[v->pending_count].state);
		}
		v->node = NULL;
		while (n) { /* up, as long as no other child holds the parent */
			struct vnode *parent = n->parent;

			if (n->open)
				break;
			node_free(v, n);
			if (parent)
				parent->open--;
			n = parent;
		}
	}
	state_drop(&v->pool, v->st);
	state_drop(&v->pool, v->other);
	v->st = v->other = NULL;
	alloc_free(v->alloc, v->pending, v->pending_cap * sizeof(*v->pending));
	v->pending = NULL;
	v->pending_cap = 0;
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
	if (sub == 0) {
		f->r[IOV_R1] = (struct vreg){.kind = V_CTX, .origin = s->start, .n = num_const(0)};
		return IOV_OK;
	}
	for (uint32_t i = 0; i < s->param_count; i++) {
		struct vreg *r = &f->r[1 + i];
		const struct iov_param *p = &s->params[i];

		switch (p->kind) {
		case IOV_PARAM_SCALAR: reg_scalar(r, num_unknown(), s->start); break;
		case IOV_PARAM_CTX: *r = (struct vreg){.kind = V_CTX, .origin = s->start, .n = num_const(0)}; break;
		case IOV_PARAM_MEM: case IOV_PARAM_MEM_NONNULL:
			*r = (struct vreg){.kind = V_RECORD, .range = p->size, .origin = s->start, .n = num_const(0),
					   .maybe_null = p->kind == IOV_PARAM_MEM, .id = ++v->next_id};
			break;
		default:
			explain_unsupported(v, "parameter `%s` of the global function `%s`", p->name ? p->name : "?",
					    s->name ? s->name : "?");
			return IOV_DIAGNOSED;
		}
	}
	return IOV_OK;
}

enum iov_status explore_sub(struct verifier *v, uint32_t sub)
{
	enum iov_status st;
	enum step s;

	memset(v->kept, 0, v->prog->count * sizeof(*v->kept));
	memset(v->kept_count, 0, v->prog->count * sizeof(*v->kept_count));
	st = enter(v, sub);
	s = st ? STEP_STOP : search(v);
	clean_up(v);
	if (st == IOV_NOMEM || s == STEP_NOMEM || v->nomem)
		return IOV_NOMEM;
	return st || v->cause_count ? IOV_DIAGNOSED : IOV_OK;
}
