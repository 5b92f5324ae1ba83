/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what every tool's main does: options, one library call, render diagnostics, exit code. */
#ifndef IOV_BASE_TOOL_H
#define IOV_BASE_TOOL_H

#include "asm/base/option.h"

/** A tool: its option table and its one library call. `options` points at a zeroed struct of `options_size` bytes that
 * the table's offsets refer to. */
struct iov_tool {
	struct iov_option_spec spec;
	size_t options_size;
	enum iov_status (*run)(void *options, const struct iov_option_list *operands, struct iov_arena *arena,
			       struct iov_sink *sink);
};

/** Parse, run, render to stderr (or --diagnostics-file), and return the exit code. Handles --help, --version, --explain
 * and the hidden --man (used to generate the man page's SYNOPSIS and OPTIONS). */
int tool_main(const struct iov_tool *tool, int argc, char **argv);

/** For a tool whose options have a syntax of their own (iovcc): render the sink, and give the exit code. */
int tool_finish(const char *tool, const struct iov_option_common *common, enum iov_status status,
		struct iov_sink *sink);
/** Print the long explanation of a diagnostic's code to standard output. */
enum iov_status tool_explain(const char *code, struct iov_sink *sink);

#define IOV_VERSION "0.1.0"

#endif
