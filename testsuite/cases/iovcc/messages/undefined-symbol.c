// RUN: iovcc -c %s -o %t.o
// RUN: iovcc %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int elsewhere(int x);

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return elsewhere(1);
}
//= STDERR
//| undefined-symbol.c:12:9: note: prog is checked, but for what other objects define: elsewhere() [IOV-V019]
//|    12 |         return elsewhere(1);
//|       |                ^
//|   at:   prog:insn 0
//|   hint: iovld links it with them, and checks the whole
//| undefined-symbol.c:12:9: error: elsewhere is not defined in this object [IOV-O032]
//|    12 |         return elsewhere(1);
//|       |                ^
//|   at:   prog:insn 1
//|   hint: link it with the object that defines elsewhere (iovld), or declare it __ksym or __kconfig if the kernel has it
