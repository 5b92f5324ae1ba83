/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, branches, functions; the whole. See oracle.h, gen.h. */
#include "testsuite/diff/oracle/gen.h"

#include <string.h>

static const struct iov_field lock_field = {.kind = IOV_FIELD_SPIN_LOCK, .off = 0, .size = 4},
			      timer_field = {.kind = IOV_FIELD_TIMER, .off = 0, .size = 16};

static const struct iov_map_def inner = {.name = "inner", .type = 2, .key_size = 4, .value_size = 64,
					 .max_entries = 4};
const struct iov_map_def gen_maps[GEN_MAPS] = {
	[M_ARRAY] = {.name = "array", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4},
	[M_HASH] = {.name = "hash", .type = 1, .key_size = 8, .value_size = 16, .max_entries = 4},
	[M_RING] = {.name = "ring", .type = 27, .max_entries = 4096},
	[M_LRU] = {.name = "lru", .type = 9, .key_size = 4, .value_size = 24, .max_entries = 8},
	[M_LOCKED] = {.name = "locked", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4,
		      .fields = {&lock_field, 1, NULL}},
	[M_TIMERS] = {.name = "timers", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 4,
		      .fields = {&timer_field, 1, NULL}},
	[M_OUTER] = {.name = "outer", .type = 12, .key_size = 4, .value_size = 4, .max_entries = 4,
		     .inner = &inner},
	[M_PROGS] = {.name = "progs", .type = 3, .key_size = 4, .value_size = 4, .max_entries = 4},
};
static const struct iov_map_def *const map_list[GEN_MAPS] = {
	&gen_maps[0], &gen_maps[1], &gen_maps[2], &gen_maps[3], &gen_maps[4], &gen_maps[5], &gen_maps[6], &gen_maps[7],
};

uint64_t oracle_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s * 0x2545f4914f6cdd1du;
}

int32_t gen_edge(struct gen *g)
{
	static const int32_t edges[] = {0, 1, -1, 2, 3, 5, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 0xffff,
					0x10000, INT32_MAX, INT32_MIN, -2, -8, -128, 0x7fff, -0x8000, 1 << 30};

	return below(g, 3) ? edges[below(g, sizeof(edges) / sizeof(*edges))] : (int32_t)oracle_random(g->state);
}

void gen_stack_at(struct gen *g, int dst, int off)
{
	put(g, 0xbf, dst, IOV_R10, 0, 0);
	put(g, 0x07, dst, 0, 0, off);
}

bool gen_refer(struct gen *g, uint32_t function)
{
	if (g->call_count == GEN_CALLS || !g->count)
		return false;
	g->wanted[function] = true;
	g->calls[g->call_count++] = (struct gen_call){g->count - 1, function};
	return true;
}

void gen_kfunc(struct gen *g, const char *name)
{
	uint32_t i = 0;

	if (!platform_kfunc(g->platform, name))
		return;
	while (i < g->prog.extern_count && strcmp(g->externs[i].name, name))
		i++;
	if (i == GEN_EXTERNS)
		return;
	g->externs[i] = (struct iov_extern){.name = name, .is_func = true};
	if (i == g->prog.extern_count)
		g->prog.extern_count++;
	put(g, 0x85, 0, 2, 0, (int32_t)i);
}

/* Any ALU row on numbers. */
void gen_alu(struct gen *g)
{
	static const uint8_t opers[] = {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0};
	uint8_t class = below(g, 2) ? 7 : 4, oper = opers[below(g, 12)];
	int dst = num(g), src = num(g), off = 0;
	int32_t imm = gen_edge(g);

	switch (below(g, 10)) {
	case 0: put(g, class | 0x80, dst, 0, 0, 0); return;                       /* neg */
	case 1: put(g, below(g, 2) ? 0xdc : 0xd4, dst, 0, 0, 16 << below(g, 3)); return;
	case 2: put(g, 0xd7, dst, 0, 0, 16 << below(g, 3)); return;
	case 3: put(g, class | 0xb8, dst, src, 8 << below(g, class == 7 ? 3 : 2), 0); return;
	case 4: put(g, class | 0xb8, dst, src, 0, 0); return;
	default: break;
	}
	if (oper == 0x30 || oper == 0x90)
		off = below(g, 2);
	if (below(g, 3) == 0) { /* an operand of a small range */
		put(g, 0xbf, IOV_R2, src, 0, 0);
		put(g, below(g, 2) ? 0x57 : 0x54, IOV_R2, 0, 0, (2 << below(g, 7)) - 1);
		if (below(g, 2))
			put(g, 0x07, IOV_R2, 0, 0, (int32_t)below(g, 40) - 8);
		put(g, class | oper | 8, dst, IOV_R2, off, 0);
		return;
	}
	if (below(g, 2)) {
		put(g, class | oper | 8, dst, src, off, 0);
		return;
	}
	if (oper == 0x60 || oper == 0x70 || oper == 0xc0)
		imm &= class == 7 ? 63 : 31;
	if (off >= 0 && (oper == 0x30 || oper == 0x90) && !imm)
		imm = 7;
	put(g, class | oper, dst, 0, off, imm);
}

const uint8_t gen_jumps[11] = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0};

static void condition(struct gen *g)
{
	uint8_t code = (uint8_t)(5 + below(g, 2)) | gen_jumps[below(g, 11)];

	if (below(g, 3) == 0)
		put_half(g);
	else if (coin(g))
		put(g, code | 8, num(g), num(g), 0, 0);
	else
		put(g, code, num(g), 0, 0, gen_edge(g));
}

/* A branch over a few statements: what is refined inside is used inside. */
void gen_branch(struct gen *g)
{
	uint32_t at = g->count;

	condition(g);
	gen_statements(g, 1 + below(g, 2));
	land(g, at);
	if (coin(g)) {
		uint32_t over = g->count;

		put(g, 0x05, 0, 0, 0, 0);
		g->insns[at].off++;
		gen_statements(g, 1);
		land(g, over);
	}
}

/* Change a constant or a number of the slots from `start` on. */
static void disturb(struct gen *g, uint32_t start)
{
	struct iov_insn *in = &g->insns[start + below(g, g->count - start)];
	uint8_t class = in->code & 7;

	if (class == 7 || class == 4) {
		if (in->code & 8)
			in->src = in->src == IOV_R7 ? IOV_R9 : in->src == IOV_R9 ? IOV_R7 : in->src;
		else if (coin(g) && in->imm)
			in->imm = (int32_t)((uint32_t)in->imm * 2);
		else
			in->imm = (int32_t)((uint32_t)in->imm + below(g, 9) - 4);
	} else if (class == 2) {
		in->imm = (int32_t)((uint32_t)in->imm + below(g, 5) - 2);
	}
}

/* Two ways that do nearly the same. */
void gen_arms(struct gen *g)
{
	uint32_t at = g->count, start, end, over, calls = g->call_count, last;

	condition(g);
	start = g->count;
	gen_statements(g, 1 + below(g, 2));
	end = g->count;
	last = g->call_count;
	if (end + (end - start) > GEN_MAX - 100 || 2 * last - calls > GEN_CALLS) {
		land(g, at);
		return;
	}
	over = g->count;
	put(g, 0x05, 0, 0, 0, 0);
	land(g, at);
	for (uint32_t i = start; i < end; i++)
		g->insns[g->count++] = g->insns[i];
	for (uint32_t i = calls; i < last; i++)
		g->calls[g->call_count++] =
			(struct gen_call){g->calls[i].slot + over + 1 - start, g->calls[i].function};
	for (uint32_t n = 1 + below(g, 2); n && g->count > over + 1; n--)
		disturb(g, over + 1);
	land(g, over);
}

typedef void statement(struct gen *g);

/* As often as they stand here. */
static statement *const common[] = {
	gen_alu, gen_alu, gen_alu, gen_branch, gen_branch, gen_arms, gen_arms, gen_tied, gen_tied, gen_packet,
	gen_packet, gen_lookup, gen_lookup, gen_stack, gen_stack, gen_stack, gen_helper, gen_helper, gen_call_sub,
	gen_loop, gen_loop, gen_ranges, gen_ranges, gen_ranges,
};
static statement *const others[] = {
	gen_legacy, gen_inner, gen_ring, gen_dynptr, gen_both_ways, gen_both_ways, gen_walk, gen_walk, gen_may_goto,
	gen_bpf_loop, gen_bpf_loop, gen_for_each, gen_socket, gen_lock, gen_timer, gen_tail_call,
};

/* Those that need kernel functions. */
static statement *const kernel[] = {gen_packet_dynptr, gen_iterate, gen_iterate, gen_any_kfunc, gen_section};

void gen_statements(struct gen *g, uint32_t n)
{
	for (uint32_t i = 0; i < n && g->count < GEN_MAX - 200; i++)
		if (below(g, 4))
			common[below(g, sizeof(common) / sizeof(*common))](g);
		else if (below(g, 5) || !g->platform->kfunc_count)
			others[below(g, sizeof(others) / sizeof(*others))](g);
		else
			kernel[below(g, sizeof(kernel) / sizeof(*kernel))](g);
}

/* r6, r7 and r9 of a function that a helper calls. */
static void callback_entry(struct gen *g)
{
	switch (g->function) {
	case F_LOOP: case F_LOOP_NULL:
		put(g, 0xbf, IOV_R7, IOV_R1, 0, 0);
		put(g, 0xbf, IOV_R6, IOV_R2, 0, 0);
		if (g->function == F_LOOP)
			put(g, 0x79, IOV_R9, IOV_R6, 8 * (int)below(g, SLOTS), 0);
		else
			put(g, 0xb7, IOV_R9, 0, 0, gen_edge(g));
		break;
	case F_EACH:
		put(g, 0xbf, IOV_R6, IOV_R4, 0, 0);
		put(g, 0x61, IOV_R7, IOV_R2, 0, 0);
		put(g, 0x79, IOV_R9, IOV_R3, 8, 0);
		if (coin(g))
			put(g, 0x7b, IOV_R3, IOV_R7, 8 * (int)below(g, 2), 0);
		break;
	default:
		put(g, 0xbf, IOV_R6, IOV_R3, 0, 0);
		put(g, 0x61, IOV_R7, IOV_R2, 0, 0);
		put(g, 0x79, IOV_R9, IOV_R3, 16, 0);
	}
}

static void entry(struct gen *g)
{
	uint32_t none;

	switch (g->function) {
	case F_MAIN:
		put(g, 0xbf, IOV_R6, IOV_R1, 0, 0);
		helper(g, 7);
		put(g, 0xbf, IOV_R7, IOV_R0, 0, 0);
		put(g, 0x61, IOV_R9, IOV_R6, g->number_field, 0);
		break;
	case F_LOOP: case F_LOOP_NULL: case F_EACH: case F_TIMER: callback_entry(g); break;
	case F_GLOBAL: case F_GLOBAL_NULL:
		put(g, 0xbf, IOV_R6, IOV_R2, 0, 0);
		put(g, 0xbf, IOV_R7, IOV_R1, 0, 0);
		put(g, 0xb7, IOV_R9, 0, 0, 3);
		none = g->count;
		if (g->function == F_GLOBAL_NULL)
			put(g, 0x15, IOV_R3, 0, 0, 0);
		put(g, 0x79, IOV_R9, IOV_R3, below(g, 16) ? 0 : 1, 0);
		if (coin(g))
			put(g, 0x7b, IOV_R3, IOV_R7, 0, 0);
		if (g->function == F_GLOBAL_NULL)
			land(g, none);
		break;
	default:
		put(g, 0xbf, IOV_R6, IOV_R3, 0, 0);
		put(g, 0xbf, IOV_R7, IOV_R1, 0, 0);
		put(g, 0x79, IOV_R9, IOV_R2, 0, 0);
		if (coin(g))
			put(g, 0x7b, IOV_R2, IOV_R7, 0, 0);
	}
}

static void end(struct gen *g)
{
	bool callback = g->function >= F_LOOP && g->function <= F_TIMER;

	if (callback && g->function != F_TIMER && coin(g)) {
		put(g, 0xbf, IOV_R0, IOV_R7, 0, 0);
		put(g, 0x57, IOV_R0, 0, 0, 1);
	} else if (g->function && !callback && coin(g)) {
		put(g, 0xbf, IOV_R0, IOV_R7, 0, 0);
	} else {
		put(g, 0xb7, IOV_R0, 0, 0, callback ? (int32_t)(below(g, 16) == 0) : (int32_t)below(g, 3));
	}
	put(g, 0x95, 0, 0, 0, 0);
}

static const struct iov_param number_param = {.name = "number", .kind = IOV_PARAM_SCALAR},
			      ctx_param = {.name = "ctx", .kind = IOV_PARAM_CTX};

static void function(struct gen *g, uint32_t f)
{
	bool global = f >= F_GLOBAL;
	struct iov_subprog *sub = &g->subs[g->prog.sub_count];

	*sub = (struct iov_subprog){.name = f ? global ? "global" : "sub" : "main", .start = g->count,
				    .global = global};
	g->number[f] = g->prog.sub_count++;
	if (global) {
		sub->has_proto = true;
		sub->params[0] = number_param;
		sub->params[1] = ctx_param;
		sub->params[2] = (struct iov_param){
			.name = "mem", .kind = f == F_GLOBAL ? IOV_PARAM_MEM_NONNULL : IOV_PARAM_MEM, .size = 8};
		sub->param_count = 3;
	}
	g->function = f;
	g->depth = 0;
	g->has_ctx = f < F_LOOP || global;
	entry(g);
	put(g, 0xb7, IOV_R8, 0, 0, 0);
	for (int k = 1; k <= SLOTS; k++)
		put(g, 0x7a, IOV_R10, 0, -8 * k, coin(g) ? 0 : (int32_t)below(g, 100));
	gen_statements(g, f ? 1 + below(g, 2) : 2 + below(g, 7));
	if (f == F_LOOP || f == F_EACH) { /* the caller's stack */
		if (coin(g))
			gen_access(g, IOV_R6, 8 * (int)below(g, SLOTS));
		if (coin(g))
			put(g, 0x7b, IOV_R6, num(g), 8 * (int)below(g, SLOTS), 0);
	}
	if (f == F_TIMER && coin(g))
		gen_access(g, IOV_R6, 16 + (int)below(g, 40));
	end(g);
	sub->count = g->count - sub->start;
}

void gen_program(struct gen *g)
{
	static const uint8_t types[] = {XDP, XDP, XDP, SCHED_CLS, SCHED_CLS, CGROUP_SKB, SOCKET_FILTER, SK_SKB,
					LWT_XMIT};
	uint32_t type = types[below(g, sizeof(types))];

	if (!platform_prog_type(g->platform, type))
		type = XDP;
	g->count = g->call_count = 0;
	memset(g->subs, 0, sizeof(g->subs));
	memset(g->wanted, 0, sizeof(g->wanted));
	g->type = platform_prog_type(g->platform, type);
	g->packets = type != SOCKET_FILTER;
	g->data = type == XDP ? 0 : 76;
	g->data_end = type == XDP ? 4 : 80;
	g->number_field = type == XDP ? 12 : type == SK_SKB ? 0 : 8; /* ingress_ifindex, len, mark */
	g->prog = (struct iov_prog){.name = "generated", .section = "x", .type = type, .license = "GPL", .gpl = true,
				    .insns = g->insns, .maps = (const struct iov_map_def **)map_list,
				    .map_count = GEN_MAPS, .subs = g->subs, .externs = g->externs};
	function(g, F_MAIN);
	for (uint32_t f = 1; f <= F_GLOBAL_NULL; f++)
		if (g->wanted[f])
			function(g, f);
	for (uint32_t i = 0; i < g->call_count; i++) {
		uint32_t slot = g->calls[i].slot;

		g->insns[slot].imm = (int32_t)(g->subs[g->number[g->calls[i].function]].start - slot - 1);
	}
	g->prog.count = g->count;
}
