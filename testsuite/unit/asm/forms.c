/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of isa.def, printed in either dialect, assembles to the bytes it was printed from, in either byte order. */
#include "asm/as.h"

#include <criterion/criterion.h>
#include <string.h>

/* A sample of the row: every field in use holds something. */
static void sample(const struct iov_isa_row *row, struct iov_insn insn[2])
{
	memset(insn, 0, 2 * sizeof(*insn));
	insn->code = row->code;
	insn->dst = row->fields & ISA_F_D ? 3 : 0;
	insn->src = row->fields & ISA_F_S ? 7 : 0;
	insn->off = row->fields & ISA_F_O ? -16 : 0;
	insn->imm = row->fields & ISA_F_I ? 0x1234 : 0;
	if (row->sel == ISA_SEL_SRC)
		insn->src = (uint8_t)row->sel_value;
	if (row->sel == ISA_SEL_OFF)
		insn->off = (int16_t)row->sel_value;
	if (row->sel == ISA_SEL_IMM)
		insn->imm = row->sel_value;
	if (row->oper == ISA_O_IMM64 || row->oper == ISA_O_MAP_VALUE || row->oper == ISA_O_MAP_IDX_VALUE ||
	    row->oper == ISA_O_BTF_ID)
		insn[1].imm = 0x5678;
}

static void check(const struct iov_isa_row *row, enum iov_dialect dialect, bool big)
{
	struct iov_as_options options = {.big_endian = big};
	struct iov_buf text = {0}, object = {0};
	struct iov_arena arena = {0};
	const struct iov_section *section;
	struct iov_object *obj;
	struct iov_insn insn[2];
	uint8_t wanted[16];
	struct iov_sink sink;
	size_t len;

	sample(row, insn);
	len = isa_is_wide(insn) ? 16 : 8;
	isa_encode(&insn[0], big, wanted);
	isa_encode(&insn[1], big, wanted + 8);
	buf_puts(&text, "\t");
	isa_print(&text, insn, 0, dialect, NULL);
	buf_puts(&text, "\n");
	sink_init(&sink, NULL);
	cr_assert(buf_cstr(&text));
	cr_expect_eq(as_assemble((char *)text.data, text.len, "row.s", &options, NULL, &sink, &object), IOV_OK,
		     "%s: %s: %s", row->name, text.data, sink.first ? sink.first->message : "");
	if (object.len) {
		cr_assert_eq(object_read(object.data, object.len, "row.o", &arena, &sink, &obj), IOV_OK);
		section = object_section(obj, ".text");
		cr_assert(section);
		cr_expect_eq(section->size, len, "%s: %s", row->name, text.data);
		cr_expect(section->size == len && !memcmp(section->data, wanted, len), "%s: %s", row->name, text.data);
	}
	sink_free(&sink);
	arena_free(&arena);
	buf_free(&text);
	buf_free(&object);
}

Test(forms, every_row_in_both_dialects_and_byte_orders)
{
	for (int i = 0; i < ISA_COUNT; i++)
		for (int dialect = 0; dialect < 2; dialect++)
			for (int big = 0; big < 2; big++)
				check(&isa_rows[i], dialect, big);
}
