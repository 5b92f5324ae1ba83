/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's picture: for each program one bar a way, as long as its time is times native code's. Interpreters are
 * another league: the table has them. */
#include "testsuite/bench/jit/bench.h"
#include "testsuite/bench/tools/bars.h"

#include <stdio.h>

enum { TIMES_MOST = 8, LABEL = 40 };

static void describe(struct bar *bar, char *label, const struct way *way, enum program p, double ns, double native)
{
	bar->label = label;
	if (ns > 0) {
		bar->times = ns / native;
		snprintf(label, LABEL, "%.2f (%.1f ns)", bar->times, ns);
	} else {
		snprintf(label, LABEL, "%s", way->refused[p] ? "refused" : "less than its own noise");
	}
}

bool svg_write(const char *path, const struct way *ways, unsigned way_count, double medians[][P_COUNT])
{
	static const char *const names[] = {
#define X(name) #name,
		PROGRAMS(X)
#undef X
	};
	static char labels[P_COUNT * WAYS_MOST][LABEL];
	struct bar bars[P_COUNT * WAYS_MOST] = {0};
	const char *series[WAYS_MOST];
	unsigned shown[WAYS_MOST], count = 0;

	for (unsigned w = 1; w < way_count; w++) {
		if (!ways[w].available || ways[w].interpreter)
			continue;
		series[count] = ways[w].name;
		shown[count++] = w;
	}
	for (unsigned i = 0; i < P_COUNT * count; i++) {
		unsigned p = i / count, w = shown[i % count];

		describe(&bars[i], labels[i], &ways[w], (enum program)p, medians[w][p], medians[0][p]);
	}
	return bars_write(path,
			  &(struct bars){.title = "Time of a run, times native code (clang -O2); shorter is faster; "
						  "kernel: net of its noop",
					 .most = TIMES_MOST,
					 .step = 1,
					 .series = series,
					 .groups = names,
					 .series_count = count,
					 .group_count = P_COUNT,
					 .bars = bars});
}
