/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the x64_*.c files share: one instruction as its handler sees it, and where operands live. */
#ifndef IOV_JIT_X64_OPS_H
#define IOV_JIT_X64_OPS_H

#include "runtime/jit/jit.h"
#include "runtime/jit/x64_emit.h"

#define OP(kind, oper, fn, param) jit_op_fn fn;
#include "runtime/jit/x64_ops.def"
#undef OP

extern const uint8_t x64_regs[10];

static inline int x64_dst(const struct jit_in *in)
{
	return x64_regs[in->insn->dst];
}

/** rsp plus this is r10. */
static inline int32_t x64_fp(const struct jit *j)
{
	return (int32_t)j->sub->frame;
}

/** The source register; r10, and an immediate that is hidden, are in X64_T0. */
int x64_src(struct jit *j, const struct jit_in *in);
/** Memory at program register `reg` + off. */
struct x64_mem x64_mem_at(const struct jit *j, int reg, int32_t off);
/** Load 8 to 64 bits, zero- or sign-extended. */
void x64_load(struct jit *j, int bits, bool sign, int rd, struct x64_mem m);
/** Machine register rd = value; hidden when the image asks for it (T1 is scratch then, rd is not). */
void x64_set(struct jit *j, int rd, uint64_t value);
void x64_hidden(struct jit *j, int rd, uint64_t value);
bool x64_fused(struct jit *j, const struct jit_fused *f);
void x64_sum(struct jit *j, const struct jit_sum *s);
void x64_key(struct jit *j, const struct jit_lookup *l);
void x64_lookup(struct jit *j, const struct jit_lookup *l);
void x64_call(struct jit *j, const void *helper);
void x64_tail_call(struct jit *j);
/** Undo the frame: stack pointer and saved registers, ready to return or to jump to another image. */
void x64_epilogue(struct jit *j);
/** jmp, call through a register, or through the stub that the CPU does not predict; T1 is scratch. */
void x64_jump_through(struct jit *j, int reg);
void x64_call_through(struct jit *j, int reg);
void x64_stub(struct jit *j);
/** x64_link.c. */
uint8_t x64_longest(const struct jit *j, enum jit_reloc_kind kind);
uint8_t x64_shortest(const struct jit_reloc *r, int64_t distance);
void x64_resolve(const struct jit *j, const struct jit_reloc *r, uint8_t *base, uint8_t *p, const uint8_t *to);
void x64_fill(uint8_t *p, size_t size);

#endif
