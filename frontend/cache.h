/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the tool's folder below XDG_CACHE_HOME. What lies there can always be made again: each file is named by what it
 * was made of, appears complete or not at all however many make it at once, and is used when it is the user's own. A
 * folder that cannot be written is no folder, in silence. */
#ifndef IOV_FRONTEND_CACHE_H
#define IOV_FRONTEND_CACHE_H

#include "asm/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/** XDG_CACHE_HOME/iovcc, or HOME/.cache/iovcc; it need not exist. NULL: neither is set to an absolute path. */
const char *cache_folder(struct iov_arena *arena);
/** Every folder on the way to `path`; what cannot be made shows when the file is written. */
void cache_make_folders(char *path);

/** A whole file of the folder, at most `limit` bytes, in `arena`, aligned for any type; or NULL. */
const void *cache_read(const char *name, size_t limit, struct iov_arena *arena, size_t *len);
/** Write a file, and remove the files whose names begin with `prefix` that have been unused for longest, but `most`. */
void cache_write(const char *name, const void *data, size_t len, const char *prefix, unsigned most,
		 struct iov_arena *arena);

/** A number that another build of this tool would not have. */
uint64_t cache_tool(void);

#endif
