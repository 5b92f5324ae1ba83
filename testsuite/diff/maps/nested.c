/* SPDX-License-Identifier: Apache-2.0 */
/* Maps of maps and program arrays beside the live kernel's: which maps are like a template, which programs go into an
 * array, and what is answered to keys, deletions and walks of tables that hold something. */
#include "testsuite/diff/maps/diff.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define F_INNER (1 << 12)

/* Templates, and what is put where they are asked for. */
static const struct iov_map_def kinds[] = {
	{.name = "array", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 3},
	{.name = "array of 5", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 5},
	{.name = "array of larger values", .type = 2, .key_size = 4, .value_size = 12, .max_entries = 3},
	{.name = "array, any size", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 3, .flags = F_INNER},
	{.name = "array of 7, any size", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 7, .flags = F_INNER},
	{.name = "array only read", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 3, .flags = 8},
	{.name = "percpu_array", .type = 6, .key_size = 4, .value_size = 8, .max_entries = 3},
	{.name = "percpu_array of 5", .type = 6, .key_size = 4, .value_size = 8, .max_entries = 5},
	{.name = "hash", .type = 1, .key_size = 4, .value_size = 8, .max_entries = 3},
	{.name = "hash of 9", .type = 1, .key_size = 4, .value_size = 8, .max_entries = 9},
	{.name = "hash, other keys", .type = 1, .key_size = 8, .value_size = 8, .max_entries = 3},
	{.name = "hash not preallocated", .type = 1, .key_size = 4, .value_size = 8, .max_entries = 3, .flags = 1},
	{.name = "lru_hash", .type = 9, .key_size = 4, .value_size = 8, .max_entries = 64},
	{.name = "lru_hash of 100", .type = 9, .key_size = 4, .value_size = 8, .max_entries = 100},
	{.name = "lpm_trie", .type = 11, .key_size = 8, .value_size = 8, .max_entries = 3, .flags = 1},
	{.name = "lpm_trie of 4", .type = 11, .key_size = 8, .value_size = 8, .max_entries = 4, .flags = 1},
	{.name = "queue", .type = 22, .value_size = 8, .max_entries = 3},
	{.name = "queue of 4", .type = 22, .value_size = 8, .max_entries = 4},
	{.name = "ringbuf", .type = 27, .max_entries = 4096},
	{.name = "ringbuf of 8192", .type = 27, .max_entries = 8192},
	{.name = "bloom_filter", .type = 30, .value_size = 8, .max_entries = 4},
	{.name = "bloom_filter of 5", .type = 30, .value_size = 8, .max_entries = 5},
	{.name = "devmap", .type = 14, .key_size = 4, .value_size = 4, .max_entries = 3},
	{.name = "devmap of 5", .type = 14, .key_size = 4, .value_size = 4, .max_entries = 5},
	{.name = "array_of_maps", .type = 12, .key_size = 4, .value_size = 4, .max_entries = 3, .inner = &kinds[0]},
	{.name = "prog_array", .type = 3, .key_size = 4, .value_size = 4, .max_entries = 3},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct sides made(const struct iov_map_def *def)
{
	struct sides s = {.def = def, .fd = create(def)};
	struct iov_sink sink;

	sink_init(&sink, NULL);
	(void)map_create(def, &(struct iov_map_options){.cpus = 1, .seed = 1}, NULL, &sink, &s.map);
	sink_free(&sink);
	return s;
}

static void unmake(struct sides *s)
{
	map_destroy(s->map);
	if (s->fd >= 0)
		close(s->fd);
}

/* The result of putting `inner` under `key`. */
static bool same_put(const struct sides *outer, uint32_t key, const struct sides *inner)
{
	int64_t want = on_elem(outer, BPF_MAP_UPDATE_ELEM, &key, &inner->fd, 0);
	int64_t got = table_set_map(outer->map, &key, inner->map);

	if (want == got)
		return true;
	printf("FAIL diff maps %s of %s: key %u takes %s: the kernel says %lld, here %lld\n", outer->def->name,
	       outer->def->inner->name, key, inner->def->name, (long long)want, (long long)got);
	return false;
}

static bool same_next(const struct sides *s, uint32_t key)
{
	uint32_t want = 0, got = 0;
	union bpf_attr attr = {.map_fd = (uint32_t)s->fd, .key = (uintptr_t)&key, .next_key = (uintptr_t)&want};

	return !differ(s, "next key", kernel(BPF_MAP_GET_NEXT_KEY, &attr), map_next_key(s->map, &key, &got)) &&
	       !differ(s, "the next key", want, got);
}

static bool same_erase(const struct sides *s, uint32_t key)
{
	return !differ(s, "delete", on_elem(s, BPF_MAP_DELETE_ELEM, &key, NULL, 0), map_erase(s->map, &key));
}

/* Every map into a table of one template's. */
static bool with_template(uint32_t type, const struct iov_map_def *template, const struct sides *inner)
{
	const struct iov_map_def def = {.name = type == BPF_MAP_TYPE_ARRAY_OF_MAPS ? "array_of_maps" : "hash_of_maps",
					.type = type, .key_size = 4, .value_size = 4, .max_entries = 2,
					.inner = template};
	struct sides outer = made(&def);
	bool ok = true;

	if (outer.fd < 0 || !outer.map) {
		ok = (outer.fd < 0) == !outer.map || differ(&outer, template->name, outer.fd, outer.map ? 0 : -1);
		unmake(&outer);
		return ok;
	}
	for (size_t i = 0; ok && i < KINDS; i++)
		ok = inner[i].fd < 0 || (same_put(&outer, 0, &inner[i]) && same_put(&outer, 3, &inner[i]));
	ok = ok && (type == BPF_MAP_TYPE_HASH_OF_MAPS || (same_next(&outer, 0) && same_next(&outer, 9))) &&
	     same_erase(&outer, 0) && same_erase(&outer, 0) && same_erase(&outer, 3);
	unmake(&outer);
	return ok;
}

static int load_program(uint32_t type)
{
	static const struct bpf_insn code[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr attr = {.prog_type = type, .insns = (uintptr_t)code, .insn_cnt = 2,
			       .license = (uintptr_t) "GPL"};

	return (int)kernel(BPF_PROG_LOAD, &attr);
}

/* A program array is for programs of the type that came first. */
static bool programs(void)
{
	static const struct iov_map_def def = {.name = "prog_array with programs", .type = BPF_MAP_TYPE_PROG_ARRAY,
					       .key_size = 4, .value_size = 4, .max_entries = 3};
	static const uint32_t types[] = {BPF_PROG_TYPE_XDP, BPF_PROG_TYPE_XDP, BPF_PROG_TYPE_SCHED_CLS};
	struct sides s = made(&def);
	bool ok = s.fd >= 0 && s.map;

	for (uint32_t i = 0; ok && i < 3; i++) {
		struct iov_prog prog = {.type = types[i]};
		struct iov_image image = {.prog = &prog};
		int fd = load_program(types[i]);

		for (uint32_t key = 0; ok && key < 5; key += 2)
			ok = !differ(&s, "update", on_elem(&s, BPF_MAP_UPDATE_ELEM, &key, &fd, 0),
				     table_set_image(s.map, key, &image));
		for (uint32_t key = 0; ok && key < 5; key++)
			ok = same_next(&s, key) && same_erase(&s, key) && same_erase(&s, key);
		close(fd);
	}
	unmake(&s);
	return ok;
}

bool nested(void)
{
	bool ok = programs(), maps = true;
	struct sides inner[KINDS];

	printf("%s diff maps prog_array with programs\n", ok ? "PASS" : "FAIL");
	for (size_t i = 0; i < KINDS; i++)
		inner[i] = made(&kinds[i]);
	for (size_t i = 0; i < KINDS; i++)
		maps = with_template(BPF_MAP_TYPE_ARRAY_OF_MAPS, &kinds[i], inner) &&
		       with_template(BPF_MAP_TYPE_HASH_OF_MAPS, &kinds[i], inner) && maps;
	for (size_t i = 0; i < KINDS; i++)
		unmake(&inner[i]);
	if (maps)
		printf("PASS diff maps of maps\n");
	return ok && maps;
}

/* Every operation on many elements, with and without what it needs: on types that have none, with flags, on maps that
 * may not be read or written, of nothing, of more than there is. A walk asks for more than was put in: Linux stops
 * before a bucket that it has no room for, and says with the last element that it is at its end, we when asked again.
 */
static bool same_batch(const struct sides *s, int cmd, uint32_t count, uint64_t flags)
{
	enum { MOST = 16 };
	static uint8_t values[2 * MOST * 8 * MAX_CPUS];
	bool walks = cmd == BPF_MAP_LOOKUP_BATCH || cmd == BPF_MAP_LOOKUP_AND_DELETE_BATCH;
	uint32_t keys[2 * MOST], done = walks && count ? count = 2 * MOST : count;
	uint64_t place = 0, at = 0;
	union bpf_attr attr = {.batch = {.out_batch = (uintptr_t)&place, .keys = (uintptr_t)keys,
					 .values = (uintptr_t)values, .count = count, .map_fd = (uint32_t)s->fd,
					 .elem_flags = flags}};
	int64_t want, got;

	for (uint32_t i = 0; i < 2 * MOST; i++)
		keys[i] = i;
	want = kernel(cmd, &attr);
	for (uint32_t i = 0; i < 2 * MOST; i++)
		keys[i] = i;
	if (walks)
		got = map_read_batch(s->map, &at, keys, values, &done, flags, cmd != BPF_MAP_LOOKUP_BATCH);
	else if (cmd == BPF_MAP_UPDATE_BATCH)
		got = map_write_batch(s->map, keys, values, &done, flags);
	else
		got = map_erase_batch(s->map, keys, &done, flags);
	if (want == got && (want == 0 || want == -ENOENT || want == -E2BIG) && attr.batch.count == done)
		return true;
	if (want == got && want != 0 && want != -ENOENT && want != -E2BIG)
		return true;
	printf("FAIL diff maps %s, flags %#x: batch command %d of %u, flags %llx: the kernel says %lld, %u done; here "
	       "%lld, %u\n",
	       s->def->name, s->def->flags, cmd, count, (unsigned long long)flags, (long long)want, attr.batch.count,
	       (long long)got, done);
	return false;
}

bool batches_refused(void)
{
	static const int commands[] = {BPF_MAP_LOOKUP_BATCH, BPF_MAP_UPDATE_BATCH, BPF_MAP_LOOKUP_BATCH,
				       BPF_MAP_LOOKUP_AND_DELETE_BATCH, BPF_MAP_UPDATE_BATCH, BPF_MAP_DELETE_BATCH};
	static const uint64_t flags[] = {1, 2, 4, 8, 1ull << 32, 0};
	static const uint32_t counts[] = {0, 3, 16}, access[] = {0, 8, 16};
	bool ok = true;

	for (size_t i = 0; i < plain_count * 3; i++) {
		struct iov_map_def def = plain_maps[i / 3];
		struct sides s;

		if (def.inner) /* Linux gives the numbers of the maps in it, which here have none */
			continue;
		def.flags |= access[i % 3];
		s = made(&def);
		for (size_t k = 0; s.fd >= 0 && s.map && k < sizeof(commands) / sizeof(commands[0]) * 18; k++)
			ok &= same_batch(&s, commands[k / 18], counts[k % 3], flags[k / 3 % 6]);
		unmake(&s);
	}
	if (ok)
		printf("PASS diff maps batches\n");
	return ok;
}
