/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what exists, described once: helpers, kfuncs, program types with their context, map types. The tables are
 * X-macro files beside this header (helpers.def, kfuncs.def, progtypes.def, maptypes.def). A platform selects from them
 * by name (platform.h). Ids and layouts: the kernel's uapi header linux/bpf.h. The rows describe the newest Linux that
 * was asked (6.18); what came later than a row itself carries the release ("get_netns_cookie@6.18"). */
#ifndef IOV_ISA_CATALOGUE_H
#define IOV_ISA_CATALOGUE_H

#include "asm/isa/types.h"

#include <stddef.h>

/** What a helper wants in an argument register. */
enum iov_arg {
	IOV_ARG_NONE,
	IOV_ARG_ANY,             /**< any initialised scalar (pointers too where the platform lets them leak) */
	IOV_ARG_CTX,             /**< the program's context, unmodified */
	IOV_ARG_MAP,             /**< a map, known at verification */
	IOV_ARG_MAP_KEY,         /**< readable memory of the map's key size */
	IOV_ARG_MAP_VALUE,       /**< readable memory of the map's value size */
	IOV_ARG_MAP_VALUE_UNINIT,/**< writable memory of the map's value size, need not be initialised */
	IOV_ARG_MEM,             /**< readable memory; the next argument is its size */
	IOV_ARG_MEM_OR_NULL,
	IOV_ARG_MEM_UNINIT,      /**< writable memory, need not be initialised; the next argument is its size */
	IOV_ARG_MEM_RW,          /**< readable and writable memory; the next argument is its size */
	IOV_ARG_MEM_FIXED,       /**< readable memory of `size` bytes of the row */
	IOV_ARG_MEM_FIXED_UNINIT,/**< writable memory of `size` bytes */
	IOV_ARG_SIZE,            /**< size in bytes of the memory before, > 0 */
	IOV_ARG_SIZE_OR_ZERO,
	IOV_ARG_ALLOC_SIZE,      /**< constant: size in bytes of the memory returned */
	IOV_ARG_ALLOC_MEM,       /**< memory that an acquiring helper returned (ring buffer record) */
	IOV_ARG_LONG_PTR,        /**< writable 8 bytes (u64 *), aligned; need not be initialised */
	IOV_ARG_INT_PTR,         /**< readable and writable 4 bytes, aligned, initialised */
	IOV_ARG_STR,             /**< NUL-terminated constant string in a read-only map */
	IOV_ARG_FUNC,            /**< a static subprogram (callback) */
	IOV_ARG_STACK_OR_NULL,   /**< callback context: stack or other pointer, or NULL */
	IOV_ARG_SPIN_LOCK,       /**< struct bpf_spin_lock in a map value */
	IOV_ARG_TIMER,           /**< struct bpf_timer in a map value */
	IOV_ARG_KPTR,            /**< kptr field in a map value or object */
	IOV_ARG_KPTR_NEW,        /**< a reference that goes into the field before it, or NULL */
	IOV_ARG_DYNPTR,          /**< initialised struct bpf_dynptr on the stack */
	IOV_ARG_DYNPTR_OR_NULL,
	IOV_ARG_DYNPTR_UNINIT,   /**< 16 bytes of stack that become one */
	IOV_ARG_ITER,            /**< open-coded iterator on the stack */
	IOV_ARG_ITER_UNINIT,     /**< 8 bytes of stack that become one */
	IOV_ARG_SOCK_COMMON,     /**< struct sock_common or anything derived */
	IOV_ARG_SOCKET,          /**< full socket */
	IOV_ARG_BTF_PTR,         /**< other kernel pointer, by BTF type name in the row */
	IOV_ARG_BTF_PTR_OR_NULL,
	IOV_ARG_CONST,           /**< constant scalar */
	IOV_ARG_CTX_OR_NULL,
	IOV_ARG_MAP_VALUE_OR_NULL,
	IOV_ARG_MEM_RW_OR_NULL,
	IOV_ARG_PERCPU_PTR,      /**< address of a per-CPU kernel variable (ksym) */
	IOV_ARG_SOCK_COMMON_OR_NULL,
	IOV_ARG_SLICE_BUFFER,    /**< readable and writable memory, or NULL; the next argument is its size */
	IOV_ARG_ZERO,            /**< the number 0: flags that nothing defines yet */
	IOV_ARG_NUMBER,          /**< any initialised scalar, and never a pointer */
	IOV_ARG_LOCAL_TYPE,      /**< constant: the id of a struct among the program's own types */
	IOV_ARG_OBJECT,          /**< an object that the program owns, which the call takes */
	IOV_ARG_COUNTED,         /**< an object with a struct bpf_refcount */
	IOV_ARG_LIST_HEAD, IOV_ARG_RB_ROOT, /**< in a map value or object whose lock is held */
	IOV_ARG_NODE,            /**< a node for the list or tree before it; the program owns the object */
	IOV_ARG_NODE_INSIDE,     /**< a node that is in the tree before it */
	IOV_ARG_TARGET_TYPE,     /**< constant: the id of a struct among the target kernel's types */
	IOV_ARG_IGNORED,         /**< filled in by the kernel */
	IOV_ARG_COUNT
};

/** What a helper leaves in r0. */
enum iov_ret {
	IOV_RET_SCALAR, /**< 64-bit scalar, range in the row */
	IOV_RET_VOID,   /**< r0 becomes unreadable */
	IOV_RET_MAP_VALUE_OR_NULL,
	IOV_RET_MAP_VALUE,
	IOV_RET_MEM_OR_NULL, /**< of IOV_ARG_ALLOC_SIZE bytes */
	IOV_RET_MEM,         /**< of `ret_size` bytes */
	IOV_RET_MEM_OR_BTF,  /**< per-CPU ksym */
	IOV_RET_SOCK_COMMON_OR_NULL,
	IOV_RET_SOCKET_OR_NULL,
	IOV_RET_TCP_SOCK_OR_NULL,
	IOV_RET_BTF_OR_NULL,
	IOV_RET_BTF,
	IOV_RET_NEVER, /**< does not come back when it succeeds (tail call); when it does, r0 is unreadable */
	IOV_RET_OBJECT_OR_NULL, /**< a new object of IOV_ARG_LOCAL_TYPE */
	IOV_RET_SAME_OBJECT,    /**< that of IOV_ARG_COUNTED; NULL only if the program did not own it */
	IOV_RET_NODE_OR_NULL,   /**< a node of the list or tree: the program's (IOV_HF_ACQUIRES), or still in there */
	IOV_RET_KPTR_OR_NULL,   /**< what was in the kernel pointer */
	IOV_RET_CAST,           /**< a pointer to IOV_ARG_TARGET_TYPE that nobody vouches for */
	IOV_RET_XDP_SOCK_OR_NULL,
	IOV_RET_COUNT
};

enum iov_helper_flags {
	IOV_HF_GPL = 1 << 0,            /**< only for GPL-compatible programs */
	IOV_HF_CHANGES_PACKET = 1 << 1, /**< packet pointers die */
	IOV_HF_ACQUIRES = 1 << 2,       /**< the result is a reference */
	IOV_HF_RELEASES = 1 << 3,       /**< releases the reference in its argument `release_arg` */
	IOV_HF_PACKET_ARGS = 1 << 4,    /**< memory arguments may be packet memory */
	IOV_HF_TAIL_CALL =
		1 << 5, /**< on return nothing happened; but a subprogram that makes one may have changed the packet */
	IOV_HF_CALLBACK = 1 << 6, /**< calls the static subprogram in its IOV_ARG_FUNC */
	IOV_HF_LOCK = 1 << 7,
	IOV_HF_UNLOCK = 1 << 8,
	IOV_HF_SLEEPS = 1 << 9,
	IOV_HF_PURE = 1 << 10,  /**< result depends on arguments only */
	IOV_HF_BASE = 1 << 11,  /**< every program type may call it (from `base_since` on) */
	IOV_HF_CASTS = 1 << 12, /**< the result is argument 1 under another type: both die with the same reference */
	IOV_HF_WRITES_DYNPTR = 1 << 14, /**< packet pointers die when its dynptr is one of a packet */
	IOV_HF_VARIES = 1 << 13, /**< some program types have another prototype: catalogue_variant() */
};

/** What a kfunc does beyond what helpers do. */
enum iov_kfunc_flags {
	IOV_KF_KFUNC = 1 << 0,       /**< is one: called by name */
	IOV_KF_THROWS = 1 << 1,      /**< the call ends the program; argument 1 is the cookie */
	IOV_KF_RCU_LOCK = 1 << 2, IOV_KF_RCU_UNLOCK = 1 << 3,
	IOV_KF_PREEMPT_OFF = 1 << 4, IOV_KF_PREEMPT_ON = 1 << 5,
	IOV_KF_CASTS_CTX = 1 << 6,   /**< the result is the kernel's struct behind the context */
	IOV_KF_PERCPU = 1 << 8,      /**< about objects that are there once for each CPU */
	IOV_KF_RCU_ARGS = 1 << 9,    /**< kernel objects may be ones that only RCU keeps */
	IOV_KF_UNDER_LOCK = 1 << 7,  /**< may be called while a spin lock is held */
	IOV_KF_SLICE = 1 << 10,      /**< the result is memory of the dynptr, or its IOV_ARG_SLICE_BUFFER */
	IOV_KF_SLICE_WRITES = 1 << 11, /**< which may be written */
	IOV_KF_ITER_NEXT = 1 << 12,  /**< the next element of its IOV_ARG_ITER: NULL once, and from then on */
};

/** What a dynptr is a window into. */
enum iov_dynptr {
	IOV_DYNPTR_ANY,
	IOV_DYNPTR_LOCAL,   /**< a map value */
	IOV_DYNPTR_RINGBUF, /**< a record, which it holds a reference to */
	IOV_DYNPTR_SKB,
	IOV_DYNPTR_XDP,
};
enum { IOV_DYNPTR_BYTES = 16, IOV_ITER_BYTES = 8 }; /**< struct bpf_dynptr, struct bpf_iter_num */

/** A helper or a kfunc prototype. */
struct iov_helper {
	uint32_t id;        /**< uapi id; kfuncs and vendor helpers: their own number space */
	const char *name;   /**< "map_lookup_elem", without bpf_ */
	const char *decl;   /**< C declaration for messages and headers */
	uint8_t ret;        /**< enum iov_ret */
	uint8_t args[5];    /**< enum iov_arg */
	uint32_t flags;     /**< enum iov_helper_flags */
	int64_t ret_min, ret_max; /**< IOV_RET_SCALAR: range; INT64_MIN, INT64_MAX when anything */
	uint32_t arg_size[5];     /**< IOV_ARG_MEM_FIXED*: bytes */
	const char *btf_type;     /**< IOV_ARG_BTF_PTR, IOV_RET_BTF*: "task_struct" */
	const char *arg_type[5];  /**< IOV_ARG_BTF_PTR*: where it is not btf_type */
	uint32_t kfunc;           /**< enum iov_kfunc_flags; 0: a helper */
	const char *const *types; /**< kfuncs: NULL-terminated types that may call it ("sock_ops@6.15"); NULL: all */
	uint8_t release_arg;      /**< 1..5, or 0 */
	uint8_t dynptr;           /**< enum iov_dynptr: must be (IOV_ARG_DYNPTR), becomes (IOV_ARG_DYNPTR_UNINIT) */
	uint64_t only;            /**< of catalogue_variants: the program types that it is for (bit n: type n) */
	const char *since;        /**< first Linux release, "4.8" */
	const char *base_since;   /**< IOV_HF_BASE: release from which every type may call it; NULL: since it exists */
	bool complete;            /**< the prototype is complete; else the verifier says "not supported yet" */
};

/** What reading a context field yields. */
enum iov_ctx_kind {
	IOV_CTX_SCALAR,
	IOV_CTX_PACKET,      /**< start of the packet */
	IOV_CTX_PACKET_END,
	IOV_CTX_PACKET_META, /**< start of metadata, before the packet */
	IOV_CTX_SOCK_OR_NULL,/**< struct bpf_sock * */
	IOV_CTX_FLOW_KEYS,   /**< struct bpf_flow_keys *: memory of `aux` bytes */
	IOV_CTX_BTF,         /**< kernel pointer, never NULL, to the struct `btf_type` */
	IOV_CTX_SOCK,        /**< struct bpf_sock * of a full socket, never NULL */
	IOV_CTX_FULL_SOCK_OR_NULL,
	IOV_CTX_MEMORY,      /**< plain memory of `aux` bytes, read and written at will; never NULL */
};

struct iov_ctx_field {
	const char *name;
	uint16_t off, size;     /**< bytes */
	uint8_t kind;           /**< enum iov_ctx_kind */
	bool readable, writable;
	bool narrow;            /**< may be read in part (1, 2, 4 bytes at an aligned place inside) */
	uint16_t aux;           /**< IOV_CTX_FLOW_KEYS, IOV_CTX_MEMORY: bytes; IOV_CTX_SCALAR: highest value, 0: any */
	bool narrow_write;      /**< may be written in part */
	bool wide;              /**< an array of 4-byte elements that 8-byte accesses may span (cb) */
	uint8_t elem;           /**< bytes of an array's element; 0: not an array */
	uint64_t attach;        /**< only for programs of these expected attach types (bit n: type n); 0: any */
	uint64_t attach_write;  /**< written only by programs of these expected attach types; 0: any */
	bool start_only;        /**< `narrow` reads start at the first byte */
	bool long_read;         /**< may also be read together with the padding behind it, as one of twice its size */
	const char *btf_type;   /**< IOV_CTX_BTF */
};

/** A kernel object that programs see as a uapi struct: loads from it are translated like loads from a context. */
enum iov_object_kind {
	IOV_OBJECT_SOCK_COMMON, /**< struct bpf_sock of any socket: __sk_buff.sk, skc_lookup_tcp */
	IOV_OBJECT_SOCK,        /**< struct bpf_sock of a full socket: sk_lookup_*, sk_fullsock */
	IOV_OBJECT_TCP_SOCK,    /**< struct bpf_tcp_sock */
	IOV_OBJECT_XDP_SOCK,    /**< struct bpf_xdp_sock: a lookup in an xskmap */
	IOV_OBJECT_COUNT
};
struct iov_object_type {
	const char *name;       /**< "bpf_sock" */
	const struct iov_ctx_field *fields;
	uint16_t field_count, size;
};

/** One expected attach type of a program type, where it changes what the program may do. */
struct iov_attach {
	uint32_t id;            /**< uapi BPF_* attach type */
	const char *name;       /**< "cgroup_inet_egress" */
	int64_t ret_min, ret_max; /**< ret_min > ret_max: anything */
	const char *const *lacks; /**< NULL-terminated helpers of the type that these programs may not call; or NULL */
};

/** Which helpers a program type may give packet memory. */
enum iov_packet_args { IOV_PACKET_ARGS_BY_HELPER, IOV_PACKET_ARGS_NEVER, IOV_PACKET_ARGS_ALWAYS };

/** A program type: context, return values, section names. */
struct iov_prog_type {
	uint32_t id;            /**< uapi BPF_PROG_TYPE_* */
	const char *name;       /**< "xdp": bpfman's spelling */
	const char *ctx_name;   /**< "xdp_md"; NULL: none */
	uint16_t ctx_size;      /**< bytes */
	bool ctx_memory;        /**< the context is plain memory of ctx_size bytes, read and written at will */
	const char *const *sections; /**< NULL-terminated: sections whose programs are of this type; NULL: by the id */
	const struct iov_ctx_field *fields;
	uint16_t field_count;
	int64_t ret_min, ret_max; /**< ret_min > ret_max: anything */
	bool complete;          /**< described completely; else only id and name are known */
	bool packet_write;      /**< direct packet writes are allowed */
	uint8_t packet_args;    /**< enum iov_packet_args */
	bool legacy_loads;      /**< BPF_ABS, BPF_IND are allowed */
	const char *const *helpers; /**< NULL-terminated names beyond the base set; "x@6.18": from 6.18 on */
	const char *since;      /**< first Linux release */
	const struct iov_attach *attaches; /**< those that differ from the row itself */
	uint16_t attach_count;
};

/** A section name prefix and the program type that it stands for (libbpf's conventions). */
struct iov_section_name {
	const char *prefix;       /**< "xdp", "tc", "classifier", "cgroup_skb/ingress" */
	bool exact;               /**< stock libbpf wants the bare prefix; false: "prefix/anything" is accepted too */
	uint32_t type, attach;    /**< uapi program type and expected attach type */
	bool sleepable, frags;    /**< BPF_F_SLEEPABLE, BPF_F_XDP_HAS_FRAGS */
};

/** What a successful map_lookup_elem yields. */
enum iov_map_lookup {
	IOV_LOOKUP_VALUE,         /**< pointer to the value */
	IOV_LOOKUP_VALUE_RDONLY,  /**< pointer to a value that programs may only read (device maps) */
	IOV_LOOKUP_MAP,           /**< an inner map */
	IOV_LOOKUP_SOCKET,        /**< a referenced socket */
	IOV_LOOKUP_XSK,           /**< struct bpf_xdp_sock */
	IOV_LOOKUP_NONE,          /**< programs cannot look up */
};

struct iov_map_type {
	uint32_t id;              /**< uapi BPF_MAP_TYPE_* */
	const char *name;         /**< "lru_hash" */
	bool complete;            /**< the verifier knows which helpers it takes and what they yield */
	bool has_key, has_value;  /**< sizes must be > 0 */
	bool values_direct;       /**< lookups give a pointer to the value; false: sockets, programs, inner maps, … */
	uint32_t key_size;        /**< required key size, 0: any */
	uint32_t value_size;      /**< required value size, 0: any */
	const char *const *helpers; /**< NULL-terminated names of helpers that take it */
	uint32_t value_size2;     /**< the other value size that is allowed, 0: none */
	uint8_t lookup;           /**< enum iov_map_lookup */
	const char *since;        /**< first Linux release */
};

/** The tables themselves, for tables made from them: helpers, program types and map types by id, [0] is empty. */
extern const struct iov_helper catalogue_helpers[], catalogue_kfuncs[];
extern const struct iov_prog_type catalogue_prog_types[];
extern const struct iov_map_type catalogue_map_types[];

const struct iov_helper *catalogue_helper(uint32_t id);
const struct iov_helper *catalogue_helper_by_name(const char *name); /**< with or without bpf_ */
size_t catalogue_helper_count(void);
/** The prototype that a program type has of a helper: another than the usual one for a few. */
const struct iov_helper *catalogue_variant(const struct iov_helper *helper, const struct iov_prog_type *type);
const struct iov_helper *catalogue_variant_at(size_t index); /**< NULL past the end */
const struct iov_helper *catalogue_helper_at(size_t index);
const struct iov_helper *catalogue_kfunc_by_name(const char *name);
/** Whether `name`, with or without bpf_, _impl (what a macro adds arguments to) and a flavour ("bpf_throw___v2"), means
 * this row. */
bool catalogue_is_called(const struct iov_helper *row, const char *name);
const struct iov_helper *catalogue_kfunc_at(size_t index); /**< NULL past the end */
const struct iov_prog_type *catalogue_prog_type(uint32_t id);
const struct iov_prog_type *catalogue_prog_type_by_name(const char *name);
size_t catalogue_kfunc_count(void);
size_t catalogue_prog_type_count(void); /**< ids 1 to this */
size_t catalogue_map_type_count(void);
const struct iov_map_type *catalogue_map_type(uint32_t id);
const struct iov_map_type *catalogue_map_type_by_name(const char *name);
/** The best match for an ELF section name ("xdp", "xdp/firewall", "tc/ingress"), a leading '?' ignored; or NULL. */
const struct iov_section_name *catalogue_section(const char *section);
/** The name that stands for a program type alone ("xdp"), or one that has to be completed ("kprobe"); NULL: none. */
const struct iov_section_name *catalogue_section_of(uint32_t type);
/** The field that holds byte `off` of the context, whatever the program type may do with it; or NULL (padding). */
const struct iov_ctx_field *catalogue_ctx_field(const struct iov_prog_type *type, uint32_t off);
/** Whether a program of this type and expected attach type may access `size` bytes at `off` of its context: size,
 * alignment and permission. The field is catalogue_ctx_field(). */
bool catalogue_ctx_access(const struct iov_prog_type *type, uint32_t attach, uint32_t off, uint32_t size, bool write);
const struct iov_object_type *catalogue_object(enum iov_object_kind kind);
const struct iov_ctx_field *catalogue_object_field(const struct iov_object_type *object, uint32_t off);
/** Whether a program may read `size` bytes at `off` of the object. Nothing in these may be written. */
bool catalogue_object_access(const struct iov_object_type *object, uint32_t off, uint32_t size);
/** Return values of a program of this type and expected attach type; false: anything goes. */
bool catalogue_ret_range(const struct iov_prog_type *type, uint32_t attach, int64_t *min, int64_t *max);
/** The kernel's struct behind the context ("sk_buff"), or NULL. */
const char *catalogue_kernel_context(const struct iov_prog_type *type);
/** The kernel's struct that maps of this type are ("bpf_htab"). */
const char *catalogue_kernel_map(const struct iov_map_type *type);
/** Whether programs of `type` may call `helper` on Linux `release` ("6.12"; NULL: the newest). */
bool catalogue_allows(const struct iov_prog_type *type, const struct iov_helper *helper, const char *release);
/** Whether programs with this expected attach type may not call a helper that their type otherwise may. */
bool catalogue_attach_lacks(const struct iov_prog_type *type, uint32_t attach, const struct iov_helper *helper);
/** -1, 0 or 1 as release `a` ("6.1") is before, equal to or after `b` ("6.12"). NULL is after every release. */
int catalogue_release_cmp(const char *a, const char *b);
/** Whether Linux lets values of maps of this type (uapi id) hold such a field; it makes no other such map. */
bool catalogue_map_holds(uint32_t type, enum iov_field_kind kind);
/** Whether a map type may be passed to a helper. */
bool catalogue_map_takes(const struct iov_map_type *map, const struct iov_helper *helper);

#endif
