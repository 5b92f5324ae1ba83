// RUN: iovcc -O2 -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -Wno-iov-padding -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
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
#ifndef MENDED
	struct key key;
	__u64 *n;
#else
	struct key key = {};
	__u64 *n;
#endif

	key.queue = ctx->rx_queue_index;
	key.interface = ctx->ingress_ifindex;
	n = bpf_map_lookup_elem(&hits, &key);
	if (n)
		__sync_fetch_and_add(n, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| padding.c:32:6: warning: map key `key` has 3 bytes of padding that were never written [-Wiov-padding] [IOV-W008]
//|    32 |         n = bpf_map_lookup_elem(&hits, &key);
//|       |             ^
//|   why:  bytes 1 to 3 of 8 belong to no member, and a map compares and copies them too
//|   hint: __builtin_memset(&key, 0, sizeof(key)); first
