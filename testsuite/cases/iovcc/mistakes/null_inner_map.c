// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Looks into an inner map without asking whether there is one.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} tables SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 table = ctx->rx_queue_index, slot = 0;
	void *inner = bpf_map_lookup_elem(&tables, &table);
	__u64 *counter = bpf_map_lookup_elem(inner, &slot);

	if (counter)
		*counter += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| null_inner_map.c:28:19: error: `inner` may be NULL [IOV-V025]
//|    28 |         __u64 *counter = bpf_map_lookup_elem(inner, &slot);
//|       |                          ^
//|   at:   count:insn 12
//|   why:  null_inner_map.c:27:16: bpf_map_lookup_elem() at line 27 gives NULL when it fails, and nothing tests `inner` before this use
//|    27 |         void *inner = bpf_map_lookup_elem(&tables, &table);
//|       |                       ^
//|   path: 1. there is no branch before it: every run comes here
//|   hint: test it right after the call: `if (!inner) return …;`
