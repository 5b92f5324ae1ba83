/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_prog, one program as it travels from an object to the verifier and to an engine: instructions with
 * every reference resolved to an index, the maps they name, subprograms, and the map back to source and variables.
 *
 * Invariants (made by linker/object/program.c, relied on nowhere without a check in backend/verify):
 *  - insns[0] is the program's entry; the static and global functions that it reaches follow, each contiguous;
 *  - a CALL_SUBPROG's imm is relative, as in RFC 9669; LD_FUNC's imm is relative in the same way;
 *  - LD_MAP_FD's imm is an index into maps[]; LD_MAP_VALUE's imm likewise, with the byte offset in the second slot;
 *  - LD_BTF_ID's imm is an index into externs[]; a CALL_KFUNC's imm likewise;
 *  - CO-RE relocations have been applied (or, with no target BTF, left as the compiler wrote them). */
#ifndef IOV_ISA_PROG_H
#define IOV_ISA_PROG_H

#include "asm/isa/isa.h"
#include "asm/isa/types.h"

enum iov_map_origin { IOV_MAP_USER, IOV_MAP_DATA, IOV_MAP_BSS, IOV_MAP_RODATA, IOV_MAP_KCONFIG, IOV_MAP_STRUCT_OPS };

/** Initial content of one slot of a map of maps or a program array (BTF `values`). */
struct iov_map_slot {
	uint32_t index;
	const char *name; /**< map or program */
};

struct iov_map_def {
	const char *name;     /**< as in the source; data sections: ".rodata", ".data.x", ".bss" */
	uint32_t type;        /**< uapi BPF_MAP_TYPE_* */
	uint32_t key_size, value_size, max_entries; /**< bytes, bytes, count */
	uint32_t flags, pinning, numa_node;
	uint64_t extra;       /**< map_extra */
	enum iov_map_origin origin;
	uint32_t key_btf, value_btf;         /**< type ids in the object's BTF, 0: none */
	const uint8_t *init;                 /**< .data/.rodata contents, value_size bytes; else NULL */
	const struct iov_map_def *inner;     /**< template of inner maps, or NULL */
	struct iov_fields fields;            /**< special fields of its values */
	const struct iov_map_slot *slots;
	uint32_t slot_count;
	bool unlinked;                       /**< only declared: another object defines it */
	struct iov_span where;               /**< declaration, for messages */
};

/** Parameter of a global subprogram, from its BTF prototype. */
enum iov_param_kind {
	IOV_PARAM_SCALAR,
	IOV_PARAM_CTX,
	IOV_PARAM_MEM,
	IOV_PARAM_MEM_NONNULL,
	IOV_PARAM_DYNPTR,
	IOV_PARAM_KERNEL, /**< struct `object` of the kernel's, good while the function runs */
	IOV_PARAM_OTHER
};
struct iov_param {
	const char *name;
	enum iov_param_kind kind;
	uint32_t size;  /**< bytes pointed at, IOV_PARAM_MEM* */
	bool is_const;
	bool nullable;      /**< IOV_PARAM_KERNEL */
	const char *object; /**< IOV_PARAM_KERNEL: "task_struct" */
	const char *tag;    /**< the tag that made it so, "__arg_trusted", or NULL */
	const char *since;  /**< first release of Linux that knows the tag */
	const char *wrong;  /**< IOV_PARAM_OTHER: why the tags do not help; NULL: the type says too little */
};

struct iov_subprog {
	const char *name;
	uint32_t start, count;  /**< slots */
	bool global;            /**< BTF linkage global: verified once, from its prototype */
	bool is_void;           /**< returns nothing */
	bool returns_other;     /**< returns neither nothing nor a number: a pointer, a struct */
	bool has_proto;
	struct iov_param params[5];
	uint32_t param_count;
};

/** Line information: from `insn` until the next record. */
struct iov_line {
	uint32_t insn;
	const char *file, *text; /**< text: the source line, or NULL */
	uint32_t line, col;
};

/** Where a variable lives over a range of instructions (DWARF location lists). */
enum iov_var_place { IOV_VAR_REG, IOV_VAR_STACK, IOV_VAR_CONST };
struct iov_var {
	const char *name, *type; /**< type as C text, or NULL */
	uint32_t size;           /**< bytes, 0: unknown */
	uint32_t begin, end;     /**< slots, half open */
	enum iov_var_place place;
	int32_t where;           /**< register number, or offset from r10 */
	bool is_param;
};

/** An extern that the platform has to give: kfunc, ksym variable. */
struct iov_extern {
	const char *name;
	bool is_func, weak;
	const struct iov_subprog *unlinked; /**< a function of another object, by its prototype; else NULL */
	uint32_t unlinked_size; /**< a variable of another object: bytes; else 0 */
	bool unknown;           /**< a name of another object of which there is no type: variable, map or function */
};

/** What a field, type or enumerator that the platform lacks became: a call of helper IOV_CORE_POISON, which no platform
 * has. Wrong only where it can be reached. */
enum { IOV_CORE_POISON = 0x0bad2310 };
struct iov_poison {
	uint32_t insn;
	const char *what; /**< "struct task_struct.pids[0]" */
};

struct iov_prog {
	const char *name, *section, *object; /**< object: file name for messages */
	uint32_t type, attach_type;          /**< uapi; type 0 when the section says nothing */
	bool is_function;                    /**< subs[0] is a global function, entered by its prototype */
	const char *license;                 /**< "" when the object has none */
	bool gpl;                            /**< the licence is GPL-compatible by the kernel's list */
	bool big_endian;                     /**< byte order that the program was compiled for */
	struct iov_insn *insns;
	uint32_t count;                      /**< slots */
	uint32_t lead;                       /**< of them, how many a host put before the program's own */
	const struct iov_map_def **maps;
	uint32_t map_count;
	struct iov_subprog *subs;            /**< by start; subs[0] is the entry */
	uint32_t sub_count;
	const struct iov_line *lines;        /**< by insn */
	uint32_t line_count;
	const struct iov_var *vars;          /**< by begin */
	uint32_t var_count;
	const struct iov_extern *externs;
	uint32_t extern_count;
	struct iov_types *types;             /**< structs that pointers can point at; NULL: none are known */
	const char *exception_name;          /**< what bpf_throw() calls (BTF decl tag); NULL: nothing */
	uint32_t exception_sub;              /**< its number; 0: there is no such global function */
	uint32_t exception_tags;             /**< how many are named; more than 1 is an error */
	const struct iov_poison *poisons;    /**< by insn, within a subprogram */
	uint32_t poison_count;
	const uint32_t *unplaced;            /**< slots that access a type of the target's, which nobody has named */
	uint32_t unplaced_count;
};

/** A slot's number in messages, which count the program's own only. */
static inline long long prog_number(const struct iov_prog *prog, int64_t slot) { return slot - prog->lead; }
/** Line record in force at a slot, or NULL. */
const struct iov_line *prog_line(const struct iov_prog *prog, uint32_t insn);
/** A diagnostic span for a slot: file, line, column, source text, program. */
struct iov_span prog_span(const struct iov_prog *prog, uint32_t insn);
/** The variable that register `reg` (0..9) holds at a slot, or NULL; likewise the one at stack offset `off` (< 0). */
const struct iov_var *prog_reg_var(const struct iov_prog *prog, uint32_t insn, int reg);
const struct iov_var *prog_stack_var(const struct iov_prog *prog, uint32_t insn, int32_t off);
/** The subprogram that contains a slot, or NULL. */
const struct iov_subprog *prog_sub_at(const struct iov_prog *prog, uint32_t insn);
/** True for the licences that the kernel takes as GPL-compatible ("GPL", "Dual BSD/GPL", …). */
bool prog_license_is_gpl(const char *license);

#endif
