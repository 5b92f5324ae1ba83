/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: .file, .loc and .cfi_*: what they say is kept until the end. */
#include "asm/as_dwarf.h"

enum { MAX_FILES = 1 << 16 };

void *as_arena_room(struct as *s, void *array, uint32_t count, uint32_t *room, size_t each)
{
	uint32_t wanted = *room ? *room * 2 : 16;
	void *p;

	if (count < *room)
		return array;
	p = arena_array(s->arena, wanted, each);
	if (!p)
		return as_oom(s);
	if (count)
		memcpy(p, array, count * each);
	*room = wanted;
	return p;
}

static struct as_dwarf *dwarf(struct as *s)
{
	if (!s->dwarf) {
		s->dwarf = ARENA_NEW(s->arena, struct as_dwarf);
		if (!s->dwarf)
			return as_oom(s);
		s->dwarf->loc.flags = AS_LOC_IS_STMT;
	}
	return s->dwarf;
}

/* Number of a folder; 0 is the compilation's own. */
static uint32_t directory(struct as *s, struct as_dwarf *d, const char *dir)
{
	const char **dirs;

	for (uint32_t i = 0; i < d->dir_count; i++)
		if (!strcmp(d->dirs[i], dir))
			return i;
	dirs = as_arena_room(s, d->dirs, d->dir_count, &d->dir_room, sizeof(*dirs));
	if (!dirs)
		return 0;
	d->dirs = dirs;
	dirs[d->dir_count] = dir;
	return d->dir_count++;
}

/* 0x and 32 hexadecimal digits. */
static bool parse_md5(struct as *s, struct as_dwarf_file *f)
{
	const char *p = s->p + 2;

	for (int i = 0; i < 32; i++, p++) {
		int digit = as_is(*p, AS_C_HEX) ? (*p <= '9' ? *p - '0' : (*p | 32) - 'a' + 10) : -1;

		if (digit < 0 || s->p[0] != '0' || (s->p[1] | 32) != 'x') {
			as_error(s, s->p, 0, DIAG_ASM_SYNTAX, "a checksum is 0x and 32 hexadecimal digits");
			return false;
		}
		f->md5[i / 2] = (uint8_t)(f->md5[i / 2] << 4 | digit);
	}
	s->p = p;
	return f->has_md5 = true;
}

/* "FOLDER" "FILE", or "FOLDER/FILE". */
static bool parse_path(struct as *s, struct as_dwarf *d, uint64_t number, struct as_dwarf_file *f)
{
	const char *first, *second = NULL, *slash;
	size_t len;

	if (!as_string(s, &first, &len))
		return false;
	as_blanks(s);
	if (*s->p == '"' && !as_string(s, &second, &len))
		return false;
	if (!d->dir_count)
		directory(s, d, number ? "" : second ? first : "");
	if (!second && number && (slash = strrchr(first, '/')) && slash > first) {
		second = slash + 1;
		first = arena_copy(s->arena, first, (size_t)(slash - first));
		if (!first)
			return as_oom(s);
	}
	f->name = second ? second : first;
	f->dir = number && second ? directory(s, d, first) : 0;
	return true;
}

static void numbered_file(struct as *s, const char *at)
{
	struct as_dwarf *d = dwarf(s);
	struct as_dwarf_file file = {0}, *files;
	const char *word;
	uint64_t n;
	size_t len;

	if (!d || !as_number(s, &n))
		return;
	if (n >= MAX_FILES) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "a file has a number below %d", MAX_FILES);
		return;
	}
	if (!parse_path(s, d, n, &file))
		return;
	while (as_word(s, &word, &len) && !s->bad) {
		as_blanks(s);
		if (as_word_is(word, len, "md5") && !parse_md5(s, &file))
			return;
		if (as_word_is(word, len, "source") && !as_string(s, &word, &len))
			return;
	}
	while (d->file_room <= n) {
		files = as_arena_room(s, d->files, d->file_room, &d->file_room, sizeof(*files));
		if (!files)
			return;
		d->files = files;
	}
	if (d->file_count <= n)
		d->file_count = (uint32_t)n + 1;
	d->files[n] = file;
	*(file.has_md5 ? &d->any_md5 : &d->any_plain) = true;
}

void as_dir_file(struct as *s, int arg, const char *at)
{
	const char *text;
	size_t len;

	(void)arg;
	as_blanks(s);
	if (as_is(*s->p, AS_C_DIGIT))
		numbered_file(s, at);
	else if (as_string(s, &text, &len))
		s->file_name = text;
}

static bool loc_number(struct as *s, uint32_t *out)
{
	const char *at;
	uint64_t n;

	as_blanks(s);
	at = s->p;
	if (!as_number(s, &n))
		return false;
	*out = (uint32_t)n;
	return n <= UINT32_MAX || (as_error(s, at, 0, DIAG_ASM_RANGE, "the number does not fit in 32 bits"), false);
}

static bool loc_option(struct as *s, struct as_loc *loc, const char *word, size_t len)
{
	static const struct {
		const char *name;
		uint8_t flag;
	} flags[] = {{"prologue_end", AS_LOC_PROLOGUE_END},
		     {"epilogue_begin", AS_LOC_EPILOGUE_BEGIN},
		     {"basic_block", AS_LOC_BASIC_BLOCK}};
	uint32_t n;

	for (int i = 0; i < 3; i++)
		if (as_word_is(word, len, flags[i].name))
			return loc->flags |= flags[i].flag;
	if (as_word_is(word, len, "is_stmt")) {
		if (!loc_number(s, &n))
			return false;
		loc->flags = (uint8_t)((loc->flags & ~AS_LOC_IS_STMT) | (n ? AS_LOC_IS_STMT : 0));
		return true;
	}
	if (as_word_is(word, len, "discriminator"))
		return loc_number(s, &loc->discriminator);
	if (as_word_is(word, len, "isa"))
		return loc_number(s, &loc->isa);
	as_error(s, word, len, DIAG_ASM_SYNTAX,
		 "after a place may stand is_stmt, prologue_end, epilogue_begin, "
		 "basic_block, discriminator and isa");
	return false;
}

void as_dir_loc(struct as *s, int arg, const char *at)
{
	struct as_dwarf *d = dwarf(s);
	struct as_loc loc = {0};
	const char *word;
	size_t len;

	(void)arg;
	if (!d || !loc_number(s, &loc.file) || !loc_number(s, &loc.line))
		return;
	loc.flags = d->loc.flags & AS_LOC_IS_STMT;
	as_blanks(s);
	if (as_is(*s->p, AS_C_DIGIT) && !loc_number(s, &loc.col))
		return;
	while (as_word(s, &word, &len))
		if (!loc_option(s, &loc, word, len))
			return;
	if (loc.file >= d->file_count || !d->files[loc.file].name) {
		as_error(s, at, 0, DIAG_ASM_UNDEFINED, "there is no .file %u", loc.file);
		return;
	}
	if (d->pending && as_section_now(s)) /* two in a row: each has its row */
		as_dwarf_here(s, s->cur, as_flat(s->cur));
	d->loc = loc;
	d->pending = true;
}

static void add_loc(struct as *s, struct as_loc loc, uint32_t section, uint32_t offset)
{
	struct as_dwarf *d = s->dwarf;
	struct as_loc *locs = as_arena_room(s, d->locs, d->loc_count, &d->loc_room, sizeof(*locs));

	if (!locs)
		return;
	d->locs = locs;
	loc.section = section;
	loc.offset = offset;
	locs[d->loc_count++] = loc;
}

/* The place of the last .loc is that of what comes now. Code in another section ends the rows of the one before. */
void as_dwarf_here(struct as *s, const struct as_section *x, uint32_t offset)
{
	struct as_dwarf *d = s->dwarf;
	uint32_t before = d->loc_count ? d->locs[d->loc_count - 1].section : 0;

	if (!d->pending)
		return;
	d->pending = false;
	if (before && before != x->elf_index)
		add_loc(s, (struct as_loc){.end = true}, before, as_flat(s->sections[before]));
	add_loc(s, d->loc, x->elf_index, offset);
}

/* .cfi_sections, .cfi_startproc, .cfi_endproc: eBPF has nothing else to say about frames. */
void as_dir_cfi(struct as *s, int which, const char *at)
{
	struct as_section *x = as_section_now(s);
	struct as_dwarf *d = dwarf(s);
	struct as_frame_range *f, *last;

	if (!x || !d)
		return;
	last = d->frame_count ? &d->frames[d->frame_count - 1] : NULL;
	if (which == 0) {
		as_skip_statement(s);
	} else if (which == 2) {
		if (!last || !last->open) {
			as_error(s, at, 0, DIAG_ASM_BLOCK, ".cfi_endproc without .cfi_startproc");
			return;
		}
		last->end = as_flat(x);
		last->open = false;
	} else {
		if (last && last->open) {
			as_error(s, at, 0, DIAG_ASM_BLOCK, "the function before has no .cfi_endproc");
			return;
		}
		f = as_arena_room(s, d->frames, d->frame_count, &d->frame_room, sizeof(*f));
		if (!f)
			return;
		d->frames = f;
		f[d->frame_count++] = (struct as_frame_range){x->elf_index, as_flat(x), as_flat(x), at, true};
	}
}
