// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Two functions, each with a buffer that fits on its own; together they do not.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int sum_payload(struct xdp_md *ctx)
{
	unsigned char payload[304];
	int sum = 0;

	if (bpf_xdp_load_bytes(ctx, 304, payload, sizeof(payload)))
		return 0;
	for (int i = 0; i < sizeof(payload); i++)
		sum += payload[i];
	return sum;
}

SEC("xdp")
int checksum(struct xdp_md *ctx)
{
	unsigned char header[304];
	int sum;

	if (bpf_xdp_load_bytes(ctx, 0, header, sizeof(header)))
		return XDP_PASS;
	sum = sum_payload(ctx);
	for (int i = 0; i < sizeof(header); i++)
		sum += header[i];
	return sum & 1 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| stack_two_frames.c:28:8: error: these calls need 608 bytes of stack together; a program has 512: `checksum` (304 bytes) calls `sum_payload` (304 bytes) [IOV-G003]
//|    28 |         sum = sum_payload(ctx);
//|       |               ^
//|   why:  stack_two_frames.c:21:5: `checksum` has 304 bytes on its stack
//|    21 | int checksum(struct xdp_md *ctx)
//|       |     ^
//|         stack_two_frames.c:23:16: `header` takes 304 bytes
//|    23 |         unsigned char header[304];
//|       |                       ^
//|         stack_two_frames.c:8:23: `sum_payload` has 304 bytes on its stack
//|     8 | static __noinline int sum_payload(struct xdp_md *ctx)
//|       |                       ^
//|         stack_two_frames.c:10:16: `payload` takes 304 bytes
//|    10 |         unsigned char payload[304];
//|       |                       ^
//|   path: 1. stack_two_frames.c:28:8: `checksum` calls `sum_payload`
//|    28 |         sum = sum_payload(ctx);
//|       |               ^
//|   hint: keep `header` in a map instead: a BPF_MAP_TYPE_PERCPU_ARRAY of one entry is scratch memory
