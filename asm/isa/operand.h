/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the placeholders of isa.def's text forms, which print.c writes and parse.c reads. Internal to asm/isa. */
#ifndef IOV_ISA_OPERAND_H
#define IOV_ISA_OPERAND_H

#include <stddef.h>

enum isa_operand {
	OPERAND_NONE,
	OPERAND_D,
	OPERAND_S,
	OPERAND_WD,
	OPERAND_WS,
	OPERAND_I,
	OPERAND_I64,
	OPERAND_O,
	OPERAND_OI,
	OPERAND_L,
	OPERAND_L32,
	OPERAND_HELPER,
	OPERAND_FUNC,
	OPERAND_KFUNC,
	OPERAND_MAP,
	OPERAND_MAPVAL,
	OPERAND_MAPIDX,
	OPERAND_MAPIDXVAL,
	OPERAND_BTF,
	OPERAND_FN,
	OPERAND_AS,
};

/* The placeholder that `form` points at ('{'), and the text after it in *next. */
enum isa_operand isa_operand_at(const char *form, const char **next);

#endif
