/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: types in an order that their content decides, each once.
 *
 * Types are told apart by hashes. A type's hash takes in what it says itself and the hashes of what it names; a struct,
 * union or forward declaration with a name goes into the hashes of others by that name alone, which is what ends every
 * cycle that C can make. Where one name stands for structs that differ, it is contested, and from then on goes into
 * hashes with what it means at that place; rounds go on until no further types can be told apart, and there is one
 * round where no name is contested. A forward declaration whose name has one meaning is that struct. Types that are
 * alike become one (variables and functions never do: where they stand is part of what they say); what hashes say is
 * checked member by member. Ids are then given in a depth-first walk from the functions, variables and sections in
 * order of their names. */
#include "asm/base/hash.h"
#include "linker/object/internal.h"

#include <stdlib.h>
#include <string.h>

/* A name of structs or unions, or of forward declarations of them. */
struct nominal {
	const char *name; /* NULL: a free slot */
	uint64_t hash;    /* of the name */
	uint32_t meaning; /* id of the first definition, 0: none */
	bool is_union, contested;
};

struct canon {
	struct iov_btf *btf;
	struct iov_btf_ext *ext;
	struct iov_arena *arena;
	uint64_t *own, *hash, *last; /* by id: what the type says itself; with all it names; of the round before */
	uint8_t *state, *affected;   /* by id: in the first round; contested names go into its hash */
	uint32_t *post, *rehash, affected_count;
	uint32_t *nominal; /* by id: slot in names + 1; 0: not such a type */
	struct nominal *names;
	uint32_t name_size;
	uint32_t *table, table_size; /* ids by hash */
	uint32_t *class;             /* by id: the lowest id of the types that are alike */
	uint32_t *new_id;            /* by id */
	uint32_t *order;             /* new id → old id */
	uint32_t *stack;             /* room for every reference */
	uint32_t count;              /* of new ids, void included */
};

static uint64_t hash_member(uint64_t h, uint8_t kind, const struct iov_btf_member *m)
{
	h = hash_mix(h, hash_name(m->name));
	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return hash_mix(h, (uint64_t)m->bit_size << 32 | m->bit_offset);
	case BTF_KIND_DATASEC:
		return hash_mix(h, (uint64_t)m->size << 32 | m->offset);
	default:
		return hash_mix(h, (uint64_t)m->value);
	}
}

static uint64_t hash_own(const struct iov_btf_type *t)
{
	uint64_t h = hash_mix(hash_name(t->name), (uint64_t)t->size << 32 | (uint64_t)t->kind << 1 | t->flag);

	h = hash_mix(h, (uint64_t)t->nelems << 32 | t->count);
	switch (t->kind) {
	case BTF_KIND_INT:
		return hash_mix(h, (uint64_t)t->int_encoding << 16 | t->int_offset << 8 | t->int_bits);
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case KIND_DECL_TAG:
		return hash_mix(h, (uint64_t)t->linkage << 32 | (uint32_t)t->component);
	}
	for (uint32_t i = 0; i < t->count; i++)
		h = hash_member(h, t->kind, &t->members[i]);
	return h;
}

/* Where variables and functions stand, since two of them may otherwise be alike. */
static void hash_places(struct canon *c)
{
	for (uint32_t id = 1; id < c->btf->count; id++) {
		const struct iov_btf_type *t = &c->btf->types[id];

		for (uint32_t i = 0; t->kind == BTF_KIND_DATASEC && i < t->count; i++) {
			uint64_t *h = &c->own[t->members[i].type];

			*h = hash_mix(hash_mix(*h, hash_name(t->name)), t->members[i].offset);
		}
	}
	for (uint32_t i = 0; c->ext && i < c->ext->count; i++) {
		const struct iov_btf_ext_section *s = &c->ext->sections[i];

		for (uint32_t j = 0; j < s->func_count; j++) {
			uint64_t *h = &c->own[s->funcs[j].type];

			*h = hash_mix(hash_mix(*h, hash_name(s->name)), s->funcs[j].insn);
		}
	}
}

/* Names of structs. */

static bool is_nominal(const struct iov_btf_type *t)
{
	return (t->kind == BTF_KIND_STRUCT || t->kind == BTF_KIND_UNION || t->kind == BTF_KIND_FWD) && *t->name;
}

static bool means_union(const struct iov_btf_type *t)
{
	return t->kind == BTF_KIND_UNION || (t->kind == BTF_KIND_FWD && t->flag);
}

static void name_types(struct canon *c)
{
	for (uint32_t id = 1; id < c->btf->count; id++) {
		const struct iov_btf_type *t = &c->btf->types[id];
		bool is_union = means_union(t);
		struct nominal *n;
		uint64_t h, i;

		if (!is_nominal(t))
			continue;
		h = hash_mix(hash_name(t->name), is_union);
		for (i = h;; i++) {
			n = &c->names[i & (c->name_size - 1)];
			if (!n->name || (n->hash == h && n->is_union == is_union && !strcmp(n->name, t->name)))
				break;
		}
		n->name = t->name;
		n->hash = h;
		n->is_union = is_union;
		if (t->kind != BTF_KIND_FWD && !n->meaning)
			n->meaning = id;
		c->nominal[id] = (uint32_t)(n - c->names) + 1;
	}
}

/* Hashes. */

enum { NOT_YET, AT_WORK, DONE };

/* What a reference to a type adds to the hash of who refers. */
static inline uint64_t reference(const struct canon *c, uint32_t id)
{
	const struct nominal *n = c->nominal[id] ? &c->names[c->nominal[id] - 1] : NULL;

	if (n)
		return n->contested ? c->last[id] : n->hash;
	return c->state[id] == DONE ? c->hash[id] : c->own[id];
}

/* The hash of one type. A reference to one that is at work is a cycle, which C makes through names alone: it counts as
 * what it says itself. */
static void hash_one(struct canon *c, uint32_t id)
{
	const struct iov_btf_type *t = &c->btf->types[id];
	uint64_t h = c->own[id];

	h = hash_mix(hash_mix(h, reference(c, t->type)), reference(c, t->index_type));
	for (uint32_t i = 0; i < t->count; i++)
		h = hash_mix(h, reference(c, t->members[i].type));
	c->hash[id] = h;
	c->state[id] = DONE;
}

static inline size_t push_missing(const struct canon *c, uint32_t id, size_t depth)
{
	if (!c->nominal[id] && c->state[id] == NOT_YET)
		c->stack[depth++] = id;
	return depth;
}

/* The first round. `post` becomes the order in which types do not depend on later ones. */
static void hash_all(struct canon *c)
{
	uint32_t finished = 0;

	c->state[0] = DONE;
	c->hash[0] = 0;
	for (uint32_t id = 1; id < c->btf->count; id++) {
		size_t depth = 0;

		c->stack[depth++] = id;
		while (depth) {
			uint32_t at = c->stack[depth - 1];
			const struct iov_btf_type *t = &c->btf->types[at];

			if (c->state[at] == NOT_YET) {
				c->state[at] = AT_WORK;
				depth = push_missing(c, t->type, depth);
				depth = push_missing(c, t->index_type, depth);
				for (uint32_t i = 0; i < t->count; i++)
					depth = push_missing(c, t->members[i].type, depth);
				continue;
			}
			depth--;
			if (c->state[at] == AT_WORK) {
				hash_one(c, at);
				c->post[finished++] = at;
			}
		}
	}
}

/* Types whose hashes contested names go into, in the order of `post`, at its front. */
static inline bool is_affected(const struct canon *c, uint32_t id)
{
	return c->nominal[id] ? c->names[c->nominal[id] - 1].contested : c->affected[id];
}

static void find_affected(struct canon *c)
{
	c->affected_count = 0;
	for (uint32_t i = 0; i + 1 < c->btf->count; i++) {
		uint32_t id = c->post[i];
		const struct iov_btf_type *t = &c->btf->types[id];
		bool any = is_affected(c, t->type) || is_affected(c, t->index_type);

		for (uint32_t j = 0; j < t->count && !any; j++)
			any = is_affected(c, t->members[j].type);
		c->affected[id] = any;
		if (any)
			c->rehash[c->affected_count++] = id;
	}
}

static void hash_affected(struct canon *c)
{
	for (uint32_t i = 0; i < c->affected_count; i++)
		c->last[c->rehash[i]] = c->hash[c->rehash[i]];
	for (uint32_t i = 0; i < c->affected_count; i++)
		hash_one(c, c->rehash[i]);
}

/* Mark names whose definitions differ; true when there are more than before. */
static bool contest(struct canon *c)
{
	bool any = false;

	for (uint32_t id = 1; id < c->btf->count; id++) {
		struct nominal *n = c->nominal[id] ? &c->names[c->nominal[id] - 1] : NULL;

		if (!n || n->contested || !n->meaning || c->btf->types[id].kind == BTF_KIND_FWD ||
		    c->hash[id] == c->hash[n->meaning])
			continue;
		n->contested = any = true;
	}
	return any;
}

/* The lowest id with this hash. */
static uint32_t *slot_by_hash(const struct canon *c, uint64_t hash)
{
	uint64_t i = hash >> 20;

	while (c->table[i & (c->table_size - 1)] && c->hash[c->table[i & (c->table_size - 1)] - 1] != hash)
		i++;
	return &c->table[i & (c->table_size - 1)];
}

/* How many of `count` types hashes tell apart; the table then holds them (ids + 1). */
static uint32_t count_distinct(struct canon *c, const uint32_t *ids, uint32_t count)
{
	uint32_t n = 0;

	memset(c->table, 0, c->table_size * sizeof(*c->table));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t id = ids ? ids[i] : i, *slot = slot_by_hash(c, c->hash[id]);

		n += !*slot;
		if (!*slot)
			*slot = id + 1;
	}
	return n;
}

static void hash_rounds(struct canon *c)
{
	uint32_t classes = 0, before = 0;
	bool grown;

	hash_all(c);
	memcpy(c->last, c->hash, c->btf->count * sizeof(*c->hash));
	for (grown = contest(c); grown || classes > before;) {
		if (grown)
			find_affected(c);
		hash_affected(c);
		before = grown ? 0 : classes;
		classes = count_distinct(c, c->rehash, c->affected_count);
		grown = contest(c);
	}
}

/* Classes. */

static bool stands_alone(uint8_t kind)
{
	return kind == BTF_KIND_VAR || kind == BTF_KIND_FUNC || kind == BTF_KIND_DATASEC || !kind;
}

/* They say the same themselves. */
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

/* They name the same. */
static bool alike_below(const struct canon *c, const struct iov_btf_type *x, const struct iov_btf_type *y)
{
	if (c->class[x->type] != c->class[y->type] || c->class[x->index_type] != c->class[y->index_type])
		return false;
	for (uint32_t i = 0; i < x->count; i++)
		if (c->class[x->members[i].type] != c->class[y->members[i].type])
			return false;
	return true;
}

/* Types of equal hash begin as one; those that turn out to differ get a class of their own, until all is settled. A
 * forward declaration is the struct of its name, where the name has one meaning. */
static void classify(struct canon *c)
{
	bool again = true;

	count_distinct(c, NULL, c->btf->count);
	for (uint32_t id = 0; id < c->btf->count; id++) {
		const struct nominal *n = c->nominal[id] ? &c->names[c->nominal[id] - 1] : NULL;
		uint32_t first = *slot_by_hash(c, c->hash[id]) - 1;

		c->class[id] = alike(&c->btf->types[first], &c->btf->types[id]) ? first : id;
		if (n && c->btf->types[id].kind == BTF_KIND_FWD && n->meaning && !n->contested)
			c->class[id] = n->meaning;
	}
	while (again) {
		again = false;
		for (uint32_t id = 1; id < c->btf->count; id++) {
			const struct iov_btf_type *t = &c->btf->types[id];

			if (c->class[id] == id || t->kind == BTF_KIND_FWD ||
			    alike_below(c, &c->btf->types[c->class[id]], t))
				continue;
			c->class[id] = id;
			again = true;
		}
	}
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
static void number_from(struct canon *c, uint32_t id)
{
	size_t depth = 0;

	c->stack[depth++] = id;
	while (depth) {
		const struct iov_btf_type *t;

		id = c->class[c->stack[--depth]];
		if (!id || c->new_id[id])
			continue;
		c->new_id[id] = c->count;
		c->order[c->count++] = id;
		t = &c->btf->types[id];
		for (uint32_t i = t->count; i-- > 0;)
			c->stack[depth++] = t->members[i].type;
		c->stack[depth++] = t->index_type;
		c->stack[depth++] = t->type;
	}
}

/* Number from the roots of ranks [first, last] that have no number yet. */
static void number_ranks(struct canon *c, struct root *roots, int first, int last)
{
	uint32_t count = 0;

	for (uint32_t id = 1; id < c->btf->count; id++) {
		int rank = root_rank(c->btf->types[id].kind);

		if (rank >= first && rank <= last && c->class[id] == id && !c->new_id[id])
			roots[count++] = (struct root){&c->btf->types[id], c->hash[id], id};
	}
	qsort(roots, count, sizeof(*roots), by_root_order);
	for (uint32_t i = 0; i < count; i++)
		number_from(c, roots[i].id);
}

static enum iov_status number(struct canon *c)
{
	struct root *roots = arena_room(c->arena, c->btf->count, sizeof(*roots));

	if (!roots)
		return IOV_NOMEM;
	c->count = 1;
	number_ranks(c, roots, 0, 2);
	number_ranks(c, roots, 3, 4);
	for (uint32_t id = 1; id < c->btf->count; id++)
		c->new_id[id] = c->new_id[c->class[id]];
	return IOV_OK;
}

static enum iov_status rebuild(struct canon *c)
{
	struct iov_btf_type *types = arena_room(c->arena, c->count, sizeof(*types));

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

static enum iov_status make_room(struct canon *c)
{
	size_t n = c->btf->count, references = n + 1, nominal = 0;

	for (size_t id = 0; id < n; id++) {
		references += 2 + c->btf->types[id].count;
		nominal += is_nominal(&c->btf->types[id]);
	}
	for (c->table_size = 64; c->table_size < 2 * n;)
		c->table_size *= 2;
	for (c->name_size = 64; c->name_size < 2 * nominal;)
		c->name_size *= 2;
	c->own = arena_room(c->arena, n, sizeof(*c->own));
	c->hash = arena_room(c->arena, n, sizeof(*c->hash));
	c->last = arena_room(c->arena, n, sizeof(*c->last));
	c->state = arena_array(c->arena, n, sizeof(*c->state));
	c->affected = arena_array(c->arena, n, sizeof(*c->affected));
	c->post = arena_room(c->arena, n, sizeof(*c->post));
	c->rehash = arena_room(c->arena, n, sizeof(*c->rehash));
	c->nominal = arena_array(c->arena, n, sizeof(*c->nominal));
	c->names = arena_array(c->arena, c->name_size, sizeof(*c->names));
	c->table = arena_array(c->arena, c->table_size, sizeof(*c->table));
	c->class = arena_room(c->arena, n, sizeof(*c->class));
	c->new_id = arena_array(c->arena, n, sizeof(*c->new_id));
	c->order = arena_room(c->arena, n, sizeof(*c->order));
	c->stack = arena_room(c->arena, references, sizeof(*c->stack));
	return c->own && c->hash && c->last && c->state && c->affected && c->post && c->rehash && c->nominal &&
			       c->names && c->table && c->class && c->new_id && c->order && c->stack
		       ? IOV_OK
		       : IOV_NOMEM;
}

enum iov_status btf_canonicalise(struct iov_btf *btf, struct iov_btf_ext *ext, struct iov_arena *arena,
				 const uint32_t **new_ids)
{
	struct canon c = {.btf = btf, .ext = ext, .arena = arena};
	enum iov_status status = make_room(&c);

	if (status)
		return status;
	for (uint32_t id = 0; id < btf->count; id++)
		c.own[id] = hash_own(&btf->types[id]);
	hash_places(&c);
	name_types(&c);
	hash_rounds(&c);
	classify(&c);
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
