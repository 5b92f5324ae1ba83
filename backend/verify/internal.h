/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: struct verifier, the working state of one verify_prog() call, and the seams between its phases. */
#ifndef IOV_VERIFY_INTERNAL_H
#define IOV_VERIFY_INTERNAL_H

#include "backend/verify/cost.h"
#include "backend/verify/demand.h"
#include "backend/verify/pack.h"
#include "backend/verify/record.h"
#include "backend/verify/verify.h"

enum { V_NO_INSN = UINT32_MAX, V_MAX_OFFSET = 1 << 29, V_MAX_PACKET = 0xffff, V_MAX_ERRORS = 10, V_MAX_LOOPS = 64,
       V_MAX_FORKS = 16384, V_MAX_MEMORY = 56 << 20 };

/** What the phases before exploration know about a slot. */
struct vinsn {
	const struct iov_isa_row *row; /**< NULL: second slot of a 64-bit constant */
	uint16_t live;                 /**< registers that may be read before they are written, from here */
	uint16_t sub;
	uint8_t depth;                 /**< loops around it */
	uint32_t pos, last;            /**< place in an order that follows the flow; header: the last of its loop */
	bool join, header;             /**< several ways lead here; a loop begins here */
	bool prune;                    /**< states are kept and compared here */
	bool callback;                 /**< a call of a helper that calls back, or for an iterator's next element */
	bool iter;                     /**< the latter */
	uint8_t tried;                 /**< how often the loop here was tried, because a turn changed nothing */
	bool may_goto;                 /**< the loop that begins here has one in it: Linux does not follow it either */
	bool follow;                   /**< a loop begins here that is to be walked turn by turn */
};

struct vsub {
	uint32_t stack;      /**< bytes that accesses reach, so far */
	uint64_t common;     /**< bit n: the nth eight bytes below r10 were reached not whole, or not through r10 */
	uint32_t deepest;    /**< insn of the deepest access */
	bool verified, called, changes_packet, throws;
	struct cost *cost;   /**< of one call of a global function, callees included; in v->work */
};

/** A stretch of one path, from a kept state or a fork to the next. Nodes form a tree; the path is the way to the root.
 * In a region (region.c) a node may go on for several, which wait for it. */
struct vnode {
	struct vnode *parent, *next; /**< next: in the list of kept states of the slot */
	uint32_t insn;               /**< first slot */
	uint32_t fork;               /**< slot of the branch that led here, or V_NO_INSN */
	uint32_t open;               /**< children not finished */
	uint32_t hits, misses;       /**< comparisons that covered an arrival, and that did not */
	bool done;                   /**< everything that follows has been verified */
	struct vstate *kept;         /**< the state at `insn`, for comparison; NULL: none */
	struct flow *log;
	uint32_t log_len, log_cap;
	struct demand *end, *start;  /**< what follows needs at the end; once done, at the start */
	struct cost *cost;           /**< after the log's end; once done, from the start */
	uint64_t steps, *spent;      /**< instructions in this stretch; calls in it by dimension, NULL: none */
	uint32_t turn, iter;         /**< it begins with a call that calls back: the callback's turn; with one for an
				      * iterator's next element: the iterator */
	uint64_t turns;              /**< at most so many */
	struct vnode *around;        /**< that call, for a node that begins where a turn of it ended */
	struct vnode *home;          /**< the innermost such call that it is inside of or behind, until settled */
	uint8_t row;                 /**< such a call: what its turns are counted in (cost.h); 0: nothing */
	uint32_t serial;             /**< nodes are numbered as they are made */
	uint32_t leans;              /**< what follows ends at the turn that began at the node with this number, or an
				      * older one on the way, and is verified when that is; 0: at none */
	struct vnode *older, *newer; /**< in that order, of all that live */
	struct vnode *waiters, *next_waiter; /**< nodes that this one goes on for */
	struct vnode *via;           /**< one of them, or the node that the region began from: a way up */
	struct vnode *scope;         /**< of the innermost loop that was being proved then, until that is settled */
	uint8_t loop_row;            /**< a loop begins here that was proved: row of its cost, `turns` its ways round */
	bool pinned;                 /**< its state stays kept */
	bool tried;                  /**< a region was begun from it to prove a loop */
	uint32_t forks;              /**< branches on the path that could go both ways */
	uint64_t since;              /**< instructions from the last kept state on the path to the start */
	struct vsnap *snaps;         /**< states on the way (record.c) */
	uint32_t snap_count, snap_cap;
};

/** The state before an instruction, and how long the log was then. */
struct vsnap {
	struct vstate *state;
	uint32_t insn, log_len;
};

/** A path that waits at a fork: its state, or the same packed. */
struct vpending {
	struct vnode *node;
	struct vstate *state;
	struct vpacked *packed;
};

/** A path of a region that waits at a join. */
struct vpark {
	struct vnode *node;
	struct vstate *state;
	uint32_t insn, len, key[V_MAX_FRAMES]; /**< key: its place in the order of the flow, frame by frame */
};

/** The trial that is under way (region.c). */
struct vregion {
	struct vnode *from, *root;   /**< begun from the first, whose state the second has too */
	struct vnode *node;          /**< where the search goes on when it fails */
	struct vstate *state;
	uint32_t pc, pending, restarts;
	uint64_t began;              /**< instructions processed before it */
	struct vpark *parks;
	uint32_t park_count, park_cap;
	struct iov_facts facts;      /**< to be put back */
	struct vsub *subs;
	struct vundo *undo;
	uint32_t undo_count, undo_cap;
};

/** A loop of the region that is being proved (loop.c). */
struct vloop {
	struct vloop *outer;
	struct vnode *node;          /**< begins at the header */
	struct vstate *inv;          /**< the invariant, so far */
	uint32_t header, depth, attempts;
	uint32_t ids, outer_ids;     /**< identities up to these are older than the walk of the body; than the loop */
	uint32_t len, key[V_MAX_FRAMES]; /**< of arrivals that have gone round */
	struct limits limits;
};

enum loop_end { LOOP_PROVED, LOOP_AGAIN, LOOP_FAILED, LOOP_NOMEM };

/** A function that a timer in a value of `map` calls some time. */
struct vasync {
	struct vasync *next;
	uint32_t sub;
	const struct iov_map_def *map;
	bool done;
};

struct verifier {
	const struct iov_prog *prog;
	const struct iov_platform *platform;
	const struct iov_prog_type *type;
	const struct iov_verify_options *options;
	struct iov_arena *out;       /**< the caller's: facts */
	struct iov_arena work;
	struct iov_sink *sink;
	struct iov_facts *facts;
	struct iov_alloc counted;    /**< over `under`; counts in `memory` (pending.c) */
	const struct iov_alloc *alloc, *under;
	size_t memory, memory_limit; /**< bytes */
	struct vinsn *insns;
	struct vsub *subs;
	struct iov_insn_fact *fact;
	uint64_t budget;
	uint32_t stack_limit;

	/* Exploration. */
	struct vpool pool;
	struct vnode **kept;         /**< by slot: states for comparison */
	uint32_t *kept_count;
	struct vpending *pending;
	uint32_t pending_count, pending_cap;
	uint32_t packed;             /**< so many of the oldest that wait are packed */
	struct vasync *asyncs;       /**< functions that timers call (async.c) */
	const struct vasync *async;  /**< the one that this exploration is about, or NULL */
	uint32_t root_sub;           /**< the subprogram that this exploration began in */
	struct vregion *region;      /**< NULL: paths are walked one by one */
	struct vloop *loop;          /**< the innermost that is being proved */
	uint32_t region_reach;       /**< how far up the next region begins */
	uint64_t region_next;        /**< instructions processed before the next region may begin */
	uint64_t wasted;             /**< instructions processed in regions that failed */
	bool arrived;                /**< v->st has been compared and joined at v->pc */
	uint32_t from;               /**< the instruction before pc on the path */
	uint32_t fixed_ids;          /**< identities up to this one stand for themselves (region.c) */
	struct vnode *newest;        /**< of all nodes */
	uint32_t serial;
	uint32_t *cost_dim, *cost_site, cost_dims; /**< dimension of each call; a call of each dimension */
	struct cost *root_cost;      /**< of the function that this exploration began in */
	struct vnode *returning;     /**< the call of which a turn has just ended */
	uint32_t iter_place[COST_ITERS], iter_places; /**< places of iterators, which have rows of costs */
	uint32_t next_id;
	bool slices;                 /**< some slice may lie on the stack */

	/* The step in progress. */
	struct vstate *st;
	struct vnode *node;
	struct vframe *top;          /**< st's innermost frame, private */
	struct vstate *other;        /**< STEP_FORK: state of the second way */
	uint32_t pc, next, other_next;

	const char *traced_file;     /**< the source line that the trace stands at */
	uint32_t traced_line;

	/* Diagnostics. */
	struct iov_diag mute;        /**< takes the notes of a cause that is known already */
	struct { enum iov_diag_id id; uint32_t cause; } causes[V_MAX_ERRORS];
	uint32_t cause_count;
	bool supposed; /**< a path went on behind an error: what ends it without an error of its own is not told */
	bool nomem;
};

enum step {
	STEP_NEXT,  /**< go on at v->next */
	STEP_FORK,  /**< and also at v->other_next in v->other */
	STEP_END,   /**< the path is over */
	STEP_ERROR, /**< diagnosed: the path is over */
	STEP_NOMEM,
	STEP_STOP,  /**< diagnosed: nothing more can be explored */
	STEP_PARK,  /**< the path waits in the region */
};

/* Phases (verify.c). */
enum iov_status structure_check(struct verifier *v);
enum iov_status cfg_build(struct verifier *v);
enum iov_status explore_sub(struct verifier *v, uint32_t sub);
enum iov_status stack_check(struct verifier *v);
/** The function that the instruction calls or names for a callback. */
bool cfg_callee(const struct verifier *v, uint32_t at, uint32_t *callee);
/** The helper or kfunc that the instruction calls, as the platform offers it; NULL: none. */
const struct iov_helper *cfg_helper(const struct verifier *v, uint32_t at);

/* One instruction. Each logs the flow of values (demand.h). */
enum step step_insn(struct verifier *v);
enum step step_alu(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_end(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_ldimm64(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_load(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_store(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_atomic(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_legacy(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_jcc(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row);
enum step step_call_sub(struct verifier *v, const struct iov_insn *insn);
enum step step_call_helper(struct verifier *v, const struct iov_insn *insn);
enum step step_call_kfunc(struct verifier *v, const struct iov_insn *insn);
/** The address of a kernel function or variable. */
enum step step_extern(struct verifier *v, const struct iov_insn *insn);
enum step step_exit(struct verifier *v);

/* Memory (memory.c). */
struct access {
	uint8_t reg;         /**< the pointer */
	int32_t off;         /**< of the instruction */
	uint32_t size;       /**< bytes */
	bool write;
	bool sized_by_helper; /**< not a load or store: an argument of a call */
};
/** Check that the memory may be accessed; logs the use of the pointer. STEP_NEXT when it may. */
enum step mem_check(struct verifier *v, const struct access *a);
/** Bounds of a stack access: offsets from r10 that it can begin at. Notes the function's depth. */
enum step stack_access(struct verifier *v, const struct access *a, const struct vreg *ptr, int32_t *first,
		       int32_t *last);
/** Store register `src`, or the constant `imm` when src < 0. */
enum step stack_store(struct verifier *v, const struct access *a, int src, int64_t imm);
/** Load zero-extended into `dst`. */
enum step stack_load(struct verifier *v, const struct access *a, uint8_t dst);
/** `a->size` bytes are read by a call; every byte must be initialised. */
enum step stack_read_range(struct verifier *v, const struct access *a, const struct vreg *ptr);
/** Bytes that a call writes become unknown; `certain`: all of them are written. */
enum step stack_write_range(struct verifier *v, const struct access *a, const struct vreg *ptr, bool certain);
enum step ctx_load(struct verifier *v, const struct vreg *ptr, const struct access *a, struct vreg *out);
enum step ctx_store(struct verifier *v, const struct vreg *ptr, const struct access *a);

/** Note what the access reaches; translated accesses reach one thing on every path. */
enum step mem_fact(struct verifier *v, const struct vreg *r, int32_t off);

/* Structs: objects of the program's, and the kernel's (object.c, kptr.c). */
/** A load or store through a V_OBJECT lies in one member that is the program's. */
enum step object_access(struct verifier *v, const struct vreg *r, const struct access *a);
enum step object_load(struct verifier *v, const struct vreg *ptr, const struct access *a, struct vreg *out);
/** Programs do not write the kernel's structs, but for a few members. */
enum step object_store(struct verifier *v, const struct vreg *r, const struct access *a);
/** Types of the target's are needed to know `what`; why may be NULL. */
enum step object_needs_target(struct verifier *v, const char *what, const char *why);
/** r points at the kernel's struct `name`. */
void object_kernel(struct verifier *v, struct vreg *r, const char *name, uint8_t trust);
/** A V_KERNEL is at a struct of this name: its own, or one that is embedded there. */
bool object_is(struct verifier *v, const struct vreg *r, const char *name);
/** The access names a kernel pointer in a map value. */
bool kptr_at(const struct vreg *ptr, const struct access *a);
enum step kptr_load(struct verifier *v, const struct vreg *ptr, const struct access *a, struct vreg *out);
/** Store register `src`, or the constant `imm` when src < 0. */
enum step kptr_store(struct verifier *v, const struct vreg *ptr, const struct access *a, int src, int64_t imm);
/** The access touches a special field, which only functions of the kernel's may do. */
enum step explain_field(struct verifier *v, const struct access *a, const struct iov_field *f, const char *where);
/** What the kernel pointer in `field` points at: the kernel's type of that name, or else the program's own. */
const struct iov_type *kptr_type(struct verifier *v, const struct iov_field *field);

/* Calls (step_call.c, args.c, kfunc.c). */
struct call {
	const struct iov_helper *helper;
	const struct iov_map_def *map; /**< of the map argument */
	const struct iov_map_type *map_type;
	uint32_t alloc_size;
	struct vlock lock;             /**< that the call takes or drops */
	uint32_t release;              /**< reference that the call releases, or 0 */
	uint32_t cast_of;              /**< reference behind the socket argument, or 0 */
	struct vreg dynptr;            /**< V_DYNPTR: the (first) one that is an argument */
	struct vreg iter;              /**< V_ITER: the one that is an argument */
	struct vreg buffer;            /**< IOV_ARG_SLICE_BUFFER, unless it is NULL */
	const struct iov_field *field; /**< list, tree or kernel pointer that the call is about */
	const struct iov_type *type;   /**< of the object that it takes or gives */
	uint32_t inserts;              /**< reference that goes into a list or tree, or 0 */
	bool owned;                    /**< bpf_refcount_acquire(): the argument is the program's own */
	const struct iov_map_def *timer; /**< of the timer argument */
	uint8_t callback;              /**< register of the function that is called back */
	bool key_known;                /**< array lookup with a constant key */
	uint32_t key;
};
/** The argument is not what the prototype wants. */
enum step arg_wrong(struct verifier *v, const struct call *c, int i);

/* Objects, lists and trees (graph.c), kernel pointers in maps (kptr.c): arguments, results, effects. */
enum step graph_argument(struct verifier *v, struct call *c, int i);
void graph_result(struct verifier *v, const struct call *c, struct vreg *r);
void graph_compared(struct verifier *v, const struct call *c, struct vframe *f);
enum step graph_not_owned(struct verifier *v, int reg);
/** Values of the map (NULL: no map) may hold such a field. */
enum step graph_map_holds(struct verifier *v, const struct iov_map_def *map, enum iov_field_kind kind);
/** `what` has special fields that the kernel refuses. */
enum step graph_wrong_layout(struct verifier *v, const char *what, const struct iov_fields *f);
/** The object of reference `ref` is in a list or tree from now on. False: out of memory; likewise below. */
bool graph_insert(struct verifier *v, uint32_t ref);
/** The lock was dropped: borrowed objects may be gone. */
bool graph_unlocked(struct verifier *v);
/** The RCU section has ended: what it kept may be gone. */
bool graph_rcu_ends(struct verifier *v);
enum step kptr_argument(struct verifier *v, struct call *c, int i);
enum step kptr_moved(struct verifier *v, struct call *c, int i);
void kptr_result(struct verifier *v, const struct call *c, struct vreg *out);

/* Timers and their functions (async.c). */
enum step async_timer(struct verifier *v, struct call *c, int i);
/** The map argument is not the timer's. */
enum step async_other_map(struct verifier *v, const struct call *c);
/** The call names a function that runs later. False: out of memory. */
bool async_note(struct verifier *v, const struct call *c);
/** Registers of v->async's function. */
void async_enter(const struct verifier *v, struct vframe *f);
enum iov_status async_verify(struct verifier *v);

/** A call by prototype that the platform offers: permission, arguments, effects, result. */
enum step call_prototype(struct verifier *v, struct call *c);
enum step call_lock_error(struct verifier *v, const char *what);
/** A reference is still held; `how` the path ends. */
enum step call_leaked(struct verifier *v, const char *how);
/** What a kfunc does beyond a helper; STEP_END when it throws. */
enum step kfunc_effects(struct verifier *v, const struct call *c);
/** An RCU or preemption section is open where `where` ("the program ends") allows none. */
enum step kfunc_section_error(struct verifier *v, const char *where);
/** STEP_NEXT when no section is open. */
enum step kfunc_no_section(struct verifier *v, const char *where);
/** The platform does not offer the kernel function `x`. STEP_ERROR. */
enum step kfunc_missing(struct verifier *v, uint32_t at, const struct iov_extern *x);
/** The exception callback's prototype and uses. False: diagnosed. */
bool kfunc_check_exception(struct verifier *v);
/** Says where, when calls in the exception callback lead to a throw. */
bool kfunc_callback_throws(struct verifier *v);
/** A global function that may throw is called. */
enum step kfunc_may_throw(struct verifier *v, const struct iov_subprog *sub);
/** Check argument `i` (0..4) of a helper call and note what the result depends on. */
enum step arg_check(struct verifier *v, struct call *c, int i);
/** Pointers into the packet die. */
bool packet_invalidate(struct verifier *v, struct vstate *s);
/** A new reference, made here: its number. 0: there are too many, which is diagnosed. */
uint32_t reference_acquire(struct verifier *v);
/** Everything that lives by the reference dies. False: out of memory. */
bool reference_release(struct verifier *v, uint32_t ref);
/** Argument `i` is not what the prototype wants. */
enum step arg_wrong(struct verifier *v, const struct call *c, int i);

/* Objects on the stack (stack_object.c). */
/** Where argument register `reg` points, `size` bytes (a multiple of 8) become the object. */
enum step sobj_make(struct verifier *v, uint8_t reg, uint32_t size, const struct vreg *object);
/** The object of `kind` and `size` that begins where `reg` points; its use is logged. NULL: there is none. */
const struct vreg *sobj_at(struct verifier *v, uint8_t reg, uint32_t size, enum vkind kind);
/** Bytes [first, end) of the frame are about to be written: by a call, which must not reach objects, or by a store,
 * with which they end. */
enum step sobj_overwrite(struct verifier *v, const struct access *a, uint32_t frame, int32_t first, int32_t end);
enum step sobj_read(struct verifier *v, int32_t off, const struct vreg *object);
/** Objects that hold the reference end. */
bool sobj_release(struct verifier *v, uint32_t ref);

/* Dynptrs (dynptr.c). */
enum step dynptr_argument(struct verifier *v, struct call *c, int i);
/** The dynptr that the register points at, or NULL; its use is logged. */
const struct vreg *dynptr_find(struct verifier *v, uint8_t reg);
/** Make the dynptr that the call leaves at an IOV_ARG_DYNPTR_UNINIT. */
enum step dynptr_make(struct verifier *v, const struct call *c);
/** Whether the call may change the packet, through a dynptr or without one. */
bool dynptr_changes_packet(const struct call *c);
/** The result of a call that gives memory of a dynptr; `r` is that memory. */
enum step dynptr_slice(struct verifier *v, const struct call *c, struct vreg *r);
/* Iterators (iter.c). */
enum step iter_argument(struct verifier *v, struct call *c, int i);
/** Make the iterator that the call leaves at an IOV_ARG_ITER_UNINIT. */
enum step iter_make(struct verifier *v, const struct call *c);
/** After a call for the next element: one way with NULL, one with an element. */
enum step iter_next(struct verifier *v, const struct call *c);
/** The iterator that the call in state s is for: its identity; 0: there is none that may give more. */
uint32_t iter_id(const struct vstate *s);
/** Row of its turns' cost; 0: too many iterators. */
uint8_t iter_row(struct verifier *v, const struct vstate *s);
/** Both states stand before a call for the next element of one and the same iterator. */
bool iter_same(const struct vstate *a, const struct vstate *b);
/** The frame ends: slices that may lie in its stack end too. */
bool dynptr_frame_ends(struct verifier *v, uint32_t frame);
/** Bytes that a slice may change: from now on they hold any number, and nothing else. */
bool stack_share(struct verifier *v, const struct vreg *ptr, uint32_t size);

/* Callbacks (callback.c). */
enum step callback_call(struct verifier *v, const struct call *c);
enum step callback_return(struct verifier *v);
/** A helper that must not be called while a callback runs. */
enum step callback_forbids(struct verifier *v, const struct iov_helper *h);
/** Numbers of s that are not within those of the turn before become unknown. */
bool callback_widen(struct verifier *v, struct vstate *s, const struct vstate *old);
/* Paths that wait, and memory (pending.c). bool: false when out of memory. */
/** Count what is allocated from here on. */
void memory_begin(struct verifier *v, const struct iov_alloc *under);
/** A search begins: what it may take is counted from here. */
void memory_search(struct verifier *v);
/** The search may go on; false: it has taken what it may. */
bool memory_left(struct verifier *v);
/** The path waits from now on; `state` is handed over. */
bool pending_push(struct verifier *v, struct vnode *node, struct vstate *state);
/** The newest that waits becomes v->node and v->st. */
bool pending_take(struct verifier *v);
/** The newest that waits is given up. */
void pending_drop(struct verifier *v);
void pending_free(struct verifier *v);

/* Nodes (node.c). */
struct vnode *node_new(struct verifier *v, struct vnode *parent, uint32_t insn, uint32_t fork);
void node_free(struct verifier *v, struct vnode *n);
/** The state at its start is `s`, and is compared with. False: out of memory. */
bool node_keep(struct verifier *v, struct vnode *n, const struct vstate *s);
/** Its state is not compared with any more. */
void node_unlist(struct verifier *v, struct vnode *n);
/** Give up a node that was never walked. */
void node_abandon(struct verifier *v, struct vnode *n);
/** *into |= from, for a place with from's number of frames. False: out of memory. */
bool node_demand(struct verifier *v, struct demand **into, const struct demand *from);
/** What lies behind the node is verified: settle it, and those above it that waited for nothing else. */
bool node_finish(struct verifier *v, struct vnode *n);

/** As new, for another walk: what followed it is gone. */
void node_reset(struct verifier *v, struct vnode *n);
/** The innermost call that what follows n is inside of or behind. */
static inline struct vnode *node_home(struct vnode *n) { return n->row && !n->around ? n : n->home; }
/** The way up. */
static inline struct vnode *node_up(const struct vnode *n) { return n->parent ? n->parent : n->via; }

/* Regions (region.c). bool: false when out of memory. */
bool region_wanted(const struct verifier *v);
/** Regions that failed have not used up their share of the budget. */
bool region_affordable(const struct verifier *v);
/** Begin from `from`, or, when that is NULL, from a node above that is found worth it; v->node, v->st, v->pc stand at
 * its start then. When there is none, nothing happens. */
bool region_begin(struct verifier *v, struct vnode *from);
/** The path in v->node and v->st waits at v->pc. */
bool region_park(struct verifier *v);
void region_unpark(struct verifier *v, uint32_t i);
/** v->fact[insn] was `before`, and has been changed. */
bool region_note(struct verifier *v, uint32_t insn, const struct iov_insn_fact *before);
/** Nothing is left to walk but what waits. STEP_NEXT: walk on; STEP_END: the region ended well. */
enum step region_next(struct verifier *v);
/** An error, or too much work: walk on where v->node, v->st, v->pc stand. */
bool region_failed(struct verifier *v);
/** It has had its share of work. */
bool region_spent(const struct verifier *v);
void region_discard(struct verifier *v, uint32_t serial);
void region_free(struct verifier *v);
uint32_t region_back_key(const struct vinsn *header);
int region_compare(const uint32_t *a, uint32_t a_len, const uint32_t *b, uint32_t b_len);

/* Loops of a region (loop.c). */
bool loop_begin(struct verifier *v, const struct vpark *at);
/** Nothing is left in the body of the innermost loop. */
enum loop_end loop_round(struct verifier *v);
void loop_drop(struct verifier *v);

/* Endless searches (endless.c). */
enum step endless_budget(struct verifier *v);
/** r, which an error has just been told about, is taken for not NULL, or for checked against the packet's end.
 * STEP_ERROR: the path ends with that error. */
enum step suppose_present(struct verifier *v, const struct vreg *r);
enum step suppose_checked(struct verifier *v, const struct vreg *r);
enum step endless_stuck(struct verifier *v);

/* Exploration (explore.c, prune.c). */
bool flow_log(struct verifier *v, enum flow_op op, uint8_t frame, uint8_t a, uint8_t b, int32_t off, uint32_t len);
static inline void flow_reg(struct verifier *v, enum flow_op op, uint8_t a, uint8_t b)
{
	flow_log(v, op, (uint8_t)(v->st->frames - 1), a, b, 0, 0);
}
/** Everything that `old` demanded holds in `cur` too. */
bool state_covers(const struct verifier *v, const struct vstate *old, const struct demand *d, const struct vstate *cur);
/** Links that a single register has left tie nothing: they are cut. False: out of memory. */
bool state_drop_single_links(struct verifier *v, struct vstate *s);
/** `s`, or, where `like` spills a number and s has zeros, the same with 0 spilled there, in *copy. */
const struct vslot *slot_zeros_as_spill(const struct vslot *s, const struct vslot *like, struct vslot *copy);
/** a becomes a state that covers both. False: there is none worth having, and a is spoilt; or out of memory (v->nomem).
 */
bool state_join(struct verifier *v, struct vstate *a, const struct vstate *b);
/** a, which covers old, goes on to the limits where it allows more. */
bool state_widen(struct verifier *v, struct vstate *a, const struct vstate *old, const struct limits *l);
/** The two are the same in everything but registers that are dead here. */
bool state_same(const struct verifier *v, const struct vstate *a, const struct vstate *b);

/* Claims for engines that check (record.c): no-ops without options->claims. False: out of memory. */
bool record_begin(struct verifier *v);
bool record_insn(struct verifier *v);
bool record_backward(struct verifier *v, struct vnode *n, struct demand *d);
void record_drop(struct verifier *v, struct vnode *n);
void record_count(const struct verifier *v, enum iov_counted what);

/** A call of a function that another object will define: arguments by its prototype. What it does is judged when it is
 * linked; that it leaves the packet alone is taken for granted. */
enum step call_unlinked(struct verifier *v, const struct iov_subprog *sub);
/** A call of one without a prototype: it may return anything. */
enum step call_unknown(struct verifier *v);
/** What follows depends on something that is not known before linking: the path ends (iov_insn_fact.unlinked). */
enum step unlinked_end(struct verifier *v);
/** The function is entered as a program, with the context: not by a prototype. */
static inline bool sub_is_program(const struct verifier *v, uint32_t sub) { return !sub && !v->prog->is_function; }
enum step call_global(struct verifier *v, uint32_t callee);
/** Say that the parameter's type does not tell what it points at. */
/** What the parameter holds when the function is entered from outside. */
enum step global_parameter(struct verifier *v, const struct iov_subprog *sub, const struct iov_param *p,
			   struct vreg *r);
/** A pointer that may be NULL, for all that the platform knows. */
bool global_nullable(const struct verifier *v, const struct iov_param *p);
/** The function can be called from its prototype alone. STEP_NEXT: it can. */
enum step global_prototype(struct verifier *v, const struct iov_subprog *sub);
/** `what` may end the function it stands in: is it one that may end so? */
enum step global_ends_early(struct verifier *v, const char *what);
/** After a call r0 to r5 hold nothing. */
void call_clobber(struct verifier *v);
/** v->top after frames were copied; false: out of memory. */
bool call_refresh(struct verifier *v);

/* --why (why.c): a no-op without options->why. */
void why_insn(struct verifier *v);

/* --verbose (trace.c): no-ops without options->trace. */
void trace_insn(struct verifier *v);
void trace_json(struct verifier *v, struct iov_buf *out);
/** The instruction with the names of helpers and maps. */
void trace_text(struct verifier *v, struct iov_buf *out, uint32_t insn);
const char *trace_kind(uint8_t kind);
void trace_covered(struct verifier *v);

/* Explanation (explain.c). */
/** A diagnostic at the current instruction; the same `cause` is told once. Never NULL. */
struct iov_diag *verify_diag(struct verifier *v, enum iov_diag_id id, uint32_t cause, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
struct iov_diag *verify_diag_at(struct verifier *v, uint32_t insn, enum iov_diag_id id, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/** The branches that lead here. */
void explain_path(struct verifier *v, struct iov_diag *d);
/** Why the platform does not offer what the catalogue knows (NULL: nothing is known). */
void explain_lacking(const struct verifier *v, struct iov_diag *d, const struct iov_helper *known);
/** "`eth`" or "r3". In v->work; never NULL. */
const char *explain_reg(struct verifier *v, uint32_t insn, int reg);
const char *explain_object(struct verifier *v, uint32_t insn);
const char *explain_indexed(struct verifier *v, uint32_t insn);
const char *explain_array(struct verifier *v, uint32_t insn);
const char *explain_argument(struct verifier *v, uint32_t insn, int i);
const char *explain_index(struct verifier *v, uint32_t insn);
const struct iov_var *explain_largest_var(const struct verifier *v, uint32_t sub);
const char *explain_condition(struct verifier *v, uint32_t insn);
const char *explain_loop(struct verifier *v, uint32_t insn);
int explain_find_var(struct verifier *v, const char *name);
const char *explain_result_var(struct verifier *v, uint32_t insn);
const char *explain_kind(struct verifier *v, const struct vreg *r);
/** What the branch that leads to `n` decided, in v->work: "`i < n` is false at line 12"; NULL: nothing written. */
const char *explain_branch(struct verifier *v, const struct vnode *n);
/** "struct foo". */
const char *explain_type(struct verifier *v, const struct iov_type *t);
/** The last branch on the path, or V_NO_INSN. */
uint32_t explain_last_fork(const struct verifier *v);
/** "0..65535", "exactly 5", "anything". */
const char *explain_num(struct verifier *v, const struct num *n);
/** " at file.c:12" for another slot, or "". */
const char *explain_at(struct verifier *v, uint32_t insn);
const char *explain_helper_at(struct verifier *v, uint32_t insn);
enum step explain_uninit(struct verifier *v, int reg);
enum step explain_null(struct verifier *v, int reg, const struct vreg *r);
enum step explain_unsupported(struct verifier *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum step explain_not_pointer(struct verifier *v, int reg, const struct vreg *r);

#endif
