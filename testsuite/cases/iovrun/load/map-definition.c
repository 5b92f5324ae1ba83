// RUN: iovcc -O2 -g -c -DKEY=__u32 %s -o %t.o && iovrun %t.o --no-timing >%t.log
// RUN: iovcc -O2 -g -c -fno-iov-verify -DKEY=__u64 %s -o %t.o
// RUN: iovrun %t.o
// EXIT: 1
// The key of an array has four bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, KEY);
	__type(value, __u64);
} counts SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	KEY key = 0;
	__u64 *seen = bpf_map_lookup_elem(&counts, &key);

	if (seen)
		++*seen;
	return XDP_PASS;
}
//= STDERR
//| map-definition.c:14: error: map `counts`: the key of an array has 4 bytes [IOV-R002]
//|    14 | } counts SEC(".maps");
