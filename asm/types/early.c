/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the size of a variable before the file has been read to its end: by the syntax of what was declared so far. The
 * assembler needs it for maps, which consist of pointers. */
#include "asm/types/part.h"

static bool node_extent(const struct types *t, const struct node *n, struct extent *e, unsigned depth);

static const struct def *find_def(const struct types *t, uint8_t kind, const char *name)
{
	for (const struct def *d = t->defs; d; d = d->next)
		if (d->kind == kind && !strcmp(d->name, name))
			return d;
	return NULL;
}

static bool body_extent(const struct types *t, const struct def *d, struct extent *e, unsigned depth)
{
	struct layout l = {.is_union = d->kind == BTF_KIND_UNION, .packed = d->packed, .align = 1};

	if (!is_composite(d->kind)) {
		*e = (struct extent){d->has_size ? d->size : 4, d->has_size ? d->size : 4, true};
		return true;
	}
	for (const struct field *f = d->fields; f; f = f->next) {
		struct extent member;

		if (!node_extent(t, f->type, &member, depth + 1))
			return false;
		layout_take(&l, &member, f->has_at ? f->at_bit : layout_next(&l, &member, f->bits), f->bits);
	}
	*e = (struct extent){d->has_size ? d->size : layout_size(&l), l.align, true};
	return true;
}

static bool name_extent(const struct types *t, const char *name, struct extent *e, unsigned depth)
{
	const struct def *d = find_def(t, BTF_KIND_TYPEDEF, name);
	const struct int_type *known = types_int(name);
	const char *type = types_known_typedef(name);

	if (d)
		return node_extent(t, d->type, e, depth + 1);
	if (type)
		return name_extent(t, type, e, depth + 1);
	if (known)
		*e = (struct extent){known->size, known->size, true};
	return known;
}

static bool node_extent(const struct types *t, const struct node *n, struct extent *e, unsigned depth)
{
	const struct def *d;

	if (!n || depth > TYPES_MAX_DEPTH)
		return false;
	switch (n->kind) {
	case NODE_PTR:
		*e = (struct extent){8, 8, true};
		return true;
	case NODE_QUAL:
		return node_extent(t, n->to, e, depth + 1);
	case NODE_ARRAY:
		return node_extent(t, n->to, e, depth + 1) && !__builtin_mul_overflow(e->size, n->nelems, &e->size);
	case NODE_DEF:
		return body_extent(t, n->def, e, depth + 1);
	case NODE_TAGGED:
		d = find_def(t, n->btf_kind, n->name);
		return d && body_extent(t, d, e, depth + 1);
	case NODE_LABEL:
		for (d = t->labels; d && strcmp(d->label, n->name); d = d->prev_label)
			;
		if (d && (is_composite(d->kind) || !d->type))
			return body_extent(t, d, e, depth + 1);
		return d && d->kind != BTF_KIND_FUNC && node_extent(t, d->type, e, depth + 1);
	case NODE_NAME:
	case NODE_INT:
		return name_extent(t, n->name, e, depth);
	default:
		return false;
	}
}

bool types_variable(struct types *t, const char *name, uint64_t *size, uint64_t *align)
{
	const struct def *d = find_def(t, BTF_KIND_VAR, name);
	struct extent e;

	if (!d || !node_extent(t, d->type, &e, 0))
		return false;
	*size = e.size;
	*align = e.align;
	return true;
}
