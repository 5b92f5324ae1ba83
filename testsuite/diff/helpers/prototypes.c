/* SPDX-License-Identifier: Apache-2.0 */
/* Prototypes against the kernel's verifier. For every helper and every program type that may call it, a call is made up
 * from the catalogue's row; the kernel must take it. Then one thing at a time is changed, and the kernel must say what
 * the row says: a scalar or NULL for a pointer, a size of 0 or too large, read-only or packet memory, bytes that were
 * never written, another map type, a licence, a packet pointer kept over the call, a reference that is not released, a
 * result used without a check.
 *
 * Registers: r6 context, r7 a map value, r8 socket, record or task, r9 packet. Stack: fp-64 to fp
 * is zeroed, fp-128 to fp-64 is never written, a dynptr lies at fp-160. */
#include "testsuite/diff/helpers/oracle.h"

#include <stdio.h>
#include <string.h>

enum { READY = -64, UNWRITTEN = -128, DYNPTR = -160, BYTES = 16 };

enum change {
	VALID, SCALAR, NULL_POINTER, SIZE_ZERO, TOO_LONG, READ_ONLY, PACKET, NOT_WRITTEN, OTHER_MAP, PROPRIETARY,
	STALE_PACKET, NO_RELEASE, NO_CHECK, USE_RESULT,
};

struct variant {
	enum change change;
	int arg;          /* 0 to 4: the argument that is changed */
	const char *map;  /* OTHER_MAP */
};

static const struct {
	const char *helper, *reason;
} exempt[] = {
	{"for_each_map_elem", "a callback needs BTF in the program"},
	{"loop", "a callback needs BTF in the program"},
	{"find_vma", "a callback needs BTF in the program"},
	{"timer_set_callback", "a callback needs BTF in the program"},
	{"user_ringbuf_drain", "a callback needs BTF in the program"},
	{"kptr_xchg", "a kptr needs the kernel's BTF"},
	{"per_cpu_ptr", "a per-CPU variable needs the kernel's BTF"},
	{"this_cpu_ptr", "a per-CPU variable needs the kernel's BTF"},
	{"cgrp_storage_get", "a cgroup needs the kernel's BTF"},
	{"cgrp_storage_delete", "a cgroup needs the kernel's BTF"},
};

/* Where kernels differ, the row says what all of them take; so newer (or older) ones take more than we do. */
static const struct {
	const char *helper;
	enum change change;
} stricter[] = {
	{"sk_lookup_tcp", SIZE_ZERO},
	{"sk_lookup_udp", SIZE_ZERO},
	{"skc_lookup_tcp", SIZE_ZERO}, /* 6.1 refuses */
	{"tcp_raw_gen_syncookie_ipv4", SIZE_ZERO},
	{"tcp_raw_gen_syncookie_ipv6", SIZE_ZERO}, /* 6.1 refuses */
	{"snprintf", READ_ONLY},
	{"snprintf_btf", READ_ONLY},
	{"fib_lookup", READ_ONLY}, /* written, unnoticed before 6.18 */
	{"check_mtu", NOT_WRITTEN}, /* it reads, too: 6.1 does not know */
};

static bool takes(const struct iov_helper *h, enum iov_arg kind)
{
	for (int i = 0; i < 5; i++) {
		if (h->args[i] == kind)
			return true;
	}
	return false;
}

static const struct iov_ctx_field *field(const struct iov_prog_type *type, enum iov_ctx_kind kind)
{
	for (uint16_t i = 0; i < type->field_count; i++) {
		if (type->fields[i].kind == kind && type->fields[i].readable)
			return &type->fields[i];
	}
	return NULL;
}

static bool may_call(const struct iov_prog_type *type, const char *helper)
{
	return catalogue_allows(type, catalogue_helper_by_name(helper), NULL);
}

/* ---- making things that a call needs ---- */

static void emit_argument(struct program *p, int reg, int value)
{
	emit(p, ISA_MOV64_K, reg, 0, 0, value);
}

static void emit_stack(struct program *p, int reg, int off)
{
	emit(p, ISA_MOV64_X, reg, 10, 0, 0);
	emit(p, ISA_ADD64_K, reg, 0, 0, off);
}

static bool make_packet(struct program *p, const struct iov_prog_type *type)
{
	const struct iov_ctx_field *data = field(type, IOV_CTX_PACKET), *end = field(type, IOV_CTX_PACKET_END);

	if (!data || !end)
		return false;
	emit(p, data->size == 8 ? ISA_LDX64 : ISA_LDX32, 9, 6, data->off, 0);
	emit(p, data->size == 8 ? ISA_LDX64 : ISA_LDX32, 3, 6, end->off, 0);
	emit(p, ISA_MOV64_X, 4, 9, 0, 0);
	emit(p, ISA_ADD64_K, 4, 0, 0, 64);
	p->to_end[p->to_end_count++] = p->count;
	emit(p, ISA_JGT64_X, 4, 3, 0, 0);
	return true;
}

static void make_value(struct program *p, int map)
{
	emit_map(p, 1, map);
	emit_stack(p, 2, READY);
	emit_call(p, "map_lookup_elem");
	emit_if_zero_end(p, 0);
	emit(p, ISA_MOV64_X, 7, 0, 0, 0);
}

/* r8 = a socket; *owned when it has to be released. */
static bool make_socket(struct program *p, const struct iov_prog_type *type, const struct iov_helper *h, bool *owned)
{
	const struct iov_ctx_field *sk = field(type, IOV_CTX_SOCK);
	bool acquire;

	if (!sk)
		sk = field(type, IOV_CTX_FULL_SOCK_OR_NULL);
	if (!sk)
		sk = field(type, IOV_CTX_SOCK_OR_NULL);
	acquire = h->flags & IOV_HF_RELEASES || !sk;

	if (!acquire) {
		emit(p, ISA_LDX64, 8, 6, sk->off, 0);
		emit_if_zero_end(p, 8);
		return true;
	}
	if (!may_call(type, "skc_lookup_tcp"))
		return false;
	emit(p, ISA_MOV64_X, 1, 6, 0, 0);
	emit_stack(p, 2, READY);
	emit_argument(p, 3, 12);
	emit_argument(p, 4, 0);
	emit_argument(p, 5, 0);
	emit_call(p, "skc_lookup_tcp");
	emit_if_zero_end(p, 0);
	emit(p, ISA_MOV64_X, 8, 0, 0, 0);
	*owned = !(h->flags & IOV_HF_RELEASES);
	return true;
}

static void make_record(struct program *p)
{
	emit_map(p, 1, oracle_map("ringbuf"));
	emit_argument(p, 2, BYTES);
	emit_argument(p, 3, 0);
	emit_call(p, "ringbuf_reserve");
	emit_if_zero_end(p, 0);
	emit(p, ISA_MOV64_X, 8, 0, 0, 0);
}

static void make_dynptr(struct program *p, const struct iov_helper *h)
{
	bool record = h->flags & IOV_HF_RELEASES;

	if (record)
		emit_map(p, 1, oracle_map("ringbuf"));
	else
		emit(p, ISA_MOV64_X, 1, 7, 0, 0);
	emit_argument(p, 2, 8);
	emit_argument(p, 3, 0);
	emit_stack(p, 4, DYNPTR);
	emit_call(p, record ? "ringbuf_reserve_dynptr" : "dynptr_from_mem");
}

static bool make_all(struct program *p, const struct iov_prog_type *type, const struct iov_helper *h, struct variant v,
		     bool *owned)
{
	bool packet = v.change == PACKET || v.change == STALE_PACKET;
	bool dynptr = takes(h, IOV_ARG_DYNPTR), from_mem = !strcmp(h->name, "dynptr_from_mem");
	bool fields = takes(h, IOV_ARG_SPIN_LOCK) || takes(h, IOV_ARG_TIMER);

	emit(p, ISA_MOV64_X, 6, 1, 0, 0);
	for (int i = 1; i <= 8; i++)
		emit(p, ISA_ST64, 10, 0, -8 * i, 0);
	if (packet && !make_packet(p, type))
		return false;
	if (fields && !strcmp(type->name, "socket_filter"))
		return false; /* it may call these, but not load a map with a lock or timer */
	if (fields || dynptr || from_mem)
		make_value(p, fields ? oracle_field_map() : oracle_map("array"));
	if (dynptr)
		make_dynptr(p, h);
	if ((takes(h, IOV_ARG_SOCK_COMMON) || takes(h, IOV_ARG_SOCK_COMMON_OR_NULL)) && !make_socket(p, type, h, owned))
		return false;
	if (takes(h, IOV_ARG_ALLOC_MEM))
		make_record(p);
	if (takes(h, IOV_ARG_BTF_PTR) || takes(h, IOV_ARG_BTF_PTR_OR_NULL)) {
		emit_call(p, "get_current_task_btf");
		emit(p, ISA_MOV64_X, 8, 0, 0, 0);
	}
	if (h->flags & IOV_HF_UNLOCK) {
		emit(p, ISA_MOV64_X, 1, 7, 0, 0);
		emit_call(p, "spin_lock");
	}
	return true;
}

/* ---- arguments ---- */

static int map_for(const struct iov_helper *h)
{
	if (takes(h, IOV_ARG_TIMER))
		return oracle_field_map();
	for (uint32_t id = 1; catalogue_map_type(id); id++) {
		const struct iov_map_type *map = catalogue_map_type(id);

		if (catalogue_map_takes(map, h) && oracle_map(map->name) >= 0)
			return oracle_map(map->name);
	}
	return -1;
}

static bool is_uninit(uint8_t kind)
{
	return kind == IOV_ARG_MEM_UNINIT || kind == IOV_ARG_MAP_VALUE_UNINIT || kind == IOV_ARG_MEM_FIXED_UNINIT;
}

static bool is_readable(uint8_t kind)
{
	return kind == IOV_ARG_MEM || kind == IOV_ARG_MEM_OR_NULL || kind == IOV_ARG_MEM_FIXED ||
	       kind == IOV_ARG_MAP_KEY || kind == IOV_ARG_MAP_VALUE || kind == IOV_ARG_MAP_VALUE_OR_NULL;
}

static bool is_written(uint8_t kind)
{
	return is_uninit(kind) || kind == IOV_ARG_MEM_RW || kind == IOV_ARG_MEM_RW_OR_NULL ||
	       kind == IOV_ARG_LONG_PTR || kind == IOV_ARG_INT_PTR;
}

static bool is_size(uint8_t kind)
{
	return kind == IOV_ARG_SIZE || kind == IOV_ARG_SIZE_OR_ZERO;
}

static bool is_pointer(uint8_t kind)
{
	return kind != IOV_ARG_NONE && kind != IOV_ARG_ANY && kind != IOV_ARG_ZERO &&
	       !is_size(kind) && kind != IOV_ARG_ALLOC_SIZE;
}

static bool may_be_null(uint8_t kind)
{
	return kind == IOV_ARG_CTX_OR_NULL || kind == IOV_ARG_MEM_OR_NULL || kind == IOV_ARG_MEM_RW_OR_NULL ||
	       kind == IOV_ARG_MAP_VALUE_OR_NULL || kind == IOV_ARG_BTF_PTR_OR_NULL ||
	       kind == IOV_ARG_SOCK_COMMON_OR_NULL;
}

static void emit_valid(struct program *p, const struct iov_helper *h, int reg, uint8_t kind)
{
	switch (kind) {
	case IOV_ARG_ANY: case IOV_ARG_ZERO: emit_argument(p, reg, 0); break;
	case IOV_ARG_CTX: case IOV_ARG_CTX_OR_NULL: emit(p, ISA_MOV64_X, reg, 6, 0, 0); break;
	case IOV_ARG_MAP: emit_map(p, reg, map_for(h)); break;
	case IOV_ARG_SIZE: case IOV_ARG_SIZE_OR_ZERO: emit_argument(p, reg, BYTES); break;
	case IOV_ARG_ALLOC_SIZE: emit_argument(p, reg, 8); break;
	case IOV_ARG_STR: emit_map_value(p, reg, oracle_rdonly_map()); break;
	case IOV_ARG_SPIN_LOCK: emit(p, ISA_MOV64_X, reg, 7, 0, 0); break;
	case IOV_ARG_TIMER:
		emit(p, ISA_MOV64_X, reg, 7, 0, 0);
		emit(p, ISA_ADD64_K, reg, 0, 0, 8);
		break;
	case IOV_ARG_SOCK_COMMON: case IOV_ARG_SOCK_COMMON_OR_NULL: case IOV_ARG_ALLOC_MEM:
	case IOV_ARG_BTF_PTR: case IOV_ARG_BTF_PTR_OR_NULL:
		emit(p, ISA_MOV64_X, reg, 8, 0, 0);
		break;
	case IOV_ARG_DYNPTR: case IOV_ARG_DYNPTR_UNINIT: emit_stack(p, reg, DYNPTR); break;
	default: emit_stack(p, reg, is_uninit(kind) ? UNWRITTEN : READY); break;
	}
}

static void emit_arg(struct program *p, const struct iov_helper *h, struct variant v, int i)
{
	uint8_t kind = h->args[i];
	bool mine = v.arg == i, before = i && v.arg == i - 1 && is_size(kind);
	int reg = i + 1;

	if (kind == IOV_ARG_NONE)
		return;
	if (mine && v.change == SCALAR)
		emit_argument(p, reg, 1);
	else if ((mine && (v.change == NULL_POINTER || v.change == SIZE_ZERO)) || (before && v.change == NULL_POINTER))
		emit_argument(p, reg, 0);
	else if (mine && v.change == TOO_LONG)
		emit_argument(p, reg, 129);
	else if (mine && v.change == READ_ONLY)
		emit_map_value(p, reg, oracle_rdonly_map());
	else if (mine && v.change == PACKET)
		emit(p, ISA_MOV64_X, reg, 9, 0, 0);
	else if (mine && v.change == NOT_WRITTEN)
		emit_stack(p, reg, UNWRITTEN);
	else if (mine && v.change == OTHER_MAP)
		emit_map(p, reg, oracle_map(v.map));
	else if (!strcmp(h->name, "dynptr_from_mem") && i < 2) { /* it takes map values alone */
		if (i == 1)
			emit_argument(p, reg, 8);
		else
			emit(p, ISA_MOV64_X, reg, 7, 0, 0);
	} else
		emit_valid(p, h, reg, kind);
}

/* ---- the result ---- */

static bool maybe_null_result(uint8_t ret)
{
	return ret == IOV_RET_MAP_VALUE_OR_NULL || ret == IOV_RET_MEM_OR_NULL || ret == IOV_RET_SOCK_COMMON_OR_NULL ||
	       ret == IOV_RET_SOCKET_OR_NULL || ret == IOV_RET_TCP_SOCK_OR_NULL;
}

static void use_result(struct program *p, const struct iov_helper *h, struct variant v)
{
	uint32_t check = p->count;

	if (h->ret == IOV_RET_SCALAR || ((h->ret == IOV_RET_VOID || h->ret == IOV_RET_NEVER) && v.change == USE_RESULT))
		emit(p, ISA_MUL64_K, 0, 0, 0, 3);
	if (h->ret != IOV_RET_MAP_VALUE && !maybe_null_result(h->ret))
		return;
	if (maybe_null_result(h->ret) && v.change != NO_CHECK)
		emit(p, ISA_JEQ64_K, 0, 0, 0, 0);
	emit(p, ISA_LDX32, 1, 0, h->ret == IOV_RET_MAP_VALUE || h->ret == IOV_RET_MEM_OR_NULL ? 0 : 4, 0);
	if (h->flags & IOV_HF_ACQUIRES && v.change != NO_RELEASE) {
		emit(p, ISA_MOV64_X, 1, 0, 0, 0);
		emit_argument(p, 2, 0);
		emit_call(p, h->ret == IOV_RET_MEM_OR_NULL ? "ringbuf_discard" : "sk_release");
	}
	if (maybe_null_result(h->ret) && v.change != NO_CHECK)
		p->insn[check].off = (int16_t)(p->count - check - 1);
}

static void clean_up(struct program *p, const struct iov_helper *h, bool owned)
{
	if (h->flags & IOV_HF_LOCK) {
		emit(p, ISA_MOV64_X, 1, 7, 0, 0);
		emit_call(p, "spin_unlock");
	}
	if (!strcmp(h->name, "ringbuf_reserve_dynptr")) {
		emit_stack(p, 1, DYNPTR);
		emit_argument(p, 2, 0);
		emit_call(p, "ringbuf_discard_dynptr");
	}
	if (owned) {
		emit(p, ISA_MOV64_X, 1, 8, 0, 0);
		emit_call(p, "sk_release");
	}
}

/* False when this program type gives no way to make such a call. */
static bool build(struct program *p, const struct iov_prog_type *type, const struct iov_helper *h, struct variant v)
{
	bool owned = false;

	*p = (struct program){.proprietary = v.change == PROPRIETARY};
	oracle_new_prog_array(); /* it belongs to the first program that names it */
	if (!make_all(p, type, h, v, &owned))
		return false;
	for (int i = 0; i < 5; i++)
		emit_arg(p, h, v, i);
	emit_call(p, h->name);
	if (v.change == STALE_PACKET)
		emit(p, ISA_LDX8, 2, 9, 0, 0);
	use_result(p, h, v);
	clean_up(p, h, owned);
	program_end(p);
	return true;
}

/* ---- questions ---- */

/* The line of the log that says what is wrong: the one before "processed N insns". */
static const char *complaint(void)
{
	static char line[160];
	const char *log = oracle_log(), *end = strstr(log, "\nprocessed "), *start;

	if (!end)
		end = log + strlen(log);
	for (start = end; start > log && start[-1] != '\n'; start--)
		;
	snprintf(line, sizeof(line), "%.*s", (int)(end - start), start);
	return line;
}

static void ask(const struct iov_prog_type *type, const struct iov_helper *h, struct variant v, bool expected,
		const char *what)
{
	struct program p;
	bool loads;

	if (!build(&p, type, h, v))
		return;
	loads = oracle_loads(&p, type, 0);
	for (size_t i = 0; loads && i < sizeof(stricter) / sizeof(*stricter); i++)
		expected |= stricter[i].change == v.change && !strcmp(stricter[i].helper, h->name);
	result(loads == expected, "%s in %s: %s, argument %d: we say %s, the kernel %s: %s", h->name, type->name, what,
	       v.arg + 1, expected ? "yes" : "no", loads ? "yes" : "no", loads ? "" : complaint());
}

static void ask_strict(const struct iov_prog_type *type, const struct iov_helper *h, int arg)
{
	struct program p;
	bool possible;

	oracle_strict(true);
	possible = build(&p, type, h, (struct variant){VALID, -1, NULL}) && oracle_loads(&p, type, 0);
	if (possible)
		ask(type, h, (struct variant){NOT_WRITTEN, arg, NULL},
		    is_uninit(h->args[arg]) || h->args[arg] == IOV_ARG_LONG_PTR, "memory that was never written");
	oracle_strict(false);
}

static bool takes_packets(const struct iov_prog_type *type, const struct iov_helper *h)
{
	return type->packet_args == IOV_PACKET_ARGS_ALWAYS ||
	       (type->packet_args != IOV_PACKET_ARGS_NEVER && h->flags & IOV_HF_PACKET_ARGS);
}

static void ask_argument(const struct iov_prog_type *type, const struct iov_helper *h, int i)
{
	uint8_t kind = h->args[i];
	bool mem = is_readable(kind) || is_written(kind), dynptr_source = !strcmp(h->name, "dynptr_from_mem");

	if (is_pointer(kind)) {
		ask(type, h, (struct variant){SCALAR, i, NULL}, false, "a scalar");
		ask(type, h, (struct variant){NULL_POINTER, i, NULL}, may_be_null(kind), "NULL");
	}
	if (is_size(kind)) {
		ask(type, h, (struct variant){SIZE_ZERO, i, NULL}, kind == IOV_ARG_SIZE_OR_ZERO, "size 0");
		ask(type, h, (struct variant){TOO_LONG, i, NULL}, false, "a size past the end");
	}
	if (!mem || dynptr_source)
		return;
	ask(type, h, (struct variant){READ_ONLY, i, NULL}, !is_written(kind), "read-only memory");
	ask_strict(type, h, i);
	if (is_readable(kind))
		ask(type, h, (struct variant){PACKET, i, NULL}, takes_packets(type, h), "packet memory");
}

static void ask_call(const struct iov_prog_type *type, const struct iov_helper *h)
{
	bool gpl = h->flags & IOV_HF_GPL || takes(h, IOV_ARG_BTF_PTR) || takes(h, IOV_ARG_BTF_PTR_OR_NULL);

	ask(type, h, (struct variant){PROPRIETARY, -1, NULL}, !gpl, "any licence");
	ask(type, h, (struct variant){STALE_PACKET, -1, NULL}, !(h->flags & IOV_HF_CHANGES_PACKET),
	    "packet pointer kept");
	if (h->flags & IOV_HF_ACQUIRES)
		ask(type, h, (struct variant){NO_RELEASE, -1, NULL}, false, "reference not released");
	if (maybe_null_result(h->ret))
		ask(type, h, (struct variant){NO_CHECK, -1, NULL}, false, "result not checked");
	if (h->ret == IOV_RET_VOID || h->ret == IOV_RET_NEVER)
		ask(type, h, (struct variant){USE_RESULT, -1, NULL}, false, "result used");
}

/* Which map types a helper takes. One that it takes may still be wrong for another reason (a socket as value); the log
 * tells. */
static void ask_maps(const struct iov_prog_type *type, const struct iov_helper *h)
{
	int arg = 0;

	while (arg < 5 && h->args[arg] != IOV_ARG_MAP)
		arg++;
	for (uint32_t id = 1; arg < 5 && catalogue_map_type(id); id++) {
		const struct iov_map_type *map = catalogue_map_type(id);
		bool ours = catalogue_map_takes(map, h), theirs;
		struct program p;

		if (!map->complete || oracle_map(map->name) < 0 || takes(h, IOV_ARG_TIMER) ||
		    !build(&p, type, h, (struct variant){OTHER_MAP, arg, map->name}))
			continue;
		theirs = oracle_loads(&p, type, 0) || (ours && !strstr(oracle_log(), "cannot pass map_type"));
		result(ours == theirs, "%s takes a map of type %s: we say %s, the kernel %s: %s", h->name, map->name,
		       ours ? "yes" : "no", theirs ? "yes" : "no", theirs ? "" : complaint());
	}
}

static bool check_helper(const struct iov_platform *platform, const struct iov_helper *row)
{
	bool asked_maps = false, called = false;

	for (uint32_t t = 0; t < platform->prog_type_count; t++) {
		const struct iov_prog_type *type = platform->prog_types[t];
		const struct iov_helper *h = catalogue_variant(row, type);
		struct program p;

		if (!type->complete || !strcmp(type->name, "flow_dissector") || !platform_allows(platform, type, h) ||
		    !build(&p, type, h, (struct variant){VALID, -1, NULL}))
			continue;
		called = true;
		ask(type, h, (struct variant){VALID, -1, NULL}, true, "a call by the prototype");
		for (int i = 0; i < 5; i++)
			ask_argument(type, h, i);
		ask_call(type, h);
		if (!asked_maps && (!strcmp(type->name, "sched_cls") || !may_call(catalogue_prog_type(3), h->name)))
			ask_maps(type, h), asked_maps = true;
	}
	return called;
}

/* In the lists of some type that is described; flow_dissector gives too little to call most with. */
static bool callable(const struct iov_platform *platform, const struct iov_helper *h)
{
	for (uint32_t t = 0; t < platform->prog_type_count; t++) {
		const struct iov_prog_type *type = platform->prog_types[t];

		if (type->complete && strcmp(type->name, "flow_dissector") && platform_allows(platform, type, h))
			return true;
	}
	return false;
}

static const char *exemption(const struct iov_helper *h)
{
	for (size_t i = 0; i < sizeof(exempt) / sizeof(*exempt); i++) {
		if (!strcmp(exempt[i].helper, h->name))
			return exempt[i].reason;
	}
	return NULL;
}

void check_prototypes(const struct iov_platform *platform)
{
	for (uint32_t i = 0; i < platform->helper_count; i++) {
		const struct iov_helper *h = platform->helpers[i];
		char what[64];

		if (!h->complete || !callable(platform, h))
			continue;
		if (exemption(h)) {
			printf("SKIP helpers prototype of %s: %s\n", h->name, exemption(h));
			continue;
		}
		if (!check_helper(platform, h))
			result(false, "%s: no program type could call it", h->name);
		snprintf(what, sizeof(what), "prototype of %s", h->name);
		pass_rest(what);
	}
}
