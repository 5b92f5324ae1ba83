/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/timing.h"

#include <string.h>
#include <time.h>

static uint64_t now(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) ? 0 : (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void timing_start(struct iov_timing *t)
{
	*t = (struct iov_timing){.phases = {{"start", now()}}, .count = 1};
	t->last = t->phases[0].ns;
}

void timing_mark(struct iov_timing *t, const char *name)
{
	unsigned i = 0;
	uint64_t at;

	if (!t)
		return;
	at = now();
	while (i < t->count && strcmp(t->phases[i].name, name))
		i++;
	if (i == IOV_TIMING_PHASES)
		i--; /* the last takes what finds no row */
	if (i == t->count)
		t->phases[t->count++].name = name;
	t->phases[i].ns += at - t->last;
	t->last = at;
}

void timing_print(const struct iov_timing *t, const char *title, uint64_t peak, struct iov_buf *out)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < t->count; i++)
		all += t->phases[i].ns;
	buf_printf(out, "%s: %.1f ms of CPU time, %.1f MB of memory\n", title, (double)all / 1e6,
		   (double)peak * 1024 / 1e6);
	for (unsigned i = 0; i < t->count; i++)
		buf_printf(out, "  %8.1f ms %3.0f %%  %s\n", (double)t->phases[i].ns / 1e6,
			   100.0 * (double)t->phases[i].ns / (double)(all ? all : 1), t->phases[i].name);
}
