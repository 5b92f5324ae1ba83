/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a vmlinux.h taken apart into declarations, and what each refers to by name: all that cutting it down to the
 * needs of one source takes (prune.c). Making it reads the whole header, a fifth of a compile; so it is kept in the
 * cache (cache.h), by the header's bytes and the tool. What comes from there is not trusted: its length and its hash
 * must be right, and each number in it is checked where it is used. */
#ifndef IOV_FRONTEND_DECLS_H
#define IOV_FRONTEND_DECLS_H

#include "asm/base/arena.h"
#include "asm/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/** One declaration, or directive. Its references and members are those from `refs` and `members` on, to the next's. */
struct decls_chunk {
	uint32_t start, len; /**< in the text, bytes */
	uint32_t line, lines;
	uint32_t refs, members;
	uint32_t always; /**< a directive: 1 */
};

/** An identifier: a tag, an ordinary name or a structure's member. */
struct decls_name {
	uint32_t start, len, hash;
	uint32_t tag, ordinary; /**< 1 + the chunk that defines it as such, or 0 */
	uint32_t is_union;      /**< of a tag: 1 */
};

/** How a chunk refers to a name; a reference is name << 2 | kind. */
enum decls_ref { REF_TAG, REF_ORDINARY, REF_POINTER };

struct decls {
	const char *text;
	size_t len;
	const struct decls_chunk *chunks; /**< chunk_count, and one that ends the lists of the last */
	const struct decls_name *names;
	const uint32_t *slots;   /**< slot_count, a power of two: 1 + name, from its hash on; 0: free */
	const uint32_t *refs;    /**< in the order of the text */
	const uint32_t *members; /**< names */
	uint32_t chunk_count, name_count, slot_count, ref_count, member_count;
};

/** Take `text` apart; everything lives in the arena. False: no memory, or 4 GB of text. */
bool decls_make(const char *text, size_t len, struct iov_arena *arena, struct decls *out);
/** As bytes, and back; `bytes` must be aligned for uint64_t and stay. False: they are not of this text and tool. */
void decls_write(const struct decls *index, struct iov_buf *out);
bool decls_read(const void *bytes, size_t size, const char *text, size_t len, struct decls *out);
/** From the cache, when `cached` says so, or made, and kept there. */
bool decls_get(const char *text, size_t len, bool cached, struct iov_arena *arena, struct decls *out);

/** The name's number; UINT32_MAX: there is none. */
uint32_t decls_find(const struct decls *index, const char *name, uint32_t len, uint32_t hash);
/** Checked access: what is not there is NULL. */
const struct decls_chunk *decls_chunk(const struct decls *index, uint32_t chunk);
const struct decls_name *decls_name(const struct decls *index, uint32_t name);
/** The references and members of a chunk: how many, and the first. */
uint32_t decls_refs(const struct decls *index, uint32_t chunk, const uint32_t **first);
uint32_t decls_members(const struct decls *index, uint32_t chunk, const uint32_t **first);

#endif
