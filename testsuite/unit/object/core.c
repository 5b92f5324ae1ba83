/* SPDX-License-Identifier: Apache-2.0 */
/* CO-RE: a small target made from C, with known answers; then the running kernel's types, with libbpf's answers. */
#include "testsuite/unit/object/helper.h"

#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The target has other offsets, widths and enumerators than the program believes. */
static const char target_source[] =
	"struct inner { long pad; int deep; }; enum mode { MODE_OFF, MODE_EXTRA, MODE_ON };\n"
	"struct thing { u64 added; u32 id; struct { u64 hidden; u16 nested; }; struct inner in[4]; u32 wide; int b0 : "
	"5, bits : 7;\n"
	"  struct inner *ptr; signed char sign; };\n"
	"struct thing t; enum mode m = MODE_ON; struct empty {} e; typedef struct thing thing_t; thing_t tt; struct "
	"inner i;\n";

static const char program[] =
	"#define FIELD(x, k) __builtin_preserve_field_info(x, k)\n"
	"struct inner { int deep; int gone; } __core; enum mode { MODE_OFF, MODE_ON = 1, MODE_NEVER = 9 };\n"
	"struct thing { u32 id; u16 nested; struct inner in[4]; u64 wide; int bits : 7; struct inner *ptr; signed char "
	"sign;\n"
	"  int missing; } __core;\n"
	"struct thing___old { u32 id; int before; } __core;\n"
	"struct nowhere { int x; } __core;\n"
	"SEC(\"xdp\") int loads(struct thing *t) { return t->id + t->nested; }\n"
	"SEC(\"xdp\") int deep(struct thing *t) { return t->in[2].deep; }\n"
	"SEC(\"xdp\") int wide(struct thing *t) { return t->wide; }\n"
	"SEC(\"xdp\") int missing(struct thing *t) { return t->missing; }\n"
	"SEC(\"xdp\") int flavour(struct thing___old *t) { return t->id; }\n"
	"SEC(\"xdp\") int exists(struct thing *t) { return FIELD(t->missing, 2) * 2 + FIELD(t->id, 2); }\n"
	"SEC(\"xdp\") int sizes(struct thing *t) { return FIELD(t->wide, 1); }\n"
	"SEC(\"xdp\") int offset(struct thing *t) { return FIELD(t->ptr, 0); }\n"
	"SEC(\"xdp\") int sign(struct thing *t) { return FIELD(t->sign, 3) * 2 + FIELD(t->id, 3); }\n"
	"SEC(\"xdp\") int shifts(struct thing *t) { return FIELD(t->bits, 4) * 100 + FIELD(t->bits, 5); }\n"
	"SEC(\"xdp\") u64 type_exists(void) { return __builtin_preserve_type_info(*(struct thing *)0, 0)\n"
	"  + 2 * __builtin_preserve_type_info(*(struct nowhere *)0, 0); }\n"
	"SEC(\"xdp\") u64 type_size(void) { return __builtin_preserve_type_info(*(struct inner *)0, 1); }\n"
	"SEC(\"xdp\") u64 type_matches(void) { return __builtin_preserve_type_info(*(struct inner *)0, 2); }\n"
	"SEC(\"xdp\") u64 enum_value(void) { return __builtin_preserve_enum_value(*(enum mode *)MODE_ON, 1); }\n"
	"SEC(\"xdp\") u64 enum_exists(void) { return __builtin_preserve_enum_value(*(enum mode *)MODE_NEVER, 0)\n"
	"  * 2 + __builtin_preserve_enum_value(*(enum mode *)MODE_ON, 0); }\n"
	"SEC(\"xdp\") u64 local_id(void) { return __builtin_btf_type_id(*(struct thing *)0, 0); }\n"
	"SEC(\"xdp\") u64 target_id(void) { return __builtin_btf_type_id(*(struct thing *)0, 1); }\n";

/* A tiny machine for what those programs are made of: r0 at exit, loads give 1000 + offset; -1: poison was reached. */
static int64_t run(const struct iov_prog *p)
{
	int64_t r[11] = {0};

	for (uint32_t i = 0; i < p->count; i++) {
		const struct iov_insn *insn = &p->insns[i];
		const struct iov_isa_row *row = isa_find(insn);
		int64_t v = row->src == ISA_SRC_X ? r[insn->src] : insn->imm;

		switch (row->oper) {
		case ISA_O_IMM64:
			r[insn->dst] = (int64_t)isa_imm64(insn);
			i++;
			break;
		case ISA_O_MOV:
			r[insn->dst] = v;
			break;
		case ISA_O_ADD:
			r[insn->dst] += v;
			break;
		case ISA_O_OR:
			r[insn->dst] |= v;
			break;
		case ISA_O_MUL:
			r[insn->dst] *= v;
			break;
		case ISA_O_LSH:
			r[insn->dst] <<= v;
			break;
		case ISA_O_RSH:
			r[insn->dst] = (int64_t)((uint64_t)r[insn->dst] >> v);
			break;
		case ISA_O_LD:
			r[insn->dst] = 1000 + insn->off + row->width * 100000;
			break;
		case ISA_O_HELPER:
			cr_assert_eq(insn->imm, IOV_CORE_POISON);
			return -1;
		case ISA_O_EXIT:
			return r[0];
		default:
			cr_assert(0, "unexpected %s", row->name);
		}
	}
	return -2;
}

static struct iov_prog *against(struct fixture *f, const char *name, const struct iov_btf *target)
{
	struct iov_prog *p = NULL;
	uint32_t index;

	cr_assert(find_prog(f, name, &index));
	cr_assert_eq(object_prog(f->obj, index, target, &f->arena, &f->sink, &p), IOV_OK, "%s: %s", name,
		     first_message(f));
	return p;
}

Test(core, known_answers)
{
	static const char *const orders[] = {"-O2 -g -target bpfel", "-O2 -g -target bpfeb"};

	for (int big = 0; big < 2; big++) {
		struct fixture f, t;
		const struct iov_btf *target;
		const struct {
			const char *name;
			int64_t result;
		} all[] = {
			{"loads", 2000 + 8 + 24 + 48 * 100000},
			{"deep", 1000 + 32 + 2 * 16 + 8 + 32 * 100000},
			{"wide", 1000 + 96 + 32 * 100000},
			{"missing", -1},
			{"flavour", 1008 + 32 * 100000},
			{"exists", 1},
			{"sizes", 4},
			{"offset", 104},
			{"sign", 2},
			{"shifts", (big ? 32 + 5 : 64 - 12) * 100 + 57},
			{"type_exists", 1},
			{"type_size", 16},
			{"type_matches", 0},
			{"enum_value", 2},
			{"enum_exists", 1},
		};

		load(&t, target_source, orders[big]);
		load(&f, program, orders[big]);
		target = t.obj->btf;
		for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
			int64_t got = run(against(&f, all[i].name, target));

			cr_assert_eq(got, all[i].result, "%s: %lld instead of %lld", all[i].name, (long long)got,
				     (long long)all[i].result);
		}
		cr_assert_eq(run(against(&f, "target_id", target)), btf_find(target, "thing", 4));
		cr_assert_eq(run(against(&f, "local_id", target)), btf_find(f.obj->btf, "thing", 4));
		cr_assert_eq(against(&f, "missing", target)->poison_count, 1);
		cr_assert_str_eq(against(&f, "missing", target)->poisons[0].what, "struct thing.missing");
		drop(&f);
		drop(&t);
	}
}

Test(core, renumbered_ids_follow_into_instructions)
{
	struct fixture f;

	load(&f, program, "-O2 -g");
	cr_assert_eq(object_canonicalise(f.obj), IOV_OK);
	cr_assert_eq(run(make_prog(&f, "local_id")), btf_find(f.obj->btf, "thing", 4));
	cr_assert_eq(run(make_prog(&f, "target_id")), btf_find(f.obj->btf, "thing", 4));
	drop(&f);
}

/* libbpf's side: it calls back when a program is relocated and about to be loaded. */
struct grab {
	struct bpf_insn insns[1 << 20];
	size_t count;
};

static struct grab grabbed;

static int grab(struct bpf_program *prog, struct bpf_prog_load_opts *opts, long cookie)
{
	(void)opts, (void)cookie;
	grabbed.count = bpf_program__insn_cnt(prog);
	if (grabbed.count <= sizeof(grabbed.insns) / sizeof(*grabbed.insns))
		memcpy(grabbed.insns, bpf_program__insns(prog), grabbed.count * sizeof(*grabbed.insns));
	return -ECANCELED;
}

static int quiet(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level, (void)fmt, (void)args;
	return 0;
}

/* Maps are not created; loads of them are then poisoned, which same_program takes for a reference. */
static bool relocate_by_libbpf(const void *bytes, size_t len, const char *name)
{
	struct bpf_object *obj = bpf_object__open_mem(bytes, len, NULL);
	struct bpf_program *prog;
	struct bpf_map *map;

	if (!obj)
		return false;
	bpf_object__for_each_map(map, obj)
		bpf_map__set_autocreate(map, false);
	bpf_object__for_each_program(prog, obj)
		bpf_program__set_autoload(prog, !strcmp(bpf_program__name(prog), name));
	grabbed.count = 0;
	bpf_object__load(obj);
	bpf_object__close(obj);
	return grabbed.count != 0;
}

/* Equal but for references, whose numbers are the loader's own. NULL, or what differs. */
static const char *same_program(const struct iov_prog *p)
{
	static char text[200];

	if (p->count != grabbed.count)
		return "has another length";
	for (uint32_t i = 0; i < p->count; i++) {
		const struct iov_insn *a = &p->insns[i];
		const struct bpf_insn *b = &grabbed.insns[i];
		bool reference = (a->code == 0x18 && a->src) || (a->code == 0x85 && a->src == 2);

		if (reference) {
			i += a->code == 0x18;
			continue;
		}
		if (a->code != b->code || a->dst != b->dst_reg || a->src != b->src_reg || a->off != b->off ||
		    a->imm != b->imm) {
			snprintf(text, sizeof(text), "differs at %u: %02x r%d r%d %d %d, libbpf %02x r%d r%d %d %d", i,
				 a->code, a->dst, a->src, a->off, a->imm, b->code, b->dst_reg, b->src_reg, b->off,
				 b->imm);
			return text;
		}
	}
	return NULL;
}

static const char on_kernel[] =
	"#define FIELD(x, k) __builtin_preserve_field_info(x, k)\n"
	"struct list_head { struct list_head *next; } __core;\n"
	"struct task_struct { int pid, tgid; char comm[16]; struct task_struct *real_parent; struct list_head tasks; "
	"int no_such;\n"
	"  unsigned in_execve : 1; int prio; u64 start_time; } __core;\n"
	"struct task_struct___mine { int exit_code; } __core; struct task_struct___none { int gone; } __core;\n"
	"struct sk_buff { unsigned len, data_len; u8 cloned : 1; u8 pkt_type : 3; u32 mark; unsigned char *head, "
	"*data; u16 protocol; }\n"
	"  __core;\n"
	"struct net_device { char name[16]; int ifindex; unsigned mtu; u64 state; } __core;\n"
	"struct file { u64 f_pos; unsigned f_mode; } __core; union bpf_attr { u32 map_type; u64 link_fd; } __core;\n"
	"struct no_such_struct { int a; } __core; typedef unsigned int gfp_t; typedef int no_such_typedef;\n"
	"enum bpf_map_type { BPF_MAP_TYPE_HASH = 0, BPF_MAP_TYPE_RINGBUF = 1, BPF_MAP_TYPE_NONE = 7 };\n"
	"#define P SEC(\"iovtest\") u64\n"
	"P a1(struct task_struct *t) { return t->pid + t->tgid + t->prio; }\n"
	"P a2(struct task_struct *t) { return t->comm[3] + t->start_time; }\n"
	"P a3(struct task_struct *t) { return (long)t->tasks.next + (long)t->real_parent; }\n"
	"P a4(struct task_struct *t) { return t->no_such; }\n"
	"P a5(struct task_struct *t) { return FIELD(t->in_execve, 0) + FIELD(t->in_execve, 1); }\n"
	"P a6(struct task_struct *t) { return FIELD(t->in_execve, 4) + FIELD(t->in_execve, 5) + FIELD(t->in_execve, "
	"3); }\n"
	"P a7(struct task_struct *t) { return FIELD(t->no_such, 2) + FIELD(t->pid, 2) + FIELD(t->comm, 1); }\n"
	"P a8(struct task_struct___mine *t) { return t->exit_code; }\n"
	"P a9(struct task_struct___none *t) { return FIELD(t->gone, 2) ? t->gone : 3; }\n"
	"P b1(struct sk_buff *s) { return s->len + s->data_len + s->mark + s->protocol + (long)s->head + "
	"(long)s->data; }\n"
	"P b2(struct sk_buff *s) { return s->cloned + s->pkt_type; }\n"
	"P b3(struct sk_buff *s) { return FIELD(s->pkt_type, 0) + FIELD(s->pkt_type, 4) + FIELD(s->pkt_type, 5) + "
	"FIELD(s->mark, 3); }\n"
	"P b4(struct net_device *d) { return d->ifindex + d->mtu + d->name[2]; }\n"
	"P b5(struct file *f) { return f->f_pos + f->f_mode; }\n"
	"P b6(union bpf_attr *a) { return a->map_type; }\n"
	"P c1(void) { return __builtin_preserve_type_info(*(struct task_struct *)0, 0)\n"
	" + __builtin_preserve_type_info(*(struct no_such_struct *)0, 0) + __builtin_preserve_type_info(*(gfp_t *)0, "
	"0)\n"
	" + __builtin_preserve_type_info(*(no_such_typedef *)0, 0); }\n"
	"P c2(void) { return __builtin_preserve_type_info(*(struct task_struct *)0, 1)\n"
	" + __builtin_preserve_type_info(*(struct no_such_struct *)0, 1) + __builtin_preserve_type_info(*(gfp_t *)0, "
	"1); }\n"
	"P c3(void) { return __builtin_btf_type_id(*(struct sk_buff *)0, 1) + __builtin_btf_type_id(*(struct sk_buff "
	"*)0, 0); }\n"
	"P c4(void) { return __builtin_preserve_enum_value(*(enum bpf_map_type *)BPF_MAP_TYPE_RINGBUF, 1)\n"
	" + __builtin_preserve_enum_value(*(enum bpf_map_type *)BPF_MAP_TYPE_NONE, 0)\n"
	" + __builtin_preserve_enum_value(*(enum bpf_map_type *)BPF_MAP_TYPE_HASH, 0); }\n"
	"P c5(void) { return __builtin_preserve_enum_value(*(enum bpf_map_type *)BPF_MAP_TYPE_NONE, 1); }\n"
	"P c6(void) { return __builtin_preserve_type_info(*(struct list_head *)0, 2)\n"
	" + __builtin_preserve_type_info(*(struct task_struct *)0, 2) + __builtin_preserve_type_info(*(gfp_t *)0, 2); "
	"}\n";

Test(core, kernel_types_as_libbpf_resolves_them)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = grab);
	struct fixture f;
	const struct iov_btf *kernel;
	uint32_t compared = 0;

	if (geteuid() || access("/sys/kernel/btf/vmlinux", R_OK))
		cr_skip_test("needs root and a kernel with BTF");
	libbpf_set_print(quiet);
	cr_assert(libbpf_register_prog_handler("iovtest", BPF_PROG_TYPE_SOCKET_FILTER, 0, &opts) >= 0);
	load(&f, on_kernel, "-O2 -g");
	kernel = btf_of_kernel(&f.arena, &f.sink);
	cr_assert(kernel, "%s", first_message(&f));
	for (uint32_t i = 0; i < f.obj->prog_count; i++) {
		const char *name = f.obj->progs[i].name;

		const char *wrong;

		cr_assert(relocate_by_libbpf(f.bytes, f.len, name), "%s: libbpf gives up", name);
		wrong = same_program(against(&f, name, kernel));
		cr_assert(!wrong, "%s %s", name, wrong);
		compared++;
	}
	cr_assert_eq(compared, 21);
	drop(&f);
}

/* Every program's section becomes one that our handler takes. */
static void rename_sections(struct iov_object *obj)
{
	for (uint32_t i = 1; i < obj->section_count; i++) {
		struct iov_section *s = &obj->sections[i];
		const char *name = arena_printf(obj->arena, "iovtest/%u", i);

		if (s->type != 1 || !(s->flags & 4) || !strcmp(s->name, ".text"))
			continue;
		for (uint32_t j = 0; obj->btf_ext && j < obj->btf_ext->count; j++)
			if (!strcmp(obj->btf_ext->sections[j].name, s->name))
				obj->btf_ext->sections[j].name = name;
		s->name = name;
	}
}

struct tally {
	uint32_t same, different, refused, not_grabbed;
	struct iov_buf report;
};

static void compare_object(struct fixture *f, const char *file, const struct iov_btf *kernel, struct tally *tally)
{
	struct iov_buf out = {0};

	rename_sections(f->obj);
	cr_assert_eq(object_write(f->obj, &out, &f->sink), IOV_OK);
	for (uint32_t i = 0; i < f->obj->prog_count; i++) {
		const char *name = f->obj->progs[i].name, *wrong;
		struct iov_prog *p;

		if (!relocate_by_libbpf(out.data, out.len, name)) {
			tally->not_grabbed++;
			continue;
		}
		if (object_prog(f->obj, i, kernel, &f->arena, &f->sink, &p)) {
			tally->refused++;
			buf_printf(&tally->report, "%s %s: %s\n", file, name, f->sink.first->message);
			continue;
		}
		wrong = same_program(p);
		*(wrong ? &tally->different : &tally->same) += 1;
		if (wrong)
			buf_printf(&tally->report, "%s %s: %s\n", file, name, wrong);
	}
	buf_free(&out);
}

/* Real programs: every *.o in $IOV_OBJECTS, against the running kernel's types, as libbpf relocates them. */
Test(core, objects_of_a_folder, .timeout = 600)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = grab);
	const char *dir = getenv("IOV_OBJECTS");
	struct iov_arena arena = {0};
	struct tally tally = {0};
	struct iov_sink sink;
	struct iov_btf *kernel;
	struct dirent *e;
	DIR *d = dir && !geteuid() ? opendir(dir) : NULL;

	if (!d)
		cr_skip_test("IOV_OBJECTS names no folder of objects, or not root");
	sink_init(&sink, NULL);
	libbpf_set_print(quiet);
	cr_assert(libbpf_register_prog_handler("iovtest+", BPF_PROG_TYPE_SOCKET_FILTER, 0, &opts) >= 0);
	kernel = btf_of_kernel(&arena, &sink);
	cr_assert(kernel);
	while ((e = readdir(d))) {
		struct fixture f;

		if (!is_object(e->d_name))
			continue;
		read_object(&f, dir, e->d_name);
		if (!f.status && f.obj->btf_ext)
			compare_object(&f, e->d_name, kernel, &tally);
		drop(&f);
	}
	closedir(d);
	buf_printf(&tally.report, "%u programs the same, %u different, %u refused by us, %u not relocated by libbpf\n",
		   tally.same, tally.different, tally.refused, tally.not_grabbed);
	if (getenv("IOV_REPORT"))
		cr_log_warn("%s", buf_cstr(&tally.report));
	cr_assert(!tally.different && !tally.refused, "%s", buf_cstr(&tally.report));
	buf_free(&tally.report);
	arena_free(&arena);
	sink_free(&sink);
}
