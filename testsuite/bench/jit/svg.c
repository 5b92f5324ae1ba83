/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's picture: for each program one bar a way, as long as its time is times native code's. */
#include "testsuite/bench/jit/bench.h"

#include <stdio.h>

enum { LEFT = 90, TOP = 60, BAR = 13, GAP = 14, WIDE = 640, TIMES_MOST = 8 };

static const char *const colours[WAYS_MOST] = {"#777", "#1769aa", "#9cc3e0", "#c0392b", "#2e8b57", "#e0b0aa"};

static void legend(FILE *f, const struct way *ways, unsigned way_count, const bool *shown)
{
	unsigned x = LEFT;

	for (unsigned w = 1; w < way_count; w++) {
		if (!shown[w])
			continue;
		fprintf(f, "<rect x='%u' y='34' width='12' height='12' fill='%s'/><text x='%u' y='44'>%s</text>\n", x,
			colours[w], x + 16, ways[w].name);
		x += 130;
	}
}

static void grid(FILE *f, unsigned bottom)
{
	for (unsigned i = 0; i <= TIMES_MOST; i++) {
		unsigned x = LEFT + i * WIDE / TIMES_MOST;

		fprintf(f, "<line x1='%u' y1='%u' x2='%u' y2='%u' stroke='%s'/><text x='%u' y='%u' %s>%u</text>\n", x,
			(unsigned)TOP, x, bottom, i == 1 ? "#000" : "#ddd", x, bottom + 14, "text-anchor='middle'", i);
	}
}

static void bar(FILE *f, unsigned y, double times, double ns, const char *colour)
{
	double length = (times < TIMES_MOST ? times : TIMES_MOST) * WIDE / TIMES_MOST;

	fprintf(f, "<rect x='%d' y='%u' width='%.1f' height='%d' fill='%s'/>", LEFT, y, length, BAR - 2, colour);
	fprintf(f, "<text x='%.1f' y='%u' font-size='9'>%.2f (%.1f ns)</text>\n", LEFT + length + 4, y + 9, times, ns);
}

bool svg_write(const char *path, const struct way *ways, unsigned way_count, double medians[][P_COUNT])
{
	static const char *const names[] = {
#define X(name) #name,
		PROGRAMS(X)
#undef X
	};
	FILE *f = fopen(path, "w");
	bool shown[WAYS_MOST] = {false};
	unsigned bars = 0, y = TOP + GAP / 2, group, bottom;

	if (!f)
		return false;
	for (unsigned w = 1; w < way_count; w++) { /* interpreters are another league: the table has them */
		shown[w] = ways[w].available && !ways[w].interpreter;
		bars += shown[w];
	}
	group = bars * BAR + GAP;
	bottom = TOP + P_COUNT * group;
	fprintf(f,
		"<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%u' font-family='sans-serif' "
		"font-size='12'>\n<rect width='100%%' height='100%%' fill='#fff'/>\n"
		"<text x='%d' y='20' font-size='14'>Time of a run, times native code (clang -O2); shorter is "
		"faster</text>\n",
		LEFT + WIDE + 120, bottom + 24, LEFT);
	legend(f, ways, way_count, shown);
	grid(f, bottom);
	for (int p = 0; p < P_COUNT; p++, y += GAP) {
		fprintf(f, "<text x='%d' y='%u' text-anchor='end'>%s</text>\n", LEFT - 8, y + bars * BAR / 2 + 4,
			names[p]);
		for (unsigned w = 1; w < way_count; w++) {
			if (!shown[w])
				continue;
			if (medians[w][p] > 0)
				bar(f, y, medians[w][p] / medians[0][p], medians[w][p], colours[w]);
			else
				fprintf(f, "<text x='%d' y='%u' font-size='9' fill='%s'>%s</text>\n", LEFT + 4, y + 9,
					colours[w], ways[w].refused[p] ? "refused" : "less than its own noise");
			y += BAR;
		}
	}
	fprintf(f, "</svg>\n");
	return fclose(f) == 0;
}
