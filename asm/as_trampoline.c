/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: jumps that reach further than 16 bits below level v4, which has no gotol. They go through *trampolines*: plain
 * gotos on the way, several where one is not enough, which all jumps to the same place share.
 *
 * Trampolines stand in *islands* behind an instruction that control does not pass (exit, goto); where there is none in
 * reach, a goto leads around the island. An island lies between a jump and its target, so it belongs to their function;
 * it is the growth of the instruction before it, so that labels and records behind it move. Each trampoline is used by
 * somebody, as Linux refuses what nobody reaches.
 *
 * The way to a target is found from its end, in flat offsets, with steps of up to `reach`; the islands then push
 * everything apart, and when a jump has become too long by that, all is done again with a shorter reach. That fails
 * only when so many jumps to different places cross a point that their trampolines leave no room (thousands). */
#include "asm/as_part.h"

enum { SLOT = 8, REACH = 32767 * SLOT, CELL = 256 * SLOT, SHORTEST = 8 * CELL, MOST_HOPS = 1 << 25 };

/* At most one island begins in each cell of the code. */
struct cell {
	uint32_t place; /* of the instruction before the island, + SLOT; 0: there is no room for one */
	uint32_t hops;
	bool around; /* control passes: a goto leads around the island */
};
/* A trampoline: a goto to `target`, or to the trampoline `next` on the way to it. */
struct hop {
	uint32_t cell, slot, target, next;
};
struct as_detours {
	struct cell *cells;
	uint32_t cell_count;
	struct hop *hops; /* [0] is unused */
	uint32_t hop_count, hop_room;
	uint32_t *hash, hash_size;
	uint32_t *via; /* of each jump: the trampoline that it goes to, or 0 */
	int64_t reach;
};

static bool falls_through(uint8_t code)
{
	return code != 0x95 && code != 0x05 && code != 0x06;
}

/* The first place in each cell that control does not pass, else the first at all. The byte of a slot's code is 0 in the
 * second half of a long constant, where nothing may stand before it, and in instructions that -O took away. */
static void find_places(struct as_detours *d, const struct as_section *x)
{
	const uint8_t *code = x->data.data;

	for (uint32_t at = SLOT; at + SLOT <= x->data.len; at += SLOT) {
		struct cell *c = &d->cells[at / CELL];
		bool around = falls_through(code[at - SLOT]);

		if (!code[at] || !code[at - SLOT] || (c->place && (around || !c->around)))
			continue;
		c->place = at;
		c->around = around;
	}
}

/* The cell with the farthest place from `at` that is in reach; one that control does not pass, if there is one in the
 * farther half. `sign` 1: after `at`, -1: before. -1: none. */
static int64_t find_cell(const struct as_detours *d, int64_t at, int sign)
{
	int64_t from = at + sign * d->reach, to = at + sign * d->reach / 2, found = -1;
	int64_t first = sign < 0 ? (from + CELL - 1) / CELL : from / CELL - 1, last = to / CELL;

	for (int64_t i = first; sign < 0 ? i < last : i > last; i -= sign) {
		const struct cell *c = i < d->cell_count && i >= 0 ? &d->cells[i] : NULL;

		if (!c || !c->place)
			continue;
		if (!c->around)
			return i;
		found = found < 0 ? i : found;
	}
	return found;
}

static uint32_t *find_slot(const struct as_detours *d, uint32_t cell, uint32_t target)
{
	uint32_t at = (cell * 0x9e3779b1u ^ target * 0x85ebca6bu) >> 7 & (d->hash_size - 1);

	while (d->hash[at] && (d->hops[d->hash[at]].cell != cell || d->hops[d->hash[at]].target != target))
		at = (at + 1) & (d->hash_size - 1);
	return &d->hash[at];
}

/* Room for one more; the hash stays at most half full. */
static bool room_for_hop(struct as *s, struct as_detours *d)
{
	uint32_t room = d->hop_room * 2;
	uint64_t most = s->options->limit ? s->options->limit / SLOT : MOST_HOPS;
	struct hop *hops;

	if (d->hop_count < d->hop_room)
		return true;
	if (d->hop_count >= most)
		return false;
	hops = arena_array(s->arena, room, sizeof(*hops));
	d->hash = arena_array(s->arena, room * 2, sizeof(*d->hash));
	if (!hops || !d->hash)
		return as_oom(s);
	memcpy(hops, d->hops, d->hop_count * sizeof(*hops));
	d->hops = hops;
	d->hop_room = room;
	d->hash_size = room * 2;
	for (uint32_t i = 1; i < d->hop_count; i++)
		*find_slot(d, hops[i].cell, hops[i].target) = i;
	return true;
}

/* The trampoline in `cell` on the way to `target`; 0: there is no room. */
static uint32_t get_hop(struct as *s, struct as_detours *d, uint32_t cell, uint32_t target, uint32_t next)
{
	uint32_t *slot;

	if (!room_for_hop(s, d))
		return 0;
	slot = find_slot(d, cell, target);
	if (!*slot) {
		*slot = d->hop_count++;
		d->hops[*slot] = (struct hop){cell, d->cells[cell].hops++, target, next};
	}
	return *slot;
}

/* The way of jump `i`. False: there is none. */
static bool route(struct as *s, struct as_section *x, uint32_t i)
{
	struct as_detours *d = x->detours;
	const struct as_jump *j = &x->jumps[i];
	int64_t from = (int64_t)j->offset + SLOT, at;
	uint32_t target, next = 0;
	int sign;

	d->via[i] = 0;
	if (j->wide || !as_jump_target(s, x, j, &target))
		return true;
	sign = target > from ? -1 : 1; /* from the target to the jump */
	for (at = target; sign < 0 ? at - from > d->reach : from - at > d->reach;) {
		int64_t cell = find_cell(d, at, sign);

		if (cell < 0 || !(next = get_hop(s, d, (uint32_t)cell, target, next)))
			return false;
		at = d->cells[cell].place;
	}
	d->via[i] = next;
	return true;
}

static uint64_t hop_address(const struct as_section *x, uint32_t hop)
{
	const struct hop *h = &x->detours->hops[hop];
	const struct cell *c = &x->detours->cells[h->cell];

	return as_address(x, c->place - SLOT) + SLOT + SLOT * ((uint64_t)c->around + h->slot);
}

static int64_t hop_distance(const struct as_section *x, uint32_t hop)
{
	const struct hop *h = &x->detours->hops[hop];
	uint64_t to = h->next ? hop_address(x, h->next) : as_address(x, h->target);

	return ((int64_t)(to - hop_address(x, hop)) - SLOT) / SLOT;
}

uint64_t as_detour(const struct as_section *x, const struct as_jump *j)
{
	uint32_t via = x->detours ? x->detours->via[j - x->jumps] : 0;

	return via ? hop_address(x, via) : 0;
}

static bool add_islands(struct as *s, struct as_section *x)
{
	const struct as_detours *d = x->detours;

	for (uint32_t i = 0; i < d->cell_count; i++) {
		const struct cell *c = &d->cells[i];
		struct as_point *p = c->hops ? as_point(s, x, AS_POINT_JUMP, c->place - SLOT, SLOT) : NULL;

		if (p)
			p->size = SLOT * (1 + (uint64_t)c->around + c->hops);
	}
	return !s->failed_memory;
}

static void remove_islands(struct as_section *x)
{
	struct as_detours *d = x->detours;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < x->point_count; i++)
		if (x->points[i].kind != AS_POINT_JUMP)
			x->points[kept++] = x->points[i];
	x->point_count = kept;
	for (uint32_t i = 0; i < d->cell_count; i++)
		d->cells[i].hops = 0;
	memset(d->hash, 0, d->hash_size * sizeof(*d->hash));
	d->hop_count = 1;
}

static bool in_reach(int64_t distance)
{
	return distance >= INT16_MIN && distance <= INT16_MAX;
}

static bool all_in_reach(struct as *s, const struct as_section *x)
{
	const struct as_detours *d = x->detours;

	for (uint32_t i = 0; i < x->jump_count; i++)
		if (!x->jumps[i].wide && !in_reach(as_jump_distance(s, x, &x->jumps[i])))
			return false;
	for (uint32_t i = 1; i < d->hop_count; i++)
		if (!in_reach(hop_distance(x, i)))
			return false;
	for (uint32_t i = 0; i < d->cell_count; i++)
		if (d->cells[i].around && !in_reach(d->cells[i].hops))
			return false;
	return true;
}

/* One attempt with d->reach. */
static bool attempt(struct as *s, struct as_section *x)
{
	for (uint32_t i = 0; i < x->jump_count; i++)
		if (!route(s, x, i))
			return false;
	if (!add_islands(s, x))
		return false;
	as_points_added(s, x);
	return all_in_reach(s, x);
}

static bool open_detours(struct as *s, struct as_section *x)
{
	struct as_detours *d = x->detours = ARENA_NEW(s->arena, struct as_detours);

	if (!d)
		return as_oom(s);
	d->cell_count = (uint32_t)(x->data.len / CELL + 1);
	d->hop_room = 256;
	d->hash_size = 2 * d->hop_room;
	d->hop_count = 1;
	d->cells = arena_array(s->arena, d->cell_count, sizeof(*d->cells));
	d->hops = arena_array(s->arena, d->hop_room, sizeof(*d->hops));
	d->hash = arena_array(s->arena, d->hash_size, sizeof(*d->hash));
	d->via = arena_array(s->arena, x->jump_count, sizeof(*d->via));
	if (!d->cells || !d->hops || !d->hash || !d->via)
		return as_oom(s);
	find_places(d, x);
	return true;
}

void as_trampolines(struct as *s, struct as_section *x)
{
	uint32_t far = 0;

	while (far < x->jump_count && (x->jumps[far].wide || in_reach(as_jump_distance(s, x, &x->jumps[far]))))
		far++;
	if (far == x->jump_count)
		return;
	if (open_detours(s, x))
		for (int64_t reach = REACH; reach >= SHORTEST && !s->failed_memory; reach -= reach / 4 / SLOT * SLOT) {
			x->detours->reach = reach;
			if (attempt(s, x))
				return;
			remove_islands(x);
			as_settle(s, x);
		}
	x->detours = NULL;
	as_settle(s, x);
}

void as_write_trampolines(struct as *s, struct as_section *x)
{
	const struct as_detours *d = x->detours;

	if (!d)
		return;
	for (uint32_t i = 0; i < d->cell_count; i++)
		if (d->cells[i].hops && d->cells[i].around)
			as_put_goto(s, x, as_address(x, d->cells[i].place - SLOT) + SLOT, d->cells[i].hops);
	for (uint32_t i = 1; i < d->hop_count; i++)
		as_put_goto(s, x, hop_address(x, i), hop_distance(x, i));
}
