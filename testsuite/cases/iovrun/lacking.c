// RUN: iovcc -O2 -g -fno-iov-verify -c %s -o %t.o
// RUN: iovrun %t.o --program=asks
// EXIT: 1
// What this runtime does not give is refused with the reason.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int asks(struct __sk_buff *ctx)
{
	return bpf_get_current_task() & 1;
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| lacking.c:11:9: error: iovrun does not offer bpf_get_current_task() [IOV-V040]
//|    11 |         return bpf_get_current_task() & 1;
//|       |                ^
//|   at:   asks:insn 0
//|   why:  they give the kernel's own struct of the current process, and there is no kernel beneath
//|         Linux has it since 4.8
//|   path: 1. there is no branch before it: every run comes here
//|   hint: do without it, or choose a platform that has it: --platform=linux-6.18
