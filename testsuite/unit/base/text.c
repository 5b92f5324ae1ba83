/* SPDX-License-Identifier: Apache-2.0 */
#include "asm/base/text.h"

#include <criterion/criterion.h>
#include <string.h>

struct row {
	const char *in, *want;
};

static const char *safe(struct iov_buf *b, const char *s)
{
	buf_free(b);
	text_safe(b, s, strlen(s));
	return buf_cstr(b);
}

Test(text, no_control_sequence_reaches_a_terminal)
{
	static const struct row table[] = {
		{"plain", "plain"},
		{"tab\tline\nreturn\r", "tab line return "},
		{"\033[31mred\a\x7f", "<U+001B>[31mred<U+0007><U+007F>"},
		{"C1 \xc2\x9b""31m", "C1 <U+009B>31m"},
		{"bidi \xe2\x80\xae x \xe2\x81\xa6", "bidi <U+202E> x <U+2066>"},
		{"line \xe2\x80\xa8 separator", "line <U+2028> separator"},
		{"caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac", "caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac"},
		{"lone \x80, lead \xc3", "lone <80>, lead <C3>"},
		{"over-long \xc0\xaf \xe0\x80\xaf", "over-long <C0><AF> <E0><80><AF>"},
		{"surrogate \xed\xa0\x80", "surrogate <ED><A0><80>"},
		{"beyond \xf4\x90\x80\x80 \xf5", "beyond <F4><90><80><80> <F5>"},
		{"tag \xf3\xa0\x81\x81", "tag <U+E0041>"},
	};
	struct iov_buf b = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		cr_expect_str_eq(safe(&b, table[i].in), table[i].want);
	buf_free(&b);
}

Test(text, the_width_is_what_is_shown)
{
	static const char samples[] = "a\x1b\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81\xff\xed";
	struct iov_buf b = {0};

	for (size_t i = 0; i + 1 < sizeof(samples);) {
		struct iov_char c = text_char(samples + i, sizeof(samples) - 1 - i);

		buf_free(&b);
		text_safe(&b, samples + i, c.len);
		cr_expect_eq(b.len, c.width, "at byte %zu: %s", i, buf_cstr(&b));
		i += c.len;
	}
	buf_free(&b);
	cr_expect_eq(text_char("\xe6\x97\xa5", 3).width, 2);
	cr_expect_eq(text_char("\xcc\x81", 2).width, 0);
}

Test(text, a_character_cut_short_is_no_character)
{
	cr_expect_not(text_char("\xe6\x97\xa5", 2).valid);
	cr_expect_eq(text_char("\xe6\x97\xa5", 2).len, 1);
}

Test(text, json_is_valid_whatever_the_bytes)
{
	static const struct row table[] = {
		{"a\"b\\c", "\"a\\\"b\\\\c\""},
		{"\b\f\n\r\t\x01\x1f", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\""},
		{"\xff\xc3", "\"\\ufffd\\ufffd\""},
		{"\xe2\x80\xae", "\"\\u202e\""},
		{"\xf0\x9f\x98\x80 \xc3\xa9", "\"\xf0\x9f\x98\x80 \xc3\xa9\""},
		{"", "\"\""},
		{NULL, "null"},
	};
	struct iov_buf b = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		buf_free(&b);
		text_json(&b, table[i].in);
		cr_expect_str_eq(buf_cstr(&b), table[i].want);
	}
	buf_free(&b);
}

Test(text, uris_are_percent_encoded)
{
	static const struct row table[] = {
		{"src/a.c", "src/a.c"},
		{"/a b/\xc3\xa9#?%.c", "file:///a%20b/%C3%A9%23%3F%25.c"},
		{"C:\\x", "C%3A%5Cx"},
	};
	struct iov_buf b = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		buf_free(&b);
		text_uri(&b, table[i].in);
		cr_expect_str_eq(buf_cstr(&b), table[i].want);
	}
	buf_free(&b);
}

Test(text, edit_distance)
{
	cr_expect_eq(text_distance("output", "output", 2), 0);
	cr_expect_eq(text_distance("outpt", "output", 2), 1);
	cr_expect_eq(text_distance("otuput", "output", 2), 2);
	cr_expect_eq(text_distance("", "ab", 2), 2);
	cr_expect_eq(text_distance("kitten", "sitting", 3), 3);
	cr_expect_eq(text_distance("completely", "different", 2), 3, "limit + 1");
	cr_expect_eq(text_distance("a-word-of-more-than-thirty-two-bytes", "a", 2), 3);
}
