/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic on cost vectors, and what is published of them. See cost.h. */
#include "backend/verify/internal.h"

#include <string.h>

static uint64_t sum(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

static uint64_t product(uint64_t a, uint64_t b)
{
	uint64_t r;

	return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

static size_t cost_bytes(const struct verifier *v, unsigned rows)
{
	return sizeof(struct cost) + (size_t)rows * v->cost_dims * sizeof(uint64_t);
}

static uint64_t *row_of(const struct verifier *v, struct cost *c, unsigned row) { return c->n + row * v->cost_dims; }

/* Whether two call instructions call the same. */
static bool same_callee(const struct verifier *v, uint32_t a, uint32_t b)
{
	return v->insns[a].row->oper == v->insns[b].row->oper && v->prog->insns[a].imm == v->prog->insns[b].imm;
}

enum iov_status cost_begin(struct verifier *v)
{
	uint32_t n = v->prog->count;

	v->cost_dims = 1;
	v->cost_dim = arena_array(&v->work, n, sizeof(*v->cost_dim));
	v->cost_site = arena_array(&v->work, (size_t)n + 1, sizeof(*v->cost_site));
	if (!v->cost_dim || !v->cost_site)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < n; i++) {
		const struct iov_isa_row *row = v->insns[i].row;
		uint32_t d = 1;

		if (!row || (row->oper != ISA_O_HELPER && row->oper != ISA_O_KFUNC))
			continue;
		while (d < v->cost_dims && !same_callee(v, v->cost_site[d], i))
			d++;
		if (d == v->cost_dims)
			v->cost_site[v->cost_dims++] = i;
		v->cost_dim[i] = d;
	}
	return IOV_OK;
}

static bool spend(struct verifier *v, uint32_t dim, uint64_t times)
{
	struct vnode *n = v->node;

	if (!n->spent)
		n->spent = alloc_zeroed(v->alloc, v->cost_dims, sizeof(*n->spent));
	if (n->spent)
		n->spent[dim] = sum(n->spent[dim], times);
	return n->spent != NULL;
}

bool cost_insn(struct verifier *v)
{
	v->node->steps = sum(v->node->steps, 1);
	return !v->cost_dim[v->pc] || spend(v, v->cost_dim[v->pc], 1);
}

bool cost_call(struct verifier *v, uint32_t sub)
{
	const struct cost *c = v->subs[sub].cost;

	v->node->steps = sum(v->node->steps, c->n[0]);
	for (uint32_t d = 1; d < v->cost_dims; d++)
		if (c->n[d] && !spend(v, d, c->n[d]))
			return false;
	return true;
}

/* Room for `row`. */
static bool grow(struct verifier *v, struct cost **c, unsigned row)
{
	unsigned rows = *c ? (*c)->rows : 0;
	struct cost *grown;

	if (row < rows)
		return true;
	grown = alloc_zeroed(v->alloc, 1, cost_bytes(v, row + 1));
	if (!grown)
		return false;
	if (*c)
		memcpy(grown, *c, cost_bytes(v, rows));
	cost_free(v, c);
	grown->rows = row + 1;
	*c = grown;
	return true;
}

/* Row `row` of c is at least n. */
static void raise(struct verifier *v, struct cost *c, unsigned row, const uint64_t *n)
{
	uint64_t *at = row_of(v, c, row);

	for (uint32_t d = 0; d < v->cost_dims; d++)
		at[d] = at[d] > n[d] ? at[d] : n[d];
	c->has |= 1u << row;
}

bool cost_join(struct verifier *v, struct cost **into, const struct cost *from)
{
	if (!from)
		return true;
	if (!grow(v, into, from->rows - 1))
		return false;
	for (unsigned r = 0; r < from->rows; r++)
		if (from->has >> r & 1)
			raise(v, *into, r, from->n + r * v->cost_dims);
	return true;
}

bool cost_leaf(struct verifier *v, struct cost **into, unsigned row)
{
	if (!grow(v, into, row))
		return false;
	(*into)->has |= 1u << row;
	return true;
}

bool cost_unbounded(struct verifier *v, struct cost **into)
{
	if (!cost_leaf(v, into, COST_END))
		return false;
	for (uint32_t d = 0; d < v->cost_dims; d++)
		(*into)->n[COST_END * v->cost_dims + d] = UINT64_MAX;
	return true;
}

void cost_prepend(struct verifier *v, struct vnode *n)
{
	struct cost *c = n->cost;

	for (unsigned r = 0; c && r < c->rows; r++) {
		if (!(c->has >> r & 1))
			continue;
		c->n[r * v->cost_dims] = sum(c->n[r * v->cost_dims], n->steps);
		for (uint32_t d = 1; n->spent && d < v->cost_dims; d++)
			c->n[r * v->cost_dims + d] = sum(c->n[r * v->cost_dims + d], n->spent[d]);
	}
}

bool cost_open(const struct cost *c, unsigned row) { return c && row < c->rows && c->has >> row & 1; }

void cost_add(struct verifier *v, struct cost *c, unsigned row, uint64_t turns)
{
	const uint64_t *turn;

	if (!cost_open(c, row))
		return;
	turn = row_of(v, c, row);
	for (unsigned r = 0; r < c->rows; r++)
		for (uint32_t d = 0; r != row && c->has >> r & 1 && d < v->cost_dims; d++)
			row_of(v, c, r)[d] = sum(row_of(v, c, r)[d], product(turn[d], turns));
}

void cost_settle(struct verifier *v, struct cost *c, unsigned row, uint64_t turns)
{
	if (!cost_open(c, row))
		return;
	cost_add(v, c, row, turns);
	c->has &= ~(1u << row);
	memset(row_of(v, c, row), 0, v->cost_dims * sizeof(uint64_t));
}

bool cost_inside(struct verifier *v, struct cost **c, unsigned row, const struct cost *loop)
{
	uint64_t *turn;

	if (!cost_open(*c, row))
		return true;
	if (!grow(v, c, loop->rows - 1))
		return false;
	(*c)->has &= ~(1u << row);
	turn = row_of(v, *c, row);
	for (unsigned r = 0; r < loop->rows; r++) {
		uint64_t *at = row_of(v, *c, r);

		if (!(loop->has >> r & 1) || r == row)
			continue;
		for (uint32_t d = 0; d < v->cost_dims; d++) {
			uint64_t through = sum(turn[d], loop->n[r * v->cost_dims + d]);

			at[d] = at[d] > through ? at[d] : through;
		}
		(*c)->has |= 1u << r;
	}
	memset(turn, 0, v->cost_dims * sizeof(*turn));
	return true;
}

void cost_free(struct verifier *v, struct cost **c)
{
	if (*c)
		alloc_free(v->alloc, *c, cost_bytes(v, (*c)->rows));
	*c = NULL;
}

struct cost *cost_keep(struct verifier *v)
{
	struct cost *kept = arena_alloc(&v->work, cost_bytes(v, 1));

	if (!kept)
		return NULL;
	kept->rows = 1;
	if (v->root_cost)
		memcpy(kept->n, v->root_cost->n, v->cost_dims * sizeof(uint64_t));
	return kept;
}

static const char *callee_name(const struct verifier *v, uint32_t at)
{
	int32_t imm = v->prog->insns[at].imm;
	const struct iov_helper *h;

	if (v->insns[at].row->oper == ISA_O_KFUNC)
		return imm >= 0 && (uint32_t)imm < v->prog->extern_count ? v->prog->externs[imm].name : "?";
	h = platform_helper(v->platform, (uint32_t)imm);
	return h ? h->name : "?";
}

static uint64_t map_bytes(const struct verifier *v)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < v->prog->map_count; i++) {
		const struct iov_map_def *m = v->prog->maps[i];
		uint64_t entry = ((uint64_t)m->key_size + 7) / 8 * 8 + ((uint64_t)m->value_size + 7) / 8 * 8;

		bytes = sum(bytes, product(entry, m->max_entries));
	}
	return bytes;
}

/* Where one of them is reached. */
static bool is_reached(const struct verifier *v, uint32_t dim)
{
	for (uint32_t i = 0; i < v->prog->count; i++)
		if (v->cost_dim[i] == dim && v->fact[i].reached)
			return true;
	return false;
}

static void insert_by_name(struct iov_facts *f, struct iov_call_cost c)
{
	uint32_t at = f->call_count++;

	for (; at && strcmp(f->calls[at - 1].name, c.name) > 0; at--)
		f->calls[at] = f->calls[at - 1];
	f->calls[at] = c;
}

enum iov_status cost_publish(struct verifier *v)
{
	const struct cost *c = v->subs[0].cost;
	struct iov_facts *f = v->facts;

	f->worst_insns = c ? c->n[0] : 0;
	f->map_bytes = map_bytes(v);
	f->calls = arena_array(v->out, v->cost_dims, sizeof(*f->calls));
	if (!f->calls)
		return IOV_NOMEM;
	for (uint32_t d = 1; d < v->cost_dims; d++) {
		uint32_t at = v->cost_site[d];

		if (is_reached(v, d))
			insert_by_name(f, (struct iov_call_cost){.name = callee_name(v, at),
								 .id = (uint32_t)v->prog->insns[at].imm,
								 .kfunc = v->insns[at].row->oper == ISA_O_KFUNC,
								 .most = c ? c->n[d] : 0});
	}
	return IOV_OK;
}
