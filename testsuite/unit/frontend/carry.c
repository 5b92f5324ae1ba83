/* SPDX-License-Identifier: Apache-2.0 */
/* Preprocessed text from outside: forged with carry_write() itself, for a plan and files that -E would never have had.
 * What it carries is taken or left; nothing of it may reach beyond the command line that reads it. */
#include "asm/base/output.h"
#include "frontend/carry.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct iov_arena arena;
static struct iov_sink sink;
static struct iovcc_plan plan;
static struct iovcc_step step;
static struct iovcc_files files;
static char path[] = "/tmp/iov-carry-XXXXXX";

/* What a text that was made with these options, from this input and this file, carries for `line`. */
static bool taken(char *made_with, const char *input, const char *file, char *line)
{
	struct iovcc_plan maker = {.mode = IOVCC_PREPROCESS, .codegen = {.cpu = 3}};
	struct iovcc_step source = {.input = {input, IOVCC_C}};
	struct iovcc_files noted = {.kind = IOVCC_FILES_NOTED, .folder = "/src", .arena = &arena};
	struct iov_buf text = {0};
	bool carried = false;
	int fd;

	sink_init(&sink, NULL);
	maker.files = &noted;
	for (char *word = strtok(made_with, " "); word; word = strtok(NULL, " "))
		if (!strncmp(word, "--target-btf=", 13))
			maker.target_btf = word + 13;
		else
			option_append(&maker.clang, word, &arena);
	if (file)
		files_note(&noted, file, 0, "int x;\n", 7);
	buf_puts(&text, "# 1 \"x.c\"\nint x;\n");
	cr_assert_eq(carry_write(&maker, &source, &noted, &arena, &sink, &text), IOV_OK);
	strcpy(path + sizeof(path) - 7, "XXXXXX");
	fd = mkstemp(path);
	cr_assert_eq(write(fd, text.data, text.len), (ssize_t)text.len);
	close(fd);
	buf_free(&text);

	plan = (struct iovcc_plan){.mode = IOVCC_OBJECT, .codegen = {.cpu = 3}, .files = &files};
	for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
		if (!strncmp(word, "--target-btf=", 13))
			plan.target_btf = word + 13;
		else
			option_append(&plan.clang, word, &arena);
	files = (struct iovcc_files){.arena = &arena};
	step = (struct iovcc_step){.input = {path, IOVCC_CPP_OUTPUT}};
	carry_read(&plan, &step, &files, &arena, &sink, &carried);
	unlink(path);
	return carried;
}

#define TAKEN(made_with, input, file, line) taken((char[]){made_with}, input, file, (char[]){line})

Test(carry, a_source_is_carried)
{
	cr_assert(TAKEN("-O2 -DX=1 -I inc", "x.c", "/src/x.c", "-O2"));
	cr_expect_str_eq(step.input.path, "x.c");
	cr_expect_eq(step.input.language, IOVCC_C);
	cr_expect_eq(plan.clang.count, 4);
	cr_expect_eq(files.kind, IOVCC_FILES_CARRIED);
	cr_expect_str_eq(files.folder, "/src");
	cr_expect_str_eq(files.list[0].path, "/src/x.c");
	cr_expect_eq(plan.files, &files);
}

Test(carry, options_of_other_compiles_are_no_carry)
{
	cr_expect_not(TAKEN("-O2 -fno-builtin", "x.c", "/src/x.c", "-O2"));
	cr_expect_not(TAKEN("-O2", "x.c", "/src/x.c", "-O2 -fno-builtin"));
	cr_expect_not(TAKEN("-O1", "x.c", "/src/x.c", "-O2"));
	cr_expect_eq(plan.clang.count, 1);
	cr_expect_eq(step.input.language, IOVCC_CPP_OUTPUT);
	cr_expect_eq(files.kind, IOVCC_FILES_DISK);
}

/* Clang would write a file, read another kind of file, or read its options. */
Test(carry, forged_options)
{
	static const char *const lines[] = {
		"-Xclang -fplugin=/tmp/x.so",
		"-fplugin=/tmp/x.so",
		"-Xclang -load -Xclang /tmp/x.so",
		"-Wp,-dM",
		"-Xpreprocessor -dependency-file -Xpreprocessor /tmp/x",
		"-include-pch -DX",
		"-include-pch=x",
		"-ivfsoverlay x.yaml",
		"--config=x",
		"@x",
		"-mllvm -info-output-file=/tmp/x",
		"-ftime-trace=/tmp/x",
		"-o /tmp/x",
		"-x c++",
		"-B/tmp",
		"--sysrootfoo -save-temps",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		cr_expect_not(taken(strdup(lines[i]), "x.c", "/src/x.c", (char[]){""}), "%s", lines[i]);
}

Test(carry, forged_side_outputs_are_dropped)
{
	cr_assert(TAKEN("-DA -MD -MF /tmp/x -MJ /tmp/y -MT-o -MG -DB", "x.c", "/src/x.c", ""));
	cr_assert_eq(plan.clang.count, 2);
	cr_expect_str_eq(plan.clang.items[0], "-DA");
	cr_expect_str_eq(plan.clang.items[1], "-DB");
}

Test(carry, forged_names)
{
	cr_expect_not(TAKEN("", "-fplugin=/tmp/x.so", "/src/x.c", ""));
	cr_expect_not(TAKEN("", "-", "/src/x.c", ""));
	cr_expect_not(TAKEN("", "", "/src/x.c", ""));
}

/* The types of another target than the command line's, or of what is no file. */
Test(carry, forged_targets)
{
	cr_expect_not(TAKEN("--target-btf=auto", "x.c", "/src/x.c", ""));
	cr_expect_not(TAKEN("", "x.c", "/src/x.c", "--target-btf=auto"));
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return;
	cr_expect_not(TAKEN("--target-btf=auto", "x.c", "/src/x.c", "--target-btf=/dev/zero"));
	cr_expect(TAKEN("--target-btf=auto", "x.c", "/src/x.c", "--target-btf=auto"));
}
