// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int stamp(struct xdp_md *ctx)
{
#ifndef MENDED
	return __builtin_readcyclecounter() & 1;
#else
	return bpf_ktime_get_ns() & 1;
#endif
}
//= STDERR
//| cycle-counter.c:11:9: error: BPF has no cycle counter: this would always be 0 [IOV-S017]
//|    11 |         return __builtin_readcyclecounter() & 1;
//|       |                ^
//|   why:  this is in function `stamp`
//|   hint: bpf_ktime_get_ns() gives the time since boot
