/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: .BTF.ext bytes → struct iov_btf_ext. Checks sizes, strings and the order of records; whether types exist and
 * whether instructions do is checked by object.c, which has the sections. Source: bpf/btf.rst, section 4. */
#include "linker/object/internal.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	const void *bytes;
	size_t len;
	bool big_endian, as_runs;
	const char *strings, *file;
	uint32_t string_len;
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_btf_ext *ext;
	size_t room; /* sections allocated */
};

/* One of the three tables: what its records are and the least size that they have. */
enum table { FUNCS, LINES, CORES };
static const uint32_t record_min[] = {[FUNCS] = 8, [LINES] = 16, [CORES] = 16};

#define BAD(r, ...)                                                                                                    \
	(diag_hint(diag_add((r)->sink, DIAG_BTF_EXT_BAD, span_file((r)->file), __VA_ARGS__), OBJECT_REMAKE),           \
	 IOV_DIAGNOSED)

static const char *string_at(const struct reader *r, uint32_t offset)
{
	return offset < r->string_len ? r->strings + offset : NULL;
}

static enum iov_status find_strings(struct reader *r, const void *btf, size_t len)
{
	struct iov_cursor c;
	uint32_t header, offset;

	cursor_init(&c, btf, len, r->big_endian);
	cursor_skip(&c, 4);
	header = cursor_u32(&c);
	cursor_skip(&c, 8);
	offset = cursor_u32(&c);
	r->string_len = cursor_u32(&c);
	if (c.bad || (uint64_t)header + offset + r->string_len > len)
		return BAD(r, ".BTF.ext needs the string table of .BTF, which is damaged");
	r->strings = (const char *)btf + header + offset;
	if (!r->string_len || r->strings[r->string_len - 1])
		return BAD(r, ".BTF.ext needs the string table of .BTF, which is damaged");
	return IOV_OK;
}

static struct iov_btf_ext_section *section_named(struct reader *r, const char *name)
{
	struct iov_btf_ext *ext = r->ext;

	for (uint32_t i = 0; i < ext->count; i++)
		if (!strcmp(ext->sections[i].name, name))
			return &ext->sections[i];
	if (!arena_grow(r->arena, &ext->sections, ext->count, &r->room, sizeof(*ext->sections)))
		return NULL;
	ext->sections[ext->count].name = name;
	return &ext->sections[ext->count++];
}

static enum iov_status read_funcs(struct reader *r, struct iov_cursor *c, uint32_t size, uint32_t count,
				  struct iov_btf_ext_section *s)
{
	s->funcs = arena_array(r->arena, count, sizeof(*s->funcs));
	if (!s->funcs)
		return IOV_NOMEM;
	s->func_count = count;
	for (uint32_t i = 0; i < count; i++) {
		struct iov_cursor rec = cursor_sub(c, size);
		uint32_t off = cursor_u32(&rec);

		s->funcs[i] = (struct iov_btf_func){off / 8, cursor_u32(&rec)};
		if (off % 8 || (i && s->funcs[i].insn <= s->funcs[i - 1].insn))
			return BAD(r, "function record %u of section %s is out of order", i, s->name);
	}
	return IOV_OK;
}

/* `count` records in this machine's order: the file's own words, or a copy. */
static const uint32_t *take_words(struct reader *r, struct iov_cursor *c, uint32_t size, uint32_t count)
{
	size_t words = (size_t)size / 4 * count;
	const uint8_t *at = cursor_bytes(c, words * 4);
	bool swap = r->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	uint32_t *copy;

	if (!swap && !((uintptr_t)at & 3))
		return (const uint32_t *)at;
	copy = arena_room(r->arena, words, sizeof(*copy));
	for (size_t i = 0; copy && i < words; i++) {
		memcpy(&copy[i], at + 4 * i, 4);
		if (swap)
			copy[i] = __builtin_bswap32(copy[i]);
	}
	return copy;
}

static enum iov_status keep_lines(struct reader *r, struct iov_cursor *c, uint32_t size, uint32_t count,
				  struct iov_btf_ext_section *s)
{
	struct iov_btf_line_run *run = s->runs = ARENA_NEW(r->arena, struct iov_btf_line_run);
	const uint32_t *w = take_words(r, c, size, count);

	if (!run || !w)
		return IOV_NOMEM;
	*run = (struct iov_btf_line_run){.words = w, .step = size / 4, .count = count, .strings = r->strings};
	s->run_count = 1;
	s->line_count = count;
	for (uint32_t i = 0; i < count; w += run->step, i++) {
		if (w[1] >= r->string_len || w[2] >= r->string_len)
			return BAD(r, "line record %u of section %s names a string outside the table", i, s->name);
		if (*w % 8 || (i && *w <= w[-(int)run->step]))
			return BAD(r, "line record %u of section %s is out of order", i, s->name);
	}
	return IOV_OK;
}

static enum iov_status read_lines(struct reader *r, struct iov_cursor *c, uint32_t size, uint32_t count,
				  struct iov_btf_ext_section *s)
{
	s->lines = arena_array(r->arena, count, sizeof(*s->lines));
	if (!s->lines)
		return IOV_NOMEM;
	s->line_count = count;
	for (uint32_t i = 0; i < count; i++) {
		struct iov_cursor rec = cursor_sub(c, size);
		struct iov_btf_line *line = &s->lines[i];
		uint32_t off = cursor_u32(&rec), place;

		line->insn = off / 8;
		line->file = string_at(r, cursor_u32(&rec));
		line->text = string_at(r, cursor_u32(&rec));
		place = cursor_u32(&rec);
		line->line = place >> 10;
		line->col = place & 1023;
		if (!line->file || !line->text)
			return BAD(r, "line record %u of section %s names a string outside the table", i, s->name);
		if (off % 8 || (i && line->insn <= line[-1].insn))
			return BAD(r, "line record %u of section %s is out of order", i, s->name);
	}
	return IOV_OK;
}

static enum iov_status read_cores(struct reader *r, struct iov_cursor *c, uint32_t size, uint32_t count,
				  struct iov_btf_ext_section *s)
{
	s->cores = arena_array(r->arena, count, sizeof(*s->cores));
	if (!s->cores)
		return IOV_NOMEM;
	s->core_count = count;
	for (uint32_t i = 0; i < count; i++) {
		struct iov_cursor rec = cursor_sub(c, size);
		struct iov_btf_core *core = &s->cores[i];
		uint32_t off = cursor_u32(&rec);

		core->insn = off / 8;
		core->type = cursor_u32(&rec);
		core->access = string_at(r, cursor_u32(&rec));
		core->kind = cursor_u32(&rec);
		if (off % 8 || !core->access)
			return BAD(r, "CO-RE record %u of section %s is damaged", i, s->name);
	}
	return IOV_OK;
}

static enum iov_status read_block(struct reader *r, enum table table, struct iov_cursor *c, uint32_t size)
{
	struct iov_btf_ext_section *s;
	const char *name = string_at(r, cursor_u32(c));
	uint32_t count = cursor_u32(c);

	if (c->bad || !name || !count || count > cursor_left(c) / size)
		return BAD(r, "a block of .BTF.ext records is damaged");
	s = section_named(r, name);
	if (!s)
		return IOV_NOMEM;
	if (table == FUNCS ? s->func_count : table == LINES ? s->line_count : s->core_count)
		return BAD(r, ".BTF.ext describes section %s twice", name);
	switch (table) {
	case FUNCS:
		return read_funcs(r, c, size, count, s);
	case LINES:
		return r->as_runs ? keep_lines(r, c, size, count, s) : read_lines(r, c, size, count, s);
	default:
		return read_cores(r, c, size, count, s);
	}
}

static enum iov_status read_table(struct reader *r, enum table table, struct iov_cursor c)
{
	uint32_t size;
	enum iov_status status = IOV_OK;

	if (!cursor_left(&c))
		return IOV_OK;
	size = cursor_u32(&c);
	if (c.bad || size < record_min[table] || size % 4)
		return BAD(r, ".BTF.ext has records of %u bytes", size);
	while (!status && cursor_left(&c))
		status = read_block(r, table, &c, size);
	return status;
}

enum iov_status btf_ext_read(const void *bytes, size_t len, const void *btf_bytes, size_t btf_len, bool big_endian,
			     bool as_runs, const char *file, struct iov_arena *arena, struct iov_sink *sink,
			     struct iov_btf_ext **out)
{
	struct reader r = {.bytes = bytes,
			   .len = len,
			   .big_endian = big_endian,
			   .as_runs = as_runs,
			   .file = file,
			   .arena = arena,
			   .sink = sink};
	enum iov_status status = find_strings(&r, btf_bytes, btf_len);
	struct iov_cursor c;
	uint32_t header;

	if (status)
		return status;
	r.ext = ARENA_NEW(arena, struct iov_btf_ext);
	if (!r.ext)
		return IOV_NOMEM;
	cursor_init(&c, bytes, len, big_endian);
	if (cursor_u16(&c) != BTF_MAGIC || cursor_u8(&c) != BTF_VERSION)
		return BAD(&r, ".BTF.ext has no magic number in the file's byte order");
	cursor_skip(&c, 1);
	header = cursor_u32(&c);
	if (c.bad || header < 24 || header > len)
		return BAD(&r, "the header of .BTF.ext is cut short");
	for (enum table table = FUNCS; !status && table <= CORES; table++) {
		uint32_t offset = 0, size = 0;
		struct iov_cursor body;

		if (table != CORES || header >= 32) {
			offset = cursor_u32(&c);
			size = cursor_u32(&c);
		}
		if (offset % 4 || (uint64_t)header + offset + size > len)
			return BAD(&r, "a table of .BTF.ext lies outside the section");
		cursor_init(&body, (const uint8_t *)bytes + header + offset, size, big_endian);
		status = read_table(&r, table, body);
	}
	if (!status)
		*out = r.ext;
	return status;
}
