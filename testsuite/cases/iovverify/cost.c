// RUN: iovcc -g -O2 -c %s -o %t.o && iovverify --cost %t.o | sed 's/[0-9.]* ms/T ms/'
// RUN: iovverify --json %t.o | python3 -c 'import json, sys; [print(d["program"], d["worst_case"]) for d in map(json.loads, sys.stdin)]'
// What one run costs at most: instructions, calls by name, stack, memory of maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1000);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	for (__u32 key = 0; key < 3; key++) {
		__u64 *value = bpf_map_lookup_elem(&hits, &key), first = 1;

		if (value)
			*value += 1;
		else
			bpf_map_update_elem(&hits, &key, &first, BPF_ANY);
	}
	return XDP_PASS;
}

SEC("tc")
int length(struct __sk_buff *skb)
{
	return skb->len > 1500;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: count (xdp) on iovrun: accepted; 68 instructions followed, 6 states, T ms; at most 59 instructions a run, 16 bytes of stack
//|   instructions  at most 59 executed in one run
//|   calls         bpf_map_lookup_elem: at most 3
//|                 bpf_map_update_elem: at most 3
//|   stack         16 bytes over 1 frame
//|   maps          16000 bytes of keys and values when full: hits
//| %tmp/out.o: length (sched_cls) on iovrun: accepted; 6 instructions followed, 2 states, T ms; at most 5 instructions a run, 0 bytes of stack
//|   instructions  at most 5 executed in one run
//|   calls         none
//|   stack         0 bytes over 1 frame
//|   maps          none
//| count {'instructions': 59, 'calls': {'map_lookup_elem': 3, 'map_update_elem': 3}, 'stack': 16, 'frames': 1, 'map_memory': 16000}
//| length {'instructions': 5, 'calls': {}, 'stack': 0, 'frames': 1, 'map_memory': 0}
