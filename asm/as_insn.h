/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the files about instructions share: as_insn.c (matching), as_operand.c (values), as_wrong.c (messages). */
#ifndef IOV_ASM_AS_INSN_H
#define IOV_ASM_AS_INSN_H

#include "asm/as_form.h"

struct as_operand {
	const char *at;
	struct as_value value; /* registers: the number in n */
};
struct as_match {
	const char *start;
	struct as_operand operands[AS_MAX_OPERANDS];
	uint32_t count, node; /* node: where the walk ended */
	const struct as_form *form;
	const struct iov_isa_row *row;
	struct as_section *section;
	uint32_t offset; /* of the instruction, flat */
};

/* as_operand.c */
bool as_take_value(struct as *s, struct as_match *m, const struct as_operand *o, enum as_role role,
		   struct iov_insn insn[2]);
bool as_target_has(struct as *s, const struct as_match *m, const struct iov_insn *insn);
/* What is wrong with a number as the immediate of a row; NULL: it fits. */
const char *as_imm_range(const struct iov_isa_row *row, int64_t n);
/* Line records and the like: as_dwarf.c, as_module.c. */
void as_note_instruction(struct as *s, const struct as_match *m);

/* as_wrong.c: the walk ended at m->node, at s->p, without a form. */
void as_wrong(struct as *s, const struct as_match *m);
bool as_wrong_register(struct as *s, const struct as_operand *o, unsigned reg, const char *why);

#endif
