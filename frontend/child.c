/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one compile in one child process. LLVM 19 keeps state across CO-RE compiles and aborts where it meets its own
 * bugs: neither reaches the driver. The child's standard error (LLVM's last words) is kept for the bug report. Both are
 * files in memory, so that a child never waits for the driver to read. */
#include "frontend/driver.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK_BYTES = 96 << 20 };

static bool write_all(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static void read_all(int fd, struct iov_buf *into)
{
	if (lseek(fd, 0, SEEK_SET) < 0)
		return;
	for (;;) {
		void *room = buf_grow(into, 65536);
		ssize_t n = room ? read(fd, room, 65536) : -1;

		into->len -= room ? 65536 - (size_t)(n > 0 ? n : 0) : 0;
		if (n < 0 && errno == EINTR && room)
			continue;
		if (n <= 0)
			return;
	}
}

/* Clang recurses over what nests in the source. Linux keeps at least 128 MB of addresses free below a stack. */
static void deep_stack(void)
{
	struct rlimit stack;

	if (getrlimit(RLIMIT_STACK, &stack) || stack.rlim_cur >= STACK_BYTES)
		return;
	stack.rlim_cur = stack.rlim_max < STACK_BYTES ? stack.rlim_max : STACK_BYTES;
	setrlimit(RLIMIT_STACK, &stack);
}

/* A signal should be reported by the parent, once, and leave no core file in the user's folder. */
static void quiet_crash(int words)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	if (words >= 0)
		dup2(words, STDERR_FILENO);
}

static _Noreturn void child_main(const struct iovcc_plan *plan, const struct iovcc_step *step, int result_fd, int words)
{
	struct iov_sink sink;
	struct iov_arena arena;
	struct iovcc_result result = {0};
	struct iov_buf wire = {0};
	enum iov_status status;

	quiet_crash(words);
	deep_stack();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sink_init(&sink, NULL);
	arena_init(&arena, NULL);
	status = compile_step(plan, step, &arena, &sink, &result);
	wire_write(status, &sink, &result, &wire);
	_exit(!wire.failed && write_all(result_fd, wire.data, wire.len) ? 0 : 71); /* style: may exit: the child */
}

static void add_last_words(struct iov_diag *d, int words)
{
	struct iov_buf text = {0};
	char *line, *next;

	read_all(words, &text);
	if (buf_cstr(&text)) {
		for (line = (char *)text.data; line && *line; line = next) {
			next = strchr(line, '\n');
			if (next)
				*next++ = 0;
			diag_why(d, IOV_NOWHERE, "%s", line);
		}
	}
	buf_free(&text);
}

static enum iov_status report_crash(const char *input, int wait_status, int words, struct iov_sink *sink)
{
	struct iov_span where = IOV_NOWHERE;
	struct iov_diag *d;

	where.file = input;
	if (WIFSIGNALED(wait_status))
		d = diag_add(sink, DIAG_COMPILER_CRASH, where, "the compiler crashed on this file (signal %d, %s)",
			     WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
	else
		d = diag_add(sink, DIAG_COMPILER_CRASH, where, "the compiler ended without a result (exit code %d)",
			     WEXITSTATUS(wait_status));
	add_last_words(d, words);
	return IOV_BUG;
}

static enum iov_status cannot(struct iov_sink *sink, const char *what)
{
	diag_add(sink, DIAG_NO_MEMORY, IOV_NOWHERE, "cannot %s: %s", what, strerror(errno));
	return IOV_DIAGNOSED;
}

enum iov_status child_start(const struct iovcc_plan *plan, const struct iovcc_step *step, struct iov_sink *sink,
			    struct iovcc_child *child)
{
	*child = (struct iovcc_child){.step = step, .words = -1};
	child->result = memfd_create("iovcc-result", MFD_CLOEXEC);
	if (child->result < 0)
		return cannot(sink, "make a file in memory");
	child->words = memfd_create("iovcc-stderr", MFD_CLOEXEC);
	child->pid = fork();
	if (child->pid == 0)
		child_main(plan, step, child->result, child->words);
	if (child->pid > 0)
		return IOV_OK;
	close(child->result);
	if (child->words >= 0)
		close(child->words);
	child->pid = 0;
	return cannot(sink, "start the compiling process");
}

enum iov_status child_finish(struct iovcc_child *child, int wait_status, struct iov_sink *sink,
			     struct iovcc_result *result)
{
	struct iov_buf wire = {0};
	enum iov_status status = IOV_BUG;

	read_all(child->result, &wire);
	if (wait_status || !wire_read(&wire, &status, sink, result))
		status = report_crash(child->step->input.path, wait_status, child->words, sink);
	buf_free(&wire);
	close(child->result);
	if (child->words >= 0)
		close(child->words);
	child->pid = 0;
	return status;
}
