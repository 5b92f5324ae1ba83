/* SPDX-License-Identifier: Apache-2.0 */
/* Bursts: what so many single runs give, in order, with each packet's own time; all or none when a packet is wrong. */
#include <iov/iov.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKETS = 37, SIZE = 512 };

static const char source[] =
	"#include <linux/bpf.h>\n"
	"#include <bpf/bpf_helpers.h>\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 64); __type(key, __u32); __type(value, __u64); }"
	" times SEC(\".maps\");\n"
	"char LICENSE[] SEC(\"license\") = \"GPL\";\n"
	"__u64 order;\n"
	"SEC(\"xdp\") int each(struct xdp_md *ctx) {\n"
	" __u64 now = bpf_ktime_get_ns(); __u32 n = order++;\n"
	" unsigned char *p = (void *)(long)ctx->data;\n"
	" bpf_map_update_elem(&times, &n, &now, BPF_ANY);\n"
	" if (p + 4 > (unsigned char *)(long)ctx->data_end) return XDP_ABORTED;\n"
	" if (p[0] & 1 && bpf_xdp_adjust_head(ctx, -4)) return XDP_ABORTED;\n"
	" p = (void *)(long)ctx->data;\n"
	" if (p + 4 > (unsigned char *)(long)ctx->data_end) return XDP_ABORTED;\n"
	" p[3] = n;\n"
	" return p[0] & 2 ? bpf_redirect(n, 0) : p[1] & 4 ? XDP_DROP : XDP_PASS; }\n";

struct side {
	struct iov_module *module;
	struct iov_worker *worker;
	const struct iov_program *program;
	struct iov_packet packets[PACKETS];
	uint32_t verdicts[PACKETS];
	uint8_t buffers[PACKETS][SIZE];
};

static uint64_t allocations;

static void *resize(void *ud, void *ptr, size_t old, size_t size)
{
	(void)ud, (void)old;
	allocations++;
	if (size)
		return realloc(ptr, size);
	free(ptr);
	return NULL;
}

static uint64_t clock_of(void *ud)
{
	const struct side *s = ud;

	return 1000 + iov_worker_at(s->worker) * 10;
}

static struct side *open_side(const char *path, enum iov_engine_choice engine)
{
	static const struct iov_allocator allocator = {resize, NULL};
	const struct iov_load_options options = {.engine = engine, .seed = 1};
	struct iov_sink *sink = iov_sink_new(NULL);
	struct side *s = calloc(1, sizeof(*s));

	cr_assert_eq(iov_module_open_file(path, &allocator, sink, &s->module), IOV_R_OK);
	cr_assert_eq(iov_module_load(s->module, &options, sink), IOV_R_OK);
	iov_sink_free(sink);
	s->program = iov_module_program(s->module, NULL);
	s->worker = iov_worker_new(s->module, 0);
	iov_worker_set_clock(s->worker, clock_of, s);
	for (int i = 0; i < PACKETS; i++) {
		s->packets[i] = (struct iov_packet){.buffer = s->buffers[i], .size = SIZE, .start = 64 + (size_t)i % 3,
						    .length = 2 + 9 * (size_t)i, .rx_queue = (uint32_t)i};
		for (int k = 0; k < SIZE; k++)
			s->buffers[i][k] = (uint8_t)(k * 7 + i * 13);
	}
	return s;
}

static void close_side(struct side *s)
{
	iov_worker_free(s->worker);
	iov_module_close(s->module);
	free(s);
}

static void build(char path[64])
{
	char dir[] = "/tmp/iov-burst-XXXXXX", command[512];
	FILE *out;

	cr_assert(mkdtemp(dir));
	snprintf(path, 64, "%s/t.o", dir);
	snprintf(command, sizeof(command),
		 "clang-19 -w -O2 -g -target bpf -Istdlib/include -I/usr/include/$(gcc -print-multiarch) -x c -c - -o "
		 "%s",
		 path);
	out = popen(command, "w");
	cr_assert(out);
	fputs(source, out);
	cr_assert_eq(pclose(out), 0);
}

static void same_maps(struct side *one, struct side *many)
{
	for (uint32_t key = 0; key < PACKETS; key++) {
		uint64_t a = 1, b = 2;

		cr_expect_eq(iov_map_lookup(iov_module_map(one->module, "times"), &key, &a), 0);
		cr_expect_eq(iov_map_lookup(iov_module_map(many->module, "times"), &key, &b), 0);
		cr_expect_eq(a, 1000, "a single run is packet 0");
		cr_expect_eq(b, 1000 + 10 * (key < 32 ? key : key - 32), "packet %u has its own time", key);
	}
}

static void as_single_runs(enum iov_engine_choice engine)
{
	struct side *one, *many;
	uint64_t before;
	char path[64];

	build(path);
	one = open_side(path, engine);
	many = open_side(path, engine);
	before = allocations;
	for (int i = 0; i < PACKETS; i++)
		cr_assert_eq(iov_run(one->program, one->worker, &one->packets[i], &one->verdicts[i]), IOV_R_OK);
	cr_assert_eq(iov_run_burst(many->program, many->worker, many->packets, 32, many->verdicts), IOV_R_OK);
	cr_assert_eq(iov_run_burst(many->program, many->worker, many->packets + 32, PACKETS - 32, many->verdicts + 32),
		     IOV_R_OK);
	cr_expect_eq(iov_run_burst(many->program, many->worker, NULL, 0, NULL), IOV_R_OK);
	cr_expect_eq(allocations, before, "the data path allocates nothing");
	cr_expect_arr_eq(one->verdicts, many->verdicts, sizeof(one->verdicts));
	cr_expect_arr_eq(one->buffers, many->buffers, sizeof(one->buffers));
	for (int i = 0; i < PACKETS; i++) {
		const struct iov_packet *a = &one->packets[i], *b = &many->packets[i];

		cr_expect(a->start == b->start && a->length == b->length && a->redirect_port == b->redirect_port);
	}
	same_maps(one, many);
	close_side(one);
	close_side(many);
}

Test(burst, as_single_runs_in_the_interpreter) { as_single_runs(IOV_ENGINE_INTERPRETER); }
Test(burst, as_single_runs_by_the_default_engine) { as_single_runs(IOV_ENGINE_AUTO); }
Test(burst, as_single_runs_checked) { as_single_runs(IOV_ENGINE_CHECKING); }

Test(burst, all_or_none)
{
	struct side *s;
	uint32_t key = 0;
	uint64_t value;
	char path[64];

	build(path);
	s = open_side(path, IOV_ENGINE_AUTO);
	s->packets[20].buffer = NULL;
	cr_expect_eq(iov_run_burst(s->program, s->worker, s->packets, PACKETS, s->verdicts), IOV_R_USAGE);
	s->packets[20].length = SIZE;
	cr_expect_eq(iov_run_burst(s->program, s->worker, s->packets, PACKETS, s->verdicts), IOV_R_USAGE);
	cr_expect_neq(iov_map_lookup(iov_module_map(s->module, "times"), &key, &value), 0, "none was run");
	cr_expect_eq(iov_run_burst(NULL, s->worker, s->packets, 1, s->verdicts), IOV_R_USAGE);
	close_side(s);
}
