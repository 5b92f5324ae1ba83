// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	__u64 one = 1, *counter;

	bpf_map_update_elem(&packets, &key, &one, BPF_NOEXIST);
	counter = bpf_map_lookup_elem(&packets, &key);
	if (counter)
		*counter += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
