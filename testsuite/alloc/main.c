/* SPDX-License-Identifier: Apache-2.0 */
/* alloc FIXTURE.o BAD.o [ENTRY]: for each entry point, for every N: the Nth allocation is refused, alone and with all
 * that follow. Asked is that nothing crashes, nothing leaks, and that the call says IOV_NOMEM or leaves a diagnostic.
 * An entry runs in a child of its own; sanitizer reports end the child, and so fail the entry. */
#include "testsuite/alloc/alloc.h"
#include "asm/base/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>

enum { MOST = 200000, SECONDS = 60 };

static struct {
	bool armed, refused, forever, trace;
	long left, live;
} state;

/* True when this request is the one to refuse. */
static bool refuse(void)
{
	if (!state.armed)
		return false;
	if (state.left-- > 0)
		return false;
	if (state.left < -1 && !state.forever)
		return false;
	state.refused = true;
	if (state.trace)
		__sanitizer_print_stack_trace();
	state.trace = false;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t each);
void *__real_realloc(void *ptr, size_t size);
void __real_free(void *ptr);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t each);
void *__wrap_realloc(void *ptr, size_t size);
char *__wrap_strdup(const char *s);
void __wrap_free(void *ptr);
void *__real_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
int __real_munmap(void *at, size_t size);
int __real_mprotect(void *at, size_t size, int prot);
void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
int __wrap_munmap(void *at, size_t size);
int __wrap_mprotect(void *at, size_t size, int prot);

void *__wrap_malloc(size_t size)
{
	void *p = refuse() ? NULL : __real_malloc(size);

	state.live += p != NULL;
	errno = p ? errno : ENOMEM;
	return p;
}

void *__wrap_calloc(size_t count, size_t each)
{
	void *p = refuse() ? NULL : __real_calloc(count, each);

	state.live += p != NULL;
	errno = p ? errno : ENOMEM;
	return p;
}

void *__wrap_realloc(void *ptr, size_t size)
{
	void *p = refuse() ? NULL : __real_realloc(ptr, size);

	state.live += !ptr && p;
	errno = p ? errno : ENOMEM;
	return p;
}

char *__wrap_strdup(const char *s)
{
	char *p = __wrap_malloc(strlen(s) + 1);

	return p ? strcpy(p, s) : NULL;
}

void __wrap_free(void *ptr)
{
	state.live -= ptr != NULL;
	__real_free(ptr);
}

/* Pages of machine code and guarded memory. */
void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	void *pages = refuse() ? MAP_FAILED : __real_mmap(at, size, prot, flags, fd, offset);

	state.live += pages != MAP_FAILED;
	errno = pages != MAP_FAILED ? errno : ENOMEM;
	return pages;
}

int __wrap_munmap(void *at, size_t size)
{
	state.live--;
	return __real_munmap(at, size);
}

int __wrap_mprotect(void *at, size_t size, int prot)
{
	if (!refuse())
		return __real_mprotect(at, size, prot);
	errno = ENOMEM;
	return -1;
}

static void *hook(void *ud, void *ptr, size_t old, size_t size)
{
	(void)ud, (void)old;
	if (size)
		return __wrap_realloc(ptr, size);
	__wrap_free(ptr);
	return NULL;
}

struct entry {
	const char *name, *what;
	enum iov_status (*call)(struct alloc_run *run);
	bool optional;
};

static const struct entry entries[] = {
#define ENTRY(name, what) {#name, what, alloc_##name, false},
#define OPTIONAL(name, what) {#name, what, alloc_##name, true},
#include "testsuite/alloc/entries.def"
#undef ENTRY
#undef OPTIONAL
};

/* What the child tells, in memory that both see. */
struct report {
	long at, allocations;
	char why[512];
};

struct fixture {
	struct iov_buf object, bad;
	const char *object_path;
};

/* One call with allocation `n` refused; false when it made fewer. A complaint goes to report->why. */
static bool call_once(const struct entry *e, const struct fixture *f, long n, bool forever, struct report *report)
{
	static const struct iov_alloc alloc = {hook, NULL};
	struct alloc_run run = {.alloc = &alloc,
				.object = f->object.data,
				.object_len = f->object.len,
				.bad = f->bad.data,
				.bad_len = f->bad.len,
				.object_path = f->object_path};
	long before = state.live;
	enum iov_status status;
	bool said;

	arena_init(&run.arena, &alloc);
	sink_init(&run.sink, &alloc);
	state.left = n;
	state.forever = forever;
	state.refused = false;
	state.armed = true;
	status = e->call(&run);
	state.armed = false;
	said = status == IOV_NOMEM || (status == IOV_DIAGNOSED && run.sink.errors) || run.sink.oom;
	if (state.refused && !said && !(e->optional && status == IOV_OK))
		snprintf(report->why, sizeof(report->why), "status %d without a diagnostic", status);
	arena_free(&run.arena);
	sink_free(&run.sink);
	if (state.live != before)
		snprintf(report->why, sizeof(report->why), "%ld blocks are not freed", state.live - before);
	return state.refused;
}

static void run_entry(const struct entry *e, const struct fixture *f, struct report *report)
{
	call_once(e, f, MOST, false, report); /* libraries fill their caches */
	report->why[0] = 0;
	for (int forever = 0; forever < 2 && !report->why[0]; forever++) {
		for (report->at = 0; report->at < MOST && !report->why[0]; report->at++) {
			if (!call_once(e, f, report->at, forever, report))
				break;
		}
		report->allocations = report->at;
		if (report->why[0]) { /* once more, to show where */
			state.trace = true;
			call_once(e, f, report->at -= 1, forever, report);
		}
	}
	if (__lsan_do_recoverable_leak_check() && !report->why[0])
		snprintf(report->why, sizeof(report->why), "LeakSanitizer finds a leak");
}

static void supervise(const struct entry *e, const struct fixture *f, struct report *report)
{
	int status;
	pid_t child;

	memset(report, 0, sizeof(*report));
	fflush(stdout);
	child = fork();
	if (!child) {
		alarm(SECONDS);
		if (!freopen("/dev/null", "w", stdout))
			_exit(1);
		run_entry(e, f, report);
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		snprintf(report->why, sizeof(report->why), "signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		snprintf(report->why, sizeof(report->why), "exit code %d (sanitizer report)", WEXITSTATUS(status));
	if (report->why[0])
		printf("FAIL alloc/%s: %s, allocation %ld of %s\n", e->name, report->why, report->at, e->what);
	else if (!report->allocations)
		printf("FAIL alloc/%s: %s allocated nothing: what is tested here?\n", e->name, e->what);
	else
		printf("PASS alloc/%s (%ld allocations)\n", e->name, report->allocations);
}

int main(int argc, char **argv)
{
	struct report *report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct fixture f = {0};
	struct iov_sink sink;

	sink_init(&sink, NULL);
	if (argc < 3 || report == MAP_FAILED || input_read(argv[1], 0, &f.object, &sink) ||
	    input_read(argv[2], 0, &f.bad, &sink)) {
		fprintf(stderr, "usage: alloc FIXTURE.o BAD.o [ENTRY]\n");
		return 2;
	}
	f.object_path = argv[1];
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		if (argc < 4 || !strcmp(argv[3], entries[i].name))
			supervise(&entries[i], &f, report);
	}
	buf_free(&f.object);
	buf_free(&f.bad);
	sink_free(&sink);
	munmap(report, sizeof(*report));
	return 0;
}
