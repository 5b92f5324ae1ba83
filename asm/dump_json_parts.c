/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: symbols, relocations, types and instructions as JSON. */
#include "asm/dump_part.h"

#include <inttypes.h>

static void put_string(struct iov_buf *out, const char *key, const char *value)
{
	buf_printf(out, ", \"%s\": ", key);
	text_json(out, value);
}

void dump_json_symbols(const struct iov_object *obj, struct iov_buf *out)
{
	buf_puts(out, ",\n\"symbols\": [");
	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *y = &obj->symbols[i];

		buf_printf(out, "%s{\"number\": %u", i > 1 ? ",\n  " : "\n  ", i);
		put_string(out, "name", dump_symbol_name(obj, y));
		put_string(out, "type", dump_symbol_type(y->type));
		put_string(out, "bind", dump_symbol_bind(y->bind));
		put_string(out, "section", dump_symbol_section(obj, y));
		buf_printf(out, ", \"value\": %" PRIu64 ", \"size\": %" PRIu64 "}", y->value, y->size);
	}
	buf_putc(out, ']');
}

void dump_json_relocs(const struct iov_object *obj, struct iov_buf *out)
{
	bool any = false;

	buf_puts(out, ",\n\"relocations\": [");
	for (uint32_t i = 0; i < obj->reloc_count; i++) {
		const struct iov_reloc *r = &obj->relocs[i];

		buf_printf(out, "%s{\"section\": ", any ? ",\n  " : "\n  ");
		text_json(out, obj->sections[r->section].name);
		buf_printf(out, ", \"offset\": %" PRIu64, r->offset);
		put_string(out, "type", dump_reloc_type(r->type));
		put_string(out, "symbol", dump_symbol_name(obj, &obj->symbols[r->symbol]));
		buf_putc(out, '}');
		any = true;
	}
	buf_putc(out, ']');
}

static const char *kind_name(uint8_t kind)
{
	static const char *const names[] = {
		"void", "int",     "ptr",      "array",    "struct",   "union",  "enum",
		"fwd",  "typedef", "volatile", "const",    "restrict", "func",   "func_proto",
		"var",  "datasec", "float",    "decl_tag", "type_tag", "enum64",
	};

	return kind < sizeof(names) / sizeof(*names) ? names[kind] : "unknown";
}

static void put_member(const struct iov_btf_type *t, const struct iov_btf_member *m, struct iov_buf *out)
{
	buf_puts(out, "{\"name\": ");
	text_json(out, m->name);
	switch (t->kind) {
	case BTF_KIND_ENUM:
	case 19: /* ENUM64 */
		if (t->flag)
			buf_printf(out, ", \"value\": %" PRId64, m->value);
		else
			buf_printf(out, ", \"value\": %" PRIu64, (uint64_t)m->value);
		break;
	case BTF_KIND_DATASEC:
		buf_printf(out, ", \"type\": %u, \"offset\": %u, \"size\": %u", m->type, m->offset, m->size);
		break;
	case BTF_KIND_FUNC_PROTO:
		buf_printf(out, ", \"type\": %u", m->type);
		break;
	default:
		buf_printf(out, ", \"type\": %u, \"bit_offset\": %u, \"bit_size\": %u", m->type, m->bit_offset,
			   m->bit_size);
	}
	buf_putc(out, '}');
}

void dump_json_types(const struct iov_object *obj, struct iov_buf *out)
{
	buf_puts(out, ",\n\"types\": [");
	for (uint32_t id = 1; obj->btf && id < obj->btf->count; id++) {
		const struct iov_btf_type *t = &obj->btf->types[id];

		buf_printf(out, "%s{\"id\": %u, \"kind\": \"%s\"", id > 1 ? ",\n  " : "\n  ", id, kind_name(t->kind));
		put_string(out, "name", t->name);
		buf_printf(out, ", \"size\": %u, \"type\": %u", t->size, t->type);
		if (t->kind == BTF_KIND_INT)
			buf_printf(out, ", \"encoding\": %u, \"bits\": %u", t->int_encoding, t->int_bits);
		if (t->kind == BTF_KIND_ARRAY)
			buf_printf(out, ", \"elements\": %u, \"index_type\": %u", t->nelems, t->index_type);
		if (t->kind == BTF_KIND_FUNC || t->kind == BTF_KIND_VAR)
			buf_printf(out, ", \"linkage\": %u", t->linkage);
		if (t->kind == 17) /* DECL_TAG */
			buf_printf(out, ", \"component\": %d", t->component);
		if (t->count) {
			buf_puts(out, ", \"members\": [");
			for (uint32_t i = 0; i < t->count; i++) {
				buf_puts(out, i ? ", " : "");
				put_member(t, &t->members[i], out);
			}
			buf_putc(out, ']');
		}
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

/* The instructions of a program, each with its text and place in the source. */
void dump_json_listing(const struct iov_object *obj, const struct iov_prog *prog, const struct iov_dump_options *o,
		       struct iov_arena *arena, struct iov_buf *out)
{
	struct listing *l = listing_new(prog, arena);
	const struct dump_access *access = l ? dump_accesses(obj, prog, arena) : NULL;
	struct iov_buf text;
	bool any = false;

	out->failed |= !access;
	if (!access)
		return;
	buf_puts(out, ", \"listing\": [");
	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) && i + 1 < prog->count ? 2 : 1) {
		const struct iov_line *line = prog_line(prog, i);

		buf_init(&text, arena->alloc);
		listing_insn(l, i, o, &text);
		buf_printf(out, "%s{\"slot\": %u, \"text\": ", any ? ",\n    " : "\n    ", i);
		text_json(out, buf_cstr(&text));
		if (access[i].text && !o->plain)
			put_string(out, "access", access[i].text);
		if (line) {
			put_string(out, "file", line->file);
			buf_printf(out, ", \"line\": %u, \"column\": %u", line->line, line->col);
			if (line->text && !o->no_source)
				put_string(out, "source", line->text);
		}
		buf_putc(out, '}');
		out->failed |= text.failed;
		buf_free(&text);
		any = true;
	}
	buf_putc(out, ']');
}
