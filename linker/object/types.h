/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: making the verifier's view of BTF (asm/isa/types.h). */
#ifndef IOV_OBJECT_TYPES_H
#define IOV_OBJECT_TYPES_H

#include "asm/isa/types.h"
#include "linker/object/internal.h"

/** Special fields of type `id` of `size` bytes: as a map value, or, with `object`, as a struct that programs allocate.
 */
enum iov_status fields_find(const struct iov_btf *btf, uint32_t id, uint32_t size, bool object,
			    struct iov_arena *arena, struct iov_fields *out);

/** The table over an object's BTF and a target's (either may be NULL), which converts when asked. NULL: out of memory.
 */
struct iov_types *types_new(const struct iov_btf *own, const struct iov_btf *target, struct iov_arena *arena);

#endif
