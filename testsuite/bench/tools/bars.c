/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/bench/tools/bars.h"

#include <stdio.h>
#include <string.h>

enum { TOP = 60, BAR = 13, GAP = 14, WIDE = 640, RIGHT = 120, LETTER = 7, MARGIN = 16 };

static const char *const colours[BARS_SERIES] = {"#1769aa", "#9cc3e0", "#c0392b", "#2e8b57",
						 "#e0b0aa", "#777",    "#b8860b", "#6a4c93"};

struct picture {
	FILE *f;
	const struct bars *b;
	unsigned left;
};

static void put_text(FILE *f, const char *text)
{
	for (; *text; text++)
		if (*text == '<' || *text == '&')
			fprintf(f, "&#%d;", *text);
		else
			fputc(*text, f);
}

static unsigned left_of(const struct bars *b)
{
	size_t longest = 0;

	for (unsigned g = 0; g < b->group_count; g++)
		if (strlen(b->groups[g]) > longest)
			longest = strlen(b->groups[g]);
	return (unsigned)longest * LETTER + MARGIN;
}

static void legend(const struct picture *p)
{
	unsigned x = p->left;

	for (unsigned s = 0; s < p->b->series_count; s++) {
		fprintf(p->f, "<rect x='%u' y='34' width='12' height='12' fill='%s'/><text x='%u' y='44'>", x,
			colours[s], x + 16);
		put_text(p->f, p->b->series[s]);
		fprintf(p->f, "</text>\n");
		x += 40 + (unsigned)strlen(p->b->series[s]) * LETTER;
	}
}

static double at(const struct picture *p, double times)
{
	return p->left + (times < p->b->most ? times : p->b->most) * WIDE / p->b->most;
}

static void grid(const struct picture *p, unsigned bottom)
{
	for (int i = 0; i * p->b->step <= p->b->most * 1.001; i++) {
		double times = i * p->b->step;

		fprintf(p->f, "<line x1='%.1f' y1='%u' x2='%.1f' y2='%u' stroke='%s'/>", at(p, times), (unsigned)TOP,
			at(p, times), bottom, times > 0.999 && times < 1.001 ? "#000" : "#ddd");
		fprintf(p->f, "<text x='%.1f' y='%u' text-anchor='middle'>%g</text>\n", at(p, times), bottom + 14,
			times);
	}
}

static void bar(const struct picture *p, unsigned y, const struct bar *bar, const char *colour)
{
	double end = at(p, bar->times);

	if (!bar->label)
		return;
	fprintf(p->f, "<rect x='%u' y='%u' width='%.1f' height='%d' fill='%s'/>", p->left, y, end - p->left, BAR - 2,
		colour);
	if (bar->times > p->b->most) /* longer than the picture is wide */
		fprintf(p->f, "<path d='M%.1f %u l-6 %d m5 0 l6 -%d' stroke='#fff' stroke-width='2'/>", end - 16, y - 1,
			BAR, BAR);
	if (bar->goal > 0)
		fprintf(p->f, "<path d='M%.1f %u v%d' stroke='#000' stroke-width='2'/>", at(p, bar->goal), y - 1, BAR);
	if (bar->goal > 0 && at(p, bar->goal) > end)
		end = at(p, bar->goal);
	fprintf(p->f, "<text x='%.1f' y='%u' font-size='9' paint-order='stroke' stroke='#fff' stroke-width='3'>",
		end + 4, y + 9);
	put_text(p->f, bar->label);
	fprintf(p->f, "</text>\n");
}

static void groups(const struct picture *p)
{
	unsigned y = TOP + GAP / 2, series = p->b->series_count;

	for (unsigned g = 0; g < p->b->group_count; g++, y += GAP) {
		fprintf(p->f, "<text x='%u' y='%u' text-anchor='end'>", p->left - 8, y + series * BAR / 2 + 4);
		put_text(p->f, p->b->groups[g]);
		fprintf(p->f, "</text>\n");
		for (unsigned s = 0; s < series; s++, y += BAR)
			bar(p, y, &p->b->bars[g * series + s], colours[s]);
	}
}

bool bars_write(const char *path, const struct bars *b)
{
	struct picture p = {fopen(path, "w"), b, left_of(b)};
	unsigned bottom = TOP + b->group_count * (b->series_count * BAR + GAP);

	if (!p.f)
		return false;
	fprintf(p.f,
		"<svg xmlns='http://www.w3.org/2000/svg' width='%u' height='%u' font-family='sans-serif' "
		"font-size='12'>\n<rect width='100%%' height='100%%' fill='#fff'/>\n"
		"<text x='%u' y='20' font-size='14'>",
		p.left + WIDE + RIGHT, bottom + 24, p.left);
	put_text(p.f, b->title);
	fprintf(p.f, "</text>\n");
	legend(&p);
	grid(&p, bottom);
	groups(&p);
	fprintf(p.f, "</svg>\n");
	return fclose(p.f) == 0;
}
