// RUN: iovcc -O2 -g -c -mlittle-endian %s -o %t.o && iovrun --no-timing %t.o >%t.log
// RUN: iovcc -O2 -g -c -mbig-endian -fno-iov-verify %s -o %t.o
// RUN: iovrun %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int prog(struct xdp_md *ctx)
{
	return XDP_PASS;
}
//= STDERR
//| iovrun: error: %tmp/out.o was compiled for big-endian machines, and this one is not [IOV-R017]
//|   hint: compile it with -mlittle-endian
