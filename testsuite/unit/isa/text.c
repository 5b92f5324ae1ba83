/* SPDX-License-Identifier: Apache-2.0 */
/* Print and parse: every row in both dialects over many operand values comes back as it was, and errors say where. */
#include "asm/isa/isa.h"

#include <criterion/criterion.h>
#include <string.h>

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t next(void)
{
	state ^= state << 13, state ^= state >> 7, state ^= state << 17;
	return state;
}

/* Often an edge, else anything. */
static int32_t any_imm(void)
{
	static const int32_t edges[] = {0,   1,     -1,     9,         10,        16,         255,
					256, 32767, -32768, INT32_MAX, INT32_MIN, -2147483647};

	return next() & 1 ? edges[next() % (sizeof(edges) / sizeof(*edges))] : (int32_t)next();
}

static int16_t any_off(void)
{
	static const int16_t edges[] = {0, 1, -1, INT16_MAX, INT16_MIN, 10};

	return next() & 1 ? edges[next() % (sizeof(edges) / sizeof(*edges))] : (int16_t)next();
}

static void operands(const struct iov_isa_row *row, struct iov_insn insn[2])
{
	memset(insn, 0, 2 * sizeof(*insn));
	insn->code = row->code;
	if (row->fields & ISA_F_D)
		insn->dst = (uint8_t)(next() % IOV_REGS);
	if (row->fields & ISA_F_S)
		insn->src = (uint8_t)(next() % IOV_REGS);
	if (row->fields & ISA_F_O)
		insn->off = any_off();
	if (row->fields & ISA_F_I)
		insn->imm = any_imm();
	if (row->sel == ISA_SEL_SRC)
		insn->src = (uint8_t)row->sel_value;
	else if (row->sel == ISA_SEL_OFF)
		insn->off = (int16_t)row->sel_value;
	else if (row->sel == ISA_SEL_IMM)
		insn->imm = row->sel_value;
	if (row->oper == ISA_O_IMM64 || row->oper == ISA_O_MAP_VALUE || row->oper == ISA_O_MAP_IDX_VALUE ||
	    row->oper == ISA_O_BTF_ID)
		insn[1].imm = any_imm();
}

static void round_trip(enum iov_dialect dialect)
{
	struct iov_buf text = {0};

	for (int i = 0; i < ISA_COUNT; i++) {
		const struct iov_isa_row *row = &isa_rows[i];

		for (int n = 0; n < 1000; n++) {
			struct iov_insn insn[2], back[2] = {0};
			struct iov_isa_parse parsed;

			operands(row, insn);
			cr_assert_null(isa_reserved(row, insn, insn + 1), "%s: %s", row->name,
				       isa_reserved(row, insn, insn + 1));
			text.len = 0;
			isa_print(&text, insn, 100, dialect, NULL);
			parsed = isa_parse(buf_cstr(&text), dialect, back);
			cr_assert(parsed.ok, "%s: '%s', column %u: %s", row->name, buf_cstr(&text), parsed.col,
				  parsed.error);
			cr_assert_eq(parsed.slots, row->kind == ISA_K_LDIMM64 ? 2u : 1u);
			cr_assert(!memcmp(insn, back, parsed.slots * sizeof(*insn)), "%s: '%s'", row->name,
				  buf_cstr(&text));
		}
	}
	buf_free(&text);
}

Test(text, kernel_dialect_round_trips) { round_trip(IOV_DIALECT_KERNEL); }
Test(text, mnemonic_dialect_round_trips) { round_trip(IOV_DIALECT_MNEMONIC); }

static void reads(const char *text, enum iov_dialect dialect, struct iov_insn want)
{
	struct iov_insn got[2] = {0};
	struct iov_isa_parse parsed = isa_parse(text, dialect, got);

	cr_expect(parsed.ok, "'%s', column %u: %s", text, parsed.col, parsed.error);
	cr_expect(!memcmp(got, &want, sizeof(want)), "'%s': code %#x dst %d src %d off %d imm %d", text, got->code,
		  got->dst, got->src, got->off, got->imm);
}

#define READS(text, ...) reads(text, IOV_DIALECT_KERNEL, (struct iov_insn){__VA_ARGS__})
#define READS_GNU(text, ...) reads(text, IOV_DIALECT_MNEMONIC, (struct iov_insn){__VA_ARGS__})

Test(text, accepted_beyond_what_is_printed)
{
	READS("r1+=5", .code = 0x07, .dst = 1, .imm = 5);
	READS("  r1 \t+=  0x5  ", .code = 0x07, .dst = 1, .imm = 5);
	READS("r1 = - 1", .code = 0xb7, .dst = 1, .imm = -1);
	READS("w1 = 0xffffffff", .code = 0xb4, .dst = 1, .imm = -1);
	READS("w1 = *(u8 *)(r2 + 4)", .code = 0x71, .dst = 1, .src = 2, .off = 4);
	READS("w1 = *(u32*)(r2+4)", .code = 0x61, .dst = 1, .src = 2, .off = 4);
	READS("*(u32 *)(r1 - 8) = w2", .code = 0x63, .dst = 1, .src = 2, .off = -8);
	READS("*(u8 *)(r1 + 0x8) = 255", .code = 0x72, .dst = 1, .off = 8, .imm = 255);
	READS("lock *(u32 *)(r1 + 8) += r2", .code = 0xc3, .dst = 1, .src = 2, .off = 8);
	READS("goto +5 <LBB0_2>", .code = 0x05, .off = 5);
	READS("goto +0x5 <.text+0xa8>", .code = 0x05, .off = 5);
	READS("if w1 s> -0x5 goto -0x1 <x>", .code = 0x66, .dst = 1, .off = -1, .imm = -5);
	READS("call 0x5", .code = 0x85, .imm = 5);
	READS("call pc+3 <helper>", .code = 0x85, .src = 1, .imm = 3);
	READS("call kfunc#7,2", .code = 0x85, .src = 2, .imm = 7, .off = 2);
	READS("r0 = *(u8 *)skb[ 5 ]", .code = 0x30, .imm = 5);
	READS("r0 = *(u32 *)skb[r3]", .code = 0x40, .src = 3);
	READS("r0 = *(u32 *)skb[r3 + 4]", .code = 0x40, .src = 3, .imm = 4);
	READS("r1 = -1 ll", .code = 0x18, .dst = 1, .imm = -1);
	READS("r3 = map[2] ll", .code = 0x18, .dst = 3, .src = 1, .imm = 2);
	READS("exit", .code = 0x95);
	READS_GNU("mov %r1, 5", .code = 0xb7, .dst = 1, .imm = 5);
	READS_GNU("ldxdw %r1,[%r2+8]", .code = 0x79, .dst = 1, .src = 2, .off = 8);
	READS_GNU("endbe %r3, 32", .code = 0xdc, .dst = 3, .imm = 32);
	READS_GNU("jeq r1, 5, +3", .code = 0x15, .dst = 1, .off = 3, .imm = 5);
}

static void rejects(const char *text, uint32_t col, const char *part)
{
	struct iov_insn out[2];
	struct iov_isa_parse parsed = isa_parse(text, IOV_DIALECT_KERNEL, out);

	cr_expect(!parsed.ok, "'%s'", text);
	if (parsed.ok)
		return;
	cr_expect_eq(parsed.col, col, "'%s': column %u: %s", text, parsed.col, parsed.error);
	cr_expect(strstr(parsed.error, part), "'%s': %s", text, parsed.error);
}

Test(text, errors_say_where)
{
	rejects("", 1, "no such");
	rejects("foo", 1, "no such");
	rejects("r1 += foo", 7, "expected");
	rejects("r1 = r11", 6, "no such register");
	rejects("  r11 = 1", 3, "register");
	rejects("r1 += 2147483648", 7, "sign-extended");
	rejects("r1 = 4294967296", 6, "sign-extended");
	rejects("w1 = 4294967296", 6, "32 bits");
	rejects("w1 = 99999999999999999999999", 6, "32 bits");
	rejects("r1 = 18446744073709551616 ll", 26, "64 bits");
	rejects("goto +40000", 6, "16 bits");
	rejects("r1 = *(u32 *)(r2 + 32768)", 18, "16 bits");
	rejects("r1 = *(u32 *)(r2)", 17, "offset");
	rejects("r1 = be16 r2", 11, "same register");
	rejects("r1 = -r2", 7, "same register");
	rejects("exit 5", 6, "nothing");
	rejects("r1 += 5 6", 9, "nothing");
	rejects("*(u64 *)(r1 + 8) = w2", 20, "64-bit");
	rejects("w1 += r2", 7, "32-bit");
	rejects("r1 = addr_space_cast(r2, 0, 65536)", 29, "65535");
	rejects("goto +5 <x", 9, "'>'");
	rejects("r1 = 0x", 6, "number");
	rejects("r1 = 5x", 6, "number");
	rejects("iflag", 1, "no such");
	rejects("r1 ^^ 5", 4, "no such");
}

Test(text, what_is_not_an_instruction_is_printed_as_bytes)
{
	struct iov_buf text = {0};

	isa_print(&text, &(struct iov_insn){.code = 0xff, .dst = 1, .src = 2, .off = -1, .imm = 0x01020304}, 0,
		  IOV_DIALECT_KERNEL, NULL);
	cr_expect_str_eq(buf_cstr(&text), ".byte 0xff, 0x21, 0xff, 0xff, 0x04, 0x03, 0x02, 0x01");
	buf_free(&text);
}

static const char *helper_name(void *ud, int32_t id)
{
	(void)ud;
	return id == 1 ? "bpf_map_lookup_elem" : NULL;
}

static const char *label_name(void *ud, int64_t slot)
{
	(void)ud;
	return slot == 16 ? "out" : NULL;
}

static const char *map_name(void *ud, int32_t index)
{
	return index == 0 ? ud : NULL;
}

static void prints(struct iov_insn first, struct iov_insn second, const char *want)
{
	struct iov_isa_names names = {
		.helper = helper_name, .label = label_name, .map = map_name, .ud = (char[]){"flows"}};
	struct iov_insn insn[2] = {first, second};
	struct iov_buf text = {0};

	isa_print(&text, insn, 10, IOV_DIALECT_KERNEL, &names);
	cr_expect_str_eq(buf_cstr(&text), want);
	buf_free(&text);
}

Test(text, names)
{
	struct iov_insn none = {0};

	prints((struct iov_insn){.code = 0x85, .imm = 1}, none, "call bpf_map_lookup_elem");
	prints((struct iov_insn){.code = 0x85, .imm = 2}, none, "call 2");
	prints((struct iov_insn){.code = 0x05, .off = 5}, none, "goto +5 <out>");
	prints((struct iov_insn){.code = 0x85, .src = 1, .imm = 5}, none, "call pc+5 <out>");
	prints((struct iov_insn){.code = 0x15, .dst = 1, .off = -1}, none, "if r1 == 0 goto -1");
	prints((struct iov_insn){.code = 0x18, .dst = 1, .src = 1}, none, "r1 = flows ll");
	prints((struct iov_insn){.code = 0x18, .dst = 1, .src = 2}, (struct iov_insn){.imm = 8}, "r1 = flows+8 ll");
	prints((struct iov_insn){.code = 0x18, .dst = 1}, (struct iov_insn){.imm = 1}, "r1 = 0x100000000 ll");
}
