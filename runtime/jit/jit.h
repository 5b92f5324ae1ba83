/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one compilation as data, and the line between what is the same for every machine and a target.
 *
 * Three layers. Encoders (x64_emit.c, a64_emit.c) turn operands into bytes and know nothing of programs. Handlers
 * (x64_*.c, a64_*.c: struct jit_target) emit one operation of the program, or one fused group of them, for one machine.
 * The driver is everything else, shared by all machines, each pass linear in slots:
 *   plan.c    rows, jump targets, what each subprogram needs (registers, stack, calls), from image and facts
 *   live.c    which registers the program may still read, by slot
 *   layout.c  blocks of slots, and the order in which their code is laid down
 *   homes.c   which stack slots live in registers
 *   emit.c    walks the blocks: drops what is dead, folds what facts make constant, hides constants when asked to, and
 *             hands the rest over: to target->fused() what match.c found to be one instruction, else to the row's
 *             handler. Branches and calls are emitted in their longest form, with one relocation each
 *   sum.c     loops that add up memory: several turns at once
 *   match.c   which instructions are one; divide.c: division by constants as a plan
 *   link.c    relax: branches get their short forms (the distances of the longest form bound the result); then the copy
 *             to the final pages, relocations resolved by the target */
#ifndef IOV_JIT_JIT_H
#define IOV_JIT_JIT_H

#include "runtime/image.h"
#include "runtime/jit/code.h"

enum { JIT_NO_ROW = 255 };
_Static_assert((int)ISA_COUNT < (int)JIT_NO_ROW, "a row's index fits the plan's byte");

/** plan: by slot. */
enum {
	JIT_MARK_TARGET = 1,
	JIT_MARK_USELESS = 2, /**< live: nobody reads what the instruction makes, and it does nothing else */
};
/** layout: the offset of dead code. */
#define JIT_NO_CODE UINT32_MAX

struct jit_sub {
	uint32_t start, end;  /**< slots, half open */
	uint32_t stack;       /**< bytes below r10 that the program uses */
	uint8_t saved;        /**< bit n: r6+n is written, so the caller's value must be kept */
	bool fp;              /**< r10 is read */
	bool calls;           /**< something is called: the stack must be aligned, the red zone is not ours */
	bool env;             /**< needs the environment */
	bool may_goto;        /**< has a turn counter */
	bool tails;           /**< may leave by a tail call, and so leaves its result where C functions do */
	bool callback;        /**< LD_FUNC names it */
	bool divides;         /**< live: DIV, MOD, SDIV or SMOD: on some machines those have registers of their own */
	uint16_t used;        /**< live: bit n: rn is written or read, by a call too */
	uint32_t homes_saved; /**< machine registers that hold stack slots, and that the caller wants back */
	uint32_t entry, thunk;/**< offsets in jit_code, then in the linked code */
	uint32_t frame;       /**< target: bytes between the saved registers and the stack pointer */
	uint32_t first_block, block_count; /**< in the order of jit->order */
};

/** Control enters at `start` and leaves behind `last`: to `target` by a jump, or to `follows`. */
struct jit_block {
	uint32_t start, end;     /**< slots, half open */
	uint32_t last;           /**< slot of the last instruction */
	uint32_t target, follows;/**< slots, or UINT32_MAX; where there is no code behind `follows`, it traps */
	bool is_goto;            /**< nothing but a goto: has code only when `needed` */
	bool needed;             /**< some block leads here */
	/* layout.c alone: */
	bool cold;
	uint8_t depth;           /* of loops around it */
	uint32_t to[2];          /* blocks that `target` and `follows` lead to in the end */
	uint32_t entries, back;  /* blocks that lead here; 1 + the last of those behind it, or 0 */
	uint32_t loop, leads, next;
};

enum jit_reloc_kind {
	JIT_JMP, JIT_JCC,     /**< to a slot */
	JIT_CALL,             /**< of a subprogram */
	JIT_CALL_EXT,         /**< of a C function */
	JIT_THUNK,            /**< address of a subprogram's callback thunk */
	JIT_JMP_STUB, JIT_CALL_STUB, /**< to the image's stub for indirect branches */
	JIT_RELOC_KINDS,
};

struct jit_reloc {
	uint32_t at;          /**< offset where the instruction starts */
	uint8_t kind;
	uint8_t longest, size;/**< bytes as emitted; bytes in the linked code, set by relax */
	uint32_t arg;         /**< the target's: a condition, a register, an instruction without its distance */
	uint32_t target;      /**< slot or subprogram */
	const void *addr;     /**< JIT_CALL_EXT */
};

enum { JIT_SLOTS = IOV_FRAME_STACK / 8 };

/** What to compile for. */
struct jit_setup {
	const struct jit_target *target;
	unsigned features;    /**< of the CPU: the target's bits */
	unsigned hardening;   /**< IOV_HARDEN_* */
	uint64_t seed;        /**< of hidden constants; 0: from the system */
};

struct jit {
	struct iov_image *image;
	const struct jit_target *target;
	const struct iov_alloc *alloc;
	struct iov_sink *sink;
	struct iov_arena arena; /**< working memory, freed before jit_compile returns */
	uint8_t *rows;        /**< by slot: enum iov_isa, or JIT_NO_ROW (dead, or second half) */
	uint8_t *marks;       /**< by slot: JIT_MARK_* */
	uint32_t *offset;     /**< by slot: where its code starts; then in the linked code */
	uint16_t *live;       /**< by slot: bit n: rn may be read from there on before it is written */
	uint32_t at;          /**< slot of the jump that is emitted, or 0: where gotos back are not shortened */
	uint32_t behind;      /**< slot behind the block emitted last */
	uint16_t narrow;      /**< bit n: the upper half of rn is known to be zero, where code is emitted */
	int8_t home[JIT_SLOTS]; /**< of j->sub: machine register that stands for the nth eight bytes below r10, or -1 */
	struct jit_block *blocks;
	uint32_t *order;      /**< of blocks, from each subprogram's first on: how their code is laid down */
	uint32_t block_count, block_cap;
	struct jit_sub *subs, *sub;
	uint32_t sub_count;
	bool env;             /**< any subprogram needs the environment */
	struct jit_reloc *relocs;
	uint32_t reloc_count, reloc_cap;
	struct jit_code code;
	unsigned features;    /**< of the target CPU */
	bool blind;           /**< no constant of the program stands in the code as it is */
	bool retpoline;       /**< indirect branches are not predicted by the branch target buffer */
	uint32_t stub;        /**< offset of the stub for indirect branches */
	uint64_t random;      /**< state behind jit_random() */
	bool bug;             /**< the verified program holds what a verified program cannot hold */
};

/** One instruction as its handler sees it. */
struct jit_in {
	const struct iov_insn *insn;
	const struct iov_insn_fact *fact; /**< NULL: nothing is known */
	uint32_t slot;
	int width;                        /**< of the row: bits */
	bool k;                           /**< the operand is the immediate */
	int param;                        /**< of the target's ops.def; jumps: the condition, its opposite in bit 0 */
	uint32_t target;                  /**< conditional jumps: slot */
	bool hidden;                      /**< the operand was an immediate: see target->hide() */
};

/** A handler emits one instruction of the program. */
typedef void jit_op_fn(struct jit *j, const struct jit_in *in);
struct jit_op {
	jit_op_fn *fn;
	int param;
};

/** Several instructions of the program that may be one of the machine's. */
enum jit_fusion {
	JIT_ADDRESS,      /**< dst = src + (index << scale) + disp */
	JIT_LOAD,         /**< dst = the `width` bits there, zero-extended */
	JIT_LOAD_SWAPPED, /**< dst = the 16 bits at src + disp, their bytes swapped */
	JIT_EXTEND,       /**< dst = the low `width` bits of src, extended */
	JIT_SHIFT,        /**< dst = src shifted by `count`, `width` bits */
	JIT_ROTATE,       /**< dst = src rotated left by `count`, `width` bits */
};
struct jit_fused {
	enum jit_fusion kind;
	int dst, src, index;  /**< program registers; src may be r10 for addresses; index -1: none */
	int32_t disp;
	unsigned scale, count;
	int width;
	bool is_signed, right;
};

/** A loop that adds up memory (sum.c): registers of the program, all different. */
struct jit_sum {
	int sum, counter, scratch;        /**< scratch: what is loaded goes through it; free at the loop's head */
	int base;                         /**< added to the counter: a register, or -1 */
	bool base_known, limit_known;
	uint64_t address;                 /**< base_known: added to the counter */
	int width;                        /**< of the load: bits, zero-extended */
	int32_t disp, step;               /**< step above 0, after the load */
	int limit_reg;
	int32_t limit;                    /**< the loop goes on while counter != limit, or while counter < limit */
};

/** An array lookup; from r10: with the instructions that give it its arguments, which are not read after a call. */
struct jit_lookup {
	const struct iov_map_head *map;
	const struct iov_insn_fact *fact;
	int key;              /**< the key's register where it has just been stored, or -1 */
	int base;             /**< where the key lies: r10 and `off`, or r2 */
	int32_t off;
	int64_t missed;       /**< slot that a lookup beyond the last entry goes to by itself, or -1: straight on */
	bool zero;            /**< r0 is read there, and so has to be 0 */
};

/** What a target gives. */
struct jit_target {
	const struct jit_op *ops;
	const uint8_t *op_of_row;     /**< by row: index in ops */
	uint64_t reach;               /**< a direct call goes this far, bytes */
	void (*prologue)(struct jit *j);
	/** Behind a subprogram's code: its callback thunk, into sub->thunk. */
	void (*thunk)(struct jit *j);
	/** Behind everything: the stub, when there is one. */
	void (*stub)(struct jit *j);
	/** Machine registers that nothing else is in, in this subprogram: those that the caller wants back, or
	 * the rest. */
	uint32_t (*spare)(const struct jit *j, bool saved);
	/** Where control must not come. */
	void (*trap)(struct jit *j);
	/** The program's register `reg` = value. */
	void (*constant)(struct jit *j, int reg, uint64_t value);
	/** The first scratch register = value, and the value stands nowhere in the code. */
	void (*hide)(struct jit *j, uint64_t value);
	/** Emit it as one, or return false: then each instruction is emitted by itself. */
	bool (*fused)(struct jit *j, const struct jit_fused *f);
	/** At the head of the loop: while the counter is so far below the limit that more turns are sure to follow,
	 * make several at once, or nothing. */
	void (*sum)(struct jit *j, const struct jit_sum *s);
	/** In two steps, between which registers may get constants: fetch the key; r0 = the value's address. */
	void (*key)(struct jit *j, const struct jit_lookup *l);
	void (*lookup)(struct jit *j, const struct jit_lookup *l);
	/** Call a helper: r1 to r5 and the environment go in, r0 comes out. */
	void (*call)(struct jit *j, const void *helper);
	/** r2: struct iov_map *, r3: index. A real jump: this frame is undone, the other image makes its own. Where
	 * there is none to go to, or after IOV_MAX_TAIL_CALLS, what follows goes on. */
	void (*tail_call)(struct jit *j);
	/** r0 = what the call before left, where C functions leave it; NULL: that is r0. */
	void (*take_result)(struct jit *j);
	/** Bytes of a relocation's longest form. */
	uint8_t (*longest)(const struct jit *j, enum jit_reloc_kind kind);
	/** Bytes of the shortest form that reaches `distance` from where it starts; the end may come nearer. */
	uint8_t (*shortest)(const struct jit_reloc *r, int64_t distance);
	/** Write r->size bytes at p, to go to `to`. `base`: start of the linked code. */
	void (*resolve)(const struct jit *j, const struct jit_reloc *r, uint8_t *base, uint8_t *p, const uint8_t *to);
	/** Traps. */
	void (*fill)(uint8_t *p, size_t size);
};

extern const struct jit_target jit_x64, jit_a64;

/** This machine as it is; target NULL where there is no JIT for it (host.c). */
struct jit_setup jit_host(void);
/** Compile for exactly `setup`: jit_compile() asks the machine. Tests try others. */
enum iov_status jit_compile_for(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink,
				const struct jit_setup *setup);

/** plan.c. IOV_DIAGNOSED: the program needs what no JIT here has, and the sink says so. */
enum iov_status jit_plan(struct jit *j);
/** Index of the subprogram that starts at `slot`, or -1. */
int64_t jit_sub_at(const struct jit *j, int64_t slot);
/** The subprogram that the call or LD_FUNC `in` names. */
uint32_t jit_callee(const struct jit *j, const struct jit_in *in);
/** Slot that a jump at `slot` goes to. */
uint32_t jit_target_slot(const struct iov_insn *insn, uint32_t slot);
bool jit_is_tail_call(const struct iov_insn *insn);

/** live.c. By row: what an instruction does to registers. */
enum jit_trait {
	JIT_READS_DST = 1, JIT_READS_SRC = 2,
	JIT_MAKES = 4,    /**< writes its register, and does nothing else */
	JIT_NARROWS = 8,  /**< … and leaves zeros in its upper half */
	JIT_JUMPS = 16,
	JIT_DIVIDES = 64,
	JIT_OTHER = 32,   /**< calls, exits, atomics, packet loads: has no other of these but, perhaps, JIT_READS_SRC */
};
extern const uint8_t jit_traits[ISA_COUNT];
/** Fills j->live for j->sub, and what it uses. */
void jit_live(struct jit *j);
static inline bool jit_useless(const struct jit *j, uint32_t slot) { return j->marks[slot] & JIT_MARK_USELESS; }

/** layout.c. Blocks of j->sub and their order; false: no memory. */
bool jit_layout(struct jit *j);
/** Where control arrives that goes to `slot`: gotos are followed. */
uint32_t jit_final(const struct jit *j, uint32_t slot);

/** homes.c. Which stack slots live in registers; after layout, before the prologue. */
void jit_settle(struct jit *j);
/** Machine register that holds the eight bytes at `reg` + off, or -1. */
int jit_home(const struct jit *j, int reg, int32_t off);

/** The array that the call at `slot` looks an element up in, when it is an array lookup that needs no call; or NULL. */
const struct iov_map_head *jit_array_of(const struct jit *j, uint32_t slot);

/** emit.c. Code of j->sub; sets offset[] of its slots, `entry` and `thunk`. */
void jit_function(struct jit *j);
/** Emit a branch or call in its longest form, to be relaxed. */
void jit_branch(struct jit *j, enum jit_reloc_kind kind, uint32_t arg, uint32_t target);
void jit_branch_slot(struct jit *j, enum jit_reloc_kind kind, uint32_t arg, uint32_t slot);
void jit_call_c(struct jit *j, const void *function);
/** The register is not read behind the instruction. */
bool jit_dead_after(const struct jit *j, const struct jit_in *in, int reg);
/** Its upper half is known to be zero. */
static inline bool jit_is_narrow(const struct jit *j, int reg) { return j->narrow >> reg & 1; }
uint64_t jit_random(struct jit *j);
/** Handler of rows whose result is a constant: the driver never asks it. */
jit_op_fn jit_op_constant;
/** Calls of helpers, with what is done in their stead, and of subprograms. */
jit_op_fn jit_op_call, jit_op_subprog;

/** match.c. What starts at `slot`, and how many slots it takes; 0: nothing. `rest` is what has to come before (kind
 * JIT_SHIFT, rest->dst not f->src) or after it, when a register that keeps half of a rotation lives; else rest->dst is
 * -1. */
uint32_t jit_match(const struct jit *j, uint32_t slot, struct jit_fused *f, struct jit_fused *rest);

/** match.c. The array lookup whose arguments are put in place from `slot` on: how many slots; 0: none. With a key in a
 * register the first of them stores it, which still has to be done. */
uint32_t jit_match_lookup(const struct jit *j, uint32_t slot, struct jit_lookup *l);

/** sum.c. Whether such a loop starts at `head`. */
bool jit_match_sum(const struct jit *j, uint32_t head, struct jit_sum *s);

/** Division by a constant (divide.c). */
enum jit_div_kind {
	JIT_DIV_ZERO,   /**< the result is 0 */
	JIT_DIV_SAME,   /**< the result is the dividend */
	JIT_DIV_NEG,    /**< the dividend negated */
	JIT_DIV_POWER,  /**< by 2^shift, or -2^shift */
	JIT_DIV_HUGE,   /**< unsigned, by 2^63 or more: the quotient is 0 or 1 */
	JIT_DIV_MAGIC,  /**< by a reciprocal */
};
struct jit_div {
	enum jit_div_kind kind;
	bool negative;  /**< signed: the quotient is negated */
	unsigned shift;
	uint64_t magic;
};
struct jit_div jit_div_by(int32_t imm, int width, bool is_signed, bool rest);

/** link.c. Short forms for code that will be linked at `base`; rewrites offset[], entry and thunk. */
void jit_relax(struct jit *j, const uint8_t *base);
/** Copy to `base` with every relocation resolved; traps fill the rest of the `size` bytes there. */
void jit_link(struct jit *j, uint8_t *base, size_t size);

static inline const struct iov_insn_fact *jit_fact(const struct jit *j, uint32_t slot)
{
	return j->image->facts && j->image->facts->insns ? &j->image->facts->insns[slot] : NULL;
}

/** The verifier knows what the arithmetic at `slot` gives, or where the jump there goes: nothing is read for it. */
static inline bool jit_is_known(const struct jit *j, uint32_t slot)
{
	const struct iov_insn_fact *fact = jit_fact(j, slot);

	return fact && (fact->is_const || fact->always || fact->never);
}

/** Legacy packet load (legacy.c): the value in host order, or -1 when it lies outside the packet. */
int64_t jit_load_legacy(const struct iov_ctx *ctx, uint32_t off, uint32_t bytes);

#endif
