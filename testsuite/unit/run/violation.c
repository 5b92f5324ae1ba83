/* SPDX-License-Identifier: Apache-2.0 */
/* A run that belies the verifier: IOV-R099, and the exit code of a bug. No verifier bug is at hand to cause one, so the
 * program is changed behind the verifier's back after it was loaded. */
#include "asm/base/tool.h"
#include "runtime/run/run.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void compile(const char *dir, char *object, size_t size)
{
	char command[256];

	snprintf(object, size, "%s/p.o", dir);
	snprintf(command, sizeof(command),
		 "echo '__attribute__((section(\"xdp\"), used)) int p(void *c) { return 2; }' | "
		 "clang-19 -O2 -target bpf -x c - -c -o %s", object);
	cr_assert_eq(system(command), 0);
}

static void quiet(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	close(null);
}

/* What iovrun does from a loaded module on; `tamper`: the returned constant is not the one that was verified. */
static int run_one(const char *object, bool tamper, char *code, size_t size)
{
	const struct iov_load_options how = {.engine = IOV_ENGINE_CHECKING, .seed = 1};
	static const uint8_t frame[60];
	struct rec_frame frames[] = {{.data = frame, .len = sizeof(frame), .wire_len = sizeof(frame)}};
	struct run_options options = {.repeat = 1, .engine = IOV_ENGINE_CHECKING};
	struct iov_option_common common = {0};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct run run = {.options = &options, .arena = &arena, .sink = &sink, .frames = {.at = frames, .count = 1}};
	enum iov_status status;
	int exit_code;

	sink_init(&sink, NULL);
	cr_assert_eq(iov_module_open_file(object, NULL, &sink, &run.module), IOV_R_OK);
	cr_assert_eq(iov_module_load(run.module, &how, &sink), IOV_R_OK);
	run.program = iov_module_program(run.module, NULL);
	if (tamper)
		run.program->prog->insns[0].imm = 3;
	status = replay(&run);
	snprintf(code, size, "%s", sink.first ? diag_code(sink.first->id) : "");
	quiet();
	exit_code = tool_finish("iovrun", &common, status, &sink);
	buf_free(&run.trace);
	buf_free(&run.event_text);
	buf_free(&run.verdict_csv);
	iov_module_close(run.module);
	arena_free(&arena);
	sink_free(&sink);
	return exit_code;
}

Test(violation, exit_code)
{
	char dir[] = "/tmp/iov-run-XXXXXX", object[64], code[16];

	cr_assert(mkdtemp(dir));
	compile(dir, object, sizeof(object));
	cr_expect_eq(run_one(object, false, code, sizeof(code)), 0);
	cr_expect_str_eq(code, "");
	cr_expect_eq(run_one(object, true, code, sizeof(code)), 70);
	cr_expect_str_eq(code, "IOV-R099");
	unlink(object);
	rmdir(dir);
}
