/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: .BTF bytes → struct iov_btf, and the check that its graph is sound: every reference in range and of a kind
 * that may stand there, no type that contains itself, values nested at most BTF_MAX_NESTING deep. Source: bpf/btf.rst.
 */
#include "linker/object/internal.h"

struct reader {
	struct iov_btf *btf;
	struct iov_cursor types;
	const char *strings;
	uint32_t string_len;
	const char *file;
	struct iov_arena *arena;
	struct iov_sink *sink;
};

#define BAD(r, ...) (diag_add((r)->sink, DIAG_BTF_BAD, span_file((r)->file), __VA_ARGS__), IOV_DIAGNOSED)

static enum iov_status read_header(struct reader *r, const void *bytes, size_t len, bool big_endian)
{
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
	r->string_len = cursor_u32(&c);
	if (c.bad || header < 24 || header > len)
		return BAD(r, "the BTF header is cut short");
	if (type_off & 3 || (uint64_t)type_off + type_len > len - header ||
	    (uint64_t)string_off + r->string_len > len - header)
		return BAD(r, "the BTF header's sections lie outside the data");
	strings = (const uint8_t *)bytes + header + string_off;
	if (!r->string_len || strings[0] || strings[r->string_len - 1])
		return BAD(r, "the BTF string table does not begin and end with a NUL");
	r->strings = (const char *)strings;
	cursor_init(&r->types, (const uint8_t *)bytes + header + type_off, type_len, big_endian);
	return IOV_OK;
}

/* Bytes after the 12 of a type's head; 0 also for kinds that have none. */
static uint64_t tail_size(uint8_t kind, uint32_t vlen)
{
	switch (kind) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return 12;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_DATASEC:
	case KIND_ENUM64:
		return 12 * (uint64_t)vlen;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return 8 * (uint64_t)vlen;
	default:
		return 0;
	}
}

static enum iov_status count_types(struct reader *r, uint32_t *count)
{
	struct iov_cursor c = r->types;

	for (*count = 1; cursor_left(&c); ++*count) {
		uint32_t info;

		cursor_skip(&c, 4);
		info = cursor_u32(&c);
		cursor_skip(&c, 4);
		if (!(info >> 24 & 31) || (info >> 24 & 31) > KIND_LAST)
			return BAD(r, "type %u has kind %u, which does not exist", *count, info >> 24 & 31);
		cursor_skip(&c, tail_size(info >> 24 & 31, info & 0xffff));
		if (c.bad)
			return BAD(r, "type %u is cut short", *count);
	}
	return IOV_OK;
}

static const char *string_at(struct reader *r, uint32_t offset, bool *bad)
{
	if (offset < r->string_len)
		return r->strings + offset;
	*bad = true;
	return "";
}

/* A name that goes into text, JSON and C as it is. Tags may say anything. */
static const char *name_at(struct reader *r, uint32_t offset, bool *bad)
{
	const char *name = string_at(r, offset, bad);

	for (const char *p = name; *p; p++)
		if ((uint8_t)*p < 0x20 || *p == 0x7f || *p == '"' || *p == '\\')
			*bad = true;
	return name;
}

static void read_member(struct reader *r, const struct iov_btf_type *t, struct iov_btf_member *m, bool *bad)
{
	struct iov_cursor *c = &r->types;
	uint32_t low;

	m->name = "";
	if (t->kind == BTF_KIND_DATASEC) {
		m->type = cursor_u32(c);
		m->offset = cursor_u32(c);
		m->size = cursor_u32(c);
		return;
	}
	m->name = name_at(r, cursor_u32(c), bad);
	low = cursor_u32(c);
	switch (t->kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		m->type = low;
		m->bit_offset = cursor_u32(c);
		m->bit_size = t->flag ? m->bit_offset >> 24 : 0;
		m->bit_offset &= t->flag ? 0xffffff : UINT32_MAX;
		break;
	case BTF_KIND_FUNC_PROTO:
		m->type = low;
		break;
	case BTF_KIND_ENUM:
		m->value = t->flag ? (int64_t)(int32_t)low : (int64_t)low;
		break;
	default: /* ENUM64 */
		m->value = (int64_t)(low | (uint64_t)cursor_u32(c) << 32);
	}
}

static enum iov_status read_members(struct reader *r, struct iov_btf_type *t, uint32_t vlen, bool *bad)
{
	t->members = arena_array(r->arena, vlen, sizeof(*t->members));
	if (!t->members)
		return IOV_NOMEM;
	t->count = vlen;
	for (uint32_t i = 0; i < vlen; i++)
		read_member(r, t, &t->members[i], bad);
	return IOV_OK;
}

static enum iov_status read_type(struct reader *r, struct iov_btf_type *t, bool *bad)
{
	struct iov_cursor *c = &r->types;
	uint32_t name, info, vlen, word;

	name = cursor_u32(c);
	info = cursor_u32(c);
	vlen = info & 0xffff;
	t->kind = info >> 24 & 31;
	t->name =
		t->kind == KIND_DECL_TAG || t->kind == KIND_TYPE_TAG ? string_at(r, name, bad) : name_at(r, name, bad);
	t->flag = info >> 31;
	word = cursor_u32(c);
	switch (t->kind) {
	case BTF_KIND_INT:
		t->size = word;
		word = cursor_u32(c);
		t->int_encoding = word >> 24 & 15;
		t->int_offset = word >> 16 & 255;
		t->int_bits = word & 255;
		return IOV_OK;
	case BTF_KIND_ARRAY:
		t->type = cursor_u32(c);
		t->index_type = cursor_u32(c);
		t->nelems = cursor_u32(c);
		return IOV_OK;
	case BTF_KIND_FLOAT:
		t->size = word;
		return IOV_OK;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
	case BTF_KIND_DATASEC:
		t->size = word;
		return read_members(r, t, vlen, bad);
	case BTF_KIND_FUNC_PROTO:
		t->type = word;
		return read_members(r, t, vlen, bad);
	case BTF_KIND_VAR:
		t->type = word;
		t->linkage = cursor_u32(c);
		return IOV_OK;
	case KIND_DECL_TAG:
		t->type = word;
		t->component = (int32_t)cursor_u32(c);
		return IOV_OK;
	case BTF_KIND_FUNC:
		t->linkage = vlen;
		t->type = word;
		return IOV_OK;
	case BTF_KIND_FWD:
		return IOV_OK;
	default:
		t->type = word;
		return IOV_OK;
	}
}

enum iov_status btf_read(const void *bytes, size_t len, bool big_endian, const char *file, struct iov_arena *arena,
			 struct iov_sink *sink, struct iov_btf **out)
{
	struct reader r = {.file = file, .arena = arena, .sink = sink};
	enum iov_status status = read_header(&r, bytes, len, big_endian);
	uint32_t count;

	if (!status)
		status = count_types(&r, &count);
	if (status)
		return status;
	r.btf = ARENA_NEW(arena, struct iov_btf);
	if (!r.btf || !(r.btf->types = arena_array(arena, count, sizeof(*r.btf->types))))
		return IOV_NOMEM;
	r.btf->count = count;
	r.btf->types[0].name = "void";
	for (uint32_t id = 1; id < count; id++) {
		bool bad = false;

		status = read_type(&r, &r.btf->types[id], &bad);
		if (status)
			return status;
		if (bad)
			return BAD(&r, "a name of type %u is outside the string table or not printable", id);
	}
	status = btf_check(r.btf, file, arena, sink);
	if (!status)
		status = btf_index(r.btf, arena);
	if (!status)
		*out = r.btf;
	return status;
}
