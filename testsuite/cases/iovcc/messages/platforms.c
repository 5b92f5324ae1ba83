// RUN: iovcc -mcpu=v4 --platform=linux-6.1 --platform=linux-6.18 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	int hash = ctx->rx_queue_index, queues = ctx->ingress_ifindex;

	return queues > 0 && hash / queues == 1 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| platforms.c:11:28: error: `w1 s/= w2` needs instruction set v4; linux-6.1 runs v3 [IOV-V009]
//|    11 |         return queues > 0 && hash / queues == 1 ? XDP_DROP : XDP_PASS;
//|       |                                   ^
//|   at:   prog:insn 4
//|   why:  on platform linux-6.1
//|   hint: compile with -mcpu=v3 or lower
