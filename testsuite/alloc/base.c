/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/option.h"
#include "asm/base/output.h"
#include "asm/base/render.h"
#include "testsuite/alloc/alloc.h"

#include <string.h>

enum iov_status alloc_diag(struct alloc_run *run)
{
	struct iov_span where = {.file = "a.c", .line = 3, .col = 1, .text = "text", .program = "p", .insn = 7};
	struct iov_diag *d = diag_add(&run->sink, DIAG_FILE_READ, where, "message %d", 1);

	diag_why(d, where, "%0*d", 5000, 1);
	diag_hint(d, "hint");
	return run->sink.oom ? IOV_NOMEM : IOV_OK;
}

static enum iov_status render(struct alloc_run *run, enum iov_diag_format format)
{
	struct iov_render how = {.format = format, .colour = true, .tool = "t", .version = "1"};
	struct iov_span where = {.file = "testsuite/alloc/base.c", .line = 12, .col = 9, .len = 4, .insn = -1};
	struct iov_buf out = {.alloc = run->alloc};
	struct iov_diag *d;

	d = diag_add(&run->sink, DIAG_FILE_READ, where, "m");
	diag_path(d, where, "p");
	diag_why(d, where, "w");
	diag_hint(d, "h");
	diag_render(&run->sink, &how, &out);
	return alloc_buf_status(&out);
}

enum iov_status alloc_render_text(struct alloc_run *run) { return render(run, IOV_DIAG_TEXT); }
enum iov_status alloc_render_json(struct alloc_run *run) { return render(run, IOV_DIAG_JSON); }
enum iov_status alloc_render_sarif(struct alloc_run *run) { return render(run, IOV_DIAG_SARIF); }

struct options {
	const char *output;
	struct iov_option_list list;
	int choice;
};

static const char *const choices[] = {"a", "b", NULL};
static const struct iov_option rows[] = {
	{'o', "output", IOV_OPT_STRING, offsetof(struct options, output), "FILE", "Write to FILE", NULL},
	{'l', "list", IOV_OPT_LIST, offsetof(struct options, list), "X", "List", NULL},
	{0, "choice", IOV_OPT_ENUM, offsetof(struct options, choice), "C", "Choose", choices},
	{0},
};
static const struct iov_option_spec spec = {"t", "a tool", "FILE", rows, NULL};

enum iov_status alloc_option_parse(struct alloc_run *run)
{
	char *argv[600] = {"t", "--otput", "--choice=c", "-o", "x"};
	struct iov_option_list operands = {0};
	struct iov_option_common common = {0};
	struct options o = {0};
	enum iov_status status;

	for (int i = 5; i < 599; i++)
		argv[i] = i & 1 ? "-lx" : "operand";
	status = option_parse(&spec, 599, argv, &run->arena, &run->sink, &o, &common, &operands);
	return status == IOV_USAGE ? IOV_DIAGNOSED : status;
}

enum iov_status alloc_option_help(struct alloc_run *run)
{
	struct iov_buf out = {.alloc = run->alloc};

	option_help(&spec, &out);
	option_man(&spec, &out);
	return alloc_buf_status(&out);
}

enum iov_status alloc_input_read(struct alloc_run *run)
{
	struct iov_buf in = {.alloc = run->alloc};
	enum iov_status status = input_read("/proc/self/maps", 0, &in, &run->sink);

	buf_free(&in);
	return status;
}

enum iov_status alloc_output_write(struct alloc_run *run)
{
	return output_write("/dev/full", "x", 1, &run->sink);
}

enum iov_status alloc_buf(struct alloc_run *run)
{
	struct iov_buf b = {.alloc = run->alloc};

	for (int i = 0; i < 5000; i++) {
		buf_printf(&b, "%d", i);
		buf_u32(&b, 1, true);
		buf_align(&b, 8);
		buf_cstr(&b);
	}
	return alloc_buf_status(&b);
}

enum iov_status alloc_arena(struct alloc_run *run)
{
	for (int i = 0; i < 200; i++) {
		if (!arena_array(&run->arena, 5, 20) || !arena_strdup(&run->arena, "abc") ||
		    !arena_printf(&run->arena, "%d", i))
			return IOV_NOMEM;
	}
	return IOV_OK;
}
