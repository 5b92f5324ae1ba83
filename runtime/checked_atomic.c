/* SPDX-License-Identifier: Apache-2.0 */
/* The checked engine: atomic operations (RFC 9669 section 5.3). In memory that threads share they are the machine's, so
 * that other threads may run the same program. */
#include "runtime/checked.h"

static uint64_t combined(int oper, uint64_t old, uint64_t s)
{
	switch (oper) {
	case ISA_O_ADD: case ISA_O_FETCH_ADD: return old + s;
	case ISA_O_OR: case ISA_O_FETCH_OR: return old | s;
	case ISA_O_AND: case ISA_O_FETCH_AND: return old & s;
	case ISA_O_XOR: case ISA_O_FETCH_XOR: return old ^ s;
	default: return s; /* XCHG, CMPXCHG, STORE_REL */
	}
}

/* What an atomic operation leaves where `old` was. */
static uint64_t updated(int oper, uint64_t old, uint64_t s, uint64_t r0, uint64_t mask)
{
	return oper == ISA_O_CMPXCHG && old != (r0 & mask) ? old : combined(oper, old, s) & mask;
}

/* Other threads may run the same operation there. What was there before. */
static uint64_t update_shared(void *at, uint32_t size, int oper, uint64_t s, uint64_t r0)
{
	uint64_t *wide = at, old = size == 8 ? __atomic_load_n(wide, __ATOMIC_RELAXED) : 0;
	uint32_t *half = at, old32 = size == 4 ? __atomic_load_n(half, __ATOMIC_RELAXED) : 0;

	if (size == 4) {
		while (!__atomic_compare_exchange_n(half, &old32, (uint32_t)updated(oper, old32, s, r0, UINT32_MAX),
						    false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			;
		return old32;
	}
	while (!__atomic_compare_exchange_n(wide, &old, updated(oper, old, s, r0, UINT64_MAX), false, __ATOMIC_SEQ_CST,
					    __ATOMIC_RELAXED))
		;
	return old;
}

bool checked_atomic(struct cmachine *m, const struct iov_insn *insn, const struct iov_isa_row *row, struct cvalue *old)
{
	struct cvalue *r = checked_top(m)->r, new = {.init = true};
	const struct cregion region = m->regions[r[insn->dst].region];
	uint32_t size = row->width / 8;
	bool aligned = !((r[insn->dst].v + (uint64_t)insn->off) & (size - 1));

	if (aligned && region.live && (region.kind == CR_VALUE || region.kind == CR_OBJECT)) {
		uint8_t *at = checked_access(m, insn->dst, insn->off, size, true);

		if (!at || !checked_access(m, insn->dst, insn->off, size, false))
			return false;
		*old = (struct cvalue){.init = true,
				       .v = update_shared(at, size, row->oper, r[insn->src].v, r[IOV_R0].v)};
		return true;
	}
	if (!checked_load(m, insn->dst, insn->off, size, old))
		return false;
	if (!aligned && region.kind == CR_STACK)
		return checked_fail(m, insn->dst, r[insn->dst].v, "is not aligned for an atomic operation");
	new.v = updated(row->oper, old->v, r[insn->src].v, r[IOV_R0].v, size == 8 ? UINT64_MAX : UINT32_MAX);
	return checked_store(m, insn->dst, insn->off, size, &new);
}
