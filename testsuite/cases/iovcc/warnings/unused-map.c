// RUN: iovcc -O2 -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -Wno-iov-unused-map -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} old_stats SEC(".maps");

SEC("xdp")
int pass(struct xdp_md *ctx)
{
#ifdef MENDED
	__u32 first = 0;

	if (!bpf_map_lookup_elem(&old_stats, &first))
		return XDP_DROP;
#endif
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| unused-map.c:12:3: warning: map `old_stats` is not used in this file [-Wiov-unused-map] [IOV-W011]
//|    12 | } old_stats SEC(".maps");
//|       |   ^~~~~~~~~
//|   hint: remove it; where user space alone uses it: -Wno-iov-unused-map
