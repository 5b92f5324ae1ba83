/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: units, abbreviations, DIEs and attribute forms. Source: DWARF 5, sections 7.5 and 7.26; DWARF 4. */
#include "linker/object/dwarf.h"

#include <stdlib.h>
#include <string.h>

/* DW_AT_* */
enum { AT_STMT_LIST = 0x10, AT_COMP_DIR = 0x1b, AT_DECL_FILE = 0x3a, AT_DECL_LINE = 0x3b };
enum { AT_LOCATION = 0x02, AT_NAME = 0x03, AT_BYTE_SIZE = 0x0b, AT_LOW_PC = 0x11, AT_HIGH_PC = 0x12 };
enum { AT_CONST_VALUE = 0x1c, AT_UPPER_BOUND = 0x2f, AT_ORIGIN = 0x31, AT_COUNT = 0x37, AT_FRAME_BASE = 0x40 };
enum { AT_SPECIFICATION = 0x47, AT_TYPE = 0x49, AT_RANGES = 0x55, AT_STR_OFFSETS_BASE = 0x72, AT_ADDR_BASE = 0x73 };
enum { AT_RNGLISTS_BASE = 0x74, AT_LOCLISTS_BASE = 0x8c };

/* DW_FORM_* */
enum { FORM_ADDR = 0x01, FORM_BLOCK2 = 0x03, FORM_BLOCK4, FORM_DATA2, FORM_DATA4, FORM_DATA8, FORM_STRING, FORM_BLOCK };
enum { FORM_BLOCK1 = 0x0a, FORM_DATA1, FORM_FLAG, FORM_SDATA, FORM_STRP, FORM_UDATA, FORM_REF_ADDR, FORM_REF1 };
enum { FORM_REF2 = 0x12, FORM_REF4, FORM_REF8, FORM_REF_UDATA, FORM_INDIRECT, FORM_SEC_OFFSET, FORM_EXPRLOC };
enum { FORM_FLAG_PRESENT = 0x19, FORM_STRX, FORM_ADDRX, FORM_REF_SUP4, FORM_STRP_SUP, FORM_DATA16, FORM_LINE_STRP };
enum { FORM_REF_SIG8 = 0x20, FORM_IMPLICIT_CONST, FORM_LOCLISTX, FORM_RNGLISTX, FORM_REF_SUP8, FORM_STRX1, FORM_STRX2 };
enum { FORM_STRX3 = 0x27, FORM_STRX4, FORM_ADDRX1, FORM_ADDRX2, FORM_ADDRX3, FORM_ADDRX4 };

enum { UT_COMPILE = 1, UT_PARTIAL = 3 };

bool dwarf_spend(struct dwarf *d)
{
	if (!d->budget)
		d->bad = true;
	else
		d->budget--;
	return !d->bad;
}

const char *dwarf_printf(struct dwarf *d, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	d->oom |= !text;
	return text;
}

static struct iov_cursor open_section(const struct dwarf *d, const struct iov_section *s, uint64_t offset)
{
	struct iov_cursor c;

	cursor_init(&c, s ? s->data : NULL, s && s->data ? s->size : 0, d->obj->big_endian);
	cursor_seek(&c, offset);
	return c;
}

/* The relocation at an offset of a section, or NULL. */
static const struct iov_reloc *reloc_at(const struct iov_object *obj, const struct iov_section *s, uint64_t offset)
{
	uint32_t low = s->first_reloc, high = s->first_reloc + s->reloc_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (obj->relocs[mid].offset < offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->first_reloc + s->reloc_count && obj->relocs[low].offset == offset ? &obj->relocs[low] : NULL;
}

static uint64_t symbol_value(const struct dwarf *d, const struct iov_section *s, uint64_t offset)
{
	const struct iov_reloc *r = reloc_at(d->obj, s, offset);

	return r ? d->obj->symbols[r->symbol].value : 0;
}

/* A 4-byte offset into another section. */
uint64_t dwarf_offset(struct dwarf *d, struct iov_cursor *c, const struct iov_section *s)
{
	uint64_t at = (uint64_t)(c->p - s->data), value = cursor_u32(c);

	return (uint32_t)(value + symbol_value(d, s, at));
}

struct dwarf_addr dwarf_address_at(struct dwarf *d, const struct iov_section *s, uint64_t offset)
{
	struct iov_cursor c = open_section(d, s, offset);
	struct dwarf_addr a = {.value = cursor_u64(&c)};
	const struct iov_reloc *r = s && !c.bad ? reloc_at(d->obj, s, offset) : NULL;

	d->bad |= c.bad;
	if (r) {
		a.section = d->obj->symbols[r->symbol].section;
		a.value += d->obj->symbols[r->symbol].value;
	}
	return a;
}

struct dwarf_addr dwarf_address(struct dwarf *d, uint64_t index)
{
	if (index > UINT32_MAX) {
		d->bad = true;
		return (struct dwarf_addr){0};
	}
	return dwarf_address_at(d, d->addr, d->unit.addr_base + index * 8);
}

static const char *string_at(struct dwarf *d, const struct iov_section *s, uint64_t offset)
{
	struct iov_cursor c = open_section(d, s, offset);
	const char *str = cursor_str(&c);

	d->bad |= c.bad;
	return str ? str : "";
}

static const char *indexed_string(struct dwarf *d, uint64_t index)
{
	uint64_t at = d->unit.str_offsets_base + index * 4;
	struct iov_cursor c = open_section(d, d->str_offsets, at);
	uint64_t offset;

	if (index > UINT32_MAX || c.bad || cursor_left(&c) < 4) {
		d->bad = true;
		return "";
	}
	offset = dwarf_offset(d, &c, d->str_offsets);
	return string_at(d, d->str, offset);
}

static struct dwarf_addr indexed_address(struct dwarf *d, uint64_t index)
{
	return d->unit.addr_base ? dwarf_address(d, index) : (struct dwarf_addr){0};
}

static uint64_t read_u24(struct iov_cursor *c)
{
	uint64_t a = cursor_u8(c), b = cursor_u8(c), e = cursor_u8(c);

	return c->big_endian ? a << 16 | b << 8 | e : a | b << 8 | e << 16;
}

#define VALUE(cls, field, v) ((struct dwarf_value){.class = DWARF_##cls, .field = (v)})

static struct dwarf_value read_block(struct iov_cursor *c, uint64_t len)
{
	const uint8_t *bytes = cursor_bytes(c, len);

	return (struct dwarf_value){.class = DWARF_EXPR, .expr = bytes, .u = bytes ? len : 0};
}

static struct dwarf_value read_ref(const struct dwarf *d, uint64_t offset)
{
	return VALUE(REF, u, d->unit.start + offset);
}

/* Most strings are never asked for: what is kept is how to find them. */
static struct dwarf_value read_string_form(struct dwarf *d, struct iov_cursor *c, uint64_t form)
{
	struct dwarf_value v = {.class = DWARF_STR, .form = (uint8_t)form};

	switch (form) {
	case FORM_STRING:
		v.u = cursor_at(c);
		cursor_str(c);
		break;
	case FORM_STRP:
	case FORM_LINE_STRP:
		v.u = dwarf_offset(d, c, d->info);
		break;
	case FORM_STRX1:
		v.u = cursor_u8(c);
		break;
	case FORM_STRX2:
		v.u = cursor_u16(c);
		break;
	case FORM_STRX3:
		v.u = read_u24(c);
		break;
	case FORM_STRX4:
		v.u = cursor_u32(c);
		break;
	default:
		v.u = cursor_uleb(c);
	}
	return v;
}

const char *dwarf_string(struct dwarf *d, const struct dwarf_value *v)
{
	if (v->class != DWARF_STR)
		return NULL;
	switch (v->form) {
	case FORM_STRING:
		return string_at(d, d->info, v->u);
	case FORM_STRP:
		return string_at(d, d->str, v->u);
	case FORM_LINE_STRP:
		return string_at(d, d->line_str, v->u);
	default:
		return indexed_string(d, v->u);
	}
}

static struct dwarf_value address_value(struct dwarf_addr a)
{
	return (struct dwarf_value){.class = DWARF_ADDR, .section = a.section, .u = a.value};
}

static struct dwarf_value read_address_form(struct dwarf *d, struct iov_cursor *c, uint64_t form)
{
	uint64_t index, at = (uint64_t)(c->p - d->info->data);

	switch (form) {
	case FORM_ADDR:
		cursor_skip(c, 8);
		return address_value(dwarf_address_at(d, d->info, at));
	case FORM_ADDRX1:
		index = cursor_u8(c);
		break;
	case FORM_ADDRX2:
		index = cursor_u16(c);
		break;
	case FORM_ADDRX3:
		index = read_u24(c);
		break;
	case FORM_ADDRX4:
		index = cursor_u32(c);
		break;
	default:
		index = cursor_uleb(c);
	}
	return address_value(indexed_address(d, index));
}

static struct dwarf_value read_reference_form(struct dwarf *d, struct iov_cursor *c, uint64_t form)
{
	switch (form) {
	case FORM_REF1:
		return read_ref(d, cursor_u8(c));
	case FORM_REF2:
		return read_ref(d, cursor_u16(c));
	case FORM_REF4:
		return read_ref(d, cursor_u32(c));
	case FORM_REF8:
		return read_ref(d, cursor_u64(c));
	case FORM_REF_UDATA:
		return read_ref(d, cursor_uleb(c));
	case FORM_REF_ADDR:
		return VALUE(REF, u, dwarf_offset(d, c, d->info));
	case FORM_REF_SIG8: /* to places that are not in this file */
	case FORM_REF_SUP8:
		cursor_skip(c, 8);
		return (struct dwarf_value){0};
	default:
		cursor_skip(c, 4);
		return (struct dwarf_value){0};
	}
}

static struct dwarf_value read_block_form(struct iov_cursor *c, uint64_t form)
{
	switch (form) {
	case FORM_BLOCK1:
		return read_block(c, cursor_u8(c));
	case FORM_BLOCK2:
		return read_block(c, cursor_u16(c));
	case FORM_BLOCK4:
		return read_block(c, cursor_u32(c));
	case FORM_DATA16:
		return read_block(c, 16);
	default:
		return read_block(c, cursor_uleb(c));
	}
}

static struct dwarf_value read_number_form(struct dwarf *d, struct iov_cursor *c, uint64_t form, int64_t implicit)
{
	switch (form) {
	case FORM_DATA1:
	case FORM_FLAG:
		return VALUE(UINT, u, cursor_u8(c));
	case FORM_DATA2:
		return VALUE(UINT, u, cursor_u16(c));
	case FORM_DATA4:
		return VALUE(UINT, u, cursor_u32(c));
	case FORM_DATA8:
		return VALUE(UINT, u, cursor_u64(c));
	case FORM_UDATA:
		return VALUE(UINT, u, cursor_uleb(c));
	case FORM_SDATA:
		return VALUE(SINT, u, (uint64_t)cursor_sleb(c));
	case FORM_IMPLICIT_CONST:
		return VALUE(SINT, u, (uint64_t)implicit);
	case FORM_FLAG_PRESENT:
		return VALUE(UINT, u, 1);
	case FORM_SEC_OFFSET:
		return VALUE(OFFSET, u, dwarf_offset(d, c, d->info));
	case FORM_LOCLISTX:
	case FORM_RNGLISTX:
		return VALUE(INDEX, u, cursor_uleb(c));
	default:
		d->bad = true;
		return (struct dwarf_value){0};
	}
}

static struct dwarf_value read_form(struct dwarf *d, struct iov_cursor *c, uint64_t form, int64_t implicit)
{
	switch (form) {
	case FORM_ADDR:
	case FORM_ADDRX:
	case FORM_ADDRX1 ... FORM_ADDRX4:
		return read_address_form(d, c, form);
	case FORM_STRING:
	case FORM_STRP:
	case FORM_LINE_STRP:
	case FORM_STRX:
	case FORM_STRX1 ... FORM_STRX4:
		return read_string_form(d, c, form);
	case FORM_BLOCK:
	case FORM_BLOCK1:
	case FORM_BLOCK2:
	case FORM_BLOCK4:
	case FORM_EXPRLOC:
	case FORM_DATA16:
		return read_block_form(c, form);
	case FORM_REF_ADDR ... FORM_REF_UDATA:
	case FORM_REF_SIG8:
	case FORM_REF_SUP4:
	case FORM_REF_SUP8:
	case FORM_STRP_SUP:
		return read_reference_form(d, c, form);
	default:
		return read_number_form(d, c, form, implicit);
	}
}

static struct dwarf_value *attribute(struct dwarf_die *die, uint64_t name)
{
	switch (name) {
	case AT_LOCATION: return &die->location;
	case AT_STMT_LIST: return &die->stmt_list;
	case AT_COMP_DIR: return &die->comp_dir;
	case AT_DECL_FILE: return &die->decl_file;
	case AT_DECL_LINE: return &die->decl_line;
	case AT_NAME: return &die->name;
	case AT_BYTE_SIZE: return &die->byte_size;
	case AT_LOW_PC: return &die->low_pc;
	case AT_HIGH_PC: return &die->high_pc;
	case AT_CONST_VALUE: return &die->const_value;
	case AT_UPPER_BOUND: return &die->upper_bound;
	case AT_ORIGIN: return &die->origin;
	case AT_COUNT: return &die->count;
	case AT_FRAME_BASE: return &die->frame_base;
	case AT_SPECIFICATION: return &die->specification;
	case AT_TYPE: return &die->type;
	case AT_RANGES: return &die->ranges;
	case AT_STR_OFFSETS_BASE: return &die->str_offsets_base;
	case AT_ADDR_BASE: return &die->addr_base;
	case AT_RNGLISTS_BASE: return &die->rnglists_base;
	case AT_LOCLISTS_BASE: return &die->loclists_base;
	default: return NULL;
	}
}

static int by_code(const void *key, const void *item)
{
	const struct dwarf_abbrev *a = item;
	uint64_t code = *(const uint64_t *)key;

	return code < a->code ? -1 : code > a->code;
}

bool dwarf_read_die(struct dwarf *d, uint64_t offset, struct dwarf_die *die)
{
	const struct dwarf_unit *u = &d->unit;
	struct iov_cursor c = open_section(d, d->info, offset), a;
	const struct dwarf_abbrev *abbrev;
	uint64_t code = cursor_uleb(&c);

	*die = (struct dwarf_die){.offset = offset};
	if (c.bad || offset < u->first_die || offset >= u->end || !dwarf_spend(d))
		return !(d->bad = true);
	die->next = (uint64_t)(c.p - d->info->data);
	if (!code)
		return true;
	abbrev = bsearch(&code, u->abbrevs, u->abbrev_count, sizeof(*u->abbrevs), by_code);
	if (!abbrev)
		return !(d->bad = true);
	die->tag = abbrev->tag;
	die->children = abbrev->children;
	cursor_init(&a, abbrev->attrs, (size_t)(d->abbrev->data + d->abbrev->size - abbrev->attrs), d->obj->big_endian);
	for (;;) {
		uint64_t name = cursor_uleb(&a), form = cursor_uleb(&a);
		int64_t implicit = form == FORM_IMPLICIT_CONST ? cursor_sleb(&a) : 0;
		struct dwarf_value *into = attribute(die, name), value;

		if (a.bad || c.bad || d->bad || !dwarf_spend(d))
			return !(d->bad = true);
		if (!name && !form)
			break;
		if (form == FORM_INDIRECT)
			form = cursor_uleb(&c);
		value = read_form(d, &c, form, implicit);
		if (into)
			*into = value;
	}
	die->next = (uint64_t)(c.p - d->info->data);
	return !(d->bad |= c.bad || die->next > u->end);
}

static int by_abbrev(const void *a, const void *b)
{
	const struct dwarf_abbrev *x = a, *y = b;

	return x->code < y->code ? -1 : x->code > y->code;
}

/* Read one abbreviation; false at the end of the table. */
static bool read_abbrev(struct dwarf *d, struct iov_cursor *c, struct dwarf_abbrev *out)
{
	out->code = cursor_uleb(c);
	if (!out->code || c->bad)
		return false;
	out->tag = (uint32_t)cursor_uleb(c);
	out->children = cursor_u8(c);
	out->attrs = c->p;
	for (;;) {
		uint64_t name = cursor_uleb(c), form = cursor_uleb(c);

		if (form == FORM_IMPLICIT_CONST)
			cursor_sleb(c);
		if (c->bad || !dwarf_spend(d))
			return false;
		if (!name && !form)
			return true;
	}
}

static void read_abbrevs(struct dwarf *d, uint64_t offset)
{
	struct dwarf_unit *u = &d->unit;
	struct iov_cursor c = open_section(d, d->abbrev, offset), count = c;
	struct dwarf_abbrev one;
	uint32_t n = 0;

	if (u->abbrevs && u->abbrev_offset == offset)
		return;
	while (read_abbrev(d, &count, &one))
		n++;
	u->abbrevs = arena_array(d->arena, n, sizeof(*u->abbrevs));
	u->abbrev_count = n;
	u->abbrev_offset = offset;
	d->bad |= count.bad;
	d->oom |= !u->abbrevs;
	for (uint32_t i = 0; u->abbrevs && i < n; i++)
		read_abbrev(d, &c, &u->abbrevs[i]);
	if (u->abbrevs)
		qsort(u->abbrevs, n, sizeof(*u->abbrevs), by_abbrev);
}

static uint64_t base_of(const struct dwarf_value *v, uint64_t otherwise)
{
	return v->class == DWARF_OFFSET || v->class == DWARF_UINT ? v->u : otherwise;
}

/* The unit's own DIE says where its parts of the other sections begin; then its address can be read. */
static bool read_bases(struct dwarf *d)
{
	struct dwarf_unit *u = &d->unit;
	struct dwarf_die die;

	u->str_offsets_base = u->addr_base = u->loclists_base = u->rnglists_base = 0;
	u->low = (struct dwarf_addr){0};
	if (!dwarf_read_die(d, u->first_die, &die))
		return false;
	u->str_offsets_base = base_of(&die.str_offsets_base, 8);
	u->addr_base = base_of(&die.addr_base, 8);
	u->loclists_base = base_of(&die.loclists_base, 12);
	u->rnglists_base = base_of(&die.rnglists_base, 12);
	if (die.low_pc.class == DWARF_ADDR && dwarf_read_die(d, u->first_die, &die))
		u->low = (struct dwarf_addr){die.low_pc.section, die.low_pc.u};
	return !d->bad;
}

bool dwarf_next_unit(struct dwarf *d)
{
	struct dwarf_unit *u = &d->unit;
	struct iov_cursor c = open_section(d, d->info, u->end);
	uint64_t abbrevs;
	uint32_t len;
	uint8_t type = UT_COMPILE, address_size;

	if (d->bad || d->oom || !cursor_left(&c))
		return false;
	u->start = u->end;
	len = cursor_u32(&c);
	u->end = u->start + 4 + len;
	u->version = cursor_u16(&c);
	if (c.bad || u->end > d->info->size || u->version < 4 || u->version > 5)
		return !(d->bad = true);
	if (u->version == 5) {
		type = cursor_u8(&c);
		address_size = cursor_u8(&c);
		abbrevs = dwarf_offset(d, &c, d->info);
	} else {
		abbrevs = dwarf_offset(d, &c, d->info);
		address_size = cursor_u8(&c);
	}
	u->first_die = cursor_at(&c);
	if (c.bad || address_size != 8 || (type != UT_COMPILE && type != UT_PARTIAL))
		return !(d->bad = true);
	read_abbrevs(d, abbrevs);
	return !d->bad && !d->oom && read_bases(d);
}

/* Called for each program, of objects that may have thousands of sections: one walk over them. */
static void find_sections(struct dwarf *d)
{
	const struct { const char *name; const struct iov_section **at; } all[] = {
		{"info", &d->info},         {"abbrev", &d->abbrev},           {"str", &d->str},
		{"line", &d->line},         {"line_str", &d->line_str},       {"str_offsets", &d->str_offsets},
		{"addr", &d->addr},         {"loclists", &d->loclists},       {"loc", &d->loc},
		{"rnglists", &d->rnglists}, {"ranges", &d->ranges},
	};
	static const char prefix[] = ".debug_";

	for (uint32_t i = 1; i < d->obj->section_count; i++) {
		const struct iov_section *s = &d->obj->sections[i];

		if (strncmp(s->name, prefix, sizeof(prefix) - 1) || !section_has_content(s))
			continue;
		for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++)
			if (!*all[k].at && !strcmp(s->name + sizeof(prefix) - 1, all[k].name))
				*all[k].at = s;
	}
}

bool dwarf_open(struct dwarf *d, const struct iov_object *obj, struct iov_arena *arena)
{
	*d = (struct dwarf){.obj = obj, .arena = arena};
	find_sections(d);
	d->budget = 1000000 + (d->info ? 64 * d->info->size : 0);
	return d->info && d->info->data && d->abbrev && d->abbrev->data;
}
