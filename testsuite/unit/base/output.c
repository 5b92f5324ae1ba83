/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs: complete or not there at all, whatever goes wrong. */
#include "asm/base/output.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[64], target[128];
static struct iov_sink sink;

static void enter(void)
{
	snprintf(dir, sizeof(dir), "/tmp/iov-output.XXXXXX");
	cr_assert_not_null(mkdtemp(dir));
	snprintf(target, sizeof(target), "%s/out", dir);
	sink_init(&sink, NULL);
}

static void leave(void)
{
	char line[256];

	sink_free(&sink);
	snprintf(line, sizeof(line), "rm -rf %s", dir);
	cr_assert_eq(system(line), 0);
}

TestSuite(output, .init = enter, .fini = leave);

static int count_files(void)
{
	DIR *d = opendir(dir);
	int count = 0;

	for (struct dirent *e = readdir(d); e; e = readdir(d))
		count += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	closedir(d);
	return count;
}

static bool holds(const char *path, const char *want)
{
	struct iov_buf b = {0};
	bool same = input_read(path, 0, &b, &sink) == IOV_OK && b.len == strlen(want) && !memcmp(b.data, want, b.len);

	buf_free(&b);
	return same;
}

Test(output, a_new_file_and_its_replacement)
{
	struct stat st;

	umask(022);
	cr_assert_eq(output_write(target, "one", 3, &sink), IOV_OK);
	cr_assert(holds(target, "one"));
	cr_assert(!stat(target, &st) && (st.st_mode & 0777) == 0644);
	cr_assert_eq(chmod(target, 0600), 0);
	cr_assert_eq(output_write(target, "second", 6, &sink), IOV_OK);
	cr_assert(holds(target, "second"));
	cr_assert(!stat(target, &st) && (st.st_mode & 0777) == 0600, "the mode stays");
	cr_assert_eq(output_write(target, NULL, 0, &sink), IOV_OK);
	cr_assert(holds(target, ""));
	cr_assert_eq(count_files(), 1);
	cr_assert_eq(sink.errors, 0);
}

Test(output, a_symbolic_link_is_followed)
{
	char link[128];

	snprintf(link, sizeof(link), "%s/link", dir);
	cr_assert_eq(output_write(target, "old", 3, &sink), IOV_OK);
	cr_assert_eq(symlink("out", link), 0);
	cr_assert_eq(output_write(link, "new", 3, &sink), IOV_OK);
	cr_assert(holds(target, "new"));
	cr_assert_eq(count_files(), 2);
}

Test(output, a_symbolic_link_to_nothing_makes_what_it_names)
{
	char link[128], further[128];

	snprintf(link, sizeof(link), "%s/link", dir);
	snprintf(further, sizeof(further), "%s/further", dir);
	cr_assert_eq(symlink("further", link), 0);
	cr_assert_eq(symlink("out", further), 0);
	cr_assert_eq(output_write(link, "new", 3, &sink), IOV_OK);
	cr_assert(holds(target, "new"));
	cr_assert_eq(count_files(), 3);
	unlink(target);
	cr_assert_eq(symlink("link", target), 0);
	cr_assert_eq(output_write(link, "new", 3, &sink), IOV_DIAGNOSED);
}

Test(output, special_files_are_written_in_place)
{
	struct stat st;

	cr_assert_eq(output_write("/dev/null", "x", 1, &sink), IOV_OK);
	cr_assert(!stat("/dev/null", &st) && S_ISCHR(st.st_mode));
	cr_assert_eq(output_write("/dev/full", "x", 1, &sink), IOV_DIAGNOSED);
	cr_assert_eq(sink.first->id, DIAG_FILE_WRITE);
	cr_assert_str_eq(sink.first->message, "cannot write /dev/full: No space left on device");
	cr_assert(!stat("/dev/full", &st) && S_ISCHR(st.st_mode));
}

Test(output, failures_say_why_and_leave_nothing)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/no/out", dir);
	cr_assert_eq(output_write(path, "x", 1, &sink), IOV_DIAGNOSED);
	cr_assert(strstr(sink.first->message, "No such file or directory"));
	cr_assert_eq(output_write(dir, "x", 1, &sink), IOV_DIAGNOSED);
	cr_assert(strstr(sink.first->next->message, "Is a directory"));
	cr_assert_eq(count_files(), 0);
}

/* Runs in a child whose files may not grow over 4 KiB, and returns its wait status. */
static int write_under_limit(bool ignore)
{
	struct rlimit limit = {4096, 4096};
	static char big[100000];
	int status;
	pid_t child = fork();

	if (!child) {
		signal(SIGXFSZ, ignore ? SIG_IGN : SIG_DFL);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(output_write(target, big, sizeof(big), &sink) == IOV_DIAGNOSED ? 41 : 42);
	}
	waitpid(child, &status, 0);
	return status;
}

Test(output, a_full_disk_leaves_the_old_file)
{
	int status;

	cr_assert_eq(output_write(target, "old", 3, &sink), IOV_OK);
	status = write_under_limit(true);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 41);
	cr_assert(holds(target, "old"));
	cr_assert_eq(count_files(), 1);
}

Test(output, a_fatal_signal_comes_after_the_temporary_is_gone)
{
	int status;

	cr_assert_eq(output_write(target, "old", 3, &sink), IOV_OK);
	status = write_under_limit(false);
	cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
	cr_assert(holds(target, "old"));
	cr_assert_eq(count_files(), 1);
}

Test(output, termination_in_the_middle_leaves_no_temporary)
{
	enum { BIG = 96 << 20 };
	int status;
	pid_t child = fork();

	if (!child) {
		char *big = calloc(1, BIG);

		for (int i = 0; big && i < 50; i++)
			output_write(target, big, BIG, &sink);
		_exit(0);
	}
	while (!count_files() && !waitpid(child, &status, WNOHANG))
		usleep(100);
	kill(child, SIGTERM);
	waitpid(child, &status, 0);
	cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	cr_assert_leq(count_files(), 1);
	cr_assert(!count_files() || !access(target, F_OK), "what is there has its own name, hence is complete");
}

Test(output, input_is_whole_limited_and_diagnosed)
{
	struct iov_buf b = {0};

	cr_assert_eq(output_write(target, "hello", 5, &sink), IOV_OK);
	buf_puts(&b, ">");
	cr_assert_eq(input_read(target, 5, &b, &sink), IOV_OK);
	cr_assert_str_eq(buf_cstr(&b), ">hello");
	cr_assert_eq(input_read(target, 4, &b, &sink), IOV_DIAGNOSED);
	cr_assert(strstr(sink.first->message, "larger than 4 bytes"));
	cr_assert_eq(b.len, 6, "a failure appends nothing");
	cr_assert_eq(input_read(dir, 0, &b, &sink), IOV_DIAGNOSED);
	cr_assert(strstr(sink.first->next->message, "Is a directory"));
	cr_assert_eq(input_read("/nowhere", 0, &b, &sink), IOV_DIAGNOSED);
	cr_assert_eq(input_read("/proc/self/status", 0, &b, &sink), IOV_OK, "a file whose size is not known");
	cr_assert_gt(b.len, 100);
	cr_assert_eq(input_read("/dev/zero", 1 << 20, &b, &sink), IOV_DIAGNOSED, "an endless one stops at the limit");
	buf_free(&b);
}

static void *refuse(void *ud, void *ptr, size_t old, size_t size)
{
	(void)ud, (void)ptr, (void)old, (void)size;
	return NULL;
}

Test(output, input_without_memory)
{
	static const struct iov_alloc none = {refuse, NULL};
	struct iov_buf b = {.alloc = &none};

	cr_assert_eq(output_write(target, "hello", 5, &sink), IOV_OK);
	cr_assert_eq(input_read(target, 0, &b, &sink), IOV_NOMEM);
}
