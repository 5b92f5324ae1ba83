/* SPDX-License-Identifier: Apache-2.0 */
/* iov/iov.h from outside: objects compiled by clang-19, on both engines. */
#include "testsuite/unit/runtime/touched.h"

#include <iov/iov.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char prelude[] =
	"#include <linux/bpf.h>\n"
	"#include <bpf/bpf_helpers.h>\n"
	"char LICENSE[] SEC(\"license\") = \"GPL\";\n";

/* A module with a bit of everything that libiov reaches. */
static const char everything[] =
	"struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, __u32); __type(value, __u64); }"
	" packets SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, 8); __type(key, __u32);"
	" __type(value, __u32); } per_cpu SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4);"
	" __uint(value_size, 4); } jumps SEC(\".maps\");\n"
	"enum mode { QUIET, LOUD = 9 };\n"
	"const volatile __u32 limit = 100; const volatile enum mode mode; const volatile signed char small;\n"
	"__u64 seen; __u32 first = 5;\n"
	"SEC(\"xdp\") int count(struct xdp_md *ctx) {\n"
	" __u32 zero = 0, len = (long)ctx->data_end - (long)ctx->data, one = 1; __u64 now = bpf_ktime_get_ns();\n"
	" __u64 *n = bpf_map_lookup_elem(&packets, &zero);\n"
	" if (n) __sync_fetch_and_add(n, 1);\n"
	" bpf_map_update_elem(&per_cpu, &len, &one, BPF_ANY);\n"
	" bpf_ringbuf_output(&ring, &now, sizeof(now), 0);\n"
	" seen += len + first;\n"
	" bpf_tail_call(ctx, &jumps, 1);\n"
	" return len > limit ? XDP_DROP : XDP_PASS; }\n"
	"SEC(\"xdp\") int grow(struct xdp_md *ctx) {\n"
	" bpf_printk(\"port %d mode %d small %d\", ctx->ingress_ifindex, mode, small);\n"
	" if (bpf_xdp_adjust_head(ctx, -4)) return XDP_ABORTED;\n"
	" unsigned char *p = (void *)(long)ctx->data;\n"
	" if (p + 4 > (unsigned char *)(long)ctx->data_end) return XDP_ABORTED;\n"
	" p[0] = 0xab; return bpf_redirect(7, 0); }\n"
	"SEC(\"?xdp\") int optional(struct xdp_md *ctx) { return XDP_TX; }\n";

static void build(const char *source, char path[64])
{
	char dir[] = "/tmp/iov-runtime-XXXXXX", c[64], command[512];
	FILE *out;

	cr_assert(mkdtemp(dir));
	snprintf(c, sizeof(c), "%s/t.c", dir);
	snprintf(path, 64, "%s/t.o", dir);
	out = fopen(c, "w");
	cr_assert(out);
	fprintf(out, "%s%s", prelude, source);
	fclose(out);
	snprintf(command, sizeof(command),
		 "clang-19 -w -O2 -g -target bpf -mcpu=v3 -Istdlib/include -I/usr/include/$(gcc -print-multiarch) -c "
		 "%s -o %s",
		 c, path);
	cr_assert_eq(system(command), 0, "clang-19 compiles");
}

static struct iov_module *open_module(const char *source, struct iov_sink *sink)
{
	struct iov_module *m = NULL;
	char path[64];

	build(source, path);
	cr_assert_eq(iov_module_open_file(path, NULL, sink, &m), IOV_R_OK);
	return m;
}

static void expect_message(const struct iov_sink *sink, const char *part)
{
	char text[8192];

	cr_expect_lt(iov_sink_render(sink, IOV_TEXT, text, sizeof(text)), sizeof(text));
	cr_expect(strstr(text, part), "`%s` in: %s", part, text);
}

static uint64_t clock_at(void *ud) { return *(uint64_t *)ud; }

static int take_time(void *ud, const void *data, size_t size)
{
	cr_expect_eq(size, 8);
	memcpy(ud, data, 8);
	return 0;
}

static void take_line(void *ud, const char *line) { snprintf(ud, 64, "%s", line); }

/* A map's values end at a page that nobody may touch. */
static void is_guarded(struct iov_map *map)
{
	size_t size = 0;
	uint8_t *values = iov_map_data(map, &size);

	cr_assert(values && size);
	cr_expect_eq(touched(values + size - 1, false), 0);
	cr_expect_eq(touched(values + ((size + 15) & ~(size_t)15), false), SIGSEGV);
}

static void whole_story(enum iov_engine_choice engine)
{
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = open_module(everything, sink);
	static uint8_t buffer[1024];
	struct iov_packet p = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = 60, .ifindex = 3};
	const struct iov_load_options options = {.engine = engine, .cpus = 2, .seed = 1};
	struct iov_map_info info;
	struct iov_worker *w;
	uint64_t time = 12345, count = 0, got = 0, per_cpu[2], data[4];
	uint32_t verdict = 99, key = 0;
	char line[64] = "";

	cr_expect_eq(iov_module_set(m, "limit", "59", sink), IOV_R_OK);
	cr_expect_eq(iov_module_set(m, "mode", "LOUD", sink), IOV_R_OK);
	cr_expect_eq(iov_module_set(m, "small", "-3", sink), IOV_R_OK);
	cr_expect_eq(iov_module_set_entries(m, "none", 3, sink), IOV_R_INPUT);
	expect_message(sink, "has no map `none`");
	cr_expect_eq(iov_module_set_entries(m, "packets", 0, sink), IOV_R_OK);
	cr_expect_eq(iov_module_set_entries(m, "packets", 77, sink), IOV_R_OK);
	cr_assert_eq(iov_module_load(m, &options, sink), IOV_R_OK);
	cr_expect_eq(iov_module_set_entries(m, "packets", 5, sink), IOV_R_USAGE);
	expect_message(sink, "maps are sized before the module is loaded [IOV-R016]");
	cr_expect_eq(iov_module_set(m, "limit", "5", sink), IOV_R_USAGE);
	expect_message(sink, "parameters are set before the module is loaded [IOV-R016]");
	cr_expect_null(iov_module_program(m, "optional"), "'?' sections are loaded by name only");
	cr_expect_str_eq(iov_program_type(iov_module_program(m, "count")), "xdp");
	cr_expect_eq(iov_program_code_size(iov_module_program(m, "count")) > 0, engine == IOV_ENGINE_MACHINE);
	if (engine == IOV_ENGINE_CHECKING)
		is_guarded(iov_module_map(m, "packets"));
	cr_expect_null(iov_worker_new(m, 2));
	w = iov_worker_new(m, 1);
	iov_worker_set_clock(w, clock_at, &time);
	iov_worker_set_trace(w, take_line, line);

	cr_assert_eq(iov_run(iov_module_program(m, "count"), w, &p, &verdict), IOV_R_OK);
	cr_expect_str_eq(iov_verdict_name(iov_module_program(m, "count"), verdict), "XDP_DROP");
	cr_expect_eq(iov_map_lookup(iov_module_map(m, "packets"), &key, &count), 0);
	cr_expect_eq(count, 1);
	key = 60;
	cr_expect_eq(iov_map_lookup(iov_module_map(m, "per_cpu"), &key, per_cpu), 0);
	cr_expect(per_cpu[0] == 0 && (uint32_t)per_cpu[1] == 1);
	cr_expect_eq(iov_ring_consume(iov_module_map(m, "ring"), take_time, &got), 1);
	cr_expect_eq(got, 12345);
	key = 0;
	cr_expect_eq(iov_map_lookup(iov_module_map(m, ".bss"), &key, data), 0);
	cr_expect_eq(data[0], 65);
	cr_expect_eq(iov_map_update(iov_module_map(m, ".rodata"), &key, data, 0), -EPERM);
	iov_map_info(iov_module_map(m, "per_cpu"), &info);
	cr_expect(info.value_size == 16 && info.cpus == 2 && !strcmp(info.type, "percpu_hash"));

	cr_expect_eq(iov_map_set_program(iov_module_map(m, "jumps"), 1, iov_module_program(m, "grow")), 0);
	cr_assert_eq(iov_run(iov_module_program(m, "count"), w, &p, &verdict), IOV_R_OK);
	cr_expect_eq(verdict, 4);
	cr_expect_eq(p.redirect_port, 7);
	cr_expect(p.start == 252 && p.length == 64 && buffer[252] == 0xab);
	cr_expect_str_eq(line, "port 3 mode 9 small -3");

	p.start = 42;
	cr_assert_eq(iov_run(iov_module_program(m, "count"), w, &p, &verdict), IOV_R_OK);
	cr_expect_eq(verdict, 0, "less than 4 bytes of headroom");
	p.start = 39;
	cr_expect_eq(iov_run(iov_module_program(m, "count"), w, &p, &verdict), IOV_R_USAGE);
	p.start = 1000;
	cr_expect_eq(iov_run(iov_module_program(m, "count"), w, &p, &verdict), IOV_R_USAGE, "ends behind the buffer");
	iov_worker_free(w);
	iov_module_close(m);
	iov_sink_free(sink);
}

Test(api, whole_story_in_the_interpreter) { whole_story(IOV_ENGINE_INTERPRETER); }
Test(api, whole_story_in_machine_code) { whole_story(IOV_ENGINE_MACHINE); }
Test(api, whole_story_checked) { whole_story(IOV_ENGINE_CHECKING); }

Test(api, what_is_not_proved_is_not_run)
{
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = open_module("SEC(\"xdp\") int bad(struct xdp_md *ctx) {"
					   " return *(char *)(long)ctx->data; }\n", sink);

	cr_expect_eq(iov_module_load(m, NULL, sink), IOV_R_INPUT);
	cr_expect_gt(iov_sink_errors(sink), 0);
	cr_expect_null(iov_module_program(m, NULL));
	cr_expect_null(iov_module_map_at(m, 0));
	cr_expect_null(iov_worker_new(m, 0));
	cr_expect_eq(iov_module_load(m, NULL, sink), IOV_R_USAGE, "once refused, refused");
	iov_module_close(m);
	iov_sink_free(sink);
}

Test(api, network_wants_something)
{
	struct iov_network *n = iov_network_new(1, 1, 1, NULL);

	cr_expect_eq(iov_network_port(NULL, &(struct iov_port){.ifindex = 1}), -EINVAL);
	cr_expect_eq(iov_network_port(n, NULL), -EINVAL);
	cr_expect_eq(iov_network_route(NULL, &(struct iov_route){.family = 4}), -EINVAL);
	cr_expect_eq(iov_network_route(n, NULL), -EINVAL);
	cr_expect_eq(iov_network_neighbour(NULL, &(struct iov_neighbour){.family = 4}), -EINVAL);
	cr_expect_eq(iov_network_neighbour(n, NULL), -EINVAL);
	iov_network_free(n);
}

Test(api, parameters_are_checked)
{
	static const struct {
		const char *name, *value, *message;
	} bad[] = {
		{"nobody", "1", "no global variable `nobody`"},
		{"limit", "4294967296", "does not fit"},
		{"limit", "-1", "unsigned"},
		{"limit", "12x", "not a number"},
		{"limit", "", "not a number"},
		{"mode", "SHY", "not a number"},
		{"small", "128", "does not fit"},
		{"small", "-129", "does not fit"},
		{"limit", "99999999999999999999999", "64 bits"},
	};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = open_module(everything, sink);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct iov_sink *one = iov_sink_new(NULL);

		cr_expect_eq(iov_module_set(m, bad[i].name, bad[i].value, one), IOV_R_INPUT, "%s", bad[i].value);
		expect_message(one, bad[i].message);
		iov_sink_free(one);
	}
	cr_expect_eq(iov_module_set(m, "small", "-128", sink), IOV_R_OK);
	cr_expect_eq(iov_module_set(m, "limit", "0xffffffff", sink), IOV_R_OK);
	cr_expect_eq(iov_module_set(m, "mode", "9", sink), IOV_R_OK);
	iov_module_close(m);
	iov_sink_free(sink);
}

Test(api, choices_that_do_not_exist)
{
	static const struct {
		struct iov_load_options options;
		const char *message;
	} bad[] = {
		{{.program = "nobody"}, "no program `nobody`"},
		{{.platform = "toaster"}, "no platform 'toaster' [IOV-Y020]"},
		{{.platform = "toaster"}, "hint: there are iovrun, "},
		{{.max_map_bytes = 1}, "more than the 1 left"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct iov_sink *sink = iov_sink_new(NULL);
		struct iov_module *m = open_module(everything, sink);

		cr_expect_eq(iov_module_load(m, &bad[i].options, sink), IOV_R_INPUT);
		expect_message(sink, bad[i].message);
		iov_module_close(m);
		iov_sink_free(sink);
	}
}

Test(api, tail_calls_stay_within_a_program_type)
{
	static const char source[] =
		"int other(struct __sk_buff *skb);\n"
		"struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 1); __uint(key_size, 4);"
		" __array(values, int (void *)); } jumps SEC(\".maps\") = { .values = { [0] = (void *)&other } };\n"
		"SEC(\"tc\") int other(struct __sk_buff *skb) { return skb->mark; }\n"
		"SEC(\"xdp\") int one(struct xdp_md *ctx) { bpf_tail_call(ctx, &jumps, 0); return 2; }\n";
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = open_module(source, sink);

	cr_expect_eq(iov_module_load(m, NULL, sink), IOV_R_INPUT);
	expect_message(sink, "cannot hold `other`");
	iov_module_close(m);
	iov_sink_free(sink);
}

Test(api, what_belongs_to_another_module_is_not_taken)
{
	static const char source[] =
		"struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(key_size, 4);"
		" __uint(value_size, 8); } in SEC(\".maps\");\n"
		"struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 1); __uint(key_size, 4);"
		" __array(values, struct inner); } out SEC(\".maps\");\n"
		"struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 1); __uint(key_size, 4);"
		" __uint(value_size, 4); } jumps SEC(\".maps\");\n"
		"SEC(\"xdp\") int one(struct xdp_md *ctx) { __u32 k = 0; if (bpf_map_lookup_elem(&out, &k) ||"
		" bpf_map_lookup_elem(&in, &k)) return 1; bpf_tail_call(ctx, &jumps, 0); return 2; }\n";
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m[2] = {open_module(source, sink), open_module(source, sink)};
	uint32_t key = 0;

	for (int i = 0; i < 2; i++)
		cr_assert_eq(iov_module_load(m[i], NULL, sink), IOV_R_OK);
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(iov_map_set_program(iov_module_map(m[0], "jumps"), 0, iov_module_program(m[i], "one")),
			     i ? -EINVAL : 0);
		cr_expect_eq(iov_map_set_map(iov_module_map(m[0], "out"), &key, iov_module_map(m[i], "in")),
			     i ? -EINVAL : 0);
	}
	iov_module_close(m[0]);
	iov_module_close(m[1]);
	iov_sink_free(sink);
}

Test(api, no_such_engine)
{
	const struct iov_load_options options = {.engine = (enum iov_engine_choice)(IOV_ENGINE_CHECKING + 1)};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = open_module(everything, sink);

	cr_expect_eq(iov_module_load(m, &options, sink), IOV_R_USAGE);
	iov_module_close(m);
	iov_sink_free(sink);
}

Test(api, all_maps_together_have_a_limit)
{
	static const char source[] =
		"struct big { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1024); __uint(key_size, 4);"
		" __uint(value_size, 1024); };\n"
		"struct big a SEC(\".maps\"), b SEC(\".maps\");\n"
		"SEC(\"xdp\") int f(struct xdp_md *ctx) { __u32 k = 0; return bpf_map_lookup_elem(&a, &k) &&"
		" bpf_map_lookup_elem(&b, &k) ? 2 : 1; }\n";

	for (int fits = 0; fits < 2; fits++) {
		struct iov_sink *sink = iov_sink_new(NULL);
		struct iov_module *m = open_module(source, sink);
		const struct iov_load_options options = {.max_map_bytes = (2 << 20) - !fits};

		cr_expect_eq(iov_module_load(m, &options, sink), fits ? IOV_R_OK : IOV_R_INPUT);
		iov_module_close(m);
		iov_sink_free(sink);
	}
}

Test(api, a_program_of_an_optional_section_by_name)
{
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = open_module(everything, sink);

	cr_assert_eq(iov_module_load(m, &(struct iov_load_options){.program = "optional"}, sink), IOV_R_OK);
	cr_expect_not_null(iov_module_program(m, "optional"));
	cr_expect_null(iov_module_program_at(m, 1));
	iov_module_close(m);
	iov_sink_free(sink);
}

Test(api, garbage_is_diagnosed)
{
	static const char bytes[64] = "\177ELF";
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = (void *)1;
	char text[4];

	cr_expect_eq(iov_module_open(bytes, sizeof(bytes), "garbage", NULL, sink, &m), IOV_R_INPUT);
	cr_expect_null(m);
	cr_expect_eq(iov_module_open_file("/nonexistent/x.o", NULL, sink, &m), IOV_R_INPUT);
	cr_expect_geq(iov_sink_errors(sink), 2);
	cr_expect_gt(iov_sink_render(sink, IOV_JSON, text, sizeof(text)), 4);
	cr_expect_eq(text[3], 0, "cut, and ended");
	cr_expect_eq(iov_module_open(NULL, 0, NULL, NULL, sink, &m), IOV_R_USAGE);
	iov_module_close(NULL);
	iov_sink_free(sink);
	iov_sink_free(NULL);
}

/* Opening and loading with an allocator that refuses request N, for every N: no leak, no crash, the right result. */
struct stingy {
	size_t left, live;
	bool refused;
};

static void *stingy_resize(void *ud, void *ptr, size_t old, size_t size)
{
	struct stingy *s = ud;

	if (size && s->left-- == 0) {
		s->left = 0;
		s->refused = true;
		return NULL;
	}
	s->live += size;
	s->live -= ptr ? old : 0;
	if (!size) {
		free(ptr);
		return NULL;
	}
	return realloc(ptr, size);
}

static enum iov_result attempt(const char *path, struct stingy *s)
{
	const struct iov_allocator hook = {stingy_resize, s};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct iov_module *m = NULL;
	struct iov_worker *w = NULL;
	enum iov_result result = iov_module_open_file(path, &hook, sink, &m);

	if (!result)
		result = iov_module_set(m, "limit", "7", sink);
	if (!result)
		result = iov_module_load(m, &(struct iov_load_options){.seed = 1}, sink);
	if (!result) {
		w = iov_worker_new(m, 0);
		result = w ? IOV_R_OK : IOV_R_MEMORY;
	}
	iov_worker_free(w);
	iov_module_close(m);
	iov_sink_free(sink);
	return result;
}

Test(api, memory_may_run_out_at_any_point, .timeout = 60)
{
	struct stingy s = {0};
	char path[64];
	size_t n;

	build(everything, path);
	for (n = 0; n < 100000; n++) {
		enum iov_result result;

		s = (struct stingy){.left = n};
		result = attempt(path, &s);
		cr_assert_eq(s.live, 0, "%zu bytes leak when request %zu is refused", s.live, n);
		if (!s.refused)
			break;
		cr_expect_eq(result, IOV_R_MEMORY, "request %zu refused gives result %d", n, result);
	}
	cr_expect(n > 10 && n < 100000);
	cr_expect_eq(attempt(path, &(struct stingy){.left = SIZE_MAX}), IOV_R_OK);
}
