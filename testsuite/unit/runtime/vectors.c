/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors and their reference. The reference computes in 128 bits and by bytes, from RFC 9669's words. */
#include "testsuite/unit/runtime/vectors.h"

#include <string.h>

static const uint64_t corners[] = {
	0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
	0xffffffff, 0x100000000, 0x180000000, 0x123456789abcdef0, 0x7fffffffffffffff, 0x8000000000000000,
	0xffffffff00000000, 0xffffffff80000000, 0xffffffffffffff80, 0xfffffffffffffff9, 0xfffffffffffffffe,
	0xffffffffffffffff,
};
enum { CORNERS = sizeof(corners) / sizeof(corners[0]) };

static __int128 sign(uint64_t v, unsigned bits)
{
	unsigned __int128 top = (unsigned __int128)1 << (bits - 1), x = v;

	if (bits < 64)
		x &= ((unsigned __int128)1 << bits) - 1;
	return x & top ? (__int128)x - (__int128)(top << 1) : (__int128)x;
}

static uint64_t cut(unsigned __int128 v, unsigned bits)
{
	return bits == 64 ? (uint64_t)v : (uint64_t)v & ((1ull << bits) - 1);
}

static __int128 floor_shift(__int128 v, unsigned by)
{
	__int128 unit = (__int128)1 << by, q = v / unit;

	return v % unit < 0 ? q - 1 : q;
}

static uint64_t ref_alu(const struct iov_isa_row *row, uint64_t a, uint64_t b)
{
	unsigned w = row->width;
	unsigned __int128 ua = cut(a, w), ub = cut(b, w);
	__int128 sa = sign(a, w), sb = sign(b, w);

	switch (row->oper) {
	case ISA_O_ADD: return cut(ua + ub, w);
	case ISA_O_SUB: return cut(ua - ub, w);
	case ISA_O_MUL: return cut(ua * ub, w);
	case ISA_O_DIV: return ub ? cut(ua / ub, w) : 0;
	case ISA_O_MOD: return ub ? cut(ua % ub, w) : cut(ua, w);
	case ISA_O_SDIV: return sb ? cut((unsigned __int128)(sa / sb), w) : 0;
	case ISA_O_SMOD: return sb ? cut((unsigned __int128)(sa % sb), w) : cut(ua, w);
	case ISA_O_OR: return cut(ua | ub, w);
	case ISA_O_AND: return cut(ua & ub, w);
	case ISA_O_XOR: return cut(ua ^ ub, w);
	case ISA_O_LSH: return cut(ua << (unsigned)(ub % w), w);
	case ISA_O_RSH: return cut(ua >> (unsigned)(ub % w), w);
	case ISA_O_ARSH: return cut((unsigned __int128)floor_shift(sa, (unsigned)(ub % w)), w);
	case ISA_O_NEG: return cut(0 - ua, w);
	case ISA_O_MOV: return cut(ub, w);
	case ISA_O_MOVSX8: return cut((unsigned __int128)sign(b, 8), w);
	case ISA_O_MOVSX16: return cut((unsigned __int128)sign(b, 16), w);
	case ISA_O_MOVSX32: return cut((unsigned __int128)sign(b, 32), w);
	}
	__builtin_trap();
}

static uint64_t ref_end(const struct iov_isa_row *row, uint64_t a)
{
	unsigned bytes = row->width / 8;
	bool big_host = (union { uint16_t u; uint8_t b[2]; }){.u = 1}.b[1];
	bool swap = row->oper == ISA_O_BSWAP || (row->oper == ISA_O_TO_BE) != big_host;
	uint64_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (a >> 8 * i & 0xff) << 8 * (swap ? bytes - 1 - i : i);
	return v;
}

static bool ref_jcc(const struct iov_isa_row *row, uint64_t a, uint64_t b)
{
	unsigned w = row->width;
	__int128 ua = cut(a, w), ub = cut(b, w), sa = sign(a, w), sb = sign(b, w);

	switch (row->oper) {
	case ISA_O_JEQ: return ua == ub;
	case ISA_O_JNE: return ua != ub;
	case ISA_O_JGT: return ua > ub;
	case ISA_O_JGE: return ua >= ub;
	case ISA_O_JLT: return ua < ub;
	case ISA_O_JLE: return ua <= ub;
	case ISA_O_JSET: return (ua & ub) != 0;
	case ISA_O_JSGT: return sa > sb;
	case ISA_O_JSGE: return sa >= sb;
	case ISA_O_JSLT: return sa < sb;
	case ISA_O_JSLE: return sa <= sb;
	}
	__builtin_trap();
}

static struct iov_insn of(enum iov_isa isa, int dst, int src, int off, int32_t imm)
{
	const struct iov_isa_row *row = &isa_rows[isa];
	struct iov_insn insn = {
		.code = row->code, .dst = (uint8_t)dst, .src = (uint8_t)src, .off = (int16_t)off, .imm = imm};

	if (row->sel == ISA_SEL_OFF)
		insn.off = (int16_t)row->sel_value;
	else if (row->sel == ISA_SEL_IMM)
		insn.imm = row->sel_value;
	else if (row->sel == ISA_SEL_SRC)
		insn.src = (uint8_t)row->sel_value;
	return insn;
}

static void put(struct vector *v, struct iov_insn insn) { v->insns[v->count++] = insn; }

/* r9 = r1, dst = in[0], src = in[1], r0 = -1; the row under test follows. */
static void start(struct vector *v, const struct iov_isa_row *row, int dst, int src)
{
	*v = (struct vector){.name = row->name};
	put(v, of(ISA_MOV64_X, 9, 1, 0, 0));
	put(v, of(ISA_LDX64, dst, 9, 0, 0));
	if (src != dst)
		put(v, of(ISA_LDX64, src, 9, 8, 0));
	put(v, of(ISA_MOV64_K, 0, 0, 0, -1));
}

static void set_io(struct vector *v, uint64_t a, uint64_t b, uint64_t r0)
{
	v->in[0] = v->out[0] = a;
	v->in[1] = v->out[1] = b;
	v->r0 = r0;
}

static const int pairs[][2] = {{2, 3}, {1, 2}, {6, 4}, {7, 5}, {3, 2}, {4, 7}, {5, 5}};

static void alu_row(const struct iov_isa_row *row, int dst, int src, vector_fn *fn, void *ud)
{
	bool x = row->src == ISA_SRC_X;

	for (uint32_t i = 0; i < CORNERS; i++)
		for (uint32_t j = 0; j < (row->src == ISA_SRC_N ? 1 : (uint32_t)CORNERS); j++) {
			uint64_t a = corners[i], b = src == dst ? a : corners[j],
				 sext = (uint64_t)(int64_t)(int32_t)corners[j];
			struct vector v;

			start(&v, row, dst, src);
			put(&v, of(isa_index(row), dst, x ? src : 0, 0, x ? 0 : (int32_t)corners[j]));
			put(&v, of(ISA_MOV64_X, 0, dst, 0, 0));
			put(&v, of(ISA_EXIT, 0, 0, 0, 0));
			set_io(&v, a, corners[j],
			       row->kind == ISA_K_END ? ref_end(row, a) : ref_alu(row, a, x ? b : sext));
			fn(ud, &v);
		}
}

static void jcc_row(const struct iov_isa_row *row, int dst, int src, vector_fn *fn, void *ud)
{
	bool x = row->src == ISA_SRC_X;

	for (uint32_t i = 0; i < CORNERS; i++)
		for (uint32_t j = 0; j < CORNERS; j++) {
			uint64_t a = corners[i], b = src == dst ? a : corners[j],
				 sext = (uint64_t)(int64_t)(int32_t)corners[j];
			struct vector v;

			start(&v, row, dst, src);
			put(&v, of(isa_index(row), dst, x ? src : 0, 1, x ? 0 : (int32_t)corners[j]));
			put(&v, of(ISA_MOV64_K, 0, 0, 0, 5));
			put(&v, of(ISA_EXIT, 0, 0, 0, 0));
			set_io(&v, a, corners[j], ref_jcc(row, a, x ? b : sext) ? UINT64_MAX : 5);
			fn(ud, &v);
		}
}

/* Forward over two slots, then back to them. */
static void ja_row(const struct iov_isa_row *row, vector_fn *fn, void *ud)
{
	bool near = row->width == 16;
	struct vector v;

	start(&v, row, 2, 3);
	put(&v, of(isa_index(row), 0, 0, near ? 2 : 0, near ? 0 : 2));
	put(&v, of(ISA_MOV64_K, 0, 0, 0, 5));
	put(&v, of(ISA_EXIT, 0, 0, 0, 0));
	put(&v, of(isa_index(row), 0, 0, near ? -3 : 0, near ? 0 : -3));
	set_io(&v, 0, 0, 5);
	fn(ud, &v);
}

/* Offsets cover unaligned places, and the words in[2] and in[3]. */
static void load_row(const struct iov_isa_row *row, vector_fn *fn, void *ud)
{
	unsigned bytes = row->width / 8;

	for (uint32_t i = 0; i < CORNERS; i++)
		for (int off = 16; off < 24; off++) {
			struct vector v;
			uint64_t raw = 0;

			if (row->kind == ISA_K_ATOMIC && off % (int)bytes)
				continue;
			start(&v, row, 2, 3);
			put(&v, of(isa_index(row), 4, 9, off, 0));
			put(&v, of(ISA_MOV64_X, 0, 4, 0, 0));
			put(&v, of(ISA_EXIT, 0, 0, 0, 0));
			set_io(&v, 0, 0, 0);
			v.in[2] = v.out[2] = corners[i];
			v.in[3] = v.out[3] = ~corners[i];
			memcpy(&raw, (uint8_t *)v.in + off, bytes);
			v.r0 = row->kind == ISA_K_LDSX ? (uint64_t)sign(raw, row->width) : raw;
			fn(ud, &v);
		}
}

static void store_row(const struct iov_isa_row *row, vector_fn *fn, void *ud)
{
	unsigned bytes = row->width / 8;

	for (uint32_t i = 0; i < CORNERS; i++)
		for (int off = 16; off < 24; off++) {
			bool k = row->kind == ISA_K_ST;
			uint64_t value = k ? (uint64_t)(int64_t)(int32_t)corners[i] : corners[i];
			struct vector v;

			if (row->kind == ISA_K_ATOMIC && off % (int)bytes)
				continue;
			start(&v, row, 2, 3);
			put(&v, of(isa_index(row), 9, k ? 0 : 3, off, k ? (int32_t)corners[i] : 0));
			put(&v, of(ISA_EXIT, 0, 0, 0, 0));
			set_io(&v, 0, corners[i], UINT64_MAX);
			v.in[2] = v.out[2] = 0x1122334455667788;
			v.in[3] = v.out[3] = 0x99aabbccddeeff00;
			memcpy((uint8_t *)v.out + off, &value, bytes);
			fn(ud, &v);
		}
}

static uint64_t ref_atomic(const struct iov_isa_row *row, uint64_t old, uint64_t operand, uint64_t expected)
{
	switch (row->oper) {
	case ISA_O_ADD: case ISA_O_FETCH_ADD: return cut((unsigned __int128)old + operand, row->width);
	case ISA_O_OR: case ISA_O_FETCH_OR: return cut(old | operand, row->width);
	case ISA_O_AND: case ISA_O_FETCH_AND: return cut(old & operand, row->width);
	case ISA_O_XOR: case ISA_O_FETCH_XOR: return cut(old ^ operand, row->width);
	case ISA_O_XCHG: return cut(operand, row->width);
	case ISA_O_CMPXCHG: return old == cut(expected, row->width) ? cut(operand, row->width) : old;
	}
	__builtin_trap();
}

/* On in[2] or one half of it, operand in[1], r0 = in[0] before; what was fetched ends in r0. */
static void atomic_case(const struct iov_isa_row *row, uint64_t word, uint64_t operand, uint64_t expected, int half,
			vector_fn *fn, void *ud)
{
	bool fetches = row->oper >= ISA_O_FETCH_ADD && row->oper <= ISA_O_CMPXCHG;
	uint64_t old = 0, value;
	int off = 16 + 4 * half;
	struct vector v;

	start(&v, row, 0, 3);
	v.count--;
	put(&v, of(isa_index(row), 9, 3, off, 0));
	if (row->oper != ISA_O_CMPXCHG)
		put(&v, of(ISA_MOV64_X, 0, 3, 0, 0));
	put(&v, of(ISA_EXIT, 0, 0, 0, 0));
	set_io(&v, expected, operand, 0);
	v.in[2] = v.out[2] = word;
	memcpy(&old, (uint8_t *)v.in + off, row->width / 8);
	value = ref_atomic(row, old, operand, expected);
	memcpy((uint8_t *)v.out + off, &value, row->width / 8);
	v.r0 = fetches ? old : operand;
	fn(ud, &v);
}

static void atomic_row(const struct iov_isa_row *row, vector_fn *fn, void *ud)
{
	for (uint32_t i = 0; i < CORNERS; i++)
		for (uint32_t j = 0; j < CORNERS; j++)
			for (int half = 0; half < (row->width == 32 ? 2 : 1); half++)
				atomic_case(row, corners[i], corners[j], j % 3 ? corners[i] : corners[j], half, fn, ud);
}

static void imm64_row(const struct iov_isa_row *row, vector_fn *fn, void *ud)
{
	for (uint32_t i = 0; i < CORNERS; i++)
		for (int dst = 0; dst < 9; dst++) {
			struct vector v = {.name = row->name, .r0 = corners[i]};

			put(&v, of(ISA_LD_IMM64, dst, 0, 0, (int32_t)corners[i]));
			put(&v, (struct iov_insn){.imm = (int32_t)(corners[i] >> 32)});
			put(&v, of(ISA_MOV64_X, 0, dst, 0, 0));
			put(&v, of(ISA_EXIT, 0, 0, 0, 0));
			fn(ud, &v);
		}
}

bool vectors_cover(const struct iov_isa_row *row)
{
	switch (row->kind) {
	case ISA_K_ALU: case ISA_K_END: case ISA_K_JA: case ISA_K_JCC: case ISA_K_LDX: case ISA_K_LDSX: case ISA_K_ST:
	case ISA_K_STX: case ISA_K_ATOMIC:
		return true;
	case ISA_K_LDIMM64:
		return row->oper == ISA_O_IMM64;
	}
	return false;
}

static void row_vectors(const struct iov_isa_row *row, int dst, int src, bool first, vector_fn *fn, void *ud)
{
	if (row->kind == ISA_K_ALU || row->kind == ISA_K_END)
		alu_row(row, dst, src, fn, ud);
	else if (row->kind == ISA_K_JCC)
		jcc_row(row, dst, src, fn, ud);
	else if (!first)
		return;
	else if (row->kind == ISA_K_JA)
		ja_row(row, fn, ud);
	else if (row->kind == ISA_K_LDX || row->kind == ISA_K_LDSX || row->oper == ISA_O_LOAD_ACQ)
		load_row(row, fn, ud);
	else if (row->kind == ISA_K_ST || row->kind == ISA_K_STX || row->oper == ISA_O_STORE_REL)
		store_row(row, fn, ud);
	else if (row->kind == ISA_K_ATOMIC)
		atomic_row(row, fn, ud);
	else if (row->oper == ISA_O_IMM64)
		imm64_row(row, fn, ud);
}

void vectors_each(vector_fn *fn, void *ud)
{
	for (size_t i = 0; i < ISA_COUNT; i++)
		for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++)
			row_vectors(&isa_rows[i], pairs[p][0], pairs[p][1], p == 0, fn, ud);
}

struct iov_image *image_of(struct iov_arena *arena, const struct iov_insn *insns, uint32_t count,
			   const struct iov_subprog *subs, uint32_t sub_count)
{
	struct iov_image *image = ARENA_NEW(arena, struct iov_image);
	struct iov_prog *prog = ARENA_NEW(arena, struct iov_prog);
	struct iov_subprog *all = arena_array(arena, sub_count ? sub_count : 1, sizeof(*all));

	all[0] = (struct iov_subprog){.name = "entry", .count = count};
	if (sub_count)
		memcpy(all, subs, sub_count * sizeof(*subs));
	image->insns = arena_copy(arena, insns, count * sizeof(*insns));
	image->count = count;
	image->calls = arena_array(arena, count, sizeof(*image->calls));
	*prog = (struct iov_prog){.name = "test", .insns = image->insns, .count = count, .subs = all,
				  .sub_count = sub_count ? sub_count : 1};
	image->prog = prog;
	return image;
}
