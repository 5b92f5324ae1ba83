// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Copies the first 600 bytes of the packet to the stack.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int checksum(struct xdp_md *ctx)
{
	unsigned char scratch[600];
	unsigned int sum = 0;

	if (bpf_xdp_load_bytes(ctx, 0, scratch, sizeof(scratch)))
		return XDP_PASS;
	for (int i = 0; i < sizeof(scratch); i++)
		sum += scratch[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| stack_600.c:11:16: error: function `checksum` needs 600 bytes of stack; a program has 512 [IOV-G003]
//|    11 |         unsigned char scratch[600];
//|       |                       ^
//|   why:  stack_600.c:9:5: `checksum` has 600 bytes on its stack
//|     9 | int checksum(struct xdp_md *ctx)
//|       |     ^
//|         stack_600.c:11:16: `scratch` takes 600 bytes
//|    11 |         unsigned char scratch[600];
//|       |                       ^
//|   path: 1. stack_600.c:9:5: every run of `checksum` takes them
//|     9 | int checksum(struct xdp_md *ctx)
//|       |     ^
//|   hint: keep `scratch` in a map instead: a BPF_MAP_TYPE_PERCPU_ARRAY of one entry is scratch memory
