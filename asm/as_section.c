/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: sections and what is appended to them. Bytes go into a section's buffer; what has no fixed size or value yet
 * leaves a point (variable part) or a fixup. */
#include "asm/as_part.h"

enum { MAX_SECTION = 1 << 30 };

struct as_section *as_section_find(const struct as *s, const char *name)
{
	for (uint32_t i = 1; i < s->section_count; i++)
		if (!strcmp(s->sections[i]->name, name))
			return s->sections[i];
	return NULL;
}

static bool add_section(struct as *s, struct as_section *x)
{
	if (s->section_count + 1 >= s->section_room) {
		uint32_t room = s->section_room ? s->section_room * 2 : 16;
		struct as_section **all = arena_array(s->arena, room, sizeof(*all));

		if (!all)
			return as_oom(s);
		if (s->section_count)
			memcpy(all, s->sections, s->section_count * sizeof(*all));
		s->sections = all;
		s->section_room = room;
	}
	if (!s->section_count)
		s->section_count = 1;
	x->elf_index = s->section_count;
	s->sections[s->section_count++] = x;
	return true;
}

struct as_section *as_section_get(struct as *s, const char *name, uint32_t type, uint64_t flags, uint64_t entsize)
{
	struct as_section *x = as_section_find(s, name);
	struct as_symbol *y;

	if (x)
		return x;
	x = ARENA_NEW(s->arena, struct as_section);
	if (!x || !(x->name = arena_strdup(s->arena, name)))
		return as_oom(s);
	x->type = type;
	x->flags = flags;
	x->entsize = entsize;
	/* as LLVM has them */
	x->align = !strcmp(name, ".text") || !strcmp(name, ".BTF") || !strcmp(name, ".BTF.ext") ? 4 : 1;
	buf_init(&x->data, s->alloc);
	buf_init(&x->marks, s->alloc);
	if (!add_section(s, x) || !(x->symbol = as_anonymous(s)))
		return NULL;
	y = as_sym(s, x->symbol);
	y->kind = AS_SECTION;
	y->type = STT_SECTION;
	y->section = x->elf_index;
	return x;
}

void as_section_switch(struct as *s, struct as_section *section)
{
	if (!section)
		return;
	s->previous = s->cur;
	s->cur = section;
}

struct as_section *as_section_now(struct as *s)
{
	if (!s->cur)
		s->cur = as_section_get(s, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0);
	if (s->cur && s->cur->has_code && s->cur->align < 8)
		s->cur->align = 8;
	return s->cur;
}

uint32_t as_flat(const struct as_section *x)
{
	return x->type == SHT_NOBITS ? (uint32_t)x->size : (uint32_t)x->data.len;
}

static bool room_for(struct as *s, struct as_section *x, uint64_t len)
{
	uint64_t most = s->options->limit ? s->options->limit : MAX_SECTION;

	if (len <= most && (x->type == SHT_NOBITS ? x->size : x->data.len) + len <= most)
		return true;
	as_error(s, s->statement, 0, DIAG_ASM_RANGE, "section %s would have more than %llu bytes", x->name,
		 (unsigned long long)most);
	return false;
}

uint8_t *as_emit(struct as *s, size_t len)
{
	struct as_section *x = as_section_now(s);
	uint8_t *p;

	if (!x || !room_for(s, x, len))
		return NULL;
	if (x->type == SHT_NOBITS) {
		as_error(s, s->statement, 0, DIAG_ASM_SECTION,
			 "section %s holds zeros only: it has no room for data or code", x->name);
		return NULL;
	}
	p = buf_grow(&x->data, len);
	return p ? p : as_oom(s);
}

/* Data too has a place in the source. */
static void note_place(struct as *s)
{
	if (s->dwarf && as_section_now(s))
		as_dwarf_here(s, s->cur, as_flat(s->cur));
}

void as_emit_data(struct as *s, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	size_t zeros = 0;
	uint8_t *p;

	note_place(s);
	while (s->cur && s->cur->type == SHT_NOBITS && zeros < len && !bytes[zeros])
		zeros++;
	if (zeros == len) {
		as_emit_zero(s, len, 0);
		return;
	}
	p = as_emit(s, len);
	if (p)
		memcpy(p, data, len);
}

void as_emit_int(struct as *s, uint64_t value, unsigned bytes)
{
	uint8_t *p;

	note_place(s);
	if (!value && s->cur && s->cur->type == SHT_NOBITS)
		as_emit_zero(s, bytes, 0);
	else if ((p = as_emit(s, bytes)))
		as_store(p, value, bytes, s->big);
}

void as_emit_zero(struct as *s, uint64_t count, uint8_t fill)
{
	struct as_section *x = as_section_now(s);
	uint8_t *p;

	if (!x || !count || !room_for(s, x, count))
		return;
	if (x->type == SHT_NOBITS && !fill) {
		x->size += count;
		return;
	}
	p = as_emit(s, (size_t)count);
	if (p)
		memset(p, fill, (size_t)count);
}

/* Room for one more in an array that grows by doubling. Never moves what the array was in the arena's past. */
static void *grow(struct as *s, void *array, uint32_t count, uint32_t *room, size_t each)
{
	uint32_t wanted = *room ? *room * 2 : 64;
	void *p;

	if (count < *room)
		return array;
	p = wanted > *room ? alloc_resize(s->alloc, array, *room * each, wanted * each) : NULL;
	if (!p)
		return as_oom(s);
	*room = wanted;
	return p;
}

struct as_fixup *as_fix(struct as *s, struct as_section *x, const char *at, uint32_t offset, enum as_fix_kind kind,
			const struct as_value *v)
{
	struct as_fixup *all = grow(s, x->fixups, x->fixup_count, &x->fixup_room, sizeof(*all));

	if (!all)
		return NULL;
	x->fixups = all;
	all[x->fixup_count] = (struct as_fixup){.at = at, .value = *v, .offset = offset, .kind = (uint8_t)kind};
	return &all[x->fixup_count++];
}

struct as_jump *as_jump(struct as *s, struct as_section *x)
{
	struct as_jump *all = grow(s, x->jumps, x->jump_count, &x->jump_room, sizeof(*all));

	if (!all)
		return NULL;
	x->jumps = all;
	return &all[x->jump_count++];
}

struct as_point *as_point(struct as *s, struct as_section *x, enum as_point_kind kind, uint32_t offset, uint32_t flat)
{
	struct as_point *all = grow(s, x->points, x->point_count, &x->point_room, sizeof(*all));

	if (!all)
		return NULL;
	x->points = all;
	all[x->point_count] = (struct as_point){.kind = (uint8_t)kind, .offset = offset, .flat = flat, .size = flat};
	return &all[x->point_count++];
}

static enum as_fix_kind data_fix(unsigned bytes)
{
	return bytes == 1 ? AS_FIX_1 : bytes == 2 ? AS_FIX_2 : bytes == 4 ? AS_FIX_4 : AS_FIX_8;
}

/* Whether a number can stand in `bytes` bytes, as signed or unsigned. */
static bool fits(int64_t n, unsigned bytes)
{
	return bytes == 8 || (n >= -((int64_t)1 << (bytes * 8 - 1)) && n < (int64_t)1 << bytes * 8);
}

void as_emit_value(struct as *s, const char *at, const struct as_value *v, unsigned bytes)
{
	uint32_t offset;
	uint8_t *p;

	if (as_is_number(v) && !fits(v->n, bytes)) {
		as_error(s, at, 0, DIAG_ASM_RANGE, "the number does not fit in %u byte%s", bytes, bytes > 1 ? "s" : "");
		return;
	}
	if (as_is_number(v)) {
		as_emit_int(s, (uint64_t)v->n, bytes);
		return;
	}
	if (!(p = as_emit(s, bytes)))
		return;
	as_store(p, 0, bytes, s->big);
	offset = as_flat(s->cur) - bytes;
	as_fix(s, s->cur, at, offset, data_fix(bytes), v);
}

void as_emit_leb(struct as *s, const char *at, const struct as_value *v, bool is_signed)
{
	uint32_t offset;
	uint8_t *p;

	if (as_is_number(v)) {
		uint64_t n = (uint64_t)v->n;
		bool more;

		do {
			uint8_t byte = n & 127;

			n = is_signed ? (uint64_t)((int64_t)n >> 7) : n >> 7;
			more = is_signed ? !((n == 0 && !(byte & 64)) || (n == UINT64_MAX && byte & 64)) : n != 0;
			as_emit_int(s, byte | (more ? 128u : 0u), 1);
		} while (more && !s->bad);
		return;
	}
	if (!(p = as_emit(s, 1)))
		return;
	*p = 0;
	offset = as_flat(s->cur) - 1;
	if (as_fix(s, s->cur, at, offset, is_signed ? AS_FIX_SLEB : AS_FIX_ULEB, v)) {
		struct as_point *point = as_point(s, s->cur, is_signed ? AS_POINT_SLEB : AS_POINT_ULEB, offset, 1);

		if (point)
			point->align = s->cur->fixup_count - 1;
	}
}

/* Padding is exact at once while nothing before it in the section can still change its size. Until then whole slots of
 * code stay whole. */
void as_align(struct as *s, uint64_t align, uint8_t fill, uint32_t max)
{
	struct as_section *x = as_section_now(s);
	struct as_point *point;
	uint32_t flat;
	uint8_t *room;
	uint64_t pad;

	if (!x || align <= 1)
		return;
	if (x->align < align)
		x->align = align;
	if (!x->point_count && (!x->has_code || align <= 8)) {
		pad = -(uint64_t)as_flat(x) & (align - 1);
		if (!max || pad <= max)
			as_emit_zero(s, pad, fill);
		return;
	}
	flat = x->has_code && align >= 8 ? 8 - (as_flat(x) & 7) : 1;
	if (x->type == SHT_NOBITS || !(room = as_emit(s, flat)))
		return;
	memset(room, fill, flat);
	point = as_point(s, x, AS_POINT_ALIGN, as_flat(x) - flat, flat);
	if (point) {
		point->align = align;
		point->max = max;
		point->fill = fill;
	}
}
