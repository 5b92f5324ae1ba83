// RUN: iovcc -O2 -fvisibility=hidden -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// No other object can refer to it; loaders load it all the same.
SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return *(__u8 *)(long)ctx->data;
}
//= STDERR
//| hidden-program.c:10:9: error: the packet is read through r1 without a check against data_end [IOV-V023]
//|    10 |         return *(__u8 *)(long)ctx->data;
//|       |                ^
//|   at:   prog:insn 1
//|   why:  reading 1 byte at offset 0 needs 1 byte; on this path 0 are known to exist
//|   path: 1. there is no branch before it: every run comes here
//|   hint: before it, write: `if (data + 1 > data_end) return …;`
