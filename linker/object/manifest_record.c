/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: writing them, and finding the good ones among bytes that anybody may have written. A frame whose checksum is
 * wrong is passed over whole when its length leads to another frame or the end; else the next magic is looked for. */
#include "linker/object/manifest_part.h"

#include <string.h>

enum { FRAME_VERSION = 1, HEADER = 16, ALIGN = 8 };

static const char magic[4] = {'I', 'O', 'V', 'M'};

void manifest_put(struct iov_buf *out, uint16_t kind, const void *payload, uint32_t len)
{
	size_t at;
	uint32_t crc;

	buf_align(out, ALIGN);
	buf_put(out, magic, sizeof(magic));
	at = out->len;
	buf_u16(out, FRAME_VERSION, false);
	buf_u16(out, kind, false);
	buf_u32(out, len, false);
	if (out->failed)
		return;
	crc = crc32c(crc32c(0, out->data + at, out->len - at), payload, len);
	buf_u32(out, crc, false);
	buf_put(out, payload, len);
	buf_align(out, ALIGN);
}

/* A frame at the cursor, which is moved behind it. False: none, or a broken one. */
static bool frame_at(struct iov_cursor *c, struct iov_record *r)
{
	size_t at = cursor_at(c), pad;
	const uint8_t *head = cursor_bytes(c, HEADER);
	struct iov_cursor fields;

	if (!head || memcmp(head, magic, sizeof(magic)))
		return false;
	cursor_init(&fields, head + sizeof(magic), HEADER - sizeof(magic), false);
	*r = (struct iov_record){.offset = (uint32_t)at};
	r->version = cursor_u16(&fields);
	r->kind = cursor_u16(&fields);
	r->len = cursor_u32(&fields);
	r->data = cursor_bytes(c, r->len);
	if (!r->data || crc32c(crc32c(0, head + sizeof(magic), 8), r->data, r->len) != cursor_u32(&fields))
		return false;
	pad = (ALIGN - cursor_at(c) % ALIGN) % ALIGN;
	cursor_skip(c, pad < cursor_left(c) ? pad : cursor_left(c));
	return true;
}

static bool is_zero(const uint8_t *p, size_t len)
{
	while (len && !*p)
		p++, len--;
	return !len;
}

enum iov_status frames_read(const uint8_t *bytes, size_t len, struct iov_arena *arena, struct iov_manifest *m)
{
	struct iov_record *list = arena_array(arena, len / HEADER + 1, sizeof(*list));
	struct iov_cursor c;
	bool lost = false;

	if (!list)
		return IOV_NOMEM;
	m->records = list;
	cursor_init(&c, bytes, len, false);
	while (cursor_left(&c)) {
		size_t at = cursor_at(&c), step = cursor_left(&c) < ALIGN ? cursor_left(&c) : ALIGN;

		if (frame_at(&c, &list[m->record_count])) {
			m->record_count++;
			lost = false;
			continue;
		}
		c.bad = false;
		cursor_seek(&c, at);
		/* A stretch that cannot be read counts once; zeros are what linkers fill up with. */
		if (!lost && !is_zero(bytes + at, step)) {
			m->damaged++;
			lost = true;
		}
		cursor_skip(&c, step);
	}
	return IOV_OK;
}

/* The section that holds the records; index 0: there is none. */
static uint32_t find_section(const struct iov_object *obj)
{
	uint32_t i = obj->section_count;

	while (i &&
	       (obj->sections[i - 1].type != SHT_PROGBITS || strcmp(obj->sections[i - 1].name, IOV_MANIFEST_SECTION)))
		i--;
	return i ? i - 1 : 0;
}

static enum iov_status add_section(struct iov_object *obj, uint32_t *index)
{
	struct iov_section *more = arena_array(obj->arena, obj->section_count + 1, sizeof(*more));

	if (!more)
		return IOV_NOMEM;
	memcpy(more, obj->sections, obj->section_count * sizeof(*more));
	*index = obj->section_count++;
	more[*index] = (struct iov_section){.name = IOV_MANIFEST_SECTION,
					    .index = *index,
					    .type = SHT_PROGBITS,
					    .align = ALIGN,
					    .first_reloc = obj->reloc_count};
	obj->sections = more;
	return IOV_OK;
}

enum iov_status manifest_set(struct iov_object *obj, const struct iov_buf *records)
{
	uint32_t index = find_section(obj);
	enum iov_status status = IOV_OK;
	uint8_t *copy;

	if (records->failed)
		return IOV_NOMEM;
	if (!records->len && index)
		obj->sections[index].type = SHT_NULL; /* the writer leaves it out */
	if (!records->len)
		return IOV_OK;
	copy = arena_copy(obj->arena, records->data, records->len);
	if (!copy)
		return IOV_NOMEM;
	if (!index)
		status = add_section(obj, &index);
	if (status)
		return status;
	obj->sections[index].data = copy;
	obj->sections[index].size = records->len;
	obj->sections[index].align = ALIGN;
	return IOV_OK;
}

enum iov_status manifest_read(const struct iov_object *obj, struct iov_arena *arena, struct iov_sink *sink,
			      struct iov_manifest *out)
{
	const struct iov_section *s = &obj->sections[find_section(obj)];
	enum iov_status status = IOV_OK;

	*out = (struct iov_manifest){0};
	if (s->index && s->data)
		status = frames_read(s->data, s->size, arena, out);
	if (!status)
		status = payloads_read(obj, arena, out);
	if (!status && out->damaged)
		diag_add(sink, DIAG_MANIFEST_BAD, span_file(obj->name), "%u record%s of section %s cannot be read",
			 out->damaged, out->damaged == 1 ? "" : "s", IOV_MANIFEST_SECTION);
	return status;
}
