/* SPDX-License-Identifier: Apache-2.0 */
/* Platform files: the shipped ones, inheritance, own helpers and program types, and what is refused. */
#include "asm/yaml/platform_read.h"

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

TestSuite(platform, .init = setup, .fini = teardown, .timeout = 60);

static const struct iov_platform *find(void *ud, const char *name)
{
	(void)ud;
	return platform_shipped(name);
}

static const struct iov_platform_base shipped = {find, NULL};

static const struct iov_platform *parse(const char *text)
{
	const struct iov_platform *p = NULL;
	const struct iov_yaml *root = NULL;
	enum iov_status status = yml_read(text, strlen(text), "p.yaml", &arena, &sink, &root);

	cr_assert_eq(status, IOV_OK, "%s", text);
	status = platform_parse(root, &shipped, &arena, &sink, &p);
	cr_assert(status == IOV_OK || status == IOV_DIAGNOSED, "%d", status);
	cr_assert_eq(status == IOV_OK, !sink.errors, "%s", text);
	return status == IOV_OK ? p : NULL;
}

static bool allows(const struct iov_platform *p, const char *type, const char *helper)
{
	const struct iov_prog_type *t = NULL;
	const struct iov_helper *h = NULL;

	for (uint32_t i = 0; i < p->prog_type_count; i++)
		t = strcmp(p->prog_types[i]->name, type) ? t : p->prog_types[i];
	for (uint32_t i = 0; i < p->helper_count; i++)
		h = strcmp(p->helpers[i]->name, helper) ? h : p->helpers[i];
	return t && h && platform_allows(p, t, h);
}

Test(platform, shipped_ones)
{
	const struct iov_platform *run = platform_shipped("iovrun"), *old = platform_shipped("linux-6.1");
	const struct iov_platform *new = platform_shipped("linux-6.18");

	cr_assert(run && old && new && platform_shipped("linux-6.12"));
	cr_assert_eq(platform_shipped_at(0), run, "the default");
	cr_assert_null(platform_shipped_at(99));
	cr_assert_null(platform_shipped("linux"));
	cr_expect(platform_helper(run, 1) == catalogue_helper(1));
	cr_expect_null(platform_helper(run, 35), "get_current_task is the kernel's");
	cr_expect_null(platform_helper(run, 0));
	cr_expect_null(platform_helper(run, UINT32_MAX));
	cr_expect_null(platform_helper(old, 210), "cgrp_storage_get came with 6.2");
	cr_expect(platform_helper(new, 211));
	cr_expect_eq(new->helper_count, catalogue_helper_count());
	cr_expect_eq(old->helper_count, 209u);
	cr_expect_null(platform_map_type(old, 33));
	cr_expect(platform_map_type(new, 33));
	cr_expect_null(platform_prog_type(old, 32));
	cr_expect(platform_kfunc(new, "bpf_xdp_metadata_rx_hash"));
	cr_expect_null(platform_kfunc(old, "bpf_xdp_metadata_rx_hash"));
	cr_expect_eq(old->cpu, 3);
	cr_expect_eq(new->cpu, 4);
	cr_expect(new->rules & IOV_RULE_ACQUIRE_RELEASE && new->rules & IOV_RULE_MAY_GOTO);
	cr_expect(!(old->rules & IOV_RULE_MAY_GOTO) && old->rules & IOV_RULE_POINTERS_IN_MAPS);
	cr_expect_eq(old->max_insns, 1000000u);
	cr_expect(allows(new, "xdp", "get_current_pid_tgid") && !allows(old, "xdp", "get_current_pid_tgid"));
	cr_expect(allows(run, "xdp", "xdp_adjust_head") && !allows(run, "sched_cls", "xdp_adjust_head"));
}

Test(platform, older_linux)
{
	const struct iov_platform *p = platform_shipped("linux-5.15");
	const struct iov_prog_type *tc = platform_prog_type(p, 3), *cgroup = platform_prog_type(p, 8);
	int64_t min, max;

	cr_expect(allows(p, "xdp", "check_mtu") && allows(p, "xdp", "timer_start"));
	cr_expect(!allows(p, "xdp", "strtol") && !allows(p, "xdp", "loop") && !allows(p, "xdp", "xdp_load_bytes"));
	cr_expect(allows(platform_shipped("linux-6.1"), "xdp", "strtol"));
	cr_expect(!catalogue_ctx_access(tc, 0, 184, 8, false), "hwtstamp came with 5.16");
	cr_expect(catalogue_ctx_access(tc, 0, 152, 8, true) && catalogue_ctx_access(tc, 0, 48, 8, true));
	cr_expect(catalogue_ret_range(cgroup, 1, &min, &max) && max == 3);
	cr_expect_null(platform_map_type(p, 30), "bloom_filter came with 5.16");
	cr_expect_eq(p->kfunc_count, 0u);
}

/* A row of the platform's own replaces the catalogue's. */
Test(platform, replaced_rows)
{
	const struct iov_platform *p = platform_shipped("linux-6.12");
	const struct iov_helper *h = platform_helper(p, 12);

	cr_expect_eq(h->flags, (uint32_t)(IOV_HF_BASE | IOV_HF_TAIL_CALL | IOV_HF_CHANGES_PACKET));
	cr_expect_eq(h->ret, IOV_RET_NEVER);
	cr_expect_eq(p->helper_count, catalogue_helper_count());
	cr_expect(allows(p, "xdp", "tail_call"));
	cr_expect(platform_helper(platform_shipped("linux-6.18"), 12) == catalogue_helper(12));
	cr_expect(!allows(p, "lwt_seg6local", "skb_pull_data"));
	cr_expect(!allows(platform_shipped("linux-6.1"), "lwt_seg6local", "skb_pull_data"));
}

/* Own rows through platgen's tables are what the file says, as through the reader. */
Test(platform, compiled_rows_equal_read_ones)
{
	struct iov_buf compiled = {0}, read = {0};
	const struct iov_platform *p = NULL;

	cr_assert_eq(platform_open("stdlib/platforms/example-npu.yaml", &arena, &sink, &p), IOV_OK);
	platform_print(p, &read);
	platform_print(platform_shipped("example-npu"), &compiled);
	cr_expect_str_eq(buf_cstr(&compiled), buf_cstr(&read));
	cr_expect(allows(platform_shipped("example-npu"), "xdp", "npu_classify"));
	cr_expect(!allows(platform_shipped("example-npu"), "xdp", "csum_diff"));
	buf_free(&compiled);
	buf_free(&read);
}

Test(platform, restricted_context)
{
	const struct iov_prog_type *xdp = platform_prog_type(platform_shipped("iovrun"), 6);
	const struct iov_prog_type *npu = platform_prog_type(platform_shipped("example-npu"), 6);

	cr_expect(catalogue_ctx_access(npu, 0, 0, 4, false));
	cr_expect(!catalogue_ctx_access(npu, 0, 16, 4, false), "the device has no queues");
	cr_expect_str_eq(catalogue_ctx_field(npu, 16)->name, "rx_queue_index");
	cr_expect(catalogue_ctx_access(xdp, 0, 16, 4, false));
	cr_expect(catalogue_ctx_access(xdp, 33, 20, 4, false));
}

Test(platform, minimal)
{
	const struct iov_platform *p =
		parse("name: tiny\nhelpers: [map_lookup_elem, bpf_ktime_get_ns]\nprogram_types: [xdp]\n");

	cr_assert(p);
	cr_expect_eq(p->helper_count, 2u);
	cr_expect_eq(p->helpers[1]->id, 5u);
	cr_expect_eq(p->max_stack, 512u);
	cr_expect_eq(p->map_type_count, 0u);
	cr_expect_null(p->kernel);
	cr_expect_eq(p->rules, 0u);
}

Test(platform, inherits_and_changes)
{
	const struct iov_platform *p =
		parse("name: mine\ninherit: linux-6.1\nbyte_order: big\n"
		      "rules: {add: [strict_alignment], remove: [tail_calls]}\n"
		      "limits: {stack: 1024}\nhelpers: {remove: [tail_call], add: [cgrp_storage_get]}\n"
		      "map_types: [array]\n");

	cr_assert(p);
	cr_expect_eq(p->order, IOV_ORDER_BIG);
	cr_expect_eq(p->max_stack, 1024u);
	cr_expect_eq(p->max_frames, 8u);
	cr_expect(p->rules & IOV_RULE_STRICT_ALIGNMENT && !(p->rules & IOV_RULE_TAIL_CALLS));
	cr_expect(p->rules & IOV_RULE_GLOBAL_DATA);
	cr_expect_null(platform_helper(p, 12));
	cr_expect(platform_helper(p, 210));
	cr_expect_eq(p->map_type_count, 1u);
	cr_expect_str_eq(p->kernel, "6.1");
}

static const char npu[] =
	"name: npu\ninherit: iovrun\nhelpers:\n  add:\n"
	"    - name: npu_classify\n      id: 0x1001\n"
	"      declaration: \"s64 npu_classify(struct xdp_md *ctx, const void *key, u32 key_size)\"\n"
	"      range: [-1, 4095]\n      flags: [packet_args]\n      program_types: [xdp]\n"
	"    - name: npu_read\n      id: 0x1002\n"
	"      declaration: \"u32 npu_read(u32 reg, u64 *value)\"\n"
	"    - name: npu_dma\n      id: 0x1003\n      declaration: int npu_dma(void *to, u32 len, struct mac *mac)\n"
	"      arguments: [mem_uninit, size, {mem_fixed: 6}]\n"
	"program_types:\n  add:\n"
	"    - name: npu_rx\n      id: 0x2001\n      context_name: npu_md\n      context_size: 16\n      returns: [0, "
	"1]\n"
	"      helpers: [npu_classify]\n      fields:\n        - {name: data, offset: 0, size: 4, kind: packet}\n"
	"        - {name: data_end, offset: 4, size: 4, kind: packet_end}\n"
	"        - {name: queue, offset: 8, size: 4, access: [read, write, narrow]}\n";

static void check_npu(const struct iov_platform *p)
{
	const struct iov_helper *h = platform_helper(p, 0x1001);
	const struct iov_prog_type *t = platform_prog_type(p, 0x2001);

	cr_assert(h && t);
	cr_expect_eq(h->args[0], IOV_ARG_CTX);
	cr_expect_eq(h->args[1], IOV_ARG_MEM);
	cr_expect_eq(h->args[2], IOV_ARG_SIZE);
	cr_expect_eq(h->ret_min, -1);
	cr_expect_eq(h->ret_max, 4095);
	cr_expect(h->flags & IOV_HF_PACKET_ARGS);
	cr_expect(allows(p, "xdp", "npu_classify") && !allows(p, "sched_cls", "npu_classify"));
	cr_expect(allows(p, "sched_cls", "npu_read"));
	cr_expect_eq(platform_helper(p, 0x1002)->args[1], IOV_ARG_LONG_PTR);
	cr_expect_eq(platform_helper(p, 0x1002)->ret_max, UINT32_MAX);
	cr_expect_eq(platform_helper(p, 0x1003)->arg_size[2], 6u);
	cr_expect(allows(p, "npu_rx", "npu_classify") && !allows(p, "npu_rx", "csum_diff"));
	cr_expect(catalogue_ctx_access(t, 0, 8, 4, true) && catalogue_ctx_access(t, 0, 10, 2, false));
	cr_expect(!catalogue_ctx_access(t, 0, 0, 2, false) && !catalogue_ctx_access(t, 0, 12, 4, false));
	cr_expect(platform_helper(p, 1) == catalogue_helper(1));
}

Test(platform, own_helpers_and_types)
{
	const struct iov_platform *p = parse(npu);

	cr_assert(p, "%s", sink.first->message);
	check_npu(p);
}

/* What is printed reads back to the same platform. */
Test(platform, printing_round_trips)
{
	struct iov_buf text = {0}, again = {0};
	const struct iov_platform *p = parse(npu), *q;

	platform_print(p, &text);
	q = parse(buf_cstr(&text));
	cr_assert(q, "%s\n%s", sink.first ? sink.first->message : "", buf_cstr(&text));
	check_npu(q);
	platform_print(q, &again);
	cr_expect_str_eq(buf_cstr(&text), buf_cstr(&again));
	for (size_t i = 0; platform_shipped_at(i); i++) {
		text.len = again.len = 0;
		platform_print(platform_shipped_at(i), &text);
		q = parse(buf_cstr(&text));
		cr_assert(q);
		platform_print(q, &again);
		cr_expect_str_eq(buf_cstr(&text), buf_cstr(&again));
		cr_expect_eq(q->helper_count, platform_shipped_at(i)->helper_count);
		cr_expect_eq(q->rules, platform_shipped_at(i)->rules);
	}
	buf_free(&text);
	buf_free(&again);
}

static void refuses(const char *text, enum iov_diag_id id, const char *part)
{
	cr_expect_null(parse(text), "%s", text);
	cr_assert(sink.first, "%s", text);
	cr_expect_eq(sink.first->id, id, "%s: %s %s", text, diag_code(sink.first->id), sink.first->message);
	cr_expect(strstr(sink.first->message, part), "%s: %s", text, sink.first->message);
	sink_free(&sink);
}

Test(platform, refused)
{
	refuses("[]", DIAG_YAML_TYPE, "mapping");
	refuses("{}", DIAG_YAML_MISSING, "name");
	refuses("{name: x, cpus: 3}", DIAG_YAML_KEY, "cpus");
	refuses("{name: x, cpu: 5}", DIAG_YAML_RANGE, "1 to 4");
	refuses("{name: x, kernel: six}", DIAG_YAML_TYPE, "release");
	refuses("{name: x, kernel: \"6\"}", DIAG_YAML_TYPE, "release");
	refuses("{name: x, inherit: linux}", DIAG_PLATFORM_UNKNOWN, "linux");
	refuses("{name: x, rules: [fast]}", DIAG_YAML_NAME, "fast");
	refuses("{name: x, limits: {stack: big}}", DIAG_YAML_TYPE, "number");
	refuses("{name: x, helpers: [map_lookup_elm]}", DIAG_YAML_NAME, "map_lookup_elm");
	refuses("{name: x, helpers: none}", DIAG_YAML_TYPE, "list");
	refuses("{name: x, helpers: {remove: [map_lookup_elem]}}", DIAG_YAML_NAME, "not inherited");
	refuses("{name: x, map_types: [{name: y}]}", DIAG_YAML_TYPE, "map type");
	refuses("{name: x, byte_order: middle}", DIAG_YAML_NAME, "middle");
	refuses("{name: x, helpers: [{name: f, id: 1}]}", DIAG_YAML_MISSING, "declaration");
#define OWN(rest) "{name: x, helpers: [{name: f, id: 4097, " rest "}]}"
	refuses(OWN("declaration: int g(void)"), DIAG_PLATFORM_PROTOTYPE, "another name");
	refuses(OWN("declaration: int f"), DIAG_PLATFORM_PROTOTYPE, "C function");
	refuses(OWN("declaration: 'int f(void *p)'"), DIAG_PLATFORM_PROTOTYPE, "pointer is for");
	refuses(OWN("declaration: 'void *f(u32 a)'"), DIAG_PLATFORM_PROTOTYPE, "returns a pointer");
	refuses(OWN("declaration: 'struct x f(u32 a)'"), DIAG_PLATFORM_PROTOTYPE, "result");
	refuses(OWN("declaration: 'int f(int a, int b, int c, int d, int e, int g)'"), DIAG_PLATFORM_PROTOTYPE, "five");
	refuses(OWN("declaration: 'int f(u32 a)', arguments: [size]"), DIAG_PLATFORM_PROTOTYPE, "size follows");
	refuses(OWN("declaration: 'int f(u32 a)', arguments: [mem]"), DIAG_PLATFORM_PROTOTYPE, "followed by its size");
	refuses(OWN("declaration: 'int f(u32 a)', arguments: [mem_fixed]"), DIAG_PLATFORM_PROTOTYPE, "mem_fixed");
	refuses(OWN("declaration: 'int f(u32 a)', flags: [releases]"), DIAG_PLATFORM_PROTOTYPE, "releases");
	refuses(OWN("declaration: 'int f(u32 a)', range: [5, 4]"), DIAG_YAML_RANGE, "4");
	refuses(OWN("declaration: 'int f(u32 a)', program_types: [xdp]"), DIAG_YAML_NAME, "xdp");
	refuses("{name: x, helpers: [{name: f, id: 1, declaration: int f(void)}, map_lookup_elem]}",
		DIAG_PLATFORM_PROTOTYPE, "same id");
	refuses("{name: x, program_types: [{name: xdp, context: [data, dat]}]}", DIAG_YAML_NAME, "xdp_md");
	refuses("{name: x, program_types: [{name: xdp, helpers: [no_such]}]}", DIAG_YAML_NAME, "no_such");
	refuses("{name: x, program_types: [{name: y}]}", DIAG_YAML_MISSING, "context_name");
#define TYPE(fields)                                                                                                   \
	"{name: x, program_types: [{name: y, id: 99, context_name: z, context_size: 8, fields: [" fields "]}]}"
	refuses(TYPE("{name: a, offset: 6, size: 4}"), DIAG_YAML_RANGE, "offset");
	refuses(TYPE("{name: a, offset: 2, size: 4}"), DIAG_YAML_RANGE, "aligned");
	refuses(TYPE("{name: a, offset: 0, size: 4}, {name: b, offset: 2, size: 2}"), DIAG_YAML_RANGE, "overlap");
}

Test(platform, open_by_name_or_path)
{
	const struct iov_platform *p = NULL;

	cr_expect_eq(platform_open("linux-6.12", &arena, &sink, &p), IOV_OK);
	cr_expect_str_eq(p->name, "linux-6.12");
	cr_expect_eq(platform_open("linux-6.21", &arena, &sink, &p), IOV_DIAGNOSED);
	cr_expect(strstr(sink.first->notes->text, "linux-6."));
	cr_expect_eq(platform_open("/nonexistent/x.yaml", &arena, &sink, &p), IOV_DIAGNOSED);
	cr_expect_eq(sink.first->next->id, DIAG_FILE_READ);
	cr_expect_eq(platform_open("stdlib/platforms/linux-6.18.yaml", &arena, &sink, &p), IOV_OK);
	cr_expect_eq(p->helper_count, platform_shipped("linux-6.18")->helper_count);
}
