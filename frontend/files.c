/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/files.h"

#include "asm/base/output.h"
#include "frontend/driver.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct iov_virtual_file *embedded(const char *path)
{
	size_t count;
	const struct iov_virtual_file *files = headers_files(&count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(files[i].path, path))
			return &files[i];
	return NULL;
}

/* Take "." and ".." out of an absolute path, in place. */
static void shorten_path(char *path)
{
	char *out = path;

	for (const char *at = path; *at;) {
		size_t len = strcspn(at + 1, "/") + 1; /* with its slash */

		if (len == 3 && !memcmp(at, "/..", 3)) {
			while (out > path && *--out != '/')
				;
		} else if (len > 1 && !(len == 2 && at[1] == '.')) {
			memmove(out, at, len);
			out += len;
		}
		at += len;
	}
	if (out == path)
		*out++ = '/';
	*out = 0;
}

const char *files_absolute(const struct iovcc_files *f, const char *path, struct iov_arena *arena)
{
	char *here = path[0] == '/' || f->folder ? NULL : getcwd(NULL, 0), *absolute;
	const char *folder = f->folder ? f->folder : here ? here : "";

	absolute = path[0] == '/' ? arena_strdup(arena, path) : arena_printf(arena, "%s/%s", folder, path);
	free(here);
	if (absolute)
		shorten_path(absolute);
	return absolute;
}

static struct iovcc_file *find(const struct iovcc_files *f, const char *absolute)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->list[i].path, absolute))
			return &f->list[i];
	return NULL;
}

/* Another name of the same file, read before. */
static const struct iovcc_file *same_file(const struct iovcc_files *f, uint64_t id, size_t len)
{
	for (size_t i = 0; id && i < f->count; i++)
		if (f->list[i].id == id && f->list[i].text && f->list[i].len == len)
			return &f->list[i];
	return NULL;
}

void files_note(struct iovcc_files *f, const char *path, uint64_t id, const char *text, size_t len)
{
	const char *absolute = files_absolute(f, path, f->arena);
	const struct iovcc_file *same = text ? same_file(f, id, len) : NULL;
	struct iovcc_file *file = absolute ? find(f, absolute) : NULL;

	if (absolute && !file && arena_grow(f->arena, &f->list, f->count, &f->room, sizeof(*f->list))) {
		file = &f->list[f->count++];
		*file = (struct iovcc_file){.path = absolute, .id = id};
	}
	f->failed |= !file;
	if (!file || file->text || !text)
		return;
	file->text = same ? same->text : arena_copy(f->arena, text, len);
	file->len = len;
	f->failed |= !file->text;
}

bool files_exist(struct iovcc_files *f, const char *path, struct iov_arena *arena)
{
	struct stat st;
	const char *absolute;

	if (embedded(path))
		return true;
	if (f->kind == IOVCC_FILES_CARRIED) {
		absolute = files_absolute(f, path, arena);
		return absolute && find(f, absolute);
	}
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	if (f->kind == IOVCC_FILES_NOTED)
		files_note(f, path, st.st_ino, NULL, 0);
	return true;
}

static const char *read_disk(const char *path, size_t limit, struct iov_arena *arena, size_t *len)
{
	struct iov_buf bytes = {0};
	struct iov_sink unread; /* what cannot be read, its user reports */
	const char *text = NULL;

	sink_init(&unread, NULL);
	if (input_read(path, limit, &bytes, &unread) == IOV_OK)
		text = arena_copy(arena, bytes.data, bytes.len);
	*len = bytes.len;
	buf_free(&bytes);
	sink_free(&unread);
	return text;
}

const char *files_text(struct iovcc_files *f, const char *path, size_t limit, struct iov_arena *arena, size_t *len)
{
	const struct iov_virtual_file *inside = embedded(path);
	const char *absolute = f->kind == IOVCC_FILES_CARRIED ? files_absolute(f, path, arena) : NULL, *text;
	const struct iovcc_file *file = absolute ? find(f, absolute) : NULL;

	*len = inside ? inside->len : file ? file->len : 0;
	if (inside)
		return inside->data;
	if (f->kind == IOVCC_FILES_CARRIED)
		return file && file->len <= limit ? file->text : NULL;
	text = read_disk(path, limit, arena, len);
	if (text && f->kind == IOVCC_FILES_NOTED)
		files_note(f, path, 0, text, *len);
	return text;
}
