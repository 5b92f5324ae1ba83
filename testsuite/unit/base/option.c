/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/option.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
	const char *output;
	bool disassemble, verbose;
	uint64_t limit;
	struct iov_option_list defines, pass;
	int engine;
};

static const char *const engines[] = {"interp", "jit", NULL};
#define AT(field) offsetof(struct options, field)
static const struct iov_option rows[] = {
	{'o', "output", IOV_OPT_STRING, AT(output), "FILE", "Write to FILE", NULL},
	{'d', "disassemble", IOV_OPT_FLAG, AT(disassemble), NULL, "List the instructions", NULL},
	{'v', NULL, IOV_OPT_FLAG, AT(verbose), NULL, "Say more", NULL},
	{0, NULL, IOV_OPT_GROUP, 0, NULL, "Limits", NULL},
	{0, "limit", IOV_OPT_UINT, AT(limit), "N", "Stop after N", NULL},
	{'s', "set", IOV_OPT_LIST, AT(defines), "NAME=V", "Set NAME", NULL},
	{0, "engine", IOV_OPT_ENUM, AT(engine), "ENGINE", "interp or jit", engines},
	{'D', NULL, IOV_OPT_PASS, AT(pass), "MACRO", "Define MACRO", NULL},
	{'W', NULL, IOV_OPT_JOINED, AT(pass), "WARNING", "Warn", NULL},
	{0, "-std", IOV_OPT_PASS, AT(pass), "STD", "Language", NULL},
	{0, "-nostdinc", IOV_OPT_PASS, AT(pass), NULL, "No system headers", NULL},
	{'c', NULL, IOV_OPT_PASS, AT(pass), NULL, "Compile only", NULL},
	{0},
};
static const struct iov_option_spec spec = {"iovtest", "test option tables", "FILE...", rows, "The end."};

struct parsed {
	struct iov_arena arena;
	struct iov_sink sink;
	struct options o;
	struct iov_option_common common;
	struct iov_option_list operands;
	enum iov_status status;
};

/* Parses words parted by single blanks. */
static void parse(struct parsed *p, const char *line)
{
	char *argv[32], *words;
	int argc = 0;

	*p = (struct parsed){0};
	sink_init(&p->sink, NULL);
	words = arena_strdup(&p->arena, line);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	argv[argc] = NULL;
	p->status = option_parse(&spec, argc, argv, &p->arena, &p->sink, &p->o, &p->common, &p->operands);
}

static void drop(struct parsed *p)
{
	sink_free(&p->sink);
	arena_free(&p->arena);
}

Test(option, every_kind_in_every_form)
{
	struct parsed p;

	parse(&p, "iovtest a.o --output=x -dv --limit 0x10 -s a=1 --set b=2 -sc=3 --engine=jit b.o - -- -d");
	cr_assert_eq(p.status, IOV_OK);
	cr_assert_str_eq(p.o.output, "x");
	cr_assert(p.o.disassemble && p.o.verbose);
	cr_assert_eq(p.o.limit, 16);
	cr_assert_eq(p.o.defines.count, 3);
	cr_assert_str_eq(p.o.defines.items[2], "c=3");
	cr_assert_eq(p.o.engine, 1);
	cr_assert_eq(p.operands.count, 4);
	cr_assert_str_eq(p.operands.items[2], "-");
	cr_assert_str_eq(p.operands.items[3], "-d", "behind -- all is an operand");
	drop(&p);
	parse(&p, "iovtest -ox --output y -o z");
	cr_assert_str_eq(p.o.output, "z", "the last one wins");
	drop(&p);
}

Test(option, arguments_for_another_tool_keep_their_order_and_spelling)
{
	static const char *const want[] = {"-DA=1", "-Wall", "-D",        "B",  "-std=gnu11",
					   "-std",  "c99",   "-nostdinc", "-c", "-W"};
	struct parsed p;

	parse(&p, "iovcc -DA=1 -Wall -D B -std=gnu11 -std c99 -nostdinc -c -W x.c");
	cr_assert_eq(p.status, IOV_OK);
	cr_assert_eq(p.o.pass.count, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < p.o.pass.count; i++)
		cr_assert_str_eq(p.o.pass.items[i], want[i]);
	cr_assert_str_eq(p.operands.items[0], "x.c");
	drop(&p);
}

Test(option, common_rows_are_in_every_table)
{
	struct parsed p;

	parse(&p,
	      "iovtest --diagnostics-format=sarif --diagnostics-file f --color never --explain IOV-B001 -h --version");
	cr_assert_eq(p.status, IOV_OK);
	cr_assert_eq(p.common.diag_format, 2);
	cr_assert_str_eq(p.common.diag_file, "f");
	cr_assert_eq(p.common.colour, 2);
	cr_assert_str_eq(p.common.explain, "IOV-B001");
	cr_assert(p.common.help && p.common.version);
	drop(&p);
}

Test(option, sizes)
{
	static const struct {
		const char *line;
		uint64_t value;
	} good[] = {{"t --limit=0", 0}, {"t --limit=3k", 3072}, {"t --limit=2M", 2 << 20}, {"t --limit=1G", 1 << 30},
		    {"t --limit=18446744073709551615", UINT64_MAX}, {"t --limit=0xFF", 255}, {"t --limit=010", 10}};
	static const char *const bad[] = {"t --limit=", "t --limit=x", "t --limit=-1", "t --limit=18446744073709551616",
					  "t --limit=1T", "t --limit=1kk", "t --limit=18014398509481984k",
					  "t --limit=+1", "t --limit=0x"};
	struct parsed p;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		parse(&p, good[i].line);
		cr_expect_eq(p.status, IOV_OK, "%s", good[i].line);
		cr_expect_eq(p.o.limit, good[i].value, "%s", good[i].line);
		drop(&p);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		parse(&p, bad[i]);
		cr_expect_eq(p.status, IOV_USAGE, "%s", bad[i]);
		drop(&p);
	}
}

Test(option, every_mistake_is_named)
{
	static const struct {
		const char *line, *message, *hint;
	} table[] = {
		{"t --outptu=x", "unknown option '--outptu=x'", "did you mean --output?"},
		{"t -st=c99", "", ""}, /* -s with the value t=c99: a list item, no mistake */
		{"t -z", "unknown option '-z'", "iovtest --help lists the options"},
		{"t -dz", "unknown option '-dz'", "iovtest --help lists the options"},
		{"t -cx", "unknown option '-cx'", "iovtest --help lists the options"},
		{"t -dDX", "unknown option '-dDX'", "iovtest --help lists the options"},
		{"t --disassemble=1", "no value is allowed in '--disassemble=1'", NULL},
		{"t -o", "no value after '-o'", "write -o FILE"},
		{"t --engine=cpu", "unknown value in '--engine=cpu'", "write one of: interp, jit"},
		{"t --limit=x", "not a number: 'x'", "write a decimal or 0x number, such as 64 or 1M"},
	};
	struct parsed p;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		parse(&p, table[i].line);
		if (*table[i].message) {
			cr_assert_eq(p.status, IOV_USAGE, "%s", table[i].line);
			cr_expect_eq(p.sink.first->id, DIAG_USAGE);
			cr_expect_str_eq(p.sink.first->message, table[i].message);
			if (table[i].hint)
				cr_expect_str_eq(p.sink.first->notes->text, table[i].hint);
		} else {
			cr_expect_eq(p.status, IOV_OK, "%s", table[i].line);
		}
		drop(&p);
	}
	parse(&p, "t --bad -z --engine=no");
	cr_expect_eq(p.sink.errors, 3, "all of them at once");
	drop(&p);
}

/* @FILE, FILE holding `text`: the words joined by |, or "" when it is refused. */
static const char *words(const char *text, const char *before, char out[512])
{
	char path[] = "/tmp/iov-option-XXXXXX", at[64];
	const char *line[] = {"t", before, at, "last", NULL};
	char **argv = (char **)line;
	struct iov_arena arena = {0};
	struct iov_sink sink;
	int argc = 4, fd = mkstemp(path);

	cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	snprintf(at, sizeof(at), "@%s", path);
	sink_init(&sink, NULL);
	*out = '\0';
	if (option_expand(&argc, &argv, &arena, &sink))
		cr_assert_eq(sink.errors, 1);
	else
		for (int i = 1; i < argc; i++)
			snprintf(out + strlen(out), 512 - strlen(out), "%s%s", i > 1 ? "|" : "", argv[i]);
	cr_assert(*out == '\0' || !argv[argc]);
	unlink(path);
	sink_free(&sink);
	arena_free(&arena);
	return out;
}

Test(option, a_file_stands_for_its_words)
{
	char out[512];

	cr_expect_str_eq(words("a.o b.o\n\t-o  out.o\r\n", "-x", out), "-x|a.o|b.o|-o|out.o|last");
	cr_expect_str_eq(words("'a b' \"c 'd\" e\\ f g'h'i", "-x", out), "-x|a b|c 'd|e f|ghi|last");
	cr_expect_str_eq(words("'a\\b' \"a\\\"b\" '' z", "-x", out), "-x|a\\b|a\"b||z|last");
	cr_expect_str_eq(words("", "-x", out), "-x|last");
	cr_expect_str_eq(words("@ 'unended", "-x", out), "-x|@|unended|last");
	cr_expect_str_eq(words("@/nonexistent/file", "-x", out), "");
	cr_expect(strstr(words("a", "--", out), "--|@/tmp/iov-option-") == out, "behind -- a name is a name");
}

Test(option, an_empty_argv_is_no_crash)
{
	struct parsed p;

	parse(&p, "");
	cr_assert_eq(p.status, IOV_OK);
	drop(&p);
}

Test(option, help_and_manual_show_each_row)
{
	struct iov_buf help = {0}, man = {0};

	option_help(&spec, &help);
	option_man(&spec, &man);
	cr_assert(strstr(buf_cstr(&help), "usage: iovtest [OPTION]... FILE...\niovtest: test option tables\n"));
	cr_assert(strstr(buf_cstr(&help), "  -o, --output=FILE           Write to FILE\n"));
	cr_assert(strstr(buf_cstr(&help), "  -DMACRO                     Define MACRO\n"));
	cr_assert(strstr(buf_cstr(&help), "      -std=STD                Language\n"));
	cr_assert(strstr(buf_cstr(&help), "\nLimits:\n"));
	cr_assert(strstr(buf_cstr(&help), "\nThe end.\n"));
	cr_assert_null(strstr(buf_cstr(&help), "--man"), "hidden");
	cr_assert(strstr(buf_cstr(&man), ".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR=\\fIFILE\\fR\nWrite to FILE.\n"));
	cr_assert(strstr(buf_cstr(&man), ".SS Limits\n"));
	cr_assert_null(strstr(buf_cstr(&man), "\\-\\-man"));
	buf_free(&help);
	buf_free(&man);
}
