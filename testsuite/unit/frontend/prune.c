/* SPDX-License-Identifier: Apache-2.0 */
/* vmlinux.h cut down: what is reached stays, by which way, and in which form. */
#include "frontend/prune.h"

#include <criterion/criterion.h>

#include <string.h>

static struct iov_arena arena;

/* `declarations` between bpftool's first lines and enough others; what stays of it when the source is `source`. */
static const char *prune(const char *declarations, const char *source)
{
	struct mentions m = {.words = {.arena = &arena}};
	struct iov_buf text = {0};
	const char *out, *tag = "";
	struct decls index;
	struct c_reader r;
	size_t len;

	buf_puts(&text, "#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n\n");
	buf_puts(&text, declarations);
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "struct other%d {\n\tint first%d;\n};\n\n", i, i);
	buf_puts(&text, "#endif\n");
	c_reader_init(&r, source, strlen(source));
	for (struct c_word w = c_next(&r); w.kind; w = c_next(&r)) {
		if (w.kind == 'a')
			words_add(&m.words, w.start, w.len)->flags |= WORD_NAMED | (*tag ? WORD_TAG : 0);
		tag = c_is(&w, "struct") || c_is(&w, "union") || c_is(&w, "enum") ? "tag" : "";
	}
	cr_assert(decls_make((const char *)text.data, text.len, &arena, &index));
	out = prune_text(&m, &index, &arena, &len);
	cr_assert_not_null(out);
	cr_expect_eq(strlen(out), len);
	cr_expect_null(strstr(out, "other"), "%s", out);
	return out;
}

#define HAS(out, text) cr_expect_not_null(strstr((out), (text)), "%s", (out))
#define LACKS(out, text) cr_expect_null(strstr((out), (text)), "%s", (out))

Test(prune, by_value)
{
	const char *out =
		prune("struct inner {\n\tint a;\n};\n\nstruct outer {\n\tstruct inner in;\n};\n", "struct outer o;");

	HAS(out, "struct inner {\n\tint a;\n};");
	HAS(out, "struct outer {");
}

Test(prune, pointer_without_a_member_is_declared_only)
{
	const char *out =
		prune("struct far {\n\tint deep;\n};\n\nstruct near {\n\tstruct far *p;\n};\n", "struct near n;");

	HAS(out, "struct far;");
	LACKS(out, "deep");
}

Test(prune, pointer_whose_member_is_named)
{
	const char *out = prune("struct far {\n\tint deep;\n};\n\nstruct near {\n\tstruct far *p;\n};\n",
				"int f(struct near *n) { return n->p->deep; }");

	HAS(out, "int deep;");
}

/* A parameter's type is a name that every source has; it is no member. */
Test(prune, types_are_no_members)
{
	const char *out = prune("typedef unsigned int u32;\n\nstruct ops {\n\tvoid (*call)(u32);\n};\n\n"
				"struct near {\n\tstruct ops *p;\n};\n",
				"u32 f(struct near *n);");

	HAS(out, "typedef unsigned int u32;");
	LACKS(out, "call");
}

Test(prune, typedefs_lead_on)
{
	const char *out = prune(
		"struct spin {\n\tint raw;\n};\n\ntypedef struct spin spin_t;\n\ntypedef int (*fn_t)(spin_t *);\n\n"
		"typedef int plain_fn(int);\n\ntypedef char name_t[16];\n",
		"fn_t f; plain_fn g; name_t n;");

	HAS(out, "int raw;");
	HAS(out, "typedef struct spin spin_t;");
	HAS(out, "(*fn_t)");
	HAS(out, "plain_fn");
	HAS(out, "name_t[16]");
}

Test(prune, enumerators)
{
	const char *out = prune(
		"enum {\n\tA_ONE = 1,\n\tA_TWO = 2,\n};\n\nenum b {\n\tB_ONE = 1,\n};\n\nenum c {\n\tC_ONE = 1,\n};\n",
		"int x = A_TWO; enum c *c;");

	HAS(out, "A_ONE = 1");
	HAS(out, "C_ONE");
	LACKS(out, "B_ONE");
}

Test(prune, functions)
{
	const char *out =
		prune("struct ctx {\n\tint z;\n};\n\nextern int kfunc(struct ctx *c) __attribute__((weak));\n\n"
		      "extern int unused(void);\n",
		      "int f(void) { return kfunc(0); }");

	HAS(out, "extern int kfunc");
	HAS(out, "struct ctx;");
	LACKS(out, "unused");
}

Test(prune, lines_are_those_of_the_file)
{
	const char *out = prune("struct a {\n\tint x;\n};\n\nstruct b {\n\tint y;\n};\n\nstruct c {\n\tint z;\n};\n",
				"struct a a; struct c c;");

	HAS(out, "#line 4\nstruct a {");
	HAS(out, "#line 12\nstruct c {");
}

Test(prune, directives_stay)
{
	const char *out =
		prune("#ifndef NO\n#pragma clang attribute push (__attribute__((x)), apply_to = record)\n#endif\n", "");

	HAS(out, "#ifndef NO\n#pragma clang attribute push (__attribute__((x)), apply_to = record)\n#endif\n");
}

Test(prune, short_and_foreign_texts_are_left_alone)
{
	char *large = arena_alloc(&arena, 1 << 20);

	memset(large, ' ', 1 << 20);
	cr_expect_not(prune_is_vmlinux("#ifndef __VMLINUX_H__\n", 22));
	cr_expect_not(prune_is_vmlinux(large, 1 << 20));
}

Test(words, comments_literals_and_continued_lines)
{
	static const char text[] = "a /* b\nc */ 'd' \"e\\\"f\" // g\n#define h \\\n i\n 0x1f j\\\nk #l";
	static const char *const words[] = {"a", "'d'", "\"e\\\"f\"", "#define h \\\n i", "0x1f", "j", "k", "#", "l"};
	static const uint32_t lines[] = {1, 2, 2, 3, 5, 5, 6, 6, 6};
	struct c_reader r;

	c_reader_init(&r, text, sizeof(text) - 1);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct c_word w = c_next(&r);

		cr_expect(w.len == strlen(words[i]) && !memcmp(w.start, words[i], w.len), "%zu: %.*s", i, (int)w.len,
			  w.start);
		cr_expect_eq(w.line, lines[i], "%s: %u", words[i], w.line);
	}
	cr_expect_eq(c_next(&r).kind, 0);
}

/* Any text ends, whatever is open at its end. */
Test(words, ends)
{
	static const char *const texts[] = {"/*", "/* *", "//",           "\"",  "\"\\", "'",
					    "\\", "#",    "#define x \\", "a\\", "/"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct c_reader r;
		int n = 0;

		c_reader_init(&r, texts[i], strlen(texts[i]));
		while (c_next(&r).kind)
			cr_assert_lt(n++, 10, "%s", texts[i]);
	}
}

/* What the cache holds is not trusted: numbers that lead nowhere give no text, never a fault. */
Test(prune, numbers_of_a_foreign_file_are_checked)
{
	static const char declarations[] = "struct far {\n\tint deep;\n};\n\nstruct near {\n\tstruct far in;\n};\n";
	struct mentions m = {.words = {.arena = &arena}};
	struct decls index, hostile;
	uint64_t *bytes;
	struct iov_buf file = {0};
	size_t len, words;

	words_add(&m.words, "near", 4)->flags = WORD_NAMED | WORD_TAG;
	cr_assert(decls_make(declarations, strlen(declarations), &arena, &index));
	decls_write(&index, &file);
	cr_assert_not(file.failed);
	words = file.len / sizeof(uint32_t);
	bytes = arena_alloc(&arena, file.len);
	memcpy(bytes, file.data, file.len);
	cr_assert(decls_read(bytes, file.len, declarations, strlen(declarations), &hostile));
	for (size_t i = 56 / sizeof(uint32_t); i < words; i++) {
		for (uint32_t evil = 0; evil < 3; evil++) {
			memcpy(bytes, file.data, file.len);
			((uint32_t *)bytes)[i] = evil == 2 ? UINT32_MAX : 0x7fffffff + evil;
			cr_expect_not(decls_read(bytes, file.len, declarations, strlen(declarations), &hostile));
			hostile = index;
			hostile.chunks = (const void *)((const char *)bytes + 56);
			hostile.names = (const void *)(hostile.chunks + index.chunk_count + 1);
			hostile.slots = (const void *)(hostile.names + index.name_count);
			hostile.refs = hostile.slots + index.slot_count;
			hostile.members = hostile.refs + index.ref_count;
			prune_text(&m, &hostile, &arena, &len);
		}
	}
	buf_free(&file);
}
