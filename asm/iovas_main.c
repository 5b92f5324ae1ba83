/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/as.h"
#include "asm/base/tool.h"

int main(int argc, char **argv)
{
	static const struct iov_tool tool = {
		.spec = {.tool = "iovas",
			 .summary = "assemble eBPF modules",
			 .operands = "FILE...",
			 .options = iov_as_tool_rows,
			 .epilogue = "Both dialects are understood: r0 = *(u8 *)(r1 + 12) and ldxb r0, [r1+12]. "
				     "iovas(1) lists the\n"
				     "directives, iov-isa(7) the instructions."},
		.options_size = sizeof(struct iov_as_tool_options),
		.run = as_files,
	};

	return tool_main(&tool, argc, argv);
}
