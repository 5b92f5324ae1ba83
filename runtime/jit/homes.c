/* SPDX-License-Identifier: Apache-2.0 */
/* Stack slots that live in registers. Compilers spill to the stack what eleven registers do not hold; machines have
 * more. The verifier says which eight bytes nobody reaches but whole and through r10 itself (iov_facts.sub_private), so
 * that where they are is this process's own affair. Slots are weighed by their accesses, eight times as much for each
 * loop around; the heaviest get what registers are left: those that a call does not keep only where nothing is called,
 * those that the caller wants back only where that costs less than it saves. The frame loses what nobody uses. */
#include "runtime/jit/jit.h"

#include <string.h>

enum { DEPTH_MOST = 4, SAVED_LEAST = 4 };

static uint32_t place(int32_t off)
{
	return off < 0 && off % 8 == 0 && off >= -(int32_t)IOV_FRAME_STACK ? (uint32_t)-off / 8 - 1 : JIT_SLOTS;
}

int jit_home(const struct jit *j, int reg, int32_t off)
{
	return reg == IOV_R10 && place(off) < JIT_SLOTS ? j->home[place(off)] : -1;
}

static void weigh(const struct jit *j, uint32_t weights[JIT_SLOTS])
{
	const struct jit_block *b = &j->blocks[j->sub->first_block], *end = b + j->sub->block_count;

	for (; b < end; b++)
		for (uint32_t i = b->start; i < b->end; i++) {
			const struct iov_insn *insn = &j->image->insns[i];
			uint32_t n = JIT_SLOTS;

			if (j->rows[i] == ISA_LDX64 && insn->src == IOV_R10 && !jit_useless(j, i))
				n = place(insn->off);
			else if ((j->rows[i] == ISA_STX64 || j->rows[i] == ISA_ST64) && insn->dst == IOV_R10)
				n = place(insn->off);
			if (n < JIT_SLOTS)
				weights[n] += 1u << 3 * (b->depth < DEPTH_MOST ? b->depth : DEPTH_MOST);
		}
}

/* To the registers of `pool`, while there are slots of at least that weight; returns the registers given away. */
static uint32_t settle(struct jit *j, uint32_t pool, const uint32_t weights[JIT_SLOTS], uint32_t least)
{
	uint32_t taken = 0;

	for (; pool & ~taken; taken |= (pool & ~taken) & -(pool & ~taken)) {
		uint32_t best = JIT_SLOTS;

		for (uint32_t n = 0; n < j->sub->stack / 8; n++)
			if (j->home[n] < 0 && weights[n] >= least && (best == JIT_SLOTS || weights[n] > weights[best]))
				best = n;
		if (best == JIT_SLOTS)
			break;
		j->home[best] = (int8_t)__builtin_ctz(pool & ~taken);
	}
	return taken;
}

void jit_settle(struct jit *j)
{
	const struct iov_facts *facts = j->image->facts;
	struct jit_sub *sub = j->sub;
	uint64_t own = facts && facts->sub_private ? facts->sub_private[sub - j->subs] : 0;
	uint32_t weights[JIT_SLOTS] = {0};

	memset(j->home, -1, sizeof(j->home));
	sub->homes_saved = 0;
	if (!sub->stack || !own)
		return;
	weigh(j, weights);
	for (uint32_t n = 0; n < JIT_SLOTS; n++)
		if (!(own >> n & 1))
			weights[n] = 0;
	settle(j, j->target->spare(j, false), weights, 1);
	sub->homes_saved = settle(j, j->target->spare(j, true), weights, SAVED_LEAST);
	for (uint32_t n = sub->stack / 8; n-- > 0 && own >> n & 1 && (j->home[n] >= 0 || !weights[n]);)
		sub->stack -= 8;
}
