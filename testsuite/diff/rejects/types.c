/* SPDX-License-Identifier: Apache-2.0 */
/* What Linux knows by type alone, as BTF made from an iov_prog: the special fields of map values, the prototypes of
 * functions, the ids of kernel functions. */
#include "testsuite/diff/rejects/types.h"

#include <bpf/btf.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int add_opaque(struct btf *b, const char *name, uint32_t size)
{
	return btf__add_struct(b, name, size);
}

/* The type of one special field; 0: not one that is made here. */
static int field_type(struct btf *b, const struct iov_field *f)
{
	switch (f->kind) {
	case IOV_FIELD_SPIN_LOCK: return add_opaque(b, "bpf_spin_lock", f->size);
	case IOV_FIELD_TIMER: return add_opaque(b, "bpf_timer", f->size);
	default: return 0;
	}
}

static int value_type(struct btf *b, const struct iov_map_def *m)
{
	int ids[16] = {0}, id;

	for (uint32_t i = 0; i < m->fields.count; i++)
		if (i == 16 || (ids[i] = field_type(b, &m->fields.all[i])) <= 0)
			return 0;
	id = btf__add_struct(b, "value", m->value_size);
	for (uint32_t i = 0; i < m->fields.count && id > 0; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%u", i);
		if (btf__add_field(b, name, ids[i], m->fields.all[i].off * 8, 0))
			return 0;
	}
	return id;
}

int types_of_map(const struct iov_map_def *m, uint32_t *key, uint32_t *value)
{
	struct btf *b = btf__new_empty();
	int k = btf__add_int(b, "int", 4, BTF_INT_SIGNED), v = value_type(b, m), fd = -1;

	if (m->key_size != 4)
		k = btf__add_struct(b, "key", m->key_size);
	if (k > 0 && v > 0 && !btf__load_into_kernel(b)) {
		fd = dup(btf__fd(b));
		*key = (uint32_t)k;
		*value = (uint32_t)v;
	}
	btf__free(b);
	return fd;
}

/* The structs that Linux takes for a program's context in a prototype. */
static const char *context_of(uint32_t type)
{
	const char *name = catalogue_prog_type(type)->name;

	if (!strcmp(name, "xdp"))
		return "xdp_md";
	if (!strcmp(name, "cgroup_sock"))
		return "bpf_sock";
	if (!strcmp(name, "cgroup_sock_addr"))
		return "bpf_sock_addr";
	if (!strcmp(name, "sk_lookup"))
		return "bpf_sk_lookup";
	if (!strcmp(name, "sk_reuseport"))
		return "sk_reuseport_md";
	if (!strcmp(name, "sk_msg"))
		return "sk_msg_md";
	if (!strcmp(name, "sock_ops"))
		return "bpf_sock_ops";
	if (!strcmp(name, "cgroup_sockopt"))
		return "bpf_sockopt";
	return "__sk_buff";
}

static int param_type(struct btf *b, const struct iov_prog *prog, const struct iov_param *p, int number)
{
	switch (p->kind) {
	case IOV_PARAM_SCALAR: return number;
	case IOV_PARAM_CTX: return btf__add_ptr(b, btf__add_struct(b, context_of(prog->type), 0));
	case IOV_PARAM_MEM:
	case IOV_PARAM_MEM_NONNULL: {
		char name[24];

		snprintf(name, sizeof(name), "mem%u", p->size);
		return btf__add_ptr(b, btf__add_struct(b, name, p->size));
	}
	default: return 0;
	}
}

static int add_function(struct btf *b, const struct iov_prog *prog, const struct iov_subprog *s, bool main, int number)
{
	static const struct iov_param context = {.name = "ctx", .kind = IOV_PARAM_CTX};
	const struct iov_param *params = main ? &context : s->params;
	uint32_t count = main ? 1 : s->param_count;
	int types[5], proto, func;

	for (uint32_t i = 0; i < count; i++)
		if ((types[i] = param_type(b, prog, &params[i], number)) <= 0)
			return 0;
	proto = btf__add_func_proto(b, s->is_void ? 0 : number);
	for (uint32_t i = 0; i < count; i++)
		if (btf__add_func_param(b, params[i].name ? params[i].name : "arg", types[i]))
			return 0;
	func = btf__add_func(b, s->name, main || s->global ? BTF_FUNC_GLOBAL : BTF_FUNC_STATIC, proto);
	for (uint32_t i = 0; i < count; i++)
		if (params[i].kind == IOV_PARAM_MEM_NONNULL && btf__add_decl_tag(b, "arg:nonnull", func, (int)i) <= 0)
			return 0;
	return func;
}

static bool add_exception(struct btf *b, const struct iov_prog *prog, int func)
{
	char tag[64];

	snprintf(tag, sizeof(tag), "exception_callback:%s", prog->exception_name);
	return btf__add_decl_tag(b, tag, func, -1) > 0;
}

int types_of_prog(const struct iov_prog *prog, struct bpf_func_info *info)
{
	struct btf *b = btf__new_empty();
	int number = btf__add_int(b, "int", 4, BTF_INT_SIGNED), fd = -1;
	bool ok = number > 0;

	for (uint32_t i = 0; i < prog->sub_count && ok; i++) {
		int func = add_function(b, prog, &prog->subs[i], i == 0, number);

		info[i] = (struct bpf_func_info){.insn_off = prog->subs[i].start, .type_id = (uint32_t)func};
		ok = func > 0;
		for (uint32_t k = 0; i == 0 && ok && k < prog->exception_tags; k++)
			ok = add_exception(b, prog, func);
	}
	if (ok && !btf__load_into_kernel(b))
		fd = dup(btf__fd(b));
	btf__free(b);
	return fd;
}

static struct btf *kernel_types(void)
{
	static struct btf *types; /* for as long as the process lives */

	if (!types)
		types = btf__load_vmlinux_btf();
	return types;
}

int types_kernel_function(const char *name)
{
	struct btf *b = kernel_types();
	int id = b ? btf__find_by_name_kind(b, name, BTF_KIND_FUNC) : -1;

	return id > 0 ? id : -1;
}
