/* SPDX-License-Identifier: Apache-2.0 */
/* Which definitions of maps are taken: each size, each creation flag and each two of them, on each type, beside the
 * live kernel. Where both refuse one, the kind of the refusal is compared, too: EINVAL is a definition that makes no
 * sense (IOV-R002), E2BIG and ENOMEM one that is too large (IOV-R002 or IOV-R003). */
#include "testsuite/diff/maps/diff.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { LARGE = 1 << 20, BYTES_MOST = 1 << 27 };

static const struct iov_map_def inner = {.name = "inner", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 3};

const struct iov_map_def plain_maps[] = {
	{.name = "array", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 4},
	{.name = "percpu_array", .type = 6, .key_size = 4, .value_size = 8, .max_entries = 4},
	{.name = "hash", .type = 1, .key_size = 4, .value_size = 8, .max_entries = 4},
	{.name = "percpu_hash", .type = 5, .key_size = 4, .value_size = 8, .max_entries = 4},
	{.name = "lru_hash", .type = 9, .key_size = 4, .value_size = 8, .max_entries = 64},
	{.name = "lru_percpu_hash", .type = 10, .key_size = 4, .value_size = 8, .max_entries = 64},
	{.name = "lpm_trie", .type = 11, .key_size = 8, .value_size = 8, .max_entries = 4, .flags = 1},
	{.name = "prog_array", .type = 3, .key_size = 4, .value_size = 4, .max_entries = 4},
	{.name = "perf_event_array", .type = 4, .key_size = 4, .value_size = 4, .max_entries = 4},
	{.name = "cgroup_array", .type = 8, .key_size = 4, .value_size = 4, .max_entries = 4},
	{.name = "array_of_maps", .type = 12, .key_size = 4, .value_size = 4, .max_entries = 4, .inner = &inner},
	{.name = "hash_of_maps", .type = 13, .key_size = 4, .value_size = 4, .max_entries = 4, .inner = &inner},
	{.name = "devmap", .type = 14, .key_size = 4, .value_size = 4, .max_entries = 4},
	{.name = "devmap_hash", .type = 25, .key_size = 4, .value_size = 4, .max_entries = 4},
	{.name = "cpumap", .type = 16, .key_size = 4, .value_size = 4, .max_entries = 2},
	{.name = "xskmap", .type = 17, .key_size = 4, .value_size = 4, .max_entries = 4},
	{.name = "queue", .type = 22, .value_size = 4, .max_entries = 4},
	{.name = "stack", .type = 23, .value_size = 4, .max_entries = 4},
	{.name = "ringbuf", .type = 27, .max_entries = 4096},
	{.name = "user_ringbuf", .type = 31, .max_entries = 4096},
	{.name = "bloom_filter", .type = 30, .value_size = 4, .max_entries = 4},
	{.name = "cgroup_storage", .type = 19, .key_size = 8, .value_size = 4},
	{.name = "percpu_cgroup_storage", .type = 21, .key_size = 16, .value_size = 4},
};
const size_t plain_count = sizeof(plain_maps) / sizeof(plain_maps[0]);

/* Whether both take or refuse a definition. */
static bool same_definition(const struct iov_map_def *def)
{
	int fd = create(def);
	struct iov_map *map = NULL;
	struct iov_sink sink;
	bool refused, same;

	sink_init(&sink, NULL);
	refused = map_create(def, &(struct iov_map_options){.cpus = 1, .max_bytes = 1 << 28}, NULL, &sink, &map);
	same = refused == (fd < 0) && !(fd == -EINVAL && sink.first && sink.first->id != DIAG_MAP_DEFINITION);
	if (!same)
		printf("FAIL diff maps definition %s: key %u, value %u, entries %u, flags %#x: the kernel says %s; "
		       "here: %s\n",
		       def->name, def->key_size, def->value_size, def->max_entries, def->flags,
		       fd < 0 ? strerror(-fd) : "yes", sink.first ? sink.first->message : "yes");
	map_destroy(map);
	sink_free(&sink);
	if (fd >= 0)
		close(fd);
	return same;
}

/* What is not compared: storage that Linux leaves without a size, which the host here may give one; sizes that libbpf
 * puts right before Linux sees them (rings: to a power of two of pages; perf events: as many as CPUs); how many CPUs
 * this kernel was made for; and what both take memory for, too much to ask of a machine that does other things. */
static bool is_left_out(const struct iov_map_def *def)
{
	uint64_t bytes = ((uint64_t)def->key_size + def->value_size) * def->max_entries;

	switch (def->type) {
	case BPF_MAP_TYPE_CGROUP_STORAGE: case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE: return def->max_entries;
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY: return !def->max_entries;
	case BPF_MAP_TYPE_RINGBUF: case BPF_MAP_TYPE_USER_RINGBUF:
		return def->max_entries & (def->max_entries - 1) || (def->max_entries && def->max_entries < 4096);
	case BPF_MAP_TYPE_CPUMAP: return def->max_entries > MAX_CPUS;
	default: return bytes > BYTES_MOST && def->value_size < 1U << 31 && def->key_size < 1U << 31;
	}
}

static bool sweep_one(const struct iov_map_def *def) { return is_left_out(def) || same_definition(def); }

/* Each size of each type, at the ends of what it may be. */
static bool sizes(void)
{
	static const uint32_t sizes[] = {0, 1, 2, 3, 4, 5, 8, 12, 16, 255, 256, 260, 261, 511, 512, 513, 4095, 4096,
					 4097, 32768, 32769, 65535, 65536, LARGE, 2 * LARGE, 4 * LARGE, 8 * LARGE,
					 INT32_MAX, 1U << 31, UINT32_MAX};
	static const uint32_t entries[] = {0, 1, 2, 3, 4, 5, 255, 4095, 4096, 4097, 8192, 12288, 65536, 1U << 20};
	bool ok = true;

	for (size_t i = 0; i < plain_count; i++) {
		for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
			struct iov_map_def key = plain_maps[i], value = plain_maps[i];

			key.key_size = sizes[k];
			value.value_size = sizes[k];
			ok &= sweep_one(&key);
			ok &= sweep_one(&value);
		}
		for (size_t k = 0; k < sizeof(entries) / sizeof(entries[0]); k++) {
			struct iov_map_def def = plain_maps[i];

			def.max_entries = entries[k];
			ok &= sweep_one(&def);
		}
	}
	return ok;
}

/* Each creation flag, alone and with another, on each type; map_extra. */
static bool flags(void)
{
	enum { BITS = 32 };
	bool ok = true;

	for (size_t i = 0; i < plain_count * BITS * BITS; i++) {
		struct iov_map_def def = plain_maps[i / (BITS * BITS)];

		def.flags |= 1u << i % BITS | 1u << i / BITS % BITS;
		ok &= i % BITS > i / BITS % BITS || same_definition(&def);
	}
	for (size_t i = 0; i < plain_count * 64; i++) {
		struct iov_map_def def = plain_maps[i / 64];

		def.extra = 1ull << i % 64;
		ok &= same_definition(&def);
	}
	return ok;
}

bool definitions(void)
{
	bool same_sizes = sizes(), same_flags = flags();

	if (same_sizes)
		printf("PASS diff maps definitions\n");
	if (same_flags)
		printf("PASS diff maps flags\n");
	return same_sizes && same_flags;
}
