// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// An array of maps: two hashes behind one outer array, chosen by the frame's length.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct table {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, __u64);
};

struct table even SEC(".maps"), odd SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 3);
	__type(key, __u32);
	__array(values, struct table);
} outer SEC(".maps") = { .values = { [0] = &even, [1] = &odd } };

SEC("xdp")
int inner(struct xdp_md *ctx)
{
	__u32 len = (void *)(long)ctx->data_end - (void *)(long)ctx->data, which = len % 3;
	__u64 one = 1, *count;
	void *map = bpf_map_lookup_elem(&outer, &which);

	if (!map)
		return XDP_DROP;
	count = bpf_map_lookup_elem(map, &len);
	if (count)
		*count += 1;
	else
		bpf_map_update_elem(map, &len, &one, BPF_ANY);
	return count ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
