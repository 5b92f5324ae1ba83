/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the x64_*.c files share: one instruction as its handler sees it, and where operands live. */
#ifndef IOV_JIT_X64_OPS_H
#define IOV_JIT_X64_OPS_H

#include "runtime/jit/jit.h"
#include "runtime/jit/x64_emit.h"

struct x64_in {
	const struct iov_insn *insn;
	const struct iov_insn_fact *fact; /**< NULL: nothing is known */
	uint32_t slot;
	int width;                        /**< of the row: bits */
	bool k;                           /**< the operand is the immediate */
	int param;                        /**< of x64_ops.def; jumps: the condition */
	uint32_t target;                  /**< conditional jumps: slot */
};

/** A handler emits one instruction of the program. */
typedef void x64_op_fn(struct jit *j, const struct x64_in *in);

#define OP(kind, oper, fn, param) x64_op_fn fn;
#include "runtime/jit/x64_ops.def"
#undef OP

extern const uint8_t x64_regs[10];

static inline int x64_dst(const struct x64_in *in)
{
	return x64_regs[in->insn->dst];
}

/** rsp plus this is r10. */
static inline int32_t x64_fp(const struct jit *j)
{
	return (int32_t)j->sub->frame;
}

/** The source register; r10 is first computed into X64_T0. */
int x64_src(struct jit *j, const struct x64_in *in);
/** Memory at program register `reg` + off. */
struct x64_mem x64_mem_at(const struct jit *j, int reg, int32_t off);
/** Load 8 to 64 bits, zero- or sign-extended. */
void x64_load(struct jit *j, int bits, bool sign, int rd, struct x64_mem m);
/** r0 = address of the element of `map` whose key r2 points at, or 0 (x64_map.c). */
void x64_array_lookup(struct jit *j, const struct x64_in *in, const struct iov_map_head *map);
/** Emit the pattern that starts at `slot` as one; how many slots it took, 0: none matches (x64_fuse.c). */
uint32_t x64_fuse(struct jit *j, uint32_t slot);
/** Undo the frame: stack pointer and saved registers, ready to return or to jump to another image. */
void x64_epilogue(struct jit *j);
/** Emit a branch or call in its longest form, to be relaxed. `arg`: condition or register, by kind. */
void x64_branch(struct jit *j, enum jit_reloc_kind kind, int arg, uint32_t target);
void x64_call_c(struct jit *j, const void *function);

#endif
