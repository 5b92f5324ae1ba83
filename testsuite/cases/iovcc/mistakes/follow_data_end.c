// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Reads through data_end, the end of the packet.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int last_byte(struct xdp_md *ctx)
{
	unsigned char *end = (void *)(long)ctx->data_end;

	return *end ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| follow_data_end.c:14:9: error: `end` is the packet's end, not a pointer that can be followed [IOV-V032]
//|    14 |         return *end ? XDP_DROP : XDP_PASS;
//|       |                ^
//|   at:   last_byte:insn 1
//|   why:  it is the address behind the packet's last byte: there is nothing to read there
//|   path: 1. there is no branch before it: every run comes here
//|   hint: only compare with it: `if (p + 1 > data_end) return …;`, then read through `p`
