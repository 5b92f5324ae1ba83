/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: string tables being written: each string once, in the order of first use, the empty string at 0. */
#ifndef IOV_OBJECT_STRTAB_H
#define IOV_OBJECT_STRTAB_H

#include "asm/base/buf.h"

struct strtab_slot {
	uint32_t hash, offset; /* offset + 1; 0: free */
};

struct strtab {
	struct iov_buf bytes;
	struct strtab_slot *slots; /* by hash */
	uint32_t size, used;
	const struct iov_alloc *alloc;
};

void strtab_init(struct strtab *t, const struct iov_alloc *alloc);
void strtab_free(struct strtab *t);
/* Offset of `s`; 0 when memory ran out, and bytes.failed is set. */
uint32_t strtab_add(struct strtab *t, const char *s);

#endif
