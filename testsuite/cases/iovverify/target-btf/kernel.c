// RUN: iovcc -g -O2 -fno-iov-verify -c %s -o %t.o
// RUN: iovverify --platform=linux-6.18 --target-btf=auto %t.o | grep -o 'accepted'
// RUN: iovverify --platform=linux-6.18 %t.o 2>&1 | grep -o 'rejected\|accepted'; :
// The running kernel's types: a field that it does not have is never read.
// NEEDS: root bpf
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct net_device___of_ours {
	int field_that_no_kernel_has;
} __attribute__((preserve_access_index));

SEC("xdp")
int never(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	if (bpf_core_field_exists(((struct net_device___of_ours *)0)->field_that_no_kernel_has))
		return *data;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| accepted
//| rejected
