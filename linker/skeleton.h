/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what is made for host programs out of a module. */
#ifndef IOV_LINKER_SKELETON_H
#define IOV_LINKER_SKELETON_H

#include "linker/module.h"

/** A C header with the module in it, and typed access to its programs, maps, variables and parameters: over libbpf, or
 * over libiov where SKEL_LIBIOV is defined before it is included. `bytes` are the module's. `m` may be NULL: no
 * parameters then. */
enum iov_status skeleton_print(const struct iov_object *obj, const void *bytes, size_t len,
			       const struct iov_module_desc *m, const char *name, struct iov_arena *arena,
			       struct iov_buf *out);
/** A C header with the types of map keys, map values and events alone. */
enum iov_status skeleton_types(const struct iov_object *obj, const struct iov_module_desc *m, const char *name,
			       struct iov_arena *arena, struct iov_buf *out);

#endif
