// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// RUN: iovcc -g -O2 -c %s -o %t.o
// EXIT: 1
// Leaves on one path without submitting or discarding the record it reserved.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u16 proto;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int report(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return XDP_PASS;
	if ((void *)(eth + 1) > data_end)
		return XDP_DROP;
	event->proto = eth->h_proto;
	bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
//= STDERR
//| unreleased_record.c:28:6: error: `event`, which bpf_ringbuf_reserve() returned, is not released on this path [IOV-V050]
//|    28 |         if ((void *)(eth + 1) > data_end)
//|       |             ^
//|   at:   report:insn 12
//|   why:  unreleased_record.c:24:24: acquired by bpf_ringbuf_reserve() at line 24; this path ends at line 33
//|    24 |         struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
//|       |                               ^
//|   path: 1. unreleased_record.c:26:6: `!event` is false: goes on at line 28
//|    26 |         if (!event)
//|       |             ^
//|         2. unreleased_record.c:28:6: `(void *)(eth + 1) > data_end` is true: goes on at line 33
//|    28 |         if ((void *)(eth + 1) > data_end)
//|       |             ^
//|   hint: before this way out, write: `bpf_ringbuf_discard(event, 0);`, or submit it
