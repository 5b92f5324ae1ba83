/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what x86-64 is to the JIT: registers, condition codes, opcodes, CPU features, and which machine register holds
 * which register of the program. Data only; x64_emit.h turns it into bytes. Source: AMD64 manual volume 3, System V
 * ABI.
 *
 * Invariants of generated code:
 *  - r1..r5 sit where the C ABI passes arguments, so calls move nothing; r6..r9 sit in callee-saved registers;
 *  - r10 has no register: every frame has a fixed size, so r10 is rsp plus a constant (no rbp to save, set up and
 *    restore);
 *  - r15 holds struct iov_env * wherever a function of the program needs it; r9, r10, r11 are scratch within one
 *    instruction of the program; r12, and whatever the subprogram does not use, may hold stack slots. */
#ifndef IOV_JIT_X64_TARGET_H
#define IOV_JIT_X64_TARGET_H

#include <stdint.h>

enum x64_reg {
	X64_RAX, X64_RCX, X64_RDX, X64_RBX, X64_RSP, X64_RBP, X64_RSI, X64_RDI,
	X64_R8, X64_R9, X64_R10, X64_R11, X64_R12, X64_R13, X64_R14, X64_R15,
};

enum { X64_ENV = X64_R15, X64_T0 = X64_R11, X64_T1 = X64_R10, X64_T2 = X64_R9 };

/** Machine register of r0..r9. r7 in rbp: most functions of real programs use r6 and r7, and neither needs a prefix. */
#define X64_REG_MAP {X64_RAX, X64_RDI, X64_RSI, X64_RDX, X64_RCX, X64_R8, X64_RBX, X64_RBP, X64_R13, X64_R14}

enum x64_cc {
	X64_CC_B = 2, X64_CC_AE = 3, X64_CC_E = 4, X64_CC_NE = 5, X64_CC_BE = 6, X64_CC_A = 7, X64_CC_S = 8,
	X64_CC_NS = 9, X64_CC_L = 12, X64_CC_GE = 13, X64_CC_LE = 14, X64_CC_G = 15,
};

/** Group 1 arithmetic: the opcode is 8 * n + 1 or + 3, the /digit of the immediate form is n. */
enum x64_alu { X64_ADD, X64_OR, X64_ADC, X64_SBB, X64_AND, X64_SUB, X64_XOR, X64_CMP };
/** Group 2 shifts and group 3: /digit. */
enum x64_shift { X64_ROL = 0, X64_ROR = 1, X64_SHL = 4, X64_SHR = 5, X64_SAR = 7 };
enum x64_group3 { X64_NOT = 2, X64_NEG = 3, X64_MUL = 4, X64_IMUL = 5, X64_DIV = 6, X64_IDIV = 7 };

/** Opcodes as x64_emit.h takes them: opcode byte, map in bits 8..9 (1: 0f, 2: 0f38), then flags. */
enum {
	X64_OP_0F = 1 << 8, X64_OP_0F38 = 2 << 8,
	X64_OP_16 = 1 << 10,   /**< operand-size prefix */
	X64_OP_BYTE = 1 << 11, /**< the register operand is a byte register: sil, dil, … need a bare REX */
	X64_OP_LOCK = 1 << 12,
	X64_OP_BYTE_RM = 1 << 13, /**< the r/m operand is a byte register */
};
enum x64_opcode {
	X64_SBB_RM = 0x1b, X64_MOV_STORE = 0x89, X64_MOV_LOAD = 0x8b, X64_MOV_STORE8 = 0x88 | X64_OP_BYTE,
	X64_MOV_STORE16 = 0x89 | X64_OP_16, X64_LEA = 0x8d, X64_TEST = 0x85, X64_IMUL_RM = 0xaf | X64_OP_0F,
	X64_MOVZX8 = 0xb6 | X64_OP_0F, X64_MOVZX16 = 0xb7 | X64_OP_0F, X64_MOVSX8 = 0xbe | X64_OP_0F,
	X64_MOVSX16 = 0xbf | X64_OP_0F, X64_MOVSXD = 0x63, X64_XCHG = 0x87, X64_MOVBE_LOAD = 0xf0 | X64_OP_0F38,
	X64_XADD_LOCK = 0xc1 | X64_OP_0F | X64_OP_LOCK, X64_CMPXCHG_LOCK = 0xb1 | X64_OP_0F | X64_OP_LOCK,
};

/** What this CPU adds to the baseline; found once per compile, or cleared to test the baseline. */
enum { X64_HAS_BMI2 = 1, X64_HAS_MOVBE = 2 };

#endif
