/* SPDX-License-Identifier: Apache-2.0 */
/* The first phase: is this a program at all? Encodings, reserved fields, registers, jump targets, function boundaries,
 * references to maps, and what the platform offers at all. Afterwards every slot has its row in v->insns, and the later
 * phases index without further checks. Source: RFC 9669 sections 3 to 5. */
#include "backend/verify/internal.h"

#include <stdio.h>

enum { MAP_ARRAY = 2 }; /* uapi: the one type whose values have an address */

/* What the platform runs, as sections: its own names, else those of types; some of them. */
static const char *type_names(struct verifier *v)
{
	const char *all = "";

	for (uint32_t i = 0; all && i < v->platform->prog_type_count && i < 5; i++) {
		const struct iov_prog_type *t = v->platform->prog_types[i];

		all = arena_printf(&v->work, "%s%s%s", all, i ? ", " : "",
				   t->sections && t->sections[0] ? t->sections[0] : t->name);
	}
	return all && v->platform->prog_type_count > 5 ? arena_printf(&v->work, "%s, …", all) : all;
}

static void wrong_type(struct verifier *v)
{
	const struct iov_prog *p = v->prog;
	const struct iov_prog_type *known = p->type ? catalogue_prog_type(p->type) : NULL;
	const char *names = type_names(v);
	struct iov_diag *d;

	if (known)
		d = verify_diag_at(v, 0, DIAG_V_PROG_TYPE, "%s does not run programs of type %s", v->platform->name,
				   known->name);
	else
		d = verify_diag_at(v, 0, DIAG_V_PROG_TYPE, "the section `%s` names no type of program that %s runs",
				   p->section ? p->section : "", v->platform->name);
	if (known)
		diag_why(d, IOV_NOWHERE, "the section `%s` makes it one", p->section ? p->section : "");
	diag_hint(d, "it runs %s", names && *names ? names : "none");
}

static enum iov_status check_limits(struct verifier *v)
{
	const struct iov_prog *p = v->prog;

	if (!p->count || !p->sub_count || !p->insns) {
		verify_diag_at(v, 0, DIAG_V_BAD_SUBPROG, "the program has no instructions");
		return IOV_DIAGNOSED;
	}
	if (v->platform->max_insns && p->count > v->platform->max_insns) {
		struct iov_diag *d =
			verify_diag_at(v, 0, DIAG_V_TOO_LARGE, "the program has %u instruction slots; %s runs %u",
				       p->count, v->platform->name, v->platform->max_insns);
		diag_hint(d, "split it with a tail call, or keep the compiler from unrolling and inlining");
		return IOV_DIAGNOSED;
	}
	if (p->big_endian ? v->platform->order == IOV_ORDER_LITTLE : v->platform->order == IOV_ORDER_BIG) {
		struct iov_diag *d = verify_diag_at(v, 0, DIAG_V_BYTE_ORDER, "the program is %s-endian, %s is not",
						    p->big_endian ? "big" : "little", v->platform->name);
		diag_hint(d, "compile it with --target=%s", p->big_endian ? "bpfel" : "bpfeb");
		return IOV_DIAGNOSED;
	}
	v->type = platform_type_of(v->platform, p);
	if (!v->type) {
		wrong_type(v);
		return IOV_DIAGNOSED;
	}
	if (!v->type->complete) {
		verify_diag_at(v, 0, DIAG_V_UNSUPPORTED, "not supported yet: programs of type %s", v->type->name);
		return IOV_DIAGNOSED;
	}
	return IOV_OK;
}

/* Functions tile the program, in order. */
static bool check_subs(struct verifier *v)
{
	const struct iov_prog *p = v->prog;
	uint32_t next = 0;

	for (uint32_t i = 0; i < p->sub_count; i++) {
		if (p->subs[i].start != next || !p->subs[i].count || p->subs[i].count > p->count - next) {
			verify_diag_at(v, next < p->count ? next : 0, DIAG_V_BAD_SUBPROG,
				       "function %u does not begin where the one before ends", i);
			return false;
		}
		for (uint32_t k = 0; k < p->subs[i].count; k++)
			v->insns[next + k].sub = (uint16_t)i;
		next += p->subs[i].count;
	}
	if (next != p->count)
		verify_diag_at(v, next, DIAG_V_BAD_SUBPROG, "instructions outside of every function");
	return next == p->count;
}

static bool writes_dst(const struct iov_isa_row *row)
{
	switch (row->kind) {
	case ISA_K_ALU:
	case ISA_K_END:
	case ISA_K_CAST:
	case ISA_K_LDX:
	case ISA_K_LDSX:
	case ISA_K_LDIMM64:
		return true;
	case ISA_K_ATOMIC:
		return row->oper == ISA_O_LOAD_ACQ;
	default:
		return false;
	}
}

static bool writes_src(const struct iov_isa_row *row)
{
	return row->kind == ISA_K_ATOMIC && row->oper >= ISA_O_FETCH_ADD && row->oper <= ISA_O_XCHG;
}

static bool check_registers(struct verifier *v, uint32_t at, const struct iov_isa_row *row)
{
	const struct iov_insn *insn = &v->prog->insns[at];
	bool src_is_reg = row->fields & ISA_F_S && row->sel != ISA_SEL_SRC;

	if ((row->fields & ISA_F_D && insn->dst >= IOV_REGS) || (src_is_reg && insn->src >= IOV_REGS)) {
		verify_diag_at(v, at, DIAG_V_BAD_REG, "there is no register r%u",
			       insn->dst >= IOV_REGS ? insn->dst : insn->src);
		return false;
	}
	if ((writes_dst(row) && insn->dst == IOV_R10) || (writes_src(row) && insn->src == IOV_R10)) {
		verify_diag_at(v, at, DIAG_V_BAD_REG, "r10, the frame pointer, cannot be written");
		return false;
	}
	return true;
}

/* Constants that no result is defined for, or that Linux refuses: shifts by the width or more, division by a literal 0.
 */
static bool check_constant(struct verifier *v, uint32_t at, const struct iov_isa_row *row)
{
	int32_t imm = v->prog->insns[at].imm;
	bool shift = row->oper == ISA_O_LSH || row->oper == ISA_O_RSH || row->oper == ISA_O_ARSH;
	bool divide =
		row->oper == ISA_O_DIV || row->oper == ISA_O_MOD || row->oper == ISA_O_SDIV || row->oper == ISA_O_SMOD;

	if (row->kind != ISA_K_ALU || row->src != ISA_SRC_K)
		return true;
	if (divide && !imm) {
		verify_diag_at(v, at, DIAG_V_BAD_CONSTANT, "division by the constant 0");
		return false;
	}
	if (shift && (imm < 0 || imm >= row->width)) {
		verify_diag_at(v, at, DIAG_V_BAD_CONSTANT, "shift of a %u-bit number by %d", row->width, imm);
		return false;
	}
	return true;
}

static bool same_function_start(struct verifier *v, uint32_t at, int64_t target)
{
	return target >= 0 && target < v->prog->count && v->insns[target].row &&
	       v->insns[target].sub == v->insns[at].sub;
}

static bool check_jump(struct verifier *v, uint32_t at, const struct iov_isa_row *row)
{
	int64_t target = isa_target(row, &v->prog->insns[at], at);

	if (same_function_start(v, at, target))
		return true;
	verify_diag_at(v, at, DIAG_V_BAD_JUMP, "the jump leads to slot %lld, which is no instruction of this function",
		       prog_number(v->prog, target));
	return false;
}

static bool check_callee(struct verifier *v, uint32_t at)
{
	int64_t target = (int64_t)at + 1 + v->prog->insns[at].imm;

	for (uint32_t i = 0; i < v->prog->sub_count; i++)
		if (v->prog->subs[i].start == target)
			return true;
	verify_diag_at(v, at, DIAG_V_BAD_SUBPROG, "the call leads to slot %lld, where no function begins",
		       prog_number(v->prog, target));
	return false;
}

/* Whether the platform offers what the instruction needs beyond its version. NULL: yes. */
static const char *feature_missing(const struct verifier *v, const struct iov_isa_row *row)
{
	uint32_t rules = v->platform->rules;

	switch (row->kind) {
	case ISA_K_LDABS:
	case ISA_K_LDIND:
		return rules & IOV_RULE_LEGACY_LOADS ? NULL : "legacy packet loads";
	case ISA_K_MAY_GOTO:
		return rules & IOV_RULE_MAY_GOTO ? NULL : "may_goto";
	case ISA_K_CAST:
		return rules & IOV_RULE_ADDR_SPACE_CAST ? NULL : "address space casts";
	case ISA_K_CALL:
		return row->oper != ISA_O_SUBPROG || rules & IOV_RULE_SUBPROGRAMS ? NULL : "calls between functions";
	case ISA_K_ATOMIC:
		if (row->oper == ISA_O_LOAD_ACQ || row->oper == ISA_O_STORE_REL)
			return rules & IOV_RULE_ACQUIRE_RELEASE ? NULL : "load-acquire and store-release";
		return row->oper == ISA_O_ADD || rules & IOV_RULE_ATOMICS_FETCH ? NULL : "atomics other than add";
	default:
		return NULL;
	}
}

static void wrong_level(struct verifier *v, uint32_t at, const struct iov_isa_row *row)
{
	struct iov_buf text;
	struct iov_diag *d;

	buf_init(&text, v->alloc);
	trace_text(v, &text, at);
	d = verify_diag_at(v, at, DIAG_V_ISA_LEVEL, "`%s` needs instruction set v%u; %s runs v%u",
			   buf_cstr(&text) ? (const char *)text.data : row->name, row->cpu, v->platform->name,
			   v->platform->cpu);
	diag_hint(d, "compile with -mcpu=v%u%s", v->platform->cpu, v->platform->cpu > 1 ? " or lower" : "");
	buf_free(&text);
}

static bool check_platform(struct verifier *v, uint32_t at, const struct iov_isa_row *row)
{
	const char *missing = feature_missing(v, row);

	if (row->cpu > v->platform->cpu) {
		wrong_level(v, at, row);
		return false;
	}
	if (missing) {
		verify_diag_at(v, at, DIAG_V_ISA_LEVEL, "%s does not offer %s", v->platform->name, missing);
		return false;
	}
	return true;
}

/* Loaders without global data lose the sections that string literals and static variables stand in. */
static bool no_globals(struct verifier *v, uint32_t at, const struct iov_map_def *map)
{
	bool literal = !strncmp(map->name, ".rodata.str", 11);
	struct iov_diag *d;

	if (map->origin == IOV_MAP_USER || v->platform->rules & IOV_RULE_GLOBAL_DATA)
		return false;
	d = verify_diag_at(v, at, DIAG_V_MAP_BAD, "%s has no %s: `%s` would be lost", v->platform->name,
			   literal ? "place for string literals" : "global variables", map->name);
	diag_why(d, IOV_NOWHERE, "it loads a program's instructions, and no section of data");
	diag_hint(d, literal ? "copy the text to the stack: `char text[] = \"…\";`, or compare with characters"
			     : "keep it in a local variable: `char table[] = {…};`, or choose by a switch");
	return true;
}

static bool check_map_ref(struct verifier *v, uint32_t at, const struct iov_isa_row *row)
{
	const struct iov_insn *insn = &v->prog->insns[at];
	const struct iov_map_def *map;

	if (row->oper != ISA_O_MAP && row->oper != ISA_O_MAP_VALUE)
		return true;
	if (insn->imm < 0 || (uint32_t)insn->imm >= v->prog->map_count) {
		verify_diag_at(v, at, DIAG_V_MAP_BAD, "reference to map number %d, which does not exist", insn->imm);
		return false;
	}
	map = v->prog->maps[insn->imm];
	if (no_globals(v, at, map))
		return false;
	if (!platform_map_type(v->platform, map->type)) {
		const struct iov_map_type *known = catalogue_map_type(map->type);

		verify_diag_at(v, at, DIAG_V_MAP_BAD, "%s has no maps of the type of `%s` (%s)", v->platform->name,
			       map->name, known ? known->name : "unknown");
		return false;
	}
	if (row->oper == ISA_O_MAP_VALUE) {
		uint32_t off = (uint32_t)insn[1].imm;

		if (map->type != MAP_ARRAY || map->max_entries != 1 || off >= map->value_size) {
			verify_diag_at(v, at, DIAG_V_MAP_BAD,
				       "direct access to offset %u of map `%s` with %u entries of %u bytes", off,
				       map->name, map->max_entries, map->value_size);
			return false;
		}
	}
	return true;
}

/* Kernel symbols are found before anything is verified: one that is missing fails the load, wherever it stands. */
static bool check_extern_ref(struct verifier *v, uint32_t at, const struct iov_isa_row *row)
{
	const struct iov_insn *insn = &v->prog->insns[at];
	const struct iov_extern *x;

	if (row->oper != ISA_O_KFUNC && row->oper != ISA_O_BTF_ID)
		return true;
	if (insn->imm < 0 || (uint32_t)insn->imm >= v->prog->extern_count) {
		verify_diag_at(v, at, DIAG_V_BAD_CONSTANT, "reference to kernel symbol number %d, which does not exist",
			       insn->imm);
		return false;
	}
	x = &v->prog->externs[insn->imm];
	if (x->weak || !x->is_func || x->unlinked || x->unknown || platform_kfunc(v->platform, x->name))
		return true;
	return kfunc_missing(v, at, x) == STEP_NEXT;
}

static bool decode_one(struct verifier *v, uint32_t at)
{
	const struct iov_insn *insn = &v->prog->insns[at];
	const struct iov_isa_row *row = isa_find(insn);
	const char *reserved;

	if (!row) {
		verify_diag_at(v, at, DIAG_V_BAD_INSN, "opcode 0x%02x (src %u, off %d, imm %d) is no instruction",
			       insn->code, insn->src, insn->off, insn->imm);
		return false;
	}
	reserved = isa_reserved(row, insn, at + 1 < v->prog->count ? insn + 1 : NULL);
	if (reserved) {
		verify_diag_at(v, at, DIAG_V_RESERVED, "%s: the field %s must be zero", row->name, reserved);
		return false;
	}
	v->insns[at].row = row;
	return check_registers(v, at, row) && check_constant(v, at, row) && check_platform(v, at, row) &&
	       check_map_ref(v, at, row) && check_extern_ref(v, at, row);
}

static bool check_flow(struct verifier *v, uint32_t at)
{
	const struct iov_isa_row *row = v->insns[at].row;

	switch (row->kind) {
	case ISA_K_JA:
	case ISA_K_JCC:
	case ISA_K_MAY_GOTO:
		return check_jump(v, at, row);
	case ISA_K_CALL:
		return row->oper != ISA_O_SUBPROG || check_callee(v, at);
	case ISA_K_LDIMM64:
		if (row->oper == ISA_O_FUNC && !check_callee(v, at))
			return false;
		if (v->insns[at].sub == v->insns[at + 1].sub)
			return true;
		verify_diag_at(v, at, DIAG_V_BAD_SUBPROG, "a function begins inside a 64-bit constant");
		return false;
	default:
		return true;
	}
}

static bool check_last(struct verifier *v, const struct iov_subprog *sub)
{
	uint32_t last = sub->start + sub->count - 1;
	const struct iov_isa_row *row = v->insns[last].row;

	if (row && (row->kind == ISA_K_EXIT || row->kind == ISA_K_JA))
		return true;
	verify_diag_at(v, last, DIAG_V_FALL_OFF, "the function `%s` runs off its end", sub->name ? sub->name : "?");
	return false;
}

enum iov_status structure_check(struct verifier *v)
{
	const struct iov_prog *p = v->prog;
	enum iov_status st = check_limits(v);

	if (st)
		return st;
	if (p->sub_count > UINT16_MAX) {
		verify_diag_at(v, 0, DIAG_V_TOO_LARGE, "the program has %u functions", p->sub_count);
		return IOV_DIAGNOSED;
	}
	v->insns = arena_array(&v->work, p->count, sizeof(*v->insns));
	v->subs = arena_array(&v->work, p->sub_count, sizeof(*v->subs));
	if (!v->insns || !v->subs)
		return IOV_NOMEM;
	if (!check_subs(v))
		return IOV_DIAGNOSED;
	for (uint32_t at = 0; at < p->count; at += isa_is_wide(&p->insns[at]) ? 2 : 1)
		if (!decode_one(v, at))
			return IOV_DIAGNOSED;
	for (uint32_t at = 0; at < p->count; at++)
		if (v->insns[at].row && !check_flow(v, at))
			return IOV_DIAGNOSED;
	for (uint32_t i = 0; i < p->sub_count; i++)
		if (!check_last(v, &p->subs[i]))
			return IOV_DIAGNOSED;
	return kfunc_check_exception(v) ? IOV_OK : IOV_DIAGNOSED;
}
