// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
// Tail calls by the innermost of five functions, 33 times: the frames of the other four stay, each time, until the
// program that was called in the place of the innermost returns.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int again(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__array(values, int (void *));
} steps SEC(".maps") = {
	.values = { [1] = (void *)&again },
};

__u64 turns, fell_through, sum;

static __attribute__((noinline)) int innermost(struct xdp_md *ctx, int x)
{
	volatile __u64 local[4] = {x, 1, 2, 3};
	int result = 5;

	bpf_tail_call(ctx, &steps, 1);
	fell_through++;
	asm volatile("" : "+r"(result)); // what the function returns is not known to its caller
	return result + local[x & 3];
}

#define FUNCTION(name, next)                                                                                           \
	static __attribute__((noinline)) int name(struct xdp_md *ctx, int x)                                           \
	{                                                                                                              \
		volatile __u64 local[4] = {x, 1, 2, 3};                                                                \
		int result = next(ctx, x + 1);                                                                         \
                                                                                                                       \
		return result + local[x & 3];                                                                          \
	}

FUNCTION(third, innermost)
FUNCTION(second, third)
FUNCTION(outermost, second)

SEC("xdp")
int again(struct xdp_md *ctx)
{
	volatile __u64 local[8] = {1};

	turns++;
	return outermost(ctx, turns & 7) + local[turns & 7];
}

SEC("xdp")
int tail_nested(struct xdp_md *ctx)
{
	int result = outermost(ctx, 1);

	sum += result;
	return result & 3;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
