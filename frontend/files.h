/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the files that one compile reads. They are the disk's; or the disk's and noted down on the way, so that -E can
 * hand them on (carry.h); or those that were handed on with preprocessed text, and then there are no others. The
 * headers inside the tool are there always. */
#ifndef IOV_FRONTEND_FILES_H
#define IOV_FRONTEND_FILES_H

#include "asm/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iovcc_file {
	const char *path; /**< absolute, without "." and ".." */
	const char *text; /**< NULL: it exists and was never read */
	size_t len;
	uint64_t id; /**< the same for two names of one file; 0: not known */
};

enum iovcc_files_kind { IOVCC_FILES_DISK, IOVCC_FILES_NOTED, IOVCC_FILES_CARRIED };

/** Zero-initialised: the disk's. */
struct iovcc_files {
	enum iovcc_files_kind kind;
	const char *folder; /**< the working folder; NULL: this process's */
	struct iovcc_file *list;
	size_t count, room;
	struct iov_arena *arena;
	bool failed; /**< something could not be noted */
};

/** What a path names from the working folder: absolute, "." and ".." taken out as they are written. */
const char *files_absolute(const struct iovcc_files *f, const char *path, struct iov_arena *arena);
bool files_exist(struct iovcc_files *f, const char *path, struct iov_arena *arena);
/** The whole text of a file of at most `limit` bytes, in `arena` (or the tool), or NULL. */
const char *files_text(struct iovcc_files *f, const char *path, size_t limit, struct iov_arena *arena, size_t *len);
/** Note a file down; `text` NULL: it was seen. `text` is copied. */
void files_note(struct iovcc_files *f, const char *path, uint64_t id, const char *text, size_t len);

#endif
