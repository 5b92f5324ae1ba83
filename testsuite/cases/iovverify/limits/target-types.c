// RUN: iovcc -O2 -g -c -fno-iov-verify %s -o %t.o
// RUN: iovverify --platform=linux-6.12 --target-btf=auto %t.o >%t.log
// RUN: iovverify --platform=linux-6.12 %t.o | sed "s/, [0-9.]* ms//"; exit 1
// EXIT: 1
// NEEDS: bpf
// A member of a kernel struct is read: where it lies only the target's types say, which --target-btf names.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;

SEC("tc")
int length(struct __sk_buff *ctx)
{
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);

	return skb->len > 1500;
}

char _license[] SEC("license") = "GPL";
//= STDOUT
//| %tmp/out.o: length (sched_cls) on linux-6.12: rejected; 2 instructions followed, 0 states
//= STDERR
//| target-types.c:21:14: error: the layout of the kernel's struct sk_buff is not known [IOV-V065]
//|    21 |         return skb->len > 1500;
//|       |                     ^
//|   at:   length:insn 1
//|   path: 1. there is no branch before it: every run comes here
//|   hint: name the target's types: --target-btf=FILE (on that machine: /sys/kernel/btf/vmlinux)
