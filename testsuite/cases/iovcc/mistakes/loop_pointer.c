// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Walks over the frame byte by byte, but compares only once, before the loop.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int sum_frame(struct xdp_md *ctx)
{
	unsigned char *p = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	unsigned int sum = 0;

	if ((void *)(p + 1) > data_end)
		return XDP_PASS;
#pragma clang loop unroll(disable)
	for (int i = 0; i < 32; i++)
		sum += p[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| loop_pointer.c:20:10: error: the check against data_end is too short for `p`: 1 byte is checked, 2 are needed [IOV-V024]
//|    20 |                 sum += p[i];
//|       |                        ^
//|   at:   sum_frame:insn 10
//|   why:  reading 1 byte at offset 1 needs 2 bytes; on this path 1 is known to exist
//|   path: 1. loop_pointer.c:16:6: `(void *)(p + 1) > data_end` is false: goes on at line 20
//|    16 |         if ((void *)(p + 1) > data_end)
//|       |             ^
//|   hint: before it, write: `if ((void *)(&p[i] + 1) > data_end) return …;`
