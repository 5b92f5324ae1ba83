/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier's view of BTF: members, tags, special fields, the rules of their layout. */
#include "testsuite/unit/object/helper.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char prologue[] =
	"struct bpf_spin_lock { u32 val; }; struct bpf_refcount { u32 v[1]; } __attribute__((aligned(4)));\n"
	"struct bpf_list_head { u64 v[2]; } __attribute__((aligned(8)));\n"
	"struct bpf_list_node { u64 v[3]; } __attribute__((aligned(8)));\n"
	"struct bpf_rb_root { u64 v[2]; } __attribute__((aligned(8)));\n"
	"struct bpf_rb_node { u64 v[4]; } __attribute__((aligned(8)));\n"
	"#define __contains(t, n) __attribute__((btf_decl_tag(\"contains:\" #t \":\" #n)))\n"
	"#define __kptr __attribute__((btf_type_tag(\"kptr\")))\n"
	"#define __rcu __attribute__((btf_type_tag(\"rcu\")))\n";

static struct iov_types *types_of(struct fixture *f)
{
	struct iov_prog *p = make_prog(f, "p");

	cr_assert(p->types && !p->types->has_target);
	return p->types;
}

static char *with_prologue(char *text, size_t size, const char *types, const char *use)
{
	snprintf(text, size,
		 "%s%s\n%s *volatile keep;\nSEC(\"xdp\") int p(struct xdp_md *ctx) { keep = 0; return 2; }\n", prologue,
		 types, use);
	return text;
}

Test(types, members)
{
	struct fixture f;
	char text[2048];
	const struct iov_type *t;
	struct iov_place at;
	struct iov_types *types;

	load(&f, with_prologue(text, sizeof(text),
			       "struct in { u32 a, b; };\n"
			       "struct top { u64 n; int bits : 3; struct in two[2]; struct in __rcu *p;\n"
			       "union { u64 x; struct in y; }; u8 raw[5]; struct in tail[]; };", "struct top"),
	     "-g -O2");
	types = types_of(&f);
	t = types_named(types, IOV_TYPES_OWN, "top");
	cr_assert(t && t->member_count == 7 && t->size == 56);
	cr_assert(types_member(types, t, 24, 4, &at) && !strcmp(at.holder->name, "in") && !at.off);
	cr_assert_str_eq(at.member->name, "b");
	cr_assert(types_member(types, t, 32, 8, &at) && at.member->kind == IOV_MEMBER_POINTER);
	cr_assert(at.member->tags == IOV_TAG_RCU && at.member->type == at.holder->members[2].type);
	cr_assert(types_member(types, t, 44, 4, &at) && at.through_union);
	cr_assert(types_member(types, t, 51, 2, &at) && !strcmp(at.member->name, "raw"));
	cr_assert(!types_member(types, t, 52, 2, &at), "past the end of raw");
	cr_assert(types_member(types, t, 8, 1, &at) && !strcmp(at.member->name, "bits"));
	cr_assert(!types_member(types, t, 16, 8, &at), "across members");
	cr_assert(types_member(types, t, 60, 4, &at) && !strcmp(at.member->name, "b"), "of the flexible array");
	cr_assert(types_has_at(types, t, 20, types_named(types, IOV_TYPES_OWN, "in")));
	cr_assert(!types_has_at(types, t, 16, types_named(types, IOV_TYPES_OWN, "in")));
	drop(&f);
}

Test(types, special_fields)
{
	struct fixture f;
	char text[2048];
	const struct iov_type *t;
	struct iov_types *types;

	load(&f, with_prologue(text, sizeof(text),
			       "struct leaf { u64 n; struct bpf_rb_node rb; struct bpf_list_node ls;\n"
			       "struct bpf_refcount r; };\n"
			       "struct top { struct leaf __kptr *p; struct bpf_spin_lock l; struct bpf_rb_root root "
			       "__contains(leaf, rb); struct bpf_list_head heads[2] __contains(leaf, ls); };\n"
			       "struct leaf *volatile whole;",
			       "struct top"), "-g -O2");
	types = types_of(&f);
	t = types_named(types, IOV_TYPES_OWN, "top");
	cr_assert(t && t->fields.count == 5 && !t->fields.wrong, "%s", t->fields.wrong);
	cr_assert(fields_at(&t->fields, IOV_FIELD_SPIN_LOCK, 8) && fields_at(&t->fields, IOV_FIELD_KPTR_REF, 0));
	cr_assert_eq(fields_of(&t->fields, IOV_FIELD_RB_ROOT)->node_off, 8);
	cr_assert_eq(fields_at(&t->fields, IOV_FIELD_LIST_HEAD, 48)->node_off, 40);
	cr_assert(fields_touch(&t->fields, 11, 12) && !fields_touch(&t->fields, 12, 15));
	t = types_find(types, IOV_TYPES_OWN, fields_of(&t->fields, IOV_FIELD_RB_ROOT)->type);
	cr_assert(t && !strcmp(t->name, "leaf") && t->fields.count == 3 && !t->fields.wrong);
	cr_assert_eq(t, types_named(types, IOV_TYPES_OWN, "leaf"));
	drop(&f);
}

Test(types, layouts_that_are_refused)
{
	static const struct { const char *types, *why; } bad[] = {
		{"struct leaf { struct bpf_list_node n; };\n"
		 "struct top { struct bpf_list_head h __contains(leaf, n); };\n"
		 "struct leaf *volatile whole;", "spin_lock"},
		{"struct top { struct bpf_list_node n; struct bpf_rb_node r; };", "bpf_refcount"},
		{"struct top { struct bpf_spin_lock l; struct bpf_list_head h; };", "__contains"},
		{"struct top { struct bpf_spin_lock l; struct bpf_list_head h __contains(none, n); };", "do not have"},
		{"struct leaf { struct bpf_list_node n; }; struct top { struct bpf_spin_lock l;\n"
		 "struct bpf_rb_root h __contains(leaf, n); }; struct leaf *volatile whole;", "no member"},
		{"struct top { struct bpf_spin_lock l, m; };", "two"},
		{"struct top { struct bpf_spin_lock l; struct bpf_list_node n;\n"
		 "struct bpf_list_head h __contains(top, n); };", "without end"},
		{"struct top { char c; struct bpf_spin_lock l; } __attribute__((packed));", "aligned"},
	};
	char text[2048];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct fixture f;
		const struct iov_type *t;

		load(&f, with_prologue(text, sizeof(text), bad[i].types, "struct top"), "-g -O2");
		t = types_named(types_of(&f), IOV_TYPES_OWN, "top");
		cr_assert(t && t->fields.wrong && strstr(t->fields.wrong, bad[i].why), "%zu: %s", i,
			  t && t->fields.wrong ? t->fields.wrong : "taken");
		drop(&f);
	}
}

Test(types, of_the_kernel)
{
	struct fixture f;
	char text[2048];
	struct iov_btf *kernel;
	const struct iov_type *t;
	struct iov_prog *p;
	struct iov_place at;

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		cr_skip_test("needs a kernel with BTF");
	load(&f, with_prologue(text, sizeof(text), "struct top { u32 a; };", "struct top"), "-g -O2");
	kernel = btf_of_kernel(&f.arena, &f.sink);
	cr_assert(kernel && object_prog(f.obj, 0, kernel, &f.arena, &f.sink, &p) == IOV_OK && p->types->has_target);
	t = types_named(p->types, IOV_TYPES_TARGET, "tcp_sock");
	cr_assert(t && types_member(p->types, t, 0, 1, &at) && t->space == IOV_TYPES_TARGET);
	cr_assert(types_has_at(p->types, t, 0, types_named(p->types, IOV_TYPES_TARGET, "sock")));
	cr_assert(!types_named(p->types, IOV_TYPES_TARGET, "top"));
	drop(&f);
}
