// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --code %t.s | head -1 && grep '^#' %t.s && { test "$(uname -m)" != x86_64 || tail -1 %t.s; }
// RUN: iovrun %t.o --code %t.s --engine interp; test $? = 2
// Machine code beside the instructions that it was made of.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int short_packets(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data < 60 ? XDP_DROP : XDP_PASS;
}
//= STDOUT
//| %tmp/out.o: xdp program short_packets (jit) is verified and loaded
//| # 0: r2 = *(u32 *)(r1 + 0)
//| # 1: r1 = *(u32 *)(r1 + 4)
//| # 2: w1 -= w2
//| # 3: w0 = 1
//| # 4: if w1 < 60 goto +1
//| # 5: w0 = 2
//| # 6: exit
//| 	.byte 0xc3
//= STDERR
//| iovrun: error: --code: short_packets was not compiled [IOV-B001]
//|   hint: do without --engine, or take --engine=jit
