// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Counts into a global array of 8 with an index that may be 8.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

__u64 hits[8];

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index;

	if (queue > 8)
		return XDP_PASS;
	hits[queue]++;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| global_array_index.c:18:13: error: the read through `hits` can lie outside `.bss` (the global variables) [IOV-V026]
//|    18 |         hits[queue]++;
//|       |                    ^
//|   at:   count:insn 6
//|   why:  `queue` may be 0..8
//|         8 bytes at offset 0..64 of `.bss` (the global variables), which has 64 bytes
//|   path: 1. global_array_index.c:16:6: `queue > 8` is false: goes on at line 18
//|    16 |         if (queue > 8)
//|       |             ^
//|   hint: before it, write: `if (queue >= 8) return …;`, with `queue` unsigned
