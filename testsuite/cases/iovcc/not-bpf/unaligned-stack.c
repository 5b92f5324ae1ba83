// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	char bytes[16];
	__u32 port;

	if (bpf_xdp_load_bytes(ctx, 0, bytes, sizeof(bytes)))
		return XDP_PASS;
#ifndef MENDED
	port = *(__u32 *)(bytes + 3);
#else
	__builtin_memcpy(&port, bytes + 3, sizeof(port));
#endif
	return port == 0x01010101 ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| unaligned-stack.c:16:9: error: 4-byte stack access at offset -13 [IOV-V036]
//|    16 |         port = *(__u32 *)(bytes + 3);
//|       |                ^
//|   at:   filter:insn 9
//|   why:  stack accesses must be naturally aligned
//|   path: 1. unaligned-stack.c:13:6: `bpf_xdp_load_bytes(ctx, 0, bytes, sizeof(bytes))` is false: goes on at line 16
//|    13 |         if (bpf_xdp_load_bytes(ctx, 0, bytes, sizeof(bytes)))
//|       |             ^
//|   hint: copy with __builtin_memcpy() into a variable of that type, or align the bytes: __attribute__((aligned(4)))
