// RUN: iovcc -O2 -Wiov-byte-order-strict -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -Wiov-byte-order-strict -Wno-iov-byte-order-strict -c %s -o %t.o
// RUN: iovcc -O2 -Wiov-byte-order-strict -c %s -o %t.o
#include <linux/bpf.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>

#ifndef MENDED
__u32 blocked;
#else
__be32 blocked;
#endif

SEC("xdp")
int block(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = data + 14;

	if (data + 34 > end)
		return XDP_DROP;
	return ip->saddr == blocked ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| byte-order-strict.c:22:9: warning: `ip->saddr` is in network byte order and is compared with `blocked`, whose type `__u32` does not tell [-Wiov-byte-order-strict] [IOV-W002]
//|    22 |         return ip->saddr == blocked ? XDP_DROP : XDP_PASS;
//|       |                ^~~~~~~~~~~~~~~~~~~~
