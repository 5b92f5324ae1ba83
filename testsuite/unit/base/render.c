/* SPDX-License-Identifier: Apache-2.0 */
/* Golden strings for the three renderers. */
#include "asm/base/render.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const source[] = {
	"int f(struct xdp_md *ctx)",
	"\tif (len > 4)",
	"\t\tx = \xe6\x97\xa5\xe6\x9c\xac[i] + \xc3\xa9;",
	"\tint \x1b[31m\xe2\x80\xae evil;",
	"",
};

static const char *line_of(void *ud, const char *file, uint32_t line)
{
	(void)ud;
	return !strcmp(file, "fw.c") && line <= sizeof(source) / sizeof(*source) ? source[line - 1] : NULL;
}

static struct iov_sink sink;
static struct iov_buf out;

static void enter(void) { sink_init(&sink, NULL); }

static void leave(void)
{
	sink_free(&sink);
	buf_free(&out);
}

TestSuite(render, .init = enter, .fini = leave);

static const char *render(enum iov_diag_format format, bool colour)
{
	struct iov_render how = {.format = format, .colour = colour, .tool = "iovtest", .version = "1.2",
				 .source_line = line_of};

	buf_free(&out);
	diag_render(&sink, &how, &out);
	return buf_cstr(&out);
}

static struct iov_span at(uint32_t line, uint32_t col, uint32_t len)
{
	return (struct iov_span){.file = "fw.c", .line = line, .col = col, .len = len, .insn = -1};
}

static const char *text(void) { return render(IOV_DIAG_TEXT, false); }

Test(render, an_empty_sink)
{
	cr_assert_str_eq(text(), "");
	cr_assert_str_eq(render(IOV_DIAG_JSON, false),
			 "{\n  \"tool\": \"iovtest\", \"version\": \"1.2\",\n  \"diagnostics\": []\n}\n");
	cr_assert(strstr(render(IOV_DIAG_SARIF, false), "\"results\": []"));
}

Test(render, a_rejection_with_all_its_parts)
{
	struct iov_span where = at(3, 7, 6), insn = {.insn = 3, .program = "fw"};
	struct iov_diag *d;

	where.insn = 14;
	where.program = "fw";
	d = diag_add(&sink, DIAG_FILE_READ, where, "the index may be past the end");
	diag_hint(d, "write `if (i >= 4)\n        return 0;` before it");
	diag_path(d, at(2, 6, 3), "taken: `len > 4`");
	diag_why(d, IOV_NOWHERE, "`i` may be 0..255");
	diag_why(d, insn, "it came from here");
	diag_path(d, insn, "not taken");
	diag_note(d, IOV_NOTE_PLAIN, at(1, 5, 1), "in this function");
	cr_assert_str_eq(text(), "fw.c:3:7: error: the index may be past the end [IOV-B002]\n"
				 "    3 |                 x = \xe6\x97\xa5\xe6\x9c\xac[i] + \xc3\xa9;\n"
				 "      |                     ^~~~\n"
				 "fw.c:1:5: note: in this function\n"
				 "    1 | int f(struct xdp_md *ctx)\n"
				 "      |     ^\n"
				 "  at:   fw:insn 14\n"
				 "  why:  `i` may be 0..255\n"
				 "        fw:insn 3: it came from here\n"
				 "  path: 1. fw.c:2:6: taken: `len > 4`\n"
				 "    2 |         if (len > 4)\n"
				 "      |             ^~~\n"
				 "        2. fw:insn 3: not taken\n"
				 "  hint: write `if (i >= 4)\n"
				 "                return 0;` before it\n");
}

Test(render, places_as_far_as_they_are_known)
{
	diag_add(&sink, DIAG_FILE_READ, IOV_NOWHERE, "a");
	diag_add(&sink, DIAG_FILE_READ, (struct iov_span){.insn = 0}, "b");
	diag_add(&sink, DIAG_FILE_READ, (struct iov_span){.insn = 7, .program = "fw"}, "c");
	diag_add(&sink, DIAG_FILE_READ, (struct iov_span){.file = "x.o", .insn = -1}, "d");
	diag_add(&sink, DIAG_FILE_READ, at(5, 0, 0), "e");
	diag_add(&sink, DIAG_FILE_READ, at(99, 1, 0), "f");
	diag_add(&sink, DIAG_FILE_READ,
		 (struct iov_span){.file = "y.c", .line = 2, .col = 1, .text = "t;\nnext", .insn = -1}, "g");
	cr_assert_str_eq(text(), "iovtest: error: a [IOV-B002]\n"
				 "program:insn 0: error: b [IOV-B002]\n"
				 "fw:insn 7: error: c [IOV-B002]\n"
				 "x.o: error: d [IOV-B002]\n"
				 "fw.c:5: error: e [IOV-B002]\n    5 | \n"
				 "fw.c:99:1: error: f [IOV-B002]\n"
				 "y.c:2:1: error: g [IOV-B002]\n    2 | t;\n      | ^\n");
}

Test(render, hostile_names_and_lines_cannot_drive_the_terminal)
{
	struct iov_span where = {.file = "a\033]0;x\a.c", .line = 1, .insn = 3, .program = "p\n\033[2J"};
	struct iov_diag *d = diag_add(&sink, DIAG_FILE_READ, where, "map '\033[31m'\nfw.c:1:1: error: forged");

	diag_why(d, IOV_NOWHERE, "x\nfw.c:1:1: error: forged");
	diag_add(&sink, DIAG_FILE_READ, at(4, 6, 5), "e");
	cr_assert_str_eq(text(),
			 "a<U+001B>]0;x<U+0007>.c:1: error: map '<U+001B>[31m' fw.c:1:1: error: forged [IOV-B002]\n"
			 "  at:   p <U+001B>[2J:insn 3\n"
			 "  why:  x\n"
			 "        fw.c:1:1: error: forged\n"
			 "fw.c:4:6: error: e [IOV-B002]\n"
			 "    4 |         int <U+001B>[31m<U+202E> evil;\n"
			 "      |             ^~~~~~~~~~~~\n");
}

Test(render, marks_stay_inside_the_line)
{
	diag_add(&sink, DIAG_FILE_READ, at(2, 10, 1000), "e");
	diag_add(&sink, DIAG_FILE_READ, at(2, 1000, UINT32_MAX), "e");
	diag_add(&sink, DIAG_FILE_READ, at(2, UINT32_MAX, 1), "e");
	cr_assert_str_eq(text(), "fw.c:2:10: error: e [IOV-B002]\n"
				 "    2 |         if (len > 4)\n"
				 "      |                 ^~~~\n"
				 "fw.c:2:1000: error: e [IOV-B002]\n"
				 "    2 |         if (len > 4)\n"
				 "      |                     ^\n"
				 "fw.c:2:4294967295: error: e [IOV-B002]\n"
				 "    2 |         if (len > 4)\n"
				 "      |                     ^\n");
}

Test(render, a_long_line_is_cut_around_the_caret)
{
	char line[4001];
	struct iov_span where = {.file = "l.c", .line = 1, .col = 2001, .len = 3, .text = line, .insn = -1};
	const char *all, *first, *mark;

	memset(line, 'a', 4000);
	memcpy(line + 2000, "XYZ", 3);
	line[4000] = 0;
	diag_add(&sink, DIAG_FILE_READ, where, "e");
	all = text();
	first = strchr(all, '\n') + 1;
	mark = strstr(all, "      | ");
	cr_assert_not_null(mark);
	cr_assert_lt(out.len, 400);
	cr_assert_eq(strchr(mark, '^') - mark, strchr(first, 'X') - first, "the mark is under the X");
	cr_assert(strstr(all, "^~~\n"));
}

Test(render, a_hostile_line_of_tabs_is_bounded)
{
	static char tabs[100000];
	struct iov_span where = {.file = "l.c", .line = 1, .col = 99000, .len = 500, .text = tabs, .insn = -1};

	memset(tabs, '\t', sizeof(tabs) - 1);
	diag_add(&sink, DIAG_FILE_READ, where, "e");
	text();
	cr_assert_lt(out.len, 600);
}

Test(render, colours_are_balanced_and_plain_text_has_none)
{
	struct iov_diag *d = diag_add(&sink, DIAG_FILE_READ, at(2, 6, 3), "e");

	diag_hint(d, "h");
	cr_assert_null(strchr(text(), 27));
	cr_assert_str_eq(render(IOV_DIAG_TEXT, true),
			 "\033[1mfw.c:2:6: \033[1;31merror: \033[0m\033[1me\033[0m [IOV-B002]\n"
			 "    2 |         if (len > 4)\n"
			 "      |             \033[1;32m^~~\033[0m\n"
			 "  \033[1mhint:\033[0m h\n");
}

Test(render, files_are_read_from_disk_but_nothing_else)
{
	struct iov_render how = {.tool = "t", .version = "1"};
	char dir[] = "/tmp/iov-render.XXXXXX", path[64], fifo[64];
	FILE *f;

	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a.c", dir);
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	f = fopen(path, "w");
	fputs("one\r\ntwo\nthree", f);
	fclose(f);
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	for (uint32_t line = 4; line; line--)
		diag_add(&sink, DIAG_FILE_READ, (struct iov_span){.file = path, .line = line, .insn = -1}, "m");
	diag_add(&sink, DIAG_FILE_READ, (struct iov_span){.file = fifo, .line = 1, .insn = -1}, "a FIFO: no waiting");
	diag_add(&sink, DIAG_FILE_READ, (struct iov_span){.file = "/dev/zero", .line = 1, .insn = -1}, "no end");
	diag_render(&sink, &how, &out);
	cr_assert(strstr(buf_cstr(&out), "    3 | three\n"));
	cr_assert(strstr(buf_cstr(&out), "    2 | two\n"));
	cr_assert(strstr(buf_cstr(&out), "    1 | one\n"));
	cr_assert_null(strstr(buf_cstr(&out), "    4 |"));
	unlink(path);
	unlink(fifo);
	rmdir(dir);
}

Test(render, json)
{
	struct iov_span where = at(3, 7, 6);
	struct iov_diag *d;

	where.insn = 14;
	where.program = "fw";
	d = diag_add(&sink, DIAG_FILE_READ, where, "a \"b\" \xff");
	diag_why(d, IOV_NOWHERE, "w");
	diag_path(d, ((struct iov_span){.insn = 2}), "p");
	diag_add(&sink, DIAG_BUG, IOV_NOWHERE, "bug");
	cr_assert_str_eq(render(IOV_DIAG_JSON, false),
			 "{\n  \"tool\": \"iovtest\", \"version\": \"1.2\",\n  \"diagnostics\": [\n"
			 "    {\"code\": \"IOV-B002\", \"severity\": \"error\", \"title\": \"cannot read a file\",\n"
			 "    \"message\": \"a \\\"b\\\" \\ufffd\",\n"
			 "    \"location\": {\"file\": \"fw.c\", \"line\": 3, \"column\": 7, \"length\": 6, "
			 "\"instruction\": 14, "
			 "\"program\": \"fw\"},\n"
			 "    \"notes\": [\n"
			 "      {\"kind\": \"why\", \"text\": \"w\", \"location\": null},\n"
			 "      {\"kind\": \"path\", \"text\": \"p\", \"location\": {\"instruction\": 2}}\n"
			 "    ]},\n"
			 "    {\"code\": \"IOV-B070\", \"severity\": \"fatal\", \"title\": \"bug in the tool\",\n"
			 "    \"message\": \"bug\",\n"
			 "    \"location\": null,\n"
			 "    \"notes\": []}\n"
			 "  ]\n}\n");
}

Test(render, sarif_columns_count_code_points_and_rules_are_numbered_once)
{
	struct iov_diag *d;
	const char *s;

	diag_add(&sink, DIAG_FILE_READ, at(3, 13, 3), "after two wide characters");
	d = diag_add(&sink, DIAG_FILE_WRITE, at(1, 1, 1), "other rule");
	diag_path(d, at(2, 2, 2), "step");
	diag_hint(d, "do it");
	diag_add(&sink, DIAG_FILE_READ, IOV_NOWHERE, "first rule again");
	s = render(IOV_DIAG_SARIF, false);
	/* bytes 7..12 of line 3 are the two characters: byte column 13 is code point 9 */
	cr_assert(strstr(s, "\"startLine\": 3, \"startColumn\": 9, \"endColumn\": 12"), "%s", s);
	cr_assert(strstr(s, "{\"ruleId\": \"IOV-B003\", \"ruleIndex\": 1, \"level\": \"error\""));
	cr_assert(strstr(s, "\"text\": \"other rule\\nhint: do it\""));
	cr_assert(strstr(s, "\"codeFlows\": [{\"threadFlows\": [{\"locations\": ["));
	s = strstr(s, "\"id\": \"IOV-B002\"");
	cr_assert(s && !strstr(s + 1, "\"id\": \"IOV-B002\""));
}

Test(render, memory_that_runs_out_is_said)
{
	sink.oom = true;
	cr_assert_str_eq(text(), "iovtest: error: out of memory: some diagnostics are missing\n");
	cr_assert(strstr(render(IOV_DIAG_JSON, false), "\"incomplete\": true"));
}
