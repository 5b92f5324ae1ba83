/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the growable buffer that encoders of every target write into, and the pages that finished code runs from.
 *
 * Invariant: code_room() leaves CODE_ROOM free bytes. A refused allocation is sticky: encoders write on over the start
 * of the old buffer, and `failed` is asked once at the end. */
#ifndef IOV_JIT_CODE_H
#define IOV_JIT_CODE_H

#include "asm/base/alloc.h"

enum { CODE_ROOM = 32 };

struct jit_code {
	uint8_t *base, *next, *end;
	bool failed; /**< the allocator refused */
	bool bug;    /**< an encoder was misused: a displacement out of its range */
	const struct iov_alloc *alloc;
};

/** Start with `size` bytes. False when refused. */
bool code_begin(struct jit_code *c, const struct iov_alloc *alloc, size_t size);
void code_end(struct jit_code *c);
void code_grow(struct jit_code *c);

static inline uint32_t code_at(const struct jit_code *c)
{
	return (uint32_t)(c->next - c->base);
}

static inline uint8_t *code_room(struct jit_code *c)
{
	if (c->end - c->next < CODE_ROOM)
		code_grow(c);
	return c->next;
}

/** Pages for `size` bytes of code, writable and not executable, within `reach` bytes of `near` if the system grants it;
 * NULL when it refuses. `spread`: any address that tells images apart. `*mapped`: bytes, whole pages. */
void *code_map(size_t size, const void *near, const void *spread, uint64_t reach, size_t *mapped);
/** From writable to executable, for good. The instruction cache is synchronised. `landings`: indirect branches may only
 * go where the code says so, where the CPU can be asked to watch over that (BTI). */
bool code_seal(void *pages, size_t mapped, bool landings);
void code_unmap(void *pages, size_t mapped);

#endif
