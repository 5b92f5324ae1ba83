// RUN: iovcc -O2 -DMENDED -Wiov -Werror=iov -c %s -o %t.o
// RUN: iovcc -O2 -Wno-iov-unchecked -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	char head[8] = {};

#ifndef MENDED
	bpf_xdp_load_bytes(ctx, 0, head, sizeof(head));
#else
	if (bpf_xdp_load_bytes(ctx, 0, head, sizeof(head)))
		return XDP_DROP;
#endif
	if (head[0])
#ifndef MENDED
		bpf_redirect(head[0], 0);
#else
		return bpf_redirect(head[0], 0);
#endif
	(void)bpf_xdp_adjust_tail(ctx, -4);
	return bpf_redirect(1, 0);
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| unchecked.c:13:2: warning: bpf_xdp_load_bytes() can fail, and nothing looks at its result [-Wiov-unchecked] [IOV-W010]
//|    13 |         bpf_xdp_load_bytes(ctx, 0, head, sizeof(head));
//|       |         ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
//|   hint: if (bpf_xdp_load_bytes(…)) return …; or (void)bpf_xdp_load_bytes(…) where failure is no matter
//| unchecked.c:20:3: warning: the result of bpf_redirect() is the verdict that makes it happen, and is dropped [-Wiov-unchecked] [IOV-W010]
//|    20 |                 bpf_redirect(head[0], 0);
//|       |                 ^~~~~~~~~~~~~~~~~~~~~~~~
//|   hint: return bpf_redirect(…);
