/* SPDX-License-Identifier: Apache-2.0 */
/* Ring-buffer records, dynptrs and their slices. See gen.h. */
#include "testsuite/diff/oracle/gen.h"

void gen_ring(struct gen *g)
{
	uint32_t at;

	gen_load_map(g, IOV_R1, M_RING);
	put(g, 0xb7, IOV_R2, 0, 0, 16);
	put(g, 0xb7, IOV_R3, 0, 0, 0);
	helper(g, 131);
	at = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0x7b, IOV_R0, num(g), (int)(8 * below(g, 2)) + (below(g, 20) ? 0 : 8), 0);
	put(g, 0xbf, IOV_R1, IOV_R0, 0, 0);
	put(g, 0xb7, IOV_R2, 0, 0, 0);
	if (below(g, 16) == 0) { /* on one way only */
		put_half(g);
		g->insns[g->count - 1].off = 1;
	}
	if (below(g, 20))
		helper(g, 132 + (int32_t)below(g, 2));
	land(g, at);
}

/* r1 to r4 for a dynptr: of an array's value, or of a record. The jump to mend, or UINT32_MAX. */
static uint32_t make_dynptr(struct gen *g, bool record, int at)
{
	uint32_t jump = UINT32_MAX;

	if (!record) {
		put(g, 0x62, IOV_R10, 0, -8, (int32_t)below(g, 4));
		gen_load_map(g, IOV_R1, M_ARRAY);
		put(g, 0xbf, IOV_R2, IOV_R10, 0, 0);
		put(g, 0x07, IOV_R2, 0, 0, -8);
		helper(g, 1);
		jump = g->count;
		put(g, 0x15, IOV_R0, 0, 0, 0);
		put(g, 0xbf, IOV_R1, IOV_R0, 0, 0);
	} else {
		gen_load_map(g, IOV_R1, M_RING);
	}
	put(g, 0xb7, IOV_R2, 0, 0, (int32_t)(1 + below(g, 64)));
	put(g, 0xb7, IOV_R3, 0, 0, 0);
	gen_stack_at(g, IOV_R4, at);
	helper(g, record ? 198 : 197);
	return jump;
}

/* A slice of 8 bytes, tested, kept at fp-104 and used; sometimes after its dynptr has ended. */
static void slice(struct gen *g, int at)
{
	uint32_t jump;

	gen_stack_at(g, IOV_R1, at);
	put(g, 0xb7, IOV_R2, 0, 0, (int32_t)below(g, 8));
	put(g, 0xb7, IOV_R3, 0, 0, 8);
	helper(g, 203);
	jump = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	put(g, 0x7b, IOV_R10, IOV_R0, -104, 0);
	if (below(g, 4) == 0)
		put(g, 0x7a, IOV_R10, 0, below(g, 2) ? at : at + 8, 0);
	if (below(g, 4) == 0)
		put(g, 0x79, IOV_R0, IOV_R10, -104, 0);
	gen_access(g, IOV_R0, below(g, 12) ? 0 : 1);
	put(g, 0x7a, IOV_R10, 0, -104, 0);
	land(g, jump);
}

/* bpf_dynptr_read() into, or bpf_dynptr_write() from, the 64 bytes. */
static void copy_dynptr(struct gen *g, int at)
{
	bool write = below(g, 2);
	int ptr = write ? IOV_R1 : IOV_R3, mem = write ? IOV_R3 : IOV_R1, size = write ? IOV_R4 : IOV_R2;

	gen_stack_at(g, ptr, at);
	gen_stack_at(g, mem, below(g, 20) ? -64 : -72);
	put(g, 0xb7, size, 0, 0, (int32_t)below(g, 65));
	put(g, 0xbf, write ? IOV_R2 : IOV_R4, num(g), 0, 0);
	put(g, 0xb7, IOV_R5, 0, 0, 0);
	helper(g, write ? 202 : 201);
	put(g, 0xbf, num(g), IOV_R0, 0, 0);
}

/* r0 = a slice of 8 bytes of the packet's dynptr at `at`; its buffer, if any, lies at `buffer`. */
static void packet_slice(struct gen *g, int at, int buffer, bool writes)
{
	gen_stack_at(g, IOV_R1, at);
	put(g, 0xb7, IOV_R2, 0, 0, (int32_t)below(g, 20));
	gen_stack_at(g, IOV_R3, buffer);
	if (!buffer)
		put(g, 0xb7, IOV_R3, 0, 0, 0);
	put(g, 0xb7, IOV_R4, 0, 0, 8);
	gen_kfunc(g, writes ? "dynptr_slice_rdwr" : "dynptr_slice");
}

/* The buffers hold numbers, one of them is written through the slice, and one is used. */
static void use_buffers(struct gen *g)
{
	int32_t a = (int32_t)below(g, 50), b = (int32_t)below(g, 50);

	if (below(g, 4))
		put(g, 0x7a, IOV_R10, 0, -120, a);
	if (below(g, 4))
		put(g, 0x7a, IOV_R10, 0, -128, b);
	if (below(g, 8))
		put(g, 0x7b, IOV_R0, num(g), 0, 0);
	put(g, 0x79, IOV_R1, IOV_R10, -120 - 8 * (int)below(g, 2), 0);
	if (below(g, 6) == 0)
		put(g, 0x57, IOV_R1, 0, 0, 31);
	gen_stack_at(g, IOV_R2, -64);
	put(g, 0x0f, IOV_R2, IOV_R1, 0, 0);
	put(g, 0x71, num(g), IOV_R2, 0, 0);
}

/* The packet may move before the slice is used again. */
static void move_under_slice(struct gen *g)
{
	put(g, 0x7b, IOV_R10, IOV_R0, -104, 0);
	put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
	put(g, 0xb7, IOV_R2, 0, 0, 4);
	put(g, 0xb7, IOV_R3, 0, 0, 0);
	helper(g, g->type->id == XDP ? 44 : 38);
	put(g, 0x79, IOV_R0, IOV_R10, -104, 0);
	if (below(g, 3) == 0)
		gen_access(g, IOV_R0, 0);
}

/* A dynptr of the packet and a slice of it, which may lie in the buffer at fp-120, or in that at fp-128; the packet or
 * the buffer may change before it is used. */
void gen_packet_dynptr(struct gen *g)
{
	int at = -80 - 8 * (int)below(g, 2);
	bool writes = below(g, 3), two = below(g, 3) == 0;
	uint32_t jump;

	if (!g->has_ctx)
		return;
	put(g, 0xbf, IOV_R1, IOV_R6, 0, 0);
	put(g, 0xb7, IOV_R2, 0, 0, 0);
	gen_stack_at(g, IOV_R3, at);
	gen_kfunc(g, g->type->id == XDP ? "dynptr_from_xdp" : "dynptr_from_skb");
	put(g, 0x7a, IOV_R10, 0, -120, 0);
	put(g, 0x7a, IOV_R10, 0, -128, (int32_t)below(g, 3));
	if (two) { /* one buffer or the other */
		uint32_t half = g->count, over;

		put_half(g);
		packet_slice(g, at, -120, writes);
		over = g->count;
		put(g, 0x05, 0, 0, 0, 0);
		land(g, half);
		packet_slice(g, at, -128, writes);
		land(g, over);
	} else {
		packet_slice(g, at, below(g, 3) ? -120 : 0, writes);
	}
	jump = g->count;
	put(g, 0x15, IOV_R0, 0, 0, 0);
	if (below(g, two ? 8 : 2)) {
		use_buffers(g);
	} else {
		if (coin(g))
			put(g, coin(g) ? 0x7a : 0x62, IOV_R10, 0, -120, (int32_t)below(g, 3));
		if (below(g, 6) == 0)
			put(g, 0x7b, IOV_R10, coin(g) ? IOV_R6 : IOV_R0, -120, 0);
		gen_access(g, IOV_R0, below(g, 12) ? 0 : 1);
		put(g, 0x79, num(g), IOV_R10, -120, 0);
		if (below(g, 8) == 0)
			move_under_slice(g);
	}
	land(g, jump);
}

void gen_dynptr(struct gen *g)
{
	bool record = below(g, 2);
	int at = -80 - 8 * (int)below(g, 2);
	uint32_t jump = make_dynptr(g, record, at);

	for (uint32_t n = below(g, 3); n; n--)
		below(g, 2) ? slice(g, at) : copy_dynptr(g, at);
	if (below(g, 8) == 0)
		put(g, 0x7b, IOV_R10, num(g), at + 8 * (int)below(g, 2), 0);
	if (record && below(g, 20)) {
		put(g, 0xbf, IOV_R1, IOV_R10, 0, 0);
		put(g, 0x07, IOV_R1, 0, 0, at);
		put(g, 0xb7, IOV_R2, 0, 0, 0);
		helper(g, 199 + (int32_t)below(g, 2));
	}
	if (below(g, 8) == 0)
		put(g, 0x79, num(g), IOV_R10, at, 0);
	if (jump != UINT32_MAX)
		land(g, jump);
}

