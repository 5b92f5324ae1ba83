// RUN: iovcc -O2 -g -c %s -o %t.o
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// Nothing is known of its parameters: what it is called with is not for us to judge before it is linked.
int other();

SEC("socket")
int call_other(struct __sk_buff *skb)
{
	return other();
}
//= STDERR
//| no-prototype.c:11:9: note: call_other is checked, but for what other objects define: other() [IOV-V019]
//|    11 |         return other();
//|       |                ^
//|   at:   call_other:insn 0
//|   hint: iovld links it with them, and checks the whole
