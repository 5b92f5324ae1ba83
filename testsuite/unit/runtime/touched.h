/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: whether memory may be touched, asked in a process of its own. */
#ifndef IOV_TEST_RUNTIME_TOUCHED_H
#define IOV_TEST_RUNTIME_TOUCHED_H

#include <criterion/criterion.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

/** The signal that touching *at ends a process with; 0: none. */
static inline int touched(volatile uint8_t *at, bool write)
{
	int status = 0;
	pid_t child = fork();

	if (!child) {
		signal(SIGSEGV, SIG_DFL);
		if (write)
			*at = 1;
		else
			(void)*at;
		_exit(0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

#endif
