/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: .debug_frame, .debug_line and .debug_line_str, made after layout. Format: DWARF 5, sections 6.2 and 6.4; the
 * choices that the standard leaves open (which opcodes, which order) are LLVM's, so that its output is met byte for
 * byte. */
#include "asm/as_dwarf.h"

#include "linker/object/strtab.h"

enum { LINE_BASE = -5, LINE_RANGE = 14, OPCODE_BASE = 13, MAX_SPECIAL = (255 - OPCODE_BASE) / LINE_RANGE };
enum {
	LNS_COPY = 1,
	LNS_ADVANCE_PC,
	LNS_ADVANCE_LINE,
	LNS_SET_FILE,
	LNS_SET_COLUMN,
	LNS_NEGATE_STMT,
	LNS_BASIC_BLOCK,
	LNS_CONST_ADD_PC,
	LNS_PROLOGUE_END = 10,
	LNS_EPILOGUE_BEGIN,
	LNS_SET_ISA
};
enum { LNE_END_SEQUENCE = 1, LNE_SET_ADDRESS, LNE_SET_DISCRIMINATOR = 4 };

static void byte(struct as *s, uint8_t value)
{
	as_emit_int(s, value, 1);
}

static void leb(struct as *s, int64_t value, bool is_signed)
{
	struct as_value v = {.n = value};

	as_emit_leb(s, s->p, &v, is_signed);
}

/* An address: final offset in a section. */
static void place(struct as *s, const struct as_section *x, uint64_t offset, unsigned bytes)
{
	struct as_value v = {.n = (int64_t)offset, .add = x->symbol};

	as_emit_value(s, s->p, &v, bytes);
}

static void make_frames(struct as *s)
{
	static const uint8_t cie[] = {0xff, 0xff, 0xff, 0xff, 4, 0, 8, 0, 8, 0x7c, 11, 0};
	const struct as_dwarf *d = s->dwarf;
	struct as_section *frame = as_section_get(s, ".debug_frame", SHT_PROGBITS, 0, 0);

	if (!frame)
		return;
	s->cur = frame;
	frame->align = 8;
	as_emit_int(s, sizeof(cie), 4);
	as_emit_data(s, cie, sizeof(cie));
	for (uint32_t i = 0; i < d->frame_count; i++) {
		const struct as_frame_range *f = &d->frames[i];
		const struct as_section *x = s->sections[f->section];
		uint64_t begin = as_address(x, f->begin);

		as_emit_int(s, 20, 4);
		place(s, frame, 0, 4);
		place(s, x, begin, 8);
		as_emit_int(s, as_address(x, f->end) - begin, 8);
	}
}

/* Address and line go on by so much; a row is made. */
static void advance(struct as *s, int64_t line, uint64_t address)
{
	uint64_t slots = address / 8, opcode = (uint64_t)(line - LINE_BASE);
	bool copy = false;

	if (opcode >= LINE_RANGE || opcode + OPCODE_BASE > 255) {
		byte(s, LNS_ADVANCE_LINE);
		leb(s, line, true);
		line = 0;
		opcode = 0 - LINE_BASE;
		copy = true;
	}
	if (!line && !slots) {
		byte(s, LNS_COPY);
		return;
	}
	opcode += OPCODE_BASE;
	if (slots < 256 + MAX_SPECIAL) {
		if (opcode + slots * LINE_RANGE <= 255) {
			byte(s, (uint8_t)(opcode + slots * LINE_RANGE));
			return;
		}
		if (slots >= MAX_SPECIAL && opcode + (slots - MAX_SPECIAL) * LINE_RANGE <= 255) {
			byte(s, LNS_CONST_ADD_PC);
			byte(s, (uint8_t)(opcode + (slots - MAX_SPECIAL) * LINE_RANGE));
			return;
		}
	}
	byte(s, LNS_ADVANCE_PC);
	leb(s, (int64_t)slots, false);
	byte(s, copy ? LNS_COPY : (uint8_t)opcode);
}

static void end_sequence(struct as *s, uint64_t address)
{
	uint64_t slots = address / 8;

	if (slots == MAX_SPECIAL) {
		byte(s, LNS_CONST_ADD_PC);
	} else if (slots) {
		byte(s, LNS_ADVANCE_PC);
		leb(s, (int64_t)slots, false);
	}
	as_emit_data(s, (uint8_t[]){0, 1, LNE_END_SEQUENCE}, 3);
}

/* What differs from the row before, but for address and line. */
static void registers(struct as *s, const struct as_loc *l, struct as_loc *now)
{
	if (now->file != l->file) {
		byte(s, LNS_SET_FILE);
		leb(s, l->file, false);
	}
	if (now->col != l->col) {
		byte(s, LNS_SET_COLUMN);
		leb(s, l->col, false);
	}
	if (l->discriminator) {
		uint32_t n = l->discriminator;

		byte(s, 0);
		byte(s, (uint8_t)(2 + (n > 127) + (n > 16383) + (n > 2097151) + (n > 268435455)));
		byte(s, LNE_SET_DISCRIMINATOR);
		leb(s, n, false);
	}
	if (now->isa != l->isa) {
		byte(s, LNS_SET_ISA);
		leb(s, l->isa, false);
	}
	if ((now->flags ^ l->flags) & AS_LOC_IS_STMT)
		byte(s, LNS_NEGATE_STMT);
	if (l->flags & AS_LOC_BASIC_BLOCK)
		byte(s, LNS_BASIC_BLOCK);
	if (l->flags & AS_LOC_PROLOGUE_END)
		byte(s, LNS_PROLOGUE_END);
	if (l->flags & AS_LOC_EPILOGUE_BEGIN)
		byte(s, LNS_EPILOGUE_BEGIN);
	*now = *l;
}

/* The rows of section `x`. */
static void sequence(struct as *s, const struct as_section *x)
{
	const struct as_dwarf *d = s->dwarf;
	static const struct as_loc start = {.file = 1, .flags = AS_LOC_IS_STMT};
	struct as_loc now = start;
	int64_t line = 1;
	uint64_t address = 0;
	bool first = true;

	for (uint32_t i = 0; i < d->loc_count; i++) {
		const struct as_loc *l = &d->locs[i];
		uint64_t at;

		if (l->section != x->elf_index)
			continue;
		at = as_address(x, l->offset);
		if (l->end) {
			end_sequence(s, at - address);
			now = start;
			line = 1;
			first = true;
			continue;
		}
		registers(s, l, &now);
		if (first) {
			as_emit_data(s, (uint8_t[]){0, 9, LNE_SET_ADDRESS}, 3);
			place(s, x, at, 8);
			address = at;
		}
		advance(s, (int64_t)l->line - line, at - address);
		first = false;
		line = l->line;
		address = at;
	}
	if (!first)
		end_sequence(s, as_address(x, as_flat(x)) - address);
}

static void string(struct as *s, struct strtab *strings, const struct as_section *x, const char *text)
{
	/* the table begins with an empty string, which the section does not have: the end of its first string does */
	uint32_t at = *text ? strtab_add(strings, text) - 1 : (uint32_t)strlen((const char *)strings->bytes.data + 1);

	place(s, x, at, 4);
}

static void file_entry(struct as *s, struct strtab *strings, const struct as_section *x, const struct as_dwarf_file *f)
{
	string(s, strings, x, f->name ? f->name : "");
	leb(s, f->dir, false);
	if (s->dwarf->any_md5 && !s->dwarf->any_plain)
		as_emit_data(s, f->md5, 16);
}

/* Folders and files; the strings stand in .debug_line_str. */
static void tables(struct as *s, struct strtab *strings, const struct as_section *x)
{
	const struct as_dwarf *d = s->dwarf;
	bool md5 = d->any_md5 && !d->any_plain;

	as_emit_data(s, (uint8_t[]){1, 1, 0x1f}, 3);
	leb(s, d->dir_count, false);
	for (uint32_t i = 0; i < d->dir_count; i++)
		string(s, strings, x, d->dirs[i]);
	as_emit_data(s, (uint8_t[]){md5 ? 3 : 2, 1, 0x1f, 2, 0x0f, 5, 0x1e}, md5 ? 7 : 5);
	leb(s, d->file_count, false);
	file_entry(s, strings, x, d->files[0].name || d->file_count < 2 ? &d->files[0] : &d->files[1]);
	for (uint32_t i = 1; i < d->file_count; i++)
		file_entry(s, strings, x, &d->files[i]);
}

static void make_lines(struct as *s, struct strtab *strings)
{
	static const uint8_t head[] = {8, 1, 1, (uint8_t)LINE_BASE, LINE_RANGE, OPCODE_BASE, 0, 1, 1, 1, 1, 0, 0, 0, 1,
				       0, 0, 1};
	struct as_section *line = as_section_get(s, ".debug_line", SHT_PROGBITS, 0, 0), *str;
	uint32_t begin, header, seen = 0;

	str = as_section_get(s, ".debug_line_str", SHT_PROGBITS, SHF_MERGE | SHF_STRINGS, 1);
	if (!line || !str)
		return;
	s->cur = line;
	begin = as_flat(line);
	as_emit_int(s, 0, 4); /* length */
	as_emit_int(s, 5, 2);
	as_emit_int(s, 8, 1);
	as_emit_int(s, 0, 1);
	as_emit_int(s, 0, 4); /* length of the header */
	header = as_flat(line);
	as_emit_data(s, head, sizeof(head));
	tables(s, strings, str);
	if (s->bad || s->failed_memory)
		return;
	as_store(line->data.data + header - 4, as_flat(line) - header, 4, s->big);
	for (uint32_t i = 0; i < s->dwarf->loc_count; i++) {
		uint32_t section = s->dwarf->locs[i].section;

		if (!s->sections[section]->lines_made && ++seen)
			sequence(s, s->sections[section]);
		s->sections[section]->lines_made = true;
	}
	if (!s->failed_memory)
		as_store(line->data.data + begin, as_flat(line) - begin - 4, 4, s->big);
	s->cur = str;
	as_emit_data(s, strings->bytes.data + 1, strings->bytes.len - 1);
}

/* A section that the text only names (".section .debug_line") has its symbol where it is filled. */
static void symbol_comes_now(struct as *s, const char *name)
{
	struct as_section *x = as_section_find(s, name);
	uint32_t id;

	if (!x || as_flat(x) || !(id = as_anonymous(s)))
		return;
	*as_sym(s, id) = *as_sym(s, x->symbol);
	x->symbol = id;
}

void as_dwarf_finish(struct as *s)
{
	struct as_dwarf *d = s->dwarf;
	struct strtab strings;

	if (!d)
		return;
	d->pending = s->bad = false;
	if (d->frame_count && d->frames[d->frame_count - 1].open)
		as_error(s, d->frames[d->frame_count - 1].at, 0, DIAG_ASM_BLOCK, "this has no .cfi_endproc");
	if (d->frame_count)
		make_frames(s);
	if (!d->file_count)
		return;
	symbol_comes_now(s, ".debug_line");
	strtab_init(&strings, s->alloc);
	make_lines(s, &strings);
	if (strings.bytes.failed)
		as_oom(s);
	strtab_free(&strings);
}
