#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	INNER;
};
struct outer {
	struct inner in[2];
	struct {
		PLAIN;
	} plain;
	struct far {
		FAR;
	} *far;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct outer);
	__uint(max_entries, ENTRIES);
} map SEC(".maps");

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&map, &key) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
