// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=linux-6.1 --platform=iovrun -c %s -o %t.o
// RUN: iovdump --manifest %t.o | sed 's/sha256 .*/sha256 .../'
// RUN: iovdump --cost %t.o
// RUN: iovdump --manifest --json %t.o | python3 -c 'import json, sys; d = json.load(sys.stdin)["manifest"]; print([(f["program"], f["current"], f["worst_case"]["instructions"]) for f in d["facts"]], [(e["program"], e["platform"]) for e in d["evidence"]])'
// What iovcc records about each program, and for which platforms it was accepted.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 key = ctx->rx_queue_index & 3;
	__u64 *value = bpf_map_lookup_elem(&hits, &key);

	if (value)
		*value += 1;
	return XDP_PASS;
}

SEC("tc")
int length(struct __sk_buff *skb)
{
	return skb->len > 1500;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| manifest: 6 records
//| count (xdp): 14 slots, instruction set v1
//|   instructions  at most 13 executed in one run
//|   calls         bpf_map_lookup_elem: at most 1
//|   stack         16 bytes over 1 frame
//|   maps          64 bytes of keys and values when full: hits
//|   accepted      for linux-6.1 by iovcc 0.1.0: 13 instructions followed, 1 states
//|   accepted      for iovrun by iovcc 0.1.0: 13 instructions followed, 1 states
//|   code          sha256 ...
//|   layouts       hits sha256 ...
//| length (sched_cls): 5 slots, instruction set v3
//|   instructions  at most 5 executed in one run
//|   calls         none
//|   stack         0 bytes over 1 frame
//|   maps          none
//|   accepted      for linux-6.1 by iovcc 0.1.0: 6 instructions followed, 2 states
//|   accepted      for iovrun by iovcc 0.1.0: 6 instructions followed, 2 states
//|   code          sha256 ...
//| count:
//|   instructions  at most 13 executed in one run
//|   calls         bpf_map_lookup_elem: at most 1
//|   stack         16 bytes over 1 frame
//|   maps          64 bytes of keys and values when full: hits
//| length:
//|   instructions  at most 5 executed in one run
//|   calls         none
//|   stack         0 bytes over 1 frame
//|   maps          none
//| [('count', True, 13), ('length', True, 5)] [('count', 'linux-6.1'), ('count', 'iovrun'), ('length', 'linux-6.1'), ('length', 'iovrun')]
