/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks double in size from 4 KiB to 2 MiB; a request larger than a block gets its own. With IOV_ARENA_EACH, which
 * sanitizer builds set, every request gets a block of exactly its size: AddressSanitizer then sees an overrun, and the
 * allocation-failure harness can refuse each request. */
#include "asm/base/arena.h"

#include <stdio.h>
#include <string.h>

#ifdef IOV_ARENA_EACH
enum { ALIGN = 16, ROUND = 1, FIRST_BLOCK = 0, LAST_BLOCK = 0, EACH = 1 };
#else
enum { ALIGN = 16, ROUND = ALIGN, FIRST_BLOCK = 4096, LAST_BLOCK = 2 << 20, EACH = 0 };
#endif

struct iov_arena_block {
	struct iov_arena_block *next;
	size_t size; /* header included */
};

void arena_init(struct iov_arena *a, const struct iov_alloc *alloc)
{
	*a = (struct iov_arena){.alloc = alloc};
}

void arena_free(struct iov_arena *a)
{
	while (a->blocks) {
		struct iov_arena_block *b = a->blocks;

		a->blocks = b->next;
		alloc_free(a->alloc, b, b->size);
	}
	arena_init(a, a->alloc);
}

static bool add_block(struct iov_arena *a, size_t need)
{
	size_t size = a->blocks ? a->blocks->size * 2 : FIRST_BLOCK;
	struct iov_arena_block *b;

	if (size > LAST_BLOCK)
		size = LAST_BLOCK;
	if (size < need + ALIGN)
		size = need + ALIGN;
	b = alloc_resize(a->alloc, NULL, 0, size);
	if (!b)
		return false;
	*b = (struct iov_arena_block){.next = a->blocks, .size = size};
	a->blocks = b;
	a->next = (uint8_t *)b + ALIGN;
	a->end = (uint8_t *)b + size;
	a->total += size;
	return true;
}

_Static_assert(sizeof(struct iov_arena_block) <= ALIGN, "the block header must fit before the first allocation");

static void *take(struct iov_arena *a, size_t size)
{
	void *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = size ? (size + ROUND - 1) & ~(size_t)(ROUND - 1) : ROUND;
	if ((size_t)(a->end - a->next) < size && !add_block(a, size))
		return NULL;
	p = a->next;
	a->next += size;
	return p;
}

void *arena_alloc(struct iov_arena *a, size_t size)
{
	void *p = take(a, size);

	return p ? memset(p, 0, size) : NULL;
}

void *arena_array(struct iov_arena *a, size_t count, size_t each)
{
	size_t size;

	return __builtin_mul_overflow(count, each, &size) ? NULL : arena_alloc(a, size);
}

void *arena_room(struct iov_arena *a, size_t count, size_t each)
{
	size_t size;

	return __builtin_mul_overflow(count, each, &size) ? NULL : take(a, size);
}

void arena_expect(struct iov_arena *a, size_t size)
{
	if (!EACH && (size_t)(a->end - a->next) < size)
		add_block(a, size);
}

bool arena_grow(struct iov_arena *a, void *array, size_t count, size_t *room, size_t each)
{
	size_t more = *room ? 2 * *room : 16;
	void *old, *p;

	if (count < *room)
		return true;
	p = arena_array(a, more, each);
	if (!p)
		return false;
	memcpy(&old, array, sizeof(old));
	if (count)
		memcpy(p, old, count * each);
	memcpy(array, &p, sizeof(p));
	*room = more;
	return true;
}

void *arena_copy(struct iov_arena *a, const void *data, size_t len)
{
	char *p = len < SIZE_MAX ? take(a, len + 1) : NULL;

	if (p && len)
		memcpy(p, data, len);
	if (p)
		p[len] = 0;
	return p;
}

char *arena_strdup(struct iov_arena *a, const char *s)
{
	return s ? arena_copy(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct iov_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	p = len < 0 ? NULL : arena_alloc(a, (size_t)len + 1);
	if (p)
		vsnprintf(p, (size_t)len + 1, fmt, ap);
	return p;
}

char *arena_printf(struct iov_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}
