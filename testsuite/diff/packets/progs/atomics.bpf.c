// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Atomic operations on map values, with and without the old value: add, or, and, xor, exchange, compare and exchange.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <iov/eth.h>

struct cells {
	__u64 add, or, and, xor, swap, compare, old;
	__u32 add32, or32, and32, xor32, swap32, compare32, old32;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct cells);
} table SEC(".maps");

SEC("xdp")
int atomics(struct xdp_md *ctx)
{
	__u32 len = ctx->data_end - ctx->data, key = len & 1;
	struct cells *c = bpf_map_lookup_elem(&table, &key);

	if (!c)
		return XDP_ABORTED;
	__sync_fetch_and_add(&c->add, len);
	__sync_fetch_and_or(&c->or, 1ULL << (len & 63));
	__sync_fetch_and_and(&c->and, ~(1ULL << (len & 63)));
	__sync_fetch_and_xor(&c->xor, len * 0x100000001ULL);
	c->old += __sync_fetch_and_add(&c->add, 1) ^ __sync_fetch_and_or(&c->or, len) ^
		  __sync_fetch_and_and(&c->and, len | 0xff) ^ __sync_fetch_and_xor(&c->xor, len);
	c->old ^= __sync_lock_test_and_set(&c->swap, len);
	c->old += __sync_val_compare_and_swap(&c->compare, c->compare & 1 ? len : c->compare, c->compare + len);
	__sync_fetch_and_add(&c->add32, len);
	c->old32 += __sync_fetch_and_add(&c->add32, 1) ^ __sync_fetch_and_or(&c->or32, len) ^
		    __sync_fetch_and_and(&c->and32, ~len) ^ __sync_fetch_and_xor(&c->xor32, len);
	c->old32 ^= __sync_lock_test_and_set(&c->swap32, len);
	c->old32 += __sync_val_compare_and_swap(&c->compare32, c->compare32, c->compare32 + len);
	return c->old & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
