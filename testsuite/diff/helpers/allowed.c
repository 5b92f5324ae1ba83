/* SPDX-License-Identifier: Apache-2.0 */
/* Which helpers a program type may call, which parts of its context it may read and write, what it may return: the
 * catalogue's answer against the kernel's, for every program type that the catalogue describes completely. */
#include "testsuite/diff/helpers/oracle.h"

#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

/* Return what the kernel takes from such a program. */
static void program_return(struct program *p, const struct iov_prog_type *type, uint32_t attach)
{
	int64_t min, max;

	emit(p, ISA_MOV64_K, 0, 0, 0, catalogue_ret_range(type, attach, &min, &max) ? (int32_t)min : 0);
	emit(p, ISA_EXIT, 0, 0, 0, 0);
}

static bool kernel_allows(const struct iov_prog_type *type, uint32_t attach, uint32_t id)
{
	struct program p = {0};

	emit(&p, ISA_CALL_HELPER, 0, 0, 0, (int32_t)id);
	program_return(&p, type, attach);
	if (oracle_loads(&p, type, attach))
		return true;
	return !strstr(oracle_log(), "cannot use helper") && !strstr(oracle_log(), "unknown func") &&
	       !strstr(oracle_log(), "invalid func") && !strstr(oracle_log(), "might sleep");
}

static void check_calls(const struct iov_platform *platform, const struct iov_prog_type *type, uint32_t attach,
			const char *name)
{
	char what[96];

	for (uint32_t id = 1; id <= catalogue_helper_count(); id++) {
		const struct iov_helper *h = platform_helper(platform, id);
		bool ours = h && platform_allows(platform, type, h) && !catalogue_attach_lacks(type, attach, h);
		bool theirs = kernel_allows(type, attach, id);

		result(ours == theirs, "%s %s calls %s: we say %s, the kernel %s", type->name, name,
		       catalogue_helper(id)->name, ours ? "yes" : "no", theirs ? "yes" : "no");
	}
	snprintf(what, sizeof(what), "%s%s%s: what it may call", type->name, *name ? " " : "", name);
	pass_rest(what);
}

/* What the kernel says of a call without arguments. False: nothing about permission. */
static bool kernel_permits(const struct iov_prog_type *type, int32_t btf_id, bool *allowed)
{
	struct program p = {0};

	emit(&p, ISA_CALL_KFUNC, 0, 0, 0, btf_id);
	program_return(&p, type, oracle_attach(type));
	*allowed = oracle_loads(&p, type, 0) || !strstr(oracle_log(), "is not allowed");
	return !strstr(oracle_log(), "device-bound");
}

/* The function's id, as the kernel has it: under its own name, or under the one that a macro stands before; or 0. */
static int id_of(const struct btf *btf, const struct iov_helper *h)
{
	static const char *const forms[] = {"bpf_%s", "bpf_%s_impl"};
	char name[96];
	int id = 0;

	for (size_t i = 0; h->complete && id <= 0 && i < sizeof(forms) / sizeof(*forms); i++) {
		snprintf(name, sizeof(name), forms[i], h->name);
		id = btf__find_by_name_kind(btf, name, BTF_KIND_FUNC);
	}
	return id > 0 ? id : 0;
}

/* Kfuncs by program type: those of the running kernel that the catalogue describes completely. */
static void check_kfuncs(const struct iov_platform *platform, const struct iov_prog_type *type, const struct btf *btf)
{
	char what[96];

	for (uint32_t i = 0; i < platform->kfunc_count; i++) {
		const struct iov_helper *h = platform->kfuncs[i];
		bool theirs, ours = platform_allows(platform, type, h);
		int id = id_of(btf, h);

		if (id && kernel_permits(type, id, &theirs))
			result(ours == theirs, "%s calls %s: we say %s, the kernel %s", type->name, h->name,
			       ours ? "yes" : "no", theirs ? "yes" : "no");
	}
	snprintf(what, sizeof(what), "%s: which kfuncs it may call", type->name);
	pass_rest(what);
}

/* Every parameter of the kernel's is one of ours. */
static void check_parameters(const struct iov_platform *platform, const struct btf *btf)
{
	for (uint32_t i = 0; i < platform->kfunc_count; i++) {
		const struct iov_helper *h = platform->kfuncs[i];
		const struct btf_type *func;
		uint32_t args = 0, params;
		int id = id_of(btf, h);

		if (!id)
			continue;
		func = btf__type_by_id(btf, (uint32_t)id);
		params = btf_vlen(btf__type_by_id(btf, func->type));
		while (args < 5 && h->args[args] != IOV_ARG_NONE)
			args++;
		result(args == params, "bpf_%s takes %u arguments, the kernel's %u", h->name, args, params);
	}
	pass_rest("kfuncs: how many arguments they take");
}

void check_allowed(const struct iov_platform *platform)
{
	struct btf *btf = btf__load_vmlinux_btf();

	for (uint32_t t = 0; t < platform->prog_type_count; t++) {
		const struct iov_prog_type *type = platform->prog_types[t];

		if (!type->complete)
			continue;
		check_calls(platform, type, oracle_attach(type), "");
		if (btf)
			check_kfuncs(platform, type, btf);
		for (uint16_t i = 0; i < type->attach_count; i++)
			if (type->attaches[i].lacks)
				check_calls(platform, type, type->attaches[i].id, type->attaches[i].name);
	}
	if (btf)
		check_parameters(platform, btf);
	btf__free(btf);
}

static bool kernel_access(const struct iov_prog_type *type, uint32_t attach, uint32_t off, uint32_t size, bool write)
{
	static const enum iov_isa loads[] = {[1] = ISA_LDX8, [2] = ISA_LDX16, [4] = ISA_LDX32, [8] = ISA_LDX64};
	static const enum iov_isa stores[] = {[1] = ISA_STX8, [2] = ISA_STX16, [4] = ISA_STX32, [8] = ISA_STX64};
	struct program p = {0};

	emit(&p, ISA_MOV64_K, 2, 0, 0, 0);
	if (write)
		emit(&p, stores[size], 1, 2, (int)off, 0);
	else
		emit(&p, loads[size], 2, 1, (int)off, 0);
	program_return(&p, type, attach);
	return oracle_loads(&p, type, attach);
}

static void check_context(const struct iov_prog_type *type, uint32_t attach, const char *name)
{
	char what[96];

	for (uint32_t off = 0; off < type->ctx_size + 8u; off++) {
		for (uint32_t size = 1; size <= 8; size *= 2) {
			for (int write = 0; write < 2; write++) {
				bool ours = catalogue_ctx_access(type, attach, off, size, write);
				bool theirs = kernel_access(type, attach, off, size, write);

				result(ours == theirs, "%s %s: %s of %u bytes at %u: we say %s, the kernel %s",
				       type->name, name, write ? "write" : "read", size, off, ours ? "yes" : "no",
				       theirs ? "yes" : "no");
			}
		}
	}
	snprintf(what, sizeof(what), "%s%s%s: context", type->name, *name ? " " : "", name);
	pass_rest(what);
}

static void check_returns(const struct iov_prog_type *type, uint32_t attach, const char *name)
{
	static const int32_t values[] = {-2, -1, 0, 1, 2, 3, 4, 5, 255};
	char what[96];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct program p = {0};
		int64_t min, max;
		bool ours, theirs;

		ours = !catalogue_ret_range(type, attach, &min, &max) || (values[i] >= min && values[i] <= max);
		emit(&p, ISA_MOV64_K, 0, 0, 0, values[i]);
		emit(&p, ISA_EXIT, 0, 0, 0, 0);
		theirs = oracle_loads(&p, type, attach);
		result(ours == theirs, "%s %s returns %d: we say %s, the kernel %s", type->name, name, values[i],
		       ours ? "yes" : "no", theirs ? "yes" : "no");
	}
	snprintf(what, sizeof(what), "%s%s%s: return values", type->name, *name ? " " : "", name);
	pass_rest(what);
}

/* r7 = a pointer to such an object. */
static void make_object(struct program *p, enum iov_object_kind kind)
{
	if (kind == IOV_OBJECT_XDP_SOCK) {
		emit(p, ISA_ST64, 10, 0, -8, 0);
		emit_map(p, 1, oracle_map("xskmap"));
		emit(p, ISA_MOV64_X, 2, 10, 0, 0);
		emit(p, ISA_ADD64_K, 2, 0, 0, -8);
		emit_call(p, "map_lookup_elem");
		emit_if_zero_end(p, 0);
		emit(p, ISA_MOV64_X, 7, 0, 0, 0);
		return;
	}
	emit(p, ISA_LDX64, 7, 1, 168, 0); /* __sk_buff.sk */
	emit_if_zero_end(p, 7);
	if (kind == IOV_OBJECT_SOCK_COMMON)
		return;
	emit(p, ISA_MOV64_X, 1, 7, 0, 0);
	emit_call(p, kind == IOV_OBJECT_SOCK ? "sk_fullsock" : "tcp_sock");
	emit_if_zero_end(p, 0);
	emit(p, ISA_MOV64_X, 7, 0, 0, 0);
}

static void check_object(enum iov_object_kind kind)
{
	static const enum iov_isa loads[] = {[1] = ISA_LDX8, [2] = ISA_LDX16, [4] = ISA_LDX32, [8] = ISA_LDX64};
	const struct iov_object_type *object = catalogue_object(kind);

	for (uint32_t off = 0; off < object->size + 8u; off++) {
		for (uint32_t size = 1; size <= 8; size *= 2) {
			bool ours = catalogue_object_access(object, off, size), theirs;
			struct program p = {0};

			make_object(&p, kind);
			emit(&p, loads[size], 3, 7, (int)off, 0);
			program_end(&p);
			theirs = oracle_loads(&p, catalogue_prog_type_by_name("sched_cls"), 0);
			result(ours == theirs, "%s (%d): read of %u bytes at %u: we say %s, the kernel %s",
			       object->name, (int)kind, size, off, ours ? "yes" : "no", theirs ? "yes" : "no");
		}
	}
	pass_rest(kind == IOV_OBJECT_TCP_SOCK   ? "bpf_tcp_sock"
		  : kind == IOV_OBJECT_XDP_SOCK ? "bpf_xdp_sock"
		  : kind == IOV_OBJECT_SOCK   ? "bpf_sock, full"
					      : "bpf_sock, any");
}

void check_contexts(const struct iov_platform *platform)
{
	for (uint32_t t = 0; t < platform->prog_type_count; t++) {
		const struct iov_prog_type *type = platform->prog_types[t];

		if (!type->complete)
			continue;
		check_context(type, oracle_attach(type), "");
		check_returns(type, oracle_attach(type), "");
		for (uint16_t i = 0; i < type->attach_count; i++) {
			check_context(type, type->attaches[i].id, type->attaches[i].name);
			check_returns(type, type->attaches[i].id, type->attaches[i].name);
		}
	}
	for (int kind = 0; kind < IOV_OBJECT_COUNT; kind++)
		check_object((enum iov_object_kind)kind);
}
