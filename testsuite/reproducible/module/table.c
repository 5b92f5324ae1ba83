/* SPDX-License-Identifier: Apache-2.0 */
#include "shared.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 4);
} blocked SEC(".maps");

__u32 table_find(const __u32 *key)
{
	__u32 k, *b;

	if (!key)
		return 0;
	k = *key;
	b = bpf_map_lookup_elem(&blocked, &k);
	return b ? *b : 0;
}

char _license[] SEC("license") = "Dual MIT/GPL";
