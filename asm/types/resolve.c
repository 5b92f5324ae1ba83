/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: expressions → ids. Named types are indexed first; derived ones (pointers, arrays, qualifiers, prototypes) by
 * structure, those that take fewest steps first, so that whatever an expression is built of can be found before it is
 * asked for. What is found nowhere is made at the end of the table. */
#include "asm/types/part.h"

enum { VISITING = UINT32_MAX };

static bool is_derived(uint8_t kind)
{
	return kind == BTF_KIND_PTR || kind == BTF_KIND_ARRAY || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE ||
	       kind == BTF_KIND_RESTRICT || kind == KIND_TYPE_TAG || kind == BTF_KIND_FUNC_PROTO;
}

uint32_t types_lookup(const struct types *t, uint8_t kind, const char *name)
{
	struct iov_btf_type probe = {.kind = kind, .name = name};

	return index_find(t->index, &probe);
}

/* The id of a type that is not in the text. */
static uint32_t type_append(struct types *t, const struct iov_btf_type *type)
{
	if (t->count == t->room) {
		uint32_t room = t->room * 2 + 16;
		struct iov_btf_type *more = arena_array(t->arena, room, sizeof(*more));

		if (!more) {
			t->oom = true;
			return 0;
		}
		memcpy(more, t->types, t->count * sizeof(*more));
		t->types = more;
		t->index->types = more;
		t->room = room;
	}
	t->types[t->count] = *type;
	t->oom |= !index_add(t->index, t->count);
	return t->count++;
}

static uint32_t append_int(struct types *t, const struct int_type *i)
{
	return type_append(t, &(struct iov_btf_type){.name = i->name,
						     .kind = i->kind,
						     .size = i->size,
						     .int_encoding = i->encoding,
						     .int_bits = (uint8_t)(i->size * 8)});
}

static uint32_t by_name(struct types *t, const char *name)
{
	uint32_t id = types_lookup(t, BTF_KIND_TYPEDEF, name);
	const char *type = id ? NULL : types_known_typedef(name);
	const struct int_type *known = id || type ? NULL : types_int(name);

	if (id)
		return id;
	if (type) {
		id = type_append(t, &(struct iov_btf_type){.name = name, .kind = BTF_KIND_TYPEDEF});
		t->types[id].type = by_name(t, type);
		return id;
	}
	return known ? append_int(t, known) : 0;
}

static const char *nearest(const struct types *t, const char *name, int class)
{
	const char *best = NULL;
	unsigned least = 3;

	for (uint32_t id = 1; id < t->count && t->count < 20000; id++) {
		unsigned d = type_class(&t->types[id]) == class ? text_distance(name, t->types[id].name, least) : least;

		if (d < least) {
			least = d;
			best = t->types[id].name;
		}
	}
	return best;
}

/* Diagnosed once: it exists from then on. */
static uint32_t unknown(struct types *t, const struct node *n, uint8_t kind, const char *what)
{
	struct iov_btf_type made = {.name = n->name, .kind = kind, .size = 4, .int_bits = 32};
	const char *like = nearest(t, n->name, type_class(&made));
	struct iov_diag *d = types_error(t, n->at, n->len, DIAG_TYPES_UNKNOWN, "%s%s is not declared", what, n->name);

	if (like)
		diag_hint(d, "did you mean %s%s?", what, like);
	return type_append(t, &made);
}

static uint32_t tagged(struct types *t, const struct node *n)
{
	uint32_t id = types_lookup(t, n->btf_kind, n->name);
	struct iov_btf_type fwd = {.name = n->name, .kind = BTF_KIND_FWD, .flag = n->btf_kind == BTF_KIND_UNION};

	if (id)
		return id;
	if (n->btf_kind == BTF_KIND_ENUM || n->btf_kind == KIND_ENUM64)
		return unknown(t, n, BTF_KIND_ENUM, "enum ");
	id = index_find(t->index, &fwd);
	return id ? id : type_append(t, &fwd);
}

static uint32_t labelled(struct types *t, const struct node *n)
{
	const struct def *d = find_label(t, n->name);

	if (!d)
		types_error(t, n->at, n->len, DIAG_TYPES_UNKNOWN, "no type has the label @%s", n->name);
	else if (d->kind == BTF_KIND_FUNC || d->kind == BTF_KIND_VAR || d->kind == BTF_KIND_DATASEC ||
		 d->kind == KIND_DECL_TAG)
		types_error(t, n->at, n->len, DIAG_TYPES_SYNTAX, "@%s is not the type of a value", n->name);
	else
		return d->id;
	return 0;
}

static bool fill_params(struct types *t, struct iov_btf_type *to, const struct node *n)
{
	uint32_t i = 0;

	to->members = arena_array(t->arena, n->count, sizeof(*to->members));
	if (!to->members) {
		t->oom = true;
		return false;
	}
	for (const struct field *f = n->fields; f && i < n->count; f = f->next, i++) {
		to->members[i].name = f->name;
		to->members[i].type = resolve(t, f->type);
	}
	to->count = n->count;
	return true;
}

/* The type that a derived expression makes, its parts resolved. */
static bool shape(struct types *t, const struct node *n, struct iov_btf_type *out)
{
	*out = (struct iov_btf_type){.name = ""};
	out->type = resolve(t, n->to);
	switch (n->kind) {
	case NODE_PTR:
		out->kind = BTF_KIND_PTR;
		return true;
	case NODE_ARRAY:
		out->kind = BTF_KIND_ARRAY;
		out->nelems = n->nelems;
		out->index_type = n->index ? resolve(t, n->index) : by_name(t, "__ARRAY_SIZE_TYPE__");
		return true;
	case NODE_FUNC:
		out->kind = BTF_KIND_FUNC_PROTO;
		return fill_params(t, out, n);
	default:
		out->kind = n->btf_kind;
		out->name = n->name;
		return true;
	}
}

uint32_t resolve(struct types *t, struct node *n)
{
	struct iov_btf_type type;
	uint32_t id;

	switch (n->kind) {
	case NODE_VOID:
		return 0;
	case NODE_NAME:
	case NODE_INT:
		id = by_name(t, n->name);
		return id ? id : unknown(t, n, BTF_KIND_INT, "");
	case NODE_TAGGED:
		return tagged(t, n);
	case NODE_LABEL:
		return labelled(t, n);
	case NODE_DEF:
		return n->def->id;
	default:
		if (!shape(t, n, &type))
			return 0;
		id = index_find(t->index, &type);
		return id ? id : type_append(t, &type);
	}
}

static uint32_t depth_of(struct types *t, struct node *n, uint32_t nesting);

static uint32_t def_depth(struct types *t, const struct def *d, uint32_t nesting)
{
	return d && is_derived(d->kind) ? depth_of(t, d->type, nesting + 1) : 1;
}

static uint32_t deepest(struct types *t, struct node *n, uint32_t nesting)
{
	uint32_t depth = depth_of(t, n->to, nesting + 1), other;

	if (n->index && (other = depth_of(t, n->index, nesting + 1)) > depth)
		depth = other;
	for (struct field *f = n->fields; f; f = f->next)
		if ((other = depth_of(t, f->type, nesting + 1)) > depth)
			depth = other;
	return depth + 1;
}

static uint32_t depth_of(struct types *t, struct node *n, uint32_t nesting)
{
	if (n->depth == VISITING || nesting > TYPES_MAX_CHAIN) {
		if (!t->circular)
			types_error(t, n->at, n->len, DIAG_TYPES_SYNTAX,
				    n->depth == VISITING ? "this type refers to itself without a name in between"
							 : "this type is nested too deep");
		t->circular = true;
		return 1;
	}
	if (n->depth)
		return n->depth;
	n->depth = VISITING;
	if (n->kind == NODE_LABEL)
		n->depth = def_depth(t, find_label(t, n->name), nesting);
	else if (n->kind == NODE_DEF)
		n->depth = def_depth(t, n->def, nesting);
	else
		n->depth = n->to ? deepest(t, n, nesting) : 1;
	return n->depth;
}

/* Derived types, those with the fewest steps first. */
static bool resolve_derived(struct types *t)
{
	uint32_t most = 0;

	for (uint32_t id = 1; id < t->def_count; id++)
		if (is_derived(t->by_id[id]->kind)) {
			uint32_t depth = depth_of(t, t->by_id[id]->type, 0);

			most = depth > most ? depth : most;
		}
	for (uint32_t depth = 1; !t->circular && depth <= most; depth++)
		for (uint32_t id = 1; id < t->def_count && !t->oom; id++) {
			struct iov_btf_type type;
			struct def *d = t->by_id[id];

			if (!is_derived(d->kind) || d->type->depth != depth)
				continue;
			if (!shape(t, d->type, &type))
				return false;
			t->types[id] = type;
			t->oom |= !index_add(t->index, id);
		}
	return !t->circular;
}

/* `@7 f;` where @7 is a prototype is a function. */
static void settle_kinds(struct types *t)
{
	for (uint32_t id = 1; id < t->def_count; id++) {
		struct def *d = t->by_id[id], *to;

		if (d->kind == BTF_KIND_VAR && d->type->kind == NODE_LABEL && (to = find_label(t, d->type->name)) &&
		    to->kind == BTF_KIND_FUNC_PROTO)
			d->kind = BTF_KIND_FUNC;
	}
}

/* What a definition says by itself. */
static void fill_head(struct iov_btf_type *to, const struct def *d)
{
	*to = (struct iov_btf_type){.name = d->name, .kind = d->kind, .size = (uint32_t)d->size, .linkage = d->linkage};
	if (d->kind == BTF_KIND_INT) {
		to->int_encoding = d->int_encoding;
		to->int_bits = d->int_bits;
		to->int_offset = d->int_offset;
	}
	to->flag = d->flag == 1;
	to->component = d->component_index;
}

static bool fill_members(struct types *t, uint32_t id)
{
	const struct def *d = t->by_id[id];
	struct iov_btf_member *members = arena_array(t->arena, d->count, sizeof(*members));
	uint32_t i = 0;

	if (!members)
		return false;
	for (const struct field *f = d->fields; f && i < d->count; f = f->next, i++) {
		members[i].name = f->name;
		members[i].value = f->value;
		members[i].type = f->type ? resolve(t, f->type) : 0;
		members[i].bit_size = f->bits;
	}
	t->types[id].members = members;
	t->types[id].count = d->count;
	return true;
}

static uint32_t find_value(struct types *t, const char *name)
{
	uint32_t id = types_lookup(t, BTF_KIND_VAR, name);

	return id ? id : types_lookup(t, BTF_KIND_FUNC, name);
}

static bool fill_entries(struct types *t, uint32_t id)
{
	const struct def *d = t->by_id[id];
	struct iov_btf_member *members = arena_array(t->arena, d->count, sizeof(*members));
	uint32_t i = 0;

	if (!members)
		return false;
	for (const struct field *f = d->fields; f && i < d->count; f = f->next) {
		const struct def *labelled = f->label ? find_label(t, f->label) : NULL;
		uint32_t to = labelled ? labelled->id : f->label ? 0 : find_value(t, f->name);

		if (to && t->types[to].kind != BTF_KIND_VAR && t->types[to].kind != BTF_KIND_FUNC)
			to = 0;
		if (!to)
			types_error(t, f->at, f->len, DIAG_TYPES_UNKNOWN, "%s%s is no variable or function",
				    f->label ? "@" : "", f->label ? f->label : f->name);
		members[i].name = "";
		members[i++].type = to;
	}
	t->types[id].members = members;
	t->types[id].count = i;
	return true;
}

static void fill_tag(struct types *t, uint32_t id)
{
	const struct def *d = t->by_id[id];
	struct iov_btf_type *type = &t->types[id];
	const struct def *label = d->type && d->type->kind == NODE_LABEL ? find_label(t, d->type->name) : NULL;
	const struct iov_btf_type *of;
	uint32_t to;

	if (!d->type && !d->target.name)
		return; /* it could not be read, which was said */
	to = label ? label->id : d->type ? resolve(t, d->type) : find_value(t, d->target.name);
	if (!to && !d->type)
		to = types_lookup(t, BTF_KIND_TYPEDEF, d->target.name);
	if (!to)
		types_error(t, d->target.at, d->target.len, DIAG_TYPES_UNKNOWN, "%s is not declared",
			    d->target.name ? d->target.name : "this");
	type = &t->types[id];
	type->type = to;
	of = &t->types[to];
	if (of->kind == BTF_KIND_FUNC)
		of = &t->types[of->type];
	for (uint32_t i = 0; d->component && type->component < 0 && i < of->count; i++)
		if (!strcmp(of->members[i].name, d->component))
			type->component = (int32_t)i;
	if (d->component && type->component < 0)
		types_error(t, d->target.at, d->target.len, DIAG_TYPES_UNKNOWN, "%s has no member or parameter %s",
			    of->name, d->component);
}

static void fill(struct types *t, uint32_t id)
{
	const struct def *d = t->by_id[id];
	uint32_t to;

	switch (d->kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		t->oom |= !fill_members(t, id);
		break;
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VAR:
	case BTF_KIND_FUNC:
		to = resolve(t, d->type);
		t->types[id].type = to;
		break;
	case BTF_KIND_DATASEC:
		t->oom |= !fill_entries(t, id);
		break;
	}
}

bool types_resolve(struct types *t)
{
	t->index = ARENA_NEW(t->arena, struct type_index);
	t->room = t->count + 64;
	t->types = arena_array(t->arena, t->room, sizeof(*t->types));
	if (!t->index || !t->types || !index_init(t->index, t->types, t->count, t->arena))
		return false;
	t->types[0].name = "void";
	settle_kinds(t);
	for (uint32_t id = 1; id < t->def_count && !t->oom; id++) {
		fill_head(&t->types[id], t->by_id[id]);
		if (!is_derived(t->by_id[id]->kind))
			t->oom |= !index_add(t->index, id);
	}
	if (t->oom || !resolve_derived(t))
		return !t->oom;
	for (uint32_t id = 1; id < t->def_count && !t->oom; id++)
		fill(t, id);
	for (uint32_t id = 1; id < t->def_count && !t->oom; id++)
		if (t->by_id[id]->kind == KIND_DECL_TAG)
			fill_tag(t, id);
	return !t->oom;
}
