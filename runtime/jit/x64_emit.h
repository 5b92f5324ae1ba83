/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: encoders. Pure byte emission into a jit_code; they know nothing of programs or images.
 * Operand size `w` is 64 or 32. A register operand is enum x64_reg; immediates are sign-extended as the CPU does. */
#ifndef IOV_JIT_X64_EMIT_H
#define IOV_JIT_X64_EMIT_H

#include "runtime/jit/code.h"
#include "runtime/jit/x64_target.h"

/** Memory operand: base + index * 2^scale + disp; index -1: none. */
struct x64_mem {
	int8_t base, index;
	uint8_t scale;
	int32_t disp;
};
#define X64_MEM(b, d) ((struct x64_mem){.base = (int8_t)(b), .index = -1, .disp = (d)})
#define X64_INDEXED(b, i, s) ((struct x64_mem){.base = (int8_t)(b), .index = (int8_t)(i), .scale = (uint8_t)(s)})

/** op r/m, reg or op reg, r/m with a register as r/m; and with memory. */
void x64_rr(struct jit_code *c, uint32_t op, int w, int reg, int rm);
void x64_rm(struct jit_code *c, uint32_t op, int w, int reg, struct x64_mem m);

/** Group 1: rd = rd op rs; rd = rd op imm. */
void x64_alu_rr(struct jit_code *c, enum x64_alu op, int w, int rd, int rs);
void x64_alu_ri(struct jit_code *c, enum x64_alu op, int w, int rd, int32_t imm);
void x64_alu_mi(struct jit_code *c, enum x64_alu op, int w, struct x64_mem m, int32_t imm);
void x64_test_ri(struct jit_code *c, int w, int rd, int32_t imm);
void x64_shift_i(struct jit_code *c, enum x64_shift op, int w, int rd, unsigned count);
void x64_shift_cl(struct jit_code *c, enum x64_shift op, int w, int rd);
/** BMI2 shlx, shrx, sarx: rd = rs shifted by count. */
void x64_shiftx(struct jit_code *c, enum x64_shift op, int w, int rd, int rs, int count);
/** BMI2 rorx: rd = rs rotated right by `count`. */
void x64_rorx(struct jit_code *c, int w, int rd, int rs, unsigned count);
void x64_group3(struct jit_code *c, enum x64_group3 op, int w, int rm);
void x64_imul_rri(struct jit_code *c, int w, int rd, int rs, int32_t imm);
/** cqo, cdq: rdx = the sign of rax. */
void x64_sign_rdx(struct jit_code *c, int w);
void x64_bswap(struct jit_code *c, int w, int rd);

/** rd = rs; a 32-bit move zeroes the upper half and is emitted even when rd == rs. */
void x64_mov(struct jit_code *c, int w, int rd, int rs);
/** The shortest way to a constant. */
void x64_mov_imm(struct jit_code *c, int rd, uint64_t value);
/** Ten bytes whatever the value. */
void x64_movabs(struct jit_code *c, int rd, uint64_t value);
/** Store of an immediate of 8, 16, 32 or 64 bits. */
void x64_store_imm(struct jit_code *c, int bits, struct x64_mem m, int32_t imm);

void x64_push(struct jit_code *c, int reg);
void x64_pop(struct jit_code *c, int reg);
void x64_byte(struct jit_code *c, uint8_t byte);
void x64_bytes(struct jit_code *c, const void *bytes, unsigned count);
void x64_call_reg(struct jit_code *c, int reg);
void x64_jmp_mem(struct jit_code *c, struct x64_mem m);
void x64_jmp_reg(struct jit_code *c, int reg);

/** A short forward jump inside one instruction of the program: open it, then bind it at the target (within 127 bytes).
 * */
uint32_t x64_jcc_short(struct jit_code *c, enum x64_cc cc);
uint32_t x64_jmp_short(struct jit_code *c);
void x64_bind(struct jit_code *c, uint32_t jump);
/** A short backward jump to offset `to`. */
void x64_jcc_back(struct jit_code *c, enum x64_cc cc, uint32_t to);

#endif
