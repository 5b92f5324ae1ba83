// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifndef MENDED
SEC("xdp")
int xdp(struct xdp_md *ctx)
#else
SEC("xdp")
int xdp_filter(struct xdp_md *ctx)
#endif
{
	return XDP_PASS;
}
//= STDERR
//| section-of-function.c:9:5: error: function `xdp` has the name of a section, which is a symbol too [IOV-S020]
//|     9 | int xdp(struct xdp_md *ctx)
//|       |     ^
//|   hint: call it otherwise: `xdp_program`
