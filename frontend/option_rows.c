/* SPDX-License-Identifier: Apache-2.0 */
/* iovcc reads what decides the plan and what it must judge itself; every other option goes to Clang's driver as it
 * stands, which knows them all and refuses, with a suggestion, what it does not know. The options that distributions
 * add to every compile for hardening or tuning a host program mean nothing for BPF: they are taken and dropped. */
#include "frontend/option_rows.h"

#include "asm/base/text.h"
#include "frontend/driver.h"

#include <stdio.h>
#include <string.h>

/* The longest name that matches wins; order matters to --help alone. */
static const struct option_row rows[] = {
	{"-c", FORM_FLAG, OPT_COMPILE, NULL, "compile, assemble and verify to objects, without linking"},
	{"-S", FORM_FLAG, OPT_ASM, NULL, "stop at assembly text"},
	{"-E", FORM_FLAG, OPT_PREPROCESS, NULL, "stop after preprocessing"},
	{"-fsyntax-only", FORM_FLAG, OPT_SYNTAX, NULL, "check the source, write nothing"},
	{"-emit-llvm", FORM_FLAG, OPT_EMIT_LLVM, NULL, "with -S or -c: LLVM IR or bitcode"},
	{"-o", FORM_EITHER, OPT_OUTPUT, "FILE", "write the output to FILE; - is standard output"},
	{"-L", FORM_EITHER, OPT_FOLDER, "DIR", "search DIR for libraries"},
	{"-l", FORM_EITHER, OPT_LIBRARY, "NAME", "link libNAME.a"},
	{"-r", FORM_FLAG, OPT_RELOCATABLE, NULL, "link, but leave undefined names for another link; verify nothing"},
	{"-Wl,", FORM_JOINED, OPT_LINKER_LIST, "OPTION", "options for the linker, as iovld takes them"},
	{"-Xlinker", FORM_SEPARATE, OPT_LINKER, NULL, NULL},
	{"-j", FORM_EITHER, OPT_JOBS, "N", "compile so many inputs at once; the default is 1"},
	{"-O", FORM_JOINED, OPT_OPTIMISE, "LEVEL", "0, 1, 2 (the default), 3, s or z"},
	{"-g", FORM_FLAG, OPT_DEBUG, NULL, "DWARF; BTF, which maps and loaders need, is always there (-g0: neither)"},
	{"-g0", FORM_FLAG, OPT_NO_DEBUG, NULL, NULL},
	{"-g", FORM_JOINED, OPT_DEBUG, NULL, NULL},
	{"-mcpu=", FORM_JOINED, OPT_CPU, "vN", "instruction set v1 to v4; the default is v3"},
	{"--target=", FORM_JOINED, OPT_TARGET, "bpf|bpfel|bpfeb", "byte order; the default is bpfel"},
	{"-target", FORM_SEPARATE, OPT_TARGET, NULL, NULL},
	{"-mbig-endian", FORM_FLAG, OPT_BIG, NULL, "the same as --target=bpfeb"},
	{"-mlittle-endian", FORM_FLAG, OPT_LITTLE, NULL, NULL},
	{"--platform=", FORM_JOINED, OPT_PLATFORM, "NAME",
	 "verify for this platform, a name or .yaml file; the default is linux-6.12; may be repeated"},
	{"--platform", FORM_SEPARATE, OPT_PLATFORM, NULL, NULL},
	{"--target-btf=", FORM_JOINED, OPT_TARGET_BTF, "FILE",
	 "verify with CO-RE resolved against these types: BTF, an ELF file with BTF, or auto for the running kernel"},
	{"--target-btf", FORM_SEPARATE, OPT_TARGET_BTF, NULL, NULL},
	{"-fno-iov-verify", FORM_FLAG, OPT_NO_VERIFY, NULL, "write the object without verifying its programs"},
	{"-fiov-verify", FORM_FLAG, OPT_VERIFY, NULL, NULL},
	{"-fno-iov-prune", FORM_FLAG, OPT_NO_PRUNE, NULL,
	 "parse all of vmlinux.h, not only what the source can reach of it"},
	{"-fiov-prune", FORM_FLAG, OPT_PRUNE, NULL, NULL},
	{"-fiov-max-seconds=", FORM_JOINED, OPT_MAX_SECONDS, "N",
	 "end a compile that takes more CPU time; the default is 300, 0 is no limit"},
	{"-fiov-max-memory=", FORM_JOINED, OPT_MAX_MEMORY, "MB", "… that takes more memory; the default is 4096"},
	{"-I", FORM_EITHER, OPT_PASS, "DIR", "search DIR for headers"},
	{"-isystem", FORM_EITHER, OPT_PASS, "DIR", "search DIR for headers after all -I, without their warnings"},
	{"-iquote", FORM_EITHER, OPT_PASS, "DIR", "search DIR for #include \"...\""},
	{"-idirafter", FORM_EITHER, OPT_PASS, "DIR", "search DIR after the system's folders"},
	{"-include", FORM_EITHER, OPT_PASS, "FILE", "read FILE before the source"},
	{"-imacros", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"-isysroot", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"--sysroot", FORM_SEPARATE, OPT_PASS, NULL, NULL},
	{"--sysroot=", FORM_JOINED, OPT_PASS, NULL, NULL},
	{"-iprefix", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"-iwithprefix", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"-iwithprefixbefore", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"-Xpreprocessor", FORM_SEPARATE, OPT_PASS, NULL, NULL},
	{"--param", FORM_SEPARATE, OPT_IGNORE, NULL, NULL},
	{"-D", FORM_EITHER, OPT_PASS, "NAME[=VALUE]", "define a macro"},
	{"-U", FORM_EITHER, OPT_PASS, "NAME", "undefine a macro"},
	{"-std=", FORM_JOINED, OPT_PASS, "STD", "C standard; the default is gnu17"},
	{"-x", FORM_EITHER, OPT_LANGUAGE, "LANGUAGE",
	 "what follows is c, cpp-output, assembler, assembler-with-cpp or ir; none: its name says"},
	{"-W", FORM_JOINED, OPT_PASS, "WARNING", "Clang's warnings, as clang takes them"},
	{"-Wiov-", FORM_JOINED, OPT_PASS, "NAME", "a warning of iovcc's own, see iovcc(1)"},
	{"-w", FORM_FLAG, OPT_PASS, NULL, "no warnings"},
	{"-flto", FORM_FLAG, OPT_LTO, NULL,
	 "with -c: LLVM bitcode; else: optimise all inputs as one before they are judged"},
	{"-flto=full", FORM_FLAG, OPT_LTO, NULL, NULL},
	{"-flto=thin", FORM_FLAG, OPT_LTO, NULL, NULL},
	{"-fno-lto", FORM_FLAG, OPT_NO_LTO, NULL, NULL},
	{"-f", FORM_JOINED, OPT_PASS, "FEATURE", "Clang's language and code options"},
	{"-M", FORM_FLAG, OPT_DEPS_ONLY, NULL,
	 "print the headers that the source reads as a make rule; -MM: only the user's"},
	{"-MM", FORM_FLAG, OPT_DEPS_ONLY, NULL, NULL},
	{"-MD", FORM_FLAG, OPT_DEPS, NULL, "compile and write that rule too; -MMD: only the user's headers"},
	{"-MMD", FORM_FLAG, OPT_DEPS, NULL, NULL},
	{"-MF", FORM_EITHER, OPT_DEPS_FILE, "FILE", "where the rule is written"},
	{"-MT", FORM_EITHER, OPT_PASS, "TARGET", "the rule's target; -MQ quotes it for make"},
	{"-MQ", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"-MJ", FORM_EITHER, OPT_PASS, "FILE", "write an entry of compile_commands.json too"},
	{"-MP", FORM_FLAG, OPT_PASS, NULL, "add an empty rule for each header"},
	{"-Xclang", FORM_SEPARATE, OPT_PASS, NULL, NULL},
	{"-mllvm", FORM_SEPARATE, OPT_LLVM, NULL, NULL},
	{"--print-platform=", FORM_JOINED, OPT_PRINT_PLATFORM, "NAME", "show what a platform offers"},
	{"--print-platform", FORM_SEPARATE, OPT_PRINT_PLATFORM, NULL, NULL},
	{"--print-vmlinux", FORM_FLAG, OPT_PRINT_VMLINUX, "[BTF]",
	 "write vmlinux.h: the running kernel's types, or those of a file of BTF or an ELF file"},
	{"--print-clangd-config", FORM_FLAG, OPT_PRINT_CLANGD, NULL,
	 "write a .clangd that gives editors this compiler's headers and target"},
	{"--print-vmlinux=", FORM_JOINED, OPT_PRINT_VMLINUX, NULL, NULL},
	{"--explain=", FORM_JOINED, OPT_EXPLAIN, "CODE", "explain a diagnostic such as IOV-V010 at length"},
	{"--explain", FORM_SEPARATE, OPT_EXPLAIN, NULL, NULL},
	{"--diagnostics-format=", FORM_JOINED, OPT_FORMAT, "text|json|sarif", "how diagnostics are written"},
	{"--diagnostics-file=", FORM_JOINED, OPT_DIAG_FILE, "FILE",
	 "where they are written; the default is standard error"},
	{"--color=", FORM_JOINED, OPT_COLOUR, "auto|always|never", "colour in diagnostics"},
	{"-fdiagnostics-color", FORM_FLAG, OPT_COLOUR_ON, NULL, NULL},
	{"-fdiagnostics-color=", FORM_JOINED, OPT_COLOUR, NULL, NULL},
	{"-fcolor-diagnostics", FORM_FLAG, OPT_COLOUR_ON, NULL, NULL},
	{"-fno-diagnostics-color", FORM_FLAG, OPT_COLOUR_OFF, NULL, NULL},
	{"-fno-color-diagnostics", FORM_FLAG, OPT_COLOUR_OFF, NULL, NULL},
	{"-###", FORM_FLAG, OPT_SHOW, NULL, "print the plan, step by step as command lines, run nothing"},
	{"-ftime-report", FORM_FLAG, OPT_TIME_REPORT, NULL,
	 "say where the time went: Clang's and LLVM's tables, then phases"},
	{"-save-temps", FORM_FLAG, OPT_SAVE_TEMPS, NULL,
	 "write each source's .i, .bc and .s here, too; -save-temps=obj: beside the output"},
	{"--save-temps", FORM_FLAG, OPT_SAVE_TEMPS, NULL, NULL},
	{"-save-temps=", FORM_JOINED, OPT_SAVE_TEMPS, NULL, NULL},
	{"--save-temps=", FORM_JOINED, OPT_SAVE_TEMPS, NULL, NULL},
	{"-v", FORM_FLAG, OPT_VERBOSE, NULL, "print the version, the plan and where headers are searched, then run"},
	{"-Wp,", FORM_JOINED, OPT_PREPROCESSOR_LIST, NULL, NULL},
	{"-dumpmachine", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
	{"-dumpversion", FORM_FLAG, OPT_DUMP_VERSION, NULL, NULL},
	{"-print-target-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
	{"--print-target-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
	{"-print-effective-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
	{"--print-effective-triple", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
	{"-print-resource-dir", FORM_FLAG, OPT_RESOURCE_DIR, NULL, NULL},
	{"--print-resource-dir", FORM_FLAG, OPT_RESOURCE_DIR, NULL, NULL},
	{"-print-prog-name=", FORM_JOINED, OPT_PROG_NAME, NULL, NULL},
	{"--print-prog-name=", FORM_JOINED, OPT_PROG_NAME, NULL, NULL},
	{"-print-search-dirs", FORM_FLAG, OPT_SEARCH_DIRS, NULL, NULL},
	{"--print-search-dirs", FORM_FLAG, OPT_SEARCH_DIRS, NULL, NULL},
	{"-print-file-name=", FORM_JOINED, OPT_FILE_NAME, NULL, NULL},
	{"--print-file-name=", FORM_JOINED, OPT_FILE_NAME, NULL, NULL},
	{"-help", FORM_FLAG, OPT_HELP, NULL, NULL},
	{"-h", FORM_FLAG, OPT_HELP, NULL, NULL},
	{"--help", FORM_FLAG, OPT_HELP, NULL, "this text"},
	{"--version", FORM_FLAG, OPT_VERSION, NULL, "print the version"},
	/* What distributions add for programs of the host. */
	{"-fstack-protector", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-fno-stack-protector", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fstack-clash-protection", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fcf-protection", FORM_JOINED, OPT_IGNORE, NULL, NULL},
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

static bool matches(const struct option_row *row, const char *arg)
{
	size_t len = strlen(row->name);

	if (row->form == FORM_FLAG || row->form == FORM_SEPARATE)
		return !strcmp(arg, row->name);
	return !strncmp(arg, row->name, len);
}

const struct option_row *option_row_find(const char *arg)
{
	const struct option_row *best = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (matches(&rows[i], arg) && (!best || strlen(rows[i].name) > strlen(best->name)))
			best = &rows[i];
	return best;
}

/* Clang suggests among its own. */
const char *option_row_nearest(const char *arg)
{
	const char *best = NULL, *equals = strchrnul(arg, '=');
	unsigned least = 3;
	char name[64];

	if (equals - arg >= (long)sizeof(name))
		return NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned distance;

		if (strncmp(rows[i].name, "--", 2) || !rows[i].help)
			continue;
		snprintf(name, sizeof(name), "%.*s%s", (int)(equals - arg), arg,
			 rows[i].name[strlen(rows[i].name) - 1] == '=' ? "=" : "");
		distance = text_distance(name, rows[i].name, 2);
		if (distance < least) {
			least = distance;
			best = rows[i].name;
		}
	}
	return best;
}

void plan_help(struct iov_buf *out)
{
	buf_puts(out, "Usage: iovcc [OPTION]... FILE...\nCompile C and assembly to verified eBPF objects, and link "
		      "them.\n\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct option_row *row = &rows[i];
		bool joined = row->form == FORM_JOINED;
		size_t start = out->len;

		if (!row->help)
			continue;
		buf_printf(out, "  %s%s%s", row->name, row->value && !joined ? " " : "", row->value ? row->value : "");
		buf_printf(out, "%*s%s\n", (int)(out->len - start < 32 ? 32 - (out->len - start) : 1), "", row->help);
	}
	buf_puts(out, "  @FILE                         read options from FILE\n\n"
		      "Other options are Clang's. Hardening options of distributions are taken and ignored.\n"
		      "Exit codes: 0 done, 1 diagnosed, 2 wrong command line, 70 bug in the tool.\n");
}
