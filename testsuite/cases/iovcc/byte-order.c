// A program for the other byte order is no object for that platform, with -c either.
// RUN: iovcc -O2 --platform=example-npu -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
//= STDERR
//| byte-order.c:9:2: error: the program is little-endian, example-npu is not [IOV-V018]
//|     9 |         return XDP_PASS;
//|       |         ^
//|   at:   pass:insn 0
//|   hint: compile it with --target=bpfeb
