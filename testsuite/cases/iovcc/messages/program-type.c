// RUN: iovcc -c %s -o %t.o
// RUN: iovcc %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("kprobe/do_exit")
int prog(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| program-type.c:10:2: warning: not supported yet: programs of type kprobe [IOV-V001]
//|    10 |         return 0;
//|       |         ^
//|   at:   prog:insn 0
//| program-type.c:10:2: error: not supported yet: programs of type kprobe [IOV-V001]
//|    10 |         return 0;
//|       |         ^
//|   at:   prog:insn 0
