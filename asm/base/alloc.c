/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

int iov_exit_code(enum iov_status status)
{
	static const int codes[] = {
		[IOV_OK] = 0, [IOV_DIAGNOSED] = 1, [IOV_NOMEM] = 1, [IOV_USAGE] = 2, [IOV_BUG] = 70};

	return (unsigned)status < sizeof(codes) / sizeof(*codes) ? codes[status] : 70;
}

/* Large blocks begin where a huge page may, and ask for huge pages: one fault instead of 512. */
enum { HUGE_PAGE = 2 << 20 };

static void *new_huge(size_t size)
{
	void *p = NULL;

	if (posix_memalign(&p, HUGE_PAGE, size))
		return NULL;
	madvise(p, size & ~(size_t)(HUGE_PAGE - 1), MADV_HUGEPAGE); /* advice: nothing depends on it */
	return p;
}

static void *libc_resize(void *ud, void *ptr, size_t old, size_t size)
{
	(void)ud, (void)old;
	if (!ptr && size >= HUGE_PAGE)
		return new_huge(size);
	if (size)
		return realloc(ptr, size);
	free(ptr);
	return NULL;
}

const struct iov_alloc *alloc_libc(void)
{
	static const struct iov_alloc libc = {.resize = libc_resize};

	return &libc;
}

void *alloc_resize(const struct iov_alloc *a, void *ptr, size_t old, size_t size)
{
	if (!a)
		a = alloc_libc();
	return a->resize(a->ud, ptr, old, size);
}

void *alloc_zeroed(const struct iov_alloc *a, size_t count, size_t each)
{
	size_t size;
	void *p;

	if (__builtin_mul_overflow(count, each, &size))
		return NULL;
	p = alloc_resize(a, NULL, 0, size ? size : 1);
	if (p)
		memset(p, 0, size);
	return p;
}

void alloc_free(const struct iov_alloc *a, void *ptr, size_t size)
{
	if (ptr)
		alloc_resize(a, ptr, size, 0);
}
