/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files that resolve CO-RE relocations share. The rules are those that libbpf documents (its
 * bpf_core_read.h, kernel document bpf/btf.rst, "CO-RE relocations"): a field is sought in every target type of the
 * same essential name, by the names of the members that lead to it. */
#ifndef IOV_OBJECT_CORE_H
#define IOV_OBJECT_CORE_H

#include "linker/object/internal.h"

/** enum bpf_core_relo_kind of uapi linux/bpf.h. */
enum core_kind {
	CORE_FIELD_OFFSET, CORE_FIELD_SIZE, CORE_FIELD_EXISTS, CORE_FIELD_SIGNED, CORE_FIELD_LSHIFT, CORE_FIELD_RSHIFT,
	CORE_TYPE_LOCAL, CORE_TYPE_TARGET, CORE_TYPE_EXISTS, CORE_TYPE_SIZE, CORE_ENUM_EXISTS, CORE_ENUM_VALUE,
	CORE_TYPE_MATCHES, CORE_KINDS,
};

enum { CORE_MAX_DEPTH = 64, CORE_MAX_TYPE_DEPTH = 32 };

/* One step of a path: a member by name (type: the struct), or an array element or the root (name NULL; type: what it is
 * an element of that array of). */
struct core_step {
	uint32_t type, index;
	const char *name;
};

/* A path through types of one BTF. */
struct core_spec {
	const struct iov_btf *btf;
	uint32_t root;
	struct core_step steps[CORE_MAX_DEPTH];
	uint32_t len;
	uint64_t bit_offset;
};

enum core_found { CORE_NO, CORE_YES, CORE_ERROR };

static inline bool core_is_type(uint32_t kind)
{
	return (kind >= CORE_TYPE_LOCAL && kind <= CORE_TYPE_SIZE) || kind == CORE_TYPE_MATCHES;
}
static inline bool core_is_enum(uint32_t kind) { return kind == CORE_ENUM_EXISTS || kind == CORE_ENUM_VALUE; }

static inline bool kind_is_enum(uint8_t kind) { return kind == BTF_KIND_ENUM || kind == KIND_ENUM64; }
static inline bool kind_is_composite(uint8_t kind) { return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION; }
static inline bool kinds_agree(uint8_t a, uint8_t b) { return a == b || (kind_is_enum(a) && kind_is_enum(b)); }

/* Equal but for their flavours. */
bool core_names_match(const char *a, const char *b);
/* Parse the access string of a record. NULL when it is sound, else what is wrong with it. */
const char *core_parse(const struct iov_btf *btf, const struct iov_btf_core *record, struct core_spec *out);
/* The path that leads to the same thing from target type `root`. */
enum core_found core_match(const struct core_spec *local, uint32_t kind, const struct iov_btf *target, uint32_t root,
			   struct core_spec *out);
/* Whether types may stand for each other: loosely, for fields, and member by member. `budget` bounds the work. */
enum core_found core_types_compatible(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y,
				      unsigned depth, uint32_t *budget);
bool core_fields_compatible(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y);
enum core_found core_types_match(const struct iov_btf *a, uint32_t x, const struct iov_btf *b, uint32_t y,
				 bool behind_ptr, unsigned depth, uint32_t *budget);

#endif
