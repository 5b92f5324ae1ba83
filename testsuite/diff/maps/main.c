/* SPDX-License-Identifier: Apache-2.0 */
/* Our maps against the live kernel's, through bpf(2): the same random history on both, and every answer, value, error
 * and the whole contents compared. Prints one result line a map. LRU maps stay below their size here, since which entry
 * goes is each implementation's own. */
#include "testsuite/diff/maps/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TURNS = 20000, MAX_KEY = 1024, MAX_VALUE = 64, MAX_KEYS = 256 };

static uint64_t rng_state;
static uint32_t rnd(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(rng_state >> 33) % below;
}

int64_t kernel(int cmd, union bpf_attr *attr)
{
	enum { ENOTSUPP = 524 }; /* Linux' own, which is no errno */
	long got = syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	if (got < 0 && errno == ENOTSUPP)
		return -EOPNOTSUPP;
	return got < 0 ? -errno : got;
}

int64_t on_elem(const struct sides *s, int cmd, const void *key, const void *value, uint64_t flags)
{
	union bpf_attr attr = {0};

	attr.map_fd = (uint32_t)s->fd;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)value;
	attr.flags = flags;
	return kernel(cmd, &attr);
}

int create(const struct iov_map_def *def)
{
	union bpf_attr attr = {.map_type = def->type, .key_size = def->key_size, .value_size = def->value_size,
			       .max_entries = def->max_entries, .map_flags = def->flags, .map_extra = def->extra};
	int inner = def->inner ? create(def->inner) : -1, fd;

	if (def->inner)
		attr.inner_map_fd = (uint32_t)inner;
	fd = (int)kernel(BPF_MAP_CREATE, &attr);
	if (inner >= 0)
		close(inner);
	return fd;
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

static void random_key(const struct iov_map_def *def, uint8_t *key)
{
	uint32_t v = rnd(def->max_entries * 5 / 4 + 2), bits;

	if (def->type == BPF_MAP_TYPE_CPUMAP || def->type == BPF_MAP_TYPE_DEVMAP)
		v = rnd(def->max_entries + 2);

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

bool differ(const struct sides *s, const char *what, int64_t want, int64_t got)
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

/* Tables to redirect through: the loopback, a CPU's queue; and numbers that neither side takes. */
static void port_value(const struct iov_map_def *def, uint8_t *value)
{
	uint32_t word = 1;

	if (def->type == BPF_MAP_TYPE_CPUMAP)
		word = rnd(4) ? rnd(500) + 1 : 16385 + rnd(99);
	else if (def->type != BPF_MAP_TYPE_DEVMAP && def->type != BPF_MAP_TYPE_DEVMAP_HASH)
		return;
	memset(value, 0, def->value_size);
	memcpy(value, &word, sizeof(word));
}

static bool update(const struct sides *s, const uint8_t *key)
{
	static const uint64_t flags[] = {0, 0, 0, 0, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK, 3, 8};
	uint8_t value[MAX_CPUS * MAX_VALUE];
	uint64_t flag = flags[rnd(sizeof(flags) / sizeof(flags[0]))];
	const void *k = is_queue(s->def) ? NULL : key;

	for (size_t i = 0; i < s->value_size; i++)
		value[i] = (uint8_t)rnd(256);
	port_value(s->def, value);
	return !differ(s, "update", on_elem(s, BPF_MAP_UPDATE_ELEM, k, value, flag), map_write(s->map, k, value, flag));
}

static bool erase(const struct sides *s, const uint8_t *key)
{
	if (is_queue(s->def))
		return true;
	return !differ(s, "delete", on_elem(s, BPF_MAP_DELETE_ELEM, key, NULL, 0), map_erase(s->map, key));
}

static bool takes(uint32_t type)
{
	return type == BPF_MAP_TYPE_HASH || type == BPF_MAP_TYPE_LRU_HASH || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

static bool read_both(const struct sides *s, const uint8_t *key, bool pop)
{
	uint8_t want[MAX_CPUS * MAX_VALUE] = {0}, got[MAX_CPUS * MAX_VALUE] = {0};
	const void *k = is_queue(s->def) ? NULL : key;
	int64_t a, b;

	a = on_elem(s, pop ? BPF_MAP_LOOKUP_AND_DELETE_ELEM : BPF_MAP_LOOKUP_ELEM, k, want, 0);
	b = pop ? map_take(s->map, k, got) : map_read(s->map, k, got);
	return !differ(s, "lookup", a, b) && same_value(s, "lookup", want, got);
}

static bool lookup(const struct sides *s, const uint8_t *key)
{
	return read_both(s, key, is_queue(s->def) ? rnd(3) : takes(s->def->type) && !rnd(3));
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
		if (!read_both(s, want[i], false))
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

/* What a batch of the kernel's and of ours did with the same keys. */
static bool batch(const struct sides *s, int cmd, uint8_t *keys, uint8_t *values, uint32_t count)
{
	union bpf_attr attr = {.batch = {.keys = (uintptr_t)keys, .values = (uintptr_t)values, .count = count,
					 .map_fd = (uint32_t)s->fd, .elem_flags = rnd(8) ? 0 : BPF_NOEXIST}};
	uint32_t done = count;
	int64_t want = kernel(cmd, &attr), got;

	if (cmd == BPF_MAP_UPDATE_BATCH)
		got = map_write_batch(s->map, keys, values, &done, attr.batch.elem_flags);
	else
		got = map_erase_batch(s->map, keys, &done, attr.batch.elem_flags);
	if (want == got && (want == -EINVAL || want == -EPERM || want == -EOPNOTSUPP)) /* the count is left alone */
		return true;
	return !differ(s, "a batch", want, got) && !differ(s, "a batch's count", attr.batch.count, done);
}

static bool batches(const struct sides *s)
{
	enum { MOST = 8 };
	static uint8_t values[MOST * MAX_CPUS * MAX_VALUE];
	uint8_t keys[MOST * MAX_KEY], key[MAX_KEY];
	uint32_t count = 1 + rnd(MOST);

	for (uint32_t i = 0; i < count; i++) {
		random_key(s->def, key);
		memcpy(keys + (size_t)i * s->def->key_size, key, s->def->key_size);
	}
	for (size_t i = 0; i < count * s->value_size; i++)
		values[i] = (uint8_t)rnd(256);
	return batch(s, rnd(3) ? BPF_MAP_UPDATE_BATCH : BPF_MAP_DELETE_BATCH, keys, values, count);
}

/* Our walk in batches meets what the kernel has, each once. */
static bool batch_walk(const struct sides *s)
{
	static uint8_t keys[MAX_KEYS][MAX_KEY], raw[MAX_KEYS * MAX_KEY], values[MAX_KEYS * MAX_CPUS * MAX_VALUE];
	unsigned want = walk_kernel(s, keys), got = 0;
	uint64_t at = 0;
	int64_t error;

	do {
		uint32_t count = 1 + rnd(7);

		error = map_read_batch(s->map, &at, raw, values, &count, 0, false);
		for (uint32_t i = 0; i < count; i++)
			if (on_elem(s, BPF_MAP_LOOKUP_ELEM, raw + (size_t)i * s->def->key_size, values, 0))
				return !differ(s, "a key of a batch", 0, -ENOENT);
		got += count;
	} while (!error && got <= MAX_KEYS);
	return !differ(s, "the end of a batch", -ENOENT, error) && !differ(s, "keys in batches", want, got);
}

static bool has_batches(const struct iov_map_def *def)
{
	return takes(def->type) || def->type == BPF_MAP_TYPE_ARRAY || def->type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       def->type == BPF_MAP_TYPE_LPM_TRIE;
}

static bool history(const struct sides *s)
{
	for (unsigned turn = 0; turn < TURNS; turn++) {
		uint8_t key[MAX_KEY];
		uint32_t what = rnd(4);

		random_key(s->def, key);
		if (!(what < 2 ? update(s, key) : what == 2 ? erase(s, key) : lookup(s, key)))
			return false;
		if (has_batches(s->def) && turn % 8 == 0 && !batches(s))
			return false;
		if (turn % 1000 == 0 && !is_queue(s->def) && !contents(s))
			return false;
		if (turn % 1000 == 500 && has_batches(s->def) && !(s->def->flags & BPF_F_WRONLY) &&
		    !batch_walk(s))
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

/* What was added is found, by both; of what was not, both find about as much. */
static bool bloom(void)
{
	static const struct iov_map_def def = {.name = "bloom_filter", .type = 30, .value_size = 12,
					       .max_entries = 2000, .extra = 3};
	struct sides s = {.def = &def, .fd = create(&def)};
	unsigned wrong[2] = {0}, missing[2] = {0};
	struct iov_sink sink;

	if (s.fd < 0) {
		printf("SKIP diff maps bloom_filter: the kernel makes no such map here\n");
		return true;
	}
	sink_init(&sink, NULL);
	if (map_create(&def, &(struct iov_map_options){.cpus = 1, .seed = 9}, NULL, &sink, &s.map))
		return differ(&s, "create", 0, -1);
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t value[3] = {i % 10000, 7, i % 10000 * 77};
		bool add = i < 2000, ask = i >= 10000, in = i % 10000 < 2000;

		if (add && (on_elem(&s, BPF_MAP_UPDATE_ELEM, NULL, value, 0) || map_write(s.map, NULL, value, 0)))
			return !differ(&s, "update", 0, -1);
		if (!ask)
			continue;
		for (int side = 0; side < 2; side++) {
			bool there = !(side ? map_read(s.map, NULL, value)
					    : on_elem(&s, BPF_MAP_LOOKUP_ELEM, NULL, value, 0));

			missing[side] += in && !there;
			wrong[side] += !in && there;
		}
	}
	printf("%s diff maps bloom_filter: %u and %u of 8000 seem to be there\n",
	       missing[0] + missing[1] || wrong[1] > 2 * wrong[0] + 80 ? "FAIL" : "PASS", wrong[0], wrong[1]);
	map_destroy(s.map);
	sink_free(&sink);
	close(s.fd);
	return !missing[1];
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
		{.name = "hash large keys", .type = 1, .key_size = 707, .value_size = 8, .max_entries = 20},
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
		{.name = "devmap", .type = 14, .key_size = 4, .value_size = 4, .max_entries = 5},
		{.name = "devmap_hash", .type = 25, .key_size = 4, .value_size = 8, .max_entries = 5},
		{.name = "cpumap", .type = 16, .key_size = 4, .value_size = 4, .max_entries = 2},
		{.name = "array only read", .type = 2, .key_size = 4, .value_size = 4, .max_entries = 5, .flags = 8},
		{.name = "hash only read", .type = 1, .key_size = 4, .value_size = 4, .max_entries = 5, .flags = 8},
		{.name = "hash only written", .type = 1, .key_size = 4, .value_size = 4, .max_entries = 5, .flags = 16},
		{.name = "hash zero seed", .type = 1, .key_size = 4, .value_size = 4, .max_entries = 5, .flags = 64},
		{.name = "queue only read", .type = 22, .value_size = 8, .max_entries = 7, .flags = 8},
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
	ok &= definitions();
	ok &= tables();
	ok &= nested();
	ok &= batches_refused();
	return !(bloom() && ok);
}
