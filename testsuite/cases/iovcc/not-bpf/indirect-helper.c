// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifndef MENDED
long (*uptime)(void) = (void *)BPF_FUNC_ktime_get_ns;
#else
static long (*const uptime)(void) = (void *)BPF_FUNC_ktime_get_ns;
#endif

SEC("xdp")
int drop_odd(struct xdp_md *ctx)
{
	return uptime() & 1 ? XDP_DROP : XDP_PASS;
}
//= STDERR
//| indirect-helper.c:16:9: error: this calls a function through a pointer, which BPF cannot do [IOV-S007]
//|    16 |         return uptime() & 1 ? XDP_DROP : XDP_PASS;
//|       |                ^
//|   why:  this is in function `drop_odd`
//|         indirect-helper.c:8:8: the pointer is read from `uptime`
//|     8 | long (*uptime)(void) = (void *)BPF_FUNC_ktime_get_ns;
//|       |        ^
//|   hint: a helper's pointer has to be constant: `static long (*const uptime)(…) = …`
