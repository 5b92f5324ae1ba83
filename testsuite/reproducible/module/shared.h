/* SPDX-License-Identifier: Apache-2.0 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum direction { IN, OUT };
struct hit {
	__u32 queue, weight;
	enum direction direction;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 64);
} hits SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

extern int weigh(int length);               /* weigh.s */
extern int allowed(__u32 key);              /* libpolicy.a */
extern __u32 table_find(const __u32 *key);  /* libpolicy.a, for allowed */

static inline void count(__u32 key, __u64 by)
{
	__u64 one = 1, *n = bpf_map_lookup_elem(&hits, &key);

	if (n)
		__sync_fetch_and_add(n, by);
	else
		bpf_map_update_elem(&hits, &key, &one, BPF_ANY);
}
