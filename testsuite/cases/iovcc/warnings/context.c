// RUN: iovcc -O2 -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -Wno-iov-context -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
#ifndef MENDED
int count(struct __sk_buff *skb)
{
	return skb->len > 1500 ? XDP_DROP : XDP_PASS;
#else
int count(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data > 1500 ? XDP_DROP : XDP_PASS;
#endif
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| context.c:9:11: warning: a program in section "xdp" gets struct xdp_md, not struct __sk_buff [-Wiov-context] [IOV-W003]
//|     9 | int count(struct __sk_buff *skb)
//|       |           ^~~~~~~~~~~~~~~~~~~~~
//|   hint: struct xdp_md *skb
