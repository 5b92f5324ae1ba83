// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// bpf_map_lookup_percpu_elem, bpf_ringbuf_query, clocks and random numbers that are only called.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} cells SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} small SEC(".maps");

__u64 percpu, available, refused, clocks;

SEC("xdp")
int misc(struct xdp_md *ctx)
{
	__u32 len = (void *)(long)ctx->data_end - (void *)(long)ctx->data, key = len & 7;
	struct iov_cursor c = IOV_CURSOR(ctx);
	__u64 *cell, before, *head = iov_pull(&c, 8);
	void *record;

	if (!head)
		return XDP_DROP;
	cell = bpf_map_lookup_elem(&cells, &key);
	if (cell)
		*cell += len;
	cell = bpf_map_lookup_percpu_elem(&cells, &key, 0);
	if (cell)
		percpu += *cell;
	percpu += bpf_map_lookup_percpu_elem(&cells, &key, 1000) ? 1 << 20 : 0;
	record = bpf_ringbuf_reserve(&small, 200, 0);
	if (record) {
		__builtin_memset(record, len, 200);
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	} else {
		refused++;
	}
	available += bpf_ringbuf_query(&small, BPF_RB_AVAIL_DATA) + bpf_ringbuf_query(&small, BPF_RB_RING_SIZE) +
		     bpf_ringbuf_query(&small, BPF_RB_PROD_POS);
	before = bpf_ktime_get_ns();
	clocks += bpf_ktime_get_boot_ns() >= before / 2 && bpf_ktime_get_ns() >= before;
	clocks += bpf_get_prandom_u32() == 0;
	return clocks & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
