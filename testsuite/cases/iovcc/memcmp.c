// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovdump -d %t.o | grep -c call
// EXIT: 1
// A comparison of a constant size becomes loads: there is no call.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile char name[16] = "eth0";

SEC("xdp")
int compare(struct xdp_md *ctx)
{
	char own[16] = {};

	own[0] = ctx->rx_queue_index;
	return __builtin_memcmp(own, (const char *)name, sizeof(own)) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
//= STDOUT
//| 0
