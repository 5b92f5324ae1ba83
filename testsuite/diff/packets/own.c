/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: our runtime as an engine, through libiov's public interface, and iovrun's reader of rules. The packet buffer
 * has the room that BPF_PROG_TEST_RUN gives an XDP program: 256 bytes before the frame, a page in all but for the 320
 * of skb_shared_info. */
#include "packets.h"

#include "asm/base/output.h"
#include "asm/isa/catalogue.h"
#include "asm/yaml/yaml.h"
#include "runtime/run/run.h"

#include <bpf/libbpf.h>
#include <iov/iov.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#define PAGE 4096
#define HEADROOM 256
#define SKB_HEADROOM 1024 /* a socket buffer that has too little gets more in Linux */
#define BUFFER (4096 - 320)

struct own {
	struct job *job;
	struct iov_sink *sink;
	struct iov_module *module;
	struct iov_worker *worker;
	struct iov_program *program;
	char *why;
	struct iov_network *network;
};

/* The port that BPF_PROG_TEST_RUN's packets come from. */
static struct iov_network *loopback(void)
{
	struct iov_network *n = iov_network_new(1, 0, 0, NULL);

	if (!n || iov_network_port(n, &(struct iov_port){.ifindex = 1, .mtu = 65536}))
		need(NULL);
	return n;
}

/* The sink's text. What the verifier does not judge yet and map types that the runtime lacks (IOV-R001) are skips, and
 * so are, of programs that were not made for this test, those that need what platform
 * iovrun does not offer. */
static enum outcome refuse(const struct own *own)
{
	char text[8192];

	iov_sink_render(own->sink, IOV_TEXT, text, sizeof(text));
	fprintf(stderr, "%s\n", text);
	text[strcspn(text, "\n")] = 0;
	snprintf(own->why, 512, "%.500s", text);
	if (strstr(text, "not supported yet") || strstr(text, "[IOV-R001]"))
		return SKIPPED;
	return own->job->alone && (strstr(text, "does not offer") || strstr(text, "[IOV-R011]")) ? SKIPPED : FAILED;
}

static int add_record(void *map, const void *data, size_t size)
{
	map_add_entry(map, NULL, data, (uint32_t)size);
	return 0;
}

static void add_entry(const struct own *own, struct map_dump *dump, struct iov_map *map,
		      const struct iov_map_info *info, const void *key)
{
	uint8_t *values = need(calloc(1, info->value_size + 8));
	size_t stride = info->value_size / info->cpus;
	struct entry *entry;

	if (!iov_map_lookup(map, key, values)) {
		entry = map_add_entry(dump, key, NULL, dump->value_size);
		if (strstr(info->type, "percpu"))
			for (uint32_t cpu = 0; cpu < info->cpus; cpu++)
				sum_value(own->job->btf, dump->value_btf, entry->value, values + cpu * stride,
					  dump->value_size);
		else
			memcpy(entry->value, values, dump->value_size);
	}
	free(values);
}

static void dump_keys(const struct own *own, struct map_dump *dump, struct iov_map *map,
		      const struct iov_map_info *info)
{
	uint8_t *key = need(calloc(2, dump->key_size + 1)), *next = key + dump->key_size + 1;
	bool first = true;

	while (!iov_map_next_key(map, first ? NULL : key, next)) {
		first = false;
		memcpy(key, next, dump->key_size);
		add_entry(own, dump, map, info, key);
	}
	free(key);
}

static void dump_queue(struct map_dump *dump, struct iov_map *map)
{
	uint8_t *value = need(calloc(1, dump->value_size + 8));

	dump->ring = true;
	while (!iov_map_pop(map, value))
		map_add_entry(dump, NULL, value, dump->value_size);
	free(value);
}

/* Entries of program arrays and of maps of maps are ids: see kernel.c. */
static bool has_keys(uint32_t type)
{
	return type != BPF_MAP_TYPE_PROG_ARRAY && type != BPF_MAP_TYPE_ARRAY_OF_MAPS &&
	       type != BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* Types and value sizes are those that libbpf reads from the object: see packets.h. */
static void dump_map(const struct own *own, struct trial *run, struct iov_map *map)
{
	const struct bpf_map *bpf;
	struct iov_map_info info;
	struct map_dump *dump;

	iov_map_info(map, &info);
	bpf = bpf_object__find_map_by_name(own->job->bpf, info.name);
	dump = trial_add_map(run, info.name);
	if (!bpf)
		return;
	dump->type = bpf_map__type(bpf);
	dump->key_size = info.key_size;
	dump->value_size = bpf_map__value_size(bpf);
	dump->key_btf = bpf_map__btf_key_type_id(bpf);
	dump->value_btf = bpf_map__btf_value_type_id(bpf);
	if (dump->type == BPF_MAP_TYPE_RINGBUF) {
		dump->ring = true;
		dump->value_btf = record_type(own->job->btf, info.name);
		iov_ring_consume(map, add_record, dump);
	} else if (dump->type == BPF_MAP_TYPE_QUEUE || dump->type == BPF_MAP_TYPE_STACK) {
		dump_queue(dump, map);
	} else if (has_keys(dump->type)) {
		dump_keys(own, dump, map, &info);
	}
}

static void dump_maps(const struct own *own, struct trial *run)
{
	struct iov_map *map;

	for (size_t i = 0; (map = iov_module_map_at(own->module, i)); i++)
		dump_map(own, run, map);
}

/* A buffer that ends where no one may read: a load or store behind it is a fault, in machine code too. */
static uint8_t *guarded(size_t size)
{
	static uint8_t *end;

	if (!end) {
		uint8_t *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (pages == MAP_FAILED || mprotect(pages + 2 * PAGE, PAGE, PROT_NONE))
			need(NULL);
		end = pages + 2 * PAGE;
	}
	memset(end - 2 * PAGE, 0, 2 * PAGE);
	return end - size;
}

/* A frame behind its headroom; the buffer ends with the tailroom, or, when the job is tight, with the frame. */
static bool run_frame(const struct own *own, const struct frame *frame, struct result *result)
{
	size_t headroom = own->job->skb ? SKB_HEADROOM : HEADROOM;
	size_t size = headroom + (own->job->tight ? (size_t)frame->len : BUFFER - HEADROOM);
	uint8_t *buffer = guarded(size);
	uint32_t pulled = frame->len < own->job->pulled ? frame->len : own->job->pulled;
	struct iov_packet packet = {.buffer = buffer, .size = size, .start = headroom + pulled,
				    .length = frame->len - pulled};

	if (frame->len > BUFFER - HEADROOM) {
		snprintf(own->why, 512, "a frame of %u bytes is too long for this test", frame->len);
		return false;
	}
	memcpy(buffer + headroom, frame->data, frame->len);
	if (iov_run(own->program, own->worker, &packet, &result->verdict)) {
		snprintf(own->why, 512, "iov_run refused a frame of %u bytes", frame->len);
		return false;
	}
	if (own->job->alone)
		iov_worker_run_timers(own->worker);
	if (own->job->below_link && packet.length >= 14)
		memset(buffer + packet.start, 0, 14); /* TEST_RUN puts zeros where the link header was */
	result->len = (uint32_t)(packet.meta + packet.length + pulled); /* TEST_RUN gives metadata out, too */
	result->data = need(calloc(1, result->len + 1));               /* and zeros as the header that it hid */
	memcpy(result->data + pulled, buffer + packet.start - packet.meta, packet.meta + packet.length);
	return true;
}

static enum outcome run_frames(const struct own *own, struct trial *run)
{
	const struct frames *frames = own->job->frames;

	run->results = need(calloc(frames->count, sizeof(*run->results)));
	for (uint32_t i = 0; i < frames->count; i++)
		if (!run_frame(own, &frames->at[i], &run->results[i]))
			return FAILED;
	dump_maps(own, run);
	trial_finish(own->job, run);
	return RAN;
}

/* What the rules put in, so that the kernel gets the same: parameters (in .rodata) and the maps that they name. */
static void read_back(const struct own *own, const struct iov_yaml *rules)
{
	const struct iov_yaml *maps = yml_get(rules, "maps");

	if (own->job->presets.map_count)
		return;
	for (uint32_t i = 0; maps && i < maps->count; i++)
		dump_map(own, &own->job->presets, iov_module_map(own->module, maps->keys[i]->text));
	if (yml_get(rules, "parameters"))
		dump_map(own, &own->job->presets, iov_module_map(own->module, ".rodata"));
}

static bool size_maps(const struct own *own)
{
	const struct bpf_map *map;

	bpf_object__for_each_map(map, own->job->bpf)
		if (loader_size(map) &&
		    iov_module_set_entries(own->module, bpf_map__name(map), loader_size(map), own->sink))
			return false;
	return true;
}

/* A type that the section's name does not say; the catalogue has the kernel's numbers. */
static bool say_type(const struct own *own)
{
	const struct iov_prog_type *type = catalogue_prog_type(own->job->type);

	return !type || !iov_module_set_type(own->module, NULL, type->name, own->sink);
}

/* What libbpf gives of the kernel that it runs on. */
static bool set_like_kernel(const struct own *own)
{
	unsigned v[3] = {0};
	char version[24];
	struct utsname kernel;
	struct iov_buf text;
	bool ok = true;

	uname(&kernel);
	sscanf(kernel.release, "%u.%u.%u", &v[0], &v[1], &v[2]);
	snprintf(version, sizeof(version), "%u", v[0] << 16 | v[1] << 8 | (v[2] < 255 ? v[2] : 255));

	if (has_variable(own->job->btf, "LINUX_KERNEL_VERSION"))
		ok &= !iov_module_set(own->module, "LINUX_KERNEL_VERSION", version, own->sink);
	if (!own->job->config)
		return ok;
	buf_init(&text, NULL);
	ok &= !input_read(own->job->config, 0, &text, own->sink) &&
	      !iov_module_set_config(own->module, (const char *)text.data, text.len, own->job->config, own->sink);
	buf_free(&text);
	return ok;
}

/* Around iov_module_load, the way iovrun does it. */
static bool load_with_rules(struct own *own, const struct iov_load_options *options, struct iov_arena *arena)
{
	const struct run_options paths = {.rules = own->job->rules};
	struct run run = {.options = &paths, .arena = arena, .sink = own->sink, .module = own->module};
	const struct iov_yaml *rules = NULL;

	if (rules_read(&run, &rules) || rules_parameters(&run, rules) ||
	    iov_module_load(own->module, options, own->sink) || rules_maps(own->module, rules, arena, own->sink))
		return false;
	read_back(own, rules);
	return true;
}

static enum outcome load(struct own *own, const char *engine)
{
	struct iov_load_options options = {
		.engine = !strcmp(engine, "jit") ? IOV_ENGINE_MACHINE : IOV_ENGINE_INTERPRETER,
		.cpus = 2,
		.seed = 1,
		.program = own->job->alone ? own->job->program : NULL,
		.target_btf = own->job->alone ? "auto" : NULL,
	};
	struct iov_arena arena;
	bool loaded;

	arena_init(&arena, NULL);
	loaded = !iov_module_open_file(own->job->object, NULL, own->sink, &own->module) &&
		 (!own->job->alone || (say_type(own) && size_maps(own) && set_like_kernel(own))) &&
		 load_with_rules(own, &options, &arena);
	arena_free(&arena);
	if (!loaded)
		return refuse(own);
	own->program = iov_module_program(own->module, own->job->program);
	own->worker = iov_worker_new(own->module, 0);
	if (own->worker)
		iov_worker_set_network(own->worker, own->network);
	return own->program && own->worker ? RAN : refuse(own);
}

enum outcome own_run(struct job *job, const char *engine, struct trial *run, char *why)
{
	struct own own = {.job = job, .sink = iov_sink_new(NULL), .why = why, .network = loopback()};
	enum outcome outcome = load(&own, engine);

	if (outcome == RAN)
		outcome = run_frames(&own, run);
	iov_worker_free(own.worker);
	iov_module_close(own.module);
	iov_sink_free(own.sink);
	iov_network_free(own.network);
	return outcome;
}
