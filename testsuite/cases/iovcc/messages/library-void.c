// RUN: iovcc -O2 -c %s -o %t.o
// Functions that no other object may call, in a file without a program: a warning, since the linker may make them static.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int total;

__attribute__((noinline)) void add(int n)
{
	total += n;
}
//= STDERR
//| library-void.c:10:8: note: no program here calls add(), and another object could not: the global function `add` returns nothing [IOV-V019]
//|    10 |         total += n;
//|       |               ^
//|   at:   add:insn 0
//|   hint: declare it static if it is not for others
