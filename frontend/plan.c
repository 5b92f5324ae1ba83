/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: a plan once the command line has been read: whether it can be carried out, and the names of its outputs. */
#include "frontend/driver.h"

#include <string.h>

void plan_push(struct iov_option_list *list, const char *item, struct iov_arena *arena)
{
	/* Capacity is the next power of two: grown when the count reaches it. NULL-terminated throughout. */
	if ((list->count & (list->count + 1)) == 0) {
		const char **grown = arena_array(arena, 2 * (list->count + 1), sizeof(*grown));

		if (!grown)
			return;
		if (list->count)
			memcpy(grown, list->items, list->count * sizeof(*grown));
		list->items = grown;
	}
	list->items[list->count++] = item;
	list->items[list->count] = NULL;
}

static enum iov_status usage(struct iov_sink *sink, const char *what, const char *arg)
{
	struct iov_diag *d = diag_add(sink, DIAG_USAGE, IOV_NOWHERE, what, arg);

	diag_hint(d, "iovcc --help lists the options");
	return IOV_USAGE;
}

/* What a file is by its name, where it is not C; `hint` says where it belongs. */
static const struct {
	const char *suffix, *kind, *hint;
} not_c[] = {
	{".o", "an object", "iovld links objects, iovverify verifies them"},
	{".a", "an archive", "iovld links archives"},
	{".ll", "LLVM IR", "iovcc starts from C"},
	{".bc", "LLVM bitcode", "iovcc starts from C"},
	{".cc", "C++", "iovcc compiles C"},
	{".cpp", "C++", "iovcc compiles C"},
	{".cxx", "C++", "iovcc compiles C"},
	{".rs", "Rust", "iovcc compiles C"},
	{".h", "a header", "include it in a .c file; -fsyntax-only checks a header by itself"},
};

static enum iov_status check_input(const struct iovcc_plan *plan, const char *input, struct iov_sink *sink)
{
	const char *dot = strrchr(input, '.');
	bool text_only = plan->mode == IOVCC_SYNTAX || plan->mode == IOVCC_PREPROCESS || plan->deps_only;

	if (plan_assembly(plan, input) && (plan->mode == IOVCC_ASM || plan->emit_llvm))
		return usage(sink, "%s is assembly already: -S and -emit-llvm start from C", input);
	if (plan->language_given || plan_assembly(plan, input))
		return IOV_OK;
	if (!strcmp(input, "-"))
		return usage(sink, "standard input has no name that says what it is: add -x c%s", "");
	for (size_t i = 0; dot && i < sizeof(not_c) / sizeof(not_c[0]); i++) {
		struct iov_diag *d;

		if (strcmp(dot, not_c[i].suffix) || (text_only && !strcmp(dot, ".h")))
			continue;
		d = diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "%s is %s, not C", input, not_c[i].kind);
		diag_hint(d, "%s; -x c reads any file as C", not_c[i].hint);
		return IOV_USAGE;
	}
	return IOV_OK;
}

enum iov_status plan_check(const struct iovcc_plan *plan, struct iov_sink *sink)
{
	if (plan->query != IOVCC_COMPILE || (plan->verbose && !plan->inputs.count))
		return IOV_OK;
	if (!plan->inputs.count)
		return usage(sink, "no input file%s", "");
	if (plan->output && plan->inputs.count > 1)
		return usage(sink, "-o %s cannot take the outputs of several inputs", plan->output);
	if (plan->mode == IOVCC_LINK && plan->inputs.count > 1)
		return usage(sink, "several inputs need linking: compile each with -c, then use iovld%s", "");
	if (plan->emit_llvm && plan->mode == IOVCC_LINK)
		return usage(sink, "-emit-llvm goes with -S or -c%s", "");
	for (size_t i = 0; i < plan->inputs.count; i++)
		if (check_input(plan, plan->inputs.items[i], sink) != IOV_OK)
			return IOV_USAGE;
	return IOV_OK;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *with_suffix(const char *path, const char *suffix, struct iov_arena *arena)
{
	const char *dot = strrchr(base_name(path), '.');
	int stem = dot && dot != base_name(path) ? (int)(dot - path) : (int)strlen(path);

	return arena_printf(arena, "%.*s%s", stem, path, suffix);
}

const char *plan_output(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena)
{
	const char *base = strcmp(input, "-") ? base_name(input) : "a";

	if (plan->output && !(plan->deps_only && plan->deps_file))
		return plan->output;
	switch (plan->mode) {
	case IOVCC_PREPROCESS:
	case IOVCC_DEPS:
	case IOVCC_SYNTAX:
		return "-";
	case IOVCC_ASM:
		return with_suffix(base, plan->emit_llvm ? ".ll" : ".s", arena);
	default:
		return with_suffix(base, plan->emit_llvm ? ".bc" : ".o", arena);
	}
}

const char *plan_deps_file(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena)
{
	if (plan->deps_file)
		return plan->deps_file;
	if (plan->deps_only)
		return plan->output ? plan->output : "-";
	return with_suffix(plan->output ? plan->output : base_name(input), ".d", arena);
}
