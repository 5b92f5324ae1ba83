/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: BTF as a C header (vmlinux.h): every type, each after those that it needs, laid out as it is in the BTF
 * whatever C would do by itself. A compiler's BTF of the header has the same structs, and with preserve_access_index,
 * which the header sets, code that uses it is relocated to any other kernel. */
#ifndef IOV_OBJECT_BTF_HEADER_H
#define IOV_OBJECT_BTF_HEADER_H

#include "linker/object/btf.h"

/** Append the header. Two types of one name: the second is NAME___2, which CO-RE takes for NAME. IOV_DIAGNOSED: types
 * nest too deeply, or the text would be larger than any kernel's. */
enum iov_status btf_header(const struct iov_btf *btf, struct iov_arena *arena, struct iov_sink *sink,
			   struct iov_buf *out);

/* Between its files. */

struct header {
	const struct iov_btf *btf;
	struct iov_arena *arena;
	struct iov_buf *out;
	uint8_t *state;    /**< by type: enum header_state */
	uint32_t *number;  /**< by type: 2 and more are appended to its name */
	uint32_t *aligned; /**< by type: 1 + alignment in bytes, once it is known */
	struct name_count *names;
	uint32_t name_room, depth, work;
	bool failed, too_deep;
};

/** The body of a struct, union or enumeration, from its brace on, with attributes; `indent` tabs. */
void header_body(struct header *h, uint32_t id, unsigned indent, struct iov_buf *out);
/** A declaration in the header. */
void header_declare(struct header *h, uint32_t id, const char *name, unsigned indent, struct iov_buf *out);
/** The name of a type, as the header has it. */
void header_name(struct header *h, const char *name, uint32_t number, struct iov_buf *out);
/** How many of this name there are in the space of ordinary names, with this one. */
uint32_t header_count(struct header *h, const char *name, bool tag);

#endif
