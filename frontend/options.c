/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovcc's command line. iovcc reads what decides the plan and what it must judge itself; every other option goes
 * to Clang's driver as it stands, which knows them all and refuses, with a suggestion, what it does not know.
 * The options that distributions add to every compile for hardening or tuning a host program mean nothing for BPF:
 * they are taken and dropped. */
#include "frontend/driver.h"

#include "asm/base/output.h"
#include "asm/base/text.h"

#include <stdio.h>
#include <string.h>

enum option_id {
	OPT_PASS,
	OPT_IGNORE,
	OPT_COMPILE,
	OPT_ASM,
	OPT_PREPROCESS,
	OPT_SYNTAX,
	OPT_EMIT_LLVM,
	OPT_OUTPUT,
	OPT_OPTIMISE,
	OPT_DEBUG,
	OPT_NO_DEBUG,
	OPT_DEPS,
	OPT_DEPS_ONLY,
	OPT_DEPS_FILE,
	OPT_CPU,
	OPT_TARGET,
	OPT_BIG,
	OPT_LITTLE,
	OPT_PLATFORM,
	OPT_TARGET_BTF,
	OPT_NO_VERIFY,
	OPT_VERIFY,
	OPT_PRINT_PLATFORM,
	OPT_EXPLAIN,
	OPT_FORMAT,
	OPT_DIAG_FILE,
	OPT_COLOUR,
	OPT_COLOUR_ON,
	OPT_COLOUR_OFF,
	OPT_SHOW,
	OPT_VERBOSE,
	OPT_HELP,
	OPT_VERSION,
	OPT_LLVM,
	OPT_LANGUAGE,
	OPT_DUMP_MACHINE,
};

/* How an option's value follows it. */
enum option_form {
	FORM_FLAG,     /* -c */
	FORM_JOINED,   /* -O2; the name is a prefix */
	FORM_SEPARATE, /* -o FILE */
	FORM_EITHER,   /* -Idir, -I dir */
};

struct option_row {
	const char *name;
	enum option_form form;
	enum option_id id;
	const char *value, *help; /* help NULL: not in --help */
};

/* The longest name that matches wins; order matters to --help alone. */
static const struct option_row rows[] = {
	{"-c", FORM_FLAG, OPT_COMPILE, NULL, "compile and verify to an object, without linking"},
	{"-S", FORM_FLAG, OPT_ASM, NULL, "stop at assembly text"},
	{"-E", FORM_FLAG, OPT_PREPROCESS, NULL, "stop after preprocessing"},
	{"-fsyntax-only", FORM_FLAG, OPT_SYNTAX, NULL, "check the source, write nothing"},
	{"-emit-llvm", FORM_FLAG, OPT_EMIT_LLVM, NULL, "with -S or -c: LLVM IR or bitcode"},
	{"-o", FORM_EITHER, OPT_OUTPUT, "FILE", "write the output to FILE; - is standard output"},
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
	{"-I", FORM_EITHER, OPT_PASS, "DIR", "search DIR for headers"},
	{"-isystem", FORM_EITHER, OPT_PASS, "DIR", "search DIR for headers after all -I, without their warnings"},
	{"-iquote", FORM_EITHER, OPT_PASS, "DIR", "search DIR for #include \"...\""},
	{"-idirafter", FORM_EITHER, OPT_PASS, "DIR", "search DIR after the system's folders"},
	{"-include", FORM_EITHER, OPT_PASS, "FILE", "read FILE before the source"},
	{"-imacros", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"-D", FORM_EITHER, OPT_PASS, "NAME[=VALUE]", "define a macro"},
	{"-U", FORM_EITHER, OPT_PASS, "NAME", "undefine a macro"},
	{"-std=", FORM_JOINED, OPT_PASS, "STD", "C standard; the default is gnu17"},
	{"-x", FORM_EITHER, OPT_LANGUAGE, "c", "the language of what follows"},
	{"-W", FORM_JOINED, OPT_PASS, "WARNING", "Clang's warnings, as clang takes them"},
	{"-w", FORM_FLAG, OPT_PASS, NULL, "no warnings"},
	{"-f", FORM_JOINED, OPT_PASS, "FEATURE", "Clang's language and code options"},
	{"-M", FORM_FLAG, OPT_DEPS_ONLY, NULL,
	 "print the headers that the source reads as a make rule; -MM: only the user's"},
	{"-MM", FORM_FLAG, OPT_DEPS_ONLY, NULL, NULL},
	{"-MD", FORM_FLAG, OPT_DEPS, NULL, "compile and write that rule too; -MMD: only the user's headers"},
	{"-MMD", FORM_FLAG, OPT_DEPS, NULL, NULL},
	{"-MF", FORM_EITHER, OPT_DEPS_FILE, "FILE", "where the rule is written"},
	{"-MT", FORM_EITHER, OPT_PASS, "TARGET", "the rule's target; -MQ quotes it for make"},
	{"-MQ", FORM_EITHER, OPT_PASS, NULL, NULL},
	{"-MP", FORM_FLAG, OPT_PASS, NULL, "add an empty rule for each header"},
	{"-Xclang", FORM_SEPARATE, OPT_PASS, NULL, NULL},
	{"-mllvm", FORM_SEPARATE, OPT_LLVM, NULL, NULL},
	{"--print-platform=", FORM_JOINED, OPT_PRINT_PLATFORM, "NAME", "show what a platform offers"},
	{"--print-platform", FORM_SEPARATE, OPT_PRINT_PLATFORM, NULL, NULL},
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
	{"-###", FORM_FLAG, OPT_SHOW, NULL, "print Clang's cc1 command line, run nothing"},
	{"-v", FORM_FLAG, OPT_VERBOSE, NULL, "print the version and that command line, then run"},
	{"-dumpmachine", FORM_FLAG, OPT_DUMP_MACHINE, NULL, NULL},
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
	{"-Wl,", FORM_JOINED, OPT_IGNORE, NULL, NULL},
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
	{"-ffat-lto-objects", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-grecord-gcc-switches", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-frecord-gcc-switches", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-ffunction-sections", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-fdata-sections", FORM_FLAG, OPT_IGNORE, NULL, NULL},
	{"-flto", FORM_JOINED, OPT_IGNORE, NULL, NULL},
	{"-fno-lto", FORM_FLAG, OPT_IGNORE, NULL, NULL},
};

struct parse {
	struct iovcc_plan *plan;
	struct iov_arena *arena;
	struct iov_sink *sink;
	bool end_of_options;
	unsigned at_depth;
};

static enum iov_status usage(struct parse *p, const char *what, const char *arg)
{
	struct iov_diag *d = diag_add(p->sink, DIAG_USAGE, IOV_NOWHERE, what, arg);

	diag_hint(d, "iovcc --help lists the options");
	return IOV_USAGE;
}

static bool matches(const struct option_row *row, const char *arg)
{
	size_t len = strlen(row->name);

	if (row->form == FORM_FLAG || row->form == FORM_SEPARATE)
		return !strcmp(arg, row->name);
	return !strncmp(arg, row->name, len);
}

static const struct option_row *find_row(const char *arg)
{
	const struct option_row *best = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (matches(&rows[i], arg) && (!best || strlen(rows[i].name) > strlen(best->name)))
			best = &rows[i];
	return best;
}

static const char *choice_list(struct parse *p, const char *const *choices)
{
	const char *list = choices[0];

	for (size_t i = 1; list && choices[i]; i++)
		list = arena_printf(p->arena, "%s, %s", list, choices[i]);
	return list ? list : "";
}

static enum iov_status set_choice(struct parse *p, const char *value, const char *const *choices, int *into,
				  const char *option)
{
	for (int i = 0; choices[i]; i++) {
		if (!strcmp(value, choices[i])) {
			*into = i;
			return IOV_OK;
		}
	}
	diag_hint(diag_add(p->sink, DIAG_USAGE, IOV_NOWHERE, "'%s%s' is not a value of this option", option, value),
		  "write one of: %s", choice_list(p, choices));
	return IOV_USAGE;
}

static enum iov_status set_target(struct parse *p, const char *value)
{
	static const char *const names[] = {"bpf",
					    "bpfel",
					    "bpfeb",
					    "bpf-unknown-none",
					    "bpfel-unknown-none",
					    "bpfeb-unknown-none",
					    "bpf-pc-linux",
					    "bpf-linux-gnu",
					    NULL};
	int which;

	if (set_choice(p, value, names, &which, "--target=") != IOV_OK)
		return IOV_USAGE;
	p->plan->codegen.big_endian = !strncmp(value, "bpfeb", 5);
	return IOV_OK;
}

static enum iov_status set_cpu(struct parse *p, const char *value)
{
	static const char *const names[] = {"generic", "v1", "v2", "v3", "v4", NULL};
	enum iov_status status;

	if (!strcmp(value, "probe"))
		return usage(p, "-mcpu=%s depends on the machine that compiles: name v1, v2, v3 or v4", value);
	status = set_choice(p, value, names, &p->plan->codegen.cpu, "-mcpu=");
	if (status == IOV_OK && !p->plan->codegen.cpu)
		p->plan->codegen.cpu = 1;
	return status;
}

static enum iov_status set_optimise(struct parse *p, const char *value, const char *arg)
{
	int level = *value ? *value : '1';

	if (!strcmp(value, "fast") || !strcmp(value, "4"))
		level = '3';
	else if (!strcmp(value, "g"))
		level = '1';
	else if (strlen(value) > 1 || !strchr("0123sz", level))
		return usage(p, "'%s' is not an optimisation level: 0, 1, 2, 3, s or z", arg);
	p->plan->codegen.optimise = level <= '3' ? level - '0' : level;
	p->plan->optimise_given = true;
	plan_push(&p->plan->clang, arena_printf(p->arena, "-O%c", level), p->arena);
	return IOV_OK;
}

static enum iov_status set_language(struct parse *p, const char *value)
{
	p->plan->language_given = strcmp(value, "none");
	p->plan->assembly = !strcmp(value, "assembler")            ? IOVCC_ASSEMBLY
			    : !strcmp(value, "assembler-with-cpp") ? IOVCC_ASSEMBLY_CPP
								   : IOVCC_C;
	if (!p->plan->language_given || p->plan->assembly)
		return IOV_OK;
	if (strcmp(value, "c") && strcmp(value, "cpp-output"))
		return usage(p, "-x %s: iovcc compiles C and assembles", value);
	plan_push(&p->plan->clang, "-x", p->arena);
	plan_push(&p->plan->clang, value, p->arena);
	return IOV_OK;
}

static enum iov_status set_query(struct parse *p, enum iovcc_query query, const char *value)
{
	p->plan->query = query;
	p->plan->query_arg = value;
	return IOV_OK;
}

static void set_deps(struct parse *p, enum option_id id, const char *arg)
{
	if (id == OPT_DEPS)
		p->plan->deps = true;
	else
		p->plan->deps_only = true;
	if (id == OPT_DEPS_ONLY && p->plan->mode == IOVCC_LINK)
		p->plan->mode = IOVCC_DEPS;
	plan_push(&p->plan->clang, arg, p->arena);
}

static enum iov_status set_diagnostics(struct parse *p, enum option_id id, const char *value)
{
	static const char *const formats[] = {"text", "json", "sarif", NULL};
	static const char *const colours[] = {"auto", "always", "never", NULL};
	struct iov_option_common *common = &p->plan->common;

	switch (id) {
	case OPT_FORMAT:
		return set_choice(p, value, formats, &common->diag_format, "--diagnostics-format=");
	case OPT_COLOUR:
		return set_choice(p, value, colours, &common->colour, "--color=");
	case OPT_DIAG_FILE:
		common->diag_file = value;
		return IOV_OK;
	default:
		common->colour = id == OPT_COLOUR_ON ? 1 : 2;
		return IOV_OK;
	}
}

static void pass(struct parse *p, const char *arg, const char *separate)
{
	if (!strcmp(arg, "-Werror"))
		p->plan->strict = true;
	plan_push(&p->plan->clang, arg, p->arena);
	if (separate)
		plan_push(&p->plan->clang, separate, p->arena);
}

/* Where the run stops, and what it writes on the way. */
static bool apply_mode(struct iovcc_plan *plan, enum option_id id)
{
	switch (id) {
	case OPT_COMPILE:
		plan->mode = plan->mode == IOVCC_LINK || plan->mode == IOVCC_DEPS ? IOVCC_OBJECT : plan->mode;
		return true;
	case OPT_ASM:
		plan->mode = IOVCC_ASM;
		return true;
	case OPT_PREPROCESS:
		plan->mode = IOVCC_PREPROCESS;
		return true;
	case OPT_SYNTAX:
		plan->mode = IOVCC_SYNTAX;
		return true;
	case OPT_EMIT_LLVM:
		return plan->emit_llvm = true;
	case OPT_BIG:
	case OPT_LITTLE:
		plan->codegen.big_endian = id == OPT_BIG;
		return true;
	case OPT_NO_VERIFY:
	case OPT_VERIFY:
		plan->no_verify = id == OPT_NO_VERIFY;
		return true;
	case OPT_SHOW:
		return plan->show_commands = true;
	case OPT_VERBOSE:
		return plan->verbose = true;
	default:
		return id == OPT_IGNORE;
	}
}

static enum iov_status apply(struct parse *p, const struct option_row *row, const char *arg, const char *value,
			     const char *separate)
{
	struct iovcc_plan *plan = p->plan;

	if (apply_mode(plan, row->id))
		return IOV_OK;
	switch (row->id) {
	case OPT_PASS:
		pass(p, arg, separate);
		return IOV_OK;
	case OPT_OUTPUT:
		plan->output = value;
		return IOV_OK;
	case OPT_OPTIMISE:
		return set_optimise(p, value, arg);
	case OPT_DEBUG:
	case OPT_NO_DEBUG:
		plan->debug_given = true;
		plan->codegen.debug = row->id == OPT_DEBUG;
		pass(p, arg, NULL);
		return IOV_OK;
	case OPT_DEPS:
	case OPT_DEPS_ONLY:
		set_deps(p, row->id, arg);
		return IOV_OK;
	case OPT_DEPS_FILE:
		plan->deps_file = value;
		return IOV_OK;
	case OPT_CPU:
		return set_cpu(p, value);
	case OPT_TARGET:
		return set_target(p, value);
	case OPT_PLATFORM:
		plan_push(&plan->platforms, value, p->arena);
		return IOV_OK;
	case OPT_TARGET_BTF:
		plan->target_btf = value;
		return IOV_OK;
	case OPT_LLVM:
		plan_push(&plan->llvm, value, p->arena);
		return IOV_OK;
	case OPT_LANGUAGE:
		return set_language(p, value);
	case OPT_PRINT_PLATFORM:
		return set_query(p, IOVCC_PRINT_PLATFORM, value);
	case OPT_EXPLAIN:
		return set_query(p, IOVCC_EXPLAIN, value);
	case OPT_HELP:
		return set_query(p, IOVCC_HELP, NULL);
	case OPT_VERSION:
		return set_query(p, IOVCC_VERSION, NULL);
	case OPT_DUMP_MACHINE:
		return set_query(p, IOVCC_DUMP_MACHINE, NULL);
	default:
		return set_diagnostics(p, row->id, value);
	}
}

static enum iov_status parse_list(struct parse *p, char **argv, int argc);

/* Words of an @file: white space separates; quotes and backslashes as in the shell. */
static char *next_word(char **at, struct iov_arena *arena)
{
	char *in = *at + strspn(*at, " \t\r\n"), *word, *to, quote = 0;

	if (!*in)
		return NULL;
	word = to = arena_alloc(arena, strlen(in) + 1);
	for (; word && *in && (quote || !strchr(" \t\r\n", *in)); in++) {
		if (*in == '\\' && in[1] && quote != '\'')
			*to++ = *++in;
		else if (*in == quote)
			quote = 0;
		else if (!quote && (*in == '"' || *in == '\''))
			quote = *in;
		else
			*to++ = *in;
	}
	*at = in;
	return word;
}

static enum iov_status parse_file(struct parse *p, const char *path)
{
	struct iov_buf text = {0};
	struct iov_option_list words = {0};
	enum iov_status status;
	char *at, *word;

	if (p->at_depth >= 16)
		return usage(p, "@%s: files that name files, more than 16 deep", path);
	status = input_read(path, 1 << 20, &text, p->sink);
	if (status != IOV_OK) {
		buf_free(&text);
		return status;
	}
	at = arena_copy(p->arena, text.data, text.len);
	buf_free(&text);
	if (!at)
		return IOV_NOMEM;
	while ((word = next_word(&at, p->arena)))
		plan_push(&words, word, p->arena);
	p->at_depth++;
	status = parse_list(p, (char **)words.items, (int)words.count);
	p->at_depth--;
	return status;
}

/* The option of iovcc's own that a word of two dashes most likely was meant to be; Clang suggests among its own. */
static const char *nearest(const char *arg)
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

static enum iov_status misspelt(struct parse *p, const char *arg, const char *meant)
{
	struct iov_diag *d = diag_add(p->sink, DIAG_USAGE, IOV_NOWHERE, "there is no option '%s'", arg);

	diag_hint(d, "did you mean %s?", meant);
	return IOV_USAGE;
}

static enum iov_status parse_one(struct parse *p, char **argv, int argc, int *i)
{
	const char *arg = argv[*i], *value, *separate = NULL;
	const struct option_row *row;

	if (p->end_of_options || arg[0] != '-' || !arg[1]) {
		plan_push(&p->plan->inputs, arg, p->arena);
		return IOV_OK;
	}
	if (!strcmp(arg, "--")) {
		p->end_of_options = true;
		return IOV_OK;
	}
	row = find_row(arg);
	if (!row && arg[1] == '-' && nearest(arg))
		return misspelt(p, arg, nearest(arg));
	if (!row) {
		plan_push(&p->plan->clang, arg, p->arena);
		return IOV_OK;
	}
	value = arg + strlen(row->name);
	if (row->form == FORM_SEPARATE || (row->form == FORM_EITHER && !*value)) {
		if (++*i >= argc)
			return usage(p, "%s needs a value", arg);
		separate = value = argv[*i];
	}
	return apply(p, row, arg, value, separate);
}

static enum iov_status parse_list(struct parse *p, char **argv, int argc)
{
	enum iov_status status = IOV_OK;

	for (int i = 0; i < argc && status == IOV_OK; i++) {
		if (argv[i][0] == '@' && argv[i][1] && !p->end_of_options)
			status = parse_file(p, argv[i] + 1);
		else
			status = parse_one(p, argv, argc, &i);
	}
	return status;
}

enum iov_status plan_make(int argc, char **argv, struct iov_arena *arena, struct iov_sink *sink,
			  struct iovcc_plan *plan)
{
	struct parse p = {.plan = plan, .arena = arena, .sink = sink};
	enum iov_status status;

	*plan = (struct iovcc_plan){.codegen = {.cpu = 3, .optimise = 2, .max_stack = 512}};
	status = parse_list(&p, argv + 1, argc - 1);
	return status == IOV_OK ? plan_check(plan, sink) : status;
}

void plan_help(struct iov_buf *out)
{
	buf_puts(out, "Usage: iovcc [OPTION]... FILE...\nCompile C to verified eBPF objects.\n\n");
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
