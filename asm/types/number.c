/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: which type has which number: statements in their order, each followed by the bodies inside it that have no
 * place of their own (`@label;`). */
#include "asm/types/part.h"

#include <stdlib.h>

static int by_label(const void *a, const void *b)
{
	return strcmp((*(struct def *const *)a)->label, (*(struct def *const *)b)->label);
}

static int by_label_and_place(const void *a, const void *b)
{
	const struct def *x = *(struct def *const *)a, *y = *(struct def *const *)b;
	int order = strcmp(x->label, y->label);

	return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

struct def *find_label(const struct types *t, const char *label)
{
	struct def key = {.label = label}, *at = &key, **found;

	found = t->label_count ? bsearch(&at, t->label_table, t->label_count, sizeof(*found), by_label) : NULL;
	return found ? *found : NULL;
}

static bool sort_labels(struct types *t)
{
	uint32_t n = 0;

	for (struct def *d = t->labels; d; d = d->prev_label)
		n++;
	t->label_table = arena_array(t->arena, n + 1, sizeof(*t->label_table));
	if (!t->label_table)
		return false;
	for (struct def *d = t->labels; d; d = d->prev_label)
		t->label_table[t->label_count++] = d;
	qsort(t->label_table, n, sizeof(*t->label_table), by_label_and_place);
	for (uint32_t i = 1; i < n; i++)
		if (!strcmp(t->label_table[i]->label, t->label_table[i - 1]->label))
			types_error(t, t->label_table[i]->at, t->label_table[i]->len, DIAG_TYPES_TWICE,
				    "label @%s names two types", t->label_table[i]->label);
	return true;
}

/* What `@label;` places, marked as such; NULL: diagnosed. */
static struct def *placed_by(struct types *t, struct def *place)
{
	struct def *d = find_label(t, place->label);

	if (!d)
		types_error(t, place->at, place->len, DIAG_TYPES_UNKNOWN, "no type has the label @%s", place->label);
	else if (d->placed || !d->is_inner)
		types_error(t, place->at, place->len, DIAG_TYPES_TWICE, "@%s has its place already", place->label);
	else
		d->placed = true;
	return d && d->is_inner ? d : NULL;
}

static void mark_inner(struct types *t)
{
	for (struct def *d = t->defs; d; d = d->next)
		for (struct def *i = d->inner; i; i = i->sibling)
			i->is_inner = !i->placed;
	for (struct def *d = t->defs; d; d = d->next)
		if (!d->kind)
			d->stands_for = placed_by(t, d);
}

static uint32_t count_defs(const struct types *t)
{
	uint32_t n = 1;

	for (const struct def *d = t->defs; d; d = d->next) {
		n++;
		for (const struct def *i = d->inner; i; i = i->sibling)
			n++;
	}
	return n;
}

static void place(struct types *t, struct def *d)
{
	d->id = t->count;
	t->by_id[t->count++] = d;
}

bool types_number(struct types *t)
{
	if (!sort_labels(t))
		return false;
	mark_inner(t);
	t->by_id = arena_array(t->arena, count_defs(t), sizeof(*t->by_id));
	if (!t->by_id)
		return false;
	t->count = 1;
	for (struct def *d = t->defs; d; d = d->next) {
		if (d->kind)
			place(t, d);
		else if (d->stands_for && !d->stands_for->id)
			place(t, d->stands_for);
		for (struct def *i = d->inner; i; i = i->sibling)
			if (!i->placed)
				place(t, i);
	}
	t->def_count = t->count;
	return true;
}
