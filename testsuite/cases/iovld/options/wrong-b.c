#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
} seen SEC(".maps");

SEC("tc") int second(struct __sk_buff *skb)
{
	__u32 key = 1;
	__u64 *n = bpf_map_lookup_elem(&seen, &key);

	*n += 1;
	return 0;
}
char _license[] SEC("license") = "GPL";
