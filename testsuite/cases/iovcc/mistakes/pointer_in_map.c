// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
// EXIT: 1
// Keeps the address of the packet in a map.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} last SEC(".maps");

SEC("xdp")
int remember(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	__u32 key = 0;
	__u64 *slot = bpf_map_lookup_elem(&last, &key);

	if (!slot)
		return XDP_PASS;
	*slot = (__u64)data;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| pointer_in_map.c:25:8: error: the pointer `data` would be stored where it can be read as a number [IOV-V034]
//|    25 |         *slot = (__u64)data;
//|       |               ^
//|   at:   remember:insn 9
//|   why:  it is written through a pointer to a value of map `last`
//|   path: 1. pointer_in_map.c:23:6: `!slot` is false: goes on at line 25
//|    23 |         if (!slot)
//|       |             ^
//|   hint: store a number that means something later, such as a length (data_end - data) or a copy of the bytes
