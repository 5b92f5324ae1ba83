// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// The table has 16 slots, 0 to 15; the check lets 16 through.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#define SLOTS 16

struct table {
	__u64 hits[SLOTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct table);
} tables SEC(".maps");

SEC("xdp")
int histogram(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	__u32 key = 0;
	struct table *table;
	__u32 slot;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	table = bpf_map_lookup_elem(&tables, &key);
	if (!table)
		return XDP_PASS;
	slot = eth->h_source[5];
	if (slot > SLOTS)
		return XDP_PASS;
	table->hits[slot]++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| index_out_of_range.c:40:19: error: the read through `table` can lie outside a value of map `tables` [IOV-V026]
//|    40 |         table->hits[slot]++;
//|       |                          ^
//|   at:   histogram:insn 17
//|   why:  `slot` may be 0..16
//|         8 bytes at offset 0..128 of a value of map `tables`, which has 128 bytes
//|   path: 1. index_out_of_range.c:32:6: `(void *)(eth + 1) > data_end` is false: goes on at line 34
//|    32 |         if ((void *)(eth + 1) > data_end)
//|       |             ^
//|         2. index_out_of_range.c:35:6: `!table` is false: goes on at line 37
//|    35 |         if (!table)
//|       |             ^
//|         3. index_out_of_range.c:38:6: `slot > SLOTS` is false: goes on at line 40
//|    38 |         if (slot > SLOTS)
//|       |             ^
//|   hint: before it, write: `if (slot >= 16) return …;`, with `slot` unsigned
