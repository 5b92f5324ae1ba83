/* SPDX-License-Identifier: Apache-2.0 */
#include "testsuite/diff/maps/diff.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool erase_any(const struct sides *s, const void *key)
{
	return !differ(s, "delete", on_elem(s, BPF_MAP_DELETE_ELEM, key, NULL, 0), map_erase(s->map, key));
}

static int64_t next_of(const struct sides *s, const void *key, void *next)
{
	union bpf_attr attr = {.map_fd = (uint32_t)s->fd, .key = (uintptr_t)key, .next_key = (uintptr_t)next};

	return kernel(BPF_MAP_GET_NEXT_KEY, &attr);
}

static bool table_answers(const struct sides *s)
{
	uint8_t want[8] = {0}, got[8] = {0};
	uint32_t next[2];
	bool ok = true;

	for (uint32_t key = 0; key < s->def->max_entries + 2 && key < 8; key++) {
		const void *k = is_queue(s->def) ? NULL : &key;

		ok = ok && (is_queue(s->def) || erase_any(s, k));
		/* Ports, which the host reads here, are sockets that Linux does not show. */
		ok = ok && (s->def->type == BPF_MAP_TYPE_XSKMAP ||
			    !differ(s, "lookup", on_elem(s, BPF_MAP_LOOKUP_ELEM, k, want, 0),
				    map_read(s->map, k, got)));
		ok = ok && (is_queue(s->def) || !differ(s, "next key", next_of(s, k, &next[0]),
							map_next_key(s->map, k, &next[1])));
	}
	printf("%s diff maps %s\n", ok ? "PASS" : "FAIL", s->def->name);
	return ok;
}

/* Types whose elements are files of the kernel's (programs, maps, sockets, events) and what is asked of them from
 * outside without one: keys, walks, deletions of what is not there. */
bool tables(void)
{
	static const uint32_t types[] = {BPF_MAP_TYPE_PROG_ARRAY, BPF_MAP_TYPE_PERF_EVENT_ARRAY, BPF_MAP_TYPE_XSKMAP,
					 BPF_MAP_TYPE_RINGBUF, BPF_MAP_TYPE_USER_RINGBUF,
					 BPF_MAP_TYPE_CGROUP_ARRAY};
	bool ok = true;

	for (size_t i = 0; i < plain_count; i++) {
		struct sides s = {.def = &plain_maps[i], .fd = -1};
		struct iov_sink sink;
		bool one_of = false;

		for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++)
			one_of |= plain_maps[i].type == types[k];
		if (!one_of)
			continue;
		s.fd = create(&plain_maps[i]);
		sink_init(&sink, NULL);
		if (s.fd < 0 || map_create(&plain_maps[i], &(struct iov_map_options){.cpus = 1}, NULL, &sink, &s.map)) {
			printf("SKIP diff maps %s: it cannot be made\n", plain_maps[i].name);
			continue;
		}
		s.value_size = map_read_size(s.map);
		ok &= table_answers(&s);
		map_destroy(s.map);
		close(s.fd);
	}
	return ok;
}

