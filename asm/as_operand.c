/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: values of instructions: ranges, what has to wait for layout, and what the target must have. */
#include "asm/as_insn.h"

#include <inttypes.h>

/* Operations on 64 bits extend the sign of their immediate; the others take any 32 bits, signed or not. */
const char *as_imm_range(const struct iov_isa_row *row, int64_t n)
{
	bool extends = row->width == 64 && row->kind != ISA_K_LDABS && row->kind != ISA_K_LDIND;

	if (n >= INT32_MIN && n <= (extends ? (int64_t)INT32_MAX : (int64_t)UINT32_MAX))
		return NULL;
	if (extends && n >= 0 && n <= UINT32_MAX)
		return "the immediate is sign-extended from 32 bits to 64 and would not keep this value";
	return "the immediate does not fit in 32 bits";
}

static bool out_of_range(struct as *s, const struct as_operand *o, const char *what)
{
	as_error(s, o->at, 0, DIAG_ASM_RANGE, "%s", what);
	return false;
}

/* An immediate that is too large, and how to have that value all the same. */
static bool wrong_imm(struct as *s, const struct as_match *m, const struct as_operand *o, const char *what)
{
	struct iov_diag *d = as_error(s, o->at, 0, DIAG_ASM_RANGE, "%s", what);
	bool is_move = m->row->oper == ISA_O_MOV && m->row->src == ISA_SRC_K;
	uint64_t n = (uint64_t)o->value.n;
	int reg = is_move ? (int)m->operands[0].value.n : 0;
	const char *first = is_move ? "" : "load it into a free register first: ";

	if (m->row->kind != ISA_K_ALU && m->row->kind != ISA_K_JCC)
		return false;
	if (m->form->dialects & 1)
		diag_hint(d, "%sr%d = 0x%" PRIx64 " ll", first, reg, n);
	else
		diag_hint(d, "%slddw r%d, 0x%" PRIx64, first, reg, n);
	return false;
}

static bool small(struct as *s, const struct as_operand *o, int64_t min, int64_t max,
		  const char *what, int64_t *out)
{
	if (!as_is_number(&o->value)) {
		as_error(s, o->at, 0, DIAG_ASM_SYNTAX, "a number that is known here is needed");
		return false;
	}
	*out = o->value.n;
	return *out >= min && *out <= max ? true : out_of_range(s, o, what);
}

static bool take_imm(struct as *s, const struct as_match *m, const struct as_operand *o, struct iov_insn *insn)
{
	const char *wrong;
	struct as_fixup *fix;

	if (as_is_number(&o->value)) {
		wrong = as_imm_range(m->row, o->value.n);
		insn->imm = (int32_t)(uint32_t)(uint64_t)o->value.n;
		return wrong ? wrong_imm(s, m, o, wrong) : true;
	}
	fix = as_fix(s, m->section, o->at, m->offset, AS_FIX_IMM, &o->value);
	if (fix)
		fix->type = (uint8_t)isa_index(m->row);
	return fix;
}

static bool take_off(struct as *s, const struct as_match *m, const struct as_operand *o, struct iov_insn *insn)
{
	if (!as_is_number(&o->value))
		return as_fix(s, m->section, o->at, m->offset, AS_FIX_OFF, &o->value);
	if (o->value.n < INT16_MIN || o->value.n > INT16_MAX)
		return out_of_range(s, o, "the offset does not fit in 16 bits (-32768 to 32767)");
	insn->off = (int16_t)o->value.n;
	return true;
}

/* A distance in slots is kept: other jumps may grow between here and there. */
static bool take_distance(struct as *s, const struct as_match *m, const struct as_operand *o, int32_t slots, bool wide)
{
	struct as_jump *jump = as_jump(s, m->section);

	if (jump)
		*jump = (struct as_jump){o->at, m->offset, 0, slots, wide};
	return jump;
}

/* A distance in slots, or a label. */
static bool take_target(struct as *s, const struct as_match *m, const struct as_operand *o, bool wide,
			struct iov_insn *insn)
{
	struct as_value v = o->value;
	struct as_jump *jump;

	if (as_is_number(&v)) {
		if (wide ? v.n < INT32_MIN || v.n > INT32_MAX : v.n < INT16_MIN || v.n > INT16_MAX)
			return out_of_range(s, o,
					    wide ? "the distance does not fit in 32 bits"
						 : "the distance does not fit in 16 bits");
		if (wide)
			insn->imm = (int32_t)v.n;
		else
			insn->off = (int16_t)v.n;
		return take_distance(s, m, o, (int32_t)v.n, wide);
	}
	if (v.expr || v.sub || v.n % 8 || v.n / 8 > INT32_MAX || v.n / 8 < INT32_MIN) {
		as_error(s, o->at, 0, DIAG_ASM_SYNTAX,
			 "a jump goes to a label, or to a label and a multiple of 8 bytes");
		return false;
	}
	jump = as_jump(s, m->section);
	if (!jump)
		return false;
	as_sym(s, v.add)->used = true;
	*jump = (struct as_jump){o->at, m->offset, v.add, (int32_t)(v.n / 8), wide};
	return true;
}

static bool take_callee(struct as *s, const struct as_match *m, const struct as_operand *o, struct iov_insn *insn)
{
	if (as_is_number(&o->value)) {
		if (o->value.n < INT32_MIN || o->value.n > UINT32_MAX)
			return out_of_range(s, o, "the helper's number does not fit in 32 bits");
		insn->imm = (int32_t)(uint32_t)o->value.n;
		return true;
	}
	if (!o->value.add || o->value.sub || o->value.expr) {
		as_error(s, o->at, 0, DIAG_ASM_SYNTAX, "a helper's name or number, or a function's name, is expected");
		return false;
	}
	insn->imm = -1;
	return as_fix(s, m->section, o->at, m->offset, AS_FIX_CALL, &o->value);
}

static bool take_imm64(struct as *s, const struct as_match *m, const struct as_operand *o, struct iov_insn insn[2])
{
	if (!as_is_number(&o->value))
		return as_fix(s, m->section, o->at, m->offset, AS_FIX_IMM64, &o->value);
	insn[0].imm = (int32_t)(uint32_t)(uint64_t)o->value.n;
	insn[1].imm = (int32_t)(uint32_t)((uint64_t)o->value.n >> 32);
	return true;
}

/* `li`: 8 bytes where a move with sign or zero extension does it, else 16. */
static bool take_shortest(struct as *s, struct as_match *m, const struct as_operand *o, struct iov_insn insn[2])
{
	int64_t n = o->value.n;

	if (!as_is_number(&o->value) || (n > UINT32_MAX || n < INT32_MIN))
		return take_imm64(s, m, o, insn);
	m->row = &isa_rows[n > INT32_MAX ? ISA_MOV32_K : ISA_MOV64_K];
	insn->code = m->row->code;
	insn->imm = (int32_t)(uint32_t)(uint64_t)n;
	return true;
}

bool as_take_value(struct as *s, struct as_match *m, const struct as_operand *o, enum as_role role,
		   struct iov_insn insn[2])
{
	int64_t n;

	switch (role) {
	case AS_ROLE_IMM:
		return take_imm(s, m, o, insn);
	case AS_ROLE_IMM64:
		return take_imm64(s, m, o, insn);
	case AS_ROLE_SHORTEST:
		return take_shortest(s, m, o, insn);
	case AS_ROLE_OFF:
		return take_off(s, m, o, insn);
	case AS_ROLE_TARGET:
		return take_target(s, m, o, false, insn);
	case AS_ROLE_TARGET32:
		return take_target(s, m, o, true, insn);
	case AS_ROLE_CALLEE:
		return take_callee(s, m, o, insn);
	case AS_ROLE_PC:
		if (!small(s, o, INT32_MIN, INT32_MAX, "the distance does not fit in 32 bits", &n))
			return false;
		insn[0].imm = (int32_t)n;
		return take_distance(s, m, o, (int32_t)n, true);
	case AS_ROLE_KFUNC_OFF:
		if (!small(s, o, INT16_MIN, INT16_MAX, "the offset does not fit in 16 bits", &n))
			return false;
		insn[0].off = (int16_t)n;
		return true;
	case AS_ROLE_MAP_OFF:
	case AS_ROLE_BTF_FD:
		if (!small(s, o, INT32_MIN, UINT32_MAX, "the number does not fit in 32 bits", &n))
			return false;
		insn[1].imm = (int32_t)(uint32_t)(uint64_t)n;
		return true;
	case AS_ROLE_AS_TO:
	case AS_ROLE_AS_FROM:
		if (!small(s, o, 0, 65535, "an address space is a number up to 65535", &n))
			return false;
		insn[0].imm |= (int32_t)(uint32_t)(role == AS_ROLE_AS_TO ? n << 16 : n);
		return true;
	default:
		if (!small(s, o, INT32_MIN, INT32_MAX, "the number does not fit in 32 bits", &n))
			return false;
		insn[0].imm = (int32_t)n;
		return true;
	}
}

bool as_begin_function(struct as *s, struct as_section *x, const char *at)
{
	if (x->type == SHT_NOBITS) {
		as_error(s, at, 0, DIAG_ASM_SECTION, "section %s holds zeros only: it has no room for code", x->name);
		return false;
	}
	x->has_code = true;
	if (x->align < 8)
		x->align = 8;
	return true;
}

static bool lacks(struct as *s, const struct as_match *m, const char *what)
{
	as_error(s, m->start, 0, DIAG_ASM_TARGET, "platform %s has no %s", s->platform->name, what);
	return false;
}

/* What to call an instruction in a message: in the kernel dialect, which has no names for them, as it was written. */
static int name_of(const struct as *s, const struct as_match *m)
{
	const char *p = m->start, *end = s->p;

	if (m->form->dialects != 1) {
		while (as_is(*p, AS_C_WORD))
			p++;
		return (int)(p - m->start);
	}
	while (end > p && as_is(end[-1], AS_C_BLANK))
		end--;
	return end - p > 60 ? 60 : (int)(end - p);
}

/* What the level and the platform do not offer is an error by name, here, not when somebody loads the object. */
bool as_target_has(struct as *s, const struct as_match *m, const struct iov_insn *insn)
{
	const struct iov_platform *p = s->platform;
	const struct iov_isa_row *row = m->row;
	uint32_t rules = p ? p->rules : ~0u;

	if (row->cpu > s->cpu) {
		int len = name_of(s, m);
		struct iov_diag *d = as_error(s, m->start, (size_t)len, DIAG_ASM_TARGET, "'%.*s' needs level v%u", len,
					      m->start, row->cpu);

		diag_why(d, IOV_NOWHERE, "the target has v%u%s%s", s->cpu, p ? ", by platform " : "", p ? p->name : "");
		return false;
	}
	if (row->kind == ISA_K_MAY_GOTO && !(rules & IOV_RULE_MAY_GOTO))
		return lacks(s, m, "may_goto");
	if ((row->oper == ISA_O_LOAD_ACQ || row->oper == ISA_O_STORE_REL) && !(rules & IOV_RULE_ACQUIRE_RELEASE))
		return lacks(s, m, "load_acquire and store_release");
	if (row->kind == ISA_K_CAST && !(rules & IOV_RULE_ADDR_SPACE_CAST))
		return lacks(s, m, "address space casts");
	if ((row->kind == ISA_K_LDABS || row->kind == ISA_K_LDIND) && !(rules & IOV_RULE_LEGACY_LOADS))
		return lacks(s, m, "legacy packet loads");
	if (row->kind == ISA_K_ATOMIC && row->cpu >= 3 && !(rules & IOV_RULE_ATOMICS_FETCH))
		return lacks(s, m, "atomic operations beyond addition");
	if (p && row->oper == ISA_O_HELPER && as_is_number(&m->operands[0].value) &&
	    !platform_helper(p, (uint32_t)insn->imm)) {
		const struct iov_helper *h = catalogue_helper((uint32_t)insn->imm);

		as_error(s, m->operands[0].at, 0, DIAG_ASM_HELPER, "platform %s has no helper %d%s%s", p->name,
			 insn->imm, h ? ", bpf_" : "", h ? h->name : "");
		return false;
	}
	return true;
}
