/* SPDX-License-Identifier: Apache-2.0 */
/* iovcc: C (the BPF subset) to verified eBPF objects. A drop-in compiler driver. */
#include "frontend/driver.h"

#include "asm/base/output.h"
#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"

static enum iov_status print(struct iov_buf *out, struct iov_sink *sink)
{
	enum iov_status status = out->failed ? IOV_NOMEM : output_write("-", out->data, out->len, sink);

	buf_free(out);
	return status;
}

static enum iov_status show_platform(const char *name, struct iov_arena *arena, struct iov_sink *sink,
				     struct iov_buf *out)
{
	const struct iov_platform *platform;
	enum iov_status status = platform_open(name, arena, sink, &platform);

	if (status == IOV_OK)
		platform_print(platform, out);
	return status;
}

static enum iov_status run(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	enum iov_status status = IOV_OK;
	struct iov_buf out = {0};

	if (plan->query == IOVCC_EXPLAIN)
		return tool_explain(plan->query_arg, sink);
	if (plan->query == IOVCC_COMPILE && !plan->verbose)
		return driver_run(plan, arena, sink);
	if (plan->query == IOVCC_PRINT_PLATFORM)
		status = show_platform(plan->query_arg, arena, sink, &out);
	else if (plan->query == IOVCC_HELP)
		plan_help(&out);
	else if (plan->query == IOVCC_DUMP_MACHINE)
		buf_puts(&out, plan->codegen.big_endian ? "bpfeb\n" : "bpfel\n");
	else
		buf_printf(&out, "iovcc %s (Clang and LLVM 19)\n", IOV_VERSION);
	if (status == IOV_OK)
		status = print(&out, sink);
	if (status != IOV_OK)
		return status;
	return plan->query == IOVCC_COMPILE ? driver_run(plan, arena, sink) : IOV_OK;
}

int main(int argc, char **argv)
{
	struct iovcc_plan plan = {0};
	struct iov_arena arena = {0};
	enum iov_status status;
	struct iov_sink sink;
	int code;

	sink_init(&sink, NULL);
	status = plan_make(argc, argv, &arena, &sink, &plan);
	if (status == IOV_OK)
		status = run(&plan, &arena, &sink);
	code = tool_finish("iovcc", &plan.common, status, &sink);
	arena_free(&arena);
	sink_free(&sink);
	return code;
}
