/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/bench/jit/bench.h"

#include <time.h>

double bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}
