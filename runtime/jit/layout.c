/* SPDX-License-Identifier: Apache-2.0 */
/* In which order the code of a subprogram is laid down. Its slots are cut into blocks: control enters at the first
 * instruction and leaves after the last. Blocks stay as the compiler put them, but
 *   - a loop is one piece: what lies in its midst and does not lead back to its head comes behind it;
 *   - a loop that decides at its head and jumps back from its end decides at its end: a jump less in each turn;
 *   - where a lookup that found nothing leads, and only that, comes behind all else;
 *   - a goto is where it goes.
 * Every pass is linear in blocks, times the depth of loops at worst. Loops are ranges of blocks: from a jump's target
 * to the last jump back there; ranges that overlap without one holding the other become one inside the other. */
#include "runtime/jit/jit.h"

#include <string.h>

/* Loops within so many are no loops here: what a pass takes is bounded, and a word has a bit for each. */
enum { NONE = UINT32_MAX, HOPS_MOST = 16, DEPTH_MOST = 32, GAP_MOST = 4 };

struct jit_loop {
	uint32_t head, last;       /* blocks */
	uint32_t parent, depth;
	uint32_t later, later_end; /* list of blocks to be placed behind it */
	uint32_t place;            /* of the head, in the order */
};

struct layout {
	struct jit *j;
	struct jit_block *b;       /* of this subprogram */
	struct jit_loop *loops;
	uint32_t count, loop_count, open;
	uint32_t *order, placed;
	uint32_t cold, cold_end;
};

static bool is_goto(const struct jit *j, uint32_t slot)
{
	return slot < j->sub->end && j->rows[slot] != JIT_NO_ROW && isa_rows[j->rows[slot]].kind == ISA_K_JA;
}

uint32_t jit_final(const struct jit *j, uint32_t slot)
{
	for (int hops = 0; hops < HOPS_MOST && is_goto(j, slot); hops++)
		slot = jit_target_slot(&j->image->insns[slot], slot);
	return slot;
}

/* Where control goes on from the instruction at `slot`; true: nowhere but there, so a block ends. */
static bool leaves(const struct jit *j, uint32_t slot, struct jit_block *b)
{
	const struct iov_insn_fact *fact = jit_fact(j, slot);
	const struct iov_insn *insn = &j->image->insns[slot];
	enum iov_isa_kind kind = isa_rows[j->rows[slot]].kind;

	if (kind == ISA_K_EXIT)
		return true;
	if ((kind != ISA_K_JA && kind != ISA_K_JCC && kind != ISA_K_MAY_GOTO) ||
	    (kind == ISA_K_JCC && fact && fact->never))
		return false;
	b->target = jit_target_slot(insn, slot);
	if (kind == ISA_K_MAY_GOTO || (kind == ISA_K_JCC && !(fact && fact->always)))
		b->follows = slot + 1;
	return true;
}

static void cut(struct layout *l)
{
	struct jit *j = l->j;
	struct jit_block *b = NULL;

	for (uint32_t i = j->sub->start, next; i < j->sub->end; i = next) {
		next = i + 1 + isa_is_wide(&j->image->insns[i]);
		if (b && (j->rows[i] == JIT_NO_ROW || j->marks[i] & JIT_MARK_TARGET)) {
			b->follows = i;
			b = NULL;
		}
		if (j->rows[i] == JIT_NO_ROW) {
			j->offset[i] = JIT_NO_CODE;
			next = i + 1;
			continue;
		}
		if (!b) {
			j->bug |= j->block_count + l->count >= j->block_cap;
			if (j->bug)
				return;
			b = &l->b[l->count];
			*b = (struct jit_block){.start = i, .target = NONE, .follows = NONE, .loop = NONE};
			j->offset[i] = l->count++; /* until code is emitted: which block starts here */
		}
		b->end = next;
		b->last = i;
		if (leaves(j, i, b))
			b = NULL;
	}
	if (b)
		b->follows = j->sub->end;
}

/* The block that starts at `slot`, where gotos lead; NONE: nothing is there. */
static uint32_t block_at(const struct layout *l, uint32_t slot)
{
	const struct jit *j = l->j;

	if (slot == NONE)
		return NONE;
	slot = jit_final(j, slot);
	return slot < j->sub->end && j->rows[slot] != JIT_NO_ROW ? j->offset[slot] : NONE;
}

static bool may_find_nothing(const struct iov_insn *call)
{
	enum { MAP_LOOKUP = 1, RESERVE = 131 };

	return call->imm == MAP_LOOKUP || call->imm == RESERVE;
}

/* What a lookup that finds nothing leads to: 1 the jump's target, 2 what follows; 0: the block asks no such thing. */
static int null_side(const struct jit *j, const struct jit_block *b)
{
	const struct iov_insn *insns = j->image->insns, *asks = &insns[b->last];
	bool result = asks->dst == IOV_R0;

	if ((j->rows[b->last] != ISA_JEQ64_K && j->rows[b->last] != ISA_JNE64_K) || asks->imm)
		return 0;
	for (uint32_t i = b->last; i-- > b->start && b->last - i <= GAP_MOST;) {
		if (j->rows[i] == ISA_CALL_HELPER)
			return !result || !may_find_nothing(&insns[i]) ? 0 : j->rows[b->last] == ISA_JEQ64_K ? 1 : 2;
		result |= j->rows[i] == ISA_MOV64_X && insns[i].dst == asks->dst && insns[i].src == IOV_R0;
	}
	return 0;
}

static void link_blocks(struct layout *l)
{
	for (uint32_t i = 0; i < l->count; i++) {
		struct jit_block *b = &l->b[i];

		b->is_goto = i && is_goto(l->j, b->start);
		b->to[0] = block_at(l, b->target);
		b->to[1] = block_at(l, b->follows);
		for (int k = 0; k < 2; k++) {
			struct jit_block *to = b->to[k] == NONE ? NULL : &l->b[b->to[k]];

			if (!to)
				continue;
			to->needed = true;
			if (b->is_goto)
				continue;
			to->entries++;
			if (to <= b)
				to->back = i + 1;
		}
	}
}

/* A block that only one other leads to, and that one when a lookup found nothing, or being cold itself. */
static void find_cold(struct layout *l)
{
	for (uint32_t i = 0; i < l->count; i++) {
		struct jit_block *b = &l->b[i];
		int side = null_side(l->j, b);

		for (int k = 0; k < 2 && !b->is_goto; k++)
			if (b->to[k] != NONE && b->to[k] > i && l->b[b->to[k]].entries == 1)
				l->b[b->to[k]].cold = b->cold || side == k + 1;
	}
}

/* Loops around what the innermost one holds. */
static uint32_t depth_of(const struct layout *l, uint32_t loop)
{
	return loop == NONE ? 0 : l->loops[loop].depth + 1;
}

static void open_loop(struct layout *l, uint32_t head)
{
	struct jit_loop *loop = &l->loops[l->loop_count];

	*loop = (struct jit_loop){.head = head, .last = l->b[head].back - 1, .parent = l->open, .later = NONE};
	loop->depth = depth_of(l, l->open);
	for (uint32_t p = l->open; p != NONE && l->loops[p].last < loop->last; p = l->loops[p].parent)
		l->loops[p].last = loop->last;
	l->open = l->loop_count++;
}

static void find_loops(struct layout *l)
{
	l->open = NONE;
	for (uint32_t i = 0; i < l->count; i++) {
		while (l->open != NONE && i > l->loops[l->open].last)
			l->open = l->loops[l->open].parent;
		if (depth_of(l, l->open) == DEPTH_MOST)
			l->b[i].back = 0;
		if (l->b[i].back)
			open_loop(l, i);
		l->b[i].loop = l->open;
		l->b[i].depth = (uint8_t)depth_of(l, l->open);
	}
}

/* How many loops hold both. */
static uint32_t common_depth(const struct layout *l, uint32_t x, uint32_t y)
{
	while (x != y && x != NONE && y != NONE)
		if (l->loops[x].depth >= l->loops[y].depth)
			x = l->loops[x].parent;
		else
			y = l->loops[y].parent;
	return x == y ? depth_of(l, x) : 0;
}

/* Bit d of a block: it leads back to the head of the loop of depth d around it. */
static void find_members(struct layout *l)
{
	for (uint32_t i = l->count; i-- > 0;) {
		struct jit_block *b = &l->b[i];

		for (int k = 0; k < 2; k++) {
			uint32_t to = b->to[k], depth;

			if (to == NONE || b->is_goto)
				continue;
			if (to <= i) {
				depth = depth_of(l, l->b[to].loop);
				b->leads |= depth ? 1u << (depth - 1) : 0;
				continue;
			}
			depth = common_depth(l, b->loop, l->b[to].loop);
			b->leads |= l->b[to].leads & (uint32_t)(((uint64_t)1 << depth) - 1);
		}
	}
}

static bool is_member(const struct layout *l, uint32_t block, uint32_t loop)
{
	return l->b[block].leads >> l->loops[loop].depth & 1;
}

static void append(struct layout *l, uint32_t *list, uint32_t *end, uint32_t block)
{
	if (*list == NONE)
		*list = block;
	else
		l->b[*end].next = block;
	l->b[block].next = NONE;
	*end = block;
}

static void place(struct layout *l, uint32_t block, uint32_t loop)
{
	if (loop == NONE || is_member(l, block, loop))
		l->order[l->placed++] = block;
	else
		append(l, &l->loops[loop].later, &l->loops[loop].later_end, block);
}

/* The loop decides at its head whether to go on and jumps back there from its end: the head may come last. */
static bool can_turn(const struct layout *l, const struct jit_loop *loop)
{
	const struct jit_block *head = &l->b[loop->head], *end = &l->b[l->order[l->placed - 1]];
	uint32_t second;

	if (!loop->head || l->placed - loop->place < 2 || l->order[loop->place] != loop->head ||
	    (end->target != NONE && end->follows != NONE) ||
	    (end->to[0] != loop->head && end->to[1] != loop->head) || head->follows == NONE ||
	    isa_rows[l->j->rows[head->last]].kind != ISA_K_JCC)
		return false;
	second = l->order[loop->place + 1];
	for (int k = 0; k < 2; k++) {
		uint32_t out = head->to[1 - k];

		if (head->to[k] == second && out != NONE &&
		    (out > loop->last || !is_member(l, out, (uint32_t)(loop - l->loops))))
			return true;
	}
	return false;
}

static void close_loop(struct layout *l)
{
	struct jit_loop *loop = &l->loops[l->open];
	uint32_t *first = l->order + loop->place;

	if (can_turn(l, loop)) {
		memmove(first, first + 1, (l->placed - loop->place - 1) * sizeof(*first));
		l->order[l->placed - 1] = loop->head;
	}
	l->open = loop->parent;
	for (uint32_t b = loop->later, next; b != NONE; b = next) {
		next = l->b[b].next;
		place(l, b, l->open);
	}
}

static void put_in_order(struct layout *l)
{
	l->open = l->cold = NONE;
	for (uint32_t i = 0, loop = 0; i < l->count; i++) {
		while (l->open != NONE && i > l->loops[l->open].last)
			close_loop(l);
		if (l->b[i].back) {
			l->open = loop++;
			l->loops[l->open].place = l->placed;
		}
		if (l->b[i].is_goto)
			continue;
		if (l->b[i].cold)
			append(l, &l->cold, &l->cold_end, i);
		else
			place(l, i, l->open);
	}
	while (l->open != NONE)
		close_loop(l);
	for (uint32_t b = l->cold; b != NONE; b = l->b[b].next)
		l->order[l->placed++] = b;
	for (uint32_t i = 0; i < l->count; i++) /* code of their own have those only where too long a chain ends */
		if (l->b[i].is_goto)
			l->order[l->placed++] = i;
}

bool jit_layout(struct jit *j)
{
	struct jit_sub *sub = j->sub;
	struct layout l = {.j = j, .b = &j->blocks[j->block_count], .order = &j->order[j->block_count]};

	cut(&l);
	if (j->bug)
		return true;
	link_blocks(&l);
	find_cold(&l);
	for (uint32_t i = 0; i < l.count; i++)
		l.loop_count += l.b[i].back != 0;
	l.loops = arena_array(&j->arena, l.loop_count, sizeof(*l.loops));
	if (l.loop_count && !l.loops)
		return false;
	l.loop_count = 0;
	find_loops(&l);
	find_members(&l);
	put_in_order(&l);
	sub->first_block = j->block_count;
	sub->block_count = l.count;
	j->block_count += l.count;
	return true;
}
