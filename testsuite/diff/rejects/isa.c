/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs from isa.def: for every row a small program around it that is accepted, and that program with one field of the
 * instruction spoilt. Source: RFC 9669 section 3 (fields), sections 4 and 5 (what each instruction reads and writes).
 */
#include "testsuite/diff/rejects/rejects.h"

#include <stdio.h>

static const struct iov_map_def one_value = {
	.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 1};

/* Rows with programs of their own elsewhere: calls of functions, references to BTF, arenas. */
static bool has_home(const struct iov_isa_row *row)
{
	switch (row->oper) {
	case ISA_O_SUBPROG:
	case ISA_O_KFUNC:
	case ISA_O_INDIRECT:
	case ISA_O_CAST:
	case ISA_O_BTF_ID:
	case ISA_O_FUNC:
	case ISA_O_MAP_IDX:
	case ISA_O_MAP_IDX_VALUE:
	case ISA_O_EXIT:
	case ISA_O_MAY_GOTO:
		return false;
	default:
		return true;
	}
}

/* What the instruction reads and writes. */
static bool reads_dst(const struct iov_isa_row *row)
{
	switch (row->kind) {
	case ISA_K_ALU:
		return row->oper < ISA_O_MOV;
	case ISA_K_END:
	case ISA_K_JCC:
	case ISA_K_ST:
	case ISA_K_STX:
		return true;
	case ISA_K_ATOMIC:
		return row->oper != ISA_O_LOAD_ACQ;
	default:
		return false;
	}
}

static bool reads_src(const struct iov_isa_row *row)
{
	return row->fields & ISA_F_S && row->sel != ISA_SEL_SRC;
}

static bool writes_dst(const struct iov_isa_row *row)
{
	return row->kind == ISA_K_ALU || row->kind == ISA_K_END || row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX ||
	       row->kind == ISA_K_LDIMM64 || row->oper == ISA_O_LOAD_ACQ;
}

static bool writes_src(const struct iov_isa_row *row)
{
	return row->kind == ISA_K_ATOMIC && row->oper >= ISA_O_FETCH_ADD && row->oper <= ISA_O_XCHG;
}

static bool fetches(const struct iov_isa_row *row, const struct iov_insn *insn)
{
	return writes_src(row) && (insn->imm & 1);
}

/* The register that holds the address, or -1. */
static int address(const struct iov_isa_row *row)
{
	switch (row->kind) {
	case ISA_K_LDX:
	case ISA_K_LDSX:
		return 1;
	case ISA_K_ST:
	case ISA_K_STX:
		return 0;
	case ISA_K_ATOMIC:
		return row->oper == ISA_O_LOAD_ACQ;
	default:
		return -1;
	}
}

/* An accepted program around the row: r2 and r3 are numbers, 16 bytes of stack are set, r6 is the context. The slot. */
static uint32_t home(struct code *c, const struct iov_isa_row *row)
{
	enum iov_isa i = isa_index(row);
	int where = address(row);
	uint32_t at;

	*c = (struct code){.type = row->kind == ISA_K_LDABS || row->kind == ISA_K_LDIND ? 1 : 6};
	put(c, ISA_MOV64_X, 6, 1, 0, 0);
	put(c, ISA_MOV64_K, 0, 0, 0, 1);
	put(c, ISA_MOV64_K, 2, 0, 0, 1);
	put(c, ISA_MOV64_K, 3, 0, 0, 1);
	put(c, ISA_ST64, 10, 0, -8, 0);
	put(c, ISA_ST64, 10, 0, -16, 0);
	if (row->oper == ISA_O_MAP || row->oper == ISA_O_MAP_VALUE) {
		c->maps[c->map_count++] = &one_value;
		at = put(c, i, 2, 0, 0, 0);
	} else if (where >= 0) {
		at = put(c, i, where ? 2 : 10,
			 where                   ? 10
			 : row->kind == ISA_K_ST ? 0
						 : 3,
			 -16, row->kind == ISA_K_ST ? 1 : 0);
	} else {
		bool src = row->fields & ISA_F_S && row->sel != ISA_SEL_SRC;

		at = put(c, i, row->fields & ISA_F_D ? 2 : 0, src ? 3 : 0, 0,
			 row->oper == ISA_O_HELPER                        ? 5
			 : row->fields & ISA_F_I && row->kind != ISA_K_JA ? 1
									  : 0);
	}
	put(c, ISA_MOV64_K, 0, 0, 0, 1);
	put(c, ISA_EXIT, 0, 0, 0, 0);
	return at;
}

static void fields(struct run *run, const struct code *twin, uint32_t at, const struct iov_isa_row *row)
{
	static const struct {
		uint8_t flag, sel;
		const char *name;
	} all[] = {{ISA_F_D, ISA_SEL_NONE, "dst"},
		   {ISA_F_S, ISA_SEL_SRC, "src"},
		   {ISA_F_O, ISA_SEL_OFF, "off"},
		   {ISA_F_I, ISA_SEL_IMM, "imm"}};

	for (int i = 0; i < 4; i++) {
		struct code bad = *twin;
		bool selects = row->sel && row->sel == all[i].sel;

		if (row->fields & all[i].flag && !selects)
			continue;
		switch (i) {
		case 0:
			bad.insn[at].dst = 1;
			break;
		case 1:
			bad.insn[at].src = selects ? 15 : 1;
			break;
		case 2:
			bad.insn[at].off = selects ? 0x77 : 1;
			break;
		default:
			bad.insn[at].imm = selects ? 0x7777 : 1;
			break;
		}
		if (selects)
			judge_code(run, &bad, twin, "IOV-V003", at, "unknown instruction", "%s/%s", row->name,
				   all[i].name);
		else
			judge_code(run, &bad, twin, "IOV-V004", at, "reserved field", "%s/%s", row->name, all[i].name);
	}
	if (row->kind == ISA_K_LDIMM64)
		for (int i = 0; i < 5; i++) {
			struct code bad = *twin;
			struct iov_insn *second = &bad.insn[at + 1];

			if (i == 4 && (row->oper == ISA_O_IMM64 || row->oper == ISA_O_MAP_VALUE))
				continue;
			*second = (struct iov_insn){
				.code = i == 0 ? 0xb7 : 0, .dst = i == 1, .src = i == 2, .off = i == 3, .imm = i == 4};
			judge_code(run, &bad, twin, "IOV-V004", at, "reserved field", "%s/second slot %d", row->name,
				   i);
		}
}

static void registers(struct run *run, const struct code *twin, uint32_t at, const struct iov_isa_row *row)
{
	for (int reg = 11; reg < 16; reg += 4) {
		struct code bad = *twin;

		bad.insn[at].dst = (uint8_t)reg;
		if (row->fields & ISA_F_D)
			judge_code(run, &bad, twin, "IOV-V005", at, "no such register", "%s/dst r%d", row->name, reg);
		bad = *twin;
		bad.insn[at].src = (uint8_t)reg;
		if (reads_src(row))
			judge_code(run, &bad, twin, "IOV-V005", at, "no such register", "%s/src r%d", row->name, reg);
	}
	if (writes_dst(row)) {
		struct code bad = *twin;

		bad.insn[at].dst = 10;
		judge_code(run, &bad, twin, "IOV-V005", at, "frame pointer written", "%s", row->name);
	}
	if (fetches(row, &twin->insn[at])) {
		struct code bad = *twin;

		bad.insn[at].src = 10;
		judge_code(run, &bad, twin, "IOV-V005", at, "frame pointer written", "%s", row->name);
	}
}

static void uninitialised(struct run *run, const struct code *twin, uint32_t at, const struct iov_isa_row *row)
{
	struct code bad = *twin;

	bad.insn[at].dst = 9;
	if (reads_dst(row))
		judge_code(run, &bad, twin, "IOV-V020", at, "uninitialised register", "%s/dst", row->name);
	bad = *twin;
	bad.insn[at].src = 9;
	if (reads_src(row))
		judge_code(run, &bad, twin, "IOV-V020", at, "uninitialised register", "%s/src", row->name);
	bad = *twin;
	bad.insn[1].dst = 8; /* r0 is not set then */
	if (row->oper == ISA_O_CMPXCHG)
		judge_code(run, &bad, twin, "IOV-V020", at, "uninitialised register", "%s/r0", row->name);
	bad = *twin;
	bad.insn[0].dst = 8; /* r6 is not set then */
	if (row->kind == ISA_K_LDABS || row->kind == ISA_K_LDIND)
		judge_code(run, &bad, twin, "IOV-V043", at, "legacy load without the context", "%s", row->name);
}

static void constants(struct run *run, const struct code *twin, uint32_t at, const struct iov_isa_row *row)
{
	bool shift = row->oper == ISA_O_LSH || row->oper == ISA_O_RSH || row->oper == ISA_O_ARSH;
	bool divide =
		row->oper == ISA_O_DIV || row->oper == ISA_O_MOD || row->oper == ISA_O_SDIV || row->oper == ISA_O_SMOD;
	struct code bad = *twin;

	if (row->kind != ISA_K_ALU || row->src != ISA_SRC_K || (!shift && !divide))
		return;
	bad.insn[at].imm = divide ? 0 : row->width;
	judge_code(run, &bad, twin, "IOV-V017", at, divide ? "division by the constant 0" : "shift by the width", "%s",
		   row->name);
	bad.insn[at].imm = -1;
	if (shift)
		judge_code(run, &bad, twin, "IOV-V017", at, "shift by a negative constant", "%s", row->name);
}

static void jumps(struct run *run, const struct code *twin, uint32_t at, const struct iov_isa_row *row)
{
	int targets[] = {100, -100, (int)(twin->count - at - 1), -(int)at - 2};

	if (row->kind != ISA_K_JA && row->kind != ISA_K_JCC)
		return;
	for (int i = 0; i < 4; i++) {
		struct code bad = *twin;

		if (row->fields & ISA_F_O)
			bad.insn[at].off = (int16_t)targets[i];
		else
			bad.insn[at].imm = targets[i];
		judge_code(run, &bad, twin, "IOV-V006", at, "jump out of the program", "%s/%d", row->name, targets[i]);
	}
}

static void accesses(struct run *run, const struct code *twin, uint32_t at, const struct iov_isa_row *row)
{
	int where = address(row), bytes = row->width / 8;
	bool write = row->kind == ISA_K_ST || row->kind == ISA_K_STX || row->oper == ISA_O_STORE_REL;
	struct code bad = *twin;

	if (where < 0)
		return;
	*(where ? &bad.insn[at].src : &bad.insn[at].dst) = 2;
	judge_code(run, &bad, twin, "IOV-V032", at, "number as an address", "%s", row->name);
	bad = *twin;
	bad.insn[at].off = 0;
	judge_code(run, &bad, twin, "IOV-V022", at, "stack bounds", "%s/above", row->name);
	bad.insn[at].off = -520;
	judge_code(run, &bad, twin, "IOV-V012", at, "stack limit", "%s/below", row->name);
	if (bytes > 1 && row->kind != ISA_K_ATOMIC) { /* an atomic operation would be misaligned as well */
		bad.insn[at].off = (int16_t)(-bytes + 1);
		judge_code(run, &bad, twin, "IOV-V022", at, "stack bounds", "%s/partly above", row->name);
		bad.insn[at].off = (int16_t)(-512 - bytes / 2);
		judge_code(run, &bad, twin, "IOV-V012", at, "stack limit", "%s/partly below", row->name);
	}
	if (!write) {
		bad.insn[at].off = -24;
		judge_code(run, &bad, twin, "IOV-V021", at, "uninitialised stack", "%s", row->name);
	}
	if (bytes > 1) {
		bad.insn[at].off = -15;
		judge_code(run, &bad, twin, "IOV-V036", at, "misaligned stack", "%s", row->name);
	}
	if (row->kind == ISA_K_ATOMIC) {
		bad = *twin;
		*(where ? &bad.insn[at].src : &bad.insn[at].dst) = 6;
		bad.insn[at].off = 0;
		judge_code(run, &bad, twin, "IOV-V043", at, "atomic operation on the context", "%s", row->name);
	}
}

void pairs_of_isa(struct run *run)
{
	for (unsigned i = 0; i < ISA_COUNT; i++) {
		const struct iov_isa_row *row = &isa_rows[i];
		struct code twin;
		uint32_t at;

		if (!has_home(row))
			continue;
		at = home(&twin, row);
		fields(run, &twin, at, row);
		registers(run, &twin, at, row);
		uninitialised(run, &twin, at, row);
		constants(run, &twin, at, row);
		jumps(run, &twin, at, row);
		accesses(run, &twin, at, row);
	}
}
