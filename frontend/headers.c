/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the headers compiled into the tool: the stdlib's, Clang's own, and those that a stock Debian lacks for a target
 * that is not its own (glibc's gnu/stubs-32.h, which says which functions are stubs: for BPF, nothing). Editors find
 * them in a folder named by their content, which appears complete or not at all, however many make it at once. */
#include "frontend/driver.h"

#include "asm/base/hash.h"
#include "asm/base/output.h"
#include "asm/base/tool.h"
#include "frontend/cache.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const struct iov_virtual_file headers_table[];
extern const size_t headers_count;

const struct iov_virtual_file *headers_files(size_t *count)
{
	*count = headers_count;
	return headers_table;
}

uint64_t headers_identity(void)
{
	uint64_t h = hash_bytes(IOV_VERSION, sizeof(IOV_VERSION));

	for (size_t i = 0; i < headers_count; i++)
		h = hash_mix(hash_mix(h, hash_bytes(headers_table[i].path, strlen(headers_table[i].path))),
			     hash_bytes(headers_table[i].data, headers_table[i].len));
	return h;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static bool write_headers(const char *folder, struct iov_arena *arena)
{
	struct iov_sink unsaid; /* the folder is a convenience */
	bool good = true;

	sink_init(&unsaid, NULL);
	for (size_t i = 0; i < headers_count && good; i++) {
		const struct iov_virtual_file *f = &headers_table[i];
		char *path = arena_printf(arena, "%s%s", folder, f->path + strlen(IOV_VIRTUAL_ROOT));

		if (path)
			cache_make_folders(path);
		good = path && output_write(path, f->data, f->len, &unsaid) == IOV_OK;
	}
	sink_free(&unsaid);
	return good;
}

const char *headers_unpacked(struct iov_arena *arena)
{
	const char *cache = cache_folder(arena);
	char *folder, *made;

	folder = cache ? arena_printf(arena, "%s/headers-%016" PRIx64, cache, headers_identity()) : NULL;
	if (!folder || !access(folder, R_OK | X_OK))
		return folder;
	cache_make_folders(folder);
	made = arena_printf(arena, "%s.XXXXXX", folder);
	if (!made || !mkdtemp(made))
		return NULL;
	if (chmod(made, 0755) || !write_headers(made, arena) || rename(made, folder))
		nftw(made, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return access(folder, R_OK | X_OK) ? NULL : folder;
}
