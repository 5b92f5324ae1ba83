// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// The index is signed and checked from above only: it may be negative.
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
	int slot = ctx->rx_queue_index;
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
//= STDERR
//| signed_index.c:31:2: error: `table` may move too far: `slot` may be negative [IOV-V033]
//|    31 |         table->hits[slot]++;
//|       |         ^
//|   at:   count:insn 13
//|   why:  the offset made of it may be -17179869184..17179869176; a pointer moves by less than 2^29 bytes
//|   path: 1. signed_index.c:27:6: goes on at line 31
//|    27 |         if (!table)
//|       |             ^
//|   hint: declare `slot` unsigned, or write before it: `if (slot < 0) return …;`, and bound it from above
