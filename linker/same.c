/* SPDX-License-Identifier: Apache-2.0 */
/* A type is looked for by a hash of what it says and of what it names, down to names of structs, which end every cycle
 * that C can make. What the hash finds is compared: the type itself, and with it everything that it refers to and that
 * has no place yet, on the guess that each pair is the same; one pair that is not takes back all guesses. Functions,
 * variables and tags are never compared: where they stand is part of what they say.
 *
 * Types that are made to collide cost no more than a multiple of their size: `budget`. */
#include "linker/same.h"

#include "asm/base/hash.h"

enum { KIND_DECL_TAG = 17, KIND_ENUM64 = 19 };
enum { MAX_CANDIDATES = 8, MAX_DEPTH = 32, BUDGET = 16 };

enum iov_status same_begin(struct same *s, struct iov_btf *into, uint32_t most, uint32_t all, struct iov_arena *arena)
{
	*s = (struct same){.into = into, .arena = arena, .table_size = 1024};
	arena_init(&s->scratch, arena->alloc);
	s->table = arena_array(&s->scratch, s->table_size, sizeof(*s->table));
	s->hash = arena_room(&s->scratch, most, sizeof(*s->hash));
	s->trail = arena_room(&s->scratch, most, sizeof(*s->trail));
	s->room = all;
	*into = (struct iov_btf){.types = arena_room(arena, all, sizeof(*into->types))};
	if (!s->table || !s->hash || !s->trail || !into->types || !btf_append(into, &s->room, arena))
		return IOV_NOMEM;
	into->types[0].name = "void";
	return IOV_OK;
}

void same_end(struct same *s)
{
	arena_free(&s->scratch);
}

static bool stands_alone(uint8_t kind)
{
	return kind == BTF_KIND_VAR || kind == BTF_KIND_FUNC || kind == KIND_DECL_TAG;
}

/* Hashes: 0 is none yet. */

static bool is_nominal(uint8_t kind, const uint32_t *t)
{
	return (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == BTF_KIND_FWD) && t[RAW_NAME];
}

/* What a type says itself. Of members the first name and the number, which tell most apart. */
static uint64_t hash_own(const struct iov_btf_raw *raw, const uint32_t *t, uint8_t kind)
{
	uint64_t h = t[RAW_NAME] ? hash_name(raw_name(raw, t)) : 0;
	struct iov_btf_refs refs;

	h = hash_mix(h, t[RAW_INFO]);
	switch (kind) {
	case BTF_KIND_INT:
		return hash_mix(h, (uint64_t)t[RAW_TAIL] << 32 | t[RAW_SIZE]);
	case BTF_KIND_ARRAY:
		return hash_mix(h, t[RAW_TAIL + 2]);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		h = hash_mix(h, t[RAW_SIZE]);
		return raw_count(t) ? hash_mix(h, hash_name(raw->strings + t[RAW_TAIL])) : h;
	case BTF_KIND_FUNC_PROTO:
		refs = btf_raw_refs(t);
		return hash_mix(h, refs.count && t[RAW_TAIL] ? hash_name(raw->strings + t[RAW_TAIL]) : 0);
	default:
		return h;
	}
}

static uint32_t hash_type(struct same *s, uint32_t id, unsigned depth);

static inline uint32_t hash_reference(struct same *s, uint32_t id, unsigned depth)
{
	const uint32_t *t;
	uint8_t kind = s->raw->kind[id];

	if (s->hash[id] || !id)
		return s->hash[id];
	t = btf_raw_type(s->raw, id);
	return is_nominal(kind, t) || depth > MAX_DEPTH ? (uint32_t)hash_own(s->raw, t, kind)
							: hash_type(s, id, depth);
}

static uint32_t hash_type(struct same *s, uint32_t id, unsigned depth)
{
	const uint32_t *t = btf_raw_type(s->raw, id);
	uint8_t kind = raw_kind(t);
	struct iov_btf_refs refs = btf_raw_refs(t);
	uint64_t h = hash_own(s->raw, t, kind);

	if (is_nominal(kind, t)) /* as it counts where others refer to it, whether they come before it or after */
		return s->hash[id] = (uint32_t)h | 1;
	s->hash[id] = 1; /* at work: a cycle that C does not make */
	if (refs.own)
		h = hash_mix(h, hash_reference(s, refs.own, depth + 1));
	for (uint32_t i = 0; i < refs.count; i++)
		h = hash_mix(h, hash_reference(s, refs.first[refs.step * i], depth + 1));
	return s->hash[id] = (uint32_t)h | 1;
}

/* Comparing. */

static bool same_members(const struct iov_btf_raw *raw, const uint32_t *t, uint8_t kind, const struct iov_btf_type *x)
{
	const uint32_t *m = t + RAW_TAIL;
	bool flag = x->flag;

	for (uint32_t i = 0; i < x->count; i++) {
		const struct iov_btf_member *n = &x->members[i];

		if (strcmp(raw->strings + m[0], n->name))
			return false;
		switch (kind) {
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			if (n->bit_offset != (flag ? m[2] & 0xffffff : m[2]) || n->bit_size != (flag ? m[2] >> 24 : 0))
				return false;
			m += 3;
			break;
		case KIND_ENUM64:
			if (n->value != (int64_t)(m[1] | (uint64_t)m[2] << 32))
				return false;
			m += 3;
			break;
		case BTF_KIND_ENUM:
			if (n->value != (flag ? (int64_t)(int32_t)m[1] : (int64_t)m[1]))
				return false;
			m += 2;
			break;
		default: /* FUNC_PROTO */
			m += 2;
		}
	}
	return true;
}

/* They say the same themselves. */
static bool same_own(const struct iov_btf_raw *raw, const uint32_t *t, const struct iov_btf_type *x)
{
	uint8_t kind = raw_kind(t);

	if (x->kind != kind || x->flag != t[RAW_INFO] >> 31 || strcmp(raw_name(raw, t), x->name))
		return false;
	switch (kind) {
	case BTF_KIND_INT:
		return x->size == t[RAW_SIZE] && x->int_encoding == (t[RAW_TAIL] >> 24 & 15) &&
		       x->int_offset == (t[RAW_TAIL] >> 16 & 255) && x->int_bits == (t[RAW_TAIL] & 255);
	case BTF_KIND_ARRAY:
		return x->nelems == t[RAW_TAIL + 2];
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		return x->size == t[RAW_SIZE] && x->count == raw_count(t) && same_members(raw, t, kind, x);
	case BTF_KIND_FUNC_PROTO:
		return x->count == raw_count(t) && same_members(raw, t, kind, x);
	case BTF_KIND_FLOAT:
		return x->size == t[RAW_SIZE];
	default:
		return !stands_alone(kind);
	}
}

static inline bool guess(struct same *s, uint32_t id, uint32_t joined)
{
	if (!id || !joined)
		return id == joined;
	if (s->map[id])
		return s->map[id] == joined;
	s->map[id] = joined;
	s->trail[s->trail_count++] = id;
	return true;
}

static bool guess_below(struct same *s, const uint32_t *t, const struct iov_btf_type *x)
{
	struct iov_btf_refs refs;

	if (x->kind == BTF_KIND_ARRAY)
		return guess(s, t[RAW_TAIL], x->type) && guess(s, t[RAW_TAIL + 1], x->index_type);
	refs = btf_raw_refs(t);
	if (!guess(s, refs.own, x->type))
		return false;
	for (uint32_t i = 0; i < refs.count; i++)
		if (!guess(s, refs.first[refs.step * i], x->members[i].type))
			return false;
	return true;
}

/* The type and all below it are what `joined` and all below that are. */
static bool compare(struct same *s, uint32_t id, uint32_t joined)
{
	bool same = true;
	uint64_t words = 0;

	s->trail_count = 0;
	guess(s, id, joined);
	for (uint32_t i = 0; i < s->trail_count && same; i++) {
		const uint32_t *t = btf_raw_type(s->raw, s->trail[i]);
		const struct iov_btf_type *x = &s->into->types[s->map[s->trail[i]]];

		words += RAW_TAIL + raw_count(t);
		same = words <= s->budget && same_own(s->raw, t, x) && guess_below(s, t, x);
	}
	if (same)
		return true;
	s->budget -= words < s->budget ? words : s->budget;
	while (s->trail_count)
		s->map[s->trail[--s->trail_count]] = 0;
	return false;
}

/* The table. */

static enum iov_status enter(struct same *s, uint32_t hash, uint32_t id)
{
	uint32_t i, alike = 0;

	if (s->used >= s->table_size / 2) {
		struct same_slot *old = s->table;
		uint32_t size = s->table_size;

		s->table = arena_array(&s->scratch, 2 * (size_t)size, sizeof(*s->table));
		if (!s->table)
			return IOV_NOMEM;
		s->table_size = 2 * size;
		s->used = 0;
		for (i = 0; i < size; i++)
			if (old[i].id)
				enter(s, old[i].hash, old[i].id);
	}
	for (i = hash & (s->table_size - 1); s->table[i].id; i = (i + 1) & (s->table_size - 1))
		if (s->table[i].hash == hash && ++alike == MAX_CANDIDATES)
			return IOV_OK; /* it would never be looked at */
	s->table[i] = (struct same_slot){hash, id};
	s->used++;
	return IOV_OK;
}

static bool find(struct same *s, uint32_t id)
{
	uint32_t hash = hash_type(s, id, 0), tried = 0;

	for (uint32_t i = hash & (s->table_size - 1); s->table[i].id && tried < MAX_CANDIDATES;
	     i = (i + 1) & (s->table_size - 1))
		if (s->table[i].hash == hash && ++tried && compare(s, id, s->table[i].id))
			return true;
	return false;
}

static enum iov_status finish(struct same *s, uint32_t id)
{
	struct iov_btf_type *x = &s->into->types[s->map[id]];

	x->type = s->map[x->type];
	x->index_type = s->map[x->index_type];
	for (uint32_t i = 0; i < x->count; i++)
		x->members[i].type = s->map[x->members[i].type];
	return stands_alone(x->kind) ? IOV_OK : enter(s, s->hash[id], s->map[id]);
}

enum iov_status same_join(struct same *s, const struct iov_btf_raw *raw, uint32_t *map)
{
	uint32_t first = s->into->count;
	enum iov_status status = IOV_OK;

	s->raw = raw;
	s->map = map;
	s->budget = BUDGET * ((uint64_t)raw->word_count + 64);
	memset(s->hash, 0, raw->count * sizeof(*s->hash));
	for (uint32_t id = 1; id < raw->count; id++) {
		uint8_t kind = raw->kind[id];
		struct iov_btf_type *x;

		if (map[id] || kind == BTF_KIND_DATASEC || (!stands_alone(kind) && find(s, id)))
			continue;
		x = btf_append(s->into, &s->room, s->arena);
		if (!x || !btf_raw_widen(raw, id, s->arena, x))
			return IOV_NOMEM;
		map[id] = s->into->count - 1;
	}
	/* From here on, what refers to data sections refers to nothing; and these types can be found. */
	for (uint32_t id = 1; id < raw->count && !status; id++)
		if (map[id] >= first)
			status = finish(s, id);
	return status;
}
