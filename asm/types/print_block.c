/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a whole .btf block: one statement a type, in the order of their numbers. */
#include "asm/types/part.h"

static void count_use(struct types_printer *p, uint32_t id)
{
	p->uses[id]++;
}

/* Whether the body of anonymous type `id`, which type `by` alone uses, may stand inside `by`'s statement. */
static bool shows_body(const struct iov_btf_type *by)
{
	switch (by->kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VAR:
	case BTF_KIND_PTR:
	case BTF_KIND_ARRAY:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case KIND_TYPE_TAG:
		return true;
	default:
		return false;
	}
}

static void mark_inner(struct types_printer *p)
{
	const struct iov_btf *btf = p->btf;

	for (uint32_t id = 1; id < btf->count; id++) {
		const struct iov_btf_type *t = &btf->types[id];

		count_use(p, t->type);
		count_use(p, t->index_type);
		for (uint32_t i = 0; i < t->count; i++)
			count_use(p, t->members[i].type);
	}
	for (uint32_t id = 1; id < btf->count; id++) {
		const struct iov_btf_type *t = &btf->types[id];

		if (!shows_body(t))
			continue;
		if (is_anonymous(&btf->types[t->type]) && p->uses[t->type] == 1)
			p->inner[t->type] = true;
		for (uint32_t i = 0; i < t->count; i++)
			if (is_anonymous(&btf->types[t->members[i].type]) && p->uses[t->members[i].type] == 1)
				p->inner[t->members[i].type] = true;
	}
}

struct types_printer *types_printer_new(const struct iov_btf *btf, const struct iov_object *obj, bool llvm,
					struct iov_arena *arena)
{
	struct types_printer *p = ARENA_NEW(arena, struct types_printer);

	if (!p)
		return NULL;
	*p = (struct types_printer){.btf = btf, .obj = obj, .form = llvm ? FORM_LLVM : FORM_IOV, .arena = arena};
	p->uses = arena_array(arena, btf->count, sizeof(*p->uses));
	p->labelled = arena_alloc(arena, btf->count);
	p->inner = arena_alloc(arena, btf->count);
	if (!p->uses || !p->labelled || !p->inner || !print_layouts(p) || !types_unsayable(btf, arena, &p->cannot) ||
	    !index_init(&p->index, btf->types, btf->count, arena))
		return NULL;
	for (uint32_t id = 1; id < btf->count; id++)
		if (!index_add(&p->index, id))
			return NULL;
	mark_inner(p);
	return p;
}

/* Bodies inside the statement of `id`, in the order of the text; *next: the number that the next one has when they need
 * no places. False: they do need them. */
static bool inner_in_order(const struct types_printer *p, uint32_t id, uint32_t *next)
{
	const struct iov_btf_type *t = &p->btf->types[id];
	bool in_order = true;

	for (uint32_t i = 0; i <= t->count; i++) {
		uint32_t to = i < t->count ? t->members[i].type : t->type;

		if (!p->inner[to] || !shows_body(t))
			continue;
		in_order &= to == (*next)++;
		in_order &= inner_in_order(p, to, next);
	}
	return in_order;
}

/* Labels for the bodies inside a statement, so that they can be placed. */
static void label_inner(struct types_printer *p, uint32_t id)
{
	const struct iov_btf_type *t = &p->btf->types[id];

	for (uint32_t i = 0; i <= t->count; i++) {
		uint32_t to = i < t->count ? t->members[i].type : t->type;

		if (!p->inner[to] || !shows_body(t))
			continue;
		p->labelled[to] = true;
		p->own_place[to] = true;
		label_inner(p, to);
	}
}

static void print_int(struct types_printer *p, const struct iov_btf_type *t)
{
	const struct int_type *known = types_int(t->name);

	if (known && known->kind == BTF_KIND_INT && t->size == known->size && t->int_bits == known->size * 8 &&
	    !t->int_offset && t->int_encoding == known->encoding) {
		buf_puts(p->out, t->name);
		return;
	}
	buf_puts(p->out, "__int(");
	print_name(p->out, t->name);
	buf_printf(p->out, ", %u, ", t->size);
	if (t->int_encoding == BTF_INT_SIGNED || !t->int_encoding)
		buf_puts(p->out, t->int_encoding ? "signed" : "unsigned");
	else
		buf_printf(p->out, "%u", t->int_encoding);
	if (t->int_bits != t->size * 8 || t->int_offset)
		buf_printf(p->out, ", %u", t->int_bits);
	if (t->int_offset)
		buf_printf(p->out, ", %u", t->int_offset);
	buf_putc(p->out, ')');
}

static void print_float(struct types_printer *p, const struct iov_btf_type *t)
{
	const struct int_type *known = types_int(t->name);

	if (known && known->kind == BTF_KIND_FLOAT && t->size == known->size) {
		buf_puts(p->out, t->name);
		return;
	}
	buf_puts(p->out, "__float(");
	print_name(p->out, t->name);
	buf_printf(p->out, ", %u)", t->size);
}

/* The prototype that stands beside its function and needs no statement of its own: before it in LLVM's form, behind
 * it in ours. */
static bool goes_with_func(const struct types_printer *p, uint32_t id)
{
	const struct iov_btf_type *t = &p->btf->types[id];
	uint32_t func = p->form == FORM_LLVM ? id + 1 : id - 1;

	return t->kind == BTF_KIND_FUNC_PROTO && func && func < p->btf->count &&
	       p->btf->types[func].kind == BTF_KIND_FUNC && p->btf->types[func].type == id && !p->labelled[id];
}

static void print_storage(struct types_printer *p, const struct iov_btf_type *t)
{
	if (t->linkage > 2)
		p->cannot = "a linkage that C does not have";
	buf_puts(p->out, t->linkage == 0 ? "static " : t->linkage == 2 ? "extern " : "");
}

static void print_func(struct types_printer *p, uint32_t id)
{
	const struct iov_btf_type *t = &p->btf->types[id];

	print_storage(p, t);
	if (t->type == (p->form == FORM_LLVM ? id - 1 : id + 1) && goes_with_func(p, t->type)) {
		print_declaration(p, t->type, t->name, true, -1);
		return;
	}
	print_label(p, t->type);
	buf_putc(p->out, ' ');
	print_name(p->out, t->name);
}

static void print_var(struct types_printer *p, uint32_t id)
{
	const struct iov_btf_type *t = &p->btf->types[id];

	if (p->btf->types[t->type].kind == BTF_KIND_FUNC_PROTO)
		p->cannot = "a variable that is a function";
	print_storage(p, t);
	print_declaration(p, t->type, t->name, false, 1);
}

static void print_entry(struct types_printer *p, const struct iov_btf_type *section, const struct iov_btf_member *m)
{
	const struct iov_btf_type *var = &p->btf->types[m->type], other = {.kind = BTF_KIND_VAR, .name = var->name};
	bool by_name = index_find(&p->index, var) == m->type;
	struct entry natural;

	if (var->kind == BTF_KIND_FUNC && index_find(&p->index, &other))
		by_name = false;
	buf_puts(p->out, "\t\t");
	if (by_name)
		print_name(p->out, var->name);
	else
		print_label(p, m->type);
	datasec_entry(p->obj, p->form, section->name, var, types_extent(&p->layouts, var->type).size, &natural);
	if (m->offset != natural.offset)
		buf_printf(p->out, " __at(%u)", m->offset);
	if (m->size != natural.size)
		buf_printf(p->out, " __size(%u)", m->size);
	buf_puts(p->out, ";\n");
}

static void print_datasec(struct types_printer *p, const struct iov_btf_type *t)
{
	buf_puts(p->out, "__datasec(");
	print_string(p->out, t->name);
	buf_putc(p->out, ')');
	if (t->size != datasec_size(p->obj, p->form, t->name))
		buf_printf(p->out, " __size(%u)", t->size);
	buf_puts(p->out, " {\n");
	for (uint32_t i = 0; i < t->count; i++)
		print_entry(p, t, &t->members[i]);
	buf_puts(p->out, "\t}");
}

void types_print_value(struct types_printer *p, uint32_t id, struct iov_buf *out)
{
	const struct iov_btf_type *t = &p->btf->types[id];

	if (index_find(&p->index, t) == id) {
		print_name(out, t->name);
		return;
	}
	p->labelled[id] = true;
	buf_printf(out, "@%u", id);
}

bool types_print_size(struct types_printer *p, const char *variable, uint64_t *size)
{
	const struct iov_btf_type var = {.kind = BTF_KIND_VAR, .name = variable};
	uint32_t id = index_find(&p->index, &var);
	struct extent e = types_extent(&p->layouts, id ? p->btf->types[id].type : 0);

	*size = e.size;
	return e.has_size;
}

static const struct iov_btf_type *tagged_members(const struct types_printer *p, const struct iov_btf_type *of)
{
	return of->kind == BTF_KIND_FUNC ? &p->btf->types[of->type] : of;
}

/* A member by name, where the name means it. */
static void print_component(struct types_printer *p, const struct iov_btf_type *of, int32_t component)
{
	const struct iov_btf_type *t = tagged_members(p, of);
	uint32_t first;

	if (component < 0)
		return;
	for (first = 0; (uint32_t)component < t->count && first < (uint32_t)component; first++)
		if (!strcmp(t->members[first].name, t->members[component].name))
			break;
	if ((uint32_t)component >= t->count || first != (uint32_t)component || !*t->members[component].name) {
		buf_printf(p->out, "[%d]", component);
		return;
	}
	buf_putc(p->out, '.');
	print_name(p->out, t->members[component].name);
}

static void print_tag(struct types_printer *p, const struct iov_btf_type *t)
{
	static const uint8_t order[] = {BTF_KIND_VAR, BTF_KIND_FUNC, BTF_KIND_TYPEDEF};
	const struct iov_btf_type *of = &p->btf->types[t->type];
	uint32_t found = 0;

	buf_puts(p->out, "__decl_tag(");
	print_string(p->out, t->name);
	buf_puts(p->out, ", ");
	for (size_t i = 0; !found && i < sizeof(order); i++)
		found = index_find(&p->index, &(struct iov_btf_type){.kind = order[i], .name = of->name});
	if (found == t->type)
		print_name(p->out, of->name);
	else if (is_composite(of->kind))
		print_declaration(p, t->type, "", false, -1);
	else
		print_label(p, t->type);
	print_component(p, of, t->component);
	buf_putc(p->out, ')');
}

static void print_statement(struct types_printer *p, uint32_t id)
{
	const struct iov_btf_type *t = &p->btf->types[id];

	switch (t->kind) {
	case BTF_KIND_INT:
		print_int(p, t);
		break;
	case BTF_KIND_FLOAT:
		print_float(p, t);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		print_body(p, id, 1);
		break;
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		if (!t->count && !t->size && *t->name && !t->flag && t->kind == BTF_KIND_ENUM) {
			buf_puts(p->out, "enum ");
			print_name(p->out, t->name);
		} else {
			print_body(p, id, 1);
		}
		break;
	case BTF_KIND_FWD:
		buf_puts(p->out, btf_tag_word(t));
		print_name(p->out, t->name);
		break;
	case BTF_KIND_TYPEDEF:
		buf_puts(p->out, "typedef ");
		print_declaration(p, t->type, t->name, false, 1);
		break;
	case BTF_KIND_FUNC:
		print_func(p, id);
		break;
	case BTF_KIND_VAR:
		print_var(p, id);
		break;
	case BTF_KIND_DATASEC:
		print_datasec(p, t);
		break;
	case KIND_DECL_TAG:
		print_tag(p, t);
		break;
	default:
		print_declaration(p, id, "", true, 1);
	}
}

/* A label of its own, where the statement does not carry it in itself. */
static void lead(struct types_printer *p, uint32_t id)
{
	if (p->labelled[id] && !p->inner[id])
		buf_printf(p->out, "@%u: ", id);
}

void types_print_block(struct types_printer *p, struct iov_buf *out)
{
	p->out = out;
	if (!p->own_place && !(p->own_place = arena_alloc(p->arena, p->btf->count))) {
		p->failed = true;
		return;
	}
	for (uint32_t id = 1; id < p->btf->count; id++) {
		uint32_t next = id + 1;

		if (p->inner[id] && p->own_place[id]) {
			buf_printf(out, "\t@%u;\n", id);
			continue;
		}
		if (p->inner[id] || goes_with_func(p, id))
			continue;
		if (!inner_in_order(p, id, &next))
			label_inner(p, id);
		buf_putc(out, '\t');
		lead(p, id);
		print_statement(p, id);
		buf_puts(out, ";\n");
	}
	p->failed |= out->failed;
}
