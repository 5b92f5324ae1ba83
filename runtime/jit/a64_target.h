/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what 64-bit ARM is to the JIT: registers, conditions, opcodes, CPU features. Data only; a64_emit.h makes words
 * of it. Source: Arm Architecture Reference Manual (DDI 0487) part C; Procedure Call Standard (AAPCS64).
 *
 * Invariants of generated code:
 *  - r1..r5 sit in x0..x4, where the C ABI passes arguments; r0 has x7, since x0 is r1: a call of C moves its result,
 *    and only what C calls (the entry, callback thunks) moves it back;
 *  - r6..r9 sit in x19..x22 where the subprogram calls something, else in x10..x13, which nobody has to save;
 *  - r10 has no register: it is sp plus a constant;
 *  - the environment is in x23 when the entry calls something, else in x6; x8, x9, x16, x17 are scratch within one
 *    instruction of the program, and so is x14; x5, x15, x24..x28 and whatever the subprogram does not use may hold
 *    stack slots; x18 and x29 are never touched. */
#ifndef IOV_JIT_A64_TARGET_H
#define IOV_JIT_A64_TARGET_H

#include <stdint.h>

enum a64_reg {
	A64_X0, A64_X1, A64_X2, A64_X3, A64_X4, A64_X5, A64_X6, A64_X7, A64_X8, A64_X9, A64_X10, A64_X11, A64_X12,
	A64_X13, A64_X14, A64_X15, A64_X16, A64_X17, A64_X18, A64_X19, A64_X20, A64_X21, A64_X22, A64_X23, A64_X24,
	A64_X25, A64_X26, A64_X27, A64_X28, A64_X29, A64_LR,
	A64_ZR = 31, A64_SP = 31, /**< which of the two, the instruction says */
};

enum { A64_T0 = A64_X16, A64_T1 = A64_X17, A64_T2 = A64_X9, A64_T3 = A64_X8, A64_R0 = A64_X7 };

/** Conditions; the opposite differs in bit 0. */
enum a64_cc {
	A64_EQ, A64_NE, A64_HS, A64_LO, A64_MI, A64_PL, A64_VS, A64_VC, A64_HI, A64_LS, A64_GE, A64_LT, A64_GT, A64_LE,
};

/** rd = rn op (rm shifted); bit 31 is added for 64 bits. */
enum a64_alu {
	A64_ADD = 0x0b000000, A64_ADDS = 0x2b000000, A64_SUB = 0x4b000000, A64_SUBS = 0x6b000000,
	A64_AND = 0x0a000000, A64_ORR = 0x2a000000, A64_ORN = 0x2a200000, A64_EOR = 0x4a000000, A64_ANDS = 0x6a000000,
};
enum a64_shift { A64_LSL, A64_LSR, A64_ASR };
/** rd = rn op rm. */
enum a64_two {
	A64_UDIV = 0x1ac00800, A64_SDIV = 0x1ac00c00, A64_LSLV = 0x1ac02000, A64_LSRV = 0x1ac02400,
	A64_ASRV = 0x1ac02800,
};
/** rd = ra +- rn * rm; the long ones multiply 32 by 32 bits, or keep the upper half (ra is then ZR). */
enum a64_three {
	A64_MADD = 0x1b000000, A64_MSUB = 0x1b008000, A64_UMADDL = 0x1ba00000, A64_SMULH = 0x1b400000,
	A64_UMULH = 0x1bc00000,
};
/** Access: what goes into bits 22 and 23. */
enum a64_access { A64_STORE, A64_LOAD, A64_LOAD_SIGNED };
/** LSE: [rn] = [rn] op rs, rt = what was there; with acquire and release. */
enum a64_lse {
	A64_LDADD = 0x38200000, A64_LDCLR = 0x38201000, A64_LDEOR = 0x38202000, A64_LDSET = 0x38203000,
	A64_SWP = 0x38208000, A64_LSE_AL = 0x00c00000,
};
/** Whole words. */
enum a64_word {
	A64_B = 0x14000000, A64_BL = (int)0x94000000, A64_BCC = 0x54000000, A64_CBZ = 0x34000000, A64_CBNZ = 0x35000000,
	A64_TBZ = 0x36000000, A64_TBNZ = 0x37000000, A64_RET = (int)0xd65f03c0, A64_BRK = (int)0xd4200000,
	A64_DMB_ISH = (int)0xd5033bbf, A64_DSB_SY = (int)0xd5033f9f, A64_ISB = (int)0xd5033fdf,
	A64_CSDB = (int)0xd503229f, A64_BTI_JC = (int)0xd50324df,
};

/** What this CPU adds to ARMv8.0. */
enum { A64_HAS_LSE = 1 };

#endif
