// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct table {
	__u64 hits[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 slot = ctx->rx_queue_index;
	__u32 key = 0;
	struct table *table = bpf_map_lookup_elem(&tables, &key);

	if (!table)
		return XDP_PASS;
	if (slot > 15)
		return XDP_PASS;
	table->hits[slot]++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
