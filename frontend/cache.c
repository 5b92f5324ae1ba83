/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cache.h"

#include "asm/base/hash.h"
#include "asm/base/tool.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HOUR = 3600 };

const char *cache_folder(struct iov_arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return arena_printf(arena, "%s/iovcc", cache);
	return home && *home == '/' ? arena_printf(arena, "%s/.cache/iovcc", home) : NULL;
}

void cache_make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(path, 0755);
		*slash = '/';
	}
}

static char *path_of(const char *name, struct iov_arena *arena)
{
	const char *folder = cache_folder(arena);

	return folder ? arena_printf(arena, "%s/%s", folder, name) : NULL;
}

/* Whose file it is; it was used now. */
static bool is_ours(int fd, size_t limit, size_t *len)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_mode & S_IWOTH ||
	    st.st_size <= 0 || (uint64_t)st.st_size > limit)
		return false;
	if (time(NULL) - st.st_mtime > HOUR)
		futimens(fd, NULL);
	*len = (size_t)st.st_size;
	return true;
}

static bool read_whole(int fd, uint8_t *into, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, into + done, len - done);

		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

const void *cache_read(const char *name, size_t limit, struct iov_arena *arena, size_t *len)
{
	const char *path = path_of(name, arena);
	int fd = path ? open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	uint64_t *bytes = NULL;

	if (fd < 0)
		return NULL;
	if (is_ours(fd, limit, len))
		bytes = arena_array(arena, *len / sizeof(*bytes) + 1, sizeof(*bytes));
	if (bytes && !read_whole(fd, (uint8_t *)bytes, *len))
		bytes = NULL;
	close(fd);
	return bytes;
}

/* The file below `folder` that `prefix` matches and that was used longest ago; how many there are. What writers that
 * were killed left behind goes. */
static unsigned find_oldest(DIR *folder, const char *prefix, char oldest[static NAME_MAX + 1])
{
	struct timespec least = {0};
	unsigned count = 0;
	struct stat st;

	for (const struct dirent *e = readdir(folder); e; e = readdir(folder)) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0 ||
		    fstatat(dirfd(folder), e->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (strstr(e->d_name, ".tmp")) {
			if (time(NULL) - st.st_mtime > HOUR)
				unlinkat(dirfd(folder), e->d_name, 0);
		} else if (!count++ || st.st_mtim.tv_sec < least.tv_sec ||
			   (st.st_mtim.tv_sec == least.tv_sec && st.st_mtim.tv_nsec < least.tv_nsec)) {
			least = st.st_mtim;
			strcpy(oldest, e->d_name);
		}
	}
	return count;
}

static void keep_most(const char *path, const char *prefix, unsigned most)
{
	DIR *folder = opendir(path);
	char oldest[NAME_MAX + 1];

	while (folder && find_oldest(folder, prefix, oldest) > most && !unlinkat(dirfd(folder), oldest, 0))
		rewinddir(folder);
	if (folder)
		closedir(folder);
}

static bool write_whole(int fd, const uint8_t *from, size_t len)
{
	while (len) {
		ssize_t n = write(fd, from, len);

		if (n <= 0)
			return false;
		from += n;
		len -= (size_t)n;
	}
	return true;
}

/* Not as outputs are written (output.h): whatever stands at the path, a link or a pipe, is replaced. */
void cache_write(const char *name, const void *data, size_t len, const char *prefix, unsigned most,
		 struct iov_arena *arena)
{
	char *path = path_of(name, arena), *made = path ? arena_printf(arena, "%s.%d.tmp", path, (int)getpid()) : NULL;
	bool good = false;
	int fd;

	if (!made)
		return;
	cache_make_folders(path);
	fd = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd >= 0) {
		good = write_whole(fd, data, len);
		good = !close(fd) && good && !rename(made, path);
	}
	if (good)
		keep_most(cache_folder(arena), prefix, most);
	else
		unlink(made);
}

extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* The linker's hash of the whole executable. */
uint64_t cache_tool(void)
{
	const uint8_t *image = (const uint8_t *)&__ehdr_start;
	const ElfW(Phdr) *segments = (const void *)(image + __ehdr_start.e_phoff);
	uint64_t h = hash_bytes(IOV_VERSION, sizeof(IOV_VERSION));

	for (int i = 0; i < __ehdr_start.e_phnum; i++)
		if (segments[i].p_type == PT_NOTE && segments[i].p_offset + segments[i].p_filesz < 4096)
			h = hash_mix(h, hash_bytes(image + segments[i].p_offset, segments[i].p_filesz));
	return h;
}
