/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: -MJ. For each C source an entry of compile_commands.json (clang/docs/JSONCompilationDatabase.rst) is appended
 * to the file, as clang does it: the user's own words, and the target, which tools that know Clang would not guess. */
#include "frontend/driver.h"

#include "asm/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void put_field(struct iov_buf *out, const char *name, const char *value)
{
	buf_printf(out, "\"%s\": ", name);
	text_json(out, value);
	buf_puts(out, ", ");
}

static void put_entry(const struct iovcc_plan *plan, const struct iovcc_step *step, const char *folder,
		      struct iov_buf *out)
{
	const char *input = step->input.path, *output = step->output ? step->output : "-";

	buf_puts(out, "{ ");
	put_field(out, "directory", folder);
	put_field(out, "file", input);
	put_field(out, "output", output);
	buf_puts(out, "\"arguments\": [\"iovcc\", \"-xc\", ");
	text_json(out, input);
	buf_puts(out, ", \"-o\", ");
	text_json(out, output);
	for (size_t i = 0; i < plan->words.count; i++) {
		buf_puts(out, ", ");
		text_json(out, plan->words.items[i]);
	}
	buf_printf(out, ", \"--target=%s\"]},\n", plan->codegen.big_endian ? "bpfeb" : "bpfel");
}

/* One write: compiles that run side by side may append to the same file. */
static int append(const char *path, const struct iov_buf *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666), err = fd < 0 ? errno : 0;
	ssize_t n = fd < 0 ? -1 : write(fd, text->data, text->len);

	if (fd >= 0 && n != (ssize_t)text->len)
		err = n < 0 ? errno : ENOSPC;
	if (fd >= 0 && close(fd) && !err)
		err = errno;
	return err;
}

enum iov_status database_write(const struct iovcc_plan *plan, struct iov_sink *sink)
{
	char *folder = getcwd(NULL, 0);
	struct iov_buf text = {0};
	enum iov_status status = IOV_OK;
	int err;

	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].input.language == IOVCC_C)
			put_entry(plan, &plan->steps[i], folder ? folder : "/", &text);
	err = text.failed ? 0 : append(plan->database, &text);
	if (err)
		diag_add(sink, DIAG_FILE_WRITE, IOV_NOWHERE, "cannot write %s: %s", plan->database, strerror(err));
	status = text.failed ? IOV_NOMEM : err ? IOV_DIAGNOSED : IOV_OK;
	buf_free(&text);
	free(folder);
	return status;
}
