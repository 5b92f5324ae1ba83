/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: what iovcc prints about itself and its platforms. */
#include "frontend/driver.h"

#include "asm/base/output.h"
#include "asm/base/tool.h"
#include "asm/yaml/platform_read.h"
#include "frontend/search.h"
#include "linker/object/btf_header.h"
#include "linker/object/target.h"

#include <llvm/Config/llvm-config.h>
#include <string.h>
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

/* --print-vmlinux, --print-vmlinux=BTF or --print-vmlinux BTF. */
static enum iov_status show_vmlinux(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				    struct iov_buf *out)
{
	const char *from = *plan->query_arg ? plan->query_arg : plan->input_count ? plan->inputs[0].path : "auto";
	struct iov_btf *btf;
	enum iov_status status = target_read(from, arena, sink, &btf);

	return status == IOV_OK ? btf_header(btf, arena, sink, out) : status;
}

/* A word of YAML. */
static void put_quoted(const char *word, struct iov_buf *out)
{
	buf_putc(out, '\'');
	for (; *word; word++)
		buf_printf(out, *word == '\'' ? "''" : "%c", *word);
	buf_putc(out, '\'');
}

/* What clangd, which is another Clang, must be told: target, headers, the options on this command line; and what it
 * must not see. */
static enum iov_status show_clangd(const struct iovcc_plan *plan, struct iov_arena *arena, struct iov_sink *sink,
				   struct iov_buf *out)
{
	const char *unpacked = headers_unpacked(arena);
	struct iov_option_list none = {0};
	struct search search;

	if (!unpacked) {
		diag_hint(diag_add(sink, DIAG_FILE_WRITE, IOV_NOWHERE,
				   "the headers inside iovcc cannot be put where clangd finds them"),
			  "XDG_CACHE_HOME names a folder that can be written; else it is ~/.cache");
		return IOV_DIAGNOSED;
	}
	search_read(&none, unpacked, arena, &search);
	buf_printf(out, "# Made by iovcc %s --print-clangd-config: put it into .clangd at the top of the sources.\n",
		   IOV_VERSION);
	buf_puts(out, "CompileFlags:\n  Remove: ['--platform=*', '--target-btf=*', '-fiov-*', '-fno-iov-*', '-Wiov-*', "
		      "'-Wno-iov-*']\n  Add:\n");
	buf_printf(out, "    - --target=%s\n    - -mcpu=v%d\n    - -nostdlibinc\n",
		   plan->codegen.big_endian ? "bpfeb" : "bpfel", plan->codegen.cpu);
	for (size_t i = 0; i < plan->clang.count; i++) {
		buf_puts(out, "    - ");
		put_quoted(plan->clang.items[i], out);
		buf_putc(out, '\n');
	}
	for (size_t i = 1; i < search.angled.count; i++) { /* behind Clang's own: clangd has its own */
		buf_puts(out, "    - -isystem\n    - ");
		put_quoted(search.angled.items[i], out);
		buf_putc(out, '\n');
	}
	return IOV_OK;
}

/* Clang's own headers, on disk where they can be. */
static enum iov_status show_resources(const char *below, struct iov_arena *arena, struct iov_buf *out)
{
	const char *unpacked = headers_unpacked(arena);

	buf_printf(out, "%s%s%s\n", unpacked ? unpacked : IOV_VIRTUAL_ROOT,
		   IOV_VIRTUAL_RESOURCES + sizeof(IOV_VIRTUAL_ROOT) - 1, below);
	return IOV_OK;
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
	if (found == plan->query_arg && !strcmp(found, "include"))
		return show_resources("/include", arena, out);
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

/* -o is for what is meant to be a file. What is said about the tool, build systems ask for beside a -o of their own. */
static const char *place_of(const struct iovcc_plan *plan)
{
	bool file = plan->query == IOVCC_PRINT_VMLINUX || plan->query == IOVCC_PRINT_CLANGD ||
		    plan->query == IOVCC_PRINT_PLATFORM;

	return file && plan->output ? plan->output : "-";
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
	case IOVCC_PRINT_VMLINUX:
		status = show_vmlinux(plan, arena, sink, &out);
		break;
	case IOVCC_PRINT_CLANGD:
		status = show_clangd(plan, arena, sink, &out);
		break;
	case IOVCC_HELP:
		plan_help(*plan->query_arg, &out);
		break;
	case IOVCC_MULTI_LIB:
		buf_puts(&out, ".;\n");
		break;
	case IOVCC_MULTI_FOLDER:
		buf_puts(&out, ".\n");
		break;
	case IOVCC_TARGETS:
		buf_puts(&out, "  Registered Targets:\n    bpf   - BPF (little endian)\n    bpfeb - BPF (big endian)\n"
			       "    bpfel - BPF (little endian)\n");
		break;
	case IOVCC_CPUS:
		buf_puts(&out, "Available CPUs for this target:\n\n\tgeneric\n\tv1\n\tv2\n\tv3\n\tv4\n");
		break;
	case IOVCC_DUMP_VERSION:
		buf_puts(&out, LLVM_VERSION_STRING "\n");
		break;
	case IOVCC_LINKER_VERSION:
		buf_printf(&out, "iovld %s (takes the common options of GNU linkers)\n", IOV_VERSION);
		break;
	case IOVCC_FILE_NAME:
		status = find_file(plan, arena, &out);
		break;
	case IOVCC_RESOURCE_DIR:
		status = show_resources("", arena, &out);
		break;
	case IOVCC_PROG_NAME:
		buf_printf(&out, "%s\n", plan->query_arg);
		break;
	case IOVCC_SEARCH_DIRS:
		show_folders(plan, &out);
		break;
	case IOVCC_DUMP_MACHINE:
		buf_puts(&out, plan->codegen.big_endian ? "bpfeb\n" : "bpfel\n");
		break;
	default:
		/* Build systems look for "clang version", and take the first number for Clang's. */
		buf_printf(&out, "iovcc clang version " LLVM_VERSION_STRING " (iovcc %s)\nTarget: %s\n", IOV_VERSION,
			   plan->codegen.big_endian ? "bpfeb" : "bpfel");
	}
	if (status == IOV_OK && plan->query == IOVCC_COMPILE) /* -v, beside other output */
		status = !out.failed && write(STDERR_FILENO, out.data, out.len) < 0 ? IOV_DIAGNOSED : IOV_OK;
	else if (status == IOV_OK)
		status = out.failed ? IOV_NOMEM : output_write(place_of(plan), out.data, out.len, sink);
	buf_free(&out);
	return status;
}
