/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: one compile in one child process. LLVM 19 keeps state across CO-RE compiles and aborts where it meets its own
 * bugs: neither reaches the driver. The child's standard error (LLVM's last words) is kept for the bug report. Both are
 * files in memory, so that a child never waits for the driver to read. */
#include "frontend/driver.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/ucontext.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	STACK_BYTES = 96 << 20,
	NEAR_STACK = 1 << 20,
	SMALL_PAGE = 4096,
	LARGE_PAGE = 2 << 20,
	HEAP_STEP = 64 << 20, /* addresses, of which only what is used becomes memory */
	HEAP_PIECE = 4 << 20, /* larger allocations are mapped by themselves, */
	PIECES_MOST = 65536,  /* so many (malloc's own default) */
	EXIT_NO_RESULT = 71,
	EXIT_DEEP = 72, /* the stack was full */
};

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

/* Where the stack pointer was; 0: this machine's signal frames are not known here. */
static uintptr_t stack_pointer(const void *context)
{
#if defined(__x86_64__)
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.sp;
#else
	return context ? 0 : 1;
#endif
}

/* A fault near the stack pointer is a full stack: the source's doing. Any other is the bug that it was. */
static void on_fault(int number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr, sp = stack_pointer(context);

	if (sp && at - sp + NEAR_STACK < 2 * (uintptr_t)NEAR_STACK)
		_exit(EXIT_DEEP); /* style: may exit: the child */
	signal(number, SIG_DFL);
}

static void watch_stack(void *handler_stack, size_t size)
{
	stack_t own = {.ss_sp = handler_stack, .ss_size = size};
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	if (sigaltstack(&own, NULL))
		return;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

/* A compile writes to a thousand pages of heap and more, and each costs a fault: the heap goes on in large pages, where
 * the kernel has them. One piece is allocated and freed again, so that malloc knows all of them and has written to none
 * (its notes stand before the first and behind the last): what was written to before it was advised stays small. */
static void large_pages(void)
{
	uintptr_t end = (uintptr_t)sbrk(0), start = (end + SMALL_PAGE + LARGE_PAGE - 1) & -(uintptr_t)LARGE_PAGE;
	void *volatile piece;

	mallopt(M_TRIM_THRESHOLD, 2 * HEAP_STEP);
	mallopt(M_MMAP_MAX, 0);
	sbrk((intptr_t)(start - SMALL_PAGE - end));
	piece = malloc(HEAP_STEP);
	end = (uintptr_t)sbrk(0);
	if (piece && end - start <= 2 * HEAP_STEP)
		madvise((void *)start, end - start, MADV_HUGEPAGE);
	free(piece);
	mallopt(M_MMAP_MAX, PIECES_MOST);
	mallopt(M_MMAP_THRESHOLD, HEAP_PIECE);
}

static void lower_limit(int what, rlim_t soft)
{
	struct rlimit limit;

	if (!soft || getrlimit(what, &limit) || limit.rlim_cur <= soft)
		return;
	limit.rlim_cur = soft;
	setrlimit(what, &limit);
}

/* A signal should be reported by the parent, once, and leave no core file in the user's folder. */
static void quiet_crash(int words)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	if (words >= 0)
		dup2(words, STDERR_FILENO);
}

/* LLVM writes its tables to standard error by itself. */
static void report_times(const struct iov_timing *timing, const char *input)
{
	struct iov_buf text = {0};
	struct rusage used;

	clang_print_timers();
	getrusage(RUSAGE_SELF, &used);
	timing_print(timing, input, (uint64_t)used.ru_maxrss, &text);
	if (!text.failed)
		write_all(STDERR_FILENO, text.data, text.len);
	buf_free(&text);
}

static _Noreturn void child_main(const struct iovcc_plan *plan, const struct iovcc_step *step, int result_fd, int words)
{
	struct iov_sink sink;
	struct iov_arena arena;
	struct iovcc_result result = {0};
	struct iovcc_plan timed = *plan;
	struct iov_timing timing;
	struct iov_buf wire = {0};
	enum iov_status status;
	char handler_stack[65536];

	if (plan->time_report) {
		timing_start(&timing);
		timed.codegen.timing = &timing;
	}
	timed.codegen.loops_made = &result.loops_made;
	quiet_crash(words);
	deep_stack();
	watch_stack(handler_stack, sizeof(handler_stack));
	large_pages();
	lower_limit(RLIMIT_CPU, plan->max_seconds);
	lower_limit(RLIMIT_AS, (rlim_t)plan->max_megabytes << 20);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sink_init(&sink, NULL);
	arena_init(&arena, NULL);
	status = compile_step(&timed, step, &arena, &sink, &result);
	wire_write(status, &sink, &result, &wire);
	if (plan->time_report) {
		timing_mark(&timing, "the rest");
		report_times(&timing, step->input.path);
	}
	if (wire.failed || !write_all(result_fd, wire.data, wire.len))
		_exit(EXIT_NO_RESULT); /* style: may exit: the child */
	_exit(0);                      /* style: may exit: the child */
}

/* What Clang and LLVM print by themselves when they are asked (-H, -mllvm -stats). */
static void pass_words(int words)
{
	struct iov_buf text = {0};

	if (words >= 0)
		read_all(words, &text);
	write_all(STDERR_FILENO, text.data, text.len);
	buf_free(&text);
}

static void add_last_words(struct iov_diag *d, const char *text)
{
	for (const char *line = text; line && *line; line += strspn(line, "\n")) {
		int len = (int)strcspn(line, "\n");

		diag_why(d, IOV_NOWHERE, "%.*s", len, line);
		line += len;
	}
}

static bool ran_out_of_memory(int wait_status, const char *words)
{
	return WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGABRT && words &&
	       (strstr(words, "out of memory") || strstr(words, "bad_alloc") ||
		strstr(words, "pthread_create failed"));
}

/* What the source did, to this compiler. */
static bool report_limit(const struct iovcc_child *child, int wait_status, const char *words, struct iov_span where,
			 struct iov_sink *sink)
{
	const struct iovcc_plan *plan = child->plan;

	if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == EXIT_DEEP) {
		diag_hint(diag_add(sink, DIAG_SOURCE_DEEP, where,
				   "something in this file nests too deeply: the compiler's stack of %d MB is full",
				   STACK_BYTES >> 20),
			  "split long expressions and deep nests into several statements or functions");
	} else if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGXCPU) {
		diag_hint(diag_add(sink, DIAG_COMPILER_LIMIT, where,
				   "this compile was ended after %u s of CPU time", plan->max_seconds),
			  "-fiov-max-seconds=N gives it more; several smaller files take less");
	} else if (ran_out_of_memory(wait_status, words)) {
		diag_hint(diag_add(sink, DIAG_COMPILER_LIMIT, where,
				   "this compile needs more memory than the %u MB that it may have",
				   plan->max_megabytes),
			  "-fiov-max-memory=MB gives it more; several smaller files take less");
	} else {
		return false;
	}
	return true;
}

static enum iov_status report_crash(const struct iovcc_child *child, int wait_status, struct iov_sink *sink)
{
	struct iov_span where = IOV_NOWHERE;
	struct iov_buf words = {0};
	struct iov_diag *d;

	where.file = child->step->input.path;
	read_all(child->words, &words);
	if (report_limit(child, wait_status, buf_cstr(&words), where, sink)) {
		buf_free(&words);
		return IOV_DIAGNOSED;
	}
	if (WIFSIGNALED(wait_status))
		d = diag_add(sink, DIAG_COMPILER_CRASH, where, "the compiler crashed on this file (signal %d, %s)",
			     WTERMSIG(wait_status), strsignal(WTERMSIG(wait_status)));
	else
		d = diag_add(sink, DIAG_COMPILER_CRASH, where, "the compiler ended without a result (exit code %d)",
			     WEXITSTATUS(wait_status));
	add_last_words(d, buf_cstr(&words));
	buf_free(&words);
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
	*child = (struct iovcc_child){.plan = plan, .step = step, .words = -1};
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
		status = report_crash(child, wait_status, sink);
	else if (child->plan->time_report)
		read_all(child->words, &result->times);
	else
		pass_words(child->words);
	buf_free(&wire);
	close(child->result);
	if (child->words >= 0)
		close(child->words);
	child->pid = 0;
	return status;
}
