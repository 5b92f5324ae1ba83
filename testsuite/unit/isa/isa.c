/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction table: every row is found by its key, nothing else is, bytes follow RFC 9669 in both orders. */
#include "asm/isa/isa.h"

#include <criterion/criterion.h>
#include <linux/bpf.h>
#include <string.h>

static struct iov_insn example(const struct iov_isa_row *row)
{
	struct iov_insn insn = {.code = row->code};

	if (row->sel == ISA_SEL_SRC)
		insn.src = (uint8_t)row->sel_value;
	else if (row->sel == ISA_SEL_OFF)
		insn.off = (int16_t)row->sel_value;
	else if (row->sel == ISA_SEL_IMM)
		insn.imm = row->sel_value;
	return insn;
}

Test(isa, every_row_is_found_by_its_key)
{
	for (int i = 0; i < ISA_COUNT; i++) {
		struct iov_insn insn = example(&isa_rows[i]);

		cr_assert_eq(isa_find(&insn), &isa_rows[i], "%s", isa_rows[i].name);
		cr_assert_eq(isa_index(&isa_rows[i]), (enum iov_isa)i);
	}
}

Test(isa, rows_of_one_opcode_share_their_selector)
{
	for (int i = 0; i < ISA_COUNT; i++)
		for (int j = 0; j < i; j++)
			if (isa_rows[i].code == isa_rows[j].code)
				cr_assert_eq(isa_rows[i].sel, isa_rows[j].sel, "%s, %s", isa_rows[i].name,
					     isa_rows[j].name);
}

/* The table against the uapi header: each row's byte is a class, a size or an operation that the header names. */
Test(isa, opcodes_agree_with_the_uapi_header)
{
	static const struct { enum iov_isa row; uint8_t code; int32_t sel; } known[] = {
		{ISA_ADD64_K, BPF_ALU64 | BPF_ADD | BPF_K, 0},
		{ISA_ARSH32_X, BPF_ALU | BPF_ARSH | BPF_X, 0},
		{ISA_SMOD64_X, BPF_ALU64 | BPF_MOD | BPF_X, 1},
		{ISA_BE32, BPF_ALU | BPF_END | BPF_TO_BE, 32},
		{ISA_LE64, BPF_ALU | BPF_END | BPF_TO_LE, 64},
		{ISA_BSWAP16, BPF_ALU64 | BPF_END, 16},
		{ISA_JSLE32_X, BPF_JMP32 | BPF_JSLE | BPF_X, 0},
		{ISA_JSET64_K, BPF_JMP | BPF_JSET | BPF_K, 0},
		{ISA_JA32, BPF_JMP32 | BPF_JA, 0},
		{ISA_CALL_KFUNC, BPF_JMP | BPF_CALL, BPF_PSEUDO_KFUNC_CALL},
		{ISA_CALL_SUBPROG, BPF_JMP | BPF_CALL, BPF_PSEUDO_CALL},
		{ISA_EXIT, BPF_JMP | BPF_EXIT, 0},
		{ISA_LDX8, BPF_LDX | BPF_MEM | BPF_B, 0},
		{ISA_ST64, BPF_ST | BPF_MEM | BPF_DW, 0},
		{ISA_STX16, BPF_STX | BPF_MEM | BPF_H, 0},
		{ISA_ATOMIC_CMPXCHG64, BPF_STX | BPF_ATOMIC | BPF_DW, BPF_CMPXCHG},
		{ISA_ATOMIC_XCHG32, BPF_STX | BPF_ATOMIC | BPF_W, BPF_XCHG},
		{ISA_ATOMIC_FETCH_XOR32, BPF_STX | BPF_ATOMIC | BPF_W, BPF_XOR | BPF_FETCH},
		{ISA_LD_BTF_ID, BPF_LD | BPF_IMM | BPF_DW, BPF_PSEUDO_BTF_ID},
		{ISA_LD_FUNC, BPF_LD | BPF_IMM | BPF_DW, BPF_PSEUDO_FUNC},
		{ISA_LD_MAP_IDX_VALUE, BPF_LD | BPF_IMM | BPF_DW, BPF_PSEUDO_MAP_IDX_VALUE},
		{ISA_LDABS32, BPF_LD | BPF_ABS | BPF_W, 0},
		{ISA_LDIND8, BPF_LD | BPF_IND | BPF_B, 0},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const struct iov_isa_row *row = &isa_rows[known[i].row];

		cr_expect_eq(row->code, known[i].code, "%s", row->name);
		cr_expect_eq(row->sel_value, known[i].sel, "%s", row->name);
	}
}

/* All 2^8 opcodes with all small selector values: what the table does not hold is not found. */
Test(isa, nothing_else_is_found)
{
	unsigned found = 0, keyed = 0;

	for (int code = 0; code < 256; code++)
		for (int value = -300; value < 300; value++) {
			struct iov_insn insn = {
				.code = (uint8_t)code, .src = (uint8_t)value & 15, .off = (int16_t)value, .imm = value};
			const struct iov_isa_row *row = isa_find(&insn);

			if (!row)
				continue;
			cr_assert_eq(row->code, code);
			if (row->sel == ISA_SEL_OFF || row->sel == ISA_SEL_IMM) {
				cr_assert_eq(row->sel_value, value, "%s", row->name);
				found++;
			}
		}
	for (int i = 0; i < ISA_COUNT; i++)
		keyed += isa_rows[i].sel == ISA_SEL_OFF || isa_rows[i].sel == ISA_SEL_IMM;
	cr_assert_eq(found, keyed, "%u of %u", found, keyed);
	cr_assert_null(isa_find(&(struct iov_insn){.code = 0xdb, .imm = INT32_MIN}));
	cr_assert_null(isa_find(&(struct iov_insn){.code = 0xdb, .imm = 0x10000}));
	cr_assert_null(isa_find(&(struct iov_insn){.code = 0}));
}

Test(isa, big_endian_swaps_the_register_nibbles)
{
	static const uint8_t little[8] = {0x61, 0x32, 0xfc, 0xff, 0x78, 0x56, 0x34, 0x82};
	static const uint8_t big[8] = {0x61, 0x23, 0xff, 0xfc, 0x82, 0x34, 0x56, 0x78};
	struct iov_insn a, b;
	uint8_t bytes[8];

	isa_decode(little, false, &a);
	isa_decode(big, true, &b);
	cr_assert_eq(a.code, 0x61);
	cr_assert_eq(a.dst, 2);
	cr_assert_eq(a.src, 3);
	cr_assert_eq(a.off, -4);
	cr_assert_eq(a.imm, (int32_t)0x82345678);
	cr_assert(!memcmp(&a, &b, sizeof(a)));
	isa_encode(&a, false, bytes);
	cr_assert(!memcmp(bytes, little, 8));
	isa_encode(&a, true, bytes);
	cr_assert(!memcmp(bytes, big, 8));
}

Test(isa, decode_and_encode_invert_each_other)
{
	uint64_t x = 88172645463325252u;

	for (int i = 0; i < 100000; i++) {
		struct iov_insn insn;
		uint8_t bytes[8];

		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		isa_decode((uint8_t *)&x, i & 1, &insn);
		isa_encode(&insn, i & 1, bytes);
		cr_assert(!memcmp(bytes, &x, 8));
	}
}

static const char *reserved(struct iov_insn insn, struct iov_insn *next)
{
	const struct iov_isa_row *row = isa_find(&insn);

	cr_assert(row);
	return isa_reserved(row, &insn, next);
}

Test(isa, reserved_fields_are_named)
{
	struct iov_insn zero = {0}, high = {.imm = 1}, code = {.code = 1};

	cr_assert_null(reserved((struct iov_insn){.code = 0x0f, .dst = 1, .src = 2}, NULL));
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x0f, .off = 1}, NULL), "off");
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x0f, .imm = 1}, NULL), "imm");
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x07, .src = 1}, NULL), "src");
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x95, .dst = 1}, NULL), "dst");
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0xb7, .off = 8}, NULL), "off");
	cr_assert_null(reserved((struct iov_insn){.code = 0x18}, &high));
	cr_assert_null(reserved((struct iov_insn){.code = 0x18, .src = 2}, &high));
	cr_assert_null(reserved((struct iov_insn){.code = 0x18, .src = 1}, &zero));
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x18, .src = 1}, &high), "second slot");
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x18}, &code), "second slot");
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x18}, NULL), "second slot");
	cr_assert_str_eq(reserved((struct iov_insn){.code = 0x18, .off = 1}, &zero), "off");
}

Test(isa, targets)
{
	static const struct { struct iov_insn insn; int64_t target; } jumps[] = {
		{{.code = 0x05, .off = -1}, 10}, {{.code = 0x05, .off = INT16_MIN}, 11 - 32768},
		{{.code = 0x06, .imm = INT32_MAX}, 11 + (int64_t)INT32_MAX}, {{.code = 0x1d, .off = 5}, 16},
		{{.code = 0x15, .off = 5, .imm = 77}, 16}, {{.code = 0xe5, .off = 2}, 13},
		{{.code = 0x85, .src = 1, .imm = -5}, 6}, {{.code = 0x18, .src = 4, .imm = 9}, 20},
	};

	for (size_t i = 0; i < sizeof(jumps) / sizeof(*jumps); i++) {
		const struct iov_isa_row *row = isa_find(&jumps[i].insn);

		cr_assert_eq(isa_target(row, &jumps[i].insn, 10), jumps[i].target, "%s", row->name);
	}
}
