/* SPDX-License-Identifier: Apache-2.0 */
/* iovverify: every program of every object, for every platform named. */
#include "asm/base/tool.h"
#include "backend/assess/assess.h"

int main(int argc, char **argv)
{
	static const struct iov_tool tool = {
		.spec = {.tool = "iovverify",
			 .summary = "verify eBPF objects and explain what is wrong",
			 .operands = "OBJECT...",
			 .options = assess_option_table,
			 .epilogue = "Exit codes: 0 all accepted, 1 any rejected or unreadable, 2 wrong command line."},
		.options_size = sizeof(struct assess_options),
		.run = assess_tool,
	};

	return tool_main(&tool, argc, argv);
}
