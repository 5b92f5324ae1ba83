// RUN: iovcc -O2 -g -c %s -o %t.o
// RUN: iovrun %t.o --in %s
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
//= STDERR
//| not-a-recording.c: error: unknown file format [IOV-R020]
