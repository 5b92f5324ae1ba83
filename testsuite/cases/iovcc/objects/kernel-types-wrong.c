// RUN: iovcc -O2 -g -c %s -o %t.o
// EXIT: 1
// A map that is followed as if it were its value is a mistake with any types: no struct of the kernel's is meant.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} seen SEC(".maps");

SEC("tc")
int room(struct __sk_buff *ctx)
{
	__u32 *value = (__u32 *)&seen;

	return *value > 7;
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| kernel-types-wrong.c:19:9: error: `value` is the map `seen` itself, not a pointer that can be followed [IOV-V032]
//|    19 |         return *value > 7;
//|       |                ^
//|   at:   room:insn 2
//|   path: 1. there is no branch before it: every run comes here
//|   hint: get a pointer to an entry first: `value = bpf_map_lookup_elem(&seen, &key);`
