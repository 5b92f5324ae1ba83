/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: jumps as lines at the left of a listing. Each jump has a column, the shorter ones nearer to the instructions; a
 * function whose jumps need more columns than there are shows the shorter ones. */
#include "asm/dump_part.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 8 };

struct jump {
	uint32_t low, high, from; /* slots */
	uint32_t column;
};

struct arrows {
	struct jump *jumps; /* those that have a column, by low */
	uint32_t count, columns;
	uint32_t *first; /* by slot: the first jump whose high is not before it */
};

static int by_length(const void *a, const void *b)
{
	const struct jump *x = a, *y = b;
	uint32_t m = x->high - x->low, n = y->high - y->low;

	if (m != n)
		return m < n ? -1 : 1;
	return x->low < y->low ? -1 : x->low > y->low;
}

static int by_low(const void *a, const void *b)
{
	const struct jump *x = a, *y = b;

	return x->low < y->low ? -1 : x->low > y->low;
}

static uint32_t collect(const struct iov_prog *p, struct jump *jumps)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		int64_t to = dump_jump_target(p, i);

		if (to < 0 || to == i)
			continue;
		jumps[n++] = (struct jump){to < i ? (uint32_t)to : i, to < i ? i : (uint32_t)to, i, 0};
	}
	return n;
}

/* The shortest take the innermost column that is free over their whole length; bitmaps by column keep that linear in
 * the length of what is drawn. */
static uint32_t assign(struct jump *jumps, uint32_t n, uint8_t *taken, uint32_t *columns)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint8_t used = 0;
		unsigned column = 0;

		if (jumps[i].high - jumps[i].low > 1000)
			continue;
		for (uint32_t at = jumps[i].low; at <= jumps[i].high; at++)
			used |= taken[at];
		while (column < COLUMNS && used >> column & 1)
			column++;
		if (column == COLUMNS)
			continue;
		for (uint32_t at = jumps[i].low; at <= jumps[i].high; at++)
			taken[at] |= (uint8_t)(1u << column);
		jumps[kept] = jumps[i];
		jumps[kept++].column = column;
		*columns = column + 1 > *columns ? column + 1 : *columns;
	}
	return kept;
}

struct arrows *arrows_new(const struct iov_prog *prog, struct iov_arena *arena)
{
	struct arrows *a = ARENA_NEW(arena, struct arrows);
	uint8_t *taken = arena_alloc(arena, prog->count + 1u);
	uint32_t low = 0;

	if (!a || !taken || !(a->jumps = arena_array(arena, prog->count, sizeof(*a->jumps))) ||
	    !(a->first = arena_array(arena, prog->count + 1u, sizeof(*a->first))))
		return NULL;
	a->count = collect(prog, a->jumps);
	qsort(a->jumps, a->count, sizeof(*a->jumps), by_length);
	a->count = assign(a->jumps, a->count, taken, &a->columns);
	qsort(a->jumps, a->count, sizeof(*a->jumps), by_low);
	for (uint32_t slot = 0; slot < prog->count; slot++) {
		while (low < a->count && a->jumps[low].high < slot)
			low++;
		a->first[slot] = low;
	}
	return a;
}

static void draw_end(char *row, uint32_t width, const struct jump *j, bool target, bool upper)
{
	uint32_t corner = width - 2 - j->column;

	row[corner] = upper ? ',' : '\'';
	for (uint32_t i = corner + 1; i + 1 < width; i++)
		row[i] = row[i] == ' ' ? '-' : '+';
	row[width - 1] = target ? '>' : row[width - 1] == '>' ? '>' : '-';
}

void arrows_print(const struct arrows *a, uint32_t slot, bool insn, struct iov_buf *out)
{
	char row[COLUMNS + 2];
	uint32_t width = a->columns + 1;

	if (!a->columns)
		return;
	memset(row, ' ', sizeof(row));
	for (uint32_t i = a->first[slot]; i < a->count && a->jumps[i].low <= slot; i++) {
		const struct jump *j = &a->jumps[i];

		/* above an instruction, a line that begins there is not yet drawn */
		if (j->high >= slot && (j->low < slot))
			row[width - 2 - j->column] = '|';
	}
	for (uint32_t i = a->first[slot]; insn && i < a->count && a->jumps[i].low <= slot; i++) {
		const struct jump *j = &a->jumps[i];

		if (j->low == slot || j->high == slot)
			draw_end(row, width, j, j->from != slot, j->low == slot);
	}
	buf_put(out, row, width);
}
