/* SPDX-License-Identifier: Apache-2.0 */
/* bpf_user_ringbuf_drain() beside the live kernel's: the same random records put into both rings, until they are full,
 * the same program drains them, and what it was given, what it answered and what the host was told are the same. Prints
 * one result line an engine. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <iov/iov.h>
#include <stdio.h>
#include <string.h>

enum { TURNS = 3000, MOST = 300 };

/* The program's variables (drain.bpf.c). */
struct vars {
	uint64_t flags, stop_at, answer, records, sum, far;
};

struct kernel {
	struct bpf_object *object;
	struct user_ring_buffer *ring;
	int program, vars;
};

struct ours {
	struct iov_module *module;
	struct iov_worker *worker;
	struct iov_map *ring, *vars;
};

static uint64_t rng_state;
static uint32_t rnd(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(rng_state >> 33) % below;
}

static bool kernel_open(struct kernel *k, const char *path)
{
	*k = (struct kernel){.object = bpf_object__open(path)};
	if (!k->object || bpf_object__load(k->object))
		return false;
	k->program = bpf_program__fd(bpf_object__find_program_by_name(k->object, "drain"));
	k->vars = bpf_map__fd(bpf_object__find_map_by_name(k->object, ".bss"));
	k->ring = user_ring_buffer__new(bpf_map__fd(bpf_object__find_map_by_name(k->object, "orders")), NULL);
	return k->ring && k->vars >= 0;
}

static bool ours_open(struct ours *o, const char *path, enum iov_engine_choice engine)
{
	const struct iov_load_options options = {.engine = engine, .seed = 1};
	struct iov_sink *sink = iov_sink_new(NULL);
	char text[2048];
	bool ok;

	*o = (struct ours){0};
	ok = !iov_module_open_file(path, NULL, sink, &o->module) && !iov_module_load(o->module, &options, sink);
	iov_sink_render(sink, IOV_TEXT, text, sizeof(text));
	iov_sink_free(sink);
	if (!ok) {
		fputs(text, stderr);
		return false;
	}
	o->worker = iov_worker_new(o->module, 0);
	o->ring = iov_module_map(o->module, "orders");
	o->vars = iov_module_map(o->module, ".bss");
	return o->worker && o->ring && o->vars;
}

static int kernel_put(struct kernel *k, const uint8_t *bytes, uint32_t size)
{
	void *record = user_ring_buffer__reserve(k->ring, size);

	if (!record)
		return -errno;
	memcpy(record, bytes, size);
	user_ring_buffer__submit(k->ring, record);
	return 0;
}

/* What is put in: as many records as there is room for, at most. */
static bool fill(struct kernel *k, struct ours *o)
{
	uint8_t bytes[MOST];
	uint32_t count = rnd(30);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = rnd(3) ? rnd(24) : rnd(MOST);
		int want, got;

		for (uint32_t at = 0; at < size; at++)
			bytes[at] = (uint8_t)rnd(256);
		want = kernel_put(k, bytes, size);
		got = iov_ring_produce(o->ring, bytes, size);
		if ((want != 0) != (got != 0)) {
			fprintf(stderr, "  a record of %u bytes: the kernel says %d, here %d\n", size, want, got);
			return false;
		}
	}
	return true;
}

static bool drain(struct kernel *k, struct ours *o)
{
	static uint8_t frame[64], buffer[512];
	static const uint64_t flags[] = {0, 0, 0, 0, 1, 2, 3, 4, 1ull << 32};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame), .repeat = 1);
	struct iov_packet packet = {.buffer = buffer, .size = sizeof(buffer), .start = 256, .length = sizeof(frame)};
	struct vars want = {.flags = flags[rnd(9)], .stop_at = rnd(3) ? 0 : 1 + rnd(20)}, got = want;
	uint32_t zero = 0, verdict;

	if (bpf_map_update_elem(k->vars, &zero, &want, 0) || bpf_prog_test_run_opts(k->program, &opts) ||
	    bpf_map_lookup_elem(k->vars, &zero, &want) || iov_map_update(o->vars, &zero, &got, 0) ||
	    iov_run(iov_module_program(o->module, "drain"), o->worker, &packet, &verdict) ||
	    iov_map_lookup(o->vars, &zero, &got))
		return false;
	if (!memcmp(&want, &got, sizeof(got)))
		return true;
	fprintf(stderr, "  flags %llu, stop at %llu: the kernel says %lld, %llu records, %llx; here %lld, %llu, %llx\n",
		(unsigned long long)want.flags, (unsigned long long)want.stop_at, (long long)want.answer,
		(unsigned long long)want.records, (unsigned long long)want.sum, (long long)got.answer,
		(unsigned long long)got.records, (unsigned long long)got.sum);
	return false;
}

static bool compare(const char *path, const char *name, enum iov_engine_choice engine)
{
	struct kernel k;
	struct ours o = {0};
	bool kernel_runs = kernel_open(&k, path), ok = kernel_runs && ours_open(&o, path, engine);

	rng_state = 5;
	for (unsigned turn = 0; ok && turn < TURNS; turn++)
		ok = fill(&k, &o) && drain(&k, &o);
	if (!kernel_runs)
		printf("SKIP drain %s: the kernel does not load it here\n", name);
	else
		printf("%s drain %s\n", ok ? "PASS" : "FAIL", name);
	user_ring_buffer__free(k.ring);
	bpf_object__close(k.object);
	iov_worker_free(o.worker);
	iov_module_close(o.module);
	return ok || !kernel_runs;
}

int main(int argc, char **argv)
{
	bool ok = true;

	if (argc != 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	ok &= compare(argv[1], "interp", IOV_ENGINE_INTERPRETER);
	ok &= compare(argv[1], "jit", IOV_ENGINE_AUTO);
	return !ok;
}
