/* SPDX-License-Identifier: Apache-2.0 */
/* iovrun: verify an IO module and run recorded packets through it. */
#include "asm/base/tool.h"
#include "runtime/run/run.h"

int main(int argc, char **argv)
{
	static const struct iov_tool tool = {
		.spec =
			{
				.tool = "iovrun",
				.summary = "verify an IO module and run recorded packets through it",
				.operands = "MODULE",
				.options = run_option_table,
				.epilogue = "The module is always verified first. Without --in it is verified, "
					    "compiled and its maps are filled.",
			},
		.options_size = sizeof(struct run_options),
		.run = run_tool,
	};

	return tool_main(&tool, argc, argv);
}
