// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifndef MENDED
int printf(const char *format, ...);
#endif

SEC("xdp")
int report(struct xdp_md *ctx)
{
#ifndef MENDED
	printf("queue %u", ctx->rx_queue_index);
#else
	bpf_printk("queue %u", ctx->rx_queue_index);
#endif
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| printf.c:15:2: error: BPF has no C library, and so no printf() [IOV-S011]
//|    15 |         printf("queue %u", ctx->rx_queue_index);
//|       |         ^
//|   why:  this is in function `report`
//|   hint: bpf_printk() writes to the trace pipe; counters and ring buffers carry data to user space
