// RUN: clang-19 -target bpf -O2 -g -I%top/stdlib/include -I/usr/include/$(gcc -print-multiarch) -c %s -o %t.o
// RUN: iovrun %t.o --in %top/testsuite/traffic/firewall.pcap
// EXIT: 1
// NEEDS: clang-19
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int unchecked(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return data[0];
}

char LICENSE[] SEC("license") = "GPL";
//= STDERR
//| %top/testsuite/cases/iovrun/refused.c:13:9: error: the packet is read through `data` without a check against data_end [IOV-V023]
//|    13 |         return data[0];
//|       |                ^
//|   at:   unchecked:insn 1
//|   why:  reading 1 byte at offset 0 needs 1 byte; on this path 0 are known to exist
//|   path: 1. there is no branch before it: every run comes here
//|   hint: before it, write: `if ((void *)(data + 1) > data_end) return …;`
