/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one compilation as data, and the line between the driver (jit.c, plan.c: the same for every machine) and a
 * target (x64_*.c; a second set of files for another architecture).
 *
 * Passes, each linear in slots:
 *   plan    rows, jump targets, what each subprogram needs (registers, stack, calls)
 *   emit target_function() per subprogram: instructions in their longest branch form, one relocation a branch or call
 *   relax target_relax(): branches and calls get their short forms; the distances of the longest form bound the result
 *   link    target_link(): copy to the final pages, relocations resolved */
#ifndef IOV_JIT_JIT_H
#define IOV_JIT_JIT_H

#include "runtime/image.h"
#include "runtime/jit/code.h"

enum { JIT_NO_ROW = 255 };
_Static_assert((int)ISA_COUNT < (int)JIT_NO_ROW, "a row's index fits the plan's byte");

/** plan: by slot. */
enum { JIT_MARK_TARGET = 1 };

struct jit_sub {
	uint32_t start, end;  /**< slots, half open */
	uint32_t stack;       /**< bytes below r10 that the program uses */
	uint8_t saved;        /**< bit n: r6+n is written, so the caller's value must be kept */
	bool fp;              /**< r10 is read */
	bool calls;           /**< something is called: the stack must be aligned, the red zone is not ours */
	bool env;             /**< needs the environment */
	bool may_goto;        /**< has a turn counter */
	bool callback;        /**< LD_FUNC names it */
	uint32_t entry, thunk;/**< offsets in jit_code, then in the linked code */
	uint32_t frame;       /**< target: bytes between the saved registers and the stack pointer */
};

enum jit_reloc_kind {
	JIT_JMP, JIT_JCC,     /**< to a slot */
	JIT_CALL,             /**< of a subprogram */
	JIT_CALL_EXT,         /**< of a C function */
	JIT_THUNK,            /**< address of a subprogram's callback thunk */
	JIT_RELOC_KINDS,
};

struct jit_reloc {
	uint32_t at;          /**< offset where the instruction starts */
	uint8_t kind;
	uint8_t longest, size;/**< bytes as emitted; bytes in the linked code, set by relax */
	uint8_t arg;          /**< JIT_JCC: condition; JIT_THUNK: register */
	uint32_t target;      /**< slot or subprogram */
	const void *addr;     /**< JIT_CALL_EXT */
};

struct jit {
	struct iov_image *image;
	const struct iov_alloc *alloc;
	struct iov_sink *sink;
	struct iov_arena arena; /**< working memory, freed before jit_compile returns */
	uint8_t *rows;        /**< by slot: enum iov_isa, or JIT_NO_ROW (dead, or second half) */
	uint8_t *marks;       /**< by slot: JIT_MARK_* */
	uint32_t *offset;     /**< by slot: where its code starts; then in the linked code */
	struct jit_sub *subs, *sub;
	uint32_t sub_count;
	bool env;             /**< any subprogram needs the environment */
	struct jit_reloc *relocs;
	uint32_t reloc_count, reloc_cap;
	struct jit_code code;
	unsigned features;    /**< of the target CPU */
	bool bug;             /**< the verified program holds what a verified program cannot hold */
};

/** plan.c. IOV_DIAGNOSED: the program needs what no JIT here has, and the sink says so. */
enum iov_status jit_plan(struct jit *j);
/** Index of the subprogram that starts at `slot`, or -1. */
int64_t jit_sub_at(const struct jit *j, int64_t slot);
/** Slot that a jump at `slot` goes to. */
uint32_t jit_target(const struct iov_insn *insn, uint32_t slot);

/** The array that the call at `slot` looks an element up in, when it is an array lookup that needs no call; or NULL. */
const struct iov_map_head *jit_array_of(const struct jit *j, uint32_t slot);

struct jit_reloc *jit_reloc(struct jit *j, enum jit_reloc_kind kind, uint32_t target);
static inline const struct iov_insn_fact *jit_fact(const struct jit *j, uint32_t slot)
{
	return j->image->facts && j->image->facts->insns ? &j->image->facts->insns[slot] : NULL;
}

/** Legacy packet load (legacy.c): the value in host order, or -1 when it lies outside the packet. */
int64_t jit_load_legacy(const struct iov_ctx *ctx, uint32_t off, uint32_t bytes);

/** Compile for exactly the CPU features given (x64_target.h): jit_compile() asks the CPU. Tests try the others. */
enum iov_status jit_compile_for(struct iov_image *image, struct iov_arena *arena, struct iov_sink *sink,
				unsigned features);

/* What a target gives. */
unsigned target_features(void);
/** Entry and body of j->sub; sets offset[] of its slots, `entry` and `thunk`. */
void target_function(struct jit *j);
/** Short forms for code that will be linked at `base`; rewrites offset[], entry and thunk. */
void target_relax(struct jit *j, const uint8_t *base);
/** Copy to `base` with every relocation resolved; traps fill the rest of the `size` bytes there. */
void target_link(struct jit *j, uint8_t *base, size_t size);

#endif
