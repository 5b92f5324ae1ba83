// RUN: iovcc -O2 -c %s -o %t.o
// Warnings that LLVM has while it makes instructions, with the place where it gives one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((warning("takes long"))) static __noinline int slow(int x)
{
	return x ^ (int)bpf_get_prandom_u32();
}

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	__u32 n = ctx->rx_queue_index & 15, sum = 0;

#pragma clang loop vectorize_width(8)
	for (__u32 i = 0; i < n; i++)
		sum += slow(i);
	return sum & 1;
}
//= STDERR
//| llvm-warning.c:17:2: warning: loop not vectorized: the optimizer was unable to perform the requested transformation; the transformation might be disabled or specified as part of an unsupported transformation ordering [IOV-G002]
//|    17 |         for (__u32 i = 0; i < n; i++)
//|       |         ^
//| iovcc: warning: call to slow marked "dontcall-warn": takes long [IOV-G002]
