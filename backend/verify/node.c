/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes: stretches of paths. They form a tree while they are walked; when all that follows a node is settled, its
 * log is run backward (demand.h), and what its start demands and costs goes up to its parent. A finished node lives on
 * while its state is kept for comparison. */
#include "backend/verify/internal.h"

#include <string.h>

enum { LOG_FIRST = 32 };

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

/* Row of the callback that a node's call instruction makes. */
static unsigned callback_row(const struct vnode *n) { return COST_CALLBACK + n->calls_in; }

/* The cost from the start of n on. */
static bool cost_from_start(struct verifier *v, struct vnode *n)
{
	if (n->turn && !n->around)
		cost_settle(v, n->cost, callback_row(n), n->turns);
	cost_prepend(v, n);
	if (!n->around)
		return cost_join(v, n->parent ? &n->parent->cost : &v->root_cost, n->cost);
	/* n stands where a turn of a callback has ended: what follows belongs to the call, not to the turn */
	return cost_join(v, &n->around->cost, n->cost) && cost_leaf(v, &n->parent->cost, callback_row(n->around));
}

/* Hand what the start of `n` demands and costs to its list entry and its parent. On failure everything is as clean_up()
 * wants it. */
static bool hand_up(struct verifier *v, struct vnode *n)
{
	struct demand d = {0};

	if (n->end)
		memcpy(&d, n->end, demand_bytes(n->end->frames));
	if (!record_backward(v, n, &d) || !cost_from_start(v, n) || (n->kept && !node_demand(v, &n->start, &d)) ||
	    (n->parent && !node_demand(v, &n->parent->end, &d))) {
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
bool node_finish(struct verifier *v, struct vnode *n)
{
	while (n) {
		struct vnode *parent = n->parent;

		if (!hand_up(v, n))
			return false;
		if (parent)
			parent->open--;
		n->done = true;
		n->parent = n->around = NULL;
		if (!n->kept)
			node_free(v, n);
		n = parent && !parent->open ? parent : NULL;
	}
	v->node = NULL;
	return true;
}
