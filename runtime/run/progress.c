/* SPDX-License-Identifier: Apache-2.0 */
/* A progress bar: on a terminal only, never in a pipe, and only for what takes longer than a blink. */
#include "runtime/run/run.h"

#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 40 };
static const uint64_t first_after_ns = 500000000, every_ns = 100000000;

void progress_start(struct progress *p)
{
	*p = (struct progress){.on = isatty(STDERR_FILENO), .start_ns = run_now()};
	p->next_ns = p->start_ns + first_after_ns;
}

void progress_show(struct progress *p, uint64_t done, uint64_t all)
{
	char line[WIDTH + 64];
	uint64_t now;
	int n;

	if (!p->on || !all)
		return;
	now = run_now();
	if (now < p->next_ns)
		return;
	p->next_ns = now + every_ns;
	n = snprintf(line, sizeof(line), "\r[%-*.*s] %3u%%  %llu packets", WIDTH, (int)(done * WIDTH / all),
		     "########################################", (unsigned)(done * 100 / all),
		     (unsigned long long)done);
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		p->on = false;
}

void progress_end(struct progress *p)
{
	static const char clear[] = "\r\033[K";

	if (p->on && p->next_ns > p->start_ns + first_after_ns && write(STDERR_FILENO, clear, sizeof(clear) - 1) < 0)
		p->on = false;
}
