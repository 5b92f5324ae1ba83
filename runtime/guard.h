/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: memory between pages that nobody may touch, for the checking engine's maps and stacks: what a helper or the
 * host reads or writes beyond its end is a fault there and then, and no silent wrong. Costs pages and system calls. */
#ifndef IOV_RUNTIME_GUARD_H
#define IOV_RUNTIME_GUARD_H

#include "asm/base/alloc.h"

enum { GUARD_ALIGN = 16 };

/** Each allocation ends at the page behind it, but for what aligns it, and has another before its first page. Never
 * NULL; thread-safe; takes memory from the system alone. */
const struct iov_alloc *guard_alloc(void);

#endif
