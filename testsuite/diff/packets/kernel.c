/* SPDX-License-Identifier: Apache-2.0 */
/* Owns: the live kernel as an engine: libbpf loads the object as it is, BPF_PROG_TEST_RUN runs each frame. */
#include "packets.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUT_ROOM 8192

/* libbpf has one print function for the process and no argument for it. */
static char first_error[400];

static int remember(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN && !*first_error)
		vsnprintf(first_error, sizeof(first_error), format, args);
	first_error[strcspn(first_error, "\n")] = 0;
	return 0;
}

static bool is_percpu(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

static void add_entry(const struct job *job, struct map_dump *map, int fd, const void *key, int cpus)
{
	uint32_t stride = (map->value_size + 7) & ~7u;
	uint8_t *values = need(calloc(is_percpu(map->type) ? (size_t)cpus : 1, stride));
	struct entry *entry;

	if (!bpf_map_lookup_elem(fd, key, values)) {
		entry = map_add_entry(map, key, NULL, map->value_size);
		if (is_percpu(map->type))
			for (int cpu = 0; cpu < cpus; cpu++)
				sum_value(job->btf, map->value_btf, entry->value, values + (size_t)cpu * stride,
					  map->value_size);
		else
			memcpy(entry->value, values, map->value_size);
	}
	free(values);
}

static int add_record(void *map, void *data, size_t size)
{
	map_add_entry(map, NULL, data, (uint32_t)size);
	return 0;
}

static void dump_ring(const struct job *job, struct map_dump *map, int fd)
{
	struct ring_buffer *ring = ring_buffer__new(fd, add_record, map, NULL);

	map->ring = true;
	map->key_size = 0;
	map->value_btf = record_type(job->btf, map->name);
	if (ring)
		ring_buffer__consume(ring);
	ring_buffer__free(ring);
}

static void dump_queue(struct map_dump *map, int fd)
{
	uint8_t *value = need(calloc(1, map->value_size));

	map->ring = true;
	while (!bpf_map_lookup_and_delete_elem(fd, NULL, value))
		map_add_entry(map, NULL, value, map->value_size);
	free(value);
}

static void dump_map(const struct job *job, struct trial *run, struct bpf_map *bpf)
{
	const char *name = bpf_map__name(bpf), *section = bpf_map__is_internal(bpf) ? strchr(name, '.') : NULL;
	struct map_dump *map = trial_add_map(run, section ? section : name); /* "firewall.rodata": as in our runtime */
	int fd = bpf_map__fd(bpf), cpus = libbpf_num_possible_cpus();
	uint8_t *key, *next;
	bool first = true;

	map->type = bpf_map__type(bpf);
	map->key_size = bpf_map__key_size(bpf);
	map->value_size = bpf_map__value_size(bpf);
	map->key_btf = bpf_map__btf_key_type_id(bpf);
	map->value_btf = bpf_map__btf_value_type_id(bpf);
	if (map->type == BPF_MAP_TYPE_RINGBUF) {
		dump_ring(job, map, fd);
		return;
	}
	if (map->type == BPF_MAP_TYPE_QUEUE || map->type == BPF_MAP_TYPE_STACK) {
		dump_queue(map, fd);
		return;
	}
	if (map->type == BPF_MAP_TYPE_PROG_ARRAY || map->type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	    map->type == BPF_MAP_TYPE_HASH_OF_MAPS)
		return; /* their values are the kernel's own ids */
	key = need(calloc(2, map->key_size + 1));
	next = key + map->key_size + 1;
	while (!bpf_map_get_next_key(fd, first ? NULL : key, next)) {
		first = false;
		memcpy(key, next, map->key_size);
		add_entry(job, map, fd, key, cpus);
	}
	free(key);
}

static bool fill_map(struct bpf_object *object, const struct map_dump *from, char *why)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, from->name);

	for (uint32_t i = 0; i < from->count && from->name[0] != '.'; i++) {
		const struct entry *e = &from->entries[i];

		if (map && !bpf_map__update_elem(map, e->key, from->key_size, e->value, from->value_size, BPF_ANY))
			continue;
		snprintf(why, 512, "the kernel takes no entry for map %s: %s", from->name, strerror(errno));
		return false;
	}
	return true;
}

bool kernel_takes(const struct job *job, const struct frame *frame)
{
	uint32_t proto;

	if (frame->len < 14)
		return false;
	proto = (uint32_t)frame->data[12] << 8 | frame->data[13];
	return !job->skb || frame->len >= (proto == 0x0800 ? 34u : proto == 0x86dd ? 54u : 14u);
}

/* A socket buffer comes in by port 1, the loopback, as ours and as XDP's do; TEST_RUN says 0 else. */
static bool run_frame(const struct job *job, int fd, const struct frame *frame, struct result *result, char *why)
{
	const struct __sk_buff port = {.ingress_ifindex = 1};
	uint8_t out[OUT_ROOM];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data, .data_size_in = frame->len, .data_out = out,
		    .data_size_out = sizeof(out), .repeat = 1);
	int error;

	if (job->skb && job->alone) {
		opts.ctx_in = &port;
		opts.ctx_size_in = sizeof(port);
	}
	error = bpf_prog_test_run_opts(fd, &opts);
	if (error) {
		snprintf(why, 512, "BPF_PROG_TEST_RUN of a frame of %u bytes: %s", frame->len, strerror(-error));
		return false;
	}
	result->verdict = opts.retval;
	result->len = opts.data_size_out;
	result->data = need(malloc(opts.data_size_out + 1));
	memcpy(result->data, out, opts.data_size_out);
	return true;
}

/* Parameters: data sections get their content before the object is loaded. */
static void set_sections(const struct job *job, struct bpf_object *object)
{
	for (uint32_t m = 0; m < job->presets.map_count; m++) {
		const struct map_dump *from = &job->presets.maps[m];
		struct bpf_map *map = bpf_object__find_map_by_name(object, from->name);

		if (map && from->name[0] == '.' && from->count)
			bpf_map__set_initial_value(map, from->entries[0].value, from->value_size);
	}
}

uint32_t loader_size(const struct bpf_map *map)
{
	enum { CGRP_STORAGE = 32, ENTRIES = 4096 }; /* CGRP_STORAGE: newer than Debian 12's headers */

	switch ((int)bpf_map__type(map)) {
	case CGRP_STORAGE: case BPF_MAP_TYPE_SK_STORAGE: case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case BPF_MAP_TYPE_CGROUP_STORAGE: case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
	case BPF_MAP_TYPE_STRUCT_OPS: return 0;
	case BPF_MAP_TYPE_CPUMAP: return bpf_map__max_entries(map) ? 0 : (uint32_t)libbpf_num_possible_cpus();
	default: return bpf_map__max_entries(map) || bpf_map__is_internal(map) ? 0 : ENTRIES;
	}
}

/* Nothing of it stays in the system, and maps that its loader would size get a size. */
static void load_alone(const struct job *job, struct bpf_object *object, struct bpf_program *alone)
{
	struct bpf_program *prog;
	struct bpf_map *map;

	bpf_object__for_each_program(prog, object) bpf_program__set_autoload(prog, prog == alone);
	bpf_program__set_type(alone, job->type);
	bpf_object__for_each_map(map, object)
	{
		bpf_map__set_pin_path(map, NULL);
		if (loader_size(map))
			bpf_map__set_max_entries(map, loader_size(map));
	}
}

static enum outcome run_object(const struct job *job, struct bpf_object *object, struct trial *run, char *why)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(object, job->program);
	struct bpf_map *map;

	if (!prog) {
		snprintf(why, 512, "no program of this name");
		return FAILED;
	}
	set_sections(job, object);
	if (job->alone)
		load_alone(job, object, prog);
	if (bpf_object__load(object)) {
		bool refused = errno == EPERM && geteuid();

		snprintf(why, 512, refused ? "needs root and bpf()" : "the kernel does not load it: %s", first_error);
		return refused ? SKIPPED : FAILED;
	}
	for (uint32_t m = 0; m < job->presets.map_count; m++)
		if (!fill_map(object, &job->presets.maps[m], why))
			return FAILED;
	run->results = need(calloc(job->frames->count, sizeof(*run->results)));
	for (uint32_t i = 0; i < job->frames->count; i++)
		if (!run_frame(job, bpf_program__fd(prog), &job->frames->at[i], &run->results[i], why))
			return FAILED;
	bpf_object__for_each_map(map, object) dump_map(job, run, map);
	trial_finish(job, run);
	return RAN;
}

enum outcome kernel_run(const struct job *job, struct trial *run, char *why)
{
	struct bpf_object *object;
	enum outcome outcome;

	libbpf_set_print(remember);
	*first_error = 0;
	object = bpf_object__open(job->object);
	if (!object) {
		snprintf(why, 512, "libbpf does not open it: %s", first_error);
		return FAILED;
	}
	outcome = run_object(job, object, run, why);
	bpf_object__close(object);
	return outcome;
}
