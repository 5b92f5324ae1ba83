/* SPDX-License-Identifier: Apache-2.0 */
/* Allocator hook, arenas, buffers. */
#include "asm/base/arena.h"
#include "asm/base/buf.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Refuses everything after `left` requests, and keeps count of the bytes that are out. */
struct miser {
	int left;
	long out;
};

static void *miser_resize(void *ud, void *ptr, size_t old, size_t size)
{
	struct miser *m = ud;

	if (size && m->left-- <= 0)
		return NULL;
	m->out += (long)size - (ptr ? (long)old : 0);
	if (size)
		return realloc(ptr, size);
	free(ptr);
	return NULL;
}

Test(alloc, exit_codes_are_the_documented_ones)
{
	cr_expect_eq(iov_exit_code(IOV_OK), 0);
	cr_expect_eq(iov_exit_code(IOV_DIAGNOSED), 1);
	cr_expect_eq(iov_exit_code(IOV_NOMEM), 1);
	cr_expect_eq(iov_exit_code(IOV_USAGE), 2);
	cr_expect_eq(iov_exit_code(IOV_BUG), 70);
	cr_expect_eq(iov_exit_code((enum iov_status)99), 70);
}

Test(alloc, a_product_that_overflows_is_refused)
{
	cr_assert_null(alloc_zeroed(NULL, SIZE_MAX / 2, 3));
}

Test(alloc, zeroed_is_zeroed_and_nothing_is_still_a_pointer)
{
	char *p = alloc_zeroed(NULL, 3, 5), *none = alloc_zeroed(NULL, 0, 8);

	cr_assert_not_null(none);
	for (int i = 0; i < 15; i++)
		cr_assert_eq(p[i], 0);
	alloc_free(NULL, p, 15);
	alloc_free(NULL, none, 1);
	alloc_free(NULL, NULL, 7);
}

Test(arena, everything_is_aligned_zeroed_and_apart)
{
	struct iov_arena a = {0};
	uint8_t *last = NULL;

	for (size_t size = 0; size < 300; size++) {
		uint8_t *p = arena_alloc(&a, size);

		cr_assert_eq((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			cr_assert_eq(p[i], 0);
		memset(p, 0xff, size);
		cr_assert_neq(p, last);
		last = p;
	}
	arena_free(&a);
}

Test(arena, grows_an_array_and_keeps_what_is_in_it)
{
	struct iov_arena a = {0};
	uint32_t *array = NULL, *before;
	size_t room = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		cr_assert(arena_grow(&a, &array, i, &room, sizeof(*array)));
		cr_assert_gt(room, i);
		array[i] = i;
	}
	for (uint32_t i = 0; i < 1000; i++)
		cr_assert_eq(array[i], i);
	before = array;
	room = SIZE_MAX / 4;
	cr_expect_not(arena_grow(&a, &array, room, &room, sizeof(*array)), "more than there is");
	cr_expect_eq(array, before);
	cr_expect_null(arena_room(&a, SIZE_MAX / 2, 4));
	arena_free(&a);
}

Test(arena, gives_back_every_byte)
{
	struct miser m = {.left = 20000};
	struct iov_alloc alloc = {miser_resize, &m};
	struct iov_arena a;

	arena_init(&a, &alloc);
	for (int i = 0; i < 10000; i++)
		cr_assert_not_null(arena_alloc(&a, 333));
	cr_assert_not_null(arena_alloc(&a, 5 << 20), "more than the largest block");
	cr_assert_gt(m.out, 10000 * 333);
	cr_assert_eq((size_t)m.out, a.total);
	arena_free(&a);
	cr_assert_eq(m.out, 0);
	cr_assert_not_null(arena_alloc(&a, 1), "usable again");
	arena_free(&a);
	cr_assert_eq(m.out, 0);
}

Test(arena, refusal_is_null_and_leaves_the_arena_usable)
{
	struct miser m = {.left = 1};
	struct iov_alloc alloc = {miser_resize, &m};
	struct iov_arena a;

	arena_init(&a, &alloc);
	cr_assert_not_null(arena_alloc(&a, 16));
	cr_assert_null(arena_alloc(&a, 1 << 20));
	cr_assert_null(arena_alloc(&a, SIZE_MAX));
	cr_assert_null(arena_alloc(&a, SIZE_MAX - 8));
	cr_assert_null(arena_array(&a, SIZE_MAX / 4, 8));
	cr_assert_null(arena_copy(&a, "x", SIZE_MAX));
#ifndef IOV_ARENA_EACH
	cr_assert_not_null(arena_alloc(&a, 16), "what is left of the block still serves");
#endif
	arena_free(&a);
	cr_assert_eq(m.out, 0);
}

Test(arena, strings)
{
	struct iov_arena a = {0};

	cr_assert_null(arena_strdup(&a, NULL));
	cr_assert_str_eq(arena_strdup(&a, "abc"), "abc");
	cr_assert_str_eq(arena_copy(&a, "abcdef", 2), "ab");
	cr_assert_str_eq(arena_printf(&a, "%s-%d", "x", 42), "x-42");
	arena_free(&a);
}

Test(buf, grows_and_keeps_its_contents)
{
	struct iov_buf b = {0};

	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "%d,", i);
	cr_assert_not(b.failed);
	cr_assert(strstr(buf_cstr(&b), ",4998,4999,"));
	cr_assert_eq(strlen(buf_cstr(&b)), b.len);
	buf_free(&b);
	cr_assert_str_eq(buf_cstr(&b), "");
	buf_free(&b);
}

Test(buf, integers_in_both_byte_orders)
{
	static const uint8_t want[] = {2, 1, 1, 2, 4, 3, 2, 1, 1, 2, 3, 4, 8, 7, 6, 5, 4, 3, 2, 1};
	struct iov_buf b = {0};

	buf_u16(&b, 0x0102, false);
	buf_u16(&b, 0x0102, true);
	buf_u32(&b, 0x01020304, false);
	buf_u32(&b, 0x01020304, true);
	buf_u64(&b, 0x0102030405060708, false);
	cr_assert_eq(b.len, sizeof(want));
	cr_assert_arr_eq(b.data, want, sizeof(want));
	buf_align(&b, 16);
	cr_assert_eq(b.len, 32);
	buf_align(&b, 16);
	cr_assert_eq(b.len, 32);
	for (size_t i = sizeof(want); i < 32; i++)
		cr_assert_eq(b.data[i], 0);
	buf_free(&b);
}

Test(buf, failure_is_sticky_and_frees)
{
	struct miser m = {.left = 1};
	struct iov_alloc alloc = {miser_resize, &m};
	struct iov_buf b;

	buf_init(&b, &alloc);
	buf_put(&b, "1234", 4);
	cr_assert_not(b.failed);
	cr_assert_null(buf_grow(&b, 1000));
	cr_assert(b.failed);
	m.left = 10;
	buf_puts(&b, "more");
	cr_assert_eq(b.len, 4, "nothing is written behind a hole");
	cr_assert_null(buf_cstr(&b));
	buf_free(&b);
	cr_assert_eq(m.out, 0);
	cr_assert_null(buf_grow(&b, SIZE_MAX));
	buf_free(&b);
}
