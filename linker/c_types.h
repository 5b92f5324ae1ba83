/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: BTF types as C for a host program: what keys, values, variables and events look like there. Integers become
 * those of <stdint.h>, pointers uint64_t (they are addresses of another machine), and each struct asserts its size. */
#ifndef IOV_LINKER_C_TYPES_H
#define IOV_LINKER_C_TYPES_H

#include "linker/object/btf.h"

struct c_types {
	const struct iov_btf *btf;
	struct iov_buf *out;
	uint8_t *done; /**< by id */
};

enum iov_status c_types_init(struct c_types *c, const struct iov_btf *btf, struct iov_arena *arena,
			     struct iov_buf *out);
/** Print the definitions that a variable of this type needs, each once. */
void c_types_define(struct c_types *c, uint32_t type);
/** Print `TYPE name` as a member or variable, without a semicolon; a type that C cannot name (an anonymous struct) is
 * written out, indented by `depth` tabs. */
void c_types_member(const struct c_types *c, uint32_t type, const char *name, unsigned depth);

#endif
