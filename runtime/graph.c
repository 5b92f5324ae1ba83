/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/graph.h"

#include <stddef.h>

static bool claim(void **in, void *root)
{
	void *nowhere = NULL;

	return __atomic_compare_exchange_n(in, &nowhere, root, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void let_go(void **in) { __atomic_store_n(in, NULL, __ATOMIC_RELEASE); }

bool graph_push(struct graph_list *l, struct graph_node *n, bool back)
{
	if (!claim(&n->in, l))
		return false;
	n->next = back ? NULL : l->first;
	n->prev = back ? l->last : NULL;
	*(n->prev ? &n->prev->next : &l->first) = n;
	*(n->next ? &n->next->prev : &l->last) = n;
	return true;
}

struct graph_node *graph_pop(struct graph_list *l, bool back)
{
	struct graph_node *n = back ? l->last : l->first;

	if (!n)
		return NULL;
	*(n->prev ? &n->prev->next : &l->first) = n->next;
	*(n->next ? &n->next->prev : &l->last) = n->prev;
	let_go(&n->in);
	return n;
}

/* --- Trees. ------------------------------------------------------------------------------------------------------ */

static uint64_t rank(const struct graph_leaf *n)
{
	uint64_t h = (uintptr_t)n * 0x9e3779b97f4a7c15u;

	return (h ^ h >> 32) * 0xd6e8feb86659fd93u;
}

/* What points at the node. */
static struct graph_leaf **link_of(struct graph_tree *t, const struct graph_leaf *n)
{
	return !n->up ? &t->top : &n->up->child[n->up->child[1] == n];
}

/* The child on `side` comes up, the node goes down on the other side. */
static void rotate(struct graph_tree *t, struct graph_leaf *n, int side)
{
	struct graph_leaf *c = n->child[side], *inner = c->child[!side];

	*link_of(t, n) = c;
	c->up = n->up;
	n->child[side] = inner;
	if (inner)
		inner->up = n;
	c->child[!side] = n;
	n->up = c;
}

bool graph_add(struct graph_tree *t, struct graph_leaf *n,
	       bool (*less)(void *ud, const struct graph_leaf *a, const struct graph_leaf *b), void *ud)
{
	struct graph_leaf **link = &t->top, *up = NULL;

	if (!claim(&n->in, t))
		return false;
	while (*link) {
		up = *link;
		link = &up->child[!less(ud, n, up)];
	}
	n->child[0] = n->child[1] = NULL;
	n->up = up;
	*link = n;
	while (n->up && rank(n->up) < rank(n))
		rotate(t, n->up, n->up->child[1] == n);
	return true;
}

bool graph_remove(struct graph_tree *t, struct graph_leaf *n)
{
	struct graph_leaf *c;

	if (__atomic_load_n(&n->in, __ATOMIC_ACQUIRE) != t)
		return false;
	while (n->child[0] && n->child[1])
		rotate(t, n, rank(n->child[1]) > rank(n->child[0]));
	c = n->child[n->child[0] == NULL];
	*link_of(t, n) = c;
	if (c)
		c->up = n->up;
	let_go(&n->in);
	return true;
}

struct graph_leaf *graph_first(const struct graph_tree *t)
{
	struct graph_leaf *n = t->top;

	while (n && n->child[0])
		n = n->child[0];
	return n;
}

struct graph_leaf *graph_take_any(struct graph_tree *t)
{
	struct graph_leaf *n = t->top;

	if (!n)
		return NULL;
	while (n->child[0])
		rotate(t, n, 0), n = n->up;
	t->top = n->child[1];
	if (t->top)
		t->top->up = NULL;
	let_go(&n->in);
	return n;
}
