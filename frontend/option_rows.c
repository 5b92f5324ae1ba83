/* SPDX-License-Identifier: Apache-2.0 */
/* iovcc reads what decides the plan and what it must judge itself; every other option goes to Clang's driver as it
 * stands, which knows them all and refuses, with a suggestion, what it does not know. The options that distributions
 * add to every compile for hardening or tuning a host program mean nothing for BPF: they are taken and dropped. */
#include "frontend/option_rows.h"

#include "asm/base/text.h"
#include "frontend/driver.h"

#include <stdio.h>
#include <string.h>

/* Those that --help lists: a line of 80 columns for each, on two screens together. */
static const struct option_row common_rows[] = {
	{"-c", FORM_FLAG, OPT_COMPILE, NULL, "compile, assemble, verify; do not link"},
	{"-S", FORM_FLAG, OPT_ASM, NULL, "stop at assembly text"},
	{"-E", FORM_FLAG, OPT_PREPROCESS, NULL, "stop after preprocessing"},
	{"-fsyntax-only", FORM_FLAG, OPT_SYNTAX, NULL, "check the source, write nothing"},
	{"-o", FORM_EITHER, OPT_OUTPUT, "FILE", "write the output to FILE; - is standard output"},
	{"-O", FORM_JOINED, OPT_OPTIMISE, "LEVEL", "0, 1, 2 (the default), 3, s or z"},
	{"-g", FORM_FLAG, OPT_DEBUG, NULL, "DWARF; BTF is always there (-g0: neither)"},
	{"-mcpu=", FORM_JOINED, OPT_CPU, "vN", "instruction set v1 to v4; the default is v3"},
	{"--target=", FORM_JOINED, OPT_TARGET, "bpfel|bpfeb", "byte order; the default is bpfel"},
	{"--platform=", FORM_JOINED, OPT_PLATFORM, "NAME", "verify for it: a name or .yaml file; may be repeated"},
	{"--target-btf=", FORM_JOINED, OPT_TARGET_BTF, "FILE", "resolve CO-RE for these types; auto: this kernel's"},
	{"-fno-iov-verify", FORM_FLAG, OPT_NO_VERIFY, NULL, "write the object without verifying its programs"},
	{"-j", FORM_EITHER, OPT_JOBS, "N", "compile so many inputs at once; the default is 1"},
	{"-flto", FORM_FLAG, OPT_LTO, NULL, "optimise all inputs as one (-c: LLVM bitcode)"},
	{"-L", FORM_EITHER, OPT_FOLDER, "DIR", "search DIR for libraries"},
	{"-l", FORM_EITHER, OPT_LIBRARY, "NAME", "link libNAME.a"},
	{"-Wl,", FORM_JOINED, OPT_LINKER_LIST, "OPTION", "options for the linker, as iovld takes them"},
	{"-I", FORM_EITHER, OPT_PASS, "DIR", "search DIR for headers"},
	{"-isystem", FORM_EITHER, OPT_PASS, "DIR", "after all -I, without its headers' warnings"},
	{"-include", FORM_EITHER, OPT_PASS, "FILE", "read FILE before the source"},
	{"-D", FORM_EITHER, OPT_PASS, "NAME[=VALUE]", "define a macro; -U NAME: undefine it"},
	{"-std=", FORM_JOINED, OPT_PASS, "STD", "C standard; the default is gnu17"},
	{"-x", FORM_EITHER, OPT_LANGUAGE, "LANGUAGE", "of the inputs that follow: c, assembler, ir, none, …"},
	{"-M", FORM_FLAG, OPT_DEPS_ONLY, NULL, "print the headers that it reads as a make rule"},
	{"-MD", FORM_FLAG, OPT_DEPS, NULL, "compile and write that rule; -MMD: own headers"},
	{"-MF", FORM_EITHER, OPT_DEPS_FILE, "FILE", "where the rule is written"},
	{"-W", FORM_JOINED, OPT_PASS, "WARNING", "Clang's warnings, as clang takes them"},
	{"-Wiov-", FORM_JOINED, OPT_PASS, "NAME", "a warning of iovcc's own, see iovcc(1)"},
	{"-w", FORM_FLAG, OPT_PASS, NULL, "no warnings"},
	{"--diagnostics-format=", FORM_JOINED, OPT_FORMAT, "F", "how messages are written: text, json or sarif"},
	{"--explain", FORM_SEPARATE, OPT_EXPLAIN, "CODE", "explain a message such as IOV-V010 at length"},
	{"--print-platform=", FORM_JOINED, OPT_PRINT_PLATFORM, "NAME", "show what a platform offers"},
	{"--print-vmlinux", FORM_FLAG, OPT_PRINT_VMLINUX, "[BTF]", "write vmlinux.h, of this kernel or a file's types"},
	{"-v", FORM_FLAG, OPT_VERBOSE, NULL, "say what is done and where headers are searched"},
	{"-###", FORM_FLAG, OPT_SHOW, NULL, "print the plan, run nothing"},
	{"--help", FORM_FLAG, OPT_HELP, NULL, "this text; --help=all: every option"},
	{"--version", FORM_FLAG, OPT_VERSION, NULL, "print the version"},
};

/* The others. */
static const struct option_row more_rows[] = {
	{"-emit-llvm", FORM_FLAG, OPT_EMIT_LLVM, NULL, "with -S or -c: LLVM IR or bitcode"},
	{"-r", FORM_FLAG, OPT_RELOCATABLE, NULL, "link, but leave undefined names for another link; verify nothing"},
	{"-Xlinker", FORM_SEPARATE, OPT_LINKER, "OPTION", "one word for the linker"},
	{"-g0", FORM_FLAG, OPT_NO_DEBUG, NULL, "neither DWARF nor BTF"},
	{"-g", FORM_JOINED, OPT_DEBUG, "KIND", "as -g, in the form that Clang makes for it: -gdwarf-4, -g3, -ggdb"},
	{"-target", FORM_SEPARATE, OPT_TARGET, "TARGET", "the same as --target="},
	{"-mbig-endian", FORM_FLAG, OPT_BIG, NULL, "the same as --target=bpfeb"},
	{"-mlittle-endian", FORM_FLAG, OPT_LITTLE, NULL, "the same as --target=bpfel"},
	{"--platform", FORM_SEPARATE, OPT_PLATFORM, "NAME", "the same as --platform="},
	{"--target-btf", FORM_SEPARATE, OPT_TARGET_BTF, "FILE", "the same as --target-btf="},
	{"-fiov-verify", FORM_FLAG, OPT_VERIFY, NULL, "undo -fno-iov-verify"},
	{"-fno-iov-prune", FORM_FLAG, OPT_NO_PRUNE, NULL,
	 "parse all of vmlinux.h, not only what the source can reach of it"},
	{"-fiov-prune", FORM_FLAG, OPT_PRUNE, NULL, "undo -fno-iov-prune"},
	{"-fno-iov-cache", FORM_FLAG, OPT_NO_CACHE, NULL, "keep and look for nothing below XDG_CACHE_HOME"},
	{"-fiov-cache", FORM_FLAG, OPT_CACHE, NULL, "undo -fno-iov-cache"},
	{"-fiov-max-seconds=", FORM_JOINED, OPT_MAX_SECONDS, "N",
	 "end a compile that takes more CPU time; the default is 300, 0 is no limit"},
	{"-fiov-max-memory=", FORM_JOINED, OPT_MAX_MEMORY, "MB",
	 "end a compile that takes more memory; the default is 4096, 0 is no limit"},
	{"-iquote", FORM_EITHER, OPT_PASS, "DIR", "search DIR for #include \"...\""},
	{"-idirafter", FORM_EITHER, OPT_PASS, "DIR", "search DIR after the system's folders"},
	{"-imacros", FORM_EITHER, OPT_PASS, "FILE", "read FILE before the source, and keep its macros alone"},
	{"-isysroot", FORM_EITHER, OPT_PASS, "DIR", "the system's folders are below DIR"},
	{"--sysroot=", FORM_JOINED, OPT_PASS, "DIR", "the same"},
	{"--sysroot", FORM_SEPARATE, OPT_PASS, "DIR", "the same"},
	{"-iprefix", FORM_EITHER, OPT_PASS, "PREFIX", "what -iwithprefix puts before its folders"},
	{"-iwithprefix", FORM_EITHER, OPT_PASS, "DIR", "as -idirafter, with the prefix"},
	{"-iwithprefixbefore", FORM_EITHER, OPT_PASS, "DIR", "as -I, with the prefix"},
	{"-U", FORM_EITHER, OPT_PASS, "NAME", "undefine a macro"},
	{"-Wp,", FORM_JOINED, OPT_PREPROCESSOR_LIST, "OPTION",
	 "options for the preprocessor; -Wp,-MD,FILE is -MD -MF FILE"},
	{"-Xpreprocessor", FORM_SEPARATE, OPT_PASS, "OPTION", "one word for the preprocessor"},
	{"-f", FORM_JOINED, OPT_PASS, "FEATURE", "Clang's language and code options"},
	{"-flto=full", FORM_FLAG, OPT_LTO, NULL, "the same as -flto"},
	{"-flto=thin", FORM_FLAG, OPT_LTO, NULL, "the same as -flto"},
	{"-fno-lto", FORM_FLAG, OPT_NO_LTO, NULL, "undo -flto"},
	{"-MM", FORM_FLAG, OPT_DEPS_ONLY, NULL, "as -M, but only the user's headers"},
	{"-MMD", FORM_FLAG, OPT_DEPS, NULL, "as -MD, but only the user's headers"},
	{"-MT", FORM_EITHER, OPT_PASS, "TARGET", "the rule's target"},
	{"-MQ", FORM_EITHER, OPT_PASS, "TARGET", "the rule's target, quoted for make"},
	{"-MP", FORM_FLAG, OPT_PASS, NULL, "add an empty rule for each header"},
	{"-MJ", FORM_EITHER, OPT_DATABASE, "FILE", "append an entry of compile_commands.json to FILE"},
	{"-Xclang", FORM_SEPARATE, OPT_PASS, "OPTION", "one word for Clang's compiler proper (cc1)"},
	{"-mllvm", FORM_SEPARATE, OPT_LLVM, "OPTION", "an option of LLVM's"},
	{"-save-temps", FORM_FLAG, OPT_SAVE_TEMPS, NULL, "write each source's .i, .bc and .s here, too"},
	{"-save-temps=", FORM_JOINED, OPT_SAVE_TEMPS, "cwd|obj", "the same, here or beside the output"},
	{"-ftime-report", FORM_FLAG, OPT_TIME_REPORT, NULL,
	 "say where the time went: Clang's and LLVM's tables, then phases"},
	{"--diagnostics-file=", FORM_JOINED, OPT_DIAG_FILE, "FILE",
	 "where messages are written; the default is standard error"},
	{"--color=", FORM_JOINED, OPT_COLOUR, "auto|always|never", "colour in messages"},
	{"-fdiagnostics-color", FORM_FLAG, OPT_COLOUR_ON, NULL, "the same as --color=always"},
	{"-fno-diagnostics-color", FORM_FLAG, OPT_COLOUR_OFF, NULL, "the same as --color=never"},
	{"--print-platform", FORM_SEPARATE, OPT_PRINT_PLATFORM, "NAME", "the same as --print-platform="},
	{"--print-vmlinux=", FORM_JOINED, OPT_PRINT_VMLINUX, "BTF", "the same as --print-vmlinux BTF"},
	{"--print-clangd-config", FORM_FLAG, OPT_PRINT_CLANGD, NULL,
	 "write a .clangd that gives editors this compiler's headers and target"},
	{"--explain=", FORM_JOINED, OPT_EXPLAIN, "CODE", "the same as --explain CODE"},
	{"-dumpmachine", FORM_FLAG, OPT_DUMP_MACHINE, NULL, "print the target"},
	{"-dumpversion", FORM_FLAG, OPT_DUMP_VERSION, NULL, "print the version's number"},
	{"-print-search-dirs", FORM_FLAG, OPT_SEARCH_DIRS, NULL, "print where libraries are searched"},
	{"-print-file-name=", FORM_JOINED, OPT_FILE_NAME, "NAME", "print where -L finds this file"},
	{"-print-prog-name=", FORM_JOINED, OPT_PROG_NAME, "NAME", "print the name: iovcc starts no other program"},
	{"-print-libgcc-file-name", FORM_FLAG, OPT_LIBGCC, NULL, "print libgcc.a, as clang does: there is none"},
	{"-print-resource-dir", FORM_FLAG, OPT_RESOURCE_DIR, NULL, "print where Clang's own headers are"},
	{"-print-target-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, "print the target"},
	{"-print-effective-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, "print the target"},
	{"-print-multi-lib", FORM_FLAG, OPT_MULTI_LIB, NULL, "print the variants of libraries: one"},
	{"-print-multi-directory", FORM_FLAG, OPT_MULTI_FOLDER, NULL, "print its folder"},
	{"-print-targets", FORM_FLAG, OPT_TARGETS, NULL, "list the targets"},
	{"-print-supported-cpus", FORM_FLAG, OPT_CPUS, NULL, "list the instruction sets"},
};

/* Other spellings. */
static const struct option_row spelling_rows[] = {
	{"-fdiagnostics-color=", FORM_JOINED, OPT_COLOUR, NULL, NULL},
	{"-fcolor-diagnostics", FORM_FLAG, OPT_COLOUR_ON, NULL, NULL},
	{"-fno-color-diagnostics", FORM_FLAG, OPT_COLOUR_OFF, NULL, NULL},
	{"--save-temps", FORM_FLAG, OPT_SAVE_TEMPS, NULL, NULL},
	{"--save-temps=", FORM_JOINED, OPT_SAVE_TEMPS, NULL, NULL},
	{"-mcpu=help", FORM_FLAG, OPT_CPUS, NULL, NULL},
	{"-mtune=help", FORM_FLAG, OPT_CPUS, NULL, NULL},
	{"-dumpfullversion", FORM_FLAG, OPT_DUMP_VERSION, NULL, NULL},
	{"--print-target-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
	{"--print-effective-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
	{"--print-libgcc-file-name", FORM_FLAG, OPT_LIBGCC, NULL, NULL},
	{"--print-resource-dir", FORM_FLAG, OPT_RESOURCE_DIR, NULL, NULL},
	{"--print-prog-name=", FORM_JOINED, OPT_PROG_NAME, NULL, NULL},
	{"--print-search-dirs", FORM_FLAG, OPT_SEARCH_DIRS, NULL, NULL},
	{"--print-file-name=", FORM_JOINED, OPT_FILE_NAME, NULL, NULL},
	{"--print-multi-lib", FORM_FLAG, OPT_MULTI_LIB, NULL, NULL},
	{"--print-multi-directory", FORM_FLAG, OPT_MULTI_FOLDER, NULL, NULL},
	{"--print-targets", FORM_FLAG, OPT_TARGETS, NULL, NULL},
	{"--print-supported-cpus", FORM_FLAG, OPT_CPUS, NULL, NULL},
	{"--output=", FORM_JOINED, OPT_OUTPUT, NULL, NULL},
	{"--output", FORM_SEPARATE, OPT_OUTPUT, NULL, NULL},
	{"--compile", FORM_FLAG, OPT_COMPILE, NULL, NULL},
	{"--assemble", FORM_FLAG, OPT_ASM, NULL, NULL},
	{"--preprocess", FORM_FLAG, OPT_PREPROCESS, NULL, NULL},
	{"--optimize=", FORM_JOINED, OPT_OPTIMISE, NULL, NULL},
	{"--debug", FORM_FLAG, OPT_DEBUG, NULL, NULL},
	{"--verbose", FORM_FLAG, OPT_VERBOSE, NULL, NULL},
	{"--dependencies", FORM_FLAG, OPT_DEPS_ONLY, NULL, NULL},
	{"--user-dependencies", FORM_FLAG, OPT_DEPS_ONLY, NULL, NULL},
	{"--write-dependencies", FORM_FLAG, OPT_DEPS, NULL, NULL},
	{"--write-user-dependencies", FORM_FLAG, OPT_DEPS, NULL, NULL},
	{"--help=", FORM_JOINED, OPT_HELP, NULL, NULL},
	{"-help", FORM_FLAG, OPT_HELP, NULL, NULL},
	{"-h", FORM_FLAG, OPT_HELP, NULL, NULL},
};

/* What distributions add for programs of the host. */
static const struct option_row ignored_rows[] = {
	{"-fstack-protector", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fstack-protector-strong", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fstack-protector-all", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fstack-protector-explicit", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fno-stack-protector", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fstack-clash-protection", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fno-stack-clash-protection", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fcf-protection", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fcf-protection=", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-fzero-call-used-regs=", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mbranch-protection=", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mno-omit-leaf-frame-pointer", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-D_FORTIFY_SOURCE", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-Wp,-D_FORTIFY_SOURCE", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-Wp,-U_FORTIFY_SOURCE", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-Wp,-D_GLIBCXX_ASSERTIONS", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-fPIC", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fpic", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fPIE", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fpie", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fno-plt", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-pie", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-no-pie", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-pipe", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-m32", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-m64", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-march=", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mtune=", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mcpu=cortex-", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mcpu=neoverse-", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mcpu=arm", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mfix-cortex-", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-mno-fix-cortex-", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-minterlink-mips16", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fhonour-copts", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fcanon-prefix-map", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fhardened", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fno-caller-saves", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-Wno-complain-wrong-lang", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-specs=", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-fasynchronous-unwind-tables", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fexceptions", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-flto=", FORM_JOINED, OPT_IGNORE, NULL, NULL}, /* auto, or a number of jobs, as gcc has it */
	{"-ffat-lto-objects", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-grecord-gcc-switches", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-frecord-gcc-switches", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-ffunction-sections", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fdata-sections", FORM_FLAG, OPT_IGNORE, NULL, NULL},
};

static const struct option_group {
	const char *title; /* NULL: none */
	const struct option_row *rows;
	size_t count;
	bool listed; /* names alone */
} groups[] = {
#define GROUP(title, rows, listed) {title, rows, sizeof(rows) / sizeof((rows)[0]), listed}
	GROUP(NULL, common_rows, false),
	GROUP("More options", more_rows, false),
	GROUP("Other spellings", spelling_rows, true),
	GROUP("Taken for the host's programs and ignored", ignored_rows, true),
#undef GROUP
};

static bool matches(const struct option_row *row, const char *arg)
{
	size_t len = strlen(row->name);

	if (row->form == FORM_FLAG || row->form == FORM_SEPARATE)
		return !strcmp(arg, row->name);
	return !strncmp(arg, row->name, len);
}

/* The longest name that matches wins. */
const struct option_row *option_row_find(const char *arg)
{
	const struct option_row *best = NULL;

	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct option_row *row = groups[g].rows; row < groups[g].rows + groups[g].count; row++)
			if (matches(row, arg) && (!best || strlen(row->name) > strlen(best->name)))
				best = row;
	return best;
}

static bool is_own(const char *name)
{
	return !strncmp(name, "--", 2) || !strncmp(name, "-fiov-", 6) || !strncmp(name, "-fno-iov-", 9);
}

/* Clang suggests among its own. */
const char *option_row_nearest(const char *arg)
{
	const char *best = NULL, *equals = strchrnul(arg, '=');
	unsigned least = 3;
	char name[64];

	if (equals - arg >= (long)sizeof(name))
		return NULL;
	for (const struct option_group *g = groups; !g->listed; g++) {
		for (const struct option_row *row = g->rows; row < g->rows + g->count; row++) {
			unsigned distance;

			if (!is_own(row->name))
				continue;
			snprintf(name, sizeof(name), "%.*s%s", (int)(equals - arg), arg,
				 row->name[strlen(row->name) - 1] == '=' ? "=" : "");
			distance = text_distance(name, row->name, 2);
			if (distance < least) {
				least = distance;
				best = row->name;
			}
		}
	}
	return best;
}

/* --help */

enum { TEXT_COLUMN = 30, LIST_COLUMN = 6, COLUMNS = 79 };

static int columns(const char *text, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

/* Words from column `at` on, wrapped, those of further lines from `column` on. The column that it ends at. */
static int put_wrapped(struct iov_buf *out, const char *text, int at, int column)
{
	while (*text) {
		size_t len = strcspn(text, " ");
		int wide = columns(text, len);

		if (at > column && at + 1 + wide > COLUMNS) {
			buf_printf(out, "\n%*s", column, "");
			at = column;
		} else if (at > column) {
			buf_putc(out, ' ');
			at++;
		}
		buf_put(out, text, len);
		at += wide;
		text += len;
		text += strspn(text, " ");
	}
	return at;
}

static void put_row(const struct option_row *row, struct iov_buf *out)
{
	bool apart = row->value && row->form != FORM_JOINED;
	size_t start = out->len;
	int at;

	buf_printf(out, "  %s%s%s", row->name, apart ? " " : "", row->value ? row->value : "");
	at = (int)(out->len - start);
	if (at + 2 > TEXT_COLUMN) {
		buf_putc(out, '\n');
		at = 0;
	}
	buf_printf(out, "%*s", TEXT_COLUMN - at, "");
	put_wrapped(out, row->help, TEXT_COLUMN, TEXT_COLUMN);
	buf_putc(out, '\n');
}

static void put_group(const struct option_group *g, struct iov_buf *out)
{
	int at = LIST_COLUMN;

	if (g->title)
		buf_printf(out, "\n%s:\n", g->title);
	if (g->listed)
		buf_printf(out, "%*s", LIST_COLUMN, "");
	for (const struct option_row *row = g->rows; row < g->rows + g->count; row++) {
		if (g->listed)
			at = put_wrapped(out, row->name, at, LIST_COLUMN);
		else
			put_row(row, out);
	}
	if (g->listed)
		buf_putc(out, '\n');
}

void plan_help(bool all, struct iov_buf *out)
{
	buf_puts(out, "Usage: iovcc [OPTION]... FILE...\nCompile C and assembly to verified eBPF objects, and link "
		      "them.\n\n");
	for (size_t i = 0; i < (all ? sizeof(groups) / sizeof(groups[0]) : 1); i++)
		put_group(&groups[i], out);
	if (all)
		buf_puts(out, "\n@FILE stands for the options in FILE. Other options are Clang's: clang(1).\n");
	else
		buf_puts(out, "\n@FILE stands for the options in FILE. Other options are Clang's. See iovcc(1).\n");
	buf_puts(out, "Exit codes: 0 done, 1 diagnosed, 2 wrong command line, 70 bug in the tool.\n");
}
