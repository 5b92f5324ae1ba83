/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovcc's command line read into the plan, option by option. */
#include "frontend/driver.h"

#include "frontend/option_rows.h"

#include <stdlib.h>
#include <string.h>

struct parse {
	struct iovcc_plan *plan;
	struct iov_arena *arena;
	struct iov_sink *sink;
	bool end_of_options;
	enum iovcc_language language; /* what -x said last */
	size_t input_room;
	const char *machines; /* options for other machines' code, between commas; NULL: none */
};

static enum iov_status usage(struct parse *p, const char *what, const char *arg)
{
	struct iov_diag *d = diag_add(p->sink, DIAG_USAGE, IOV_NOWHERE, what, arg);

	diag_hint(d, "iovcc --help lists the options");
	return IOV_USAGE;
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

/* Of a triple, what stands before its first "-" counts. */
static enum iov_status set_target(struct parse *p, const char *value)
{
	static const char *const names[] = {"bpf", "bpfel", "bpfeb", NULL};
	size_t len = strcspn(value, "-");
	int which = 0;

	while (names[which] && (strlen(names[which]) != len || strncmp(names[which], value, len) != 0))
		which++;
	if (!names[which])
		return set_choice(p, value, names, &which, "--target=");
	p->plan->codegen.big_endian = which == 2;
	return IOV_OK;
}

static enum iov_status set_cpu(struct parse *p, const char *value)
{
	static const char *const names[] = {"generic", "v1", "v2", "v3", "v4", NULL};
	enum iov_status status;

	if (!strcmp(value, "probe"))
		return usage(p, "-mcpu=%s depends on the machine that compiles: name v1, v2, v3 or v4", value);
	p->plan->cpu_given = true;
	status = set_choice(p, value, names, &p->plan->codegen.cpu, "-mcpu=");
	if (status == IOV_OK && !p->plan->codegen.cpu)
		p->plan->codegen.cpu = 1;
	return status;
}

static enum iov_status set_optimise(struct parse *p, const char *value, const char *arg)
{
	int level = *value ? *value : '1';

	if (!strcmp(value, "fast") || (strspn(value, "0123456789") == strlen(value) && *value > '3'))
		level = '3'; /* as Clang does */
	else if (!strcmp(value, "g"))
		level = '1';
	else if (strlen(value) > 1 || !strchr("0123sz", level))
		return usage(p, "'%s' is not an optimisation level: 0, 1, 2, 3, s or z", arg);
	p->plan->codegen.optimise = level <= '3' ? level - '0' : level;
	p->plan->optimise_given = true;
	option_append(&p->plan->clang, arena_printf(p->arena, "-O%c", level), p->arena);
	return IOV_OK;
}

static enum iov_status set_language(struct parse *p, const char *value)
{
	static const char *const names[] = {"none", "c", "cpp-output", "assembler", "assembler-with-cpp", "ir"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(value, names[i])) {
			p->language = (enum iovcc_language)i;
			return IOV_OK;
		}
	}
	return usage(p, "-x %s: iovcc compiles C, assembles, and takes LLVM IR", value);
}

/* A decimal number up to `most`. */
static bool read_number(const char *value, unsigned long most, unsigned *out)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	*out = (unsigned)n;
	return *value >= '0' && *value <= '9' && !*end && n <= most;
}

static enum iov_status set_jobs(struct parse *p, const char *value)
{
	if (!read_number(value, 1024, &p->plan->jobs) || !p->plan->jobs)
		return usage(p, "-j %s: not a number of inputs from 1 to 1024", value);
	return IOV_OK;
}

static enum iov_status set_limit(struct parse *p, const char *arg, const char *value, uint32_t *limit)
{
	return read_number(value, 10000000, limit) ? IOV_OK
						   : usage(p, "%s: not a number from 0 (no limit) to 10000000", arg);
}

static enum iov_status set_temps(struct parse *p, const char *value)
{
	static const char *const places[] = {"cwd", "obj", NULL};
	int where = 0;

	if (*value && set_choice(p, value, places, &where, "-save-temps=") != IOV_OK)
		return IOV_USAGE;
	p->plan->temps = where ? IOVCC_TEMPS_BESIDE : IOVCC_TEMPS_HERE;
	return IOV_OK;
}

/* Between commas stand the words of iovld's own command line. */
static enum iov_status push_linker_words(struct parse *p, const char *list)
{
	for (const char *at = list, *comma; at; at = comma) {
		size_t len = strcspn(at, ",");
		const char *word = arena_copy(p->arena, at, len);

		if (!word)
			return IOV_NOMEM;
		comma = at[len] ? at + len + 1 : NULL;
		if (*word)
			option_append(&p->plan->linker, word, p->arena);
	}
	return IOV_OK;
}

/* A name that begins like an option (behind --) is written such that it does not. */
static enum iov_status add_input(struct parse *p, const char *path)
{
	if (path[0] == '-' && path[1])
		path = arena_printf(p->arena, "./%s", path);
	if (!path)
		return IOV_NOMEM;
	if (!arena_grow(p->arena, &p->plan->inputs, p->plan->input_count, &p->input_room, sizeof(*p->plan->inputs)))
		return IOV_NOMEM;
	p->plan->inputs[p->plan->input_count++] = (struct iovcc_input){path, p->language};
	return IOV_OK;
}

/* What is asked for instead of a compile. */
static bool apply_query(struct parse *p, enum option_id id, const char *value)
{
	static const struct {
		enum option_id id;
		enum iovcc_query query;
	} queries[] = {
		{OPT_PRINT_PLATFORM, IOVCC_PRINT_PLATFORM},
		{OPT_PRINT_VMLINUX, IOVCC_PRINT_VMLINUX},
		{OPT_PRINT_CLANGD, IOVCC_PRINT_CLANGD},
		{OPT_EXPLAIN, IOVCC_EXPLAIN},
		{OPT_HELP, IOVCC_HELP},
		{OPT_VERSION, IOVCC_VERSION},
		{OPT_DUMP_MACHINE, IOVCC_DUMP_MACHINE},
		{OPT_DUMP_VERSION, IOVCC_DUMP_VERSION},
		{OPT_SEARCH_DIRS, IOVCC_SEARCH_DIRS},
		{OPT_FILE_NAME, IOVCC_FILE_NAME},
		{OPT_RESOURCE_DIR, IOVCC_RESOURCE_DIR},
		{OPT_PROG_NAME, IOVCC_PROG_NAME},
		{OPT_LIBGCC, IOVCC_FILE_NAME},
		{OPT_MULTI_LIB, IOVCC_MULTI_LIB},
		{OPT_MULTI_FOLDER, IOVCC_MULTI_FOLDER},
		{OPT_TARGETS, IOVCC_TARGETS},
		{OPT_CPUS, IOVCC_CPUS},
	};

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		if (queries[i].id == id) {
			p->plan->query = queries[i].query;
			p->plan->query_arg = id == OPT_LIBGCC ? "libgcc.a" : value;
			return true;
		}
	}
	return false;
}

static void set_deps(struct parse *p, enum option_id id, const char *arg)
{
	if (id == OPT_DEPS)
		p->plan->deps = true;
	else
		p->plan->deps_only = true;
	if (id == OPT_DEPS_ONLY && p->plan->mode == IOVCC_LINK)
		p->plan->mode = IOVCC_DEPS;
	option_append(&p->plan->clang, arg, p->arena);
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

static enum iov_status set_warning(struct parse *p, const char *arg, bool *ours)
{
	const char *suggestion = NULL;
	enum iov_warnings_option known = warnings_option(&p->plan->warnings, arg, &suggestion);
	struct iov_diag *d;

	*ours = known != IOVCC_WARNINGS_NOT_OURS;
	if (known != IOVCC_WARNINGS_UNKNOWN)
		return IOV_OK;
	d = diag_add(p->sink, DIAG_USAGE, IOV_NOWHERE, "'%s': there is no such warning", arg);
	if (suggestion)
		diag_hint(d, "the nearest is iov-%s", suggestion);
	diag_hint(d, "iovcc(1) lists the warnings");
	return IOV_USAGE;
}

static enum iov_status pass(struct parse *p, const char *arg, const char *separate)
{
	bool ours;
	enum iov_status status = set_warning(p, arg, &ours);

	if (ours)
		return status;
	if (!strcmp(arg, "-Werror"))
		p->plan->strict = true;
	if (!strcmp(arg, "-w") || !strcmp(arg, "--no-warnings"))
		p->plan->warnings.none = true;
	option_append(&p->plan->clang, arg, p->arena);
	if (separate)
		option_append(&p->plan->clang, separate, p->arena);
	return IOV_OK;
}

/* Types, which maps and loaders need, come of full information alone: less than that is not asked of Clang. */
static enum iov_status set_debug(struct parse *p, bool on, const char *arg)
{
	static const char *const lesser[] = {"-g1", "-gmlt", "-gline-tables-only", "-gline-directives-only"};

	p->plan->debug_given = true;
	p->plan->codegen.debug = on;
	for (size_t i = 0; i < sizeof(lesser) / sizeof(lesser[0]); i++)
		if (!strcmp(arg, lesser[i]))
			arg = "-g";
	return pass(p, arg, NULL);
}

/* -Wp,-MD,FILE and -Wp,-MMD,FILE are the preprocessor's own way to say -MD -MF FILE; other words are as without -Wp. */
static enum iov_status push_preprocessor_words(struct parse *p, const char *arg, const char *list)
{
	size_t len = strcspn(list, ",");
	bool all = len == 3 && !memcmp(list, "-MD", 3), own = len == 4 && !memcmp(list, "-MMD", 4);

	if (!all && !own)
		return pass(p, arg, NULL);
	if (list[len])
		p->plan->deps_file = list + len + 1;
	set_deps(p, OPT_DEPS, all ? "-MD" : "-MMD");
	return IOV_OK;
}

/* Where the run stops, and what it writes on the way. */
static bool apply_mode(struct parse *p, enum option_id id)
{
	struct iovcc_plan *plan = p->plan;

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
	case OPT_PRUNE:
	case OPT_NO_PRUNE:
		plan->whole_headers = id == OPT_NO_PRUNE;
		return true;
	case OPT_CACHE:
	case OPT_NO_CACHE:
		plan->no_cache = id == OPT_NO_CACHE;
		return true;
	case OPT_LTO:
	case OPT_NO_LTO:
		plan->lto = id == OPT_LTO;
		return true;
	case OPT_RELOCATABLE:
		return plan->relocatable = true;
	case OPT_SHOW:
		return plan->show_commands = true;
	case OPT_VERBOSE:
		return plan->verbose = true;
	case OPT_TIME_REPORT:
		option_append(&plan->clang, "-ftime-report", p->arena);
		return plan->time_report = true;
	default:
		return id == OPT_IGNORE;
	}
}

static enum iov_status set_llvm(struct parse *p, const char *value)
{
	const char *name = value + strspn(value, "-");

	if (!strncmp(name, "help", 4) || !strcmp(name, "version"))
		return usage(p, "-mllvm %s asks LLVM to print about itself and end", value);
	option_append(&p->plan->llvm, value, p->arena);
	return IOV_OK;
}

static enum iov_status apply(struct parse *p, const struct option_row *row, const char *arg, const char *value,
			     const char *separate)
{
	struct iovcc_plan *plan = p->plan;

	if (row->id == OPT_HELP && *value && strcmp(value, "all") != 0)
		return usage(p, "%s: write --help or --help=all", arg);
	if (apply_mode(p, row->id) || apply_query(p, row->id, value))
		return IOV_OK;
	switch (row->id) {
	case OPT_PASS:
		return pass(p, arg, separate);
	case OPT_OUTPUT:
		plan->output = value;
		return *value ? IOV_OK : usage(p, "%s: the name of the output is empty", arg);
	case OPT_OPTIMISE:
		return set_optimise(p, value, arg);
	case OPT_DEBUG:
	case OPT_NO_DEBUG:
		return set_debug(p, row->id == OPT_DEBUG, arg);
	case OPT_PREPROCESSOR_LIST:
		return push_preprocessor_words(p, arg, value);
	case OPT_DEPS:
	case OPT_DEPS_ONLY:
		set_deps(p, row->id, arg);
		return IOV_OK;
	case OPT_DEPS_FILE:
		plan->deps_file = value;
		return IOV_OK;
	case OPT_DATABASE:
		plan->database = value;
		return IOV_OK;
	case OPT_CPU:
		return set_cpu(p, value);
	case OPT_TARGET:
		return set_target(p, value);
	case OPT_PLATFORM:
		option_append(&plan->platforms, value, p->arena);
		return IOV_OK;
	case OPT_TARGET_BTF:
		plan->target_btf = value;
		return IOV_OK;
	case OPT_LLVM:
		return set_llvm(p, value);
	case OPT_LANGUAGE:
		return set_language(p, value);
	case OPT_JOBS:
		return set_jobs(p, value);
	case OPT_MAX_SECONDS:
		return set_limit(p, arg, value, &plan->max_seconds);
	case OPT_MAX_MEMORY:
		return set_limit(p, arg, value, &plan->max_megabytes);
	case OPT_SAVE_TEMPS:
		return set_temps(p, value);
	case OPT_LINKER_LIST:
		return push_linker_words(p, value);
	case OPT_LINKER:
		option_append(&plan->linker, value, p->arena);
		return IOV_OK;
	case OPT_FOLDER:
		option_append(&plan->folders, value, p->arena);
		return IOV_OK;
	case OPT_LIBRARY:
		option_append(&plan->libraries, value, p->arena);
		return IOV_OK;
	default:
		return set_diagnostics(p, row->id, value);
	}
}

static enum iov_status misspelt(struct parse *p, const char *arg, const char *meant)
{
	struct iov_diag *d = diag_add(p->sink, DIAG_USAGE, IOV_NOWHERE, "there is no option '%s'", arg);

	diag_hint(d, "did you mean %s?", meant);
	return IOV_USAGE;
}

/* Those of Clang's options -m… that mean something for BPF have rows. The others tune the code of one machine or
 * another, and stand among a distribution's flags. */
static enum iov_status drop_machine_option(struct parse *p, const char *arg, unsigned words, int *i)
{
	p->machines = p->machines ? arena_printf(p->arena, "%s, %s", p->machines, arg) : arg;
	*i += (int)words - 1;
	return p->machines ? IOV_OK : IOV_NOMEM;
}

static enum iov_status unknown(struct parse *p, const char *arg, const char *clangs)
{
	const char *meant = option_row_nearest(arg);

	if (meant)
		return misspelt(p, arg, meant);
	if (*clangs)
		diag_add(p->sink, DIAG_CLANG_OPTION, IOV_NOWHERE, "unknown argument '%s'; did you mean '%s'?", arg,
			 clangs);
	else
		diag_hint(diag_add(p->sink, DIAG_CLANG_OPTION, IOV_NOWHERE, "unknown argument: '%s'", arg),
			  "iovcc --help=all lists iovcc's own options; clang's others are taken");
	return IOV_USAGE;
}

/* A word that no row names: Clang's, with the values that stand behind it. */
static enum iov_status take_clang(struct parse *p, char **argv, int argc, int *i)
{
	const char *arg = argv[*i];
	struct iov_clang_word word;

	clang_look_up(arg, &word);
	if (!word.words)
		return unknown(p, arg, word.nearest);
	if (word.words > (unsigned)(argc - *i))
		return usage(p, "%s needs a value", arg);
	if (!strncmp(arg, "-m", 2))
		return drop_machine_option(p, arg, word.words, i);
	for (option_append(&p->plan->clang, arg, p->arena); word.words > 1; word.words--)
		option_append(&p->plan->clang, argv[++*i], p->arena);
	return IOV_OK;
}

static enum iov_status parse_one(struct parse *p, char **argv, int argc, int *i)
{
	const char *arg = argv[*i], *value, *separate = NULL;
	const struct option_row *row;

	if (p->end_of_options || arg[0] != '-' || !arg[1]) {
		return add_input(p, arg);
	}
	if (!strcmp(arg, "--")) {
		p->end_of_options = true;
		return IOV_OK;
	}
	row = option_row_find(arg);
	if (!row || (row->id == OPT_PASS && !strncmp(arg, "-f", 2)))
		return take_clang(p, argv, argc, i);
	value = arg + strlen(row->name);
	if (row->form == FORM_SEPARATE || (row->form == FORM_EITHER && !*value)) {
		if (++*i >= argc)
			return usage(p, "%s needs a value", arg);
		separate = value = argv[*i];
	}
	return apply(p, row, arg, value, separate);
}

/* For -MJ: argv[first] to argv[last], unless they are an input, an output or -MJ itself. */
static void keep_words(struct parse *p, char **argv, int first, int last)
{
	const char *word = argv[first];
	const struct option_row *row;

	if (p->end_of_options || word[0] != '-' || !word[1])
		return;
	row = option_row_find(word);
	if (row && (row->id == OPT_OUTPUT || row->id == OPT_DATABASE))
		return;
	for (int i = first; i <= last && argv[i]; i++)
		option_append(&p->plan->words, argv[i], p->arena);
}

enum iov_status plan_make(int argc, char **argv, struct iov_arena *arena, struct iov_sink *sink,
			  struct iovcc_plan *plan)
{
	struct parse p = {.plan = plan, .arena = arena, .sink = sink};
	enum iov_status status = option_expand(&argc, &argv, arena, sink);

	*plan = (struct iovcc_plan){.jobs = 1, .max_seconds = 300, .max_megabytes = 4096,
				    .codegen = {.cpu = 3, .optimise = 2, .max_stack = 512}};
	for (int i = 1, first = 1; i < argc && status == IOV_OK; first = ++i) {
		status = parse_one(&p, argv, argc, &i);
		keep_words(&p, argv, first, i);
	}
	if (status == IOV_OK && p.machines && plan->query == IOVCC_COMPILE)
		diag_add(sink, DIAG_OPTION_PASSED_OVER, IOV_NOWHERE,
			 "options for the code of other machines are ignored: %s", p.machines);
	return status == IOV_OK ? plan_steps(plan, arena, sink) : status;
}
