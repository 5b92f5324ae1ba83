/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_facts, what the verifier proved about one iov_prog. Engines may rely on it, for the very
 * instructions that were verified in this process; nothing read from an object ever becomes an iov_facts. */
#ifndef IOV_ISA_FACTS_H
#define IOV_ISA_FACTS_H

#include "asm/isa/prog.h"

/** What a memory access reaches, the same on every path (an instruction that reaches two kinds that need different code
 * is rejected). */
enum iov_mem {
	IOV_MEM_NONE,     /**< no access, or the slot is never reached */
	IOV_MEM_STACK, IOV_MEM_PACKET, IOV_MEM_META, IOV_MEM_CTX, IOV_MEM_MAP_VALUE, IOV_MEM_RECORD, IOV_MEM_FLOW_KEYS,
	IOV_MEM_SOCK,     /**< struct bpf_sock fields: translated like a context */
	IOV_MEM_KERNEL,   /**< a kernel struct: the address may be bad, and the load gives 0 then */
	IOV_MEM_OTHER,    /**< plain memory of several kinds: the address is enough */
};

/** Bytes that a packet's buffer has at most: engines refuse larger ones, so that a pointer that was found to lie before
 * the packet's end is no further than this from its start. */
enum { IOV_PACKET_MOST = 1 << 20 };
/** Turns that the may_gotos of one frame allow together; then they jump. */
enum { IOV_MAY_GOTO_LIMIT = 1 << 23 };

struct iov_insn_fact {
	bool reached;       /**< false: dead code */
	uint8_t mem;        /**< enum iov_mem of the access, or of nothing */
	bool zext; /**< a 32-bit result whose upper half is read: must be zero-extended (engines may always do so) */
	bool divisor_nonzero; /**< DIV, MOD: the divisor is never 0 */
	bool always, never; /**< JCC: always / never taken */
	bool unlinked;      /**< what follows was not checked: it depends on a name of another object without a type */
	int32_t off;        /**< IOV_MEM_CTX, IOV_MEM_SOCK: byte offset in the context */
	int32_t map; /**< CALL_HELPER with a map argument: index in prog->maps when one map on every path; else -1 */
	bool is_const;      /**< ALU: the result is `value` on every path */
	uint64_t value;
	bool key_const;     /**< map helper: the 4-byte key on the stack is `key` on every path (array lookups) */
	uint32_t key;
};

/** How often a run calls one helper or kernel function, at most. */
struct iov_call_cost {
	const char *name;      /**< "map_lookup_elem" */
	uint32_t id;           /**< helper: its number; kernel function: index in prog->externs */
	bool kfunc;
	uint64_t most;         /**< UINT64_MAX: not bounded by a number */
};

struct iov_type;

/** A struct that the program allocates. */
struct iov_made_type {
	const struct iov_type *type;
	bool per_cpu;          /**< once for each CPU */
};

struct iov_facts {
	bool accepted;
	uint64_t processed;    /**< instructions that verification went through */
	uint32_t states, peak_states; /**< states kept; at most at one time */
	uint64_t nanoseconds;
	uint64_t worst_insns;  /**< upper bound of executed instructions in one run; UINT64_MAX: not bounded by a number
				*/
	uint32_t stack;        /**< bytes over the deepest call chain */
	uint32_t frames;       /**< deepest call chain, the entry included */
	uint64_t map_bytes;    /**< keys and values of all maps named, full, each rounded up to 8 bytes; per-CPU maps
				* for one CPU */
	struct iov_call_cost *calls; /**< of those that can be reached, by name; in the arena given to verify_prog */
	uint32_t call_count;
	struct iov_insn_fact *insns; /**< one per slot, in the arena given to verify_prog; NULL when rejected */
	uint32_t count;
	uint32_t *sub_stack;   /**< bytes of stack of each subprogram */
	uint64_t *sub_private; /**< of each subprogram, bit n: the nth eight bytes below r10 are accessed only whole, by
				* a load or store whose base is r10 itself: nobody else ever gets to know the place */
	bool uses_tail_calls, changes_packet;
	bool throws;           /**< a call of bpf_throw() may be reached */
	struct iov_made_type *made; /**< what bpf_obj_new() and bpf_percpu_obj_new() are called for, each once */
	size_t made_count, made_room;
};

#endif
