/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/guard.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct layout {
	size_t page, pages, before; /**< bytes: of a page, of whole pages for the data, of those before the data */
};

static bool lay_out(size_t size, struct layout *l)
{
	size_t aligned = (size + GUARD_ALIGN - 1) & ~(size_t)(GUARD_ALIGN - 1);

	l->page = (size_t)sysconf(_SC_PAGESIZE);
	if (size > PTRDIFF_MAX - 4 * l->page)
		return false;
	l->pages = (aligned + l->page - 1) & ~(l->page - 1);
	l->before = l->pages - aligned;
	return true;
}

static void *take(size_t size)
{
	struct layout l;
	uint8_t *base;

	if (!lay_out(size, &l))
		return NULL;
	base = mmap(NULL, l.pages + 2 * l.page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return NULL;
	if (mprotect(base + l.page, l.pages, PROT_READ | PROT_WRITE)) {
		munmap(base, l.pages + 2 * l.page);
		return NULL;
	}
	return base + l.page + l.before;
}

static void give(uint8_t *ptr, size_t size)
{
	struct layout l;

	if (ptr && lay_out(size, &l))
		munmap(ptr - l.before - l.page, l.pages + 2 * l.page);
}

static void *resize(void *ud, void *ptr, size_t old, size_t size)
{
	void *moved = size ? take(size) : NULL;

	(void)ud;
	if (size && !moved)
		return NULL;
	if (ptr && moved)
		memcpy(moved, ptr, old < size ? old : size);
	give(ptr, old);
	return moved;
}

const struct iov_alloc *guard_alloc(void)
{
	static const struct iov_alloc guard = {.resize = resize};

	return &guard;
}
