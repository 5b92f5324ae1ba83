/* SPDX-License-Identifier: Apache-2.0 */
/* Objects as clang writes them: sections, functions, programs, maps, externs; in both byte orders. */
#include "testsuite/unit/object/helper.h"

#include <linux/bpf.h>
#include <string.h>

static const char firewall[] =
	"struct val { u32 a; u64 b; };\n"
	"struct { __uint(type, 1); __type(key, u32); __type(value, struct val); __uint(max_entries, 16); "
	"__uint(map_flags, 1); }"
	" flows SEC(\".maps\");\n"
	"static int s1; int g1 = 5; const volatile int ro = 4;\n"
	"extern int LINUX_KERNEL_VERSION __kconfig; extern _Bool CONFIG_X __kconfig __weak;\n"
	"extern void bpf_foo(int) __ksym;\n"
	"static __noinline int sub(int a) { return a * 3 + ro; }\n"
	"__noinline int gsub(struct xdp_md *c, struct val *v) { if (!v) return 0; return c->data_end + s1++ + v->a; }\n"
	"SEC(\"xdp\") int prog(struct xdp_md *c) { u32 k = 1; struct val *v = lookup(&flows, &k);\n"
	" if (!v) return LINUX_KERNEL_VERSION + CONFIG_X; v->a++; bpf_foo(3); return sub(v->b) + gsub(c, v) + g1; }\n"
	"SEC(\"?tc/later\") int other(void *c) { return sub(7); }\n";

static const char *const orders[] = {"-O2 -g -target bpfel", "-O2 -g -target bpfeb"};

Test(read, programs_and_functions)
{
	for (int i = 0; i < 2; i++) {
		struct fixture f;
		const struct iov_object_prog *p;

		load(&f, firewall, orders[i]);
		cr_assert_eq(f.obj->big_endian, i);
		cr_assert_str_eq(f.obj->license, "GPL");
		cr_assert_eq(f.obj->prog_count, 2);
		cr_assert_eq(f.obj->func_count, 4);
		p = find_prog(&f, "prog", NULL);
		cr_assert(p && p->autoload);
		cr_assert_str_eq(p->section, "xdp");
		cr_assert_eq(p->type, BPF_PROG_TYPE_XDP);
		p = find_prog(&f, "other", NULL);
		cr_assert(p && !p->autoload);
		cr_assert_eq(p->type, BPF_PROG_TYPE_SCHED_CLS);
		drop(&f);
	}
}

Test(read, maps)
{
	for (int i = 0; i < 2; i++) {
		struct fixture f;
		const struct iov_map_def *m;

		load(&f, firewall, orders[i]);
		cr_assert_eq(f.obj->map_count, 5);
		m = f.obj->maps[0];
		cr_assert_str_eq(m->name, "flows");
		cr_assert_eq(m->type, BPF_MAP_TYPE_HASH);
		cr_assert_eq(m->key_size, 4);
		cr_assert_eq(m->value_size, 16);
		cr_assert_eq(m->max_entries, 16);
		cr_assert_eq(m->flags, 1);
		cr_assert_str_eq(btf_type(f.obj->btf, m->value_btf)->name, "val");
		m = find_map(&f, ".data");
		cr_assert(m && m->init && m->value_size == 4 && m->origin == IOV_MAP_DATA);
		cr_assert_eq(m->init[i ? 3 : 0], 5);
		m = find_map(&f, ".rodata");
		cr_assert(m && m->flags & BPF_F_RDONLY_PROG && m->flags & BPF_F_MMAPABLE);
		m = find_map(&f, ".bss");
		cr_assert(m && !m->init && m->value_size == 4);
		m = find_map(&f, ".kconfig");
		cr_assert(m && m->value_size == 5 && m->origin == IOV_MAP_KCONFIG);
		drop(&f);
	}
}

static uint32_t count_kind(const struct iov_prog *p, enum iov_isa row)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->count; i += isa_is_wide(&p->insns[i]) ? 2 : 1) {
		const struct iov_isa_row *r = isa_find(&p->insns[i]);

		n += r && isa_index(r) == row;
	}
	return n;
}

Test(read, program_is_complete)
{
	for (int i = 0; i < 2; i++) {
		struct fixture f;
		struct iov_prog *p;

		load(&f, firewall, orders[i]);
		p = make_prog(&f, "prog");
		cr_assert_eq(p->sub_count, 3);
		cr_assert_str_eq(p->subs[0].name, "prog");
		cr_assert_str_eq(p->subs[1].name, "sub");
		cr_assert_str_eq(p->subs[2].name, "gsub");
		cr_assert(!p->subs[1].global && p->subs[2].global);
		cr_assert_eq(p->subs[2].param_count, 2);
		cr_assert_eq(p->subs[2].params[0].kind, IOV_PARAM_CTX);
		cr_assert_eq(p->subs[2].params[1].kind, IOV_PARAM_MEM);
		cr_assert_eq(p->subs[2].params[1].size, 16);
		cr_assert_eq(p->map_count, 5);
		cr_assert_eq(p->extern_count, 1);
		cr_assert_str_eq(p->externs[0].name, "bpf_foo");
		cr_assert_eq(count_kind(p, ISA_CALL_SUBPROG), 2);
		cr_assert_eq(count_kind(p, ISA_CALL_KFUNC), 1);
		cr_assert_eq(count_kind(p, ISA_LD_MAP_FD), 1);
		cr_assert_eq(count_kind(p, ISA_LD_MAP_VALUE), 5);
		cr_assert(p->gpl);
		for (uint32_t j = 0; j < p->count; j += isa_is_wide(&p->insns[j]) ? 2 : 1) {
			if (isa_index(isa_find(&p->insns[j])) == ISA_CALL_SUBPROG)
				cr_assert(prog_sub_at(p, j + 1 + (uint32_t)p->insns[j].imm)->start ==
					  j + 1 + (uint32_t)p->insns[j].imm);
		}
		drop(&f);
	}
}

Test(read, lines_follow_the_code)
{
	struct fixture f;
	struct iov_prog *p;
	struct iov_span span;

	load(&f, firewall, "-O2 -g");
	p = make_prog(&f, "prog");
	cr_assert(p->line_count > 5);
	span = prog_span(p, p->subs[1].start);
	cr_assert_eq(span.line, 6);
	cr_assert(strstr(span.text, "a * 3"));
	cr_assert_str_eq(span.program, "sub");
	drop(&f);
}

Test(read, every_cpu_version_with_and_without_debug_info)
{
	static const char *const flags[] = {"-O2 -mcpu=v1",    "-O2 -mcpu=v2", "-O2 -mcpu=v3 -g",
					    "-O2 -mcpu=v4 -g", "-O0 -g",       "-Os -mcpu=v4 -target bpfeb"};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct fixture f;
		struct iov_prog *p;

		load(&f,
		     "static __noinline int sub(int *a) { return *a * 3; }\n"
		     "SEC(\"xdp\") int prog(struct xdp_md *c) { int x = c->data; return sub(&x) + sub(&x); }\n",
		     flags[i]);
		p = make_prog(&f, "prog");
		cr_assert_eq(p->sub_count, 2);
		cr_assert(count_kind(p, ISA_CALL_SUBPROG) > 0);
		drop(&f);
	}
}

Test(read, text_alone_is_programs_without_a_type)
{
	struct fixture f;

	load(&f, "int bpf_prog(void *m, u64 len) { return len; }\n", "-O2");
	cr_assert_eq(f.obj->prog_count, 1);
	cr_assert_eq(f.obj->progs[0].type, 0);
	drop(&f);
}

Test(read, undefined_function_is_named)
{
	struct fixture f;
	struct iov_prog *p;

	load(&f, "int elsewhere(int);\nSEC(\"xdp\") int prog(struct xdp_md *c) {\n  return elsewhere(c->data); }\n",
	     "-O2 -g");
	cr_assert_eq(object_prog(f.obj, 0, NULL, &f.arena, &f.sink, &p), IOV_DIAGNOSED);
	cr_assert_str_eq(first_code(&f), "IOV-O032");
	cr_assert(strstr(first_message(&f), "elsewhere"));
	cr_assert_eq(f.sink.first->span.line, 3);
	drop(&f);
}

Test(read, function_addresses)
{
	struct fixture f;
	struct iov_prog *p;

	load(&f, "static long (*const loop)(u32 n, void *fn, void *ctx, u64 flags) = (void *)181;\n"
		 "static int cb(u32 i, void *ctx) { return 0; }\n"
		 "SEC(\"xdp\") int prog(struct xdp_md *c) { return loop(10, cb, 0, 0); }\n", "-O2 -g");
	p = make_prog(&f, "prog");
	cr_assert_eq(p->sub_count, 2);
	cr_assert_eq(count_kind(p, ISA_LD_FUNC), 1);
	for (uint32_t i = 0; i < p->count; i++)
		if (p->insns[i].code == 0x18 && p->insns[i].src == 4)
			cr_assert_eq(i + 1 + (uint32_t)p->insns[i].imm, p->subs[1].start);
	drop(&f);
}

static void refused(const char *source, const char *code, const char *message)
{
	struct fixture f;
	struct iov_prog *p;

	load(&f, source, "-O2 -g");
	cr_assert_eq(object_prog(f.obj, 0, NULL, &f.arena, &f.sink, &p), IOV_DIAGNOSED);
	cr_assert_str_eq(first_code(&f), code);
	cr_assert(strstr(first_message(&f), message), "%s", first_message(&f));
	cr_assert_eq(f.sink.first->span.line, 2, "at the C line");
	drop(&f);
}

Test(read, references_that_lead_nowhere)
{
	refused("int far SEC(\"elsewhere\") = 1;\nSEC(\"xdp\") int prog(void *c) { return far; }\n", "IOV-O033",
		"elsewhere");
	refused("extern int gone;\nSEC(\"xdp\") int prog(void *c) { return gone; }\n", "IOV-O032", "gone");
}

Test(read, pointers_in_data_are_a_warning)
{
	struct fixture f;

	load(&f, "static int x; int *p = &x;\nSEC(\"xdp\") int prog(void *c) { return *p; }\n", "-O2 -g");
	make_prog(&f, "prog");
	cr_assert_eq(f.sink.warnings, 1);
	cr_assert_str_eq(first_code(&f), "IOV-O035");
	drop(&f);
}

Test(read, a_call_into_the_middle_of_a_function)
{
	struct fixture f, g;
	struct iov_prog *p;
	const struct iov_section *s;

	load(&f,
	     "static __noinline int sub(int a) { return a * 3; }\nSEC(\"xdp\") int prog(int *c) { return sub(*c); }\n",
	     "-O2");
	s = object_section(f.obj, "xdp");
	for (uint64_t i = 0; i < s->size; i += 8)
		if (s->data[i] == 0x85)
			((uint8_t *)(uintptr_t)s->data)[i + 4] += 1;
	read_bytes(&g, f.bytes, f.len);
	cr_assert_eq(object_prog(g.obj, 0, NULL, &g.arena, &g.sink, &p), IOV_DIAGNOSED);
	cr_assert_str_eq(first_code(&g), "IOV-O031");
	drop(&g);
	drop(&f);
}

Test(read, kinds_of_files)
{
	static const uint8_t elf_x86[20] = {0x7f, 'E', 'L', 'F', 2, 1, 1, [16] = 1, [18] = 62};
	static const uint8_t bpf_big[20] = {0x7f, 'E', 'L', 'F', 2, 2, 1, [17] = 1, [19] = 247};
	struct fixture f;

	cr_assert_eq(object_kind("", 0), IOV_FILE_UNKNOWN);
	cr_assert_eq(object_kind("BC\xc0\xde", 4), IOV_FILE_BITCODE);
	cr_assert_eq(object_kind("!<arch>\n", 8), IOV_FILE_ARCHIVE);
	cr_assert_eq(object_kind(elf_x86, sizeof(elf_x86)), IOV_FILE_ELF_OTHER);
	cr_assert_eq(object_kind(bpf_big, sizeof(bpf_big)), IOV_FILE_BPF);
	read_bytes(&f, elf_x86, sizeof(elf_x86));
	cr_assert_eq(f.status, IOV_DIAGNOSED);
	cr_assert_str_eq(first_code(&f), "IOV-O001");
	drop(&f);
	read_bytes(&f, bpf_big, sizeof(bpf_big));
	cr_assert_str_eq(first_code(&f), "IOV-O002");
	drop(&f);
}

Test(read, showing_takes_what_is_undefined)
{
	struct fixture f;
	struct iov_prog *p;

	load(&f, "int elsewhere(int); extern int far;\nint lib(int x) { return elsewhere(x) + far; }\n"
		 "SEC(\"xdp\") int prog(void *c) { return 2; }\n", "-O2 -g");
	for (uint32_t i = 0; i < f.obj->func_count; i++) {
		cr_assert_eq(object_show(f.obj, i, &f.arena, &f.sink, &p), IOV_OK, "%s", first_message(&f));
		if (strcmp(f.obj->funcs[i].name, "lib"))
			continue;
		cr_assert_eq(p->extern_count, 2);
		cr_assert(p->externs[0].is_func && !p->externs[1].is_func);
		cr_assert_str_eq(p->externs[0].name, "elsewhere");
		cr_assert_str_eq(p->externs[1].name, "far");
	}
	drop(&f);
}

Test(read, program_numbers_end)
{
	struct fixture f;
	struct iov_prog *p;

	load(&f, firewall, "-O2 -g");
	cr_assert_eq(object_prog(f.obj, 2, NULL, &f.arena, &f.sink, &p), IOV_DIAGNOSED);
	cr_assert_str_eq(first_code(&f), "IOV-O034");
	drop(&f);
}
