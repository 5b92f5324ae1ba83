/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what the parts about modules, types and DWARF are told by the core. */
#include "asm/as_insn.h"

void as_note_instruction(struct as *s, const struct as_match *m)
{
	as_types_instruction(s, m->start, m->section->elf_index, m->offset);
	if (s->dwarf)
		as_dwarf_here(s, m->section, m->offset);
}

void as_finish(struct as *s)
{
	as_module_finish(s);
	if (s->func)
		as_error(s, s->func_at, 0, DIAG_ASM_BLOCK, "this function has no .endfunc");
}
