// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Follows the options of a TCP-like list; an option of length 0 never moves on.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int skip_options(struct xdp_md *ctx)
{
	unsigned char *p = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	unsigned int offset = 0;
	unsigned int kind = 1;

	while (kind != 0) {
		if ((void *)(p + 2) > data_end)
			return XDP_PASS;
		kind = p[0];
		offset = p[1];
		if (offset > 40)
			return XDP_DROP;
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| unbounded_loop.c:16:2: error: this loop makes no progress [IOV-V071]
//|    16 |         while (kind != 0) {
//|       |         ^
//|   at:   skip_options:insn 8
//|   why:  it goes on as long as `kind != 0`
//|         after one turn everything that is known is the same as before, so it may run for ever
//|   path: 1. unbounded_loop.c:21:7: `offset > 40` is false: goes back to line 16
//|    21 |                 if (offset > 40)
//|       |                     ^
//|         2. unbounded_loop.c:16:2: `kind != 0` is true: goes on at line 19
//|    16 |         while (kind != 0) {
//|       |         ^
//|         3. unbounded_loop.c:21:7: `offset > 40` is false: goes back to line 16
//|    21 |                 if (offset > 40)
//|       |                     ^
//|   hint: count the turns: `for (int i = 0; i < 64; i++) { … }`
