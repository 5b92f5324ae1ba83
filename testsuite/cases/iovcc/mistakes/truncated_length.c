// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Checks the lower 16 bits of a number and then uses all of it.
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
	if ((__u16)slot > 15)
		return XDP_PASS;
	table->hits[slot]++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| truncated_length.c:31:19: error: the read through `table` can lie outside a value of map `tables` [IOV-V026]
//|    31 |         table->hits[slot]++;
//|       |                          ^
//|   at:   count:insn 14
//|   why:  `slot` may be 0..4294967295
//|         the offset into a value of map `tables` has no upper bound; it has 128 bytes
//|   path: 1. truncated_length.c:27:6: goes on at line 31
//|    27 |         if (!table)
//|       |             ^
//|   hint: before it, write: `if (slot >= 16) return …;`, with `slot` unsigned
