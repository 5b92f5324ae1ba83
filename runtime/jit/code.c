/* SPDX-License-Identifier: Apache-2.0 */
/* Code memory. No page is ever writable and executable: mmap RW, write, mprotect RX, run, munmap. */
#include "runtime/jit/code.h"

#include <sys/mman.h>
#include <unistd.h>

bool code_begin(struct jit_code *c, const struct iov_alloc *alloc, size_t size)
{
	uint8_t *base = alloc_resize(alloc, NULL, 0, size + CODE_ROOM);

	*c = (struct jit_code){.base = base, .next = base, .failed = !base, .alloc = alloc};
	if (base)
		c->end = base + size + CODE_ROOM;
	return base != NULL;
}

void code_end(struct jit_code *c)
{
	if (c->base)
		alloc_free(c->alloc, c->base, (size_t)(c->end - c->base));
	*c = (struct jit_code){0};
}

void code_grow(struct jit_code *c)
{
	size_t old = (size_t)(c->end - c->base), used = (size_t)(c->next - c->base);
	uint8_t *base = old > INT32_MAX / 4 ? NULL : alloc_resize(c->alloc, c->base, old, old * 2);

	if (!base) {
		c->failed = true;
		c->next = c->base;
		return;
	}
	c->base = base;
	c->next = base + used;
	c->end = base + old * 2;
}

/* Direct calls have a reach: ask for places below `near` first, out of the heap's way, but never insist. `spread` moves
 * the start of the search, so that many images seldom try the same place. */
static void *map_near(size_t bytes, uintptr_t near, uintptr_t spread, uintptr_t reach)
{
	enum { TRIES = 8 };
	const uintptr_t window = reach / 4, step = (uintptr_t)1 << 16;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;

	for (uintptr_t i = 0; i < TRIES; i++) {
		uintptr_t at = (spread + (1 << 2 * i)) % (window / step) * step;
		uintptr_t place = (near & ~(step - 1)) + at + (near > 3 * window ? 0 - 2 * window : window);
		void *pages = mmap((void *)place, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);

		if (pages == (void *)place)
			return pages;
		if (pages != MAP_FAILED)
			munmap(pages, bytes);
	}
	return MAP_FAILED;
}

void *code_map(size_t size, const void *near, const void *spread, uint64_t reach, size_t *mapped)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = (size + page - 1) & ~(page - 1);
	void *pages = map_near(bytes, (uintptr_t)near, (uintptr_t)spread >> 4, reach);

	if (pages == MAP_FAILED)
		pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*mapped = bytes;
	return pages == MAP_FAILED ? NULL : pages;
}

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>

static int watched(void)
{
	return getauxval(AT_HWCAP2) & HWCAP2_BTI ? PROT_BTI : 0;
}
#else
static int watched(void)
{
	return 0;
}
#endif

bool code_seal(void *pages, size_t mapped, bool landings)
{
	if (mprotect(pages, mapped, PROT_READ | PROT_EXEC | (landings ? watched() : 0)) != 0)
		return false;
	__builtin___clear_cache((char *)pages, (char *)pages + mapped);
	return true;
}

void code_unmap(void *pages, size_t mapped)
{
	munmap(pages, mapped);
}
