/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovdump --asm: an object as text that iovas turns into the same object. In this order: sections, the symbol
 * table, types, data, code. Everything is printed twice; the first time finds out which labels are needed. */
#include "asm/dump_asm.h"

#include <inttypes.h>
#include <string.h>

static void print_section_line(struct asm_dump *d, const struct iov_section *s)
{
	static const char letters[] = "awxMS";
	static const uint64_t bits[] = {SHF_ALLOC, SHF_WRITE, SHF_EXECINSTR, SHF_MERGE, SHF_STRINGS};
	uint64_t left = s->flags;

	buf_puts(d->out, "\t.section ");
	asm_put_name(d->out, s->name);
	buf_puts(d->out, ", \"");
	for (int i = 0; i < 5; i++)
		left &= ~bits[i];
	if (left)
		buf_printf(d->out, "0x%" PRIx64, s->flags);
	for (int i = 0; !left && i < 5; i++)
		if (s->flags & bits[i])
			buf_putc(d->out, letters[i]);
	if (s->type == SHT_PROGBITS || s->type == SHT_NOBITS)
		buf_printf(d->out, "\", @%s", s->type == SHT_NOBITS ? "nobits" : "progbits");
	else
		buf_printf(d->out, "\", 0x%x", s->type);
	if (s->entsize)
		buf_printf(d->out, ", %" PRIu64, s->entsize);
	buf_putc(d->out, '\n');
	if (s->align > 1)
		buf_printf(d->out, "\t.balign %" PRIu64 "\n", s->align);
}

static void print_sections(struct asm_dump *d)
{
	buf_puts(d->out, "\n# sections, in their order\n");
	for (uint32_t i = 1; i < d->obj->section_count; i++)
		if (asm_is_shown(d->obj, &d->obj->sections[i]))
			print_section_line(d, &d->obj->sections[i]);
}

/* Sizes of functions are said where they end, so that they grow with them; other sizes in the symbol's row. */
bool asm_has_size(const struct asm_dump *d, uint32_t symbol)
{
	const struct iov_symbol *y = &d->obj->symbols[symbol];
	const struct iov_section *s = &d->obj->sections[y->section];

	return d->placed[symbol] && y->size && d->labels[y->section] && y->size <= s->size &&
	       y->value <= s->size - y->size && (y->value + y->size) % 8 == 0;
}

static void print_kind(struct asm_dump *d, const struct iov_symbol *y)
{
	static const char *const types[] = {NULL, "object", "function", NULL, "file"};
	static const char *const binds[] = {NULL, "global", "weak"};
	static const char *const visibilities[] = {NULL, "internal", "hidden", "protected"};

	if (y->type != STT_NOTYPE && y->type != STT_SECTION) {
		if (y->type < 5 && types[y->type])
			buf_printf(d->out, ", type=@%s", types[y->type]);
		else
			buf_printf(d->out, ", type=%u", y->type);
	}
	if (y->bind != STB_LOCAL) {
		if (y->bind < 3)
			buf_printf(d->out, ", bind=%s", binds[y->bind]);
		else
			buf_printf(d->out, ", bind=%u", y->bind);
	}
	if (y->visibility)
		buf_printf(d->out, ", visibility=%s", visibilities[y->visibility & 3]);
}

static void print_symbol(struct asm_dump *d, uint32_t i)
{
	const struct iov_symbol *y = &d->obj->symbols[i];
	bool defined = y->section && y->section < d->obj->section_count;

	buf_puts(d->out, "\t.symbol ");
	asm_put_name(d->out, y->type == STT_SECTION && defined ? d->obj->sections[y->section].name : d->names[i]);
	if (y->type != STT_SECTION && strcmp(d->names[i], y->name)) {
		buf_puts(d->out, ", name=");
		types_print_string(y->name, d->out);
	}
	print_kind(d, y);
	if (defined && !d->placed[i]) {
		buf_puts(d->out, ", section=");
		asm_put_name(d->out, d->obj->sections[y->section].name);
		if (y->type != STT_SECTION)
			buf_printf(d->out, ", value=%" PRIu64, y->value);
	} else if (y->section == SHN_ABS && y->type != STT_FILE) {
		buf_printf(d->out, ", value=%" PRIu64, y->value);
	}
	if (y->size && (!defined || !asm_has_size(d, i)))
		buf_printf(d->out, ", size=%" PRIu64, y->size);
	if (d->named[i])
		buf_puts(d->out, ", named");
	buf_putc(d->out, '\n');
}

static void print_symbols(struct asm_dump *d)
{
	if (d->obj->symbol_count > 1)
		buf_puts(d->out, "\n# symbols, in their order; their labels stand below\n");
	for (uint32_t i = 1; i < d->obj->symbol_count; i++) {
		const struct iov_symbol *y = &d->obj->symbols[i];

		if (y->section && y->section < d->obj->section_count &&
		    !asm_is_shown(d->obj, &d->obj->sections[y->section]))
			continue;
		if (y->section == SHN_COMMON) {
			buf_puts(d->out, "\t.comm ");
			asm_put_name(d->out, d->names[i]);
			buf_printf(d->out, ", %" PRIu64 ", %" PRIu64 "\n", y->size, y->value);
		}
		print_symbol(d, i);
	}
}

static void switch_to(struct asm_dump *d, const struct iov_section *s)
{
	buf_puts(d->out, "\n\t.section ");
	asm_put_name(d->out, s->name);
	buf_putc(d->out, '\n');
}

static bool has_content(const struct asm_dump *d, const struct iov_section *s)
{
	uint32_t first = asm_first_at(d, s->index, 0);

	if (d->labels[s->index] || !strcmp(s->name, ".BTF") || !strcmp(s->name, ".BTF.ext"))
		return false;
	return s->size || d->base[s->index] ||
	       (first < d->place_count && d->obj->symbols[d->by_place[first]].section == s->index);
}

static void print_all(struct asm_dump *d)
{
	buf_printf(d->out, "# iovdump --asm: iovas makes the same object of this text\n\t.syntax %s\n",
		   d->dialect == IOV_DIALECT_KERNEL ? "kernel" : "mnemonic");
	if (d->obj->big_endian)
		buf_puts(d->out, "\t.endian big\n");
	print_sections(d);
	print_symbols(d);
	asm_print_types(d);
	for (uint32_t i = 1; i < d->obj->section_count; i++) {
		const struct iov_section *s = &d->obj->sections[i];

		if (!asm_is_shown(d->obj, s) || !has_content(d, s))
			continue;
		switch_to(d, s);
		asm_print_data(d, s);
	}
	for (uint32_t i = 0; i < d->chunk_count; i++) {
		switch_to(d, &d->obj->sections[d->chunks[i].section]);
		asm_print_chunk(d, &d->chunks[i]);
	}
}

/* Where functions end, by slot: what .size is printed after. */
static bool mark_sizes(struct asm_dump *d)
{
	const struct iov_object *obj = d->obj;

	d->size_at = arena_array(d->arena, obj->section_count, sizeof(*d->size_at));
	if (!d->size_at)
		return false;
	for (uint32_t i = 1; i < obj->section_count; i++)
		if (d->labels[i] && !(d->size_at[i] = arena_alloc(d->arena, obj->sections[i].size / 8 + 3)))
			return false;
	for (uint32_t i = 0; i < d->place_count; i++) {
		const struct iov_symbol *y = &obj->symbols[d->by_place[i]];

		if (asm_has_size(d, d->by_place[i]))
			d->size_at[y->section][(y->value + y->size) / 8] = true;
	}
	return true;
}

static enum iov_status check_sections(const struct asm_dump *d)
{
	for (uint32_t i = 1; i < d->obj->section_count; i++) {
		const struct iov_section *s = &d->obj->sections[i];

		if (s->type == SHT_GROUP || (s->flags & SHF_LINK_ORDER && asm_is_shown(d->obj, s))) {
			diag_add(d->sink, DIAG_TYPES_TEXT, (struct iov_span){.file = d->obj->name, .insn = -1},
				 "section %s refers to others in a way that assembly cannot say", s->name);
			return IOV_DIAGNOSED;
		}
	}
	return IOV_OK;
}

enum iov_status dump_asm(const struct iov_object *parts, const struct iov_dump_options *options,
			 struct iov_arena *arena, struct iov_sink *sink, struct iov_buf *out)
{
	struct asm_dump d = {.obj = parts, .arena = arena, .sink = sink, .out = out};
	enum iov_status status = check_sections(&d);
	const char *cannot = NULL;
	size_t before = out->len;

	if (status)
		return status;
	d.dialect = options->dialect ? IOV_DIALECT_MNEMONIC : IOV_DIALECT_KERNEL;
	if (!asm_names(&d) || !asm_mark_labels(&d) || !mark_sizes(&d) || !asm_plan_chunks(&d))
		return IOV_NOMEM;
	status = asm_plan_types(&d);
	for (int pass = 0; !status && pass < 2; pass++) {
		out->len = before;
		d.file = NULL;
		print_all(&d);
		if (d.types)
			status = types_printed(d.types, &cannot);
	}
	if (status == IOV_DIAGNOSED && cannot)
		diag_add(sink, DIAG_TYPES_TEXT, (struct iov_span){.file = parts->name, .insn = -1},
			 "the types of this object hold %s", cannot);
	if (status)
		out->len = before;
	return out->failed ? IOV_NOMEM : status;
}
