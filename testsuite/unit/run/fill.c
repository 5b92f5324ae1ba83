/* SPDX-License-Identifier: Apache-2.0 */
/* YAML values into BTF types, with types made by hand: what goes where, and what is refused. */
#include "asm/yaml/yaml.h"
#include "runtime/run/run.h"

#include <criterion/criterion.h>
#include <linux/btf.h>
#include <stdio.h>
#include <string.h>

/* Ids of the types below. */
enum { U32 = 1, S16, U8, BE16, ADDR4, ADDR6, MAC, COLOUR, PREFIX4, PREFIX6, INNER, ANON, OUTER, BITS, NAME, TYPES };

static struct iov_btf_type types[TYPES];
static struct iov_btf btf = {.types = types, .count = TYPES};

static void make_types(void)
{
	static struct iov_btf_member colours[] = {{.name = "RED"}, {.name = "GREEN", .value = 7}};
	static struct iov_btf_member prefix4[] = {{.name = "prefixlen", .type = U32},
						  {.name = "addr", .type = ADDR4, .bit_offset = 32}};
	static struct iov_btf_member prefix6[] = {{.name = "prefixlen", .type = U32},
						  {.name = "addr", .type = ADDR6, .bit_offset = 32}};
	static struct iov_btf_member inner[] = {{.name = "x", .type = S16},
						{.name = "port", .type = BE16, .bit_offset = 16}};
	static struct iov_btf_member anon[] = {{.name = "hidden", .type = U32}};
	static struct iov_btf_member outer[] = {
		{.name = "in", .type = INNER}, {.name = "", .type = ANON, .bit_offset = 32},
		{.name = "mac", .type = MAC, .bit_offset = 64}, {.name = "colour", .type = COLOUR, .bit_offset = 128},
	};
	static struct iov_btf_member bits[] = {
		{.name = "a", .type = U32, .bit_offset = 0, .bit_size = 3},
		{.name = "b", .type = U32, .bit_offset = 3, .bit_size = 13},
	};

	types[U32] = (struct iov_btf_type){.name = "__u32", .kind = BTF_KIND_INT, .size = 4, .int_bits = 32};
	types[S16] = (struct iov_btf_type){
		.name = "short", .kind = BTF_KIND_INT, .size = 2, .int_encoding = BTF_INT_SIGNED, .int_bits = 16};
	types[U8] = (struct iov_btf_type){.name = "__u8", .kind = BTF_KIND_INT, .size = 1, .int_bits = 8};
	types[BE16] = (struct iov_btf_type){.name = "__be16", .kind = BTF_KIND_TYPEDEF, .type = S16};
	types[ADDR4] =
		(struct iov_btf_type){.name = "", .kind = BTF_KIND_ARRAY, .type = U8, .nelems = 4, .index_type = U32};
	types[ADDR6] =
		(struct iov_btf_type){.name = "", .kind = BTF_KIND_ARRAY, .type = U8, .nelems = 16, .index_type = U32};
	types[MAC] =
		(struct iov_btf_type){.name = "", .kind = BTF_KIND_ARRAY, .type = U8, .nelems = 6, .index_type = U32};
	types[NAME] =
		(struct iov_btf_type){.name = "", .kind = BTF_KIND_ARRAY, .type = U8, .nelems = 5, .index_type = U32};
	types[COLOUR] = (struct iov_btf_type){
		.name = "colour", .kind = BTF_KIND_ENUM, .size = 4, .members = colours, .count = 2};
	types[PREFIX4] =
		(struct iov_btf_type){.name = "p4", .kind = BTF_KIND_STRUCT, .size = 8, .members = prefix4, .count = 2};
	types[PREFIX6] = (struct iov_btf_type){
		.name = "p6", .kind = BTF_KIND_STRUCT, .size = 20, .members = prefix6, .count = 2};
	types[INNER] = (struct iov_btf_type){
		.name = "inner", .kind = BTF_KIND_STRUCT, .size = 4, .members = inner, .count = 2};
	types[ANON] = (struct iov_btf_type){.name = "", .kind = BTF_KIND_UNION, .size = 4, .members = anon, .count = 1};
	types[OUTER] = (struct iov_btf_type){
		.name = "outer", .kind = BTF_KIND_STRUCT, .size = 20, .members = outer, .count = 4};
	types[BITS] = (struct iov_btf_type){
		.name = "bits", .kind = BTF_KIND_STRUCT, .flag = true, .size = 4, .members = bits, .count = 2};
}

/* The bytes of `text` as type `id`; what the first diagnostic says in `message` (empty: none). */
static void fill(uint32_t id, const char *text, uint8_t *to, char message[256])
{
	const struct iov_yaml *node;
	struct iov_arena arena = {0};
	struct iov_sink sink;
	bool ok;

	make_types();
	sink_init(&sink, NULL);
	cr_assert_eq(yml_read(text, strlen(text), "t.yaml", &arena, &sink, &node), IOV_OK);
	memset(to, 0, 32);
	ok = fill_value(&(struct fill){&btf, false, &sink}, id, node, to, (uint32_t)btf_size(&btf, id));
	cr_expect_eq(ok, sink.errors == 0, "%s", text);
	snprintf(message, 256, "%s", sink.first ? sink.first->message : "");
	cr_expect(!sink.first || sink.first->span.line, "a place in the file");
	arena_free(&arena);
	sink_free(&sink);
}

Test(fill, values)
{
	static const struct {
		uint32_t type;
		const char *text, *bytes;
		size_t len;
	} good[] = {
#define B(s) s, sizeof(s) - 1
		{U32, "0x01020304", B("\4\3\2\1")},
		{U32, "10.1.2.3", B("\12\1\2\3")},
		{S16, "-2", B("\xfe\xff")},
		{BE16, "443", B("\1\xbb")},
		{U8, "'a'", B("a")},
		{COLOUR, "GREEN", B("\7\0\0\0")},
		{COLOUR, "3", B("\3\0\0\0")},
		{ADDR4, "[1, 2, 3, 4]", B("\1\2\3\4")},
		{ADDR4, "192.0.2.1", B("\xc0\0\2\1")},
		{ADDR4, "[9]", B("\11\0\0\0")},
		{ADDR6, "\"2001:db8::1\"", B("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1")},
		{MAC, "\"02:00:00:00:0a:ff\"", B("\2\0\0\0\xa\xff")},
		{NAME, "\"eth0\"", B("eth0\0")},
		{PREFIX4, "10.1.0.0/16", B("\20\0\0\0\12\1\0\0")},
		{PREFIX4, "0.0.0.0/0", B("\0\0\0\0\0\0\0\0")},
		{PREFIX4, "{prefixlen: 8, addr: 10.0.0.0}", B("\10\0\0\0\12\0\0\0")},
		{PREFIX6, "\"2001:db8::/32\"", B("\40\0\0\0\x20\1\xd\xb8")},
		{OUTER, "{in: {x: -1, port: 80}, hidden: 5, colour: GREEN, mac: \"01:02:03:04:05:06\"}",
		 B("\xff\xff\0\x50\5\0\0\0\1\2\3\4\5\6\0\0\7\0\0\0")},
		{BITS, "{a: 5, b: 0x1000}", B("\5\x80\0\0")},
#undef B
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint8_t to[32];
		char message[256];

		fill(good[i].type, good[i].text, to, message);
		cr_expect_str_empty(message, "%s: %s", good[i].text, message);
		cr_expect_arr_eq(to, good[i].bytes, good[i].len, "%s", good[i].text);
	}
}

Test(fill, refusals)
{
	static const struct {
		uint32_t type;
		const char *text, *message;
	} bad[] = {
		{U32, "4294967296", "does not fit"},
		{U32, "-1", "negative"},
		{U32, "10.1.2", "not a number"},
		{U32, "[1]", "sequence"},
		{COLOUR, "BLUE", "enumerator"},
		{ADDR4, "[1, 2, 3, 4, 5]", "more elements"},
		{ADDR4, "[256]", "does not fit"},
		{ADDR4, "10.1.2.300", "no scalar"},
		{MAC, "\"02:00:00:00:0a\"", "no scalar"},
		{MAC, "\"02:00:00:00:0a:100\"", "no scalar"},
		{NAME, "\"too long\"", "no scalar"},
		{PREFIX4, "10.1.0.0/33", "no IPv4 prefix"},
		{PREFIX4, "10.1.0.0/", "no IPv4 prefix"},
		{PREFIX4, "10.1.0.1/16", "behind its prefix"},
		{PREFIX6, "\"2001:db8::/129\"", "no IPv6 prefix"},
		{INNER, "1.2.3.4/5", "no LPM key"},
		{OUTER, "{colour: RED, nobody: 1}", "no member `nobody`"},
		{OUTER, "{in: 5}", "no scalar"},
		{BITS, "{a: 8}", "does not fit in the bits"},
		{BITS, "{a: x}", "takes a number"},
		{ADDR4, "{a: 1}", "mapping"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t to[32];
		char message[256];

		fill(bad[i].type, bad[i].text, to, message);
		cr_expect(strstr(message, bad[i].message), "%s: %s", bad[i].text, message);
	}
}
