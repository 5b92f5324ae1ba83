/* SPDX-License-Identifier: Apache-2.0 */
/* The one place in the libraries that writes to standard output and standard error. */
#include "asm/base/tool.h"
#include "asm/base/output.h"
#include "asm/base/render.h"

#include <string.h>
#include <unistd.h>

static enum iov_status print_and_free(struct iov_buf *out, struct iov_sink *sink)
{
	enum iov_status status = out->failed ? IOV_NOMEM : output_write("-", out->data, out->len, sink);

	buf_free(out);
	return status;
}

/* A line of prose in lines of 80 columns; a sequence of UTF-8 is one. */
static void put_prose(struct iov_buf *out, const char *line, size_t len)
{
	size_t column = 0;

	while (len) {
		size_t word = 0, width = 0;

		while (word < len && line[word] != ' ')
			width += (line[word++] & 0xc0) != 0x80;
		if (column && column + 1 + width > 80) {
			buf_putc(out, '\n');
			column = 0;
		}
		buf_printf(out, "%s%.*s", column ? " " : "", (int)word, line);
		column += width + (column != 0);
		word += word < len;
		line += word;
		len -= word;
	}
	buf_putc(out, '\n');
}

/* Examples are indented, and stay as they are. */
static void put_explanation(struct iov_buf *out, const char *text)
{
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (*text == ' ')
			buf_printf(out, "%.*s\n", (int)len, text);
		else
			put_prose(out, text, len);
	}
}

enum iov_status tool_explain(const char *code, struct iov_sink *sink)
{
	enum iov_diag_id id = diag_by_code(code);
	struct iov_buf out = {0};

	if (id == DIAG_COUNT) {
		diag_hint(diag_add(sink, DIAG_USAGE, IOV_NOWHERE, "no diagnostic has the code '%s'", code),
			  "the codes are in brackets at the end of a message, and in iov-diagnostics(7)");
		return IOV_USAGE;
	}
	buf_printf(&out, "%s: %s\n\n", diag_code(id), diag_title(id));
	put_explanation(&out, diag_explanation(id));
	return print_and_free(&out, sink);
}

/* True when the command line asked for a text about the tool, which is then printed. */
static bool about(const struct iov_tool *tool, const struct iov_option_common *common, struct iov_sink *sink,
		  enum iov_status *status)
{
	struct iov_buf out = {0};

	if (common->help)
		option_help(&tool->spec, &out);
	else if (common->man)
		option_man(&tool->spec, &out);
	else if (common->version)
		buf_printf(&out, "%s %s\n", tool->spec.tool, IOV_VERSION);
	else if (common->explain)
		return *status = tool_explain(common->explain, sink), true;
	else
		return false;
	*status = print_and_free(&out, sink);
	return true;
}

static enum iov_status run(const struct iov_tool *tool, int argc, char **argv, struct iov_option_common *common,
			   struct iov_sink *sink)
{
	struct iov_option_list operands = {0};
	struct iov_arena arena = {0};
	enum iov_status status;
	void *options = arena_alloc(&arena, tool->options_size);

	status = options ? option_parse(&tool->spec, argc, argv, &arena, sink, options, common, &operands) : IOV_NOMEM;
	if (status == IOV_OK && !about(tool, common, sink, &status))
		status = tool->run(options, &operands, &arena, sink);
	arena_free(&arena);
	return status;
}

/* No status but IOV_OK leaves without a word, and no error diagnostic leaves with exit code 0. */
static enum iov_status settle(enum iov_status status, struct iov_sink *sink)
{
	if (status == IOV_NOMEM && !sink->errors && !sink->oom)
		diag_add(sink, DIAG_NO_MEMORY, IOV_NOWHERE, "out of memory");
	if (status == IOV_BUG && !sink->errors)
		diag_add(sink, DIAG_BUG, IOV_NOWHERE, "a check on the tool's own state failed");
	return status == IOV_OK && sink->errors ? IOV_DIAGNOSED : status;
}

static enum iov_status report(const char *tool, const struct iov_option_common *common, struct iov_sink *sink)
{
	struct iov_render how = {.format = common->diag_format, .tool = tool, .version = IOV_VERSION,
				 .skip_told = !common->diag_file};
	enum iov_status status = IOV_OK;
	struct iov_buf out = {0};

	how.colour = common->colour == 1 || (common->colour == 0 && !common->diag_file && render_wants_colour(2));
	diag_render(sink, &how, &out);
	if (common->diag_file)
		status = output_write(common->diag_file, out.data, out.len, sink);
	for (size_t done = 0; !common->diag_file && done < out.len;) {
		ssize_t n = write(STDERR_FILENO, out.data + done, out.len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (out.failed)
		status = IOV_NOMEM;
	buf_free(&out);
	return status;
}

int tool_finish(const char *tool, const struct iov_option_common *common, enum iov_status status, struct iov_sink *sink)
{
	enum iov_status reported;

	status = settle(status, sink);
	reported = report(tool, common, sink);
	if (reported != IOV_OK) {
		/* the diagnostics could not be written where they should go: say all on standard error */
		struct iov_option_common plain = {.colour = common->colour};

		report(tool, &plain, sink);
		status = status == IOV_OK ? reported : status;
	}
	return iov_exit_code(status);
}

int tool_main(const struct iov_tool *tool, int argc, char **argv)
{
	struct iov_option_common common = {0};
	enum iov_status status;
	struct iov_sink sink;
	int code;

	sink_init(&sink, NULL);
	status = run(tool, argc, argv, &common, &sink);
	code = tool_finish(tool->spec.tool, &common, status, &sink);
	sink_free(&sink);
	return code;
}
