/* SPDX-License-Identifier: Apache-2.0 */
/* A temporary needs no signal handler, hence no global: the signals that would end the process are blocked while it
 * exists (a few milliseconds), and one that arrived is seen by sigpending() before the rename. */
#include "asm/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 64, READ_STEP = 65536, LINKS = 40 };

static const int fatal_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGXFSZ};

static void fatal_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++)
		sigaddset(set, fatal_signals[i]);
}

/* A signal that was blocked before we came is the caller's affair: only news counts. */
static bool fatal_pending(const sigset_t *blocked_before)
{
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++) {
		if (sigismember(&pending, fatal_signals[i]) == 1 && !sigismember(blocked_before, fatal_signals[i]))
			return true;
	}
	return false;
}

/* 0, or the errno of the failure. */
static int write_all(int fd, const uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len < INT_MAX ? len : INT_MAX);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? errno : EIO;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A fresh file beside `path`; its name goes to `temp`. The mode obeys the umask, which mkstemp() would not. */
static int open_temp(const char *path, char temp[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) + 1 : 0;

	for (int i = 0; i < NAME_TRIES; i++) {
		uint64_t random;
		int fd, n;

		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			return -1;
		n = snprintf(temp, PATH_MAX, "%.*s.iov-%016llx.tmp", dir, path, (unsigned long long)random);
		if (n >= PATH_MAX)
			return errno = ENAMETOOLONG, -1;
		fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static int fill_and_rename(int fd, const char *temp, const char *path, const struct stat *old, const void *data,
			   size_t len, const sigset_t *blocked_before)
{
	int err = write_all(fd, data, len);

	if (!err && old && fchmod(fd, old->st_mode & 0777))
		err = errno;
	if (close(fd) && !err)
		err = errno;
	if (!err && fatal_pending(blocked_before))
		err = EINTR;
	if (!err && rename(temp, path))
		err = errno;
	if (err)
		unlink(temp);
	return err;
}

static int replace_file(const char *path, const struct stat *old, const void *data, size_t len)
{
	char temp[PATH_MAX];
	sigset_t fatal, before;
	int fd, err;

	fatal_set(&fatal);
	pthread_sigmask(SIG_BLOCK, &fatal, &before);
	fd = open_temp(path, temp);
	err = fd < 0 ? errno : fill_and_rename(fd, temp, path, old, data, len, &before);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

static int write_in_place(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = fd < 0 ? errno : write_all(fd, data, len);

	if (fd >= 0 && close(fd) && !err)
		err = errno;
	return err;
}

/* Where a chain of symbolic links that ends nowhere leads: the file that open() would make. 0, or an errno. */
static int follow(const char *path, char end[PATH_MAX])
{
	if (snprintf(end, PATH_MAX, "%s", path) >= PATH_MAX)
		return ENAMETOOLONG;
	for (int i = 0; i < LINKS; i++) {
		char target[PATH_MAX], *slash = strrchr(end, '/');
		ssize_t n = readlink(end, target, sizeof(target) - 1);
		size_t folder = slash ? (size_t)(slash - end) + 1 : 0;

		if (n < 0)
			return 0; /* no link, or nothing yet */
		target[n] = 0;
		if (target[0] == '/')
			folder = 0;
		if (folder + (size_t)n >= PATH_MAX)
			return ENAMETOOLONG;
		memcpy(end + folder, target, (size_t)n + 1);
	}
	return ELOOP;
}

static int write_path(const char *path, const void *data, size_t len)
{
	char real[PATH_MAX];
	struct stat st;

	if (!strcmp(path, "-"))
		return write_all(STDOUT_FILENO, data, len);
	if (stat(path, &st)) {
		int err = errno == ENOENT ? follow(path, real) : errno;

		return err ? err : replace_file(real, NULL, data, len);
	}
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	if (!S_ISREG(st.st_mode))
		return write_in_place(path, data, len);
	if (access(path, W_OK) || !realpath(path, real))
		return errno;
	return replace_file(real, &st, data, len);
}

enum iov_status output_write(const char *path, const void *data, size_t len, struct iov_sink *sink)
{
	int err = write_path(path, data, len);

	if (!err)
		return IOV_OK;
	diag_add(sink, DIAG_FILE_WRITE, IOV_NOWHERE, "cannot write %s: %s",
		 strcmp(path, "-") ? path : "standard output", strerrordesc_np(err) ? strerrordesc_np(err) : "?");
	return IOV_DIAGNOSED;
}

/* Reads to the end; 0, an errno, EFBIG over the limit, ENOMEM when the buffer cannot grow. `size`: what a regular file
 * is said to have, or 0. */
static int read_all(int fd, size_t size, size_t limit, struct iov_buf *into)
{
	size_t start = into->len;
	size_t step = READ_STEP;

	if (size)
		step = size < limit ? size + 1 : limit + 1;
	for (;;) {
		uint8_t *p = buf_grow(into, step);
		ssize_t n = p ? read(fd, p, step) : 0;

		if (!p)
			return ENOMEM;
		into->len -= step - (n > 0 ? (size_t)n : 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? errno : 0;
		if (into->len - start > limit)
			return EFBIG;
		if (size && into->len - start == size)
			return 0; /* a regular file gives less than was asked for at its end alone */
		step = READ_STEP;
	}
}

static size_t regular_size(int fd)
{
	struct stat st;

	return fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size : 0;
}

static int open_input(const char *path)
{
	return strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
}

/* Read what open_input gave, and close it. */
static enum iov_status read_opened(int fd, size_t size, const char *path, size_t limit, struct iov_buf *into,
				   struct iov_sink *sink)
{
	bool standard = !strcmp(path, "-");
	size_t start = into->len;
	int err;

	if (!limit)
		limit = (size_t)1 << 30;
	err = fd < 0 ? errno : read_all(fd, size, limit, into);
	if (fd >= 0 && !standard)
		close(fd);
	if (!err)
		return IOV_OK;
	into->len = start;
	if (err == ENOMEM && into->failed)
		return IOV_NOMEM;
	if (err == EFBIG)
		diag_add(sink, DIAG_FILE_READ, IOV_NOWHERE, "cannot read %s: larger than %zu bytes",
			 standard ? "standard input" : path, limit);
	else
		diag_add(sink, DIAG_FILE_READ, IOV_NOWHERE, "cannot read %s: %s", standard ? "standard input" : path,
			 strerrordesc_np(err) ? strerrordesc_np(err) : "?");
	return IOV_DIAGNOSED;
}

enum iov_status input_read(const char *path, size_t limit, struct iov_buf *into, struct iov_sink *sink)
{
	int fd = open_input(path);
	int err = errno;
	size_t size = regular_size(fd);

	errno = err;
	return read_opened(fd, size, path, limit, into, sink);
}

enum { MAP_FROM = 1 << 16 }; /* bytes: below, reading costs less than a mapping */

static void unmap(struct iov_input_file *file)
{
	if (file->mapped)
		munmap((void *)file->data, file->len);
	file->mapped = false;
}

static bool map_file(int fd, size_t size, struct iov_input_file *file)
{
	bool fits = size >= MAP_FROM && strcmp(file->path, "-");
	void *at = fits ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;

	if (at == MAP_FAILED)
		return false;
	close(fd);
	file->data = at;
	file->len = size;
	file->mapped = true;
	return true;
}

enum iov_status input_open(const char *path, struct iov_input_file *file, struct iov_sink *sink)
{
	int fd = open_input(path);
	int err = errno;
	size_t size = regular_size(fd);
	enum iov_status status;

	unmap(file);
	file->path = path;
	if (map_file(fd, size, file))
		return IOV_OK;
	errno = err;
	file->bytes.len = 0;
	status = read_opened(fd, size, path, 0, &file->bytes, sink);
	file->data = file->bytes.data;
	file->len = file->bytes.len;
	return status;
}

void input_close(struct iov_input_file *file)
{
	unmap(file);
	buf_free(&file->bytes);
	*file = (struct iov_input_file){0};
}
