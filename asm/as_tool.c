/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: iovas's options and its files. */
#include "asm/as.h"

#include "asm/base/output.h"
#include "asm/yaml/platform_read.h"

#include <stddef.h>
#include <string.h>

const struct iov_option iov_as_tool_rows[] = {
	{'o', "output", IOV_OPT_STRING, offsetof(struct iov_as_tool_options, output), "FILE",
	 "write the object here (default: the input's name with .o)", NULL},
	{'I', "include", IOV_OPT_LIST, offsetof(struct iov_as_tool_options, include_dirs), "FOLDER",
	 "look here for .include and .incbin, after the folder of the file that names them", NULL},
	{'D', "define", IOV_OPT_LIST, offsetof(struct iov_as_tool_options, defines), "NAME[=VALUE]",
	 "give a name to a value (1), as .set would before the first line", NULL},
	{'O', NULL, IOV_OPT_FLAG, offsetof(struct iov_as_tool_options, optimize), NULL,
	 "rewrite instructions where that saves some; without it, what is written is what comes out", NULL},
	{0, "cpu", IOV_OPT_STRING, offsetof(struct iov_as_tool_options, cpu), "LEVEL",
	 "reject instructions beyond this level: v1, v2, v3 or v4 (default: the platform's, or v4)", NULL},
	{0, "platform", IOV_OPT_STRING, offsetof(struct iov_as_tool_options, platform), "NAME",
	 "reject instructions, helpers, map and program types that this platform lacks: a name or a file", NULL},
	{0, "EB", IOV_OPT_FLAG, offsetof(struct iov_as_tool_options, big_endian), NULL, "make a big-endian object",
	 NULL},
	{0, "EL", IOV_OPT_FLAG, offsetof(struct iov_as_tool_options, little_endian), NULL,
	 "make a little-endian object (default)", NULL},
	{0},
};

static const char *output_name(const struct iov_as_tool_options *o, const char *input, struct iov_arena *arena)
{
	const char *slash = strrchr(input, '/'), *base = slash ? slash + 1 : input, *dot = strrchr(base, '.');

	if (o->output)
		return o->output;
	if (!strcmp(input, "-"))
		return "-";
	return arena_printf(arena, "%.*s.o", dot && dot > base ? (int)(dot - base) : (int)strlen(base), base);
}

static enum iov_status read_options(const struct iov_as_tool_options *o, struct iov_as_options *as,
				    struct iov_arena *arena, struct iov_sink *sink)
{
	as->include_dirs = o->include_dirs;
	as->defines = o->defines;
	as->big_endian = o->big_endian;
	as->optimize = o->optimize;
	if (o->cpu) {
		const char *p = o->cpu + (*o->cpu == 'v');

		if (*p < '1' || *p > '4' || p[1]) {
			diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "--cpu is v1, v2, v3 or v4, not '%s'", o->cpu);
			return IOV_USAGE;
		}
		as->cpu = (uint32_t)(*p - '0');
	}
	return o->platform ? platform_open(o->platform, arena, sink, &as->platform) : IOV_OK;
}

static enum iov_status assemble_file(const char *path, const struct iov_as_tool_options *o,
				     const struct iov_as_options *as, struct iov_arena *arena, struct iov_sink *sink)
{
	const char *output = output_name(o, path, arena);
	struct iov_buf text, object;
	enum iov_status status;

	buf_init(&text, arena->alloc);
	buf_init(&object, arena->alloc);
	status = output ? input_read(path, 0, &text, sink) : IOV_NOMEM;
	if (!status && !buf_cstr(&text))
		status = IOV_NOMEM;
	if (!status)
		status = as_assemble((const char *)text.data, text.len, strcmp(path, "-") ? path : "<stdin>", as,
				     arena->alloc, sink, &object);
	if (!status)
		status = output_write(output, object.data, object.len, sink);
	buf_free(&object);
	buf_free(&text);
	return status;
}

enum iov_status as_files(void *options, const struct iov_option_list *files, struct iov_arena *arena,
			 struct iov_sink *sink)
{
	const struct iov_as_tool_options *o = options;
	struct iov_as_options as = {0};
	enum iov_status status = read_options(o, &as, arena, sink), result = IOV_OK;

	if (status)
		return status;
	if (!files->count || (files->count > 1 && o->output)) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE,
				   files->count ? "-o names one object for several files" : "no file is named"),
			  "iovas module.s -o module.o");
		return IOV_USAGE;
	}
	for (size_t i = 0; i < files->count; i++) {
		status = assemble_file(files->items[i], o, &as, arena, sink);
		result = status ? status : result;
	}
	return result;
}
