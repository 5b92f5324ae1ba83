/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the sizes of variable parts, and with them the way from flat to final offsets. Sections of code come first,
 * because LEB128 values in debug information are distances in code.
 *
 * Jumps only grow. Each round looks at every jump once; a jump that grows makes others longer, so there may be another
 * round. From the fifth round on every jump that is longer than a quarter of the reach grows: the code at most triples,
 * so that none is left behind, and the work stays linear in the number of jumps. */
#include "asm/as_part.h"

#include <stdlib.h>

enum { REACH = 32767, PATIENCE = 4, GROWN_INVERTED = 2, GROWN_SKIPPED = 3, GROWN_IN_PLACE = 4 };

/* Last point that begins before `flat`, or NULL. */
static const struct as_point *point_before(const struct as_section *x, uint32_t flat)
{
	uint32_t low = 0, high = x->point_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (x->points[middle].offset < flat)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &x->points[low - 1] : NULL;
}

uint64_t as_address(const struct as_section *x, uint32_t flat)
{
	const struct as_point *p = x->point_count ? point_before(x, flat) : NULL;

	if (p && p->kind == AS_POINT_GONE && flat < p->offset + p->flat)
		flat = p->offset + p->flat; /* within what is gone: where it was */
	return p ? (uint64_t)((int64_t)flat + p->shift) : flat;
}

bool as_is_fixed(const struct as_section *x, uint32_t a, uint32_t b)
{
	if (x->has_code && (x->jump_count || x->marks.len))
		return false;
	return !x->point_count || point_before(x, a) == point_before(x, b);
}

static uint64_t padding(const struct as_point *p, uint64_t address)
{
	uint64_t pad = -address & (p->align - 1);

	return p->max && pad > p->max ? 0 : pad;
}

static unsigned leb_size(int64_t n, bool is_signed)
{
	unsigned size = 1;

	for (uint64_t u = (uint64_t)n; !is_signed && u >= 128; u >>= 7)
		size++;
	for (; is_signed && (n < -64 || n > 63); n >>= 7)
		size++;
	return size;
}

/* New sizes and shifts of all points. True when something grew. */
static bool place(struct as *s, struct as_section *x)
{
	int64_t shift = 0;
	bool changed = false;

	for (uint32_t i = 0; i < x->point_count; i++) {
		struct as_point *p = &x->points[i];
		uint64_t size = p->size;

		if (p->kind == AS_POINT_ALIGN) {
			size = padding(p, (uint64_t)((int64_t)p->offset + shift));
		} else if (p->kind == AS_POINT_ULEB || p->kind == AS_POINT_SLEB) {
			const struct as_fixup *f = &x->fixups[p->align];
			uint32_t base;
			int64_t n;

			if (as_evaluate(s, &f->value, true, &n, &base) == AS_KNOWN &&
			    leb_size(n, p->kind == AS_POINT_SLEB) > size)
				size = leb_size(n, p->kind == AS_POINT_SLEB);
		}
		shift += (int64_t)size - p->flat;
		changed |= size != p->size || shift != p->shift;
		p->size = size;
		p->shift = shift;
	}
	return changed;
}

void as_settle(struct as *s, struct as_section *x)
{
	/* LEB128 only grows and has at most 10 bytes, so this ends */
	for (unsigned i = 0; x->point_count && place(s, x) && i < 64; i++)
		;
}

bool as_jump_target(struct as *s, const struct as_section *x, const struct as_jump *j, uint32_t *flat)
{
	const struct as_symbol *y = j->symbol ? as_sym(s, j->symbol) : NULL;
	int64_t to;

	if (y && (y->kind != AS_LABEL || y->section != x->elf_index))
		return false;
	to = (y ? (int64_t)y->offset : (int64_t)j->offset + 8) + j->addend * 8LL;
	*flat = (uint32_t)to;
	return to >= 0 && to <= (int64_t)x->data.len;
}

int64_t as_jump_distance(struct as *s, const struct as_section *x, const struct as_jump *j)
{
	uint64_t from = as_address(x, j->offset) + 8, to = as_detour(x, j);
	const struct as_symbol *y = as_sym(s, j->symbol);
	uint32_t flat;

	if (!to && as_jump_target(s, x, j, &flat))
		to = as_address(x, flat);
	else if (!to && !j->symbol)
		return j->addend; /* out of the section, as it is written */
	else if (!to)
		to = y->kind == AS_LABEL ? as_address(x, y->offset) + (uint64_t)j->addend * 8 : from;
	return (int64_t)(to - from) / 8;
}

/* How the jump at `j` becomes one that reaches everything, and the bytes that it then has more. */
static uint32_t grow_jump(const struct as_section *x, struct as_jump *j)
{
	uint8_t code = x->data.data[j->offset];

	if (code == 0x05) {
		j->wide = GROWN_IN_PLACE;
		return 0;
	}
	if (code == 0xe5 || (code & 0xf0) == 0x40) { /* may_goto and jset have no opposite */
		j->wide = GROWN_SKIPPED;
		return 16;
	}
	j->wide = GROWN_INVERTED;
	return 8;
}

static int by_offset(const void *a, const void *b)
{
	const struct as_point *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

void as_points_added(struct as *s, struct as_section *x)
{
	if (x->point_count)
		qsort(x->points, x->point_count, sizeof(*x->points), by_offset);
	as_settle(s, x);
}

/* One round over the jumps of a section. True when the code grew. */
static bool grow_jumps(struct as *s, struct as_section *x, int64_t reach)
{
	uint32_t before = x->point_count;

	for (uint32_t i = 0; i < x->jump_count; i++) {
		struct as_jump *j = &x->jumps[i];
		int64_t distance = j->wide ? 0 : as_jump_distance(s, x, j);
		struct as_point *p;
		uint32_t more;

		if (distance <= reach && distance >= -reach - 1)
			continue;
		more = grow_jump(x, j);
		if (!more)
			continue;
		if (!(p = as_point(s, x, AS_POINT_JUMP, j->offset, 8)))
			return false;
		p->size = 8 + more;
	}
	if (x->point_count == before)
		return false;
	as_points_added(s, x);
	return true;
}

static void layout_code(struct as *s, struct as_section *x)
{
	as_settle(s, x);
	if (s->cpu < 4) {
		as_trampolines(s, x);
		return;
	}
	for (unsigned round = 0; grow_jumps(s, x, round < PATIENCE ? REACH : REACH / 4) && !s->failed_memory; round++)
		;
}

void as_layout(struct as *s)
{
	for (uint32_t i = 1; i < s->section_count; i++)
		if (s->sections[i]->has_code)
			layout_code(s, s->sections[i]);
	for (uint32_t i = 1; i < s->section_count; i++)
		if (!s->sections[i]->has_code)
			as_settle(s, s->sections[i]);
}

uint8_t as_inverse_jump(uint8_t code)
{
	static const uint8_t opposite[16] = {[1] = 5,   [5] = 1,   [2] = 0xb, [0xb] = 2, [3] = 0xa,
					     [0xa] = 3, [6] = 0xd, [0xd] = 6, [7] = 0xc, [0xc] = 7};

	return (uint8_t)(opposite[code >> 4] ? opposite[code >> 4] << 4 | (code & 15) : 0);
}

static void put_jump(struct as *s, uint8_t *to, uint8_t code, int64_t off, int64_t imm)
{
	struct iov_insn insn = {.code = code, .off = (int16_t)off, .imm = (int32_t)imm};

	isa_encode(&insn, s->big, to);
}

void as_put_goto(struct as *s, struct as_section *x, uint64_t at, int64_t distance)
{
	put_jump(s, x->data.data + at, 0x05, distance, 0);
}

static bool too_far(struct as *s, struct as_section *x, const struct as_jump *j, int64_t distance)
{
	struct iov_diag *d;

	if (s->cpu < 4 && x->far_reported)
		return false; /* all for the same reason */
	x->far_reported = true;
	d = as_error(s, j->at, 0, DIAG_ASM_JUMP, "the jump goes %lld slots, and reaches 32,767", (long long)distance);
	if (s->cpu < 4) {
		diag_why(d, IOV_NOWHERE, "too many jumps cross here: there is no room for trampolines");
		diag_hint(d, "with --cpu=v4 it is written through gotol");
	}
	return false;
}

bool as_write_jump(struct as *s, struct as_section *x, const struct as_jump *j)
{
	uint64_t at = as_address(x, j->offset);
	int64_t distance = as_jump_distance(s, x, j);
	uint8_t *p = x->data.data + at, code = *p;

	switch (j->wide) {
	case 0:
		if (distance < INT16_MIN || distance > INT16_MAX)
			return too_far(s, x, j, distance);
		as_store(p + 2, (uint64_t)distance, 2, s->big);
		break;
	case 1:
		as_store(p + 4, (uint64_t)distance, 4, s->big);
		break;
	case GROWN_IN_PLACE:
		put_jump(s, p, 0x06, 0, distance);
		break;
	case GROWN_INVERTED:
		*p = as_inverse_jump(code);
		as_store(p + 2, 1, 2, s->big);
		put_jump(s, p + 8, 0x06, 0, distance - 1);
		break;
	default: /* jset, may_goto: over the jump that is taken when they are not */
		as_store(p + 2, 1, 2, s->big);
		put_jump(s, p + 8, 0x05, 1, 0);
		put_jump(s, p + 16, 0x06, 0, distance - 2);
	}
	return true;
}
