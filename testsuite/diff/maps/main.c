/* SPDX-License-Identifier: Apache-2.0 */
/* Our maps against the live kernel's, through bpf(2): the same random history on both, and every answer, value, error
 * and the whole contents compared. Prints one result line a map. LRU maps stay below their size here, since which entry
 * goes is each implementation's own. */
#include "runtime/maps/map.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TURNS = 20000, MAX_KEY = 32, MAX_VALUE = 64, MAX_CPUS = 64, MAX_KEYS = 256 };

struct sides {
	const struct iov_map_def *def;
	struct iov_map *map;
	int fd;
	size_t value_size; /* bytes of all CPUs */
};

static uint64_t rng_state;
static uint32_t rnd(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(rng_state >> 33) % below;
}

static int64_t kernel(int cmd, union bpf_attr *attr)
{
	long got = syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	return got < 0 ? -errno : got;
}

static int64_t on_elem(const struct sides *s, int cmd, const void *key, const void *value, uint64_t flags)
{
	union bpf_attr attr = {0};

	attr.map_fd = (uint32_t)s->fd;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)value;
	attr.flags = flags;
	return kernel(cmd, &attr);
}

static int create(const struct iov_map_def *def)
{
	union bpf_attr attr = {.map_type = def->type, .key_size = def->key_size, .value_size = def->value_size,
			       .max_entries = def->max_entries, .map_flags = def->flags};

	return (int)kernel(BPF_MAP_CREATE, &attr);
}

static uint32_t possible_cpus(void)
{
	FILE *f = fopen("/sys/devices/system/cpu/possible", "r");
	unsigned first = 0, last = 0;
	int got = f ? fscanf(f, "%u-%u", &first, &last) : 0;

	if (f)
		fclose(f);
	return got == 2 ? last + 1 : 1;
}

static bool per_cpu(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

static bool is_queue(const struct iov_map_def *def) { return !def->key_size; }

static void random_key(const struct iov_map_def *def, uint8_t *key)
{
	uint32_t v = rnd(def->max_entries * 5 / 4 + 2), bits;

	if (def->type == BPF_MAP_TYPE_LRU_HASH || def->type == BPF_MAP_TYPE_LRU_PERCPU_HASH)
		v = rnd(200);
	memset(key, 0, MAX_KEY);
	if (is_queue(def))
		return;
	if (def->type != BPF_MAP_TYPE_LPM_TRIE) {
		memcpy(key, &v, def->key_size < 4 ? def->key_size : 4);
		return;
	}
	bits = rnd((def->key_size - 4) * 8 + 2);
	memcpy(key, &bits, 4);
	for (uint32_t i = 4; i < def->key_size; i++)
		key[i] = (uint8_t)(rnd(2) ? 0 : rnd(2) ? 0x80 >> rnd(8) : 0xff);
}

static bool differ(const struct sides *s, const char *what, int64_t want, int64_t got)
{
	if (want == got)
		return false;
	printf("FAIL diff maps %s: %s gives %lld in the kernel, %lld here\n", s->def->name, what, (long long)want,
	       (long long)got);
	return true;
}

static bool same_value(const struct sides *s, const char *what, const uint8_t *want, const uint8_t *got)
{
	size_t stride = per_cpu(s->def->type) ? (s->def->value_size + 7) / 8 * 8 : s->def->value_size;

	for (size_t at = 0; at < s->value_size; at += stride)
		if (memcmp(want + at, got + at, s->def->value_size)) {
			printf("FAIL diff maps %s: %s gives other bytes\n", s->def->name, what);
			return false;
		}
	return true;
}

static bool update(const struct sides *s, const uint8_t *key)
{
	static const uint64_t flags[] = {0, 0, 0, 0, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK, 3, 8};
	uint8_t value[MAX_CPUS * MAX_VALUE];
	uint64_t flag = flags[rnd(sizeof(flags) / sizeof(flags[0]))];
	const void *k = is_queue(s->def) ? NULL : key;

	for (size_t i = 0; i < s->value_size; i++)
		value[i] = (uint8_t)rnd(256);
	return !differ(s, "update", on_elem(s, BPF_MAP_UPDATE_ELEM, k, value, flag), map_write(s->map, k, value, flag));
}

static bool erase(const struct sides *s, const uint8_t *key)
{
	if (is_queue(s->def))
		return true;
	return !differ(s, "delete", on_elem(s, BPF_MAP_DELETE_ELEM, key, NULL, 0), map_erase(s->map, key));
}

static bool lookup(const struct sides *s, const uint8_t *key)
{
	uint8_t want[MAX_CPUS * MAX_VALUE] = {0}, got[MAX_CPUS * MAX_VALUE] = {0};
	bool pop = is_queue(s->def) && rnd(3);
	const void *k = is_queue(s->def) ? NULL : key;
	int64_t a, b;

	a = on_elem(s, pop ? BPF_MAP_LOOKUP_AND_DELETE_ELEM : BPF_MAP_LOOKUP_ELEM, k, want, 0);
	b = pop ? s->map->ops->pop(s->map, got) : map_read(s->map, k, got);
	return !differ(s, "lookup", a, b) && same_value(s, "lookup", want, got);
}

static int by_bytes(const void *a, const void *b) { return memcmp(a, b, MAX_KEY); }

/* A prefix has bits behind its length that each side may store as it likes. */
static void mask_key(const struct iov_map_def *def, uint8_t *key)
{
	uint32_t bits;

	memcpy(&bits, key, 4);
	for (uint32_t i = bits; def->type == BPF_MAP_TYPE_LPM_TRIE && i < (def->key_size - 4) * 8; i++)
		key[4 + i / 8] &= (uint8_t)~(0x80 >> i % 8);
}

static unsigned walk_kernel(const struct sides *s, uint8_t keys[][MAX_KEY])
{
	union bpf_attr attr = {0};
	unsigned n = 0;

	memset(keys, 0, (size_t)MAX_KEYS * MAX_KEY);
	for (attr.map_fd = (uint32_t)s->fd; n < MAX_KEYS; n++) {
		attr.key = n ? (uintptr_t)keys[n - 1] : 0;
		attr.next_key = (uintptr_t)keys[n];
		if (kernel(BPF_MAP_GET_NEXT_KEY, &attr))
			break;
	}
	return n;
}

static bool contents(const struct sides *s)
{
	static uint8_t want[MAX_KEYS][MAX_KEY], got[MAX_KEYS][MAX_KEY];
	unsigned n = walk_kernel(s, want), m = 0;

	memset(got, 0, sizeof(got));
	while (m < MAX_KEYS && !map_next_key(s->map, m ? got[m - 1] : NULL, got[m]))
		m++;
	if (differ(s, "number of keys", n, m))
		return false;
	for (unsigned i = 0; i < n; i++) {
		if (!lookup(s, want[i]))
			return false;
		mask_key(s->def, want[i]);
		mask_key(s->def, got[i]);
	}
	qsort(want, n, MAX_KEY, by_bytes);
	qsort(got, n, MAX_KEY, by_bytes);
	if (!memcmp(want, got, sizeof(want[0]) * n))
		return true;
	printf("FAIL diff maps %s: the walk gives other keys\n", s->def->name);
	return false;
}

static bool history(const struct sides *s)
{
	for (unsigned turn = 0; turn < TURNS; turn++) {
		uint8_t key[MAX_KEY];
		uint32_t what = rnd(4);

		random_key(s->def, key);
		if (!(what < 2 ? update(s, key) : what == 2 ? erase(s, key) : lookup(s, key)))
			return false;
		if (turn % 1000 == 0 && !is_queue(s->def) && !contents(s))
			return false;
	}
	return is_queue(s->def) || contents(s);
}

static bool one(const struct iov_map_def *def, uint32_t cpus)
{
	struct sides s = {.def = def, .fd = create(def)};
	struct iov_sink sink;
	bool ok = false;

	if (s.fd < 0) {
		printf("SKIP diff maps %s: the kernel makes no such map here: %s\n", def->name, strerror(-s.fd));
		return true;
	}
	sink_init(&sink, NULL);
	if (map_create(def, &(struct iov_map_options){.cpus = cpus, .seed = 7}, NULL, &sink, &s.map)) {
		printf("FAIL diff maps %s: refused here, taken by the kernel\n", def->name);
	} else {
		s.value_size = map_read_size(s.map);
		ok = history(&s);
	}
	if (ok)
		printf("PASS diff maps %s\n", def->name);
	map_destroy(s.map);
	sink_free(&sink);
	close(s.fd);
	return ok;
}

/* What the kernel says of definitions, and what we say. */
static bool definitions(void)
{
	static const struct iov_map_def defs[] = {
		{.name = "array key 8", .type = 2, .key_size = 8, .value_size = 4, .max_entries = 1},
		{.name = "array value 0", .type = 2, .key_size = 4, .max_entries = 1},
		{.name = "array entries 0", .type = 2, .key_size = 4, .value_size = 4},
		{.name = "hash key 0", .type = 1, .value_size = 4, .max_entries = 1},
		{.name = "hash key 512", .type = 1, .key_size = 512, .value_size = 4, .max_entries = 1},
		{.name = "hash value 0", .type = 1, .key_size = 4, .max_entries = 1},
		{.name = "lpm preallocated", .type = 11, .key_size = 8, .value_size = 4, .max_entries = 1},
		{.name = "lpm key 4", .type = 11, .key_size = 4, .value_size = 4, .max_entries = 1, .flags = 1},
		{.name = "lpm key 5", .type = 11, .key_size = 5, .value_size = 4, .max_entries = 1, .flags = 1},
		{.name = "lpm key 260", .type = 11, .key_size = 260, .value_size = 4, .max_entries = 1, .flags = 1},
		{.name = "lpm key 261", .type = 11, .key_size = 261, .value_size = 4, .max_entries = 1, .flags = 1},
		{.name = "queue key 4", .type = 22, .key_size = 4, .value_size = 4, .max_entries = 1},
		{.name = "queue value 0", .type = 22, .max_entries = 1},
		{.name = "ringbuf key 4", .type = 27, .key_size = 4, .max_entries = 4096},
		{.name = "ringbuf value 4", .type = 27, .value_size = 4, .max_entries = 4096},
		{.name = "ringbuf 4096", .type = 27, .max_entries = 4096},
		{.name = "prog array value 8", .type = 3, .key_size = 4, .value_size = 8, .max_entries = 1},
		{.name = "devmap value 8", .type = 14, .key_size = 4, .value_size = 8, .max_entries = 1},
		{.name = "devmap value 16", .type = 14, .key_size = 4, .value_size = 16, .max_entries = 1},
	};
	bool ok = true;

	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++) {
		int fd = create(&defs[i]);
		struct iov_map *map = NULL;
		struct iov_sink sink;
		bool refused;

		sink_init(&sink, NULL);
		refused = map_create(&defs[i], &(struct iov_map_options){.cpus = 1}, NULL, &sink, &map);
		if (refused != (fd < 0)) {
			printf("FAIL diff maps definition %s: the kernel %s it\n", defs[i].name,
			       fd < 0 ? "refuses" : "takes");
			ok = false;
		}
		map_destroy(map);
		sink_free(&sink);
		if (fd >= 0)
			close(fd);
	}
	if (ok)
		printf("PASS diff maps definitions\n");
	return ok;
}

int main(void)
{
	static const struct iov_map_def defs[] = {
		{.name = "array", .type = 2, .key_size = 4, .value_size = 12, .max_entries = 9},
		{.name = "percpu_array", .type = 6, .key_size = 4, .value_size = 5, .max_entries = 4},
		{.name = "hash", .type = 1, .key_size = 5, .value_size = 12, .max_entries = 13},
		{.name = "hash full size", .type = 1, .key_size = 8, .value_size = 64, .max_entries = 100},
		{.name = "hash not preallocated",
		 .type = 1,
		 .key_size = 8,
		 .value_size = 8,
		 .max_entries = 20,
		 .flags = 1},
		{.name = "percpu_hash", .type = 5, .key_size = 16, .value_size = 20, .max_entries = 20},
		{.name = "lru_hash", .type = 9, .key_size = 8, .value_size = 8, .max_entries = 10000},
		{.name = "lru_percpu_hash", .type = 10, .key_size = 8, .value_size = 8, .max_entries = 10000},
		{.name = "lpm_trie ipv4", .type = 11, .key_size = 8, .value_size = 9, .max_entries = 24, .flags = 1},
		{.name = "lpm_trie ipv6", .type = 11, .key_size = 20, .value_size = 8, .max_entries = 60, .flags = 1},
		{.name = "lpm_trie one byte",
		 .type = 11,
		 .key_size = 5,
		 .value_size = 1,
		 .max_entries = 30,
		 .flags = 1},
		{.name = "queue", .type = 22, .value_size = 8, .max_entries = 7},
		{.name = "stack", .type = 23, .value_size = 3, .max_entries = 7},
	};
	union bpf_attr probe = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
	int64_t fd = kernel(BPF_MAP_CREATE, &probe);
	uint32_t cpus = possible_cpus();
	bool ok = true;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (fd < 0 || cpus > MAX_CPUS) {
		printf("SKIP diff maps: bpf(2) cannot be used here: %s\n", strerror((int)-fd));
		return 0;
	}
	close((int)fd);
	for (size_t i = 0; i < sizeof(defs) / sizeof(defs[0]); i++) {
		rng_state = i + 1;
		ok &= one(&defs[i], cpus);
	}
	return !(definitions() && ok);
}
