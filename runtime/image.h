/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_image, a verified program bound to its maps and helpers: what the interpreter, the JITs and the
 * checked engine all start from. Internal to runtime/; the public face is iov/iov.h.
 *
 * Calling convention of every engine: `uint64_t run(const struct iov_image *, struct iov_frame *)`, with the context
 * pointer in r1. Context loads were rewritten by load.c to fields of struct iov_ctx (facts say which load is which), so
 * an engine sees plain memory accesses; LD_MAP_FD became the address of a struct iov_map, LD_MAP_VALUE the address of
 * the bytes, helper calls carry the function's address in `calls`. */
#ifndef IOV_RUNTIME_IMAGE_H
#define IOV_RUNTIME_IMAGE_H

#include "asm/isa/facts.h"
#include "asm/isa/platform.h"

struct iov_map;
struct iov_ctx;

/** A helper: five 64-bit arguments, r0 back. `env` carries the run's state (context, CPU slot, time source). */
struct iov_env;
typedef uint64_t iov_helper_fn(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env);

/** The program's context in this runtime. XDP and skb types share it; data pointers are real addresses. The fields that
 * a program may read or write are 64 bits wide here; load.c's table maps uapi offsets to them. */
struct iov_ctx {
	uint8_t *data, *data_end, *data_meta;
	uint64_t ingress_ifindex, rx_queue_index, egress_ifindex;
	uint64_t len, mark, protocol, priority, queue_mapping, pkt_type, vlan_present, vlan_tci, vlan_proto, hash, tstamp;
	uint64_t tc_index, tc_classid, gso_segs, gso_size, cb[5];
	uint8_t *head, *tail_limit;   /**< bounds of the packet buffer: adjust_head and adjust_tail stay inside */
	struct iov_env *env;
};

struct iov_env {
	struct iov_ctx *ctx;
	const struct iov_image *image;
	uint32_t cpu;                 /**< slot of per-CPU maps */
	uint64_t (*now)(void *ud);    /**< CLOCK_MONOTONIC in ns, or the host's own clock */
	void *now_ud;
	uint32_t tail_calls;
	uint64_t redirect_ifindex;    /**< set by bpf_redirect* */
	uint64_t rng[2];
	void *trace;                  /**< FILE * for trace_printk, or NULL */
	/** Set by an engine whose LD_FUNC values are not machine code (the interpreter); NULL under a JIT. */
	uint64_t (*callback)(struct iov_env *env, uint64_t fn, const uint64_t args[5]);
};

/** How a helper (bpf_loop, bpf_for_each_map_elem, timers) calls a program's callback: `fn` is the LD_FUNC value. Under a
 * JIT it is the address of machine code with a helper's own signature, env sixth. */
static inline uint64_t env_callback(struct iov_env *env, uint64_t fn, uint64_t r1, uint64_t r2, uint64_t r3,
				    uint64_t r4, uint64_t r5)
{
	if (env->callback)
		return env->callback(env, fn, (const uint64_t[5]){r1, r2, r3, r4, r5});
	return ((iov_helper_fn *)(uintptr_t)fn)(r1, r2, r3, r4, r5, env);
}

/** The first member of every struct iov_map: what engines read without a call, to inline array lookups and tail calls. */
struct iov_map_head {
	/** ARRAY: the first value. PERCPU_ARRAY: the first value of CPU slot 0. PROG_ARRAY: `struct iov_image *[max_entries]`,
	 * each entry NULL or an image prepared for the engine that runs, read and written atomically. Else NULL. */
	uint8_t *data;
	uint32_t max_entries;
	uint32_t stride;      /**< bytes from one value to the next */
	uint64_t cpu_stride;  /**< PERCPU_ARRAY: bytes from one CPU slot's values to the next's */
	uint32_t type;        /**< uapi BPF_MAP_TYPE_* */
};

enum {
	IOV_MAX_TAIL_CALLS = 33,       /**< of one run, as in Linux; the next one falls through with r0 unchanged */
	IOV_MAY_GOTO_LIMIT = 8388608,  /**< turns that the may_gotos of one frame allow together; then they jump */
};

struct iov_image {
	const struct iov_prog *prog;
	const struct iov_facts *facts;
	struct iov_insn *insns;       /**< rewritten copy of prog->insns: same slots, same count */
	uint32_t count;
	struct iov_map **maps;        /**< by index of prog->maps */
	uint32_t map_count;
	iov_helper_fn **calls;        /**< by slot: the function of a CALL_HELPER, else NULL */
	const struct iov_platform *platform;
	void *code;                   /**< JIT: entry of the machine code, or NULL */
	size_t code_size;
	void *engine_data;            /**< interpreter: predecoded form */
};

/** Interpreter (interp.c). Prepare once, run many times; run is thread-safe. */
enum iov_status interp_prepare(struct iov_image *image, struct iov_arena *arena);
uint64_t interp_run(const struct iov_image *image, struct iov_env *env, void *ctx);

/** JIT for this machine (jit/). DIAG_JIT_UNSUPPORTED when the CPU has none. Code is mapped W^X. */
enum iov_status jit_compile(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink);
uint64_t jit_run(const struct iov_image *image, struct iov_env *env, void *ctx);
void jit_free(struct iov_image *image);

#endif
