/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction table and its index: opcode byte, then a perfect hash of the selector value; one probe finds the row
 * or its absence. Two rows that collide in the index (or describe one instruction twice) fail the build, because the
 * same array element would be initialised twice. Wire format: RFC 9669 section 3. */
#include "asm/isa/isa.h"

const struct iov_isa_row isa_rows[ISA_COUNT] = {
#define F_D ISA_F_D
#define F_S ISA_F_S
#define F_O ISA_F_O
#define F_I ISA_F_I
#define ISA(name, code, sel, val, kind, oper, width, src, fields, cpu, text, mnemonic)                                 \
	[ISA_##name] = {#name, code,          ISA_SEL_##sel, val, ISA_K_##kind, ISA_O_##oper,                          \
			width, ISA_SRC_##src, fields,        cpu, text,         mnemonic},
#include "asm/isa/isa.def"
#undef ISA
};

_Static_assert(ISA_COUNT < 256, "the index holds row numbers in bytes");

/* Injective over the selector values of any one opcode byte. */
#define SLOT(value) (((value) ^ (value) >> 5) & 63)

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Woverride-init"
static const uint8_t row_index[256][64] = {
#define ISA(name, code, sel, val, ...) [code][SLOT(val)] = ISA_##name + 1,
#include "asm/isa/isa.def"
#undef ISA
};
#pragma GCC diagnostic pop

/* Rows of one opcode byte share their selector field: the same value is stored again (checked by a unit test). */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const uint8_t selector[256] = {
#define ISA(name, code, sel, ...) [code] = ISA_SEL_##sel,
#include "asm/isa/isa.def"
#undef ISA
};
#pragma GCC diagnostic pop

static int32_t selector_value(const struct iov_insn *insn)
{
	switch (selector[insn->code]) {
	case ISA_SEL_SRC: return insn->src;
	case ISA_SEL_OFF: return insn->off;
	case ISA_SEL_IMM: return insn->imm;
	default: return 0;
	}
}

const struct iov_isa_row *isa_find(const struct iov_insn *insn)
{
	int32_t value = selector_value(insn);
	uint8_t index = row_index[insn->code][SLOT((uint32_t)value)];

	if (!index || isa_rows[index - 1].sel_value != value)
		return NULL;
	return &isa_rows[index - 1];
}

/* The upper half of the constant means something in these rows alone. BTF_ID: the fd of the BTF object (kernel). */
static bool uses_second_imm(const struct iov_isa_row *row)
{
	return row->oper == ISA_O_IMM64 || row->oper == ISA_O_MAP_VALUE || row->oper == ISA_O_MAP_IDX_VALUE ||
	       row->oper == ISA_O_BTF_ID;
}

const char *isa_reserved(const struct iov_isa_row *row, const struct iov_insn *insn, const struct iov_insn *next)
{
	if (insn->dst && !(row->fields & ISA_F_D))
		return "dst";
	if (insn->src && !(row->fields & ISA_F_S))
		return "src";
	if (insn->off && !(row->fields & ISA_F_O))
		return "off";
	if (insn->imm && !(row->fields & ISA_F_I))
		return "imm";
	if (row->kind != ISA_K_LDIMM64)
		return NULL;
	if (!next || next->code || next->dst || next->src || next->off || (next->imm && !uses_second_imm(row)))
		return "second slot";
	return NULL;
}

void isa_decode(const uint8_t bytes[8], bool big_endian, struct iov_insn *out)
{
	const uint8_t *b = bytes;
	uint8_t high = b[1] >> 4, low = b[1] & 15;

	out->code = b[0];
	out->dst = big_endian ? high : low;
	out->src = big_endian ? low : high;
	out->unused = 0;
	if (big_endian) {
		out->off = (int16_t)(b[2] << 8 | b[3]);
		out->imm = (int32_t)((uint32_t)b[4] << 24 | (uint32_t)b[5] << 16 | (uint32_t)b[6] << 8 | b[7]);
	} else {
		out->off = (int16_t)(b[3] << 8 | b[2]);
		out->imm = (int32_t)((uint32_t)b[7] << 24 | (uint32_t)b[6] << 16 | (uint32_t)b[5] << 8 | b[4]);
	}
}

void isa_encode(const struct iov_insn *insn, bool big_endian, uint8_t bytes[8])
{
	uint16_t off = (uint16_t)insn->off;
	uint32_t imm = (uint32_t)insn->imm;

	bytes[0] = insn->code;
	bytes[1] = big_endian ? (uint8_t)(insn->dst << 4 | (insn->src & 15))
			      : (uint8_t)(insn->src << 4 | (insn->dst & 15));
	for (int i = 0; i < 2; i++)
		bytes[2 + i] = (uint8_t)(off >> 8 * (big_endian ? 1 - i : i));
	for (int i = 0; i < 4; i++)
		bytes[4 + i] = (uint8_t)(imm >> 8 * (big_endian ? 3 - i : i));
}

int64_t isa_target(const struct iov_isa_row *row, const struct iov_insn *insn, size_t at)
{
	return (int64_t)at + 1 + (row->fields & ISA_F_O ? insn->off : insn->imm);
}
