// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
// EXIT: 1
// The compiler pads the key to 8 bytes; the last two are never written.
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

	key.address = ctx->ingress_ifindex;
	key.port = ctx->rx_queue_index;
	counter = bpf_map_lookup_elem(&flows, &key);
	if (counter)
		*counter += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| key_padding.c:29:12: error: byte 6 of `key` is read but was never written [IOV-V021]
//|    29 |         counter = bpf_map_lookup_elem(&flows, &key);
//|       |                   ^
//|   at:   count:insn 8
//|   why:  the call reads the stack bytes -8..-1 from the frame pointer; byte -2 was not written on this path
//|   path: 1. there is no branch before it: every run comes here
//|   hint: initialise all of it, padding included: `__builtin_memset(&key, 0, sizeof(key));`
