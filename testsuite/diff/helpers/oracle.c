/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/diff/helpers/oracle.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

static char log_text[1 << 16];
static unsigned failures;

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

void emit(struct program *p, enum iov_isa row, int dst, int src, int off, int32_t imm)
{
	const struct iov_isa_row *r = &isa_rows[row];
	struct iov_insn insn = {
		.code = r->code, .dst = (uint8_t)dst, .src = (uint8_t)src, .off = (int16_t)off, .imm = imm};

	if (r->sel == ISA_SEL_SRC)
		insn.src = (uint8_t)r->sel_value;
	p->insn[p->count++] = insn;
}

void emit_map(struct program *p, int dst, int fd)
{
	emit(p, ISA_LD_MAP_FD, dst, 0, 0, fd);
	p->insn[p->count++] = (struct iov_insn){0};
}

void emit_map_value(struct program *p, int dst, int fd)
{
	emit(p, ISA_LD_MAP_VALUE, dst, 0, 0, fd);
	p->insn[p->count++] = (struct iov_insn){0};
}

void emit_call(struct program *p, const char *helper)
{
	emit(p, ISA_CALL_HELPER, 0, 0, 0, (int32_t)catalogue_helper_by_name(helper)->id);
}

void emit_if_zero_end(struct program *p, int reg)
{
	p->to_end[p->to_end_count++] = p->count;
	emit(p, ISA_JEQ64_K, reg, 0, 0, 0);
}

void program_end(struct program *p)
{
	for (uint32_t i = 0; i < p->to_end_count; i++)
		p->insn[p->to_end[i]].off = (int16_t)(p->count - p->to_end[i] - 1);
	emit(p, ISA_MOV64_K, 0, 0, 0, 0);
	emit(p, ISA_EXIT, 0, 0, 0, 0);
}

uint32_t oracle_attach(const struct iov_prog_type *type)
{
	static const struct {
		const char *name;
		uint32_t attach;
	} needs[] = {{"flow_dissector", 17}, {"cgroup_sock", 2}, {"cgroup_sock_addr", 10}, {"sk_lookup", 36},
		     {"cgroup_sockopt", 22}, {"netfilter", 45}};

	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (!strcmp(type->name, needs[i].name))
			return needs[i].attach;
	return 0;
}

bool oracle_loads(const struct program *p, const struct iov_prog_type *type, uint32_t attach)
{
	static uint8_t bytes[MAX_INSNS * 8];
	union bpf_attr attr = {
		.prog_type = type->id, .insns = (uintptr_t)bytes, .insn_cnt = p->count, .log_level = 1,
		.license = (uintptr_t)(p->proprietary ? "Apache-2.0" : "GPL"), .log_buf = (uintptr_t)log_text,
		.log_size = sizeof(log_text), .expected_attach_type = attach ? attach : oracle_attach(type),
	};
	long fd;

	for (uint32_t i = 0; i < p->count; i++)
		isa_encode(&p->insn[i], __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, bytes + 8 * i);
	log_text[0] = 0;
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0 && !log_text[0])
		snprintf(log_text, sizeof(log_text), "%s", strerror(errno));
	if (fd >= 0)
		close((int)fd);
	return fd >= 0;
}

const char *oracle_log(void)
{
	return log_text;
}

void oracle_strict(bool strict)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	enum { SYS_ADMIN = 21, PERFMON = 38 - 32 };

	if (syscall(SYS_capget, &header, data))
		return;
	data[0].effective = strict ? data[0].permitted & ~(1u << SYS_ADMIN) : data[0].permitted;
	data[1].effective = strict ? data[1].permitted & ~(1u << PERFMON) : data[1].permitted;
	syscall(SYS_capset, &header, data);
}

/* ---- maps ---- */

#define BTF_INT_TYPE(name, bytes, bits) name, BTF_KIND_INT << 24, bytes, bits
#define BTF_STRUCT_TYPE(name, members, bytes) name, BTF_KIND_STRUCT << 24 | (members), bytes

/* [1] u32 [2] struct bpf_spin_lock { u32 val; } [3] u64 [4] u64[2] [5] struct bpf_timer { u64[2]; }
 * [6] struct value { struct bpf_spin_lock @0; struct bpf_timer @8; u64 @24; } */
static int load_btf(void)
{
	static const char strings[] = "\0u32\0bpf_spin_lock\0val\0u64\0bpf_timer\0value";
	static const uint32_t types[] = {
		BTF_INT_TYPE(1, 4, 32), BTF_STRUCT_TYPE(5, 1, 4), 19, 1, 0, BTF_INT_TYPE(23, 8, 64),
		0, BTF_KIND_ARRAY << 24, 0, 3, 1, 2, BTF_STRUCT_TYPE(27, 1, 16), 19, 4, 0,
		BTF_STRUCT_TYPE(37, 3, 32), 5, 2, 0, 27, 5, 64, 19, 3, 192,
	};
	struct {
		struct btf_header header;
		uint32_t types[sizeof(types) / 4];
		char strings[sizeof(strings)];
	} __attribute__((packed)) blob = {
		.header = {.magic = BTF_MAGIC,
			   .version = 1,
			   .hdr_len = sizeof(struct btf_header),
			   .type_len = sizeof(types),
			   .str_off = sizeof(types),
			   .str_len = sizeof(strings)},
	};
	union bpf_attr attr = {.btf = (uintptr_t)&blob, .btf_size = sizeof(blob), .btf_log_buf = (uintptr_t)log_text,
			       .btf_log_size = sizeof(log_text), .btf_log_level = 1};

	memcpy(blob.types, types, sizeof(types));
	memcpy(blob.strings, strings, sizeof(strings));
	return (int)bpf(BPF_BTF_LOAD, &attr);
}

static int create(union bpf_attr *attr)
{
	return (int)bpf(BPF_MAP_CREATE, attr);
}

static bool is_storage(const char *type)
{
	size_t len = strlen(type);

	return len > 8 && !strcmp(type + len - 8, "_storage") && strcmp(type, "cgroup_storage") &&
	       strcmp(type, "percpu_cgroup_storage");
}

static int make_map(const struct iov_map_type *t)
{
	union bpf_attr attr = {.map_type = t->id, .max_entries = 4};

	attr.key_size = !t->has_key ? 0 : t->key_size ? t->key_size : !strcmp(t->name, "lpm_trie") ? 8 : 4;
	attr.value_size = !t->has_value ? 0 : t->value_size ? t->value_size : 8;
	if (strstr(t->name, "ringbuf"))
		attr.max_entries = 4096;
	if (strstr(t->name, "cgroup_storage"))
		attr.key_size = 8, attr.max_entries = 0;
	if (!strcmp(t->name, "lpm_trie"))
		attr.map_flags = BPF_F_NO_PREALLOC;
	if (strstr(t->name, "_of_maps"))
		attr.inner_map_fd = (uint32_t)oracle_map("array");
	if (is_storage(t->name)) {
		attr.max_entries = 0, attr.map_flags = BPF_F_NO_PREALLOC;
		attr.btf_fd = (uint32_t)load_btf(), attr.btf_key_type_id = 1, attr.btf_value_type_id = 3;
	}
	return create(&attr);
}

static int fds[64]; /* by map type: fd + 1; 0: not asked yet */

void oracle_new_prog_array(void)
{
	if (fds[BPF_MAP_TYPE_PROG_ARRAY] > 0)
		close(fds[BPF_MAP_TYPE_PROG_ARRAY] - 1);
	fds[BPF_MAP_TYPE_PROG_ARRAY] = 0;
}

int oracle_map(const char *type)
{
	const struct iov_map_type *t = catalogue_map_type_by_name(type);

	if (!fds[t->id])
		fds[t->id] = make_map(t) + 1;
	return fds[t->id] - 1;
}

int oracle_rdonly_map(void)
{
	static int fd = -1;
	union bpf_attr attr = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 64, .max_entries = 1,
			       .map_flags = BPF_F_RDONLY_PROG};

	if (fd >= 0)
		return fd;
	fd = create(&attr);
	attr = (union bpf_attr){.map_fd = (uint32_t)fd};
	bpf(BPF_MAP_FREEZE, &attr);
	return fd;
}

int oracle_field_map(void)
{
	static int fd = -1;
	union bpf_attr attr = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 32, .max_entries = 1,
			       .btf_key_type_id = 1, .btf_value_type_id = 6};

	if (fd < 0) {
		attr.btf_fd = (uint32_t)load_btf();
		fd = create(&attr);
	}
	return fd;
}

const struct iov_platform *oracle_platform(char release[64])
{
	struct utsname name;
	char platform[80];

	if (uname(&name))
		return NULL;
	snprintf(release, 64, "%.*s", (int)strspn(name.release, "0123456789."), name.release);
	if (strchr(release, '.') && strchr(strchr(release, '.') + 1, '.'))
		*strchr(strchr(release, '.') + 1, '.') = 0;
	snprintf(platform, sizeof(platform), "linux-%s", release);
	return platform_shipped(platform);
}

void result(bool ok, const char *fmt, ...)
{
	va_list ap;

	if (ok)
		return;
	failures++;
	fputs("FAIL helpers ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void pass_rest(const char *what)
{
	if (!failures)
		printf("PASS helpers %s\n", what);
	failures = 0;
}
