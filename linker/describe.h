/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a module as one JSON document, for programs that have no ELF or BTF reader. iovld(1) describes the members;
 * what a name means never changes within a schema, members are only added. */
#ifndef IOV_LINKER_DESCRIBE_H
#define IOV_LINKER_DESCRIBE_H

#include "linker/module.h"

/** Everything that the module says: `bytes` are its `len` bytes, `obj` what was read from them. `m` may be NULL. */
enum iov_status describe_json(const struct iov_object *obj, const void *bytes, size_t len,
			      const struct iov_module_desc *m, const char *name, struct iov_arena *arena,
			      struct iov_buf *out);

#endif
