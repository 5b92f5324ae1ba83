// RUN: iovcc -O2 -Werror=iov -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key {
	__u8 queue;
	__u32 interface;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct key);
	__type(value, __u64);
} hits SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct key key = {};
	__u64 *n;

	key.queue = ctx->rx_queue_index;
	key.interface = ctx->ingress_ifindex;
	n = bpf_map_lookup_elem(&hits, &key);
	if (n)
		__sync_fetch_and_add(n, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
