// RUN: iovcc -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int count(struct __sk_buff *skb)
{
	return skb->len > 1500 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| context.c:6:11: warning: a program in section "xdp" gets struct xdp_md, not struct __sk_buff [-Wiov-context] [IOV-W003]
//|     6 | int count(struct __sk_buff *skb)
//|       |           ^~~~~~~~~~~~~~~~~~~~~
//|   hint: struct xdp_md *skb
