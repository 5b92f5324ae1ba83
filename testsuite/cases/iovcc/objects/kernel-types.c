// RUN: iovcc -O2 -c %s -o %t.o && iovdump --manifest %t.o | grep -c accepted || :
// RUN: iovcc -O2 -c --platform=linux-6.18 %s -Werror -o %t.o
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

// What the kernel's struct looks like, only the target's types say: the object is made, and nothing claimed of it.
extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;

SEC("tc")
int length(struct __sk_buff *ctx)
{
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);

	return skb->len > 100;
}

char LICENSE[] SEC("license") = "GPL";
//= STDOUT
//| 0
//= STDERR
//| kernel-types.c:15:14: warning: the layout of the kernel's struct sk_buff is not known [IOV-V065]
//|    15 |         return skb->len > 100;
//|       |                     ^
//|   at:   length:insn 1
//|   path: 1. there is no branch before it: every run comes here
//|   hint: name the target's types: --target-btf=FILE (on that machine: /sys/kernel/btf/vmlinux)
//| kernel-types.c:15:14: warning: the layout of the kernel's struct sk_buff is not known [IOV-V065]
//|    15 |         return skb->len > 100;
//|       |                     ^
//|   at:   length:insn 1
//|   path: 1. there is no branch before it: every run comes here
//|   hint: name the target's types: --target-btf=FILE (on that machine: /sys/kernel/btf/vmlinux)
