// RUN: iovcc -O2 -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	char head[8] = {};

	bpf_xdp_load_bytes(ctx, 0, head, sizeof(head));
	if (head[0])
		bpf_redirect(head[0], 0);
	(void)bpf_xdp_adjust_tail(ctx, -4);
	return bpf_redirect(1, 0);
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| unchecked.c:10:2: warning: bpf_xdp_load_bytes() can fail, and nothing looks at its result [-Wiov-unchecked] [IOV-W010]
//|    10 |         bpf_xdp_load_bytes(ctx, 0, head, sizeof(head));
//|       |         ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
//|   hint: if (bpf_xdp_load_bytes(…)) return …; or (void)bpf_xdp_load_bytes(…) where failure is no matter
//| unchecked.c:12:3: warning: the result of bpf_redirect() is the verdict that makes it happen, and is dropped [-Wiov-unchecked] [IOV-W010]
//|    12 |                 bpf_redirect(head[0], 0);
//|       |                 ^~~~~~~~~~~~~~~~~~~~~~~~
//|   hint: return bpf_redirect(…);
