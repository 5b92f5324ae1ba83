/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: .BTF bytes → struct iov_btf_raw: header, byte order, where each type begins, names. The graph is checked by
 * btf_check.c. */
#include "linker/object/btf_raw.h"

#include "asm/base/hash.h"
#include "linker/object/internal.h"

struct reader {
	struct iov_btf_raw *raw;
	const char *file;
	struct iov_arena *arena;
	struct iov_sink *sink;
};

#define BAD(r, ...)                                                                                                    \
	(diag_hint(diag_add((r)->sink, DIAG_BTF_BAD, span_file((r)->file), __VA_ARGS__), OBJECT_REMAKE), IOV_DIAGNOSED)

/* The types in this machine's order: the file's own words, or a copy. */
static const uint32_t *take_words(struct reader *r, const uint8_t *types, uint32_t count, bool big_endian)
{
	bool as_is = big_endian == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) && !((uintptr_t)types & 3);
	uint32_t *words;

	if (as_is)
		return (const uint32_t *)types;
	words = arena_room(r->arena, count, sizeof(*words));
	for (uint32_t i = 0; words && i < count; i++) {
		memcpy(&words[i], types + 4 * (size_t)i, 4);
		if (big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
			words[i] = __builtin_bswap32(words[i]);
	}
	return words;
}

static enum iov_status read_header(struct reader *r, const void *bytes, size_t len, bool big_endian)
{
	struct iov_btf_raw *raw = r->raw;
	struct iov_cursor c;
	uint32_t header, type_off, type_len, string_off;
	const uint8_t *strings;

	cursor_init(&c, bytes, len, big_endian);
	if (cursor_u16(&c) != BTF_MAGIC)
		return BAD(r, "the BTF data has no magic number in the file's byte order");
	if (cursor_u8(&c) != BTF_VERSION)
		return BAD(r, "the BTF version is not %d", BTF_VERSION);
	cursor_skip(&c, 1);
	header = cursor_u32(&c);
	type_off = cursor_u32(&c);
	type_len = cursor_u32(&c);
	string_off = cursor_u32(&c);
	raw->string_len = cursor_u32(&c);
	if (c.bad || header < 24 || header > len)
		return BAD(r, "the BTF header is cut short");
	if (type_off & 3 || (uint64_t)type_off + type_len > len - header ||
	    (uint64_t)string_off + raw->string_len > len - header)
		return BAD(r, "the BTF header's sections lie outside the data");
	strings = (const uint8_t *)bytes + header + string_off;
	if (!raw->string_len || strings[0] || strings[raw->string_len - 1])
		return BAD(r, "the BTF string table does not begin and end with a NUL");
	raw->strings = (const char *)strings;
	raw->word_count = type_len / 4;
	raw->words = take_words(r, (const uint8_t *)bytes + header + type_off, raw->word_count, big_endian);
	if (!raw->words)
		return IOV_NOMEM;
	return type_len % 4 ? BAD(r, "the last type is cut short") : IOV_OK;
}

static enum iov_status find_types(struct reader *r)
{
	struct iov_btf_raw *raw = r->raw;
	uint32_t *at, end = raw->word_count, id = 1;
	uint8_t *kinds;

	for (uint32_t i = 0; i < end; id++) {
		uint32_t info = end - i > RAW_INFO ? raw->words[i + RAW_INFO] : 0;
		uint32_t kind = info >> 24 & 31, tail = btf_tail_words((uint8_t)kind, info & 0xffff);

		if (!kind || kind > KIND_LAST)
			return BAD(r, "type %u has kind %u, which does not exist", id, kind);
		if (end - i < RAW_TAIL || end - i - RAW_TAIL < tail)
			return BAD(r, "type %u is cut short", id);
		raw->section_count += kind == BTF_KIND_DATASEC;
		i += RAW_TAIL + tail;
	}
	raw->count = id;
	raw->at = at = arena_room(r->arena, raw->count, sizeof(*at));
	raw->kind = kinds = arena_room(r->arena, raw->count, 1);
	if (!at || !kinds)
		return IOV_NOMEM;
	at[0] = kinds[0] = 0;
	for (uint32_t i = 0, n = 1; i < end; n++) {
		uint32_t info = raw->words[i + RAW_INFO];

		at[n] = i;
		kinds[n] = info >> 24 & 31;
		i += RAW_TAIL + btf_tail_words(info >> 24 & 31, info & 0xffff);
	}
	return IOV_OK;
}

/* A name that goes into text, JSON and C as it is: no control characters, quotation marks and backslashes. Eight bytes
 * at a time where there are eight. */
static bool is_plain(const char *name, const char *end)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
	uint64_t w;

	for (; end - name >= 8; name += 8) {
		uint64_t quote, slash, del, found;

		memcpy(&w, name, 8);
		quote = w ^ ones * '"';
		slash = w ^ ones * '\\';
		del = w ^ ones * 0x7f;
		found = (((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
			 ((del - ones) & ~del)) &
			tops;
		if (!found)
			continue;
		if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
			name += __builtin_ctzll(found) / 8; /* most often the NUL */
		break;
	}
	for (; *name; name++)
		if ((uint8_t)*name < 0x20 || *name == 0x7f || *name == '"' || *name == '\\')
			return false;
	return true;
}

static inline bool name_fits(const struct iov_btf_raw *raw, uint32_t offset)
{
	return !offset || (offset < raw->string_len &&
			   is_plain(raw->strings + offset, raw->strings + raw->string_len));
}

/* Tags may say anything. */
static bool names_fit(const struct iov_btf_raw *raw, const uint32_t *t)
{
	uint8_t kind = raw_kind(t);
	uint32_t step = kind == BTF_KIND_ENUM || kind == BTF_KIND_FUNC_PROTO ? 2 : 3;
	bool members = step == 2 || kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == KIND_ENUM64;

	if (kind == KIND_DECL_TAG || kind == KIND_TYPE_TAG)
		return t[RAW_NAME] < raw->string_len;
	if (!name_fits(raw, t[RAW_NAME]))
		return false;
	for (uint32_t i = 0; members && i < raw_count(t); i++)
		if (!name_fits(raw, t[RAW_TAIL + step * i]))
			return false;
	return true;
}

static enum iov_status check_names(struct reader *r)
{
	for (uint32_t id = 1; id < r->raw->count; id++)
		if (!names_fit(r->raw, btf_raw_type(r->raw, id)))
			return BAD(r, "a name of type %u is outside the string table or not printable", id);
	return IOV_OK;
}

/* Declarations by name. */

static bool is_declared(uint8_t kind)
{
	return kind == BTF_KIND_FUNC || kind == BTF_KIND_VAR || kind == BTF_KIND_DATASEC;
}

static enum iov_status index_names(struct reader *r)
{
	struct iov_btf_raw *raw = r->raw;
	uint32_t declared = 0;

	for (uint32_t id = 1; id < raw->count; id++)
		declared += is_declared(raw->kind[id]);
	for (raw->by_name_size = 16; raw->by_name_size < 2 * declared;)
		raw->by_name_size *= 2;
	raw->by_name = arena_array(r->arena, raw->by_name_size, sizeof(*raw->by_name));
	if (!raw->by_name)
		return IOV_NOMEM;
	for (uint32_t id = 1; id < raw->count; id++) {
		const uint32_t *t = btf_raw_type(raw, id);
		uint32_t slot;

		if (!is_declared(raw->kind[id]))
			continue;
		slot = (uint32_t)hash_name(raw_name(raw, t)) & (raw->by_name_size - 1);
		while (raw->by_name[slot])
			slot = (slot + 1) & (raw->by_name_size - 1);
		raw->by_name[slot] = id;
	}
	return IOV_OK;
}

uint32_t btf_raw_find(const struct iov_btf_raw *raw, const char *name, uint8_t kind)
{
	uint32_t slot, id;

	if (!raw || !*name)
		return 0;
	slot = (uint32_t)hash_name(name) & (raw->by_name_size - 1);
	for (; (id = raw->by_name[slot]); slot = (slot + 1) & (raw->by_name_size - 1)) {
		const uint32_t *t = btf_raw_type(raw, id);

		if (raw_kind(t) == kind && !strcmp(raw_name(raw, t), name))
			return id;
	}
	return 0;
}

struct iov_btf_type *btf_raw_section(const struct iov_btf_raw *raw, const char *name)
{
	for (uint32_t i = 0; raw && i < raw->section_count; i++)
		if (!strcmp(raw->sections[i].name, name))
			return &raw->sections[i];
	return NULL;
}

static enum iov_status read_sections(struct reader *r)
{
	struct iov_btf_raw *raw = r->raw;
	uint32_t n = 0;

	raw->sections = arena_array(r->arena, raw->section_count, sizeof(*raw->sections));
	raw->section_ids = arena_array(r->arena, raw->section_count, sizeof(*raw->section_ids));
	if (!raw->sections || !raw->section_ids)
		return IOV_NOMEM;
	for (uint32_t id = 1; id < raw->count; id++) {
		if (raw->kind[id] != BTF_KIND_DATASEC)
			continue;
		raw->section_ids[n] = id;
		if (!btf_raw_widen(raw, id, r->arena, &raw->sections[n++]))
			return IOV_NOMEM;
	}
	return IOV_OK;
}

enum iov_status btf_raw_read(const void *bytes, size_t len, bool big_endian, const char *file, struct iov_arena *arena,
			     struct iov_sink *sink, struct iov_btf_raw **out)
{
	struct reader r = {.raw = ARENA_NEW(arena, struct iov_btf_raw), .file = file, .arena = arena, .sink = sink};
	enum iov_status status = r.raw ? read_header(&r, bytes, len, big_endian) : IOV_NOMEM;

	if (!status)
		status = find_types(&r);
	if (!status)
		status = check_names(&r);
	if (!status)
		status = btf_check(r.raw, file, arena, sink);
	if (!status)
		status = index_names(&r);
	if (!status)
		status = read_sections(&r);
	if (!status)
		*out = r.raw;
	return status;
}
