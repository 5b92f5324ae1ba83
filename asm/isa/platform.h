/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_platform, what a place that runs modules offers. Made from stdlib/platforms/NAME.yaml by asm/yaml,
 * at build time for the shipped ones (platform_shipped), at run time for a vendor's own file. See iov-platform(5). */
#ifndef IOV_ISA_PLATFORM_H
#define IOV_ISA_PLATFORM_H

#include "asm/isa/catalogue.h"
#include "asm/isa/prog.h"

enum iov_platform_order { IOV_ORDER_ANY, IOV_ORDER_LITTLE, IOV_ORDER_BIG };

enum iov_platform_rules {
	IOV_RULE_POINTERS_IN_MAPS = 1 << 0,    /**< kernel pointers may be stored into maps and returned as scalars */
	IOV_RULE_UNINIT_TO_MAPS = 1 << 1,      /**< uninitialised stack bytes may flow to helpers (privileged Linux) */
	IOV_RULE_BOUNDED_LOOPS = 1 << 2,       /**< loops are allowed when they end */
	IOV_RULE_SUBPROGRAMS = 1 << 3,         /**< bpf-to-bpf calls */
	IOV_RULE_TAIL_CALLS = 1 << 4,
	IOV_RULE_STRICT_ALIGNMENT = 1 << 5,    /**< packet accesses must be aligned */
	IOV_RULE_CALLBACKS = 1 << 6,
	IOV_RULE_GLOBAL_DATA = 1 << 7,         /**< .data, .rodata, .bss */
	IOV_RULE_LEGACY_LOADS = 1 << 8,        /**< BPF_ABS, BPF_IND */
	IOV_RULE_ATOMICS_FETCH = 1 << 9,
	IOV_RULE_MAY_GOTO = 1 << 10,
	IOV_RULE_ACQUIRE_RELEASE = 1 << 11,    /**< load_acquire, store_release */
	IOV_RULE_ADDR_SPACE_CAST = 1 << 12,
	IOV_RULE_LINUX_LOOPS = 1 << 13,        /**< loops are walked, as Linux does: each turn counts */
	IOV_RULE_SWAP_BOUNDS = 1 << 14,        /**< bounds survive byte swaps: not in Linux up to 6.12 */
	IOV_RULE_STACK_WHOLE = 1 << 15,        /**< stack at constant offsets only, read as it was written */
	IOV_RULE_NOT_EQUAL_BOUNDS = 1 << 16,   /**< a != b moves a bound that is b: not in Linux up to 6.7 */
};

/** A word about one helper, kernel function or map type. */
struct iov_platform_note {
	const char *name, *text;
};

struct iov_platform {
	const char *name, *summary, *kernel; /**< kernel: "6.12", or NULL */
	const char *target_btf;    /**< what CO-RE is resolved against: a file, "auto", or NULL */
	enum iov_platform_order order;
	uint8_t cpu;               /**< highest -mcpu=vN that it runs */
	uint32_t rules;            /**< enum iov_platform_rules */
	uint32_t max_insns;        /**< slots in a program */
	uint64_t max_processed;    /**< instructions that verification may process */
	uint32_t max_stack;        /**< bytes over a call chain */
	uint32_t max_frames;       /**< call depth, the program itself included */
	uint32_t max_states;       /**< 0: no limit */
	uint64_t max_map_memory;   /**< bytes, 0: no limit */
	uint32_t max_tail_calls;
	const struct iov_helper *const *helpers; /**< by id, sorted */
	uint32_t helper_count;
	const struct iov_helper *const *kfuncs;
	uint32_t kfunc_count;
	const struct iov_prog_type *const *prog_types;
	uint32_t prog_type_count;
	const struct iov_map_type *const *map_types;
	uint32_t map_type_count;
	const struct iov_platform_note *lacking; /**< what it cannot offer, and why */
	uint32_t lacking_count;
	const struct iov_platform_note *hosted;  /**< offered, and the answer is what the host says: by what */
	uint32_t hosted_count;
};

/** Why this platform cannot offer the helper, kernel function or map type of this name, or NULL. */
const char *platform_why_lacking(const struct iov_platform *p, const char *name);

/** Helper `id` as this platform offers it, or NULL. */
const struct iov_helper *platform_helper(const struct iov_platform *p, uint32_t id);
const struct iov_helper *platform_kfunc(const struct iov_platform *p, const char *name);
const struct iov_prog_type *platform_prog_type(const struct iov_platform *p, uint32_t id);
/** The type of a program: the one whose `sections` name the program's section, else the one with the program's id. */
const struct iov_prog_type *platform_type_of(const struct iov_platform *p, const struct iov_prog *prog);
const struct iov_map_type *platform_map_type(const struct iov_platform *p, uint32_t id);
/** Whether programs of `type` may call `helper` (base set, or named by the program type). */
bool platform_allows(const struct iov_platform *p, const struct iov_prog_type *type, const struct iov_helper *helper);

/** The platforms compiled into the tools; defined in the library `platforms` (asm/platforms). [0] is the default. */
const struct iov_platform *platform_shipped(const char *name);
const struct iov_platform *platform_shipped_at(size_t index); /**< NULL past the end */

#endif
