/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: --icf: static functions of one name with equal code that refer to the same things become one: what a header's
 * static function is in each file that includes it. Callees are folded before their callers can be. Global functions
 * keep a place of their own, because programs and types go by it. */
#include "linker/internal.h"

#include <stdlib.h>

struct candidate {
	const char *name;
	struct piece *piece;
};

static const uint8_t *bytes_of(const struct linker *l, const struct piece *p)
{
	return l->inputs[p->input].obj->sections[p->section].data + p->offset;
}

static bool is_candidate(const struct linker *l, const struct piece *p)
{
	const struct iov_object *obj = l->inputs[p->input].obj;

	return p->live && p->kind == PIECE_CODE && p->symbol && obj->symbols[p->symbol].bind == STB_LOCAL && p->size &&
	       l->inputs[p->input].obj->sections[p->section].data;
}

/* Both lead to the same place, or to the same name that no file defines. */
static bool same_ref(const struct linker *l, const struct piece *p, const struct ref *a, const struct piece *q,
		     const struct ref *b)
{
	const struct piece *to, *from;
	uint64_t at, other;

	if (a->offset - p->offset != b->offset - q->offset || a->type != b->type || a->global != b->global)
		return false;
	to = ref_piece(l, a, &at);
	from = ref_piece(l, b, &other);
	if (!to && !from)
		return a->global != NULL;
	return (to == from || (to == p && from == q)) && at == other; /* the second: itself */
}

/* A reference fills in the immediate of its instruction alone: bytes 4 to 7, and 12 to 15 of a load. */
static bool same_code(const struct linker *l, const struct piece *p, const struct piece *q)
{
	const uint8_t *x = bytes_of(l, p), *y = bytes_of(l, q);
	struct ref_walk m, n;
	struct ref a, b;
	uint64_t at = 0;

	refs_begin(&m, l, p);
	refs_begin(&n, l, q);
	for (;;) {
		bool more = refs_next(&m, &a);
		uint64_t end = more ? a.offset - p->offset : p->size;

		if (more != refs_next(&n, &b))
			return false;
		if (more && (!same_ref(l, p, &a, q, &b) || end + 8 > p->size))
			return false;
		if (memcmp(x + at, y + at, end - at))
			return false;
		if (!more)
			return true;
		if (memcmp(x + end, y + end, a.type == IOV_R_BPF_64_64 && a.symbol != NONE ? 8 : 4))
			return false;
		at = end + 8;
	}
}

static int by_name(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int diff = strcmp(x->name, y->name);

	if (diff)
		return diff;
	if (x->piece->input != y->piece->input)
		return x->piece->input < y->piece->input ? -1 : 1;
	return x->piece < y->piece ? -1 : x->piece > y->piece;
}

static bool fold_group(const struct linker *l, struct candidate *group, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i && !group[i].piece->folded; j++) {
			struct piece *p = group[i].piece, *q = group[j].piece;

			if (q->folded || p->size != q->size || !same_code(l, p, q))
				continue;
			p->folded = q;
			any = true;
		}
	return any;
}

enum iov_status fold_same(struct linker *l)
{
	struct candidate *all;
	size_t count = 0, room = 0;
	bool again = true;

	if (!l->options->icf || l->options->relocatable)
		return IOV_OK;
	for (uint32_t i = 0; i < l->input_count; i++)
		room += l->inputs[i].piece_count;
	all = arena_array(l->arena, room, sizeof(*all));
	if (!all)
		return IOV_NOMEM;
	for (uint32_t i = 0; i < l->input_count; i++)
		for (uint32_t j = 0; j < l->inputs[i].piece_count; j++) {
			struct piece *p = &l->inputs[i].pieces[j];

			if (is_candidate(l, p))
				all[count++] = (struct candidate){l->inputs[i].obj->symbols[p->symbol].name, p};
		}
	qsort(all, count, sizeof(*all), by_name);
	while (again) {
		again = false;
		for (size_t i = 0, j; i < count; i = j) {
			for (j = i + 1; j < count && !strcmp(all[i].name, all[j].name); j++)
				;
			again |= fold_group(l, all + i, j - i);
		}
	}
	return IOV_OK;
}
