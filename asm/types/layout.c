/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: sizes, alignments and offsets by the rules of C on eBPF (System V: a bit-field does not cross a border of its
 * type; pointers have 8 bytes). */
#include "asm/types/part.h"

static uint64_t round_up(uint64_t v, uint64_t to)
{
	return to ? (v + to - 1) / to * to : v;
}

static struct extent plain(uint64_t size)
{
	return (struct extent){size, size && size <= 16 ? size : 1, size != 0};
}

struct extent types_extent(struct layouts *x, uint32_t id)
{
	uint64_t count = 1;

	for (unsigned steps = 0; id && id < x->count && steps < TYPES_MAX_CHAIN; steps++) {
		const struct iov_btf_type *t = &x->types[id];
		struct extent e;

		switch (t->kind) {
		case BTF_KIND_PTR:
			e = plain(8);
			break;
		case BTF_KIND_INT:
		case BTF_KIND_FLOAT:
			e = plain(t->size);
			break;
		case BTF_KIND_ENUM:
		case KIND_ENUM64:
			e = plain(t->size ? t->size : 4);
			break;
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			if (!x->align[id])
				x->lay_out(x->ud, id);
			e = (struct extent){x->types[id].size, x->align[id], true};
			break;
		case BTF_KIND_ARRAY:
			if (__builtin_mul_overflow(count, t->nelems, &count))
				count = 0;
			id = t->type;
			continue;
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case KIND_TYPE_TAG:
			id = t->type;
			continue;
		default:
			return (struct extent){0, 1, false};
		}
		if (__builtin_mul_overflow(e.size, count, &e.size))
			e.has_size = false;
		return e;
	}
	return (struct extent){0, 1, false};
}

uint64_t layout_next(const struct layout *l, const struct extent *e, uint32_t bits)
{
	uint64_t unit = e->size * 8;

	if (l->is_union)
		return 0;
	if (!bits)
		return round_up(l->pos, l->packed ? 8 : e->align * 8);
	if (!l->packed && unit && l->pos % unit + bits > unit)
		return round_up(l->pos, unit);
	return l->pos;
}

void layout_take(struct layout *l, const struct extent *e, uint64_t at, uint32_t bits)
{
	l->pos = at + (bits ? bits : e->size * 8);
	if (l->pos > l->end)
		l->end = l->pos;
	if (!l->packed && e->align > l->align)
		l->align = e->align;
}

uint64_t layout_size(const struct layout *l)
{
	return round_up((l->end + 7) / 8, l->align ? l->align : 1);
}

static bool fits_bits(const struct types *t, uint32_t id, const struct extent *e, uint32_t bits)
{
	for (unsigned steps = 0; steps < TYPES_MAX_CHAIN; steps++) {
		const struct iov_btf_type *type = &t->types[id];

		switch (type->kind) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case KIND_TYPE_TAG:
			id = type->type;
			continue;
		case BTF_KIND_INT:
		case BTF_KIND_ENUM:
		case KIND_ENUM64:
			return bits <= e->size * 8;
		default:
			return false;
		}
	}
	return false;
}

/* What stands against a member, as a diagnostic. */
static bool check_member(struct types *t, const struct field *f, uint32_t id, const struct extent *e)
{
	if (f->is_bits && e->has_size && !fits_bits(t, id, e, f->bits))
		types_error(t, f->at, f->len, DIAG_TYPES_LAYOUT, "bit-field %s of %u bits does not fit its type",
			    f->name, f->bits);
	else if (!e->has_size && !f->has_at)
		types_error(t, f->at, f->len, DIAG_TYPES_LAYOUT, "member %s has a type without a size", f->name);
	else
		return true;
	return false;
}

static void lay_out(void *ud, uint32_t id)
{
	struct types *t = ud;
	struct def *d = id < t->def_count ? t->by_id[id] : NULL;
	struct iov_btf_type *type = &t->types[id];
	struct layout l = {.is_union = type->kind == BTF_KIND_UNION, .packed = d && d->packed, .align = 1};
	uint32_t kept = 0, i = 0;
	bool any_bits = false;

	t->layouts.align[id] = 1; /* while it is being laid out: a struct in itself has no size */
	if (!d)
		return;
	type->size = 0;
	for (const struct field *f = d->fields; f && i < type->count; f = f->next, i++) {
		struct iov_btf_member m = type->members[i];
		struct extent e = types_extent(&t->layouts, m.type);

		if (f->packed)
			e.align = 1;
		if (f->align)
			e.align = f->align;
		if (!check_member(t, f, m.type, &e))
			continue;
		if (f->is_bits && !f->bits) {
			l.pos = round_up(l.pos, e.size * 8);
			continue;
		}
		m.bit_offset = (uint32_t)(f->has_at ? f->at_bit : layout_next(&l, &e, f->bits));
		if (m.bit_offset != (f->has_at ? f->at_bit : layout_next(&l, &e, f->bits)))
			types_error(t, f->at, f->len, DIAG_TYPES_LAYOUT, "member %s lies too far out", f->name);
		layout_take(&l, &e, m.bit_offset, f->bits);
		any_bits |= f->bits != 0;
		if (!f->bits || *f->name || f->has_at)
			type->members[kept++] = m;
	}
	type->count = kept;
	if (d->align > l.align)
		l.align = d->align;
	type->flag = d->flag < 0 ? any_bits : d->flag;
	type->size = (uint32_t)(d->has_size ? d->size : layout_size(&l));
	t->layouts.align[id] = (uint16_t)l.align;
}

void enum_natural(const struct iov_btf_type *t, bool *negative, bool *wide)
{
	*negative = false;
	*wide = t->kind == KIND_ENUM64;
	for (uint32_t i = 0; i < t->count; i++)
		*negative |= t->members[i].value < 0;
	for (uint32_t i = 0; i < t->count; i++)
		*wide |= *negative ? t->members[i].value != (int32_t)t->members[i].value
				   : t->members[i].value > UINT32_MAX;
}

/* Sign, size and kind of an enumeration. */
static void lay_out_enum(struct iov_btf_type *type, const struct def *d)
{
	bool negative, wide;

	enum_natural(type, &negative, &wide);
	type->flag = d->flag < 0 ? negative : d->flag;
	if (wide)
		type->kind = KIND_ENUM64;
	type->size = d->has_size ? (uint32_t)d->size : wide ? 8 : d->fwd ? 0 : 4;
}

/* A struct that contains itself, found by walking values. */
static bool is_circular(const struct types *t, uint32_t id, uint8_t *state, unsigned depth)
{
	const struct iov_btf_type *type = &t->types[id];
	bool circular = false;

	if (!id || state[id] == 2)
		return false;
	if (state[id] == 1 || depth > TYPES_MAX_CHAIN)
		return true;
	state[id] = 1;
	switch (type->kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		for (uint32_t i = 0; !circular && i < type->count; i++)
			circular = is_circular(t, type->members[i].type, state, depth + 1);
		break;
	case BTF_KIND_ARRAY:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case KIND_TYPE_TAG:
		circular = is_circular(t, type->type, state, depth + 1);
		break;
	}
	state[id] = 2;
	return circular;
}

static bool check_circles(struct types *t)
{
	uint8_t *state = arena_alloc(t->arena, t->count);

	if (!state)
		return false;
	for (uint32_t id = 1; id < t->def_count; id++)
		if (is_circular(t, id, state, 0)) {
			const struct def *d = t->by_id[id];

			types_error(t, d->at, d->len, DIAG_TYPES_LAYOUT, "%s contains itself",
				    *d->name ? d->name : "this type");
			t->circular = true;
			return true;
		}
	return true;
}

bool types_layout(struct types *t)
{
	if (!check_circles(t))
		return false;
	t->layouts = (struct layouts){.types = t->types, .count = t->count, .lay_out = lay_out, .ud = t};
	t->layouts.align = arena_array(t->arena, t->count, sizeof(*t->layouts.align));
	if (!t->layouts.align)
		return false;
	for (uint32_t id = 1; id < t->def_count; id++) {
		struct iov_btf_type *type = &t->types[id];

		if (type->kind == BTF_KIND_ENUM || type->kind == KIND_ENUM64)
			lay_out_enum(type, t->by_id[id]);
	}
	for (uint32_t id = 1; !t->circular && id < t->def_count; id++)
		if ((t->types[id].kind == BTF_KIND_STRUCT || t->types[id].kind == BTF_KIND_UNION) &&
		    !t->layouts.align[id])
			lay_out(t, id);
	return true;
}
