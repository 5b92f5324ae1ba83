/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what symbols and places are called in the text of iovdump --asm: every symbol once, places that jumps and
 * relocations lead to by a label. */
#include "asm/dump_asm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool asm_is_code(const struct iov_section *s)
{
	return s->type == SHT_PROGBITS && s->flags & SHF_EXECINSTR && s->size && s->data;
}

/* Tables that the assembler makes by itself are not. */
bool asm_is_shown(const struct iov_object *obj, const struct iov_section *s)
{
	if (s->type == SHT_NULL || s->type == SHT_SYMTAB || s->type == SHT_REL || !strcmp(s->name, ".llvm_addrsig"))
		return false;
	if (s->type == SHT_STRTAB && (!strcmp(s->name, ".strtab") || !strcmp(s->name, ".shstrtab")))
		return false;
	for (uint32_t i = 1; s->type == SHT_STRTAB && i < obj->section_count; i++)
		if (obj->sections[i].type == SHT_SYMTAB && obj->sections[i].link == s->index)
			return false;
	return true;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static bool is_plain(const char *s)
{
	size_t digits;

	if (!*s || (*s >= '0' && *s <= '9') || (*s == '.' && !s[1]))
		return false;
	digits = strspn(s + 1, "0123456789");
	if ((*s == 'r' || *s == 'w') && digits && !s[1 + digits])
		return false;
	while (*s)
		if (!is_word(*s++))
			return false;
	return true;
}

void asm_put_name(struct iov_buf *out, const char *name)
{
	if (is_plain(name))
		buf_puts(out, name);
	else
		types_print_string(name, out);
}

static bool has_place(const struct iov_object *obj, const struct iov_symbol *y)
{
	return y->section && y->section < obj->section_count && y->type != STT_SECTION && y->type != STT_FILE &&
	       asm_is_shown(obj, &obj->sections[y->section]);
}

struct named_symbol {
	const char *name;
	uint32_t symbol;
};

static int by_name(const void *a, const void *b)
{
	const struct named_symbol *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : x->symbol < y->symbol ? -1 : 1;
}

/* Two symbols of one name: the second is called otherwise in the text. */
static bool make_unique(struct asm_dump *d)
{
	const struct iov_object *obj = d->obj;
	struct named_symbol *all = arena_array(d->arena, obj->symbol_count, sizeof(*all));
	uint32_t n = 0;

	if (!all)
		return false;
	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *y = &obj->symbols[i];

		d->names[i] = y->name;
		if (y->type == STT_FILE || (!*y->name && y->type != STT_SECTION))
			d->names[i] = arena_printf(d->arena, ".Lsymbol%u", i);
		else if (y->type != STT_SECTION)
			all[n++] = (struct named_symbol){y->name, i};
		if (!d->names[i])
			return false;
	}
	qsort(all, n, sizeof(*all), by_name);
	for (uint32_t i = 1; i < n; i++)
		if (!strcmp(all[i].name, all[i - 1].name) &&
		    !(d->names[all[i].symbol] = arena_printf(d->arena, "%s.symbol%u", all[i].name, all[i].symbol)))
			return false;
	return true;
}

struct place {
	uint32_t section, symbol;
	uint64_t value;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->symbol < y->symbol ? -1 : 1;
}

static bool sort_places(struct asm_dump *d)
{
	const struct iov_object *obj = d->obj;
	struct place *all = arena_array(d->arena, obj->symbol_count, sizeof(*all));

	d->by_place = arena_array(d->arena, obj->symbol_count, sizeof(*d->by_place));
	if (!all || !d->by_place)
		return false;
	for (uint32_t i = 1; i < obj->symbol_count; i++)
		if (has_place(obj, &obj->symbols[i]))
			all[d->place_count++] = (struct place){obj->symbols[i].section, i, obj->symbols[i].value};
	qsort(all, d->place_count, sizeof(*all), by_place);
	for (uint32_t i = 0; i < d->place_count; i++)
		d->by_place[i] = all[i].symbol;
	return true;
}

bool asm_names(struct asm_dump *d)
{
	const struct iov_object *obj = d->obj;

	d->names = arena_array(d->arena, obj->symbol_count, sizeof(*d->names));
	d->named = arena_alloc(d->arena, obj->symbol_count);
	d->placed = arena_alloc(d->arena, obj->symbol_count);
	d->base = arena_alloc(d->arena, obj->section_count);
	d->section_name = arena_alloc(d->arena, obj->section_count);
	if (!d->names || !d->named || !d->placed || !d->base || !d->section_name || !make_unique(d))
		return false;
	for (uint32_t i = 0; i < obj->reloc_count; i++) {
		const struct iov_symbol *y = &obj->symbols[obj->relocs[i].symbol];

		if (y->bind == STB_LOCAL && has_place(obj, y))
			d->named[obj->relocs[i].symbol] = true;
	}
	return sort_places(d);
}

uint32_t asm_first_at(const struct asm_dump *d, uint32_t section, uint64_t offset)
{
	uint32_t low = 0, high = d->place_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct iov_symbol *y = &d->obj->symbols[d->by_place[middle]];

		if (y->section < section || (y->section == section && y->value < offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A symbol whose name the assembler relocates by the section, at exactly this place; 0: none. */
static uint32_t local_at(const struct asm_dump *d, uint32_t section, uint64_t offset)
{
	for (uint32_t i = asm_first_at(d, section, offset); i < d->place_count; i++) {
		const struct iov_symbol *y = &d->obj->symbols[d->by_place[i]];

		if (y->section != section || y->value != offset)
			return 0;
		if (y->bind == STB_LOCAL && !d->named[d->by_place[i]] && d->placed[d->by_place[i]])
			return d->by_place[i];
	}
	return 0;
}

/* A place in code needs a label, unless a local symbol stands there. */
static void want_label(struct asm_dump *d, uint32_t section, int64_t offset)
{
	const struct iov_section *s = &d->obj->sections[section];

	if (d->labels[section] && offset >= 0 && offset % 8 == 0 && (uint64_t)offset < s->size &&
	    !local_at(d, section, (uint64_t)offset))
		d->labels[section][offset / 8] = 1;
}

/* What stands in place before relocation: bytes. */
static int64_t reloc_addend(const struct iov_object *obj, const struct iov_reloc *r)
{
	const uint8_t *at = obj->sections[r->section].data + r->offset;
	struct iov_insn insn;

	if (r->type != IOV_R_BPF_64_64 && r->type != IOV_R_BPF_64_32)
		return 0;
	isa_decode(at, obj->big_endian, &insn);
	return r->type == IOV_R_BPF_64_64 ? insn.imm : ((int64_t)insn.imm + 1) * 8;
}

static void mark_jumps(struct asm_dump *d, const struct iov_section *s)
{
	struct iov_insn insn;

	for (uint64_t at = 0; at + 8 <= s->size; at += isa_is_wide(&insn) ? 16 : 8) {
		const struct iov_isa_row *row;

		isa_decode(s->data + at, d->obj->big_endian, &insn);
		row = isa_find(&insn);
		if (row && (row->kind == ISA_K_JA || row->kind == ISA_K_JCC || row->kind == ISA_K_MAY_GOTO ||
			    row->oper == ISA_O_SUBPROG || row->oper == ISA_O_FUNC))
			want_label(d, s->index, isa_target(row, &insn, at / 8) * 8);
	}
}

/* No label may stand inside a 16-byte instruction, or where decoding never comes. */
static void drop_inner(struct asm_dump *d, const struct iov_section *s)
{
	struct iov_insn insn;
	uint64_t at, next;

	for (at = 0; at + 8 <= s->size; at = next) {
		isa_decode(s->data + at, d->obj->big_endian, &insn);
		next = at + (isa_is_wide(&insn) ? 16 : 8);
		if (next > at + 8 && at / 8 + 1 < s->size / 8)
			d->labels[s->index][at / 8 + 1] = 0;
	}
}

/* Symbols inside a 16-byte instruction, or not at one, have rows instead of labels. */
static void place_symbols(struct asm_dump *d)
{
	for (uint32_t i = 0; i < d->place_count; i++) {
		const struct iov_symbol *y = &d->obj->symbols[d->by_place[i]];
		const struct iov_section *s = &d->obj->sections[y->section];

		d->placed[d->by_place[i]] =
			y->value <= s->size && (!asm_is_code(s) || y->value % 8 == 0) && y->type != STT_TLS;
	}
	for (uint32_t i = 1; i < d->obj->section_count; i++) {
		const struct iov_section *s = &d->obj->sections[i];
		struct iov_insn insn;

		for (uint64_t at = 0; asm_is_code(s) && at + 16 <= s->size; at += isa_is_wide(&insn) ? 16 : 8) {
			isa_decode(s->data + at, d->obj->big_endian, &insn);
			if (!isa_is_wide(&insn))
				continue;
			for (uint32_t p = asm_first_at(d, i, at + 8); p < d->place_count; p++) {
				const struct iov_symbol *y = &d->obj->symbols[d->by_place[p]];

				if (y->section != i || y->value != at + 8)
					break;
				d->placed[d->by_place[p]] = false;
			}
		}
	}
}

bool asm_mark_labels(struct asm_dump *d)
{
	const struct iov_object *obj = d->obj;

	place_symbols(d);
	d->labels = arena_array(d->arena, obj->section_count, sizeof(*d->labels));
	if (!d->labels)
		return false;
	for (uint32_t i = 1; i < obj->section_count; i++)
		if (asm_is_code(&obj->sections[i]) &&
		    !(d->labels[i] = arena_array(d->arena, obj->sections[i].size / 8 + 1, sizeof(**d->labels))))
			return false;
	for (uint32_t i = 1; i < obj->section_count; i++)
		if (d->labels[i])
			mark_jumps(d, &obj->sections[i]);
	for (uint32_t i = 0; i < obj->reloc_count; i++) {
		const struct iov_reloc *r = &obj->relocs[i];
		const struct iov_symbol *y = &obj->symbols[r->symbol];

		if (y->type == STT_SECTION && y->section < obj->section_count &&
		    asm_is_code(&obj->sections[r->section]))
			want_label(d, y->section, reloc_addend(obj, r));
	}
	for (uint32_t i = 1; i < obj->section_count; i++) {
		if (!d->labels[i])
			continue;
		drop_inner(d, &obj->sections[i]);
		for (uint64_t slot = 0; slot < obj->sections[i].size / 8; slot++)
			if (d->labels[i][slot])
				d->labels[i][slot] = ++d->label_count;
	}
	return true;
}

void asm_put_labels(struct asm_dump *d, uint32_t section, uint64_t offset)
{
	if (!offset && d->base[section])
		buf_printf(d->out, ".Lsection%u:\n", section);
	for (uint32_t i = asm_first_at(d, section, offset); i < d->place_count; i++) {
		const struct iov_symbol *y = &d->obj->symbols[d->by_place[i]];

		if (y->section != section || y->value != offset)
			break;
		if (!d->placed[d->by_place[i]])
			continue;
		asm_put_name(d->out, d->names[d->by_place[i]]);
		buf_puts(d->out, ":\n");
	}
	if (d->labels[section] && offset < d->obj->sections[section].size && d->labels[section][offset / 8])
		buf_printf(d->out, ".L%u:\n", d->labels[section][offset / 8]);
}

static void put_addend(struct iov_buf *out, int64_t addend)
{
	if (addend)
		buf_printf(out, "%+" PRId64, addend);
}

/* Whether the section's name, in the text, means its symbol. */
static bool name_is_free(struct asm_dump *d, uint32_t section)
{
	enum { UNKNOWN, FREE, TAKEN };
	const char *name = d->obj->sections[section].name;

	if (d->section_name[section] != UNKNOWN)
		return d->section_name[section] == FREE;
	d->section_name[section] = is_plain(name) ? FREE : TAKEN;
	for (uint32_t i = 1; i < d->obj->symbol_count; i++)
		if (d->obj->symbols[i].type != STT_SECTION && !strcmp(d->names[i], name))
			d->section_name[section] = TAKEN;
	return d->section_name[section] == FREE;
}

void asm_put_base(struct asm_dump *d, uint32_t section, int64_t offset, struct iov_buf *out)
{
	if (name_is_free(d, section)) {
		buf_puts(out, d->obj->sections[section].name);
	} else {
		d->base[section] = true;
		buf_printf(out, ".Lsection%u", section);
	}
	put_addend(out, offset);
}

void asm_put_address(struct asm_dump *d, uint32_t section, int64_t offset, struct iov_buf *out)
{
	const struct iov_section *s = &d->obj->sections[section];
	uint32_t symbol = offset >= 0 ? local_at(d, section, (uint64_t)offset) : 0;

	if (symbol) {
		asm_put_name(out, d->names[symbol]);
	} else if (d->labels[section] && offset >= 0 && offset % 8 == 0 && (uint64_t)offset < s->size &&
		   d->labels[section][offset / 8]) {
		buf_printf(out, ".L%u", d->labels[section][offset / 8]);
	} else {
		asm_put_base(d, section, offset, out);
	}
}

void asm_put_symbol(struct asm_dump *d, uint32_t symbol, int64_t addend, struct iov_buf *out)
{
	const struct iov_symbol *y = &d->obj->symbols[symbol];

	if (y->type == STT_SECTION && y->section < d->obj->section_count) {
		asm_put_address(d, y->section, addend, out);
		return;
	}
	asm_put_name(out, d->names[symbol]);
	put_addend(out, addend);
}
