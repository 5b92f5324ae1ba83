/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the checked engine's machine, shared by its files. It executes the program as it was verified (not the
 * rewritten copy), one instruction at a time, and believes nobody: every value carries the region that it points into
 * and whether it was ever written; every access, helper argument and reference is checked against what is alive; every
 * instruction is held against the verifier's claims (backend/verify/record.h) and facts. The first violation stops the
 * run. */
#ifndef IOV_RUNTIME_CHECKED_H
#define IOV_RUNTIME_CHECKED_H

#include "backend/verify/record.h"
#include "runtime/image.h"

enum { CHECKED_FRAMES = 256, CHECKED_NOWHERE = UINT32_MAX, CHECKED_TIMERS = 8 };

enum cregion_kind {
	CR_CTX, CR_STACK, CR_PACKET, CR_META, CR_END, CR_MAP, CR_VALUE, CR_RECORD, CR_FLOW_KEYS, CR_SOCK, CR_FUNC,
	CR_KERNEL,
	CR_DYNPTR,
	CR_OBJECT,
	CR_ITER,
};

struct cregion {
	uint8_t kind;
	bool live, readonly, acquired, owned; /**< owned: memory of the machine's, freed with it */
	uint64_t addr;
	uint32_t size;
	uint8_t object;                       /**< CR_SOCK: enum iov_object */
	uint8_t dynptr;                       /**< CR_DYNPTR: enum iov_dynptr; CR_ITER: it has given NULL */
	bool direct;                          /**< CR_VALUE: of a map's only value, which programs name */
	uint32_t left;                        /**< CR_ITER: elements to come */
	bool of_packet;                       /**< CR_RECORD: dies when the packet changes */
	uint32_t parent;                      /**< what it dies with, or 0: the socket that it was cast from, the dynptr
						   that gave it or that it clones */
	const struct iov_map_def *def;        /**< CR_MAP, CR_VALUE */
	const struct iov_type *type;          /**< CR_OBJECT */
	bool borrowed;                        /**< CR_OBJECT: gone when the lock is dropped */
	const char *name;                     /**< CR_KERNEL: the struct's name */
	struct iov_map *map;                  /**< CR_MAP: NULL when there is none behind it */
};

struct cvalue {
	uint64_t v;
	uint32_t region;                      /**< 0: a number */
	bool init;
};

struct cframe {
	const struct iov_image *image;        /**< whose function it is */
	struct cvalue r[IOV_REGS];
	uint8_t *mem;                         /**< V_STACK_BYTES between guard pages, or NULL; r10 points behind */
	bool init[V_STACK_BYTES];
	uint32_t spilled[V_STACK_SLOTS];      /**< region of a whole pointer stored there, by address */
	uint32_t object[V_STACK_SLOTS];       /**< region of the dynptr that the slot is part of */
	uint32_t region, ret, callsite;
	uint64_t private;                     /**< iov_facts.sub_private of its function */
	uint32_t root;                        /**< frame that verification of this code began in */
	bool callback;                        /**< called by a helper: turn `turn` of at most `turns` */
	uint32_t gone;                        /**< may_gotos that did not jump */
	uint32_t turn, turns, key;            /**< key: region of the element's key, or 0 */
};

struct cmachine {
	const struct iov_image *image;
	const struct iov_prog_type *type;
	struct iov_env *env;
	struct iov_ctx *ctx;
	struct iov_checked *out;
	struct cregion *regions;              /**< [0] is none */
	uint32_t region_count, region_cap;
	struct cframe *frames;
	uint32_t depth;                       /**< of the innermost frame */
	uint32_t ctx_region, packet, meta, end; /**< the packet's are 0 until asked for */
	uint32_t refs, slot;
	uint32_t rcu, preempt;                /**< sections that are open */
	uint64_t lock;                        /**< address of the spin lock that is held, or 0 */
	struct { const struct iov_map_def *map; uint32_t function; } timers[CHECKED_TIMERS];
	uint32_t timer_count;                 /**< functions that timers call */
	uint64_t left, rng;                   /**< left: instructions until worst_insns is exceeded */
};

struct iov_checked_code {
	struct iov_claims claims;
};

static inline struct cframe *checked_top(struct cmachine *m) { return &m->frames[m->depth]; }

/** Note the first violation. Always false. */
bool checked_fail(struct cmachine *m, int reg, uint64_t value, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
uint64_t checked_random(struct cmachine *m);

/* Memory (checked_mem.c). */
/** A new region; 0 when out of memory. addr 0: `size` bytes of the machine's own, filled at random. */
uint32_t checked_region(struct cmachine *m, enum cregion_kind kind, uint64_t addr, uint32_t size);
void checked_free(struct cmachine *m);
/** A socket; 0 when out of memory. */
uint32_t checked_socket(struct cmachine *m, uint8_t object);
/** The region is gone, and all that came from it. */
void checked_kill(struct cmachine *m, uint32_t region);
/** Memory of `size` bytes at p + off for reading or writing, checked; NULL after a violation. */
uint8_t *checked_access(struct cmachine *m, int reg, int64_t off, uint32_t size, bool write);
bool checked_load(struct cmachine *m, int reg, int64_t off, uint32_t size, struct cvalue *out);
bool checked_store(struct cmachine *m, int reg, int64_t off, uint32_t size, const struct cvalue *value);
/** An operation that reads and writes at once; `old` is what was there. */
bool checked_atomic(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row, struct cvalue *old);
/** What a call wrote is initialised, and holds no pointers. */
void checked_written(struct cmachine *m, const uint8_t *at, uint32_t size);
/* Dynptrs (checked_dynptr.c): their bytes on the stack count as never written, so that only calls can use them. */
/** The dynptr that register `reg` points at; 0: none, which is a violation. */
uint32_t checked_dynptr(struct cmachine *m, int reg);
/** Room of `size` bytes for an object where `reg` points. */
bool checked_object_room(struct cmachine *m, int reg, uint32_t size);
/** The iterator that `reg` points at; 0: none, which is a violation. */
uint32_t checked_iter(struct cmachine *m, int reg);
/** An iterator that gives so many elements. */
bool checked_iter_make(struct cmachine *m, uint64_t at, uint32_t elements);
/** Make one there; `parent`: what it clones, or 0. */
bool checked_dynptr_make(struct cmachine *m, uint64_t at, uint8_t kind, uint32_t parent);
/** Part of a dynptr in [at, at + size) is overwritten: the dynptr ends. */
bool checked_dynptr_lost(struct cmachine *m, const uint8_t *at, uint32_t size);
void checked_packet_changed(struct cmachine *m);
uint32_t checked_packet_region(struct cmachine *m, enum cregion_kind kind);
/** The frame whose stack `region` is, or NULL. */
struct cframe *checked_frame_of(struct cmachine *m, uint32_t region);

/* Functions (checked.c): push, for the function at `target`; `callsite` is the call's slot or CHECKED_NOWHERE. */
bool checked_push(struct cmachine *m, uint32_t target, uint32_t ret, uint32_t callsite, uint32_t root);

/* Helpers that call functions back (checked_callback.c): begin, and what follows when the function has returned. */
bool checked_callback(struct cmachine *m, const struct iov_helper *h, uint32_t *next);
bool checked_called_back(struct cmachine *m, uint32_t *next);

/* Structs of the kernel's (checked_kernel.c). */
/** A new one; 0 when out of memory. */
uint32_t checked_kernel(struct cmachine *m, const char *name);
/** The struct of this name is, or begins with, the struct `want`. */
bool checked_kernel_is(const struct cmachine *m, const char *name, const char *want);
bool checked_kernel_load(struct cmachine *m, int reg, int64_t off, uint32_t size, struct cvalue *out);
bool checked_kernel_store(struct cmachine *m, int reg, int64_t off, uint32_t size);

/* Calls of helpers (checked_call.c). */
/** The arguments alone. */
bool checked_arguments(struct cmachine *m, const struct iov_helper *h);
bool checked_helper(struct cmachine *m, const struct iov_helper *h);
/** Nothing is held where the program ends; `how` for the message. */
bool checked_holds_nothing(struct cmachine *m, const char *how);
/** The helper or kfunc that the instruction calls, or NULL. */
const struct iov_helper *checked_callee(const struct cmachine *m, uint32_t slot);

/* Objects, lists, kernel pointers in maps (checked_object.c). */
struct cobjects {
	const struct iov_type *type;
	const struct iov_field *field;
	uint32_t drops, inserts, same;        /**< regions: given up, put into a list or tree, to be had once more */
};
/** Special fields of what the region is, or NULL. */
const struct iov_fields *checked_fields(const struct cregion *r);
bool checked_object_argument(struct cmachine *m, struct cobjects *o, uint8_t arg, int reg);
/** `reg` points at a field of this kind, in a map value or an object that the program owns. */
bool checked_field_argument(struct cmachine *m, enum iov_field_kind kind, int reg);
/** Takes or drops the lock that r1 points at. */
bool checked_lock(struct cmachine *m, bool takes);
/** bpf_timer_set_callback(). */
void checked_timer(struct cmachine *m);
uint64_t checked_object_result(struct cmachine *m, const struct cobjects *o, const struct iov_helper *h,
			       uint32_t *region);
void checked_object_effects(struct cmachine *m, const struct cobjects *o, const struct iov_helper *h);
bool checked_kptr_load(struct cmachine *m, const struct iov_field *f, struct cvalue *out);

/* Claims and facts (checked_claim.c). */
bool checked_claims(struct cmachine *m);
bool checked_facts(struct cmachine *m, const struct iov_isa_row *row, const struct iov_insn *insn, bool jumps);

#endif
