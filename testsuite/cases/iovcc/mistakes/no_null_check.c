// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Uses what a map lookup returned without asking whether there was an entry.
#include <linux/bpf.h>
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
	__u64 *counter = bpf_map_lookup_elem(&packets, &key);

	*counter += 1;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| no_null_check.c:21:11: error: `counter` may be NULL: the lookup in map `packets` can fail [IOV-V025]
//|    21 |         *counter += 1;
//|       |                  ^
//|   at:   count:insn 7
//|   why:  no_null_check.c:19:19: bpf_map_lookup_elem() at line 19 gives NULL when it fails, and nothing tests `counter` before this use
//|    19 |         __u64 *counter = bpf_map_lookup_elem(&packets, &key);
//|       |                          ^
//|   path: 1. there is no branch before it: every run comes here
//|   hint: test it right after the call: `if (!counter) return …;`
