/* SPDX-License-Identifier: Apache-2.0 */
/* What a search keeps in memory: paths that wait at forks, and how much all of it takes.
 *
 * Paths that wait are a stack: the newest is walked first. All but the newest few are packed (pack.c). Everything that
 * a search allocates is counted (v->memory); beyond V_MAX_MEMORY bytes it is given up: no program makes it take more.
 */
#include "backend/verify/internal.h"

enum { PLAIN = 64, AT_ONCE = 32 };

static void *counted(void *ud, void *ptr, size_t old, size_t size)
{
	struct verifier *v = ud;
	void *p = alloc_resize(v->under, ptr, old, size);

	if (p || !size)
		v->memory += size - old;
	return p;
}

void memory_begin(struct verifier *v, const struct iov_alloc *under)
{
	v->under = under;
	v->counted = (struct iov_alloc){counted, v};
	v->alloc = &v->counted;
}

void memory_search(struct verifier *v) { v->memory_limit = v->memory + V_MAX_MEMORY; }

/* Finished nodes whose states are kept for comparison: they only save work. */
static void forget_finished(struct verifier *v)
{
	for (struct vnode *n = v->newest, *older; n; n = older) {
		older = n->older;
		if (n->done && !n->pinned)
			node_free(v, n);
	}
}

bool memory_left(struct verifier *v)
{
	if (v->memory <= v->memory_limit || (v->options && (v->options->claims || v->options->why)))
		return true; /* claims and histories are asked for, and have no bound */
	pool_free(&v->pool);
	if (v->memory <= v->memory_limit || v->region)
		return v->memory <= v->memory_limit;
	forget_finished(v);
	pool_free(&v->pool);
	return v->memory <= v->memory_limit - V_MAX_MEMORY / 8;
}

/* Pack some of the oldest that are not. */
static bool pack_oldest(struct verifier *v)
{
	for (unsigned i = 0; i < AT_ONCE; i++) {
		struct vpending *p = &v->pending[v->packed];

		p->packed = state_pack(&v->pool, p->state);
		if (!p->packed)
			return false;
		p->state = NULL;
		v->packed++;
	}
	return true;
}

bool pending_push(struct verifier *v, struct vnode *node, struct vstate *state)
{
	if (v->pending_count == v->pending_cap) {
		uint32_t cap = v->pending_cap ? 2 * v->pending_cap : 64;
		struct vpending *grown = alloc_resize(v->alloc, v->pending, v->pending_cap * sizeof(*grown),
						      cap * sizeof(*grown));

		if (!grown) {
			state_drop(&v->pool, state);
			return false;
		}
		v->pending = grown;
		v->pending_cap = cap;
	}
	v->pending[v->pending_count++] = (struct vpending){.node = node, .state = state};
	return v->pending_count - v->packed <= PLAIN || pack_oldest(v);
}

bool pending_take(struct verifier *v)
{
	struct vpending *p = &v->pending[v->pending_count - 1];

	if (p->packed) {
		p->state = state_unpack(&v->pool, p->packed);
		if (!p->state)
			return false;
	}
	v->node = p->node;
	v->st = p->state;
	p->state = NULL;
	pending_drop(v);
	return true;
}

void pending_drop(struct verifier *v)
{
	struct vpending *p = &v->pending[--v->pending_count];

	state_drop(&v->pool, p->state);
	packed_drop(&v->pool, p->packed);
	if (v->packed > v->pending_count)
		v->packed = v->pending_count;
}

void pending_free(struct verifier *v)
{
	while (v->pending_count)
		pending_drop(v);
	alloc_free(v->alloc, v->pending, v->pending_cap * sizeof(*v->pending));
	v->pending = NULL;
	v->pending_cap = 0;
}
