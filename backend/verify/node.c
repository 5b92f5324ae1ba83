/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes: stretches of paths. They form a tree while they are walked; when all that follows a node is settled, its
 * log is run backward (demand.h), and what its start demands and costs goes up to its parent. A finished node lives on
 * while its state is kept for comparison. */
#include "backend/verify/internal.h"

#include <string.h>

enum { LOG_FIRST = 32, KEEP_AT_MOST = 64 };

struct vnode *node_new(struct verifier *v, struct vnode *parent, uint32_t insn, uint32_t fork)
{
	struct vnode *n = alloc_zeroed(v->alloc, 1, sizeof(*n));

	if (!n)
		return NULL;
	n->serial = ++v->serial;
	n->older = v->newest;
	if (n->older)
		n->older->newer = n;
	v->newest = n;
	n->parent = parent;
	n->insn = insn;
	n->fork = fork;
	n->scope = v->loop ? v->loop->node : NULL;
	if (parent) {
		parent->open++;
		n->forks = parent->forks + (fork != V_NO_INSN);
		n->since = fork == V_NO_INSN ? 0 : parent->since + parent->steps;
		n->home = node_home(parent);
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
bool node_demand(struct verifier *v, struct demand **into, const struct demand *from)
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

void node_unlist(struct verifier *v, struct vnode *n)
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

void node_free(struct verifier *v, struct vnode *n)
{
	if (n->kept)
		node_unlist(v, n);
	record_drop(v, n);
	alloc_free(v->alloc, n->log, n->log_cap * sizeof(*n->log));
	demand_free(v, &n->end);
	demand_free(v, &n->start);
	cost_free(v, &n->cost);
	alloc_free(v->alloc, n->spent, n->spent ? v->cost_dims * sizeof(*n->spent) : 0);
	if (n->newer)
		n->newer->older = n->older;
	else
		v->newest = n->older;
	if (n->older)
		n->older->newer = n->newer;
	alloc_free(v->alloc, n, sizeof(*n));
}

/* Make room in a slot's list: the entry that was compared most often in vain goes. */
static void evict(struct verifier *v, uint32_t insn)
{
	struct vnode *worst = NULL, *n;

	for (n = v->kept[insn]; n; n = n->next)
		if (!n->pinned && (!worst || n->misses >= worst->misses))
			worst = n;
	if (!worst)
		return;
	node_unlist(v, worst);
	if (worst->done)
		node_free(v, worst);
}

bool node_keep(struct verifier *v, struct vnode *n, const struct vstate *s)
{
	struct vstate *copy = state_copy(&v->pool, s);

	if (!copy)
		return false;
	if (n->kept) {
		state_drop(&v->pool, n->kept);
	} else {
		if (v->kept_count[n->insn] >= KEEP_AT_MOST)
			evict(v, n->insn);
		n->next = v->kept[n->insn];
		v->kept[n->insn] = n;
		v->kept_count[n->insn]++;
	}
	n->kept = copy;
	v->facts->states++;
	return true;
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
void node_abandon(struct verifier *v, struct vnode *n)
{
	if (n && n->parent)
		n->parent->open--;
	if (n)
		node_free(v, n);
}

/* A proved loop begins at n, and what follows it is settled: so is, now, what was found inside. */
static bool settle_loop(struct verifier *v, struct vnode *n)
{
	cost_settle(v, n->cost, n->loop_row, n->turns);
	for (struct vnode *in = v->newest; in != n; in = in->older) {
		if (in->scope != n)
			continue;
		if (!cost_inside(v, &in->cost, n->loop_row, n->cost))
			return false;
		in->scope = n->scope;
	}
	return true;
}

/* n is a call of which all turns are settled: so is what was found in them, where one turn less is to come. */
static bool settle_turns(struct verifier *v, struct vnode *n)
{
	uint64_t later = n->turns ? n->turns - 1 : 0;

	cost_add(v, n->cost, n->row, later);
	for (struct vnode *in = v->newest; in != n; in = in->older) {
		if (in->home != n)
			continue;
		if (!cost_inside(v, &in->cost, n->row, n->cost))
			return false;
		in->home = n->home;
	}
	cost_settle(v, n->cost, n->row, n->turns - later);
	return true;
}

/* The cost from the start of n on. */
static bool cost_from_start(struct verifier *v, struct vnode *n)
{
	if (n->iter) /* each turn asks anew */
		cost_prepend(v, n);
	if (n->row && !n->around && !settle_turns(v, n))
		return false;
	if (!n->iter)
		cost_prepend(v, n);
	if (n->loop_row && !settle_loop(v, n))
		return false;
	for (struct vnode *w = n->waiters; w; w = w->next_waiter)
		if (!cost_join(v, &w->cost, n->cost))
			return false;
	if (!n->parent)
		return node_up(n) || cost_join(v, &v->root_cost, n->cost);
	if (!n->around)
		return cost_join(v, &n->parent->cost, n->cost);
	/* n stands where a turn has ended: what follows belongs to the call, not to the turn */
	return cost_join(v, &n->around->cost, n->cost) && cost_leaf(v, &n->parent->cost, n->around->row);
}

/* What the start of n demands goes to its list entry and to those above. */
static bool demand_up(struct verifier *v, struct vnode *n, const struct demand *d)
{
	if ((n->kept && !node_demand(v, &n->start, d)) || (n->parent && !node_demand(v, &n->parent->end, d)))
		return false;
	for (struct vnode *w = n->waiters; w; w = w->next_waiter)
		if (!node_demand(v, &w->end, d))
			return false;
	return true;
}

/* Hand what the start of `n` demands and costs to its list entry and those above. */
static bool hand_up(struct verifier *v, struct vnode *n)
{
	struct demand d = {0};

	if (n->end)
		memcpy(&d, n->end, demand_bytes(n->end->frames));
	if (!record_backward(v, n, &d) || !cost_from_start(v, n) || !demand_up(v, n, &d))
		return false;
	alloc_free(v->alloc, n->log, n->log_cap * sizeof(*n->log));
	n->log = NULL;
	n->log_len = n->log_cap = 0;
	demand_free(v, &n->end);
	return true;
}

/* What leads to n leans on what n leans on; the node where that turn began, on nothing. */
static void lean_up(const struct verifier *v, struct vnode *n)
{
	for (struct vnode *in = v->newest; n->leans >= n->serial && in != n; in = in->older)
		if (in->leans >= n->serial)
			in->leans = 0;
	if (n->leans >= n->serial)
		n->leans = 0;
	if (!n->leans)
		return;
	if (n->parent && (!n->parent->leans || n->leans < n->parent->leans))
		n->parent->leans = n->leans;
	for (struct vnode *w = n->waiters; w; w = w->next_waiter)
		if (!w->leans || n->leans < w->leans)
			w->leans = n->leans;
}

/* One of those that `n` stood in for has nothing left to wait for: it is to be settled too. */
static void ready(struct vnode *n, struct vnode **list)
{
	if (--n->open)
		return;
	n->next_waiter = *list;
	*list = n;
}

bool node_finish(struct verifier *v, struct vnode *first)
{
	struct vnode *list = first;

	first->next_waiter = NULL;
	v->node = NULL;
	while (list) {
		struct vnode *n = list, *w = n->waiters, *next;

		list = n->next_waiter;
		if (!hand_up(v, n))
			return false;
		lean_up(v, n);
		if (n->parent)
			ready(n->parent, &list);
		for (; w; w = next) {
			next = w->next_waiter;
			ready(w, &list);
		}
		n->done = true;
		n->parent = n->around = n->via = n->waiters = n->next_waiter = NULL;
		if (!n->kept)
			node_free(v, n);
	}
	return true;
}

void node_reset(struct verifier *v, struct vnode *n)
{
	record_drop(v, n);
	n->log_len = 0;
	n->open = 0;
	n->steps = 0;
	n->leans = 0;
	if (n->spent)
		memset(n->spent, 0, v->cost_dims * sizeof(*n->spent));
	cost_free(v, &n->cost);
	demand_free(v, &n->end);
}
