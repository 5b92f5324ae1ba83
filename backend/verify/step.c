/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatch of one instruction, by the kind that its row in isa.def names. */
#include "backend/verify/internal.h"

static enum step step_call(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	switch (row->oper) {
	case ISA_O_HELPER: return step_call_helper(v, insn);
	case ISA_O_SUBPROG: return step_call_sub(v, insn);
	case ISA_O_KFUNC: return step_call_kfunc(v, insn);
	default: return explain_unsupported(v, "indirect calls");
	}
}

/* It jumps when it likes, and always when it has not for IOV_MAY_GOTO_LIMIT times in this frame. */
static enum step step_may_goto(struct verifier *v, const struct iov_insn *insn, const struct iov_isa_row *row)
{
	v->next = v->pc + 1;
	v->other_next = (uint32_t)isa_target(row, insn, v->pc);
	v->other = state_copy(&v->pool, v->st);
	v->top = state_frame(&v->pool, v->st, v->st->frames - 1, 0);
	if (!v->other || !v->top)
		return STEP_NOMEM;
	v->top->gone++;
	return STEP_FORK;
}

enum step step_insn(struct verifier *v)
{
	const struct iov_insn *insn = &v->prog->insns[v->pc];
	const struct iov_isa_row *row = v->insns[v->pc].row;
	enum step s;
	uint32_t at = v->pc;

	switch (row->kind) {
	case ISA_K_ALU: s = step_alu(v, insn, row); break;
	case ISA_K_END: s = step_end(v, insn, row); break;
	case ISA_K_LDIMM64: s = step_ldimm64(v, insn, row); break;
	case ISA_K_LDX: case ISA_K_LDSX: s = step_load(v, insn, row); break;
	case ISA_K_ST: case ISA_K_STX: s = step_store(v, insn, row); break;
	case ISA_K_ATOMIC: s = step_atomic(v, insn, row); break;
	case ISA_K_LDABS: case ISA_K_LDIND: s = step_legacy(v, insn, row); break;
	case ISA_K_JCC: s = step_jcc(v, insn, row); break;
	case ISA_K_JA:
		v->next = (uint32_t)isa_target(row, insn, v->pc);
		s = STEP_NEXT;
		break;
	case ISA_K_MAY_GOTO: s = step_may_goto(v, insn, row); break;
	case ISA_K_CALL: s = step_call(v, insn, row); break;
	case ISA_K_EXIT: s = step_exit(v); break;
	default: s = explain_unsupported(v, "%s", row->name); break;
	}
	v->fact[at].reached = true;
	return s;
}
