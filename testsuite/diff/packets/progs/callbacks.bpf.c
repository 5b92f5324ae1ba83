// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Callbacks: bpf_loop over packet words, bpf_for_each_map_elem over a hash and an array.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, __u64);
} lengths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} slots SEC(".maps");

__u64 turns, sum_of_all;

struct walk {
	__u32 left, turns;
	__u64 sum;
};

static int turn(__u32 index, void *context)
{
	struct walk *walk = context;

	walk->turns++;
	walk->sum += index * walk->left;
	if (!walk->left)
		return 1;
	walk->left--;
	return 0;
}

static int add(void *map, const __u32 *key, __u64 *value, void *context)
{
	struct walk *walk = context;

	walk->sum += *key * *value;
	*value += 1;
	return 0;
}

SEC("xdp")
int callbacks(struct xdp_md *ctx)
{
	__u32 len = (void *)(long)ctx->data_end - (void *)(long)ctx->data;
	struct walk walk = { .left = len & 31 };
	__u64 one = 1;

	bpf_map_update_elem(&lengths, &len, &one, BPF_NOEXIST);
	bpf_loop(20, turn, &walk, 0);
	turns += walk.turns;
	walk.sum += bpf_for_each_map_elem(&lengths, add, &walk, 0);
	walk.sum += bpf_for_each_map_elem(&slots, add, &walk, 0);
	sum_of_all += walk.sum;
	return walk.sum & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
