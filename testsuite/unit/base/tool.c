/* SPDX-License-Identifier: Apache-2.0 */
/* tool_main() from the outside: exit codes, and what goes to which stream. */
#include "asm/base/tool.h"
#include "asm/base/output.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct options {
	uint64_t status;
};

static const struct iov_option rows[] = {
	{0, "status", IOV_OPT_UINT, offsetof(struct options, status), "N", "Return N", NULL},
	{0},
};

static enum iov_status run(void *options, const struct iov_option_list *operands, struct iov_arena *arena,
			   struct iov_sink *sink)
{
	struct options *o = options;

	for (size_t i = 0; i < operands->count; i++)
		diag_add(sink, DIAG_FILE_READ, IOV_NOWHERE, "cannot read %s", operands->items[i]);
	return arena_alloc(arena, 8) ? (enum iov_status)o->status : IOV_NOMEM;
}

static const struct iov_tool tool = {{"iovtest", "a tool", "FILE...", rows, NULL}, sizeof(struct options), run};

struct result {
	int exit;
	char out[4096], err[4096];
};

static void read_back(FILE *f, char *into, size_t size)
{
	rewind(f);
	into[fread(into, 1, size - 1, f)] = 0;
	fclose(f);
}

/* Runs the tool in a child with its streams in files. */
static struct result call(char *arg1, char *arg2)
{
	char *argv[] = {"iovtest", arg1, arg2, NULL};
	FILE *out = tmpfile(), *err = tmpfile();
	struct result r = {0};
	int status;
	pid_t child = fork();

	if (!child) {
		dup2(fileno(out), 1);
		dup2(fileno(err), 2);
		_exit(tool_main(&tool, arg1 ? arg2 ? 3 : 2 : 1, argv));
	}
	waitpid(child, &status, 0);
	r.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	read_back(out, r.out, sizeof(r.out));
	read_back(err, r.err, sizeof(r.err));
	return r;
}

Test(tool, success_is_silent)
{
	struct result r = call(NULL, NULL);

	cr_assert_eq(r.exit, 0);
	cr_assert_str_eq(r.out, "");
	cr_assert_str_eq(r.err, "");
}

Test(tool, every_status_has_its_exit_code_and_its_words)
{
	struct result r;

	r = call("x", NULL);
	cr_expect_eq(r.exit, 1, "an error in the sink is never a success");
	cr_expect_str_eq(r.err, "iovtest: error: cannot read x [IOV-B002]\n");
	r = call("--status=2", NULL);
	cr_expect_eq(r.exit, 1);
	cr_expect_str_eq(r.err, "iovtest: error: out of memory [IOV-B004]\n");
	r = call("--status=4", NULL);
	cr_expect_eq(r.exit, 70);
	cr_expect(strstr(r.err, "fatal error: ") && strstr(r.err, "[IOV-B070]"));
	r = call("--nonsense", NULL);
	cr_expect_eq(r.exit, 2);
	cr_expect(strstr(r.err, "unknown option '--nonsense'"));
}

Test(tool, texts_about_the_tool)
{
	struct result r = call("--version", NULL);

	cr_expect(r.exit == 0 && !strcmp(r.out, "iovtest " IOV_VERSION "\n"));
	r = call("--help", NULL);
	cr_expect(r.exit == 0 && strstr(r.out, "usage: iovtest") && strstr(r.out, "--status=N") && !*r.err);
	r = call("--man", NULL);
	cr_expect(r.exit == 0 && strstr(r.out, ".SH SYNOPSIS"));
	r = call("--explain", "iov-b003");
	cr_expect(r.exit == 0 && !strncmp(r.out, "IOV-B003: cannot write a file\n\n", 31));
	r = call("--explain", "IOV-Q1");
	cr_expect(r.exit == 2 && strstr(r.err, "no diagnostic has the code 'IOV-Q1'"));
}

Test(tool, diagnostics_in_a_file)
{
	char path[] = "/tmp/iov-tool.XXXXXX", option[64];
	struct iov_buf b = {0};
	struct iov_sink sink;
	struct result r;

	close(mkstemp(path));
	snprintf(option, sizeof(option), "--diagnostics-file=%s", path);
	r = call(option, "x");
	cr_assert_eq(r.exit, 1);
	cr_assert_str_eq(r.err, "");
	sink_init(&sink, NULL);
	cr_assert_eq(input_read(path, 0, &b, &sink), IOV_OK);
	cr_assert_str_eq(buf_cstr(&b), "iovtest: error: cannot read x [IOV-B002]\n");
	buf_free(&b);
	unlink(path);
	r = call("--diagnostics-file=/nowhere/f", "x");
	cr_assert_eq(r.exit, 1);
	cr_assert(strstr(r.err, "cannot read x") && strstr(r.err, "cannot write /nowhere/f"),
		  "said somewhere at least");
	r = call("--diagnostics-file=/nowhere/f", NULL);
	cr_assert_eq(r.exit, 1, "diagnostics that cannot be written are a failure");
}
