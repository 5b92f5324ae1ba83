// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 --platform=iovrun -c %s -o %t.o
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
	pair[1] = 0;
	bpf_ringbuf_output(&events, pair, sizeof(pair), 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
