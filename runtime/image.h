/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct iov_image, a verified program bound to its maps and helpers: what the interpreter, the JITs and the
 * checked engine all start from. Internal to runtime/; the public face is iov/iov.h.
 *
 * Calling convention of every engine: `uint64_t run(const struct iov_image *, struct iov_env *, void *ctx)`, with the
 * context pointer in r1. What load.c has already done to `insns`, so that an engine sees plain memory accesses:
 *  - context accesses (facts say which) are accesses of struct iov_ctx: pointers are 64-bit loads, scalars keep width;
 *  - LD_MAP_FD and LD_MAP_VALUE are LD_IMM64 of the address of the struct iov_map, of the bytes;
 *  - `calls` holds the function of each CALL_HELPER; only IOV_HELPER_TAIL_CALL is the engine's own to do.
 * LD_FUNC stays: its value is the engine's own, taken back by CALLX and env_callback(). */
#ifndef IOV_RUNTIME_IMAGE_H
#define IOV_RUNTIME_IMAGE_H

#include "asm/isa/facts.h"
#include "asm/isa/platform.h"

struct iov_map;
struct iov_network;
struct iov_sockets;
struct sockets_entry;
struct iov_ctx;
struct iov_env;
struct iov_image;
struct objects;
struct timer;
struct unwind;

enum {
	IOV_HELPER_MAP_LOOKUP = 1, IOV_HELPER_MAP_UPDATE = 2, IOV_HELPER_TAIL_CALL = 12,
	IOV_FRAME_STACK = 512,         /**< bytes of stack of one subprogram, at most */
	IOV_MAX_TAIL_CALLS = 33,       /**< of one run, as in Linux; the next one falls through with r0 unchanged */
};

/** A helper: five 64-bit arguments, r0 back. `env` carries the run's state (context, CPU slot, time source). */
typedef uint64_t iov_helper_fn(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, struct iov_env *env);

/** Scalar context fields, at the very offsets of uapi struct xdp_md; the pointers' slots are unused. */
struct iov_xdp_fields {
	uint32_t data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

/** Likewise, uapi struct __sk_buff. */
struct iov_skb_fields {
	uint32_t len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority;
	uint32_t ingress_ifindex, ifindex, tc_index, cb[5], hash, tc_classid, data, data_end, napi_id;
	uint32_t family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port, data_meta;
	uint64_t flow_keys, tstamp;
	uint32_t wire_len, gso_segs;
	uint64_t sk;
	uint32_t gso_size;
	uint8_t tstamp_type, pad[3];
	uint64_t hwtstamp;
};

/** The program's context in this runtime, of XDP and skb program types. Data pointers are real addresses; every scalar
 * lies in `uapi` at its uapi offset, so that narrow and array accesses mean what they mean in the kernel. */
struct iov_ctx {
	uint8_t *data, *data_end, *data_meta;
	uint8_t *head, *tail_limit;   /**< bounds of the packet buffer: adjust_head and adjust_tail stay inside */
	const struct sockets_entry *sock; /**< the packet's, or NULL */
	struct iov_env *env;
	union {
		struct iov_xdp_fields xdp;
		struct iov_skb_fields skb;
		uint8_t uapi[256];
	};
	/** Socket-buffer types: the link, network and transport headers (`trans`: NULL until something says where). The
	 * packet of types below the link layer begins at `net`; the link header lies before it. */
	uint8_t *mac, *net, *trans;
	int8_t csum_level;            /**< checksums found good beyond the first; below 0: none was looked at */
	bool hashed;                  /**< skb.hash is the packet's, though it may be 0 */
	bool encapsulated;            /**< skb_adjust_room has put headers around another packet */
	uint16_t tunnel_key_size, tunnel_opt_size; /**< bytes of what skb_set_tunnel_* was given; 0: nothing */
	uint8_t tunnel_key[48], tunnel_opt[256];
};

enum { IOV_CHECKED_HELPERS = 256 };

/** What the checked engine says of a run, and what it counts over runs. Zero-initialise. */
struct iov_checked {
	bool failed;                  /**< `text` says what was belied; the run stopped there with r0 = 0 */
	bool cut;                     /**< the run was stopped at max_steps */
	char text[640];
	uint64_t max_steps;           /**< of one run; 0: no limit */
	uint64_t steps, claims;       /**< instructions executed, claims compared with */
	uint64_t *rows, *helpers;     /**< NULL, or counts by isa row and by helper id below IOV_CHECKED_HELPERS */
	uint64_t *kfuncs;             /**< NULL, or counts by place in the catalogue */
};

struct iov_env {
	struct iov_ctx *ctx;
	const struct iov_image *image;
	uint32_t cpu;                 /**< slot of per-CPU maps */
	uint64_t (*now)(void *ud);    /**< CLOCK_MONOTONIC in ns, or the host's own clock */
	void *now_ud;
	uint32_t tail_calls;
	uint32_t redirect_flags;
	uint64_t redirect_ifindex;    /**< set by bpf_redirect* */
	struct iov_map *redirect_map; /**< that bpf_redirect_map went through, or NULL */
	uint32_t redirect_key;
	uint64_t rng[2];
	uint64_t seed;                /**< of hashes of packets */
	void *data;                   /**< the host's, for its own helpers */
	struct timer *timer;          /**< whose callback runs, or NULL */
	struct unwind *unwind;        /**< where bpf_throw() goes (throw.c) */
	const struct iov_network *network; /**< ports, routes and neighbours, or NULL */
	const struct iov_sockets *sockets; /**< or NULL */
	bool hosted;                  /**< sockets are the host's; else the checked engine makes some up */
	uint64_t cgroup;              /**< that the program is attached to */
	/** Sends a copy of a packet to a port (bpf_clone_redirect): 0 or -errno. NULL: there is no port. */
	int (*send)(void *ud, uint32_t port, bool ingress, const void *bytes, size_t size);
	void *send_ud;
	void (*trace)(void *ud, const char *text); /**< bpf_trace_printk, or NULL */
	void *trace_ud;
	struct iov_checked *checked;  /**< for the checked engine's report, or NULL */
	/** Set while an engine runs whose LD_FUNC values are not machine code (the interpreter); else NULL. */
	uint64_t (*callback)(struct iov_env *env, uint64_t fn, const uint64_t args[5]);
};

/** How a helper (bpf_loop, bpf_for_each_map_elem, timers) calls a program's callback: `fn` is the LD_FUNC value. Under
 * a JIT it is the address of machine code with a helper's own signature, env sixth. */
static inline uint64_t env_callback(struct iov_env *env, uint64_t fn, uint64_t r1, uint64_t r2, uint64_t r3,
				    uint64_t r4, uint64_t r5)
{
	if (env->callback)
		return env->callback(env, fn, (const uint64_t[5]){r1, r2, r3, r4, r5});
	return ((iov_helper_fn *)(uintptr_t)fn)(r1, r2, r3, r4, r5, env);
}

/** The first member of every struct iov_map: what engines read without a call, for array lookups and tail calls. */
struct iov_map_head {
	/** ARRAY: the first value. PERCPU_ARRAY: the first value of CPU slot 0. PROG_ARRAY: max_entries pointers to
	 * struct iov_image, each NULL or prepared for the engine that runs, read and written atomically. Else NULL. */
	uint8_t *data;
	uint32_t max_entries;
	uint32_t stride;      /**< bytes from one value to the next */
	uint64_t cpu_stride;  /**< PERCPU_ARRAY: bytes from one CPU slot's values to the next's */
	uint32_t type;        /**< uapi BPF_MAP_TYPE_* */
};

/** What machine code does against attacks on the machine: nothing by default. */
enum {
	IOV_HARDEN_CONSTANTS = 1, /**< constants of the program are hidden by random numbers (JIT spraying) */
	IOV_HARDEN_BRANCHES = 2,  /**< indirect branches are guarded against misprediction (Spectre v2) */
};

struct iov_image {
	const struct iov_prog *prog;
	const struct iov_facts *facts; /**< NULL only in unit tests of engines: then frames take IOV_FRAME_STACK each */
	struct iov_insn *insns;       /**< rewritten copy of prog->insns: same slots, same count */
	uint32_t count;
	const struct iov_prog_type *type; /**< the platform's; NULL where it has none */
	struct iov_map **maps;        /**< by index of prog->maps */
	uint32_t map_count;
	iov_helper_fn **calls;        /**< by slot: the function of a CALL_HELPER, else NULL */
	const struct iov_platform *platform;
	void *code;                   /**< JIT: what is called, or NULL: the machine code, or throw_guard() before it */
	void *text;                   /**< JIT: the machine code; the entry is at its start */
	size_t code_size;             /**< bytes of it */
	struct jit_pool *pool;        /**< JIT: where its machine code lies; NULL: on pages of its own */
	const uint32_t *code_at;      /**< JIT: by slot: where its code starts, not in their order; then the end */
	void *engine_data;            /**< interpreter: predecoded form; checked engine: claims */
	/** throw_guard(), for the entry of a program that may throw. */
	uint64_t (*guard)(void *ctx, struct iov_env *env, uint64_t (*inside)(void *ctx, struct iov_env *env));
	uint64_t exception;           /**< what bpf_throw() leads to, as env_callback() takes it; 0: to the cookie */
	struct objects *objects;      /**< where its objects come from, or NULL */
	bool checked;                 /**< prepared for the checked engine */
	unsigned hardening;           /**< IOV_HARDEN_*, of the JIT */
};

/** Runs env->image, which may throw, by `inside` (throw.c): it is what bpf_throw() ends. */
uint64_t throw_guard(void *ctx, struct iov_env *env, uint64_t (*inside)(void *ctx, struct iov_env *env));

/** Interpreter (interp.c). Prepare once, run many times; run is thread-safe. */
enum iov_status interp_prepare(struct iov_image *image, struct iov_arena *arena);
uint64_t interp_run(const struct iov_image *image, struct iov_env *env, void *ctx);

/** Checked engine (checked.c): slow, and believes neither the program nor the verifier. Prepare verifies once more, to
 * record the claims that runs are held against. */
enum iov_status checked_prepare(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink);
uint64_t checked_run(const struct iov_image *image, struct iov_env *env, void *ctx);

/** JIT for this machine (jit/). DIAG_JIT_UNSUPPORTED when there is none. Code is mapped W^X. */
bool jit_available(void);
enum iov_status jit_compile(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink);
void jit_free(struct iov_image *image);

/** Pages that the machine code of several images shares, since system calls take longer than compiling most programs:
 * writable until they are sealed, executable from then on. Nothing runs before that. */
struct jit_pool {
	uint8_t *base;
	size_t size, used;
	bool landings;
};
/** Room for programs of so many instructions; when the system refuses, each image gets pages of its own. */
void jit_pool_open(struct jit_pool *pool, size_t insns);
/** False when the system refuses. */
bool jit_pool_seal(struct jit_pool *pool);
void jit_pool_close(struct jit_pool *pool);

/** Run machine code: image->code is its entry. */
typedef uint64_t jit_entry(void *ctx, struct iov_env *env);
#if defined(__clang__)
__attribute__((no_sanitize("function"))) /* clang looks for type data before a callee: machine code has none */
#endif
static inline uint64_t jit_run(const struct iov_image *image, struct iov_env *env, void *ctx)
{
	return ((jit_entry *)image->code)(ctx, env);
}

#endif
