/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovdump --symbols, --relocs and --types, as text. */
#include "asm/dump_part.h"

#include "asm/types/types.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

const char *dump_symbol_type(uint8_t type)
{
	static const char *const names[] = {"none", "object", "function", "section", "file"};

	return type < sizeof(names) / sizeof(*names) ? names[type] : "other";
}

const char *dump_symbol_bind(uint8_t bind)
{
	return bind == STB_LOCAL ? "local" : bind == STB_WEAK ? "weak" : "global";
}

const char *dump_symbol_section(const struct iov_object *obj, const struct iov_symbol *y)
{
	if (y->section < obj->section_count)
		return y->section ? obj->sections[y->section].name : NULL;
	return y->section == SHN_ABS ? "*absolute*" : "*common*";
}

const char *dump_symbol_name(const struct iov_object *obj, const struct iov_symbol *y)
{
	return y->type == STT_SECTION && !*y->name && y->section < obj->section_count ? obj->sections[y->section].name
										      : y->name;
}

static void put_padded(struct iov_buf *out, const char *s, size_t width)
{
	size_t before = out->len;

	dump_name(out, s);
	while (!out->failed && out->len - before < width)
		buf_putc(out, ' ');
}

void dump_symbols(const struct iov_object *obj, struct iov_buf *out)
{
	buf_puts(out, "\nsymbols\n  number      value       size  type      bind    section         name\n");
	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *y = &obj->symbols[i];
		const char *section = dump_symbol_section(obj, y);

		buf_printf(out, "  %6u %10" PRIu64 " %10" PRIu64 "  %-8s  %-6s  ", i, y->value, y->size,
			   dump_symbol_type(y->type), dump_symbol_bind(y->bind));
		put_padded(out, section ? section : "undefined", 15);
		buf_putc(out, ' ');
		dump_name(out, dump_symbol_name(obj, y));
		buf_putc(out, '\n');
	}
}

const char *dump_reloc_type(uint32_t type)
{
	switch (type) {
	case IOV_R_BPF_NONE:
		return "R_BPF_NONE";
	case IOV_R_BPF_64_64:
		return "R_BPF_64_64";
	case IOV_R_BPF_64_ABS64:
		return "R_BPF_64_ABS64";
	case IOV_R_BPF_64_ABS32:
		return "R_BPF_64_ABS32";
	case IOV_R_BPF_64_NODYLD32:
		return "R_BPF_64_NODYLD32";
	default:
		return "R_BPF_64_32";
	}
}

void dump_relocs(const struct iov_object *obj, struct iov_buf *out)
{
	for (uint32_t i = 1; i < obj->section_count; i++) {
		const struct iov_section *s = &obj->sections[i];

		if (!s->reloc_count)
			continue;
		buf_puts(out, "\nrelocations of ");
		dump_name(out, s->name);
		buf_puts(out, "\n      offset  type               symbol\n");
		for (uint32_t r = s->first_reloc; r < s->first_reloc + s->reloc_count; r++) {
			const struct iov_reloc *rel = &obj->relocs[r];

			buf_printf(out, "  %10" PRIu64 "  %-17s  ", rel->offset, dump_reloc_type(rel->type));
			dump_name(out, dump_symbol_name(obj, &obj->symbols[rel->symbol]));
			buf_putc(out, '\n');
		}
	}
}

enum iov_status dump_types(const struct iov_object *obj, struct iov_arena *arena, struct iov_buf *out)
{
	struct types_printer *p;
	struct iov_buf first;
	const char *cannot;

	if (!obj->btf) {
		buf_puts(out, "\nno types\n");
		return IOV_OK;
	}
	p = types_printer_new(obj->btf, obj, false, arena);
	if (!p)
		return IOV_NOMEM;
	buf_init(&first, arena->alloc);
	types_print_block(p, &first); /* finds out which labels are needed */
	buf_free(&first);
	buf_puts(out, "\ntypes\n");
	types_print_block(p, out);
	return types_printed(p, &cannot) == IOV_NOMEM ? IOV_NOMEM : IOV_OK;
}
