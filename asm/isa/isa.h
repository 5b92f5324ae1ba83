/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the instruction as data, and what is made from isa.def: find, encode, decode, print, parse.
 *
 * struct iov_insn is one 8-byte slot in host order; a two-slot instruction (LDIMM64) is two of them, the second with
 * code 0 and the upper 32 bits in imm. Source: RFC 9669 section 3. */
#ifndef IOV_ISA_ISA_H
#define IOV_ISA_ISA_H

#include "asm/base/buf.h"
#include "asm/base/diag.h"

enum iov_isa {
#define ISA(name, ...) ISA_##name,
#include "asm/isa/isa.def"
#undef ISA
	ISA_COUNT
};

/** What an engine dispatches on first. */
enum iov_isa_kind {
	ISA_K_ALU, ISA_K_END, ISA_K_CAST, ISA_K_JA, ISA_K_JCC, ISA_K_MAY_GOTO, ISA_K_CALL, ISA_K_EXIT, ISA_K_LDX,
	ISA_K_LDSX, ISA_K_ST, ISA_K_STX, ISA_K_ATOMIC, ISA_K_LDIMM64, ISA_K_LDABS, ISA_K_LDIND,
};

/** The operation proper; unique over all kinds. */
enum iov_isa_oper {
	ISA_O_ADD, ISA_O_SUB, ISA_O_MUL, ISA_O_DIV, ISA_O_SDIV, ISA_O_MOD, ISA_O_SMOD, ISA_O_OR, ISA_O_AND, ISA_O_XOR,
	ISA_O_LSH, ISA_O_RSH, ISA_O_ARSH, ISA_O_NEG, ISA_O_MOV, ISA_O_MOVSX8, ISA_O_MOVSX16, ISA_O_MOVSX32, ISA_O_CAST,
	ISA_O_TO_LE, ISA_O_TO_BE, ISA_O_BSWAP, ISA_O_JA, ISA_O_JEQ, ISA_O_JNE, ISA_O_JGT, ISA_O_JGE, ISA_O_JLT,
	ISA_O_JLE, ISA_O_JSET, ISA_O_JSGT, ISA_O_JSGE, ISA_O_JSLT, ISA_O_JSLE, ISA_O_MAY_GOTO, ISA_O_HELPER,
	ISA_O_SUBPROG, ISA_O_KFUNC, ISA_O_INDIRECT, ISA_O_EXIT, ISA_O_LD, ISA_O_LDS, ISA_O_ST, ISA_O_FETCH_ADD,
	ISA_O_FETCH_OR, ISA_O_FETCH_AND, ISA_O_FETCH_XOR, ISA_O_XCHG, ISA_O_CMPXCHG, ISA_O_LOAD_ACQ, ISA_O_STORE_REL,
	ISA_O_IMM64, ISA_O_MAP, ISA_O_MAP_VALUE, ISA_O_BTF_ID, ISA_O_FUNC, ISA_O_MAP_IDX, ISA_O_MAP_IDX_VALUE,
	ISA_O_LDABS, ISA_O_LDIND,
};

enum iov_isa_sel { ISA_SEL_NONE, ISA_SEL_SRC, ISA_SEL_OFF, ISA_SEL_IMM };
enum iov_isa_operand { ISA_SRC_N, ISA_SRC_K, ISA_SRC_X };
enum { ISA_F_D = 1, ISA_F_S = 2, ISA_F_O = 4, ISA_F_I = 8 };

/** One row of isa.def. */
struct iov_isa_row {
	const char *name; /**< "ADD64_K" */
	uint8_t code, sel;   /**< enum iov_isa_sel */
	int32_t sel_value;
	uint8_t kind, oper, width, src; /**< enum iov_isa_kind, iov_isa_oper, bits, enum iov_isa_operand */
	uint8_t fields;      /**< ISA_F_*: fields in use; the others must be zero */
	uint8_t cpu;         /**< 1..4 */
	const char *text, *mnemonic;
};

/** One slot, host byte order, fields unpacked. */
struct iov_insn {
	uint8_t code, dst, src; /**< dst, src: 0..15 as encoded; only 0..10 are registers */
	uint8_t unused;
	int16_t off;
	int32_t imm;
};

enum { IOV_R0, IOV_R1, IOV_R2, IOV_R3, IOV_R4, IOV_R5, IOV_R6, IOV_R7, IOV_R8, IOV_R9, IOV_R10, IOV_REGS };

extern const struct iov_isa_row isa_rows[ISA_COUNT];

/** The row that (code, selector) of `insn` names; NULL when there is none. Does not check reserved fields. O(1). */
const struct iov_isa_row *isa_find(const struct iov_insn *insn);
/** Index of a row: enum iov_isa. */
static inline enum iov_isa isa_index(const struct iov_isa_row *row) { return (enum iov_isa)(row - isa_rows); }
/** True for LDIMM64 rows, which take two slots. */
static inline bool isa_is_wide(const struct iov_insn *insn) { return insn->code == 0x18; }
/** Name of a reserved field that is not zero ("dst", "src", "off", "imm", "second slot"), or NULL. `next` is the slot
 * after, or NULL at the end. */
const char *isa_reserved(const struct iov_isa_row *row, const struct iov_insn *insn, const struct iov_insn *next);

/** 8 bytes to and from memory, either byte order. */
void isa_decode(const uint8_t bytes[8], bool big_endian, struct iov_insn *out);
void isa_encode(const struct iov_insn *insn, bool big_endian, uint8_t bytes[8]);

/** The 64-bit constant of a two-slot instruction. */
static inline uint64_t isa_imm64(const struct iov_insn insn[2])
{
	return (uint32_t)insn[0].imm | (uint64_t)(uint32_t)insn[1].imm << 32;
}

/** Target, in slots, of a JA, JA32, JCC or MAY_GOTO at slot `at`; also of a CALL_SUBPROG and of a LD_FUNC. */
int64_t isa_target(const struct iov_isa_row *row, const struct iov_insn *insn, size_t at);

/** Names for what an instruction refers to; any callback may be NULL or return NULL: then numbers are printed. */
struct iov_isa_names {
	const char *(*helper)(void *ud, int32_t id);               /**< replaces the number */
	const char *(*label)(void *ud, int64_t slot); /**< jump targets and subprograms: follows as <label> */
	const char *(*kfunc)(void *ud, int32_t imm, int16_t off);  /**< replaces the number */
	const char *(*map)(void *ud, int32_t index);               /**< replaces map[index] */
	void *ud;
	bool labels_alone; /**< label() replaces the number instead of following it: for the assembler */
};

enum iov_dialect { IOV_DIALECT_KERNEL, IOV_DIALECT_MNEMONIC };

/** Append the text of the instruction at `insn[0]` (and `insn[1]` when wide), which stands at slot `at`. What is not in
 * the table is printed as ".byte" with its eight bytes in little-endian order. Without names the text parses back to
 * the same slots, provided that reserved fields are zero and registers are r0..r10. */
void isa_print(struct iov_buf *out, const struct iov_insn *insn, size_t at, enum iov_dialect dialect,
	       const struct iov_isa_names *names);

/** Parse one instruction, with plain numbers for every operand (the assembler proper adds labels and symbols on top).
 * Forms beyond the printed ones: hexadecimal numbers, free spacing, "<label>" after a jump's or call's number, a w
 * register as value of a load or store of up to 32 bits, % before registers in the mnemonic dialect. Writes 1 or 2
 * slots, and how many. The false result carries the column of the error. */
struct iov_isa_parse {
	bool ok;
	uint32_t slots, col; /**< col: 1-based byte where the error is */
	const char *error;   /**< static text */
};
struct iov_isa_parse isa_parse(const char *text, enum iov_dialect dialect, struct iov_insn out[2]);

#endif
