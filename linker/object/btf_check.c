/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the check of a type graph: references in range and of a kind that may stand there, no type that contains
 * itself, values nested at most BTF_MAX_NESTING deep (so that the other files may recurse). */
#include "linker/object/btf_raw.h"
#include "linker/object/internal.h"

struct checker {
	const struct iov_btf_raw *raw;
	const char *file;
	struct iov_sink *sink;
	uint8_t *height; /* by id: 0 not visited, else 1 + nesting below; 255 while being visited */
};

enum { VISITING = 255 };

#define BAD(c, ...)                                                                                                    \
	(diag_hint(diag_add((c)->sink, DIAG_BTF_BAD, span_file((c)->file), __VA_ARGS__), OBJECT_REMAKE), IOV_DIAGNOSED)

/* What may be referred to: types of values; functions; anything that has a declaration. */
static inline bool is_value(uint8_t kind)
{
	return kind != BTF_KIND_FUNC && kind != BTF_KIND_VAR && kind != BTF_KIND_DATASEC && kind != KIND_DECL_TAG;
}

static inline uint8_t kind_of(const struct checker *c, uint32_t id)
{
	return c->raw->kind[id];
}

static inline bool reference_fits(uint8_t kind, uint8_t to)
{
	switch (kind) {
	case BTF_KIND_FUNC:
		return to == BTF_KIND_FUNC_PROTO;
	case KIND_DECL_TAG:
		return to == BTF_KIND_STRUCT || to == BTF_KIND_UNION || to == BTF_KIND_FUNC || to == BTF_KIND_VAR ||
		       to == BTF_KIND_TYPEDEF;
	default:
		return is_value(to);
	}
}

static inline bool member_fits(uint8_t kind, uint8_t to)
{
	if (kind == BTF_KIND_DATASEC)
		return to == BTF_KIND_VAR || to == BTF_KIND_FUNC;
	return is_value(to) && (to || kind == BTF_KIND_FUNC_PROTO);
}

static bool is_power(uint32_t n) { return n && !(n & (n - 1)); }

#define NAME(c, t) raw_name((c)->raw, t)

static enum iov_status check_reference(const struct checker *c, uint32_t id, const uint32_t *t, uint32_t to)
{
	if (to >= c->raw->count)
		return BAD(c, "type %u (%s) refers to type %u, which does not exist", id, NAME(c, t), to);
	if (!reference_fits(raw_kind(t), kind_of(c, to)))
		return BAD(c, "type %u (%s) refers to type %u, which is of the wrong kind", id, NAME(c, t), to);
	return IOV_OK;
}

static enum iov_status check_members(const struct checker *c, uint32_t id, const uint32_t *t,
				     const struct iov_btf_refs *refs)
{
	for (uint32_t i = 0; i < refs->count; i++) {
		uint32_t to = refs->first[refs->step * i];

		if (to >= c->raw->count)
			return BAD(c, "member %u of type %u (%s) has type %u, which does not exist", i, id, NAME(c, t),
				   to);
		if (!member_fits(raw_kind(t), kind_of(c, to)))
			return BAD(c, "member %u of type %u (%s) has a type of the wrong kind", i, id, NAME(c, t));
	}
	return IOV_OK;
}

static enum iov_status check_size(const struct checker *c, uint32_t id, const uint32_t *t)
{
	uint32_t size = t[RAW_SIZE], tail, bits, offset;

	if (raw_kind(t) != BTF_KIND_INT) {
		if ((raw_count(t) || size) && (!is_power(size) || size > 8))
			return BAD(c, "enumeration %u (%s) has %u bytes", id, NAME(c, t), size);
		return IOV_OK;
	}
	tail = t[RAW_TAIL];
	bits = tail & 255;
	offset = tail >> 16 & 255;
	if (!is_power(size) || size > 16 || bits > 128 || bits + offset > size * 8)
		return BAD(c, "integer type %u (%s) has %u bits in %u bytes", id, NAME(c, t), bits, size);
	return IOV_OK;
}

static enum iov_status check_type(struct checker *c, uint32_t id)
{
	const uint32_t *t = btf_raw_type(c->raw, id);
	struct iov_btf_refs refs;
	enum iov_status status;

	switch (raw_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		return check_size(c, id, t);
	case BTF_KIND_ARRAY:
		status = check_reference(c, id, t, t[RAW_TAIL]);
		return status ? status : check_reference(c, id, t, t[RAW_TAIL + 1]);
	default:
		refs = btf_raw_refs(t);
		status = check_reference(c, id, t, refs.own);
		return status ? status : check_members(c, id, t, &refs);
	}
}

/* Whether a value of this kind may hold values of the types it names. */
static inline bool holds(uint8_t kind)
{
	return kind == BTF_KIND_ARRAY || kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION ||
	       kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_VOLATILE || kind == BTF_KIND_CONST ||
	       kind == BTF_KIND_RESTRICT || kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC || kind == KIND_TYPE_TAG;
}

static enum iov_status nest(struct checker *c, uint32_t id, unsigned depth);

/* What a value of this type holds; *height rises above it. */
static inline enum iov_status nest_below(struct checker *c, uint32_t id, unsigned depth, unsigned *height)
{
	enum iov_status status = IOV_OK;

	if (!id)
		return IOV_OK;
	if (!c->height[id] && !holds(kind_of(c, id)))
		c->height[id] = 1;
	else if (!c->height[id] || c->height[id] == VISITING)
		status = nest(c, id, depth);
	if (c->height[id] >= *height)
		*height = c->height[id] + 1u;
	return status;
}

static enum iov_status nest(struct checker *c, uint32_t id, unsigned depth)
{
	const uint32_t *t = btf_raw_type(c->raw, id);
	struct iov_btf_refs refs = btf_raw_refs(t);
	enum iov_status status;
	unsigned height = 1;

	if (c->height[id])
		return BAD(c, "type %u (%s) contains itself", id, NAME(c, t));
	if (depth > BTF_MAX_NESTING)
		return BAD(c, "type %u (%s) is nested more than %d deep", id, NAME(c, t), BTF_MAX_NESTING);
	if (raw_kind(t) == BTF_KIND_ARRAY)
		refs.count = 1; /* the element, not the index */
	c->height[id] = VISITING;
	status = nest_below(c, refs.own, depth + 1, &height);
	for (uint32_t i = 0; !status && i < refs.count; i++)
		status = nest_below(c, refs.first[refs.step * i], depth + 1, &height);
	if (!status && height > BTF_MAX_NESTING)
		status = BAD(c, "type %u (%s) is nested more than %d deep", id, NAME(c, t), BTF_MAX_NESTING);
	c->height[id] = (uint8_t)height;
	return status;
}

enum iov_status btf_check(const struct iov_btf_raw *raw, const char *file, struct iov_arena *arena,
			  struct iov_sink *sink)
{
	struct checker c = {.raw = raw, .file = file, .sink = sink, .height = arena_alloc(arena, raw->count)};
	enum iov_status status = c.height ? IOV_OK : IOV_NOMEM;

	for (uint32_t id = 1; !status && id < raw->count; id++)
		status = check_type(&c, id);
	for (uint32_t id = 1; !status && id < raw->count; id++)
		if (!c.height[id] && holds(raw->kind[id]))
			status = nest(&c, id, 1);
	return status;
}
