/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what iovcc prints about itself and its platforms. */
#include "frontend/driver.h"

#include "asm/base/output.h"
#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"

#include <unistd.h>

static enum iov_status show_platform(const char *name, struct iov_arena *arena, struct iov_sink *sink,
				     struct iov_buf *out)
{
	const struct iov_platform *platform;
	enum iov_status status = platform_open(name, arena, sink, &platform);

	if (status == IOV_OK)
		platform_print(platform, out);
	return status == IOV_DIAGNOSED ? IOV_USAGE : status;
}

/* As compilers do: the first folder of -L that has the file; else the name as it stands. */
static enum iov_status find_file(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_buf *out)
{
	const char *found = plan->query_arg;

	for (size_t i = 0; i < plan->folders.count && found == plan->query_arg; i++) {
		const char *path = arena_printf(arena, "%s/%s", plan->folders.items[i], plan->query_arg);

		if (!path)
			return IOV_NOMEM;
		if (!access(path, R_OK))
			found = path;
	}
	buf_printf(out, "%s\n", found);
	return IOV_OK;
}

/* iovcc starts no programs and has no libraries of its own. */
static void show_folders(const struct iovcc_plan *plan, struct iov_buf *out)
{
	buf_puts(out, "install: " IOV_VIRTUAL_ROOT "\nprograms: =\nlibraries: =");
	for (size_t i = 0; i < plan->folders.count; i++)
		buf_printf(out, "%s%s", i ? ":" : "", plan->folders.items[i]);
	buf_putc(out, '\n');
}

enum iov_status driver_answer(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink)
{
	enum iov_status status = IOV_OK;
	struct iov_buf out = {0};

	switch (plan->query) {
	case IOVCC_EXPLAIN:
		return tool_explain(plan->query_arg, sink);
	case IOVCC_PRINT_PLATFORM:
		status = show_platform(plan->query_arg, arena, sink, &out);
		break;
	case IOVCC_HELP:
		plan_help(&out);
		break;
	case IOVCC_DUMP_VERSION:
		buf_printf(&out, "%s\n", IOV_VERSION);
		break;
	case IOVCC_LINKER_VERSION:
		buf_printf(&out, "iovld %s (takes the common options of GNU linkers)\n", IOV_VERSION);
		break;
	case IOVCC_FILE_NAME:
		status = find_file(plan, arena, &out);
		break;
	case IOVCC_SEARCH_DIRS:
		show_folders(plan, &out);
		break;
	case IOVCC_DUMP_MACHINE:
		buf_puts(&out, plan->codegen.big_endian ? "bpfeb\n" : "bpfel\n");
		break;
	default:
		buf_printf(&out, "iovcc %s (Clang and LLVM 19)\n", IOV_VERSION);
	}
	if (status == IOV_OK)
		status = out.failed ? IOV_NOMEM : output_write("-", out.data, out.len, sink);
	buf_free(&out);
	return status;
}
