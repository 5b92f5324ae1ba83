/* SPDX-License-Identifier: Apache-2.0 */
/* The allocation-failure harness. An entry (entries.def) gets an arena and a sink whose allocator refuses request N;
 * malloc(), calloc() and realloc() of everything linked here, libyaml included, count along. */
#ifndef IOV_TESTSUITE_ALLOC_H
#define IOV_TESTSUITE_ALLOC_H

#include "asm/base/arena.h"
#include "asm/base/buf.h"
#include "asm/base/diag.h"

struct alloc_run {
	const struct iov_alloc *alloc;
	struct iov_arena arena;
	struct iov_sink sink;
	const uint8_t *object, *bad; /* fixture.c and bad.c, compiled; the harness owns them */
	size_t object_len, bad_len;
	const char *object_path;
};

#define ENTRY(name, what) enum iov_status alloc_##name(struct alloc_run *run);
#define OPTIONAL ENTRY
#include "testsuite/alloc/entries.def"
#undef ENTRY
#undef OPTIONAL

/* What a buffer that was written to says in the end. */
static inline enum iov_status alloc_buf_status(struct iov_buf *b)
{
	enum iov_status status = b->failed ? IOV_NOMEM : IOV_OK;

	buf_free(b);
	return status;
}

#endif
