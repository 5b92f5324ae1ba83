/* SPDX-License-Identifier: Apache-2.0 */
/* Types: asking, declaring, printing values, malformed BTF. */
#include "testsuite/unit/object/helper.h"

#include <linux/btf.h>
#include <stdio.h>
#include <string.h>

static void declares(const struct iov_btf *btf, const char *var, const char *expected)
{
	struct iov_buf out = {0};
	uint32_t id = btf_find(btf, var, BTF_KIND_VAR);

	cr_assert(id, "%s", var);
	btf_declare(btf, btf_type(btf, id)->type, var, &out);
	cr_assert_str_eq(buf_cstr(&out), expected);
	buf_free(&out);
}

Test(types, declarations)
{
	struct fixture f;

	load(&f,
	     "struct s { int x; }; typedef struct s s_t;\n"
	     "int a; const char *b; char *const c = 0; int d[3][4]; int (*e)[4]; int (*g)(int, struct s *); s_t h; int "
	     "*i[5];\n"
	     "struct { int m; u8 n : 3; } j; enum col { RED, BLUE } k; const volatile int l; void *n;\n",
	     "-g -O2");
	declares(f.obj->btf, "a", "int a");
	declares(f.obj->btf, "b", "const char *b");
	declares(f.obj->btf, "c", "char *const c");
	declares(f.obj->btf, "d", "int d[3][4]");
	declares(f.obj->btf, "e", "int (*e)[4]");
	declares(f.obj->btf, "g", "int (*g)(int, struct s *)");
	declares(f.obj->btf, "h", "s_t h");
	declares(f.obj->btf, "i", "int *i[5]");
	declares(f.obj->btf, "j", "struct { int m; u8 n:3; } j");
	declares(f.obj->btf, "k", "enum col k");
	declares(f.obj->btf, "l", "const volatile int l");
	declares(f.obj->btf, "n", "void *n");
	drop(&f);
}

static void prints(const struct fixture *f, const char *map, bool json, const char *expected)
{
	const struct iov_map_def *m = find_map(f, map);
	struct iov_buf out = {0};

	btf_print_value(f->obj->btf, m->value_btf, m->init, m->value_size, f->obj->big_endian, json, &out);
	cr_assert_str_eq(buf_cstr(&out), expected);
	buf_free(&out);
}

static const char values[] =
	"typedef u16 __be16; typedef u32 __be32; enum col { RED, BLUE = 7, MINUS = -1 };\n"
	"struct in { u32 x; signed char y[2]; };\n"
	"struct { u32 n; long long neg; enum col c, m; _Bool yes; char text[8]; struct in in[2]; u8 addr[4], mac[6], "
	"raw[3];\n"
	"         __be16 port; u32 lo : 3, hi : 29; int sb : 4; union { u32 u; int w; }; void *p; float f; double d; } "
	"v = {\n"
	" 1, -5, BLUE, MINUS, 1, \"a\\\"b\", {{2, {3, -4}}, {5}}, {10, 0, 0, 1}, {2, 3, 4, 5, 6, 7}, {9, 8, 7},\n"
	" ORDER16, 5, 1000, -3, {9}, (void *)0x1234, 1.5, 2.25};\n";

Test(types, print_values)
{
	static const char *const flags[] = {"-O2 -g -target bpfel -DORDER16=0x3500",
					    "-O2 -g -target bpfeb -DORDER16=0x35"};

	for (int i = 0; i < 2; i++) {
		struct fixture f;

		load(&f, values, flags[i]);
		prints(&f, ".data", false,
		       "{ .v = { .n = 1, .neg = -5, .c = BLUE, .m = MINUS, .yes = true, .text = \"a\\\"b\", "
		       ".in = { { .x = 2, .y = { 3, -4 } }, { .x = 5, .y = { 0, 0 } } }, .addr = 10.0.0.1, "
		       ".mac = 02:03:04:05:06:07, .raw = { 9, 8, 7 }, .port = 53, .lo = 5, .hi = 1000, .sb = -3, "
		       "{ .u = 9, .w = 9 }, .p = 0x1234, .f = 1.5, .d = 2.25 } }");
		drop(&f);
	}
}

Test(types, print_json)
{
	struct fixture f;

	load(&f, "struct { u32 n; char t[4]; u8 a[3]; struct { int q; } s; } v = {1, \"ab\", {1, 2}, {-1}};\n",
	     "-O2 -g");
	prints(&f, ".data", true, "{ \"v\": { \"n\": 1, \"t\": \"ab\", \"a\": [1, 2, 0], \"s\": { \"q\": -1 } } }");
	drop(&f);
}

Test(types, print_stays_inside)
{
	struct fixture f;
	struct iov_buf out = {0};
	static const uint8_t bytes[6] = {1, 0, 0, 0, 'x', 'y'};

	load(&f, "struct { u32 n; char t[4]; u64 far; } v = {1};\n", "-O2 -g");
	btf_print_value(f.obj->btf, find_map(&f, ".data")->value_btf, bytes, sizeof(bytes), false, false, &out);
	cr_assert_str_eq(buf_cstr(&out), "{ .v = ? }");
	buf_free(&out);
	drop(&f);
}

/* A BTF of hand-made types: words after the header, then the strings "\0a\0". */
static enum iov_status read_words(const uint32_t *words, size_t count, const char **message)
{
	static char kept[200];
	uint8_t bytes[512] = {0};
	uint32_t header[6] = {0x0001eb9f, 24, 0, (uint32_t)count * 4, (uint32_t)count * 4, 3};
	struct iov_arena arena = {0};
	struct iov_sink sink;
	struct iov_btf *btf;
	enum iov_status status;

	sink_init(&sink, NULL);
	memcpy(bytes, header, 24);
	memcpy(bytes + 24, words, count * 4);
	bytes[24 + count * 4 + 1] = 'a';
	status = btf_read(bytes, 24 + count * 4 + 3, false, "t", &arena, &sink, &btf);
	snprintf(kept, sizeof(kept), "%s", sink.first ? sink.first->message : "");
	*message = kept;
	sink_free(&sink);
	arena_free(&arena);
	return status;
}

#define KIND(k, vlen) ((uint32_t)(k) << 24 | (vlen))
#define REFUSED(text, ...)                                                                                             \
	do {                                                                                                           \
		static const uint32_t words[] = {__VA_ARGS__};                                                         \
		cr_assert_eq(read_words(words, sizeof(words) / 4, &said), IOV_DIAGNOSED, #__VA_ARGS__);                \
		cr_assert(strstr(said, text), "%s", said);                                                             \
	} while (0)

Test(types, malformed)
{
	const char *said;
	static const uint32_t fine[] = {1, KIND(BTF_KIND_INT, 0), 4, 32, 0, KIND(BTF_KIND_PTR, 0), 1};

	cr_assert_eq(read_words(fine, 7, &said), IOV_OK, "%s", said);
	REFUSED("kind 0", 0, 0, 0);
	REFUSED("kind 31", 0, KIND(31, 0), 0);
	REFUSED("cut short", 1, KIND(BTF_KIND_INT, 0), 4);
	REFUSED("does not exist", 0, KIND(BTF_KIND_PTR, 0), 9);
	REFUSED("string table", 77, KIND(BTF_KIND_PTR, 0), 0);
	REFUSED("contains itself", 1, KIND(BTF_KIND_TYPEDEF, 0), 1);
	REFUSED("contains itself", 1, KIND(BTF_KIND_STRUCT, 1), 4, 1, 1, 0);
	REFUSED("contains itself", 0, KIND(BTF_KIND_ARRAY, 0), 0, 1, 1, 1);
	REFUSED("contains itself", 1, KIND(BTF_KIND_TYPEDEF, 0), 2, 0, KIND(BTF_KIND_CONST, 0), 1);
	REFUSED("wrong kind", 1, KIND(BTF_KIND_FUNC, 0), 0);
	REFUSED("176 bytes", 1, KIND(19, 0), 176); /* ENUM64 */
	REFUSED("4095 bytes", 1, KIND(BTF_KIND_INT, 0), 4095, 8);
	REFUSED("bits in", 1, KIND(BTF_KIND_INT, 0), 4, 64);
}

Test(types, cut_at_every_length)
{
	struct fixture f;

	load(&f, values, "-O2 -g -DORDER16=1");
	for (size_t len = 0; len < f.len; len += 7) {
		struct fixture g;

		read_bytes(&g, f.bytes, len);
		cr_assert_neq(g.status, IOV_OK, "%zu of %zu bytes", len, f.len);
		cr_assert_eq(g.sink.errors, 1);
		drop(&g);
	}
	drop(&f);
}
