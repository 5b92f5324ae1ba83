/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the 16 bytes of a struct bpf_dynptr hold in this runtime: a window into a map value, a record of a ring
 * buffer, or a packet. The verifier keeps programs from writing them, and keeps a record's window from being lost.
 * A window into a packet holds the context, not an address: each access asks anew what the packet has. */
#ifndef IOV_RUNTIME_DYNPTR_H
#define IOV_RUNTIME_DYNPTR_H

#include "runtime/helpers.h"

struct dynptr {
	void *data;      /**< memory, or the struct iov_ctx; NULL: a window into nothing */
	uint32_t size;   /**< bytes in the low 24 bits, enum iov_dynptr above them, the highest bit: read only */
	uint32_t offset; /**< of the window */
};
_Static_assert(sizeof(struct dynptr) == IOV_DYNPTR_BYTES, "a struct bpf_dynptr of the program's");

enum { DYNPTR_MOST = (1 << 24) - 1 };

/** Make `p` a window of `size` bytes (at most DYNPTR_MOST). */
void dynptr_init(struct dynptr *p, void *data, enum iov_dynptr kind, uint32_t size, bool readonly);

/** The memory of bytes [off, off + len) of the window, or NULL when it has none or they do not lie in it. */
void *dynptr_at(const struct dynptr *p, uint64_t off, uint64_t len);

#endif
