// RUN: iovcc -O2 -c %s -o %t.o
// RUN: iovrun %t.o --in=%top/testsuite/traffic/firewall.pcap --out=%t.pcap --keep=passs
// EXIT: 2
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
//= STDERR
//| iovrun: error: no verdict of xdp programs is called `passs` [IOV-B001]
//|   hint: a number is always taken, and `all`
