// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifndef MENDED
void *malloc(unsigned long size);
#else
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[100]);
} scratch SEC(".maps");
#endif

SEC("xdp")
int copy(struct xdp_md *ctx)
{
#ifndef MENDED
	char *buffer = malloc(100);
#else
	__u32 first = 0;
	char *buffer = bpf_map_lookup_elem(&scratch, &first);
#endif

	if (!buffer || bpf_xdp_load_bytes(ctx, 0, buffer, 100))
		return XDP_PASS;
	return buffer[50] ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| malloc.c:22:17: error: BPF has no C library, and so no malloc() [IOV-S011]
//|    22 |         char *buffer = malloc(100);
//|       |                        ^
//|   why:  this is in function `copy`
//|   hint: take memory from a map (one entry of a BPF_MAP_TYPE_PERCPU_ARRAY is scratch space)
