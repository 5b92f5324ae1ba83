/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: states packed into few bytes while they wait. */
#ifndef IOV_VERIFY_PACK_H
#define IOV_VERIFY_PACK_H

#include "backend/verify/state.h"

struct vpacked;

/** `s`, which is given back to the pool, in few bytes. NULL: out of memory, and s is as it was. */
struct vpacked *state_pack(struct vpool *p, struct vstate *s);
/** The state that was packed; `k` stays. NULL: out of memory. */
struct vstate *state_unpack(struct vpool *p, const struct vpacked *k);
void packed_drop(struct vpool *p, struct vpacked *k);

#endif
