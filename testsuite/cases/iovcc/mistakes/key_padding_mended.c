// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 address;
	__u16 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct flow);
	__type(value, __u64);
} flows SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct flow key;
	__u64 *counter;

	__builtin_memset(&key, 0, sizeof(key));
	key.address = ctx->ingress_ifindex;
	key.port = ctx->rx_queue_index;
	counter = bpf_map_lookup_elem(&flows, &key);
	if (counter)
		*counter += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
