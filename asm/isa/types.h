/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_types, the structs that a program's pointers can point at: its own, and the target kernel's. It
 * travels in struct iov_prog, filled by linker/object from BTF. A struct is converted when it is first asked for, so
 * that a program that never asks pays nothing, and of a kernel's 100,000 types only those that a program walks through
 * are ever made.
 *
 * There are two spaces of ids: types of the program (its own BTF), and types of the target (the BTF that CO-RE was
 * resolved against). A struct of one space is one object: two pointers to it are equal. */
#ifndef IOV_ISA_TYPES_H
#define IOV_ISA_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/** Special fields: of map values, and of structs that programs allocate. */
enum iov_field_kind {
	IOV_FIELD_SPIN_LOCK,
	IOV_FIELD_TIMER,
	IOV_FIELD_WORKQUEUE,
	IOV_FIELD_KPTR_UNREF,  /**< `__kptr_untrusted`: a kernel pointer that nothing keeps alive */
	IOV_FIELD_KPTR_REF,    /**< `__kptr`: owns what it points at */
	IOV_FIELD_KPTR_PERCPU, /**< `__percpu_kptr` */
	IOV_FIELD_LIST_HEAD,
	IOV_FIELD_LIST_NODE,
	IOV_FIELD_RB_ROOT,
	IOV_FIELD_RB_NODE,
	IOV_FIELD_REFCOUNT,
	IOV_FIELD_OTHER,       /**< special to the kernel, not modelled */
};

struct iov_field {
	enum iov_field_kind kind;
	uint32_t off, size; /**< bytes */
	/** Id in the program's space. KPTR: what is pointed at. LIST_HEAD, RB_ROOT: the struct whose nodes it holds. */
	uint32_t type;
	uint32_t node_off;  /**< LIST_HEAD, RB_ROOT: of the node in `type` */
};

/** Special fields of one struct or map value, by offset. */
struct iov_fields {
	const struct iov_field *all;
	uint32_t count;
	const char *wrong; /**< why the kernel refuses the layout, as a clause; or NULL */
};

/** "struct bpf_list_head", "a kernel pointer". */
const char *field_kind_name(enum iov_field_kind kind);
/** The field of this kind at byte `off`, or NULL; the first of this kind, or NULL. */
const struct iov_field *fields_at(const struct iov_fields *f, enum iov_field_kind kind, int64_t off);
const struct iov_field *fields_of(const struct iov_fields *f, enum iov_field_kind kind);
/** The field that shares a byte with [first, last], or NULL. */
const struct iov_field *fields_touch(const struct iov_fields *f, int64_t first, int64_t last);

enum iov_type_space { IOV_TYPES_OWN, IOV_TYPES_TARGET };

enum iov_member_kind {
	IOV_MEMBER_NUMBER,  /**< integer, enumeration, bit-field */
	IOV_MEMBER_POINTER,
	IOV_MEMBER_STRUCT,  /**< embedded struct or union */
};

/** Type tags of a pointer. */
enum iov_type_tag {
	IOV_TAG_KPTR = 1 << 0,
	IOV_TAG_KPTR_UNTRUSTED = 1 << 1,
	IOV_TAG_PERCPU_KPTR = 1 << 2,
	IOV_TAG_RCU = 1 << 3,
	IOV_TAG_USER = 1 << 4,
	IOV_TAG_PERCPU = 1 << 5,
	IOV_TAG_OTHER = 1 << 6,
};

struct iov_member {
	const char *name;   /**< "" when anonymous */
	uint32_t off, size; /**< bytes, the whole array; a bit-field's are those of the bytes that hold it */
	uint32_t count;     /**< elements of an array (all dimensions), 0: a flexible one; else 1 */
	uint8_t kind;       /**< enum iov_member_kind, of an element */
	uint8_t tags;       /**< enum iov_type_tag, POINTER */
	uint32_t type;      /**< STRUCT: which; POINTER: to which struct, 0: to something else. Same space */
};

struct iov_type {
	const char *name;   /**< "" when anonymous */
	uint32_t id, size;
	enum iov_type_space space;
	bool is_union;
	const struct iov_member *members;
	uint32_t member_count;
	struct iov_fields fields; /**< IOV_TYPES_OWN: what the kernel keeps programs away from, when they allocate it */
};

/** How types are found. The functions may convert and keep; a program is used by one thread at a time. They give NULL
 * or 0 for what is not there and when memory ran out (`nomem` is set then). */
struct iov_types {
	/** Struct or union `id` (through typedefs and qualifiers). */
	const struct iov_type *(*find)(struct iov_types *t, enum iov_type_space space, uint32_t id);
	/** Id of the struct of this name. */
	uint32_t (*named)(struct iov_types *t, enum iov_type_space space, const char *name);
	bool has_target;    /**< there is a target BTF: IOV_TYPES_TARGET can be asked */
	bool nomem;
};

/** The same for a program that may have no types at all (`t` NULL). */
const struct iov_type *types_find(struct iov_types *t, enum iov_type_space space, uint32_t id);
const struct iov_type *types_named(struct iov_types *t, enum iov_type_space space, const char *name);

/** Where an access lies in a struct, embedded structs entered. */
struct iov_place {
	const struct iov_member *member;
	const struct iov_type *holder; /**< the innermost struct */
	uint32_t off;                  /**< of the access in the member's element */
	bool through_union;            /**< of several members: the first that fits was taken */
};
/** False: `size` bytes at `off` lie in no member wholly (padding, across members, outside). */
bool types_member(struct iov_types *t, const struct iov_type *type, uint32_t off, uint32_t size,
		  struct iov_place *place);
/** Embedded struct `want` begins at byte `off` of `type` (or is `type` itself at 0). */
bool types_has_at(struct iov_types *t, const struct iov_type *type, uint32_t off, const struct iov_type *want);

#endif
