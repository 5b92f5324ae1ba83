/* SPDX-License-Identifier: Apache-2.0 */
/* Variables from DWARF: registers, the stack, constants, inlined calls; both byte orders, DWARF 4 and 5. */
#include "testsuite/unit/object/helper.h"

#include <string.h>

static const char source[] = "struct val { u32 a; u64 b; };\n"
			     "struct { __uint(type, 1); __type(key, u32); __type(value, struct val); "
			     "__uint(max_entries, 16); } m SEC(\".maps\");\n"
			     "static inline struct val *look(u32 key) { u32 k2 = key + 1; return lookup(&m, &k2); }\n"
			     "SEC(\"xdp\") int prog(struct xdp_md *ctx) {\n"
			     "  void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;\n"
			     "  struct hdr { u32 a, b; } *hdr = data;\n"
			     "  if ((void *)(hdr + 1) > data_end) return 1;\n"
			     "  u32 off = hdr->a & 0xff;\n"
			     "  struct val *v = look(off);\n"
			     "  const int limit = 7;\n"
			     "  if (!v) return 2;\n"
			     "  v->b += limit + off;\n"
			     "  return 3;\n"
			     "}\n";

static const struct iov_var *find_var(const struct iov_prog *p, const char *name)
{
	for (uint32_t i = 0; i < p->var_count; i++)
		if (!strcmp(p->vars[i].name, name))
			return &p->vars[i];
	return NULL;
}

Test(vars, places)
{
	static const char *const flags[] = {"-O2 -g", "-O2 -g -target bpfeb", "-O2 -gdwarf-4",
					    "-O2 -gdwarf-4 -target bpfeb"};

	for (int i = 0; i < 4; i++) {
		struct fixture f;
		struct iov_prog *p;
		const struct iov_var *v;

		load(&f, source, flags[i]);
		p = make_prog(&f, "prog");
		v = find_var(p, "ctx");
		cr_assert(v && v->is_param && v->place == IOV_VAR_REG && v->where == 1 && v->begin == 0 &&
			  v->size == 8);
		cr_assert_str_eq(v->type, "struct xdp_md *");
		v = find_var(p, "k2");
		cr_assert(v && v->place == IOV_VAR_STACK && v->where == -4 && v->size == 4);
		cr_assert_str_eq(v->type, "u32");
		v = find_var(p, "limit");
		cr_assert(v && v->place == IOV_VAR_CONST && v->where == 7);
		cr_assert_str_eq(v->type, "const int");
		v = find_var(p, "hdr");
		cr_assert(v && v->place == IOV_VAR_REG && v->end > v->begin);
		cr_assert_str_eq(v->type, "struct hdr *");
		for (uint32_t j = 1; j < p->var_count; j++)
			cr_assert(p->vars[j - 1].begin <= p->vars[j].begin && p->vars[j].end <= p->count);
		drop(&f);
	}
}

/* At -O0 each variable has a slot of its own, and the code says where: `*(u64 *)(r10 - N) = r1` saves ctx. */
Test(vars, frame_offsets_agree_with_the_code)
{
	struct fixture f;
	struct iov_prog *p;
	const struct iov_var *ctx;

	load(&f, source, "-O0 -g");
	p = make_prog(&f, "prog");
	ctx = find_var(p, "ctx");
	cr_assert(ctx && ctx->place == IOV_VAR_STACK);
	cr_assert(p->insns[0].code == 0x7b && p->insns[0].dst == 10 && p->insns[0].src == 1,
		  "the first store saves ctx");
	cr_assert_eq(ctx->where, p->insns[0].off);
	drop(&f);
}

Test(vars, callees_of_other_sections)
{
	struct fixture f;
	struct iov_prog *p;
	const struct iov_var *v;

	load(&f, "static __noinline int sub(int first) { volatile int kept = first; return kept * 3; }\n"
		 "static __noinline int unused(int only) { return only * 5; }\n"
		 "SEC(\"tc\") int other(void *c) { return unused(4 + (long)c); }\n"
		 "SEC(\"xdp\") int prog(struct xdp_md *c) { return sub(c->data); }\n", "-O2 -g");
	p = make_prog(&f, "prog");
	v = find_var(p, "first");
	cr_assert(v && v->begin == p->subs[1].start && v->where == 1);
	v = find_var(p, "kept");
	cr_assert(v && v->place == IOV_VAR_STACK && v->where == -4 && prog_sub_at(p, v->begin) == &p->subs[1]);
	cr_assert(!find_var(p, "only"));
	drop(&f);
}

Test(vars, damaged_debug_information_is_a_warning)
{
	struct fixture f, g;
	struct iov_prog *p;
	const struct iov_section *info;

	load(&f, source, "-O2 -g");
	info = object_section(f.obj, ".debug_info");
	memset((uint8_t *)(uintptr_t)info->data + 20, 0xff, 60);
	read_bytes(&g, f.bytes, f.len);
	p = make_prog(&g, "prog");
	cr_assert_eq(p->var_count, 0);
	cr_assert_eq(g.sink.warnings, 1);
	cr_assert_str_eq(first_code(&g), "IOV-O050");
	drop(&g);
	drop(&f);
}
