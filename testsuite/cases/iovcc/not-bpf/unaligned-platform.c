// RUN: iovcc -O2 -mbig-endian --platform=example-npu -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -mbig-endian --platform=example-npu -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 word;

	if (data + 14 > end)
		return XDP_DROP;
#ifndef MENDED
	word = *(__u32 *)(data + 3);
#else
	__builtin_memcpy(&word, data + 3, sizeof(word));
#endif
	return word == 0x01010101 ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| unaligned-platform.c:16:9: error: 4-byte access at an address that is not a multiple of 4 [IOV-V036]
//|    16 |         word = *(__u32 *)(data + 3);
//|       |                ^
//|   at:   filter:insn 6
//|   why:  example-npu requires natural alignment
//|   path: 1. unaligned-platform.c:13:6: `data + 14 > end` is false: goes on at line 16
//|    13 |         if (data + 14 > end)
//|       |             ^
//|   hint: copy the bytes: `__builtin_memcpy(&value, pointer, 4)`, or declare the structure packed, so that the compiler reads it in pieces
