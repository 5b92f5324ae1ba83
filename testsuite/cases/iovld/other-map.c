#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 64);
} flows SEC(".maps");

long parse(struct xdp_md *ctx, int f)
{
	__u32 key = f;

	return bpf_map_lookup_elem(&flows, &key) != 0;
}

char _license[] SEC("license") = "Proprietary";
