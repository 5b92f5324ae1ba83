/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/tool.h"
#include "linker/tool.h"

int main(int argc, char **argv)
{
	static const struct iov_tool tool = {
		.spec = {.tool = "iovld",
			 .summary = "link eBPF objects into one module, and verify it",
			 .operands = "FILE...",
			 .options = iov_ld_options,
			 .epilogue = "Files are objects and archives (.a), in any order: the result is the same. Every "
				     "program of "
				     "the\nresult is verified for every platform that is named."},
		.options_size = sizeof(struct iov_ld_options),
		.run = ld_files,
	};

	return tool_main(&tool, argc, argv);
}
