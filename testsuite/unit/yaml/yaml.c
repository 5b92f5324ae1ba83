/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader: what it takes, what it refuses and where it says so, and that hostile input costs little. */
#include "asm/yaml/yaml.h"

#include <criterion/criterion.h>
#include <string.h>

static struct iov_arena arena;
static struct iov_sink sink;

static void setup(void)
{
	arena_init(&arena, NULL);
	sink_init(&sink, NULL);
}

static void teardown(void)
{
	arena_free(&arena);
	sink_free(&sink);
}

TestSuite(yaml, .init = setup, .fini = teardown, .timeout = 60);

static const struct iov_yaml *read_len(const char *text, size_t len)
{
	const struct iov_yaml *root = NULL;
	uint32_t before = sink.errors;
	enum iov_status status = yml_read(text, len, "t.yaml", &arena, &sink, &root);

	cr_assert(status == IOV_OK || status == IOV_DIAGNOSED);
	cr_assert_eq(status == IOV_DIAGNOSED, sink.errors > before);
	return status == IOV_OK ? root : NULL;
}

static const struct iov_yaml *read(const char *text)
{
	return read_len(text, strlen(text));
}

Test(yaml, tree)
{
	const struct iov_yaml *root = read("name: linux\nlimits:\n  stack: 512\nhelpers: [a, 'b', {c: d}]\nnothing:\n");
	const struct iov_yaml *helpers = yml_get(root, "helpers");

	cr_assert(root);
	cr_assert_eq(root->count, 4u);
	cr_assert_str_eq(root->keys[0]->text, "name");
	cr_assert_str_eq(yml_get(yml_get(root, "limits"), "stack")->text, "512");
	cr_assert_eq(helpers->count, 3u);
	cr_assert(!helpers->items[0]->quoted);
	cr_assert(helpers->items[1]->quoted);
	cr_assert_str_eq(yml_get(helpers->items[2], "c")->text, "d");
	cr_assert_eq(yml_get(root, "nothing")->kind, IOV_YAML_NULL);
	cr_assert_null(yml_get(root, "absent"));
	cr_assert_null(yml_get(helpers, "a"));
	cr_assert_null(yml_get(NULL, "a"));
}

Test(yaml, json_is_taken)
{
	const struct iov_yaml *root = read("{\"a\": [1, 2, {\"b\": null}], \"c\": true}\n");
	bool c = false;

	cr_assert(root);
	cr_assert_eq(yml_get(yml_get(root, "a")->items[2], "b")->kind, IOV_YAML_NULL);
	cr_assert(yml_bool(yml_get(root, "c"), "c", &sink, &c));
	cr_assert(c);
}

Test(yaml, positions_count_bytes_from_one)
{
	const struct iov_yaml *root = read("# comment\nä: {\"öö\": x}\r\nlist:\n  - one\n  - two\n");
	const struct iov_yaml *x = yml_get(yml_get(root, "ä"), "öö"), *two = yml_get(root, "list")->items[1];

	cr_assert_eq(x->where.line, 2u);
	cr_assert_eq(x->where.col, 14u);
	cr_assert_eq(x->where.len, 1u);
	cr_assert_eq(two->where.line, 5u);
	cr_assert_eq(two->where.col, 5u);
	cr_assert_str_eq(two->where.file, "t.yaml");
}

static void refuses_len(const char *text, size_t len, enum iov_diag_id id, uint32_t line, uint32_t col)
{
	cr_expect_null(read_len(text, len), "%s", text);
	cr_assert(sink.first, "%s", text);
	cr_expect_eq(sink.first->id, id, "'%s': %s %s", text, diag_code(sink.first->id), sink.first->message);
	cr_expect_eq(sink.first->span.line, line, "'%s': line %u", text, sink.first->span.line);
	cr_expect_eq(sink.first->span.col, col, "'%s': column %u", text, sink.first->span.col);
	sink_free(&sink);
}

static void refuses(const char *text, enum iov_diag_id id, uint32_t line, uint32_t col)
{
	refuses_len(text, strlen(text), id, line, col);
}

Test(yaml, refused)
{
	refuses("", DIAG_YAML_SYNTAX, 1, 1);
	refuses("# nothing\n", DIAG_YAML_SYNTAX, 2, 1);
	refuses("a: &x 1\n", DIAG_YAML_FORBIDDEN, 1, 4);
	refuses("a: *x\n", DIAG_YAML_FORBIDDEN, 1, 4);
	refuses("*x : 1\n", DIAG_YAML_FORBIDDEN, 1, 1);
	refuses("a: !!int 1\n", DIAG_YAML_FORBIDDEN, 1, 4);
	refuses("a: !!map {}\n", DIAG_YAML_FORBIDDEN, 1, 4);
	refuses("b: 1\n<<: {a: 1}\n", DIAG_YAML_FORBIDDEN, 2, 1);
	refuses("? [a]\n: 1\n", DIAG_YAML_FORBIDDEN, 1, 3);
	refuses("~: 1\n", DIAG_YAML_FORBIDDEN, 1, 1);
	refuses("%YAML 1.1\n---\na: 1\n", DIAG_YAML_FORBIDDEN, 1, 1);
	refuses("a: 1\n---\nb: 2\n", DIAG_YAML_FORBIDDEN, 2, 1);
	refuses("a: 1\nb: 2\na: 3\n", DIAG_YAML_DUPLICATE, 3, 1);
	refuses("{a: 1, 'a': 2}", DIAG_YAML_DUPLICATE, 1, 8);
	refuses("a: b: c\n", DIAG_YAML_SYNTAX, 1, 5);
	refuses("a: [1, 2\n", DIAG_YAML_SYNTAX, 2, 1);
	refuses("a:\n\t- 1\n", DIAG_YAML_SYNTAX, 2, 1);
	refuses("a: \x01\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: x\ry\n", DIAG_YAML_CHARACTER, 1, 5);
	refuses("a: \x7f\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: \xc2\x85\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: \xe2\x80\xa8\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("\xef\xbb\xbf""a: 1\n", DIAG_YAML_CHARACTER, 1, 1);
	refuses("a: \xff\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: \xc0\x80\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: \xed\xa0\x80\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: \xf4\x90\x80\x80\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: \xe2\x80", DIAG_YAML_CHARACTER, 1, 4);
	refuses("a: \"\\0\"\n", DIAG_YAML_CHARACTER, 1, 4);
	refuses_len("a: 1\0b", 6, DIAG_YAML_CHARACTER, 1, 5);
	refuses_len("a: 1\r", 5, DIAG_YAML_CHARACTER, 1, 5);
}

Test(yaml, depth_is_limited)
{
	char text[4096];

	memset(text, '[', sizeof(text));
	refuses_len(text, sizeof(text), DIAG_YAML_LIMIT, 1, YML_MAX_DEPTH + 1);
	for (int i = 0; i < YML_MAX_DEPTH; i++)
		text[YML_MAX_DEPTH + i] = ']';
	cr_assert(read_len(text, 2 * YML_MAX_DEPTH));
}

/* 8 MiB in one line, all nodes; and many keys: both must stay linear or the suite's timeout ends the test. */
Test(yaml, large_input_stays_cheap)
{
	struct iov_buf text = {0};

	buf_putc(&text, '[');
	while (text.len < YML_MAX_BYTES / 4)
		buf_puts(&text, "1,");
	buf_putc(&text, ']');
	cr_assert(read_len((char *)text.data, text.len));
	text.len = 0;
	for (int i = 0; i < 60000; i++)
		buf_printf(&text, "key%d: %d\n", (i * 7919) % 60000, i);
	cr_assert_eq(read_len((char *)text.data, text.len)->count, 60000u);
	buf_free(&text);
	text = (struct iov_buf){0};
	memset(buf_grow(&text, YML_MAX_BYTES + 1), ' ', YML_MAX_BYTES + 1);
	refuses_len((char *)text.data, text.len, DIAG_YAML_LIMIT, 1, 1);
	buf_free(&text);
}

static const struct iov_yaml *scalar(const char *text)
{
	const struct iov_yaml *root = read(text);

	cr_assert(root, "%s", text);
	return root;
}

Test(yaml, numbers)
{
	uint64_t u = 0;
	int64_t i = 0;

	cr_expect(yml_uint(scalar("512"), "n", 0, 1000, &sink, &u) && u == 512);
	cr_expect(yml_uint(scalar("0x200"), "n", 0, 1000, &sink, &u) && u == 512);
	cr_expect(yml_uint(scalar("18446744073709551615"), "n", 0, UINT64_MAX, &sink, &u) && u == UINT64_MAX);
	cr_expect(yml_int(scalar("-9223372036854775808"), "n", INT64_MIN, INT64_MAX, &sink, &i) && i == INT64_MIN);
	cr_expect(yml_int(scalar("-0"), "n", INT64_MIN, INT64_MAX, &sink, &i) && i == 0);
	cr_expect_eq(sink.errors, 0u);
	cr_expect(!yml_uint(scalar("18446744073709551616"), "n", 0, UINT64_MAX, &sink, &u));
	cr_expect(!yml_uint(scalar("1001"), "n", 0, 1000, &sink, &u));
	cr_expect(!yml_uint(scalar("-1"), "n", 0, 1000, &sink, &u));
	cr_expect(!yml_uint(scalar("'5'"), "n", 0, 1000, &sink, &u), "quoted");
	cr_expect(!yml_uint(scalar("1_000"), "n", 0, 1000, &sink, &u));
	cr_expect(!yml_uint(scalar("0x"), "n", 0, 1000, &sink, &u));
	cr_expect(!yml_uint(scalar("5 6"), "n", 0, 1000, &sink, &u));
	cr_expect(!yml_int(scalar("9223372036854775808"), "n", INT64_MIN, INT64_MAX, &sink, &i));
	cr_expect(!yml_uint(scalar("[1]"), "n", 0, 1000, &sink, &u));
	cr_expect_eq(sink.errors, 9u);
	cr_expect_eq(sink.first->id, DIAG_YAML_TYPE);
	cr_expect_eq(sink.first->next->id, DIAG_YAML_RANGE);
}

Test(yaml, booleans_and_strings)
{
	const char *s = NULL;
	bool b = true;

	cr_expect(yml_bool(scalar("false"), "b", &sink, &b) && !b);
	cr_expect(yml_string(scalar("no"), "s", &sink, &s) && !strcmp(s, "no"));
	cr_expect(!yml_bool(scalar("no"), "b", &sink, &b));
	cr_expect(!yml_bool(scalar("'true'"), "b", &sink, &b));
	cr_expect(!yml_string(scalar("[a]"), "s", &sink, &s));
	cr_expect(!yml_string(scalar("~"), "s", &sink, &s));
	cr_expect_eq(sink.errors, 4u);
}

Test(yaml, words_and_keys_are_suggested)
{
	static const char *const words[] = {"subprograms", "tail_calls", "callbacks", NULL};
	uint32_t index = 9, bits = 0;

	cr_expect(yml_choice(scalar("tail_calls"), "a rule", words, &sink, &index) && index == 1);
	cr_expect(yml_flags(scalar("[callbacks, subprograms]"), "a rule", words, &sink, &bits) && bits == 5);
	cr_expect_eq(sink.errors, 0u);
	cr_expect(!yml_flags(scalar("[calbacks]"), "a rule", words, &sink, &bits));
	cr_expect_str_eq(sink.first->notes->text, "did you mean 'callbacks'?");
	cr_expect(!yml_only_keys(scalar("{tail_cals: 1, xyz: 2, callbacks: 3}"), words, &sink));
	cr_expect_eq(sink.errors, 3u);
	cr_expect_str_eq(sink.first->next->notes->text, "did you mean 'tail_calls'?");
	cr_expect_null(sink.first->next->next->notes, "xyz is near nothing");
	cr_expect_null(yml_require(scalar("{a: 1}"), "b", &sink));
	cr_expect_eq(sink.errors, 4u);
}

/* Every allocation of ours may be refused. libyaml's own are the C library's. */
static void *refuse(void *ud, void *ptr, size_t old, size_t size)
{
	long *left = ud;

	if (size && (*left)-- <= 0)
		return NULL;
	return alloc_libc()->resize(alloc_libc()->ud, ptr, old, size);
}

Test(yaml, out_of_memory_is_reported)
{
	long left;
	struct iov_alloc alloc = {refuse, &left};
	enum iov_status status = IOV_NOMEM;

	for (long n = 0; status != IOV_OK; n++) {
		const struct iov_yaml *root = NULL;
		struct iov_arena a;

		cr_assert_lt(n, 100);
		left = n;
		arena_init(&a, &alloc);
		status = yml_read("a: [1, {b: 2}]\nc: d\n", 20, "t", &a, &sink, &root);
		cr_assert(status == IOV_OK || status == IOV_NOMEM);
		arena_free(&a);
	}
	cr_assert_eq(sink.errors, 0u);
}
