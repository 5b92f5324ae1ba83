// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	unsigned int parts = 0;

	return 5 / parts;
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| undefined-result.c:11:2: warning: the program returns a value that is undefined [IOV-G007]
//|    11 |         return 5 / parts;
//|       |         ^
//|   why:  C gives no meaning to what leads here, and the optimiser took it out
//|   hint: look for a variable without a value, an index outside its array, a shift by the type's width or more, a division by a constant 0, a NULL that is dereferenced
//| undefined-result.c:11:2: error: the function returns without a value on this path [IOV-V020]
//|    11 |         return 5 / parts;
//|       |         ^
//|   at:   prog:insn 0
//|   why:  r0 holds nothing here: nothing wrote it, or a call has used it up
//|   path: 1. there is no branch before it: every run comes here
//|   hint: give the variable a value where it is declared, for example `= 0`
