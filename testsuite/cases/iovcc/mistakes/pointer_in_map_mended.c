// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
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
	long length = (long)ctx->data_end - (long)ctx->data;
	__u32 key = 0;
	__u64 *slot = bpf_map_lookup_elem(&last, &key);

	if (!slot)
		return XDP_PASS;
	*slot = length;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
