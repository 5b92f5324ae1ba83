/* SPDX-License-Identifier: Apache-2.0 */
/* Map definitions: every member, nested maps, program arrays, legacy sections, mistakes. */
#include "testsuite/unit/object/helper.h"

#include <linux/bpf.h>
#include <string.h>

Test(maps, every_member)
{
	struct fixture f;
	const struct iov_map_def *m;

	load(&f,
	     "struct { __uint(type, 1); __uint(key_size, 8); __uint(value_size, 24); __uint(max_entries, 1 << 20);\n"
	     "__uint(map_flags, 5); __uint(numa_node, 3); __uint(pinning, 1); __uint(map_extra, 9); } m "
	     "SEC(\".maps\");\n",
	     "-g");
	m = find_map(&f, "m");
	cr_assert(m && m->key_size == 8 && m->value_size == 24 && m->max_entries == 1 << 20 && m->flags == 5 &&
		  m->numa_node == 3 && m->pinning == 1 && m->extra == 9 && m->type == 1);
	drop(&f);
}

Test(maps, place_of_declaration)
{
	static const char *const flags[] = {"-O2 -g", "-O2 -gdwarf-4", "-O2 -g -target bpfeb"};

	for (int i = 0; i < 3; i++) {
		struct fixture f;
		const struct iov_map_def *m;

		load(&f,
		     "int x;\n\nstruct { __uint(type, 1); __type(key, u32); __type(value, u64); __uint(max_entries, "
		     "4); }\n"
		     "\tm SEC(\".maps\");\n",
		     flags[i]);
		m = find_map(&f, "m");
		cr_assert_eq(m->where.line, 4);
		cr_assert(strstr(m->where.file, "/t.c"), "%s", m->where.file);
		drop(&f);
	}
}

Test(maps, special_fields)
{
	struct fixture f;
	const struct iov_map_def *m;
	const struct iov_field *at;

	load(&f,
	     "struct bpf_spin_lock { u32 val; }; struct bpf_timer { u64 a[2]; } __attribute__((aligned(8)));\n"
	     "struct task; struct v { u64 n; struct bpf_spin_lock lock; struct bpf_timer t[1];\n"
	     "struct task __attribute__((btf_type_tag(\"kptr\"))) *p; };\n"
	     "struct { __uint(type, 2); __type(key, u32); __type(value, struct v); __uint(max_entries, 1); } m "
	     "SEC(\".maps\");\n",
	     "-g -O2");
	m = find_map(&f, "m");
	cr_assert_eq(m->fields.count, 3);
	at = m->fields.all;
	cr_assert(at[0].kind == IOV_FIELD_SPIN_LOCK && at[0].off == 8 && at[0].size == 4);
	cr_assert(at[1].kind == IOV_FIELD_TIMER && at[1].off == 16 && at[1].size == 16);
	cr_assert(at[2].kind == IOV_FIELD_KPTR_REF && at[2].off == 32 && at[2].size == 8);
	drop(&f);
}

Test(maps, values)
{
	struct fixture f;
	const struct iov_map_def *m;

	load(&f,
	     "struct inner { __uint(type, 2); __type(key, u32); __type(value, u64); __uint(max_entries, 4); } a "
	     "SEC(\".maps\"),"
	     " b SEC(\".maps\");\n"
	     "struct { __uint(type, 12); __uint(max_entries, 8); __type(key, u32); __array(values, struct inner); } "
	     "outer"
	     " SEC(\".maps\") = { .values = { [0] = &a, [3] = &b } };\n"
	     "int next(struct xdp_md *c);\n"
	     "struct { __uint(type, 3); __uint(max_entries, 8); __type(key, u32); __array(values, int(struct xdp_md "
	     "*)); } jumps"
	     " SEC(\".maps\") = { .values = { [5] = next } };\n"
	     "SEC(\"xdp\") int next(struct xdp_md *c) { return 2; }\n",
	     "-g -O2");
	m = find_map(&f, "outer");
	cr_assert(m && m->inner && m->inner->type == 2 && m->inner->value_size == 8 && m->value_size == 4);
	cr_assert_eq(m->slot_count, 2);
	cr_assert_eq(m->slots[1].index, 3);
	cr_assert_str_eq(m->slots[1].name, "b");
	m = find_map(&f, "jumps");
	cr_assert_eq(m->slot_count, 1);
	cr_assert_eq(m->slots[0].index, 5);
	cr_assert_str_eq(m->slots[0].name, "next");
	drop(&f);
}

Test(maps, legacy_section)
{
	struct fixture f;
	const struct iov_map_def *m;

	load(&f,
	     "struct bpf_map_def { u32 type, key_size, value_size, max_entries, map_flags, zero; };\n"
	     "struct bpf_map_def SEC(\"maps\") one = {2, 4, 8, 16, 0}; struct bpf_map_def SEC(\"maps\") two = {1, 4, "
	     "24, 32, 1};\n"
	     "SEC(\"xdp\") int prog(struct xdp_md *c) { u32 k = 0; return lookup(&two, &k) ? 1 : 2; }\n",
	     "-O2");
	m = find_map(&f, "one");
	cr_assert(m && m->type == 2 && m->value_size == 8 && m->max_entries == 16);
	m = find_map(&f, "two");
	cr_assert(m && m->type == 1 && m->value_size == 24 && m->flags == 1);
	cr_assert_eq(make_prog(&f, "prog")->maps[0], m);
	drop(&f);
}

static void refused(const char *source, const char *message)
{
	struct fixture f;

	compile(&f, source, "-g -O2");
	arena_init(&f.arena, NULL);
	sink_init(&f.sink, NULL);
	cr_assert_eq(object_read(f.bytes, f.len, "t.o", &f.arena, &f.sink, &f.obj), IOV_DIAGNOSED);
	cr_assert_str_eq(first_code(&f), "IOV-O020");
	cr_assert(strstr(first_message(&f), message), "%s", first_message(&f));
	drop(&f);
}

Test(maps, mistakes)
{
	refused("struct { __type(key, u32); } m SEC(\".maps\");\n", "map m has no type");
	refused("struct { __uint(type, 1); __uint(entries, 3); } m SEC(\".maps\");\n", "member entries");
	refused("struct { __uint(type, 1); int max_entries; } m SEC(\".maps\");\n", "not written with __uint");
	refused("struct { __uint(type, 1); u32 key; } m SEC(\".maps\");\n", "not written with __type");
	refused("struct { __uint(type, 1); __type(key, u32); __uint(key_size, 8); } m SEC(\".maps\");\n",
		"4 bytes by one member");
	refused("struct { __uint(type, 1); __uint(pinning, 7); } m SEC(\".maps\");\n", "pinning 7");
	refused("int m SEC(\".maps\");\n", "not a struct");
	refused("struct nowhere; struct { __uint(type, 1); __type(value, struct nowhere); } m SEC(\".maps\");\n",
		"has no size");
}
