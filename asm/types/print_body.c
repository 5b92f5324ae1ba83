/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: structs, unions and enumerations as text. Offsets are said where C's rules give others: first by the rules as
 * they are, then packed, then one by one. */
#include "asm/types/part.h"

#include <inttypes.h>

enum { PLAIN, PACKED, SAID };

/* Lay members out by the rules; true when that gives what the type has. */
static bool follows_rules(struct types_printer *p, const struct iov_btf_type *t, bool packed, uint64_t *align)
{
	struct layout l = {.is_union = t->kind == BTF_KIND_UNION, .packed = packed, .align = 1};
	bool same = true;

	for (uint32_t i = 0; i < t->count; i++) {
		const struct iov_btf_member *m = &t->members[i];
		struct extent e = types_extent(&p->layouts, m->type);

		same &= e.has_size && layout_next(&l, &e, m->bit_size) == m->bit_offset;
		layout_take(&l, &e, m->bit_offset, m->bit_size);
	}
	*align = l.align;
	return same && layout_size(&l) == t->size;
}

static void lay_out(void *ud, uint32_t id)
{
	struct types_printer *p = ud;
	const struct iov_btf_type *t = &p->btf->types[id];
	uint64_t align, packed;

	p->layouts.align[id] = 1;
	if (follows_rules(p, t, false, &align)) {
		p->packed[id] = PLAIN;
	} else if (follows_rules(p, t, true, &packed)) {
		p->packed[id] = PACKED;
		align = packed;
	} else {
		p->packed[id] = SAID;
	}
	p->layouts.align[id] = (uint16_t)align;
}

bool print_layouts(struct types_printer *p)
{
	uint32_t count = p->btf->count;

	p->packed = arena_alloc(p->arena, count);
	p->layouts = (struct layouts){.types = p->btf->types, .count = count, .lay_out = lay_out, .ud = p};
	p->layouts.align = arena_array(p->arena, count, sizeof(*p->layouts.align));
	if (!p->packed || !p->layouts.align)
		return false;
	for (uint32_t id = 1; id < count; id++)
		if (is_composite(p->btf->types[id].kind) && !p->layouts.align[id])
			lay_out(p, id);
	return true;
}

static void indent_by(struct iov_buf *out, int indent)
{
	while (indent-- > 0)
		buf_putc(out, '\t');
}

static void put_at(struct iov_buf *out, uint32_t bits)
{
	if (bits % 8)
		buf_printf(out, " __at(%u:%u)", bits / 8, bits % 8);
	else
		buf_printf(out, " __at(%u)", bits / 8);
}

static void print_member(struct types_printer *p, struct layout *l, const struct iov_btf_member *m, int indent)
{
	struct extent e = types_extent(&p->layouts, m->type);
	bool said = !e.has_size || layout_next(l, &e, m->bit_size) != m->bit_offset || (m->bit_size && !*m->name);

	indent_by(p->out, indent);
	print_declaration(p, m->type, m->name, false, indent);
	if (m->bit_size)
		buf_printf(p->out, " : %u", m->bit_size);
	if (said)
		put_at(p->out, m->bit_offset);
	layout_take(l, &e, m->bit_offset, m->bit_size);
	buf_puts(p->out, ";\n");
}

static void print_members(struct types_printer *p, uint32_t id, int indent)
{
	const struct iov_btf_type *t = &p->btf->types[id];
	bool packed = p->packed[id] == PACKED, bits = false;
	struct layout l = {.is_union = t->kind == BTF_KIND_UNION, .packed = packed, .align = 1};

	buf_puts(p->out, "{\n");
	for (uint32_t i = 0; i < t->count; i++) {
		print_member(p, &l, &t->members[i], indent + 1);
		bits |= t->members[i].bit_size != 0;
	}
	indent_by(p->out, indent);
	buf_putc(p->out, '}');
	if (packed)
		buf_puts(p->out, " __attribute__((packed))");
	if (bits != t->flag)
		buf_printf(p->out, " __kind_flag(%d)", t->flag);
	if (layout_size(&l) != t->size)
		buf_printf(p->out, " __size(%u)", t->size);
}

static void print_enumerators(struct types_printer *p, const struct iov_btf_type *t, int indent)
{
	uint64_t next = 0;
	bool negative, wide;

	enum_natural(t, &negative, &wide);
	buf_puts(p->out, "{\n");
	for (uint32_t i = 0; i < t->count; i++) {
		uint64_t value = (uint64_t)t->members[i].value;

		indent_by(p->out, indent + 1);
		print_name(p->out, t->members[i].name);
		if (value != next && t->flag)
			buf_printf(p->out, " = %" PRId64, (int64_t)value);
		else if (value != next)
			buf_printf(p->out, " = %" PRIu64, value);
		buf_puts(p->out, ",\n");
		next = value + 1;
	}
	indent_by(p->out, indent);
	buf_putc(p->out, '}');
	if (t->flag != negative)
		buf_puts(p->out, t->flag ? " __signed" : " __unsigned");
	if (t->size != (wide ? 8 : 4))
		buf_printf(p->out, " __size(%u)", t->size);
}

/* "struct x { … }" with what belongs behind it. */
void print_body(struct types_printer *p, uint32_t id, int indent)
{
	const struct iov_btf_type *t = &p->btf->types[id];
	bool composite = is_composite(t->kind);
	const char *word = t->kind == BTF_KIND_STRUCT ? "struct " : composite ? "union " : "enum ";

	buf_puts(p->out, t->kind == KIND_ENUM64 ? "enum64 " : word);
	if (p->inner[id] && p->labelled[id]) {
		print_label(p, id);
		buf_putc(p->out, ' ');
	}
	if (*t->name) {
		print_name(p->out, t->name);
		buf_putc(p->out, ' ');
	}
	if (composite)
		print_members(p, id, indent);
	else
		print_enumerators(p, t, indent);
}
