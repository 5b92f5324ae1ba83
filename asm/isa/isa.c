/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction table and its index: by opcode byte, then a short walk over the rows that share it. */
#include "asm/isa/isa.h"

const struct iov_isa_row isa_rows[ISA_COUNT] = {
#define F_D ISA_F_D
#define F_S ISA_F_S
#define F_O ISA_F_O
#define F_I ISA_F_I
#define ISA(name, code, sel, val, kind, oper, width, src, fields, cpu, text, mnemonic)                                     \
	[ISA_##name] = {#name, code, ISA_SEL_##sel, val, ISA_K_##kind, ISA_O_##oper, width, ISA_SRC_##src, fields, cpu,    \
			text, mnemonic},
#include "asm/isa/isa.def"
#undef ISA
};
