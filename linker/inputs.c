/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: ar(5) as GNU ar and llvm-ar write it. The archive's own symbol index is not used: members are looked at
 * themselves, so that an index that is missing or stale does no harm. */
#include "linker/inputs.h"

#include "asm/base/hash.h"
#include "asm/base/output.h"

#include <ar.h>
#include <elf.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct member {
	struct iov_object *obj;
	bool taken;
};

struct name {
	const char *text;
	bool needed, defined;
};

struct loader {
	struct iov_arena *arena;
	struct iov_sink *sink;
	struct iov_inputs *out;
	size_t object_room;
	struct iov_input_file file; /* the one at hand */
	struct member *members;
	size_t member_count, member_room;
	struct name *table;
	size_t table_size, name_count;
	bool failed, drop_debug;
};

/* A link of so many files fills one huge page (alloc.c), which costs less than its small ones. */
enum { MANY_FILES = 8, HUGE_ROOM = (2 << 20) - 16 };

static struct iov_span in_file(const char *file)
{
	struct iov_span span = IOV_NOWHERE;

	span.file = file;
	return span;
}

static enum iov_status take(struct loader *l, struct iov_object *obj)
{
	if (!arena_grow(l->arena, &l->out->objects, l->out->count, &l->object_room, sizeof(struct iov_object *)))
		return IOV_NOMEM;
	l->out->objects[l->out->count++] = obj;
	return IOV_OK;
}

/* Archives. */

#define BAD(l, file, ...)                                                                                              \
	(diag_hint(diag_add((l)->sink, DIAG_ARCHIVE_BAD, in_file(file), __VA_ARGS__),                                  \
		   "make it again: ar rcs LIBRARY.a "                                                                  \
		   "OBJECT..."),                                                                                       \
	 IOV_DIAGNOSED)

/* A decimal number in a field that spaces fill up. */
static bool field_number(const char *field, size_t len, uint64_t *out)
{
	size_t i = 0;

	for (*out = 0; i < len && field[i] >= '0' && field[i] <= '9'; i++)
		*out = *out * 10 + (uint64_t)(field[i] - '0');
	if (!i)
		return false;
	for (; i < len; i++)
		if (field[i] != ' ')
			return false;
	return true;
}

/* "name/", "/123" into the table of long names, or a BSD name that fills the field. */
static const char *member_name(struct loader *l, const struct ar_hdr *h, const char *names, uint64_t names_len)
{
	uint64_t at;
	size_t len;

	if (h->ar_name[0] == '/' && field_number(h->ar_name + 1, sizeof(h->ar_name) - 1, &at)) {
		if (at >= names_len)
			return NULL;
		for (len = 0; at + len < names_len && names[at + len] != '/' && names[at + len] != '\n';)
			len++;
		return arena_copy(l->arena, names + at, len);
	}
	for (len = 0; len < sizeof(h->ar_name) && h->ar_name[len] != '/';)
		len++;
	while (len && h->ar_name[len - 1] == ' ')
		len--;
	return arena_copy(l->arena, h->ar_name, len);
}

static enum iov_status add_member(struct loader *l, const char *path, const char *name, const uint8_t *bytes,
				  uint64_t len)
{
	const char *full = arena_printf(l->arena, "%s(%s)", path, name);
	struct iov_object *obj;
	enum iov_status status;

	if (!full)
		return IOV_NOMEM;
	status = object_read_to_link(bytes, len, full, l->drop_debug, l->arena, l->sink, &obj);
	if (status)
		return status;
	if (!arena_grow(l->arena, &l->members, l->member_count, &l->member_room, sizeof(*l->members)))
		return IOV_NOMEM;
	l->members[l->member_count++] = (struct member){obj, false};
	return IOV_OK;
}

static enum iov_status read_archive(struct loader *l, const char *path, const uint8_t *bytes, uint64_t len)
{
	const char *names = NULL;
	uint64_t names_len = 0, at = SARMAG, size;

	while (at < len) {
		const struct ar_hdr *h = (const struct ar_hdr *)(bytes + at);
		const uint8_t *data = bytes + at + sizeof(*h);
		enum iov_status status = IOV_OK;

		if (len - at < sizeof(*h) || memcmp(h->ar_fmag, ARFMAG, 2) ||
		    !field_number(h->ar_size, sizeof(h->ar_size), &size))
			return BAD(l, path, "byte %" PRIu64 " does not begin a member", at);
		at += sizeof(*h);
		if (size > len - at)
			return BAD(l, path,
				   "the member at byte %" PRIu64 " has %" PRIu64 " bytes, the file %" PRIu64 " more",
				   at - sizeof(*h), size, len - at);
		if (!memcmp(h->ar_name, "//", 2)) {
			names = (const char *)data;
			names_len = size;
		} else if (memcmp(h->ar_name, "/ ", 2) && memcmp(h->ar_name, "/SYM64/", 7)) {
			const char *name = member_name(l, h, names, names_len);

			if (!name)
				return BAD(l, path, "the name of the member at byte %" PRIu64 " is not in the archive",
					   at - sizeof(*h));
			status = add_member(l, path, name, data, size);
		}
		if (status == IOV_NOMEM)
			return status;
		l->failed |= status != IOV_OK;
		at += size + (size & 1);
	}
	return IOV_OK;
}

/* Files. */

static enum iov_status add_bytes(struct loader *l, const char *path, const uint8_t *bytes, size_t len)
{
	struct iov_object *obj;
	enum iov_status status;

	switch (object_kind(bytes, len)) {
	case IOV_FILE_ARCHIVE:
		return read_archive(l, path, bytes, len);
	case IOV_FILE_BITCODE:
		diag_hint(diag_add(l->sink, DIAG_ELF_KIND, in_file(path), "this is LLVM bitcode, not an object"),
			  "iovcc -flto links bitcode and optimises over all its files; iovcc -c without -emit-llvm "
			  "makes an object");
		return IOV_DIAGNOSED;
	default:
		if (len >= 8 && !memcmp(bytes, "!<thin>\n", 8))
			return BAD(l, path, "this is a thin archive, which only names its members' files");
		status = object_read_to_link(bytes, len, path, l->drop_debug, l->arena, l->sink, &obj);
		return status ? status : take(l, obj);
	}
}

static enum iov_status add_file(struct loader *l, const char *path)
{
	enum iov_status status = input_open(path, &l->file, l->sink);

	return status ? status : add_bytes(l, path, l->file.data, l->file.len);
}

static enum iov_status find_library(struct loader *l, const char *name, const struct iov_option_list *folders,
				    const char **path)
{
	struct iov_diag *d;

	for (size_t i = 0; i < folders->count; i++) {
		*path = arena_printf(l->arena, "%s/lib%s.a", folders->items[i], name);
		if (!*path)
			return IOV_NOMEM;
		if (!access(*path, R_OK))
			return IOV_OK;
	}
	d = diag_add(l->sink, DIAG_LIBRARY_NONE, IOV_NOWHERE, "lib%s.a is in none of the %zu folders", name,
		     folders->count);
	for (size_t i = 0; i < folders->count; i++)
		diag_why(d, IOV_NOWHERE, "not in %s", folders->items[i]);
	diag_hint(d, "-L FOLDER says where libraries are");
	return IOV_DIAGNOSED;
}

/* What is needed. */

static struct name *name_slot(struct loader *l, const char *text)
{
	size_t i;

	for (i = hash_name(text) & (l->table_size - 1); l->table[i].text && strcmp(l->table[i].text, text);)
		i = (i + 1) & (l->table_size - 1);
	l->table[i].text = text;
	return &l->table[i];
}

static void note_names(struct loader *l, const struct iov_object *obj)
{
	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *s = &obj->symbols[i];

		if (s->bind == STB_LOCAL || !*s->name)
			continue;
		if (s->section != SHN_UNDEF)
			name_slot(l, s->name)->defined = true;
		else if (s->bind != STB_WEAK)
			name_slot(l, s->name)->needed = true;
	}
}

static bool is_needed(struct loader *l, const struct iov_object *obj)
{
	for (uint32_t i = 1; i < obj->symbol_count; i++) {
		const struct iov_symbol *s = &obj->symbols[i];

		if (s->bind != STB_LOCAL && *s->name && s->section != SHN_UNDEF) {
			const struct name *n = name_slot(l, s->name);

			if (n->needed && !n->defined)
				return true;
		}
	}
	return false;
}

static enum iov_status take_members(struct loader *l, const struct iov_option_list *roots)
{
	size_t names = 64 + roots->count;
	bool again = true;

	for (size_t i = 0; i < l->out->count; i++)
		names += l->out->objects[i]->symbol_count;
	for (size_t i = 0; i < l->member_count; i++)
		names += l->members[i].obj->symbol_count;
	for (l->table_size = 64; l->table_size < 2 * names;)
		l->table_size *= 2;
	l->table = arena_array(l->arena, l->table_size, sizeof(*l->table));
	if (!l->table)
		return IOV_NOMEM;
	for (size_t i = 0; i < roots->count; i++)
		name_slot(l, roots->items[i])->needed = true;
	for (size_t i = 0; i < l->out->count; i++)
		note_names(l, l->out->objects[i]);
	while (again) {
		again = false;
		for (size_t i = 0; i < l->member_count; i++) {
			struct member *m = &l->members[i];
			enum iov_status status;

			if (m->taken || !is_needed(l, m->obj))
				continue;
			m->taken = again = true;
			note_names(l, m->obj);
			status = take(l, m->obj);
			if (status)
				return status;
		}
	}
	return IOV_OK;
}

enum iov_status inputs_read(const struct iov_input_bytes *memory, size_t memory_count,
			    const struct iov_option_list *files, const struct iov_option_list *folders,
			    const struct iov_option_list *names, const struct iov_option_list *roots, bool drop_debug,
			    struct iov_arena *arena, struct iov_sink *sink, struct iov_inputs *out)
{
	struct loader l = {.arena = arena, .sink = sink, .out = out, .drop_debug = drop_debug};
	enum iov_status status = IOV_OK;

	*out = (struct iov_inputs){0};
	if (files->count >= MANY_FILES)
		arena_expect(arena, HUGE_ROOM);
	for (size_t i = 0; i < memory_count && status != IOV_NOMEM; i++) {
		status = add_bytes(&l, memory[i].name, memory[i].data, memory[i].len);
		l.failed |= status != IOV_OK;
	}
	for (size_t i = 0; i < files->count && status != IOV_NOMEM; i++) {
		status = add_file(&l, files->items[i]);
		l.failed |= status != IOV_OK;
	}
	for (size_t i = 0; i < names->count && status != IOV_NOMEM; i++) {
		const char *path = NULL;

		status = find_library(&l, names->items[i], folders, &path);
		if (status == IOV_OK)
			status = add_file(&l, path);
		l.failed |= status != IOV_OK;
	}
	input_close(&l.file);
	if (status == IOV_NOMEM)
		return status;
	return l.failed ? IOV_DIAGNOSED : l.member_count ? take_members(&l, roots) : IOV_OK;
}
