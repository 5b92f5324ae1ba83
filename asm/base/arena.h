/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: arenas, the unit of lifetime (one compile, one link, one load). Nothing in an arena is freed alone. */
#ifndef IOV_BASE_ARENA_H
#define IOV_BASE_ARENA_H

#include "asm/base/alloc.h"

#include <stdarg.h>

struct iov_arena_block;

/** An arena. Zero-initialised is a valid empty arena over the C library's allocator. Not thread-safe. */
struct iov_arena {
	const struct iov_alloc *alloc;
	struct iov_arena_block *blocks;
	uint8_t *next, *end;
	size_t total; /**< bytes requested from the allocator so far */
};

/** Start an empty arena over `alloc` (NULL: C library). Allocates nothing yet. */
void arena_init(struct iov_arena *a, const struct iov_alloc *alloc);

/** Free everything; the arena is empty and usable again. */
void arena_free(struct iov_arena *a);

/** `size` zeroed bytes, aligned to 16. NULL when the allocator refuses. Size 0 gives a valid unique pointer. */
void *arena_alloc(struct iov_arena *a, size_t size);

/** count * each zeroed bytes; NULL also when the product overflows. */
void *arena_array(struct iov_arena *a, size_t count, size_t each);

/** count * each bytes as they come, for what is written at once: not zeroed. */
void *arena_room(struct iov_arena *a, size_t count, size_t each);

/** A block with room for `size` bytes to come; when it is refused, the next request tells. */
void arena_expect(struct iov_arena *a, size_t size);

/** Room for one more element behind `count` of `each` bytes: *array, a pointer to the first, is copied to twice the
 * room when it is full (*room: elements; 0: none yet). False when refused; then *array is as it was. */
bool arena_grow(struct iov_arena *a, void *array, size_t count, size_t *room, size_t each);

/** Copy of `len` bytes plus a NUL after them. */
void *arena_copy(struct iov_arena *a, const void *data, size_t len);

/** Copy of a C string; NULL in, NULL out. */
char *arena_strdup(struct iov_arena *a, const char *s);

/** printf into the arena. */
char *arena_printf(struct iov_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct iov_arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/** One zeroed object of type T. */
#define ARENA_NEW(arena, T) ((T *)arena_alloc((arena), sizeof(T)))

#endif
