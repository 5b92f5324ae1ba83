// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Two mistakes, one behind the other: both are told, each once, in one run.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u16);
	__type(value, __u64);
} ports SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);
	struct udphdr *udp;
	__u64 *counter;
	__u16 port;

	if ((void *)(ip + 1) > data_end || ip->protocol != IPPROTO_UDP)
		return XDP_PASS;
	udp = (void *)ip + ip->ihl * 4;
	port = udp->dest;
	counter = bpf_map_lookup_elem(&ports, &port);
	*counter += 1;
	return udp->len ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| two_causes.c:31:14: error: the packet is read through `udp` without a check against data_end [IOV-V023]
//|    31 |         port = udp->dest;
//|       |                     ^
//|   at:   count:insn 13
//|   why:  the pointer was moved by a number in 0..60; what was checked before does not count for it
//|         reading 2 bytes at offset 16 needs 18 bytes; on this path 0 are known to exist
//|   path: 1. two_causes.c:28:6: goes on at line 30
//|    28 |         if ((void *)(ip + 1) > data_end || ip->protocol != IPPROTO_UDP)
//|       |             ^
//|   hint: before it, write: `if ((void *)(udp + 1) > data_end) return …;`
//| two_causes.c:33:11: error: `counter` may be NULL: the lookup in map `ports` can fail [IOV-V025]
//|    33 |         *counter += 1;
//|       |                  ^
//|   at:   count:insn 20
//|   why:  two_causes.c:32:12: bpf_map_lookup_elem() at line 32 gives NULL when it fails, and nothing tests `counter` before this use
//|    32 |         counter = bpf_map_lookup_elem(&ports, &port);
//|       |                   ^
//|   path: 1. two_causes.c:28:6: goes on at line 30
//|    28 |         if ((void *)(ip + 1) > data_end || ip->protocol != IPPROTO_UDP)
//|       |             ^
//|   hint: test it right after the call: `if (!counter) return …;`
