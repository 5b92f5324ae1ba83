// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
// EXIT: 1
// Gives the helper 16 bytes of a buffer of which 8 are set.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int report(struct xdp_md *ctx)
{
	__u64 pair[2];

	pair[0] = ctx->rx_queue_index;
	bpf_ringbuf_output(&events, pair, sizeof(pair), 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| stack_read_beyond.c:20:2: error: byte 8 of `pair` is read but was never written [IOV-V021]
//|    20 |         bpf_ringbuf_output(&events, pair, sizeof(pair), 0);
//|       |         ^
//|   at:   report:insn 8
//|   why:  the call reads the stack bytes -16..-1 from the frame pointer; byte -8 was not written on this path
//|   path: 1. there is no branch before it: every run comes here
//|   hint: initialise all of it, padding included: `__builtin_memset(&pair, 0, sizeof(pair));`
