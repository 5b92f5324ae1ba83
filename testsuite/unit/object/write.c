/* SPDX-License-Identifier: Apache-2.0 */
/* Objects written again: same content, canonical types, deterministic bytes, loadable by libbpf. */
#include "testsuite/unit/object/helper.h"

#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char source[] = "struct one; struct two; struct three;\n"
			     "struct val { u32 a; u64 b; struct one *o; struct two *t; struct three *h; };\n"
			     "struct { __uint(type, 1); __type(key, u32); __type(value, struct val); "
			     "__uint(max_entries, 16); } flows SEC(\".maps\");\n"
			     "static int s1; int g1 = 5; const volatile char ro[] = \"text\";\n"
			     "struct core { int x, y; } __core;\n"
			     "static __noinline int sub(int a) { return a * 3 + ro[a & 3] + s1++; }\n"
			     "__noinline int gsub(struct core *c) { return c ? c->y : 1; }\n"
			     "SEC(\"xdp\") int prog(struct xdp_md *c) { u32 k = 1; struct val *v = lookup(&flows, &k); "
			     "struct core x = {1, 2};\n"
			     " if (!v) return 0; v->a++; return sub(v->b) + gsub(&x) + g1; }\n";

static void rewrite(struct fixture *from, struct iov_buf *out)
{
	buf_init(out, NULL);
	cr_assert_eq(object_canonicalise(from->obj), IOV_OK);
	cr_assert_eq(object_write(from->obj, out, &from->sink), IOV_OK);
}

Test(write, same_content)
{
	static const char *const flags[] = {"-O2 -g -target bpfel", "-O2 -g -target bpfeb", "-O2"};

	for (int i = 0; i < 3; i++) {
		struct fixture f, g;
		struct iov_buf out, again;
		struct iov_prog *p, *q;

		load(&f, i < 2 ? source : "SEC(\"xdp\") int prog(void *c) { return 2; }", flags[i]);
		rewrite(&f, &out);
		read_bytes(&g, out.data, out.len);
		cr_assert_eq(g.status, IOV_OK, "%s", first_message(&g));
		cr_assert_eq(g.obj->map_count, f.obj->map_count);
		cr_assert_eq(g.obj->func_count, f.obj->func_count);
		p = make_prog(&f, "prog");
		q = make_prog(&g, "prog");
		cr_assert_eq(p->count, q->count);
		cr_assert(!memcmp(p->insns, q->insns, p->count * sizeof(*p->insns)));
		cr_assert_eq(p->line_count, q->line_count);
		for (uint32_t j = 0; j < p->line_count; j++)
			cr_assert(p->lines[j].line == q->lines[j].line && !strcmp(p->lines[j].file, q->lines[j].file));
		rewrite(&g, &again);
		cr_assert(out.len == again.len && !memcmp(out.data, again.data, out.len), "not a fixed point");
		buf_free(&out);
		buf_free(&again);
		drop(&f);
		drop(&g);
	}
}

/* Types in another order, references followed: as another run of LLVM might have numbered them. */
static void shuffle(struct iov_btf *btf, struct iov_btf_ext *ext, struct iov_arena *arena, unsigned seed)
{
	uint32_t *to = arena_array(arena, btf->count, sizeof(*to));
	struct iov_btf_type *types = arena_array(arena, btf->count, sizeof(*types));

	for (uint32_t i = 0; i < btf->count; i++)
		to[i] = i;
	for (uint32_t i = btf->count - 1; i > 1; i--) {
		uint32_t j = 1 + (uint32_t)rand_r(&seed) % i, t = to[i];

		to[i] = to[j];
		to[j] = t;
	}
	for (uint32_t i = 0; i < btf->count; i++) {
		struct iov_btf_type *t = &types[to[i]];

		*t = btf->types[i];
		t->type = to[t->type];
		t->index_type = to[t->index_type];
		for (uint32_t j = 0; j < t->count; j++)
			t->members[j].type = to[t->members[j].type];
	}
	for (uint32_t i = 0; i < ext->count; i++) {
		for (uint32_t j = 0; j < ext->sections[i].func_count; j++)
			ext->sections[i].funcs[j].type = to[ext->sections[i].funcs[j].type];
		for (uint32_t j = 0; j < ext->sections[i].core_count; j++)
			ext->sections[i].cores[j].type = to[ext->sections[i].cores[j].type];
	}
	btf->types = types;
}

Test(write, order_of_types_does_not_matter)
{
	struct fixture once;
	struct iov_buf first;

	load(&once, source, "-O2 -g");
	for (unsigned seed = 0; seed < 8; seed++) {
		struct fixture f;
		struct iov_buf out, ext;

		read_bytes(&f, once.bytes, once.len);
		if (seed)
			shuffle(f.obj->btf, f.obj->btf_ext, &f.arena, seed);
		buf_init(&out, NULL);
		buf_init(&ext, NULL);
		cr_assert_eq(btf_canonicalise(f.obj->btf, f.obj->btf_ext, &f.arena, NULL), IOV_OK);
		cr_assert_eq(btf_write(f.obj->btf, f.obj->btf_ext, false, NULL, &out, &ext), IOV_OK);
		buf_put(&out, ext.data, ext.len);
		buf_free(&ext);
		if (!seed) {
			first = out;
		} else {
			cr_assert(out.len == first.len && !memcmp(out.data, first.data, out.len), "seed %u", seed);
			buf_free(&out);
		}
		drop(&f);
	}
	buf_free(&first);
	drop(&once);
}

static int quiet(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level, (void)fmt, (void)args;
	return 0;
}

/* Maps, types, line records and CO-RE of a rewritten object are the kernel's to judge. */
Test(write, kernel_takes_what_was_written)
{
	static const char loadable[] =
		"struct one; struct val { u32 a; u64 b; struct one *o; };\n"
		"struct { __uint(type, 1); __type(key, u32); __type(value, struct val); __uint(max_entries, 16); } "
		"flows\n"
		"SEC(\".maps\");\n"
		"static int s1; int g1 = 5; const volatile char ro[] = \"text\";\n"
		"struct task_struct { int pid; } __core;\n"
		"static __noinline int sub(int a) { return a * 3 + ro[a & 3] + s1++; }\n"
		"__noinline int gsub(struct val *v) { return v ? v->a : sizeof(struct task_struct); }\n"
		"SEC(\"xdp\") int prog(struct xdp_md *c) { u32 k = 1; struct val *v = lookup(&flows, &k), x = {1, 2};\n"
		" if (!v) return __builtin_preserve_field_info(((struct task_struct *)0)->pid, 0);\n"
		" v->a++; return sub(v->b) + gsub(&x) + g1; }\n";
	struct bpf_object *lib;
	struct fixture f;
	struct iov_buf out;

	if (geteuid() || access("/sys/kernel/btf/vmlinux", R_OK))
		cr_skip_test("needs root and a kernel with BTF");
	libbpf_set_print(quiet);
	load(&f, loadable, "-O2 -g");
	rewrite(&f, &out);
	lib = bpf_object__open_mem(out.data, out.len, NULL);
	cr_assert(lib, "libbpf cannot open it");
	cr_assert_eq(bpf_object__load(lib), 0, "the kernel refuses it");
	bpf_object__close(lib);
	buf_free(&out);
	drop(&f);
}
