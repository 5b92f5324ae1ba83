/* SPDX-License-Identifier: Apache-2.0 */
/* bars PICTURE: draws what standard input says, in fields with tabs between them:
 *
 *	title	MOST	STEP	TEXT
 *	series	NAME...
 *	NAME	TIMES	GOAL	LABEL...	(a group: three fields for each series) */
#include "testsuite/bench/tools/bars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 64, FIELDS = 1 + 3 * BARS_SERIES };

static unsigned split(char *line, char **fields)
{
	unsigned n = 0;

	line[strcspn(line, "\n")] = 0;
	for (char *at = line; at && n < FIELDS; n++)
		fields[n] = strsep(&at, "\t");
	return n;
}

static char *next_line(char **fields, unsigned *count)
{
	char *line = NULL;
	size_t room = 0;

	if (getline(&line, &room, stdin) < 0)
		return NULL;
	*count = split(line, fields);
	return line;
}

int main(int argc, char **argv)
{
	static struct bar bars[GROUPS * BARS_SERIES];
	char *title[FIELDS], *series[FIELDS], *fields[FIELDS];
	const char *groups[GROUPS];
	unsigned titles, names, count;
	struct bars b = {.bars = bars, .groups = groups};

	if (argc != 2 || !next_line(title, &titles) || titles != 4 || !next_line(series, &names) ||
	    names < 2 || names > BARS_SERIES + 1)
		return 2;
	b.most = atof(title[1]);
	b.step = atof(title[2]);
	b.title = title[3];
	b.series = (const char *const *)series + 1;
	b.series_count = names - 1;
	for (; b.group_count < GROUPS && next_line(fields, &count); b.group_count++) {
		struct bar *row = &bars[b.group_count * b.series_count];

		if (count != 1 + 3 * b.series_count)
			return 2;
		groups[b.group_count] = fields[0];
		for (unsigned s = 0; s < b.series_count; s++)
			row[s] = (struct bar){atof(fields[1 + 3 * s]), atof(fields[2 + 3 * s]), fields[3 + 3 * s]};
	}
	return bars_write(argv[1], &b) ? 0 : 1;
}
