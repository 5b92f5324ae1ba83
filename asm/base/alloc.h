/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the allocator hook that every library entry point honours, and the status codes that functions return.
 *
 * One function does allocate, resize and free, as in Lua: `size` 0 frees. It returns NULL only when it cannot satisfy
 * a request. No library calls malloc() itself; everything goes through an iov_alloc, so that a test can fail the Nth
 * request. */
#ifndef IOV_BASE_ALLOC_H
#define IOV_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a library function reports. Anything but IOV_OK means the outputs are not to be used. */
enum iov_status {
	IOV_OK = 0,
	IOV_DIAGNOSED, /**< the user's input is wrong or the environment failed: a diagnostic is in the sink */
	IOV_NOMEM,     /**< the allocator refused; nothing leaks, no diagnostic need be there */
	IOV_USAGE,     /**< bad command line: diagnosed, exit code 2 */
	IOV_BUG,       /**< a check on our own state failed: exit code 70 */
};

/** The tools' exit code for a status: 0, 1 (diagnosed, out of memory), 2 (usage), 70 (bug). */
int iov_exit_code(enum iov_status status);

/** Allocator hook. `resize(ud, ptr, old, size)` behaves as realloc; size 0 frees and returns NULL; sizes in bytes. */
struct iov_alloc {
	void *(*resize)(void *ud, void *ptr, size_t old, size_t size);
	void *ud;
};

/** The C library's realloc and free. Never NULL. Thread-safe. */
const struct iov_alloc *alloc_libc(void);

/** Resize `ptr` from `old` to `size` bytes. A NULL `a` means alloc_libc(). NULL when refused (ptr stays valid). */
void *alloc_resize(const struct iov_alloc *a, void *ptr, size_t old, size_t size);

/** count * each bytes, zeroed. NULL when refused or when the product overflows. */
void *alloc_zeroed(const struct iov_alloc *a, size_t count, size_t each);

/** Free `size` bytes at `ptr` (NULL is allowed). */
void alloc_free(const struct iov_alloc *a, void *ptr, size_t size);

#endif
