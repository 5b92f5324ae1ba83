/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: maps_locate, the C line at which each map is declared: DW_AT_decl_file and DW_AT_decl_line of the variable, the
 * file's name in the unit's line table. Source: DWARF 5, section 6.2.4; DWARF 4, section 6.2.4. */
#include "linker/object/dwarf.h"

#include <string.h>

enum { TAG_VARIABLE = 0x34, LNCT_PATH = 1, LNCT_DIRECTORY = 2, MAX_FORMATS = 8 };
enum { FORM_DATA2 = 0x05, FORM_DATA4, FORM_STRING = 0x08, FORM_DATA1 = 0x0b, FORM_STRP = 0x0e, FORM_UDATA };
enum { FORM_DATA16 = 0x1e, FORM_LINE_STRP };

struct entry {
	const char *path;
	uint64_t directory;
};

/* The table's cursor, and what says how its entries are made (version 5). */
struct table {
	struct dwarf *d;
	struct iov_cursor c;
	const char *comp_dir;
	uint64_t formats[MAX_FORMATS][2];
	uint32_t format_count;
};

static const char *section_string(const struct dwarf *d, const struct iov_section *s, uint64_t offset)
{
	struct iov_cursor c;

	cursor_init(&c, s ? s->data : NULL, s && s->data ? s->size : 0, d->obj->big_endian);
	cursor_seek(&c, offset);
	return cursor_str(&c);
}

static void read_content(struct table *t, uint64_t content, uint64_t form, struct entry *out)
{
	const char *text = NULL;
	uint64_t number = 0;

	switch (form) {
	case FORM_STRING:
		text = cursor_str(&t->c);
		break;
	case FORM_STRP:
		text = section_string(t->d, t->d->str, dwarf_offset(t->d, &t->c, t->d->line));
		break;
	case FORM_LINE_STRP:
		text = section_string(t->d, t->d->line_str, dwarf_offset(t->d, &t->c, t->d->line));
		break;
	case FORM_UDATA:
		number = cursor_uleb(&t->c);
		break;
	case FORM_DATA1:
		number = cursor_u8(&t->c);
		break;
	case FORM_DATA2:
		number = cursor_u16(&t->c);
		break;
	case FORM_DATA4:
		number = cursor_u32(&t->c);
		break;
	case FORM_DATA16:
		cursor_skip(&t->c, 16);
		break;
	default:
		t->c.bad = true;
	}
	if (content == LNCT_PATH)
		out->path = text;
	else if (content == LNCT_DIRECTORY)
		out->directory = number;
}

static uint64_t read_formats(struct table *t)
{
	t->format_count = cursor_u8(&t->c);
	if (t->format_count > MAX_FORMATS)
		t->c.bad = true;
	for (uint32_t i = 0; i < t->format_count && !t->c.bad; i++) {
		t->formats[i][0] = cursor_uleb(&t->c);
		t->formats[i][1] = cursor_uleb(&t->c);
	}
	return cursor_uleb(&t->c);
}

static struct entry read_entry(struct table *t)
{
	struct entry e = {0};

	for (uint32_t i = 0; i < t->format_count; i++)
		read_content(t, t->formats[i][0], t->formats[i][1], &e);
	return e;
}

/* Entry number `wanted` of the next list of entries, all of which are passed. */
static struct entry entry_at(struct table *t, uint64_t wanted)
{
	uint64_t count = read_formats(t);
	struct entry found = {0};

	for (uint64_t i = 0; i < count && !t->c.bad && dwarf_spend(t->d); i++) {
		struct entry e = read_entry(t);

		if (i == wanted)
			found = e;
	}
	return found;
}

static struct entry entry_v5(struct table *t, uint64_t file, const char **directory)
{
	struct table again = *t;
	struct entry e;

	entry_at(t, 0);
	e = entry_at(t, file);
	*directory = entry_at(&again, e.directory).path;
	return e;
}

/* Version 4: lists end with an empty name, both count from 1; directory 0 is the compiler's own. */
static struct entry entry_v4(struct table *t, uint64_t file, const char **directory)
{
	struct iov_cursor directories = t->c;
	struct entry e = {0};
	const char *s;

	while ((s = cursor_str(&t->c)) && *s)
		;
	for (uint64_t i = 1; (s = cursor_str(&t->c)) && *s && i <= file; i++) {
		e = (struct entry){s, cursor_uleb(&t->c)};
		cursor_uleb(&t->c);
		cursor_uleb(&t->c);
	}
	*directory = NULL;
	for (uint64_t i = 1; i <= e.directory && (s = cursor_str(&directories)) && *s; i++)
		*directory = i == e.directory ? s : NULL;
	return e;
}

/* The whole name of file number `file` of the line table at `offset`, or NULL. */
static const char *file_name(struct dwarf *d, uint64_t offset, uint64_t file, const char *comp_dir)
{
	struct table t = {.d = d};
	const char *directory;
	uint16_t version;
	uint8_t opcodes;
	struct entry e;

	if (!d->line || !d->line->data)
		return NULL;
	cursor_init(&t.c, d->line->data, d->line->size, d->obj->big_endian);
	cursor_seek(&t.c, offset);
	cursor_skip(&t.c, 4);
	version = cursor_u16(&t.c);
	cursor_skip(&t.c, version >= 5 ? 6 : 4); /* address sizes, header length */
	cursor_skip(&t.c, 5);
	opcodes = cursor_u8(&t.c);
	cursor_skip(&t.c, opcodes ? opcodes - 1u : 0);
	if (version < 4 || version > 5)
		return NULL;
	e = version == 5 ? entry_v5(&t, file, &directory) : entry_v4(&t, file, &directory);
	if (t.c.bad || !e.path)
		return NULL;
	if (comp_dir && !*comp_dir) /* mapped away, so that objects do not say where they were made */
		comp_dir = NULL;
	if (directory && !*directory)
		directory = NULL;
	if (*e.path == '/' || (!directory && !comp_dir))
		return e.path;
	if (directory && *directory != '/' && comp_dir)
		return dwarf_printf(d, "%s/%s/%s", comp_dir, directory, e.path);
	return dwarf_printf(d, "%s/%s", directory ? directory : comp_dir, e.path);
}

static struct iov_map_def *map_named(const struct iov_object *obj, const char *name)
{
	for (uint32_t i = 0; i < obj->map_count; i++)
		if (obj->maps[i]->origin == IOV_MAP_USER && !strcmp(obj->maps[i]->name, name))
			return obj->maps[i];
	return NULL;
}

static void locate(struct dwarf *d, const struct dwarf_die *unit, const struct dwarf_die *die)
{
	const char *name = dwarf_string(d, &die->name), *file;
	struct iov_map_def *map = name ? map_named(d->obj, name) : NULL;

	if (!map || die->decl_line.class != DWARF_UINT || unit->stmt_list.class != DWARF_OFFSET || map->where.line)
		return;
	file = file_name(d, unit->stmt_list.u, die->decl_file.u, dwarf_string(d, &unit->comp_dir));
	if (!file)
		return;
	map->where.file = file;
	map->where.line = (uint32_t)die->decl_line.u;
	for (struct iov_map_def *m = (struct iov_map_def *)map->inner; m; m = NULL)
		m->where = map->where;
}

/* The variables outside functions. */
static void read_unit(struct dwarf *d)
{
	struct dwarf_die unit, die;
	uint64_t at;
	uint32_t depth = 1;

	if (!dwarf_read_die(d, d->unit.first_die, &unit) || !unit.children)
		return;
	for (at = unit.next; depth && at < d->unit.end && dwarf_read_die(d, at, &die); at = die.next) {
		if (!die.tag)
			depth--;
		else if (depth == 1 && die.tag == TAG_VARIABLE)
			locate(d, &unit, &die);
		depth += die.tag && die.children;
	}
}

enum iov_status maps_locate(struct iov_object *obj)
{
	struct dwarf d;

	if (!obj->map_count || obj->maps[0]->origin != IOV_MAP_USER || !dwarf_open(&d, obj, obj->arena))
		return IOV_OK;
	while (dwarf_next_unit(&d))
		read_unit(&d);
	return d.oom ? IOV_NOMEM : IOV_OK;
}
