/* SPDX-License-Identifier: Apache-2.0 */
/* measure COMMAND...: runs it without output and prints its CPU time (user + system, µs), its peak memory (KB) and its
 * time by the clock (µs). A parent of its own, because a child's peak begins with that of the process that it is forked
 * from. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status = 1;
	long start = now();
	pid_t pid;

	if (argc < 2)
		return 2;
	pid = fork();
	if (!pid) {
		dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return 1;
	printf("%ld %ld %ld\n", (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 + used.ru_utime.tv_usec +
				used.ru_stime.tv_usec, used.ru_maxrss, now() - start);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
