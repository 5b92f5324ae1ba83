// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovcc -Os -flto -c %s -o %t.bc
// RUN: iovcc -Os -flto %t.bc -o %t.o
/* Loops that LLVM makes calls of (memset of a size that only the run knows, or of 2048 bytes; memmove) stay loops. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[3000]);
} scratch SEC(".maps");

SEC("xdp")
int clear(struct xdp_md *ctx)
{
	__u32 first = 0, len = ctx->rx_queue_index;
	char *buffer = bpf_map_lookup_elem(&scratch, &first);

	if (!buffer)
		return XDP_PASS;
	for (__u32 i = 0; i < len && i < 64; i++)
		buffer[i] = 0;
	for (__u32 i = 0; i < 2048; i++)
		buffer[i] = 1;
	for (__u32 i = 0; i < 200; i++)
		buffer[i] = buffer[i + 4];
	return XDP_PASS;
}
