/* SPDX-License-Identifier: Apache-2.0 */
/* The only process of the arm64 guest: the JIT's unit tests, then verified programs (corner values, and as many random
 * ones as the kernel's command line says behind `--`) in our engines and in the guest's kernel. Says how each ended,
 * and shuts the guest down. */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(char *const *command)
{
	pid_t child = fork();
	int status = -1;

	if (!child) {
		execv(command[0], command);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		status = -1;
	printf("GUEST %s %s: %d\n", command[0], command[1] ? command[1] : "", status);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	run((char *[]){"/unit-jit", NULL});
	run((char *[]){"/diff-verified", "--vectors", "--kernel", NULL});
	run((char *[]){"/diff-verified", "--accepted", argc > 1 ? argv[1] : "100", "--kernel", NULL});
	sync();
	reboot(RB_AUTOBOOT);
	return 1;
}
