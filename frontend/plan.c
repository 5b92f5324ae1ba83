/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the plan once the command line has been read: what each input is, the steps that are taken, what is linked, and
 * the names of the outputs. */
#include "frontend/driver.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum iov_status usage(struct iov_sink *sink, const char *what, const char *arg)
{
	struct iov_diag *d = diag_add(sink, DIAG_USAGE, IOV_NOWHERE, what, arg);

	diag_hint(d, "iovcc --help lists the options");
	return IOV_USAGE;
}

/* What files are by their names. `hint`: it is none of iovcc's, and where it belongs. */
static const struct suffix {
	const char *suffix;
	enum iovcc_language language;
	const char *kind, *hint;
} suffixes[] = {
	{".c", IOVCC_C, NULL, NULL},
	{".i", IOVCC_CPP_OUTPUT, NULL, NULL},
	{".s", IOVCC_ASSEMBLY, NULL, NULL},
	{".S", IOVCC_ASSEMBLY_CPP, NULL, NULL},
	{".sx", IOVCC_ASSEMBLY_CPP, NULL, NULL},
	{".o", IOVCC_LINKED, "an object", NULL},
	{".a", IOVCC_LINKED, "an archive", NULL},
	{".ll", IOVCC_IR, "LLVM IR", NULL},
	{".bc", IOVCC_IR, "LLVM bitcode", NULL},
	{".cc", IOVCC_C, "C++", "iovcc compiles C"},
	{".cpp", IOVCC_C, "C++", "iovcc compiles C"},
	{".cxx", IOVCC_C, "C++", "iovcc compiles C"},
	{".rs", IOVCC_C, "Rust", "iovcc compiles C"},
	{".h", IOVCC_C, "a header", "include it in a .c file; -fsyntax-only checks a header by itself"},
};

static const struct suffix *suffix_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (!strcmp(dot, suffixes[i].suffix))
			return &suffixes[i];
	return NULL;
}

/* What names do not say, first bytes do: what is to be linked, and what -flto left to be merged. */
static enum iovcc_language language_within(const char *path, enum iovcc_language other)
{
	uint8_t head[64] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, head, sizeof(head)) : -1;
	enum iov_file_kind kind = got > 0 ? object_kind(head, (size_t)got) : IOV_FILE_UNKNOWN;

	if (fd >= 0)
		close(fd);
	if (kind == IOV_FILE_BITCODE)
		return IOVCC_IR;
	return kind == IOV_FILE_BPF || kind == IOV_FILE_ELF_OTHER || kind == IOV_FILE_ARCHIVE ? IOVCC_LINKED : other;
}

static bool is_folder(const char *path)
{
	struct stat s;

	return !stat(path, &s) && S_ISDIR(s.st_mode);
}

static bool is_text_only(const struct iovcc_plan *plan)
{
	return plan->mode == IOVCC_SYNTAX || plan->mode == IOVCC_PREPROCESS || plan->deps_only;
}

static enum iov_status find_language(const struct iovcc_plan *plan, struct iovcc_input *in, struct iov_sink *sink)
{
	const struct suffix *by_name = suffix_of(in->path);
	struct iov_diag *d;

	if (in->language != IOVCC_AUTO)
		return IOV_OK;
	if (!strcmp(in->path, "-") && (plan->mode == IOVCC_PREPROCESS || plan->mode == IOVCC_DEPS)) {
		in->language = IOVCC_C;
		return IOV_OK;
	}
	if (!strcmp(in->path, "-"))
		return usage(sink, "standard input has no name that says what it is: add -x c, or -E%s", "");
	in->language = by_name ? by_name->language : language_within(in->path, IOVCC_C);
	if (is_folder(in->path))
		in->language = IOVCC_LINKED;
	else if (in->language == IOVCC_LINKED)
		in->language = language_within(in->path, IOVCC_LINKED);
	if (!by_name || !by_name->hint || (is_text_only(plan) && !strcmp(by_name->suffix, ".h")))
		return IOV_OK;
	d = diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "%s is %s, not C", in->path, by_name->kind);
	diag_hint(d, "%s; -x c reads any file as C", by_name->hint);
	return IOV_USAGE;
}

static enum iov_status check_language(const struct iovcc_plan *plan, const struct iovcc_input *in,
				      struct iov_sink *sink)
{
	if ((in->language == IOVCC_ASSEMBLY || in->language == IOVCC_ASSEMBLY_CPP) &&
	    (plan->mode == IOVCC_ASM || plan->emit_llvm))
		return usage(sink, "%s is assembly already: -S and -emit-llvm start from C", in->path);
	return IOV_OK;
}

/* What a link would take. Makefiles hand it to compiles, too, and some a folder that lost its -I: as clang does, it is
 * left out where there is something to compile. */
static enum iov_status leave_out(const struct iovcc_plan *plan, const struct iovcc_input *in, struct iov_sink *sink)
{
	const struct suffix *by_name = suffix_of(in->path);
	bool alone = !plan->step_count;
	struct iov_diag *d = diag_add(sink, alone ? DIAG_USAGE : DIAG_UNUSED_INPUT, IOV_NOWHERE,
				      "%s is %s, and nothing is linked here", in->path,
				      is_folder(in->path) ? "a folder"
				      : by_name		  ? by_name->kind
							  : "an object");

	diag_hint(d, "without -c, iovcc links; -x c reads any file as C");
	return alone ? IOV_USAGE : IOV_OK;
}

const char *plan_module(const struct iovcc_plan *plan)
{
	return plan->output ? plan->output : "module.o";
}

const char *plan_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *plan_with_suffix(const char *path, const char *suffix, struct iov_arena *arena)
{
	const char *dot = strrchr(plan_base_name(path), '.');
	int stem = dot && dot != plan_base_name(path) ? (int)(dot - path) : (int)strlen(path);

	return arena_printf(arena, "%.*s%s", stem, path, suffix);
}

static const char *output_of(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena)
{
	const char *base = strcmp(input, "-") ? plan_base_name(input) : "a";

	if (plan->mode == IOVCC_SYNTAX || plan->mode == IOVCC_DEPS || plan->links ||
	    (plan->mode == IOVCC_PREPROCESS && plan->deps_only))
		return NULL;
	if (plan->output)
		return plan->output;
	switch (plan->mode) {
	case IOVCC_PREPROCESS:
		return "-";
	case IOVCC_ASM:
		return plan_with_suffix(base, plan->emit_llvm ? ".ll" : ".s", arena);
	default:
		return plan_with_suffix(base, plan->emit_llvm ? ".bc" : ".o", arena);
	}
}

/* What is not preprocessed here includes nothing. */
static const char *deps_of(const struct iovcc_plan *plan, const struct iovcc_input *in, struct iov_arena *arena)
{
	const char *input = in->path;

	if (!plan->deps && !plan->deps_only)
		return NULL;
	if (!plan->deps_only && in->language != IOVCC_C && in->language != IOVCC_ASSEMBLY_CPP)
		return NULL;
	if (plan->deps_file)
		return plan->deps_file;
	if (plan->deps_only)
		return plan->output ? plan->output : "-";
	return plan_with_suffix(plan->output && !plan->links ? plan->output : plan_base_name(input), ".d", arena);
}

static enum iov_status check_modes(const struct iovcc_plan *plan, struct iov_sink *sink)
{
	if (!plan->input_count && !plan->libraries.count)
		return usage(sink, "no input file%s", "");
	if (plan->emit_llvm && plan->mode == IOVCC_LINK)
		return usage(sink, "-emit-llvm goes with -S or -c%s", "");
	return IOV_OK;
}

/* What becomes of the steps' results: one source alone is a module as it is; with -flto, all C together. */
static void plan_joints(struct iovcc_plan *plan, struct iov_arena *arena)
{
	size_t assembled = 0, objects;

	for (size_t i = 0; i < plan->step_count; i++)
		assembled += plan_is_assembly(&plan->steps[i]);
	plan->merges = plan->lto && plan->mode == IOVCC_LINK && plan->step_count > assembled;
	objects = plan->merges ? assembled + 1 : plan->step_count;
	plan->links = plan->mode == IOVCC_LINK && (objects != 1 || plan->linked.count || plan->libraries.count ||
						   plan->linker.count || plan->relocatable);
	if (plan->merges) {
		const char *only = plan->step_count == 1 ? plan->steps[0].input.path : plan_module(plan);

		plan->merger.input = (struct iovcc_input){only, IOVCC_IR};
		plan->merger.output = output_of(plan, only, arena);
	}
}

/* -Wl,--version alone, as meson asks. */
static bool asks_linker(const struct iovcc_plan *plan)
{
	return !plan->input_count && plan->linker.count == 1 &&
	       (!strcmp(plan->linker.items[0], "--version") || !strcmp(plan->linker.items[0], "-v"));
}

enum iov_status plan_steps(struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	enum iov_status status = IOV_OK;

	if (plan->query == IOVCC_COMPILE && asks_linker(plan))
		plan->query = IOVCC_LINKER_VERSION;
	if (plan->query != IOVCC_COMPILE || (plan->verbose && !plan->input_count))
		return IOV_OK;
	if (check_modes(plan, sink) != IOV_OK)
		return IOV_USAGE;
	plan->steps = arena_array(arena, plan->input_count, sizeof(*plan->steps));
	if (!plan->steps)
		return IOV_NOMEM;
	for (size_t i = 0; i < plan->input_count; i++) {
		struct iovcc_input *in = &plan->inputs[i];

		if (find_language(plan, in, sink) != IOV_OK || check_language(plan, in, sink) != IOV_OK)
			status = IOV_USAGE;
		else if (in->language == IOVCC_LINKED)
			option_append(&plan->linked, in->path, arena);
		else
			plan->steps[plan->step_count++].input = *in;
	}
	for (size_t i = 0; i < plan->input_count && plan->mode != IOVCC_LINK && status == IOV_OK; i++)
		if (plan->inputs[i].language == IOVCC_LINKED)
			status = leave_out(plan, &plan->inputs[i], sink);
	if (status == IOV_OK && plan->output && plan->step_count > 1 && plan->mode != IOVCC_LINK)
		status = usage(sink, "-o %s cannot take the outputs of several inputs", plan->output);
	if (status == IOV_OK)
		plan_joints(plan, arena);
	for (size_t i = 0; i < plan->step_count; i++) {
		if (!plan->merges)
			plan->steps[i].output = output_of(plan, plan->steps[i].input.path, arena);
		plan->steps[i].deps = deps_of(plan, &plan->steps[i].input, arena);
	}
	return status;
}
