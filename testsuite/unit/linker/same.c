/* SPDX-License-Identifier: Apache-2.0 */
/* Joining types of several inputs: what is the same becomes one, what differs anywhere below stays apart. */
#include "linker/same.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { U32 = 1, NODE, POINTER, WORD, COUNT };

struct fixture {
	struct iov_arena arena;
	struct iov_sink sink;
	struct iov_btf btf;
	struct same same;
};

/* struct node { u32 value; struct node *next; }, a pointer to it, and `word`, a name for u32. */
static struct iov_btf list(const char *value, struct iov_btf_type types[COUNT], struct iov_btf_member members[2])
{
	members[0] = (struct iov_btf_member){.name = value, .type = WORD};
	members[1] = (struct iov_btf_member){.name = "next", .type = POINTER, .bit_offset = 64};
	types[0] = (struct iov_btf_type){.name = "void"};
	types[U32] = (struct iov_btf_type){.name = "unsigned int", .kind = BTF_KIND_INT, .size = 4, .int_bits = 32};
	types[NODE] = (struct iov_btf_type){
		.name = "node", .kind = BTF_KIND_STRUCT, .size = 16, .members = members, .count = 2};
	types[POINTER] = (struct iov_btf_type){.name = "", .kind = BTF_KIND_PTR, .type = NODE};
	types[WORD] = (struct iov_btf_type){.name = "word", .kind = BTF_KIND_TYPEDEF, .type = U32};
	return (struct iov_btf){.types = types, .count = COUNT};
}

/* As a file of either byte order has it, at an address that words need not have. */
static struct iov_btf_raw *as_raw(struct fixture *f, const struct iov_btf *btf, bool big_endian)
{
	struct iov_btf_raw *raw = NULL;
	struct iov_buf out = {0};
	char *bytes;

	cr_assert_eq(btf_write(btf, NULL, big_endian, NULL, &out, NULL), IOV_OK);
	bytes = arena_alloc(&f->arena, out.len + 1);
	memcpy(bytes + big_endian, out.data, out.len);
	cr_assert_eq(btf_raw_read(bytes + big_endian, out.len, big_endian, "test", &f->arena, &f->sink, &raw), IOV_OK);
	buf_free(&out);
	return raw;
}

static void begin(struct fixture *f)
{
	*f = (struct fixture){0};
	sink_init(&f->sink, NULL);
	cr_assert_eq(same_begin(&f->same, &f->btf, 64, 64, &f->arena), IOV_OK);
}

static const uint32_t *join(struct fixture *f, const struct iov_btf_raw *raw)
{
	uint32_t *map = arena_array(&f->arena, raw->count, sizeof(*map));

	cr_assert_eq(same_join(&f->same, raw, map), IOV_OK);
	return map;
}

static void end(struct fixture *f)
{
	same_end(&f->same);
	sink_free(&f->sink);
	arena_free(&f->arena);
}

Test(same, equal_types_of_either_byte_order_are_one)
{
	struct iov_btf_type types[COUNT];
	struct iov_btf_member members[2];
	struct iov_btf btf = list("value", types, members);
	struct fixture f;
	const uint32_t *a, *b;

	begin(&f);
	a = join(&f, as_raw(&f, &btf, false));
	b = join(&f, as_raw(&f, &btf, true));
	cr_expect_eq(f.btf.count, (uint32_t)COUNT);
	for (uint32_t id = 1; id < COUNT; id++)
		cr_expect_eq(a[id], b[id]);
	cr_expect_eq(f.btf.types[f.btf.types[a[NODE]].members[1].type].type, a[NODE]);
	end(&f);
}

Test(same, a_difference_below_keeps_all_that_reach_it_apart)
{
	struct iov_btf_type types[COUNT], others[COUNT];
	struct iov_btf_member members[2], other[2];
	struct iov_btf btf = list("value", types, members), second = list("number", others, other);
	struct fixture f;
	const uint32_t *a, *b;

	begin(&f);
	a = join(&f, as_raw(&f, &btf, false));
	b = join(&f, as_raw(&f, &second, false));
	cr_expect_eq(a[U32], b[U32]);
	cr_expect_eq(a[WORD], b[WORD]);
	cr_expect_neq(a[NODE], b[NODE]);
	cr_expect_neq(a[POINTER], b[POINTER]);
	cr_expect_str_eq(f.btf.types[b[NODE]].members[0].name, "number");
	cr_expect_eq(f.btf.types[b[POINTER]].type, b[NODE]);
	end(&f);
}

Test(same, a_size_that_the_hash_does_not_see_keeps_them_apart)
{
	struct iov_btf_type types[COUNT], others[COUNT];
	struct iov_btf_member members[2], other[2];
	struct iov_btf btf = list("value", types, members), second = list("value", others, other);
	struct fixture f;
	const uint32_t *a, *b;

	other[1].bit_offset = 32;
	begin(&f);
	a = join(&f, as_raw(&f, &btf, false));
	b = join(&f, as_raw(&f, &second, false));
	cr_expect_neq(a[NODE], b[NODE]);
	cr_expect_eq(f.btf.types[a[NODE]].members[1].bit_offset, 64u);
	cr_expect_eq(f.btf.types[b[NODE]].members[1].bit_offset, 32u);
	end(&f);
}

Test(same, functions_and_variables_are_never_one)
{
	struct iov_btf_type types[] = {
		{.name = "void"},
		{.name = "", .kind = BTF_KIND_FUNC_PROTO},
		{.name = "f", .kind = BTF_KIND_FUNC, .type = 1, .linkage = BTF_FUNC_STATIC},
	};
	struct iov_btf btf = {.types = types, .count = 3};
	struct fixture f;
	const uint32_t *a, *b;

	begin(&f);
	a = join(&f, as_raw(&f, &btf, false));
	b = join(&f, as_raw(&f, &btf, false));
	cr_expect_eq(a[1], b[1]);
	cr_expect_neq(a[2], b[2]);
	end(&f);
}

/* Structs of one name that differ in their last member alone: comparing in vain stops, joining does not. */
Test(same, many_that_are_almost_the_same_end)
{
	enum { MANY = 2000 };
	struct iov_btf_type types[3] = {{.name = "void"},
					{.name = "int", .kind = BTF_KIND_INT, .size = 4, .int_bits = 32},
					{.name = "s", .kind = BTF_KIND_STRUCT, .size = 8, .count = 2}};
	struct iov_btf btf = {.types = types, .count = 3};
	struct fixture f;

	begin(&f);
	for (uint32_t i = 0; i < MANY; i++) {
		char name[16];
		struct iov_btf_member members[2] = {{.name = "a", .type = 1},
						    {.name = name, .type = 1, .bit_offset = 32}};

		snprintf(name, sizeof(name), "b%u", i);
		types[2].members = members;
		join(&f, as_raw(&f, &btf, false));
	}
	cr_expect_eq(f.btf.count, 2u + MANY);
	end(&f);
}
