/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: running a plan: each input in its own child, outputs written when all of an input's went well. */
#include "frontend/driver.h"

#include "asm/base/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum iov_status write_deps(const struct iovcc_plan *plan, const char *input, const struct iovcc_result *result,
				  struct iov_arena *arena, struct iov_sink *sink)
{
	if (!plan->deps && !plan->deps_only)
		return IOV_OK;
	return output_write(plan_deps_file(plan, input, arena), result->deps.data, result->deps.len, sink);
}

static enum iov_status write_result(const struct iovcc_plan *plan, const char *input, const struct iovcc_result *result,
				    struct iov_arena *arena, struct iov_sink *sink)
{
	enum iov_status status = write_deps(plan, input, result, arena, sink);

	if (status != IOV_OK || plan->mode == IOVCC_SYNTAX || plan->mode == IOVCC_DEPS ||
	    (plan->mode == IOVCC_PREPROCESS && plan->deps_only))
		return status;
	return output_write(plan_output(plan, input, arena), result->out.data, result->out.len, sink);
}

/* -### and -v: Clang's own command line, on standard error as clang writes it. */
static enum iov_status show(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
			    struct iov_sink *sink)
{
	struct iovcc_plan only = *plan;
	struct iovcc_result result = {0};
	enum iov_status status;

	only.show_commands = true;
	status = child_compile(&only, input, arena, sink, &result);
	if (status == IOV_OK && write(STDERR_FILENO, result.out.data, result.out.len) < 0)
		status = IOV_DIAGNOSED;
	buf_free(&result.out);
	buf_free(&result.deps);
	return status;
}

static bool readable(const char *input, struct iov_sink *sink)
{
	struct stat st;
	const char *why = NULL;

	if (access(input, R_OK) || stat(input, &st))
		why = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		why = "it is a directory";
	if (why)
		diag_add(sink, DIAG_FILE_READ, IOV_NOWHERE, "cannot read %s: %s", *input ? input : "''", why);
	return !why;
}

static enum iov_status run_input(const struct iovcc_plan *plan, const char *input, struct iov_arena *arena,
				 struct iov_sink *sink)
{
	struct iovcc_result result = {0};
	enum iov_status status = IOV_OK;

	if (strcmp(input, "-") && !readable(input, sink))
		return IOV_DIAGNOSED;
	if (plan->show_commands || plan->verbose)
		status = show(plan, input, arena, sink);
	if (plan->show_commands || status != IOV_OK)
		return status;
	status = child_compile(plan, input, arena, sink, &result);
	if (status == IOV_OK)
		status = write_result(plan, input, &result, arena, sink);
	buf_free(&result.out);
	buf_free(&result.deps);
	return status;
}

enum iov_status driver_run(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	const struct iov_platform **platforms;
	struct iovcc_plan checked = *plan;
	enum iov_status worst;
	size_t count;

	worst = proof_platforms(plan, arena, sink, &platforms, &count);
	if (worst != IOV_OK)
		return worst == IOV_DIAGNOSED ? IOV_USAGE : worst;
	for (size_t i = 0; i < count; i++)
		if (platforms[i]->max_stack && platforms[i]->max_stack < checked.codegen.max_stack)
			checked.codegen.max_stack = platforms[i]->max_stack;
	for (size_t i = 0; i < plan->inputs.count; i++) {
		enum iov_status status = run_input(&checked, plan->inputs.items[i], arena, sink);

		if (iov_exit_code(status) > iov_exit_code(worst))
			worst = status;
	}
	return worst;
}
