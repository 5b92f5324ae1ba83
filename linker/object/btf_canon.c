/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: numbering types by content. LLVM 19 numbers forward types by the addresses of its own data, so equal sources
 * give unequal bytes; here ids follow from names and structure alone.
 *
 * Colour refinement: each type starts with a hash of what it says itself, then takes up the hashes of the types that it
 * names, until no further types can be told apart. Types that are still alike are duplicates and become one (variables
 * and functions never do: where they stand is part of what they say). Ids are then given in a depth-first walk from the
 * functions, variables and sections in order of their names. */
#include "linker/object/internal.h"

#include <stdlib.h>
#include <string.h>

struct canon {
	struct iov_btf *btf;
	struct iov_btf_ext *ext;
	struct iov_arena *arena;
	uint64_t *own, *hash, *next; /* by id: what the type says itself; with all it names; of the round in work */
	uint32_t *class;             /* by id: the lowest id of the types that are alike */
	uint32_t *new_id;            /* by id */
	uint32_t *order;             /* new id → old id */
	uint32_t count;              /* of new ids, void included */
};

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15;
	return (h ^ h >> 29) * 0xbf58476d1ce4e5b9;
}

static uint64_t mix_name(uint64_t h, const char *s)
{
	h = mix(h, strlen(s));
	while (*s)
		h = (h ^ (uint8_t)*s++) * 0x100000001b3;
	return mix(h, 0);
}

static uint64_t hash_own(const struct iov_btf_type *t)
{
	uint64_t h = mix(mix_name(t->kind, t->name), t->flag);

	h = mix(mix(h, t->size), t->nelems);
	h = mix(mix(mix(h, t->int_encoding), t->int_offset), t->int_bits);
	h = mix(mix(mix(h, t->linkage), (uint32_t)t->component), t->count);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];

		h = mix(mix(mix_name(h, m->name), m->bit_offset), m->bit_size);
		h = mix(mix(mix(h, (uint64_t)m->value), m->offset), m->size);
	}
	return h;
}

/* Where variables and functions stand, since two of them may otherwise be alike. */
static void hash_places(struct canon *c)
{
	for (uint32_t id = 1; id < c->btf->count; id++) {
		const struct iov_btf_type *t = &c->btf->types[id];

		for (uint32_t i = 0; t->kind == BTF_KIND_DATASEC && i < t->count; i++) {
			uint64_t *h = &c->own[t->members[i].type];

			*h = mix(mix_name(*h, t->name), t->members[i].offset);
		}
	}
	for (uint32_t i = 0; c->ext && i < c->ext->count; i++) {
		const struct iov_btf_ext_section *s = &c->ext->sections[i];

		for (uint32_t j = 0; j < s->func_count; j++) {
			uint64_t *h = &c->own[s->funcs[j].type];

			*h = mix(mix_name(*h, s->name), s->funcs[j].insn);
		}
	}
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static uint32_t count_distinct(const struct canon *c, uint64_t *scratch)
{
	uint32_t n = 1;

	memcpy(scratch, c->hash, c->btf->count * sizeof(*scratch));
	qsort(scratch, c->btf->count, sizeof(*scratch), by_value);
	for (uint32_t i = 1; i < c->btf->count; i++)
		n += scratch[i] != scratch[i - 1];
	return n;
}

static void refine(struct canon *c)
{
	uint64_t *done;

	for (uint32_t id = 0; id < c->btf->count; id++) {
		const struct iov_btf_type *t = &c->btf->types[id];
		uint64_t h = mix(mix(c->own[id], c->hash[t->type]), c->hash[t->index_type]);

		for (uint32_t i = 0; i < t->count; i++)
			h = mix(h, c->hash[t->members[i].type]);
		c->next[id] = h;
	}
	done = c->hash;
	c->hash = c->next;
	c->next = done;
}

struct keyed {
	uint64_t hash;
	uint32_t id;
};

static int by_hash(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static bool stands_alone(uint8_t kind)
{
	return kind == BTF_KIND_VAR || kind == BTF_KIND_FUNC || kind == BTF_KIND_DATASEC || !kind;
}

/* Hashes of 64 bits decide what is alike, but types that differ in what they say themselves are never merged. */
static bool alike(const struct iov_btf_type *x, const struct iov_btf_type *y)
{
	if (x->kind != y->kind || strcmp(x->name, y->name) || x->flag != y->flag || x->size != y->size ||
	    x->count != y->count || x->nelems != y->nelems || x->component != y->component || stands_alone(x->kind) ||
	    x->int_encoding != y->int_encoding || x->int_bits != y->int_bits || x->int_offset != y->int_offset)
		return false;
	for (uint32_t i = 0; i < x->count; i++) {
		const struct iov_btf_member *m = &x->members[i], *n = &y->members[i];

		if (strcmp(m->name, n->name) || m->bit_offset != n->bit_offset || m->bit_size != n->bit_size ||
		    m->value != n->value)
			return false;
	}
	return true;
}

static enum iov_status classify(struct canon *c)
{
	struct keyed *all = arena_array(c->arena, c->btf->count, sizeof(*all));

	if (!all)
		return IOV_NOMEM;
	for (uint32_t id = 0; id < c->btf->count; id++)
		all[id] = (struct keyed){c->hash[id], id};
	qsort(all, c->btf->count, sizeof(*all), by_hash);
	for (uint32_t i = 0; i < c->btf->count; i++) {
		uint32_t id = all[i].id, first = i ? c->class[all[i - 1].id] : id;

		bool same = i && all[i].hash == all[i - 1].hash;

		c->class[id] = same && alike(&c->btf->types[first], &c->btf->types[id]) ? first : id;
	}
	return IOV_OK;
}

struct root {
	const struct iov_btf_type *type;
	uint64_t hash;
	uint32_t id;
};

static int root_rank(uint8_t kind)
{
	switch (kind) {
	case BTF_KIND_FUNC:
		return 0;
	case BTF_KIND_VAR:
		return 1;
	case BTF_KIND_DATASEC:
		return 2;
	case KIND_DECL_TAG:
		return 4;
	default:
		return 3;
	}
}

static int by_root_order(const void *a, const void *b)
{
	const struct root *x = a, *y = b;
	int diff = root_rank(x->type->kind) - root_rank(y->type->kind);

	if (!diff && (diff = strcmp(x->type->name, y->type->name)))
		return diff;
	if (diff)
		return diff;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Number `id` and all it names. The stack holds each reference once at most. */
static void number_from(struct canon *c, uint32_t id, uint32_t *stack)
{
	size_t depth = 0;

	stack[depth++] = id;
	while (depth) {
		const struct iov_btf_type *t;

		id = c->class[stack[--depth]];
		if (!id || c->new_id[id])
			continue;
		c->new_id[id] = c->count;
		c->order[c->count++] = id;
		t = &c->btf->types[id];
		for (uint32_t i = t->count; i-- > 0;)
			stack[depth++] = t->members[i].type;
		stack[depth++] = t->index_type;
		stack[depth++] = t->type;
	}
}

static enum iov_status number(struct canon *c)
{
	uint32_t n = c->btf->count, *stack;
	struct root *roots = arena_array(c->arena, n, sizeof(*roots));
	size_t references = 1;

	for (uint32_t id = 0; id < n; id++)
		references += 2 + c->btf->types[id].count;
	stack = arena_array(c->arena, references, sizeof(*stack));
	if (!roots || !stack)
		return IOV_NOMEM;
	for (uint32_t id = 0; id < n; id++)
		roots[id] = (struct root){&c->btf->types[id], c->hash[id], id};
	qsort(roots + 1, n - 1, sizeof(*roots), by_root_order);
	c->count = 1;
	for (uint32_t i = 1; i < n; i++)
		number_from(c, roots[i].id, stack);
	for (uint32_t id = 1; id < n; id++)
		c->new_id[id] = c->new_id[c->class[id]];
	return IOV_OK;
}

static enum iov_status rebuild(struct canon *c)
{
	struct iov_btf_type *types = arena_array(c->arena, c->count, sizeof(*types));

	if (!types)
		return IOV_NOMEM;
	types[0] = c->btf->types[0];
	for (uint32_t id = 1; id < c->count; id++) {
		struct iov_btf_type *t = &types[id];

		*t = c->btf->types[c->order[id]];
		t->type = c->new_id[t->type];
		t->index_type = c->new_id[t->index_type];
		for (uint32_t i = 0; i < t->count; i++)
			t->members[i].type = c->new_id[t->members[i].type];
	}
	c->btf->types = types;
	c->btf->count = c->count;
	return btf_index(c->btf, c->arena);
}

static int by_name(const void *a, const void *b)
{
	const struct iov_btf_ext_section *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void rebase(struct canon *c)
{
	for (uint32_t i = 0; c->ext && i < c->ext->count; i++) {
		struct iov_btf_ext_section *s = &c->ext->sections[i];

		for (uint32_t j = 0; j < s->func_count; j++)
			s->funcs[j].type = c->new_id[s->funcs[j].type];
		for (uint32_t j = 0; j < s->core_count; j++)
			s->cores[j].type = c->new_id[s->cores[j].type];
	}
	if (c->ext && c->ext->count)
		qsort(c->ext->sections, c->ext->count, sizeof(*c->ext->sections), by_name);
}

enum iov_status btf_canonicalise(struct iov_btf *btf, struct iov_btf_ext *ext, struct iov_arena *arena,
				 const uint32_t **new_ids)
{
	struct canon c = {.btf = btf, .ext = ext, .arena = arena};
	size_t n = btf->count;
	uint64_t *scratch = arena_array(arena, n, sizeof(*scratch));
	uint32_t classes = 0, before;
	enum iov_status status;

	c.own = arena_array(arena, n, sizeof(*c.own));
	c.hash = arena_array(arena, n, sizeof(*c.hash));
	c.next = arena_array(arena, n, sizeof(*c.next));
	c.class = arena_array(arena, n, sizeof(*c.class));
	c.new_id = arena_array(arena, n, sizeof(*c.new_id));
	c.order = arena_array(arena, n, sizeof(*c.order));
	if (!scratch || !c.own || !c.hash || !c.next || !c.class || !c.new_id || !c.order)
		return IOV_NOMEM;
	for (uint32_t id = 0; id < n; id++)
		c.own[id] = hash_own(&btf->types[id]);
	hash_places(&c);
	do {
		before = classes;
		refine(&c);
		classes = count_distinct(&c, scratch);
	} while (classes > before);
	status = classify(&c);
	if (!status)
		status = number(&c);
	if (!status)
		status = rebuild(&c);
	if (status)
		return status;
	rebase(&c);
	if (new_ids)
		*new_ids = c.new_id;
	return IOV_OK;
}
