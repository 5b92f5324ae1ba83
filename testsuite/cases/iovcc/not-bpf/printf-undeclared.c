// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

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
//| printf-undeclared.c:11:2: error: call to undeclared library function 'printf' with type 'int (const char *, ...)'; ISO C99 and later do not support implicit function declarations [-Wimplicit-function-declaration] [IOV-S011]
//|    11 |         printf("queue %u", ctx->rx_queue_index);
//|       |         ^~~~~~
//|   hint: BPF has no C library, and its headers do not help: leave it to user space, or write it in C
