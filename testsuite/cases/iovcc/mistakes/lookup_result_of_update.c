// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Takes the result of bpf_map_update_elem() for a pointer to the entry.
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

	counter = (void *)bpf_map_update_elem(&packets, &key, &one, BPF_NOEXIST);
	if (counter)
		*counter += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| lookup_result_of_update.c:24:12: error: `counter` is a number (any 64-bit number but 0), not a pointer that can be followed [IOV-V032]
//|    24 |                 *counter += 1;
//|       |                          ^
//|   at:   count:insn 13
//|   why:  line 22 has it from a calculation or a call that gives a number, not an address
//|   path: 1. lookup_result_of_update.c:23:6: `counter` is true: goes on at line 24
//|    23 |         if (counter)
//|       |             ^
//|   hint: take pointers from the context (ctx->data) or from a call that returns one, such as bpf_map_lookup_elem()
