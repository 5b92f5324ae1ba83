// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct scratch {
	unsigned char bytes[600];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch_space SEC(".maps");

SEC("xdp")
int checksum(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct scratch *scratch = bpf_map_lookup_elem(&scratch_space, &key);
	unsigned int sum = 0;

	if (!scratch)
		return XDP_PASS;
	if (bpf_xdp_load_bytes(ctx, 0, scratch->bytes, sizeof(scratch->bytes)))
		return XDP_PASS;
	for (int i = 0; i < sizeof(scratch->bytes); i++)
		sum += scratch->bytes[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
