/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/cursor.h"

#include <criterion/criterion.h>

static struct iov_cursor over(const void *data, size_t len)
{
	struct iov_cursor c;

	cursor_init(&c, data, len, false);
	return c;
}

Test(cursor, reads_integers_in_both_byte_orders)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct iov_cursor c = over(bytes, sizeof(bytes));

	cr_assert_eq(cursor_u64(&c), 0x0807060504030201);
	cursor_seek(&c, 0);
	c.big_endian = true;
	cr_assert_eq(cursor_u16(&c), 0x0102);
	cr_assert_eq(cursor_u32(&c), 0x03040506);
	cr_assert_eq(cursor_left(&c), 2);
	cr_assert_not(c.bad);
}

Test(cursor, a_read_past_the_end_gives_zero_and_stays_bad)
{
	struct iov_cursor c = over("\xff\xff\xff", 3);

	cr_assert_eq(cursor_u32(&c), 0);
	cr_assert(c.bad);
	cr_assert_eq(cursor_u8(&c), 0, "nothing is read after a failure");
	cursor_seek(&c, 0);
	cr_assert(c.bad, "seeking back does not forgive");
}

Test(cursor, bytes_never_wraps_around)
{
	struct iov_cursor c = over("abcd", 4);

	cr_assert_null(cursor_bytes(&c, SIZE_MAX));
	cr_assert(c.bad);
}

Test(cursor, strings_need_their_nul)
{
	struct iov_cursor c = over("ab\0cd", 5);

	cr_assert_str_eq(cursor_str(&c), "ab");
	cr_assert_null(cursor_str(&c));
	cr_assert(c.bad);
}

Test(cursor, a_part_cannot_read_its_neighbour)
{
	struct iov_cursor c = over("abcd", 4), sub = cursor_sub(&c, 2);

	cr_assert_eq(cursor_u16(&sub), 'a' | 'b' << 8);
	cr_assert_eq(cursor_u8(&sub), 0);
	cr_assert(sub.bad);
	cr_assert_eq(cursor_u8(&c), 'c');
	sub = cursor_sub(&c, 2);
	cr_assert(sub.bad && c.bad);
	cr_assert_eq(cursor_u8(&sub), 0);
}

struct leb {
	const char *bytes;
	size_t len;
	uint64_t value;
	bool bad;
};

Test(cursor, unsigned_leb128)
{
	static const struct leb table[] = {
		{"\x00", 1, 0, false},
		{"\x7f", 1, 127, false},
		{"\xe5\x8e\x26", 3, 624485, false},
		{"\x80\x00", 2, 0, false}, /* padded */
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, UINT64_MAX, false},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 12, 0, false},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, 0, true}, /* bit 64 */
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11, 0, true},
		{"\x80\x80", 2, 0, true}, /* truncated */
		{"", 0, 0, true},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct iov_cursor c = over(table[i].bytes, table[i].len);

		cr_expect_eq(cursor_uleb(&c), table[i].value, "row %zu", i);
		cr_expect_eq(c.bad, table[i].bad, "row %zu", i);
	}
}

Test(cursor, signed_leb128)
{
	static const struct leb table[] = {
		{"\x00", 1, 0, false},
		{"\x7f", 1, (uint64_t)-1, false},
		{"\x40", 1, (uint64_t)-64, false},
		{"\x9b\xf1\x59", 3, (uint64_t)-624485, false},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 10, (uint64_t)INT64_MIN, false},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", 10, INT64_MAX, false},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, 0, true}, /* 2^64 - 1 does not fit */
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, 0, true},
		{"\xff", 1, 0, true},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct iov_cursor c = over(table[i].bytes, table[i].len);

		cr_expect_eq(cursor_sleb(&c), (int64_t)table[i].value, "row %zu", i);
		cr_expect_eq(c.bad, table[i].bad, "row %zu", i);
	}
}
