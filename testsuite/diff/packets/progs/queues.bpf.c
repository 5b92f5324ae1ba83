// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// A queue and a stack, pushed, popped and peeked at; both overflow at times.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 32);
	__type(value, __u32);
} lengths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 16);
	__type(value, __u64);
} heap SEC(".maps");

__u64 refused, popped, peeked;

SEC("xdp")
int queues(struct xdp_md *ctx)
{
	__u32 len = ctx->data_end - ctx->data, old = 0;
	__u64 wide = (__u64)len << 32 | len, top = 0;

	refused += bpf_map_push_elem(&lengths, &len, len & 1 ? BPF_EXIST : BPF_ANY) != 0;
	refused += bpf_map_push_elem(&heap, &wide, BPF_ANY) != 0;
	if (len % 4 == 0 && !bpf_map_pop_elem(&lengths, &old))
		popped += old;
	if (len % 3 == 0 && !bpf_map_pop_elem(&heap, &top))
		popped ^= top;
	if (!bpf_map_peek_elem(&lengths, &old))
		peeked += old;
	if (!bpf_map_peek_elem(&heap, &top))
		peeked ^= top;
	return peeked & 1 ? XDP_PASS : XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
