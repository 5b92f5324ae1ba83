/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's own parts: the plan made from a command line, names of outputs, a result's way through the pipe. */
#include "frontend/driver.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static struct iov_arena arena;
static struct iov_sink sink;
static struct iovcc_plan plan;

static enum iov_status parse(const char *line)
{
	char *argv[64] = {"iovcc"}, *text, *word;
	int argc = 1;

	sink_init(&sink, NULL);
	text = arena_strdup(&arena, line);
	for (word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	return plan_make(argc, argv, &arena, &sink, &plan);
}

Test(plan, defaults)
{
	cr_assert_eq(parse("-c dir/x.y.c"), IOV_OK);
	cr_expect_eq(plan.mode, IOVCC_OBJECT);
	cr_expect_eq(plan.codegen.cpu, 3);
	cr_expect_eq(plan.codegen.optimise, 2);
	cr_expect_eq(plan.codegen.max_stack, 512);
	cr_expect_not(plan.codegen.big_endian);
	cr_assert_eq(plan.step_count, 1);
	cr_expect_str_eq(plan.steps[0].output, "x.y.o");
	cr_expect_null(plan.steps[0].deps);
	cr_expect_not(plan.links);
}

Test(plan, last_one_wins)
{
	cr_assert_eq(parse("-c -O1 -O3 -mcpu=v1 -mcpu=v4 --target=bpfeb -mlittle-endian -g -g0 x.c"), IOV_OK);
	cr_expect_eq(plan.codegen.optimise, 3);
	cr_expect_eq(plan.codegen.cpu, 4);
	cr_expect_not(plan.codegen.big_endian);
	cr_expect_not(plan.codegen.debug);
}

Test(plan, output_names)
{
	static const struct {
		const char *line, *output, *deps;
	} lines[] = {
		{"-S a/x.c", "x.s", NULL},
		{"-S -emit-llvm .hidden -xc", ".hidden.ll", NULL},
		{"-E x.c", "-", NULL},
		{"-MMD -c x.c -o build/x.o", "build/x.o", "build/x.d"},
		{"-MD x.c", "x.o", "x.d"},
		{"-M x.c", NULL, "-"},
		{"-M x.c -o rule", NULL, "rule"},
		{"-E -M x.c -MF rule -o x", NULL, "rule"},
		{"-fsyntax-only x.c", NULL, NULL},
		{"-c -x c -", "a.o", NULL},
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		cr_assert_eq(parse(lines[i].line), IOV_OK, "%s", lines[i].line);
		cr_assert_eq(plan.step_count, 1);
		cr_expect(!plan.steps[0].output == !lines[i].output && !plan.steps[0].deps == !lines[i].deps, "%s",
			  lines[i].line);
		cr_expect(!lines[i].output || !strcmp(plan.steps[0].output, lines[i].output), "%s", lines[i].line);
		cr_expect(!lines[i].deps || !strcmp(plan.steps[0].deps, lines[i].deps), "%s", lines[i].line);
	}
}

Test(plan, several_inputs_are_linked)
{
	cr_assert_eq(parse("-MD a.c b.s -lx c.o -Ldir d.S lib.a -Wl,--gc-sections,--icf -o m.o -j4"), IOV_OK);
	cr_expect(plan.links);
	cr_expect_str_eq(plan_module(&plan), "m.o");
	cr_assert_eq(plan.step_count, 3);
	cr_expect_eq(plan.steps[0].input.language, IOVCC_C);
	cr_expect_null(plan.steps[0].output);
	cr_expect_str_eq(plan.steps[0].deps, "a.d");
	cr_expect_eq(plan.steps[1].input.language, IOVCC_ASSEMBLY);
	cr_expect_eq(plan.steps[2].input.language, IOVCC_ASSEMBLY_CPP);
	cr_assert_eq(plan.linked.count, 2);
	cr_expect_str_eq(plan.linked.items[1], "lib.a");
	cr_assert_eq(plan.linker.count, 2);
	cr_expect_str_eq(plan.linker.items[1], "--icf");
	cr_expect_str_eq(plan.libraries.items[0], "x");
	cr_expect_str_eq(plan.folders.items[0], "dir");
	cr_expect_eq(plan.jobs, 4);
	cr_assert_eq(parse("a.c"), IOV_OK);
	cr_expect_not(plan.links);
	cr_assert_eq(parse("-c a.c b.c"), IOV_OK);
	cr_expect_not(plan.links);
	cr_expect_str_eq(plan.steps[1].output, "b.o");
}

Test(plan, language_is_of_what_follows)
{
	cr_assert_eq(parse("-c a.s -x c b.txt -x none c.s -xassembler d.c"), IOV_OK);
	cr_assert_eq(plan.step_count, 4);
	cr_expect_eq(plan.steps[0].input.language, IOVCC_ASSEMBLY);
	cr_expect_eq(plan.steps[1].input.language, IOVCC_C);
	cr_expect_eq(plan.steps[2].input.language, IOVCC_ASSEMBLY);
	cr_expect_eq(plan.steps[3].input.language, IOVCC_ASSEMBLY);
}

Test(plan, joined_and_separate_values)
{
	cr_assert_eq(parse("-c -Iinc -I inc2 -DX=1 -include y.h -o out.o x.c"), IOV_OK);
	cr_expect_str_eq(plan.output, "out.o");
	cr_assert_eq(plan.clang.count, 6);
	cr_expect_str_eq(plan.clang.items[0], "-Iinc");
	cr_expect_str_eq(plan.clang.items[2], "inc2");
	cr_expect_str_eq(plan.clang.items[5], "y.h");
	cr_expect_null(plan.clang.items[6]);
}

Test(plan, everything_after_two_dashes_is_an_input)
{
	cr_assert_eq(parse("-c -- -x.c"), IOV_OK);
	cr_expect_str_eq(plan.steps[0].input.path, "./-x.c");
}

Test(plan, hardening_options_are_dropped)
{
	cr_assert_eq(parse("-c -fstack-protector-strong -fPIE -Wl,-z,now -march=native x.c"), IOV_OK);
	cr_expect_eq(plan.clang.count, 0);
}

Test(plan, wrong_lines)
{
	static const char *const lines[] = {"-c",
					    "-c x.c -o",
					    "-c x.c y.c -o z.o",
					    "-c y.o",
					    "-Ox -c x.c",
					    "-j0 x.c",
					    "-j x.c",
					    "-j 1x x.c",
					    "-mcpu=v5 -c x.c",
					    "--target=arm -c x.c",
					    "-x c++ -c x.c",
					    "--platfrom=x -c x.c",
					    "--diagnostics-format=xml -c x.c"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		cr_expect_eq(parse(lines[i]), IOV_USAGE, "%s", lines[i]);
		cr_expect_eq(sink.errors, 1, "%s", lines[i]);
	}
}

Test(plan, many_inputs)
{
	struct iov_option_list list = {0};

	for (int i = 0; i < 1000; i++)
		option_append(&list, arena_printf(&arena, "%d", i), &arena);
	cr_assert_eq(list.count, 1000);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(atoi(list.items[i]), i);
	cr_expect_null(list.items[1000]);
}

static void fill(struct iov_sink *from)
{
	struct iov_span span = {.file = "x.c", .line = 3, .col = 4, .len = 5, .insn = -1, .text = "int x;"};
	struct iov_diag *d;

	sink_init(from, NULL);
	d = diag_add(from, DIAG_CLANG_ERROR, span, "first");
	diag_why(d, span, "because");
	diag_hint(d, "write %d", 7);
	diag_add(from, DIAG_CLANG_WARNING, IOV_NOWHERE, "second");
}

Test(wire, round_trip)
{
	struct iov_sink from;
	struct iovcc_result sent = {0}, got = {0};
	struct iov_buf bytes = {0};
	enum iov_status status;

	fill(&from);
	buf_puts(&sent.out, "object");
	buf_puts(&sent.deps, "x.o: x.c\n");
	sent.loops_made = true;
	wire_write(IOV_DIAGNOSED, &from, &sent, &bytes);
	sink_init(&sink, NULL);
	cr_assert(wire_read(&bytes, &status, &sink, &got));
	cr_expect_eq(status, IOV_DIAGNOSED);
	cr_expect_eq(sink.errors, 1);
	cr_expect_eq(sink.warnings, 1);
	cr_expect_str_eq(sink.first->message, "first");
	cr_expect_str_eq(sink.first->span.text, "int x;");
	cr_expect_eq(sink.first->span.insn, -1);
	cr_expect_eq(sink.first->notes->kind, IOV_NOTE_WHY);
	cr_expect_str_eq(sink.first->notes->next->text, "write 7");
	cr_expect_null(sink.first->next->span.file);
	cr_expect_str_eq(buf_cstr(&got.out), "object");
	cr_expect_str_eq(buf_cstr(&got.deps), "x.o: x.c\n");
	cr_expect(got.loops_made);
}

/* A child that dies while it writes leaves a part: every part is recognised. */
Test(wire, truncated_anywhere)
{
	struct iov_sink from;
	struct iovcc_result sent = {0};
	struct iov_buf bytes = {0};

	fill(&from);
	buf_puts(&sent.out, "object");
	wire_write(IOV_OK, &from, &sent, &bytes);
	for (size_t len = 0; len < bytes.len; len++) {
		struct iovcc_result got = {0};
		struct iov_buf part = {.data = bytes.data, .len = len};
		enum iov_status status;

		sink_init(&sink, NULL);
		cr_assert_not(wire_read(&part, &status, &sink, &got), "%zu of %zu bytes", len, bytes.len);
		sink_free(&sink);
		buf_free(&got.out);
		buf_free(&got.deps);
	}
}

Test(wire, severity_is_counted_anew)
{
	struct iov_sink from;
	struct iov_diag *copy;

	fill(&from);
	sink_init(&sink, NULL);
	copy = diag_copy(&sink, from.first, IOV_WARNING);
	cr_expect_eq(sink.errors, 0);
	cr_expect_eq(sink.warnings, 1);
	cr_expect_eq(copy->severity, IOV_WARNING);
	cr_expect_not_null(copy->notes);
}

Test(headers, embedded)
{
	size_t count;
	const struct iov_virtual_file *files = headers_files(&count);
	bool helpers = false, stddef = false, stubs = false;

	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(strncmp(files[i].path, IOV_VIRTUAL_ROOT "/", strlen(IOV_VIRTUAL_ROOT) + 1), 0);
		helpers |= !strcmp(files[i].path, IOV_VIRTUAL_INCLUDE "/bpf/bpf_helpers.h") && files[i].len > 1000;
		stddef |= !strcmp(files[i].path, IOV_VIRTUAL_RESOURCES "/include/stddef.h") && files[i].len > 100;
		stubs |= !strcmp(files[i].path, IOV_VIRTUAL_INCLUDE "/gnu/stubs-32.h") && files[i].len == 0;
	}
	cr_expect(helpers && stddef && stubs);
}
