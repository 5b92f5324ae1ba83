/* SPDX-License-Identifier: Apache-2.0 */
/* The language for types: text → BTF → text, numbering, layout, mistakes at their columns. */
#include "asm/types/types.h"

#include <criterion/criterion.h>
#include <linux/btf.h>
#include <stdio.h>
#include <string.h>

struct work {
	struct iov_arena arena;
	struct iov_sink sink;
	const char *text;
	struct iov_section sections[2];
	struct iov_object obj;
};

static struct iov_span span(void *ud, const char *at, size_t len)
{
	struct work *w = ud;
	struct iov_span s = IOV_NOWHERE;

	s.line = s.col = 1;
	for (const char *p = w->text; p < at; p++) {
		s.line += *p == '\n';
		s.col = *p == '\n' ? 1 : s.col + 1;
	}
	s.len = (uint32_t)len;
	return s;
}

static uint64_t same_address(void *ud, struct types_at at)
{
	(void)ud;
	return at.offset;
}

static struct types *begin(struct work *w)
{
	memset(w, 0, sizeof(*w));
	arena_init(&w->arena, NULL);
	sink_init(&w->sink, NULL);
	w->sections[0].name = "";
	w->sections[1] = (struct iov_section){.name = "xdp", .index = 1, .type = 1, .flags = 6, .size = 64};
	w->obj = (struct iov_object){.sections = w->sections, .section_count = 2, .arena = &w->arena};
	return types_open(&w->arena, &w->sink, span, w);
}

static enum iov_status read_text(struct work *w, struct types *t, const char *text)
{
	struct types_text block = {text, strlen(text)};
	enum iov_status status;

	w->text = text;
	status = types_block(t, &block);
	return status ? status : types_finish(t, &w->obj, same_address, NULL);
}

static void end(struct work *w)
{
	arena_free(&w->arena);
	sink_free(&w->sink);
}

/* Reading the text and printing what was read gives `expected`, and so does reading that once more. */
static void becomes(const char *text, const char *expected)
{
	struct iov_buf out = {0}, rest = {0};

	for (int round = 0; round < 2; round++) {
		struct work w;
		struct types *t = begin(&w);
		struct types_printer *p;
		const char *cannot;

		cr_assert_eq(read_text(&w, t, round ? expected : text), IOV_OK, "%s: %s", text,
			     w.sink.first ? w.sink.first->message : "");
		p = types_printer_new(w.obj.btf, &w.obj, false, &w.arena);
		types_print_block(p, &rest);
		out.len = 0;
		types_print_block(p, &out);
		cr_assert_eq(types_printed(p, &cannot), IOV_OK);
		cr_assert_str_eq(buf_cstr(&out), expected);
		end(&w);
	}
	buf_free(&rest);
	buf_free(&out);
}

Test(types, statements)
{
	becomes("int;", "\tint;\n");
	becomes("long unsigned int;", "\tunsigned long;\n");
	becomes("int *;", "\tint *;\n\tint;\n");
	becomes("int; int **;", "\tint;\n\tint **;\n\tint *;\n");
	becomes("int; const volatile int; int *const *;",
		"\tint;\n\tconst volatile int;\n\tint *const *;\n\tvolatile int;\n\tint *;\n\tint *const;\n");
	becomes("struct s; union u;", "\tstruct s;\n\tunion u;\n");
	becomes("typedef unsigned t; t a[2][3];",
		"\ttypedef unsigned int t;\n\tt a[2][3];\n\tunsigned int;\n\t__ARRAY_SIZE_TYPE__;\n\tt [3];\n"
		"\tt [2][3];\n");
	becomes("int; int f(int a, ...); static int g(void); extern int x;",
		"\tint;\n\tint f(int a, ...);\n\tstatic int g(void);\n\textern int x;\n");
	becomes("int; int (*)(int (*)[4], int);",
		"\tint;\n\tint (*)(int (*)[4], int);\n\t__ARRAY_SIZE_TYPE__;\n\tint [4];\n\tint (*)[4];\n"
		"\tint (int (*)[4], int);\n");
	becomes("int; __type_tag(\"user\") int *;",
		"\tint;\n\t__type_tag(\"user\") int *;\n\t__type_tag(\"user\") int;\n");
	becomes("float; __float(\"long double\", 16); __int(\"u7\", 1, unsigned, 7, 1); enum e;",
		"\tfloat;\n\t__float(\"long double\", 16);\n\t__int(u7, 1, unsigned, 7, 1);\n\tenum e;\n");
	becomes("int; int \"f.x\"; __datasec(\".ksyms\") { \"f.x\"; } __decl_tag(\"a\\\"b\", \"f.x\");",
		"\tint;\n\tint \"f.x\";\n\t__datasec(\".ksyms\") {\n\t\t\"f.x\";\n\t};\n\t__decl_tag(\"a\\\"b\", "
		"\"f.x\");\n");
}

Test(types, bodies)
{
	becomes("int; struct s { int a; char b; short c : 3, d : 14; };",
		"\tint;\n\tstruct s {\n\t\tint a;\n\t\tchar b;\n\t\tshort c : 3;\n\t\tshort d : 14;\n\t};\n\tchar;\n"
		"\tshort;\n");
	becomes("struct s { char a; long b; } __attribute__((packed)); char; long; struct t { struct s s; char c; };",
		"\tstruct s {\n\t\tchar a;\n\t\tlong b;\n\t} __attribute__((packed));\n\tchar;\n\tlong;\n\tstruct t {\n"
		"\t\tstruct s s;\n\t\tchar c;\n\t};\n");
	becomes("int; struct s { int a __at(8); int b; } __size(32);",
		"\tint;\n\tstruct s {\n\t\tint a __at(8);\n\t\tint b;\n\t} __size(32);\n");
	becomes("int; struct s { union { int a; struct { int b, c; }; }; };",
		"\tint;\n\tstruct s {\n\t\tunion {\n\t\t\tint a;\n\t\t\tstruct {\n\t\t\t\tint b;\n\t\t\t\tint "
		"c;\n\t\t\t};\n"
		"\t\t};\n\t};\n");
	becomes("struct s { struct @x { int a; } x; }; int; @x;",
		"\tstruct s {\n\t\tstruct @3 {\n\t\t\tint a;\n\t\t} x;\n\t};\n\tint;\n\t@3;\n");
	becomes("@1: struct { int a; }; int; struct s { @1 b, c; };",
		"\t@1: struct {\n\t\tint a;\n\t};\n\tint;\n\tstruct s {\n\t\t@1 b;\n\t\t@1 c;\n\t};\n");
	becomes("enum e { A, B = 4, C, D = -1 }; enum f { G = 4294967296 }; enum g { H } __signed __size(1);",
		"\tenum e {\n\t\tA,\n\t\tB = 4,\n\t\tC,\n\t\tD = -1,\n\t};\n\tenum64 f {\n\t\tG = 4294967296,\n\t};\n"
		"\tenum g {\n\t\tH,\n\t} __signed __size(1);\n");
	becomes("struct s { __u32 a; } ;",
		"\tstruct s {\n\t\t__u32 a;\n\t};\n\ttypedef unsigned int __u32;\n\tunsigned int;\n");
}

/* The first mistake, and how many there are. */
static void wrong(const char *text, unsigned line, unsigned col, const char *message, unsigned count)
{
	struct work w;
	struct types *t = begin(&w);

	cr_assert_eq(read_text(&w, t, text), IOV_DIAGNOSED, "%s", text);
	cr_assert_str_eq(w.sink.first->message, message);
	cr_assert_eq(w.sink.first->span.line, line, "%s: line %u", text, w.sink.first->span.line);
	cr_assert_eq(w.sink.first->span.col, col, "%s: column %u", text, w.sink.first->span.col);
	cr_assert_eq(w.sink.errors, count, "%s: %u errors", text, w.sink.errors);
	end(&w);
}

Test(types, mistakes)
{
	wrong("struct s { int a }; int;", 1, 18, "expected ; after a member, not }", 1);
	wrong("struct s { int a; };\nu33 x;", 2, 1, "u33 is not declared", 1);
	wrong("short long x; int @;", 1, 12, "these words together are no type", 2);
	wrong("int x = 4;", 1, 7, "expected ; after the declaration, not =", 1);
	wrong("struct s { struct s s; };", 1, 1, "s contains itself", 1);
	wrong("struct s { void v; struct t *p; struct t t; };", 1, 17, "member v has a type without a size", 2);
	wrong("struct s { float f : 3; char c : 9; };", 1, 18, "bit-field f of 3 bits does not fit its type", 2);
	wrong("@a: int *; @a: int; @b *;", 1, 16, "label @a names two types", 2);
	wrong("@b *;", 1, 2, "no type has the label @b", 1);
	wrong("@a: @b *; @b: @a *;", 1, 8, "this type refers to itself without a name in between", 1);
	wrong("int f(int;", 1, 10, "expected ) after the parameters, not ;", 1);
	wrong("char *s = \"abc", 1, 9, "expected ; after the declaration, not =", 1);
	wrong("/* no end", 1, 1, "this comment has no end", 1);
	wrong("__datasec(\".x\") { y; }", 1, 19, "y is no variable or function", 1);
	wrong("int a[99999999999];", 1, 7, "a number of elements is at most 4294967295", 1);
}
