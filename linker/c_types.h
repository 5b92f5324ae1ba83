/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: BTF types as C and C++ for a host program: what keys, values, variables and events look like there. Integers
 * become those of <stdint.h>, pointers uint64_t (they are addresses of another machine), names of types and enumerators
 * begin with a prefix (the host may know the same structs from other headers), and each struct asserts its size and
 * where its members stand. Names come from objects that nobody vouches for: what is no identifier becomes one. */
#ifndef IOV_LINKER_C_TYPES_H
#define IOV_LINKER_C_TYPES_H

#include "linker/object/btf.h"

struct c_types {
	const struct iov_btf *btf;
	struct iov_buf *out;
	const char *prefix;
	uint8_t *done;   /**< by id */
	uint8_t *align;  /**< by id: bytes, 0: not known yet */
	uint32_t budget; /**< members that may still be written: unnamed structs may double at each level */
};

enum iov_status c_types_init(struct c_types *c, const struct iov_btf *btf, const char *prefix, struct iov_arena *arena,
			     struct iov_buf *out);
/** Append a name as a C identifier: what may not stand in one becomes _, and words of C++ get one at their end. */
void c_types_name(struct iov_buf *out, const char *name);
/** Print the definitions that a variable of this type needs, each once. */
void c_types_define(struct c_types *c, uint32_t type);
/** Print `TYPE name` as a member or variable, without a semicolon; a type that C cannot name (an anonymous struct) is
 * written out, indented by `depth` tabs. */
void c_types_member(struct c_types *c, uint32_t type, const char *name, unsigned depth);

#endif
