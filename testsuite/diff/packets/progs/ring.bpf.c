// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Ring-buffer records of three kinds: reserved and submitted, reserved and discarded, copied by bpf_ringbuf_output.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>
#include <iov/record.h>

struct note {
	__u64 time_ns;
	__u32 len;
	__u16 proto;
	__u8 source[6];
	__u32 kind;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} notes SEC(".maps") IOV_RECORD(note);

static __noinline void note_fill(struct note *note, __u32 len, __u32 kind)
{
	note->time_ns = bpf_ktime_get_ns();
	note->len = len;
	note->kind = kind;
}

SEC("xdp")
int ring(struct xdp_md *ctx)
{
	struct iov_cursor c = IOV_CURSOR(ctx);
	struct ethhdr *eth = iov_eth(&c);
	__u32 len = ctx->data_end - ctx->data;
	struct note *note, copy = {};

	if (!eth)
		return XDP_DROP;
	if (len % 3 == 2) {
		note_fill(&copy, len, 2);
		copy.proto = eth->h_proto;
		return bpf_ringbuf_output(&notes, &copy, sizeof(copy), 0) ? XDP_DROP : XDP_PASS;
	}
	note = bpf_ringbuf_reserve(&notes, sizeof(*note), 0);
	if (!note)
		return XDP_DROP;
	note_fill(note, len, len % 3);
	note->proto = eth->h_proto;
	__builtin_memcpy(note->source, eth->h_source, 6);
	if (len % 3)
		bpf_ringbuf_discard(note, 0);
	else
		bpf_ringbuf_submit(note, 0);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
