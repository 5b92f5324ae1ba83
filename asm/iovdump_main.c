/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/tool.h"
#include "asm/dump.h"

int main(int argc, char **argv)
{
	static const struct iov_tool tool = {
		.spec = {.tool = "iovdump",
			 .summary = "show what an eBPF object holds",
			 .operands = "OBJECT...",
			 .options = iov_dump_options,
			 .epilogue = "Without -d, -m or -P: programs and maps in short. Instruction numbers in a "
				     "listing are those of the "
				     "program\nas it is verified and loaded: the functions that it calls follow it."},
		.options_size = sizeof(struct iov_dump_options),
		.run = dump_files,
	};

	return tool_main(&tool, argc, argv);
}
