/* SPDX-License-Identifier: Apache-2.0 */
/* iovcc: C (the BPF subset) to verified eBPF objects. A drop-in compiler driver. */
#include "frontend/driver.h"

#include "asm/base/tool.h"

int main(int argc, char **argv)
{
	struct iovcc_plan plan = {0};
	struct iov_arena arena = {0};
	enum iov_status status;
	struct iov_sink sink;
	int code;

	sink_init(&sink, NULL);
	status = plan_make(argc, argv, &arena, &sink, &plan);
	if (status == IOV_OK && (plan.query != IOVCC_COMPILE || plan.verbose))
		status = driver_answer(&plan, &arena, &sink);
	if (status == IOV_OK && plan.query == IOVCC_COMPILE)
		status = driver_run(&plan, &arena, &sink);
	code = tool_finish("iovcc", &plan.common, status, &sink);
	arena_free(&arena);
	sink_free(&sink);
	return code;
}
