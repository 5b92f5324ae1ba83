/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs from helpers.def: a call of each helper that is accepted, made up from its prototype, and the same with one
 * argument spoilt, without the licence, from a wrong program type, with what it invalidates used afterwards.
 *
 * r6 is the context, r7 a map value of 64 bytes, r8 what the call wants to be given back. fp-64 to fp is set, fp-128 to
 * fp-64 is never written. */
#include "testsuite/diff/rejects/rejects.h"

#include <stdio.h>
#include <string.h>

enum { READY = -64, UNWRITTEN = -128, SPARE = -192 };

static const struct iov_map_def values = {
	.name = "values", .type = 2, .key_size = 4, .value_size = 64, .max_entries = 2};
static const struct iov_map_def ring = {.name = "ring", .type = 27, .max_entries = 4096};
static const uint8_t letters[8] = "letters";
static const struct iov_map_def text = {.name = ".rodata",
					.type = 2,
					.key_size = 4,
					.value_size = 8,
					.max_entries = 1,
					.origin = IOV_MAP_RODATA,
					.init = letters};
static struct iov_map_def of_type[64]; /* a map of each type */

/* The call under construction, and where its parts are. */
struct call {
	struct code code;
	const struct iov_helper *helper;
	uint32_t arg[5], at, after; /* first slot of each argument, the call, what follows */
	bool value, packet;
};

static void put_stack(struct code *c, int reg, int off)
{
	put(c, ISA_MOV64_X, reg, 10, 0, 0);
	put(c, ISA_ADD64_K, reg, 0, 0, off);
}

/* With the sizes that Linux makes such a map with. */
static const struct iov_map_def *map_of_type(uint32_t id)
{
	const struct iov_map_type *t = catalogue_map_type(id);
	bool pages = strstr(t->name, "ringbuf"), wide_key = strstr(t->name, "cgroup_storage") || strstr(t->name, "lpm");

	of_type[id] = (struct iov_map_def){.name = t->name,
					   .type = id,
					   .key_size = !t->has_key   ? 0
						       : wide_key    ? 8
						       : t->key_size ? t->key_size
								     : 4,
					   .value_size = !t->has_value   ? 0
							 : t->value_size ? t->value_size
									 : 8,
					   .max_entries = pages ? 4096 : 2};
	return &of_type[id];
}

static const struct iov_map_def *map_for(const struct iov_helper *h)
{
	if (catalogue_map_takes(catalogue_map_type(2), h))
		return &values;
	for (uint32_t id = 1; id <= catalogue_map_type_count() && id < 64; id++) {
		const struct iov_map_type *t = catalogue_map_type(id);

		if (!t || !t->complete || !catalogue_map_takes(t, h) || t->lookup == IOV_LOOKUP_MAP)
			continue;
		return map_of_type(id);
	}
	return NULL;
}

static bool wants_memory(enum iov_arg kind)
{
	switch (kind) {
	case IOV_ARG_MAP_KEY:
	case IOV_ARG_MAP_VALUE:
	case IOV_ARG_MAP_VALUE_UNINIT:
	case IOV_ARG_MEM:
	case IOV_ARG_MEM_OR_NULL:
	case IOV_ARG_MEM_UNINIT:
	case IOV_ARG_MEM_RW:
	case IOV_ARG_MEM_FIXED:
	case IOV_ARG_MEM_FIXED_UNINIT:
	case IOV_ARG_LONG_PTR:
	case IOV_ARG_INT_PTR:
	case IOV_ARG_MEM_RW_OR_NULL:
	case IOV_ARG_MAP_VALUE_OR_NULL:
		return true;
	default:
		return false;
	}
}

static bool reads_memory(enum iov_arg kind)
{
	return wants_memory(kind) && kind != IOV_ARG_MAP_VALUE_UNINIT && kind != IOV_ARG_MEM_UNINIT &&
	       kind != IOV_ARG_MEM_FIXED_UNINIT && kind != IOV_ARG_LONG_PTR;
}

static bool or_null(enum iov_arg kind)
{
	return kind == IOV_ARG_MEM_OR_NULL || kind == IOV_ARG_MEM_RW_OR_NULL || kind == IOV_ARG_MAP_VALUE_OR_NULL;
}

/* One accepted argument, in two instructions where memory is wanted. */
static bool put_argument(struct call *call, int i)
{
	struct code *c = &call->code;
	enum iov_arg kind = (enum iov_arg)call->helper->args[i];

	call->arg[i] = c->count;
	if (wants_memory(kind)) {
		put_stack(c, 1 + i, READY);
		return true;
	}
	switch (kind) {
	case IOV_ARG_ANY:
	case IOV_ARG_ZERO:
		put(c, ISA_MOV64_K, 1 + i, 0, 0, 0);
		return true;
	case IOV_ARG_CTX:
	case IOV_ARG_CTX_OR_NULL:
		put(c, ISA_MOV64_X, 1 + i, 6, 0, 0);
		return true;
	case IOV_ARG_MAP:
		if (!map_for(call->helper))
			return false;
		put_map(c, 1 + i, map_for(call->helper));
		return true;
	case IOV_ARG_SIZE:
	case IOV_ARG_SIZE_OR_ZERO:
	case IOV_ARG_ALLOC_SIZE:
	case IOV_ARG_CONST:
		put(c, ISA_MOV64_K, 1 + i, 0, 0, 16);
		return true;
	case IOV_ARG_STR:
		put_map(c, 1 + i, &text);
		c->insn[c->count - 2].src = 2;
		return true;
	case IOV_ARG_ALLOC_MEM:
	case IOV_ARG_SOCK_COMMON:
	case IOV_ARG_SOCK_COMMON_OR_NULL:
	case IOV_ARG_SOCKET:
		put(c, ISA_MOV64_X, 1 + i, 8, 0, 0);
		return true;
	default:
		return false;
	}
}

static bool wants(const struct iov_helper *h, enum iov_arg kind)
{
	for (int i = 0; i < 5; i++)
		if (h->args[i] == kind)
			return true;
	return false;
}

static bool wants_socket(const struct iov_helper *h)
{
	return wants(h, IOV_ARG_SOCK_COMMON) || wants(h, IOV_ARG_SOCK_COMMON_OR_NULL) || wants(h, IOV_ARG_SOCKET);
}

static const struct iov_ctx_field *field(const struct iov_prog_type *type, enum iov_ctx_kind kind)
{
	for (unsigned i = 0; i < type->field_count; i++)
		if (type->fields[i].kind == kind && type->fields[i].readable)
			return &type->fields[i];
	return NULL;
}

/* r8 = the socket of the context. */
static uint32_t put_own_socket(struct code *c, const struct iov_ctx_field *sk)
{
	put(c, ISA_LDX64, 8, 6, sk->off, 0);
	return put(c, ISA_JEQ64_K, 8, 0, 0, 0);
}

/* r8 = a record, or a socket, which has to be given back when it is `owned`. Leaves the program when there is none;
 * *jump: the jump to mend. */
static bool put_resource(struct code *c, const struct iov_helper *h, const struct iov_prog_type *type, uint32_t *jump,
			 bool *owned)
{
	const struct iov_ctx_field *sk = field(type, IOV_CTX_SOCK);

	if (!sk)
		sk = field(type, IOV_CTX_FULL_SOCK_OR_NULL);
	*owned = true;
	if (wants(h, IOV_ARG_ALLOC_MEM)) {
		put_map(c, 1, &ring);
		put(c, ISA_MOV64_K, 2, 0, 0, 16);
		put(c, ISA_MOV64_K, 3, 0, 0, 0);
		put_call(c, "ringbuf_reserve");
	} else {
		if (!catalogue_allows(type, catalogue_helper_by_name("sk_lookup_tcp"), NULL)) {
			*owned = false;
			*jump = sk ? put_own_socket(c, sk) : 0;
			return sk && !(h->flags & IOV_HF_RELEASES);
		}
		put(c, ISA_MOV64_X, 1, 6, 0, 0);
		put_stack(c, 2, READY);
		put(c, ISA_MOV64_K, 3, 0, 0, 12);
		put(c, ISA_MOV64_K, 4, 0, 0, 0);
		put(c, ISA_MOV64_K, 5, 0, 0, 0);
		put_call(c, "sk_lookup_tcp");
	}
	*jump = put(c, ISA_JEQ64_K, 0, 0, 0, 0);
	put(c, ISA_MOV64_X, 8, 0, 0, 0);
	return true;
}

static void put_end(struct code *c)
{
	put(c, ISA_MOV64_K, 0, 0, 0, 1);
	put(c, ISA_EXIT, 0, 0, 0, 0);
}

/* r9 = the packet, 16 bytes of it checked; the jump to mend. */
static uint32_t put_packet(struct code *c, const struct iov_prog_type *type)
{
	const struct iov_ctx_field *data = field(type, IOV_CTX_PACKET), *end = field(type, IOV_CTX_PACKET_END);

	put(c, data->size == 8 ? ISA_LDX64 : ISA_LDX32, 9, 6, data->off, 0);
	put(c, end->size == 8 ? ISA_LDX64 : ISA_LDX32, 7, 6, end->off, 0);
	put(c, ISA_MOV64_X, 0, 9, 0, 0);
	put(c, ISA_ADD64_K, 0, 0, 0, 16);
	return put(c, ISA_JGT64_X, 0, 7, 0, 0);
}

/* The accepted call. False: not to be made up from what is here. */
static bool make(struct call *call, const struct iov_helper *h, const struct iov_prog_type *type)
{
	struct code *c = &call->code;
	uint32_t jumps[3], count = 0;
	bool socket = wants_socket(h), resource = wants(h, IOV_ARG_ALLOC_MEM) || socket, owned = false;
	bool held = h->flags & IOV_HF_ACQUIRES;

	*call = (struct call){.helper = h, .code.type = type->id};
	put(c, ISA_MOV64_X, 6, 1, 0, 0);
	for (int off = READY; off < 0; off += 8)
		put(c, ISA_ST64, 10, 0, off, 0);
	if (h->flags & IOV_HF_CHANGES_PACKET && field(type, IOV_CTX_PACKET)) {
		call->packet = true;
		jumps[count++] = put_packet(c, type);
	}
	if (resource && !put_resource(c, h, type, &jumps[count++], &owned))
		return false;
	for (int i = 0; i < 5; i++)
		if (h->args[i] && !put_argument(call, i))
			return false;
	call->at = put_call(c, h->name);
	call->after = c->count;
	if (held) {
		jumps[count++] = put(c, ISA_JEQ64_K, 0, 0, 0, 0);
		put(c, ISA_MOV64_X, 1, 0, 0, 0);
		put(c, ISA_MOV64_K, 2, 0, 0, 0);
		put_call(c, h->ret == IOV_RET_MEM_OR_NULL ? "ringbuf_discard" : "sk_release");
	} else if (socket && owned && !(h->flags & IOV_HF_RELEASES)) {
		put(c, ISA_MOV64_X, 1, 8, 0, 0);
		put_call(c, "sk_release");
	}
	for (uint32_t i = 0; i < count; i++)
		c->insn[jumps[i]].off = (int16_t)(c->count - jumps[i] - 1);
	put_end(c);
	return true;
}

static void spoil(struct run *run, const struct call *call, int i, struct iov_insn insn, int second, const char *code,
		  const char *rule)
{
	struct code bad = call->code;

	bad.insn[call->arg[i]] = insn;
	if (second > INT16_MIN)
		bad.insn[call->arg[i] + 1] = (struct iov_insn){.code = 0x07, .dst = (uint8_t)(1 + i), .imm = second};
	judge_code(run, &bad, &call->code, code, call->at, rule, "%s/%d", call->helper->name, i + 1);
}

static struct iov_insn mov_reg(int dst, int src)
{
	return (struct iov_insn){.code = 0xbf, .dst = (uint8_t)dst, .src = (uint8_t)src};
}
static struct iov_insn mov_imm(int dst, int imm)
{
	return (struct iov_insn){.code = 0xb7, .dst = (uint8_t)dst, .imm = imm};
}

static void spoil_context(struct run *run, const struct call *call, int i)
{
	struct code bad = call->code;

	bad.insn[call->arg[i]] = mov_imm(0, 0);
	bad.insn[call->arg[i] + 1] = mov_reg(1 + i, 6);
	judge_code(run, &bad, &call->code, "IOV-V043", call->at, "context for memory", "%s/%d", call->helper->name,
		   i + 1);
}

/* An argument that is memory. */
static void spoil_memory(struct run *run, const struct call *call, int i)
{
	enum iov_arg kind = (enum iov_arg)call->helper->args[i];
	bool sized = i < 4 &&
		     (call->helper->args[i + 1] == IOV_ARG_SIZE || call->helper->args[i + 1] == IOV_ARG_SIZE_OR_ZERO);

	spoil(run, call, i, mov_imm(1 + i, 4096), 64, "IOV-V043", "number for memory");
	if (!or_null(kind))
		spoil(run, call, i, mov_imm(1 + i, 0), 0, "IOV-V043", "NULL for memory");
	spoil_context(run, call, i);
	spoil(run, call, i, mov_reg(1 + i, 10), 0, "IOV-V022", "memory outside of the stack");
	spoil(run, call, i, mov_reg(1 + i, 10), -1, sized || kind != IOV_ARG_MEM_FIXED ? "IOV-V022" : "IOV-V022",
	      "memory partly outside of the stack");
	if (reads_memory(kind))
		spoil(run, call, i, mov_reg(1 + i, 10), UNWRITTEN, "IOV-V021", "memory never written");
}

static void spoil_size(struct run *run, const struct call *call, int i)
{
	bool zero = call->helper->args[i] == IOV_ARG_SIZE_OR_ZERO;

	spoil(run, call, i, mov_imm(1 + i, 65), INT16_MIN, "IOV-V022", "size too large by one");
	spoil(run, call, i, mov_imm(1 + i, -1), INT16_MIN, "IOV-V045", "negative size");
	spoil(run, call, i, mov_reg(1 + i, 10), INT16_MIN, "IOV-V043", "pointer for a size");
	if (!zero)
		spoil(run, call, i, mov_imm(1 + i, 0), INT16_MIN, "IOV-V045", "size of zero");
}

static void spoil_map(struct run *run, const struct call *call, int i)
{
	struct code bad = call->code;

	bad.insn[call->arg[i]] = mov_imm(1 + i, 0);
	bad.insn[call->arg[i] + 1] = mov_imm(0, 0);
	judge_code(run, &bad, &call->code, "IOV-V043", call->at, "number for a map", "%s/%d", call->helper->name,
		   i + 1);
	bad.insn[call->arg[i]] = mov_reg(1 + i, 6);
	judge_code(run, &bad, &call->code, "IOV-V043", call->at, "context for a map", "%s/%d", call->helper->name,
		   i + 1);
	for (uint32_t id = 1; id <= catalogue_map_type_count() && id < 64; id++) {
		const struct iov_map_type *t = catalogue_map_type(id);

		if (!t || !t->complete || catalogue_map_takes(t, call->helper) || t->lookup == IOV_LOOKUP_MAP)
			continue;
		bad = call->code;
		bad.maps[bad.map_count++] = map_of_type(id);
		bad.insn[call->arg[i]].imm = (int32_t)bad.map_count - 1;
		judge_code(run, &bad, &call->code, "IOV-V044", call->at, "wrong kind of map", "%s/%s",
			   call->helper->name, t->name);
	}
}

static void spoil_argument(struct run *run, const struct call *call, int i)
{
	enum iov_arg kind = (enum iov_arg)call->helper->args[i];
	struct code bad = call->code;

	if (kind != IOV_ARG_MAP && kind != IOV_ARG_STR) {
		for (uint32_t at = call->arg[i]; at < call->arg[i] + 1 + wants_memory(kind); at++)
			bad.insn[at] = mov_imm(0, 0);
		if (call->arg[0] == call->arg[i] && i == 0)
			bad.insn[0] = mov_reg(6, 1); /* r1 still is the context */
		else
			judge_code(run, &bad, &call->code, "IOV-V020", call->at, "uninitialised argument", "%s/%d",
				   call->helper->name, i + 1);
	}
	if (wants_memory(kind)) {
		spoil_memory(run, call, i);
		return;
	}
	switch (kind) {
	case IOV_ARG_ZERO:
		spoil(run, call, i, mov_imm(1 + i, 1), INT16_MIN, "IOV-V043", "flags that nothing defines");
		/* fall through */
	case IOV_ARG_ANY:
		spoil(run, call, i, mov_reg(1 + i, 10), INT16_MIN, "IOV-V043", "pointer for a number");
		break;
	case IOV_ARG_CTX:
		spoil(run, call, i, mov_imm(1 + i, 0), INT16_MIN, "IOV-V043", "NULL for the context");
		/* fall through */
	case IOV_ARG_CTX_OR_NULL:
		spoil(run, call, i, mov_reg(1 + i, 10), INT16_MIN, "IOV-V043", "stack for the context");
		spoil(run, call, i, mov_imm(1 + i, 64), INT16_MIN, "IOV-V043", "number for the context");
		break;
	case IOV_ARG_MAP:
		spoil_map(run, call, i);
		break;
	case IOV_ARG_SIZE:
	case IOV_ARG_SIZE_OR_ZERO:
		spoil_size(run, call, i);
		break;
	case IOV_ARG_ALLOC_SIZE:
	case IOV_ARG_CONST:
		spoil(run, call, i, mov_reg(1 + i, 10), INT16_MIN, "IOV-V043", "pointer for a constant");
		break;
	case IOV_ARG_ALLOC_MEM:
	case IOV_ARG_SOCK_COMMON:
	case IOV_ARG_SOCKET:
		spoil(run, call, i, mov_imm(1 + i, 0), INT16_MIN, "IOV-V043", "NULL for a reference");
		/* fall through */
	case IOV_ARG_SOCK_COMMON_OR_NULL:
		spoil(run, call, i, mov_reg(1 + i, 10), INT16_MIN, "IOV-V043", "stack for a reference");
		spoil(run, call, i, mov_reg(1 + i, 6), INT16_MIN, "IOV-V043", "context for a reference");
		break;
	default:
		break;
	}
}

/* The program with one instruction put in after the call. */
static void afterwards(struct run *run, const struct call *call, struct iov_insn insn, const char *code,
		       const char *rule)
{
	struct code bad = call->code, twin = call->code;

	memmove(&bad.insn[call->after + 1], &bad.insn[call->after], (bad.count - call->after) * sizeof(insn));
	bad.insn[call->after] = insn;
	bad.count++;
	for (uint32_t i = 0; i < call->at; i++) {
		const struct iov_isa_row *row = isa_find(&bad.insn[i]);

		if (row && row->kind == ISA_K_JCC)
			bad.insn[i].off++;
		i += isa_is_wide(&bad.insn[i]);
	}
	twin.count = bad.count;
	memcpy(twin.insn, bad.insn, sizeof(bad.insn));
	twin.insn[call->after] = mov_imm(7, 0);
	judge_code(run, &bad, &twin, code, call->after, rule, "%s", call->helper->name);
}

static void after_call(struct run *run, const struct call *call)
{
	const struct iov_helper *h = call->helper;
	struct iov_insn load = {.code = 0x71, .dst = 7, .src = 9};

	for (int reg = 1; reg <= 5; reg++)
		afterwards(run, call, mov_reg(7, reg), "IOV-V020",
			   reg == 1   ? "r1 used after a call"
			   : reg == 2 ? "r2 used after a call"
			   : reg == 3 ? "r3 used after a call"
			   : reg == 4 ? "r4 used after a call"
				      : "r5 used after a call");
	if (call->packet)
		afterwards(run, call, load, "IOV-V028", "stale packet pointer");
	if (h->flags & IOV_HF_RELEASES && h->release_arg == 1) {
		load.src = 8;
		afterwards(run, call, load, "IOV-V051", "use after release");
	}
	load.src = 0;
	if (h->ret == IOV_RET_SCALAR)
		afterwards(run, call, load, "IOV-V032", "result as an address");
	if (h->ret == IOV_RET_VOID || h->ret == IOV_RET_NEVER)
		afterwards(run, call, mov_reg(7, 0), "IOV-V020", "result of a void function");
	if (h->ret == IOV_RET_MAP_VALUE_OR_NULL || h->ret == IOV_RET_MEM_OR_NULL || h->ret == IOV_RET_SOCKET_OR_NULL ||
	    h->ret == IOV_RET_SOCK_COMMON_OR_NULL || h->ret == IOV_RET_TCP_SOCK_OR_NULL)
		afterwards(run, call, load, "IOV-V025", "result without a NULL test");
}

/* The release replaced by nothing: neither the resource given nor the one made may stay. */
static void without_release(struct run *run, const struct call *call)
{
	struct code bad = call->code;

	for (uint32_t i = 0; i < bad.count; i++) {
		bool wide = isa_is_wide(&bad.insn[i]);

		if (!wide && bad.insn[i].code == 0x85 &&
		    catalogue_helper((uint32_t)bad.insn[i].imm)->flags & IOV_HF_RELEASES) {
			bad.insn[i] = mov_imm(0, 0);
			judge_code(run, &bad, &call->code, "IOV-V050", bad.count - 1, "reference not released", "%s",
				   call->helper->name);
			return;
		}
		i += wide;
	}
}

static void licence(struct run *run, const struct call *call)
{
	struct code bad = call->code;

	bad.proprietary = true;
	if (call->helper->flags & IOV_HF_GPL)
		judge_code(run, &bad, &call->code, "IOV-V042", call->at, "licence", "%s", call->helper->name);
}

static void wrong_types(struct run *run, const struct call *call)
{
	struct code bad = call->code;
	for (uint32_t id = 1; id <= catalogue_prog_type_count() && !call->packet && !wants_socket(call->helper); id++) {
		const struct iov_prog_type *t = catalogue_prog_type(id);

		bad.type = id;
		if (t && t->complete && !catalogue_allows(t, catalogue_helper(call->helper->id), NULL))
			judge_code(run, &bad, &call->code, "IOV-V041", call->at, "wrong program type", "%s/%s",
				   call->helper->name, t->name);
	}
}

static bool one_helper(struct run *run, const struct iov_helper *row, const struct iov_helper *h)
{
	/* Types whose packet may be written first: there the stale pointer can be shown. */
	static const uint32_t order[] = {6, 3, 8, 14, 12, 10, 11, 19, 1, 22, 16, 25, 13, 18, 9, 21, 30, 32};

	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++) {
		const struct iov_prog_type *type = catalogue_prog_type(order[k]);
		struct call call;

		if (!catalogue_allows(type, row, NULL) || catalogue_variant(row, type) != h || !make(&call, h, type) ||
		    !code_accepted(run, &call.code))
			continue;
		for (int i = 0; i < 5; i++)
			if (h->args[i])
				spoil_argument(run, &call, i);
		after_call(run, &call);
		without_release(run, &call);
		licence(run, &call);
		wrong_types(run, &call);
		return true;
	}
	return false;
}

void pairs_of_helpers(struct run *run)
{
	unsigned taken = 0, left = 0;

	for (size_t i = 0; i < catalogue_helper_count(); i++) {
		const struct iov_helper *h = catalogue_helper_at(i);

		if (!h || !h->complete)
			continue;
		if (one_helper(run, h, h))
			taken++;
		else
			left++;
	}
	for (size_t i = 0; catalogue_variant_at(i); i++)
		if (one_helper(run, catalogue_helper(catalogue_variant_at(i)->id), catalogue_variant_at(i)))
			taken++;
		else
			broken(run, catalogue_variant_at(i)->name);
	note(run, "%u helpers called, %u whose arguments are not made up here", taken, left);
}
