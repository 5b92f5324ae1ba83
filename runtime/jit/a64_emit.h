/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: encoders for 64-bit ARM. Pure words into a jit_code; they know nothing of programs or images.
 * `w` is 64 or 32; register operands are enum a64_reg. What returns bool emits nothing and returns false when the
 * immediate has no encoding. */
#ifndef IOV_JIT_A64_EMIT_H
#define IOV_JIT_A64_EMIT_H

#include "runtime/jit/a64_target.h"
#include "runtime/jit/code.h"

void a64_word(struct jit_code *c, uint32_t word);
/** rd = rn op rm; and with rm shifted by `by`. */
void a64_alu(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, int rm);
void a64_alu_shifted(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, int rm, enum a64_shift shift,
		     unsigned by);
/** rd = rn op imm: ADD, SUB and with flags: 12 bits, perhaps shifted by 12, of either sign; rn and, without flags, rd
 * may be SP. */
bool a64_addsub_imm(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, int64_t imm);
/** AND, ORR, EOR, ANDS: repeated, rotated runs of ones. */
bool a64_logic_imm(struct jit_code *c, enum a64_alu op, int w, int rd, int rn, uint64_t imm);
/** rd = rn + (rm << by): rn and rd may be SP. */
void a64_add_extended(struct jit_code *c, int rd, int rn, int rm, unsigned by);
void a64_mov(struct jit_code *c, int w, int rd, int rn);
/** rd = value in one to four words. */
void a64_mov_imm(struct jit_code *c, int rd, uint64_t value);

void a64_shift_imm(struct jit_code *c, enum a64_shift op, int w, int rd, int rn, unsigned by);
void a64_rotate_imm(struct jit_code *c, int w, int rd, int rn, unsigned right);
/** rd = the low `bits` of rn, extended to w. */
void a64_extend(struct jit_code *c, bool is_signed, int w, int rd, int rn, unsigned bits);
void a64_two(struct jit_code *c, enum a64_two op, int w, int rd, int rn, int rm);
void a64_three(struct jit_code *c, enum a64_three op, int w, int rd, int rn, int rm, int ra);
/** Bytes of rd = bytes of rn reversed: in each half word, or in the whole register. */
void a64_rev16(struct jit_code *c, int rd, int rn);
void a64_rev(struct jit_code *c, int w, int rd, int rn);
/** rd = cc ? rn : rm; rd = cc ? 1 : 0. */
void a64_csel(struct jit_code *c, enum a64_cc cc, int w, int rd, int rn, int rm);
void a64_cset(struct jit_code *c, enum a64_cc cc, int rd);

/** Access of 8 << size bits at [rn + off], rn may be SP; at [rn + (rm << by)], by 0 or `size`; at [rn + ((u32)rm <<
 * size)]. */
bool a64_access_imm(struct jit_code *c, enum a64_access op, unsigned size, int rt, int rn, int32_t off);
void a64_access_reg(struct jit_code *c, enum a64_access op, unsigned size, int rt, int rn, int rm, unsigned by);
void a64_access_u32(struct jit_code *c, enum a64_access op, unsigned size, int rt, int rn, int rm);
/** Two registers, or one, below sp, 16 bytes; and back. */
void a64_push2(struct jit_code *c, int a, int b);
void a64_pop2(struct jit_code *c, int a, int b);
void a64_push1(struct jit_code *c, int a);
void a64_pop1(struct jit_code *c, int a);

void a64_lse(struct jit_code *c, uint32_t op, unsigned size, int rs, int rt, int rn);
/** If [rn] is rs, [rn] = rt; rs = what was there. With acquire and release. */
void a64_cas(struct jit_code *c, unsigned size, int rs, int rt, int rn);
void a64_load_acquire(struct jit_code *c, unsigned size, int rt, int rn);
void a64_store_release(struct jit_code *c, unsigned size, int rt, int rn);
/** With acquire, with release; `status` is 0 when the store happened. */
void a64_load_exclusive(struct jit_code *c, unsigned size, int rt, int rn);
void a64_store_exclusive(struct jit_code *c, unsigned size, int status, int rt, int rn);

void a64_br(struct jit_code *c, int rn);
void a64_blr(struct jit_code *c, int rn);
/** Conditional branches without their distance. */
uint32_t a64_bcc(enum a64_cc cc);
uint32_t a64_cb(bool zero, int w, int rt);
uint32_t a64_tb(bool zero, int rt, unsigned bit);
/** The same with a distance in bytes, which has to fit. */
uint32_t a64_with_distance(uint32_t branch, int64_t distance);
/** The opposite. */
uint32_t a64_opposite(uint32_t branch);
/** Whether it tests a bit: those reach 32 KB, the others 1 MB. */
bool a64_is_tb(uint32_t branch);
uint32_t a64_adr(int rd, int64_t distance);
uint32_t a64_adrp(int rd, uint64_t from, uint64_t to);

/** A forward branch inside one instruction of the program: open it, then bind it at its target. */
uint32_t a64_open(struct jit_code *c, uint32_t branch);
void a64_bind(struct jit_code *c, uint32_t at);
/** A backward one, to offset `to`. */
void a64_back(struct jit_code *c, uint32_t branch, uint32_t to);

#endif
