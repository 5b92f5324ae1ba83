/* SPDX-License-Identifier: Apache-2.0 */
/* From a slot back to the source. */
#include "asm/isa/prog.h"

#include <criterion/criterion.h>

static struct iov_subprog subs[] = {{.name = "entry", .start = 0, .count = 10},
				    {.name = "helper", .start = 10, .count = 5}};
static const struct iov_line lines[] = {
	{.insn = 2, .file = "a.c", .text = "int x = 1;", .line = 7, .col = 9},
	{.insn = 5, .file = "a.c", .line = 8, .col = 1},
	{.insn = 12, .file = "b.h", .line = 3, .col = 2},
};
static const struct iov_var vars[] = {
	{.name = "outer", .begin = 0, .end = 10, .place = IOV_VAR_REG, .where = 6},
	{.name = "key", .size = 16, .begin = 1, .end = 9, .place = IOV_VAR_STACK, .where = -16},
	{.name = "inner", .begin = 4, .end = 6, .place = IOV_VAR_REG, .where = 6},
	{.name = "seven", .begin = 4, .end = 6, .place = IOV_VAR_CONST, .where = 7},
};
static const struct iov_prog prog = {
	.name = "prog",
	.count = 15,
	.subs = subs,
	.sub_count = 2,
	.lines = lines,
	.line_count = 3,
	.vars = vars,
	.var_count = 4,
};

Test(prog, subprogram_of_a_slot)
{
	cr_assert_eq(prog_sub_at(&prog, 0), &subs[0]);
	cr_assert_eq(prog_sub_at(&prog, 9), &subs[0]);
	cr_assert_eq(prog_sub_at(&prog, 10), &subs[1]);
	cr_assert_eq(prog_sub_at(&prog, 14), &subs[1]);
	cr_assert_null(prog_sub_at(&prog, 15));
	cr_assert_null(prog_sub_at(&prog, UINT32_MAX));
	cr_assert_null(prog_sub_at(&(struct iov_prog){0}, 0));
}

Test(prog, line_in_force)
{
	cr_assert_null(prog_line(&prog, 0));
	cr_assert_eq(prog_line(&prog, 2), &lines[0]);
	cr_assert_eq(prog_line(&prog, 4), &lines[0]);
	cr_assert_eq(prog_line(&prog, 9), &lines[1]);
	cr_assert_null(prog_line(&prog, 10), "a line of the function before is not this function's");
	cr_assert_eq(prog_line(&prog, 13), &lines[2]);
}

Test(prog, span)
{
	struct iov_span s = prog_span(&prog, 3);

	cr_assert_str_eq(s.file, "a.c");
	cr_assert_str_eq(s.text, "int x = 1;");
	cr_assert_str_eq(s.program, "entry");
	cr_assert_eq(s.line, 7u);
	cr_assert_eq(s.col, 9u);
	cr_assert_eq(s.insn, 3);
	s = prog_span(&prog, 0);
	cr_assert_null(s.file);
	cr_assert_eq(s.insn, 0);
	s = prog_span(&(struct iov_prog){.name = "bare"}, 4);
	cr_assert_str_eq(s.program, "bare");
	s = prog_span(&(struct iov_prog){.name = "led", .lead = 3}, 4);
	cr_assert_eq(s.insn, 1, "what a host puts before a program is not counted");
	s = prog_span(&(struct iov_prog){.name = "led", .lead = 3}, 2);
	cr_assert_eq(s.insn, -1);
}

Test(prog, variables)
{
	cr_assert_str_eq(prog_reg_var(&prog, 0, 6)->name, "outer");
	cr_assert_str_eq(prog_reg_var(&prog, 5, 6)->name, "inner");
	cr_assert_str_eq(prog_reg_var(&prog, 6, 6)->name, "outer");
	cr_assert_null(prog_reg_var(&prog, 10, 6));
	cr_assert_null(prog_reg_var(&prog, 5, 7));
	cr_assert_str_eq(prog_stack_var(&prog, 1, -16)->name, "key");
	cr_assert_str_eq(prog_stack_var(&prog, 1, -1)->name, "key");
	cr_assert_null(prog_stack_var(&prog, 1, -17));
	cr_assert_null(prog_stack_var(&prog, 9, -8));
}

Test(prog, licences)
{
	cr_assert(prog_license_is_gpl("GPL"));
	cr_assert(prog_license_is_gpl("Dual BSD/GPL"));
	cr_assert(prog_license_is_gpl("GPL and additional rights"));
	cr_assert(!prog_license_is_gpl("Apache-2.0"));
	cr_assert(!prog_license_is_gpl("gpl"));
	cr_assert(!prog_license_is_gpl(""));
	cr_assert(!prog_license_is_gpl(NULL));
}
