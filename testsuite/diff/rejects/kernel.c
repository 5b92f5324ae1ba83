/* SPDX-License-Identifier: Apache-2.0 */
/* The live kernel's verdict on an iov_prog. Maps are made once for each definition. */
#include "testsuite/diff/rejects/rejects.h"
#include "testsuite/diff/rejects/types.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_KINDS = 256, LOG_SIZE = 1 << 20, MAX_SLOTS = 4200, MAX_SUBS = 32 };

static struct {
	struct iov_map_def def;
	int fd;
} kinds[MAX_KINDS];
static unsigned kind_count;
static char log_text[LOG_SIZE];

static int sys_bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static bool same_map(const struct iov_map_def *a, const struct iov_map_def *b)
{
	return a->type == b->type && a->key_size == b->key_size && a->value_size == b->value_size &&
	       a->max_entries == b->max_entries && a->flags == b->flags && a->origin == b->origin &&
	       a->fields.count == b->fields.count && !a->inner == !b->inner &&
	       (!a->fields.count || !memcmp(a->fields.all, b->fields.all, a->fields.count * sizeof(*a->fields.all))) &&
	       (!a->inner || same_map(a->inner, b->inner));
}

static int map_fd(const struct iov_map_def *m);

static bool is_storage(uint32_t type)
{
	const char *name = catalogue_map_type(type)->name;

	return !strcmp(name, "sk_storage") || !strcmp(name, "inode_storage") || !strcmp(name, "task_storage") ||
	       !strcmp(name, "cgrp_storage");
}

static bool is_cgroup_storage(uint32_t type)
{
	return type == BPF_MAP_TYPE_CGROUP_STORAGE || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

static int make_map(const struct iov_map_def *m)
{
	union bpf_attr attr = {.map_type = m->type,
			       .key_size = m->key_size,
			       .value_size = m->value_size,
			       .max_entries = m->max_entries,
			       .map_flags = m->flags};
	uint32_t zero = 0;
	int fd;

	if (m->inner)
		attr.inner_map_fd = (uint32_t)map_fd(m->inner);
	if (m->origin == IOV_MAP_RODATA)
		attr.map_flags |= BPF_F_RDONLY_PROG;
	if (m->type == BPF_MAP_TYPE_LPM_TRIE)
		attr.map_flags |= BPF_F_NO_PREALLOC;
	if (m->fields.count || is_storage(m->type)) {
		int types = types_of_map(m, &attr.btf_key_type_id, &attr.btf_value_type_id);

		if (types < 0)
			return -1;
		attr.btf_fd = (uint32_t)types;
	}
	if (is_storage(m->type))
		attr.map_flags |= BPF_F_NO_PREALLOC;
	if (is_storage(m->type) || is_cgroup_storage(m->type))
		attr.max_entries = 0;
	fd = sys_bpf(BPF_MAP_CREATE, &attr);
	if (attr.btf_fd)
		close((int)attr.btf_fd);
	if (fd >= 0 && m->init) {
		union bpf_attr set = {.map_fd = (uint32_t)fd, .key = (uintptr_t)&zero, .value = (uintptr_t)m->init};
		union bpf_attr freeze = {.map_fd = (uint32_t)fd};

		sys_bpf(BPF_MAP_UPDATE_ELEM, &set);
		if (m->origin == IOV_MAP_RODATA)
			sys_bpf(BPF_MAP_FREEZE, &freeze);
	}
	return fd;
}

static int map_fd(const struct iov_map_def *m)
{
	int fd;

	for (unsigned i = 0; i < kind_count; i++)
		if (same_map(&kinds[i].def, m))
			return kinds[i].fd;
	if (kind_count == MAX_KINDS)
		return -1;
	fd = make_map(m); /* may make its inner map first */
	kinds[kind_count].def = *m;
	kinds[kind_count].fd = fd;
	return kinds[kind_count++].fd;
}

bool kernel_open(void)
{
	struct iov_map_def array = {.type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1};

	return map_fd(&array) >= 0;
}

/* Whether the kernel has to be told what the functions are. */
static bool needs_types(const struct iov_prog *prog)
{
	bool named = false;

	for (uint32_t i = 0; i < prog->sub_count; i++)
		named |= prog->subs[i].global;
	for (uint32_t i = 0; i < prog->count && !named; i += isa_is_wide(&prog->insns[i]) ? 2 : 1)
		named = (prog->insns[i].code == 0x18 && prog->insns[i].src == BPF_PSEUDO_FUNC) ||
			(prog->sub_count > 1 && (prog->insns[i].code & 7) == BPF_LD &&
			 (BPF_MODE(prog->insns[i].code) == BPF_ABS || BPF_MODE(prog->insns[i].code) == BPF_IND));
	return named;
}

/* Or names one of its functions. */
static bool calls_kernel(const struct iov_insn *in)
{
	return (in->code == 0x85 && in->src == BPF_PSEUDO_KFUNC_CALL) ||
	       (in->code == 0x18 && in->src == BPF_PSEUDO_BTF_ID);
}

bool kernel_can_be_asked(const struct iov_prog *prog)
{
	struct bpf_func_info info[MAX_SUBS];
	int types;

	for (uint32_t i = 0; i < prog->map_count; i++)
		if (map_fd(prog->maps[i]) < 0)
			return false;
	for (uint32_t i = 0; i < prog->count; i += isa_is_wide(&prog->insns[i]) ? 2 : 1)
		if (calls_kernel(&prog->insns[i]) && (uint32_t)prog->insns[i].imm < prog->extern_count &&
		    types_kernel_function(prog->externs[prog->insns[i].imm].name) < 0)
			return false;
	if (!needs_types(prog))
		return true;
	types = prog->sub_count <= MAX_SUBS ? types_of_prog(prog, info) : -1;
	close(types);
	return types >= 0;
}

static int load(const struct iov_prog *prog, bool log)
{
	static struct bpf_insn insns[MAX_SLOTS];
	static struct bpf_func_info info[MAX_SUBS];
	union bpf_attr attr = {
		.prog_type = prog->type, .insn_cnt = prog->count, .expected_attach_type = prog->attach_type};
	int fd, error, types = -1;

	if (prog->count > MAX_SLOTS)
		return E2BIG;
	for (uint32_t i = 0; i < prog->count; i++) {
		const struct iov_insn *in = &prog->insns[i];
		bool map = in->code == 0x18 && (in->src == 1 || in->src == 2) && (uint32_t)in->imm < prog->map_count;

		insns[i] = (struct bpf_insn){.code = in->code,
					     .dst_reg = in->dst & 15,
					     .src_reg = in->src & 15,
					     .off = in->off,
					     .imm = map ? map_fd(prog->maps[in->imm]) : in->imm};
		if (calls_kernel(in) && (uint32_t)in->imm < prog->extern_count) {
			insns[i].imm = types_kernel_function(prog->externs[in->imm].name);
			insns[i].off = 0; /* means nothing in an iov_prog */
		}
		if (in->code == 0x18 && i + 1 < prog->count) {
			const struct iov_insn *next = &prog->insns[++i];

			insns[i] = (struct bpf_insn){.code = next->code,
						     .dst_reg = next->dst & 15,
						     .src_reg = next->src & 15,
						     .off = next->off,
						     .imm = next->imm};
		}
	}
	attr.insns = (uintptr_t)insns;
	attr.license = (uintptr_t)prog->license;
	if (needs_types(prog) && (types = types_of_prog(prog, info)) >= 0) {
		attr.prog_btf_fd = (uint32_t)types;
		attr.func_info = (uintptr_t)info;
		attr.func_info_cnt = prog->sub_count;
		attr.func_info_rec_size = sizeof(*info);
	}
	log_text[0] = 0;
	if (log) { /* a log costs more than the verification */
		attr.log_level = 1;
		attr.log_size = LOG_SIZE;
		attr.log_buf = (uintptr_t)log_text;
	}
	fd = sys_bpf(BPF_PROG_LOAD, &attr);
	error = fd < 0 ? errno : 0;
	if (types >= 0)
		close(types);
	if (fd >= 0)
		close(fd);
	return error;
}

int kernel_load(const struct iov_prog *prog)
{
	return load(prog, false);
}

const char *kernel_log(const struct iov_prog *prog)
{
	char *end, *last;

	load(prog, true);
	end = strstr(log_text, "processed ");
	if (end && end > log_text)
		end[-1] = 0;
	last = strrchr(log_text, '\n');
	return last && last[1] ? last + 1 : log_text;
}
