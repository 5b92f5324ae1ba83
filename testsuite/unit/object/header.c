/* SPDX-License-Identifier: Apache-2.0 */
/* BTF as a C header: layouts that C would not choose by itself, names that clash, and types that no compiler writes.
 * testsuite/diff/vmlinux holds whole kernels to it. */
#include "linker/object/btf_header.h"

#include <criterion/criterion.h>

#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

static struct iov_arena arena;
static struct iov_sink sink;

static const char *header(struct iov_btf_type *types, uint32_t count, enum iov_status expected)
{
	struct iov_btf btf = {.types = types, .count = count};
	struct iov_buf out = {0};
	const char *text;

	sink_init(&sink, NULL);
	cr_assert_eq(btf_header(&btf, &arena, &sink, &out), expected);
	text = arena_strdup(&arena, buf_cstr(&out));
	buf_free(&out);
	return text;
}

#define HAS(out, text) cr_expect_not_null(strstr((out), (text)), "%s", (out))
#define INTEGER(n, s) {.name = (n), .kind = BTF_KIND_INT, .size = (s), .int_bits = 8 * (s)}
#define STRUCT(n, s, m)                                                                                                \
	{.name = (n), .kind = BTF_KIND_STRUCT, .size = (s), .members = (m), .count = sizeof(m) / sizeof(*(m))}

Test(header, packed_and_padded)
{
	struct iov_btf_member tight[] = {{.name = "a", .type = 1}, {.name = "b", .type = 2, .bit_offset = 8}};
	struct iov_btf_member wide[] = {{.name = "a", .type = 1}, {.name = "b", .type = 2, .bit_offset = 128}};
	struct iov_btf_type types[] = {{.name = ""}, INTEGER("char", 1), INTEGER("int", 4), STRUCT("tight", 5, tight),
				       STRUCT("wide", 64, wide)};
	const char *out = header(types, 5, IOV_OK);

	HAS(out, "struct tight {\n\tchar a;\n\tint b;\n} __attribute__((packed));");
	HAS(out, "struct wide {\n\tchar a;\n\tlong: 56;\n\tlong: 64;\n\tint b;\n\tlong: 32;\n\tlong: 64;");
}

Test(header, bit_fields)
{
	struct iov_btf_member bits[] = {{.name = "a", .type = 1, .bit_size = 3},
					{.name = "b", .type = 1, .bit_offset = 10, .bit_size = 5}};
	struct iov_btf_type types[] = {{.name = ""}, INTEGER("int", 4), STRUCT("bits", 4, bits)};

	types[2].flag = true;
	HAS(header(types, 3, IOV_OK), "\tint a: 3;\n\tlong: 7;\n\tint b: 5;\n};");
}

Test(header, two_of_a_name)
{
	struct iov_btf_member one[] = {{.name = "x", .type = 1}}, other[] = {{.name = "y", .type = 1}};
	struct iov_btf_type types[] = {{.name = ""}, INTEGER("int", 4), STRUCT("s", 4, one), STRUCT("s", 4, other)};
	const char *out = header(types, 4, IOV_OK);

	HAS(out, "struct s {\n\tint x;");
	HAS(out, "struct s___2 {\n\tint y;");
}

Test(header, pointers_are_declared_first)
{
	struct iov_btf_member a[] = {{.name = "b", .type = 2}};
	struct iov_btf_member b[] = {{.name = "a", .type = 3}};
	struct iov_btf_type types[] = {{.name = ""}, STRUCT("a", 8, a), {.name = "", .kind = BTF_KIND_PTR, .type = 4},
				       {.name = "a_t", .kind = BTF_KIND_TYPEDEF, .type = 1}, STRUCT("b", 8, b)};
	const char *out = header(types, 5, IOV_OK);

	HAS(out, "struct b;\n\nstruct a {\n\tstruct b *b;\n};");
	cr_expect_lt(strstr(out, "typedef struct a a_t;"), strstr(out, "struct b {"));
}

Test(header, nothing_but_identifiers)
{
	struct iov_btf_member evil[] = {{.name = "x; }; int main(void) {", .type = 1}};
	struct iov_btf_type types[] = {{.name = ""}, INTEGER("int", 4), STRUCT("a b\n#include <x>", 4, evil)};
	const char *out = header(types, 3, IOV_OK);

	HAS(out, "struct a_b__include__x_ {\n\tint x_____int_main_void___;");
}

Test(header, a_chain_without_an_end)
{
	enum { COUNT = 6001 };
	struct iov_btf_type *types = calloc(COUNT, sizeof(*types));

	types[0].name = "";
	for (uint32_t i = 1; i < COUNT; i++)
		types[i] = (struct iov_btf_type){.name = "", .kind = BTF_KIND_PTR, .type = (i + 1) % COUNT};
	for (uint32_t i = 1; i < COUNT; i += 2)
		types[i] = (struct iov_btf_type){.name = "t", .kind = BTF_KIND_TYPEDEF, .type = (i + 1) % COUNT};
	header(types, COUNT, IOV_DIAGNOSED);
	cr_expect_eq(sink.first->id, DIAG_BTF_HEADER);
	free(types);
}

Test(header, unnamed_within_itself)
{
	struct iov_btf_member m[] = {{.name = "p", .type = 2}};
	struct iov_btf_type types[] = {{.name = ""}, STRUCT("", 8, m), {.name = "", .kind = BTF_KIND_PTR, .type = 1},
				       {.name = "t", .kind = BTF_KIND_TYPEDEF, .type = 1}};

	header(types, 4, IOV_DIAGNOSED);
}

/* Thirty unnamed structs, each twice in the next: 2^30 lines. */
Test(header, unnamed_shared)
{
	enum { DEPTH = 30 };
	struct iov_btf_member m[DEPTH][2];
	struct iov_btf_type types[DEPTH + 2] = {{.name = ""}};

	for (uint32_t i = 0; i < DEPTH; i++) {
		m[i][0] = (struct iov_btf_member){.name = "a", .type = i};
		m[i][1] = (struct iov_btf_member){.name = "b", .type = i};
		types[i + 1] = (struct iov_btf_type){.name = "", .kind = BTF_KIND_UNION, .members = m[i], .count = 2};
	}
	types[1] = (struct iov_btf_type)INTEGER("int", 4);
	types[DEPTH + 1] = (struct iov_btf_type){.name = "t", .kind = BTF_KIND_TYPEDEF, .type = DEPTH};
	header(types, DEPTH + 2, IOV_DIAGNOSED);
}
