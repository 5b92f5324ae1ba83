/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the picture of a bench: groups of bars, one for each series, as long as something is times something else. */
#ifndef IOV_BENCH_BARS_H
#define IOV_BENCH_BARS_H

#include <stdbool.h>

enum { BARS_SERIES = 8 };

struct bar {
	double times;      /**< 0: the label alone */
	double goal;       /**< marked; 0: none */
	const char *label; /**< behind the bar; NULL: the series has nothing to say here */
};

struct bars {
	const char *title;
	double most, step; /**< the axis: what is longer is cut off, and a line every so often */
	const char *const *series, *const *groups;
	unsigned series_count, group_count;
	const struct bar *bars; /**< series_count for each group */
};

/** As SVG. False: it cannot be written. */
bool bars_write(const char *path, const struct bars *b);

#endif
