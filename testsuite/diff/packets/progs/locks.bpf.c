// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A spin lock in a map value.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bucket {
	struct bpf_spin_lock lock;
	__u32 full;
	__u64 tokens, taken;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct bucket);
} buckets SEC(".maps");

SEC("xdp")
int locks(struct xdp_md *ctx)
{
	__u32 len = (void *)(long)ctx->data_end - (void *)(long)ctx->data, key = len & 3;
	struct bucket *bucket = bpf_map_lookup_elem(&buckets, &key);
	int pass = 0;

	if (!bucket)
		return XDP_ABORTED;
	bpf_spin_lock(&bucket->lock);
	bucket->tokens += 100;
	if (bucket->tokens >= len) {
		bucket->tokens -= len;
		bucket->taken++;
		pass = 1;
	} else {
		bucket->full++;
	}
	bpf_spin_unlock(&bucket->lock);
	return pass ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
