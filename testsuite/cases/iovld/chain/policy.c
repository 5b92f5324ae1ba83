#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 4);
} blocked SEC(".maps");

int allowed(__u32 key)
{
	__u32 *b = bpf_map_lookup_elem(&blocked, &key);

	return !b || !*b;
}

char _license[] SEC("license") = "GPL";
