// RUN: iovcc -O2 -DMENDED -c %s -o %t.o
// RUN: iovcc -O2 -c %s -o %t.o
// EXIT: 1
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	bpf_printk("one more");
	return XDP_PASS;
}

#ifndef MENDED
char license[] SEC("license") = "GPL";
#else
char _license[] SEC("license") = "GPL";
#endif
//= STDERR
//| section-of-variable.c:15:6: error: variable `license` has the name of a section, which is a symbol too [IOV-S020]
//|    15 | char license[] SEC("license") = "GPL";
//|       |      ^
//|   hint: call it otherwise: `_license`
