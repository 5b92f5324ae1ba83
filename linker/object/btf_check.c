/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the check of a type graph, whether read or made: references in range and of a kind that may stand there, no
 * type that contains itself, values nested at most BTF_MAX_NESTING deep (so that the other files may recurse). */
#include "linker/object/internal.h"

struct checker {
	const struct iov_btf *btf;
	const char *file;
	struct iov_sink *sink;
	uint8_t *height; /* by id: 0 not visited, else 1 + nesting below; 255 while being visited */
};

enum { VISITING = 255 };

#define BAD(c, ...) (diag_add((c)->sink, DIAG_BTF_BAD, span_file((c)->file), __VA_ARGS__), IOV_DIAGNOSED)

/* What may be referred to: types of values; functions; anything that has a declaration. */
static bool is_value(uint8_t kind)
{
	return kind != BTF_KIND_FUNC && kind != BTF_KIND_VAR && kind != BTF_KIND_DATASEC && kind != KIND_DECL_TAG;
}

static bool reference_fits(const struct iov_btf *btf, const struct iov_btf_type *t)
{
	uint8_t to = btf->types[t->type].kind;

	switch (t->kind) {
	case BTF_KIND_FUNC:
		return to == BTF_KIND_FUNC_PROTO;
	case KIND_DECL_TAG:
		return to == BTF_KIND_STRUCT || to == BTF_KIND_UNION || to == BTF_KIND_FUNC || to == BTF_KIND_VAR ||
		       to == BTF_KIND_TYPEDEF;
	default:
		return is_value(to);
	}
}

static bool member_fits(const struct iov_btf *btf, const struct iov_btf_type *t, const struct iov_btf_member *m)
{
	uint8_t to = btf->types[m->type].kind;

	if (t->kind == BTF_KIND_DATASEC)
		return to == BTF_KIND_VAR || to == BTF_KIND_FUNC;
	return is_value(to) &&
	       (m->type || t->kind == BTF_KIND_FUNC_PROTO || t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64);
}

static bool is_power(uint32_t n) { return n && !(n & (n - 1)); }

static enum iov_status check_type(struct checker *c, uint32_t id)
{
	const struct iov_btf *btf = c->btf;
	const struct iov_btf_type *t = &btf->types[id];

	if (t->type >= btf->count || (t->kind == BTF_KIND_ARRAY && t->index_type >= btf->count))
		return BAD(c, "type %u (%s) refers to type %u, which does not exist", id, t->name, t->type);
	if (!reference_fits(btf, t))
		return BAD(c, "type %u (%s) refers to type %u, which is of the wrong kind", id, t->name, t->type);
	for (uint32_t i = 0; i < t->count; i++) {
		if (t->members[i].type >= btf->count)
			return BAD(c, "member %u of type %u (%s) has type %u, which does not exist", i, id, t->name,
				   t->members[i].type);
		if (!member_fits(btf, t, &t->members[i]))
			return BAD(c, "member %u of type %u (%s) has a type of the wrong kind", i, id, t->name);
	}
	if (t->kind == BTF_KIND_INT &&
	    (!is_power(t->size) || t->size > 16 || t->int_bits > 128 || t->int_bits + t->int_offset > t->size * 8))
		return BAD(c, "integer type %u (%s) has %u bits in %u bytes", id, t->name, t->int_bits, t->size);
	if ((t->kind == BTF_KIND_ENUM || t->kind == KIND_ENUM64) && (t->count || t->size) &&
	    (!is_power(t->size) || t->size > 8))
		return BAD(c, "enumeration %u (%s) has %u bytes", id, t->name, t->size);
	return IOV_OK;
}

/* Whether a value of type t holds a value of the types it names. */
static bool holds(uint8_t kind)
{
	return kind != BTF_KIND_PTR && kind != BTF_KIND_FUNC && kind != BTF_KIND_FUNC_PROTO && kind != KIND_DECL_TAG;
}

static enum iov_status nest(struct checker *c, uint32_t id, unsigned depth)
{
	const struct iov_btf_type *t = &c->btf->types[id];
	enum iov_status status = IOV_OK;
	uint32_t steps = t->count + 1;
	unsigned height = 1;

	if (!id || c->height[id])
		return id && c->height[id] == VISITING ? BAD(c, "type %u (%s) contains itself", id, t->name) : IOV_OK;
	if (depth > BTF_MAX_NESTING)
		return BAD(c, "type %u (%s) is nested more than %d deep", id, t->name, BTF_MAX_NESTING);
	c->height[id] = VISITING;
	for (uint32_t i = 0; !status && holds(t->kind) && i < steps; i++) {
		uint32_t next = i < t->count ? t->members[i].type : t->type;

		status = nest(c, next, depth + 1);
		if (next && c->height[next] + 1u > height)
			height = c->height[next] + 1u;
	}
	if (!status && height > BTF_MAX_NESTING)
		status = BAD(c, "type %u (%s) is nested more than %d deep", id, t->name, BTF_MAX_NESTING);
	c->height[id] = (uint8_t)height;
	return status;
}

enum iov_status btf_check(const struct iov_btf *btf, const char *file, struct iov_arena *arena, struct iov_sink *sink)
{
	struct checker c = {.btf = btf, .file = file, .sink = sink, .height = arena_alloc(arena, btf->count)};
	enum iov_status status = c.height ? IOV_OK : IOV_NOMEM;

	for (uint32_t id = 1; !status && id < btf->count; id++)
		status = check_type(&c, id);
	for (uint32_t id = 1; !status && id < btf->count; id++)
		status = nest(&c, id, 1);
	return status;
}
