// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovrun %t.o --in=nothing.pcap
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
//= STDERR
//| nothing.pcap: error: No such file or directory [IOV-R020]
