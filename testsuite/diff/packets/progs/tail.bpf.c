// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Tail calls through a program array that the object itself fills, with a chain over the limit of 33 and an empty slot.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LENGTH(ctx) ((void *)(long)(ctx)->data_end - (void *)(long)(ctx)->data)

int odd(struct xdp_md *ctx);
int again(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__array(values, int (void *));
} steps SEC(".maps") = {
	.values = { [1] = (void *)&odd, [2] = (void *)&again },
};

__u64 entered, odds, turns, fell_through;

SEC("xdp")
int tail(struct xdp_md *ctx)
{
	__u32 len = LENGTH(ctx);

	entered++;
	bpf_tail_call(ctx, &steps, len & 3);
	fell_through += len;
	return XDP_DROP;
}

SEC("xdp")
int odd(struct xdp_md *ctx)
{
	odds++;
	return XDP_TX;
}

SEC("xdp")
int again(struct xdp_md *ctx)
{
	turns++;
	bpf_tail_call(ctx, &steps, 2);
	fell_through++;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
