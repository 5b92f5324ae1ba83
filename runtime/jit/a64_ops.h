/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the a64_*.c files share: where operands live. */
#ifndef IOV_JIT_A64_OPS_H
#define IOV_JIT_A64_OPS_H

#include "runtime/jit/a64_emit.h"
#include "runtime/jit/jit.h"

/** Parameters of a64_op_atomic. */
enum { A64_M_ADD, A64_M_OR, A64_M_AND, A64_M_XOR, A64_FETCH = 4 };

#define OP(kind, oper, fn, param) jit_op_fn fn;
#include "runtime/jit/a64_ops.def"
#undef OP

/** base + (index << scale) + disp; index -1: none; base may be SP. */
struct a64_mem {
	int base, index;
	unsigned scale;
	int32_t disp;
};

/** Machine register of r0..r9 in this subprogram. */
int a64_reg(const struct jit *j, int reg);
int a64_dst(const struct jit *j, const struct jit_in *in);
/** The source register; r10, and an immediate that is hidden, are in A64_T0. */
int a64_src(struct jit *j, const struct jit_in *in);
int a64_env(const struct jit *j);
/** sp plus this is r10. */
int32_t a64_fp(const struct jit *j);
/** Memory at program register `reg` + off. */
struct a64_mem a64_mem_at(const struct jit *j, int reg, int32_t off);

/** Access of 8 << size bits. T1 and T2 are scratch, T0 is not. */
void a64_access(struct jit *j, enum a64_access op, unsigned size, int rt, struct a64_mem m);
/** rd = the address. T1 and T2 are scratch. */
void a64_address(struct jit *j, int rd, struct a64_mem m);
/** rd = rn + imm; rn may be SP for small numbers. T1 is scratch. */
void a64_add_imm(struct jit *j, int w, int rd, int rn, int64_t imm);
/** Machine register rd = value; hidden when the image asks for it (T1 is scratch then, rd is not). */
void a64_set(struct jit *j, int rd, uint64_t value);
void a64_hidden(struct jit *j, int rd, uint64_t value);
/** 0 to 3 for 8 to 64 bits. */
unsigned a64_size(int bits);

void a64_sum(struct jit *j, const struct jit_sum *s);
void a64_key(struct jit *j, const struct jit_lookup *l);
void a64_lookup(struct jit *j, const struct jit_lookup *l);
void a64_call(struct jit *j, const void *helper);
void a64_tail_call(struct jit *j);
bool a64_fused(struct jit *j, const struct jit_fused *f);
/** Undo the frame: stack pointer and saved registers, ready to return or to jump to another image. */
void a64_epilogue(struct jit *j);
void a64_return(struct jit *j);
/** What must not be executed by speculation behind an indirect branch. */
void a64_barrier(struct jit *j);
void a64_call_through(struct jit *j, int reg);
void a64_stub(struct jit *j);
/** a64_link.c. */
uint8_t a64_longest(const struct jit *j, enum jit_reloc_kind kind);
uint8_t a64_shortest(const struct jit_reloc *r, int64_t distance);
void a64_resolve(const struct jit *j, const struct jit_reloc *r, uint8_t *base, uint8_t *p, const uint8_t *to);
void a64_fill(uint8_t *p, size_t size);

#endif
