/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what is known at one point of one path: registers, stack slots, frames, references. Frames are shared between
 * states and copied when written (state_frame). Memory: a pool with free lists over the caller's allocator.
 *
 * A register is a scalar or a pointer. A pointer is (kind, what it points into) + a constant offset + a variable part
 * `n`. Numbers of copies are tied together by links: value = base(id) + off, or its lower half when `low`. */
#ifndef IOV_VERIFY_STATE_H
#define IOV_VERIFY_STATE_H

#include "asm/base/arena.h"
#include "asm/isa/prog.h"
#include "backend/verify/domain_num.h"

#include <string.h>

enum vkind {
	V_UNINIT, /**< never written, or unreadable after a call */
	V_SCALAR,
	V_CTX,
	V_STACK,
	V_PACKET,
	V_META,
	V_END,
	V_MAP,    /**< the map itself */
	V_VALUE,  /**< into a map value */
	V_RECORD, /**< memory of `range` bytes: ring-buffer record, argument of a global function */
	V_FLOW_KEYS,
	V_SOCK,  /**< struct bpf_sock and kin */
	V_FUNC,  /**< a static subprogram, `range` its number */
	V_STALE, /**< was a packet pointer before `origin` changed the packet */
	V_HALF,  /**< the lower half of a packet pointer or of the packet's end: good for a difference, and nothing else
		  */
	V_FREED, /**< was a reference before `origin` released it */
	V_OBJECT, /**< into a struct `type` that a program allocated (object.c) */
	V_KERNEL, /**< into struct `object` of the kernel's, not to be written (object.c) */
	V_ITER,   /**< on the stack alone: an iterator, `range` 1 when it has given NULL, `turns` so far */
	V_DYNPTR, /**< a dynptr, `range` its enum iov_dynptr: in a register the address of one that is not ours */
};

/** What keeps the struct of a V_OBJECT or V_KERNEL in place. None of them: an object that `ref` owns; a kernel struct
 * of which nothing is known but its type. */
enum vtrust {
	T_BORROWED = 1 << 0,  /**< V_OBJECT: in a list or tree; good until the lock is dropped */
	T_RCU = 1 << 1,       /**< good until the RCU section ends */
	T_TRUSTED = 1 << 2,   /**< V_KERNEL: good while the program runs, or while `ref` is held */
	T_UNTRUSTED = 1 << 3, /**< may point anywhere: only loads, which cannot fault */
	T_SOCKET = 1 << 5,    /**< V_KERNEL: a socket under its own type, or what it keeps; as good as the socket */
	T_PERCPU = 1 << 4,    /**< one for each CPU: only for the per-CPU helpers */
};

struct vreg {
	uint8_t kind;
	bool maybe_null;
	bool read_only;  /**< V_RECORD: a key in a callback */
	bool low;        /**< scalar link: this is the lower half of base + off, zero-extended */
	uint8_t frame;   /**< V_STACK: whose; V_RECORD: 1 + whose stack the memory may lie in, or 0 */
	bool overwritten; /**< V_FREED: a slice, whose dynptr was overwritten rather than released */
	bool of_packet;  /**< V_RECORD: lies in the packet, and dies when that changes */
	uint8_t trust;   /**< V_OBJECT, V_KERNEL: enum vtrust */
	uint8_t turns;   /**< V_ITER: elements given on this path, counted modulo 256 */
	int32_t off;     /**< pointers: bytes; scalars: distance from the link's base */
	uint32_t id; /**< scalars: link (0: none); maybe_null, values with a lock: which result; packet: which variable
			part */
	uint32_t ref;    /**< reference that keeps it alive, or 0 */
	uint32_t range;  /**< packet: bytes known to exist from the variable part on; V_RECORD: size; V_STALE: not 0:
			  * it may be NULL, because it might have been, or was moved since */
	union {
		uint32_t beyond;   /**< packet: fewer bytes exist from the variable part on; 0: nothing known */
		uint32_t slice_of; /**< V_RECORD: id of the dynptr whose memory it is, or 0 */
	};
	uint32_t origin; /**< slot of the instruction that made the value */
	const struct iov_map_def *map;
	const char *object; /**< V_KERNEL: "nf_conn" */
	const struct iov_type *type; /**< V_OBJECT; V_KERNEL: NULL when the target's types are not known */
	struct num n;    /**< scalars: the value; pointers: the variable part of the offset */
};

/** S_SHARED: as S_MISC, and may change behind the program's back, through the slice that a call gave for it. */
enum vtag { S_UNINIT, S_MISC, S_ZERO, S_SPILL, S_OBJECT, S_SHARED };

/** Eight bytes of stack. A spilled register covers the bytes tagged S_SPILL: all 8, or an aligned 4, 2 or 1 of a
 * scalar. An object that calls keep there (stack_object.c) covers whole slots, tagged S_OBJECT; `reg` is what it is,
 * with `off` the slot's place in it. */
struct vslot {
	uint8_t tag[8];
	struct vreg reg;
};

/** Whether any byte is tagged S_SPILL: the only tag with both of its low bits set. */
static inline bool slot_spills(const struct vslot *s)
{
	uint64_t tags;

	memcpy(&tags, s->tag, sizeof(tags));
	return tags & tags >> 1 & 0x0101010101010101u;
}
_Static_assert(S_SPILL == 3 && S_ZERO == 2 && S_MISC == 1 && S_OBJECT == 4 && S_SHARED == 5, "slot_spills");
static inline bool slot_is_object(const struct vslot *s) { return s->tag[0] == S_OBJECT; }

enum { V_MAX_FRAMES = 8, V_MAX_REFS = 16, V_STACK_SLOTS = 64, V_STACK_BYTES = 8 * V_STACK_SLOTS };

/** Slot k covers the bytes r10-8(k+1) to r10-8k-1. */
struct vframe {
	uint32_t users;    /**< states that share it */
	uint16_t slots, cap;
	uint32_t sub, callsite; /**< subprogram; slot of the call that made the frame */
	uint32_t refs;     /**< references held when it was entered */
	uint8_t rcu, preempt; /**< as in vstate, when it was entered */
	bool callback;     /**< entered by a helper: its end leads back to the call */
	uint32_t gone;     /**< may_gotos of this frame that did not jump, at least, on the way here */
	bool locked;       /**< a callback that was entered with a lock held */
	uint32_t turn;     /**< which turn of the helper's loop; 0: no callback */
	struct vreg r[IOV_REGS];
	struct vslot s[];
};

struct vref {
	uint32_t id, origin;
};

/** The spin lock that is held: of which value of which map, or of which object. */
struct vlock {
	const struct iov_map_def *map;
	const struct iov_type *type;
	uint32_t id, origin;
	bool held;
};

struct vstate {
	uint32_t insn, frames;
	struct vlock lock;
	uint8_t rcu, preempt;    /**< nested bpf_rcu_read_lock(), bpf_preempt_disable() */
	uint32_t section;        /**< slot of the last of them */
	bool shared;       /**< some stack byte is S_SHARED */
	bool returned;     /**< stands at a call whose callback has just ended */
	uint32_t ref_count;
	struct vref refs[V_MAX_REFS];
	struct vframe *f[V_MAX_FRAMES];
};

struct vpool {
	const struct iov_alloc *alloc;
	struct vframe *free_frames[V_STACK_SLOTS / 4 + 1]; /**< by room for slots, in fours */
	struct vstate *free_states;
	uint32_t states, peak_states;
	size_t bytes; /**< of frames in use */
	size_t idle;  /**< of frames and states on the free lists */
};

void pool_init(struct vpool *p, const struct iov_alloc *alloc);
/** What is on the free lists goes back to the allocator. */
void pool_free(struct vpool *p);

/** An empty frame with room for `slots`; registers are not set. NULL: out of memory. */
struct vframe *frame_new(struct vpool *p, uint32_t slots);
static inline struct vframe *frame_share(struct vframe *f)
{
	f->users++;
	return f;
}
void frame_drop(struct vpool *p, struct vframe *f);

/** A state without frames; NULL: out of memory. */
struct vstate *state_new(struct vpool *p);
struct vstate *state_copy(struct vpool *p, const struct vstate *s);
void state_drop(struct vpool *p, struct vstate *s);
/** Push an empty frame: r10 points at its stack, nothing else is initialised. */
bool state_push(struct vpool *p, struct vstate *s, uint32_t sub, uint32_t callsite);
void state_pop(struct vpool *p, struct vstate *s);
/** Frame `i` for writing, with at least `slots` slots. NULL: out of memory. */
struct vframe *state_frame(struct vpool *p, struct vstate *s, uint32_t i, uint32_t slots);
static inline const struct vframe *state_top(const struct vstate *s) { return s->f[s->frames - 1]; }

/** Call `visit` for every register and every spilled register of every frame; the frames are made private first. */
bool state_each(struct vpool *p, struct vstate *s, void (*visit)(struct vreg *r, void *ud), void *ud);

static inline bool reg_is_pointer(const struct vreg *r) { return r->kind > V_SCALAR; }
static inline bool reg_is_packet(const struct vreg *r) { return r->kind == V_PACKET || r->kind == V_META; }
/** Packet pointers that may be compared and subtracted: no address can be learned from it. */
static inline bool reg_is_packet_like(const struct vreg *r)
{
	return reg_is_packet(r) || r->kind == V_END || r->kind == V_STALE || r->kind == V_HALF;
}
static inline bool reg_is_const(const struct vreg *r) { return r->kind == V_SCALAR && num_is_const(&r->n); }
/** Pointers that arithmetic moves within what they point into. */
static inline bool reg_is_movable(const struct vreg *r)
{
	return reg_is_packet(r) || r->kind == V_STACK || r->kind == V_VALUE || r->kind == V_RECORD;
}
/** `range` and `beyond` of a packet pointer, when the variable part ends `by` bytes later. */
uint32_t reg_moved_range(uint32_t range, int64_t by);
uint32_t reg_moved_beyond(uint32_t beyond, int64_t by);
/** Special fields of the map value or object that r points into; NULL: it points into neither. */
static inline const struct iov_fields *reg_fields(const struct vreg *r)
{
	return r->kind == V_VALUE ? &r->map->fields : r->kind == V_OBJECT ? &r->type->fields : NULL;
}
void reg_scalar(struct vreg *r, struct num n, uint32_t origin);
/** The scalar's own tie to copies is cut. */
static inline void reg_unlink(struct vreg *r)
{
	r->id = 0;
	r->off = 0;
	r->low = false;
}

/** Byte `off` (< 0, from r10): its slot, and the tag in the frame (S_UNINIT beyond the slots in use). */
static inline uint32_t slot_of(int32_t off) { return (uint32_t)(-off - 1) / 8; }
static inline uint32_t slot_byte(int32_t off) { return (uint32_t)(off + V_STACK_BYTES) % 8; }
static inline uint8_t stack_tag(const struct vframe *f, int32_t off)
{
	return slot_of(off) < f->slots ? f->s[slot_of(off)].tag[slot_byte(off)] : S_UNINIT;
}

#endif
