/* SPDX-License-Identifier: Apache-2.0 */
/* The live kernel's verdict on an iov_prog. Maps are made once for each definition. */
#include "testsuite/diff/rejects/rejects.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_KINDS = 256, LOG_SIZE = 1 << 20, MAX_SLOTS = 4200 };

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
	       (!a->inner || same_map(a->inner, b->inner));
}

static int map_fd(const struct iov_map_def *m);

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
	fd = sys_bpf(BPF_MAP_CREATE, &attr);
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

/* Global functions, callbacks, locks and storage maps are known to the kernel by BTF, which these programs do not have.
 */
bool kernel_can_be_asked(const struct iov_prog *prog)
{
	for (uint32_t i = 0; i < prog->sub_count; i++)
		if (prog->subs[i].global)
			return false;
	for (uint32_t i = 0; i < prog->map_count; i++)
		if (prog->maps[i]->fields.count || map_fd(prog->maps[i]) < 0)
			return false;
	for (uint32_t i = 0; i < prog->count; i++)
		if (prog->insns[i].code == 0x18 && prog->insns[i].src == 4)
			return false;
	return true;
}

static int load(const struct iov_prog *prog, bool log)
{
	static struct bpf_insn insns[MAX_SLOTS];
	union bpf_attr attr = {
		.prog_type = prog->type, .insn_cnt = prog->count, .expected_attach_type = prog->attach_type};
	int fd;

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
	log_text[0] = 0;
	if (log) { /* a log costs more than the verification */
		attr.log_level = 1;
		attr.log_size = LOG_SIZE;
		attr.log_buf = (uintptr_t)log_text;
	}
	fd = sys_bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
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
