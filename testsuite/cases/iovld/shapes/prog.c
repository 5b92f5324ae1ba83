#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "shapes.h"

#define TABLE(name, kind, k, v)                                                                                        \
	struct {                                                                                                       \
		__uint(type, BPF_MAP_TYPE_##kind);                                                                     \
		__type(key, k);                                                                                        \
		__type(value, v);                                                                                      \
		__uint(max_entries, 4);                                                                                \
	} name SEC(".maps")
TABLE(plain, HASH, struct plain, struct squeezed);
TABLE(nested, HASH, struct inner, struct nested);
TABLE(spread, ARRAY, __u32, struct spread);
TABLE(fields, HASH, union pair, struct fields);
TABLE(cores, PERCPU_ARRAY, __u32, __u32);

struct words words = {1, 2, 3, 4};
long ticks;

SEC("xdp") int open(struct xdp_md *ctx)
{
	__u32 key = 0, *here = bpf_map_lookup_elem(&cores, &key);

	if (here)
		*here += 5;
	__sync_fetch_and_add(&ticks, words.new);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
